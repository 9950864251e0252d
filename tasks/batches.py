"""The phases of a run over staged rows: each reads what the one before it staged and stages what it makes.

Plain functions that know the lake and the worker processes; :mod:`newsmill.tasks.stages` wraps them for Prefect. Rows
pass through the lake's staging area, so the same functions run in one process, in several or on a cluster.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import batched
from os import cpu_count
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsmill import __version__
from newsmill.config import Settings
from newsmill.errors import ValidationStopped
from newsmill.isolate import Failure, Workers
from newsmill.report import render_report
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import (
    SCHEMA_VERSION,
    Article,
    Duplicate,
    Entity,
    LedgerEntry,
    Quote,
    RawDocument,
    Rejection,
    Run,
)
from newsmill.schemas.words import EnrichmentDepth, OptOut, Reason, RunStatus, Stage
from newsmill.storage import ObjectStore, open_store
from newsmill.tasks import ledger
from newsmill.tasks.attempt import Attempt, library_versions, model_version, run_id
from newsmill.tasks.collect import ArchivedPages, was_polled
from newsmill.tasks.content import Place, Problem, without_login
from newsmill.tasks.coverage import Quiet, past_counts, quiet_sources
from newsmill.tasks.crawl import crawl
from newsmill.tasks.read import Limits, Source, read_sources
from newsmill.tasks.reduce import REVISION, Deduped, land_clustered, refuse_changed
from newsmill.tasks.tombstones import Tombstones
from newsmill.tasks.wire import find_agency

if TYPE_CHECKING:
    from newsmill.tasks.enrich import Enriched
    from newsmill.tasks.validate import Check

_BATCH_BYTES = 64 << 20
_TEXTS_A_CALL = 16

STAGED_ARTICLE = Article.arrow_schema().append(pa.field("input_id", pa.string(), nullable=False))
"""Between the stages an article still carries the name of its input."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the validation let pass, ready to be published."""

    article_count: int
    duplicate_count: int
    rejection_count: int
    entity_count: int
    quote_count: int
    attributed_count: int
    no_model: dict[str, int]
    """Language to the articles of which only quotations were found, for want of a language model."""
    validation: str
    report_uri: str
    files: dict[str, tuple[str, ...]]
    """Table to the keys of the staged files that hold its rows."""


def pools(settings: Settings) -> tuple[Workers, Workers]:
    """The extracting and the enriching children for the settings."""
    count = worker_count(settings)
    return (
        extractors(count, settings.page_seconds, settings.page_memory_mb),
        enrichers(count, settings.text_seconds, settings.model),
    )


def worker_count(settings: Settings) -> int:
    """Worker processes to use: as set, or one per processor."""
    return settings.workers or cpu_count() or 1


# Work in child processes. One pool of children a kind and process serves all batches and all runs of a backfill.


@cache
def extractors(count: int, seconds: float, memory_mb: int) -> Workers:
    """Children that extract one document a call, within limits of time and memory."""
    return Workers(count, start_extracting, seconds=seconds, memory_mb=memory_mb)


@cache
def enrichers(count: int, seconds: float, model: str) -> Workers:
    """Children that hold the language model and enrich a group of texts a call."""
    return Workers(count, partial(start_enriching, model), seconds=seconds)


def start_extracting() -> Callable[[tuple[RawDocument, datetime]], Article | Rejection]:
    """What an extracting child does: imports the extractor once, then applies it."""
    from newsmill.tasks.extract import extract_article, load_models  # noqa: PLC0415 - only the children pay for this

    load_models()
    return lambda item: extract_article(item[0], latest=item[1])


def start_enriching(model_name: str) -> Callable[[list[tuple[str, str, str | None]]], list["Enriched"]]:
    """What an enriching child does: loads the model once, then enriches groups of (article_id, text, language)."""
    from newsmill.tasks.enrich import enrich_texts, load_model  # noqa: PLC0415 - only the children load spaCy

    return partial(enrich_texts, load_model(model_name))


def extract_all(
    documents: Iterable[RawDocument], settings: Settings, latest: datetime
) -> Iterator[Article | Rejection]:
    """Extract documents in order; one that hangs, swells or crashes is rejected."""
    workers, _ = pools(settings)
    items = ((document, document.fetched_at or latest) for document in documents)
    for (document, _), result in workers.pairs(items):
        if isinstance(result, Failure):
            yield _rejected(Stage.EXTRACT, result, document.input_id, document.url, document.raw_uri)
        else:
            yield result


