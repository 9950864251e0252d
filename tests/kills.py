"""Kill runs at random moments and look at what readers see, and at what the next run leaves.

    python -m tests.kills LAKE KILLS SEED

A victim is a fork that begins an execution, stages, lands and ends; SIGKILL meets it anywhere in between. The parent
never reads the lake itself, so that every fork starts from a process without threads.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb  # noqa: F401, imported here so that no fork pays for it
from pyiceberg.table import StaticTable

from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.reclaim import orphans
from newsmill.lake.staging import staged_attempts
from newsmill.lake.whole import checksum
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, Entity, Link, Quote, Run
from newsmill.tasks.land.partition import land
from newsmill.tasks.run.attempt import begin
from newsmill.tasks.run.staged import Staged
from tests.rows import ARTICLE, DAY, ENTITY, LINK, QUOTE, RUN

STEADY = "steady"
"""The run that is done to its end after each kill: always the same rows, so always the same bytes."""


MEASURED_EVERY = 10
"""Kills: on a machine that does other work as well, kills would else come too early, or too late."""


def execute(uri: str, run_id: str, attempt: str, count: int) -> None:
    """One execution of a run of ``count`` articles, as the flow does it."""
    ids = [f"{number:016x}" for number in range(count)]
    rows: dict[type[Record], list[Record]] = {
        Article: [ARTICLE.replace(article_id=article_id) for article_id in ids],
        Entity: [ENTITY.replace(article_id=article_id) for article_id in ids],
        Quote: [QUOTE.replace(article_id=article_id) for article_id in ids],
        Link: [LINK.replace(article_id=article_id) for article_id in ids],
        Run: [RUN.replace(attempt_id=attempt, article_count=count)],
    }
    settings = Settings(lake=uri)
    request = RunRequest(logical_date=DAY, sources=(SourceConfig(name="in", uri="in"),), settings=settings)
    with begin(request, attempt, datetime.now(UTC)) as begun:
        staged = {
            record.table: [begun.write(Staged.of(record), record.to_arrow(found))] for record, found in rows.items()
        }
        land(begun.lake, DAY, run_id, staged)


def content(lake: Lake) -> dict[str, str]:
    """The checksum of each data file of the date but the row of the run, which differs by execution."""
    found = {}
    for record in TABLES:
        for file in lake.files(record.table, DAY) if record is not Run else ():
            with lake.store.open(file.key) as stream:
                found[record.table] = checksum(stream)
    return found


def seen(lake: Lake) -> set[tuple[str, int]]:
    """Run and rows of each table, through DuckDB and through PyIceberg."""
    names = [Article.table, Entity.table, Quote.table]
    unions = " UNION ALL ".join(f"SELECT '{name}' AS t, run_id FROM {name}" for name in names)
    rows = query(lake, f"SELECT run_id, count(*) AS n FROM ({unions}) GROUP BY t, run_id").to_pylist()
    found = {(row["run_id"], row["n"]) for row in rows}
    for info in lake.tables():
        if info.name in names and info.metadata_uri:
            table = StaticTable.from_metadata(info.metadata_uri, iceberg_properties())
            runs = table.scan(selected_fields=("run_id",)).to_arrow().column("run_id").to_pylist()
            found |= {(run_id, runs.count(run_id)) for run_id in set(runs)}
    return found


def iceberg_properties() -> dict[str, str]:
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    return {"s3.endpoint": endpoint, "s3.region": "us-east-1"} if endpoint else {}


def examine(uri: str, number: int, count: int, expected: dict[str, str]) -> None:
    """What readers see after a kill, and what the next run makes of it; prints a line a problem."""
    lake = Lake.open(uri)
    found = seen(lake)
    if found not in ({(STEADY, 5)}, {(f"victim-{number}", count)}):
        sys.stdout.write(f"kill {number}: readers see a mix: {sorted(found)}\n")
    sys.stdout.write(f"kill {number}: readers see the {'old' if (STEADY, 5) in found else 'new'} state\n")
    execute(uri, STEADY, f"{number:012x}", 5)
    if content(lake) != expected:
        sys.stdout.write(f"kill {number}: the next run has other bytes\n")
    left = [info.key for info in orphans(lake)]
    if left or staged_attempts(lake):
        sys.stdout.write(f"kill {number}: left behind: {left} {staged_attempts(lake)}\n")


def forked(work: Callable[[], None]) -> int:
    """The process id of a child that does the work and ends."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def awaited(pid: int) -> None:
    if os.waitpid(pid, 0)[1]:
        sys.stdout.write("a run that nobody killed failed\n")


def measured(uri: str) -> float:
    """The seconds that a run takes now; leaves the steady state."""
    start = time.monotonic()
    awaited(forked(partial(execute, uri, "measured", "1" * 12, 5)))
    seconds = time.monotonic() - start
    awaited(forked(partial(execute, uri, STEADY, "2" * 12, 5)))
    return seconds


def main(uri: str, kills: int, seed: int) -> None:
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "expected")
        awaited(forked(partial(_write_expected, folder, names)))
        expected = dict(line.split() for line in names.read_text().splitlines())
    awaited(forked(partial(execute, uri, STEADY, "0" * 12, 5)))
    seconds = measured(uri)
    sys.stdout.write(f"a run takes {seconds:.2f} s\n")
    for number in range(kills):
        if number and number % MEASURED_EVERY == 0:
            seconds = measured(uri)
        count = 3 + number % 2
        victim = forked(partial(execute, uri, f"victim-{number}", f"{number:012x}", count))
        time.sleep(draw.uniform(0, seconds))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        awaited(forked(partial(examine, uri, number, count, expected)))


def _write_expected(folder: str, names: Path) -> None:
    execute(f"{folder}/lake", STEADY, "0" * 12, 5)
    found = content(Lake.open(f"{folder}/lake"))
    names.write_text("".join(f"{table} {digest}\n" for table, digest in found.items()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
