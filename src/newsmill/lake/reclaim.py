"""Taking away what nobody needs any more: dead executions' staging, old states, and files that were never published."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsmill.errors import CommitConflict, NotStored
from newsmill.lake.head import SWAP_ATTEMPTS, Doomed, Head, swap_head
from newsmill.lake.iceberg import PointerCatalog, is_own
from newsmill.lake.publish import copies, forget, refuse_headless, retire, superseded_at
from newsmill.lake.read import Lake, files_at
from newsmill.lake.staging import STAGING, drop_staging
from newsmill.schemas.rows import TABLES
from newsmill.storage import ObjectInfo


def sweep(lake: Lake, now: datetime, older_than: timedelta) -> list[str]:
    """Drop the staging of executions that wrote nothing for a time, and return their ids.

    Also finishes what publishes that died so long ago had begun, and removes half-written files.
    """
    latest: dict[str, datetime] = {}
    for info in lake.store.list(f"{STAGING}/"):
        attempt_id = info.key.split("/")[1]
        latest[attempt_id] = max(info.modified_at, latest.get(attempt_id, info.modified_at))
    dead = sorted(attempt_id for attempt_id, at in latest.items() if at < now - older_than)
    for attempt_id in dead:
        drop_staging(lake, attempt_id)
    unfinished = lake.head().doomed
    if died := [commit for commit, it in unfinished.items() if it.since < now - older_than]:
        retire(lake, unfinished, died)
        forget(lake, died)
    lake.store.sweep(now - older_than)
    return dead


def expire(lake: Lake, before: datetime) -> list[str]:
    """Delete the former states that were superseded before a time; returns their keys."""
    expired = [copy.key for copy in copies(lake) if superseded_at(copy.state_id) < before]
    lake.store.delete(expired)
    return expired


def orphans(lake: Lake) -> list[ObjectInfo]:
    """The files of the tables that the published state does not need, with those of runs that are at work."""
    return lake.steadily(lambda head: _orphans(lake, head))


def _orphans(lake: Lake, head: Head) -> list[ObjectInfo]:
    refuse_headless(lake, head)
    found: list[ObjectInfo] = []
    for record in TABLES:
        needed = {file.key for file in files_at(lake.store, head, record.table)}
        if record.table in head.tables:
            catalog = PointerCatalog(lake.store)
            needed |= catalog.reachable(catalog.load(record.table, head.tables[record.table]))
        found += [info for info in lake.store.list(f"{record.table}/") if info.key not in needed and is_own(info.key)]
    return found


def collect(lake: Lake, before: datetime) -> list[str]:
    """Delete the orphans last written before a time, and return their keys. Safe while runs are at work.

    A publish whose files are taken is told so and writes them again; one whose metadata is taken was built on the
    head that is replaced here, so it starts again.
    """
    for _ in range(SWAP_ATTEMPTS):
        head = lake.head()
        try:
            keys = tuple(info.key for info in _orphans(lake, head) if info.modified_at < before)
        except NotStored:
            if lake.head().commit == head.commit:
                raise
            continue  # a publish has deleted the metadata that was being read
        if not keys:
            return []
        commit = uuid.uuid4().hex
        doomed = {**head.doomed, commit: Doomed(datetime.now(UTC), keys)}
        if swap_head(lake.store, replace(head, doomed=doomed, commit=commit)):
            retire(lake, doomed, doomed)  # also what publishes that died, or are slow, were about to set aside
            forget(lake, {commit})
            return list(keys)
    raise CommitConflict(f"nothing was collected: other runs changed {lake.uri} all the time; try again")
