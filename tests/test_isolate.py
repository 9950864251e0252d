import itertools
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from newsmill.errors import ModelError
from newsmill.isolate import Failure, FailureReason, Workers, WorkerStartError

CHORES = '''
"""What the children do in these tests. A module, since children import what they run by its name."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from newsmill.errors import ModelError

class Unpicklable(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} {two}")

def chore(item):
    match item:
        case ("double", number):
            return 2 * number
        case ("raise", message):
            raise ValueError(message)
        case ("raise odd",):
            raise Unpicklable(1, 2)
        case ("exit", status):
            os._exit(status)
        case ("leave",):
            sys.exit(4)
        case ("kill", number):
            os.kill(os.getpid(), number)
        case ("segfault",):
            ctypes.string_at(0)
        case ("sleep", seconds):
            time.sleep(seconds)
            return "slept"
        case ("hold the lock",):
            ctypes.PyDLL(None).sleep(60)
        case ("allocate", megabytes):
            return len(bytearray(megabytes * 2**20))
        case ("recurse",):
            return chore(item)
        case ("lambda",):
            return lambda: None
        case ("print",):
            print("stray")
            return "printed"
        case ("pid",):
            return os.getpid()
        case ("parent",):
            return os.getppid()
        case ("touch and sleep", path, seconds):
            Path(path).touch()
            time.sleep(seconds)
            return "slept"
        case ("environ", name):
            return os.environ.get(name)
        case ("main",):
            return sys.modules["__main__"].__dict__.get("__file__")
        case ("write", path):
            Path(path).write_text(str(os.getpid()), encoding="ascii")
            time.sleep(60)

def start():
    return chore

def start_counted(path):
    with Path(path).open("a", encoding="ascii") as file:
        file.write("started\\n")
    return chore

def start_large(megabytes):
    large = bytearray(b"x") * (megabytes * 2**20)

    def own_memory(_item):
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
        assert len(large) == megabytes * 2**20
        return int(sizes["Private_Dirty"]) // 1024

    return own_memory

def start_badly():
    raise ModelError("no model named x; install it")

def start_oddly():
    raise Unpicklable(1, 2)

def start_and_die():
    os.kill(os.getpid(), signal.SIGSEGV)
'''


