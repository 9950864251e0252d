"""The stages as Prefect tasks: thin shells with the policy for retries and timeouts.

This is the only module of ``tasks/`` that knows Prefect. A task is a batch of articles or a whole phase, never one
article, and what it gives back is a small record, never rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from newsmill.errors import StorageError
from newsmill.schemas.words import Stage
from newsmill.tasks import batches, reduce


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often a stage is tried again after a storage error, how long after, and how long one try may take.

    The batches of extract and enrich have no timeout here, since Prefect cannot interrupt a task in a thread: their
    worker processes are killed after ``page_seconds`` and ``text_seconds`` of the settings.
    """

    retries: int
    wait_seconds: tuple[float, ...]
    timeout_seconds: float | None = None


POLICIES = {
    Stage.READ: Policy(retries=2, wait_seconds=(2, 10), timeout_seconds=6 * 3600),
    Stage.EXTRACT: Policy(retries=2, wait_seconds=(2, 10)),
    Stage.DEDUPE: Policy(retries=2, wait_seconds=(2, 10), timeout_seconds=3600),
    Stage.ENRICH: Policy(retries=2, wait_seconds=(2, 10)),
    Stage.VALIDATE: Policy(retries=1, wait_seconds=(2,), timeout_seconds=2 * 3600),
    Stage.LAND: Policy(retries=2, wait_seconds=(2, 10), timeout_seconds=2 * 3600),
}


def _is_worth_retrying(_task: Any, _run: Any, state: Any) -> bool:
    """A store that did not answer may answer later; anything else would fail again."""
    return isinstance(state.result(raise_on_failure=False), StorageError)


def _shell[F: Callable[..., Any]](stage: Stage, function: F) -> Any:
    # No tags: Prefect asks the server for a concurrency slot for each of them, which takes two seconds a task.
    policy = POLICIES[stage]
    decorate = task(
        name=stage.value,
        retries=policy.retries,
        retry_delay_seconds=list(policy.wait_seconds),
        retry_condition_fn=_is_worth_retrying,
        timeout_seconds=policy.timeout_seconds,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return decorate(function)


read = _shell(Stage.READ, batches.read_batches)
extract = _shell(Stage.EXTRACT, batches.extract_batch)
dedupe = _shell(Stage.DEDUPE, reduce.dedupe_run)
enrich = _shell(Stage.ENRICH, batches.enrich_batch)
validate = _shell(Stage.VALIDATE, batches.validate_run)
land = _shell(Stage.LAND, batches.land_run)
