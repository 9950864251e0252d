"""Runs whose process died: found by the claims that they left behind, and marked so where Prefect has them running."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from newsmill.config import Settings
from newsmill.errors import RunInProgress
from newsmill.tasks.run.attempt import Owner, claimed, open_lake
from newsmill.tasks.run.lease import abandoned


def clear_zombies(settings: Settings) -> Iterator[tuple[date, str]]:
    """Mark the flow runs crashed that died while they held a date, and free the date.

    Gives each date with what is known, but for the runs that Prefect knows to have ended: who wants to has been told.
    """
    lake = open_lake(settings)
    for logical_date, holder in abandoned(lake.store, Owner.knows_dead):
        detail = f"process {holder['pid']} on {holder['host']} ended or fell silent in the run {holder['attempt_id']}"
        try:
            with claimed(lake, logical_date, f"clear-{uuid4().hex}"):
                flow_run_id = holder.get("flow_run_id")
                is_known = flow_run_id is not None and _mark_crashed(UUID(str(flow_run_id)), detail)
        except RunInProgress:  # the next run of the date was faster
            continue
        if not is_known:
            yield logical_date, detail


def _mark_crashed(flow_run_id: UUID, message: str) -> bool:
    """Mark a flow run and those that it was a part of, in the same process; whether all were known to have ended."""
    is_known = True
    with get_client(sync_client=True) as client:
        following: UUID | None = flow_run_id
        while following:
            try:
                run = client.read_flow_run(following)
            except ObjectNotFound:  # it was another server's
                return False
            if not (run.state and run.state.is_final()):
                is_known = False
                client.set_flow_run_state(run.id, Crashed(message=message), force=True)
            task_run_id = run.parent_task_run_id
            following = client.read_task_run(task_run_id).flow_run_id if task_run_id else None
    return is_known
