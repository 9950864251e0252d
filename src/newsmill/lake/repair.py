"""Metadata that is damaged, or names another place, made anew for all tables in one swap. No data file is touched."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsmill.errors import CommitConflict, Damaged, NoLake, NotStored, StorageError
from newsmill.lake.head import HEAD, SWAP_ATTEMPTS, Head, swap_head
from newsmill.lake.iceberg import PointerCatalog
from newsmill.lake.read import Lake
from newsmill.lake.restate import MadeOut, made_out
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Run


@dataclass(frozen=True, slots=True)
class Mend:
    """What was wrong with a table, or what of it is lost, in one line."""

    table: str
    detail: str
    is_lost: bool = False


def rebind(lake: Lake) -> str | None:
    """Make the metadata of a lake that was moved or copied name the place where it is now, in one swap.

    Returns the place that it named, None if that is this one. Raises Damaged for metadata that cannot be read.
    """
    for _ in range(SWAP_ATTEMPTS):
        head = lake.head()
        if head.tag is None:
            raise NoLake(lake.uri)
        if (place := head.former_place(lake.uri)) is None:
            return None
        found = {record: made_out(lake.store, head, record) for record in TABLES if record.table in head.tables}
        if _swapped(lake, head, found):
            return place
    raise CommitConflict(f"{lake.uri} was not rebound: other runs changed it all the time; try again")


def repair(lake: Lake, *, dry: bool = False) -> list[Mend]:
    """Make damaged metadata anew from what can be read of it and from the files, or with ``dry`` only say what would.

    Dates are made out by the rows of their runs, which have the checksums of all files; one that is not whole is left
    out. Where the head itself is damaged, of the runs of a date that are whole that which finished last is taken.
    """
    for _ in range(SWAP_ATTEMPTS):
        head, headless = _head(lake)
        found = {
            record: made_out(lake.store, head, record, lenient=True, headless=headless)
            for record in TABLES
            if headless or record.table in head.tables
        }
        mends = [mend for record, table in found.items() for mend in _mends(lake, head, record, table)]
        broken = {record: table for record, table in found.items() if any(_mends(lake, head, record, table))}
        if dry or not broken or _swapped(lake, head, broken):
            return mends
    raise CommitConflict(f"{lake.uri} was not repaired: other runs changed it all the time; try again")


def _head(lake: Lake) -> tuple[Head, StorageError | None]:
    """The head, or an empty one in its place and what is wrong with it."""
    try:
        head = lake.head()
    except Damaged as error:
        return Head(tag=lake.store.read_tagged(HEAD)[1]), error
    if head.tag is None:
        if not any(lake.store.list(f"{Run.table}/date=")):
            raise NoLake(lake.uri)
        return head, NotStored(f"{lake.store.uri(HEAD)} does not exist")
    return head, None


def _mends(lake: Lake, head: Head, record: type[Record], table: MadeOut) -> Iterator[Mend]:
    for line in table.damage:
        yield Mend(record.table, f"{line}; {_days(table.anew)} made out from the files" if table.anew else line)
    if not table.damage and (place := head.former_place(lake.uri)):
        yield Mend(record.table, f"its metadata named {place}")
    for line in table.left_out:
        yield Mend(record.table, line, is_lost=True)


def _days(days: Sequence[date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{len(days)} dates from {days[0]} to {days[-1]}"


def _swapped(lake: Lake, head: Head, found: dict[type[Record], MadeOut]) -> bool:
    catalog = PointerCatalog(lake.store)
    made = {record.table: catalog.restated(record, table.former, table.files) for record, table in found.items()}
    uris = {name: table.metadata_location for name, table in made.items()}
    return swap_head(lake.store, replace(head, tables={**head.tables, **uris}, commit=uuid.uuid4().hex))
