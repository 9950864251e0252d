"""A publish switches all tables of a date at once, loses nobody's work and leaves nothing behind."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsmill.errors import CommitConflict, NotStored, StorageError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD, Doomed
from newsmill.lake.publish import FilesCollected, Published, publish
from newsmill.lake.reclaim import sweep
from newsmill.schemas.rows import Rejection
from newsmill.storage import LocalStore
from tests.lake.dates import DAY, NEXT_DAY, ROWS, data_keys, publish_rows, put, runs_of, superseded_keys


class TestPublish:
    def test_replaces_a_date_and_leaves_the_others(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)
        publish_rows(lake, NEXT_DAY, "other", 2)
        before = lake.files("rejections", NEXT_DAY)

        published = publish_rows(lake, DAY, "second", 5)

        assert published.changed == ("duplicates", "rejections")
        assert published.deleted == (
            "duplicates/date=2026-01-05/duplicates-first-0000.parquet",
            "rejections/date=2026-01-05/rejections-first-0000.parquet",
        )
        assert runs_of(lake, DAY) == {"second"}
        assert [file.rows for file in lake.files("rejections")] == [5, 2]
        assert lake.files("rejections", NEXT_DAY) == before
        assert lake.dates("rejections") == [DAY, NEXT_DAY]
        assert lake.dates("articles") == []

    def test_of_the_same_files_changes_nothing(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)
        head = lake.store.read(HEAD)

        assert publish_rows(lake, DAY, "first", 3) == Published((), ())
        assert lake.store.read(HEAD) == head

    def test_of_the_same_files_clears_away_a_killed_runs_and_keeps_no_former_state(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        publish_rows(lake, DAY, "first", 3)
        left = put(lake, Rejection, DAY, "killed", 1)

        assert publish_rows(lake, DAY, "first", 3) == Published((), tuple(left))
        assert superseded_keys(lake) == []

    def test_changes_only_the_tables_that_differ(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)
        before = {info.name: info.metadata_uri for info in lake.tables()}
        (kept,) = lake.files("duplicates")

        published = publish(
            lake, DAY, {"duplicates": [kept.key], "rejections": put(lake, Rejection, DAY, "second", 1), "quotes": []}
        )

        after = {info.name: info.metadata_uri for info in lake.tables()}
        assert published.changed == ("rejections",)
        assert [name for name in after if after[name] != before[name]] == ["rejections"]

    def test_of_no_files_empties_the_date(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)
        publish_rows(lake, NEXT_DAY, "first", 1)

        publish(lake, DAY, {"rejections": []})

        assert [file.logical_date for file in lake.files("rejections")] == [NEXT_DAY]
        assert [file.rows for file in lake.files("duplicates")] == [3, 1]
        assert lake.read("rejections", on=DAY).num_rows == 0

    def test_refuses_a_file_that_is_not_there(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)

        with pytest.raises(NotStored):
            publish(lake, DAY, {"rejections": ["rejections/date=2026-01-05/absent.parquet"]})
        assert runs_of(lake, DAY) == {"first"}

    def test_again_and_again_does_not_pile_up_files(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        counts = []
        for number in range(8):
            publish_rows(lake, DAY, f"run{number}", 1)
            counts.append(sum(1 for _ in lake.store.list("rejections/_iceberg/")))

        assert len(data_keys(lake)) == 2
        assert counts[-1] == counts[-2] <= 30
        assert json.loads(lake.store.read(HEAD))["doomed"] == {}


class TestWritersAtOnce:
    def test_of_different_dates_all_land(self, lake: Lake) -> None:
        days = [DAY + timedelta(days=number) for number in range(4)]

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda day: publish_rows(lake, day, f"run-{day}", 2), days))

        assert {day: runs_of(lake, day) for day in days} == {day: {f"run-{day}"} for day in days}

    def test_of_one_date_leave_one_whole_result(self, lake: Lake) -> None:
        def attempt(number: int) -> bool:
            try:
                publish_rows(lake, DAY, f"run{number}", number + 1)
            except (FilesCollected, NotStored):
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            landed = list(pool.map(attempt, range(4)))

        assert any(landed)
        (run_id,) = runs_of(lake, DAY)
        number = int(run_id.removeprefix("run"))
        assert landed[number]
        assert [info.rows for info in lake.tables() if info.rows] == [number + 1] * 2
        # Those that lost may have uploaded after the last listing: the next publish of the date collects that.
        publish_rows(lake, DAY, "last", 1)
        assert len(data_keys(lake)) == 2

    def test_the_one_whose_files_were_collected_is_told(self, lake: Lake) -> None:
        mine = put(lake, Rejection, DAY, "mine", 1)
        publish_rows(lake, DAY, "theirs", 3)

        with pytest.raises(NotStored):
            publish(lake, DAY, {"rejections": mine})
        assert runs_of(lake, DAY) == {"theirs"}

    def test_files_that_are_being_collected_are_refused(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "theirs", 3)
        mine = put(lake, Rejection, DAY, "mine", 1)
        doomed = Doomed(datetime(2026, 1, 5, 12, tzinfo=UTC), tuple(mine))
        lake.store.write(HEAD, replace(lake.head(), doomed={"other": doomed}).to_json())

        with pytest.raises(FilesCollected, match="write it again"):
            publish(lake, DAY, {"rejections": mine})
        assert lake.head().doomed_keys() == frozenset(mine)

        sweep(lake, datetime(2026, 1, 5, 13, tzinfo=UTC), timedelta(hours=2))
        assert lake.head().doomed_keys() == frozenset(mine)
        sweep(lake, datetime(2026, 1, 5, 15, tzinfo=UTC), timedelta(hours=2))
        assert lake.head().doomed_keys() == frozenset()
        assert mine[0] not in data_keys(lake)

    @pytest.mark.parametrize("clear", ["the next publish", "a sweep"])
    def test_what_a_dead_one_was_to_set_aside_is_kept_though_another_deletes_it(
        self, tmp_path: Path, clear: str
    ) -> None:
        lake = Lake.open(str(tmp_path))
        publish_rows(lake, DAY, "now", 3)
        old = put(lake, Rejection, DAY, "old", 1)
        since = datetime(2026, 1, 5, 12, tzinfo=UTC)
        # By their names, the one that deletes comes first.
        doomed = {"a-collector": Doomed(since, tuple(old)), "b-publisher": Doomed(since, tuple(old), tuple(old))}
        lake.store.write(HEAD, replace(lake.head(), doomed=doomed).to_json())

        if clear == "a sweep":
            sweep(lake, since + timedelta(hours=3), timedelta(hours=2))
        else:
            publish_rows(lake, DAY, "now", 3)

        assert old[0] not in data_keys(lake)
        assert [key.rpartition("/")[2] for key in superseded_keys(lake)] == ["rejections-old-0000.parquet"]


@dataclass(frozen=True, slots=True)
class Lossy(LocalStore):
    """Writes the head and then loses the answer in one way or another."""

    error: type[StorageError] = StorageError

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        LocalStore.write_if(self, key, content, tag)
        raise self.error("the answer was lost")


@dataclass(frozen=True, slots=True)
class Refusing(LocalStore):
    """Never swaps the head."""

    error: type[StorageError] = StorageError

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        raise self.error(f"{key} {len(content)} {tag}")


@dataclass(frozen=True, slots=True)
class Undeletable(LocalStore):
    """Refuses to delete."""

    def delete(self, keys: Iterable[str]) -> None:
        raise StorageError(f"denied: {', '.join(keys)}")


class TestFailures:
    @pytest.mark.parametrize("error", [StorageError, CommitConflict])
    def test_a_swap_whose_answer_is_lost_counts(self, tmp_path: Path, error: type[StorageError]) -> None:
        assert publish_rows(Lake(Lossy(tmp_path, error)), DAY, "first", 3).changed
        assert runs_of(Lake.open(str(tmp_path)), DAY) == {"first"}

    def test_a_swap_that_fails_publishes_nothing(self, tmp_path: Path) -> None:
        publish_rows(Lake.open(str(tmp_path)), DAY, "first", 3)

        with pytest.raises(StorageError):
            publish_rows(Lake(Refusing(tmp_path)), DAY, "second", 4)
        assert runs_of(Lake.open(str(tmp_path)), DAY) == {"first"}

    def test_lost_races_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsmill.lake.publish.SWAP_ATTEMPTS", 2)

        with pytest.raises(CommitConflict, match=r"2026-01-05 was not published: other runs changed .* 2 times"):
            publish_rows(Lake(Refusing(tmp_path, CommitConflict)), DAY, "first", 1)

    def test_what_cannot_be_deleted_does_not_fail_the_publish(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        publish_rows(Lake.open(str(tmp_path)), DAY, "first", 3)

        publish_rows(Lake(Undeletable(tmp_path)), DAY, "second", 4)

        assert "superseded files were left behind: denied" in caplog.text
        lake = Lake.open(str(tmp_path))
        assert runs_of(lake, DAY) == {"second"}
        publish_rows(lake, DAY, "third", 1)
        assert len(data_keys(lake)) == 2

    @pytest.mark.parametrize("moment", ["before the swap", "after the swap"])
    def test_a_kill_leaves_a_whole_partition_and_no_orphan_after_the_next_run(
        self, lake: Lake, lake_uri: str, moment: str
    ) -> None:
        publish_rows(lake, DAY, "first", 3)
        dies_in = {"before the swap": "write_if", "after the swap": "delete"}[moment]
        files = {record.table: put(lake, record, DAY, "second", 4) for record in ROWS}
        program = f"""
import datetime, os, signal
from newsmill import storage
from newsmill.lake import Lake
from newsmill.lake.publish import publish
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
for kind in (storage.LocalStore, storage.S3Store):
    kind.{dies_in} = die
publish(Lake.open({lake_uri!r}), datetime.date(2026, 1, 5), {files!r})
"""
        victim = subprocess.run([sys.executable, "-c", program], check=False)

        assert victim.returncode == -signal.SIGKILL
        assert runs_of(lake, DAY) == {"first" if moment == "before the swap" else "second"}
        assert len(data_keys(lake)) == 4
        publish_rows(lake, DAY, "third", 2)
        assert runs_of(lake, DAY) == {"third"}
        assert len(data_keys(lake)) == 2
        assert sum(1 for _ in lake.store.list("rejections/_iceberg/")) <= 20
