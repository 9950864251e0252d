"""Poll the sources of a date, fetch what is new in them, and put all of it into the archive.

Reading is another matter: the rows of a date are made from its archive alone (:mod:`newsmill.tasks.fetch.archived`), so
that a run on the evening itself and one a year later read the same bytes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from urllib.parse import urljoin

from newsmill.boundary import Unforeseen, awaited_within
from newsmill.errors import Damaged
from newsmill.plain import without_login
from newsmill.schemas.words import Reason, SourceKind
from newsmill.storage import ObjectStore
from newsmill.tasks.fetch.archive import Archive, Entry, Note, Role, entries, fetched_of
from newsmill.tasks.fetch.client import Exchange, Fetched, Fetcher
from newsmill.tasks.fetch.document import refreshed_to, unfit_for_article
from newsmill.tasks.fetch.listings import Item, Listing, ListingKind, is_listing, parse_list, parse_listing
from newsmill.tasks.fetch.memory import MAX_TRIES, Memory, Seen, Validators, is_final, recall, remember_all, seen_key
from newsmill.tasks.fetch.notices import gathered
from newsmill.tasks.inputs.content import (
    Problem,
    clean_address,
    parse_moment,
    printable,
    problem_unforeseen,
)
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.run.tombstones import Tombstones

_MAX_LISTINGS = 200
"""Of one source that are followed in a poll: an index of sitemaps may name thousands."""

_MAX_DEPTH = 3
"""From a source to the listings with its items: a page, the index that its robots.txt names, one that this names."""

_MAX_REFRESHES = 2
"""Pages in a row that send browsers on to another one."""

_FRESH = timedelta(days=5)
"""An item of a sitemap whose last date is further back is not news."""

_LONG_DELAY = 60.0
"""Seconds between two requests, beyond which a host cannot be polled as others are."""

_POLLED_AT_ONCE = 200

_LARGE = 1_000_000
"""Bytes of body that take so long to pack, some 20 ms, that the loop is not to wait for it."""

_PAGE_FOR_FEED = "a page stands where a feed was"

_USUAL_SITEMAPS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap.xml")


class Parse(Protocol):
    """How listings are parsed: in this process or in another."""

    def __call__(
        self, content: bytes, address: str, content_type: str | None, *, is_list: bool = False
    ) -> Awaitable[Listing | Problem]:
        """What a document lists; ``is_list`` says that it is a list of addresses, which nothing in it tells."""


type ReadList = Callable[[str], bytes | Problem]
"""The content of a list that does not stand on the web, by its path or s3:// address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll did: articles fetched and not, by source; of the sources that list articles, how many were asked and
    how many answered; and what a person ought to know of sources, as :func:`gathered` has it."""

    fetched: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    asked: int = 0
    answered: int = 0
    notices: tuple[str, ...] = ()


async def parse_here(
    content: bytes, address: str, content_type: str | None, *, is_list: bool = False
) -> Listing | Problem:
    """Parse in this process: for tests, and for content that is trusted."""
    if is_list:
        return parse_list(content, address=address)
    return parse_listing(content, address=address, content_type=content_type, max_bytes=50_000_000)


def _told(listing: Listing) -> list[str]:
    """What a person ought to know of a listing: how much of it could not be read."""
    return [f"{len(listing.faults)} lines of it cannot be read: {listing.faults[0]}"] if listing.faults else []


class Poller:
    """Polls into the archive of one date; ``now`` is the clock of polls."""

    def __init__(
        self,
        *,
        store: ObjectStore,
        logical_date: date,
        archive: Archive,
        fetcher: Fetcher,
        parse: Parse,
        read_list: ReadList,
        removed: Tombstones | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._removed = removed or Tombstones()
        self._store = store
        self._date = logical_date
        self._archive = archive
        self._fetcher = fetcher
        self._parse = parse
        self._read_list = read_list
        self._now = now
        self._slots = asyncio.Semaphore(_POLLED_AT_ONCE)
        self._fetched: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._asked = self._answered = 0
        self._memories: list[Memory] = []
        self._reading = asyncio.Lock()
        self._failed_pages: dict[date, Mapping[str, Sequence[Entry]]] = {}
        self._logins: dict[str, str] = {}
        self._listed: dict[str, Entry] = {}
        self._done: dict[str, Note] = {}
        for entry in entries(store, logical_date):
            self._take_up(entry)

    async def poll(self, sources: Sequence[Source], *, is_due: bool = False) -> Polled:
        """Poll and fetch; ``is_due`` leaves out the sources that were polled so lately that nothing new is expected."""
        self._logins = {without_login(source.uri): source.uri for source in sources}
        known = [replace(source, uri=without_login(source.uri)) for source in sources]
        notices = await asyncio.gather(*(self._poll_guarded(source, is_due=is_due) for source in known))
        return Polled(
            fetched=dict(sorted(self._fetched.items())),
            failed=dict(sorted(self._failed.items())),
            asked=self._asked,
            answered=self._answered,
            notices=gathered((source.name, notice) for source, notice in zip(sources, notices, strict=True) if notice),
        )

    def remember(self) -> None:
        """Write what is now known of the sources; to be called when the archive is closed, and so safe in the lake."""
        remember_all(self._store, self._memories)

    def _take_up(self, entry: Entry) -> None:
        """Know what the archive holds: what a killed poll has fetched is not fetched again."""
        if entry.note.role is Role.ARTICLE and is_final(Reason(entry.problem) if entry.problem else None, entry.status):
            self._done[entry.address] = entry.note
        elif entry.note.role is Role.LISTING and entry.problem is None and entry.status == 200:
            self._listed[entry.address] = entry

    async def _poll_guarded(self, source: Source, *, is_due: bool) -> str | None:
        """A mistake of ours ends the poll of that source alone, which remembers it."""
        told = await awaited_within(source.name, self._poll_one(source, is_due=is_due))
        if not isinstance(told, Unforeseen):
            return told
        memory = await asyncio.to_thread(recall, self._store, source.name, source.uri)
        # It is no failure of the source's, so it does not count towards its retirement.
        notice = f"its poll ended by a mistake of newsmill's own: {told.detail}"
        self._memories.append(replace(memory, polled_at=self._now(), notice=notice))
        return notice

    async def _poll_one(self, source: Source, *, is_due: bool) -> str | None:
        address = clean_address(source.uri)
        if not source.is_fetched or self._removed.covers(address):
            return None
        if source.kind is SourceKind.ARTICLE and address:
            await self._fetch_item(source, Item(key=address, url=address))
            return None
        async with self._slots:
            memory = await asyncio.to_thread(recall, self._store, source.name, source.uri)
            if memory.retired_at is not None or (is_due and not memory.is_due(self._now())):
                return memory.notice
            poll = _Poll(source, memory)
            problem = await (self._poll(poll, address, depth=0) if address else self._take_list(poll))
        if poll.is_article:
            return None
        self._asked += 1
        if problem is not None:
            memory = memory.failed(self._now(), without_login(problem.detail), is_gone=poll.is_gone)
        else:
            self._answered += 1
            await self._take_waiting(poll)
            found = await self._fetch_items(poll)
            # One that is unchanged is as empty as it was.
            is_empty = not poll.lists_items and (not poll.unchanged or memory.empty_since is not None)
            memory = memory.succeeded(
                self._now(), poll.validators, found, is_empty=is_empty, notices=await self._notices(poll, address)
            )
        self._memories.append(memory)
        return memory.notice

    def _with_login(self, address: str) -> str:
        return self._logins.get(address, address)

    def _keep_login(self, address: str) -> str:
        """The address without its login, which is kept for the time of the poll and stands in nothing else."""
        plain = without_login(address)
        if plain != address:
            self._logins.setdefault(plain, address)
        return plain

    def _item_without_login(self, item: Item) -> Item:
        url = item.url and self._keep_login(item.url)
        return replace(item, key=without_login(item.key), url=url)

    # Listings

    async def _take_list(self, poll: "_Poll") -> Problem | None:
        """Read a list that does not stand on the web; what it lists is left in the poll."""
        content = await asyncio.to_thread(self._read_list, poll.source.uri)
        listing: Listing | Problem
        if isinstance(content, Problem):
            listing = content
        else:
            listing = await self._parse(content, poll.source.uri, None, is_list=True)
        problem = listing if isinstance(listing, Problem) else None
        fetched = Fetched(address=printable(poll.source.uri), exchanges=(), problem=problem)
        note = Note(role=Role.LISTING, source=poll.source.name)
        await self._keep(fetched, note)
        if isinstance(listing, Listing):
            poll.items += map(self._item_without_login, listing.items)
            poll.lists_items |= bool(listing.items)
            poll.notices += _told(listing)
        return problem

    async def _notices(self, poll: "_Poll", address: str | None) -> list[str]:
        """What a person ought to know of a poll that went well."""
        told = list(poll.notices)
        if poll.left_out:
            told.append(f"names {poll.left_out} more listings than are followed in a poll")
        if poll.too_deep:
            told.append(f"{poll.too_deep} listings stand deeper than {_MAX_DEPTH} below it and are not read")
        if address and (delay := (await self._fetcher.rules(address)).crawl_delay) > _LONG_DELAY:
            told.append(f"asks for {delay:.0f} s between two requests, so that a poll has few of its pages")
        return told

    async def _poll(self, poll: "_Poll", address: str, depth: int) -> Problem | None:
        """Read the listing at an address, and those that it names; what it lists is left in the poll."""
        if address in poll.visited:
            return None
        if len(poll.visited) >= _MAX_LISTINGS:
            poll.left_out += 1
            return None
        poll.visited.add(address)
        known = poll.memory.listings.get(address)
        if depth == 0 and known is None and poll.source.kind is SourceKind.AUTO and address in self._done:
            poll.is_article = True
            return None
        fetched, is_archived = await self._listing(poll, address, known or Validators())
        content = _content(fetched, self._fetcher.limits.max_bytes)
        may_be_article = depth == 0 and known is None and poll.source.kind is SourceKind.AUTO
        poll.is_article = may_be_article and (isinstance(content, Problem) or not is_listing(content))
        note = Note(role=Role.ARTICLE if poll.is_article else Role.LISTING, source=poll.source.name)
        if poll.is_article:
            fetched = _judged_as_article(fetched)
        if not is_archived:
            note = await self._with_rights(note, fetched)
            await self._keep(fetched, note)
        if poll.is_article:
            self._count(poll.source, fetched)
            return None
        answer = fetched.exchanges[-1] if fetched.exchanges else None
        if isinstance(content, Problem) or answer is None:
            poll.is_gone = depth == 0 and answer is not None and answer.status == 410
            return content if isinstance(content, Problem) else None
        if answer.status == 304:
            poll.unchanged.add(address)
            return None
        listing = await self._listed_in(poll.source, content, answer)
        if isinstance(listing, Problem):
            return listing
        poll.validators[address] = self._validators(listing, answer)
        is_page = listing.kind is ListingKind.PAGE and depth == 0
        fed_at = known.full_at if is_page and known else None
        if fed_at:
            # Which is remembered, and nothing by which the page could be found unchanged.
            poll.validators[address] = Validators(full_at=fed_at)
            poll.notices.append(_PAGE_FOR_FEED)
        self._take(listing, poll)
        more = listing.more
        if is_page and not more:
            more = await self._usual_listings(address)
        if depth >= _MAX_DEPTH:
            poll.too_deep += len(more) if listing.kind is ListingKind.INDEX else 0
            return None
        problems = [await self._poll(poll, self._keep_login(further), depth + 1) for further in more]
        problem = None if poll.lists_items or poll.unchanged else next(filter(None, problems), None)
        return _led_nowhere(problem, was_feed=fed_at is not None) if problem and is_page else problem

    def _validators(self, listing: Listing, answer: Exchange) -> Validators:
        if listing.kind not in (ListingKind.FEED, ListingKind.SITEMAP, ListingKind.LIST):
            # What names other listings comes whole each time: it stays the same while they change.
            return Validators()
        return Validators(etag=answer.header("etag"), last_modified=answer.header("last-modified"), full_at=self._now())

    async def _listed_in(self, source: Source, content: bytes, answer: Exchange) -> Listing | Problem:
        is_list = source.kind is SourceKind.LIST
        return await self._parse(content, answer.address, answer.header("content-type"), is_list=is_list)

    def _take(self, listing: Listing, poll: "_Poll") -> None:
        """Sort what a listing lists into the poll: many sitemaps list all that a site ever published.

        An item without a date is old if it was there when the sitemap was first read.
        """
        poll.lists_items |= bool(listing.items)
        poll.notices += _told(listing)
        for item in map(self._item_without_login, listing.items):
            dated = item.modified_at or item.published_at
            if listing.kind is not ListingKind.SITEMAP:
                poll.items.append(item)
            elif dated is None:
                (poll.old if poll.memory.succeeded_at is None else poll.items).append(item)
            elif self._now() - dated <= _FRESH:
                poll.items.append(item)
            # What is older than that will be tomorrow too, and need not be remembered.

    async def _listing(self, poll: "_Poll", address: str, known: Validators) -> tuple[Fetched, bool]:
        """What stands at a listing's address, and whether that is in the archive already."""
        archived = self._listed.get(address)
        polled_at = poll.memory.polled_at
        if archived and (polled_at is None or datetime.fromisoformat(archived.fetched_at) > polled_at):
            # A poll was killed after it had fetched this, and before it remembered having done so.
            with suppress(Damaged):
                return await asyncio.to_thread(fetched_of, self._store, archived), True
        headers = {} if poll.memory.is_waiting else known.headers(self._now())
        return await self._fetcher.get(self._with_login(address), headers=headers), False

    async def _usual_listings(self, address: str) -> tuple[str, ...]:
        """Where the listings of a site that names none are looked for: in its robots.txt, then at the usual places."""
        rules = await self._fetcher.rules(address)
        base = "/".join(address.split("/")[:3])
        named = tuple(url for url in (clean_address(urljoin(f"{base}/", found)) for found in rules.sitemaps) if url)
        return named or tuple(base + path for path in _USUAL_SITEMAPS)

    # Items

    async def _take_waiting(self, poll: "_Poll") -> None:
        """Add the items that are to be tried again to the poll's: a feed may have dropped them meanwhile.

        What they were stands in the archive of the day on which they were tried last.
        """
        listed = {seen_key(item) for item in (*poll.items, *poll.old)}
        waiting = {
            key: seen for key, seen in poll.memory.seen.items() if 0 < seen.tries < MAX_TRIES and key not in listed
        }
        for day in sorted({seen.listed_on for seen in waiting.values()}):
            for entry in (await self._failed_on(day)).get(poll.source.name, ()):
                note = entry.note
                item = Item(
                    key=note.key or "",
                    url=clean_address(entry.address),
                    title=note.title,
                    published_at=parse_moment(note.published_at),
                    version=note.version or "",
                )
                if (seen := waiting.get(seen_key(item))) and seen.listed_on == day:
                    del waiting[seen_key(item)]
                    poll.items.append(item)

    async def _failed_on(self, day: date) -> Mapping[str, Sequence[Entry]]:
        """The pages that could not be had on a day, by source: read once, however many sources ask for theirs."""
        async with self._reading:
            if day not in self._failed_pages:
                self._failed_pages[day] = await asyncio.to_thread(_failed_pages, self._store, day)
        return self._failed_pages[day]

    async def _fetch_items(self, poll: "_Poll") -> dict[str, Seen]:
        """Fetch what is new of what a poll has found; gives how each item stands afterwards."""
        found = {seen_key(item): Seen(version=item.version, listed_on=self._date) for item in poll.old}
        waiting: list[tuple[Item, Awaitable[bool]]] = []
        for item in poll.items:
            before = poll.memory.seen.get(seen_key(item))
            if not poll.memory.is_new(item) and before is not None:
                found[seen_key(item)] = Seen(version=before.version, listed_on=self._date, tries=before.tries)
            else:
                waiting.append((item, self._fetch_item(poll.source, item)))
        outcomes = await asyncio.gather(*(outcome for _, outcome in waiting))
        for (item, _), is_done in zip(waiting, outcomes, strict=True):
            before = poll.memory.seen.get(seen_key(item))
            version, tries = (before.version, before.tries) if before else (None, 0)
            # A host that asks for long delays is not given up for having had too little time.
            tries = tries if await self._is_slow(item.url) and tries else tries + 1
            found[seen_key(item)] = Seen(
                version=item.version if is_done else version,
                listed_on=self._date,
                tries=0 if is_done else tries,
            )
        return found

    async def _fetch_item(self, source: Source, item: Item) -> bool:
        """Whether the item's page need not be fetched again: it is in the archive, or cannot be had.

        A mistake of ours ends that page alone, which is tried again.
        """
        is_done = await awaited_within(item.url or item.key, self._fetch_new(source, item))
        if not isinstance(is_done, Unforeseen):
            return is_done
        fetched = Fetched(address=item.url or item.key, exchanges=(), problem=problem_unforeseen(is_done))
        await self._keep(fetched, Note(role=Role.ARTICLE, source=source.name, key=item.key))
        self._count(source, fetched)
        return False

    async def _fetch_new(self, source: Source, item: Item) -> bool:
        if self._removed.covers(item.url):
            return True
        note = Note(
            role=Role.ARTICLE,
            source=source.name,
            key=item.key,
            version=item.version or None,
            title=item.title,
            published_at=item.published_at.isoformat() if item.published_at else None,
        )
        if item.url is None:
            is_list = source.kind is SourceKind.LIST
            why = "only http and https addresses can be fetched" if is_list else "the item has no link to a page"
            fetched = Fetched(address=item.key, exchanges=(), problem=Problem(Reason.BAD_URL, why))
            await self._keep(fetched, note)
            return True
        done = self._done.get(item.url)
        if done is not None and (done.source != source.name or done.version == note.version):
            # Of two sources that list one page, the first to come to it has it.
            return True
        self._done[item.url] = note
        fetched = await self._article(item.url)
        note = await self._with_rights(note, fetched)
        entry = await self._keep(fetched, note)
        self._count(source, fetched)
        return is_final(fetched.problem.reason if fetched.problem else None, entry.status)

    async def _article(self, address: str) -> Fetched:
        """What stands at an article's address, and where pages send browsers on to."""
        fetched = await self._page(address)
        for _ in range(_MAX_REFRESHES):
            target = refreshed_to(fetched, self._fetcher.limits.max_bytes)
            if target is None or self._removed.covers(target):
                break
            onward = await self._page(target)
            exchanges = fetched.exchanges + onward.exchanges
            fetched = Fetched(address=fetched.address, exchanges=exchanges, problem=onward.problem)
        return fetched

    async def _page(self, address: str) -> Fetched:
        return await self._fetcher.get(self._with_login(address), unwanted=unfit_for_article, asks_reservations=True)

    async def _is_slow(self, address: str | None) -> bool:
        return address is not None and (await self._fetcher.rules(address)).crawl_delay > _LONG_DELAY

    async def _keep(self, fetched: Fetched, note: Note) -> Entry:
        """Put a capture into the archive before the loop goes on: a busy loop leaves other threads little time, and
        what waits for them is lost by a kill."""
        if sum(len(exchange.body) for exchange in fetched.exchanges) > _LARGE:
            return await asyncio.to_thread(self._archive.add, fetched, note, self._now())
        entry = self._archive.append(fetched, note, self._now())
        if self._archive.is_full:
            await asyncio.to_thread(self._archive.rotate)
        return entry

    async def _with_rights(self, note: Note, fetched: Fetched) -> Note:
        """The note with what the page's host asks for now; a run of the archive cannot ask it later."""
        if fetched.answer is None or note.role is not Role.ARTICLE:
            return note
        address = fetched.answer.address
        rules = await self._fetcher.rules(address)
        reservations = await self._fetcher.reservations(address)
        return replace(note, is_closed_to_ai=rules.is_closed_to_ai(address), is_reserved=reservations.cover(address))

    def _count(self, source: Source, fetched: Fetched) -> None:
        counts = self._failed if fetched.problem else self._fetched
        counts[source.name] = counts.get(source.name, 0) + 1