def enrich_all(texts: Iterable[tuple[str, str, str | None]], settings: Settings) -> Iterator["Enriched | Failure"]:
    """Enrich (article_id, text, language) in order; gives what was found, or a failure.

    When a group fails, its texts are tried one by one, so that one text costs only itself.
    """
    _, workers = pools(settings)
    for group, result in workers.pairs(list(group) for group in batched(texts, _TEXTS_A_CALL)):
        for part in [workers.call([text]) for text in group] if isinstance(result, Failure) else [result]:
            if isinstance(part, Failure):
                yield part
            else:
                yield from part


def _rejected(stage: Stage, failure: Failure, input_id: str, url: str | None, raw_uri: str) -> Rejection:
    return Rejection(
        input_id=input_id,
        url=url,
        stage=stage,
        reason=Reason(failure.reason.value),
        detail=failure.detail,
        expectation=None,
        raw_uri=raw_uri,
    )


# The tasks


def read_batches(attempt: Attempt) -> ReadResult:
    """Read the sources one after the other and stage their documents in raw batches."""
    settings, lake = attempt.settings, attempt.lake()
    for workers in pools(settings):
        workers.warm()
    on_the_web = [source for source in attempt.sources if source.is_fetched]
    if on_the_web and not attempt.offline:
        crawl(settings, lake.store, attempt.logical_date, on_the_web)
    tally = Tally(Tombstones.of(lake.store))
    batches = 0
    inputs = inputs_of(settings, lake.store, attempt.logical_date, attempt.sources)
    for batch in _raw_batches(tally.over(inputs), settings):
        lake.write_table(attempt.key("raw", batches), RawDocument.to_arrow(batch))
        batches += 1
    lake.write_table(attempt.key("rejected-read"), Rejection.to_arrow(tally.rejections))
    return ReadResult(
        batches=batches,
        read_count=tally.count,
        input_hash=tally.digest.hexdigest(),
        silent_sources=tuple(source.name for source in attempt.sources if source.name not in tally.heard),
        is_quiet=tally.count == 0 and was_polled(lake.store, attempt.logical_date),
    )


def inputs_of(
    settings: Settings, store: ObjectStore, logical_date: date, sources: Sequence[Source]
) -> Iterator[RawDocument | Rejection]:
    """The inputs of a date; what is on the web is taken from the lake's archive of the date, in ``store``."""
    max_bytes = int(settings.max_document_mb * 2**20)
    pages = ArchivedPages(store, logical_date, max_bytes, tuple(OptOut(name) for name in settings.fetch.obey))
    store_at = partial(open_store, endpoint=settings.s3.endpoint, region=settings.s3.region)
    return read_sources(sources, limits=Limits(max_bytes=max_bytes), fetched=pages.of, store_at=store_at)


class Tally:
    """Counts, identifies and sorts the inputs that pass through it; those that were removed do not."""

    def __init__(self, removed: Tombstones) -> None:
        self.removed = removed
        self.count = 0
        self.digest = hashlib.sha256()
        self.heard: set[str] = set()
        self.rejections: list[Rejection] = []

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
                yield found


def _raw_batches(documents: Iterable[RawDocument], settings: Settings) -> Iterator[list[RawDocument]]:
    """Batches of so many documents, or fewer that are large."""
    batch: list[RawDocument] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.content)
        if len(batch) >= settings.batch_size or size >= _BATCH_BYTES:
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
    return json.dumps(fields).encode()


def extract_batch(attempt: Attempt, number: int) -> int:
    """Extract a raw batch; stages its articles and its rejections. Returns how many articles there are."""
    lake = attempt.lake()
    documents = RawDocument.from_arrow(lake.read_table(attempt.key("raw", number)))
    articles: list[Article] = []
    inputs: list[str] = []
    rejections: list[Rejection] = []
    removed = Tombstones.of(lake.store)
    results = extract_all(documents, attempt.settings, attempt.latest)
    for document, result in zip(documents, results, strict=True):
        if isinstance(result, Rejection):
            rejections.append(result)
        elif removed.covers(result.canonical_url) or removed.covers_article(result.article_id):
            detail = "removed on demand; its tombstone keeps it out"
            problem = Problem(Reason.REMOVED, detail)
            rejections.append(Place(document.input_id, document.source, document.raw_uri).reject(problem))
        else:
            articles.append(with_agency(result).replace(opt_outs=document.opt_outs))
            inputs.append(document.input_id)
    lake.write_table(attempt.key("extracted", number), _staged(articles, inputs))
    lake.write_table(attempt.key("rejected-extract", number), Rejection.to_arrow(rejections))
    return len(articles)


