"""Landing on a store that fails: the date lands whole, or a clear error says that it did not."""

from collections.abc import Callable

import pytest

from newsmill.errors import NewsmillError, NotStored, StorageError
from newsmill.lake import Lake
from newsmill.lake.reclaim import orphans
from newsmill.lake.staging import drop_staging, staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Entity, Quote, Run
from newsmill.storage import ObjectStore, open_store
from newsmill.tasks.land.partition import land
from tests.conftest import S3Server
from tests.faults import FAULTS, faulty
from tests.rows import DAY, ENTITY, QUOTE, RUN


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of production would make the tests slow, and show nothing more."""
    monkeypatch.setattr("newsmill.storage.s3.RESPONSE_SECONDS", 1)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff._MAX_BACKOFF", 0.05)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff._BASE", 1)


def stage_and_land(lake: Lake, run_id: str, count: int) -> None:
    rows: dict[type[Record], list[Record]] = {
        Quote: [QUOTE.replace(quote_index=number) for number in range(count)],
        Entity: [ENTITY.replace(mention_index=number) for number in range(count)],
        Run: [RUN.replace(attempt_id=run_id)],
    }
    staged = {}
    for record, found in rows.items():
        staged[record.table] = [staged_key(run_id, record.table)]
        write_table(lake, staged[record.table][0], record.to_arrow(found))
    land(lake, DAY, run_id, staged)
    drop_staging(lake, run_id)


def state(lake: Lake) -> list[tuple[str, int]]:
    """The run and the rows of each table that has some."""
    tables = (lake.read(table, columns=["run_id"], on=DAY) for table in ("quotes", "entities", "runs"))
    return [(table.column("run_id")[0].as_py(), len(table)) for table in tables if len(table)]


def whole(run_id: str, count: int) -> list[tuple[str, int]]:
    return [(run_id, count), (run_id, count), (run_id, 1)]


def test_a_fifth_of_the_requests_fails(s3_server: S3Server, s3_uri: str) -> None:
    good = Lake.open(s3_uri, endpoint=s3_server.endpoint)
    states = [whole(f"run{number}", number + 1) for number in range(3)]
    landed: list[int] = []
    said: list[str] = []
    with faulty(s3_server.endpoint, 0.2) as proxy:
        bad = Lake.open(s3_uri, endpoint=proxy.endpoint)
        for number in range(3):
            before = state(good)
            try:
                stage_and_land(bad, f"run{number}", number + 1)
            except NewsmillError as error:
                said.append(str(error))
                assert state(good) in (before, states[number])
            else:
                landed.append(number)
                assert state(good) == states[number]
        assert set(proxy.seen) == {*FAULTS, "none"}

    assert len(landed) >= 2, said
    assert not any("\n" in line for line in said)
    stage_and_land(good, "last", 2)
    assert state(good) == whole("last", 2)
    assert orphans(good) == []


def test_a_store_that_always_fails_is_said_and_publishes_nothing(
    s3_server: S3Server, s3_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsmill.storage.s3.REQUEST_ATTEMPTS", 2)
    good = Lake.open(s3_uri, endpoint=s3_server.endpoint)
    stage_and_land(good, "first", 1)

    with faulty(s3_server.endpoint, 1.0) as proxy, pytest.raises(StorageError) as raised:
        stage_and_land(Lake.open(s3_uri, endpoint=proxy.endpoint), "second", 2)

    assert "\n" not in str(raised.value)
    assert proxy.endpoint in str(raised.value)
    assert state(good) == whole("first", 1)


def why_not(store: ObjectStore, key: str) -> str:
    """The end of what a store says of a key that it does not have."""
    with pytest.raises(NotStored) as raised:
        store.read(key)
    return str(raised.value).rpartition(f"{key} ")[2]


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda store: store.read("key"), b"0123456789" * 100_000),
        (lambda store: store.open("key").read(10), b"0123456789"),
        (lambda store: why_not(store, "missing"), "does not exist"),
    ],
    ids=["a body", "a range", "an error"],
)
def test_a_request_whose_answer_breaks_off_is_made_again(
    s3_server: S3Server,
    s3_uri: str,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[ObjectStore], object],
    answer: object,
) -> None:
    open_store(s3_uri).write("key", b"0123456789" * 100_000)
    monkeypatch.setattr("tests.faults.FAULTS", ("truncated",))

    with faulty(s3_server.endpoint, 0.3) as proxy:
        store = open_store(s3_uri, endpoint=proxy.endpoint)
        answers = [ask(store) for _ in range(10)]
        assert proxy.seen["truncated"]

    assert answers == [answer] * 10
