"""Content: what the bytes of an input are, and the document or rejection that they make. Shared by read and fetch."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

import brotli
import zstandard

from newsmill.boundary import Unforeseen
from newsmill.isolate import Failure
from newsmill.plain import without_login
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage

HEAD_BYTES = 4096
"""How many of the first bytes show what a file is."""

MAGIC = (
    *(b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"OggS", b"%PDF-", b"\x7fELF", b"PAR1", b"SQLite format 3"),
    *(b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd"),
)
"""First bytes of files that are neither HTML nor text."""

GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_STEP = 512
_MAX_CODINGS = 3
_MAX_ADDRESS_LENGTH = 8000

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""What tells zlib to expect gzip's header."""
_INFLATE_WINDOWS = {
    "gzip": (GZIP_WINDOW,),
    "x-gzip": (GZIP_WINDOW,),
    # Named after zlib's format, and by some servers taken for the bare one.
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b")) + b"\x7f"
_HTML_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|article|div|p|h1|a)[\s>/]", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_NO_TYPES = (
    *("application/octet-stream", "binary/octet-stream", "application/x-octet-stream", "application/force-download"),
    *("application/x-download", "application/unknown", "application/x-unknown", "unknown/unknown", "content/unknown"),
    *("*/*", "text", "none", "null", "unknown", "application", "text/"),
)
"""What servers state that do not know the type: the content says more."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE | re.ASCII)
_WHITESPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be read."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input stands: what a document and a rejection of it have in common. Fields as in the records.

    A login in an address goes no further than here.
    """

    input_id: str
    source: str
    raw_uri: str
    url: str | None = None
    stated_url: str | None = None

    def __post_init__(self) -> None:
        for name in ("input_id", "raw_uri", "url"):
            if address := getattr(self, name):
                object.__setattr__(self, name, without_login(address))

    @classmethod
    def of(cls, document: RawDocument) -> Self:
        """Where a document was read."""
        return cls(document.input_id, document.source, document.raw_uri, document.url)

    def reject(self, problem: Problem, stage: Stage = Stage.READ, expectation: str | None = None) -> Rejection:
        """The rejection of the input in a stage; ``expectation`` is the one that its rows do not meet."""
        return Rejection(
            input_id=self.input_id,
            url=self.url,
            stage=stage,
            reason=problem.reason,
            detail=without_login(problem.detail),
            expectation=expectation,
            raw_uri=self.raw_uri,
        )

    def document(
        self,
        kind: ContentKind,
        content: bytes,
        max_bytes: int,
        *,
        charset: str | None = None,
        fetched_at: datetime | None = None,
        http_status: int | None = None,
    ) -> RawDocument | Rejection:
        """The document with this content, or its rejection for being empty or of more than ``max_bytes``."""
        if not content or content.isspace():
            return self.reject(Problem(Reason.EMPTY, "only white space" if content else "no content"))
        if len(content) > max_bytes:
            return self.reject(too_large(max_bytes))
        return RawDocument(
            input_id=self.input_id,
            source=self.source,
            kind=kind,
            content=content,
            charset=charset,
            url=self.url,
            stated_url=self.stated_url,
            raw_uri=self.raw_uri,
            fetched_at=fetched_at,
            http_status=http_status,
        )


def orphan(input_id: str, url: str | None, detail: str) -> Rejection:
    """The rejection of a copy whose original is not there any more."""
    return Rejection(
        input_id=input_id,
        url=url,
        stage=Stage.DEDUPE,
        reason=Reason.ORIGINAL_REJECTED,
        detail=detail,
        expectation=None,
        raw_uri=None,
    )


def problem_of(failure: Failure) -> Problem:
    """The problem of an input that its worker process did not get done with."""
    return Problem(Reason(failure.reason.value), failure.detail)


def problem_unforeseen(found: Unforeseen) -> Problem:
    """The problem of an input that a mistake of ours ended."""
    return Problem(Reason.CRASHED, found.detail)


def too_large(max_bytes: int) -> Problem:
    """The problem of what is longer than ``max_bytes``."""
    return Problem(Reason.TOO_LARGE, f"more than {max_bytes:,} bytes")


def sniff(head: bytes) -> ContentKind | None:
    """What the first bytes of a file show: HTML, text, or None for anything else."""
    if head.startswith(MAGIC):
        return None
    if head.startswith(UTF16_MARKS):
        head = head[2:].replace(b"\0", b"")
    if b"\0" in head or len(head) - len(head.translate(None, _CONTROL_BYTES)) > len(head) // 20:
        return None
    if _HTML_TAG.search(head):
        return ContentKind.HTML
    return None if head.lstrip().startswith(b"<?xml") else ContentKind.TEXT


