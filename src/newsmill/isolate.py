"""Worker processes that can be killed: a hostile document costs its own rejection, never the run.

Threads cannot be stopped and a limit on memory holds for a whole process, so what may hang, eat the memory or crash
runs in a child that the parent replaces. Children are plain interpreters that are handed one end of a socket pair.
They are not started by :mod:`multiprocessing`, because its children import the parent's ``__main__`` again: slow for a
console script, wrong for a script without a guard, and impossible for a program read from standard input.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Self

from newsmill.boundary import line_of
from newsmill.errors import NewsmillError

_CHILD = "import sys; sys.path[:] = sys.argv[2:]; from newsmill.isolate import serve; serve(int(sys.argv[1]))"

_CHILD_ENVIRONMENT = {
    # One thread a child: the children are the parallelism, and OpenMP's own threads would fight over the same cores.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
    # The order of a set of strings must not differ between two children or two runs.
    "PYTHONHASHSEED": "0",
}

_LOOKAHEAD = 4
"""Items a child that may be read before the first of them is yielded."""

_DETAIL_LENGTH = 300


class FailureReason(StrEnum):
    """Why a call gave no result."""

    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Failure:
    """What a call gives instead of a result; ``detail`` is one line."""

    reason: FailureReason
    detail: str


class WorkerStartError(NewsmillError):
    """A child died in its start, or raised there what cannot be passed on."""


class Workers:
    """Up to ``count`` child processes that apply one function to items.

    ``start`` runs once in each child, loads what the work needs (a model, say) and returns the function. It is pickled,
    so it is a function of an importable module, or a :func:`functools.partial` of one; items and results are pickled
    too. ``seconds`` bounds one call, not the start. ``memory_mb`` bounds what a child may allocate above the address
    space that it had after its start (only where ``/proc`` tells how much that was). Children start when first needed.
    """

    def __init__(
        self, count: int, start: Callable[[], Callable[[Any], Any]], *, seconds: float, memory_mb: int | None = None
    ) -> None:
        if count < 1:
            raise ValueError(f"at least one worker is needed, not {count}")
        self.count = count
        self._start = pickle.dumps((start, seconds, memory_mb))
        self._seconds = seconds
        self._free = [_Child() for _ in range(count)]
        self._children = tuple(self._free)
        self._change = threading.Condition()
        self._warming = 0
        self._closed = False
        self._start_error: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, item: Any) -> Any:
        """The function's result for ``item``, or a :class:`Failure`; waits for a free child. Safe from any thread.

        Raises what ``start`` raised, :class:`WorkerStartError` if a child died in it, and RuntimeError once closed.
        """
        message = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        child = self._lease()
        try:
            self._ensure_started(child)
            result = child.call(message, self._seconds)
        finally:
            self._release(child)
        if isinstance(result, Failure) and self._closed:
            raise RuntimeError("the workers were closed during the call")
        return result

    def warm(self, count: int | None = None) -> None:
        """Start so many children, or all, in the background. An error of ``start`` reaches the next call."""
        with self._change:
            cold = [child for child in self._free if not child.is_running]
            chosen = cold[: max(0, (count or self.count) - (self.count - len(cold)))]
            for child in chosen:
                self._free.remove(child)
            self._warming += len(chosen)
        for child in chosen:
            # A daemon, so that a program that ends in the meantime does not wait for a model that nobody will use.
            threading.Thread(target=self._warm_one, args=(child,), daemon=True).start()

    def map(self, items: Iterable[Any]) -> Iterator[Any]:
        """Results and failures in the order of ``items``, all children kept busy.

        At most a few items a child are read ahead of what was yielded. ``items`` is read in a thread of its own, so
        that a finished result is not held back while the next item of a slow stream is waited for. Nothing can call
        that thread back from a read: let it read ``open(0, "rb", closefd=False)`` rather than ``sys.stdin.buffer``,
        whose lock the interpreter wants at its exit.
        """
        with closing(self.pairs(items)) as pairs:
            for _, result in pairs:
                yield result

    def pairs(self, items: Iterable[Any], most: int | None = None) -> Generator[tuple[Any, Any]]:
        """As :meth:`map`, each result with its item. (A tee of ``items`` would be read from two threads.)

        No more than ``most`` children are kept busy: a few items are done sooner than another child has started.
        """
        permits = threading.Semaphore(_LOOKAHEAD * self.count)
        results = _Results()
        calls = ThreadPoolExecutor(min(most or self.count, self.count))

        def read_items() -> None:
            try:
                for item in items:
                    if results.abandoned:
                        return
                    results.put((item, calls.submit(self.call, item)))
                    permits.acquire()
            except BaseException as error:  # noqa: BLE001 - whatever the iterable raises is raised to the consumer
                results.put((None, _raising(error)))
            finally:
                results.put(None)

        # A daemon, since nothing can interrupt a read of an idle stream when the consumer leaves early.
        threading.Thread(target=read_items, daemon=True).start()
        try:
            while (pending := results.get()) is not None:
                item, future = pending
                yield item, future.result()
                permits.release()
        finally:
            results.abandoned = True
            permits.release()
            calls.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Kill the children. Calls under way raise RuntimeError."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        for child in self._children:
            child.kill()

    def _lease(self) -> "_Child":
        with self._change:
            self._change.wait_for(lambda: self._closed or self._next_free())
            child = self._next_free()
            if self._closed or child is None:
                raise RuntimeError("the workers are closed")
            self._free.remove(child)
            return child

    def _next_free(self) -> "_Child | None":
        """The running child that was used last; else one to be started, unless one that is being warmed comes first."""
        running = next((child for child in reversed(self._free) if child.is_running), None)
        if running or self._warming or not self._free:
            return running
        return self._free[-1]

    def _release(self, child: "_Child") -> None:
        with self._change:
            if self._closed:
                child.kill()
            self._free.append(child)
            self._change.notify()

    def _ensure_started(self, child: "_Child") -> None:
        if self._start_error is not None:
            raise _unpickled(self._start_error)
        if child.is_running:
            return
        error = child.start(self._start)
        if self._closed:
            child.kill()
            raise RuntimeError("the workers are closed")
        if error is not None:
            raised = _unpickled(error)
            if not isinstance(raised, WorkerStartError):
                # What ``start`` raised once it would raise again, after another wait; a death may have been bad luck.
                self._start_error = error
            raise raised

    def _warm_one(self, child: "_Child") -> None:
        try:
            self._ensure_started(child)
        except Exception:  # noqa: BLE001, S110 - kept in _start_error and raised by the next call
            pass
        finally:
            self._release(child)
            with self._change:
                self._warming -= 1
                self._change.notify_all()


class _Results:
    """Items with their futures, in order, from the thread that reads the items to the one that yields the results."""

    def __init__(self) -> None:
        self.abandoned = False
        self._pending: deque[tuple[Any, Future[Any]] | None] = deque()
        self._change = threading.Condition()

    def put(self, pending: tuple[Any, Future[Any]] | None) -> None:
        with self._change:
            self._pending.append(pending)
            self._change.notify()

    def get(self) -> tuple[Any, Future[Any]] | None:
        with self._change:
            self._change.wait_for(lambda: self._pending)
            return self._pending.popleft()


def _raising(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


class _Child:
    """One child process, or the place of one that has not been started or was killed. Used by one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[Any, Any] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, message: bytes) -> bytes | None:
        """Start the process; the pickled exception if that failed."""
        self.kill()
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, running this module
                [sys.executable, "-P", "-c", _CHILD, str(theirs.fileno()), *sys.path],
                env={**os.environ, **_CHILD_ENVIRONMENT},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                # The parent's standard output is a stream of results that a stray print would break.
                stdout=subprocess.DEVNULL,
                # An interrupt from the terminal is for the parent, which decides.
                start_new_session=True,
            )
        with self._lock:
            self._process, self._pipe = process, ours
        try:
            ours.send_bytes(message)
            error: bytes = _unpickled(ours.recv_bytes())
        except (EOFError, OSError):
            return pickle.dumps(WorkerStartError(f"a worker could not be started: {self._death().detail}"))
        if error:
            self.kill()
        return error or None

    def call(self, message: bytes, seconds: float) -> Any:
        pipe = self._pipe
        if pipe is None:
            return Failure(FailureReason.CRASHED, "the worker was stopped")
        try:
            pipe.send_bytes(message)
            if not pipe.poll(seconds):
                self.kill()
                return Failure(FailureReason.TIMEOUT, f"no result within {seconds:g} s")
            result = _unpickled(pipe.recv_bytes())
        except (EOFError, OSError):
            return self._death()
        if isinstance(result, Failure) and result.reason is FailureReason.OUT_OF_MEMORY:
            # What the heap looks like now depends on this item, and the next item's result must not.
            self.kill()
        return result

    def kill(self) -> None:
        """End the process, whatever it is doing. Safe from any thread."""
        with self._lock:
            process, self._process, pipe, self._pipe = self._process, None, self._pipe, None
        if process is not None:
            process.kill()
            process.wait()
        if pipe is not None:
            pipe.close()

    def _death(self) -> Failure:
        """Why the process ended by itself."""
        process = self._process
        if process is None:
            return Failure(FailureReason.CRASHED, "the worker was stopped")
        try:
            # It has closed its end of the pipe, so it is ending; one that does not is killed.
            code = process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self.kill()
        if code == -signal.SIGKILL:
            return Failure(FailureReason.OUT_OF_MEMORY, "killed from outside, most likely for want of memory")
        if code < 0:
            return Failure(FailureReason.CRASHED, f"ended by {signal.Signals(-code).name}")
        return Failure(FailureReason.CRASHED, f"ended with exit status {code}")


