"""The lake's tables as Apache Iceberg tables, on an object store and with a catalog that is only a pointer.

PyIceberg writes manifests and metadata files as it always does, through our store; which metadata file is the current
one is the lake's business (:mod:`newsmill.lake`). A commit here is therefore prepared, not yet visible.

Two things are ours. Iceberg's addresses are absolute, so a lake that was moved or copied names the place that it was
written at; we read every address by the part of it that is a key of the lake. And metadata is **sealed**: the name of a
metadata file is the checksum of its bytes, and a property in it has the checksums of the manifests and their lists, so
that bytes that were damaged are told from those that were written and never decoded.
"""

import hashlib
import io
import json
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import TracebackType
from typing import Self, cast

import pyarrow as pa
from pyiceberg import exceptions as iceberg_errors
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.expressions import BooleanExpression, EqualTo, Reference
from pyiceberg.expressions.literals import literal
from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.manifest import DataFile, ManifestFile, read_manifest_list
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema, assign_fresh_schema_ids
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import CommitTableResponse, Table, TableProperties, Transaction
from pyiceberg.table.metadata import TableMetadata, new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.table.update import TableRequirement, TableUpdate, update_table_metadata
from pyiceberg.table.update.snapshot import ExpireSnapshots
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import IcebergType

from newsmill.errors import Damaged, NotStored, SchemaConflict, StorageError
from newsmill.schemas.record import Record
from newsmill.schemas.rows import table_schema
from newsmill.storage import ObjectStore

KEPT_SNAPSHOTS = 6
"""Older snapshots are forgotten. Those kept show what happened, and serve readers that ask for an earlier state."""

MERGED_MANIFESTS = 16
"""So many manifests are merged into one: a plan over years of dates then reads few objects."""

_THREADS = 32
"""Requests under way at once, of all tables and dates."""

DECODED = 512
"""So many metadata objects that were decoded are remembered: those of all tables, and of some publishes before."""

BOUNDED = ("logical_date", "published_at")
"""The columns of which each file's least and greatest value stand in the manifests."""

EPOCH = date(1970, 1, 1)

SEALS = "newsmill.seals"
"""The table property that maps the names of manifests and manifest lists to their seals, in JSON."""

_OWN = re.compile(r".*/([a-z]+/(?:date=\d{4}-\d\d-\d\d|_iceberg)/[^/]+)", re.DOTALL)
_SEALED = re.compile(r"\d+-([0-9a-f]{32})\.metadata\.json")
"""Names of before metadata was sealed have an UUID with dashes there."""

_UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    AssertionError,
    zlib.error,
    iceberg_errors.ValidationError,
    iceberg_errors.ValidationException,
    iceberg_errors.ResolveError,
)
"""What PyIceberg's decoders raise for bytes that are not sealed and not what was written."""


def own_key(uri: str) -> str:
    """The key of a data or metadata file in its lake, whatever place the lake had when the address was written.

    Raises Damaged for what is no such address.
    """
    if found := _OWN.fullmatch(uri):
        return found[1]
    raise Damaged(f"{uri[:200]!r} is no address of a file of a lake's table")


def is_own(key: str) -> bool:
    """Whether a key is that of a data or metadata file, and not of what file managers and others leave there."""
    name = _name(key)
    return (
        bool(_OWN.fullmatch(f"/{key}")) and not name.startswith(".") and name.endswith((".parquet", ".avro", ".json"))
    )


