"""Sources polled again and again: what is new is fetched once, what is not costs a few bytes, a kill costs nothing."""

import asyncio
import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from newsmill.config import Settings
from newsmill.lake import Lake
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import OptOut, Reason, SourceKind
from newsmill.storage import ObjectStore
from newsmill.tasks.fetch import poll
from newsmill.tasks.fetch.archive import Archive, Entry, Role, Rotation, entries
from newsmill.tasks.fetch.archived import ArchivedPages, was_polled
from newsmill.tasks.fetch.client import Fetched, Fetcher, FetchLimits, Reach
from newsmill.tasks.fetch.crawl import read_list
from newsmill.tasks.fetch.document import refreshed_to
from newsmill.tasks.fetch.memory import Memory, forget, recall
from newsmill.tasks.fetch.network import Guard, network
from newsmill.tasks.fetch.polite import Politeness
from newsmill.tasks.fetch.poll import Polled, Poller, parse_here
from newsmill.tasks.inputs.source import Source
from tests.site import Answer, Request, Site
from tests.tasks.fetch.test_archive import leave_as_if_killed

DAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
XML = (("Content-Type", "application/rss+xml"), ("ETag", '"v1"'))
LOOPBACK = Guard(allowed=(network("127.0.0.1"),))


def feed(*items: tuple[str, str]) -> bytes:
    """RSS with items of (path, title)."""
    listed = "".join(
        f"<item><guid>{path}</guid><link>{path}</link><title>{title}</title></item>" for path, title in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{listed}</channel></rss>'.encode()


class Publisher:
    """Answers for a host with a feed; ``listed`` may be changed between polls."""

    def __init__(self, *paths: str) -> None:
        self.listed = [(path, f"Story {path}") for path in paths]
        self.failing: dict[str, Answer] = {}

    def __call__(self, request: Request) -> Answer:
        if request.path in self.failing:
            return self.failing[request.path]
        if request.path == "/feed":
            content = feed(*self.listed)
            etag = f'"{hash(content)}"'
            if request.headers.get("if-none-match") == etag:
                return Answer(status=304, headers=(("ETag", etag),))
            return Answer(content, headers=(("Content-Type", "application/rss+xml"), ("ETag", etag)))
        if request.path == "/robots.txt":
            return Answer(b"none", status=404)
        return Answer(f"<html><p>The page of {request.path}.</p></html>".encode())


class Mill:
    """A lake that collects from a site."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.store: ObjectStore = Lake.open(str(folder / "lake")).store

    def source(self, host: str = "a.example", path: str = "/feed", kind: str = "feed") -> Source:
        return Source(name=host, uri=self.site.url(host, path), kind=SourceKind(kind))

    def poll(self, *sources: Source, now: datetime = NOON, dies: bool = False, **options: Any) -> Polled:
        """Poll; one that ``dies`` ends like a killed process: nothing is remembered, the spool not brought in."""
        archive = Archive(self.store, now.date(), self.folder / "spool", Rotation(max_bytes=20_000))
        archive.recover()

        async def run() -> tuple[Poller, Polled]:
            async with Fetcher(
                agent="test",
                limits=FetchLimits(attempts=1, total_seconds=5.0),
                politeness=Politeness(delay_seconds=0.0),
                reach=Reach(guard=LOOPBACK, resolve=self.site.resolve),
            ) as fetcher:
                poller = Poller(
                    store=self.store,
                    logical_date=now.date(),
                    archive=archive,
                    fetcher=fetcher,
                    parse=parse_here,
                    read_list=partial(read_list, Settings()),
                    now=lambda: now,
                )
                return poller, await poller.poll(sources or (self.source(),), **options)

        poller, polled = asyncio.run(run())
        if dies:
            leave_as_if_killed(self.folder / "spool")
        else:
            archive.__exit__()
            poller.remember()
        return polled

    def read(self, *sources: Source, day: date = DAY) -> list[RawDocument | Rejection]:
        pages = ArchivedPages(self.store, day, 1_000_000)
        return [item for source in sources or (self.source(),) for item in pages.of(source)]

    def paths(self, day: date = DAY) -> list[str]:
        return sorted(str(item.url).removeprefix(self.site.url("a.example", "")) for item in self.read(day=day))

    def memory(self, source: Source | None = None) -> Memory:
        source = source or self.source()
        return recall(self.store, source.name, source.uri)


@pytest.fixture
def mill_of(tmp_path: Path) -> Callable[[Site], Mill]:
    return lambda site: Mill(tmp_path, site)


def test_what_a_feed_lists_is_fetched_and_read_from_the_archive(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher("/1", "/2")) as site:
        mill = mill_of(site)
        polled = mill.poll()

    items = mill.read()
    assert polled == Polled(fetched={"a.example": 2}, asked=1, answered=1)
    assert mill.paths() == ["/1", "/2"]
    assert all(isinstance(item, RawDocument) and b"The page of" in item.content for item in items)
    assert all(item.input_id == item.url and "#offset=" in str(item.raw_uri) for item in items)


def test_what_the_feed_says_of_a_page_comes_with_it(mill_of: Callable[[Site], Mill]) -> None:
    item = b"<item><link>/1</link><title>One</title><pubDate>Sun, 04 Jan 2026 10:00:00 +0100</pubDate></item>"

    def answer(request: Request) -> Answer:
        if request.path == "/feed":
            return Answer(b"<rss version='2.0'><channel>%s</channel></rss>" % item, headers=XML)
        return Answer(b"<html><p>A page.</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll()

    (found,) = mill.read()
    assert isinstance(found, RawDocument)
    assert (found.listed_title, found.listed_at) == ("One", datetime(2026, 1, 4, 9, tzinfo=UTC))


def test_a_second_run_over_an_unchanged_feed_moves_few_bytes(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher(*(f"/{n}" for n in range(50)))) as site:
        mill = mill_of(site)
        mill.poll()
        before, sent = len(site.requests), site.bytes_sent
        polled = mill.poll(now=NOON + timedelta(days=1))
        asked = [request.path for request in site.requests[before:]]

    assert asked == ["/robots.txt", "/feed"]
    assert site.bytes_sent - sent < 300
    assert polled == Polled(asked=1, answered=1)
    assert mill.read(day=DAY + timedelta(days=1)) == []


def test_a_quiet_day_is_told_from_one_on_which_nobody_answered(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1")
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()
        mill.poll(now=NOON + timedelta(days=1))
        publisher.failing["/feed"] = Answer(raw=b"")
        mill.poll(now=NOON + timedelta(days=2))

    assert [was_polled(mill.store, DAY + timedelta(days=n)) for n in range(3)] == [True, True, False]


def test_an_item_that_stays_is_not_new_and_one_that_changes_is(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1", "/2")
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()
        publisher.listed = [("/0", "Newest"), ("/1", "Story /1, corrected"), ("/2", "Story /2")]
        mill.poll(now=NOON + timedelta(days=1))

    assert sorted(site.asked()) == ["/0", "/1", "/1", "/2", "/feed", "/feed"]
    assert mill.paths(day=DAY + timedelta(days=1)) == ["/0", "/1"]


def test_a_server_that_lies_about_changes_is_found_out(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1")
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()
        publisher.failing["/feed"] = Answer(status=304)
        for day in range(1, 7):
            mill.poll(now=NOON + timedelta(days=day))
        asks = [r for r in site.requests if r.path == "/feed"]
        publisher.failing.clear()
        publisher.listed = [("/2", "New")]
        mill.poll(now=NOON + timedelta(days=8))

    assert ["if-none-match" in r.headers for r in asks] == [False] + [True] * 6
    assert "/2" in site.asked()


def test_a_killed_collection_goes_on_where_it_was(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher(*(f"/{n}" for n in range(60)))
    with Site(publisher) as site:
        mill = mill_of(site)
        for n in range(30, 60):
            publisher.failing[f"/{n}"] = Answer(raw=b"")
        mill.poll(dies=True)
        assert mill.memory().polled_at is None
        publisher.failing.clear()
        mill.poll()

    good = [path for path in site.asked() if path != "/feed"]
    assert site.asked().count("/feed") == 1
    assert all(good.count(f"/{n}") == 1 for n in range(30))
    assert mill.paths() == sorted(f"/{n}" for n in range(60))
    assert mill.memory().polled_at == NOON


def test_what_may_come_right_is_tried_again_and_then_given_up(
    mill_of: Callable[[Site], Mill],
) -> None:
    publisher = Publisher("/gone", "/broken")
    publisher.failing = {"/gone": Answer(b"gone", status=404), "/broken": Answer(b"oops", status=500)}
    with Site(publisher) as site:
        mill = mill_of(site)
        for day in range(5):
            mill.poll(now=NOON + timedelta(days=day))

    assert site.asked().count("/gone") == 1
    assert site.asked().count("/broken") == 3
    assert [entry.status for entry in entries(mill.store, DAY + timedelta(days=4))] == [304], "nothing to wait for"
    assert {item.reason for item in mill.read() if isinstance(item, Rejection)} == {Reason.HTTP_ERROR}


def test_what_was_not_asked_for_since_robots_txt_was_not_to_be_had_is_asked_for_later(
    mill_of: Callable[[Site], Mill],
) -> None:
    is_up = False

    def answer(request: Request) -> Answer:
        if request.path == "/feed":
            return Answer(feed(("/1", "One")).replace(b"<link>", f"<link>{site.url('www.example', '')}".encode()))
        is_down = request.host == "www.example" and not is_up
        return Answer(status=503 if is_down else 404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll()
        is_up = True
        mill.poll()

    assert site.asked("www.example") == ["/1"]


def test_an_article_that_was_named_by_its_address_is_tried_again_too(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher()
    publisher.failing["/1"] = Answer(b"oops", status=500)
    with Site(publisher) as site:
        mill = mill_of(site)
        source = mill.source(path="/1", kind="auto")
        failed = mill.poll(source)
        publisher.failing.clear()
        polled = [mill.poll(source) for _ in range(2)]
        (item,) = mill.read(source)

    assert failed == Polled(failed={"a.example": 1})
    assert polled == [Polled(fetched={"a.example": 1}), Polled()]
    assert isinstance(item, RawDocument)


def test_a_page_that_two_sources_list_is_fetched_once(mill_of: Callable[[Site], Mill]) -> None:
    shared = "http://c.example:{port}/shared"

    def answer(request: Request) -> Answer:
        if request.path == "/feed":
            return Answer(feed((shared.format(port=site.port), request.host)), headers=XML)
        return Answer(b"<html><p>shared</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        sources = [mill.source("a.example"), mill.source("b.example")]
        mill.poll(*sources)
        mill.poll(*sources)

    assert site.asked("c.example") == ["/shared"]
    assert len(mill.read(*sources)) == 1


def test_sources_of_one_name_give_each_page_once_and_are_remembered_apart(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        feeds = {"/f1": feed(("/1", "One"), ("/2", "Two")), "/f2": feed(("/2", "Two"), ("/3", "Three"))}
        if request.path in feeds:
            return Answer(feeds[request.path], headers=XML)
        return Answer(b"<html><p>A page.</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        sources = [mill.source(path=path, kind="auto") for path in ("/f1", "/1", "/f2")]
        mill.poll(*sources)
        items = mill.read(*sources)
        before = len(site.requests)
        mill.poll(*sources, now=NOON + timedelta(days=1))

    assert sorted(item.input_id[-2:] for item in items) == ["/1", "/2", "/3"]
    again = [request for request in site.requests[before:] if request.path in {"/f1", "/f2"}]
    assert [request.headers.get("if-none-match") for request in again] == ['"v1"', '"v1"']
    assert site.asked().count("/3") == 1


SITEMAP = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>{base}/1</loc><lastmod>2026-01-04</lastmod></url></urlset>"
)
INDEX = (
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>{base}/map-1.xml</loc></sitemap><sitemap><loc>{base}/index</loc></sitemap></sitemapindex>"
)
HOME = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Home</body></html>'


@pytest.mark.parametrize(
    ("path", "kind", "robots", "expected"),
    [
        ("/index", "feed", "", ["/index", "/map-1.xml", "/1"]),
        ("/map-1.xml", "auto", "", ["/map-1.xml", "/1"]),
        ("/home", "page", "", ["/home", "/feed", "/1"]),
        ("/bare", "page", "Sitemap: {base}/index", ["/bare", "/index", "/map-1.xml", "/1"]),
        ("/bare", "auto", "", ["/bare"]),
        ("/1", "article", "", ["/1"]),
    ],
)
def test_listings_are_found_from_where_a_source_stands(
    path: str, kind: str, robots: str, expected: list[str], mill_of: Callable[[Site], Mill]
) -> None:
    def answer(request: Request) -> Answer:
        base = site.url("a.example", "")
        contents = {
            "/robots.txt": robots,
            "/index": INDEX,
            "/map-1.xml": SITEMAP,
            "/home": HOME,
            "/bare": "<html><body>Bare</body></html>",
            "/1": "<html><p>One</p></html>",
        }
        if request.path == "/feed":
            return Answer(feed(("/1", "One")), headers=XML)
        kind_of = "text/xml" if "map" in request.path or "index" in request.path else "text/html"
        return Answer(contents[request.path].format(base=base).encode(), headers=(("Content-Type", kind_of),))

    with Site(answer) as site:
        mill = mill_of(site)
        source = mill.source(path=path, kind=kind)
        mill.poll(source)

    assert site.asked() == expected
    read = mill.read(source)
    assert [item.url for item in read] == [site.url("a.example", expected[-1])]
    assert all(isinstance(item, RawDocument) for item in read)


@pytest.mark.parametrize("kind", ["feed", "sitemap", "page", "list"])
def test_what_a_listing_names_inside_is_not_connected_to(
    kind: str, mill_of: Callable[[Site], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = [
        f"http://{host}/x" for host in ("10.0.0.1", "169.254.169.254", "[::1]", "0x0a000001", "news.example@10.0.0.2")
    ]
    contents = {
        "feed": feed(*((url, "Inside") for url in inside)).decode(),
        "sitemap": f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in inside)}</sitemapindex>",
        "page": "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in inside),
        "list": "\n".join(inside),
    }

    def answer(request: Request) -> Answer:
        page = contents[kind] if kind != "page" else f"<html><head>{contents[kind]}</head></html>"
        return Answer(page.encode(), status=200 if request.path == "/start" else 404)

    with Site(answer) as site:
        mill = mill_of(site)

        async def resolve(host: str, _port: int) -> list[str]:
            return ["127.0.0.1"] if host == "a.example" else ["10.0.0.1"]

        monkeypatch.setattr(site, "resolve", resolve)
        mill.poll(mill.source(path="/start", kind="feed" if kind == "sitemap" else kind))

    problems = [entry.problem for entry in entries(mill.store, DAY) if "a.example" not in entry.address]
    assert set(problems) <= {Reason.UNSAFE_ADDRESS, Reason.ROBOTS}
    assert len(problems) == len(inside)
    assert {request.host for request in site.requests} == {"a.example"}


def test_of_a_sitemap_only_the_news_is_fetched(mill_of: Callable[[Site], Mill]) -> None:
    dated = {"/old": "2019-05-05", "/fresh": "2026-01-03", "/undated": ""}

    def answer(request: Request) -> Answer:
        if request.path == "/map":
            url = "<url><loc>{0}</loc><lastmod>{1}</lastmod></url>"
            return Answer(f"<urlset>{''.join(url.format(*pair) for pair in dated.items())}</urlset>".encode())
        return Answer(b"<html><p>A page.</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll(mill.source(path="/map"))
        assert site.asked() == ["/map", "/fresh"]
        assert len(mill.memory(mill.source(path="/map")).seen) == 2, "what is old by its date need not be remembered"
        dated |= {"/undated-too": "", "/old": "2026-01-06"}
        mill.poll(mill.source(path="/map"), now=NOON + timedelta(days=1))

    assert sorted(site.asked()[2:]) == ["/map", "/old", "/undated-too"]


def test_what_a_sitemap_listed_when_it_was_first_read_is_old_even_if_it_failed_before(
    mill_of: Callable[[Site], Mill],
) -> None:
    publisher = Publisher("/2")
    publisher.failing["/map"] = Answer(b"none", status=404)
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll(mill.source(path="/map"))
        publisher.failing["/map"] = Answer(
            b"<urlset><url><loc>%s</loc></url></urlset>" % site.url("b.example", "/1").encode()
        )
        mill.poll(mill.source(path="/map"), now=NOON + timedelta(days=1))

    assert site.asked() == ["/map", "/map"]


def test_of_an_index_without_end_so_many_sitemaps_are_followed(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/index":
            named = "".join(f"<sitemap><loc>/map-{number}</loc></sitemap>" for number in range(250))
            return Answer(f"<sitemapindex>{named}</sitemapindex>".encode())
        return Answer(b"<urlset></urlset>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll(mill.source(path="/index"))

    assert len(site.asked()) == 200


def test_a_page_that_stays_the_same_does_not_hide_its_feeds(mill_of: Callable[[Site], Mill]) -> None:
    listed = [("/1", "One")]

    def answer(request: Request) -> Answer:
        if request.path == "/home":
            status = 304 if "if-none-match" in request.headers else 200
            return Answer(HOME.encode() if status == 200 else b"", status=status, headers=(("ETag", '"h"'),))
        if request.path == "/feed":
            return Answer(feed(*listed))
        return Answer(b"<html><p>A page.</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        source = mill.source(path="/home", kind="page")
        mill.poll(source)
        listed.append(("/2", "Two"))
        mill.poll(source, now=NOON + timedelta(days=1))

    assert site.asked() == ["/home", "/feed", "/1", "/home", "/feed", "/2"]


def test_an_article_that_was_not_fetched_for_the_date_is_told(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher()) as site:
        mill = mill_of(site)
        articles = [mill.source(path=path, kind="article") for path in ("/1", "/2")]
        mill.poll(articles[0])
        items = mill.read(*articles)

    assert [getattr(item, "reason", None) for item in items] == [None, Reason.NOT_ARCHIVED]


def test_a_dead_feed_is_retired_with_a_notice(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1")
    publisher.failing["/feed"] = Answer(b"oops", status=500)
    with Site(publisher) as site:
        mill = mill_of(site)
        notices = [mill.poll(now=NOON + timedelta(days=3 * n)).notices for n in range(12)]
        asked = site.asked().count("/feed")

    assert notices[0] == ("a.example: failing since 2026-01-05: status 500",)
    assert notices[9][0].startswith("a.example: retired since 2026-01-05: status 500")
    assert asked == 10, "nobody asks for a retired feed"


def test_a_feed_that_says_it_is_gone_is_retired_at_once_and_others_recover(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1")
    with Site(publisher) as site:
        mill = mill_of(site)
        publisher.failing["/feed"] = Answer(raw=b"")
        mill.poll()
        assert mill.memory().failures == 1
        publisher.failing.clear()
        mill.poll()
        assert (mill.memory().failures, mill.memory().notice) == (0, None)
        publisher.failing["/feed"] = Answer(b"gone", status=410)
        mill.poll(now=NOON + timedelta(days=1))

    assert mill.memory().retired_at is not None


def test_the_interval_follows_the_feeds_rhythm(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/0")
    now = NOON
    intervals = []
    with Site(publisher) as site:
        mill = mill_of(site)
        for poll in range(16):
            if poll < 4:
                publisher.listed.append((f"/new-{poll}", "New"))
            mill.poll(now=now)
            intervals.append(mill.memory().interval)
            now += timedelta(hours=1)
        before = len(site.requests)
        mill.poll(now=now, is_due=True)

    assert intervals[:4] == [timedelta(minutes=minutes) for minutes in (30, 15, 15, 15)]
    assert intervals[4:] == sorted(intervals[4:])
    assert intervals[-1] == timedelta(hours=20)
    assert len(site.requests) == before, "not due"


def test_everything_that_was_answered_is_in_the_archive(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher("/1")) as site:
        mill = mill_of(site)
        mill.poll()
        mill.poll()

    roles = [(entry.note.role, entry.address.rpartition("/")[2], entry.status) for entry in entries(mill.store, DAY)]
    assert roles == [(Role.LISTING, "feed", 200), (Role.ARTICLE, "1", 200), (Role.LISTING, "feed", 304)]


def test_what_publishers_ask_is_recorded_and_obeyed_where_that_is_set(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/robots.txt":
            return Answer(b"User-agent: GPTBot\nDisallow: /2", headers=())
        if request.path == "/.well-known/tdmrep.json":
            return Answer(b'[{"location": "/4", "tdm-reservation": 1}]', headers=())
        if request.path == "/feed":
            return Answer(feed(("/1", "One"), ("/2", "Two"), ("/3", "Three"), ("/4", "Four")), headers=XML)
        tag = (("X-Robots-Tag", "noarchive"),) if request.path == "/3" else ()
        return Answer(b"<html><p>A page.</p></html>", headers=(("Content-Type", "text/html"), *tag))

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll()

    recorded = {item.input_id[-1]: item.opt_outs for item in mill.read() if isinstance(item, RawDocument)}
    obeying = ArchivedPages(mill.store, DAY, 1_000_000, (OptOut.NOARCHIVE, OptOut.TDM)).of(mill.source())
    assert recorded == {"1": (), "2": (OptOut.AI_ROBOTS,), "3": (OptOut.NOARCHIVE,), "4": (OptOut.TDM,)}
    assert {item.input_id[-1]: getattr(item, "reason", None) for item in obeying} == {
        "1": None,
        "2": None,
        "3": Reason.RESERVED,
        "4": Reason.RESERVED,
    }


def test_a_damaged_capture_is_rejected_and_a_damaged_listing_asked_for_again(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher("/1", "/2")) as site:
        mill = mill_of(site)
        mill.poll()
        (segment,) = {entry.segment for entry in entries(mill.store, DAY)}
        content = bytearray(mill.store.read(segment))
        for entry in entries(mill.store, DAY):
            if entry.address.endswith(("/feed", "/1")):
                content[entry.offset + 40 : entry.offset + 60] = bytes(20)
        mill.store.write(segment, bytes(content))
        items = mill.read()
        forget(mill.store, "a.example", mill.source().uri)
        mill.poll()

    assert [getattr(item, "reason", None) for item in items] == [Reason.BAD_ARCHIVE, None]
    assert site.asked().count("/feed") == 2
    assert mill.memory().failures == 0


@pytest.mark.parametrize(("path", "kind"), [("/feed", "feed"), ("/1", "article"), ("/1", "auto")])
def test_a_password_is_sent_and_stands_nowhere(path: str, kind: str, mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher("/1")) as site:
        mill = mill_of(site)
        plain = mill.source(path=path, kind=kind)
        source = replace(plain, uri=plain.uri.replace("://", "://ada:hunter2@"))
        mill.poll(source)
        mill.poll(source)
        items = mill.read(source)

    sent = [request.headers.get("authorization") for request in site.requests if request.path == path]
    assert set(sent) == {"Basic YWRhOmh1bnRlcjI="}
    assert site.asked().count("/1") == 1
    assert items == mill.read(plain)
    assert len(items) == 1
    kept = [mill.store.read(info.key) for info in mill.store.list()]
    kept += [gzip.decompress(content) for content in kept if content.startswith(b"\x1f\x8b")]
    assert not any(b"hunter2" in content for content in [*kept, str(items).encode()])


def test_a_damaged_memory_costs_a_poll_and_no_page(mill_of: Callable[[Site], Mill]) -> None:
    with Site(Publisher("/1")) as site:
        mill = mill_of(site)
        mill.poll()
        (key,) = [info.key for info in mill.store.list("_newsmill/sources/")]
        mill.store.write(key, b'{"format": 1')
        mill.poll()

    assert site.asked().count("/1") == 1


@pytest.mark.parametrize("place", ["file", "web"])
def test_each_address_of_a_list_is_fetched_once(place: str, mill_of: Callable[[Site], Mill], tmp_path: Path) -> None:
    rows = ["id,URL,note"]

    def answer(request: Request) -> Answer:
        if request.path == "/list.csv":
            return Answer("\n".join(rows).encode(), headers=(("Content-Type", "text/csv"),))
        return Answer(b"<html><p>A page.</p></html>", status=404 if request.path == "/robots.txt" else 200)

    with Site(answer) as site:
        mill = mill_of(site)
        rows += [f"{n},{site.url('a.example', f'/{n}')},x" for n in (1, 2, 2)] + ["4,ftp://old/4,x"]
        path = tmp_path / "list.csv"
        path.write_text("\n".join(rows))
        uri = str(path) if place == "file" else site.url("a.example", "/list.csv")
        source = Source(name="ours", uri=uri, kind=SourceKind.LIST)
        mill.poll(source)
        read = mill.read(source)
        rows.append(f"5,{site.url('a.example', '/5')},x")
        path.write_text("\n".join(rows))
        mill.poll(source, now=NOON + timedelta(days=1))

    assert [path for path in site.asked() if path != "/list.csv"] == ["/1", "/2", "/5"]
    found = {item.input_id.rpartition("/")[2]: getattr(item, "reason", None) for item in read}
    assert found == {"1": None, "2": None, "4": Reason.BAD_URL}


def test_a_list_that_is_not_there_is_told(mill_of: Callable[[Site], Mill], tmp_path: Path) -> None:
    with Site(Publisher()) as site:
        mill = mill_of(site)
        polled = mill.poll(Source(name="ours", uri=str(tmp_path / "none.txt"), kind=SourceKind.LIST))

    assert [notice.partition(":")[0] for notice in polled.notices] == ["ours"]


# What goes wrong without an error


def nights(mill: Mill, count: int, *sources: Source) -> list[Polled]:
    """Polls at noon of so many days in a row."""
    return [mill.poll(*sources, now=NOON + timedelta(days=number)) for number in range(count)]


def only(content: bytes, kind: str = "application/rss+xml") -> Callable[[Request], Answer]:
    """A host that has a feed and no robots.txt."""

    def answer(request: Request) -> Answer:
        if request.path == "/feed":
            return Answer(content, headers=(("Content-Type", kind),))
        return Answer(b"none", status=404)

    return answer


def test_pages_that_failed_are_asked_for_again_when_the_feed_has_dropped_them(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1", "/2")
    publisher.failing = {path: Answer(b"later", status=503) for path in ("/1", "/2")}
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()
        publisher.failing, publisher.listed = {"/2": Answer(b"later", status=503)}, [("/3", "Story 3")]
        nights(mill, 5)

    assert [site.asked().count(path) for path in ("/1", "/2", "/3")] == [2, 3, 1]
    assert "/1" in mill.paths(DAY)


def test_the_archive_is_read_once_for_all_sources_that_wait(
    mill_of: Callable[[Site], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[date] = []

    def reading(store: ObjectStore, day: date) -> Iterator[Entry]:
        read.append(day)
        return entries(store, day)

    publisher = Publisher("/1")
    publisher.failing = {"/1": Answer(b"later", status=503)}
    with Site(publisher) as site:
        mill = mill_of(site)
        sources = [mill.source(f"{name}.example") for name in "abcd"]
        mill.poll(*sources)
        publisher.failing, publisher.listed = {}, []
        monkeypatch.setattr(poll, "entries", reading)
        mill.poll(*sources, now=NOON + timedelta(days=1))

    assert sorted(read) == [DAY, DAY + timedelta(days=1)]
    assert site.asked().count("/1") == 8


def test_an_unconditional_304_is_no_success(mill_of: Callable[[Site], Mill]) -> None:
    with Site(lambda request: Answer(b"", status=304 if request.path == "/feed" else 404)) as site:
        mill = mill_of(site)
        (polled,) = nights(mill, 1)

    assert "304" in polled.notices[0]
    assert mill.memory().failures == 1


def test_a_feed_that_stays_empty_is_told_and_one_that_fills_again_is_not(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher()
    with Site(publisher) as site:
        mill = mill_of(site)
        told = [bool(polled.notices) for polled in nights(mill, 16)]
        publisher.listed = [("/1", "One")]
        full = mill.poll(now=NOON + timedelta(days=17))

    assert told == [False] * 14 + [True] * 2
    assert mill.memory().notice is None
    assert full.notices == ()


def test_a_page_where_a_feed_was_is_told_each_night(mill_of: Callable[[Site], Mill]) -> None:
    page = Answer(b"<!doctype html><html><head><title>Moved</title></head><body>We are new.</body></html>")
    publisher = Publisher("/1")
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()
        publisher.failing = {"/feed": page}
        polled = nights(mill, 3)[1:]

    assert all("a page stands where a feed was" in notice for found in polled for notice in found.notices)
    assert [len(found.notices) for found in polled] == [1, 1]


@pytest.mark.parametrize("count", [150, 260])
def test_listings_that_are_not_followed_are_told(count: int, mill_of: Callable[[Site], Mill]) -> None:
    named = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(count))
    index = only(f"<sitemapindex>{named}</sitemapindex>".encode(), "text/xml")
    empty = Answer(b"<urlset><url><loc>/1</loc></url></urlset>")
    with Site(lambda request: empty if request.path.endswith(".xml") else index(request)) as site:
        mill = mill_of(site)
        polled = mill.poll()

    assert any(f"names {count - 199} more listings" in notice for notice in polled.notices) == (count > 199)
    assert f"/{count - 1}.xml" in site.asked()


def test_what_stands_deeper_than_is_looked_is_told(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        depth = 0 if request.path == "/feed" else int(request.path.strip("/s.xml") or 0)
        if request.path == "/robots.txt":
            return Answer(b"none", status=404)
        return Answer(f"<sitemapindex><sitemap><loc>/s{depth + 1}.xml</loc></sitemap></sitemapindex>".encode())

    with Site(lambda request: Answer(b"", status=404) if request.path == "/robots.txt" else answer(request)) as site:
        mill = mill_of(site)
        polled = mill.poll()

    assert site.asked()[-1] == "/s3.xml"
    assert any("1 listings stand deeper" in notice for notice in polled.notices)


@pytest.mark.parametrize(
    ("asked", "led_to", "is_page"),
    [
        ("/2026/gone", "/", False),
        ("/?p=17", "/", False),
        ("/2026/gone", "/de/", False),
        ("/?utm_source=rss", "/", True),
        ("/2026/moved", "/news/moved", True),
        ("/2026/moved", "/?p=17", True),
    ],
)
def test_a_deleted_story_that_leads_to_the_front_page_is_none(
    asked: str, led_to: str, is_page: bool, mill_of: Callable[[Site], Mill]
) -> None:
    publisher = Publisher(asked)
    publisher.failing = {asked: Answer(status=302, headers=(("Location", led_to),))}
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()

    (item,) = mill.read()
    assert isinstance(item, RawDocument) == is_page
    assert is_page or (isinstance(item, Rejection) and item.reason is Reason.NOT_AN_ARTICLE)


def test_an_item_without_a_link_is_rejected(mill_of: Callable[[Site], Mill]) -> None:
    items = b"<item><guid isPermaLink='false'>17</guid><title>One</title></item><item><title>Two</title></item>"
    with Site(only(b'<rss version="2.0"><channel><title>N</title>' + items + b"</channel></rss>")) as site:
        mill = mill_of(site)
        mill.poll()

    found = mill.read()
    assert [item.reason for item in found if isinstance(item, Rejection)] == [Reason.BAD_URL] * 2


@pytest.mark.parametrize(
    ("page", "is_followed"),
    [
        (b'<meta http-equiv="refresh" content="0; url=/2">', True),
        (b"<META CONTENT='1;URL=\"/2\"' HTTP-EQUIV=Refresh>", True),
        (b"<meta http-equiv=Refresh content='1;URL=/2'>", True),
        (b'<meta http-equiv="refresh" content="300; url=/2">', False),
        (b'<noscript><meta http-equiv="refresh" content="0; url=/2"></noscript>', False),
        (b'<meta http-equiv="refresh" content="0; url=/2">' + b"word " * 100, False),
    ],
)
def test_a_page_that_sends_browsers_on_is_followed(
    page: bytes, is_followed: bool, mill_of: Callable[[Site], Mill]
) -> None:
    publisher = Publisher("/1")
    publisher.failing = {"/1": Answer(b"<html><head>" + page + b"</head><body></body></html>")}
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()

    (found,) = mill.read()
    assert isinstance(found, RawDocument)
    assert (found.url == site.url("a.example", "/2")) == is_followed


def test_a_page_of_no_stated_type_is_read_by_what_it_is(mill_of: Callable[[Site], Mill]) -> None:
    publisher = Publisher("/1", "/2")
    unknown = (("Content-Type", "application/octet-stream"),)
    publisher.failing = {
        "/1": Answer(b"<!doctype html><html><p>Words.</p></html>", headers=unknown),
        "/2": Answer(b"%PDF-1.7 \0\0\0", headers=unknown),
    }
    with Site(publisher) as site:
        mill = mill_of(site)
        mill.poll()

    assert sorted(type(item).__name__ for item in mill.read()) == ["RawDocument", "Rejection"]


def test_a_host_that_asks_for_long_delays_is_told(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        robots = b"User-agent: *\nCrawl-delay: 7200"
        return Answer(robots) if request.path == "/robots.txt" else Publisher("/1")(request)

    with Site(answer) as site:
        mill = mill_of(site)
        (polled,) = nights(mill, 1)

    assert any("7200 s between two requests" in notice for notice in polled.notices)


def test_the_sitemap_that_robots_txt_names_by_its_path_is_read(mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/robots.txt":
            return Answer(b"Sitemap: /news.xml\n")
        if request.path == "/news.xml":
            return Answer(f"<urlset><url><loc>/1</loc><lastmod>{DAY}</lastmod></url></urlset>".encode())
        return Answer(b"<!doctype html><html><head><title>The News</title></head><p>Welcome.</p></html>")

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll(mill.source(path="/", kind="feed"))

    assert site.asked()[-2:] == ["/news.xml", "/1"]


@pytest.mark.parametrize("kind", ["feed", "list", "sitemap"])
def test_a_login_that_a_listing_names_goes_to_its_host_alone(kind: str, mill_of: Callable[[Site], Mill]) -> None:
    def answer(request: Request) -> Answer:
        link = f"http://ada:pass@{request.headers['host']}/inner"
        listings = {
            "feed": feed((link, "Inner")),
            "list": f"{link}\nftp://ada:pass@{request.headers['host']}/file\n".encode(),
            "sitemap": f"<sitemapindex><sitemap><loc>{link}</loc></sitemap></sitemapindex>".encode(),
        }
        return Answer(listings[kind] if request.path == "/start" else b"<p>The old bridge</p>")

    with Site(answer) as site:
        mill = mill_of(site)
        mill.poll(mill.source(path="/start", kind="list" if kind == "list" else "feed"))

    (inner,) = [request for request in site.requests if request.path == "/inner"]
    assert inner.headers["authorization"] == "Basic YWRhOnBhc3M="
    kept = [mill.store.read(info.key) for info in mill.store.list() if not info.key.endswith(".warc.gz")]
    assert kept
    assert not any(b"pass@" in content for content in kept)
    assert not any("pass@" in str(entry) for entry in entries(mill.store, DAY))


def mistaken(*_: object) -> None:
    raise ZeroDivisionError("nobody foresaw it")


def test_a_page_that_nobody_foresaw_costs_itself_and_is_tried_again(
    mill_of: Callable[[Site], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSMILL_UNFORESEEN")
    with Site(Publisher("/1", "/2")) as site:
        mill = mill_of(site)
        with monkeypatch.context() as mistake:

            def refreshed(fetched: Fetched, most: int) -> str | None:
                if fetched.address.endswith("/2"):
                    mistaken()
                return refreshed_to(fetched, most)

            mistake.setattr(f"{Poller.__module__}.refreshed_to", refreshed)
            polled = mill.poll()
        (rejection,) = [item for item in mill.read() if isinstance(item, Rejection)]
        again = mill.poll(now=NOON + timedelta(days=1))

    assert (polled.fetched, polled.failed) == ({"a.example": 1}, {"a.example": 1})
    assert rejection.reason is Reason.CRASHED
    assert "ZeroDivisionError: nobody foresaw it (traceback " in rejection.detail
    assert again.fetched == {"a.example": 1}


def test_a_source_that_nobody_foresaw_costs_itself_and_says_so(
    mill_of: Callable[[Site], Mill], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSMILL_UNFORESEEN")
    with Site(Publisher("/1")) as site:
        mill = mill_of(site)
        sources = mill.source("a.example"), mill.source("b.example")
        asked: list[str] = []

        def recall_once(store: ObjectStore, name: str, uri: str) -> Memory:
            asked.append(name)
            if name == "b.example" and asked.count(name) == 1:
                mistaken()
            return recall(store, name, uri)

        monkeypatch.setattr(f"{Poller.__module__}.recall", recall_once)
        polled = mill.poll(*sources)

    assert polled.fetched == {"a.example": 1}
    (notice,) = polled.notices
    assert "b.example: its poll ended by a mistake of newsmill's own: ZeroDivisionError" in notice
    assert mill.memory(sources[1]).notice == notice.removeprefix("b.example: ")
    assert mill.memory(sources[1]).failures == 0