def _unpickled(message: bytes) -> Any:
    # Both ends of the pipe are this program.
    return pickle.loads(message)  # noqa: S301


def serve(fileno: int) -> None:
    """The child's life: start, then answer items until the parent closes the pipe or is gone."""
    pipe: Connection[Any, Any] = Connection(fileno)
    try:
        apply, seconds = _started(pipe)
        while True:
            message = pipe.recv_bytes()
            # The parent kills a child that is late; the kernel does, should the parent be gone by then. A handler in
            # Python would not do: the interpreter may be stuck in C code.
            signal.setitimer(signal.ITIMER_REAL, 2 * seconds + 5)
            pipe.send_bytes(_answer(apply, message))
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (EOFError, OSError):
        return


def _started(pipe: "Connection[Any, Any]") -> tuple[Callable[[Any], Any], float]:
    try:
        start, seconds, memory_mb = _unpickled(pipe.recv_bytes())
        apply = start()
        if memory_mb is not None:
            _limit_memory(memory_mb)
    except Exception as error:
        pipe.send_bytes(pickle.dumps(_pickled_error(error)))
        raise EOFError from error
    pipe.send_bytes(pickle.dumps(None))
    return apply, seconds


def _pickled_error(error: Exception) -> bytes:
    try:
        message = pickle.dumps(error)
        # Many exceptions pickle and then do not unpickle, since their arguments are not those of their class.
        _unpickled(message)
    except Exception:  # noqa: BLE001 - pickle raises anything at all, from the exception's own code
        return pickle.dumps(WorkerStartError(_one_line(error)))
    return message


def _limit_memory(memory_mb: int) -> None:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return
    limit = pages * resource.getpagesize() + memory_mb * 2**20
    _, given = resource.getrlimit(resource.RLIMIT_AS)
    if given != resource.RLIM_INFINITY:  # the whole command may have a limit, above which nobody gets
        limit = min(limit, given)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _answer(apply: Callable[[Any], Any], message: bytes) -> bytes:
    try:
        return pickle.dumps(apply(_unpickled(message)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(Failure(FailureReason.OUT_OF_MEMORY, "more memory than the limit"))
    except Exception as error:  # noqa: BLE001 - whatever the function raises is this item's outcome
        return pickle.dumps(Failure(FailureReason.CRASHED, line_of(error)))


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_DETAIL_LENGTH]
