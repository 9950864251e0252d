"""The earlier states of a date, and the way back to the last one."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import Damaged, UsageError
from newsmill.lake.publish import SUPERSEDED, checksum, copies, finish, place, publish, superseded_at
from newsmill.lake.read import Lake, date_prefix
from newsmill.schemas.rows import TABLES, Run

COUNTED = {
    "articles": "article_count",
    "duplicates": "duplicate_count",
    "rejections": "rejection_count",
    "entities": "entity_count",
    "quotes": "quote_count",
}
"""What the row of a run counts: table to column."""


@dataclass(frozen=True, slots=True)
class FormerState:
    """What a date was before a publish replaced it; ``files`` maps a table to the keys of the copies."""

    state_id: str
    superseded_at: datetime
    files: Mapping[str, tuple[str, ...]]


def former_states(lake: Lake, logical_date: date) -> list[FormerState]:
    """What is kept of a date's earlier states, the latest last."""
    found: dict[str, dict[str, list[str]]] = {}
    for copy in copies(lake, logical_date):
        found.setdefault(copy.state_id, {}).setdefault(copy.table, []).append(copy.key)
    return [
        FormerState(state_id, superseded_at(state_id), {table: tuple(keys) for table, keys in files.items()})
        for state_id, files in sorted(found.items())
    ]


def rollback(lake: Lake, logical_date: date) -> FormerState:
    """Make a date what it was before its last publish, in all tables in one step; returns that state.

    What is replaced by this is kept as well, so that a second rollback undoes the first. Raises UsageError if no
    earlier state is kept, Damaged if what is kept of it is not what was published, CommitConflict if a run of the date
    publishes meanwhile.
    """
    finish(lake, lake.head(), logical_date)
    if not (states := former_states(lake, logical_date)):
        raise UsageError(
            f"{logical_date} has no earlier state to go back to: it has landed only once, or what it replaced has"
            " been collected"
        )
    state, doomed = states[-1], lake.head().doomed_keys()
    contents = {key: _checksum_of(lake, key) for keys in state.files.values() for key in keys}
    _refuse_damaged(lake, logical_date, state, contents)
    files = {
        record.table: [
            _restored(lake, key, contents[key], logical_date, doomed) for key in state.files.get(record.table, ())
        ]
        for record in TABLES
    }
    publish(lake, logical_date, files)
    return state


def _refuse_damaged(lake: Lake, logical_date: date, state: FormerState, contents: Mapping[str, str]) -> None:
    """Compare the copies with what the row of their run says of its files: their checksums, or rows of version 1.

    A date that has such a row now had one before, so a state without one has lost it.
    """
    kept = f"the state of {logical_date} that is kept under {SUPERSEDED}/date={logical_date}/{state.state_id}/"
    if Run.table not in state.files:
        if lake.files(Run.table, logical_date):
            raise Damaged(f"{kept} has lost its {Run.table}; {logical_date} was left as it is")
        return
    run = pa.concat_tables([_rows(lake, key, kept) for key in state.files[Run.table]]).to_pylist()[-1]
    others = {key: content for key, content in contents.items() if key not in state.files[Run.table]}
    if (stated := run.get("file_hashes")) is not None:
        unknown = sorted(key for key, content in others.items() if content not in stated)
        missing = Counter(stated) - Counter(others.values())
        if unknown:
            raise Damaged(f"{unknown[0]} is not what was published; {logical_date} was left as it is")
        if missing:
            raise Damaged(f"{kept} lacks {missing.total()} of {len(stated)} files; {logical_date} was left as it is")
        return
    for table, column in COUNTED.items():
        found = sum(len(_rows(lake, key, kept)) for key in state.files.get(table, ()))
        if found != run[column]:
            raise Damaged(
                f"{kept} has {found} rows of {table}, its run made {run[column]}; {logical_date} was left as it is"
            )


def _rows(lake: Lake, key: str, kept: str) -> pa.Table:
    try:
        with lake.store.open(key) as stream:
            return pq.read_table(stream)
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{kept} cannot be read at {key}: {' '.join(str(error).split())}") from error


def _checksum_of(lake: Lake, key: str) -> str:
    with lake.store.open(key) as stream:
        return checksum(stream)


def _restored(lake: Lake, copy: str, content: str, logical_date: date, doomed: Collection[str]) -> str:
    _, _, _, table, name = copy.split("/")
    key, is_there = place(lake, f"{date_prefix(table, logical_date)}{name}", content, doomed)
    if not is_there:
        lake.store.copy(copy, key)
    return key
