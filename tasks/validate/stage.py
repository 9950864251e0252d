"""The validate stage: the suites run on all staged rows, and what passes is set aside to be published."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsmill.errors import ValidationStopped
from newsmill.report import render_report
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import (
    Duplicate,
    LedgerEntry,
    Rejection,
)
from newsmill.schemas.words import EnrichmentDepth
from newsmill.tasks.inputs.content import orphan
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import (
    AUDITED_DUPLICATES,
    AUDITED_LEDGER,
    AUDITED_REJECTIONS,
    DUPLICATES,
    ENRICHED,
    LEDGER,
    REJECTED_AT_ENRICH,
    REJECTED_AT_EXTRACT,
    REJECTED_AT_READ,
    audited,
)
from newsmill.tasks.validate.coverage import Quiet, past_counts, quiet_sources

if TYPE_CHECKING:
    from newsmill.tasks.validate.suites import Check

from newsmill.tasks.read.stage import ReadResult


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


def validate_run(attempt: Attempt, reading: ReadResult) -> Audited:
    """Run the suites on all staged rows and write their report to the lake.

    Raises ValidationStopped, with nothing published, if a batch rule failed.
    """
    from newsmill.tasks.validate import suites  # noqa: PLC0415 - Great Expectations takes seconds to import

    lake = attempt.lake
    checks, failed, passed = audit_batches(attempt, reading.batches)
    published = lake.read("articles", columns=["article_id"], before=attempt.logical_date)
    earlier_ids = frozenset(values(published, "article_id"))
    duplicates, orphans = part_orphans(
        Duplicate.from_arrow(attempt.read(DUPLICATES)), earlier_ids.union(passed.article_ids)
    )
    rejected = [attempt.read(REJECTED_AT_READ)]
    rejected += [
        attempt.read(table, number)
        for number in range(reading.batches)
        for table in (REJECTED_AT_EXTRACT, REJECTED_AT_ENRICH)
    ]
    accounts: dict[type[Record], pa.Table] = {
        Duplicate: Duplicate.to_arrow(duplicates),
        Rejection: pa.concat_tables([*rejected, Rejection.to_arrow([*failed, *orphans])]),
    }
    passed.files[Duplicate.table] = [attempt.write(AUDITED_DUPLICATES, accounts[Duplicate])]
    passed.files[Rejection.table] = [attempt.write(AUDITED_REJECTIONS, accounts[Rejection])]
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
        short_texts=reading.short_texts,
    )
    checks += suites.validate_run(measures, attempt.settings.max_rejected_share)
    merged = suites.merge_checks(checks)
    failures = suites.stopping(merged, accounts[Rejection])
    outcome = Audited(
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
    write_report(attempt, reading, outcome, merged, accounts, failures, quiet)
    if failures:
        raise ValidationStopped(failures, outcome.report_uri)
    return outcome


def audit_batches(attempt: Attempt, batches: int) -> "tuple[list[Check], list[Rejection], Passed]":
    """Run the suites on the enriched batches: the checks, a rejection for each article that fails, and what is left."""
    from newsmill.tasks.validate import suites  # noqa: PLC0415, as above

    checks: list[Check] = []
    failed: list[Rejection] = []
    passed = Passed()
    for number in range(batches):
        articles, entities, quotes = (attempt.read(table, number) for table in ENRICHED)
        found, rejected = suites.validate_batch(articles, entities, quotes)
        checks += found
        failed += rejected
        passed.add(attempt, number, (articles, entities, quotes), {rejection.input_id for rejection in rejected})
    return checks, failed, passed


_WITHOUT_MODEL = frozenset({EnrichmentDepth.RULES, EnrichmentDepth.NO_MODEL})


class Passed:
    """What is left of the batches when the articles with a failing row are taken out."""

    def __init__(self) -> None:
        self.article_ids: list[str] = []
        self.sources: list[str] = []
        self.entities = self.quotes = self.attributed = 0
        self.no_model: Counter[str] = Counter()
        self.files: dict[str, list[str]] = {table.name: [] for table in ENRICHED}

    def add(self, attempt: Attempt, number: int, tables: Sequence[pa.Table], rejected_inputs: Collection[str]) -> None:
        """Count a batch; stage it again without the rejected articles, if there are any."""
        ids, inputs = (values(tables[0], name) for name in ("article_id", "input_id"))
        rejected = {i for i, input_id in zip(ids, inputs, strict=True) if input_id in rejected_inputs}
        articles, entities, quotes = (without(table, rejected) for table in tables)
        self.article_ids += values(articles, "article_id")
        self.sources += values(articles, "source")
        depths = zip(values(articles, "enrichment"), values(articles, "language"), strict=True)
        self.no_model.update(language for depth, language in depths if depth in _WITHOUT_MODEL)
        self.entities += len(entities)
        self.quotes += len(quotes)
        self.attributed += len(quotes) - quotes.column("speaker_name").null_count
        for table, rows in zip(ENRICHED, (articles, entities, quotes), strict=True):
            key = attempt.write(audited(table), rows, number) if rejected else attempt.key(table, number)
            self.files[table.name].append(key)


def without(rows: pa.Table, listed: Collection[str], column: str = "article_id") -> pa.Table:
    """The rows of other articles than those listed."""
    if not listed:
        return rows
    found = pc.is_in(rows.column(column), value_set=pa.array(sorted(listed), pa.string()))
    return rows.filter(pc.invert(found))


def stage_ledger(attempt: Attempt, rejected_inputs: Collection[str]) -> str:
    """Stage the rows of the ledger again without the rejected inputs; returns the key."""
    return attempt.write(AUDITED_LEDGER, without(attempt.read(LEDGER), rejected_inputs, "input_id"))


def part_orphans(
    duplicates: Iterable[Duplicate], known_ids: Collection[str]
) -> tuple[list[Duplicate], list[Rejection]]:
    """Duplicates that point at a published article, and a rejection for each whose original was rejected."""
    resolved, orphans = [], []
    for duplicate in duplicates:
        if duplicate.duplicate_of in known_ids:
            resolved.append(duplicate)
            continue
        detail = f"says the same as article {duplicate.duplicate_of}, which was rejected"
        orphans.append(orphan(duplicate.input_id, duplicate.url, detail))
    return resolved, orphans


def write_report(
    attempt: Attempt,
    reading: ReadResult,
    outcome: Audited,
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
        "articles": outcome.article_count,
        "duplicates": outcome.duplicate_count,
        "rejections": outcome.rejection_count,
        "entities": outcome.entity_count,
        "quotes": outcome.quote_count,
        "quotes with a speaker": outcome.attributed_count,
        "without a language model": ", ".join(f"{code} {n}" for code, n in outcome.no_model.items()) or "none",
    }
    store, folder = attempt.lake.store, f"_reports/date={attempt.logical_date}/{attempt.attempt_id}"
    page = render_report(facts, [asdict(check) for check in checks], accounts[Rejection].to_pylist(), failures)
    results = {"run": facts, "stopped": list(failures), "checks": [asdict(check) for check in checks]}
    store.write(f"{folder}/index.html", page.encode())
    store.write(f"{folder}/validation.json", json.dumps(results, indent=1, ensure_ascii=False).encode())
