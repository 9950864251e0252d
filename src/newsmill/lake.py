"""The lake: seven Iceberg tables over plain Parquet in a folder or a bucket, switched together.

    _newsmill/head.json                  which metadata file each table is at: the one object that a publish swaps
    <table>/date=YYYY-MM-DD/*.parquet    the rows
    <table>/_iceberg/                    Iceberg metadata, which hive readers skip
    _staging/<attempt>/                  what an execution has made and not yet published
    _superseded/date=*/<state>/<table>/  what a publish has replaced, kept for a time so that it can be undone

The head is the catalog. It is replaced by compare-and-swap, so all tables of a date switch in one step, and whoever can
read the lake's URI sees the state that everybody sees. Files are immutable. A publish names in the same swap the files
that it is about to delete (``doomed``), and refuses files that another publish has doomed: so that collecting what
killed runs left behind never takes away what a living run has just uploaded.

What a publish replaces leaves the date's folder at once, since a reader of plain folders would count it twice; a copy
of the whole former state stays under ``_superseded`` until its grace is over.
"""

import hashlib
import io
import itertools
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.table import Table

from newsmill.errors import CommitConflict, NotStored, StorageError, UsageError
from newsmill.iceberg import PointerCatalog, data_files, evolve, file_date, reachable, replace_date
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, table_schema
from newsmill.storage import ObjectInfo, ObjectStore, duckdb_secret, open_store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

logger = logging.getLogger(__name__)

HEAD = "_newsmill/head.json"
HEAD_FORMAT = 1
STAGING = "_staging"
DRAFTS = "diff-"
"""What staging begins with that is not an execution's but waits to be promoted."""
SUPERSEDED = "_superseded"

SWAP_ATTEMPTS = 20
"""How often a publish is rebuilt on a newer head; with waits of up to two seconds, enough for dozens of writers."""

READ_BYTES = 8 * 2**20

DUCKDB_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
"""Nothing is downloaded behind the user's back."""


class FilesCollected(CommitConflict):
    """Another publish of the same date has deleted the files that were to be published; write them again."""


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
class Published:
    """What a publish did: the tables that have a new snapshot, and the keys that it deleted."""

    changed: tuple[str, ...]
    deleted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doomed:
    """The data files that a publish is deleting, or was when it died; ``kept`` are to be copied aside before."""

    since: datetime
    keys: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def concerns(self, logical_date: date) -> bool:
        """Whether it is about files of a date."""
        return any(f"/date={logical_date.isoformat()}/" in key for key in self.keys)

    def to_dict(self) -> dict[str, object]:
        """As the head object holds it."""
        return {"since": self.since.isoformat(), "keys": self.keys, "kept": self.kept}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """From the head object; before there were superseded states nothing was kept."""
        return cls(datetime.fromisoformat(found["since"]), tuple(found["keys"]), tuple(found.get("kept", ())))


