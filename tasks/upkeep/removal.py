"""Removal: on demand a page, a host or an article goes from the archive, every table and the reports, and stays gone;
what an agency withdraws goes from what is published, and leaves a rejection.

On demand in this order, so that a removal that is killed can be run again to its end: the tombstone, which keeps runs
from bringing it back in the meantime; the archive; the tables, a date at a time, and what is kept of their former
states; the reports that name it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import Damaged, LedgerMismatch, UsageError
from newsmill.lake import Lake
from newsmill.lake.publish import copies
from newsmill.lake.staging import DRAFTS, drop_staging, staged_attempts
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import TABLES, Article, Duplicate, Entity, LedgerEntry, Link, Quote, Rejection, Run
from newsmill.schemas.words import Reason
from newsmill.storage import ObjectStore
from newsmill.tasks.dedupe.ledger import evidence_of, is_settled
from newsmill.tasks.enrich import cache
from newsmill.tasks.fetch.archive import Archive, Entry, Role, erase, fetched_of, segments
from newsmill.tasks.fetch.client import Fetched
from newsmill.tasks.inputs.content import Place, Problem, orphan
from newsmill.tasks.inputs.fingerprint import short_hash
from newsmill.tasks.inputs.furniture import furniture_of, restored
from newsmill.tasks.inputs.identity import article_id, text_hash
from newsmill.tasks.inputs.urls import ascii_host, canonical_url
from newsmill.tasks.land.partition import land_again
from newsmill.tasks.run.attempt import claimed
from newsmill.tasks.run.lease import claimed_dates
from newsmill.tasks.run.tombstones import Removed, Tombstones, bury

_ADDRESS_COLUMNS = ("url", "canonical_url", "input_id")
_REPORTS = "_reports/"
_MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What was removed: captures from the archive, rows by table, reports; and the dates that changed."""

    captures: int
    rows: dict[str, int]
    reports: int
    dates: tuple[date, ...]


def remove(lake: Lake, spool: Path, kind: Removed, value: str, now: datetime, *, window_days: int) -> Removal:
    """Remove a page by its address, all of a host, or an article with the pages that it came from.

    ``window_days`` is of the deduplication. Raises UsageError for an article that there is not, and for what is no
    host, and RunInProgress at a date that is being run: what it has read already it might publish, so the removal is to
    be run again after it.
    """
    if kind is Removed.HOST:
        value = _host_in(value)
    names = _addresses_of(lake, value) if kind is Removed.ARTICLE else [value]
    for folder in sorted(spool.glob("????-??-??")):
        Archive(lake.store, date.fromisoformat(folder.name), spool).recover()
    stones = {bury(lake.store, kind, value, now)}
    if kind is Removed.ARTICLE:
        stones |= {bury(lake.store, Removed.URL, name, now) for name in names}
    naming = _naming(names)
    removed = Tombstones(frozenset(stones))
    captures = _remove_captures(lake.store, removed, naming)
    ids = _article_ids(lake, removed)
    rows: dict[str, int] = {}
    changed = []
    for day in sorted({*(day for record in TABLES for day in lake.dates(record.table)), *claimed_dates(lake.store)}):
        with claimed(lake, day, f"remove-{now:%Y%m%dT%H%M%S%f}"):
            if _rewrite(lake, day, ids, removed, rows, window_days):
                changed.append(day)
    _remove_former(lake, ids, removed)
    cache.forget_all(lake.store)
    return Removal(captures=captures, rows=rows, reports=_remove_reports(lake.store, naming), dates=tuple(changed))


