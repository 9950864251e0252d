"""The recipe: the stages of one run, in order."""

import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import uuid4

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.runtime import flow_run

from newsmill import progress
from newsmill.errors import InputsChanged, LedgerChanged, NewsmillError, ValidationStopped
from newsmill.flows.artifacts import publish_artifacts, publish_stop, publish_unchanged
from newsmill.flows.beside import refresh_beside
from newsmill.flows.labels import label, sources_in_tags
from newsmill.flows.lineage import lineage
from newsmill.flows.requests import request_asked
from newsmill.memory import give_back, share_arenas
from newsmill.schemas.rows import Run
from newsmill.schemas.words import Stage
from newsmill.tasks import stages
from newsmill.tasks.land import unchanged
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt, begin
from newsmill.tasks.run.cluster import batches_at_once, check_cluster
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.stages import StageTask
from newsmill.tasks.upkeep.removal import withdraw
from newsmill.tasks.validate.stage import Audited

logger = logging.getLogger(__name__)

DECISIONS = 5
"""How often a run decides on its articles while earlier dates keep being published."""


@flow(name="ingest", flow_run_name="ingest {logical_date}", persist_result=False)
def ingest(logical_date: date, request_hash: str, input_hash: str | None = None) -> Run:
    """Read, extract, dedupe, enrich and validate the articles of one date, then publish them in one step.

    Where that would publish what is published, nothing is done, and the row is that of the run which has published it;
    unless the request forces it. :func:`newsmill.flows.requests.ask` calls it. Raises InputsChanged if there is an
    ``input_hash`` and the sources do not hold that any more.
    """
    request = request_asked(logical_date, request_hash)
    label(f"date:{logical_date}", *sources_in_tags([source.name for source in request.sources]))
    clock = Clock(logical_date)
    share_arenas()
    run_id = flow_run.id or uuid4().hex
    try:
        with begin(request, run_id, datetime.now(UTC)) as attempt, lineage(request, attempt.lake, run_id) as told:
            check_cluster(attempt)
            may_be_unchanged = not request.force and unchanged.is_likely(attempt)
            if not may_be_unchanged:
                stages.warm(attempt)
            with clock.on(Stage.READ):
                reading = stages.read(attempt)
            if input_hash not in {None, reading.input_hash}:
                raise InputsChanged(f"the sources of {logical_date} hold something else now; it was left as it is")
            past = unchanged.unchanged_run(attempt, reading) if may_be_unchanged else None
            if past is None:
                stages.warm(attempt)
                with clock.on(Stage.EXTRACT, total=reading.read_count - reading.rejected_count):
                    gather(stages.extract, attempt, reading.batches)
                stages.extract.rest(attempt)
                run, audited = decide_and_land(attempt, reading, clock)
                told.landed = run
    except ValidationStopped as stopped:
        publish_stop(request, stopped)
        raise
    finally:
        progress.end(logical_date)
    take_back(attempt, reading)
    behind = refresh_beside(attempt.settings, attempt.lake)
    if past is not None:
        run = past.replace(asked_sources=reading.asked_sources, answered_sources=reading.answered_sources)
        run = run.replace(notices=(*reading.notices, *behind) or None)
        logger.info("%s: %s", logical_date, unchanged.in_words(run))
        publish_unchanged(request, run)
        return run
    if behind:
        run = run.replace(notices=(*(run.notices or ()), *behind))
    publish_artifacts(request, run, audited)
    return run


def decide_and_land(attempt: Attempt, reading: ReadResult, clock: "Clock") -> tuple[Run, Audited]:
    """The stages from dedupe on, and again if an earlier date that matters is published meanwhile.

    Raises LedgerChanged if that happens ``DECISIONS`` times.
    """
    for decision in range(1, DECISIONS + 1):
        follows_from = unchanged.basis(attempt, reading)
        with clock.on(Stage.DEDUPE):
            deduped = stages.dedupe(attempt, reading.batches)
        with clock.on(Stage.ENRICH, total=deduped.kept_count):
            gather(stages.enrich, attempt, reading.batches)
        stages.enrich.rest(attempt)
        with clock.on(Stage.VALIDATE):
            audited = stages.validate(attempt, reading)
        with clock.on(Stage.LAND):
            try:
                run = stages.land(attempt, reading, deduped, audited, clock.seconds)
                unchanged.note(attempt, reading, follows_from)
                return run, audited
            except LedgerChanged as change:
                if decision == DECISIONS:
                    raise
                logger.warning("%s; deciding again", change)
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


class Clock:
    """Seconds of wall time a stage of a date's run."""

    def __init__(self, logical_date: date) -> None:
        self.seconds: dict[str, float] = {}
        self._date = logical_date

    @contextmanager
    def on(self, stage: Stage, *, total: int | None = None) -> Iterator[None]:
        """Time a block, and say that it has begun, with the inputs or articles that it has to do."""
        number = stages.STAGES.index(stage) + 1
        progress.begin(self._date, f"stage {number} of {len(stages.STAGES)}: {stage}", total=total)
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage.value] = time.monotonic() - start
            give_back()


def gather(task: StageTask[[Attempt, int], Counts], attempt: Attempt, batches: int) -> None:
    """Run a stage on all batches; the first failure ends the run.

    No more are at work at once than keep all workers busy, since each holds its rows in memory.
    """
    waiting = deque(range(batches))
    running: list[PrefectFuture[Counts]] = []
    while waiting or running:
        while waiting and len(running) < batches_at_once(attempt.settings):
            running.append(task.submit(attempt, waiting.popleft()))
        finished = next(as_completed(running))
        finished.result()
        running.remove(finished)
