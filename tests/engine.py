"""A Dask cluster on loopback, what it is given to do, and what a lake holds byte for byte."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from newsmill.lake import Lake
from newsmill.schemas.rows import TABLES, Run

ROOT = Path(__file__).parent.parent
TRIES = 2
"""Workers that may die of a batch, so that tests need not wait for Dask's own four."""

PAGE = """<!doctype html><html lang="en"><head><title>Ferry {n} of {town}</title>
<link rel="canonical" href="https://example.org/{n}"></head><body><nav><a href="/">Home</a></nav><article>
{paragraphs}</article><footer>Sign up for our newsletter</footer></body></html>"""
PARAGRAPHS = (
    "The harbour of {town} will have ferry number {n} from spring, and the pier will be {m} metres longer by then.",
    "“We have waited {m} years for this ferry,” said Mayor Ada Hill of {town} on Monday, and thanked {n} donors.",
    "Tickets cost {m} crowns. Fishermen from {other} said that their {n} boats would lose a berth each.",
    "The Ministry of Transport in {other} refused to comment on the price of {m} million euros, Tomas Berg wrote.",
)
TOWNS = ("Ashford", "Bergen", "Cork", "Delft", "Evora")


def write_pages(folder: Path, count: int, paragraphs: int = 4) -> Path:
    """Pages of articles that are no copies of one another."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        chance = random.Random(n)
        told = [
            f"<p>{chance.choice(PARAGRAPHS).format(n=n, m=chance.randint(2, 99_999), town=town, other=other)}</p>"
            for town, other in (chance.sample(TOWNS, 2) for _ in range(paragraphs))
        ]
        page = PAGE.format(n=n, town=TOWNS[n % 5], paragraphs="\n".join(told))
        (folder / f"{n:06}.html").write_text(page)
    return folder


@contextmanager
def started(program: str, *arguments: str, folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """``dask_scheduler`` or ``dask_worker`` on loopback, ended with all that it has started."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),  # for batches that tests define
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(TRIES - 1),
    }
    command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
    with (folder / f"{program}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def scheduler(folder: Path) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """A scheduler, by its address, and its process."""
    found = folder / "scheduler.json"
    found.unlink(missing_ok=True)
    with started("dask_scheduler", "--port", "0", "--scheduler-file", str(found), folder=folder) as process:
        for _ in range(300):
            if found.exists() and found.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(found.read_text())["address"], process


def workers(address: str, count: int, *options: str, folder: Path) -> "AbstractContextManager[subprocess.Popen[bytes]]":
    """Workers of one thread each, that are started anew when they die unless there is ``--no-nanny``."""
    return started("dask_worker", address, "--nworkers", str(count), "--nthreads", "1", *options, folder=folder)


def landed(lake: Lake) -> dict[str, bytes]:
    """The bytes of all data files, but for the row that says when the run was."""
    tables = [record.table for record in TABLES if record is not Run]
    return {file.key: lake.store.read(file.key) for table in tables for file in lake.files(table)}
