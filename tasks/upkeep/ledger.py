"""Make the ledger anew from what has landed."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from uuid import uuid4

from newsmill.errors import LedgerChanged
from newsmill.lake import Lake
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry, Run
from newsmill.tasks.dedupe.candidates import Fingerprint
from newsmill.tasks.dedupe.ledger import REBUILD, entry, fingerprint
from newsmill.tasks.land.partition import land_again
from newsmill.tasks.run.attempt import claimed


def rebuild(lake: Lake) -> list[date]:
    """Make the ledger anew from the published articles and duplicates, a date at a time. Returns the dates.

    Raises RunInProgress at a date that is being run.
    """
    dates = sorted({*lake.dates(Article.table), *lake.dates(Duplicate.table)})
    for day in dates:
        with claimed(lake, day, f"ledger-{uuid4().hex}"):
            kept, copies = _published(lake, day, Article.table), _published(lake, day, Duplicate.table)
            entries = [entry(a, is_kept=True, revision=a.revision) for a in kept]
            entries += [entry(a, is_kept=False) for a in copies]
            (run_id,) = values(lake.read(Run.table, columns=["run_id"], on=day), "run_id")
            check = partial(_refuse_other_run, lake, day, run_id)
            land_again(lake, day, {LedgerEntry: LedgerEntry.to_arrow(entries)}, check=check)
    return dates


def _refuse_other_run(lake: Lake, day: date, run_id: str) -> None:
    if values(lake.read(Run.table, columns=["run_id"], on=day), "run_id") != [run_id]:
        raise LedgerChanged(f"{day} has been run again meanwhile; {REBUILD}")


def _published(lake: Lake, day: date, table: str) -> Iterable[Fingerprint]:
    columns = ["article_id", "text_hash", "published_at", "text"]
    if table == Article.table:
        columns.append("revision")
    for row in lake.read(table, columns=columns, on=day).to_pylist():
        if row["text_hash"] is not None:  # as in duplicates of version 1
            yield fingerprint(day, row, row["text"])
