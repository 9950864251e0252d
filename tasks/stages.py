"""The stages as Prefect tasks: one table with the function, the policy and the worker processes of each.

This is the only module of ``tasks/`` that knows Prefect. A task is a batch of articles or a whole phase, never one
article, and what it gives back is a small record, never rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from newsmill.config import Settings
from newsmill.errors import StorageError
from newsmill.isolate import Workers
from newsmill.schemas.words import Stage
from newsmill.tasks.dedupe.stage import dedupe_run
from newsmill.tasks.enrich import cache
from newsmill.tasks.enrich.stage import enrich_batch, enrichers
from newsmill.tasks.extract.stage import extract_batch, extractors
from newsmill.tasks.land.stage import land_run
from newsmill.tasks.read.stage import read_batches
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.validate.stage import validate_run, validators

_WAIT_SECONDS = (2.0, 10.0)
"""Before the first and the second retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTask[**P, R]:
    """A stage: its function, and how often that is tried again after a storage error.

    One try may take ``timeout_seconds``. What works in batches has no timeout here, since Prefect cannot interrupt a
    task in a thread: its ``children`` are killed after ``page_seconds`` and ``text_seconds`` of the settings.
    """

    stage: Stage
    function: Callable[P, R]
    retries: int = 2
    timeout_seconds: float | None = None
    children: Callable[[Settings], Workers] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the stage as a task of the flow run."""
        return self._task()(*args, **kwargs)

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> PrefectFuture[R]:
        """Run the stage as a task beside others."""
        return self._task().submit(*args, **kwargs)

    def _task(self) -> Task[P, R]:
        # No tags: Prefect asks the server for a concurrency slot for each of them, which takes two seconds a task.
        return Task(
            self.function,
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


read = StageTask(stage=Stage.READ, function=read_batches, timeout_seconds=6 * 3600)
extract = StageTask(stage=Stage.EXTRACT, function=extract_batch, children=extractors)
dedupe = StageTask(stage=Stage.DEDUPE, function=dedupe_run, timeout_seconds=3600)
enrich = StageTask(stage=Stage.ENRICH, function=enrich_batch, children=enrichers)
validate = StageTask(
    stage=Stage.VALIDATE, function=validate_run, retries=1, timeout_seconds=2 * 3600, children=validators
)
land = StageTask(stage=Stage.LAND, function=land_run, timeout_seconds=2 * 3600)


def warm(attempt: Attempt) -> None:
    """Start the worker processes of the stages, so that they load what they need while the first stage reads.

    Those that enrich wait until they are needed where the date has been enriched before, as then they hardly are.
    """
    for stage in (extract, validate) if cache.is_warm(attempt) else (extract, enrich, validate):
        if stage.children is not None:
            stage.children(attempt.settings).warm()
