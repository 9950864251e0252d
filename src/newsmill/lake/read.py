"""A lake as its readers see it: its tables, dates, files and rows, all of one state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import NotStored, StorageError, UsageError
from newsmill.lake.head import Head, read_head
from newsmill.lake.iceberg import PointerCatalog, data_files, file_date
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, table_schema
from newsmill.storage import ObjectStore, open_store

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
    """The data files of a table in a state of the lake, sorted by date and key; of one date if given."""
    _record(table)
    if table not in head.tables:
        return []
    prefix = f"{store.uri()}/"
    found = [
        DataFile(
            key=file.file_path.removeprefix(prefix),
            uri=file.file_path,
            rows=file.record_count,
            bytes=file.file_size_in_bytes,
            logical_date=file_date(file),
        )
        for file in data_files(PointerCatalog(store).load(table, head.tables[table]), logical_date)
    ]
    return sorted(found, key=lambda file: (file.logical_date, file.key))


def date_prefix(table: str, logical_date: date) -> str:
    """The hive path of a date: all its data files of a table and nothing else have keys that start with it."""
    return f"{table}/date={logical_date.isoformat()}/"


def _info(store: ObjectStore, head: Head, table: str) -> TableInfo:
    found = files_at(store, head, table)
    return TableInfo(
        name=table,
        rows=sum(file.rows for file in found),
        bytes=sum(file.bytes for file in found),
        files=len(found),
        dates=len({file.logical_date for file in found}),
        metadata_uri=head.tables.get(table),
    )


def _rows(store: ObjectStore, key: str, schema: pa.Schema) -> pa.Table:
    """A data file's rows; a column that was added after it was written is null."""
    with store.open(key) as stream:
        file = pq.ParquetFile(stream)
        known = set(file.schema_arrow.names)
        rows = file.read([name for name in schema.names if name in known])
    columns = [rows.column(f.name) if f.name in known else pa.nulls(len(rows), f.type) for f in schema]
    return pa.table(columns, names=schema.names).cast(schema)


def _record(table: str) -> type[Record]:
    for record in TABLES:
        if record.table == table:
            return record
    raise UsageError(f"there is no table {table}; the tables are {', '.join(sorted(r.table for r in TABLES))}")
