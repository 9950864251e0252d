"""Fetch: an article's address becomes a raw document, or a rejection that says why it did not.

A server decides when, how much and what it sends, so everything is bounded here: each wait, the whole fetch, the bytes
on the wire and unpacked, the redirects and the attempts.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpcore
import httpx

from newsmill import __version__
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.content import (
    Problem,
    charset_of_content_type,
    clean_address,
    decode_content,
    kind_of_content_type,
    one_line,
    too_large,
)

_RETRIED_STATUSES = (429, 502, 503, 504)
_MAX_ADDRESSES = 4
"""Of one host that are tried in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds on one fetch. Seconds are of wall time; the resolution of a name is bounded by the system's resolver."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Of silence, while an answer is awaited or sent."""
    total_seconds: float = 60.0
    """Of the fetch with its redirects, its attempts and the waits between them."""
    max_bytes: int = 20_000_000
    """Of the body, packed and unpacked alike."""
    max_redirects: int = 10
    attempts: int = 3
    backoff_seconds: float = 1.0
    """Wait before the second attempt, doubled for each one after; a longer Retry-After is kept to instead."""


def user_agent(contact: str | None = None) -> str:
    """How newsmill names itself to servers; ``contact`` is an address where the owner of a site finds whom to ask."""
    return f"newsmill/{__version__}" + (f" (+{contact})" if contact else "")


