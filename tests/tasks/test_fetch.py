import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.fetch import Client, FetchLimits, fetch_article, user_agent
from tests.hostile import SERVED, HostileServer

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
PATIENT = FetchLimits(max_bytes=2_000_000, total_seconds=6.0, attempts=2, backoff_seconds=0.01)
HASTY = FetchLimits(read_seconds=0.3, total_seconds=0.6, attempts=2, backoff_seconds=0.01)

UNFINISHED = [path for path, reason in SERVED.items() if reason == Reason.FETCH_TIMEOUT]


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture(scope="module")
def patient() -> Iterator[Client]:
    with Client(agent=user_agent("https://example.org/about"), limits=PATIENT) as client:
        yield client


def fetch(url: str, client: Client) -> RawDocument | Rejection:
    return fetch_article(url, "input-1", "source-1", client=client, now=lambda: NOW)


def reason_of(outcome: RawDocument | Rejection) -> Reason | None:
    return outcome.reason if isinstance(outcome, Rejection) else None


@pytest.mark.parametrize("path", [path for path in SERVED if path not in UNFINISHED])
def test_each_answer_comes_to_its_outcome(path: str, server: HostileServer, patient: Client) -> None:
    outcome = fetch(server.address + path, patient)

    assert reason_of(outcome) == SERVED[path]
    if isinstance(outcome, Rejection):
        assert outcome.stage == Stage.FETCH
        assert outcome.input_id == "input-1"
        assert "\n" not in outcome.detail
        assert 0 < len(outcome.detail) < 300


@pytest.mark.parametrize("path", UNFINISHED)
def test_a_server_that_does_not_finish_is_left(path: str, server: HostileServer) -> None:
    with Client(agent="test", limits=HASTY) as hasty:
        outcome = fetch(server.address + path, hasty)

    assert reason_of(outcome) == Reason.FETCH_TIMEOUT


def test_what_cannot_be_reached(server: HostileServer, patient: Client) -> None:
    unreachable = [given for given in server.inputs if not given.uri.startswith(server.address)]

    assert len(unreachable) == 2
    for given in unreachable:
        assert (given.uri, reason_of(fetch(given.uri, patient))) == (given.uri, given.outcomes[0])


@pytest.mark.parametrize(("error", "attempts"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 2)])
def test_a_name_that_does_not_resolve(
    error: int, attempts: int, patient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(error, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert reason_of(fetch("http://news.example/", patient)) == Reason.FETCH_FAILED
    assert asked == ["news.example"] * attempts


def test_the_addresses_of_a_host_are_tried_in_turn(
    server: HostileServer, patient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.address.rpartition(":")[2])
    # The server listens on the second of these alone.
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in ("127.0.0.2", "127.0.0.1")]
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: found if host == "news.example" else resolve(host, *rest, **more),
    )

    document = fetch(f"http://news.example:{port}/page", patient)

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
def test_only_fit_http_addresses_are_fetched(url: str, patient: Client) -> None:
    assert reason_of(fetch(url, patient)) == Reason.BAD_URL


def test_a_page_becomes_a_raw_document(server: HostileServer, patient: Client) -> None:
    document = fetch(f" {server.address}/page#part\n", patient)

    assert isinstance(document, RawDocument)
    assert document.content.startswith(b"<html>")
    assert document.replace(content=b"") == RawDocument(
        input_id="input-1",
        source="source-1",
        kind=ContentKind.HTML,
        content=b"",
        charset="utf-8",
        url=f"{server.address}/page",
        raw_uri=f"{server.address}/page#part",
        fetched_at=NOW,
        http_status=200,
    )


@pytest.mark.parametrize("path", ["/packed", "/raw-deflate", "/not-packed"])
def test_packed_bodies_are_unpacked(path: str, server: HostileServer, patient: Client) -> None:
    packed, plain = fetch(server.address + path, patient), fetch(f"{server.address}/page", patient)

    assert isinstance(packed, RawDocument)
    assert isinstance(plain, RawDocument)
    assert packed.content == plain.content


def test_text_is_text(server: HostileServer, patient: Client) -> None:
    document = fetch(f"{server.address}/plain", patient)

    assert isinstance(document, RawDocument)
    assert document.kind == ContentKind.TEXT


def test_the_url_is_where_the_redirects_end(server: HostileServer, patient: Client) -> None:
    document = fetch(f"{server.address}/moved", patient)

    assert isinstance(document, RawDocument)
    assert document.url == f"{server.address}/page"
    assert document.raw_uri == f"{server.address}/moved"


def test_a_password_in_the_address_stays_out_of_the_url(server: HostileServer, patient: Client) -> None:
    document = fetch(server.address.replace("//", "//user:secret@") + "/page", patient)

    assert isinstance(document, RawDocument)
    assert document.url == f"{server.address}/page"


def test_newsmill_names_itself(server: HostileServer, patient: Client) -> None:
    fetch(f"{server.address}/page", patient)

    assert server.last_request["user-agent"] == user_agent("https://example.org/about")
    assert user_agent("https://example.org/about").endswith(" (+https://example.org/about)")
    assert user_agent().startswith("newsmill/")


def test_cookies_do_not_outlive_their_fetch(server: HostileServer, patient: Client) -> None:
    fetch(f"{server.address}/sets-cookie", patient)

    assert server.last_request.get("cookie") == "seen=1", "the redirect brings the cookie"

    fetch(f"{server.address}/page", patient)

    assert "cookie" not in server.last_request


@pytest.mark.parametrize(
    ("path", "attempts"),
    [("/busy", 3), ("/closes", 3), ("/missing", 1), ("/broken", 1), ("/picture", 1), ("/says-huge", 1)],
)
def test_only_what_may_pass_is_tried_again(path: str, attempts: int, server: HostileServer) -> None:
    before = server.requests[path]
    with Client(agent="test", limits=FetchLimits(attempts=3, backoff_seconds=0.01)) as client:
        fetch(server.address + path, client)

    assert server.requests[path] - before == attempts


def test_a_second_attempt_may_succeed(server: HostileServer, patient: Client) -> None:
    assert isinstance(fetch(f"{server.address}/recovers", patient), RawDocument)
    assert server.requests["/recovers"] == 2


@pytest.mark.parametrize(
    ("path", "total_seconds", "waits"),
    [
        ("/busy", 60.0, [1.0, 2.0]),
        ("/busy-for-a-while", 60.0, [7.0, 7.0]),
        ("/busy-for-a-while", 5.0, []),
        ("/closes", 60.0, [1.0, 2.0]),
    ],
)
def test_the_waits_between_attempts(path: str, total_seconds: float, waits: list[float], server: HostileServer) -> None:
    limits = FetchLimits(attempts=3, backoff_seconds=1.0, total_seconds=total_seconds)
    waited: list[float] = []
    with Client(agent="test", limits=limits, sleep=waited.append) as client:
        fetch(server.address + path, client)

    assert waited == waits
