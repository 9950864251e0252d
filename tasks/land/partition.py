"""Land a date: write its rows as Parquet beside the lake's tables, check them there, then publish all tables at once.

The same rows give the same bytes: rows are cut into row groups by their count and size alone, sorted within each, and
neither clock nor file names enter the files.
"""

import itertools
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsmill.errors import NotStored, StorageError
from newsmill.lake import Lake, date_prefix
from newsmill.lake.publish import FilesCollected, Published, place, publish
from newsmill.lake.whole import checksum, checksum_of
from newsmill.memory import give_back
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Run, table_schema

FILE_BYTES = 256 * 2**20
"""A new file is begun once one has this many: large enough for cheap scans, small enough to be read in parallel."""

ROW_GROUP_BYTES = 8 * 2**20
"""A row group ends with the row that fills so many, or at its record's number of rows: what is in memory at once."""

LAND_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class _Written:
    """A finished local file."""

    path: Path
    rows: int


def land(
    lake: Lake,
    logical_date: date,
    run_id: str,
    staged: Mapping[str, Sequence[str]],
    *,
    check: Callable[[], None] | None = None,
) -> Published:
    """Make the staged rows (table to keys of staged Parquet files) the date's rows in all tables.

    A table without staged rows has none for the date from now on. If the files just written are collected, since
    another run of the date has published first or somebody clears up, they are written again: the later publish wins,
    whole.
    ``check`` may refuse, as in :func:`newsmill.lake.publish.publish`.
    """
    for attempt in itertools.count(1):
        try:
            files = _written(lake, logical_date, run_id, staged)
            return publish(lake, logical_date, {table: list(keys) for table, keys in files.items()}, check=check)
        except (FilesCollected, NotStored):
            if attempt == LAND_ATTEMPTS:
                raise
    raise AssertionError


def _written(
    lake: Lake, logical_date: date, run_id: str, staged: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, str]]:
    """Write the staged rows of all tables; returns table to key to SHA-256."""
    files: dict[str, dict[str, str]] = {}
    # The row of the run comes last: it holds the checksums of all the others' files.
    for record in sorted(TABLES, key=lambda record: record is Run):
        rows = read_staged(lake, record, staged.get(record.table, ()))
        if record is Run:
            rows = _with_file_hashes(rows, [content for keys in files.values() for content in keys.values()])
        files[record.table] = write_partition(lake, record, logical_date, run_id, rows)
        give_back()
    return files


def land_again(
    lake: Lake,
    logical_date: date,
    rows: Mapping[type[Record], pa.Table],
    run: Run | None = None,
    *,
    check: Callable[[], None] | None = None,
) -> Published:
    """Publish other rows in some tables of a landed date, and the row of its run with the checksums of their files.

    ``run`` is that row if anything else of it changes. ``check`` may refuse, as in
    :func:`newsmill.lake.publish.publish`.
    """
    table = lake.read(Run.table, on=logical_date)
    run_id = str(table.column("run_id")[0])
    run = run or Run.from_arrow(table)[0]
    files = {record: write_partition(lake, record, logical_date, run_id, [own]) for record, own in rows.items()}
    if run.file_hashes is not None:
        replaced = {
            checksum_of(lake.store, file.key) for record in rows for file in lake.files(record.table, logical_date)
        }
        kept = [content for content in run.file_hashes if content not in replaced]
        run = run.replace(file_hashes=(*kept, *(content for keys in files.values() for content in keys.values())))
    files[Run] = write_partition(lake, Run, logical_date, run_id, [Run.to_arrow([run])])
    return publish(lake, logical_date, {record.table: list(keys) for record, keys in files.items()}, check=check)


def _with_file_hashes(rows: Iterable[pa.Table], hashes: Sequence[str]) -> Iterator[pa.Table]:
    position = Run.arrow_schema().get_field_index("file_hashes")
    for table in rows:
        column = pa.array([list(hashes)] * len(table), Run.arrow_schema().field(position).type)
        yield table.set_column(position, table.schema.field(position), column)


def read_staged(lake: Lake, record: type[Record], keys: Sequence[str]) -> Iterator[pa.Table]:
    """The rows of staged files in order, in pieces of bounded size, with the record's columns."""
    schema = record.arrow_schema()
    for key in keys:
        with lake.store.open(key) as stream:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=4096, columns=schema.names):
                yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)