def kind_of_content_type(content_type: str | None, content: bytes) -> ContentKind | None:
    """The kind that a Content-Type states, or that the content shows where it states none; None if it is neither."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if not media_type or media_type in _NO_TYPES:
        return sniff(content[:HEAD_BYTES])
    if media_type in _HTML_TYPES:
        return ContentKind.HTML
    return ContentKind.TEXT if media_type == "text/plain" else None


def charset_of_content_type(content_type: str | None) -> str | None:
    """The charset that a Content-Type states, in lower case."""
    found = _CHARSET.search(content_type or "")
    return found[1].lower() if found else None


def decode_content(content: bytes, content_encoding: str | None, max_bytes: int) -> bytes | Problem:
    """The body that a Content-Encoding packed, at most ``max_bytes`` of it.

    A body that is not packed as stated, which servers do send, is taken as it is.
    """
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    if len(codings) > _MAX_CODINGS:
        return Problem(Reason.UNSUPPORTED_TYPE, f"packed more than {_MAX_CODINGS} times over")
    for coding in reversed(codings):
        if coding in ("", "identity"):
            continue
        if coding in _INFLATE_WINDOWS:
            unpacked = _inflate(content, _INFLATE_WINDOWS[coding], max_bytes)
        elif coding == "br":
            unpacked = _unbrotli(content, max_bytes)
        elif coding == "zstd":
            unpacked = _unzstd(content, max_bytes)
        else:
            return Problem(Reason.UNSUPPORTED_TYPE, f"content encoding {one_line(coding)}")
        if isinstance(unpacked, Problem):
            return unpacked
        content = unpacked
    return content


def clean_address(address: str) -> str | None:
    """An http(s) address without the spaces and line breaks that people and servers leave in it; None for others."""
    address = _WHITESPACE.sub(lambda space: "%20" if space[0] == " " else "", printable(address.strip()))
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    is_fit = parts.scheme in ("http", "https") and host and "%" not in host and len(address) <= _MAX_ADDRESS_LENGTH
    return address if is_fit else None


_SCHEMELESS = re.compile(r"(?:https?:?)?//(?=[^/])|(?=www\.|(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?[/?#])", re.IGNORECASE)


def mended_address(address: str) -> str | None:
    """An address that was stated without a scheme (``//host/path``, ``host/path``), as https; None for others."""
    found = _SCHEMELESS.match(address.strip())
    return clean_address(f"https://{address.strip()[found.end() :]}") if found else None


def unfit_address(stated: str) -> str | None:
    """What is kept of an address that is none and cannot be mended: its first 200 characters; None for a blank one."""
    return one_line(without_login(stated)) or None


def parse_moment(text: str | None) -> datetime | None:
    """An ISO 8601 time as UTC, also where it states no zone; None for anything else."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _inflate(packed: bytes, windows: Sequence[int], max_bytes: int) -> bytes | Problem:
    for window in windows:
        try:
            content, is_whole = _inflate_members(packed, window, max_bytes)
        except zlib.error:
            continue
        if len(content) > max_bytes:
            return _too_large_unpacked(max_bytes)
        return content if is_whole else Problem(Reason.BAD_ENCODING, "the packed body is cut short")
    if packed.startswith(GZIP_MAGIC):
        return Problem(Reason.BAD_ENCODING, "the packed body is damaged")
    return packed


def _unbrotli(packed: bytes, max_bytes: int) -> bytes | Problem:
    """What brotli packed. It has no mark by which it is known, so HTML that is not packed is taken as it is."""
    unpacker, content = brotli.Decompressor(), b""
    try:
        content = unpacker.process(packed, output_buffer_limit=max_bytes + 1)
        while len(content) <= max_bytes and not unpacker.can_accept_more_data() and not unpacker.is_finished():
            content += unpacker.process(b"", output_buffer_limit=max_bytes + 1 - len(content))
    except brotli.error:
        if sniff(packed[:HEAD_BYTES]) is ContentKind.HTML:
            return packed
        return Problem(Reason.BAD_ENCODING, "the packed body is damaged")
    if len(content) > max_bytes:
        return _too_large_unpacked(max_bytes)
    return content if unpacker.is_finished() else Problem(Reason.BAD_ENCODING, "the packed body is cut short")


def _unzstd(packed: bytes, max_bytes: int) -> bytes | Problem:
    """What zstd packed, in one frame or many. A few bytes can be a megabyte, so that few are given to it at once."""
    content = bytearray()
    unpacker = None
    rest = packed if packed.startswith(_ZSTD_MAGIC) else b""
    try:
        while rest:
            # A window of 8 MiB is the most that a server may ask for (RFC 9659).
            unpacker = unpacker or zstandard.ZstdDecompressor(max_window_size=8 << 20).decompressobj()
            content += unpacker.decompress(rest[:_ZSTD_STEP])
            rest = unpacker.unused_data + rest[_ZSTD_STEP:]
            if len(content) > max_bytes:
                return _too_large_unpacked(max_bytes)
            if unpacker.eof:
                unpacker = None
    except zstandard.ZstdError:
        return Problem(Reason.BAD_ENCODING, "the packed body is damaged")
    if unpacker is not None:
        return Problem(Reason.BAD_ENCODING, "the packed body is cut short")
    return bytes(content) if packed.startswith(_ZSTD_MAGIC) else packed


def _too_large_unpacked(max_bytes: int) -> Problem:
    return Problem(Reason.TOO_LARGE, f"more than {max_bytes:,} bytes when unpacked")


def _inflate_members(packed: bytes, window: int, max_bytes: int) -> tuple[bytes, bool]:
    """Up to a byte more than ``max_bytes`` of what is packed, in one gzip member or many, and whether it has an end."""
    inflater = zlib.decompressobj(window)
    content = inflater.decompress(packed, max_bytes + 1)
    while inflater.unused_data.startswith(GZIP_MAGIC) and len(content) <= max_bytes:
        rest = inflater.unused_data
        inflater = zlib.decompressobj(window)
        content += inflater.decompress(rest, max_bytes + 1 - len(content))
    return content, inflater.eof


def printable(text: str) -> str:
    """Text that UTF-8 can hold: file names may be any bytes, and JSON may hold halves of surrogate pairs."""
    return text.encode("utf-8", "backslashreplace").decode()


def one_line(error: object) -> str:
    """What an error or a header says, as the detail of a rejection."""
    return " ".join(printable(str(error)).split())[:200]
