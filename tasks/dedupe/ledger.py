"""The ledger: what dedupe remembers of every article and duplicate, as a table of the lake.

It is published with the articles in one step, holds nothing that the published texts do not give again
(:func:`rebuild`), and tells whether a date's decisions still stand when earlier dates have changed (:func:`stale`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from newsmill.errors import LedgerMismatch
from newsmill.lake import Lake
from newsmill.lake.staging import read_table
from newsmill.schemas.record import values
from newsmill.schemas.rows import LedgerEntry, Run
from newsmill.tasks.dedupe import furniture
from newsmill.tasks.dedupe.candidates import Articles, Fingerprint, Relations, relate
from newsmill.tasks.inputs.fingerprint import VERSION, shingles, short_hash, sketch
from newsmill.tasks.inputs.furniture import LINE, line_hash

FINGERPRINT = ("article_id", "text_hash", "published_at", "revision", "sketch")
"""The columns that make a fingerprint, with the date."""

WITH_LINES = pa.schema(
    [LedgerEntry.arrow_schema().field(name) for name in ("article_id", "text_hash", *furniture.COLUMNS)]
)
"""What furniture is told by, and its evidence."""

REBUILD = "run: newsmill ledger rebuild"


def fingerprint(logical_date: date, row: dict[str, Any], text: str | None, index: int = -1) -> Fingerprint:
    """The fingerprint of a row with ``article_id``, ``text_hash`` and ``published_at``; without a text, no sketch."""
    return Fingerprint(
        logical_date=logical_date,
        article_id=row["article_id"],
        text_hash=short_hash(row["text_hash"]),
        published_at=row["published_at"],
        sketch=sketch(shingles(text or "")),
        revision=row.get("revision", 0),
        index=index,
    )


def entry(
    article: Fingerprint,
    *,
    is_kept: bool,
    revision: int = 0,
    hostname: str | None = None,
    lines: bytes | None = None,
) -> LedgerEntry:
    """The row of an article, with its host and the lines that may be furniture of it, or of a duplicate."""
    return LedgerEntry(
        article_id=article.article_id,
        text_hash=article.text_hash,
        published_at=article.published_at,
        is_kept=is_kept,
        revision=revision,
        sketch=article.sketch,
        version=VERSION,
        hostname=hostname,
        lines=lines,
    )


def window(lake: Lake, logical_date: date, days: int) -> Iterator[pa.Table]:
    """The kept articles of the ``days`` before a date, in order of position, a date in memory at a time.

    Raises LedgerMismatch if a date of the window has no entries, or entries of another version.
    """
    since = days_before(logical_date, days)
    # The runs first: what is published between the two readings has entries, and is not missed.
    landed = lake.read(Run.table, columns=["logical_date", "article_count"], since=since, before=logical_date)
    # A date without articles keeps nothing, and of copies version 1 did not remember the words.
    needed = set(values(landed.filter(pc.field("article_count") > 0), "logical_date"))
    columns = ["logical_date", *FINGERPRINT, "is_kept", "version"]
    for day, rows in lake.read_dates(LedgerEntry.table, columns=columns, since=since, before=logical_date):
        if strange := sorted(set(_distinct(rows, "version")) - {VERSION}):
            raise LedgerMismatch(f"the ledger of {lake.uri} is of version {strange[0]}, not {VERSION}; {REBUILD}")
        if len(rows):
            needed.discard(day)
        yield (
            rows.filter(rows["is_kept"])
            .select(["logical_date", *FINGERPRINT])
            .sort_by([("published_at", "ascending"), ("article_id", "ascending")])
        )
    if needed:
        raise LedgerMismatch(f"the ledger of {lake.uri} has nothing of {min(needed)}, which has landed; {REBUILD}")


def lines_before(lake: Lake, logical_date: date, days: int) -> Iterator[pa.Table]:
    """The kept articles of the ``days`` before a date with what may be furniture, a date in memory at a time."""
    columns = [*furniture.COLUMNS, "is_kept"]
    since = days_before(logical_date, days)
    for _, rows in lake.read_dates(LedgerEntry.table, columns=columns, since=since, before=logical_date):
        yield rows.filter(rows["is_kept"])


class Standing(NamedTuple):
    """How many pages of a host had a line when a date was run, and the first date of the window that did."""

    pages: int
    since: date


def standing(lake: Lake, logical_date: date, days: int, hostname: str, lines: Sequence[str]) -> list[Standing]:
    """For each line that was cut from an article of a date, where else it stood."""
    hashes = [line_hash(line) for line in lines]
    pages, since = Counter[int](), dict[int, date]()
    dates = {file.logical_date for file in lake.files(LedgerEntry.table)}
    for day in sorted(day for day in dates if days_before(logical_date, days) <= day <= logical_date):
        rows = lake.read(LedgerEntry.table, columns=[*furniture.COLUMNS, "is_kept"], on=day)
        rows = rows.filter(pc.field("is_kept") & (pc.field("hostname") == hostname) & (pc.field("revision") == 0))
        for known in values(rows, "lines"):
            for found in set(np.frombuffer(known or b"", LINE)["hash"].tolist()).intersection(hashes):
                pages[found] += 1
                since.setdefault(found, day)
    return [Standing(pages[found], since.get(found, logical_date)) for found in hashes]


def files(lake: Lake, logical_date: date, days: int) -> tuple[str, ...]:
    """The keys of the window's data files: while they are the same, so is the window."""
    since = days_before(logical_date, days)
    found = lake.files(LedgerEntry.table)
    return tuple(file.key for file in found if since <= file.logical_date < logical_date)