def seal(content: bytes) -> str:
    """The checksum of a metadata object: 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


@contextmanager
def _decoding(uri: str) -> Iterator[None]:
    """Tell bytes that cannot be decoded in one line."""
    try:
        yield
    except _UNREADABLE as error:
        raise Damaged(f"{uri} cannot be read: {' '.join(str(error).split())[:200] or type(error).__name__}") from error


class _Upload(io.BytesIO):
    """Bytes that are written to the store when the stream is closed without an error."""

    def __init__(self, target: "StoreIO", key: str) -> None:
        super().__init__()
        self._target, self._key = target, key

    def close(self) -> None:
        if not self.closed:
            content = self.getvalue()
            super().close()  # first: else one that could not be written is written again when it is collected
            self._target.write(self._key, content)

    def __exit__(
        self, exctype: type[BaseException] | None, excinst: BaseException | None, exctb: TracebackType | None
    ) -> None:
        if exctype is None:
            self.close()
        else:
            super().close()


class _Location(InputFile, OutputFile):
    """A file of the lake, by the address that it has now or had when that was written down."""

    def __init__(self, source: "StoreIO", location: str) -> None:
        super().__init__(location)
        self.source, self.store, self.key = source, source.store, own_key(location)

    def __len__(self) -> int:
        return self.store.size(self.key)

    def exists(self) -> bool:
        try:
            self.store.size(self.key)
        except NotStored:
            return False
        return True

    def open(self, seekable: bool = True) -> InputStream:  # noqa: ARG002, PyIceberg's interface
        # Metadata is small and wanted whole; of a data file only the footer is.
        return self.store.open(self.key) if self.key.endswith(".parquet") else io.BytesIO(self.source.read(self.key))

    def to_input_file(self) -> InputFile:
        return self

    def create(self, overwrite: bool = False) -> OutputStream:  # noqa: ARG002, as above
        # Every name has a fresh UUID in it, so there is nothing to be overwritten.
        return _Upload(self.source, self.key)


class StoreIO(FileIO):
    """PyIceberg's view of an object store: the same credentials and endpoint serve everything.

    ``seals`` are those that objects must have, by name; ``found`` those of all that was read or written.
    """

    def __init__(self, store: ObjectStore) -> None:
        super().__init__()
        self.store = store
        self.seals: dict[str, str] = {}
        self.found: dict[str, str] = {}

    def new_input(self, location: str) -> InputFile:
        """The object at a URI, to read."""
        return _Location(self, location)

    def new_output(self, location: str) -> OutputFile:
        """The object at a URI, to write."""
        return _Location(self, location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Delete the object at a URI."""
        uri = location if isinstance(location, str) else location.location
        self.store.delete([own_key(uri)])

    def read(self, key: str) -> bytes:
        """The bytes of a metadata object; raises Damaged if they are not those that were sealed."""
        content, name = self.store.read(key), _name(key)
        own = _SEALED.fullmatch(name)
        self.found[name] = seal(content)
        if (own[1] if own else self.seals.get(name, self.found[name])) != self.found[name]:
            raise Damaged(f"{self.store.uri(key)} is damaged: it does not have the bytes that were written")
        return content

    def write(self, key: str, content: bytes) -> None:
        """Write a metadata object."""
        self.store.write(key, content)
        self.found[_name(key)] = seal(content)


class _Held(StoreIO):
    """The same with the bytes of one object in hand, so that what is decoded is what was compared with its seal."""

    def __init__(self, store: ObjectStore, key: str, content: bytes) -> None:
        super().__init__(store)
        self._key, self._content = key, content

    def read(self, key: str) -> bytes:
        """The bytes in hand, or those of another object."""
        return self._content if key == self._key else super().read(key)


class Decoded:
    """What metadata objects say, by their bytes: these are read each time, and decoded once a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[tuple[str, ...], object] = OrderedDict()

    def of[Found](self, key: tuple[str, ...], decode: Callable[[], Found]) -> Found:
        """What is remembered, or what ``decode`` gives; nothing is remembered of bytes that it refuses."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast("Found", self._found[key])
        found = decode()
        with self._lock:
            self._found[key] = found
            while len(self._found) > DECODED:
                self._found.popitem(last=False)
        return found


_decoded = Decoded()


class _Transaction(Transaction):
    """PyIceberg's, which makes the metadata anew each time that it is asked for: some forty deep copies a commit."""

    _made: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        """The metadata with what is staged; the same until more is."""
        made = self._made
        if made is None or made[0] is not self._table.metadata or made[1] is not self._updates:
            made = self._made = (self._table.metadata, self._updates, super().table_metadata)
        return made[2]


def _name(key: str) -> str:
    return key.rpartition("/")[2]


@cache
def _numbered(columns: pa.Schema) -> Schema:
    return assign_fresh_schema_ids(NoopCatalog._convert_schema_if_needed(columns))


