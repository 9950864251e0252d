"""``newsmill why``: what became of an article, a copy or an input, and by what."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from newsmill.config import DedupeConfig
from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.report import page, table_of, text_of
from newsmill.schemas.words import ChangeKind
from newsmill.tasks.dedupe.changes import Pair, aligned
from newsmill.tasks.dedupe.ledger import standing

type Row = dict[str, Any]

_ARTICLES = """
    SELECT logical_date, title, url, hostname, published_at, revision, revision_similarity, words_added, words_removed,
           changes, wire_agency, wire_evidence, furniture
    FROM articles WHERE article_id = {id} ORDER BY logical_date
"""
_COPIES = """
    SELECT logical_date, article_id, method, round(similarity, 3) AS similarity, round(containment, 3) AS containment,
           coalesce(hostname, source) AS outlet, title, url, published_at, wire_agency
    FROM duplicates WHERE duplicate_of = {id} ORDER BY published_at, logical_date, input_id
"""
_SUPPRESSED = """
    SELECT d.logical_date, d.title, d.url, d.method, round(d.similarity, 3) AS similarity,
           round(d.containment, 3) AS containment, d.duplicate_of, d.duplicate_of_date, a.title AS kept_title,
           a.url AS kept_url, a.text AS kept_text, d.text
    FROM duplicates d
    LEFT JOIN articles a ON a.article_id = d.duplicate_of AND a.logical_date = d.duplicate_of_date
    WHERE d.article_id = {id} OR d.input_id = {id} OR d.url = {id} ORDER BY d.logical_date, d.input_id
"""
_REJECTED = """
    SELECT logical_date, input_id, url, stage, reason, detail, expectation, raw_uri
    FROM rejections WHERE input_id = {id} OR url = {id} ORDER BY logical_date
"""
_ID = re.compile(r"[0-9a-f]{16}")
_DIFFERENCES, _WORDS_AROUND, _LONGEST_DIFF = 8, 3, 4000


def story_of(lake: Lake, identity: str, *, window_days: int = DedupeConfig().window_days) -> Row:
    """All that the lake knows of an article id, an address or an input: its ``articles`` (one a revision), the
    ``copies`` that it stands for, the ``cluster`` they make, where it is a duplicate itself, where it was rejected.

    Raises UsageError if it knows nothing.
    """
    if not _ID.fullmatch(identity):
        found = _ask(
            lake, "SELECT DISTINCT article_id FROM articles WHERE url = {id} OR canonical_url = {id}", identity
        )
        article_id = found[0]["article_id"] if found else identity
    else:
        article_id = identity
    articles, copies = _ask(lake, _ARTICLES, article_id), _ask(lake, _COPIES, article_id)
    articles = [_with_standing(lake, row, window_days) for row in articles]
    duplicates = [_with_differences(row) for row in _ask(lake, _SUPPRESSED, identity)]
    rejections = _ask(lake, _REJECTED, identity)
    if not (articles or duplicates or rejections):
        raise UsageError(f"{lake.uri} holds no article, duplicate or rejection that is called {identity}")
    return {
        "articles": articles,
        "copies": copies,
        "cluster": cluster(articles, copies) if copies else None,
        "duplicates": duplicates,
        "rejections": rejections,
    }


def cluster(articles: Sequence[Row], copies: Sequence[Row]) -> Row:
    """The articles that say the same, as one: which came first, which outlets had it, whose copy it is."""
    members = [{**row, "outlet": row["hostname"]} for row in articles[:1]] + list(copies)
    dated = [row for row in members if row["published_at"]]
    earliest = min(dated, key=lambda row: row["published_at"]) if dated else members[0]
    return {
        "members": len(members),
        "outlets": sorted({row["outlet"] for row in members if row["outlet"]}),
        "earliest": {name: earliest[name] for name in ("outlet", "url", "published_at")},
        "agencies": sorted({row["wire_agency"] for row in members if row["wire_agency"]}),
    }


def differences(kept: str, copy: str) -> list[str]:
    """Where a copy's words differ, with a few words around: ``on [-Monday-] {+Tuesday+} the council``."""
    old, new = kept.split()[:_LONGEST_DIFF], copy.split()[:_LONGEST_DIFF]
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed = [f"[-{_shorten(old[a:b])}-]"] if b > a else []
            added = [f"{{+{_shorten(new[c:d])}+}}"] if d > c else []
            around = old[max(0, a - _WORDS_AROUND) : a], old[b : b + _WORDS_AROUND]
            found.append(" ".join([*around[0], *removed, *added, *around[1]]))
    if len(found) > _DIFFERENCES:
        found[_DIFFERENCES:] = [f"and {len(found) - _DIFFERENCES} more"]
    return found


