"""The read stage: the sources become raw batches."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import Protocol

import pyarrow as pa

from newsmill import progress
from newsmill.config import Settings
from newsmill.schemas.record import values
from newsmill.schemas.rows import (
    RawDocument,
    Rejection,
)
from newsmill.schemas.words import OptOut
from newsmill.storage import ObjectStore, open_store
from newsmill.tasks.fetch.archived import ArchivedPages, was_polled
from newsmill.tasks.fetch.crawl import crawl
from newsmill.tasks.fetch.poll import Polled
from newsmill.tasks.formats.items import is_short
from newsmill.tasks.inputs.source import Limits, Source
from newsmill.tasks.read.items import Terms
from newsmill.tasks.read.parts import Part, is_the_same_here, parts_of
from newsmill.tasks.read.sources import StoreAt, Unread, list_sources, read_listed, read_sources
from newsmill.tasks.run.attempt import Attempt, end_of
from newsmill.tasks.run.cluster import in_order
from newsmill.tasks.run.staged import IDENTITIES, RAW, REJECTED_AT_READ
from newsmill.tasks.run.tombstones import Removed, Tombstones, bury

logger = logging.getLogger(__name__)

BATCH_BYTES = 16 << 20
"""Of documents that are staged at once; two such batches are at work in a run, in several forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What the read stage staged: ``batches`` raw batches; ``input_hash`` is over every input in order.

    ``is_quiet``: there was no input, since the sources, which could be polled, had nothing new.
    """

    batches: int
    read_count: int
    input_hash: str
    silent_sources: tuple[str, ...]
    is_quiet: bool = False
    asked_sources: int | None = None
    answered_sources: int | None = None
    """Of the sources that list articles, as the poll has it; None without one."""
    notices: tuple[str, ...] = ()
    """What a person ought to know of sources."""
    short_texts: int = 0
    """Texts that are shorter than nine tenths of the length that their source states."""
    rejected_count: int = 0
    withdrawn: tuple[str, ...] = ()
    """The ids of what agencies have killed: it lands no more, and what of it has landed is to be taken back."""


def read_batches(attempt: Attempt) -> ReadResult:
    """Read the sources one after the other and stage their documents in raw batches."""
    settings, lake = attempt.settings, attempt.lake
    on_the_web = [source for source in attempt.sources if source.is_fetched]
    polled = Polled()
    if on_the_web and not attempt.offline:
        polled = crawl(settings, lake.store, attempt.logical_date, on_the_web)
    tally = Tally(Tombstones.of(lake.store))
    withdrawn: set[str] = set()
    if settings.cluster is None:
        inputs = inputs_of(settings, lake.store, attempt.logical_date, attempt.sources, withdrawn.add)
        batches = _stage_raw(attempt, tally.over(progress.counted(inputs, attempt.logical_date)))
    else:
        batches = _read_there(settings.cluster, attempt, tally, withdrawn)
    for article_id in sorted(withdrawn):
        bury(lake.store, Removed.WITHDRAWN, article_id, attempt.started_at)
    if tally.short:
        logger.warning("%d texts are shorter than their source states, such as %s", len(tally.short), tally.short[0])
    attempt.write(REJECTED_AT_READ, Rejection.to_arrow(tally.rejections))
    return ReadResult(
        batches=batches,
        read_count=tally.count,
        input_hash=tally.digest.hexdigest(),
        silent_sources=tuple(source.name for source in attempt.sources if source.name not in tally.heard),
        is_quiet=tally.count == 0
        and (polled.answered > 0 if polled.asked else was_polled(lake.store, attempt.logical_date)),
        asked_sources=polled.asked or None,
        answered_sources=polled.answered if polled.asked else None,
        notices=polled.notices,
        short_texts=len(tally.short),
        rejected_count=len(tally.rejections),
        withdrawn=tuple(sorted(withdrawn)),
    )


def _read_there(cluster: str, attempt: Attempt, tally: "Tally", withdrawn: set[str]) -> int:
    """Have a cluster read the parts of the sources that it sees; returns how many raw batches there are.

    Only the batches are cut otherwise, which nothing depends on: the inputs are those of one process, in its order.
    """
    settings = attempt.settings
    listed = list_sources(
        attempt.sources,
        fetched=_archived(settings, attempt.lake.store, attempt.logical_date),
        store_at=cache(_store_at(settings)),
    )
    parts = parts_of(listed, settings.batch_size)
    batches = 0
    unseen: list[str] = []
    for part, seen, seen_aside in in_order(cluster, read_part, attempt, parts, stays=lambda part: part.stamps is None):
        if seen is None:
            unseen += [item.uri for item in part.inputs if isinstance(item, Unread)][:1]
        aside = seen_aside if seen else f"unseen-{len(unseen)}"
        there = replace(attempt, aside=aside)
        found = seen or _read(there, part)
        tally.add(found, there.staged_aside(REJECTED_AT_READ), there.staged_aside(IDENTITIES))
        withdrawn.update(found.withdrawn)
        places = {attempt.key(RAW, number): attempt.key(RAW, batches + number) for number in range(found.batches)}
        attempt.take_over(aside, places)
        batches += found.batches
        progress.advance(attempt.logical_date, found.count)
    if unseen:
        logger.warning(
            "%d parts of the sources were read here, since no worker sees them as they are here, such as %s",
            len(unseen),
            unseen[0],
        )
    return batches


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRead:
    """What was staged of a part: ``batches`` raw batches, the rejections, and what the input hash is over."""

    batches: int
    count: int
    heard: frozenset[str]
    short: tuple[str, ...]
    withdrawn: tuple[str, ...]


def read_part(attempt: Attempt, part: Part) -> PartRead | None:
    """Read a part and stage its documents in raw batches, numbered from 0.

    None, with nothing staged, where its files are not what they were to whoever has listed them.
    """
    if part.stamps is not None and not is_the_same_here(part, cache(_store_at(attempt.settings))):
        return None
    return _read(attempt, part)


def _read(attempt: Attempt, part: Part) -> PartRead:
    settings = attempt.settings
    store_at = cache(_store_at(settings))
    identities = Identities()
    tally = Tally(Tombstones.of(attempt.lake.store), identities)
    withdrawn: set[str] = set()
    limits, terms = _limits(settings), Terms(now=attempt.ends_at, withdrawn=withdrawn.add)

    def read() -> Iterator[RawDocument | Rejection]:
        for item in part.inputs:
            if isinstance(item, Unread):
                yield from read_listed(item, limits=limits, terms=terms, store_at=store_at)
            else:
                yield item

    batches = _stage_raw(attempt, tally.over(read()))
    attempt.write(REJECTED_AT_READ, Rejection.to_arrow(tally.rejections))
    attempt.write(IDENTITIES, pa.table([pa.array(identities.kept, pa.binary())], schema=IDENTITIES.schema))
    return PartRead(
        batches=batches,
        count=tally.count,
        heard=frozenset(tally.heard),
        short=tuple(tally.short),
        withdrawn=tuple(sorted(withdrawn)),
    )


def _stage_raw(attempt: Attempt, documents: Iterable[RawDocument]) -> int:
    """Stage documents in raw batches, numbered from 0; returns how many there are."""
    batches = 0
    for batch in _raw_batches(documents, attempt.settings):
        attempt.write(RAW, RawDocument.to_arrow(batch), batches)
        batches += 1
    return batches


def inputs_of(
    settings: Settings,
    store: ObjectStore,
    logical_date: date,
    sources: Sequence[Source],
    withdrawn: Callable[[str], object] = lambda _id: None,
) -> Iterator[RawDocument | Rejection]:
    """The inputs of a date; what is on the web is taken from the lake's archive of the date, in ``store``.

    ``withdrawn`` is told the ``article_id`` of each item that its agency has killed.
    """
    terms = Terms(now=end_of(logical_date), withdrawn=withdrawn)
    fetched = _archived(settings, store, logical_date)
    return read_sources(sources, limits=_limits(settings), terms=terms, fetched=fetched, store_at=_store_at(settings))


def _max_bytes(settings: Settings) -> int:
    return int(settings.max_document_mb * 2**20)


def _limits(settings: Settings) -> Limits:
    return Limits(max_bytes=_max_bytes(settings), seconds=settings.page_seconds, memory_mb=settings.page_memory_mb)


def _archived(
    settings: Settings, store: ObjectStore, logical_date: date
) -> Callable[[Source], Iterable[RawDocument | Rejection]]:
    obeyed = tuple(OptOut(name) for name in settings.fetch.obey)
    return ArchivedPages(store, logical_date, _max_bytes(settings), obeyed).of


def _store_at(settings: Settings) -> StoreAt:
    return partial(open_store, endpoint=settings.s3.endpoint, region=settings.s3.region)


class Digest(Protocol):
    """What takes the identities of inputs in their order."""

    def update(self, identity: bytes, /) -> None:
        """Take one more."""
        ...


class Identities:
    """The identities themselves, so that they can be hashed in the order of all inputs."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def update(self, identity: bytes, /) -> None:
        """Take one more."""
        self.kept.append(identity)


