"""Worker processes that can be killed: a hostile document costs its own rejection, never the run.

Threads cannot be stopped and a limit on memory holds for a whole process, so what may hang, eat the memory or crash
runs in a child that the parent replaces. A template loads what the work needs (a model, say) once, and children are
forked off it: they share that memory until they write to it, and start in milliseconds. The template is a plain
interpreter that is handed one end of a socket pair, and has no other thread, so that nothing is half done in a fork.
It is not started by :mod:`multiprocessing`, because that imports the parent's ``__main__`` again: slow for a console
script, wrong for a script without a guard, and impossible for a program read from standard input.
"""

import gc
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any, NoReturn, Self

from newsmill.boundary import line_of
from newsmill.errors import NewsmillError
from newsmill.memory import loading

_TEMPLATE = "import sys; sys.path[:] = sys.argv[2:]; from newsmill.isolate import serve; serve(int(sys.argv[1]))"

_TEMPLATE_ENVIRONMENT = {
    # One thread a child: the children are the parallelism, and OpenMP's own threads would fight over the same cores.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
    # The order of a set of strings must not differ between two children or two runs.
    "PYTHONHASHSEED": "0",
    # Arrow's allocator has a thread of its own, which a fork would not have.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}

_END_SECONDS = 5.0
"""What a child that has closed its end of the pipe has for its end."""

_LOOKAHEAD = 4
"""Items a child that may be read before the first of them is yielded."""

_DETAIL_LENGTH = 300

_CLOSED = "the workers are closed"


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


_STOPPED = Failure(FailureReason.CRASHED, "the worker was stopped")


class WorkerStartError(NewsmillError):
    """The start ended its process, or raised what cannot be passed on; or no child could be forked."""


class Workers:
    """Up to ``count`` child processes that apply one function to items.

    ``start`` runs once, loads what the work needs (a model, say) and returns the function, which all children share. It
    is pickled, so it is a function of an importable module, or a :func:`functools.partial` of one; items and results
    are pickled too. It must leave no thread behind. ``seconds`` bounds one call, not the start. ``memory_mb`` bounds
    what a child may allocate above the address space that it had after the start (only where ``/proc`` tells how much
    that was). Children start when first needed.
    """

    def __init__(
        self, count: int, start: Callable[[], Callable[[Any], Any]], *, seconds: float, memory_mb: int | None = None
    ) -> None:
        if count < 1:
            raise ValueError(f"at least one worker is needed, not {count}")
        self.count = count
        self._seconds = seconds
        self._template = _Template(pickle.dumps((start, seconds, memory_mb)))
        self._free = [_Child(self._template) for _ in range(count)]
        self._children = tuple(self._free)
        self._change = threading.Condition()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, item: Any) -> Any:
        """The function's result for ``item``, or a :class:`Failure`; waits for a free child. Safe from any thread.

        Raises what ``start`` raised, :class:`WorkerStartError` if a child could not be started, and RuntimeError once
        closed.
        """
        message = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        child = self._lease()
        try:
            if not child.is_running:
                child.start()
            result = child.call(message, self._seconds)
        finally:
            self._release(child)
        if isinstance(result, Failure) and self._closed:
            raise RuntimeError("the workers were closed during the call")
        return result

    def warm(self) -> None:
        """Run the start in the background, so that the first call need not wait for it. An error reaches that call."""
        # A daemon, so that a program that ends in the meantime does not wait for a model that nobody will use.
        threading.Thread(target=self._template.warm, daemon=True).start()

    def rest(self) -> None:
        """End the children that have nothing to do, and give back their memory; the next call starts another at once.

        What the start has loaded stays.
        """
        with self._change:
            for child in self._free:
                child.kill()

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

    def pairs(self, items: Iterable[Any]) -> Generator[tuple[Any, Any]]:
        """As :meth:`map`, each result with its item. (A tee of ``items`` would be read from two threads.)"""
        permits = threading.Semaphore(_LOOKAHEAD * self.count)
        results = _Results()
        calls = ThreadPoolExecutor(self.count)

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
        self._template.close()

    def _lease(self) -> "_Child":
        """The running child that was used last, else one to be started."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._free)
            if self._closed:
                raise RuntimeError(_CLOSED)
            child = next((child for child in reversed(self._free) if child.is_running), self._free[-1])
            self._free.remove(child)
            return child

    def _release(self, child: "_Child") -> None:
        with self._change:
            if self._closed:
                child.kill()
            self._free.append(child)
            self._change.notify()


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


class _Template:
    """The process that has run the start, and forks the children. Safe from any thread; one request at a time."""

    def __init__(self, message: bytes) -> None:
        self._message = message
        self._request = threading.Lock()
        self._handle = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._error: bytes | None = None

    def warm(self) -> None:
        """Start the process; what prevents that is met again by whoever needs a child."""
        with self._request, suppress(Exception):
            self._started()

    def fork(self, theirs: "Connection[Any, Any]") -> int:
        """The process id of a new child, which reads its items from ``theirs``.

        Raises what the start raised, and WorkerStartError.
        """
        with self._request:
            forked = _forked(self._started(), theirs)
            if forked is None:  # it was killed since its start
                self.kill()
                forked = _forked(self._started(), theirs)
        if isinstance(forked, int):
            return forked
        raise WorkerStartError(f"a worker could not be started: {forked or _STOPPED.detail}")

    def end(self, child: int, seconds: float) -> int | None:
        """The exit code of a child, which is killed unless it ends by itself so soon; None if the template is gone."""
        with self._request:
            pipe = self._pipe
            try:
                if pipe is None:
                    return None
                pipe.send((child, seconds))
                code: int | None = pipe.recv()
            except (EOFError, OSError):
                self.kill()
                return None
            return code

    def kill(self) -> None:
        """End the process and all that it has forked, whatever they are doing."""
        with self._handle:
            # Who waits for an answer has the pipe too; it is closed when both have let go of it.
            process, self._process, self._pipe = self._process, None, None
        if process is not None:
            with suppress(ProcessLookupError, PermissionError):
                # Not another group's number, since its leader has not been waited for.
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self) -> None:
        """End the process for good."""
        self._error = pickle.dumps(RuntimeError(_CLOSED))
        self.kill()

    def _started(self) -> "Connection[Any, Any]":
        if self._error is not None:
            raise _raised(self._error)
        if self._pipe is not None:
            return self._pipe
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, running this module
                [sys.executable, "-P", "-c", _TEMPLATE, str(theirs.fileno()), *sys.path],
                env={**os.environ, **_TEMPLATE_ENVIRONMENT},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                # The parent's standard output is a stream of results that a stray print would break.
                stdout=subprocess.DEVNULL,
                # An interrupt from the terminal is for the parent, which decides; and all children are of one group.
                start_new_session=True,
            )
        with self._handle:
            self._process = process
        if self._error is not None:  # it was closed meanwhile
            self.kill()
            raise _raised(self._error)
        try:
            ours.send_bytes(self._message)
            error: bytes | None = ours.recv()
        except (EOFError, OSError) as ended:
            raise self._start_error() from ended
        if error is not None:
            self.kill()
            raised = _raised(error)
            if not isinstance(raised, WorkerStartError):
                # What ``start`` raised once it would raise again, after another wait; a death may have been bad luck.
                self._error = error
            raise raised
        with self._handle:
            self._pipe = ours
        return ours

    def _start_error(self) -> Exception:
        """Why the process ended in its start; it is killed if it has not."""
        process = self._process
        try:
            ended = _STOPPED if process is None else _ended_by(process.wait(timeout=_END_SECONDS))
        except subprocess.TimeoutExpired:
            ended = _STOPPED
        self.kill()
        if self._error is not None:
            return _raised(self._error)
        return WorkerStartError(f"a worker could not be started: {ended.detail}")


class _Child:
    """One child process, or the place of one that has not been started or was killed. Used by one thread at a time."""

    def __init__(self, template: _Template) -> None:
        self._template = template
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._pipe: Connection[Any, Any] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it can be given an item: while it has none it writes nothing, but closes its end when it dies."""
        pipe = self._pipe
        try:
            return pipe is not None and not pipe.poll()
        except OSError:
            return False

    def start(self) -> None:
        """Start the process; raises what the start raised, and WorkerStartError."""
        self.kill()
        ours, theirs = Pipe()
        with theirs:
            pid = self._template.fork(theirs)
        with self._lock:
            self._pid, self._pipe = pid, ours

    def call(self, message: bytes, seconds: float) -> Any:
        pipe = self._pipe
        if pipe is None:
            return _STOPPED
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
        self._end(0)

    def _death(self) -> Failure:
        """Why the process ended by itself. It has closed its end of the pipe, so it is ending, or else is killed."""
        code = self._end(_END_SECONDS)
        return _STOPPED if code is None else _ended_by(code)

    def _end(self, seconds: float) -> int | None:
        with self._lock:
            pid, self._pid, pipe, self._pipe = self._pid, None, self._pipe, None
        code = None if pid is None else self._template.end(pid, seconds)
        if pipe is not None:
            pipe.close()
        return code