@dataclass(frozen=True, slots=True)
class FormerState:
    """What a date was before a publish replaced it; ``files`` maps a table to the keys of the copies."""

    state_id: str
    superseded_at: datetime
    files: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Head:
    """The content of the head object; ``tag`` is the store's name for exactly this state, None for no head.

    ``tables`` maps a table to the URI of its metadata file, ``doomed`` a publish to what it is deleting.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    doomed: Mapping[str, Doomed] = field(default_factory=dict)
    commit: str = ""
    tag: str | None = None

    def to_json(self) -> bytes:
        """The object's bytes."""
        content = {
            "format": HEAD_FORMAT,
            "commit": self.commit,
            "tables": self.tables,
            "doomed": {commit: it.to_dict() for commit, it in self.doomed.items()},
        }
        return json.dumps(content, indent=2, sort_keys=True).encode() + b"\n"

    def doomed_keys(self) -> frozenset[str]:
        """All keys that are being deleted."""
        return frozenset(key for it in self.doomed.values() for key in it.keys)

    @classmethod
    def from_json(cls, content: bytes, tag: str, uri: str) -> Self:
        """Read the object's bytes; raises StorageError for what is no head or one of a newer format."""
        try:
            found = json.loads(content)
            if found["format"] != HEAD_FORMAT:
                raise StorageError(f"{uri} has format {found['format']}; this newsmill reads {HEAD_FORMAT}: upgrade it")
            doomed = {commit: Doomed.from_dict(it) for commit, it in found["doomed"].items()}
            return cls(tables=dict(found["tables"]), doomed=doomed, commit=found["commit"], tag=tag)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(f"{uri} is damaged ({error}); restore it from a copy of the bucket or folder") from error


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A table as a publish would have it, the keys of the files that the date has now, and of useless metadata."""

    table: Table
    former: list[str]
    unreachable: list[str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A publish that is prepared: the head to swap in, and what that makes useless (data files, metadata files)."""

    head: Head
    changed: tuple[str, ...]
    doomed: Doomed
    unreachable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake at a URI. It exists from the first publish on; before that it reads as empty."""

    store: ObjectStore

    @classmethod
    def open(cls, uri: str, *, endpoint: str | None = None, region: str | None = None) -> Self:
        """The lake at a folder, ``file://`` or ``s3://bucket/prefix``. Nothing is contacted yet."""
        return cls(open_store(uri, endpoint, region))

    @property
    def uri(self) -> str:
        """Where the lake is."""
        return self.store.uri()

    # Publishing

    def head(self) -> Head:
        """The current state; an empty head for a lake that does not exist yet."""
        try:
            content, tag = self.store.read_tagged(HEAD)
        except NotStored:
            return Head()
        head = Head.from_json(content, tag, self.store.uri(HEAD))
        for metadata_uri in head.tables.values():
            if not metadata_uri.startswith(f"{self.uri}/"):
                moved = metadata_uri.rpartition("/_iceberg/")[0].rpartition("/")[0]
                raise StorageError(
                    f"the lake at {self.uri} was written as {moved}, and its tables hold absolute addresses; move it"
                    " back, or run its dates again into a new lake"
                )
        return head

    def doomed(self) -> frozenset[str]:
        """The keys that publishes are deleting, or were when they died; they must not be written to."""
        return self.head().doomed_keys()

    def publish(
        self, logical_date: date, files: Mapping[str, Sequence[str]], *, check: Callable[[], None] | None = None
    ) -> Published:
        """Make ``files`` (table to keys of its data files) all there is for a date, in every table in one step.

        A table that is not named keeps its rows; one with an empty list has none for the date from now on; one whose
        files do not change gets no new snapshot. Then moves the date's superseded files out of its folder, and deletes
        what killed runs left there. Of two publishes of one date the later one replaces the earlier; of two dates both
        land. What ``check`` finds in the lake, and may raise an error for, is the state that the publish replaces.

        Raises FilesCollected if another publish of the date has deleted the files meanwhile, CommitConflict after many
        lost races, NotStored for a file that is not there.
        """
        commit = uuid.uuid4().hex
        for attempt in range(SWAP_ATTEMPTS):
            head = self.head()
            if check:
                check()
            self._finish(head, logical_date)
            try:
                plan = self._planned(head, commit, logical_date, files)
            except NotStored:
                if self.head().commit == head.commit:
                    raise
                continue  # another publish has deleted the metadata that ours was built on
            if not plan.changed and not plan.doomed.keys:
                return Published((), ())
            if self._swapped(plan.head):
                self._collect(plan)
                return Published(plan.changed, plan.doomed.keys)
            time.sleep(min(2.0, 0.05 * 2**attempt) * _jitter(commit, attempt))
        raise CommitConflict(
            f"{logical_date} was not published: other runs changed {self.uri} {SWAP_ATTEMPTS} times meanwhile;"
            " try again"
        )

    def _planned(self, head: Head, commit: str, logical_date: date, files: Mapping[str, Sequence[str]]) -> _Plan:
        self._refuse_collected(head, files)
        with ThreadPoolExecutor(len(TABLES)) as pool:  # a table is dozens of small requests, one after the other
            prepared = pool.map(lambda record: self._prepared(record, head, logical_date, files), TABLES)
            tables = {record.table: found for record, found in zip(TABLES, prepared, strict=True)}
        changed = tuple(name for name, it in tables.items() if it.table.metadata_location != head.tables.get(name))
        # All listings come before the swap. Metadata that they show belongs to this publish, to a dead one, or to one
        # that is built on an older head and so will have to start again; data files, see FilesCollected.
        superseded = self._superseded(logical_date, files)
        unreachable = tuple(key for it in tables.values() for key in it.unreachable)
        former = tuple(key for it in tables.values() for key in it.former)
        kept = former if set(former) & set(superseded) else ()
        doomed = Doomed(datetime.now(UTC), superseded, kept)
        after = Head(
            tables={name: it.table.metadata_location for name, it in tables.items()},
            doomed={**head.doomed, commit: doomed} if superseded else head.doomed,
            commit=commit,
            tag=head.tag,
        )
        return _Plan(after, changed, doomed, unreachable)

    def _refuse_collected(self, head: Head, files: Mapping[str, Sequence[str]]) -> None:
        doomed = head.doomed_keys()
        if lost := sorted(key for keys in files.values() for key in keys if key in doomed):
            raise FilesCollected(f"another run of the date has replaced {lost[0]}; write it again")

    def _prepared(
        self, record: type[Record], head: Head, logical_date: date, files: Mapping[str, Sequence[str]]
    ) -> _Prepared:
        """The table at a metadata file that has the date's new files, or at its current one if nothing changes."""
        catalog, found = PointerCatalog(self.store), head.tables.get(record.table)
        table = catalog.load(record.table, found) if found else catalog.create(record)
        before = [file.file_path for file in data_files(table, logical_date)]
        wanted = [self.store.uri(key) for key in files.get(record.table, ())]
        if record.table in files and set(wanted) != set(before):
            evolve(table, record)
            replace_date(table, logical_date, wanted, replaces=bool(before))
        # Also of a table that does not change: a killed publish may have been about to change it.
        return _Prepared(table, [uri.removeprefix(f"{self.uri}/") for uri in before], self._unreachable(table))

    def _superseded(self, logical_date: date, files: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        return tuple(
            info.key
            for name, keys in files.items()
            for info in self.store.list(date_prefix(name, logical_date))
            if info.key not in keys
        )

    def _unreachable(self, table: Table) -> list[str]:
        needed = reachable(table)
        metadata = self.store.list(f"{table.name()[-1]}/_iceberg/")
        return [info.key for info in metadata if self.store.uri(info.key) not in needed]

    def _swapped(self, head: Head) -> bool:
        """Write the head if it is still what it was; False after a lost race."""
        try:
            self.store.write_if(HEAD, head.to_json(), head.tag)
        except StorageError as error:
            # A lost connection leaves open whether the write arrived, and its repetition conflicts with itself.
            if self.head().commit == head.commit:
                return True
            if isinstance(error, CommitConflict):
                return False
            raise
        return True

    def _collect(self, plan: _Plan) -> None:
        """Clear away what the publish has made useless. What stays on an error, the date's next publish finds."""
        try:
            self._retire(plan.head.commit, plan.doomed)
            self.store.delete(plan.unreachable)
            self._forget({plan.head.commit})
        except StorageError as error:
            logger.warning("published, but superseded files were left behind: %s", error)

    def _retire(self, commit: str, doomed: Doomed) -> None:
        """Copy aside what is kept of doomed files, then delete them. Done twice, or by two at once, it is the same."""
        state_id = f"{doomed.since:{_MOMENT}}-{commit[:8]}"

        def keep(key: str) -> None:
            table, day, name = key.split("/")
            try:
                self.store.copy(key, f"{SUPERSEDED}/{day}/{state_id}/{table}/{name}")
            except NotStored:  # whoever deleted it has copied it before
                return

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(keep, doomed.kept))
        self.store.delete(doomed.keys)

    def _finish(self, head: Head, logical_date: date) -> None:
        """Do what publishes of a date have left undone.

        They stay on the list of those that delete, since one may be alive and slow, until a sweep.
        """
        for commit, doomed in head.doomed.items():
            if doomed.concerns(logical_date):
                self._retire(commit, doomed)

    def _forget(self, commits: Collection[str]) -> None:
        """Take publishes off the list of those that delete; after many lost races they stay on it until a sweep."""
        for _ in range(SWAP_ATTEMPTS):
            head = self.head()
            doomed = {commit: it for commit, it in head.doomed.items() if commit not in commits}
            if doomed == head.doomed or self._swapped(replace(head, doomed=doomed, commit=uuid.uuid4().hex)):
                return

    # Going back

    def former_states(self, logical_date: date) -> list[FormerState]:
        """What is kept of a date's earlier states, the latest last."""
        found: dict[str, dict[str, list[str]]] = {}
        for info in self.store.list(f"{SUPERSEDED}/date={logical_date.isoformat()}/"):
            _, _, state_id, table, _ = info.key.split("/")
            found.setdefault(state_id, {}).setdefault(table, []).append(info.key)
        return [
            FormerState(state_id, _moment(state_id), {table: tuple(keys) for table, keys in files.items()})
            for state_id, files in sorted(found.items())
        ]

    def rollback(self, logical_date: date) -> FormerState:
        """Make a date what it was before its last publish, in all tables in one step; returns that state.

        What is replaced by this is kept as well, so that a second rollback undoes the first. Raises UsageError if no
        earlier state is kept, CommitConflict if a run of the date publishes meanwhile.
        """
        self._finish(self.head(), logical_date)
        if not (states := self.former_states(logical_date)):
            raise UsageError(
                f"{logical_date} has no earlier state to go back to: it has landed only once, or what it replaced has"
                " been collected"
            )
        state, doomed = states[-1], self.doomed()
        files = {
            record.table: [self._restored(key, logical_date, doomed) for key in state.files.get(record.table, ())]
            for record in TABLES
        }
        self.publish(logical_date, files)
        return state

    def _restored(self, copy: str, logical_date: date, doomed: Collection[str]) -> str:
        _, _, _, table, name = copy.split("/")
        with self.store.open(copy) as stream:
            found = checksum(stream)
        key, is_there = self.place(f"{date_prefix(table, logical_date)}{name}", found, doomed)
        if not is_there:
            self.store.copy(copy, key)
        return key

    def place(self, wanted: str, content: str, doomed: Collection[str]) -> tuple[str, bool]:
        """The first key for a Parquet file of a checksum, and whether it is there already.

        Files are immutable, so a key with other bytes is passed over, and so is one that is being deleted.
        """
        for number in itertools.count():
            key = f"{wanted.removesuffix('.parquet')}-{number}.parquet" if number else wanted
            if key in doomed:
                continue
            try:
                with self.store.open(key) as stream:
                    found = checksum(stream)
            except NotStored:
                return key, False
            if found == content:
                return key, True
        raise AssertionError

    # Reading

    def tables(self) -> list[TableInfo]:
        """All tables in figures, of one state of the lake."""
        return self._steadily(lambda head: [self._info(head, record.table) for record in TABLES])

    def _info(self, head: Head, table: str) -> TableInfo:
        found = self._files(head, table)
        return TableInfo(
            name=table,
            rows=sum(file.rows for file in found),
            bytes=sum(file.bytes for file in found),
            files=len(found),
            dates=len({file.logical_date for file in found}),
            metadata_uri=head.tables.get(table),
        )

    def files(self, table: str, logical_date: date | None = None) -> list[DataFile]:
        """The data files of a table, sorted by date and key; of one date if given."""
        return self._steadily(lambda head: self._files(head, table, logical_date))

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
                for file in self._files(head, table, on)
                if since <= file.logical_date and (before is None or file.logical_date < before)
            ]
            parts = [self._rows(file.key, schema) for file in found]
            return pa.concat_tables([schema.empty_table(), *parts])

        return self._steadily(read_all)

    def _rows(self, key: str, schema: pa.Schema) -> pa.Table:
        """A data file's rows; a column that was added after it was written is null."""
        with self.store.open(key) as stream:
            file = pq.ParquetFile(stream)
            known = set(file.schema_arrow.names)
            rows = file.read([name for name in schema.names if name in known])
        columns = [rows.column(f.name) if f.name in known else pa.nulls(len(rows), f.type) for f in schema]
        return pa.table(columns, names=schema.names).cast(schema)

    def query(self, sql: str) -> pa.Table:
        """The result of a SELECT in DuckDB's dialect, each table a view, times in UTC, all of one state of the lake.

        Raises UsageError for SQL that DuckDB refuses, for statements that would change something, and for a lake that
        does not exist.
        """
        import duckdb  # noqa: PLC0415, deliberately late: runs do without it, and it costs 0.1 s

        def run(head: Head) -> pa.Table:
            if head.tag is None:
                raise UsageError(f"there is no lake at {self.uri} yet; a first run makes it")
            with duckdb.connect(config=DUCKDB_SETTINGS) as connection:
                try:
                    kinds = {statement.type for statement in connection.extract_statements(sql)}
                    if not kinds or not kinds <= {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
                        raise UsageError("a query is a SELECT; the tables are changed by runs only")
                    # By word, not by DuckDB's own list of names, which it refuses to give before the tables exist.
                    words = set(re.findall(r"\w+", sql.lower()))
                    self._make_views(connection, head, [record for record in TABLES if record.table in words])
                    return connection.execute(sql).to_arrow_table()
                except (duckdb.IOException, duckdb.HTTPException) as error:
                    raise NotStored(f"{self.uri}: {_one_line(error)}") from error
                except duckdb.Error as error:
                    raise UsageError(_one_line(error)) from error

        return self._steadily(run)

    def _make_views(self, connection: "DuckDBPyConnection", head: Head, records: Iterable[type[Record]]) -> None:
        """A view for each table; only those that a query names, since DuckDB opens every file of a view."""
        connection.execute("SET TimeZone = 'UTC'")
        if self.uri.startswith("s3://"):
            connection.execute(f"LOAD {_sql_string(_httpfs())}")
            duckdb_secret(self.store, connection)
        for record in records:
            paths = [_sql_string(_no_pattern(file.uri)) for file in self._files(head, record.table)]
            empty = f"{record.table}_columns"
            connection.register(empty, table_schema(record).empty_table())
            # The empty table gives the columns that were added after the files were written.
            view = f"CREATE VIEW {record.table} AS FROM {empty}"
            if paths:
                source = f"read_parquet([{', '.join(paths)}], hive_partitioning = false, union_by_name = true)"
                view += f" UNION ALL BY NAME FROM {source}"
            connection.execute(view)

    def _files(self, head: Head, table: str, logical_date: date | None = None) -> list[DataFile]:
        _record(table)
        if table not in head.tables:
            return []
        prefix = f"{self.uri}/"
        found = [
            DataFile(
                key=file.file_path.removeprefix(prefix),
                uri=file.file_path,
                rows=file.record_count,
                bytes=file.file_size_in_bytes,
                logical_date=file_date(file),
            )
            for file in data_files(PointerCatalog(self.store).load(table, head.tables[table]), logical_date)
        ]
        return sorted(found, key=lambda file: (file.logical_date, file.key))

    def _steadily[Read](self, read: Callable[[Head], Read]) -> Read:
        """Read one state of the lake; if its files are deleted by a publish meanwhile, the newer state instead."""
        head = self.head()
        while True:
            try:
                return read(head)
            except NotStored:
                newer = self.head()
                if newer.commit == head.commit:
                    raise
                head = newer

    # Staging

    def stage(self, attempt_id: str, *names: str) -> str:
        """The key of what an execution sets aside under names: ``stage("a1", "articles", "0003.parquet")``."""
        return "/".join((STAGING, attempt_id, *names))

    def write_table(self, key: str, table: pa.Table) -> None:
        """Write a staged table."""
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="lz4")
        self.store.write(key, sink.getvalue())

    def read_table(self, key: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read a staged table."""
        with self.store.open(key) as stream:
            return pq.read_table(stream, columns=None if columns is None else list(columns))

    def drop_staging(self, attempt_id: str) -> None:
        """Delete all that an execution has set aside."""
        self.store.delete([info.key for info in self.store.list(f"{STAGING}/{attempt_id}/")])

    def sweep(self, now: datetime, older_than: timedelta) -> list[str]:
        """Drop the staging of executions that wrote nothing for a time, and return their ids.

        Also finishes what publishes that died so long ago had begun, and removes half-written files.
        """
        latest: dict[str, datetime] = {}
        for info in self.store.list(f"{STAGING}/"):
            attempt_id = info.key.split("/")[1]
            latest[attempt_id] = max(info.modified_at, latest.get(attempt_id, info.modified_at))
        dead = sorted(attempt_id for attempt_id, at in latest.items() if at < now - older_than)
        for attempt_id in dead:
            self.drop_staging(attempt_id)
        died = {commit: it for commit, it in self.head().doomed.items() if it.since < now - older_than}
        for commit, doomed in died.items():
            self._retire(commit, doomed)
        self._forget(died)
        self.store.sweep(now - older_than)
        return dead

    def expire(self, before: datetime) -> list[str]:
        """Delete the former states that were superseded before a time; returns their keys."""
        found = [info.key for info in self.store.list(f"{SUPERSEDED}/")]
        expired = [key for key in found if _moment(key.split("/")[2]) < before]
        self.store.delete(expired)
        return expired

    def orphans(self) -> list[ObjectInfo]:
        """The files of the tables that the published state does not need, with those of runs that are at work."""
        return self._steadily(self._orphans)

    def _orphans(self, head: Head) -> list[ObjectInfo]:
        found: list[ObjectInfo] = []
        for record in TABLES:
            needed = {file.uri for file in self._files(head, record.table)}
            if record.table in head.tables:
                needed |= reachable(PointerCatalog(self.store).load(record.table, head.tables[record.table]))
            listed = self.store.list(f"{record.table}/")
            found += [info for info in listed if self.store.uri(info.key) not in needed]
        return found

    def collect(self, before: datetime) -> list[str]:
        """Delete the orphans last written before a time, and return their keys. Safe while runs are at work.

        A publish whose files are taken is told so and writes them again; one whose metadata is taken was built on the
        head that is replaced here, so it starts again.
        """
        for _ in range(SWAP_ATTEMPTS):
            head = self.head()
            keys = tuple(info.key for info in self._orphans(head) if info.modified_at < before)
            if not keys:
                return []
            commit = uuid.uuid4().hex
            doomed = Doomed(datetime.now(UTC), keys)
            if self._swapped(replace(head, doomed={**head.doomed, commit: doomed}, commit=commit)):
                self._retire(commit, doomed)
                self._forget({commit})
                return list(keys)
        raise CommitConflict(f"nothing was collected: other runs changed {self.uri} all the time; try again")


_MOMENT = "%Y%m%dT%H%M%S%fZ"


def _moment(state_id: str) -> datetime:
    """When a state was superseded: the first part of its id, so that the ids sort by time."""
    return datetime.strptime(state_id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def checksum(stream: BinaryIO) -> str:
    """The SHA-256 of a stream, read piece by piece."""
    digest = hashlib.sha256()
    while content := stream.read(READ_BYTES):
        digest.update(content)
    return digest.hexdigest()


def date_prefix(table: str, logical_date: date) -> str:
    """The hive path of a date: all its data files of a table and nothing else have keys that start with it."""
    return f"{table}/date={logical_date.isoformat()}/"


def _record(table: str) -> type[Record]:
    for record in TABLES:
        if record.table == table:
            return record
    raise UsageError(f"there is no table {table}; the tables are {', '.join(sorted(r.table for r in TABLES))}")


def _jitter(commit: str, attempt: int) -> float:
    """Between 0.5 and 1.5, different for each publish and attempt, so that writers do not meet again."""
    return 0.5 + int(commit[attempt % 30 : attempt % 30 + 2], 16) / 255


def _httpfs() -> str:
    """The extension's file: it comes as a package, since DuckDB's own way is a download."""
    from duckdb import __version__ as version  # noqa: PLC0415, see query

    file = resources.files("duckdb_extension_httpfs") / "extensions" / f"v{version}" / "httpfs.duckdb_extension"
    if not file.is_file():
        raise StorageError(f"duckdb-extension-httpfs does not fit duckdb {version}; install the same version of both")
    return str(file)


def _no_pattern(uri: str) -> str:
    """A file's path for DuckDB, which takes ``*``, ``?`` and ``[`` in a path for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in uri.removeprefix("file://"))


def _sql_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
