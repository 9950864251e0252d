"""The dedupe stage: the articles of all batches of a run are compared with one another and with the ledger.

Which articles are compared stands in :mod:`newsmill.tasks.dedupe.candidates`, and what is decided of them in
:mod:`newsmill.tasks.dedupe.decide`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from itertools import batched
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa

from newsmill.config import DedupeConfig
from newsmill.errors import LedgerChanged
from newsmill.lake import Lake
from newsmill.memory import give_back
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry
from newsmill.tasks.dedupe import furniture, ledger
from newsmill.tasks.dedupe.candidates import (
    COLUMNS,
    PAIRS,
    Articles,
    Fingerprint,
    HashRange,
    Relations,
    join_range,
    relate,
)
from newsmill.tasks.dedupe.changes import sentence_changes
from newsmill.tasks.dedupe.decide import Decision, Match, Similarities, Thresholds, find_duplicates, similarity_of
from newsmill.tasks.dedupe.external import Chunks
from newsmill.tasks.inputs.fingerprint import Rows, Similarity, compare, shingles, words_changed
from newsmill.tasks.inputs.furniture import furniture_of, restored
from newsmill.tasks.inputs.identity import addresses_of
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.cluster import in_order
from newsmill.tasks.run.staged import DUPLICATES, EXTRACTED, FINGERPRINTS, FURNITURE, KEPT, LEDGER

_FACTS = (
    *("input_id", "article_id", "url", "canonical_url", "title", "source", "hostname", "published_at", "wire_agency"),
    "text_hash",
)
"""The columns that a duplicate keeps, but for the text, and what an article is known by."""

_SHINGLES = pa.schema([pa.field("row", pa.uint32())]).append(pa.field("shingles", pa.binary()))
_SHINGLED = 256
"""Texts whose shingles are made at once."""
COMPARED_BYTES = 4 << 20
"""Shingles of so many bytes are in memory at once when texts are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """How many articles were kept of how many, and by what: the ledger's files, and a hash of what was taken there."""

    article_count: int
    kept_count: int
    ledger_files: tuple[str, ...]
    evidence_hash: str


def dedupe_run(attempt: Attempt, batches: int) -> Deduped:
    """Decide on every extracted article; stages which to keep, the duplicates and the rows of the ledger.

    Only the articles that have to do with others become objects; of the rest there are columns alone.
    """
    lake, rules, day = attempt.lake, attempt.settings.dedupe, attempt.logical_date
    ledger_files = ledger.files(lake, day, rules.window_days)
    articles = staged_articles(attempt, batches)
    elsewhere = partial(_joined_by, attempt.settings.cluster, attempt) if attempt.settings.cluster else None
    relations = relate(articles, ledger.window(lake, day, rules.window_days), attempt, elsewhere)
    give_back()
    similarities = measure_texts(attempt, batches, relations, thresholds_of(rules))
    known = with_versions(lake, relations.known, {a.article_id for a in relations.articles if a.version})
    give_back()
    decision = find_duplicates(relations.articles, known, similarities, thresholds_of(rules))
    _stage_kept_and_duplicates(attempt, batches, decision, similarities)
    ids, texts = _stage_ledger(attempt, batches, relations, decision)
    cut = _stage_furniture(attempt, batches)
    return Deduped(
        article_count=len(ids),
        kept_count=len(ids) - len(decision.matches),
        ledger_files=ledger_files,
        # Of what the articles are known by now, which is all that a reader of the ledger sees of them.
        evidence_hash=ledger.with_furniture(ledger.evidence_hash(ids, texts, relations), *cut),
    )


