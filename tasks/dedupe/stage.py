"""The dedupe stage: the articles of all batches of a run are compared with one another and with the ledger.

Which articles are compared stands in :mod:`newsmill.tasks.dedupe.candidates`, and what is decided of them in
:mod:`newsmill.tasks.dedupe.decide`.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from newsmill.config import DedupeConfig
from newsmill.errors import LedgerChanged
from newsmill.lake import Lake
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry
from newsmill.tasks.dedupe import ledger
from newsmill.tasks.dedupe.candidates import Fingerprint, Relations, relate
from newsmill.tasks.dedupe.changes import sentence_changes
from newsmill.tasks.dedupe.decide import Decision, Match, Similarities, Thresholds, find_duplicates, similarity_of
from newsmill.tasks.dedupe.fingerprint import Similarity, compare, shingles, short_hash, words_changed
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.inputs.urls import canonical_url, fetched_url
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import DUPLICATES, EXTRACTED, KEPT, LEDGER

_IDENTITY = ("article_id", "url", "canonical_url", "published_at", "text_hash", "version", "text")
"""The columns that decide."""

_FACTS = (
    "input_id",
    "article_id",
    "url",
    "title",
    "source",
    "hostname",
    "published_at",
    "wire_agency",
    "text_hash",
    "text",
)
"""The columns that a duplicate keeps."""

_ENTRIES = 8192
"""Rows of the ledger that are objects at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """How many articles were kept of how many, and by what: the ledger's files, and a hash of what was taken there."""

    article_count: int
    kept_count: int
    ledger_files: tuple[str, ...]
    evidence_hash: str


def dedupe_run(attempt: Attempt, batches: int) -> Deduped:
    """Decide on every extracted article; stages which to keep, the duplicates and the rows of the ledger."""
    lake, rules, day = attempt.lake, attempt.settings.dedupe, attempt.logical_date
    ledger_files = ledger.files(lake, day, rules.window_days)
    published = ledger.window(lake, day, rules.window_days)
    articles = list(_fingerprints(attempt, batches))
    relations = relate(articles, published)
    similarities = measure_texts(attempt, batches, relations)
    known = with_versions(lake, relations.known, {a.article_id for a in articles if a.version})
    decision = find_duplicates(articles, known, similarities, thresholds_of(rules))
    articles = _as_known(articles, decision)
    # Of what the articles are known by now, which is all that a reader of the ledger sees of them.
    evidence = relate(articles, published).evidence
    _stage_kept_and_duplicates(attempt, batches, decision, similarities)
    attempt.write(LEDGER, _entries(_inputs(attempt, batches), articles, evidence, decision))
    return Deduped(
        article_count=len(articles),
        kept_count=len(decision.kept),
        ledger_files=ledger_files,
        evidence_hash=ledger.evidence_hash(articles, evidence),
    )


def _fingerprints(attempt: Attempt, batches: int) -> Iterator[Fingerprint]:
    """The articles of all batches; what else is known of them stays in the batches."""
    numbers = itertools.count()
    for number in range(batches):
        for row in _extracted(attempt, number, *_IDENTITY):
            found = ledger.fingerprint(attempt.logical_date, row, row["text"], index=next(numbers))
            further_ids = tuple(_addresses(row["url"], row["canonical_url"]))[1:]
            yield replace(found, version=row["version"] or 0, further_ids=further_ids)


def _inputs(attempt: Attempt, batches: int) -> "pa.ChunkedArray[Any]":
    """The inputs of the articles of all batches."""
    parts = (attempt.read(EXTRACTED, number, ["input_id"])["input_id"].chunks for number in range(batches))
    return pa.chunked_array(itertools.chain.from_iterable(parts), pa.string())


def _addresses(url: str | None, canonical: str | None) -> dict[str, str]:
    """The addresses by which an article may be known, by the ids that they give, in the order in which they are tried.

    The one that all views of its page share, which the page may have stated; the one that it was fetched from; and that
    of the view that was fetched. An article that is known by its words alone has none.
    """
    if canonical is None:
        return {}
    found = (canonical, canonical_url(url), fetched_url(url))
    return {article_id(address, ""): address for address in found if address is not None}


def _as_known(articles: Iterable[Fingerprint], decision: Decision) -> list[Fingerprint]:
    """The articles by what they are known by, in order of input."""
    known = {a.index: a.article_id for a in (*decision.kept, *(match.later for match in decision.matches))}
    return [replace(article, article_id=known[article.index], further_ids=()) for article in articles]


def thresholds_of(rules: DedupeConfig) -> Thresholds:
    """The thresholds of the settings."""
    return Thresholds(jaccard=rules.similarity, containment=rules.containment, share=rules.share)


def refuse_changed(attempt: Attempt, deduped: Deduped) -> None:
    """Raise LedgerChanged if earlier dates have meanwhile been published that the run would decide by."""
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date
    if ledger.files(lake, day, days) != deduped.ledger_files and _evidence_now(attempt) != deduped.evidence_hash:
        raise LedgerChanged(f"an earlier date was published while {day} ran; run it again")


def _evidence_now(attempt: Attempt) -> str:
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date
    rows = attempt.read(LEDGER, columns=ledger.FINGERPRINT).to_pylist()
    articles = [Fingerprint(logical_date=day, **row) for row in rows]
    return ledger.evidence_hash(articles, relate(articles, ledger.window(lake, day, days)).evidence)