def withdraw(lake: Lake, killed: Collection[str], now: datetime, *, window_days: int) -> tuple[date, ...]:
    """Take out of every landed date what an agency has killed, and leave a rejection of it; returns the dates changed.

    ``killed`` are ids that items are known by, each behind its tombstone already. Neither is there a going back to
    states of these dates that hold it. Raises RunInProgress at a date that is being run.
    """
    ids = frozenset(_ids_of(lake, killed))
    changed = []
    for day in sorted(lake.dates(Article.table)) if ids else ():
        with claimed(lake, day, f"withdraw-{now:%Y%m%dT%H%M%S%f}"):
            if _rewrite(lake, day, ids, Tombstones(), {}, window_days, is_withdrawal=True):
                changed.append(day)
    if changed:
        _remove_former(lake, ids, Tombstones())
        cache.forget_all(lake.store)
    return tuple(changed)


def _ids_of(lake: Lake, killed: Collection[str]) -> Iterator[str]:
    """The ids of published articles that are killed, by their own id or by what their agency calls them."""
    for day in lake.dates(Article.table) if killed else ():
        rows = lake.read(Article.table, columns=["article_id", "guid"], on=day)
        for known_by, guid in zip(values(rows, "article_id"), values(rows, "guid"), strict=True):
            if known_by in killed or (guid is not None and article_id(None, "", guid) in killed):
                yield known_by


def _host_in(value: str) -> str:
    """The host that somebody means who gives its name in letters of any language, or its address."""
    try:
        parts = urlsplit(value if "://" in value else f"//{value}")
        host = None if parts.path.strip("/") else ascii_host(parts.hostname or "")
    except ValueError:
        host = None
    if host is None:
        raise UsageError(f"{value} is no host; a page is removed by its address")
    return host


def _addresses_of(lake: Lake, article_id: str) -> list[str]:
    found: set[str] = set()
    is_known = False
    for table, columns in ((Article.table, ("url", "canonical_url")), (Duplicate.table, ("url",))):
        for row in lake.read(table, columns=["article_id", *columns]).to_pylist():
            if row["article_id"] == article_id:
                is_known = True
                found.update(row[column] for column in columns if row[column])
    if not is_known:
        raise UsageError(f"no article has the id {article_id}")
    return sorted(found)


def _remove_captures(store: ObjectStore, removed: Tombstones, naming: re.Pattern[bytes]) -> int:
    count = 0
    for key, entries in segments(store):
        erased = [entry for entry in entries if _is_of(store, entry, removed, naming)]
        if erased:
            erase(store, key, erased, [entry for entry in entries if entry not in erased])
        count += len(erased)
    return count


def _is_of(store: ObjectStore, entry: Entry, removed: Tombstones, naming: re.Pattern[bytes]) -> bool:
    """Whether a capture is of what is removed, or a listing that names it, which no run of the date needs."""
    if removed.covers(entry.address) or removed.covers(entry.final_address):
        return True
    try:
        return entry.note.role is Role.LISTING and _names(fetched_of(store, entry), naming)
    except Damaged:  # overwritten by a removal that was killed, or past knowing what it names
        return True


def _names(fetched: Fetched, naming: re.Pattern[bytes]) -> bool:
    for exchange in fetched.exchanges:
        content = exchange.content(_MAX_BYTES)
        if not isinstance(content, Problem) and naming.search(content):
            return True
    return False


def _naming(names: Sequence[str]) -> re.Pattern[bytes]:
    """Finds addresses or hosts in HTML, XML and JSON: in full, whatever the scheme, or as a link within the site."""
    ways = []
    for name in names:
        for form in {name, canonical_url(name) or name}:
            host, slash, path = form.partition("://")[2].partition("/") if "://" in form else (form, "", "")
            here = rf"(?<![\w.-])(?:www\.)?{re.escape(host.lower().removeprefix('www.'))}"
            if path:
                below = "".join(_LETTERS.get(letter, re.escape(letter)) for letter in f"/{path.rstrip('/')}")
                ways += [f"{here}{below}(?![\\w-])", rf"""(?<=["'>]){below}/?(?=["'<#])"""]
            else:
                ways.append(rf"{here}(?![\w-]|\.\w){slash}")
    return re.compile("|".join(sorted(ways)).encode() or b"(?!)", re.IGNORECASE)


