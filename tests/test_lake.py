"""The lake's promises: all tables of a date switch at once, nobody's work is lost, and nothing is left behind."""

import io
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.errors import CommitConflict, NotStored, SchemaConflict, StorageError, UsageError
from newsmill.iceberg import KEPT_SNAPSHOTS, PointerCatalog
from newsmill.lake import HEAD, SUPERSEDED, FilesCollected, Lake, Published, date_prefix
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, Duplicate, Entity, Rejection, Run, table_schema
from newsmill.schemas.words import DuplicateMethod, Reason, Stage
from newsmill.storage import LocalStore

V1 = Path(__file__).parent / "lakes/v1"
DAY = date(2026, 1, 5)
NEXT_DAY = date(2026, 1, 6)


@pytest.fixture
def lake(lake_uri: str) -> Lake:
    return Lake.open(lake_uri)


def duplicates(count: int) -> pa.Table:
    return Duplicate.to_arrow(
        Duplicate(
            input_id=f"{number}",
            article_id="0" * 16,
            url=None,
            duplicate_of="1" * 16,
            duplicate_of_date=date(2026, 1, 1),
            method=DuplicateMethod.NEAR,
            similarity=0.9,
            containment=1.0,
            title="Harvest begins",
            source="wire",
            published_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
            hostname=None,
            wire_agency=None,
            text_hash="0" * 64,
            text=None,
        )
        for number in range(count)
    )


def rejections(count: int) -> pa.Table:
    return Rejection.to_arrow(
        Rejection(
            input_id=f"{number}",
            url=None,
            stage=Stage.READ,
            reason=Reason.EMPTY,
            detail="no bytes",
            expectation=None,
            raw_uri=None,
        )
        for number in range(count)
    )


ROWS: Mapping[type[Record], Callable[[int], pa.Table]] = {Duplicate: duplicates, Rejection: rejections}


def put(lake: Lake, record: type[Record], day: date, run_id: str, count: int) -> list[str]:
    """Upload a data file without publishing it."""
    rows = ROWS[record](count)
    keys: list[Any] = [pa.array([day] * count, pa.date32()), pa.array([run_id] * count)]
    table = pa.Table.from_arrays([*keys, *rows.columns], schema=table_schema(record))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    key = f"{date_prefix(record.table, day)}{record.table}-{run_id}-0000.parquet"
    lake.store.write(key, sink.getvalue())
    return [key]


def publish(lake: Lake, day: date, run_id: str, count: int) -> Published:
    """Publish a date with as many duplicates as rejections."""
    return lake.publish(day, {record.table: put(lake, record, day, run_id, count) for record in ROWS})


def data_keys(lake: Lake) -> list[str]:
    return [info.key for info in lake.store.list() if "/date=" in info.key and not info.key.startswith(SUPERSEDED)]


def superseded_keys(lake: Lake) -> list[str]:
    return [info.key for info in lake.store.list(f"{SUPERSEDED}/")]


def runs_of(lake: Lake, day: date) -> set[str]:
    rows = [lake.read(record.table, columns=["run_id"], on=day) for record in ROWS]
    return {str(run_id) for run_id in pa.concat_tables(rows).column("run_id").to_pylist()}


class TestBeforeTheFirstPublish:
    def test_a_lake_reads_as_empty_and_typed(self, lake: Lake) -> None:
        assert lake.dates() == []
        assert lake.files("articles") == []
        assert [(info.name, info.rows, info.metadata_uri) for info in lake.tables()] == [
            (record.table, 0, None) for record in TABLES
        ]
        for record in TABLES:
            assert lake.read(record.table).schema.equals(table_schema(record))
            assert lake.read(record.table, columns=["run_id"]).schema.names == ["run_id"]

    def test_a_query_says_that_there_is_none(self, lake: Lake) -> None:
        with pytest.raises(UsageError, match=r"there is no lake at .* yet"):
            lake.query("SELECT 1")


