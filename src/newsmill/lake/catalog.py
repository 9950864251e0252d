"""The published tables as a catalog service knows them: by name, for readers that do not open a metadata file by path.

The head stays the truth, and a catalog is a mirror of it: behind each publish it is brought to what the head says at
that moment, whoever published. One that cannot be reached, or does not answer in time, is behind until the next publish
or ``newsmill catalog sync``; nothing waits for it.

What a catalog holds depends on its protocol. In a **SQL** catalog, Glue and Hive a table is the address of a metadata
file, so they are given the lake's own; a SQL catalog switches all tables in one transaction, as the head does. A
**REST** service owns the metadata files of its tables, and some take none from elsewhere; so it has tables of its own,
to which the lake's schemas and snapshots are committed. Either way the rows are read where they lie in the lake.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from pyiceberg import exceptions as iceberg_errors
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.table import Table, TableProperties
from pyiceberg.table.update import (
    AddSchemaUpdate,
    AddSnapshotUpdate,
    AssertRefSnapshotId,
    AssertTableUUID,
    RemoveSnapshotsUpdate,
    SetCurrentSchemaUpdate,
    SetPropertiesUpdate,
    SetSnapshotRefUpdate,
    TableUpdate,
)

from newsmill.config import CatalogConfig
from newsmill.errors import CatalogBehind, NotStored
from newsmill.lake.iceberg import PointerCatalog
from newsmill.lake.read import Lake
from newsmill.plain import without_login
from newsmill.storage import S3Store

ATTEMPTS = 5
"""How often a catalog is brought to the head while other runs go on publishing, or commit to it at the same time."""

TABLE_UUID = "newsmill.table-uuid"
"""The property of a REST service's table that says which of the lake's it mirrors: the service gives it its own."""

_SHOWN = 300
"""Characters of what a service says of an error."""


def mirror(lake: Lake, config: CatalogConfig, *, dry: bool = False) -> tuple[str, ...]:
    """Bring a catalog to what the head says, and return the tables that it had otherwise; ``dry`` changes nothing.

    Raises CatalogBehind, in one line without a secret, if that fails or takes more than ``config.seconds``.
    """
    found: list[tuple[str, ...]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(_mirrored(lake, config, dry=dry))
        except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
            failed.append(error)

    # A client that hangs in a connection cannot be ended: it is left behind, and ends with the process.
    thread = threading.Thread(target=work, name="catalog", daemon=True)
    thread.start()
    thread.join(config.seconds)
    if failed:
        if isinstance(failed[0], (CatalogBehind, *_refusals(config))):
            raise CatalogBehind(_line(config, f"{failed[0]}" or type(failed[0]).__name__)) from failed[0]
        raise failed[0]
    if not found:
        raise CatalogBehind(_line(config, f"it has not answered within {config.seconds:g} seconds"))
    return found[0]


def _line(config: CatalogConfig, said: str) -> str:
    secret = config.secret.get_secret_value() if config.secret else ""
    for part in filter(None, (secret, *secret.split(":"))):
        said = said.replace(part, "***")
    place = without_login(config.uri or "in AWS")
    detail = without_login(" ".join(said.partition("(Background on this error")[0].split()))[:_SHOWN]
    said = f"the {config.type} catalog {place} does not show what was published: {detail}"
    return f"{said.rstrip('. ')}; newsmill catalog sync tries again"


def _refusals(config: CatalogConfig) -> tuple[type[Exception], ...]:
    """What the client of a catalog raises for a service that is not there, or does not want to."""
    kinds = [kind for kind in vars(iceberg_errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    kinds += [OSError, ValueError, ImportError, LookupError]  # requests' errors are OSErrors
    if config.type == "sql":
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - only who has such a catalog pays for it

        kinds.append(SQLAlchemyError)
    if config.type == "glue":
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        kinds += [BotoCoreError, ClientError]
    if config.type == "hive":
        with suppress(ImportError):
            kinds.append(import_module("thrift.Thrift").TException)
    return tuple(kinds)


def _mirrored(lake: Lake, config: CatalogConfig, *, dry: bool) -> tuple[str, ...]:
    changed: dict[str, None] = {}
    catalog = _opened(lake, config)
    for attempt in range(1, ATTEMPTS + 1):
        head = lake.head()
        try:
            changed |= dict.fromkeys(_KINDS[config.type](catalog, lake, dict(head.tables), config.namespace, dry))
        except (iceberg_errors.CommitFailedException, NotStored):
            if attempt == ATTEMPTS:
                raise
            continue  # another run has told the catalog, or replaced the metadata that we were reading
        if dry or lake.head().tables == head.tables:
            break
    return tuple(changed)


def _opened(lake: Lake, config: CatalogConfig) -> Catalog:
    """The catalog, connected; PyIceberg's own settings for a catalog of its name count too."""
    secret = config.secret.get_secret_value() if config.secret else None
    wanted: dict[str, Any] = {"type": config.type, "uri": config.uri, "warehouse": config.warehouse}
    if config.type == "rest" and secret:
        wanted["credential" if ":" in secret else "token"] = secret
        wanted["oauth2-server-uri"] = config.oauth or f"{(config.uri or '').rstrip('/')}/v1/oauth/tokens"
    if config.type == "sql" and config.uri:
        from sqlalchemy.engine import make_url  # noqa: PLC0415 - only who has such a catalog pays for it

        address = make_url(config.uri)
        wanted["uri"] = (address.set(password=secret) if secret else address).render_as_string(hide_password=False)
    if isinstance(lake.store, S3Store):
        wanted |= {"s3.endpoint": lake.store.endpoint, "s3.region": lake.store.region}
    return load_catalog(config.name, **{name: value for name, value in wanted.items() if value})


