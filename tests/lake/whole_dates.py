"""Dates as land leaves them, with the row of a run that has the checksums of their files."""

import hashlib
import io
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.lake import Lake, date_prefix
from newsmill.lake.publish import publish
from newsmill.schemas.rows import Run, table_schema
from tests.lake.dates import DAY, ROWS, put
from tests.rows import RUN


def publish_run(lake: Lake, run_id: str, count: int, *, day: date = DAY, has_hashes: bool = True) -> None:
    """Publish a date with as many duplicates as rejections, and the row of its run."""
    keys = {record.table: put(lake, record, day, run_id, count) for record in ROWS}
    hashes = tuple(hashlib.sha256(lake.store.read(key)).hexdigest() for table in keys.values() for key in table)
    counts = {"article_count": 0, "duplicate_count": count, "rejection_count": count}
    counts |= {"entity_count": 0, "quote_count": 0, "link_count": 0}
    stated = hashes if has_hashes else None
    run = Run.to_arrow([RUN.replace(attempt_id=run_id, file_hashes=stated, ledger_hash=None, **counts)])
    own: list[Any] = [pa.array([day], pa.date32()), pa.array([run_id])]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([*own, *run.columns], schema=table_schema(Run)), sink)
    keys[Run.table] = [f"{date_prefix(Run.table, day)}runs-{run_id}-0000.parquet"]
    lake.store.write(keys[Run.table][0], sink.getvalue())
    publish(lake, day, keys)
