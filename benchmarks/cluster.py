"""Runs here against runs on a Dask cluster of four one-core workers: bytes, CPU, and what killed workers cost.

    python benchmarks/cluster.py [--pages 300] [--rounds 10] [--seed 1] [--real PAGES.jsonl[.gz] [--repeat 5]]

Half of the composed pages, and all of them, are run in one process and on the cluster once its workers have started:
from the CPU seconds follow efficiency, for a whole run and for one more page, and the scheduler's share. In each round
half of the workers are killed at random moments. With real pages, {"id", "url", "html"} a line, one process and two
then take turns over them, and the seconds of extraction and enrichment are compared, which needs an idle machine. Exits
with 1 if a lake differs by a byte from that of one process.
"""

import argparse
import json
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
from statistics import median

import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsmill.lake import Lake  # noqa: E402, below the path that the tests are found by
from newsmill.schemas.rows import Run  # noqa: E402
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
    """Wall seconds of a run, and CPU seconds of it and of those beside it; composed pages are few, in small batches."""
    (lake.parent / "newsmill.toml").write_text("batch_size = 16\n" if pages.is_dir() else "")
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


class Runs:
    """Runs in a folder, each in a lake of its own that is held against the first one of the same pages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._first: dict[Path, dict[str, bytes]] = {}
        self.differ = False

    def tell(
        self, what: str, pages: Path, *options: str, beside: dict[str, int] | None = None
    ) -> tuple[float, dict[str, float], Lake]:
        """Run the pages, print what that took, and give wall seconds, CPU seconds and the lake."""
        self._count += 1
        path = self._folder / f"lake-{self._count}"
        seconds, spent = run(pages, path, *options, beside=beside)
        lake = Lake.open(str(path))
        found = landed(lake)
        equal = bool(found) and found == self._first.setdefault(pages, found)
        self.differ |= not equal
        cpu = ", ".join(f"{name} {value:.1f}" for name, value in spent.items())
        print(f"{what}: {seconds:.0f} s, {'equal' if equal else 'DIFFERENT'}; CPU s: {cpu}", flush=True)
        return seconds, spent, lake


def measure_cluster(runs: Runs, folder: Path, count: int, rounds: int, seed: int) -> None:
    """Print what a cluster costs, and that the loss of workers costs nothing but time."""
    sizes = {count // 2: folder / "half", count: folder / "whole"}
    alone: list[float] = []
    there: list[float] = []
    schedulers: list[float] = []
    for size, pages in sizes.items():
        write_pages(pages, size, PARAGRAPHS)
        alone.append(sum(runs.tell(f"one process, {size} pages", pages, "--workers", "1")[1].values()))
    runs.tell(f"two processes, {count} pages", folder / "whole", "--workers", "2")
    undisturbed = 0.0
    with cluster(folder) as (address, pids):
        runs.tell(f"{WORKERS} workers that start, {count} pages", folder / "whole", "--cluster", address, beside=pids)
        for size, pages in sizes.items():
            what = f"{WORKERS} workers that have started, {size} pages"
            undisturbed, spent, _ = runs.tell(what, pages, "--cluster", address, beside=pids)
            there.append(sum(spent.values()))
            schedulers.append(spent["scheduler"])
    print(
        f"efficiency {alone[1] / there[1]:.1%} of a whole run, "
        f"{(alone[1] - alone[0]) / (there[1] - there[0]):.1%} of one more page; "
        f"the scheduler's share {schedulers[1] / there[1]:.1%}",
        flush=True,
    )
    for number in range(rounds):
        chance = random.Random(f"{seed}-{number}")
        moments = [chance.uniform(3, undisturbed) for _ in range(WORKERS // 2)]
        with cluster(folder) as (address, pids), killing(list(pids.values())[1 : WORKERS // 2 + 1], moments):
            at = " and ".join(f"{moment:.1f}" for moment in moments)
            what = f"round {number} of seed {seed}, workers killed after {at} s"
            runs.tell(what, folder / "whole", "--cluster", address, beside=pids)


def measure_two_processes(runs: Runs, pages: Path, repeat: int) -> None:
    """Print how much faster two processes extract and enrich real pages than one."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for number in range(repeat):
        for processes in (1, 2) if number % 2 == 0 else (2, 1):
            _, _, lake = runs.tell(f"{pages.name}, {processes} processes", pages, "--workers", str(processes))
            (row,) = Run.from_arrow(lake.read(Run.table))
            stages = json.loads(row.stage_seconds)
            seconds[processes].append(stages["extract"] + stages["enrich"])
            print(f"  extract {stages['extract']:.1f} s, enrich {stages['enrich']:.1f} s", flush=True)
    one, two = seconds.values()
    ratios = sorted(a / b for a, b in zip(one, two, strict=True))
    print(
        f"extraction and enrichment: {median(one):.1f} s with one process, {median(two):.1f} with two: "
        f"{median(one) / median(two):.2f} times as fast ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )


def main() -> int:
    """Print each run; 1 if any landed other bytes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        runs = Runs(folder)
        if given.pages:
            measure_cluster(runs, folder, given.pages, given.rounds, given.seed)
        if given.real:
            measure_two_processes(runs, given.real.absolute(), given.repeat)
    return 1 if runs.differ else 0


if __name__ == "__main__":
    sys.exit(main())