def staged_articles(attempt: Attempt, batches: int) -> Articles:
    """The articles of all batches; what else is known of them stays in the batches."""
    day = pa.scalar(attempt.logical_date, pa.date32())
    parts = [COLUMNS.empty_table()]
    for number in range(batches):
        rows = attempt.read(FINGERPRINTS, number, COLUMNS.names[1:])
        parts.append(rows.add_column(0, COLUMNS.field(0), pa.repeat(day, len(rows))).cast(COLUMNS))
    return Articles(
        columns=pa.concat_tables(parts).combine_chunks(),
        sketches=lambda: (attempt.read(FINGERPRINTS, number, ["sketch"])["sketch"] for number in range(batches)),
    )


def _joined_by(cluster: str, attempt: Attempt, ranges: Sequence[HashRange]) -> int:
    """Have a cluster join ranges of hashes; what each finds is numbered on."""
    runs = 0
    for _, found, aside in in_order(cluster, join_range, attempt, ranges, stays=lambda _: False):
        attempt.take_over(aside, {attempt.key(PAIRS, n): attempt.key(PAIRS, runs + n) for n in range(found)})
        runs += found
    return runs


def thresholds_of(rules: DedupeConfig) -> Thresholds:
    """The thresholds of the settings."""
    return Thresholds(jaccard=rules.similarity, containment=rules.containment, share=rules.share)


def refuse_changed(attempt: Attempt, deduped: Deduped, batches: int) -> None:
    """Raise LedgerChanged if earlier dates have meanwhile been published that the run would decide by."""
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date
    if (
        ledger.files(lake, day, days) != deduped.ledger_files
        and _evidence_now(attempt, batches) != deduped.evidence_hash
    ):
        raise LedgerChanged(f"an earlier date was published while {day} ran; run it again")


def _evidence_now(attempt: Attempt, batches: int) -> str:
    days, day = attempt.settings.dedupe.window_days, attempt.logical_date
    columns = ["article_id", "text_hash", "published_at", "sketch", *furniture.COLUMNS]
    entries = pa.concat_tables(attempt.read(LEDGER, number, columns) for number in range(batches))
    dates = pa.repeat(pa.scalar(day, pa.date32()), len(entries))
    return ledger.evidence_of(attempt.lake, day, entries.append_column("logical_date", dates), days)


def measure_texts(attempt: Attempt, batches: int, relations: Relations, thresholds: Thresholds) -> Similarities:
    """How alike the texts are that may be, exactly: of those that are one article or stood at one address.

    The texts are read once, the published ones a date at a time, and their shingles are set aside, so that a bounded
    number of them is in memory.
    """
    texts, places = np.unique(relations.pairs, return_inverse=True)
    sizes = np.zeros(len(texts), np.int64)
    aside = Chunks(attempt, "dedupe-shingles", _SHINGLES)

    def keep(found: Iterable[tuple[int, str]]) -> None:
        for some in batched(found, _SHINGLED):
            hashes = {int(np.searchsorted(texts, text)): shingles(words).tobytes() for text, words in some}
            new = [place for place in hashes if not sizes[place]]
            sizes[new] = [len(hashes[place]) + 1 for place in new]  # so that one without shingles is known, too
            rows = [{"row": place, "shingles": hashes[place]} for place in new]
            aside.add(pa.Table.from_pylist(rows, schema=_SHINGLES))

    for number in range(batches) if len(texts) else ():
        keep(_texts(attempt, number, texts))
    missing = set(texts[sizes == 0].tolist())
    published = published_texts(attempt.lake, (a for a in relations.known if a.text_hash in missing))
    keep((article.text_hash, words) for article, words in published)
    similarities: dict[tuple[int, int], Similarity] = {}
    pairs = places.reshape(-1, 2)
    pairs = pairs[(sizes[pairs] > 0).all(axis=1)]
    for some in _blocks(pairs, sizes):
        rows = aside.take(np.unique(some).astype(np.uint32))
        hashes = {
            place: np.frombuffer(found.as_buffer(), np.uint64)
            for place, found in zip(values(rows, "row"), rows["shingles"], strict=True)
        }
        for one, other in some.tolist():
            pair = int(texts[one]), int(texts[other])
            similarity = compare(hashes[one], hashes[other])
            if thresholds.met_by(similarity) or pair in relations.same_page:
                similarities[pair] = similarity
    return similarities


