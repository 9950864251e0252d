"""Small dates to publish: their rows, and what stands in a lake afterwards."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.lake import Lake, date_prefix
from newsmill.lake.publish import SUPERSEDED, Published, publish
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Duplicate, Rejection, table_schema
from newsmill.schemas.words import DuplicateMethod, Reason, Stage

DAY = date(2026, 1, 5)
NEXT_DAY = date(2026, 1, 6)


def duplicates(count: int) -> pa.Table:
    return Duplicate.to_arrow(
        Duplicate(
            input_id=f"{number}",
            article_id="0" * 16,
            url=None,
            duplicate_of="1" * 16,
            duplicate_of_date=date(2026, 1, 1),
            method=DuplicateMethod.NEAR,
            similarity=0.9,
            containment=1.0,
            title="Harvest begins",
            source="wire",
            published_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
            hostname=None,
            wire_agency=None,
            text_hash="0" * 64,
            text=None,
        )
        for number in range(count)
    )


def rejections(count: int) -> pa.Table:
    return Rejection.to_arrow(
        Rejection(
            input_id=f"{number}",
            url=None,
            stage=Stage.READ,
            reason=Reason.EMPTY,
            detail="no bytes",
            expectation=None,
            raw_uri=None,
        )
        for number in range(count)
    )


ROWS: Mapping[type[Record], Callable[[int], pa.Table]] = {Duplicate: duplicates, Rejection: rejections}


def put(lake: Lake, record: type[Record], day: date, run_id: str, count: int) -> list[str]:
    """Upload a data file without publishing it."""
    rows = ROWS[record](count)
    keys: list[Any] = [pa.array([day] * count, pa.date32()), pa.array([run_id] * count)]
    table = pa.Table.from_arrays([*keys, *rows.columns], schema=table_schema(record))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    key = f"{date_prefix(record.table, day)}{record.table}-{run_id}-0000.parquet"
    lake.store.write(key, sink.getvalue())
    return [key]


def publish_rows(lake: Lake, day: date, run_id: str, count: int) -> Published:
    """Publish a date with as many duplicates as rejections."""
    return publish(lake, day, {record.table: put(lake, record, day, run_id, count) for record in ROWS})


def data_keys(lake: Lake) -> list[str]:
    return [info.key for info in lake.store.list() if "/date=" in info.key and not info.key.startswith(SUPERSEDED)]


def superseded_keys(lake: Lake) -> list[str]:
    return [info.key for info in lake.store.list(f"{SUPERSEDED}/")]


def runs_of(lake: Lake, day: date) -> set[str]:
    rows = [lake.read(record.table, columns=["run_id"], on=day) for record in ROWS]
    return {str(run_id) for run_id in pa.concat_tables(rows).column("run_id").to_pylist()}
