"""A site on loopback with as many virtual hosts as are asked for; what it answers is a function of the request."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Self


@dataclass(frozen=True)
class Request:
    """A request as the site saw it; ``headers`` by their names in lower case, ``at`` on the monotonic clock."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True)
class Answer:
    """What the site answers; ``raw`` instead of all the rest, if it is given, after which the connection ends.

    ``seconds`` are waited first; ``length`` is stated in place of the true one; ``endless`` repeats the body for ever.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    seconds: float = 0.0
    length: int | None = None
    endless: bool = False
    raw: bytes | None = None


SITE_FILES = ("/robots.txt", "/.well-known/tdmrep.json")

type Answering = Callable[[Request], Answer]


class Site:
    """Serves in a thread of its own. Every host name resolves to it by :meth:`resolve`; ``requests`` is what it saw."""

    def __init__(self, answering: Answering, address: str = "127.0.0.1") -> None:
        self.requests: list[Request] = []
        self.bytes_sent = 0
        self.most_open = 0
        self._answering = answering
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, address, 0, backlog=1000))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(5)

    def _stop(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_soon(self._loop.stop)

    async def resolve(self, _host: str, _port: int) -> list[str]:
        """The resolver of this site's clients."""
        return ["127.0.0.1"]

    def url(self, host: str, path: str) -> str:
        """The address of a path on a virtual host."""
        return f"http://{host}:{self.port}{path}"

    def asked(self, host: str | None = None) -> list[str]:
        """The paths that were asked for, of one host if given, but for what every host is asked."""
        return [r.path for r in self.requests if (host is None or r.host == host) and r.path not in SITE_FILES]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            while (request := await _request(reader)) is not None:
                self.requests.append(request)
                if not await self._send(self._answering(request), writer):
                    return
        except (OSError, ValueError, asyncio.IncompleteReadError):
            # The client has had enough, which is what it is tested for.
            return
        finally:
            self._open -= 1
            writer.close()

    async def _send(self, answer: Answer, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection can be used again."""
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        message = answer.raw
        if message is None:
            length = len(answer.body) if answer.length is None else answer.length
            lines = [f"HTTP/1.1 {answer.status} Reason", *(f"{name}: {value}" for name, value in answer.headers)]
            if not answer.endless:
                lines.append(f"Content-Length: {length}")
            message = "\r\n".join([*lines, "", ""]).encode() + answer.body
        writer.write(message)
        self.bytes_sent += len(message)
        await writer.drain()
        while answer.endless:
            writer.write(answer.body)
            self.bytes_sent += len(answer.body)
            await writer.drain()
            await asyncio.sleep(0)
        return answer.raw is None and answer.length is None


async def _request(reader: asyncio.StreamReader) -> Request | None:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    host = headers.get("host", "").rpartition(":")[0]
    return Request(host, lines[0].split()[1], headers, monotonic())
