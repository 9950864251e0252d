"""Many publishers on one site, who do what servers do: answer, dawdle, refuse, cut off, redirect, lie and never end."""

import asyncio
import gzip
import sys
from collections import Counter
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from newsmill.config import Settings
from newsmill.lake import Lake
from newsmill.schemas.words import Reason, SourceKind
from newsmill.tasks.fetch.archive import Archive, Note, Role, Rotation
from newsmill.tasks.fetch.client import Fetcher, FetchLimits, Reach, SiteFiles
from newsmill.tasks.fetch.crawl import kept_site_files, read_list
from newsmill.tasks.fetch.network import Guard, network
from newsmill.tasks.fetch.polite import Politeness
from newsmill.tasks.fetch.poll import Parse, Polled, Poller, parse_here
from newsmill.tasks.inputs.source import Source
from tests.site import Answer, Request

DAY = date(2026, 1, 5)
MAX_BYTES = 1_000_000

_BOMB = gzip.compress(bytes(30_000_000), 9)
_HTML = ("Content-Type", "text/html; charset=utf-8")
_WORDS = b"<p>" + b"The council met on Monday and voted to rebuild the bridge over the river. " * 300 + b"</p>"

FAULTS: dict[int, Reason | None] = {
    3: None,  # too many requests, at first
    5: None,  # unavailable, at first
    7: None,  # slow
    9: Reason.FETCH_FAILED,  # cut off
    11: Reason.TOO_LARGE,  # endless
    13: Reason.FETCH_FAILED,  # redirects in a circle
    15: None,  # longer than it says
    17: Reason.TOO_LARGE,  # a gzip bomb
    19: None,  # redirects
    21: None,  # closes the connection, at first
    23: Reason.HTTP_ERROR,  # is not there
}
"""The articles of each publisher that are not simply answered, and what they come to."""


class Press:
    """Answers for every host: ``/feed`` lists the articles ``/0`` to ``/n``; ``answered`` counts whole pages."""

    def __init__(self, articles: int) -> None:
        self.listed = [(number, "first") for number in range(articles)]
        self.answered: Counter[tuple[str, str]] = Counter()
        self._refused: set[tuple[str, str]] = set()

    def __call__(self, request: Request) -> Answer:
        path = request.path
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /private\n", headers=(("Content-Type", "text/plain"),))
        if path == "/.well-known/tdmrep.json":
            return Answer(b"none", status=404)
        if path == "/feed":
            return self._feed(request)
        number = int(path.strip("/").split("-")[0])
        if number in (3, 5, 21) and (request.host, path) not in self._refused:
            self._refused.add((request.host, path))
            refusals = {3: Answer(status=429), 5: Answer(b"later", status=503), 21: Answer(raw=b"")}
            return refusals[number]
        faulty = {
            9: Answer(b"<html>" + _WORDS, length=10**6),
            11: Answer(b"<html>" + _WORDS, endless=True),
            13: Answer(status=302, headers=(("Location", path),)),
            17: Answer(_BOMB, headers=(_HTML, ("Content-Encoding", "gzip"))),
            23: Answer(b"none", status=404),
        }
        if number in faulty:
            return faulty[number]
        if path == "/19":
            return Answer(status=301, headers=(("Location", "/19-moved"),))
        self.answered[request.host, path] += 1
        page = b"<html><body>%s %d%s</body></html>" % (request.host.encode(), number, _WORDS)
        if number == 15:
            return Answer(page, length=1000)
        return Answer(page, seconds=0.3 if number == 7 else 0.0)

    def _feed(self, request: Request) -> Answer:
        item = "<item><guid>{0}</guid><link>/{0}</link><title>{1}</title></item>"
        items = "".join(item.format(number, title) for number, title in self.listed)
        content = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        etag = f'"{len(content)}-{len(self.listed)}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        return Answer(content, headers=(("Content-Type", "text/xml"), ("ETag", etag)))


def sources(hosts: int, port: int) -> list[Source]:
    """The publishers."""
    names = [f"paper-{number}.example" for number in range(hosts)]
    return [Source(name=name, uri=f"http://{name}:{port}/feed", kind=SourceKind.FEED) for name in names]


async def loopback(_host: str, _port: int) -> list[str]:
    """A name server that knows one address."""
    return ["127.0.0.1"]


def collect(folder: Path, hosts: int, port: int, delay: float, day: date = DAY, parse: Parse = parse_here) -> Polled:
    """Collect all publishers into the lake in ``folder``."""
    store = Lake.open(str(folder / "lake")).store

    async def run(archive: Archive) -> tuple[Poller, Polled]:
        async with Fetcher(
            agent="newsmill",
            limits=FetchLimits(max_bytes=MAX_BYTES, total_seconds=20.0, attempts=2, backoff_seconds=0.05),
            # The faulty articles are one host's, one after the other, and it is not to be given up for them.
            politeness=Politeness(delay_seconds=delay, max_delay_seconds=4 * delay, failures=1000),
            reach=Reach(guard=Guard(allowed=(network("127.0.0.1"),)), resolve=loopback),
            site_files=SiteFiles(
                keep=lambda fetched: archive.add(fetched, Note(role=Role.ROBOTS), datetime.now(UTC)),
                kept=kept_site_files(store, day, datetime.now(UTC)),
            ),
        ) as fetcher:
            poller = Poller(
                store=store,
                logical_date=day,
                archive=archive,
                fetcher=fetcher,
                parse=parse,
                read_list=partial(read_list, Settings()),
            )
            return poller, await poller.poll(sources(hosts, port))

    with Archive(store, day, folder / "spool", Rotation(max_bytes=16 << 20)) as archive:
        collector, collected = asyncio.run(run(archive))
    collector.remember()
    return collected


if __name__ == "__main__":
    collect(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
