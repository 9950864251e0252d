"""Whether a date stands in the lake as its run has published it, with nothing left to be done or mended."""

from collections import Counter
from datetime import date

import pyarrow as pa

from newsmill.errors import Damaged, NotStored
from newsmill.lake.iceberg import Plan, is_own
from newsmill.lake.read import Lake, planned
from newsmill.lake.whole import checksum_of, date_prefix, run_row
from newsmill.schemas.rows import TABLES, Run, table_schema


def sound_run(lake: Lake, logical_date: date) -> Run | None:
    """The row of a date's run, if a publish of the same rows would change nothing; None if it would, or might.

    Metadata is read, every file is there with the size and the checksum that were published, no other is in the
    date's folders, and no publish has died over them.
    """
    try:
        return _sound_run(lake, logical_date)
    except (Damaged, NotStored):
        return None


def _sound_run(lake: Lake, logical_date: date) -> Run | None:
    head = lake.head()
    if head.tag is None or head.former_place(lake.uri) or any(it.concerns(logical_date) for it in head.doomed.values()):
        return None
    stored: dict[str, list[str]] = {}
    for record in TABLES:
        plan = planned(lake.store, head, record.table, logical_date) if record.table in head.tables else Plan((), ())
        wanted = {file.key: file.bytes for file in plan.files}
        listed = lake.store.list(date_prefix(record.table, logical_date))
        there = {info.key: info.size for info in listed if is_own(info.key)}
        if plan.lost or there != wanted:
            return None
        stored[record.table] = list(wanted)
    if not stored[Run.table]:
        return None
    row = run_row(lake.store, stored[Run.table])
    contents = [checksum_of(lake.store, key) for table, keys in stored.items() if table != Run.table for key in keys]
    if row.get("file_hashes") is None or Counter(row["file_hashes"]) != Counter(contents):
        return None
    (run,) = Run.from_arrow(pa.Table.from_pylist([row], schema=table_schema(Run)))
    return run
