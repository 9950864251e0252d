"""Crawl, the door of the room: a poll by the settings, with its fetcher, its archive and the processes that parse."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from newsmill.config import Settings
from newsmill.errors import Damaged, StorageError, UsageError
from newsmill.isolate import Failure, Workers
from newsmill.schemas.words import Reason
from newsmill.storage import ObjectStore, open_store
from newsmill.tasks.fetch.archive import Archive, Entry, Note, Role, entries, fetched_of
from newsmill.tasks.fetch.client import RULES_COUNT, Fetched, Fetcher, FetchLimits, Reach, SiteFiles, user_agent
from newsmill.tasks.fetch.listings import Listing, parse_list, parse_listing
from newsmill.tasks.fetch.network import Guard
from newsmill.tasks.fetch.notices import answers
from newsmill.tasks.fetch.polite import Politeness
from newsmill.tasks.fetch.poll import Polled, Poller
from newsmill.tasks.inputs.content import Problem, one_line, too_large
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.run.tombstones import Tombstones

logger = logging.getLogger(__name__)

_LISTING_BYTES = 50_000_000
"""How large a listing may be when it is unpacked: the limit that the protocol of sitemaps sets."""


def crawl(
    settings: Settings, store: ObjectStore, logical_date: date, sources: Sequence[Source], *, is_due: bool = False
) -> Polled:
    """Poll web sources, fetch what is new into the archive of a date, and log what a person ought to know of them.

    ``is_due`` leaves out those that were polled so lately that nothing new is expected.
    """
    with Archive(store, logical_date, settings.spool()) as archive:
        poller, polled = asyncio.run(_poll(settings, store, logical_date, archive, sources, is_due=is_due))
    poller.remember()
    for notice in polled.notices:
        logger.warning("%s", notice)
    fetched, failed = (sum(counts.values()) for counts in (polled.fetched, polled.failed))
    logger.info("%s; %d pages fetched, %d could not be", answers(polled.answered, polled.asked), fetched, failed)
    return polled


async def _poll(
    settings: Settings,
    store: ObjectStore,
    logical_date: date,
    archive: Archive,
    sources: Sequence[Source],
    *,
    is_due: bool,
) -> tuple[Poller, Polled]:
    def keep(fetched: Fetched) -> None:
        archive.add(fetched, Note(role=Role.ROBOTS), datetime.now(UTC))

    site_files = SiteFiles(keep=keep, kept=kept_site_files(store, logical_date, datetime.now(UTC)))
    async with fetcher(settings, site_files) as fetches:
        poller = Poller(
            store=store,
            logical_date=logical_date,
            archive=archive,
            fetcher=fetches,
            parse=parse_apart,
            read_list=partial(read_list, settings),
            removed=Tombstones.of(store),
        )
        return poller, await poller.poll(sources, is_due=is_due)


type KeptSiteFile = Callable[[str], Awaitable[Fetched | None]]


def kept_site_files(store: ObjectStore, logical_date: date, now: datetime) -> KeptSiteFile:
    """Looks up what the archive of the date, and of the one before, holds of robots.txt files that count still."""
    found: dict[str, Entry] = {}
    for day in (logical_date - timedelta(days=1), logical_date):
        for entry in entries(store, day):
            is_answer = entry.problem is None and (entry.status or 500) < 500 and entry.status != 429
            is_fresh = now - datetime.fromisoformat(entry.fetched_at) < RULES_COUNT
            if entry.note.role is Role.ROBOTS and is_answer and is_fresh:
                found[entry.address] = entry

    async def look_up(address: str) -> Fetched | None:
        if entry := found.get(address):
            with suppress(Damaged):
                return await asyncio.to_thread(fetched_of, store, entry)
        return None

    return look_up


def fetcher(settings: Settings, site_files: SiteFiles | None = None) -> Fetcher:
    """A fetcher by the settings."""
    fetch = settings.fetch
    return Fetcher(
        agent=user_agent(fetch.contact),
        limits=FetchLimits(
            max_bytes=int(settings.max_document_mb * 2**20),
            total_seconds=fetch.seconds,
            attempts=fetch.retries + 1,
            connections=fetch.hosts,
        ),
        politeness=Politeness(delay_seconds=fetch.delay, obey_robots=fetch.robots),
        reach=Reach(guard=Guard(allowed=fetch.allow)),
        site_files=site_files,
    )


def read_list(settings: Settings, uri: str) -> bytes | Problem:
    """The content of a list of addresses: a file, or an object of an S3 store."""
    is_object = uri.startswith("s3://")
    folder, _, key = uri.rpartition("/") if is_object else (str(Path(uri).parent), "", Path(uri).name)
    try:
        store = open_store(folder, endpoint=settings.s3.endpoint, region=settings.s3.region)
        size = store.size(key)
        return store.read(key) if size <= _LISTING_BYTES else too_large(_LISTING_BYTES)
    except (StorageError, UsageError) as error:
        return Problem(Reason.NOT_READABLE, one_line(error))


# Listings are parsed in processes of their own: the event loop must not wait for them, and one that hangs or swells
# the parser costs itself alone.


@cache
def _parsers() -> Workers:
    return Workers(2, _start_parsing, seconds=30.0, memory_mb=1024)


def _start_parsing() -> Callable[[tuple[bytes, str, str | None, bool]], Listing | Problem]:
    return _parsed


def _parsed(item: tuple[bytes, str, str | None, bool]) -> Listing | Problem:
    content, address, content_type, is_list = item
    if is_list:
        return parse_list(content, address=address, max_bytes=_LISTING_BYTES)
    return parse_listing(content, address=address, content_type=content_type, max_bytes=_LISTING_BYTES)


async def parse_apart(
    content: bytes, address: str, content_type: str | None, *, is_list: bool = False
) -> Listing | Problem:
    """Parse a listing in another process."""
    result = await asyncio.to_thread(_parsers().call, (content, address, content_type, is_list))
    if isinstance(result, Failure):
        return Problem(Reason(result.reason.value), result.detail)
    listing: Listing | Problem = result
    return listing