def _forked(template: "Connection[Any, Any]", theirs: "Connection[Any, Any]") -> int | str | None:
    """The process id of the child that a template has forked; why it could not, or None if it is gone."""
    try:
        template.send(None)
        send_handle(template, theirs.fileno(), None)
        forked: int | str = template.recv()
    except (EOFError, OSError):
        return None
    return forked


def _raised(error: bytes) -> Exception:
    raised: Exception = _unpickled(error)
    return raised


def _ended_by(code: int) -> Failure:
    """What the exit code of a process says of its end."""
    if code == -signal.SIGKILL:
        return Failure(FailureReason.OUT_OF_MEMORY, "killed from outside, most likely for want of memory")
    if code < 0:
        return Failure(FailureReason.CRASHED, f"ended by {signal.Signals(-code).name}")
    return Failure(FailureReason.CRASHED, f"ended with exit status {code}")


def _unpickled(message: bytes) -> Any:
    # Both ends of the pipe are this program.
    return pickle.loads(message)  # noqa: S301


def serve(fileno: int) -> NoReturn:
    """The template's life: start, then fork children and end them, until the parent closes the pipe or is gone."""
    pipe: Connection[Any, Any] = Connection(fileno)
    children: set[int] = set()
    try:
        apply, seconds, memory_mb = _started(pipe)
        while True:
            ended: tuple[int, float] | None = pipe.recv()
            if ended is None:
                theirs = recv_handle(pipe)
                try:
                    child = os.fork()
                except OSError as error:
                    pipe.send(_one_line(error))
                else:
                    if not child:
                        pipe.close()
                        _work(Connection(theirs), apply, seconds, memory_mb)
                    children.add(child)
                    pipe.send(child)
                os.close(theirs)
            else:
                pipe.send(_code(*ended) if ended[0] in children else None)
                children.discard(ended[0])
    except (EOFError, OSError):
        os.killpg(0, signal.SIGKILL)
        raise


