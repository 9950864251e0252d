"""Landing: the same rows give the same bytes, files are never overwritten, and every reader copes with them."""

import dataclasses
import hashlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.table import StaticTable

from newsmill.errors import StorageError
from newsmill.lake import Lake
from newsmill.lake.publish import Published
from newsmill.lake.query import query
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Entity, Quote, Run, table_schema
from newsmill.storage import LocalStore
from newsmill.tasks.land import partition as landing
from newsmill.tasks.land.partition import land, land_again, read_staged, write_partition
from tests.kills import iceberg_properties
from tests.rows import RUN

DAY = date(2026, 1, 5)
NEXT_DAY = date(2026, 1, 6)


def _value(column: Any, number: int) -> object:
    kind = column.type
    if pa.types.is_string(kind):
        return f"{column.name} {number}"
    if pa.types.is_timestamp(kind):
        return datetime(2026, 1, 5, number % 24, tzinfo=UTC)
    if pa.types.is_date(kind):
        return DAY
    if pa.types.is_binary(kind):
        return f"{column.name} {number}".encode()
    if pa.types.is_boolean(kind):
        return number % 2 == 0
    if kind == pa.list_(pa.string()):
        return [f"{column.name} {part}" for part in range(number % 3)]
    if pa.types.is_list(kind):
        return [{"start": part, "end": part + 1} for part in range(1 + number % 2)]
    return number


