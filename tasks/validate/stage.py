"""The validate stage: the suites run on all staged rows, and what passes is set aside to be published."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from newsmill.errors import NotValidated, ValidationStopped
from newsmill.isolate import Failure
from newsmill.lake import Lake
from newsmill.plain import shown
from newsmill.report import render_report
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import (
    Duplicate,
    LedgerEntry,
    Rejection,
)
from newsmill.schemas.words import EnrichmentDepth
from newsmill.tasks.fetch.notices import answers, some_of
from newsmill.tasks.inputs.content import orphan
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.cluster import spread_over
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
from newsmill.tasks.validate.checks import (
    AccountRows,
    Check,
    EnrichedRows,
    Question,
    RunMeasures,
    Verdict,
    in_words,
    measure_run,
    merge_checks,
    stopping,
    summarise,
)
from newsmill.tasks.validate.children import validators
from newsmill.tasks.validate.coverage import Quiet, past_counts, quiet_sources

MOST_NAMES = 50
"""Of sources, in the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the validation let pass, ready to be published."""

    article_count: int
    duplicate_count: int
    rejection_count: int
    entity_count: int
    quote_count: int
    attributed_count: int
    link_count: int
    no_model: dict[str, int]
    """Language to the articles of which only quotations were found, for want of a language model."""
    validation: str
    failed: tuple[str, ...] = ()
    """The rules that did not hold, in words, with what was found."""
    report_uri: str
    files: dict[str, tuple[str, ...]]
    """Table to the keys of the staged files that hold its rows."""


GROUP_BYTES = 6 << 20
"""Rows of so many bytes, as they are staged, are checked at once: what fails costs about the same for one row as for
all of these."""


def _judged(question: Question) -> Verdict:
    """What the child finds; raises NotValidated if it could not look."""
    verdict: Verdict | Failure = validators().call(question)
    if isinstance(verdict, Failure):
        raise NotValidated(f"the rows could not be validated: {verdict.detail}")
    return verdict


def validate_run(attempt: Attempt, reading: ReadResult) -> Audited:
    """Run the suites on all staged rows and write their report to the lake.

    Raises ValidationStopped, with nothing published, if a batch rule failed.
    """
    lake = attempt.lake
    checks, failed, passed = audit_batches(attempt, reading.batches)
    staged = attempt.read(DUPLICATES)
    earlier_ids = published_originals(lake, attempt.logical_date, staged)
    duplicates, orphans = part_orphans(staged, earlier_ids.union(passed.article_ids))
    rejected = [attempt.read(REJECTED_AT_READ)]
    rejected += [
        attempt.read(table, number)
        for number in range(reading.batches)
        for table in (REJECTED_AT_EXTRACT, REJECTED_AT_ENRICH)
    ]
    accounts: dict[type[Record], pa.Table] = {
        Duplicate: duplicates,
        Rejection: pa.concat_tables([*rejected, Rejection.to_arrow([*failed, *orphans])]),
    }
    passed.files[Duplicate.table] = [attempt.write(AUDITED_DUPLICATES, accounts[Duplicate])]
    passed.files[Rejection.table] = [attempt.write(AUDITED_REJECTIONS, accounts[Rejection])]
    passed.files[LedgerEntry.table] = stage_ledger(
        attempt, reading.batches, set(values(accounts[Rejection], "input_id"))
    )
    checks += _judged(AccountRows(accounts[Duplicate], accounts[Rejection])).checks
    given = Counter({source.name: 0 for source in attempt.sources})
    given.update(passed.sources)
    given.update(values(accounts[Duplicate], "source"))
    quiet = quiet_sources(given, past_counts(lake, attempt.logical_date))
    measures = measure_run(
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
    checks += _judged(RunMeasures(measures, attempt.settings.max_rejected_share)).checks
    merged = merge_checks(checks)
    answered = answers(reading.answered_sources, reading.asked_sources)
    failures = stopping(merged, accounts[Rejection], answered)
    outcome = Audited(
        article_count=len(passed.article_ids),
        duplicate_count=len(accounts[Duplicate]),
        rejection_count=len(accounts[Rejection]),
        entity_count=passed.entities,
        quote_count=passed.quotes,
        attributed_count=passed.attributed,
        link_count=passed.links,
        no_model=dict(sorted(passed.no_model.items())),
        validation=summarise(merged),
        failed=in_words(merged),
        report_uri=lake.store.uri(f"_reports/date={attempt.logical_date}/{attempt.attempt_id}/index.html"),
        files={table: tuple(keys) for table, keys in passed.files.items()},
    )
    write_report(attempt, reading, outcome, merged, accounts, failures, quiet)
    if failures:
        raise ValidationStopped(failures, outcome.report_uri)
    return outcome


def audit_batches(attempt: Attempt, batches: int) -> "tuple[list[Check], list[Rejection], Passed]":
    """Run the suites on the enriched batches: the checks, a rejection for each article that fails, and what is left."""
    checks: list[Check] = []
    failed: list[Rejection] = []
    passed = Passed()
    for group in spread_over(audit_group, attempt, list(_groups(attempt, batches))):
        checks += group.checks
        failed += group.rejections
        passed.include(group.passed)
    return checks, failed, passed


def _groups(attempt: Attempt, batches: int) -> Iterator[range]:
    """The numbers of batches, as many as are checked at once. What they hold is not looked at, but for its size."""
    staged = {key: size for table in ENRICHED for key, size in attempt.sizes(table).items()}
    first = size = 0
    for number in range(batches):
        size += sum(staged[attempt.key(table, number)] for table in ENRICHED)
        if size >= GROUP_BYTES or number == batches - 1:
            yield range(first, number + 1)
            first, size = number + 1, 0


def audit_group(attempt: Attempt, numbers: Sequence[int]) -> "AuditedGroup":
    """Run the suites on batches, and stage those again, without the articles that fail, which have any."""
    group = {number: [attempt.read(table, number) for table in ENRICHED] for number in numbers}
    verdict = _judged(EnrichedRows(*(pa.concat_tables(tables) for tables in zip(*group.values(), strict=True))))
    rejected = {rejection.input_id for rejection in verdict.rejections}
    passed = Passed()
    for number, tables in group.items():
        passed.add(attempt, number, tables, rejected)
    return AuditedGroup(checks=merge_checks(verdict.checks), rejections=verdict.rejections, passed=passed)


_WITHOUT_MODEL = frozenset({EnrichmentDepth.RULES, EnrichmentDepth.NO_MODEL})


class Passed:
    """What is left of the batches when the articles with a failing row are taken out."""

    def __init__(self) -> None:
        self.article_ids: list[str] = []
        self.sources: Counter[str] = Counter()
        self.entities = self.quotes = self.attributed = self.links = 0
        self.no_model: Counter[str] = Counter()
        self.files: dict[str, list[str]] = {table.name: [] for table in ENRICHED}

    def add(self, attempt: Attempt, number: int, tables: Sequence[pa.Table], rejected_inputs: Collection[str]) -> None:
        """Count a batch; stage it again without the rejected articles, if there are any."""
        ids, inputs = (values(tables[0], name) for name in ("article_id", "input_id"))
        rejected = {i for i, input_id in zip(ids, inputs, strict=True) if input_id in rejected_inputs}
        left = [without(table, rejected) for table in tables]
        articles = left[0]
        self.article_ids += values(articles, "article_id")
        self.sources.update(values(articles, "source"))
        depths = zip(values(articles, "enrichment"), values(articles, "language"), strict=True)
        self.no_model.update(language for depth, language in depths if depth in _WITHOUT_MODEL)
        self.count(*left[1:])
        for table, rows in zip(ENRICHED, left, strict=True):
            key = attempt.write(audited(table), rows, number) if rejected else attempt.key(table, number)
            self.files[table.name].append(key)

    def count(self, entities: pa.Table, quotes: pa.Table, links: pa.Table) -> None:
        """Count the rows that hang on articles."""
        self.entities += len(entities)
        self.quotes += len(quotes)
        self.attributed += len(quotes) - quotes.column("speaker_name").null_count
        self.links += len(links)

    def include(self, later: "Passed") -> None:
        """Count in what is left of the batches behind these."""
        self.article_ids += later.article_ids
        self.sources.update(later.sources)
        self.no_model.update(later.no_model)
        self.entities += later.entities
        self.quotes += later.quotes
        self.attributed += later.attributed
        self.links += later.links
        for table, keys in later.files.items():
            self.files[table] += keys


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedGroup:
    """What the suites say of batches: a check for each rule, without the rows that failed, and what is left."""

    checks: tuple[Check, ...]
    rejections: tuple[Rejection, ...]
    passed: Passed


def without(rows: pa.Table, listed: Collection[str], column: str = "article_id") -> pa.Table:
    """The rows of other articles than those listed."""
    if not listed:
        return rows
    found = pc.is_in(rows.column(column), value_set=pa.array(sorted(listed), pa.string()))
    return rows.filter(pc.invert(found))


def stage_ledger(attempt: Attempt, batches: int, rejected_inputs: Collection[str]) -> list[str]:
    """The keys of the rows of the ledger without the rejected inputs, which are staged again where they have any."""
    keys = []
    for number in range(batches):
        rows = attempt.read(LEDGER, number)
        left = without(rows, rejected_inputs, "input_id")
        keys.append(
            attempt.write(AUDITED_LEDGER, left, number) if len(left) < len(rows) else attempt.key(LEDGER, number)
        )
    return keys


def published_originals(lake: Lake, logical_date: date, duplicates: pa.Table) -> frozenset[str]:
    """The published articles that duplicates may point at: those of the earlier dates that they name, and between.

    A duplicate names a date of the window, so what is read does not grow with the lake.
    """
    since = pc.min(duplicates["duplicate_of_date"]).as_py()
    if since is None or since >= logical_date:
        return frozenset()
    return frozenset(
        values(lake.read("articles", columns=["article_id"], since=since, before=logical_date), "article_id")
    )


def part_orphans(duplicates: pa.Table, known_ids: Collection[str]) -> tuple[pa.Table, list[Rejection]]:
    """Duplicates that point at a published article, and a rejection for each whose original was rejected."""
    is_known = pa.array([original in known_ids for original in values(duplicates, "duplicate_of")], pa.bool_())
    orphans = duplicates.filter(pc.invert(is_known)).select(["input_id", "url", "duplicate_of"])
    return duplicates.filter(is_known), [
        orphan(row["input_id"], row["url"], f"says the same as article {row['duplicate_of']}, which was rejected")
        for row in orphans.to_pylist()
    ]


def write_report(
    attempt: Attempt,
    reading: ReadResult,
    outcome: Audited,
    checks: Sequence[Check],
    accounts: Mapping[type[Record], pa.Table],
    failures: Sequence[str],
    quiet: Sequence[Quiet],
) -> None:
    """The run's Data Docs in the lake: a page for people, and the same as JSON for programs."""
    facts = {
        "logical date": attempt.logical_date.isoformat(),
        "attempt": attempt.attempt_id,
        "sources": some_of([source.name for source in attempt.sources], MOST_NAMES),
        "answers": answers(reading.answered_sources, reading.asked_sources) or "nobody was asked",
        "silent sources": some_of(reading.silent_sources, MOST_NAMES) or "none",
        "quiet sources": ", ".join(map(str, quiet)) or "none",
        "inputs": reading.read_count,
        "articles": outcome.article_count,
        "duplicates": outcome.duplicate_count,
        "rejections": outcome.rejection_count,
        "entities": outcome.entity_count,
        "quotes": outcome.quote_count,
        "quotes with a speaker": outcome.attributed_count,
        "links": outcome.link_count,
        "without a language model": ", ".join(f"{code} {n}" for code, n in outcome.no_model.items()) or "none",
    }
    store, folder = attempt.lake.store, f"_reports/date={attempt.logical_date}/{attempt.attempt_id}"
    found = [asdict(check) for check in checks]
    page = render_report(facts, found, accounts[Rejection].to_pylist(), failures, reading.notices)
    results = {"run": facts, "stopped": list(failures), "notices": list(reading.notices), "checks": found}
    store.write(f"{folder}/index.html", page.encode())
    store.write(f"{folder}/validation.json", shown(json.dumps(results, indent=1, ensure_ascii=False)).encode())
