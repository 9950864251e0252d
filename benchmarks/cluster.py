"""A run here against runs on a Dask cluster of four one-core workers: bytes, CPU, and what killed workers cost.

    python benchmarks/cluster.py [PAGES] [ROUNDS] [SEED]

In each round half of the workers are killed at random moments. Exits with 1 if a lake differs from the first by a byte.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsmill.lake import Lake  # noqa: E402, below the path that the tests are found by
from tests.engine import landed, scheduler, workers, write_pages  # noqa: E402

WORKERS = 4
PARAGRAPHS = 24


class Spent:
    """CPU seconds of processes and all below them, looked at often enough to miss little of those that end."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._seen: dict[str, dict[tuple[int, float], float]] = {name: {} for name in pids}
        self._before = self.look()

    def look(self) -> dict[str, float]:
        """CPU seconds of each so far."""
        for name, pid in self._pids.items():
            try:
                root = psutil.Process(pid)
                family = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            for process in family:
                try:
                    times = process.cpu_times()
                    self._seen[name][process.pid, process.create_time()] = times.user + times.system
                except psutil.NoSuchProcess:
                    continue
        return {name: sum(seen.values()) for name, seen in self._seen.items()}

    def since(self) -> dict[str, float]:
        """CPU seconds of each since the beginning."""
        now = self.look()
        return {name: now[name] - before for name, before in self._before.items()}


def run(pages: Path, lake: Path, *options: str, beside: dict[str, int] | None = None) -> tuple[float, dict[str, float]]:
    """Wall seconds of a run, and CPU seconds of it and of those beside it."""
    (lake.parent / "newsmill.toml").write_text("batch_size = 16\n")
    command = [
        str(Path(sys.executable).with_name("newsmill")),
        "run",
        str(pages),
        "--date",
        "2026-01-05",
        "--lake",
        str(lake),
    ]
    start = time.monotonic()
    process = subprocess.Popen([*command, *options], cwd=lake.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    spent = Spent({"run": process.pid, **(beside or {})})
    while process.poll() is None:
        spent.look()
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(process.stderr.read().decode() if process.stderr else "the run failed")
    return time.monotonic() - start, spent.since()


@contextmanager
def cluster(folder: Path) -> "Iterator[tuple[str, dict[str, int]]]":
    """A scheduler's address, and the numbers of its process and its workers'."""
    with ExitStack() as stack:
        address, process = stack.enter_context(scheduler(folder))
        pids = {"scheduler": process.pid}
        for number in range(1, WORKERS + 1):
            pids[f"worker {number}"] = stack.enter_context(workers(address, 1, "--no-nanny", folder=folder)).pid
        time.sleep(5)  # in which they have started
        yield address, pids


@contextmanager
def killing(pids: Sequence[int], moments: Sequence[float]) -> Iterator[None]:
    """Kill processes, each at its moment."""
    timers = [threading.Timer(at, os.kill, (pid, signal.SIGKILL)) for pid, at in zip(pids, moments, strict=True)]
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def main() -> int:
    """Print each run; 1 if any landed other bytes."""
    pages_count, rounds, seed = (
        int(argument) for argument in (*sys.argv[1:], *("300", "10", "1")[len(sys.argv) - 1 :])
    )
    found: list[dict[str, bytes]] = []

    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        pages = write_pages(folder / "pages", pages_count, PARAGRAPHS)

        def tell(what: str, *options: str, beside: dict[str, int] | None = None) -> float:
            lake = folder / f"lake-{len(found)}"
            seconds, spent = run(pages, lake, *options, beside=beside)
            found.append(landed(Lake.open(str(lake))))
            cpu = ", ".join(f"{name} {value:.1f}" for name, value in spent.items())
            print(
                f"{what}: {seconds:.0f} s, {'equal' if found[-1] == found[0] else 'DIFFERENT'}; CPU s: {cpu}",
                flush=True,
            )
            return seconds

        tell("one process", "--workers", "1")
        tell("two processes", "--workers", "2")
        with cluster(folder) as (address, pids):
            tell(f"{WORKERS} workers that start", "--cluster", address, beside=pids)
            undisturbed = tell("the same again", "--cluster", address, beside=pids)
        for number in range(rounds):
            chance = random.Random(f"{seed}-{number}")
            moments = [chance.uniform(3, undisturbed) for _ in range(WORKERS // 2)]
            with cluster(folder) as (address, pids), killing(list(pids.values())[1 : WORKERS // 2 + 1], moments):
                at = " and ".join(f"{moment:.1f}" for moment in moments)
                tell(f"round {number} of seed {seed}, workers killed after {at} s", "--cluster", address, beside=pids)
    return 0 if found[0] and all(each == found[0] for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
