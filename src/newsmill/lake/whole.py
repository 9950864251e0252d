"""Whether files are what a run has published: by the row of the run, which has their checksums and counts.

So a date can be found out from its files alone, where the tables' metadata is damaged.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import Damaged, NotStored
from newsmill.schemas.rows import TABLES, Run
from newsmill.storage import ObjectStore

READ_BYTES = 8 * 2**20

COUNTED = {
    "articles": "article_count",
    "duplicates": "duplicate_count",
    "rejections": "rejection_count",
    "entities": "entity_count",
    "quotes": "quote_count",
    "links": "link_count",
}
"""What the row of a run counts: table to column."""

type Files = Mapping[str, Sequence[str]]
"""Table to the keys of its files of one date."""


def checksum(stream: BinaryIO) -> str:
    """The SHA-256 of a stream, read piece by piece."""
    digest = hashlib.sha256()
    while content := stream.read(READ_BYTES):
        digest.update(content)
    return digest.hexdigest()


def checksum_of(store: ObjectStore, key: str) -> str:
    """The SHA-256 of an object."""
    with store.open(key) as stream:
        return checksum(stream)


def date_prefix(table: str, logical_date: date) -> str:
    """The hive path of a date: all its data files of a table and nothing else have keys that start with it."""
    return f"{table}/date={logical_date.isoformat()}/"


def parquet_rows(store: ObjectStore, key: str) -> pa.Table:
    """The rows of a Parquet file as they stand there; raises Damaged if they cannot be read."""
    try:
        with store.open(key) as stream:
            return pq.read_table(stream)
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{store.uri(key)} cannot be read: {' '.join(str(error).split())}") from error


def run_row(store: ObjectStore, keys: Sequence[str]) -> dict[str, Any]:
    """The row of the run that files of ``runs`` hold; raises Damaged if there is none that can be read."""
    try:
        rows = pa.concat_tables([parquet_rows(store, key) for key in keys], promote_options="default").to_pylist()
    except (ValueError, pa.ArrowException) as error:
        raise Damaged(f"{store.uri(keys[0])} cannot be read: {' '.join(str(error).split())}") from error
    if not rows or not {*COUNTED.values()} - {"link_count"} < rows[-1].keys():  # which older rows have not
        raise Damaged(f"{store.uri(keys[0])} has no row of a run")
    return dict(rows[-1])


def lacking(store: ObjectStore, run: Mapping[str, Any], files: Files, kept: str) -> str | None:
    """What keeps files from being what a run published, in one line; None if they are. ``kept`` says what they are.

    By their checksums, or for rows of version 1, which have none, by the counts of rows.
    """
    if (stated := run.get("file_hashes")) is not None:
        contents = {key: checksum_of(store, key) for table, keys in files.items() if table != Run.table for key in keys}
        if unknown := sorted(key for key, content in contents.items() if content not in stated):
            return f"{unknown[0]} is not what was published"
        missing = Counter(stated) - Counter(contents.values())
        return f"{kept} lacks {missing.total()} of {len(stated)} files" if missing else None
    for table, column in COUNTED.items():
        found = sum(len(parquet_rows(store, key)) for key in files.get(table, ()))
        if found != (run.get(column) or 0):
            return f"{kept} has {found} rows of {table}, its run made {run[column]}"
    return None


def salvage(store: ObjectStore, logical_date: date, table: str, published: Sequence[str] = ()) -> list[str]:
    """The files of a date in a table, found out from the files alone.

    ``published`` are those of ``runs`` that are known to be the date's; without them, and if there are several, of the
    runs of which every file is there the one that finished last is taken. Raises Damaged if they are not whole.
    """
    keys, run = _run_of(store, logical_date, published)
    if table == Run.table:
        return keys
    files = _files_of(store, logical_date, table, run)
    expected = run.get(COUNTED[table]) if table in COUNTED else _remembered(run)
    found = sum(len(parquet_rows(store, key)) for key in files)
    if expected not in {None, found}:
        raise _not_made_out(logical_date, f"{found} rows of {table} are whole, its run made {expected}")
    return files


def _run_of(store: ObjectStore, logical_date: date, published: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The files that hold the row of a date's run, and the row."""
    there = [[key] for key in _parquet_keys(store, logical_date, Run.table)]
    candidates, reasons = [list(published)] if published else there, list[str]()
    wholes: list[tuple[Any, list[str], dict[str, Any]]] = []
    for keys in candidates:
        try:
            run = run_row(store, keys)
            reason = None
            if len(candidates) > 1:
                files = {record.table: _files_of(store, logical_date, record.table, run) for record in TABLES}
                reason = lacking(store, run, files, str(logical_date))
        except (Damaged, NotStored) as error:
            reason = str(error)
        if reason:
            reasons.append(reason)
        else:
            wholes.append((run["finished_at"], keys, run))
    if not wholes:
        raise _not_made_out(logical_date, reasons[0] if reasons else f"it has no file of {Run.table}")
    _, keys, run = max(wholes, key=lambda whole: whole[:2])
    return keys, run


def _files_of(store: ObjectStore, logical_date: date, table: str, run: Mapping[str, Any]) -> list[str]:
    """What is a run's of the files in a table's folder: by checksum, or by name for rows of version 1."""
    keys = _parquet_keys(store, logical_date, table) if table != Run.table else []
    if (stated := run.get("file_hashes")) is None:
        return [key for key in keys if f"-{run['run_id']}-" in key]
    by_content = {checksum_of(store, key): key for key in reversed(keys)}
    return sorted(key for content, key in by_content.items() if content in stated)


def _parquet_keys(store: ObjectStore, logical_date: date, table: str) -> list[str]:
    found = [info.key for info in store.list(date_prefix(table, logical_date))]
    return [key for key in found if key.endswith(".parquet") and not key.rpartition("/")[2].startswith(".")]


def _remembered(run: Mapping[str, Any]) -> int | None:
    """How many rows of the ledger a run made; None for one from before there was a ledger."""
    return None if run.get("ledger_hash") is None else run["article_count"] + run["duplicate_count"]


def _not_made_out(logical_date: date, why: str) -> Damaged:
    return Damaged(f"{logical_date} cannot be made out from its files: {why}; run it again")