@pytest.fixture(autouse=True)
def chores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "isolate_chores.py").write_text(CHORES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import isolate_chores  # type: ignore[import-not-found]

    yield isolate_chores
    del sys.modules["isolate_chores"]


@pytest.fixture
def workers(chores: Any) -> Iterator[Workers]:
    with Workers(2, chores.start, seconds=20, memory_mb=300) as both:
        yield both


TRACEBACK = re.compile(r" \(traceback [0-9a-f]{12}\)$")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"


def test_a_call_gives_the_result(workers: Workers) -> None:
    assert workers.call(("double", 21)) == 42


@pytest.mark.parametrize(
    ("item", "reason", "detail"),
    [
        (("raise", "off\nby one"), "crashed", "ValueError: off by one"),
        (("raise", "x" * 1000), "crashed", "ValueError: " + "x" * 288),
        (("raise odd",), "crashed", "Unpicklable: 1 2"),
        (("exit", 3), "crashed", "ended with exit status 3"),
        (("exit", 0), "crashed", "ended with exit status 0"),
        (("leave",), "crashed", "ended with exit status 4"),
        (("segfault",), "crashed", "ended by SIGSEGV"),
        (("kill", signal.SIGTERM), "crashed", "ended by SIGTERM"),
        (("kill", signal.SIGKILL), "out_of_memory", "killed from outside, most likely for want of memory"),
        (("allocate", 2000), "out_of_memory", "more memory than the limit"),
    ],
)
def test_a_failure_says_why_and_costs_one_call(item: Any, reason: str, detail: str, workers: Workers) -> None:
    failure = workers.call(item)

    assert (failure.reason, TRACEBACK.sub("", failure.detail)) == (FailureReason(reason), detail)
    assert bool(TRACEBACK.search(failure.detail)) == item[0].startswith("raise")
    assert [workers.call(("double", number)) for number in range(4)] == [0, 2, 4, 6]


@pytest.mark.parametrize(("item", "error"), [(("recurse",), "RecursionError"), (("lambda",), "local object")])
def test_a_failure_of_the_interpreter_is_one_of_the_item(item: Any, error: str, workers: Workers) -> None:
    failure = workers.call(item)

    assert isinstance(failure, Failure)
    assert failure.reason == "crashed"
    assert error in failure.detail


@pytest.mark.parametrize("item", [("sleep", 60), ("hold the lock",)])
def test_a_call_that_takes_too_long_is_killed(item: Any, chores: Any) -> None:
    with Workers(1, chores.start, seconds=0.2) as workers:
        pid = workers.call(("pid",))

        assert workers.call(item) == Failure(FailureReason.TIMEOUT, "no result within 0.2 s")
        assert not is_alive(pid)
        assert workers.call(("double", 1)) == 2


def test_an_exception_keeps_the_child_and_a_lack_of_memory_does_not(chores: Any) -> None:
    with Workers(1, chores.start, seconds=20, memory_mb=300) as workers:
        first = workers.call(("pid",))
        workers.call(("raise", "a"))
        second = workers.call(("pid",))
        workers.call(("allocate", 2000))
        third = workers.call(("pid",))

    assert first == second != third


def test_a_limit_that_the_command_has_is_kept() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "from newsmill.isolate import _limit_memory; _limit_memory(100_000)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[1] >> 30)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("3\n", "")


def test_memory_up_to_the_limit_may_be_used(workers: Workers) -> None:
    assert workers.call(("allocate", 200)) == 200 * 2**20


def test_an_idle_child_that_was_killed_is_replaced(chores: Any, wait_for: Callable[[Callable[[], bool]], None]) -> None:
    with Workers(1, chores.start, seconds=20) as workers:
        pid = workers.call(("pid",))
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_alive(pid))

        assert workers.call(("double", 1)) == 2


def test_large_items_and_results_pass(chores: Any) -> None:
    with Workers(1, chores.start, seconds=20) as workers:
        assert workers.call(("double", b"x" * 20_000_000)) == b"x" * 40_000_000


def test_calls_from_many_threads_get_their_own_results(workers: Workers) -> None:
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda number: workers.call(("double", number)), range(300)))

    assert results == [2 * number for number in range(300)]


def test_children_start_when_needed_and_once(chores: Any, tmp_path: Path) -> None:
    with Workers(3, partial(chores.start_counted, str(tmp_path / "log")), seconds=20) as workers:
        assert not (tmp_path / "log").exists()
        for number in range(5):
            workers.call(("double", number))

    assert (tmp_path / "log").read_text(encoding="ascii") == "started\n"