class Client:
    """Connections that fetches share, from any number of threads. Reads no environment: no proxies, no netrc.

    ``tls`` defaults to the authorities that certifi lists; ``monotonic`` and ``sleep`` are the clock of deadlines and
    waits, in seconds.
    """

    def __init__(
        self,
        *,
        agent: str,
        limits: FetchLimits,
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits
        self._headers = {
            "User-Agent": agent,
            "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        }
        self._deadline = _Deadline(monotonic)
        self._sleep = sleep
        self._transport = _Transport(tls or httpx.create_ssl_context(trust_env=False), self._deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def get(self, address: str) -> "Response | Problem":
        """The answer at an http(s) address after redirects, tried again where that may help."""
        self._deadline.set(self.limits.total_seconds)
        wait = self.limits.backoff_seconds
        for attempt in range(1, self.limits.attempts + 1):
            outcome = self._get_once(address)
            if not isinstance(outcome, _Setback):
                return outcome
            wait_now = max(wait, outcome.retry_after)
            if attempt == self.limits.attempts or wait_now >= self._deadline.remaining():
                return outcome.problem
            self._sleep(wait_now)
            wait *= 2
        raise ValueError("at least one attempt is needed")

    def _get_once(self, address: str) -> "Response | Problem | _Setback":
        timeout = httpx.Timeout(self.limits.read_seconds, connect=self.limits.connect_seconds)
        # A new one for each fetch, and never closed, which would close the connections: cookies that one site sets
        # must not decide what the next fetch sees.
        browser = httpx.Client(transport=self._transport, headers=self._headers, timeout=timeout, trust_env=False)
        try:
            request = browser.build_request("GET", address)
            for _ in range(self.limits.max_redirects + 1):
                response = browser.send(request, stream=True)
                try:
                    if response.next_request is None:
                        return self._answer(response)
                finally:
                    response.close()
                request = response.next_request
                if clean_address(str(request.url)) is None:
                    return Problem(Reason.BAD_URL, "redirected to what is no http or https address")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError) as error:
            # UnicodeError: of a host's name that IDNA does not allow, which httpx lets pass.
            return Problem(Reason.BAD_URL, one_line(error))
        except (httpx.TimeoutException, httpcore.TimeoutException):
            return Problem(Reason.FETCH_TIMEOUT, self._timeout_detail())
        except (httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return _network_problem(error)
        return Problem(Reason.FETCH_FAILED, f"more than {self.limits.max_redirects} redirects")

    def _answer(self, response: httpx.Response) -> "Response | Problem | _Setback":
        unfit = _unfit_head(response, self.limits)
        if unfit is not None:
            return unfit
        body = bytearray()
        for block in response.iter_raw():
            body += block
            if len(body) > self.limits.max_bytes:
                return too_large(self.limits.max_bytes)
        content = decode_content(bytes(body), response.headers.get("content-encoding"), self.limits.max_bytes)
        if isinstance(content, Problem):
            return content
        if not content or content.isspace():
            return Problem(Reason.EMPTY, "only white space" if content else "no content")
        content_type = response.headers.get("content-type")
        kind = kind_of_content_type(content_type, content)
        if kind is None:
            return Problem(Reason.UNSUPPORTED_TYPE, "neither HTML nor text, and no content type is stated")
        # Neither a fragment nor a password belongs in a row.
        address = str(response.url.copy_with(fragment=None, userinfo=b""))
        return Response(address, response.status_code, kind, charset_of_content_type(content_type), content)

    def _timeout_detail(self) -> str:
        if self._deadline.remaining() <= 0:
            return f"not done within {self.limits.total_seconds:g} s"
        return f"no connection within {self.limits.connect_seconds:g} s, or silence for {self.limits.read_seconds:g} s"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with its body unpacked; ``address`` is where it came from after all redirects."""

    address: str
    status: int
    kind: ContentKind
    charset: str | None
    content: bytes


def fetch_article(
    url: str, input_id: str, source: str, *, client: Client, now: Callable[[], datetime]
) -> RawDocument | Rejection:
    """The page at ``url`` as a raw document; ``fetched_at`` is the time that ``now`` gives when it has arrived."""
    address = clean_address(url)
    if address is None:
        answer: Response | Problem = Problem(Reason.BAD_URL, "only http and https addresses can be fetched")
    else:
        answer = client.get(address)
    if isinstance(answer, Problem):
        return Rejection(
            input_id=input_id,
            url=address,
            stage=Stage.FETCH,
            reason=answer.reason,
            detail=answer.detail,
            expectation=None,
            raw_uri=address,
        )
    return RawDocument(
        input_id=input_id,
        source=source,
        kind=answer.kind,
        content=answer.content,
        charset=answer.charset,
        url=answer.address,
        raw_uri=address or url,
        fetched_at=now(),
        http_status=answer.status,
    )


@dataclass(frozen=True, slots=True)
class _Setback:
    """A problem that may be gone at the next attempt, not sooner than ``retry_after`` seconds from now."""

    problem: Problem
    retry_after: float = 0.0


def _unfit_head(response: httpx.Response, limits: FetchLimits) -> Problem | _Setback | None:
    """Why the body need not be read."""
    if response.status_code in _RETRIED_STATUSES:
        problem = Problem(Reason.HTTP_ERROR, f"status {response.status_code}")
        return _Setback(problem, _number(response.headers.get("retry-after")))
    if not response.is_success:
        return Problem(Reason.HTTP_ERROR, f"status {response.status_code}")
    if _number(response.headers.get("content-length")) > limits.max_bytes:
        return too_large(limits.max_bytes)
    content_type = response.headers.get("content-type", "")
    if content_type.strip() and kind_of_content_type(content_type, b"") is None:
        return Problem(Reason.UNSUPPORTED_TYPE, f"content type {one_line(content_type)}")
    return None


def _network_problem(error: Exception) -> Problem | _Setback:
    """What went wrong below HTTP, and whether it may go right the next time."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return Problem(Reason.FETCH_FAILED, f"TLS: {one_line(cause.reason or cause)}")
        if isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN:
            return Problem(Reason.FETCH_FAILED, "the host's name does not resolve")
    if isinstance(error, httpcore.ConnectError):
        return _Setback(Problem(Reason.FETCH_FAILED, f"no connection: {_told(causes[-1])}"))
    return _Setback(Problem(Reason.FETCH_FAILED, _told(causes[-1])))


def _causes(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    return chain


def _told(error: BaseException) -> str:
    """The error in words, without the system's number for it."""
    return one_line(error.strerror.lower() if isinstance(error, OSError) and error.strerror else error)


def _number(header: str | None) -> float:
    """The whole number of a header, 0 for none and for anything else."""
    return float(header) if header is not None and header.isascii() and header.isdigit() else 0.0


class _Deadline:
    """When the fetch that the calling thread is in has to be done."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._thread = threading.local()

    def set(self, seconds: float) -> None:
        self._thread.ends = self._monotonic() + seconds

    def remaining(self) -> float:
        ends: float = self._thread.ends
        return ends - self._monotonic()

    def bound(self, timeout: float | None) -> float:
        """The shorter of a wait's own timeout and of what is left."""
        remaining = self.remaining()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the fetch is out of time")
        return remaining if timeout is None else min(timeout, remaining)


class _Transport(httpx.BaseTransport):
    """httpx over an httpcore pool whose every wait on the network ends with the fetch's deadline.

    httpx bounds each wait alone, and a server that sends a byte now and then never lets one run out.
    """

    def __init__(self, tls: ssl.SSLContext, deadline: _Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Network(deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Network(httpcore.NetworkBackend):
    """Connections by name; the place where an address may be refused before anything is sent to it."""

    def __init__(self, deadline: _Deadline) -> None:
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        refusal: Exception | None = None
        for address in _resolve(host, port)[:_MAX_ADDRESSES]:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
            else:
                return _Stream(stream, self._deadline)
        raise refusal or httpcore.ConnectError("the host has no address")


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.bound(timeout))
        except ValueError as error:
            # The host's name cannot stand in a certificate.
            raise httpcore.ConnectError(str(error)) from error
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
