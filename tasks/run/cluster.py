"""Batches on a Dask cluster: the settings' scheduler is given a batch, and any of its workers does it.

What a worker does is what this process would do, with child processes of its own: it reads the batch from the staging
area of the lake and leaves what it made there, aside, below a name that no other try has. A small record comes back
with that name, and the run takes over what is below it. A lost worker's batch is given to another, which makes the same
bytes; what a worker that was given up stages after all, nobody reads. The lake and the code must be the same
everywhere, which is checked for each batch, since workers come and go.
"""

import asyncio
import dataclasses
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import uuid4

from newsmill import progress
from newsmill.config import CHANGE_ROWS, Settings
from newsmill.errors import ClusterError, NewsmillError, NotStored, UsageError
from newsmill.lake.staging import staged_key
from newsmill.memory import give_back, share_arenas
from newsmill.tasks.run.attempt import OWNER, Attempt
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.versions import made_by
from newsmill.tasks.run.workers import worker_count

if TYPE_CHECKING:  # an extra, and half a second to import
    from distributed import Client, Future

logger = logging.getLogger(__name__)

type Batch = Callable[[Attempt, int], Counts]
"""Does one batch of an execution: reads what is staged of it, and stages what it makes of it."""

_ANSWER_SECONDS = 10.0
_LOOK_SECONDS = 30.0
_LOOKS_WITHOUT_WORKERS = 10
"""What preempted machines may take to come back, in looks at who is there."""


def spread(function: Batch) -> Batch:
    """The same on the settings' cluster, if there is one."""

    @wraps(function)
    def do(attempt: Attempt, number: int) -> Counts:
        if attempt.settings.cluster is None:
            return function(attempt, number)
        counts, aside = _Given(attempt.settings.cluster, function, attempt, number).result()
        attempt.take_over(aside, {key: key for key in attempt.keys_aside(aside)})
        progress.advance(attempt.logical_date, counts.given)
        return counts

    return do


def spread_over[Item, Found](
    function: Callable[[Attempt, Item], Found], attempt: Attempt, items: Sequence[Item]
) -> Iterator[Found]:
    """What a function makes of items, in their order, on the settings' cluster if there is one and more than one item.

    Rows that it stages are the run's own when it has told what it makes of an item.
    """
    if attempt.settings.cluster is None or len(items) == 1:
        for item in items:
            yield function(attempt, item)
        return
    for _, found, aside in in_order(attempt.settings.cluster, function, attempt, items, stays=lambda _: False):
        attempt.take_over(aside, {key: key for key in attempt.keys_aside(aside)})
        yield found


def in_order[Item, Found](
    address: str,
    function: Callable[[Attempt, Item], Found],
    attempt: Attempt,
    items: Iterable[Item],
    *,
    stays: Callable[[Item], bool],
) -> Iterator[tuple[Item, Found, str]]:
    """What a function makes of items, in their order, and the name below which each has staged its rows.

    The workers have as many at once as they have threads, and some are on their way; what ``stays`` is done here.
    """
    given: deque[tuple[Item, _Given[Item, Found] | None]] = deque()

    def first() -> tuple[Item, Found, str]:
        item, there = given.popleft()
        return item, *(there.result() if there else _aside(function, attempt, item))

    try:
        for item in items:
            given.append((item, None if stays(item) else _Given(address, function, attempt, item)))
            if len(given) >= batches_at_once(attempt.settings):
                yield first()
        while given:
            yield first()
    finally:
        for _, left in given:
            if left:
                left.future.cancel()