class PointerCatalog(NoopCatalog):
    """Prepares commits: writes the new metadata file and hands its URI back, without publishing it."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__("newsmill")
        self.io = StoreIO(store)
        self._lists: dict[str, list[ManifestFile]] = {}

    @classmethod
    def schema_of(cls, record: type[Record]) -> Schema:
        """A record's columns as Iceberg knows them, numbered anew."""
        return _numbered(table_schema(record))

    def load(self, name: str, metadata_uri: str) -> Table:
        """The table at a metadata file; raises Damaged if that cannot be read."""
        with _decoding(self.io.store.uri(own_key(metadata_uri))):
            content_seal, held = self._held(metadata_uri)
            metadata = _decoded.of(
                ("metadata", content_seal), lambda: FromInputFile.table_metadata(held.new_input(metadata_uri))
            )
            self.io.seals |= json.loads(metadata.properties.get(SEALS, "{}"))
        return Table(("newsmill", name), metadata, metadata_uri, self.io, self)

    def create(self, record: type[Record]) -> Table:
        """A new table without rows, its first metadata file written."""
        schema = self.schema_of(record)
        day = schema.find_field("logical_date").field_id
        location = self.io.store.uri(record.table)
        metadata = new_table_metadata(
            schema=schema,
            partition_spec=PartitionSpec(
                PartitionField(source_id=day, field_id=1000, transform=IdentityTransform(), name="logical_date")
            ),
            sort_order=UNSORTED_SORT_ORDER,
            location=location,
            properties={
                **_paths(location),
                TableProperties.METADATA_PREVIOUS_VERSIONS_MAX: str(KEPT_SNAPSHOTS),
                # Our files carry no field ids: columns are found by name.
                TableProperties.DEFAULT_NAME_MAPPING: schema.name_mapping.model_dump_json(),
                TableProperties.MANIFEST_MERGE_ENABLED: "true",
                TableProperties.MANIFEST_MIN_MERGE_COUNT: str(MERGED_MANIFESTS),
                # A date has one file or a few, so only columns that tell dates apart can spare a reader a file; bounds
                # of all columns would make planning over years of dates ten times slower.
                TableProperties.DEFAULT_WRITE_METRICS_MODE: "none",
                **{f"{TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX}.{name}": "full" for name in BOUNDED},
            },
        )
        return self._written(record.table, metadata, 0)

    def restated(self, record: type[Record], former: Table | None, files: Sequence[DataFile | str]) -> Table:
        """A table at the lake's own place of which ``files``, as another state has them or by key, are all there is.

        It has the columns of ``former``, or the record's, and forgets the snapshots of before. Raises NotStored for a
        file that is not there and Damaged for one whose footer cannot be read.
        """
        location = self.io.store.uri(record.table)
        if former:
            properties = {name: value for name, value in former.properties.items() if name != SEALS}
            here = {"location": location, "properties": properties | _paths(location), "current_snapshot_id": None}
            empty: dict[str, object] = {"snapshots": [], "snapshot_log": [], "metadata_log": [], "refs": {}}
            metadata = former.metadata.model_copy(update={**here, **empty}, deep=True)
        else:
            metadata = self.create(record).metadata
        listed = self.io.store.list(f"{record.table}/_iceberg/")
        versions = [int(found[1]) for info in listed if (found := re.match(r"(\d+)-", _name(info.key)))]
        table = self._written(record.table, metadata, max(versions, default=0) + 1)
        with _Transaction(table) as transaction:
            if files:
                update = transaction.update_snapshot(snapshot_properties={"newsmill.restated": str(len(files))})
                with update.fast_append() as append:
                    for file in files:
                        append.append_data_file(
                            added_file(table, self.io.store.uri(file)) if isinstance(file, str) else self._here(file)
                        )
        return table

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        """Write the metadata file that results from a transaction."""
        for requirement in requirements:
            requirement.validate(table.metadata)
        metadata = update_table_metadata(table.metadata, updates, metadata_location=table.metadata_location)
        version = int(_name(table.metadata_location).partition("-")[0])
        written = self._written(table.name()[-1], metadata, version + 1)
        return CommitTableResponse.model_validate(
            {"metadata": written.metadata, "metadata-location": written.metadata_location}
        )

    def _written(self, name: str, metadata: TableMetadata, version: int) -> Table:
        """The table at new metadata, which is sealed and written."""
        seals = {_name(uri): self._seal_of(uri) for uri in sorted(self._listed(metadata))}
        properties = metadata.properties | ({SEALS: json.dumps(seals)} if seals else {})
        metadata = metadata.model_copy(update={"properties": properties})
        content = metadata.model_dump_json(exclude_none=True).encode()
        key = f"{name}/_iceberg/{version:05d}-{seal(content)}.metadata.json"
        self.io.write(key, content)
        return Table(("newsmill", name), metadata, self.io.store.uri(key), self.io, self)

    def _seal_of(self, uri: str) -> str:
        """The seal of a manifest or a list; of one that was written before there were seals, as it is now."""
        name = _name(uri)
        if name not in self.io.seals and name not in self.io.found:
            self.io.read(own_key(uri))
        return self.io.seals.get(name) or self.io.found[name]

    def reachable(self, table: Table) -> set[str]:
        """The keys of all metadata that a table needs: current and former metadata files, manifest lists, manifests."""
        former = (entry.metadata_file for entry in table.metadata.metadata_log)
        return set(map(own_key, (table.metadata_location, *former, *self._listed(table.metadata))))

    def _listed(self, metadata: TableMetadata) -> set[str]:
        """The URIs of the manifest lists of all snapshots, and of the manifests in them."""
        lists = [snapshot.manifest_list for snapshot in metadata.snapshots]
        found = _of_each(self._manifests, lists)
        return {*lists, *(manifest.manifest_path for manifests in found for manifest in manifests)}

    def _manifests(self, uri: str) -> list[ManifestFile]:
        """What a manifest list names, which never changes.

        PyIceberg's own way shows what the process has seen of a manifest, not what is there.
        """
        if uri not in self._lists:
            with _decoding(self.io.store.uri(own_key(uri))):
                content_seal, held = self._held(uri)
                self._lists[uri] = _decoded.of(
                    ("list", content_seal), lambda: list(read_manifest_list(held.new_input(uri)))
                )
        return self._lists[uri]

    def _held(self, uri: str) -> tuple[str, StoreIO]:
        """The seal of a metadata object's bytes, and these in hand."""
        key = own_key(uri)
        content = self.io.read(key)
        return seal(content), _Held(self.io.store, key, content)

    def _here(self, file: DataFile) -> DataFile:
        """A data file of another state, at the place that the lake has now."""
        moved = DataFile(*(file[position] for position in range(len(file))))
        moved[1] = self.io.store.uri(own_key(file.file_path))
        moved.spec_id = file.spec_id
        return moved

    def plan(self, table: Table, logical_date: date | None = None) -> "Plan":
        """The data files of the current snapshot, of one date or of all.

        Raises Damaged if the list of its manifests cannot be read.
        """
        snapshot = table.current_snapshot()
        if snapshot is None:
            return Plan((), ())
        uri = self.io.store.uri(own_key(snapshot.manifest_list))
        manifests = self._manifests(snapshot.manifest_list)
        with _decoding(uri):
            stated = snapshot.summary.additional_properties.get("total-data-files") if snapshot.summary else None
            if stated is not None and int(stated) != sum(map(_live, manifests)):
                raise Damaged(f"{uri} is damaged: it does not name the {stated} files of the table")
            spans = [(manifest, *_span(manifest)) for manifest in manifests if _live(manifest)]
        wanted = [span for span in spans if logical_date is None or span[1] <= logical_date <= span[2]]

        def read(span: tuple[ManifestFile, date, date]) -> list[Listed] | Lost:
            try:
                return [file for file in self._listing(table, span[0]) if logical_date in {None, file.logical_date}]
            except (Damaged, NotStored) as error:
                return Lost(error, span[1], span[2])

        parts = _of_each(read, wanted)
        files = sorted((file for part in parts if not isinstance(part, Lost) for file in part), key=lambda f: f.key)
        return Plan(tuple(files), tuple(part for part in parts if isinstance(part, Lost)))

    def stated(self, table: Table) -> dict[str, DataFile]:
        """The data files of the current snapshot by key, as its manifests have them, as far as these can be read."""
        found: dict[str, DataFile] = {}
        if snapshot := table.current_snapshot():
            for manifest in self._manifests(snapshot.manifest_list):
                with suppress(Damaged, NotStored), _decoding(manifest.manifest_path):
                    files = [entry.data_file for entry in manifest.fetch_manifest_entry(self.io)]
                    found |= {own_key(file.file_path): file for file in files}
        return found

    def _listing(self, table: Table, manifest: ManifestFile) -> tuple["Listed", ...]:
        """The live files of a manifest; raises Damaged if they are not those that were written down."""
        uri = self.io.store.uri(own_key(manifest.manifest_path))
        with _decoding(uri):
            content_seal, held = self._held(manifest.manifest_path)
            files = _decoded.of(
                ("manifest", content_seal),
                lambda: tuple(Listed.of(entry.data_file) for entry in manifest.fetch_manifest_entry(held)),
            )
        folder = f"{table.name()[-1]}/date="
        if len(files) != _live(manifest) or any(not f.key.startswith(f"{folder}{f.logical_date}/") for f in files):
            raise Damaged(f"{uri} is damaged: it does not name the files that were written down")
        return files


