"""A date has one run at a time, and a dead one's claim keeps nobody out."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsmill.errors import RunInProgress
from newsmill.storage import LocalStore, open_store
from newsmill.tasks.run import lease
from newsmill.tasks.run.lease import abandoned, lease_key, leased

DAY = date(2026, 1, 5)


def holder(attempt: str) -> dict[str, object]:
    return {"attempt_id": attempt, "host": "mill", "pid": 7, "started": "1"}


def living(_: Mapping[str, object]) -> bool:
    return False


def dead(_: Mapping[str, object]) -> bool:
    return True


def test_a_second_run_is_told_who_is_at_work(lake_uri: str) -> None:
    store = open_store(lake_uri)

    with leased(store, DAY, holder("first"), living):
        with pytest.raises(RunInProgress, match=r"2026-01-05 is being run by first \(process 7 on mill, heard of at"):
            leased(store, DAY, holder("second"), living).__enter__()
        with leased(store, DAY + timedelta(days=1), holder("other date"), living):
            pass

    assert list(store.list()) == []
    with leased(store, DAY, holder("second"), living):
        pass


def test_of_many_at_once_one_gets_it(lake_uri: str) -> None:
    store = open_store(lake_uri)

    claims = [leased(store, DAY, holder(str(number)), living) for number in range(6)]

    def claim(number: int) -> bool:
        try:
            claims[number].__enter__()
        except RunInProgress:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(claim, range(6)))

    assert sum(won) == 1
    claims[won.index(True)].__exit__(None, None, None)
    assert list(store.list()) == []


@pytest.mark.parametrize("sign", ["its process has ended", "it was not heard of"])
def test_a_zombie_s_claim_is_taken_and_not_given_back_by_it(lake_uri: str, sign: str) -> None:
    store = open_store(lake_uri)
    key = lease_key(DAY)
    zombie = leased(store, DAY, holder("zombie"), living)
    zombie.__enter__()
    if sign == "it was not heard of":
        silent = json.loads(store.read(key)) | {"renewed_at": (datetime.now(UTC) - lease.EXPIRES).isoformat()}
        store.write(key, json.dumps(silent).encode())

    with leased(store, DAY, holder("next"), dead if sign == "its process has ended" else living):
        zombie.__exit__(None, None, None)
        assert json.loads(store.read(key))["attempt_id"] == "next"

    assert list(store.list()) == []


def test_a_claim_is_renewed(
    lake_uri: str, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    monkeypatch.setattr(lease, "RENEWED_SECONDS", 0.05)
    store = open_store(lake_uri)

    with leased(store, DAY, holder("first"), living):
        before = store.read(lease_key(DAY))
        wait_for(lambda: store.read(lease_key(DAY)) != before)

    assert list(store.list()) == []


def test_a_claim_is_renewed_after_an_answer_that_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    monkeypatch.setattr(lease, "RENEWED_SECONDS", 0.05)
    store = LocalStore(tmp_path)
    write_if = LocalStore.write_if
    written: list[bytes] = []

    def repeated(self: LocalStore, key: str, content: bytes, tag: str | None) -> str:
        written.append(content)
        tag_now = write_if(self, key, content, tag)
        return write_if(self, key, content, tag) if len(written) == 2 else tag_now

    monkeypatch.setattr(LocalStore, "write_if", repeated)
    with leased(store, DAY, holder("first"), living):
        wait_for(lambda: len(written) > 4)
        assert store.read(lease_key(DAY)) in written[3:]


def test_who_died_is_found_by_the_claims(lake_uri: str) -> None:
    store = open_store(lake_uri)
    with leased(store, DAY, holder("living"), living):
        assert list(abandoned(store, living)) == []
        assert [(day, found["attempt_id"]) for day, found in abandoned(store, dead)] == [(DAY, "living")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"attempt_id": "a"}',
        b'{"attempt_id": "a", "host": "mill", "pid": 7, "started": "1", "renewed_at": "soon"}',
        b'{"attempt_id": "a", "host": "mill", "pid": 7, "started": "1", "renewed_at": "2999-01-01T00:00:00+00:00"}',
        b'{"attempt_id": "a", "host": "mill", "pid": 7, "started": "1", "renewed_at": "2001-01-01T00:00:00"}',
    ],
)
def test_a_claim_that_is_damaged_or_of_another_time_keeps_nobody_out(tmp_path: Path, content: bytes) -> None:
    store = LocalStore(tmp_path)
    store.write(lease_key(DAY), content)

    assert [day for day, _ in abandoned(store, living)] in ([], [DAY])
    with leased(store, DAY, holder("next"), living):
        pass
    assert list(store.list()) == []


def test_what_others_leave_beside_the_claims_is_no_claim(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for name in (".DS_Store", "2026-13-40.json", "._2026-01-05.json", "folder/2026-01-05.json"):
        store.write(f"{lease.LEASES}{name}", b"x")

    assert list(abandoned(store, dead)) == []


def test_a_newer_version_may_say_more(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    content = {**holder("theirs"), "region": "eu", "renewed_at": datetime.now(UTC).isoformat()}
    store.write(lease_key(DAY), json.dumps(content).encode())

    with pytest.raises(RunInProgress, match="theirs"):
        leased(store, DAY, holder("ours"), living).__enter__()