def batches_at_once(settings: Settings) -> int:
    """So many batches that no worker waits, and no more, since each holds its rows in memory.

    In one process the children share the items of a batch; on a cluster each thread of a worker has one of its own, and
    one in four is on its way.
    """
    if settings.cluster is None:
        return 2 + worker_count(settings) // 4
    threads = cluster_threads(settings.cluster)
    return max(2, threads + threads // 4)


def cluster_threads(address: str) -> int:
    """Threads of all workers, 0 while there is none; raises ClusterError if no scheduler answers."""
    threads: int = sum(_client(address).nthreads().values())
    return threads


def check_cluster(attempt: Attempt) -> None:
    """Raise ClusterError, in one line, if the settings' cluster does not answer or has a worker that is unfit."""
    if attempt.settings.cluster is None:
        return
    client, portable = _client(attempt.settings.cluster), _portable(attempt)
    found = client.run(_problems, portable, _ours(attempt.settings), on_error="return")
    if not found:
        raise ClusterError(
            f"cluster: no worker is at {attempt.settings.cluster}; start some: dask worker {attempt.settings.cluster}"
        )
    for worker, problems in sorted(found.items()):
        if isinstance(problems, OSError):
            logger.warning("cluster: the worker %s has gone: %s", worker, problems)
        elif not isinstance(problems, list):  # what was raised before newsmill came to word
            _refuse(worker, [_cannot_run(problems)])
        elif problems:
            _refuse(worker, problems)


def _cannot_run(why: object) -> str:
    return f"cannot run newsmill ({why}); install there what is installed here"


def _refuse(worker: str, problems: Sequence[str]) -> NoReturn:
    raise ClusterError(f"cluster: the worker {worker} {problems[0]}")


class _Given[Item, Found]:
    """What was given to a cluster: a function, and what of an execution it is to be done with."""

    def __init__(self, address: str, function: Callable[[Attempt, Item], Found], attempt: Attempt, item: Item) -> None:
        self._address, self._function, self._attempt, self._item = address, function, attempt, item
        self._client = _client(address)
        self.future = self._client.submit(
            _do_here, function, _portable(attempt), item, _ours(attempt.settings), pure=False
        )

    def result(self) -> tuple[Found, str]:
        """What the function gives, and the name below which it has staged its rows."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra
        from distributed.client import FutureCancelledError  # noqa: PLC0415

        try:
            _wait(self._client, self._address, self.future)
            return self.future.result()
        except KilledWorker as lost:
            logger.warning("a batch was with %s when it ended, and is done here: %s", lost.last_worker, lost)
            return _aside(self._function, self._attempt, self._item)
        except ImportError as error:
            raise ClusterError(f"cluster: a worker {_cannot_run(error)}") from error
        except FutureCancelledError as error:
            raise ClusterError(
                f"cluster: the scheduler at {self._address} is gone; nothing was published: run it again when it is"
                " back"
            ) from error
        finally:
            self.future.release()


def _aside[Item, Found](function: Callable[[Attempt, Item], Found], attempt: Attempt, item: Item) -> tuple[Found, str]:
    """What the function gives, and a name that no other try has, below which it stages its rows."""
    aside = uuid4().hex
    return function(dataclasses.replace(attempt, aside=aside), item), aside


def _wait(client: "Client", address: str, future: "Future[Any]") -> None:
    """Until the future is done or lost; raises ClusterError if there has been no worker for minutes."""
    from distributed import wait  # noqa: PLC0415

    without = 0
    while without < _LOOKS_WITHOUT_WORKERS:
        try:
            with client.as_current():
                wait(future, timeout=_LOOK_SECONDS)
        except TimeoutError:
            without = 0 if client.nthreads() else without + 1
        else:
            return
    raise ClusterError(f"cluster: {address} has lost its workers; nothing was published")


@cache
def _client(address: str) -> "Client":
    """The connection of this process to a scheduler; raises ClusterError if nobody answers there."""
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("cluster: Dask is not installed; pip install 'newsmill[cluster]'") from error
    try:
        # A client would wait for ever where something else than a scheduler listens.
        asyncio.run(_greet(address))
        return Client(address, name="newsmill", timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"cluster: no Dask scheduler answers at {address}; start one there (dask scheduler), or leave --cluster out"
        ) from error


async def _greet(address: str) -> None:
    """Raise TimeoutError if nobody at the address speaks as Dask does."""
    from distributed import Security  # noqa: PLC0415
    from distributed.comm.core import connect  # noqa: PLC0415

    async with asyncio.timeout(_ANSWER_SECONDS):
        comm = await connect(address, **Security().get_connection_args("client"))
        await comm.close()


def _portable(attempt: Attempt) -> Attempt:
    """What a worker has to know of the execution: no secrets, logins or sources, and no path relative to here."""
    settings = attempt.settings
    needed = settings.model_dump(include={*CHANGE_ROWS, "s3", "batch_size"})
    authority = settings.authority and str(Path(settings.authority).expanduser().absolute())
    there = Settings.model_validate({**needed, "lake": attempt.lake.uri, "authority": authority})
    return dataclasses.replace(attempt, settings=there, sources=())


def _ours(settings: Settings) -> dict[str, str]:
    """What must be the same wherever rows are made."""
    ours = {**made_by(settings.model), "distributed": version("distributed")}
    return ours | ({"authority": digest} if (digest := settings.authority_hash()) else {})


def _do_here[Item, Found](
    function: Callable[[Attempt, Item], Found], attempt: Attempt, item: Item, asked: Mapping[str, str]
) -> tuple[Found, str]:
    """What a worker does: one batch, with as many child processes as it has threads."""
    from distributed import get_worker  # noqa: PLC0415

    worker = get_worker()
    if problems := _problems(attempt, asked):
        _refuse(worker.address, problems)
    share_arenas()
    try:
        settings = attempt.settings.model_copy(update={"workers": worker.state.nthreads})
        return _aside(function, dataclasses.replace(attempt, settings=settings), item)
    finally:
        give_back()


def _problems(attempt: Attempt, asked: Mapping[str, str]) -> list[str]:
    """What a worker lacks, and what to do about it."""
    lake = attempt.lake
    try:
        found = _ours(attempt.settings)
        lake.store.read(staged_key(attempt.attempt_id, OWNER))
    except NotStored:
        return [f"does not see the lake {lake.uri}; use a folder that all workers mount at that path, or s3://"]
    except NewsmillError as error:
        return [f"cannot work: {error}"]
    return [
        f"has another {name} ({found.get(name, 'none')}, not {asked.get(name, 'none')}); "
        "install there what is installed here"
        for name in sorted(asked.keys() | found.keys())
        if asked.get(name) != found.get(name)
    ]
