"""The earlier states of a date, and the way back to the last one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from newsmill.errors import CommitConflict, Damaged, NotStored, UsageError
from newsmill.lake.publish import SUPERSEDED, copies, finish, place, publish, superseded_at
from newsmill.lake.read import Lake
from newsmill.lake.whole import checksum_of, date_prefix, lacking, run_row
from newsmill.schemas.rows import TABLES, Run


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
    head = lake.head()
    finish(lake, head, logical_date)
    if not (states := former_states(lake, logical_date)):
        raise UsageError(
            f"{logical_date} has no earlier state to go back to: it has landed only once, or what it replaced has"
            " been collected"
        )
    state, before = states[-1], lake.files(Run.table, logical_date)

    def refuse_changed() -> None:
        if lake.files(Run.table, logical_date) != before:
            raise _overtaken(logical_date)

    try:
        if damage := damage_of(lake, logical_date, state):
            if lake.head().commit != head.commit:  # what a publish sets aside is there piece by piece
                raise _overtaken(logical_date)
            raise Damaged(f"{damage}; {logical_date} was left as it is")
        doomed = lake.head().doomed_keys()
        files = {
            record.table: [_restored(lake, key, logical_date, doomed) for key in state.files.get(record.table, ())]
            for record in TABLES
        }
        publish(lake, logical_date, files, check=refuse_changed)
    except NotStored as error:  # a publish of the date takes away whatever files it does not know
        raise _overtaken(logical_date) from error
    return state


def _overtaken(logical_date: date) -> CommitConflict:
    return CommitConflict(f"{logical_date} was changed by another run meanwhile; look at it, and try again")


def damage_of(lake: Lake, logical_date: date, state: FormerState) -> str | None:
    """What keeps the copies of a state from being what its run published, in one line; None if they are.

    A date that has the row of a run now had one before, so a state without one has lost it.
    """
    kept = f"the state of {logical_date} that is kept under {SUPERSEDED}/date={logical_date}/{state.state_id}/"
    if Run.table not in state.files:
        return f"{kept} has lost its {Run.table}" if lake.files(Run.table, logical_date) else None
    try:
        return lacking(lake.store, run_row(lake.store, state.files[Run.table]), state.files, kept)
    except Damaged as error:
        return str(error)


def _restored(lake: Lake, copy: str, logical_date: date, doomed: Collection[str]) -> str:
    _, _, _, table, name = copy.split("/")
    wanted = f"{date_prefix(table, logical_date)}{name}"
    key, is_there = place(lake, wanted, checksum_of(lake.store, copy), doomed)
    if not is_there:
        lake.store.copy(copy, key)
    return key
