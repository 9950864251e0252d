"""Inputs that a pipeline must survive: a folder of hostile files, and a server on loopback that misbehaves.

Each input names what reading or fetching it comes to: a reason for each rejection and None for each document that goes
on to the next stage, in order.
"""

import gzip
import itertools
import json
import os
import socket
import socketserver
import threading
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from newsmill.schemas.words import Reason

HUGE = 100_000_000

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
_ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 20
_PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
_ELF = b"\x7fELF\x02\x01\x01" + bytes(4000)
_STORY = 'The council met on Monday. "We will rebuild the bridge," said Mayor Ada Quist. The vote was nine to two.'
_PAGE = f"<html><head><title>Bridge</title></head><body><article><p>{_STORY}</p></article></body></html>"
_LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">' for level in range(10)
)


@dataclass(frozen=True)
class HostileInput:
    """A path or address, and what reading it comes to."""

    uri: str
    outcomes: tuple[Reason | None, ...]


def build_hostile_inputs(folder: Path) -> list[HostileInput]:
    """Write the files into ``folder``; the inputs include paths where nothing stands."""
    inputs = [
        *_write(folder / "text", _texts()),
        *_write(folder / "html", _pages()),
        *_write(folder / "lines", _lines()),
        *_write(folder / "archives", _archives()),
        *_huge(folder / "huge"),
        *_odd_paths(folder / "paths"),
    ]
    addresses = ("ftp://127.0.0.1/a", "http://", "http://[::1", "https://exa mple.org/", "http:///a")
    return [*inputs, *(HostileInput(address, (Reason.BAD_URL,)) for address in addresses)]


type _Files = dict[str, tuple[bytes, tuple[Reason | None, ...]]]


def _texts() -> _Files:
    story = _STORY.encode()
    goes_on = (None,)
    return {
        "empty.txt": (b"", (Reason.EMPTY,)),
        "blank.txt": (b" \r\n\t\n" * 100, (Reason.EMPTY,)),
        "mark-only.txt": (b"\xef\xbb\xbf", goes_on),
        "picture.txt": (_PNG, goes_on),
        "comments.txt": (b"<!--a-->" * 1000 + story, goes_on),
        "packed.md": (_ZIP, (Reason.DAMAGED,)),
        "program.txt": (_ELF, goes_on),
        "invalid-utf8.txt": (story + b" caf\xe9 \xff\xfe \xc3\x28", goes_on),
        "nul.txt": (b"\0".join(story.split()), goes_on),
        "control.txt": (story + bytes(range(32)) + b"\x7f\x1b[31m", goes_on),
        "utf16-without-mark.txt": (_STORY.encode("utf-16-le"), goes_on),
        "mixed.txt": ("naïve ".encode() + "naïve ".encode("latin-1") + story, goes_on),
        "carriage-returns.txt": (story.replace(b". ", b".\r"), goes_on),
        "picture.png": (_PNG, (Reason.UNSUPPORTED_TYPE,)),
        "document.pdf": (_PDF, (Reason.DAMAGED,)),
        "document.html": (_PDF, (Reason.DAMAGED,)),
        "program": (_ELF, (Reason.UNSUPPORTED_TYPE,)),
        "random.bin": (zlib.compress(story) * 50, (Reason.UNSUPPORTED_TYPE,)),
        "table.json": (b'[{"id": 1}]', (Reason.UNSUPPORTED_TYPE,)),
        "feed.xml": (b'<?xml version="1.0"?><rss><channel/></rss>', (Reason.UNSUPPORTED_TYPE,)),
        "archive-without-suffix": (warc_record("warcinfo", b"software: none"), (Reason.EMPTY,)),
        "page-without-suffix": (_PAGE.encode(), goes_on),
        "story-without-suffix": (story, goes_on),
        "not-packed.txt.gz": (story, (Reason.BAD_ARCHIVE,)),
        "bomb.txt.gz": (gzip.compress(b"a" * 30_000_000), (Reason.TOO_LARGE,)),
    }


