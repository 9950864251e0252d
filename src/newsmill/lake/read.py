"""A lake as its readers see it: its tables, dates, files and rows, all of one state."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import Damaged, NotStored, StorageError, UsageError
from newsmill.lake.head import Head, read_head
from newsmill.lake.iceberg import Lost, Plan, PointerCatalog, own_key
from newsmill.lake.whole import date_prefix, salvage
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Run, table_schema
from newsmill.storage import ObjectStore, open_store

logger = logging.getLogger(__name__)

READ_ATTEMPTS = 20
"""How often a reader begins again since a publish has deleted what it was reading."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A Parquet file of a table; ``bytes`` is its size."""

    key: str
    uri: str
    rows: int
    bytes: int
    logical_date: date


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table in figures; ``metadata_uri`` is what an Iceberg reader opens, None before the first publish."""

    name: str
    rows: int
    bytes: int
    files: int
    dates: int
    metadata_uri: str | None


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake at a URI. It exists from the first publish on; before that it reads as empty.

    What changes a lake are functions of the modules beside this one.
    """

    store: ObjectStore

    @classmethod
    def open(cls, uri: str, *, endpoint: str | None = None, region: str | None = None) -> Self:
        """The lake at a folder, ``file://`` or ``s3://bucket/prefix``. Nothing is contacted yet."""
        return cls(open_store(uri, endpoint, region))

    @property
    def uri(self) -> str:
        """Where the lake is."""
        return self.store.uri()

    def head(self) -> Head:
        """The current state; an empty head for a lake that does not exist yet."""
        return read_head(self.store)

    def tables(self) -> list[TableInfo]:
        """All tables in figures, of one state of the lake."""
        return self.steadily(lambda head: [_info(self.store, head, record.table) for record in TABLES])

    def files(self, table: str, logical_date: date | None = None) -> list[DataFile]:
        """The data files of a table, sorted by date and key; of one date if given."""
        return self.steadily(lambda head: files_at(self.store, head, table, logical_date))

    def dates(self, table: str = "articles") -> list[date]:
        """The dates that have rows in a table."""
        return sorted({file.logical_date for file in self.files(table)})

    def read(
        self,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        since: date = date.min,
        before: date | None = None,
        on: date | None = None,
    ) -> pa.Table:
        """Rows of a table, all columns or some, of all dates, of those ``since`` or ``before`` one, or ``on`` one.

        Typed even if there are none, and all of one state of the lake.
        """
        schema = table_schema(_record(table))
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])

        def read_all(head: Head) -> pa.Table:
            found = [
                file
                for file in files_at(self.store, head, table, on)
                if since <= file.logical_date and (before is None or file.logical_date < before)
            ]
            parts = [_rows(self.store, file.key, schema) for file in found]
            return pa.concat_tables([schema.empty_table(), *parts])

        return self.steadily(read_all)

    def read_dates(
        self, table: str, *, columns: Sequence[str], since: date, before: date
    ) -> Iterator[tuple[date, pa.Table]]:
        """Rows of a table by date, in order, one date in memory at a time.

        A date that is published meanwhile is given as it was before, or as it is then.
        """
        schema = pa.schema([table_schema(_record(table)).field(name) for name in columns])
        files = [file for file in self.files(table) if since <= file.logical_date < before]
        for day, found in groupby(files, lambda file: file.logical_date):
            try:
                yield day, pa.concat_tables([_rows(self.store, file.key, schema) for file in found])
            except NotStored:
                yield day, self.read(table, columns=columns, on=day)

    def steadily[Read](self, read: Callable[[Head], Read]) -> Read:
        """Read one state of the lake; if its files are deleted by a publish meanwhile, the newer state instead.

        Raises StorageError after many publishes.
        """
        head = self.head()
        for _ in range(READ_ATTEMPTS):
            try:
                return read(head)
            except NotStored:
                newer = self.head()
                if newer.commit == head.commit:
                    raise
                head = newer
        raise StorageError(
            f"{self.uri} could not be read: other runs changed it {READ_ATTEMPTS} times meanwhile; try again"
        )


