"""The lake's tables as Apache Iceberg tables, on an object store and with a catalog that is only a pointer.

PyIceberg writes manifests and metadata files as it always does, through our store; which metadata file is the current
one is the lake's business (:mod:`newsmill.lake`). A commit here is therefore prepared, not yet visible.
"""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import TracebackType

from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.expressions import AlwaysTrue, BooleanExpression, EqualTo, Reference
from pyiceberg.expressions.literals import literal
from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.manifest import DataFile
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema, assign_fresh_schema_ids
from pyiceberg.serializers import FromInputFile, ToOutputFile
from pyiceberg.table import CommitTableResponse, Table, TableProperties
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.table.update import TableRequirement, TableUpdate, update_table_metadata
from pyiceberg.table.update.snapshot import ExpireSnapshots
from pyiceberg.transforms import IdentityTransform

from newsmill.errors import NotStored, SchemaConflict
from newsmill.schemas.record import Record
from newsmill.schemas.rows import table_schema
from newsmill.storage import ObjectStore

KEPT_SNAPSHOTS = 6
"""Older snapshots are forgotten. Those kept show what happened, and serve readers that ask for an earlier state."""

MERGED_MANIFESTS = 16
"""So many manifests are merged into one: a plan over years of dates then reads few objects."""

BOUNDED = ("logical_date", "published_at")
"""The columns of which each file's least and greatest value stand in the manifests."""

EPOCH = date(1970, 1, 1)


class _Upload(io.BytesIO):
    """Bytes that are written to the store when the stream is closed without an error."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        super().__init__()
        self._store, self._key = store, key

    def close(self) -> None:
        if not self.closed:
            self._store.write(self._key, self.getvalue())
        super().close()

    def __exit__(
        self, exctype: type[BaseException] | None, excinst: BaseException | None, exctb: TracebackType | None
    ) -> None:
        if exctype is None:
            self.close()
        else:
            super().close()


class _Location(InputFile, OutputFile):
    """A URI below the store's own."""

    def __init__(self, store: ObjectStore, location: str) -> None:
        super().__init__(location)
        self.store, self.key = store, location.removeprefix(f"{store.uri()}/")

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
        return self.store.open(self.key) if self.key.endswith(".parquet") else io.BytesIO(self.store.read(self.key))

    def to_input_file(self) -> InputFile:
        return self

    def create(self, overwrite: bool = False) -> OutputStream:  # noqa: ARG002, as above
        # Every name has a fresh UUID in it, so there is nothing to be overwritten.
        return _Upload(self.store, self.key)


class StoreIO(FileIO):
    """PyIceberg's view of an object store: the same credentials and endpoint serve everything."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__()
        self.store = store

    def new_input(self, location: str) -> InputFile:
        """The object at a URI, to read."""
        return _Location(self.store, location)

    def new_output(self, location: str) -> OutputFile:
        """The object at a URI, to write."""
        return _Location(self.store, location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Delete the object at a URI."""
        uri = location if isinstance(location, str) else location.location
        self.store.delete([_Location(self.store, uri).key])


class PointerCatalog(NoopCatalog):
    """Prepares commits: writes the new metadata file and hands its URI back, without publishing it."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__("newsmill")
        self.io = StoreIO(store)

    @classmethod
    def schema_of(cls, record: type[Record]) -> Schema:
        """A record's columns as Iceberg knows them, numbered anew."""
        return assign_fresh_schema_ids(cls._convert_schema_if_needed(table_schema(record)))

    def load(self, name: str, metadata_uri: str) -> Table:
        """The table at a metadata file."""
        metadata = FromInputFile.table_metadata(self.io.new_input(metadata_uri))
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
                TableProperties.WRITE_DATA_PATH: location,
                TableProperties.WRITE_METADATA_PATH: f"{location}/_iceberg",
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
        uri = f"{location}/_iceberg/00000-{uuid.uuid4()}.metadata.json"
        ToOutputFile.table_metadata(metadata, self.io.new_output(uri))
        return Table(("newsmill", record.table), metadata, uri, self.io, self)

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        """Write the metadata file that results from a transaction."""
        for requirement in requirements:
            requirement.validate(table.metadata)
        metadata = update_table_metadata(table.metadata, updates, metadata_location=table.metadata_location)
        version = int(table.metadata_location.rpartition("/")[2].partition("-")[0])
        provider = load_location_provider(metadata.location, metadata.properties)
        uri = provider.new_table_metadata_file_location(version + 1)
        ToOutputFile.table_metadata(metadata, self.io.new_output(uri))
        return CommitTableResponse.model_validate({"metadata": metadata, "metadata-location": uri})


def data_files(table: Table, logical_date: date | None = None) -> list[DataFile]:
    """The Parquet files of the current snapshot, of one date or of all, sorted by path."""
    wanted = AlwaysTrue() if logical_date is None else _on(logical_date)
    return sorted((task.file for task in table.scan(row_filter=wanted).plan_files()), key=lambda file: file.file_path)


def _on(logical_date: date) -> BooleanExpression:
    return EqualTo(term=Reference("logical_date"), value=literal(logical_date.isoformat()))


def file_date(file: DataFile) -> date:
    """The logical date of a data file: its only partition field."""
    return EPOCH + timedelta(days=file.partition[0])


def evolve(table: Table, record: type[Record]) -> None:
    """Prepare a state of the table that has all columns of its record; nothing happens if it has them.

    Adding a column is compatible: older files read as null. Raises SchemaConflict for a column of the lake that the
    record does not have or has with another type, which is how a renamed or retyped column looks.
    """
    wanted = PointerCatalog.schema_of(record)
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
    added = [parquet_file_to_data_file(table.io, table.metadata, uri) for uri in uris]
    with table.transaction() as transaction:
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


def reachable(table: Table) -> set[str]:
    """The URIs of all metadata that the table needs: current and former metadata files, manifest lists, manifests."""
    metadata = table.metadata
    with ThreadPoolExecutor(8) as pool:
        manifests = pool.map(lambda snapshot: snapshot.manifests(table.io), metadata.snapshots)
        return {
            table.metadata_location,
            *(entry.metadata_file for entry in metadata.metadata_log),
            *(snapshot.manifest_list for snapshot in metadata.snapshots),
            *(manifest.manifest_path for found in manifests for manifest in found),
        }