def _pages() -> _Files:
    pages = {
        "picture.html": _PNG,
        "broken.html": b"<html <body><<p>>&#xZZ; <p class=>text</html></p><!-- <td></div>",
        "unclosed.html": b"<html><body>" + b"<p><b><i>word " * 1000,
        "deep.html": b"<div>" * 100_000 + _STORY.encode() + b"</div>" * 100_000,
        "long-attribute.html": b'<html><body><p data-x="' + b"x" * 1_000_000 + b'">text</p></body></html>',
        "many-cells.html": b"<html><body><table><tr>" + b"<td>1</td>" * 1_000_000 + b"</tr></table></body></html>",
        "lying-charset.html": '<html><meta charset="utf-8"><p>Привет, мир</p></html>'.encode("cp1251"),
        "unknown-charset.html": b'<html><meta charset="x-nonsense"><p>text</p></html>',
        "utf16-without-mark.html": _PAGE.encode("utf-16-be"),
        "utf7.html": b'<html><meta charset="utf-7"><p>+ADw-script+AD4- text</p></html>',
        "nul.html": _PAGE.replace("bridge", "bri\0dge").encode() + b"\0" * 1000,
        "entity-bomb.xhtml": f'<?xml version="1.0"?><!DOCTYPE html [{_LAUGHS}]><html><p>&l9;</p></html>'.encode(),
        "long-comment.html": b"<html><!--" + b"x" * 5_000_000 + b"--><body><p>text</p></body></html>",
        "script-only.html": b"<html><body><script>document.write('text')</script></body></html>",
        "frameset.html": b'<html><frameset cols="50%,50%"><frame src="a.html"><frame src="b.html"></frameset></html>',
        "refresh.html": b'<html><head><meta http-equiv="refresh" content="0; url=/elsewhere"></head></html>',
    }
    return {name: (content, (None,)) for name, content in pages.items()}


def _lines() -> _Files:
    good = json.dumps({"id": "good", "text": _STORY}).encode()
    packed = gzip.compress(
        b"\n".join(b'{"id": %d, "text": "%s"}' % (n, os.urandom(50).hex().encode()) for n in range(99))
    )
    records: dict[str, tuple[Any, Reason | None]] = {
        "array": (["id", "text"], Reason.BAD_RECORD),
        "number": (12, Reason.BAD_RECORD),
        "null": (None, Reason.BAD_RECORD),
        "true": (True, Reason.BAD_RECORD),
        "no-id": ({"text": _STORY}, None),
        "empty-id": ({"id": "", "text": _STORY}, None),
        "list-id": ({"id": ["a"], "text": _STORY}, Reason.BAD_RECORD),
        "no-content": ({"id": "a"}, Reason.BAD_RECORD),
        "two-contents": ({"id": "a", "text": _STORY, "html": _PAGE}, None),
        "number-for-text": ({"id": "a", "text": 7}, Reason.BAD_RECORD),
        "object-for-url": ({"id": "a", "url": {}, "text": _STORY}, Reason.BAD_RECORD),
        "no-base64": ({"id": "a", "html_b64": "%%%"}, Reason.BAD_RECORD),
        "long-id": ({"id": "a" * 1_000_000, "text": _STORY}, Reason.BAD_RECORD),
        "no-charset": ({"id": "a", "html_b64": "YQ==", "charset": "\ud800"}, Reason.BAD_RECORD),
        "long-address": ({"id": "a", "text": _STORY, "url": "http://a.example/" + "a" * 1_000_000}, None),
        "no-time": ({"id": "a", "text": _STORY, "fetched_at": "yesterday"}, Reason.BAD_RECORD),
        "no-address": ({"id": "a", "text": _STORY, "url": "javascript:alert(1)"}, None),
        "empty-text": ({"id": "a", "text": " \n "}, Reason.EMPTY),
        "too-large": ({"id": "a", "text": "a" * 21_000_000}, Reason.TOO_LARGE),
    }
    return {
        **{f"{name}.jsonl": (json.dumps(record).encode(), (reason,)) for name, (record, reason) in records.items()},
        "no-json.jsonl": (b"id: a, text: b\n" + good, (Reason.BAD_JSON, None)),
        "cut.jsonl": (good + b"\n" + good[:-9], (None, Reason.BAD_JSON)),
        "nan.jsonl": (b'{"id": NaN, "text": "a"}', (None,)),
        "long-number.jsonl": (b'{"id": ' + b"9" * 10_000 + b', "text": "a"}', (Reason.BAD_JSON,)),
        "trailing.jsonl": (good + b" garbage", (Reason.BAD_JSON,)),
        "deep.jsonl": (b"[" * 100_000 + b"]" * 100_000, (Reason.BAD_JSON,)),
        "invalid-utf8.jsonl": (b'{"id": "a", "text": "caf\xe9"}\n' + good, (Reason.BAD_ENCODING, None)),
        "utf16.jsonl": (good.decode().encode("utf-16"), (Reason.BAD_ENCODING,)),
        "mark.jsonl": (b"\xef\xbb\xbf" + good, (None,)),
        "blank.jsonl": (b"\n\n \r\n", (Reason.EMPTY,)),
        "empty.jsonl": (b"", (Reason.EMPTY,)),
        "picture.jsonl": (_PNG, (Reason.BINARY,)),
        "same-ids.jsonl": (good + b"\n" + good + b"\r\n" + good, (None, None, None)),
        "surrogates.jsonl": (rb'{"id": "\ud800", "text": "half \udc00 and \ud83d\ude00"}', (None,)),
        "nul.jsonl": (rb'{"id": "a\u0000b", "text": "with \u0000 inside"}', (None,)),
        "not-packed.jsonl.gz": (good, (Reason.BAD_ARCHIVE,)),
        "cut.jsonl.gz": (packed[:-20], (*(None,) * 98, Reason.BAD_ARCHIVE)),
        "trailing.jsonl.gz": (gzip.compress(good + b"\n") + b"garbage", (None, Reason.BAD_ARCHIVE)),
        "bomb.jsonl.gz": (gzip.compress(b"a" * 70_000_000), (Reason.TOO_LARGE,)),
    }


