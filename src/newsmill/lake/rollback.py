"""The earlier states of a date, and the way back to the last one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from newsmill.errors import UsageError
from newsmill.lake.publish import SUPERSEDED, checksum, finish, place, publish, superseded_at
from newsmill.lake.read import Lake, date_prefix
from newsmill.schemas.rows import TABLES


@dataclass(frozen=True, slots=True)
class FormerState:
    """What a date was before a publish replaced it; ``files`` maps a table to the keys of the copies."""

    state_id: str
    superseded_at: datetime
    files: Mapping[str, tuple[str, ...]]


def former_states(lake: Lake, logical_date: date) -> list[FormerState]:
    """What is kept of a date's earlier states, the latest last."""
    found: dict[str, dict[str, list[str]]] = {}
    for info in lake.store.list(f"{SUPERSEDED}/date={logical_date.isoformat()}/"):
        _, _, state_id, table, _ = info.key.split("/")
        found.setdefault(state_id, {}).setdefault(table, []).append(info.key)
    return [
        FormerState(state_id, superseded_at(state_id), {table: tuple(keys) for table, keys in files.items()})
        for state_id, files in sorted(found.items())
    ]


def rollback(lake: Lake, logical_date: date) -> FormerState:
    """Make a date what it was before its last publish, in all tables in one step; returns that state.

    What is replaced by this is kept as well, so that a second rollback undoes the first. Raises UsageError if no
    earlier state is kept, CommitConflict if a run of the date publishes meanwhile.
    """
    finish(lake, lake.head(), logical_date)
    if not (states := former_states(lake, logical_date)):
        raise UsageError(
            f"{logical_date} has no earlier state to go back to: it has landed only once, or what it replaced has"
            " been collected"
        )
    state, doomed = states[-1], lake.head().doomed_keys()
    files = {
        record.table: [_restored(lake, key, logical_date, doomed) for key in state.files.get(record.table, ())]
        for record in TABLES
    }
    publish(lake, logical_date, files)
    return state


def _restored(lake: Lake, copy: str, logical_date: date, doomed: Collection[str]) -> str:
    _, _, _, table, name = copy.split("/")
    with lake.store.open(copy) as stream:
        found = checksum(stream)
    key, is_there = place(lake, f"{date_prefix(table, logical_date)}{name}", found, doomed)
    if not is_there:
        lake.store.copy(copy, key)
    return key
