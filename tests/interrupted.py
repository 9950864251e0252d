"""A backfill that is killed and goes on, and one that is not: the inputs, the kills, and what is to be equal."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from newsmill.lake import Lake
from newsmill.schemas.rows import TABLES

FIRST = date(2026, 1, 1)
STORY = (
    "{town} to rebuild its bridge\n\n"
    "The council of {town} voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall of {town}.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n"
)

EXECUTION = {"attempt_id", "started_at", "finished_at", "stage_seconds"}
"""The columns of ``runs`` that differ between two executions of one run."""

WAIT_SECONDS = 300


def compose(folder: Path, dates: int) -> list[str]:
    """Dated inputs: a story of the day's own, a copy of the day before's, and a file with nothing in it."""
    days = [str(FIRST + timedelta(days=number)) for number in range(dates)]
    for number, day in enumerate(days):
        inbox = folder / "inbox" / day
        inbox.mkdir(parents=True)
        (inbox / "story.txt").write_text(STORY.format(town=f"Ashford {number + 1}"))
        (inbox / "copy.txt").write_text(STORY.format(town=f"Ashford {number}") + "\n")
        (inbox / "empty.txt").touch()
    # The stories differ in a number alone, and are not to be copies of one another.
    (folder / "newsmill.toml").write_text(
        "workers = 1\nmax_rejected_share = 0.9\n[dedupe]\nsimilarity = 1\ncontainment = 1\n"
        '[[sources]]\nname = "inbox"\nuri = "inbox/{date}/*.txt"\n'
    )
    return days


def backfill(folder: Path, lake: str, days: Sequence[str], *options: str, killed_at: int | None = None) -> str:
    """Run it, or kill it once so many dates have landed; returns what it printed."""
    command = [sys.executable, "-m", "newsmill.cli", "backfill", "--from", days[0], "--to", days[-1]]
    arguments = ["--lake", lake, "--output", "json", *options]
    with subprocess.Popen(
        [*command, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        if killed_at is not None:
            deadline = time.monotonic() + WAIT_SECONDS
            while len(Lake.open(str(folder / lake)).dates("runs")) < killed_at:
                assert running.poll() is None, "the backfill ended before it could be killed"
                assert time.monotonic() < deadline, "the backfill does not come that far"
                time.sleep(0.02)
            os.killpg(running.pid, signal.SIGKILL)
        output, _ = running.communicate(timeout=WAIT_SECONDS * 10)
    assert killed_at is not None or running.returncode == 0, running.returncode
    return output


def tables(lake: Lake) -> dict[str, pa.Table]:
    """The rows of each table, but for what differs between executions."""
    found = {record.table: lake.read(record.table) for record in TABLES}
    return found | {"runs": found["runs"].drop_columns(sorted(EXECUTION))}