def evidence_hash(article_ids: Sequence[str], texts: Sequence[int], relations: Relations) -> str:
    """SHA-256 over what the decisions on a date's articles took from earlier dates."""
    return _hash(zip(article_ids, texts, relations.evidence(article_ids, texts), strict=True))


def staged_evidence(lake: Lake, keys: Sequence[str], logical_date: date, days: int) -> str:
    """The same for staged rows that hold their evidence, with the furniture that would be cut from them now."""
    columns = ["article_id", "text_hash", "evidence"]
    duplicates = _hash(
        tuple(row.values()) for key in keys for row in read_table(lake, key, columns=columns).to_pylist()
    )
    rows = pa.concat_tables([WITH_LINES.empty_table(), *(read_table(lake, key, WITH_LINES.names) for key in keys)])
    return with_furniture(duplicates, rows, furniture.decide(rows, lines_before(lake, logical_date, days)))


def with_furniture(duplicates: str, entries: pa.Table, chosen: Iterable[furniture.Ordinals]) -> str:
    """A hash of what was decided on duplicates, and of the furniture that is cut from entries, if any is."""
    cut = furniture.evidence(entries, chosen)
    return hashlib.sha256(f"{duplicates} {cut}".encode()).hexdigest() if cut else duplicates


def _hash(rows: Iterable[tuple[object, ...]]) -> str:
    found = hashlib.sha256()
    for number, line in enumerate(sorted(map(repr, rows))):
        found.update(f"{'\n' if number else ''}{line}".encode())
    return found.hexdigest()


def stale(lake: Lake, first: date, last: date, days: int) -> Iterator[date]:
    """The landed dates behind ``first`` that would take something else from earlier ones.

    To ``days`` behind ``last``, or behind the latest of them. In order, each judged when it is asked for, so that those
    before it can be run again meanwhile.
    """
    until, latest = days_behind(last, days), first
    # Listed anew for each: a date that lands while an earlier one is run again has decided by what that one was.
    while later := [
        day for day in values(lake.read(Run.table, columns=["logical_date"]), "logical_date") if latest < day <= until
    ]:
        latest = min(later)
        if not is_settled(lake, latest, days):
            until = max(until, days_behind(latest, days))
            yield latest


def is_settled(lake: Lake, logical_date: date, days: int) -> bool:
    """Whether a landed date would be decided by the same again; version 1 does not say what it was decided by."""
    columns = ["logical_date", *FINGERPRINT, "hostname", "lines"]
    rows = lake.read(LedgerEntry.table, columns=columns, on=logical_date)
    now = evidence_of(lake, logical_date, rows, days)
    # Read last: if the date is published meanwhile, it is that publish that counts.
    return values(lake.read(Run.table, columns=["ledger_hash"], on=logical_date), "ledger_hash") in ([now], [None])


def evidence_of(lake: Lake, logical_date: date, entries: pa.Table, days: int) -> str:
    """What :func:`evidence_hash` is of a date's entries by what earlier dates hold now."""
    # What the ledger calls a version is that of the sketches, not of the item.
    known = entries.select([name for name in FINGERPRINT if name in entries.column_names])
    relations = relate(Articles.of(known), window(lake, logical_date, days))
    found = evidence_hash(values(entries, "article_id"), values(entries, "text_hash"), relations)
    return with_furniture(found, entries, furniture.decide(entries, lines_before(lake, logical_date, days)))


def _distinct(table: pa.Table, column: str) -> list[Any]:
    return pc.unique(table[column]).to_pylist()


def days_before(day: date, days: int) -> date:
    """The date so many days before one, or the first there is."""
    return day - timedelta(days=min(days, (day - date.min).days))


def days_behind(day: date, days: int) -> date:
    """The date so many days behind one, or the last there is."""
    return day + timedelta(days=min(days, (date.max - day).days))