def measure_texts(attempt: Attempt, batches: int, relations: Relations) -> Similarities:
    """How alike the texts are that may be, exactly. The published ones are read again, a date at a time."""
    wanted = {text for pair in relations.pairs for text in pair}
    own = {
        text: shingles(row["text"])
        for number in range(batches)
        for row in _extracted(attempt, number, "text_hash", "text")
        if (text := short_hash(row["text_hash"])) in wanted
    }
    similarities: dict[tuple[int, int], Similarity] = {}
    related: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in relations.pairs:
        if other in own:
            similarities[one, other] = compare(own[one], own[other])
        else:
            related[other].append(one)
    for article, published in published_texts(attempt.lake, (a for a in relations.known if a.text_hash in related)):
        hashes = shingles(published)
        for one in related[article.text_hash]:
            similarities[one, article.text_hash] = compare(own[one], hashes)
    return similarities


def published_texts(lake: Lake, articles: Iterable[Fingerprint]) -> Iterator[tuple[Fingerprint, str]]:
    """The texts of published articles."""
    by_date: defaultdict[Any, dict[str, Fingerprint]] = defaultdict(dict)
    for article in articles:
        by_date[article.logical_date][article.article_id] = article
    for day, wanted in sorted(by_date.items()):
        table = lake.read(Article.table, columns=["article_id", "text"], on=day)
        for known_by, text in zip(values(table, "article_id"), table["text"], strict=True):
            if known_by in wanted:
                yield wanted[known_by], text.as_py()


def with_versions(lake: Lake, known: Iterable[Fingerprint], items: Collection[str]) -> list[Fingerprint]:
    """Published articles, of those among ``items`` with the version that their agency counts."""
    known = list(known)
    versions: dict[tuple[date, str], int] = {}
    for day in {article.logical_date for article in known if article.article_id in items}:
        rows = lake.read(Article.table, columns=["article_id", "version"], on=day)
        for known_by, version in zip(values(rows, "article_id"), values(rows, "version"), strict=True):
            if known_by in items and version:
                versions[day, known_by] = version
    return [replace(a, version=versions.get((a.logical_date, a.article_id), 0)) for a in known]


def _extracted(attempt: Attempt, number: int, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = attempt.read(EXTRACTED, number, columns).to_pylist()
    return rows


def _stage_kept_and_duplicates(attempt: Attempt, batches: int, decision: Decision, similarities: Similarities) -> None:
    kept = {article.index: article for article in decision.kept}
    matches = {match.later.index: match for match in decision.matches}
    before = {article.article_id: text for article, text in published_texts(attempt.lake, decision.revised.values())}
    duplicates = [Duplicate.to_arrow([])]
    first = 0
    for number in range(batches):
        copies: list[Duplicate] = []
        rows = []
        facts = _extracted(attempt, number, *_FACTS, "canonical_url")
        for index, fact in enumerate(facts, start=first):
            canonical = fact.pop("canonical_url")
            if match := matches.get(index):
                copies.append(_duplicate(fact, match))
            else:
                known = _identity(kept[index], fact, canonical)
                revision = _revision(kept[index], fact["text"], decision, before, similarities)
                rows.append({"row": index - first} | known | revision)
        attempt.write(KEPT, pa.Table.from_pylist(rows, schema=KEPT.schema), number)
        duplicates.append(Duplicate.to_arrow(copies))
        first += len(facts)
    attempt.write(DUPLICATES, pa.concat_tables(duplicates))


def _duplicate(facts: dict[str, Any], match: Match) -> Duplicate:
    text = facts["text"] if match.later.text_hash != match.kept.text_hash else None
    return Duplicate(
        **facts | {"article_id": match.later.article_id, "text": text},
        duplicate_of=match.kept.article_id,
        duplicate_of_date=match.kept.logical_date,
        method=match.method,
        similarity=match.similarity.jaccard,
        containment=match.similarity.containment,
    )


def _identity(article: Fingerprint, facts: dict[str, Any], canonical: str | None) -> dict[str, Any]:
    """What an article is known by, which need not be the address that it stated."""
    stated = article.article_id == facts["article_id"]
    address = canonical if stated else _addresses(facts["url"], canonical).get(article.article_id)
    host = urlsplit(address).hostname if address else None
    return {"article_id": article.article_id, "canonical_url": address, "hostname": host}


def _revision(
    article: Fingerprint, text: str, decision: Decision, before: dict[str, str], similarities: Similarities
) -> dict[str, Any]:
    revised = decision.revised.get(article.article_id)
    if revised is None:
        return {"revision": 0}
    added, removed = words_changed(before[article.article_id], text)
    return {
        "revision": decision.revision(article),
        "revision_similarity": similarity_of(similarities, article, revised).jaccard,
        "words_added": added,
        "words_removed": removed,
        "changes": [asdict(change) for change in sentence_changes(before[article.article_id], text)],
    }


def _entries(
    inputs: "pa.ChunkedArray[Any]", articles: list[Fingerprint], evidence: Sequence[str], decision: Decision
) -> pa.Table:
    """The rows of the ledger, each with its input and with what its decision was taken by."""
    copies = {m.later.index for m in decision.matches}
    repeated = {m.later.index for m in decision.matches if m.later.text_hash == m.kept.text_hash}
    parts = [LedgerEntry.to_arrow([])]
    for some in itertools.batched(articles, _ENTRIES):
        entries = (
            ledger.entry(
                replace(article, sketch=b"") if article.index in repeated else article,
                is_kept=article.index not in copies,
                revision=0 if article.index in copies else decision.revision(article),
            )
            for article in some
        )
        parts.append(LedgerEntry.to_arrow(entries))
    found = pa.array(evidence, pa.string())
    return pa.concat_tables(parts).append_column("input_id", inputs).append_column("evidence", found)
