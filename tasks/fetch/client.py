"""Fetch: what the web answers at an address, over as many hosts at once as there are and politely to each.

A server decides when, how much and what it sends, so everything is bounded here: each wait, the whole answer, the bytes
of its head and its body, the redirects and the attempts. Which addresses may be connected to at all is decided in
:mod:`newsmill.tasks.fetch.network`, and when a host may be asked in :mod:`newsmill.tasks.fetch.polite`.
"""

import asyncio
import base64
import os
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx

from newsmill import __version__
from newsmill.plain import without_login
from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.network import Guard, GuardedNetwork, Resolve, SystemResolver, UnsafeAddress
from newsmill.tasks.fetch.polite import Host, Politeness
from newsmill.tasks.fetch.rights import Reservations
from newsmill.tasks.fetch.robots import ROBOTS_BYTES, Rules, rules_of
from newsmill.tasks.inputs.content import (
    GZIP_MAGIC,
    Problem,
    clean_address,
    decode_content,
    one_line,
    too_large,
)

_BUSY_STATUSES = (429, 503)
_RETRIED_STATUSES = (*_BUSY_STATUSES, 502, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_SMALL_BODY = 16_384
"""Of an answer that is not wanted: so much is read, since the connection can then be used again."""
_KEPT_SECONDS = 30.0
"""How long a connection may rest before its next request."""
RULES_COUNT = timedelta(hours=24)
"""How long the rules of a robots.txt count (RFC 9309, 2.4)."""
_SECRET_HEADERS = (b"authorization", b"cookie")
"""What is sent, but not archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds on one fetch. Seconds are of wall time, without the wait for the host's turn."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Of silence, while an answer is awaited or sent."""
    total_seconds: float = 60.0
    """Of one attempt: from the name of the host to the last byte of its answer."""
    max_bytes: int = 20_000_000
    """Of the body, packed and unpacked alike. The head has its own bound in the HTTP library: 100 kB (h11), 64 kB
    (h2)."""
    max_redirects: int = 10
    attempts: int = 3
    backoff_seconds: float = 1.0
    """Wait before the second attempt, doubled for each one after; a longer Retry-After is kept to instead."""
    connections: int = 256
    """Open at once, each to another host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back: the head as it was sent, the body as it was packed.

    ``peer`` is the numeric address connected to; ``truncated`` why the body is not whole, in a WARC's words.
    """

    address: str
    sent: tuple[tuple[bytes, bytes], ...]
    started_at: datetime
    peer: str
    version: str
    status: int
    phrase: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    truncated: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header; ``name`` in lower case."""
        wanted = name.encode()
        return next((_text(value) for key, value in self.headers if key.lower() == wanted), None)

    def content(self, max_bytes: int) -> bytes | Problem:
        """The body unpacked."""
        return decode_content(self.body, self.header("content-encoding"), max_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What fetching an address came to: every exchange on the way, and what kept it from an answer, if something did.

    Without a ``problem`` the last exchange is the answer, whatever its status.
    """

    address: str
    exchanges: tuple[Exchange, ...]
    problem: Problem | None = None

    @property
    def answer(self) -> Exchange | None:
        """The answer, where there is one."""
        return self.exchanges[-1] if self.problem is None else None


type Unwanted = Callable[[Exchange], Problem | None]
"""Judges the head of an answer (the body is not there yet): why the body need not be read."""


def user_agent(contact: str | None = None) -> str:
    """How newsmill names itself to servers; ``contact`` is an address where the owner of a site finds whom to ask."""
    return f"newsmill/{__version__}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which addresses may be connected to, how names become addresses, and whom TLS trusts.

    ``tls`` defaults to the authorities that certifi lists.
    """

    guard: Guard
    resolve: Resolve = field(default_factory=SystemResolver)
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of waits, in seconds, and the one of time stamps."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


async def _none_kept(_address: str) -> None:
    """Nothing is kept of an earlier run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """Where each robots.txt and tdmrep.json goes, and where an earlier run's comes from.

    ``keep`` sees each as it is fetched, in a thread of its own, so that no host waits while it is archived; ``kept``
    gives what was fetched of one in the last ``RULES_COUNT``.
    """

    keep: Callable[[Fetched], object] = lambda _: None
    kept: Callable[[str], Awaitable[Fetched | None]] = _none_kept


class Fetcher:
    """Fetches for one event loop; enter it there. Reads no environment: no proxies, no netrc."""

    def __init__(
        self,
        *,
        agent: str,
        limits: FetchLimits,
        politeness: Politeness,
        reach: Reach,
        clock: Clock | None = None,
        site_files: SiteFiles | None = None,
    ) -> None:
        self.limits = limits
        self._politeness = politeness
        self._clock = clock or Clock()
        self._kept_files = site_files or SiteFiles()
        self._headers = (
            (b"User-Agent", agent.encode()),
            (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"),
            (b"Accept-Encoding", b"gzip, deflate"),
        )
        network = GuardedNetwork(reach.guard, reach.resolve)
        tls = reach.tls or httpx.create_ssl_context(trust_env=False)
        self._connections = _Connections(limits.connections, network, tls)
        self._slots = asyncio.Semaphore(limits.connections)
        self._hosts: dict[str, Host] = {}
        self._site_files: dict[str, tuple[float, asyncio.Task[Any]]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.close()

    async def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        unwanted: Unwanted = lambda _: None,
        asks_robots: bool = True,
        asks_reservations: bool = False,
        part_bytes: int | None = None,
    ) -> Fetched:
        """What stands at an http(s) address, after redirects, tried again where that may help. Never raises.

        If it ``asks_reservations``, those of each host are known before its page is there, so that a page need not wait
        for them behind all others of the host. Of an answer with more than ``part_bytes`` the beginning is enough.
        """
        journey = _Journey(
            headers={name.encode(): value.encode() for name, value in (headers or {}).items()},
            unwanted=unwanted,
            asks_robots=asks_robots and self._politeness.obey_robots,
            asks_reservations=asks_reservations,
            part_bytes=part_bytes,
        )
        problem = await self._travel(address, journey)
        return Fetched(address=without_login(address), exchanges=tuple(journey.exchanges), problem=problem)

    async def rules(self, address: str) -> Rules:
        """What the robots.txt of an address's host says; fetched once a day."""
        return await self._of_site(address, "/robots.txt", self._rules_in, Rules())

    async def reservations(self, address: str) -> Reservations:
        """What the tdmrep.json of an address's host reserves; fetched once a day."""
        return await self._of_site(address, "/.well-known/tdmrep.json", self._reservations_in, Reservations())

    async def _of_site[T](self, address: str, path: str, read: Callable[[Fetched], T], default: T) -> T:
        try:
            parts = urlsplit(address)
            where = _origin(f"{parts.scheme}://{parts.netloc}") + path
        except (httpx.InvalidURL, ValueError):  # UnicodeError is one
            return default
        since, task = self._site_files.get(where, (0.0, None))
        if task is None or self._clock.monotonic() - since > RULES_COUNT.total_seconds():
            # A task, so that whoever asks in the meantime waits for the same answer.
            task = asyncio.create_task(self._read_site_file(where, read))
            self._site_files[where] = (self._clock.monotonic(), task)
        found: T = await asyncio.shield(task)
        return found

    async def _read_site_file[T](self, where: str, read: Callable[[Fetched], T]) -> T:
        kept = await self._kept_files.kept(where)
        if kept is not None:
            return read(kept)
        is_robots = where.endswith("/robots.txt")
        fetched = await self.get(where, asks_robots=not is_robots, part_bytes=ROBOTS_BYTES if is_robots else None)
        await asyncio.to_thread(self._kept_files.keep, fetched)
        return read(fetched)

    def _rules_in(self, fetched: Fetched) -> Rules:
        if fetched.answer is not None:
            body = fetched.answer.body
            # What is packed is unpacked as far as it goes.
            content = body if body.startswith(GZIP_MAGIC) else fetched.answer.content(self.limits.max_bytes)
            rules = rules_of(fetched.answer.status, content)
        elif len(fetched.exchanges) > self.limits.max_redirects:
            # One that is nowhere to be had is none (RFC 9309, 2.3.1.2).
            rules = Rules()
        else:
            rules = rules_of(0, fetched.problem or b"")
        self._host(httpx.URL(fetched.address).host).keep_to(rules.crawl_delay)
        return rules

    def _reservations_in(self, fetched: Fetched) -> Reservations:
        answer = fetched.answer
        content = answer.content(self.limits.max_bytes) if answer and answer.status == 200 else b""
        return Reservations() if isinstance(content, Problem) else Reservations.parse(content)

    def _host(self, name: str) -> Host:
        if name not in self._hosts:
            self._hosts[name] = Host(self._politeness, self._clock.monotonic, self._clock.sleep)
        return self._hosts[name]

    async def _travel(self, address: str, journey: "_Journey") -> Problem | None:
        """Follow the redirects from an address; the exchanges are left in the journey."""
        here = address
        for _ in range(self.limits.max_redirects + 1):
            try:
                url = httpx.URL(here)
                if clean_address(here) is None or not url.host:
                    return Problem(Reason.BAD_URL, "only http and https addresses can be fetched")
            except (httpx.InvalidURL, UnicodeError) as error:
                # UnicodeError: of a host's name that IDNA does not allow.
                return Problem(Reason.BAD_URL, one_line(error))
            if journey.asks_robots and (refused := (await self.rules(here)).problem(here)):
                return refused
            if journey.asks_reservations:
                await self.reservations(here)
            outcome = await self._visit(url, journey)
            if isinstance(outcome, Problem):
                return outcome
            location = outcome.header("location")
            if outcome.status not in _REDIRECTS or location is None:
                return None
            journey.keep_cookies(outcome)
            try:
                here = str(url.copy_with(userinfo=b"").join(location.strip()).copy_with(fragment=None))
            except (httpx.InvalidURL, UnicodeError) as error:
                return Problem(Reason.BAD_URL, f"redirected to what is no address: {one_line(error)}")
            if clean_address(here) is None:
                return Problem(Reason.BAD_URL, "redirected to what is no http or https address")
        return Problem(Reason.FETCH_FAILED, f"more than {self.limits.max_redirects} redirects")

    async def _visit(self, url: httpx.URL, journey: "_Journey") -> Exchange | Problem:
        """The answer at one address, or why there is none, after as many attempts as are worth it."""
        host = self._host(url.host)
        backoff = self.limits.backoff_seconds
        for attempt in range(1, self.limits.attempts + 1):
            async with host.turn():
                if resting := host.resting():
                    return resting
                async with self._slots:
                    outcome = await self._exchange(url, journey)
                if not isinstance(outcome, _Setback):
                    host.answered()
                    return outcome
                if outcome.is_complaint:
                    host.complained()
                else:
                    host.failed()
                if outcome.retry_after > self._politeness.patience_seconds:
                    host.rest(outcome.retry_after)
                if not outcome.is_passing or attempt == self.limits.attempts:
                    return outcome.problem
                if host.resting():
                    return outcome.problem
                host.pause(max(backoff, outcome.retry_after))
            backoff *= 2
        raise ValueError("at least one attempt is needed")

    async def _exchange(self, url: httpx.URL, journey: "_Journey") -> "Exchange | Problem | _Setback":
        """One request; what came back is left in the journey even where it is not whole."""
        shown = url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url
        partial = _Partial(str(shown), self._clock.now())
        outcome: Problem | _Setback | None
        try:
            async with asyncio.timeout(self.limits.total_seconds):
                outcome = await self._converse(url, journey, partial)
        except TimeoutError:
            partial.truncated = "time"
            detail = f"not done within {self.limits.total_seconds:g} s"
            outcome = _Setback(Problem(Reason.FETCH_TIMEOUT, detail), is_passing=False)
        except httpcore.TimeoutException:
            partial.truncated = "time"
            limits = self.limits
            detail = f"no connection within {limits.connect_seconds:g} s, or silence for {limits.read_seconds:g} s"
            outcome = _Setback(Problem(Reason.FETCH_TIMEOUT, detail), is_passing=False)
        except UnsafeAddress as error:
            outcome = Problem(Reason.UNSAFE_ADDRESS, one_line(error))
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ConnectionNotAvailable) as error:
            # The last of them: a kept connection that the host has ended meanwhile.
            partial.truncated = "disconnect"
            outcome = _network_setback(error)
        exchange = partial.exchange()
        if exchange is not None:
            journey.exchanges.append(exchange)
        if outcome is None and exchange is not None:
            return exchange
        return outcome or Problem(Reason.FETCH_FAILED, "no answer")

    async def _converse(self, url: httpx.URL, journey: "_Journey", partial: "_Partial") -> "Problem | _Setback | None":
        seconds = {"connect": self.limits.connect_seconds, "read": self.limits.read_seconds}
        headers = [(b"Host", url.netloc), *self._headers, *journey.headers_for(url)]
        partial.sent = headers
        async with self._connections.to(url) as connection:
            response = await connection.handle_async_request(
                httpcore.Request(
                    method=b"GET",
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=headers,
                    extensions={"timeout": {**seconds, "write": self.limits.read_seconds}},
                )
            )
            partial.response = response
            outcome = self._judge_head(partial.head(), journey)
            if outcome is not None:
                partial.truncated = "unspecified"
                if _length(response) > _SMALL_BODY:
                    return outcome
            async for block in response.aiter_stream():
                partial.body += block
                if outcome is None and journey.part_bytes is not None and len(partial.body) >= journey.part_bytes:
                    partial.truncated = "length"
                    return None
                if len(partial.body) > (self.limits.max_bytes if outcome is None else _SMALL_BODY):
                    partial.truncated = "length"
                    return outcome or too_large(self.limits.max_bytes)
            await response.aclose()
            partial.truncated = None
            return outcome

    def _judge_head(self, head: Exchange, journey: "_Journey") -> "Problem | _Setback | None":
        """Why the body need not be read."""
        if head.status in _RETRIED_STATUSES:
            problem = Problem(Reason.HTTP_ERROR, f"status {head.status}")
            retry_after = _retry_after(head.header("retry-after"), head.started_at)
            return _Setback(problem, retry_after=retry_after, is_complaint=head.status in _BUSY_STATUSES)
        if head.status in _REDIRECTS and head.header("location") is not None:
            return None
        unwanted = journey.unwanted(head)
        if unwanted is not None:
            return _Setback(unwanted, is_passing=False) if head.status >= 500 else unwanted
        stated = head.header("content-length") or ""
        is_whole = journey.part_bytes is None
        if is_whole and stated.isascii() and stated.isdigit() and int(stated) > self.limits.max_bytes:
            return too_large(self.limits.max_bytes)
        return None


@dataclass(frozen=True, slots=True)
class _Setback:
    """A problem that counts against the host, and may be gone at the next attempt if it ``is_passing``."""

    problem: Problem
    retry_after: float = 0.0
    is_passing: bool = True
    is_complaint: bool = False


class _Journey:
    """What one fetch carries from hop to hop."""

    def __init__(
        self,
        headers: Mapping[bytes, bytes],
        unwanted: Unwanted,
        *,
        asks_robots: bool,
        asks_reservations: bool,
        part_bytes: int | None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.unwanted = unwanted
        self.asks_robots = asks_robots
        self.asks_reservations = asks_reservations
        self.part_bytes = part_bytes
        self._headers = headers
        # Cookies live as long as the fetch: some sites redirect in circles without them, and what one fetch was given
        # must not decide what the next one sees.
        self._cookies: httpx.Cookies | None = None

    def headers_for(self, url: httpx.URL) -> list[tuple[bytes, bytes]]:
        headers = list(self._headers.items())
        if url.userinfo:
            headers.append((b"Authorization", b"Basic " + base64.b64encode(f"{url.username}:{url.password}".encode())))
        if self._cookies is not None:
            request = httpx.Request("GET", url)
            self._cookies.set_cookie_header(request)
            if cookie := request.headers.get("cookie"):
                headers.append((b"Cookie", cookie.encode()))
        return headers

    def keep_cookies(self, exchange: Exchange) -> None:
        if exchange.header("set-cookie") is None:
            return
        self._cookies = self._cookies or httpx.Cookies()
        request = httpx.Request("GET", exchange.address)
        # Cookies are ASCII (RFC 6265, 4.1.1), and what is not could not be sent back.
        headers = [(name, value) for name, value in exchange.headers if value.isascii()]
        self._cookies.extract_cookies(httpx.Response(exchange.status, headers=headers, request=request))


class _Partial:
    """An exchange as far as it has come."""

    def __init__(self, address: str, started_at: datetime) -> None:
        self.address = address
        self.started_at = started_at
        self.sent: list[tuple[bytes, bytes]] = []
        self.response: httpcore.Response | None = None
        self.body = bytearray()
        self.truncated: str | None = None

    def exchange(self) -> Exchange | None:
        """None where not even a head has come."""
        return None if self.response is None else self.head(bytes(self.body))

    def head(self, body: bytes = b"") -> Exchange:
        response = self.response
        assert response is not None
        peer = response.extensions["network_stream"].get_extra_info("server_addr")
        return Exchange(
            address=self.address,
            sent=tuple(pair for pair in self.sent if pair[0].lower() not in _SECRET_HEADERS),
            started_at=self.started_at,
            peer=str(peer[0]) if peer else "",
            version=response.extensions["http_version"].decode("ascii", "replace"),
            status=response.status,
            phrase=_text(response.extensions.get("reason_phrase", b"")),
            headers=tuple(response.headers),
            body=body,
            truncated=self.truncated,
        )


class _Connections:
    """Open connections, one to a host, those used last kept: their count is bounded, however many hosts there are."""

    def __init__(self, count: int, network: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext) -> None:
        self._count = count
        self._network = network
        self._tls = tls
        self._idle: OrderedDict[tuple[bytes, bytes, int], httpcore.AsyncHTTPConnection] = OrderedDict()

    @asynccontextmanager
    async def to(self, url: httpx.URL) -> AsyncIterator[httpcore.AsyncHTTPConnection]:
        """A connection for one request; it is kept if it is still good for another afterwards."""
        port = url.port or (443 if url.scheme == "https" else 80)
        origin = (url.raw_scheme, url.raw_host, port)
        connection = self._idle.pop(origin, None)
        if connection is not None and not (connection.is_available() and not connection.has_expired()):
            await connection.aclose()
            connection = None
        if connection is None:
            connection = httpcore.AsyncHTTPConnection(
                origin=httpcore.Origin(*origin),
                ssl_context=self._tls,
                keepalive_expiry=_KEPT_SECONDS,
                http1=True,
                http2=True,
                network_backend=self._network,
            )
        try:
            yield connection
        finally:
            if connection.is_idle():
                self._idle[origin] = connection
                while len(self._idle) > self._count:
                    await self._idle.popitem(last=False)[1].aclose()
            else:
                await connection.aclose()

    async def close(self) -> None:
        """Close all."""
        while self._idle:
            await self._idle.popitem()[1].aclose()


@lru_cache(maxsize=1 << 12)
def _origin(address: str) -> str:
    """Scheme, host and port of an address in their normal form. Parsing it takes a tenth of a millisecond."""
    return str(httpx.URL(address).copy_with(raw_path=b"/", userinfo=b"")).removesuffix("/")


def _network_setback(error: Exception) -> _Setback:
    """What went wrong below HTTP, and whether it may go right the next time."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _Setback(Problem(Reason.FETCH_FAILED, f"TLS: {one_line(cause.reason or cause)}"), is_passing=False)
        if isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN:
            return _Setback(Problem(Reason.FETCH_FAILED, "the host's name does not resolve"), is_passing=False)
    what = "no connection: " if isinstance(error, httpcore.ConnectError) else ""
    return _Setback(Problem(Reason.FETCH_FAILED, f"{what}{_told(causes[-1])}"))


def _causes(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    return chain


def _told(error: BaseException) -> str:
    """The error in words: the system's own for its number, since the library's say to which address."""
    number = error.errno if isinstance(error, OSError) else None
    return one_line(os.strerror(number).lower() if number and number > 0 else error)


def _retry_after(header: str | None, now: datetime) -> float:
    """Seconds that a Retry-After asks for, given as such or as a date; 0 for none and for anything else."""
    if header is None:
        return 0.0
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


def _length(response: httpcore.Response) -> int:
    stated = next((value for name, value in response.headers if name.lower() == b"content-length"), b"0")
    return int(stated) if stated.isdigit() and len(stated) < 16 else 0


def _text(header: bytes) -> str:
    """A header's value: UTF-8 where it is that, and else Latin-1, as HTTP once said."""
    try:
        return header.decode()
    except UnicodeDecodeError:
        return header.decode("latin-1")
