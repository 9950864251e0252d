"""Going back: to the state before the last publish, in all tables, as long as it is kept."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from newsmill.errors import StorageError, UsageError
from newsmill.lake import Lake
from newsmill.lake.publish import publish
from newsmill.lake.reclaim import expire
from newsmill.lake.rollback import former_states, rollback
from newsmill.schemas.rows import Rejection
from newsmill.storage import LocalStore
from tests.lake.dates import DAY, NEXT_DAY, ROWS, data_keys, publish_rows, put, runs_of, superseded_keys


@dataclass(frozen=True, slots=True)
class HalfKeeping(LocalStore):
    """Keeps one table of what is superseded and not the other."""

    def copy(self, source: str, target: str) -> None:
        if source.startswith("rejections/"):
            raise StorageError(f"no room for {target}")
        LocalStore.copy(self, source, target)


def test_restores_the_state_before_the_last_publish_in_all_tables(lake: Lake) -> None:
    publish_rows(lake, DAY, "first", 3)
    publish_rows(lake, NEXT_DAY, "other", 2)
    before = {record: lake.read(record.table) for record in ROWS}
    publish(lake, DAY, {"rejections": put(lake, Rejection, DAY, "second", 5), "duplicates": []})

    state = rollback(lake, DAY)

    assert set(state.files) == {"duplicates", "rejections"}
    assert {record: lake.read(record.table) for record in ROWS} == before
    assert len(data_keys(lake)) == 4


def test_keeps_the_tables_that_did_not_change(lake: Lake) -> None:
    publish_rows(lake, DAY, "first", 3)
    (kept,) = lake.files("duplicates")
    publish(lake, DAY, {"duplicates": [kept.key], "rejections": put(lake, Rejection, DAY, "second", 1)})

    rollback(lake, DAY)

    assert runs_of(lake, DAY) == {"first"}
    assert lake.files("duplicates") == [kept]


def test_twice_undoes_itself(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_rows(lake, DAY, "first", 3)
    publish_rows(lake, DAY, "second", 4)

    seen = []
    for _ in range(3):
        rollback(lake, DAY)
        seen.append(runs_of(lake, DAY))

    assert seen == [{"first"}, {"second"}, {"first"}]


def test_says_that_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_rows(lake, DAY, "first", 3)

    with pytest.raises(UsageError, match="2026-01-05 has no earlier state to go back to"):
        rollback(lake, DAY)


def test_finishes_what_a_killed_publish_had_begun_to_keep(tmp_path: Path) -> None:
    publish_rows(Lake.open(str(tmp_path)), DAY, "first", 3)
    publish_rows(Lake(HalfKeeping(tmp_path)), DAY, "second", 4)
    lake = Lake.open(str(tmp_path))
    assert len(superseded_keys(lake)) == 1

    rollback(lake, DAY)

    assert runs_of(lake, DAY) == {"first"}
    assert [info.rows for info in lake.tables() if info.rows] == [3, 3]


def test_former_states_are_kept_for_their_grace(lake: Lake) -> None:
    for number in range(3):
        publish_rows(lake, DAY, f"run{number}", 1)
    first, second = former_states(lake, DAY)
    assert first.superseded_at < second.superseded_at

    expired = expire(lake, second.superseded_at)

    assert expired == [key for keys in first.files.values() for key in keys]
    assert former_states(lake, DAY) == [second]
    rollback(lake, DAY)
    assert runs_of(lake, DAY) == {"run1"}
