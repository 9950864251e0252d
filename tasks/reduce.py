"""The reduce phases: the articles of all batches of a run, compared with one another and with the ledger, and so their
quotations with those of earlier dates.

Like :mod:`newsmill.tasks.batches` it knows the lake and reads and writes staged rows; what is decided, and how, stands
in :mod:`newsmill.tasks.dedupe` and :mod:`newsmill.tasks.clusters`.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from newsmill.config import DedupeConfig
from newsmill.errors import LedgerChanged, QuotesChanged
from newsmill.lake import DataFile, FilesCollected, Lake
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry, Quote
from newsmill.tasks import clusters, ledger
from newsmill.tasks.attempt import Attempt
from newsmill.tasks.dedupe import (
    Decision,
    Fingerprint,
    Match,
    Relations,
    Similarities,
    Thresholds,
    find_duplicates,
    relate,
    similarity_of,
)
from newsmill.tasks.fingerprint import Similarity, compare, shingles, short_hash, words_changed
from newsmill.tasks.land import land, land_again, read_staged

logger = logging.getLogger(__name__)

REVISION = ("revision", "revision_similarity", "words_added", "words_removed")
"""The columns of an article that this phase fills in."""

_FACTS = ("input_id", "article_id", "url", "title", "source", "hostname", "published_at", "wire_agency", "text_hash")
_TIMES = pa.schema([Article.arrow_schema().field(name) for name in ("article_id", "published_at")])
_KEPT = pa.schema([pa.field("row", pa.int64()), *(Article.arrow_schema().field(name) for name in REVISION)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """How many articles were kept, and by what: the ledger's files, and a hash of what was taken from them."""

    kept_count: int
    ledger_files: tuple[str, ...]
    evidence_hash: str


def dedupe_run(attempt: Attempt, batches: int) -> Deduped:
    """Decide on every extracted article; stages which to keep, the duplicates and the rows of the ledger."""
    lake, rules, day = attempt.lake(), attempt.settings.dedupe, attempt.logical_date
    ledger_files = ledger.files(lake, day, rules.window_days)
    published = ledger.window(lake, day, rules.window_days)
    facts: list[dict[str, Any]] = []
    articles: list[Fingerprint] = []
    for number in range(batches):
        for row in _extracted(attempt, number, *_FACTS, "text"):
            articles.append(ledger.fingerprint(day, row, row.pop("text"), index=len(articles)))
            facts.append(row)
    relations = relate(articles, published)
    similarities = measure_texts(attempt, batches, relations)
    decision = find_duplicates(articles, relations.known, similarities, thresholds_of(rules))
    _stage_kept_and_duplicates(attempt, batches, facts, decision, similarities)
    lake.write_table(attempt.key(LedgerEntry.table), _entries(facts, articles, relations, decision))
    return Deduped(
        kept_count=len(decision.kept),
        ledger_files=ledger_files,
        evidence_hash=ledger.evidence_hash(articles, relations.evidence),
    )


def thresholds_of(rules: DedupeConfig) -> Thresholds:
    """The thresholds of the settings."""
    return Thresholds(jaccard=rules.similarity, containment=rules.containment, share=rules.share)


def refuse_changed(attempt: Attempt, deduped: Deduped) -> None:
    """Raise LedgerChanged if earlier dates have meanwhile been published that the run would decide by."""
    lake, days, day = attempt.lake(), attempt.settings.dedupe.window_days, attempt.logical_date
    if ledger.files(lake, day, days) != deduped.ledger_files and _evidence_now(attempt) != deduped.evidence_hash:
        raise LedgerChanged(f"an earlier date was published while {day} ran; run it again")


def _evidence_now(attempt: Attempt) -> str:
    lake, days, day = attempt.lake(), attempt.settings.dedupe.window_days, attempt.logical_date
    rows = lake.read_table(attempt.key(LedgerEntry.table), columns=ledger.FINGERPRINT).to_pylist()
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
    for article, published in published_texts(attempt.lake(), (a for a in relations.known if a.text_hash in related)):
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
        for article_id, text in zip(values(table, "article_id"), table["text"], strict=True):
            if article_id in wanted:
                yield wanted[article_id], text.as_py()


def _extracted(attempt: Attempt, number: int, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = attempt.lake().read_table(attempt.key("extracted", number), columns).to_pylist()
    return rows


def _stage_kept_and_duplicates(
    attempt: Attempt, batches: int, facts: list[dict[str, Any]], decision: Decision, similarities: Similarities
) -> None:
    lake = attempt.lake()
    kept = {article.index: article for article in decision.kept}
    matches = {match.later.index: match for match in decision.matches}
    before = {article.article_id: text for article, text in published_texts(lake, decision.revised.values())}
    duplicates: list[Duplicate] = []
    first = 0
    for number in range(batches):
        texts = [row["text"] for row in _extracted(attempt, number, "text")]
        rows = []
        for index, text in enumerate(texts, start=first):
            if match := matches.get(index):
                duplicates.append(_duplicate(facts[index], match, text))
            else:
                rows.append({"row": index - first} | _revision(kept[index], text, decision, before, similarities))
        lake.write_table(attempt.key("kept", number), pa.Table.from_pylist(rows, schema=_KEPT))
        first += len(texts)
    lake.write_table(attempt.key(Duplicate.table), Duplicate.to_arrow(duplicates))


def _duplicate(facts: dict[str, Any], match: Match, text: str) -> Duplicate:
    return Duplicate(
        **facts,
        duplicate_of=match.kept.article_id,
        duplicate_of_date=match.kept.logical_date,
        method=match.method,
        similarity=match.similarity.jaccard,
        containment=match.similarity.containment,
        text=text if match.later.text_hash != match.kept.text_hash else None,
    )


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
    }