def _tell_sql(catalog: Any, lake: Lake, tables: Mapping[str, str], namespace: str, dry: bool) -> list[str]:  # noqa: ARG001
    """All tables in one transaction."""
    from pyiceberg.catalog.sql import IcebergTables  # noqa: PLC0415
    from sqlalchemy import select  # noqa: PLC0415
    from sqlalchemy.orm import Session  # noqa: PLC0415

    if not dry:
        catalog.create_namespace_if_not_exists(namespace)
    mine = select(IcebergTables).where(
        IcebergTables.catalog_name == catalog.name, IcebergTables.table_namespace == namespace
    )
    changed = []
    with Session(catalog.engine) as session:
        rows = {row.table_name: row for row in session.scalars(mine)}
        for table, uri in tables.items():
            row = rows.get(table)
            if row is not None and row.metadata_location == uri:
                continue
            changed.append(table)
            if row is None:
                session.add(
                    IcebergTables(
                        catalog_name=catalog.name,
                        table_namespace=namespace,
                        table_name=table,
                        metadata_location=uri,
                        previous_metadata_location=None,
                    )
                )
            else:
                row.previous_metadata_location, row.metadata_location = row.metadata_location, uri
        if not dry:
            session.commit()
    return changed


def _tell_rest(catalog: Catalog, lake: Lake, tables: Mapping[str, str], namespace: str, dry: bool) -> list[str]:
    """A table at a time, each by compare-and-swap on its current snapshot."""
    if not dry:
        catalog.create_namespace_if_not_exists(namespace)
    changed = []
    for name, uri in tables.items():
        ours = PointerCatalog(lake.store).load(name, uri)
        try:
            theirs = catalog.load_table((namespace, name))
        except (iceberg_errors.NoSuchTableError, iceberg_errors.NoSuchNamespaceError):
            theirs = None
        if theirs and _is_another(lake, ours, theirs):
            theirs = None if dry else catalog.drop_table((namespace, name))
        if not theirs:
            changed.append(name)
            if dry:
                continue
            theirs = catalog.create_table(
                (namespace, name), ours.schema(), partition_spec=ours.spec(), properties=_properties(ours)
            )
        if (updates := _updates(ours, theirs)) and not dry:
            catalog.commit_table(
                theirs,
                (
                    AssertTableUUID(uuid=theirs.metadata.table_uuid),
                    AssertRefSnapshotId(ref="main", snapshot_id=theirs.metadata.current_snapshot_id),
                ),
                updates,
            )
        if updates and name not in changed:
            changed.append(name)
    return changed


def _is_another(lake: Lake, ours: Table, theirs: Table) -> bool:
    """Whether the service's table mirrors one that the lake does not have any more, so that no commit leads to ours.

    Raises CatalogBehind for a table of that name that somebody made from the lake's files: to drop it may delete them.
    """
    if f"{theirs.location()}/".startswith(f"{lake.uri}/"):
        raise CatalogBehind(f"{'.'.join(theirs.name())} stands there already, over the lake's own files; take it out")
    known = {snapshot.snapshot_id for snapshot in theirs.metadata.snapshots}
    added = [it.sequence_number or 0 for it in ours.metadata.snapshots if it.snapshot_id not in known]
    last = getattr(theirs.metadata, "last_sequence_number", 0)  # version 1 of the format has none
    return theirs.properties.get(TABLE_UUID) != str(ours.metadata.table_uuid) or min(added, default=last + 1) <= last


