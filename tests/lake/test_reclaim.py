"""What nobody needs is taken away, and nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsmill.errors import NotStored, StorageError
from newsmill.lake import Lake
from newsmill.lake.publish import FilesCollected, publish
from newsmill.lake.reclaim import collect, orphans, sweep
from newsmill.lake.rollback import rollback
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.rows import Rejection
from newsmill.storage import LocalStore
from tests.lake.dates import DAY, NEXT_DAY, publish_rows, put, rejections, runs_of
from tests.lake.whole_dates import publish_run


@dataclass(frozen=True, slots=True)
class CollectedMeanwhile(LocalStore):
    """Lets orphans be collected just before the head is swapped."""

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        collect(Lake(LocalStore(self.root)), datetime.now(UTC) + timedelta(hours=1))
        return LocalStore.write_if(self, key, content, tag)


class Dying(LocalStore):
    """Ends, for a publish, with the swap of the head: nothing is set aside or deleted any more."""

    def copy(self, source: str, target: str) -> None:
        raise StorageError(f"{source} was not copied to {target}")


class TestOrphans:
    def test_are_what_the_published_state_does_not_need(self, lake: Lake) -> None:
        publish_rows(lake, DAY, "first", 3)
        assert orphans(lake) == []
        lost = put(lake, Rejection, NEXT_DAY, "killed", 1)
        lake.store.write("rejections/_iceberg/00009-lost.metadata.json", b"{}")

        found = [info.key for info in orphans(lake)]

        assert found == ["rejections/_iceberg/00009-lost.metadata.json", *lost]
        assert collect(lake, datetime.now(UTC) - timedelta(hours=1)) == []
        assert collect(lake, datetime.now(UTC) + timedelta(hours=1)) == found
        assert orphans(lake) == []
        assert runs_of(lake, DAY) == {"first"}
        assert lake.head().doomed_keys() == frozenset()

    def test_a_run_whose_files_are_collected_is_told_before_it_publishes(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        files = {"rejections": put(lake, Rejection, DAY, "slow", 1)}

        collect(lake, datetime.now(UTC) + timedelta(hours=1))

        with pytest.raises(NotStored):
            publish(lake, DAY, files)

    def test_a_publish_that_was_prepared_before_a_collection_starts_again(self, tmp_path: Path) -> None:
        lake = Lake(CollectedMeanwhile(tmp_path))
        files = {"rejections": put(lake, Rejection, DAY, "slow", 1)}

        with pytest.raises((FilesCollected, NotStored)):
            publish(lake, DAY, files)
        assert Lake.open(str(tmp_path)).dates("rejections") == []


def test_what_a_dead_publish_was_to_set_aside_is_set_aside_before_it_is_collected(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "first", 2)
    publish_run(Lake(Dying(tmp_path)), "second", 3)

    collect(lake, datetime.now(UTC) + timedelta(hours=1))

    assert orphans(lake) == []
    rollback(lake, DAY)
    assert runs_of(lake, DAY) == {"first"}


def test_is_swept_once_an_attempt_is_silent_for_long(lake: Lake) -> None:
    write_table(lake, staged_key("dead", "x.parquet"), rejections(1))
    write_table(lake, staged_key("dead", "y.parquet"), rejections(1))
    now = datetime.now(UTC)

    assert sweep(lake, now, timedelta(hours=1)) == []
    assert sweep(lake, now + timedelta(hours=2), timedelta(hours=1)) == ["dead"]
    assert list(lake.store.list()) == []
