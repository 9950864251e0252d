"""Whose an execution is: a process is known dead only where its number counts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from newsmill.config import Settings
from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, staged_keys
from newsmill.schemas.record import values
from newsmill.tasks.run.attempt import OWNER, Attempt, Owner
from newsmill.tasks.run.staged import KEPT


@pytest.mark.parametrize(
    ("changes", "is_dead"),
    [
        ({}, False),
        ({"started": "long ago"}, True),
        ({"started": "long ago", "host": "another"}, False),
        ({"started": "long ago", "machine": "another boot, or container"}, False),
        ({"started": "long ago", "machine": ""}, False),
    ],
)
def test_only_a_process_of_this_machine_is_known_dead(changes: dict[str, Any], *, is_dead: bool) -> None:
    assert replace(Owner.here(), **changes).is_dead() is is_dead


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"host": "a", "pid": "x", "started": ""}'])
def test_an_owner_that_cannot_be_read_is_nobody(tmp_path: Path, content: bytes) -> None:
    lake = Lake.open(str(tmp_path))
    lake.store.write(staged_key("a", OWNER), content)

    assert Owner.of(lake, "a") == Owner.nobody()
    assert not Owner.nobody().is_dead()


def test_an_owner_of_a_newer_version_is_known(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    lake.store.write(staged_key("a", OWNER), b'{"host": "a", "pid": 7, "started": "1", "machine": "m", "region": "eu"}')

    assert Owner.of(lake, "a") == Owner(host="a", pid=7, started="1", machine="m")


def rows(number: int) -> pa.Table:
    return pa.Table.from_pylist([{"row": number, "article_id": "a", "revision": 0}], schema=KEPT.schema)


def test_what_is_staged_aside_is_the_runs_once_taken_over_and_whatever_comes_later_is_not(tmp_path: Path) -> None:
    run = Attempt(
        attempt_id="2026-01-05-0a1b",
        logical_date=date(2026, 1, 5),
        sources=(),
        settings=Settings(lake=str(tmp_path)),
        started_at=datetime(2026, 1, 6, tzinfo=UTC),
    )
    lost, taken = (replace(run, aside=name) for name in ("lost", "taken"))
    run.write(KEPT, rows(1), 3)  # by an earlier decision

    lost.write(KEPT, rows(2), 3)
    taken.write(KEPT, rows(3), 3)
    assert run.keys_aside("taken") == [run.key(KEPT, 3)]
    run.take_over("taken", {run.key(KEPT, 3): run.key(KEPT, 3)})
    lost.write(KEPT, rows(4), 3)
    taken.write(KEPT, rows(5), 3)  # as if it were told twice

    assert values(run.read(KEPT, 3), "row") == [3]
    assert [key for key in staged_keys(run.lake, run.attempt_id) if "aside" not in key] == [run.key(KEPT, 3)]
