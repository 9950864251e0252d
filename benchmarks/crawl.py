"""Crawl 200 publishers of 25 articles each on loopback, twice, with every fault a server can have.

    python -m benchmarks.crawl [--hosts 200] [--delay 0]

Prints pages a second, of wall time and of the crawler's own CPU time (the site runs in another process, and feeds are
parsed in two more, as in a run), whether the delays were kept, what was asked for again, and what a second run over the
same feeds costs. Takes a minute or two.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from newsmill.lake import Lake
from newsmill.schemas.rows import Rejection
from newsmill.tasks.fetch.archived import ArchivedPages
from newsmill.tasks.fetch.crawl import parse_apart
from tests.press import DAY, MAX_BYTES, Press, collect, sources
from tests.site import Site

ARTICLES = 25


def serve() -> None:
    """Serve until standard input gives a line, then say what was seen; a second line ends it."""
    press = Press(ARTICLES)
    with Site(press) as site:
        print(site.port, flush=True)
        for _ in sys.stdin:
            times = defaultdict(list)
            for request in site.requests:
                times[request.host].append(request.at)
            gaps = [later - earlier for at in times.values() for earlier, later in pairwise(at)]
            seen = {
                "requests": len(site.requests),
                "whole_pages": sum(press.answered.values()),
                "repeated_pages": sum(count - 1 for count in press.answered.values()),
                "bytes_sent": site.bytes_sent,
                "most_open": site.most_open,
                "shortest_gap": min(gaps, default=0.0),
            }
            print(json.dumps(seen), flush=True)


def main() -> None:
    """Run both crawls and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve()
        return
    command = [sys.executable, "-m", "benchmarks.crawl", "--serve"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site,
    ):
        assert site.stdin is not None
        assert site.stdout is not None
        port = int(site.stdout.readline())

        def seen() -> dict[str, Any]:
            assert site.stdin is not None
            assert site.stdout is not None
            site.stdin.write("\n")
            site.stdin.flush()
            found: dict[str, Any] = json.loads(site.stdout.readline())
            return found

        first, wall, cpu = crawl(Path(folder), arguments.hosts, port, arguments.delay)
        after_first = seen()
        crawl(Path(folder), arguments.hosts, port, arguments.delay)
        after_second = seen()
        site.stdin.close()
        pages = ArchivedPages(Lake.open(f"{folder}/lake").store, DAY, MAX_BYTES)
        read = [item for source in sources(arguments.hosts, port) for item in pages.of(source)]
    print(f"fetched {first} of {arguments.hosts * ARTICLES} pages in {wall:.1f} s ({cpu:.1f} s of CPU)")
    print(f"{first / wall:.0f} pages/s of wall time, {first / cpu:.0f} pages/s of CPU time, delay {arguments.delay} s")
    print(f"the site saw: {after_first}")
    print(f"second run: {after_second['requests'] - after_first['requests']} requests,", end=" ")
    print(f"{after_second['whole_pages'] - after_first['whole_pages']} whole pages")
    print("read:", dict(Counter(item.reason if isinstance(item, Rejection) else "document" for item in read)))


def crawl(folder: Path, hosts: int, port: int, delay: float) -> tuple[int, float, float]:
    """Pages fetched, seconds of wall time, seconds of CPU time."""
    wall, cpu = time.monotonic(), time.process_time()
    collected = collect(folder, hosts, port, delay, parse=parse_apart)
    return sum(collected.fetched.values()), time.monotonic() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