def told(story: Row, *, changes: bool = False) -> Iterator[str]:
    """The story for people, line by line; with the ``changes`` of each revision, sentence by sentence."""
    for row in story["articles"]:
        yield f"article of {row['logical_date']}: {row['title'] or 'without a title'}  {row['url'] or ''}"
        if row["revision"]:
            yield (
                f"  revision {row['revision']}: {row['revision_similarity']:.0%} like the one before, "
                f"{row['words_added']} words added, {row['words_removed']} removed"
            )
            yield from (_changed(change) for change in row["changes"] or () if changes)
        for line in row.get("furniture") or ():
            yield f"  without the furniture of {row['hostname']}: {line['text']}"
            yield f"    on {line['pages']} of its pages since {line['since']}"
        if row["wire_agency"]:
            yield f"  copy of {row['wire_agency']}, by its {row['wire_evidence']}"
    for row in story["copies"]:
        yield f"  stands for {_measured(row)}: {row['outlet']} {row['url'] or ''} of {row['logical_date']}"
    if found := story["cluster"]:
        first = found["earliest"]
        yield f"  {found['members']} members at {', '.join(found['outlets'])}; agencies: {_listed(found['agencies'])}"
        yield f"  the earliest is {first['outlet']} {first['url'] or ''} {first['published_at'] or ''}"
    for row in story["duplicates"]:
        yield f"duplicate of {row['logical_date']}: {row['title'] or 'without a title'}  {row['url'] or ''}"
        yield f"  {row['duplicate_of']} of {row['duplicate_of_date']} stands for it, {_measured(row)}"
        yield f"  {row['kept_title'] or 'without a title'}  {row['kept_url'] or ''}"
        yield from (f"    {difference}" for difference in row["differences"])
    for row in story["rejections"]:
        yield f"rejected on {row['logical_date']} at {row['stage']}, {row['reason']}: {row['detail']}"
        yield f"  input {row['input_id']}  {row['expectation'] or ''}  {row['raw_uri'] or ''}"


def _with_standing(lake: Lake, row: Row, window_days: int) -> Row:
    """An article with how many pages of its host had the lines that were cut from it, and since when."""
    cut = [line["text"] for line in row["furniture"] or ()]
    if not cut:
        return row
    found = standing(lake, date.fromisoformat(row["logical_date"]), window_days, row["hostname"], cut)
    lines = zip(row["furniture"], found, strict=True)
    return row | {"furniture": [line | {"pages": n, "since": day.isoformat()} for line, (n, day) in lines]}


def _changed(change: Row) -> str:
    """A sentence that a revision removed (-), added (+), put otherwise (word by word) or moved (~)."""
    before, after = change["before"], change["after"]
    match change["kind"]:
        case "added":
            return f"    + {after}"
        case "removed":
            return f"    - {before}"
        case "moved":
            return f"    ~ {after}"
        case _:
            return f"    * {_word_by_word(before.split(), after.split())}"


def _word_by_word(old: Sequence[str], new: Sequence[str]) -> str:
    """A sentence with what went and what came in it: ``on [-Monday-] {+Tuesday+} the council``."""
    parts: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts += old[a:b]
        else:
            parts += [f"[-{' '.join(old[a:b])}-]"] if b > a else []
            parts += [f"{{+{' '.join(new[c:d])}+}}"] if d > c else []
    return " ".join(parts)


_TEXTS = """
    SELECT logical_date, title, revision, text FROM articles
    WHERE article_id = {id} OR url = {id} OR canonical_url = {id} ORDER BY logical_date
"""


def page_of_revisions(lake: Lake, identity: str) -> str:
    """A page with each revision of an article beside the one before it, changed words marked.

    Raises UsageError for an article that has none.
    """
    rows = _ask(lake, _TEXTS, identity)
    if len(rows) < 2:  # two make a change
        raise UsageError(f"{lake.uri} holds {len(rows)} revisions of {identity}, and a change needs two")
    parts = []
    for before, after in pairwise(rows):
        head = [f"{row['logical_date']}: {row['title'] or 'without a title'}" for row in (before, after)]
        table = [_row_of(pair) for pair in aligned(before["text"], after["text"])]
        parts += [f"<h2>Revision {after['revision']}</h2>", table_of([text_of(line) for line in head], table)]
    return page(f"Revisions of {rows[-1]['title'] or identity}", parts, _REVISIONS_STYLE)


_REVISIONS_STYLE = """
td { width: 50%; } del { color: var(--bad); } ins { color: var(--good); }
"""


def _row_of(pair: Pair) -> list[str]:
    """A sentence as it was and as it is, with what went and what came."""
    before, after = (None if said is None else said.split() for said in (pair.before, pair.after))
    if pair.kind is None or pair.kind is ChangeKind.MOVED:
        mark = "moved: " if pair.kind else ""
        return [text_of(pair.before or ""), text_of(f"{mark}{pair.after}")]
    old, new = before or [], after or []
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    was = [_marked("del", old[a:b], changed=kind != "equal") for kind, a, b, _, _ in codes]
    now = [_marked("ins", new[c:d], changed=kind != "equal") for kind, _, _, c, d in codes]
    return [" ".join(filter(None, was)), " ".join(filter(None, now))]


def _marked(tag: str, words: Sequence[str], *, changed: bool) -> str:
    said = text_of(" ".join(words)) if words else ""
    return f"<{tag}>{said}</{tag}>" if said and changed else said


def _ask(lake: Lake, sql: str, identity: str) -> list[Row]:
    quoted = "'" + identity.replace("'", "''") + "'"
    return [_plain(row) for row in query(lake, sql.format(id=quoted)).to_pylist()]


def _plain(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _with_differences(row: Row) -> Row:
    kept, copy = row.pop("kept_text"), row.pop("text")
    return {**row, "differences": differences(kept, copy) if kept and copy else []}


def _measured(row: Row) -> str:
    return f"{row['method']}, similarity {row['similarity']}, containment {row['containment']}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _shorten(words: Sequence[str]) -> str:
    return " ".join(
        words if len(words) <= 2 * _WORDS_AROUND else [*words[:_WORDS_AROUND], "…", *words[-_WORDS_AROUND:]]
    )
