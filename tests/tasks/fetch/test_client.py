import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.fetch.archive import Note, Role
from newsmill.tasks.fetch.client import Clock, Fetched, Fetcher, FetchLimits, Reach, SiteFiles, user_agent
from newsmill.tasks.fetch.document import document_of, unfit_for_article
from newsmill.tasks.fetch.network import Guard, network
from newsmill.tasks.fetch.polite import Politeness
from newsmill.tasks.inputs.content import Place
from tests.hostile import SERVED, HostileServer
from tests.site import Answer, Site

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
PATIENT = FetchLimits(max_bytes=2_000_000, total_seconds=6.0, attempts=2)
HASTY = FetchLimits(read_seconds=0.3, total_seconds=0.6, attempts=2)
HURRIED = Politeness(delay_seconds=0.0, failures=1000)
LOOPBACK = Guard(allowed=(network("127.0.0.0/8"),))

UNFINISHED = [path for path, reason in SERVED.items() if reason == Reason.FETCH_TIMEOUT]


class ManualClock:
    """Time that passes only where it is waited for."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.seconds += seconds
        await asyncio.sleep(0)

    def clock(self) -> Clock:
        return Clock(monotonic=self.monotonic, sleep=self.sleep, now=lambda: NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


def with_fetcher[T](use: Callable[[Fetcher], Awaitable[T]], **settings: Any) -> T:
    chosen: dict[str, Any] = {
        "agent": "test",
        "limits": PATIENT,
        "politeness": HURRIED,
        "reach": Reach(guard=LOOPBACK),
        "clock": ManualClock().clock(),
    }

    async def run() -> T:
        async with Fetcher(**(chosen | settings)) as fetcher:
            return await use(fetcher)

    return asyncio.run(run())


def get(*urls: str, **settings: Any) -> list[Fetched]:
    async def use(fetcher: Fetcher) -> list[Fetched]:
        return [await fetcher.get(url, unwanted=unfit_for_article) for url in urls]

    return with_fetcher(use, **settings)


def fetch(url: str, **settings: Any) -> RawDocument | Rejection:
    (fetched,) = get(url, **settings)
    return document_of(
        fetched, Place("input-1", "source-1", "raw-1"), Note(role=Role.ARTICLE), max_bytes=PATIENT.max_bytes
    )


def reason_of(outcome: RawDocument | Rejection) -> Reason | None:
    return outcome.reason if isinstance(outcome, Rejection) else None


@pytest.mark.parametrize("path", [path for path in SERVED if path not in UNFINISHED])
def test_each_answer_comes_to_its_outcome(path: str, server: HostileServer) -> None:
    outcome = fetch(server.address + path)

    assert reason_of(outcome) == SERVED[path]
    if isinstance(outcome, Rejection):
        assert outcome.stage == Stage.FETCH
        assert outcome.input_id == "input-1"
        assert "\n" not in outcome.detail
        assert 0 < len(outcome.detail) < 300


@pytest.mark.parametrize("path", UNFINISHED)
def test_a_server_that_does_not_finish_is_left(path: str, server: HostileServer) -> None:
    assert reason_of(fetch(server.address + path, limits=HASTY)) == Reason.FETCH_TIMEOUT


def test_what_cannot_be_reached(server: HostileServer) -> None:
    unreachable = [given for given in server.inputs if not given.uri.startswith(server.address)]

    assert len(unreachable) == 2
    for given in unreachable:
        # Nothing answers there for a robots.txt either.
        outcome = fetch(given.uri, politeness=Politeness(delay_seconds=0, obey_robots=False))
        assert (given.uri, reason_of(outcome)) == (given.uri, given.outcomes[0])


@pytest.mark.parametrize(("error", "attempts"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 2)])
def test_a_name_that_does_not_resolve(error: int, attempts: int) -> None:
    asked: list[str] = []

    async def fail(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(error, "no such name")

    politeness = Politeness(delay_seconds=0, obey_robots=False)

    assert (
        reason_of(fetch("http://news.example/", reach=Reach(guard=LOOPBACK, resolve=fail), politeness=politeness))
        == Reason.FETCH_FAILED
    )
    assert asked == ["news.example"] * attempts


def test_the_addresses_of_a_host_are_tried_in_turn(server: HostileServer) -> None:
    port = int(server.address.rpartition(":")[2])

    async def resolve(_host: str, _port: int) -> list[str]:
        # The server listens on the second of these alone.
        return ["127.0.0.2", "127.0.0.1"]

    document = fetch(f"http://news.example:{port}/page", reach=Reach(guard=LOOPBACK, resolve=resolve))

    assert isinstance(document, RawDocument)
    assert document.url == f"http://news.example:{port}/page"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "ftp://127.0.0.1/",
        "file:///etc/hosts",
        "http://",
        "http://[::1",
        "javascript:1",
        "http://a:x/",
        "http://xn--n3h.example/",
    ],
)
def test_only_fit_http_addresses_are_fetched(url: str) -> None:
    assert reason_of(fetch(url)) == Reason.BAD_URL


def test_a_page_becomes_a_raw_document(server: HostileServer) -> None:
    document = fetch(f"{server.address}/page#part")

    assert isinstance(document, RawDocument)
    assert document.content.startswith(b"<html>")
    assert document.replace(content=b"") == RawDocument(
        input_id="input-1",
        source="source-1",
        kind=ContentKind.HTML,
        content=b"",
        charset="utf-8",
        url=f"{server.address}/page",
        raw_uri="raw-1",
        fetched_at=NOW,
        http_status=200,
    )


@pytest.mark.parametrize("path", ["/packed", "/raw-deflate", "/not-packed"])
def test_packed_bodies_are_unpacked(path: str, server: HostileServer) -> None:
    packed, plain = fetch(server.address + path), fetch(f"{server.address}/page")

    assert isinstance(packed, RawDocument)
    assert isinstance(plain, RawDocument)
    assert packed.content == plain.content


def test_text_is_text(server: HostileServer) -> None:
    document = fetch(f"{server.address}/plain")

    assert isinstance(document, RawDocument)
    assert document.kind == ContentKind.TEXT


def test_the_url_is_where_the_redirects_end(server: HostileServer) -> None:
    (fetched,) = get(f"{server.address}/moved")

    assert [(exchange.address, exchange.status) for exchange in fetched.exchanges] == [
        (f"{server.address}/moved", 301),
        (f"{server.address}/page", 200),
    ]


def test_what_identifies_the_reader_is_sent_but_not_kept(server: HostileServer) -> None:
    (fetched,) = get(server.address.replace("//", "//user:s%40cret@") + "/page")

    assert server.last_request["authorization"] == "Basic dXNlcjpzQGNyZXQ="
    assert fetched.exchanges[0].address == f"{server.address}/page"
    assert not {name.lower() for name, _ in fetched.exchanges[0].sent} & {b"authorization", b"cookie"}


def test_newsmill_names_itself(server: HostileServer) -> None:
    agent = user_agent("https://example.org/about")
    fetch(f"{server.address}/page", agent=agent)

    assert server.last_request["user-agent"] == agent
    assert agent.endswith(" (+https://example.org/about)")
    assert user_agent().startswith("newsmill/")


def test_cookies_do_not_outlive_their_fetch(server: HostileServer) -> None:
    get(f"{server.address}/sets-cookie")

    assert server.last_request.get("cookie") == "seen=1", "the redirect brings the cookie"

    get(f"{server.address}/sets-cookie", f"{server.address}/page")

    assert "cookie" not in server.last_request


@pytest.mark.parametrize(
    ("path", "attempts"),
    [("/busy", 3), ("/closes", 3), ("/missing", 1), ("/broken", 1), ("/picture", 1), ("/says-huge", 1)],
)
def test_only_what_may_pass_is_tried_again(path: str, attempts: int, server: HostileServer) -> None:
    before = server.requests[path]
    fetch(server.address + path, limits=FetchLimits(attempts=3))

    assert server.requests[path] - before == attempts


def test_a_second_attempt_may_succeed(server: HostileServer) -> None:
    assert isinstance(fetch(f"{server.address}/recovers"), RawDocument)
    assert server.requests["/recovers"] == 2


@pytest.mark.parametrize(
    ("path", "patience", "waits"),
    [
        ("/busy", 60.0, [1.0, 2.0]),
        ("/busy-for-a-while", 60.0, [7.0, 7.0]),
        ("/busy-for-a-while", 5.0, []),
        ("/closes", 60.0, [1.0, 2.0]),
    ],
)
def test_the_waits_between_attempts(path: str, patience: float, waits: list[float], server: HostileServer) -> None:
    manual = ManualClock()
    fetch(
        server.address + path,
        limits=FetchLimits(attempts=3, backoff_seconds=1.0),
        politeness=Politeness(delay_seconds=0.0, patience_seconds=patience, obey_robots=False),
        clock=manual.clock(),
    )

    assert manual.waits == waits


def test_a_truncated_answer_is_kept_as_far_as_it_came(server: HostileServer) -> None:
    cases = {"/endless": "length", "/length-too-long": "disconnect", "/picture": None, "/page": None}
    found = {path: get(server.address + path)[0].exchanges[-1] for path in cases}

    assert {path: exchange.truncated for path, exchange in found.items()} == cases
    assert found["/length-too-long"].body == b"short"
    assert found["/picture"].body.startswith(b"\x89PNG")


def test_no_host_waits_while_a_site_file_is_archived() -> None:
    threads = []

    with Site(lambda _: Answer(b"none", status=404)) as site:
        url = site.url("a.example", "/")
        with_fetcher(
            lambda fetcher: fetcher.get(url),
            reach=Reach(guard=LOOPBACK, resolve=site.resolve),
            site_files=SiteFiles(keep=lambda _: threads.append(threading.current_thread())),
        )

    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


def test_a_cookie_that_cannot_be_sent_back_is_dropped() -> None:
    cookies = (("Set-Cookie", "city=K\u00f6ln"), ("Set-Cookie", "seen=1"))
    redirect = Answer(status=302, headers=(("Location", "/there"), *cookies))

    with Site(lambda request: redirect if request.path == "/" else Answer(b"page")) as site:
        (fetched,) = get(site.url("a.example", "/"), reach=Reach(guard=LOOPBACK, resolve=site.resolve))

    assert fetched.answer is not None
    assert site.requests[-1].headers["cookie"] == "seen=1"
