"""The stages as Prefect tasks: one table with the function, the policy and the worker processes of each.

This is the only module of ``tasks/`` that knows Prefect. A task is a batch of articles or a whole phase, never one
article, and what it gives back is a small record, never rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Completed

from newsmill.config import Settings
from newsmill.errors import LedgerChanged, NewsmillError, StorageError
from newsmill.isolate import Workers
from newsmill.schemas.rows import Run
from newsmill.schemas.words import Stage
from newsmill.tasks.dedupe.stage import Deduped, dedupe_run
from newsmill.tasks.enrich import cache
from newsmill.tasks.enrich.children import enrichers
from newsmill.tasks.enrich.stage import enrich_batch
from newsmill.tasks.extract.children import extractors
from newsmill.tasks.extract.stage import extract_batch
from newsmill.tasks.land.stage import land_run
from newsmill.tasks.read.stage import ReadResult, read_batches
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.cluster import spread
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.validate.children import validators
from newsmill.tasks.validate.stage import Audited, validate_run

_WAIT_SECONDS = (2.0, 10.0)
"""Before the first and the second retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTask[**P, R]:
    """A stage: its function, what its task's state says of the result, and how often it is tried again.

    Tried again is after a storage error. ``expected`` is no failure of the task either, though it ends the work: who
    asked decides. One try may take ``timeout_seconds``. What works in batches has no timeout here, since Prefect cannot
    interrupt a task in a thread: its ``children`` are killed after ``page_seconds`` and ``text_seconds`` of the
    settings.
    """

    stage: Stage
    function: Callable[P, R]
    says: Callable[[R], str] = str
    expected: tuple[type[NewsmillError], ...] = ()
    retries: int = 2
    timeout_seconds: float | None = None
    children: Callable[[Settings], Workers] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the stage as a task of the flow run; raises what was expected."""
        # Prefect gives a state that a task has returned as it is, and its result only from there.
        result = self._task()(*args, **kwargs, return_state=True).result()
        if isinstance(result, self.expected):
            raise result
        return cast("R", result)

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> PrefectFuture[R]:
        """Run the stage as a task beside others."""
        return cast("PrefectFuture[R]", self._task().submit(*args, **kwargs))

    def rest(self, attempt: Attempt) -> None:
        """End the worker processes that have nothing to do, when a run is through with the stage."""
        if self.children is not None and attempt.settings.cluster is None:
            self.children(attempt.settings).rest()

    def _task(self) -> Task[P, State[Any]]:
        @wraps(self.function)
        def run(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
            try:
                result = self.function(*args, **kwargs)
            except self.expected as error:
                return Completed(name="Outdated", message=str(error), data=error)
            return Completed(message=self.says(result), data=result)

        # No tags: Prefect asks the server for a concurrency slot for each of them, which takes two seconds a task.
        return Task(
            run,
            name=self.stage.value,
            retries=self.retries,
            retry_delay_seconds=list(_WAIT_SECONDS[: self.retries]),
            retry_condition_fn=_is_worth_retrying,
            timeout_seconds=self.timeout_seconds,
            cache_policy=NO_CACHE,
            persist_result=False,
        )


def _is_worth_retrying(_task: Any, _run: Any, state: Any) -> bool:
    """A store that did not answer may answer later; anything else would fail again."""
    return isinstance(state.result(raise_on_failure=False), StorageError)


def _say_read(found: ReadResult) -> str:
    documents = found.read_count - found.rejected_count
    return f"{found.read_count:,} in, {documents:,} documents, {found.rejected_count:,} rejected"


def _say_batch(counts: Counts) -> str:
    return f"{counts.given:,} in, {counts.articles:,} articles, {counts.given - counts.articles:,} rejected"


def _say_deduped(found: Deduped) -> str:
    return f"{found.article_count:,} in, {found.kept_count:,} kept"


def _say_audited(found: Audited) -> str:
    counts = f"{found.article_count:,} articles pass, {found.rejection_count:,} inputs are rejected in all"
    return "; ".join([counts, *found.failed])


def _say_landed(run: Run) -> str:
    return f"published {run.article_count:,} articles, {run.entity_count:,} entities, {run.quote_count:,} quotes"


read = StageTask(stage=Stage.READ, function=read_batches, says=_say_read, timeout_seconds=6 * 3600)
extract = StageTask(stage=Stage.EXTRACT, function=spread(extract_batch), says=_say_batch, children=extractors)
dedupe = StageTask(stage=Stage.DEDUPE, function=dedupe_run, says=_say_deduped, timeout_seconds=3600)
enrich = StageTask(stage=Stage.ENRICH, function=spread(enrich_batch), says=_say_batch, children=enrichers)
validate = StageTask(
    stage=Stage.VALIDATE,
    function=validate_run,
    says=_say_audited,
    retries=1,
    timeout_seconds=2 * 3600,
    children=validators,
)
land = StageTask(
    stage=Stage.LAND, function=land_run, says=_say_landed, expected=(LedgerChanged,), timeout_seconds=2 * 3600
)

STAGES = tuple(task.stage for task in (read, extract, dedupe, enrich, validate, land))
"""In their order."""


def warm(attempt: Attempt) -> None:
    """Have the worker processes of the stages load what they need while others work.

    Those that enrich wait until they are needed where the date has been enriched before, as then they hardly are. What
    a cluster does needs none here.
    """
    elsewhere = {extract, enrich} if attempt.settings.cluster else {enrich} if cache.is_warm(attempt) else set()
    for stage in (enrich, extract, validate):
        if stage.children is not None and stage not in elsewhere:
            stage.children(attempt.settings).warm()
