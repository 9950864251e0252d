"""A command that is ended from outside, or runs out of something, clears away and says in its last line what it did."""

import errno
import os
import re
import signal
import subprocess
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from newsmill.cli.ends import Terminated, saying_what_was_published, shortage
from newsmill.errors import StorageError, ValidationStopped
from newsmill.lake import Lake
from tests.cli.command import EQUAL_ONLY, NEWSMILL, STORY
from tests.lake.dates import DAY, NEXT_DAY
from tests.lake.whole_dates import publish_run


def noted(
    lake: Lake, dates: list[date], published: tuple[date, ...], error: BaseException, *, looks: bool = True
) -> str:
    """What is said of a block that publishes some dates and ends with an error."""

    def run() -> None:
        with saying_what_was_published(lambda: lake, dates) as look:
            if looks:
                look()
            for day in published:
                publish_run(lake, "now", 2, day=day)
            raise error

    error.__notes__ = []
    with pytest.raises(type(error)):
        run()
    return "; ".join(error.__notes__)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ((), "2026-01-05 was not published, and is as it was"),
        ((DAY,), "2026-01-05 was published"),
        ((NEXT_DAY,), "2026-01-05 was not published, and is as it was"),
    ],
)
@pytest.mark.parametrize("error", [Terminated(signal.SIGTERM), KeyboardInterrupt(), StorageError("no room")])
def test_a_run_that_is_ended_says_whether_it_was_published(
    tmp_path: Path, error: BaseException, published: tuple[date, ...], said: str
) -> None:
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "before", 1)

    assert noted(lake, [DAY], published, error) == said


def test_a_backfill_says_how_many_dates_were_published(tmp_path: Path) -> None:
    said = noted(Lake.open(str(tmp_path)), [DAY, NEXT_DAY], (NEXT_DAY,), KeyboardInterrupt())

    assert said == "1 of 2 dates were published; the same command goes on with the others"


def test_an_end_before_anything_could_be_published(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))

    assert noted(lake, [DAY], (), KeyboardInterrupt(), looks=False) == "2026-01-05 was not published, and is as it was"
    assert noted(lake, [], (), KeyboardInterrupt(), looks=False) == "nothing was published"
    assert noted(lake, [DAY], (), ValidationStopped(("no articles",), "report.html")) == "", "it says so itself"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "full", "/tmp/x"), "/tmp/x: No space left on device; free some space, or let TMPDIR"),
        (OSError(errno.EMFILE, "many"), "Too many open files; let the process have more open files (ulimit -n)"),
        (OSError(errno.EROFS, "ro", "/tmp/x"), "/tmp/x: Read-only file system; let TMPDIR name"),
        (MemoryError(), "out of memory; give the process more memory, or fewer --workers"),
        (OSError(errno.EINVAL, "else"), None),
        (RuntimeError(), None),
    ],
)
def test_what_a_machine_is_out_of_is_a_line(error: BaseException, said: str | None) -> None:
    found = shortage(error)

    assert (found is None) == (said is None)
    assert (found or "").startswith(said or "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_leaves_neither_staging_nor_claim_nor_server(tmp_path: Path, number: int, code: int) -> None:
    """The run is met when it has claimed the date: its server, its staging and its claim are there then."""
    (tmp_path / "in.txt").write_text(STORY.format(town="Ashford"))
    (tmp_path / "tmp").mkdir()
    environment = os.environ | EQUAL_ONLY | {"TMPDIR": str(tmp_path / "tmp"), "NEWSMILL_WORKERS": "1"}
    command = [NEWSMILL, "run", "in.txt", "--date", "2026-01-05", "--lake", "lake"]
    lease = tmp_path / "lake/_newsmill/leases/2026-01-05.json"
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # Under nohup the tests ignore SIGHUP, and what they start would too.
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - nothing else runs
    ) as running:
        deadline = time.monotonic() + 240
        while not lease.exists() and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        _, said = running.communicate(timeout=120)

    ended = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    assert said.splitlines()[-1] == f"newsmill: {ended}; 2026-01-05 was not published, and is as it was"
    assert running.returncode == code
    assert not lease.exists()
    assert [path for path in (tmp_path / "lake").rglob("*") if "_staging" in path.parts and path.is_file()] == []
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the server is found by /proc")
def test_a_server_that_is_killed_is_told_in_the_last_line(tmp_path: Path) -> None:
    """What is at work goes on without it, and nothing that Prefect cannot tell it any more is waited for, or said."""
    (tmp_path / "in.txt").write_text(STORY.format(town="Ashford"))
    environment = os.environ | EQUAL_ONLY | {"NEWSMILL_WORKERS": "1"}
    command = [NEWSMILL, "run", "in.txt", "--date", "2026-01-05", "--lake", "lake"]
    lease = tmp_path / "lake/_newsmill/leases/2026-01-05.json"
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + 240
        while not lease.exists() and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(_server_of(running.pid), signal.SIGKILL)
        _, said = running.communicate(timeout=240)

    *before, last = said.splitlines()
    assert re.fullmatch(r"newsmill: the Prefect server failed: .*; 2026-01-05 was (?:not )?published.*", last)
    assert [
        line for line in before if "Traceback" in line or "Error logging" in line or "failed to process" in line
    ] == []
    assert running.returncode == 1
    assert not lease.exists()


def _server_of(pid: int) -> int:
    """The process of the private server that a command has started."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    for child in (int(number) for listed in children for number in listed.read_text().split()):
        if b"newsmill.server" in Path(f"/proc/{child}/cmdline").read_bytes():
            return child
    raise AssertionError("there is no server")