def with_agency(article: Article) -> Article:
    """The article with the agency that it credits."""
    wire = find_agency(article.text, article.authors, article.hostname)
    return article.replace(
        is_wire=wire is not None,
        wire_agency=wire.agency if wire else None,
        wire_evidence=wire.evidence if wire else None,
    )


def enrich_batch(attempt: Attempt, number: int) -> int:
    """Enrich the kept articles of a batch; stages articles, entities, quotes and rejections. Returns the articles."""
    lake = attempt.lake()
    kept = lake.read_table(attempt.key("kept", number))
    table = lake.read_table(attempt.key("extracted", number)).take(kept.column("row"))
    inputs = values(table, "input_id")
    articles = Article.from_arrow(table)
    results = enrich_all(((a.article_id, a.text, a.language) for a in articles), attempt.settings)
    done: list[Article] = []
    done_inputs: list[str] = []
    entities: list[Entity] = []
    quotes: list[Quote] = []
    rejections: list[Rejection] = []
    revisions = kept.select(REVISION).to_pylist()
    for article, input_id, revision, result in zip(articles, inputs, revisions, results, strict=True):
        if isinstance(result, Failure):
            rejections.append(_rejected(Stage.ENRICH, result, input_id, article.url, article.raw_uri))
            continue
        done.append(
            article.replace(
                **revision,
                enrichment=result.depth,
                model_name=result.model_name,
                model_version=result.model_version,
            )
        )
        done_inputs.append(input_id)
        entities += result.entities
        quotes += result.quotes
    lake.write_table(attempt.key("articles", number), _staged(done, done_inputs))
    lake.write_table(attempt.key("entities", number), Entity.to_arrow(entities))
    lake.write_table(attempt.key("quotes", number), Quote.to_arrow(quotes))
    lake.write_table(attempt.key("rejected-enrich", number), Rejection.to_arrow(rejections))
    return len(done)


def _staged(articles: list[Article], inputs: list[str]) -> pa.Table:
    return Article.to_arrow(articles).append_column(STAGED_ARTICLE.field("input_id"), pa.array(inputs, pa.string()))


def validate_run(attempt: Attempt, reading: ReadResult) -> Audited:
    """Run the suites on all staged rows and write their report to the lake.

    Raises ValidationStopped, with nothing published, if a batch rule failed.
    """
    from newsmill.tasks import validate as suites  # noqa: PLC0415 - Great Expectations takes seconds to import

    lake = attempt.lake()
    checks, failed, passed = audit_batches(attempt, reading.batches)
    published = lake.read("articles", columns=["article_id"], before=attempt.logical_date)
    earlier_ids = frozenset(values(published, "article_id"))
    duplicates, orphans = part_orphans(
        Duplicate.from_arrow(lake.read_table(attempt.key("duplicates"))), earlier_ids.union(passed.article_ids)
    )
    staged = [attempt.key("rejected-read")]
    staged += [attempt.key(f"rejected-{name}", n) for n in range(reading.batches) for name in ("extract", "enrich")]
    accounts: dict[type[Record], pa.Table] = {
        Duplicate: Duplicate.to_arrow(duplicates),
        Rejection: pa.concat_tables([*map(lake.read_table, staged), Rejection.to_arrow([*failed, *orphans])]),
    }
    for record, table in accounts.items():
        key = attempt.key(f"audited-{record.table}")
        lake.write_table(key, table)
        passed.files[record.table] = [key]
    passed.files[LedgerEntry.table] = [stage_ledger(attempt, set(values(accounts[Rejection], "input_id")))]
    checks += suites.validate_accounts(accounts[Duplicate], accounts[Rejection])
    given = Counter({source.name: 0 for source in attempt.sources})
    given.update([*passed.sources, *values(accounts[Duplicate], "source")])
    quiet = quiet_sources(given, past_counts(lake, attempt.logical_date))
    measures = suites.measure_run(
        read_count=reading.read_count,
        is_quiet=reading.is_quiet,
        article_ids=passed.article_ids,
        earlier_ids=earlier_ids,
        duplicates=accounts[Duplicate],
        rejections=accounts[Rejection],
        checks=checks,
        silent_sources=len(reading.silent_sources),
        quiet_sources=len(quiet),
    )
    checks += suites.validate_run(measures, attempt.settings.max_rejected_share)
    merged = suites.merge_checks(checks)
    failures = suites.stopping(merged, accounts[Rejection])
    audited = Audited(
        article_count=len(passed.article_ids),
        duplicate_count=len(accounts[Duplicate]),
        rejection_count=len(accounts[Rejection]),
        entity_count=passed.entities,
        quote_count=passed.quotes,
        attributed_count=passed.attributed,
        no_model=dict(sorted(passed.no_model.items())),
        validation=suites.summarise(merged),
        report_uri=lake.store.uri(f"_reports/date={attempt.logical_date}/{attempt.attempt_id}/index.html"),
        files={table: tuple(keys) for table, keys in passed.files.items()},
    )
    write_report(attempt, reading, audited, merged, accounts, failures, quiet)
    if failures:
        raise ValidationStopped(failures, audited.report_uri)
    return audited