class Tally:
    """Counts, identifies and sorts the inputs that pass through it; those that were removed do not."""

    def __init__(self, removed: Tombstones, identities: Digest | None = None) -> None:
        self.removed = removed
        self.count = 0
        self.digest = hashlib.sha256()
        self._identities = self.digest if identities is None else identities
        self.heard: set[str] = set()
        self.rejections: list[Rejection] = []
        self.short: list[str] = []

    def over(self, inputs: Iterable[RawDocument | Rejection]) -> Iterator[RawDocument]:
        """The documents among the inputs; the rejections are kept."""
        for found in inputs:
            if self.removed.covers(found.url) or self.removed.covers(found.input_id):
                continue
            self.count += 1
            self._identities.update(_identity(found))
            if isinstance(found, Rejection):
                self.rejections.append(found)
            else:
                self.heard.add(found.source)
                if found.stated and is_short(found.content.decode("utf-8", "replace"), found.stated.stated_words):
                    self.short.append(found.input_id)
                yield found

    def add(self, part: PartRead, rejections: pa.Table, identities: pa.Table) -> None:
        """Count in a part that was read elsewhere."""
        self.count += part.count
        self.heard |= part.heard
        self.short += part.short
        self.rejections += Rejection.from_arrow(rejections)
        for identity in values(identities, "identity"):
            self._identities.update(identity)


def _raw_batches(documents: Iterable[RawDocument], settings: Settings) -> Iterator[list[RawDocument]]:
    """Batches of so many documents, or fewer that are large."""
    batch: list[RawDocument] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.content)
        if len(batch) >= settings.batch_size or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _identity(found: RawDocument | Rejection) -> bytes:
    """What the input hash is over: everything of an input that its rows may depend on."""
    if isinstance(found, Rejection):
        fields = [found.input_id, found.url, found.reason, found.detail]
    else:
        content = hashlib.sha256(found.content).hexdigest()
        moment = found.fetched_at.isoformat() if found.fetched_at else None
        fields = [found.input_id, found.source, found.url, found.kind, found.charset, found.raw_uri, moment, content]
        fields += [str(found.http_status), ",".join(found.opt_outs)]
        if found.listed_title or found.listed_at:
            fields += [found.listed_title, found.listed_at.isoformat() if found.listed_at else None]
        if found.stated_url:
            fields.append(found.stated_url)
        if found.stated:
            fields.append(json.dumps(found.stated.to_dict(), default=str))
    return json.dumps(fields).encode()