def write_partition(
    lake: Lake, record: type[Record], logical_date: date, run_id: str, tables: Iterable[pa.Table]
) -> dict[str, str]:
    """Write rows as the data files of a date, unpublished; returns key to SHA-256 of each, none for no rows.

    ``tables`` have the record's columns and are consumed once, one row group in memory at a time. Every file is read
    back and compared before its key is returned; a file that is there already with the same bytes is left alone, one
    with other bytes is never overwritten. Raises StorageError if what is read back differs.
    """
    doomed = lake.head().doomed_keys()
    landed: dict[str, str] = {}
    tables = iter(tables)
    if (first := next(tables, None)) is None:
        return landed
    # The row of an execution differs each time, so its file does as well.
    file_id = first.column("attempt_id")[0].as_py() if record is Run and first.num_rows else run_id
    rows = _with_keys(record, logical_date, run_id, itertools.chain([first], tables))
    with tempfile.TemporaryDirectory(prefix="newsmill-") as folder:
        for number, written in enumerate(_write_files(record, rows, Path(folder))):
            wanted = f"{date_prefix(record.table, logical_date)}{record.table}-{file_id}-{number:04d}.parquet"
            key, content = _upload(lake, record, written, wanted, doomed)
            landed[key] = content
            written.path.unlink()
    return landed


def _with_keys(record: type[Record], logical_date: date, run_id: str, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    schema = table_schema(record)
    for table in tables:
        dates = pa.repeat(pa.scalar(logical_date, pa.date32()), table.num_rows)
        runs = pa.repeat(pa.scalar(run_id, pa.string()), table.num_rows)
        yield pa.Table.from_arrays([dates, runs, *(table.column(f.name) for f in record.fields())], schema=schema)


def _row_groups(record: type[Record], tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows regrouped by their count and size, so that the cuts do not depend on the pieces that they came in; each
    group sorted."""
    order: list[tuple[str, Literal["ascending", "descending"]]] = [(name, "ascending") for name in record.sorted_by]
    pending: list[pa.Table] = []
    count = size = 0
    for table in tables:
        start = 0
        ends = np.cumsum(_row_bytes(table))
        while start < len(table):
            before = int(ends[start - 1]) if start else 0
            full = int(np.searchsorted(ends, before + ROW_GROUP_BYTES - size)) + 1
            end = min(full, start + record.row_group_rows - count, len(table))
            pending.append(table.slice(start, end - start))
            count, size, start = count + end - start, size + int(ends[end - 1]) - before, end
            if count == record.row_group_rows or size >= ROW_GROUP_BYTES:
                rows = pa.concat_tables(pending)
                pending, count, size = [], 0, 0
                yield rows.sort_by(order)
                give_back()
    if count:
        yield pa.concat_tables(pending).sort_by(order)


def _row_bytes(table: pa.Table) -> NDArray[np.int64]:
    """About how many bytes each row has in memory; by its values alone."""
    sizes = np.full(len(table), 8 * table.num_columns, np.int64)
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return sizes


def _write_files(record: type[Record], tables: Iterable[pa.Table], folder: Path) -> Iterator[_Written]:
    schema = table_schema(record)
    groups = _row_groups(record, tables)
    for number in itertools.count():
        if (group := next(groups, None)) is None:
            return
        path, rows = folder / f"{number}.parquet", 0
        with (
            path.open("wb") as sink,
            pq.ParquetWriter(
                sink,
                schema,
                compression="zstd",
                compression_level=6,
                use_dictionary=_dictionary_columns(record),  # type: ignore[arg-type]  # the stubs lack lists
                write_statistics=True,
                write_page_index=True,
            ) as writer,
        ):
            while group is not None:
                writer.write_table(group.combine_chunks(), row_group_size=group.num_rows)
                rows += group.num_rows
                group = next(groups, None) if sink.tell() < FILE_BYTES else None
        yield _Written(path, rows)


def _dictionary_columns(record: type[Record]) -> list[str]:
    """The Parquet paths of the string columns whose values repeat."""
    plain = record.nearly_unique
    strings = [f.name for f in table_schema(record) if f.type == pa.string() and f.name not in plain]
    lists = [f"{f.name}.list.element" for f in table_schema(record) if f.type == pa.list_(pa.string())]
    return strings + lists


def _upload(
    lake: Lake, record: type[Record], written: _Written, wanted: str, doomed: Collection[str]
) -> tuple[str, str]:
    """Bring a file to the first free key, and read it back; returns the key and the file's SHA-256."""
    with written.path.open("rb") as stream:
        content = checksum(stream)
    key, is_there = place(lake, wanted, content, doomed)
    if is_there:
        return key, content
    lake.store.write_file(key, written.path)
    with lake.store.open(key) as stream:
        if checksum(stream) != content:
            raise StorageError(f"{lake.store.uri(key)} does not have the bytes that were written; run the date again")
        stream.seek(0)
        stored = pq.ParquetFile(stream)
        if stored.metadata.num_rows != written.rows or not stored.schema_arrow.equals(table_schema(record)):
            raise StorageError(f"{lake.store.uri(key)} does not have the rows that were written; run the date again")
    return key, content