@dataclass(slots=True)
class _Poll:
    """One poll of a source, as far as it has come."""

    source: Source
    memory: Memory
    visited: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    validators: dict[str, Validators] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    old: list[Item] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    left_out: int = 0
    too_deep: int = 0
    lists_items: bool = False
    is_gone: bool = False
    is_article: bool = False


def _failed_pages(store: ObjectStore, day: date) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries(store, day):
        if entry.note.role is Role.ARTICLE and entry.problem is not None and entry.note.key is not None:
            found.setdefault(entry.note.source, []).append(entry)
    return found


def _is_conditional(exchange: Exchange) -> bool:
    return any(name.lower() in (b"if-none-match", b"if-modified-since") for name, _ in exchange.sent)


def _judged_as_article(fetched: Fetched) -> Fetched:
    """What was fetched before it was known to be no listing."""
    unfit = unfit_for_article(fetched.answer) if fetched.answer else None
    return replace(fetched, problem=unfit) if unfit else fetched


def _led_nowhere(problem: Problem, *, was_feed: bool) -> Problem:
    """The problem of a source whose page names no listing that can be read."""
    page = _PAGE_FOR_FEED if was_feed else "a page stands there"
    return replace(problem, detail=f"{page}, and leads to no listing that can be read: {problem.detail}")


def _content(fetched: Fetched, max_bytes: int) -> bytes | Problem:
    answer = fetched.answer
    if answer is None:
        return fetched.problem or Problem(Reason.FETCH_FAILED, "no answer")
    if answer.status == 304 and _is_conditional(answer):
        return b""
    if answer.status == 304:
        return Problem(Reason.HTTP_ERROR, "status 304, not modified, though all of it was asked for")
    if not 200 <= answer.status < 300:
        return Problem(Reason.HTTP_ERROR, f"status {answer.status}")
    return answer.content(max_bytes)
