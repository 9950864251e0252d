"""A proxy before an S3 server that fails a share of the requests in the ways in which object stores fail."""

import http.client
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

FAULTS = ("500", "503", "reset", "lost answer", "stall", "truncated")
"""``lost answer`` lets the request take effect and then breaks the connection."""

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
INTERNAL = b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"


class FaultProxy(ThreadingHTTPServer):
    """Forwards to ``backend``; ``share`` of the requests fail, drawn with a seed. ``seen`` counts the faults."""

    daemon_threads = True

    def __init__(self, backend: str, share: float, stall_seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.backend = urlsplit(backend).netloc
        self.share = share
        self.stall_seconds = stall_seconds
        self.seen: Counter[str] = Counter()
        self._draw = random.Random(7)
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fault(self) -> str | None:
        with self._lock:
            found = self._draw.choice(FAULTS) if self._draw.random() < self.share else None
            self.seen[found or "none"] += 1
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultProxy

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the library's signature
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault()
        if fault in {"500", "503"}:
            self._send(int(fault), [("Content-Type", "application/xml")], SLOW_DOWN if fault == "503" else INTERNAL)
        elif fault == "reset":
            self._reset()
        elif fault == "stall":
            threading.Event().wait(self.server.stall_seconds)
            self._reset()
        else:
            self._forward(body, fault)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer  # noqa: N815, the library's names

    def _forward(self, body: bytes, fault: str | None) -> None:
        backend = http.client.HTTPConnection(self.server.backend, timeout=30)
        backend.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "expect":
                backend.putheader(name, value)
        backend.endheaders(body or None)
        response = backend.getresponse()
        content = response.read()
        backend.close()
        if fault == "lost answer":
            self._reset()
        elif fault == "truncated" and len(content) > 1:
            self._send(response.status, response.getheaders(), content, cut=len(content) // 2)
        else:
            self._send(response.status, response.getheaders(), content)

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes, cut: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        length = {name.lower(): value for name, value in headers}.get("content-length", str(len(content)))
        self.send_header("Content-Length", length if self.command == "HEAD" else str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:cut])
        if cut is not None:
            self._reset()

    def _reset(self) -> None:
        """Close with a TCP reset."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


@contextmanager
def faulty(backend: str, share: float, stall_seconds: float = 2.0) -> Iterator[FaultProxy]:
    """A proxy that runs for the time of the block."""
    proxy = FaultProxy(backend, share, stall_seconds)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