class TestPublish:
    def test_replaces_a_date_and_leaves_the_others(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        publish(lake, NEXT_DAY, "other", 2)
        before = lake.files("rejections", NEXT_DAY)

        published = publish(lake, DAY, "second", 5)

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
        publish(lake, DAY, "first", 3)
        head = lake.store.read(HEAD)

        assert publish(lake, DAY, "first", 3) == Published((), ())
        assert lake.store.read(HEAD) == head

    def test_changes_only_the_tables_that_differ(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        before = {info.name: info.metadata_uri for info in lake.tables()}
        (kept,) = lake.files("duplicates")

        published = lake.publish(
            DAY, {"duplicates": [kept.key], "rejections": put(lake, Rejection, DAY, "second", 1), "quotes": []}
        )

        after = {info.name: info.metadata_uri for info in lake.tables()}
        assert published.changed == ("rejections",)
        assert [name for name in after if after[name] != before[name]] == ["rejections"]

    def test_of_no_files_empties_the_date(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        publish(lake, NEXT_DAY, "first", 1)

        lake.publish(DAY, {"rejections": []})

        assert [file.logical_date for file in lake.files("rejections")] == [NEXT_DAY]
        assert [file.rows for file in lake.files("duplicates")] == [3, 1]
        assert lake.read("rejections", on=DAY).num_rows == 0

    def test_refuses_a_file_that_is_not_there(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)

        with pytest.raises(NotStored):
            lake.publish(DAY, {"rejections": ["rejections/date=2026-01-05/absent.parquet"]})
        assert runs_of(lake, DAY) == {"first"}

    def test_again_and_again_does_not_pile_up_files(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        counts = []
        for number in range(8):
            publish(lake, DAY, f"run{number}", 1)
            counts.append(sum(1 for _ in lake.store.list("rejections/_iceberg/")))

        assert len(data_keys(lake)) == 2
        assert counts[-1] == counts[-2] <= 30
        assert json.loads(lake.store.read(HEAD))["doomed"] == {}

    def test_many_dates_need_few_manifests(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsmill.iceberg.MERGED_MANIFESTS", 3)
        lake = Lake.open(str(tmp_path))
        days = [DAY + timedelta(days=number) for number in range(6)]
        for day in days:
            lake.publish(day, {"rejections": put(lake, Rejection, day, "first", 1)})
        for day in days[:4]:
            lake.publish(day, {"rejections": put(lake, Rejection, day, "second", 2)})

        (uri,) = (info.metadata_uri for info in lake.tables() if info.name == "rejections")
        table = PointerCatalog(lake.store).load("rejections", uri or "")
        snapshot = table.current_snapshot()
        assert [file.rows for file in lake.files("rejections")] == [2] * 4 + [1] * 2
        assert snapshot is not None
        assert len(snapshot.manifests(table.io)) <= 3
        assert len(table.metadata.snapshots) <= KEPT_SNAPSHOTS + 1


class TestWritersAtOnce:
    def test_of_different_dates_all_land(self, lake: Lake) -> None:
        days = [DAY + timedelta(days=number) for number in range(4)]

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda day: publish(lake, day, f"run-{day}", 2), days))

        assert {day: runs_of(lake, day) for day in days} == {day: {f"run-{day}"} for day in days}

    def test_of_one_date_leave_one_whole_result(self, lake: Lake) -> None:
        def attempt(number: int) -> bool:
            try:
                publish(lake, DAY, f"run{number}", number + 1)
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
        publish(lake, DAY, "last", 1)
        assert len(data_keys(lake)) == 2

    def test_the_one_whose_files_were_collected_is_told(self, lake: Lake) -> None:
        mine = put(lake, Rejection, DAY, "mine", 1)
        publish(lake, DAY, "theirs", 3)

        with pytest.raises(NotStored):
            lake.publish(DAY, {"rejections": mine})
        assert runs_of(lake, DAY) == {"theirs"}

    def test_files_that_are_being_collected_are_refused(self, lake: Lake) -> None:
        publish(lake, DAY, "theirs", 3)
        mine = put(lake, Rejection, DAY, "mine", 1)
        head = json.loads(lake.store.read(HEAD))
        lake.store.write(
            HEAD,
            json.dumps({**head, "doomed": {"other": {"since": "2026-01-05T12:00:00+00:00", "keys": mine}}}).encode(),
        )

        with pytest.raises(FilesCollected, match="write it again"):
            lake.publish(DAY, {"rejections": mine})
        assert lake.doomed() == frozenset(mine)

        lake.sweep(datetime(2026, 1, 5, 13, tzinfo=UTC), timedelta(hours=2))
        assert lake.doomed() == frozenset(mine)
        lake.sweep(datetime(2026, 1, 5, 15, tzinfo=UTC), timedelta(hours=2))
        assert lake.doomed() == frozenset()
        assert mine[0] not in data_keys(lake)

    def test_a_reader_sees_one_state_or_the_other(self, lake: Lake) -> None:
        publish(lake, DAY, "even", 2)
        seen: set[tuple[int, int]] = set()
        done = threading.Event()
        sql = "SELECT (SELECT count(*) FROM duplicates), (SELECT count(*) FROM rejections)"

        def read() -> None:
            while not done.is_set():
                counts = lake.query(sql)
                seen.add((counts[0][0].as_py(), counts[1][0].as_py()))
                infos = {info.name: info.rows for info in lake.tables()}
                seen.add((infos["duplicates"], infos["rejections"]))

        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(read)
            for number in range(4):
                publish(lake, DAY, f"run{number}", 3 if number % 2 else 2)
            done.set()
            reader.result(timeout=60)

        assert (2, 2) in seen
        assert seen <= {(2, 2), (3, 3)}


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


class TestGoingBack:
    def test_restores_the_state_before_the_last_publish_in_all_tables(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        publish(lake, NEXT_DAY, "other", 2)
        before = {record: lake.read(record.table) for record in ROWS}
        lake.publish(DAY, {"rejections": put(lake, Rejection, DAY, "second", 5), "duplicates": []})

        state = lake.rollback(DAY)

        assert set(state.files) == {"duplicates", "rejections"}
        assert {record: lake.read(record.table) for record in ROWS} == before
        assert len(data_keys(lake)) == 4

    def test_keeps_the_tables_that_did_not_change(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        (kept,) = lake.files("duplicates")
        lake.publish(DAY, {"duplicates": [kept.key], "rejections": put(lake, Rejection, DAY, "second", 1)})

        lake.rollback(DAY)

        assert runs_of(lake, DAY) == {"first"}
        assert lake.files("duplicates") == [kept]

    def test_twice_undoes_itself(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        publish(lake, DAY, "first", 3)
        publish(lake, DAY, "second", 4)

        seen = []
        for _ in range(3):
            lake.rollback(DAY)
            seen.append(runs_of(lake, DAY))

        assert seen == [{"first"}, {"second"}, {"first"}]

    def test_says_that_there_is_nothing_to_go_back_to(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        publish(lake, DAY, "first", 3)

        with pytest.raises(UsageError, match="2026-01-05 has no earlier state to go back to"):
            lake.rollback(DAY)

    def test_finishes_what_a_killed_publish_had_begun_to_keep(self, tmp_path: Path) -> None:
        publish(Lake.open(str(tmp_path)), DAY, "first", 3)
        publish(Lake(HalfKeeping(tmp_path)), DAY, "second", 4)
        lake = Lake.open(str(tmp_path))
        assert len(superseded_keys(lake)) == 1

        lake.rollback(DAY)

        assert runs_of(lake, DAY) == {"first"}
        assert [info.rows for info in lake.tables() if info.rows] == [3, 3]

    def test_former_states_are_kept_for_their_grace(self, lake: Lake) -> None:
        for number in range(3):
            publish(lake, DAY, f"run{number}", 1)
        first, second = lake.former_states(DAY)
        assert first.superseded_at < second.superseded_at

        expired = lake.expire(second.superseded_at)

        assert expired == [key for keys in first.files.values() for key in keys]
        assert lake.former_states(DAY) == [second]
        lake.rollback(DAY)
        assert runs_of(lake, DAY) == {"run1"}

    def test_every_snapshot_that_the_metadata_offers_can_be_read(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        for number in range(4):
            publish(lake, DAY + timedelta(days=number), "first", number + 1)
        assert snapshot_rows(lake) == [1, 3, 6, 10]

        publish(lake, DAY, "second", 5)

        assert snapshot_rows(lake) == [14]


def snapshot_rows(lake: Lake) -> list[int]:
    """How many rows each snapshot of rejections has, read from its files."""
    (uri,) = (info.metadata_uri for info in lake.tables() if info.name == "rejections")
    table = PointerCatalog(lake.store).load("rejections", uri or "")
    snapshots = sorted(table.metadata.snapshots, key=lambda snapshot: snapshot.sequence_number or 0)
    return [len(table.scan(snapshot_id=snapshot.snapshot_id).to_arrow()) for snapshot in snapshots]


class TestOrphans:
    def test_are_what_the_published_state_does_not_need(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 3)
        assert lake.orphans() == []
        lost = put(lake, Rejection, NEXT_DAY, "killed", 1)
        lake.store.write("rejections/_iceberg/00009-lost.metadata.json", b"{}")

        found = [info.key for info in lake.orphans()]

        assert found == ["rejections/_iceberg/00009-lost.metadata.json", *lost]
        assert lake.collect(datetime.now(UTC) - timedelta(hours=1)) == []
        assert lake.collect(datetime.now(UTC) + timedelta(hours=1)) == found
        assert lake.orphans() == []
        assert runs_of(lake, DAY) == {"first"}
        assert lake.doomed() == frozenset()

    def test_a_run_whose_files_are_collected_is_told_before_it_publishes(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path))
        files = {"rejections": put(lake, Rejection, DAY, "slow", 1)}

        lake.collect(datetime.now(UTC) + timedelta(hours=1))

        with pytest.raises(NotStored):
            lake.publish(DAY, files)

    def test_a_publish_that_was_prepared_before_a_collection_starts_again(self, tmp_path: Path) -> None:
        lake = Lake(CollectedMeanwhile(tmp_path))
        files = {"rejections": put(lake, Rejection, DAY, "slow", 1)}

        with pytest.raises((FilesCollected, NotStored)):
            lake.publish(DAY, files)
        assert Lake.open(str(tmp_path)).dates("rejections") == []


@dataclass(frozen=True, slots=True)
class HalfKeeping(LocalStore):
    """Keeps one table of what is superseded and not the other."""

    def copy(self, source: str, target: str) -> None:
        if source.startswith("rejections/"):
            raise StorageError(f"no room for {target}")
        LocalStore.copy(self, source, target)


@dataclass(frozen=True, slots=True)
class CollectedMeanwhile(LocalStore):
    """Lets orphans be collected just before the head is swapped."""

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        Lake(LocalStore(self.root)).collect(datetime.now(UTC) + timedelta(hours=1))
        return LocalStore.write_if(self, key, content, tag)


class TestOlderLakes:
    """``tests/lakes/v1`` was written by newsmill 0.1.0 with version 1 of the tables; it must stay readable."""

    @pytest.fixture
    def old(self, s3_uri: str) -> Lake:
        """At the address that it was written at, since tables hold absolute ones."""
        lake = Lake.open(f"{s3_uri.rpartition('/')[0]}/lake-v1")
        lake.store.delete([info.key for info in lake.store.list()])
        for path in sorted(V1.rglob("*")):
            if path.is_file():
                lake.store.write_file(path.relative_to(V1).as_posix(), path)
        return lake

    def test_are_read_with_new_columns_as_null(self, old: Lake) -> None:
        assert [(str(day), len(old.read("articles", on=day))) for day in old.dates()] == [
            ("2026-01-01", 2),
            ("2026-01-02", 1),
        ]
        for record in TABLES:
            assert old.read(record.table).schema.equals(table_schema(record))
            assert old.query(f"SELECT * FROM {record.table}").column_names == table_schema(record).names
        assert (
            old.query("SELECT schema_version, file_hashes FROM runs").to_pylist()
            == [{"schema_version": 1, "file_hashes": None}] * 2
        )

    def test_get_the_new_columns_with_the_next_publish(self, old: Lake) -> None:
        before = old.read("runs").to_pylist()
        row = Run.from_arrow(old.read("runs"))[0].replace(file_hashes=("0" * 64,), schema_version=2, attempt_id="new")
        sink = io.BytesIO()
        table = Run.to_arrow([row])
        keys: list[Any] = [pa.array([date(2026, 1, 3)]), pa.array(["run"])]
        pq.write_table(pa.Table.from_arrays([*keys, *table.columns], schema=table_schema(Run)), sink)
        old.store.write("runs/date=2026-01-03/runs-new-0000.parquet", sink.getvalue())

        old.publish(date(2026, 1, 3), {"runs": ["runs/date=2026-01-03/runs-new-0000.parquet"]})

        rows = old.read("runs").to_pylist()
        assert rows[:2] == before
        assert rows[2]["file_hashes"] == ["0" * 64]
        (uri,) = (info.metadata_uri for info in old.tables() if info.name == "runs")
        through_iceberg = PointerCatalog(old.store).load("runs", uri or "").scan().to_arrow()
        assert sorted(map(str, through_iceberg.column("file_hashes").to_pylist())) == [
            "None",
            "None",
            str(["0" * 64]),
        ]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("rename", r"rejections\.detail is .*string in the lake and unknown to this newsmill"),
            ("retype", r"rejections\.detail is .*string in the lake and int64 to this newsmill"),
        ],
    )
    def test_refuse_a_renamed_or_retyped_column(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, said: str
    ) -> None:
        lake = Lake.open(str(tmp_path))
        publish(lake, DAY, "first", 3)
        schema = table_schema(Rejection)
        position = schema.get_field_index("detail")
        other = pa.field("details", pa.string()) if change == "rename" else pa.field("detail", pa.int64())
        changed = schema.set(position, other)
        monkeypatch.setattr("newsmill.iceberg.table_schema", lambda _: changed)

        with pytest.raises(SchemaConflict, match=said):
            lake.publish(NEXT_DAY, {"rejections": put(lake, Rejection, NEXT_DAY, "second", 1)})
        assert lake.dates("rejections") == [DAY]


class TestFailures:
    @pytest.mark.parametrize("error", [StorageError, CommitConflict])
    def test_a_swap_whose_answer_is_lost_counts(self, tmp_path: Path, error: type[StorageError]) -> None:
        assert publish(Lake(Lossy(tmp_path, error)), DAY, "first", 3).changed
        assert runs_of(Lake.open(str(tmp_path)), DAY) == {"first"}

    def test_a_swap_that_fails_publishes_nothing(self, tmp_path: Path) -> None:
        publish(Lake.open(str(tmp_path)), DAY, "first", 3)

        with pytest.raises(StorageError):
            publish(Lake(Refusing(tmp_path)), DAY, "second", 4)
        assert runs_of(Lake.open(str(tmp_path)), DAY) == {"first"}

    def test_lost_races_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsmill.lake.SWAP_ATTEMPTS", 2)

        with pytest.raises(CommitConflict, match=r"2026-01-05 was not published: other runs changed .* 2 times"):
            publish(Lake(Refusing(tmp_path, CommitConflict)), DAY, "first", 1)

    def test_what_cannot_be_deleted_does_not_fail_the_publish(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        publish(Lake.open(str(tmp_path)), DAY, "first", 3)

        publish(Lake(Undeletable(tmp_path)), DAY, "second", 4)

        assert "superseded files were left behind: denied" in caplog.text
        lake = Lake.open(str(tmp_path))
        assert runs_of(lake, DAY) == {"second"}
        publish(lake, DAY, "third", 1)
        assert len(data_keys(lake)) == 2

    @pytest.mark.parametrize("moment", ["before the swap", "after the swap"])
    def test_a_kill_leaves_a_whole_partition_and_no_orphan_after_the_next_run(
        self, lake: Lake, lake_uri: str, moment: str
    ) -> None:
        publish(lake, DAY, "first", 3)
        dies_in = {"before the swap": "write_if", "after the swap": "delete"}[moment]
        files = {record.table: put(lake, record, DAY, "second", 4) for record in ROWS}
        program = f"""
import datetime, os, signal
from newsmill import storage
from newsmill.lake import Lake
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
for kind in (storage.LocalStore, storage.S3Store):
    kind.{dies_in} = die
Lake.open({lake_uri!r}).publish(datetime.date(2026, 1, 5), {files!r})
"""
        victim = subprocess.run([sys.executable, "-c", program], check=False)

        assert victim.returncode == -signal.SIGKILL
        assert runs_of(lake, DAY) == {"first" if moment == "before the swap" else "second"}
        assert len(data_keys(lake)) == 4
        publish(lake, DAY, "third", 2)
        assert runs_of(lake, DAY) == {"third"}
        assert len(data_keys(lake)) == 2
        assert sum(1 for _ in lake.store.list("rejections/_iceberg/")) <= 20

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b'{"format": 2}', "has format 2; this newsmill reads 1: upgrade it"),
            (b"{", "is damaged"),
            (b"[]", "is damaged"),
            (b'{"format": 1}', "is damaged"),
        ],
    )
    def test_a_head_that_cannot_be_read(self, tmp_path: Path, content: bytes, said: str) -> None:
        LocalStore(tmp_path).write(HEAD, content)

        with pytest.raises(StorageError, match=said):
            Lake.open(str(tmp_path)).dates()

    def test_a_moved_lake_says_where_it_was(self, tmp_path: Path) -> None:
        publish(Lake.open(str(tmp_path / "old")), DAY, "first", 1)
        (tmp_path / "old").rename(tmp_path / "new")

        with pytest.raises(StorageError, match=r"was written as .*/old, and its tables hold absolute addresses; move"):
            Lake.open(str(tmp_path / "new")).dates()


class TestRead:
    def test_by_date_and_column(self, lake: Lake) -> None:
        for number in range(3):
            publish(lake, DAY + timedelta(days=number), f"run{number}", number + 1)

        assert lake.read("rejections").num_rows == 6
        assert lake.read("rejections", before=DAY + timedelta(days=2)).num_rows == 3
        assert lake.read("rejections", before=DAY).num_rows == 0
        rows = lake.read("rejections", on=NEXT_DAY, columns=["input_id", "logical_date"])
        assert rows.to_pydict() == {"input_id": ["0", "1"], "logical_date": [NEXT_DAY, NEXT_DAY]}

    def test_of_an_unknown_table(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no table nonsense; the tables are articles, duplicates"):
            Lake.open(str(tmp_path)).read("nonsense")

    def test_a_folder_name_with_special_characters(self, tmp_path: Path) -> None:
        lake = Lake.open(str(tmp_path / "it's [my] lake* 100%20?"))
        publish(lake, DAY, "first", 3)

        assert lake.read("rejections").num_rows == 3
        assert lake.query("SELECT count(*) AS n FROM rejections").to_pydict() == {"n": [3]}
        assert Lake.open(lake.uri).dates("rejections") == [DAY]


@pytest.fixture(scope="module")
def local_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.open(str(tmp_path_factory.mktemp("lake")))
    publish(lake, DAY, "first", 1)
    return lake


class TestQuery:
    def test_sees_every_table_with_its_types(self, lake: Lake) -> None:
        publish(lake, DAY, "first", 2)

        counts = " UNION ALL ".join(
            f"SELECT '{record.table}' AS t, count(*) AS n FROM {record.table}" for record in TABLES
        )
        assert dict(lake.query(counts).to_pandas().values.tolist()) == {
            record.table: 2 if record in ROWS else 0 for record in TABLES
        }
        empty = lake.query("SELECT authors, published_at, text FROM articles")
        assert empty.schema.types == [pa.list_(pa.string()), pa.timestamp("us", tz="UTC"), pa.string()]
        full = lake.query("SELECT published_at, logical_date, hour(published_at) AS h FROM duplicates LIMIT 1")
        assert full.to_pylist() == [
            {"published_at": datetime(2026, 1, 1, 12, tzinfo=UTC), "logical_date": DAY, "h": 12}
        ]

    @pytest.mark.parametrize(
        ("sql", "said"),
        [
            ("SELECT nonsense FROM rejections", "nonsense"),
            ("SELEC 1", "SELEC"),
            ("SELECT * FROM nonsense", "nonsense"),
            ("", "a query is a SELECT"),
            ("DROP VIEW rejections", "a query is a SELECT"),
            ("COPY rejections TO 'out.csv'", "a query is a SELECT"),
            ("SELECT 1; ATTACH 'other.db'", "a query is a SELECT"),
            ("INSTALL spatial", "a query is a SELECT"),
        ],
    )
    def test_refuses_in_one_line(self, local_lake: Lake, sql: str, said: str) -> None:
        with pytest.raises(UsageError, match=said) as raised:
            local_lake.query(sql)
        assert "\n" not in str(raised.value)

    def test_tables_are_joined_by_the_columns_that_they_share(self, local_lake: Lake) -> None:
        joined = local_lake.query(
            "SELECT count(*) AS n FROM rejections r JOIN duplicates d USING (logical_date, run_id)"
        )

        assert joined.column("n")[0].as_py() > 0


class TestStaging:
    def test_tables_come_back(self, lake: Lake) -> None:
        key = lake.stage("attempt", "rejections", "0000.parquet")

        lake.write_table(key, rejections(3))

        assert lake.read_table(key).equals(rejections(3))
        assert lake.read_table(key, columns=["input_id"]).to_pydict() == {"input_id": ["0", "1", "2"]}

    def test_is_dropped_by_attempt(self, lake: Lake) -> None:
        for attempt in ("a", "ab"):
            lake.write_table(lake.stage(attempt, "x.parquet"), rejections(1))

        lake.drop_staging("a")

        assert [info.key for info in lake.store.list()] == ["_staging/ab/x.parquet"]

    def test_is_swept_once_an_attempt_is_silent_for_long(self, lake: Lake) -> None:
        lake.write_table(lake.stage("dead", "x.parquet"), rejections(1))
        lake.write_table(lake.stage("dead", "y.parquet"), rejections(1))
        now = datetime.now(UTC)

        assert lake.sweep(now, timedelta(hours=1)) == []
        assert lake.sweep(now + timedelta(hours=2), timedelta(hours=1)) == ["dead"]
        assert list(lake.store.list()) == []


def test_a_lake_of_every_table(lake: Lake) -> None:
    """Each record's schema is one that Iceberg takes."""
    lake.publish(DAY, {record.table: [] for record in TABLES})

    infos = lake.tables()

    assert all(info.metadata_uri is not None for info in infos)
    assert {info.name for info in infos} >= {Article.table, Entity.table}