_LETTERS = {"/": r"\\?/", "&": r"(?:&|&amp;|&\#38;|\\u0026)", "'": r"(?:'|&\#x27;|&\#39;)"}
"""Letters of an address that are written otherwise in HTML or JSON."""


def _article_ids(lake: Lake, removed: Tombstones) -> frozenset[str]:
    rows = lake.read(Article.table, columns=["article_id", "url", "canonical_url"]).to_pylist()
    return frozenset(
        row["article_id"]
        for row in rows
        if removed.covers(row["url"])
        or removed.covers(row["canonical_url"])
        or removed.covers_article(row["article_id"])
    )


def _rewrite(
    lake: Lake,
    day: date,
    ids: Collection[str],
    removed: Tombstones,
    counts: dict[str, int],
    window_days: int,
    *,
    is_withdrawal: bool = False,
) -> bool:
    """Publish a date without what is removed; False where there is nothing of it."""
    before = {record: lake.read(record.table, on=day) for record in TABLES}
    after = {record: _without(table, ids, removed) for record, table in before.items()}
    orphans = _orphans(after[Duplicate], ids, "withdrawn by its agency" if is_withdrawal else "removed on demand")
    withdrawn = _withdrawn(before, ids) if is_withdrawal else []
    if not orphans and all(after[record] is before[record] for record in TABLES):
        return False
    gone = {record: len(before[record]) - len(after[record]) for record in TABLES}
    if orphans:
        kept = pa.array([target not in ids for target in values(after[Duplicate], "duplicate_of")], pa.bool_())
        after[Duplicate] = after[Duplicate].filter(kept)
    if orphans or withdrawn:
        after[Rejection] = pa.concat_tables(
            [after[Rejection].select(Rejection.arrow_schema().names), Rejection.to_arrow([*orphans, *withdrawn])]
        )
    after[LedgerEntry] = _remembered(before[LedgerEntry], after[Article], after[Duplicate])
    gone[LedgerEntry] = len(before[LedgerEntry]) - len(after[LedgerEntry])
    # What is withdrawn is still an input: of those that are gone, it stands among the rejections.
    inputs_gone = len(before[Article]) + len(before[Duplicate]) + len(before[Rejection])
    inputs_gone -= len(after[Article]) + len(after[Duplicate]) + len(after[Rejection])
    run = _counted(Run.from_arrow(before[Run])[0], after, inputs_gone)
    if not orphans:
        # What is left was decided by what it would be decided by now; orphans a run of the date might let in.
        run = run.replace(ledger_hash=_evidence(lake, day, run.ledger_hash, after[LedgerEntry], window_days))
    changed = {record: _own(record, table) for record, table in after.items() if table is not before[record]}
    land_again(lake, day, changed, run)
    for record, count in gone.items():
        if count:
            counts[record.table] = counts.get(record.table, 0) + count
    return True


def _evidence(lake: Lake, day: date, before: str | None, entries: pa.Table, window_days: int) -> str | None:
    """The hash of what the decisions on what is left take from earlier dates; as it was if they did not stand."""
    try:
        stands = before is not None and is_settled(lake, day, window_days)
        return evidence_of(lake, day, entries, window_days) if stands else before
    except LedgerMismatch:  # a ledger that has to be rebuilt keeps nothing from being removed
        return before


def _remove_former(lake: Lake, ids: Collection[str], removed: Tombstones) -> None:
    """Delete the former states of dates that hold something of what is removed: there is no going back to them.

    And what comparisons of models have staged, of any date: they make it again.
    """
    for attempt_id in staged_attempts(lake):
        if attempt_id.startswith(DRAFTS):
            drop_staging(lake, attempt_id)
    states: dict[str, list[str]] = {}
    for copy in copies(lake):
        states.setdefault(copy.state_id, []).append(copy.key)
    for keys in states.values():
        if any(_holds(lake.store, key, ids, removed) for key in keys):
            lake.store.delete(keys)