def test_the_start_runs_once_for_all_children(
    chores: Any, tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    log = tmp_path / "log"
    with Workers(2, partial(chores.start_counted, str(log)), seconds=20) as workers:
        workers.warm()
        wait_for(log.exists)
        workers.warm()
        items = [("sleep", 0.1), ("pid",)] * 10 + [("exit", 1)] * 3 + [("pid",)]
        results = list(workers.map(items))

    pids = {result for result in results if isinstance(result, int)}
    assert len(pids) >= 2
    assert log.read_text(encoding="ascii") == "started\n"


def test_children_at_rest_are_gone_and_the_next_call_starts_one(chores: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Workers(2, partial(chores.start_counted, str(log)), seconds=20) as workers:
        workers.rest()
        pid = workers.call(("pid",))
        workers.rest()

        assert not is_alive(pid)
        assert workers.call(("pid",)) != pid
    assert log.read_text(encoding="ascii") == "started\n"


def test_one_at_work_is_not_put_to_rest(
    chores: Any, tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    with Workers(1, chores.start, seconds=20) as workers, ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(workers.call, ("touch and sleep", str(tmp_path / "touched"), 0.3))
        wait_for((tmp_path / "touched").exists)
        workers.rest()

        assert under_way.result() == "slept"


@pytest.mark.parametrize("at_work", [False, True])
def test_a_template_that_was_killed_is_replaced(
    at_work: bool, chores: Any, tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    log = tmp_path / "log"
    with Workers(2, partial(chores.start_counted, str(log)), seconds=20) as workers:
        template, pid = workers.call(("parent",)), workers.call(("pid",))
        os.kill(template, signal.SIGKILL)
        wait_for(lambda: not is_alive(template))

        assert workers.call(("pid",)) == pid
        if at_work:
            assert isinstance(workers.call(("exit", 1)), Failure)
        else:
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not is_alive(pid))
        assert workers.call(("double", 1)) == 2
        assert workers.call(("parent",)) != template
    assert log.read_text(encoding="ascii") == "started\n" * 2


def test_a_child_without_its_template_does_not_outlive_the_workers(
    chores: Any, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    with Workers(1, chores.start, seconds=20) as workers:
        template, pid = workers.call(("parent",)), workers.call(("pid",))
        os.kill(template, signal.SIGKILL)
    wait_for(lambda: not is_alive(template) and not is_alive(pid))


def test_what_the_start_has_loaded_is_shared(chores: Any) -> None:
    with Workers(1, partial(chores.start_large, 200), seconds=20) as workers:
        own = workers.call("own memory")

    assert own < 60


@pytest.mark.parametrize("warm", [False, True])
def test_an_error_of_the_start_is_raised_by_every_call(warm: bool, chores: Any) -> None:
    with Workers(2, chores.start_badly, seconds=20) as workers:
        if warm:
            workers.warm()
        for _ in range(3):
            with pytest.raises(ModelError, match="no model named x; install it"):
                workers.call(("double", 1))
        with pytest.raises(ModelError):
            list(workers.map([1, 2, 3]))


@pytest.mark.parametrize(
    ("start", "message"),
    [("start_oddly", "Unpicklable: 1 2"), ("start_and_die", "a worker could not be started: ended by SIGSEGV")],
)
def test_a_start_that_cannot_say_why(start: str, message: str, chores: Any) -> None:
    with Workers(1, getattr(chores, start), seconds=20) as workers, pytest.raises(WorkerStartError, match=message):
        workers.call(("double", 1))


def test_at_least_one_worker() -> None:
    with pytest.raises(ValueError, match="at least one worker"):
        Workers(0, lambda: str, seconds=1)


def test_a_stray_print_of_a_child_is_lost(workers: Workers, capfd: pytest.CaptureFixture[str]) -> None:
    assert workers.call(("print",)) == "printed"
    assert capfd.readouterr().out == ""


def test_children_have_one_thread_and_one_order_of_sets(workers: Workers) -> None:
    assert workers.call(("environ", "OMP_NUM_THREADS")) == "1"
    assert workers.call(("environ", "PYTHONHASHSEED")) == "0"


def test_map_keeps_the_order_and_tells_the_failures(workers: Workers) -> None:
    items = [("double", 1), ("sleep", 0.1), ("raise", "a"), ("exit", 1), ("double", 2)]

    results = list(workers.map(items))

    assert [results[0], results[1], results[4]] == [2, "slept", 4]
    details = [TRACEBACK.sub("", result.detail) for result in results[2:4]]
    assert details == ["ValueError: a", "ended with exit status 1"]
    assert list(workers.map([])) == []


def test_pairs_keep_each_item_with_its_result(workers: Workers) -> None:
    assert list(workers.pairs(("double", number) for number in range(50))) == [
        (("double", number), 2 * number) for number in range(50)
    ]


def test_map_reads_an_endless_stream_little_ahead(workers: Workers) -> None:
    read = 0

    def endless() -> Iterator[Any]:
        nonlocal read
        for number in itertools.count():
            read = number
            yield ("double", number)

    results = workers.map(endless())

    assert list(itertools.islice(results, 100)) == [2 * number for number in range(100)]
    assert read < 120
    results.close()  # type: ignore[attr-defined]


def test_map_gives_a_result_before_the_next_item_comes(workers: Workers) -> None:
    asked = threading.Event()

    def conversation() -> Iterator[Any]:
        yield ("double", 1)
        assert asked.wait(20)
        yield ("double", 2)

    results = workers.map(conversation())

    assert next(results) == 2
    asked.set()
    assert list(results) == [4]


def test_map_raises_what_the_items_raise_in_its_place(workers: Workers) -> None:
    def items() -> Iterator[Any]:
        yield ("double", 1)
        raise OSError("the stream broke")

    results = workers.map(items())

    assert next(results) == 2
    with pytest.raises(OSError, match="the stream broke"):
        next(results)


def test_closed_workers_are_gone(chores: Any) -> None:
    workers = Workers(1, chores.start, seconds=20)
    pid = workers.call(("pid",))
    workers.close()
    workers.close()

    assert not is_alive(pid)
    with pytest.raises(RuntimeError, match="closed"):
        workers.call(("double", 1))


def test_closing_ends_a_call_under_way(
    chores: Any, tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    workers = Workers(1, chores.start, seconds=60)
    with ThreadPoolExecutor(2) as threads:
        under_way = threads.submit(workers.call, ("write", str(tmp_path / "pid")))
        wait_for((tmp_path / "pid").exists)
        waiting = threads.submit(workers.call, ("double", 1))
        workers.close()

        with pytest.raises(RuntimeError, match="closed"):
            under_way.result()
        with pytest.raises(RuntimeError, match="closed"):
            waiting.result()


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
print("imported", __name__)
from isolate_chores import start
from newsmill.isolate import Workers
workers = Workers(2, start, seconds=60)
print(workers.call(("double", 4)), workers.call(("main",)), flush=True)
"""


@pytest.mark.parametrize("way", ["file", "argument", "input"])
def test_a_program_is_not_run_again_in_its_children(way: str, tmp_path: Path) -> None:
    program = PROGRAM.format(folder=str(tmp_path))
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    arguments = {"file": [str(tmp_path / "program.py")], "argument": ["-c", program], "input": ["-"]}[way]

    done = subprocess.run(
        [sys.executable, *arguments],
        input=program if way == "input" else "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "imported __main__\n8 None\n"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_children_do_not_outlive_a_killed_parent(
    how: signal.Signals, tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    program = (
        PROGRAM.format(folder=str(tmp_path))
        + 'print(workers.call(("pid",)), flush=True)\nimport time; time.sleep(60)\n'
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int([parent.stdout.readline() for _ in range(3)][-1])
        assert is_alive(pid)
        parent.send_signal(how)
        parent.wait()

    wait_for(lambda: not is_alive(pid))


def test_an_interrupt_of_the_terminal_reaches_the_parent_alone(tmp_path: Path) -> None:
    program = PROGRAM.format(folder=str(tmp_path)) + (
        "pid = workers.call(('pid',))\n"
        "import os, signal\n"
        # A test run that was started in the background has its interrupts ignored, and hands that on.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n"
        "    os.killpg(os.getpgrp(), signal.SIGINT)\n"
        "    signal.pause()\n"
        "except KeyboardInterrupt:\n"
        "    print(workers.call(('pid',)) == pid)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, start_new_session=True
    )

    assert done.stdout.splitlines()[-1:] == ["True"], done.stderr


def test_a_reader_of_an_idle_stream_does_not_keep_a_program_from_ending(tmp_path: Path) -> None:
    program = PROGRAM.format(folder=str(tmp_path)) + (
        "results = workers.map(('double', int(line)) for line in open(0, 'rb', closefd=False))\n"
        "print(next(results), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert parent.stderr is not None
        parent.stdin.write("7\n")
        parent.stdin.flush()
        output = [parent.stdout.readline() for _ in range(3)]
        status = parent.wait(timeout=30)
        complaint = parent.stderr.read()

    assert output[-1] == "14\n"
    assert (status, complaint) == (0, "")
