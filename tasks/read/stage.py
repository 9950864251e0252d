"""The read stage: the sources become raw batches."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from newsmill import progress
from newsmill.config import Settings
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
from newsmill.tasks.read.sources import read_sources
from newsmill.tasks.run.attempt import Attempt, end_of
from newsmill.tasks.run.staged import RAW, REJECTED_AT_READ
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
    batches = 0
    withdrawn: set[str] = set()
    inputs = inputs_of(settings, lake.store, attempt.logical_date, attempt.sources, withdrawn.add)
    documents = tally.over(progress.counted(inputs, attempt.logical_date))
    for batch in _raw_batches(documents, settings):
        attempt.write(RAW, RawDocument.to_arrow(batch), batches)
        batches += 1
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
    max_bytes = int(settings.max_document_mb * 2**20)
    pages = ArchivedPages(store, logical_date, max_bytes, tuple(OptOut(name) for name in settings.fetch.obey))
    store_at = partial(open_store, endpoint=settings.s3.endpoint, region=settings.s3.region)
    limits = Limits(max_bytes=max_bytes, seconds=settings.page_seconds, memory_mb=settings.page_memory_mb)
    terms = Terms(now=end_of(logical_date), withdrawn=withdrawn)
    return read_sources(sources, limits=limits, terms=terms, fetched=pages.of, store_at=store_at)


class Tally:
    """Counts, identifies and sorts the inputs that pass through it; those that were removed do not."""

    def __init__(self, removed: Tombstones) -> None:
        self.removed = removed
        self.count = 0
        self.digest = hashlib.sha256()
        self.heard: set[str] = set()
        self.rejections: list[Rejection] = []
        self.short: list[str] = []

    def over(self, inputs: Iterable[RawDocument | Rejection]) -> Iterator[RawDocument]:
        """The documents among the inputs; the rejections are kept."""
        for found in inputs:
            if self.removed.covers(found.url) or self.removed.covers(found.input_id):
                continue
            self.count += 1
            self.digest.update(_identity(found))
            if isinstance(found, Rejection):
                self.rejections.append(found)
            else:
                self.heard.add(found.source)
                if found.stated and is_short(found.content.decode("utf-8", "replace"), found.stated.stated_words):
                    self.short.append(found.input_id)
                yield found


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