def _holds(store: ObjectStore, key: str, ids: Collection[str], removed: Tombstones) -> bool:
    with store.open(key) as stream:
        rows = pq.read_table(stream)
    return _without(rows, ids, removed) is not rows


def _own(record: type[Record], table: pa.Table) -> pa.Table:
    schema = record.arrow_schema()
    return table.select(schema.names).cast(schema)


def _without(table: pa.Table, ids: Collection[str], removed: Tombstones) -> pa.Table:
    """The rows of a table that are not of what is removed; the table itself if that is all of them."""
    kept = [True] * len(table)
    for name in table.schema.names:
        if name == "article_id":
            kept = [keep and value not in ids for keep, value in zip(kept, values(table, name), strict=True)]
        elif name in _ADDRESS_COLUMNS:
            kept = [keep and not removed.covers(value) for keep, value in zip(kept, values(table, name), strict=True)]
    return table if all(kept) else table.filter(pa.array(kept, pa.bool_()))


def _remembered(ledger: pa.Table, articles: pa.Table, duplicates: pa.Table) -> pa.Table:
    """The rows of the ledger that are of an article or a duplicate that is left."""
    left = {
        (article_id, short_hash(text), is_kept)
        for table, is_kept in ((articles, True), (duplicates, False))
        for article_id, text in zip(values(table, "article_id"), _text_hashes(table), strict=True)
    }
    rows = zip(*(values(ledger, name) for name in ("article_id", "text_hash", "is_kept")), strict=True)
    return ledger.filter(pa.array([row in left for row in rows], pa.bool_()))


def _text_hashes(table: pa.Table) -> list[str]:
    """The hashes by which the ledger knows the texts of articles or duplicates: those from before furniture was cut."""
    hashes = values(table, "text_hash")
    if "furniture" in table.schema.names:
        for row, cut in enumerate(values(table, "furniture")):
            if cut:
                hashes[row] = text_hash(restored(table["text"][row].as_py(), furniture_of(cut)))
    return hashes


def _withdrawn(before: Mapping[type[Record], pa.Table], ids: Collection[str]) -> list[Rejection]:
    """What becomes of the inputs that are withdrawn; an article is named by where its bytes stand."""
    rows = [
        (row["article_id"], row.get("input_id") or row["raw_uri"] or row["article_id"], row["url"])
        for record, columns in ((Article, ("raw_uri", "url")), (Duplicate, ("input_id", "url")))
        for row in before[record].select(["article_id", *columns]).to_pylist()
    ]
    problem = Problem(Reason.WITHDRAWN, "its agency has withdrawn it after it had landed")
    return [Place(name, "", name, url).reject(problem) for known_by, name, url in rows if known_by in ids]


def _orphans(duplicates: pa.Table, ids: Collection[str], why: str) -> list[Rejection]:
    """Copies of what is removed, which have nothing to point at any more."""
    rows: list[dict[str, Any]] = duplicates.to_pylist()
    return [
        orphan(row["input_id"], row["url"], f"a copy of an article that was {why}")
        for row in rows
        if row["duplicate_of"] in ids
    ]


def _counted(run: Run, after: dict[type[Record], pa.Table], removed_inputs: int) -> Run:
    quotes = after[Quote]
    return run.replace(
        read_count=run.read_count - removed_inputs,
        article_count=len(after[Article]),
        duplicate_count=len(after[Duplicate]),
        rejection_count=len(after[Rejection]),
        entity_count=len(after[Entity]),
        quote_count=len(quotes),
        attributed_count=len(quotes) - quotes.column("speaker_name").null_count,
        link_count=len(after[Link]) if run.link_count is not None else None,
    )


def _remove_reports(store: ObjectStore, naming: re.Pattern[bytes]) -> int:
    named = [info.key for info in store.list(_REPORTS) if naming.search(store.read(info.key))]
    store.delete(named)
    return len(named)