def _texts(attempt: Attempt, number: int, wanted: Rows) -> Iterator[tuple[int, str]]:
    """The texts of a batch that are wanted, by their hashes."""
    hashes = attempt.read(FINGERPRINTS, number, ["text_hash"])["text_hash"].to_numpy()
    rows = np.flatnonzero(np.isin(hashes, wanted))
    if len(rows):
        texts = attempt.read(EXTRACTED, number, ["text"]).take(rows)
        yield from zip(hashes[rows].tolist(), values(texts, "text"), strict=True)


def _blocks(pairs: Rows, sizes: Rows) -> Iterator[Rows]:
    """Pairs of rows, ordered, cut so that the rows of each part have some ``COMPARED_BYTES``."""
    if len(pairs):
        is_new = np.diff(pairs[:, 0], prepend=-1) != 0
        block = np.cumsum(sizes[pairs[:, 1]] + np.where(is_new, sizes[pairs[:, 0]], 0)) // COMPARED_BYTES
        yield from np.split(pairs, np.flatnonzero(np.diff(block)) + 1)


def published_texts(lake: Lake, articles: Iterable[Fingerprint]) -> Iterator[tuple[Fingerprint, str]]:
    """The texts of published articles, as they were before their furniture was cut."""
    by_date: defaultdict[Any, dict[str, Fingerprint]] = defaultdict(dict)
    for article in articles:
        by_date[article.logical_date][article.article_id] = article
    for day, wanted in sorted(by_date.items()):
        table = lake.read(Article.table, columns=["article_id", "text", "furniture"], on=day)
        columns = values(table, "article_id"), table["text"], table["furniture"]
        for known_by, text, cut in zip(*columns, strict=True):
            if known_by in wanted:
                yield wanted[known_by], restored(text.as_py(), furniture_of(cut.as_py()))


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


def _stage_kept_and_duplicates(attempt: Attempt, batches: int, decision: Decision, similarities: Similarities) -> None:
    kept = {article.index: article for article in decision.kept}
    matches = {match.later.index: match for match in decision.matches}
    before = {article.article_id: text for article, text in published_texts(attempt.lake, decision.revised.values())}
    duplicates = [Duplicate.to_arrow([])]
    first = 0
    for number in range(batches):
        copies: list[Duplicate] = []
        rows = []
        facts = attempt.read(EXTRACTED, number, _FACTS).to_pylist()
        decided = [place for place in range(len(facts)) if first + place in matches or first + place in kept]
        texts = attempt.read(EXTRACTED, number, ["text"])["text"] if decided else ()
        for place, fact in enumerate(facts):
            if match := matches.get(first + place):
                copies.append(_duplicate(fact, texts[place].as_py(), match))
            else:
                article = kept.get(first + place)
                revised = decision.revised.get(article.article_id) if article else None
                revision = {"revision": 0}
                if article and revised:
                    revision = _revision(article, revised, before, texts[place].as_py(), similarities)
                rows.append({"row": place} | _identity(article, fact) | revision)
        attempt.write(KEPT, pa.Table.from_pylist(rows, schema=KEPT.schema), number)
        duplicates.append(Duplicate.to_arrow(copies))
        first += len(facts)
    attempt.write(DUPLICATES, pa.concat_tables(duplicates))


def _duplicate(facts: dict[str, Any], text: str, match: Match) -> Duplicate:
    known = {name: value for name, value in facts.items() if name != "canonical_url"}
    return Duplicate(
        **known | {"article_id": match.later.article_id},
        text=text if match.later.text_hash != match.kept.text_hash else None,
        duplicate_of=match.kept.article_id,
        duplicate_of_date=match.kept.logical_date,
        method=match.method,
        similarity=match.similarity.jaccard,
        containment=match.similarity.containment,
    )