def audit_batches(attempt: Attempt, batches: int) -> "tuple[list[Check], list[Rejection], Passed]":
    """Run the suites on the enriched batches: the checks, a rejection for each article that fails, and what is left."""
    from newsmill.tasks import validate as suites  # noqa: PLC0415, as above

    checks: list[Check] = []
    failed: list[Rejection] = []
    passed = Passed()
    for number in range(batches):
        articles, entities, quotes = (attempt.lake().read_table(attempt.key(name, number)) for name in ENRICHED)
        found, rejected = suites.validate_batch(articles, entities, quotes)
        checks += found
        failed += rejected
        passed.add(attempt, number, (articles, entities, quotes), {rejection.input_id for rejection in rejected})
    return checks, failed, passed


ENRICHED = (Article.table, Entity.table, Quote.table)


class Passed:
    """What is left of the batches when the articles with a failing row are taken out."""

    def __init__(self) -> None:
        self.article_ids: list[str] = []
        self.sources: list[str] = []
        self.entities = self.quotes = self.attributed = 0
        self.no_model: Counter[str] = Counter()
        self.files: dict[str, list[str]] = {name: [] for name in ENRICHED}

    def add(self, attempt: Attempt, number: int, tables: Sequence[pa.Table], rejected_inputs: Collection[str]) -> None:
        """Count a batch; stage it again without the rejected articles, if there are any."""
        ids, inputs = (values(tables[0], name) for name in ("article_id", "input_id"))
        rejected = {i for i, input_id in zip(ids, inputs, strict=True) if input_id in rejected_inputs}
        articles, entities, quotes = (without(table, rejected) for table in tables)
        self.article_ids += values(articles, "article_id")
        self.sources += values(articles, "source")
        depths = zip(values(articles, "enrichment"), values(articles, "language"), strict=True)
        self.no_model.update(language for depth, language in depths if depth == EnrichmentDepth.NO_MODEL)
        self.entities += len(entities)
        self.quotes += len(quotes)
        self.attributed += len(quotes) - quotes.column("speaker_name").null_count
        for name, table in zip(ENRICHED, (articles, entities, quotes), strict=True):
            key = attempt.key(name, number)
            if rejected:
                key = attempt.key(f"audited-{name}", number)
                attempt.lake().write_table(key, table)
            self.files[name].append(key)


def without(rows: pa.Table, listed: Collection[str], column: str = "article_id") -> pa.Table:
    """The rows of other articles than those listed."""
    if not listed:
        return rows
    found = pc.is_in(rows.column(column), value_set=pa.array(sorted(listed), pa.string()))
    return rows.filter(pc.invert(found))


def stage_ledger(attempt: Attempt, rejected_inputs: Collection[str]) -> str:
    """Stage the rows of the ledger again without the rejected inputs; returns the key."""
    lake, key = attempt.lake(), attempt.key(f"audited-{LedgerEntry.table}")
    lake.write_table(key, without(lake.read_table(attempt.key(LedgerEntry.table)), rejected_inputs, "input_id"))
    return key


