"""The recipe: the stages of one run, in order."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from uuid import UUID, uuid4

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.futures import as_completed
from prefect.runtime import flow_run

from newsmill.config import RunRequest
from newsmill.errors import InputsChanged, LedgerChanged, NewsmillError
from newsmill.flows.artifacts import publish_artifacts
from newsmill.flows.requests import request_asked
from newsmill.memory import give_back, share_arenas
from newsmill.schemas.rows import Run
from newsmill.schemas.words import Stage
from newsmill.tasks import stages
from newsmill.tasks.land.overview import refresh_overview
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt, begin
from newsmill.tasks.run.workers import worker_count
from newsmill.tasks.stages import StageTask
from newsmill.tasks.upkeep.removal import withdraw
from newsmill.tasks.validate.stage import Audited

logger = logging.getLogger(__name__)
progress = logging.getLogger("newsmill.progress")

DECISIONS = 5
"""How often a run decides on its articles while earlier dates keep being published."""


MOST_TAGS = 50
"""Of a flow run; with thousands its page says nothing any more."""


@flow(name="ingest", flow_run_name="ingest {logical_date}", persist_result=False)
def ingest(logical_date: date, request_hash: str, input_hash: str | None = None) -> Run:
    """Read, extract, dedupe, enrich and validate the articles of one date, then publish them in one step.

    :func:`newsmill.flows.requests.ask` calls it. Raises InputsChanged if there is an ``input_hash`` and the sources do
    not hold that any more.
    """
    request = request_asked(logical_date, request_hash)
    tag_run(request)
    clock = Clock()
    share_arenas()
    with begin(request, flow_run.id or uuid4().hex, datetime.now(UTC)) as attempt:
        stages.warm(attempt)
        with clock.on(Stage.READ):
            reading = stages.read(attempt)
        if input_hash not in {None, reading.input_hash}:
            raise InputsChanged(f"the sources of {request.logical_date} hold something else now; it was left as it is")
        with clock.on(Stage.EXTRACT):
            gather(stages.extract, attempt, reading.batches)
        run, audited = decide_and_land(attempt, reading, clock)
    take_back(attempt, reading)
    refresh_overview(attempt.lake)
    publish_artifacts(request, run, audited)
    return run


def decide_and_land(attempt: Attempt, reading: ReadResult, clock: "Clock") -> tuple[Run, Audited]:
    """The stages from dedupe on, and again if an earlier date that matters is published meanwhile.

    Raises LedgerChanged if that happens ``DECISIONS`` times.
    """
    for decision in range(1, DECISIONS + 1):
        with clock.on(Stage.DEDUPE):
            deduped = stages.dedupe(attempt, reading.batches)
        with clock.on(Stage.ENRICH):
            gather(stages.enrich, attempt, reading.batches)
        with clock.on(Stage.VALIDATE):
            audited = stages.validate(attempt, reading)
        with clock.on(Stage.LAND):
            try:
                return stages.land(attempt, reading, deduped, audited, clock.seconds), audited
            except LedgerChanged as change:
                if decision == DECISIONS:
                    raise
                logger.info("%s", change)
    raise AssertionError


def take_back(attempt: Attempt, reading: ReadResult) -> None:
    """Take what agencies have killed out of the dates on which it has landed."""
    if not reading.withdrawn:
        return
    try:
        days = withdraw(
            attempt.lake, reading.withdrawn, attempt.started_at, window_days=attempt.settings.dedupe.window_days
        )
    except NewsmillError as error:
        names = ", ".join(reading.withdrawn)
        logger.warning("withdrawn by its agency, and not taken back (%s): newsmill remove --article %s", error, names)
        return
    for day in days:
        logger.warning("withdrawn by its agency, and taken out of what is published of %s", day)


def tag_run(request: RunRequest) -> None:
    """Tag the flow run alone: tags given from outside would go to its tasks too, and cost each a slot."""
    if flow_run.id:
        names = list(dict.fromkeys(source.name for source in request.sources))
        sources = [f"source:{name}" for name in names] if len(names) <= MOST_TAGS else [f"{len(names)} sources"]
        tags = ["newsmill", f"date:{request.logical_date}", *sources]
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run.id), tags=tags)


class Clock:
    """Seconds of wall time a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, stage: Stage) -> Iterator[None]:
        """Time a block, and say that it has begun."""
        progress.info("%s", stage.value, extra={"stage": stage.value, "done": 0, "total": None})
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage.value] = time.monotonic() - start
            give_back()


def gather(task: StageTask[[Attempt, int], int], attempt: Attempt, batches: int) -> None:
    """Run a stage on all batches, saying how far it is; the first failure ends the run.

    So many are at work at once that no child process waits, and no more, since each holds its rows in memory.
    """
    at_once = 2 + worker_count(attempt.settings) // 4
    waiting = iter(range(batches))
    running = [task.submit(attempt, number) for number in islice(waiting, at_once)]
    for done in range(1, batches + 1):
        finished = next(as_completed(running))
        finished.result()
        running.remove(finished)
        running += [task.submit(attempt, number) for number in islice(waiting, 1)]
        extra = {"stage": task.stage.value, "done": done, "total": batches}
        progress.info("%s: %d of %d batches", task.stage.value, done, batches, extra=extra)
