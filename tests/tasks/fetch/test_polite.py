"""When a host is asked, how often, and whether at all: against a site on loopback, by a clock that only we advance."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.client import Fetched, Fetcher, FetchLimits, Reach
from newsmill.tasks.fetch.network import Guard, network
from newsmill.tasks.fetch.polite import Politeness
from newsmill.tasks.fetch.robots import PRODUCT
from tests.site import Answer, Request, Site
from tests.tasks.fetch.test_client import ManualClock

LOOPBACK = Guard(allowed=(network("127.0.0.1"),))
PAGE = Answer(b"<html><p>A page.</p></html>")
NONE = Answer(b"none", status=404)


def fetch_all(
    site: Site, urls: Sequence[str], clock: ManualClock | None = None, attempts: int = 1, **politeness: Any
) -> list[Fetched]:
    times: dict[str, Any] = {} if clock is None else {"clock": clock.clock()}

    async def run() -> list[Fetched]:
        async with Fetcher(
            agent="test",
            limits=FetchLimits(attempts=attempts, total_seconds=5.0),
            politeness=Politeness(**politeness),
            reach=Reach(guard=LOOPBACK, resolve=site.resolve),
            **times,
        ) as fetcher:
            return await asyncio.gather(*(fetcher.get(url) for url in urls))

    return asyncio.run(run())


def answering(robots: Answer, page: Callable[[Request], Answer] = lambda _: PAGE) -> Callable[[Request], Answer]:
    return lambda request: robots if request.path == "/robots.txt" else page(request)


def reasons(found: Sequence[Fetched]) -> list[Reason | None]:
    return [fetched.problem.reason if fetched.problem else None for fetched in found]


def test_hosts_are_asked_at_once_and_each_one_at_a_time() -> None:

    with Site(answering(NONE, lambda _: Answer(b"page", seconds=0.2))) as site:
        urls = [site.url(f"h{host}.example", f"/{page}") for page in range(2) for host in range(30)]
        found = fetch_all(site, urls, delay_seconds=0.0)

    assert all(fetched.answer for fetched in found)
    assert site.most_open == 30
    for host in {request.host for request in site.requests}:
        times = [request.at for request in site.requests if request.host == host and request.path != "/robots.txt"]
        assert all(later - earlier > 0.19 for earlier, later in pairwise(times)), "two of a host at once"


def test_the_delay_lies_between_the_requests_of_a_host() -> None:
    clock = ManualClock()
    with Site(answering(NONE)) as site:
        fetch_all(site, [site.url("a.example", f"/{n}") for n in range(3)], clock, delay_seconds=2.0)

    # Between robots.txt and the first page, and from page to page.
    assert clock.waits == [2.0, 2.0, 2.0]


def test_the_delay_that_a_host_asks_for_is_kept() -> None:
    for asked, kept in ((7.5, 7.5), (0.5, 1.0), (90, 90.0)):
        clock = ManualClock()
        robots = Answer(f"User-agent: *\nCrawl-delay: {asked}\n".encode())
        with Site(answering(robots)) as site:
            fetch_all(site, [site.url("a.example", f"/{n}") for n in range(2)], clock)

        assert clock.waits[-1] == kept


def test_a_host_that_asks_for_a_long_delay_is_waited_for_an_hour_and_no_longer() -> None:
    clock = ManualClock()
    robots = Answer(b"User-agent: *\nCrawl-delay: 1500\n")
    with Site(answering(robots)) as site:
        found = fetch_all(site, [site.url("a.example", f"/{n}") for n in range(5)], clock)

    assert max(clock.waits) == 1500
    assert reasons(found) == [None, None, None, Reason.FETCH_FAILED, Reason.FETCH_FAILED]
    assert found[-1].problem is not None
    assert "asks for 1500 s between requests" in found[-1].problem.detail


def test_a_busy_host_is_slowed_down_for_and_sped_up_again() -> None:
    clock = ManualClock()
    answers = iter([429, 429, *[200] * 100])

    with Site(answering(NONE, lambda _: Answer(b"page", status=next(answers)))) as site:
        urls = [site.url("a.example", f"/{n}") for n in range(40)]
        found = fetch_all(site, urls, clock, attempts=4, delay_seconds=1.0, obey_robots=False)

    assert all(fetched.answer for fetched in found)
    assert max(clock.waits) == 4.0
    assert clock.waits[-1] == 1.0


def test_a_host_that_asks_for_long_peace_gets_it() -> None:
    busy = Answer(status=503, headers=(("Retry-After", "3600"),))

    with Site(answering(NONE, lambda _: busy)) as site:
        urls = [site.url("a.example", f"/{n}") for n in range(9)]
        found = fetch_all(site, urls, ManualClock(), attempts=3, delay_seconds=0.0)

    assert len(site.asked()) == 1
    assert reasons(found) == [Reason.HTTP_ERROR] + [Reason.FETCH_FAILED] * 8
    assert "asked to be left alone" in str(found[8].problem)


def test_a_host_that_keeps_failing_is_left_and_tried_again_later() -> None:
    clock = ManualClock()
    is_up = False

    def page(_: Request) -> Answer:
        return PAGE if is_up else Answer(raw=b"")

    async def run(site: Site) -> tuple[list[Fetched], Fetched]:
        nonlocal is_up
        async with Fetcher(
            agent="test",
            limits=FetchLimits(attempts=1),
            politeness=Politeness(delay_seconds=0.0, failures=3, rest_seconds=100.0),
            reach=Reach(guard=LOOPBACK, resolve=site.resolve),
            clock=clock.clock(),
        ) as fetcher:
            failed = [await fetcher.get(site.url("a.example", f"/{n}")) for n in range(10)]
            is_up = True
            clock.seconds += 101
            return failed, await fetcher.get(site.url("a.example", "/later"))

    with Site(answering(NONE, page)) as site:
        failed, later = asyncio.run(run(site))

    assert site.asked() == ["/0", "/1", "/2", "/later"]
    assert "3 failures in a row" in str(failed[9].problem)
    assert later.answer is not None


def test_a_host_that_turns_every_page_away_is_left() -> None:
    with Site(answering(NONE, lambda _: Answer(b"no", status=429))) as site:
        urls = [site.url("a.example", f"/{n}") for n in range(9)]
        found = fetch_all(site, urls, ManualClock(), max_delay_seconds=4.0, failures=2)

    # The first two double the delay, the next two are the failures.
    assert site.asked() == ["/0", "/1", "/2", "/3"]
    assert reasons(found) == [Reason.HTTP_ERROR] * 4 + [Reason.FETCH_FAILED] * 5


def test_robots_txt_is_fetched_once_for_a_host_and_obeyed() -> None:
    robots = Answer(f"User-agent: {PRODUCT}\nDisallow: /b".encode(), headers=(("Content-Type", "text/plain"),))

    with Site(answering(robots)) as site:
        urls = [site.url(host, path) for host in ("x.example", "y.example") for path in ("/a", "/b", "/c")]
        found = fetch_all(site, urls, delay_seconds=0.0)

    assert reasons(found) == [None, Reason.ROBOTS, None] * 2
    assert sorted(request.path for request in site.requests) == sorted(["/robots.txt", "/a", "/c"] * 2)


def test_robots_txt_of_where_a_redirect_leads_counts_too() -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /") if request.host == "closed.example" else NONE
        return Answer(status=301, headers=(("Location", site.url("closed.example", "/page")),))

    with Site(answer) as site:
        found = fetch_all(site, [site.url("open.example", "/")], delay_seconds=0.0)

    assert reasons(found) == [Reason.ROBOTS]
    assert site.asked("closed.example") == []


def test_a_long_robots_txt_counts_as_far_as_it_is_read() -> None:
    robots = Answer(b"User-agent: *\nDisallow: /b\n" + b"# padding\n" * 200_000)

    with Site(answering(robots)) as site:
        found = fetch_all(site, [site.url("x.example", "/a"), site.url("x.example", "/b")], delay_seconds=0.0)

    assert reasons(found) == [None, Reason.ROBOTS]


def test_of_a_huge_robots_txt_the_beginning_counts() -> None:
    robots = Answer(b"User-agent: *\nDisallow: /b\n" + b"# padding\n" * 3_000_000)

    with Site(answering(robots)) as site:
        found = fetch_all(site, [site.url("x.example", "/a"), site.url("x.example", "/b")], delay_seconds=0.0)

    assert reasons(found) == [None, Reason.ROBOTS]


def test_robots_txt_is_not_asked_for_where_it_is_not_obeyed() -> None:
    with Site(answering(Answer(b"User-agent: *\nDisallow: /"))) as site:
        found = fetch_all(site, [site.url("x.example", "/a")], delay_seconds=0.0, obey_robots=False)

    assert reasons(found) == [None]
    assert [request.path for request in site.requests] == ["/a"]