def warc_record(kind: str, content: bytes, *, number: int = 1, length: int | None = None, uri: str = "") -> bytes:
    """A WARC record; ``length`` to lie about its length."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2026-01-05T10:00:00Z\r\n"
        f"WARC-Target-URI: {uri or f'http://news.example/{number}'}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def http_response(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: text/html\r\n") -> bytes:
    """A response as it stands in a WARC record."""
    return f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body


def _archives() -> _Files:
    page = http_response(_PAGE.encode())
    info = warc_record("warcinfo", b"software: none\r\n")
    first, second = warc_record("response", page), warc_record("response", page, number=2)
    packed = gzip.compress(info) + gzip.compress(first) + gzip.compress(second)
    damaged = bytearray(packed)
    damaged[-200] ^= 0xFF
    return {
        "empty.warc": (b"", (Reason.EMPTY,)),
        "garbage.warc": (b"no archive at all\n" * 100, (Reason.BAD_ARCHIVE,)),
        "picture.warc.gz": (_PNG, (Reason.BAD_ARCHIVE,)),
        "no-responses.warc": (info + warc_record("request", b"GET / HTTP/1.1\r\n\r\n"), (Reason.EMPTY,)),
        "cut.warc": (first + second[:-100], (None, Reason.BAD_ARCHIVE)),
        "cut-in-header.warc": (first + second[:100], (None, Reason.BAD_ARCHIVE)),
        "cut.warc.gz": (packed[:-100], (None, Reason.BAD_ARCHIVE)),
        "damaged.warc.gz": (bytes(damaged), (None, Reason.BAD_ARCHIVE)),
        "one-member.warc.gz": (gzip.compress(info + first + second), (None, None)),
        "length-too-short.warc": (warc_record("response", page, length=50) + second, (Reason.BAD_ARCHIVE, None)),
        "length-too-long.warc": (warc_record("response", page, length=10**9), (Reason.BAD_ARCHIVE,)),
        "length-negative.warc": (warc_record("response", page, length=-5), (Reason.BAD_ARCHIVE, Reason.BAD_ARCHIVE)),
        "endless-header.warc.gz": (gzip.compress(b"WARC/1.0\r\nA: " + b"a" * 50_000_000), (Reason.BAD_ARCHIVE,)),
        "not-found.warc": (warc_record("response", http_response(b"", status="404 Not Found")), (Reason.HTTP_ERROR,)),
        "no-status.warc": (warc_record("response", http_response(b"", status="none")), (Reason.HTTP_ERROR,)),
        "picture.warc": (
            warc_record("response", http_response(_PNG, headers="Content-Type: image/png\r\n")),
            (Reason.UNSUPPORTED_TYPE,),
        ),
        "no-content.warc": (warc_record("response", http_response(b"")), (Reason.EMPTY,)),
        "revisit.warc": (warc_record("revisit", http_response(b"")), (Reason.EMPTY,)),
        "no-address.warc": (warc_record("response", page, uri="urn:x"), (Reason.UNSUPPORTED_TYPE,)),
        "bomb.warc": (
            warc_record(
                "response",
                http_response(gzip.compress(b"a" * 30_000_000), headers="Content-Encoding: gzip\r\n"),
            ),
            (Reason.TOO_LARGE,),
        ),
        "brotli.warc": (
            warc_record("response", http_response(b"\x0b\x02\x80", headers="Content-Encoding: br\r\n")),
            (Reason.BAD_ENCODING,),
        ),
    }


def _huge(folder: Path) -> list[HostileInput]:
    """100 MB of one line. The files are sparse: the disk is spared, the reader is not."""
    folder.mkdir(parents=True)
    good = json.dumps({"id": "good", "text": _STORY}).encode()
    heads = {"line.txt": b"word ", "line.html": b"<html><p>", "line.jsonl": b'{"id": "a", "text": "'}
    for name, head in heads.items():
        with (folder / name).open("wb") as file:
            file.write(head)
            file.seek(HUGE)
            file.write(b'"}\n' + good)
    outcomes: dict[str, tuple[Reason | None, ...]] = {"line.jsonl": (Reason.TOO_LARGE, None)}
    return [HostileInput(str(folder / name), outcomes.get(name, (Reason.TOO_LARGE,))) for name in heads]


def _odd_paths(folder: Path) -> list[HostileInput]:
    folder.mkdir(parents=True)
    story = _STORY.encode()
    names = (
        "new\nline.txt",
        "smile 🙂.txt",
        "hash#name.txt",
        "star*.txt",
        "~2.txt",
        " .txt",
        os.fsdecode(b"latin-\xe9.txt"),
    )
    for name in names:
        (folder / name).write_bytes(story)
    (folder / "folder.html").mkdir()
    (folder / "unreadable.txt").write_bytes(story)
    (folder / "unreadable.txt").chmod(0)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as bound:
        # A socket's path may be no longer than about a hundred characters, so it is bound in its folder.
        here = Path.cwd()
        os.chdir(folder)
        bound.bind("socket.txt")
        os.chdir(here)
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "nowhere.txt").symlink_to("nothing-here")
    (folder / "circle").mkdir()
    (folder / "circle" / "story.txt").write_bytes(story)
    (folder / "circle" / "again").symlink_to(".", target_is_directory=True)
    (folder / "circle" / "and-again").symlink_to("../circle", target_is_directory=True)
    # Root reads what nobody may read.
    unreadable = None if os.access(folder / "unreadable.txt", os.R_OK) else Reason.NOT_READABLE
    expected: list[tuple[str, Reason | None]] = [
        *((name, None) for name in names),
        ("folder.html", Reason.NOT_FOUND),
        ("unreadable.txt", unreadable),
        ("pipe.txt", Reason.UNSUPPORTED_TYPE),
        ("socket.txt", Reason.UNSUPPORTED_TYPE),
        ("itself.txt", Reason.NOT_READABLE),
        ("nowhere.txt", Reason.NOT_FOUND),
        ("circle", None),
        ("circle/**/*.txt", None),
        ("missing.txt", Reason.NOT_FOUND),
        ("missing/*.html", Reason.NOT_FOUND),
        ("folder.html/**", Reason.NOT_FOUND),
        ("nul\0byte.txt", Reason.NOT_FOUND),
        ("story.txt/below", Reason.NOT_FOUND),
        ("n" * 300, Reason.NOT_READABLE),
    ]
    return [
        *(HostileInput(str(folder / name), (outcome,)) for name, outcome in expected),
        HostileInput("/dev/zero", (Reason.UNSUPPORTED_TYPE,)),
        HostileInput("", (Reason.NOT_FOUND,)),
    ]


def _write(folder: Path, files: _Files) -> list[HostileInput]:
    folder.mkdir(parents=True)
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    return [HostileInput(str(folder / name), outcomes) for name, (_, outcomes) in files.items()]


_HTML = "Content-Type: text/html; charset=utf-8\r\n"

_FIXED_ANSWERS: dict[str, tuple[bytes, Reason | None]] = {
    "/page": (http_response(_PAGE.encode(), headers=_HTML), None),
    "/plain": (http_response(_STORY.encode(), headers="Content-Type: text/plain\r\n"), None),
    "/untyped": (http_response(_PAGE.encode(), headers=""), None),
    "/packed": (http_response(gzip.compress(_PAGE.encode()), headers=_HTML + "Content-Encoding: gzip\r\n"), None),
    "/raw-deflate": (
        http_response(zlib.compress(_PAGE.encode())[2:-4], headers=_HTML + "Content-Encoding: deflate\r\n"),
        None,
    ),
    "/not-packed": (http_response(_PAGE.encode(), headers=_HTML + "Content-Encoding: gzip\r\n"), None),
    "/length-too-short": (http_response(_PAGE.encode(), headers=_HTML + "Content-Length: 60\r\n"), None),
    "/empty": (http_response(b"", headers=_HTML), Reason.EMPTY),
    "/robots.txt": (http_response(b"none", status="404 Not Found"), Reason.HTTP_ERROR),
    "/missing": (http_response(b"gone", status="404 Not Found"), Reason.HTTP_ERROR),
    "/broken": (http_response(b"oops", status="500 Internal Server Error"), Reason.HTTP_ERROR),
    "/busy": (http_response(b"later", status="503 Service Unavailable"), Reason.HTTP_ERROR),
    "/nowhere": (http_response(b"", status="302 Found", headers=""), Reason.HTTP_ERROR),
    "/moved": (http_response(b"", status="301 Moved Permanently", headers="Location: page\r\n"), None),
    "/sets-cookie": (
        http_response(b"", status="303 See Other", headers="Set-Cookie: seen=1\r\nLocation: /page\r\n"),
        None,
    ),
    "/busy-for-a-while": (
        http_response(b"later", status="429 Too Many Requests", headers="Retry-After: 7\r\n"),
        Reason.HTTP_ERROR,
    ),
    "/to-ftp": (http_response(b"", status="302 Found", headers="Location: ftp://127.0.0.1/\r\n"), Reason.BAD_URL),
    "/to-nonsense": (http_response(b"", status="302 Found", headers="Location: http://[\r\n"), Reason.BAD_URL),
    "/circle": (http_response(b"", status="302 Found", headers="Location: /circle\r\n"), Reason.FETCH_FAILED),
    "/picture": (http_response(_PNG, headers="Content-Type: image/png\r\n"), Reason.UNSUPPORTED_TYPE),
    "/untyped-picture": (http_response(_PNG, headers=""), Reason.UNSUPPORTED_TYPE),
    "/brotli": (http_response(b"\x0b\x02", headers=_HTML + "Content-Encoding: br\r\n"), Reason.BAD_ENCODING),
    "/packed-thrice-and-more": (
        http_response(_PAGE.encode(), headers=_HTML + f"Content-Encoding: {'gzip, ' * 1000}gzip\r\n"),
        Reason.UNSUPPORTED_TYPE,
    ),
    "/damaged": (
        http_response(b"\x1f\x8b" + _PNG, headers=_HTML + "Content-Encoding: gzip\r\n"),
        Reason.BAD_ENCODING,
    ),
    "/cut": (
        http_response(gzip.compress(_PAGE.encode())[:-30], headers=_HTML + "Content-Encoding: gzip\r\n"),
        Reason.BAD_ENCODING,
    ),
    "/bomb": (
        http_response(gzip.compress(b"a" * 30_000_000), headers=_HTML + "Content-Encoding: gzip\r\n"),
        Reason.TOO_LARGE,
    ),
    "/says-huge": (http_response(b"", headers=_HTML + f"Content-Length: {HUGE}\r\n"), Reason.TOO_LARGE),
    "/length-too-long": (http_response(b"short", headers=_HTML + "Content-Length: 9999\r\n"), Reason.FETCH_FAILED),
    "/endless-header": (http_response(b"", headers=f"X: {'x' * 500_000}\r\n"), Reason.FETCH_FAILED),
    "/garbage": (_PNG, Reason.FETCH_FAILED),
    "/closes": (b"", Reason.FETCH_FAILED),
}

_MOVING_ANSWERS = {
    "/hangs": Reason.FETCH_TIMEOUT,
    "/trickles": Reason.FETCH_TIMEOUT,
    "/trickles-header": Reason.FETCH_TIMEOUT,
    "/endless": Reason.TOO_LARGE,
}


SERVED: dict[str, Reason | None] = {
    **{path: outcome for path, (_, outcome) in _FIXED_ANSWERS.items()},
    **_MOVING_ANSWERS,
}
"""What fetching each path of the server comes to."""


class HostileServer:
    """A server on loopback; ``inputs`` are its addresses, ``requests`` counts what was asked of it by path.

    ``last_request`` has the headers of the last one, their names in lower case.
    """

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.last_request: dict[str, str] = {}
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.hostile = self
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def inputs(self) -> list[HostileInput]:
        served = [HostileInput(self.address + path, (outcome,)) for path, outcome in SERVED.items()]
        return [
            *served,
            HostileInput(f"http://127.0.0.1:{_closed_port()}/refused", (Reason.FETCH_FAILED,)),
            HostileInput(self.address.replace("http:", "https:") + "/no-tls", (Reason.FETCH_FAILED,)),
        ]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50
    hostile: HostileServer


class _Answer(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        first = self.rfile.read(1)
        if first == b"\x16":
            # A greeting of TLS, which this server does not speak.
            self.wfile.write(http_response(b"", status="400 Bad Request"))
            return
        words = (first + self.rfile.readline()).decode("latin-1").split()
        headers: dict[str, str] = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if len(words) < 2:
            return
        hostile, path = self.server.hostile, words[1]
        hostile.last_request = headers
        hostile.requests[path] += 1
        try:
            self._answer(path, hostile)
        except OSError:
            # The client has had enough, which is what it is tested for.
            return

    def _answer(self, path: str, hostile: HostileServer) -> None:
        if path in _FIXED_ANSWERS:
            self.wfile.write(_FIXED_ANSWERS[path][0])
        elif path == "/recovers":
            self.wfile.write(_FIXED_ANSWERS["/busy" if hostile.requests[path] == 1 else "/page"][0])
        elif path == "/hangs":
            hostile.stopping.wait()
        elif path == "/endless":
            self.wfile.write(http_response(b"<html>", headers=_HTML))
            while not hostile.stopping.is_set():
                self.wfile.write(b"a" * 65_536)
        elif path in _MOVING_ANSWERS:
            self.wfile.write(b"" if path == "/trickles-header" else http_response(b"<html>", headers=_HTML))
            for byte in itertools.cycle(b"HTTP/1.1 "):
                self.wfile.write(bytes([byte]))
                if hostile.stopping.wait(0.02):
                    return


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
