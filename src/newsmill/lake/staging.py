"""What executions set aside in a lake before they publish, each below its own id."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.lake.read import Lake

STAGING = "_staging"
ROW_GROUP = 1 << 15
"""Rows that are read at once at least; few, so that many large tables can be gone through at once."""
DRAFTS = "diff-"
"""What staging begins with that is not an execution's but waits to be promoted."""


def staged_key(attempt_id: str, *names: str) -> str:
    """The key of what an execution sets aside under names: ``staged_key("a1", "articles", "0003.parquet")``."""
    return "/".join((STAGING, attempt_id, *names))


def write_table(lake: Lake, key: str, table: pa.Table) -> None:
    """Write a staged table; without dictionaries, which pay for what is read often and not for pages read once."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="lz4", row_group_size=ROW_GROUP, use_dictionary=False)
    lake.store.write(key, sink.getvalue())


def read_table(lake: Lake, key: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a staged table."""
    with lake.store.open(key) as stream:
        return pq.read_table(stream, columns=None if columns is None else list(columns))


def read_pieces(lake: Lake, key: str, between: tuple[int, int] | None = None) -> Iterator[pa.Table]:
    """Read a staged table, ``ROW_GROUP`` rows in memory at a time.

    Of one with a single column, only those pieces that may hold a value ``between`` two bounds, the upper one excluded.
    """
    with lake.store.open(key) as stream:
        file = pq.ParquetFile(stream)
        for number in range(file.num_row_groups):
            if between is None or _may_hold(file.metadata.row_group(number).column(0).statistics, *between):
                yield file.read_row_group(number)


def _may_hold(statistics: Any, least: int, end: int) -> bool:
    return statistics is None or not statistics.has_min_max or (statistics.max >= least and statistics.min < end)


def drop_staging(lake: Lake, attempt_id: str) -> None:
    """Delete all that an execution has set aside."""
    lake.store.delete(staged_keys(lake, attempt_id))


def staged_keys(lake: Lake, attempt_id: str) -> list[str]:
    """The keys of all that an execution has set aside."""
    return [info.key for info in lake.store.list(f"{STAGING}/{attempt_id}/")]


def staged_attempts(lake: Lake) -> list[str]:
    """The executions that have something set aside."""
    return sorted({info.key.split("/")[1] for info in lake.store.list(f"{STAGING}/")})
