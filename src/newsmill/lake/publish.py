"""The publish of a date: in all tables in one step, whoever else is at work."""

import itertools
import logging
import re
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pyiceberg.table import Table

from newsmill.errors import CommitConflict, Damaged, NotStored, StorageError
from newsmill.lake.head import HEAD, SWAP_ATTEMPTS, Doomed, Head, swap_head
from newsmill.lake.iceberg import PointerCatalog, evolve, is_own, replace_date
from newsmill.lake.read import Lake
from newsmill.lake.restate import made_out
from newsmill.lake.whole import checksum, date_prefix
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Run

logger = logging.getLogger(__name__)

SUPERSEDED = "_superseded"

_MOMENT = "%Y%m%dT%H%M%S%fZ"
_COPY = re.compile(
    rf"{SUPERSEDED}/date=[\d-]+/(?P<state>\d{{8}}T\d{{12}}Z-[0-9a-f]{{8}})/(?P<table>[a-z]+)/[^/.][^/]*\.parquet"
)


class FilesCollected(CommitConflict):
    """Another publish of the same date has deleted the files that were to be published; write them again."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of a state that was replaced, set aside under ``key``."""

    key: str
    state_id: str
    table: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: the tables that have a new snapshot, and the keys that it deleted."""

    changed: tuple[str, ...]
    deleted: tuple[str, ...]


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


def publish(
    lake: Lake, logical_date: date, files: Mapping[str, Sequence[str]], *, check: Callable[[], None] | None = None
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
        head = lake.head()
        refuse_headless(lake, head)
        if check:
            check()
        finish(lake, head, logical_date)
        try:
            plan = _planned(lake, head, commit, logical_date, files)
        except NotStored:
            if lake.head().commit == head.commit:
                raise
            continue  # another publish has deleted the metadata that ours was built on
        if not plan.changed and not plan.doomed.keys:
            return Published((), ())
        if swap_head(lake.store, plan.head):
            _clear_away(lake, plan)
            return Published(plan.changed, plan.doomed.keys)
        time.sleep(min(2.0, 0.05 * 2**attempt) * _jitter(commit, attempt))
    raise CommitConflict(
        f"{logical_date} was not published: other runs changed {lake.uri} {SWAP_ATTEMPTS} times meanwhile; try again"
    )


def refuse_headless(lake: Lake, head: Head) -> None:
    """Raise Damaged where there is no head and yet there are tables that were published more than once.

    Without it a lake that has lost its head would be taken for a new one, and its dates for what killed runs left. A
    first publish makes two metadata files of a table.
    """
    if head.tag is None:
        for info in lake.store.list(f"{Run.table}/_iceberg/"):
            if re.search(r"/0*(?:[2-9]|[1-9]\d+)-[^/]+\.metadata\.json$", info.key):
                raise Damaged(f"{lake.store.uri(HEAD)} is gone; newsmill repair makes it anew from the files")


def _planned(lake: Lake, head: Head, commit: str, logical_date: date, files: Mapping[str, Sequence[str]]) -> _Plan:
    _refuse_collected(head, files)
    with ThreadPoolExecutor(len(TABLES)) as pool:  # a table is dozens of small requests, one after the other
        prepared = pool.map(lambda record: _prepared(lake, record, head, logical_date, files), TABLES)
        tables = {record.table: found for record, found in zip(TABLES, prepared, strict=True)}
    changed = tuple(name for name, it in tables.items() if it.table.metadata_location != head.tables.get(name))
    # All listings come before the swap. Metadata that they show belongs to this publish, to a dead one, or to one
    # that is built on an older head and so will have to start again; data files, see FilesCollected.
    superseded = _superseded(lake, logical_date, files)
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


def _refuse_collected(head: Head, files: Mapping[str, Sequence[str]]) -> None:
    doomed = head.doomed_keys()
    if lost := sorted(key for keys in files.values() for key in keys if key in doomed):
        raise FilesCollected(f"another run of the date has replaced {lost[0]}; write it again")


def _prepared(
    lake: Lake, record: type[Record], head: Head, logical_date: date, files: Mapping[str, Sequence[str]]
) -> _Prepared:
    """The table at a metadata file that has the date's new files, or at its current one if nothing changes.

    A table whose metadata names another place, or is damaged, is first made anew from what can be made out of it, but
    for the date if that cannot.
    """
    catalog, found = PointerCatalog(lake.store), head.tables.get(record.table)
    if found is None:
        return _changed(lake, record, catalog, catalog.create(record), logical_date, files)
    if not head.former_place(lake.uri):
        try:
            return _changed(lake, record, catalog, catalog.load(record.table, found), logical_date, files)
        except (Damaged, NotStored) as error:
            # It may be gone since another publish has made it useless, or be a new file that was collected.
            if isinstance(error, NotStored) and lake.head().commit != head.commit:
                raise
            logger.warning("%s; the metadata of %s is made anew", error, record.table)
    known = made_out(lake.store, head, record, without=logical_date)
    return _changed(lake, record, catalog, catalog.restated(record, known.former, known.files), logical_date, files)


def _changed(
    lake: Lake,
    record: type[Record],
    catalog: PointerCatalog,
    table: Table,
    logical_date: date,
    files: Mapping[str, Sequence[str]],
) -> _Prepared:
    plan = catalog.plan(table, logical_date)
    if plan.lost:
        raise plan.lost[0].error
    before = [file.key for file in plan.files]
    wanted = list(files.get(record.table, ()))
    if record.table in files and set(wanted) != set(before):
        evolve(table, record)
        replace_date(table, logical_date, [lake.store.uri(key) for key in wanted], replaces=bool(before))
    # Also of a table that does not change: a killed publish may have been about to change it.
    needed = catalog.reachable(table)
    metadata = lake.store.list(f"{record.table}/_iceberg/")
    return _Prepared(table, before, [info.key for info in metadata if info.key not in needed and is_own(info.key)])


def _superseded(lake: Lake, logical_date: date, files: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(
        info.key
        for name, keys in files.items()
        for info in lake.store.list(date_prefix(name, logical_date))
        if info.key not in keys and is_own(info.key)
    )


def _clear_away(lake: Lake, plan: _Plan) -> None:
    """Clear away what the publish has made useless. What stays on an error, the date's next publish finds."""
    try:
        retire(lake, {plan.head.commit: plan.doomed}, [plan.head.commit])
        lake.store.delete(plan.unreachable)
        forget(lake, {plan.head.commit})
    except StorageError as error:
        logger.warning("published, but superseded files were left behind: %s", error)