def _started(pipe: "Connection[Any, Any]") -> tuple[Callable[[Any], Any], float, int | None]:
    try:
        # What is loaded is not looked through for garbage any more, which would write to the pages that children share.
        with loading():
            start, seconds, memory_mb = _unpickled(pipe.recv_bytes())
            apply = start()
            gc.collect()
    except Exception as error:
        pipe.send(_pickled_error(error))
        raise EOFError from error
    pipe.send(None)
    return apply, seconds, memory_mb


def _code(child: int, seconds: float) -> int:
    """The exit code of a child of the template, which is killed if it does not end so soon."""
    deadline = time.monotonic() + seconds
    while not (found := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < deadline:
        time.sleep(0.001)
    if not found[0]:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return 0
    return os.waitstatus_to_exitcode(found[1])


def _work(pipe: "Connection[Any, Any]", apply: Callable[[Any], Any], seconds: float, memory_mb: int | None) -> NoReturn:
    """The child's life: answer items until the parent closes the pipe or is gone."""
    status = 1
    try:
        if memory_mb is not None:
            _limit_memory(memory_mb)
        while True:
            message = pipe.recv_bytes()
            # The parent kills a child that is late; the kernel does, should parent and template be gone by then. A
            # handler in Python would not do: the interpreter may be stuck in C code.
            signal.setitimer(signal.ITIMER_REAL, 2 * seconds + 5)
            pipe.send_bytes(_answer(apply, message))
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (EOFError, OSError):
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    finally:
        # Not by the interpreter's way out, which is the template's.
        os._exit(status)


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