def _identity(article: Fingerprint | None, facts: dict[str, Any]) -> dict[str, Any]:
    """What an article is known by, which need not be the address that it stated; None is one that nothing contests."""
    address = facts["canonical_url"]
    known_by = article.article_id if article else facts["article_id"]
    if known_by != facts["article_id"]:
        address = addresses_of(facts["url"], address).get(known_by)
    host = urlsplit(address).hostname if address else None
    return {"article_id": known_by, "canonical_url": address, "hostname": host}


def _revision(
    article: Fingerprint, revised: Fingerprint, before: dict[str, str], text: str, similarities: Similarities
) -> dict[str, Any]:
    added, removed = words_changed(before[article.article_id], text)
    return {
        "revision": revised.revision + 1,
        "revision_similarity": similarity_of(similarities, article, revised).jaccard,
        "words_added": added,
        "words_removed": removed,
        "changes": [asdict(change) for change in sentence_changes(before[article.article_id], text)],
    }


def _stage_ledger(
    attempt: Attempt, batches: int, relations: Relations, decision: Decision
) -> tuple[list[str], list[int]]:
    """Stage the rows of the ledger, each with its input and with what its decision was taken by.

    Returns what the articles are known by, and the hashes of their texts.
    """
    matches = {match.later.index: match for match in decision.matches}
    known = {a.index: a for a in (*decision.kept, *(match.later for match in decision.matches))}
    all_ids: list[str] = []
    all_texts: list[int] = []
    for number in range(batches):
        rows = attempt.read(FINGERPRINTS, number)
        kept = attempt.read(KEPT, number, ["row", "hostname"])
        hosts = dict(zip(values(kept, "row"), values(kept, "hostname"), strict=True))
        first, entries = len(all_ids), []
        for index, row in enumerate(rows.to_pylist(), start=len(all_ids)):
            article, match = known.get(index), matches.get(index)
            is_repeated = match is not None and match.later.text_hash == match.kept.text_hash
            found = Fingerprint(
                logical_date=attempt.logical_date,
                article_id=article.article_id if article else row["article_id"],
                text_hash=row["text_hash"],
                published_at=row["published_at"],
                sketch=b"" if is_repeated else row["sketch"],
            )
            revision = decision.revision(found) if match is None else 0
            host = hosts.get(index - first)
            lines = row["lines"] if host else None
            is_kept = match is None
            entries.append(ledger.entry(found, is_kept=is_kept, revision=revision, hostname=host, lines=lines))
        ids, texts = [entry.article_id for entry in entries], [entry.text_hash for entry in entries]
        evidence = pa.array(list(relations.evidence(ids, texts)), pa.string())
        table = LedgerEntry.to_arrow(entries).append_column("input_id", rows["input_id"].cast(pa.string()))
        attempt.write(LEDGER, table.append_column("evidence", evidence), number)
        all_ids += ids
        all_texts += texts
    return all_ids, all_texts


def _stage_furniture(attempt: Attempt, batches: int) -> tuple[pa.Table, list[furniture.Ordinals]]:
    """Stage which lines of the kept articles are cut; returns the rows of the ledger with what is cut from each."""
    parts = [attempt.read(LEDGER, number, ledger.WITH_LINES.names) for number in range(batches)]
    entries = pa.concat_tables([ledger.WITH_LINES.empty_table(), *parts])
    before = ledger.lines_before(attempt.lake, attempt.logical_date, attempt.settings.dedupe.window_days)
    chosen = furniture.decide(entries, before)
    first = 0
    for number, part in enumerate(parts):
        cut = [{"row": row, "lines": lines} for row, lines in enumerate(chosen[first : first + len(part)]) if lines]
        attempt.write(FURNITURE, pa.Table.from_pylist(cut, schema=FURNITURE.schema), number)
        first += len(part)
    return entries, chosen
