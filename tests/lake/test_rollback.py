"""Going back: to the state before the last publish, in all tables, as long as it is kept."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from newsmill.errors import Damaged, StorageError, UsageError
from newsmill.lake import Lake
from newsmill.lake.publish import publish
from newsmill.lake.reclaim import expire
from newsmill.lake.rollback import former_states, rollback
from newsmill.schemas.rows import Rejection
from newsmill.storage import LocalStore
from tests.lake.dates import DAY, NEXT_DAY, ROWS, data_keys, publish_rows, put, runs_of, superseded_keys
from tests.lake.whole_dates import publish_run


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


@pytest.mark.parametrize("has_hashes", [True, False])
def test_a_whole_state_with_its_run_is_restored(tmp_path: Path, *, has_hashes: bool) -> None:
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "first", 3, has_hashes=has_hashes)
    publish_run(lake, "second", 4, has_hashes=has_hashes)

    rollback(lake, DAY)

    assert runs_of(lake, DAY) == {"first"}


@pytest.mark.parametrize("has_hashes", [True, False])
@pytest.mark.parametrize("table", ["rejections", "runs"])
@pytest.mark.parametrize("harm", ["deleted", "cut", "replaced"])
def test_a_state_that_is_damaged_or_incomplete_is_refused(
    tmp_path: Path, table: str, harm: str, *, has_hashes: bool
) -> None:
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "first", 3, has_hashes=has_hashes)
    publish_run(lake, "second", 4, has_hashes=has_hashes)
    (state,) = former_states(lake, DAY)
    (copy,) = state.files[table]
    content = lake.store.read(copy)
    lake.store.delete([copy])
    if harm == "cut":
        lake.store.write(copy, content[:-9])
    elif harm == "replaced":
        (now,) = lake.files("rejections")
        lake.store.write(copy, lake.store.read(now.key) if table == "rejections" else b"no Parquet")

    with pytest.raises(Damaged) as raised:
        rollback(lake, DAY)

    assert "\n" not in str(raised.value)
    assert state.state_id in str(raised.value)
    assert runs_of(lake, DAY) == {"second"}


def test_what_others_leave_among_the_copies_is_no_state(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_rows(lake, DAY, "first", 1)
    publish_rows(lake, DAY, "second", 1)
    (state,) = former_states(lake, DAY)
    strays = [f"date={DAY}/{state.state_id}/rejections/", f"date={DAY}/{state.state_id}/", f"date={DAY}/", ""]
    for folder in strays:
        for name in (".DS_Store", "Thumbs.db", "$folder$"):
            lake.store.write(f"_superseded/{folder}{name}", b"x")

    assert former_states(lake, DAY) == [state]
    assert expire(lake, state.superseded_at) == []
    rollback(lake, DAY)
    assert runs_of(lake, DAY) == {"first"}
