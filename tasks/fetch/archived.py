"""What the archive of a date holds of sources on the web, ready to be read."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from newsmill.boundary import Unforeseen, within
from newsmill.errors import Damaged
from newsmill.plain import without_login
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import OptOut, Reason, SourceKind
from newsmill.storage import ObjectStore
from newsmill.tasks.fetch.archive import Entry, Role, entries, fetched_of
from newsmill.tasks.fetch.client import Fetched
from newsmill.tasks.fetch.document import document_of
from newsmill.tasks.fetch.memory import recall
from newsmill.tasks.inputs.content import (
    Place,
    Problem,
    clean_address,
    one_line,
    printable,
    problem_unforeseen,
)
from newsmill.tasks.inputs.source import Source


def was_polled(store: ObjectStore, logical_date: date) -> bool:
    """Whether any source could be asked for what is new on a date."""
    return any(entry.note.role is Role.LISTING and entry.problem is None for entry in entries(store, logical_date))


class ArchivedPages:
    """What the archive of a date holds of web sources, ready to be read.

    A page whose publisher asks for what is ``obeyed`` is rejected.
    """

    def __init__(self, store: ObjectStore, logical_date: date, max_bytes: int, obeyed: Collection[OptOut] = ()) -> None:
        self._store = store
        self._max_bytes = max_bytes
        self._obeyed = obeyed
        self._pages: dict[str, dict[str, Entry]] = {}
        self._listings: set[str] = set()
        self._given: set[Entry] = set()
        for entry in entries(store, logical_date):
            if entry.note.role is Role.LISTING:
                self._listings.add(entry.address)
            elif entry.note.role is Role.ARTICLE:
                pages = self._pages.setdefault(entry.note.source, {})
                if entry.problem is None or pages.get(entry.address, entry).problem is not None:
                    pages[entry.address] = entry

    def of(self, source: Source) -> Iterator[RawDocument | Rejection]:
        """The pages of a source in the order of their fetching, read or rejected; ``input_id`` is the address.

        Of a page that was fetched more than once the last good answer counts. A page that another source of the same
        name has given is not given again. An article's address that was not
        fetched is rejected as NOT_ARCHIVED; a listing that was not, or had nothing new, gives nothing.
        """
        source = replace(source, uri=without_login(source.uri))
        address = clean_address(source.uri)
        pages = self._pages.get(source.name, {})
        if self._lists(source, address):
            for entry in pages.values():
                yield from self._page(entry, source, entry.address)
        elif address in pages:
            yield from self._page(pages[address], source, printable(source.uri))
        else:
            place = Place(printable(source.uri), source.name, printable(source.uri), address)
            yield place.reject(Problem(Reason.NOT_ARCHIVED, "nothing was fetched from the address for the date"))

    def _lists(self, source: Source, address: str | None) -> bool:
        if source.kind is not SourceKind.AUTO:
            return source.kind is not SourceKind.ARTICLE
        return address in self._listings or bool(recall(self._store, source.name, source.uri).listings)

    def _page(self, entry: Entry, source: Source, input_id: str) -> Iterator[RawDocument | Rejection]:
        if entry in self._given:
            return
        self._given.add(entry)
        found = within(entry.address, lambda: self._read(entry, source, input_id))
        if isinstance(found, Unforeseen):
            place = Place(input_id, source.name, self._store.uri(entry.segment), clean_address(entry.address))
            yield place.reject(problem_unforeseen(found))
        else:
            yield found

    def _read(self, entry: Entry, source: Source, input_id: str) -> RawDocument | Rejection:
        return archived_page(
            self._store, entry, input_id=input_id, source=source.name, max_bytes=self._max_bytes, obeyed=self._obeyed
        )


def archived_page(
    store: ObjectStore,
    entry: Entry,
    *,
    input_id: str,
    source: str,
    max_bytes: int,
    obeyed: Collection[OptOut] = (),
) -> RawDocument | Rejection:
    """A captured page as the document that a run makes of it; a damaged capture is rejected as BAD_ARCHIVE."""
    try:
        fetched = fetched_of(store, entry)
    except Damaged as error:
        fetched = Fetched(address=entry.address, exchanges=(), problem=Problem(Reason.BAD_ARCHIVE, one_line(error)))
    raw_uri = f"{store.uri(entry.segment)}#offset={entry.answer_offset}"
    return document_of(fetched, Place(input_id, source, raw_uri), entry.note, max_bytes=max_bytes, obeyed=obeyed)