def _of_each[Item, Found](function: Callable[[Item], Found], items: Sequence[Item]) -> list[Found]:
    """A function's results in order; several requests are under way at once, as each waits for a store."""
    return [function(item) for item in items] if len(items) < 2 else list(_threads().map(function, items))


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads of the process that ask a store; nothing that they do may ask for another of them."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="iceberg")


@dataclass(frozen=True, slots=True)
class Lost:
    """A manifest that cannot be read, and the first and last date that it is about."""

    error: StorageError
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Listed:
    """A data file as a manifest names it, its size in bytes: what all readers of the lake ask for."""

    key: str
    rows: int
    bytes: int
    logical_date: date

    @classmethod
    def of(cls, file: DataFile) -> Self:
        """Of all that a manifest has of it, which is four kilobytes in memory."""
        day = EPOCH + timedelta(days=file.partition[0])  # the only partition field
        return cls(own_key(file.file_path), file.record_count, file.file_size_in_bytes, day)


@dataclass(frozen=True, slots=True)
class Plan:
    """The data files that a table has, sorted by key, and what could not be read of its manifests."""

    files: tuple[Listed, ...]
    lost: tuple[Lost, ...]


def added_file(table: Table, uri: str) -> DataFile:
    """A data file as a table is to know it, by its footer; raises Damaged if that cannot be read."""
    with _decoding(uri):
        return parquet_file_to_data_file(table.io, table.metadata, uri)