def _properties(ours: Table) -> dict[str, str]:
    """What a reader has to know, the mapping of columns by name above all, and which table this is."""
    mapping = ours.properties.get(TableProperties.DEFAULT_NAME_MAPPING, "")
    return {TableProperties.DEFAULT_NAME_MAPPING: mapping, TABLE_UUID: str(ours.metadata.table_uuid)}


def _updates(ours: Table, theirs: Table) -> tuple[TableUpdate, ...]:
    """What makes the service's table the lake's; nothing if it is."""
    before = {snapshot.snapshot_id for snapshot in theirs.metadata.snapshots}
    after = {snapshot.snapshot_id: snapshot for snapshot in ours.metadata.snapshots}
    current = ours.metadata.current_snapshot_id
    updates: list[TableUpdate] = []
    if ours.schema() != theirs.schema():
        updates += [AddSchemaUpdate(schema_=ours.schema()), SetCurrentSchemaUpdate(schema_id=-1)]
    if any(theirs.properties.get(name) != value for name, value in _properties(ours).items()):
        updates.append(SetPropertiesUpdate(updates=_properties(ours)))
    for snapshot in sorted(after.values(), key=lambda snapshot: snapshot.sequence_number or 0):
        if snapshot.snapshot_id not in before:
            # The schema of a snapshot is a number of the lake's, and the service counts its own; a time before the
            # table's last change is refused, and a lake that has been there for long is full of them.
            there = {"schema_id": None, "timestamp_ms": max(snapshot.timestamp_ms, theirs.metadata.last_updated_ms)}
            updates.append(AddSnapshotUpdate(snapshot=snapshot.model_copy(update=there)))
    if current is not None and current != theirs.metadata.current_snapshot_id:
        kept = {"max_ref_age_ms": None, "max_snapshot_age_ms": None, "min_snapshots_to_keep": None}
        updates.append(SetSnapshotRefUpdate(ref_name="main", type="branch", snapshot_id=current, **kept))
    if gone := sorted(before - after.keys()):
        updates.append(RemoveSnapshotsUpdate(snapshot_ids=gone))
    return tuple(updates)


def _tell_glue(catalog: Any, lake: Lake, tables: Mapping[str, str], namespace: str, dry: bool) -> list[str]:
    """A table at a time, each by compare-and-swap on Glue's version of it, so that what is granted on it stays."""
    from pyiceberg.catalog.glue import _construct_table_input  # noqa: PLC0415 - there is no public way to a new address

    if not dry:
        catalog.create_namespace_if_not_exists(namespace)
    changed = []
    for name, uri in tables.items():
        try:
            found = catalog.glue.get_table(DatabaseName=namespace, Name=name)["Table"]
        except catalog.glue.exceptions.EntityNotFoundException:
            found = None
        former = found and found.get("Parameters", {}).get("metadata_location")
        if former == uri:
            continue
        changed.append(name)
        if dry:
            continue
        metadata = PointerCatalog(lake.store).load(name, uri).metadata
        wanted = _construct_table_input(name, uri, {}, metadata, found, former)
        if found:
            catalog.glue.update_table(DatabaseName=namespace, TableInput=wanted, VersionId=found["VersionId"])
        else:
            catalog.glue.create_table(DatabaseName=namespace, TableInput=wanted)
    return changed


def _tell_hive(catalog: Catalog, lake: Lake, tables: Mapping[str, str], namespace: str, dry: bool) -> list[str]:  # noqa: ARG001
    """A table at a time; PyIceberg cannot move one that is there, so for a moment it is not."""
    if not dry:
        catalog.create_namespace_if_not_exists(namespace)
    changed = []
    for name, uri in tables.items():
        try:
            known = catalog.load_table((namespace, name)).metadata_location
        except (iceberg_errors.NoSuchTableError, iceberg_errors.NoSuchNamespaceError):
            known = None
        if known == uri:
            continue
        changed.append(name)
        if not dry:
            if known:
                catalog.drop_table((namespace, name))
            catalog.register_table((namespace, name), uri)
    return changed


_KINDS: Mapping[str, Callable[[Any, Lake, Mapping[str, str], str, bool], list[str]]] = {
    "sql": _tell_sql,
    "rest": _tell_rest,
    "glue": _tell_glue,
    "hive": _tell_hive,
}