def files_at(store: ObjectStore, head: Head, table: str, logical_date: date | None = None) -> list[DataFile]:
    """The data files of a table in a state of the lake, sorted by date and key; of one date if given.

    Dates whose metadata is damaged are made out from their files, with a warning; raises Damaged for one of which the
    files are not whole either.
    """
    _record(table)
    if table not in head.tables:
        return []
    plan = planned(store, head, table, logical_date)
    found = [DataFile(file.key, store.uri(file.key), file.rows, file.bytes, file.logical_date) for file in plan.files]
    for lost, day in lost_dates(store, table, plan, logical_date):
        found += [_by_footer(store, key, day) for key in salvaged(store, head, table, day)]
        _warn(f"{lost.error}; {table} of {day} was made out from its files: newsmill repair mends it")
    return sorted(found, key=lambda file: (file.logical_date, file.key))


def planned(store: ObjectStore, head: Head, table: str, logical_date: date | None = None) -> Plan:
    """What the metadata of a table says of its files; the whole table is lost if that of none of it can be read.

    Raises NotStored for metadata that is gone since another state has taken the place of this one.
    """
    catalog = PointerCatalog(store)
    try:
        plan = catalog.plan(catalog.load(table, head.tables[table]), logical_date)
    except (Damaged, NotStored) as error:
        plan = Plan((), (Lost(error, date.min, date.max),))
    if any(isinstance(lost.error, NotStored) for lost in plan.lost) and read_head(store).commit != head.commit:
        raise next(lost.error for lost in plan.lost if isinstance(lost.error, NotStored))
    return plan


def lost_dates(store: ObjectStore, table: str, plan: Plan, logical_date: date | None = None) -> list[tuple[Lost, date]]:
    """The dates that have files in a table's folder of which the metadata cannot be read, each with the reason."""
    if not plan.lost:
        return []
    known = {file.logical_date for file in plan.files}
    prefix = f"{table}/date=" if logical_date is None else date_prefix(table, logical_date)
    there = sorted({day for info in store.list(prefix) if (day := _date_of(info.key))} - known)
    return [(lost, day) for lost in plan.lost for day in there if lost.first <= day <= lost.last]


def salvaged(store: ObjectStore, head: Head, table: str, logical_date: date) -> list[str]:
    """The keys of a date's files in a table, made out without the table's metadata; raises Damaged if not whole."""
    published = [file.key for file in files_at(store, head, Run.table, logical_date)] if table != Run.table else []
    return salvage(store, logical_date, table, published)


def _by_footer(store: ObjectStore, key: str, logical_date: date) -> DataFile:
    try:
        with store.open(key) as stream:
            rows = pq.read_metadata(stream).num_rows
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{store.uri(key)} cannot be read: {' '.join(str(error).split())}") from error
    return DataFile(key, store.uri(key), rows, store.size(key), logical_date)


def _date_of(key: str) -> date | None:
    """The date in whose folder a key stands; None for what is in none."""
    try:
        return date.fromisoformat(key.split("/")[1].removeprefix("date="))
    except (ValueError, IndexError):
        return None


@cache
def _warn(line: str) -> None:
    """Say a thing once, however often it is met."""
    logger.warning("%s", line)


def _info(store: ObjectStore, head: Head, table: str) -> TableInfo:
    found = files_at(store, head, table)
    return TableInfo(
        name=table,
        rows=sum(file.rows for file in found),
        bytes=sum(file.bytes for file in found),
        files=len(found),
        dates=len({file.logical_date for file in found}),
        metadata_uri=store.uri(own_key(uri)) if (uri := head.tables.get(table)) else None,
    )


def _rows(store: ObjectStore, key: str, schema: pa.Schema) -> pa.Table:
    """A data file's rows; a column that was added after it was written is null. Raises Damaged if it has none."""
    try:
        with store.open(key) as stream:
            file = pq.ParquetFile(stream)
            known = set(file.schema_arrow.names)
            rows = file.read([name for name in schema.names if name in known])
        columns = [rows.column(f.name) if f.name in known else pa.nulls(len(rows), f.type) for f in schema]
        return pa.table(columns, names=schema.names).cast(schema)
    except (pa.ArrowException, ValueError, OSError) as error:
        detail = " ".join(str(error).split())
        raise Damaged(f"{store.uri(key)} cannot be read: {detail}; roll its date back, or run it again") from error


def _record(table: str) -> type[Record]:
    for record in TABLES:
        if record.table == table:
            return record
    raise UsageError(f"there is no table {table}; the tables are {', '.join(sorted(r.table for r in TABLES))}")