def part_orphans(
    duplicates: Iterable[Duplicate], known_ids: Collection[str]
) -> tuple[list[Duplicate], list[Rejection]]:
    """Duplicates that point at a published article, and a rejection for each whose original was rejected."""
    resolved, orphans = [], []
    for duplicate in duplicates:
        if duplicate.duplicate_of in known_ids:
            resolved.append(duplicate)
            continue
        orphans.append(
            Rejection(
                input_id=duplicate.input_id,
                url=duplicate.url,
                stage=Stage.DEDUPE,
                reason=Reason.ORIGINAL_REJECTED,
                detail=f"says the same as article {duplicate.duplicate_of}, which was rejected",
                expectation=None,
                raw_uri=None,
            )
        )
    return resolved, orphans


def write_report(
    attempt: Attempt,
    reading: ReadResult,
    audited: Audited,
    checks: "Sequence[Check]",
    accounts: Mapping[type[Record], pa.Table],
    failures: Sequence[str],
    quiet: Sequence[Quiet],
) -> None:
    """The run's Data Docs in the lake: a page for people, and the same as JSON for programs."""
    facts = {
        "logical date": attempt.logical_date.isoformat(),
        "attempt": attempt.attempt_id,
        "sources": ", ".join(source.name for source in attempt.sources),
        "silent sources": ", ".join(reading.silent_sources) or "none",
        "quiet sources": ", ".join(map(str, quiet)) or "none",
        "inputs": reading.read_count,
        "articles": audited.article_count,
        "duplicates": audited.duplicate_count,
        "rejections": audited.rejection_count,
        "entities": audited.entity_count,
        "quotes": audited.quote_count,
        "quotes with a speaker": audited.attributed_count,
        "without a language model": ", ".join(f"{code} {n}" for code, n in audited.no_model.items()) or "none",
    }
    store, folder = attempt.lake().store, f"_reports/date={attempt.logical_date}/{attempt.attempt_id}"
    page = render_report(facts, [asdict(check) for check in checks], accounts[Rejection].to_pylist(), failures)
    results = {"run": facts, "stopped": list(failures), "checks": [asdict(check) for check in checks]}
    store.write(f"{folder}/index.html", page.encode())
    store.write(f"{folder}/validation.json", json.dumps(results, indent=1, ensure_ascii=False).encode())


def land_run(
    attempt: Attempt, reading: ReadResult, deduped: Deduped, audited: Audited, stage_seconds: Mapping[str, float]
) -> Run:
    """Publish the date: its rows in every table, in one step. Returns the row of ``runs``.

    Raises LedgerChanged, with nothing published, if earlier dates have changed in a way that matters since the dedupe.
    """
    lake, settings = attempt.lake(), attempt.settings
    ledger_hash = ledger.staged_evidence(lake, audited.files[LedgerEntry.table])
    identity = run_id(attempt.logical_date, reading.input_hash, ledger_hash, settings)
    run = Run(
        attempt_id=attempt.attempt_id,
        status=RunStatus.PUBLISHED,
        started_at=attempt.started_at,
        finished_at=datetime.now(UTC),
        sources=tuple(without_login(source.uri) for source in attempt.sources),
        source_names=tuple(source.name for source in attempt.sources),
        read_count=reading.read_count,
        article_count=audited.article_count,
        duplicate_count=audited.duplicate_count,
        rejection_count=audited.rejection_count,
        entity_count=audited.entity_count,
        quote_count=audited.quote_count,
        attributed_count=audited.attributed_count,
        stage_seconds=json.dumps({name: round(seconds, 3) for name, seconds in stage_seconds.items()}),
        validation=audited.validation,
        input_hash=reading.input_hash,
        ledger_hash=ledger_hash,
        config_hash=settings.config_hash(),
        schema_version=SCHEMA_VERSION,
        pipeline_version=__version__,
        model_name=settings.model,
        model_version=model_version(settings.model),
        library_versions=json.dumps(library_versions()),
    )

    key = attempt.key(Run.table)
    lake.write_table(key, Run.to_arrow([run]))
    files = {**audited.files, Run.table: (key,)}
    land_clustered(attempt, identity, files, check=partial(refuse_changed, attempt, deduped))
    return run