def _paths(location: str) -> dict[str, str]:
    return {TableProperties.WRITE_DATA_PATH: location, TableProperties.WRITE_METADATA_PATH: f"{location}/_iceberg"}


def _live(manifest: ManifestFile) -> int:
    return (manifest.added_files_count or 0) + (manifest.existing_files_count or 0)


def _span(manifest: ManifestFile) -> tuple[date, date]:
    """The first and last date that a manifest is about."""
    (days,) = manifest.partitions or (None,)
    if days is None or days.lower_bound is None or days.upper_bound is None:
        return date.min, date.max
    return _day(days.lower_bound), _day(days.upper_bound)


def _day(bound: bytes) -> date:
    return EPOCH + timedelta(days=int.from_bytes(bound, "little", signed=True))


def _on(logical_date: date) -> BooleanExpression:
    return EqualTo(term=Reference("logical_date"), value=literal(logical_date.isoformat()))


def _columns(schema: Schema) -> list[tuple[str, IcebergType]]:
    return [(column.name, column.field_type) for column in schema.fields]


def evolve(table: Table, record: type[Record]) -> None:
    """Prepare a state of the table that has all columns of its record; nothing happens if it has them.

    Adding a column is compatible: older files read as null. Raises SchemaConflict for a column of the lake that the
    record does not have or has with another type, which is how a renamed or retyped column looks.
    """
    wanted = PointerCatalog.schema_of(record)
    if _columns(wanted) == _columns(table.schema()):
        return
    ours = {field.name: field.type for field in schema_to_pyarrow(wanted, include_field_ids=False)}
    theirs = {field.name: field.type for field in schema_to_pyarrow(table.schema(), include_field_ids=False)}
    for name, kind in theirs.items():
        if ours.get(name) != kind:
            raise SchemaConflict(
                f"{record.table}.{name} is {kind} in the lake and {ours.get(name, 'unknown')} to this newsmill; upgrade"
                " newsmill if the lake was written by a newer one, or run the dates again into a new lake"
            )
    if ours.keys() != theirs.keys():
        with table.update_schema() as update:
            update.union_by_name(wanted)


def replace_date(table: Table, logical_date: date, uris: list[str], *, replaces: bool) -> None:
    """Prepare a state in which ``uris`` are all the files of a date; ``replaces`` says whether it has others now.

    Afterwards ``table`` is at the new metadata file. A date that had files is replaced by two snapshots in one commit,
    a delete and an append: PyIceberg 0.12's overwrite, which would be one, filters manifests in threads that share an
    evaluator with state, and now and then fails with "Missing required files to delete". No metadata file has the
    snapshot in between as its current one. The files that are replaced go, so every snapshot that needs them is
    forgotten: what the metadata offers for time travel can be read.
    """
    added = [added_file(table, uri) for uri in uris]
    with _Transaction(table) as transaction:
        update = transaction.update_snapshot(snapshot_properties={"newsmill.logical-date": logical_date.isoformat()})
        if replaces:
            with update.delete() as removal:
                removal.delete_by_predicate(_on(logical_date))
        if added:
            with update.merge_append() as append:
                for file in added:
                    append.append_data_file(file)
        now = transaction.table_metadata
        by_age = sorted(now.snapshots, key=lambda past: past.sequence_number or 0)
        kept = 1 if replaces else KEPT_SNAPSHOTS
        if forgotten := [past.snapshot_id for past in by_age[:-kept] if past.snapshot_id != now.current_snapshot_id]:
            with ExpireSnapshots(transaction) as expiry:
                expiry.by_ids(forgotten)
