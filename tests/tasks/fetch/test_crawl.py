"""A small press, with every fault: what the benchmark does at full size."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from newsmill.lake import Lake
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.archive import Archive, Note, Role, entries
from newsmill.tasks.fetch.archived import ArchivedPages
from newsmill.tasks.fetch.client import RULES_COUNT, Fetched
from newsmill.tasks.fetch.crawl import kept_site_files
from tests.press import DAY, FAULTS, MAX_BYTES, Press, collect, sources
from tests.site import Site
from tests.tasks.fetch.test_archive import exchange

HOSTS, ARTICLES = 12, 25
FETCHABLE = [number for number in range(ARTICLES) if FAULTS.get(number) is None]
ROOT = Path(__file__).parents[3]


def outcomes(folder: Path, port: int) -> Counter[tuple[int, Reason | None]]:
    """How often each article, by its number, came to what."""
    pages = ArchivedPages(Lake.open(str(folder / "lake")).store, DAY, MAX_BYTES)
    items = [item for source in sources(HOSTS, port) for item in pages.of(source)]
    return Counter((int(item.input_id.rpartition("/")[2]), reason_of(item)) for item in items)


def reason_of(item: RawDocument | Rejection) -> Reason | None:
    return item.reason if isinstance(item, Rejection) else None


def test_everything_that_can_be_had_is_had_once_and_the_rest_is_told(tmp_path: Path) -> None:
    press, delay = Press(ARTICLES), 0.05
    with Site(press) as site:
        collected = collect(tmp_path, HOSTS, site.port, delay)
        again = len(site.requests)
        second = collect(tmp_path, HOSTS, site.port, delay)

    assert outcomes(tmp_path, site.port) == {(n, FAULTS.get(n)): HOSTS for n in range(ARTICLES)}
    # The bomb is answered in full, and found out when it is unpacked.
    assert sum(collected.fetched.values()) == HOSTS * (len(FETCHABLE) + 1)
    assert set(press.answered.values()) == {1}
    assert len(press.answered) == HOSTS * len(FETCHABLE)
    assert sum(second.fetched.values()) == 0
    # Of the second run: the feed, and what may have come right (cut off, circle), tried twice.
    assert {request.path for request in site.requests[again:]} <= {"/feed", "/9", "/13"}
    times = defaultdict(list)
    for request in site.requests[:again]:
        times[request.host].append(request.at)
    gaps = [later - earlier for at in times.values() for earlier, later in pairwise(at)]
    assert min(gaps) >= delay * 0.98


def test_a_killed_crawl_fetches_nothing_again_that_was_archived(tmp_path: Path) -> None:
    press = Press(ARTICLES)
    with Site(press) as site:
        arguments = [str(tmp_path), str(HOSTS), str(site.port), "0.05"]
        running = subprocess.Popen([sys.executable, "-m", "tests.press", *arguments], cwd=ROOT, env={**os.environ})
        while len(press.answered) < HOSTS * 4 and running.poll() is None:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
        store = Lake.open(str(tmp_path / "lake")).store
        Archive(store, DAY, tmp_path / "spool").recover()
        kept = {entry.address for entry in entries(store, DAY) if entry.status == 200 and entry.problem is None}
        before = len(site.requests)
        collect(tmp_path, HOSTS, site.port, 0.05)

    asked_again = {f"http://{r.host}:{site.port}{r.path}" for r in site.requests[before:]}
    assert len(kept) >= HOSTS * 3
    assert asked_again & kept == set()
    assert outcomes(tmp_path, site.port) == {(n, FAULTS.get(n)): HOSTS for n in range(ARTICLES)}


NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "status", "role", "is_kept"),
    [
        (RULES_COUNT - MOMENT, 200, Role.ROBOTS, True),
        (RULES_COUNT, 200, Role.ROBOTS, False),
        (MOMENT, 404, Role.ROBOTS, True),
        (MOMENT, 429, Role.ROBOTS, False),
        (MOMENT, 503, Role.ROBOTS, False),
        (MOMENT, 200, Role.ARTICLE, False),
    ],
    ids=["fresh", "stale", "no rules", "asked too often", "broken", "a page"],
)
def test_a_site_s_rules_are_taken_from_the_archive_while_they_count(
    age: timedelta, status: int, role: Role, is_kept: bool, tmp_path: Path
) -> None:
    store, address = Lake.open(str(tmp_path / "lake")).store, "https://news.example/robots.txt"
    rules = Fetched(address=address, exchanges=(exchange(address, b"User-agent: *", status),))
    with Archive(store, NOW.date(), tmp_path / "spool") as archive:
        archive.add(rules, Note(role=role), NOW - age)

    async def look_up(day: date) -> Fetched | None:
        return await kept_site_files(store, day, NOW)(address)

    for day in (NOW.date(), NOW.date() + timedelta(days=1)):
        assert (asyncio.run(look_up(day)) == rules) == is_kept