def retire(lake: Lake, doomed: Mapping[str, Doomed], commits: Collection[str]) -> None:
    """Delete what publishes have doomed, after what any of ``doomed`` is to keep has been copied aside.

    Of all, since one may delete what another was about to set aside when it died. Done twice, or by two at once, it is
    the same.
    """

    def keep(copied: tuple[str, str]) -> None:
        key, state_id = copied
        table, day, name = key.split("/")
        try:
            lake.store.copy(key, f"{SUPERSEDED}/{day}/{state_id}/{table}/{name}")
        except NotStored:  # whoever deleted it has copied it before
            return

    kept = [(key, _state_id(commit, it)) for commit, it in doomed.items() for key in it.kept]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, kept))
    for commit in commits:
        lake.store.delete(doomed[commit].keys)


def finish(lake: Lake, head: Head, logical_date: date) -> None:
    """Do what publishes of a date have left undone.

    They stay on the list of those that delete, since one may be alive and slow, until a sweep.
    """
    if unfinished := [commit for commit, it in head.doomed.items() if it.concerns(logical_date)]:
        retire(lake, head.doomed, unfinished)


def forget(lake: Lake, commits: Collection[str]) -> None:
    """Take publishes off the list of those that delete; after many lost races they stay on it until a sweep."""
    for _ in range(SWAP_ATTEMPTS):
        head = lake.head()
        doomed = {commit: it for commit, it in head.doomed.items() if commit not in commits}
        if doomed == head.doomed or swap_head(lake.store, replace(head, doomed=doomed, commit=uuid.uuid4().hex)):
            return


def copies(lake: Lake, logical_date: date | None = None) -> Iterator[Copy]:
    """What is kept of earlier states, of a date or of all; what file managers and others leave there is none of it."""
    folder = f"{SUPERSEDED}/" if logical_date is None else f"{SUPERSEDED}/date={logical_date.isoformat()}/"
    for info in lake.store.list(folder):
        if found := _COPY.fullmatch(info.key):
            yield Copy(info.key, found["state"], found["table"])


def superseded_at(state_id: str) -> datetime:
    """When a state was superseded: the first part of its id, so that the ids sort by time."""
    return datetime.strptime(state_id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def _state_id(commit: str, doomed: Doomed) -> str:
    return f"{doomed.since:{_MOMENT}}-{commit[:8]}"


def place(lake: Lake, wanted: str, content: str, doomed: Collection[str]) -> tuple[str, bool]:
    """The first key for a Parquet file of a checksum, and whether it is there already.

    Files are immutable, so a key with other bytes is passed over, and so is one that is being deleted.
    """
    for number in itertools.count():
        key = f"{wanted.removesuffix('.parquet')}-{number}.parquet" if number else wanted
        if key in doomed:
            continue
        try:
            with lake.store.open(key) as stream:
                found = checksum(stream)
        except NotStored:
            return key, False
        if found == content:
            return key, True
    raise AssertionError


def _jitter(commit: str, attempt: int) -> float:
    """Between 0.5 and 1.5, different for each publish and attempt, so that writers do not meet again."""
    return 0.5 + int(commit[attempt % 30 : attempt % 30 + 2], 16) / 255