def _entries(
    facts: list[dict[str, Any]], articles: list[Fingerprint], relations: Relations, decision: Decision
) -> pa.Table:
    """The rows of the ledger, each with its input and with what its decision was taken by."""
    copies = {m.later.index for m in decision.matches}
    repeated = {m.later.index for m in decision.matches if m.later.text_hash == m.kept.text_hash}
    entries = [
        ledger.entry(
            replace(article, sketch=b"") if article.index in repeated else article,
            is_kept=article.index not in copies,
            revision=0 if article.index in copies else decision.revision(article),
        )
        for article in articles
    ]
    inputs = pa.array([row["input_id"] for row in facts], pa.string())
    evidence = pa.array(relations.evidence, pa.string())
    return LedgerEntry.to_arrow(entries).append_column("input_id", inputs).append_column("evidence", evidence)


# Quotations


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The key of the staged quotations with their ``quote_id``, and the files of those that they were compared with."""

    key: str
    compared: tuple[DataFile, ...]


def cluster_run(attempt: Attempt, staged: Mapping[str, Sequence[str]]) -> Clustered:
    """Give the quotations that a run is about to land their ``quote_id``; ``staged`` maps tables to staged files.

    Only now, since an article that the validation rejects must not found a cluster.
    """
    lake, days, day = attempt.lake(), attempt.settings.dedupe.window_days, attempt.logical_date
    compared = _quotes_until(lake, day, days)
    quotes = [Quote.arrow_schema().empty_table(), *read_staged(lake, Quote, staged.get(Quote.table, ()))]
    articles = [_TIMES.empty_table(), *(lake.read_table(key, _TIMES.names) for key in staged.get(Article.table, ()))]
    key = attempt.key("clustered-quotes")
    lake.write_table(key, _clustered(lake, day, compared, pa.concat_tables(quotes), pa.concat_tables(articles)))
    return Clustered(key=key, compared=compared)


def land_clustered(
    attempt: Attempt, run_id: str, staged: Mapping[str, Sequence[str]], check: Callable[[], None]
) -> None:
    """Land staged rows with the ``quote_id`` of their quotations, however often others are published meanwhile.

    ``check`` may refuse, as in :meth:`Lake.publish`.
    """
    lake, days, day = attempt.lake(), attempt.settings.dedupe.window_days, attempt.logical_date

    def check_all(compared: Sequence[DataFile]) -> None:
        check()
        refuse_changed_quotes(lake, day, days, compared)

    while True:
        clustered = cluster_run(attempt, staged)
        files = {**staged, Quote.table: (clustered.key,)}
        try:
            land(lake, day, run_id, files, check=partial(check_all, clustered.compared))
            return
        except QuotesChanged as change:
            logger.info("%s", change)


def refuse_changed_quotes(lake: Lake, day: date, days: int, compared: Sequence[DataFile]) -> None:
    """Raise QuotesChanged if the quotations of a date, or of the window before it, are not those of the files."""
    if _quotes_until(lake, day, days) != compared:
        raise QuotesChanged(f"quotations were published while those of {day} were clustered; cluster them again")


def recluster(lake: Lake, first: date, last: date, days: int) -> list[date]:
    """Bring the quotations of the landed dates behind ``first`` to the ``quote_id`` that earlier dates give them now.

    To ``days`` behind ``last``, or behind the last of those that changed, which are returned.
    """
    until, changed = ledger.days_behind(last, days), []
    for day in lake.dates(Quote.table):
        if first < day <= until and _recluster_date(lake, day, days):
            until = max(until, ledger.days_behind(day, days))
            changed.append(day)
    return changed


def _recluster_date(lake: Lake, day: date, days: int) -> bool:
    """Publish a date's quotations again if any has another ``quote_id`` now; False if none has."""
    while True:
        compared = _quotes_until(lake, day, days)
        quotes = lake.read(Quote.table, on=day)
        rows = _clustered(lake, day, compared, quotes, lake.read(Article.table, columns=_TIMES.names, on=day))
        if rows["quote_id"].equals(quotes["quote_id"]):
            return False
        own = rows.select(Quote.arrow_schema().names).cast(Quote.arrow_schema())
        try:
            land_again(lake, day, {Quote: own}, check=partial(refuse_changed_quotes, lake, day, days, compared))
            return True
        except (QuotesChanged, FilesCollected) as change:
            logger.info("%s", change)


def _clustered(lake: Lake, day: date, compared: Sequence[DataFile], quotes: pa.Table, articles: pa.Table) -> pa.Table:
    """The quotations of a date with the ``quote_id`` that the earlier dates among the files give them."""
    order = clusters.in_order(quotes, articles)
    window = (_published(lake, earlier) for earlier in sorted({file.logical_date for file in compared} - {day}))
    ids = np.empty(len(quotes), np.uint64)
    ids[order] = clusters.cluster(clusters.Quotations.of(quotes.take(order)), window)
    for name, column in (("words_hash", clusters.own_words(quotes)), ("quote_id", clusters.to_hex(ids))):
        place = quotes.schema.get_field_index(name)
        quotes = quotes.set_column(place, quotes.schema.field(place), column)
    return quotes


def _published(lake: Lake, day: date) -> clusters.Quotations:
    """The quotations of a landed date, in order of time."""
    quotes = lake.read(Quote.table, columns=clusters.COLUMNS, on=day)
    order = clusters.in_order(quotes, lake.read(Article.table, columns=_TIMES.names, on=day))
    return clusters.Quotations.of(quotes.take(order))


def _quotes_until(lake: Lake, day: date, days: int) -> tuple[DataFile, ...]:
    """The files of the quotations of a date and of the window before it."""
    since = ledger.days_before(day, days)
    return tuple(file for file in lake.files(Quote.table) if since <= file.logical_date <= day)
