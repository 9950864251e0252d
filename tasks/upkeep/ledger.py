"""Make the ledger anew from what has landed."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import uuid4

from newsmill.errors import LedgerChanged
from newsmill.lake import Lake
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry, Run
from newsmill.tasks.dedupe.ledger import REBUILD, entry, fingerprint
from newsmill.tasks.inputs.furniture import EXTRACTED_WHOLE, as_bytes, candidates, furniture_of, restored
from newsmill.tasks.inputs.identity import text_hash
from newsmill.tasks.land.partition import land_again
from newsmill.tasks.run.attempt import claimed


def rebuild(lake: Lake) -> list[date]:
    """Make the ledger anew from the published articles and duplicates, a date at a time. Returns the dates.

    Raises RunInProgress at a date that is being run.
    """
    dates = sorted({*lake.dates(Article.table), *lake.dates(Duplicate.table)})
    for day in dates:
        with claimed(lake, day, f"ledger-{uuid4().hex}"):
            entries = [*_kept(lake, day), *_copies(lake, day)]
            (run_id,) = values(lake.read(Run.table, columns=["run_id"], on=day), "run_id")
            check = partial(_refuse_other_run, lake, day, run_id)
            land_again(lake, day, {LedgerEntry: LedgerEntry.to_arrow(entries)}, check=check)
    return dates


def _refuse_other_run(lake: Lake, day: date, run_id: str) -> None:
    if values(lake.read(Run.table, columns=["run_id"], on=day), "run_id") != [run_id]:
        raise LedgerChanged(f"{day} has been run again meanwhile; {REBUILD}")


_COLUMNS = ("article_id", "text_hash", "published_at", "text")
_OF_ARTICLES = (*_COLUMNS, "revision", "hostname", "extraction_method", "furniture")


def _kept(lake: Lake, day: date) -> Iterator[LedgerEntry]:
    for row in lake.read(Article.table, columns=_OF_ARTICLES, on=day).to_pylist():
        text = restored(row["text"], furniture_of(row["furniture"]))
        known_by = text_hash(text) if row["furniture"] else row["text_hash"]
        found = fingerprint(day, row | {"text_hash": known_by}, text)
        is_whole = row["hostname"] is None or row["extraction_method"] in EXTRACTED_WHOLE
        yield entry(
            found,
            is_kept=True,
            revision=found.revision,
            hostname=row["hostname"],
            lines=None if is_whole else as_bytes(candidates(text)),
        )


def _copies(lake: Lake, day: date) -> Iterator[LedgerEntry]:
    for row in lake.read(Duplicate.table, columns=_COLUMNS, on=day).to_pylist():
        if row["text_hash"] is not None:  # as in duplicates of version 1
            yield entry(fingerprint(day, row, row["text"]), is_kept=False)