def rows(record: type[Record], count: int, first: int = 0) -> pa.Table:
    """Rows of any table, all different."""
    numbers = range(first, first + count)
    schema = record.arrow_schema()
    arrays = [pa.array([_value(column, number) for number in numbers], column.type) for column in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


@pytest.fixture
def lake(lake_uri: str) -> Lake:
    return Lake.open(lake_uri)


@pytest.fixture
def local_lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def stage(
    lake: Lake, tables: Mapping[type[Record], Sequence[pa.Table]], attempt: str = "attempt"
) -> dict[str, list[str]]:
    staged: dict[str, list[str]] = {}
    for record, parts in tables.items():
        for number, part in enumerate(parts):
            key = staged_key(attempt, record.table, f"{number:04d}.parquet")
            write_table(lake, key, part)
            staged.setdefault(record.table, []).append(key)
    return staged


class TestWritePartition:
    @pytest.mark.parametrize("size", [1 << 20, 3000], ids=["by count", "by size"])
    @pytest.mark.parametrize("record", TABLES, ids=lambda record: record.table)
    def test_the_same_rows_give_the_same_bytes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: type[Record], size: int
    ) -> None:
        monkeypatch.setattr(record, "row_group_rows", 7)
        monkeypatch.setattr(landing, "ROW_GROUP_BYTES", size)
        whole = rows(record, 20)
        contents = []
        for number, cuts in enumerate([(0, 20), (0, 1, 13, 20), (0, 7, 14, 20)]):
            lake = Lake.open(str(tmp_path / str(number)))
            parts = [whole.slice(start, end - start) for start, end in itertools.pairwise(cuts)]
            (key,) = write_partition(lake, record, DAY, "0a1b", parts)
            contents.append(lake.store.read(key))

        assert contents[0] == contents[1] == contents[2]

    def test_adds_the_key_columns(self, lake: Lake) -> None:
        (key,) = write_partition(lake, Quote, DAY, "0a1b", [rows(Quote, 3)])

        assert key == "quotes/date=2026-01-05/quotes-0a1b-0000.parquet"
        with lake.store.open(key) as stream:
            landed = pq.ParquetFile(stream).read()
        assert landed.schema.equals(table_schema(Quote))
        assert landed.select(rows(Quote, 0).schema.names).equals(rows(Quote, 3))
        assert set(landed.column("logical_date").to_pylist()) == {DAY}
        assert set(landed.column("run_id").to_pylist()) == {"0a1b"}

    def test_names_the_row_of_a_run_by_its_attempt(self, local_lake: Lake) -> None:
        (run,) = (record for record in TABLES if record.table == "runs")
        row = rows(run, 1).to_pylist()[0] | {"attempt_id": "20260106T010203-77"}
        table = pa.Table.from_pylist([row], schema=run.arrow_schema())

        assert list(write_partition(local_lake, run, DAY, "0a1b", [table])) == [
            "runs/date=2026-01-05/runs-20260106T010203-77-0000.parquet"
        ]

    @pytest.mark.parametrize("tables", [[], [rows(Quote, 0)], [rows(Quote, 0), rows(Quote, 0)]])
    def test_writes_no_file_for_no_rows(self, local_lake: Lake, tables: list[pa.Table]) -> None:
        assert write_partition(local_lake, Quote, DAY, "0a1b", tables) == {}
        assert list(local_lake.store.list()) == []

    def test_begins_a_new_file_at_the_target_size(self, local_lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(landing, "FILE_BYTES", 1)
        monkeypatch.setattr(Entity, "row_group_rows", 10)

        keys = write_partition(local_lake, Entity, DAY, "0a1b", [rows(Entity, 12), rows(Entity, 13, 12)])

        assert [key.rpartition("-")[2] for key in keys] == ["0000.parquet", "0001.parquet", "0002.parquet"]
        counts = [pq.read_metadata(local_lake.store.open(key)).num_rows for key in keys]
        assert counts == [10, 10, 5]

    def test_ends_a_row_group_with_the_row_that_fills_it(
        self, local_lake: Lake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        table = rows(Entity, 6)
        monkeypatch.setattr(landing, "ROW_GROUP_BYTES", int(landing._row_bytes(table)[:3].sum()))

        (key,) = write_partition(local_lake, Entity, DAY, "0a1b", [table.slice(0, 5), table.slice(5)])

        written = pq.read_metadata(local_lake.store.open(key))
        assert [written.row_group(number).num_rows for number in range(written.num_row_groups)] == [3, 3]

    def test_sorts_each_row_group(self, local_lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Quote, "row_group_rows", 4)
        speakers = ["c", "a", None, "b", "z", "y"]
        table = rows(Quote, 6).set_column(
            Quote.arrow_schema().get_field_index("speaker_name"),
            Quote.arrow_schema().field("speaker_name"),
            pa.array(speakers, pa.string()),
        )

        (key,) = write_partition(local_lake, Quote, DAY, "0a1b", [table])

        written = pq.ParquetFile(local_lake.store.open(key))
        groups = [written.read_row_group(number).column("speaker_name").to_pylist() for number in range(2)]
        assert groups == [["a", "b", "c", None], ["y", "z"]]

    def test_compresses_and_says_what_is_where(self, local_lake: Lake) -> None:
        (key,) = write_partition(local_lake, Quote, DAY, "0a1b", [rows(Quote, 50)])

        group = pq.read_metadata(local_lake.store.open(key)).row_group(0)
        columns = {group.column(number).path_in_schema: group.column(number) for number in range(group.num_columns)}
        assert {column.compression for column in columns.values()} == {"ZSTD"}
        statistics = columns["speaker_name"].statistics
        assert statistics is not None
        assert statistics.min == "speaker_name 0"
        assert columns["speaker_name"].has_column_index
        assert columns["speaker_name"].has_dictionary_page
        assert not columns["text"].has_dictionary_page

    def test_leaves_a_file_with_the_same_bytes_alone(self, local_lake: Lake) -> None:
        (key,) = write_partition(local_lake, Quote, DAY, "0a1b", [rows(Quote, 3)])
        before = next(local_lake.store.list(key))

        assert list(write_partition(local_lake, Quote, DAY, "0a1b", [rows(Quote, 3)])) == [key]
        assert next(local_lake.store.list(key)) == before

    def test_never_overwrites_other_bytes(self, lake: Lake) -> None:
        (first,) = write_partition(lake, Quote, DAY, "0a1b", [rows(Quote, 3)])
        content = lake.store.read(first)

        (second,) = write_partition(lake, Quote, DAY, "0a1b", [rows(Quote, 4)])

        assert second == "quotes/date=2026-01-05/quotes-0a1b-0000-1.parquet"
        assert lake.store.read(first) == content

    def test_notices_what_the_store_has_lost(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="does not have the bytes that were written; run the date again"):
            write_partition(Lake(Truncating(tmp_path / "lake")), Quote, DAY, "0a1b", [rows(Quote, 3)])


@dataclass(frozen=True, slots=True)
class Truncating(LocalStore):
    """Loses the last byte of an upload."""

    def write_file(self, key: str, path: Path) -> None:
        self.write(key, path.read_bytes()[:-1])


@dataclass(frozen=True, slots=True)
class Overtaken(LocalStore):
    """Lets another run of the date land just before this one swaps the head."""

    swaps: list[str] = dataclasses.field(default_factory=list)

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        self.swaps.append(key)
        if len(self.swaps) == 1:
            other = Lake(LocalStore(self.root))
            land(other, DAY, "theirs", stage(other, {Quote: [rows(Quote, 9)]}, "theirs"))
        return LocalStore.write_if(self, key, content, tag)


@dataclass(frozen=True, slots=True)
class Collected(LocalStore):
    """Lets a collector come between the first upload and its reading back."""

    uploads: list[str] = dataclasses.field(default_factory=list)

    def write_file(self, key: str, path: Path) -> None:
        self.uploads.append(key)
        LocalStore.write_file(self, key, path)
        if len(self.uploads) == 1:
            self.delete([key])


class TestLand:
    def test_the_row_of_the_run_names_what_the_files_hold(self, local_lake: Lake) -> None:
        (run,) = (record for record in TABLES if record.table == "runs")
        land(local_lake, DAY, "0a1b", stage(local_lake, {Quote: [rows(Quote, 3)], run: [rows(run, 1)]}))

        (row,) = local_lake.read("runs").to_pylist()

        (file,) = local_lake.files("quotes")
        assert row["file_hashes"] == [hashlib.sha256(local_lake.store.read(file.key)).hexdigest()]

    def test_other_rows_of_a_landed_date_take_the_place_of_those_that_its_run_names(self, local_lake: Lake) -> None:
        staged = stage(local_lake, {Quote: [rows(Quote, 3)], Entity: [rows(Entity, 2)], Run: [Run.to_arrow([RUN])]})
        land(local_lake, DAY, "0a1b", staged)

        land_again(local_lake, DAY, {Quote: rows(Quote, 2)})

        (row,) = local_lake.read("runs").to_pylist()
        files = [*local_lake.files("quotes"), *local_lake.files("entities")]
        contents = [local_lake.store.read(file.key) for file in files]
        assert sorted(row["file_hashes"]) == sorted(hashlib.sha256(content).hexdigest() for content in contents)

    def test_lands_all_tables_of_a_date(self, lake: Lake) -> None:
        staged = stage(
            lake, {record: [rows(record, 2), rows(record, 1, 2)] for record in TABLES if record.table != "runs"}
        )

        published = land(lake, DAY, "0a1b", staged)

        assert set(published.changed) == {record.table for record in TABLES}
        assert {info.name: info.rows for info in lake.tables()} == {
            record.table: 0 if record.table == "runs" else 3 for record in TABLES
        }

    def test_again_changes_nothing(self, lake: Lake) -> None:
        staged = stage(lake, {Quote: [rows(Quote, 3)]})
        land(lake, DAY, "0a1b", staged)
        files = [(info.key, info.modified_at) for info in lake.store.list("quotes/")]

        assert land(lake, DAY, "0a1b", staged) == Published((), ())
        assert [(info.key, info.modified_at) for info in lake.store.list("quotes/")] == files

    def test_replaces_the_date_in_tables_without_staged_rows_too(self, lake: Lake) -> None:
        land(lake, DAY, "0a1b", stage(lake, {Quote: [rows(Quote, 3)], Entity: [rows(Entity, 3)]}))

        land(lake, DAY, "2c3d", stage(lake, {Entity: [rows(Entity, 2)]}))

        assert [file.rows for file in lake.files("entities")] == [2]
        assert lake.files("quotes") == []

    def test_writes_again_what_another_run_of_the_date_has_collected(self, tmp_path: Path) -> None:
        lake = Lake(Overtaken(tmp_path))

        published = land(lake, DAY, "mine", stage(lake, {Quote: [rows(Quote, 3)]}))

        assert published.deleted == ("quotes/date=2026-01-05/quotes-theirs-0000.parquet",)
        assert [(file.key, file.rows) for file in lake.files("quotes")] == [
            ("quotes/date=2026-01-05/quotes-mine-0000.parquet", 3)
        ]

    def test_writes_again_what_is_collected_before_it_is_read_back(self, tmp_path: Path) -> None:
        lake = Lake(Collected(tmp_path))

        land(lake, DAY, "mine", stage(lake, {Quote: [rows(Quote, 3)]}))

        assert [(file.key, file.rows) for file in lake.files("quotes")] == [
            ("quotes/date=2026-01-05/quotes-mine-0000.parquet", 3)
        ]

    def test_runs_of_one_date_at_once_leave_one_of_them_whole(self, lake: Lake) -> None:
        def run(number: int) -> Published:
            mine = dataclasses.replace(lake)
            staged = {}
            for record in (Quote, Entity):
                key = staged_key(f"attempt{number}", record.table)
                write_table(mine, key, rows(record, number + 1))
                staged[record.table] = [key]
            return land(mine, DAY, f"run{number}", staged)

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(run, range(3)))

        (quotes,), (entities,) = lake.files("quotes"), lake.files("entities")
        assert quotes.rows == entities.rows
        assert f"run{quotes.rows - 1}" in quotes.key
        assert f"run{quotes.rows - 1}" in entities.key

    def test_eight_writers_on_four_dates_and_two_readers(self, lake: Lake) -> None:
        """Two writers a date, a reader of ``newsmill query`` and one of Iceberg: no update is lost, and nobody sees
        half of one."""
        days = [DAY + timedelta(days=number) for number in range(4)]
        seen: list[dict[date, set[tuple[str, int]]]] = []
        done = threading.Event()

        def through_iceberg() -> dict[date, set[tuple[str, int]]]:
            """One table, as another program opens it; one whose files go while it reads them begins anew."""
            (uri,) = (info.metadata_uri for info in lake.tables() if info.name == "quotes")
            try:
                table = StaticTable.from_metadata(uri or "", iceberg_properties())
                rows = table.scan(selected_fields=("logical_date", "run_id")).to_arrow().to_pylist()
            except OSError:
                return {}
            counts = Counter((row["logical_date"], row["run_id"]) for row in rows)
            found: dict[date, set[tuple[str, int]]] = {}
            for (day, run_id), count in counts.items():
                found.setdefault(day, set()).add((run_id, count))
            return found

        def state() -> dict[date, set[tuple[str, int]]]:
            sql = "SELECT '{0}' AS t, logical_date, run_id, count(*) AS n FROM {0} GROUP BY ALL"
            found: dict[date, set[tuple[str, int]]] = {}
            for row in query(lake, " UNION ALL ".join(sql.format(t) for t in ("quotes", "entities"))).to_pylist():
                found.setdefault(row["logical_date"], set()).add((row["run_id"], row["n"]))
            return found

        def write(number: int) -> None:
            mine, day, count = dataclasses.replace(lake), days[number % 4], 2 + number // 4
            staged = stage(mine, {Quote: [rows(Quote, count)], Entity: [rows(Entity, count)]}, f"a{number}")
            land(mine, day, f"run-{number}-{count}", staged)

        def read(look: Callable[[], dict[date, set[tuple[str, int]]]]) -> None:
            while not done.is_set():
                seen.append(look())

        land(lake, DAY, "run-0-1", stage(lake, {Quote: [rows(Quote, 1)], Entity: [rows(Entity, 1)]}))
        with ThreadPoolExecutor(10) as pool:
            readers = [pool.submit(read, look) for look in (state, through_iceberg)]
            try:
                list(pool.map(write, range(8)))
            finally:
                done.set()
            for reader in readers:
                reader.result(timeout=60)

        seen += [state(), through_iceberg()]
        assert set(seen[-1]) == set(seen[-2]) == set(days)
        for found in seen:
            for day, runs in found.items():
                ((run_id, count),) = runs  # the same run, with as many rows, in both tables
                assert run_id.endswith(f"-{count}")
                assert days[int(run_id.split("-")[1]) % 4] == day
        assert not any(run_id.endswith("-1") for runs in seen[-1].values() for run_id, _ in runs)

    def test_reads_staged_rows_in_order(self, local_lake: Lake) -> None:
        keys = stage(local_lake, {Quote: [rows(Quote, 5000), rows(Quote, 2, 5000)]})["quotes"]

        pieces = list(read_staged(local_lake, Quote, keys))

        assert max(piece.num_rows for piece in pieces) < 5000
        assert pa.concat_tables(pieces).equals(rows(Quote, 5002))
