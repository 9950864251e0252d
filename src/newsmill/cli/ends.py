"""How a command ends that something else ends: a signal, or a machine that has run out of something.

A signal that asks a process to end is an interrupt like that of the keyboard, so that what a run has staged, its claim
on the date and its private server go with it. What a run has published is said in the last line.
"""

import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import TYPE_CHECKING

from newsmill.errors import StorageError, ValidationStopped

if TYPE_CHECKING:
    from newsmill.lake import Lake

_SHORTAGES: Mapping[int, str] = {
    errno.ENOSPC: "free some space, or let TMPDIR name another folder",
    errno.EDQUOT: "free some space, or let TMPDIR name another folder",
    errno.EROFS: "let TMPDIR name a folder that can be written",
    errno.EMFILE: "let the process have more open files (ulimit -n)",
    errno.ENFILE: "the system has too many open files",
    errno.ENOMEM: "give the process more memory, or fewer --workers",
    errno.EAGAIN: "let the user have more processes (ulimit -u), or give fewer --workers",
}
"""What a machine may be out of, and what helps."""


_LEAST_BYTES = 16 * 2**20
"""A server that fails with less room than that has failed for it."""


class Terminated(KeyboardInterrupt):
    """A signal has asked the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def end_on_signals() -> None:
    """Let SIGTERM, and SIGHUP where it is not ignored, interrupt the process; the first one only."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    # What is cleared away now is not to be interrupted again: who cannot wait has SIGKILL.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(number)


def shortage(error: BaseException) -> str | None:
    """What the machine is out of, in a line; None for an error of another kind.

    A library for which there is not enough memory is an import that fails.
    """
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and "failed to map" in str(error)):
        return f"out of memory; {_SHORTAGES[errno.ENOMEM]}"
    if isinstance(error, OSError) and error.errno is not None and error.errno in _SHORTAGES:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{os.strerror(error.errno)}; {_SHORTAGES[error.errno]}"
    return None


def server_failure(error: Exception) -> str:
    """Why a server of this machine, which keeps its database among the temporary files, has failed, in a line."""
    folder = tempfile.gettempdir()
    if (free := shutil.disk_usage(folder).free) < _LEAST_BYTES:
        return f"{folder} has {free // 2**20} MB left; {_SHORTAGES[errno.ENOSPC]}"
    return str(error).split(" - ")[0]


@contextmanager
def saying_what_was_published(open_lake: "Callable[[], Lake]", dates: Sequence[date]) -> Iterator[Callable[[], None]]:
    """Note on whatever ends the block early which of the dates it has published.

    The block is given a function that looks at the lake, to be called before anything can be published; it may fill in
    ``dates`` later.
    """
    seen: list[Mapping[date, list[str]] | None] = []
    try:
        yield lambda: seen.append(_runs(open_lake(), dates))
    except BaseException as error:
        if not isinstance(error, ValidationStopped):  # which says so itself
            after = _runs(open_lake(), dates) if seen else None
            error.add_note(_published(dates, seen[0], after) if seen else _published(dates, {}, {}))
        raise


def _runs(lake: "Lake", dates: Sequence[date]) -> dict[date, list[str]] | None:
    """The files of the row of each date's run, which every publish changes; None where they cannot be read."""
    try:
        if len(dates) == 1:
            return {dates[0]: [file.key for file in lake.files("runs", dates[0])]}
        found: dict[date, list[str]] = {}
        for file in lake.files("runs"):
            found.setdefault(file.logical_date, []).append(file.key)
        return found
    except (StorageError, OSError):
        return None


def _published(
    dates: Sequence[date], before: Mapping[date, list[str]] | None, after: Mapping[date, list[str]] | None
) -> str:
    if before is None or after is None:
        return "whether anything was published cannot be told, since the lake cannot be read"
    if not dates:
        return "nothing was published"
    new = [day for day in dates if after.get(day) != before.get(day)]
    if len(dates) == 1:
        return f"{dates[0]} was published" if new else f"{dates[0]} was not published, and is as it was"
    return f"{len(new)} of {len(dates)} dates were published; the same command goes on with the others"
