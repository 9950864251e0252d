"""Archives: the documents of WARC and ARC files, packed by gzip or not, one record at a time."""

import re
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import (
    GZIP_WINDOW,
    Place,
    Problem,
    charset_of_content_type,
    clean_address,
    decode_content,
    kind_of_content_type,
    one_line,
    parse_moment,
    printable,
    too_large,
    unfit_address,
)

_HEADER_BYTES = 1_000_000
"""More than the header of any record has."""

_WITHOUT_CONTENT = ("warcinfo", "request", "metadata", "arc_header")
"""Types of records that are about others, and so no inputs."""

_OWN_SCHEMES = ("metadata:", "dns:", "whois:")
"""Addresses under which crawlers keep their own notes."""

_MEMBER_MAGIC = b"\x1f\x8b\x08"
_RECORD_START = re.compile(rb"WARC/|[a-z][a-z0-9+.-]*:[^\s]+ ")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def read_archive(file: BufferedReader, place: Place, max_bytes: int) -> Iterator[RawDocument | Rejection]:
    """The documents of responses with status 200 in HTML or text, and the rejections of the others.

    ``place`` is the archive's own; each record's ``input_id`` is ``archive#record`` with the record's id (its offset
    for want of one), its ``raw_uri`` ``archive#offset=n``. What is damaged gives BAD_ARCHIVE: a record that is packed
    by itself costs itself, any other all that stands behind it. Raises OSError where the file cannot be read.
    """
    is_empty = True
    stream = _ArchiveFile(file)
    while True:
        try:
            for item in _documents(stream, place, max_bytes):
                is_empty = False
                yield item
        except (ArchiveLoadFailed, StatusAndHeadersParserException, _Damaged) as error:
            is_empty = False
            yield place.reject(Problem(Reason.BAD_ARCHIVE, one_line(error)))
            if stream.seek_next_member():
                # What is damaged costs itself: each record is packed by itself.
                continue
        break
    if is_empty:
        yield place.reject(Problem(Reason.EMPTY, "an archive without responses"))


def _documents(stream: "_ArchiveFile", archive: Place, max_bytes: int) -> Iterator[RawDocument | Rejection]:
    first = stream.tell()
    records = ArchiveIterator(stream, no_record_parse=True)
    # What warcio would print of a record with a wrong length is told by a rejection.
    records.INC_RECORD = ""
    while True:
        stream.budget = _HEADER_BYTES
        record = next(records, None)
        stream.budget = None
        if record is None:
            return
        place = _place_of_record(record, archive, stream.offset_of(first + records.offset))
        item = None if place is None else _document_of_record(record, place, max_bytes)
        while record.raw_stream.read(65_536):
            pass
        if getattr(record.raw_stream, "limit", 1) > 0:
            raise _Damaged("the archive ends in the middle of a record")
        stream.budget = _HEADER_BYTES
        errors_before = records.err_count
        damage = None
        try:
            # This reads the first line of the next record too, whose damage is not this record's.
            records.read_to_end()
        except _Damaged as error:
            damage = error
        if place is not None and records.err_count > errors_before:
            yield place.reject(Problem(Reason.BAD_ARCHIVE, "the record does not end where it says"))
        elif item is not None:
            yield item
        if damage is not None:
            raise damage


def _place_of_record(record: ArcWarcRecord, archive: Place, offset: int) -> Place | None:
    """Where a record stands, or None for a record that is no input by its nature."""
    headers = record.rec_headers
    address = headers.get_header("WARC-Target-URI") or headers.get_header("uri") or ""
    if record.rec_type in _WITHOUT_CONTENT or address.startswith(_OWN_SCHEMES):
        return None
    identity = (headers.get_header("WARC-Record-ID") or f"offset={offset}").strip("<> ")
    url = clean_address(address)
    return Place(
        f"{archive.input_id}#{printable(identity)}",
        archive.source,
        f"{archive.raw_uri}#offset={offset}",
        url,
        None if url else unfit_address(address),
    )


def _document_of_record(record: ArcWarcRecord, place: Place, max_bytes: int) -> RawDocument | Rejection:
    problem = _unfit_record(record, place, max_bytes)
    if problem is not None:
        return place.reject(problem)
    headers = record.rec_headers
    fetched_at = _archive_date(headers.get_header("WARC-Date") or headers.get_header("archive-date"))
    identified = headers.get_header("WARC-Identified-Payload-Type")
    body: bytes = record.raw_stream.read(record.length)
    if record.rec_type == "response" and body.startswith(b"HTTP/"):
        return _document_of_response(place, body, max_bytes, fetched_at, identified)
    return _stated_document(place, identified or record.content_type, body, max_bytes, fetched_at=fetched_at)


def _unfit_record(record: ArcWarcRecord, place: Place, max_bytes: int) -> Problem | None:
    """Why a record's content need not be read."""
    if record.rec_type == "revisit":
        return Problem(Reason.EMPTY, "a revisit: the content stands in an earlier record")
    if record.rec_type not in ("response", "resource", "conversion"):
        return Problem(Reason.UNSUPPORTED_TYPE, f"a record of type {one_line(record.rec_type)}")
    if place.url is None:
        return Problem(Reason.UNSUPPORTED_TYPE, "not from an http or https address")
    if record.length is None:
        return Problem(Reason.BAD_ARCHIVE, "a record without a length")
    if record.length == 0:
        return Problem(Reason.EMPTY, "no content")
    return too_large(max_bytes) if record.length > max_bytes + _HEADER_BYTES else None


def _document_of_response(
    place: Place, response: bytes, max_bytes: int, fetched_at: datetime | None, identified: str | None
) -> RawDocument | Rejection:
    status, headers, body = _parse_response(response)
    if status != 200:
        return place.reject(Problem(Reason.HTTP_ERROR, f"status {status}"))
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _dechunk(body)
    content = decode_content(body, headers.get("content-encoding"), max_bytes)
    if isinstance(content, Problem):
        return place.reject(content)
    stated = headers.get("content-type")
    charset = charset_of_content_type(stated)
    if identified and identified.strip():
        # What the crawler found by the content, where servers say what they are set up to say.
        stated = f"{identified.partition(';')[0]}; charset={charset}" if charset else identified
    return _stated_document(place, stated, content, max_bytes, fetched_at=fetched_at, http_status=status)


def _stated_document(
    place: Place,
    content_type: str | None,
    content: bytes,
    max_bytes: int,
    *,
    fetched_at: datetime | None,
    http_status: int | None = None,
) -> RawDocument | Rejection:
    kind = kind_of_content_type(content_type, content)
    if kind is None:
        return place.reject(Problem(Reason.UNSUPPORTED_TYPE, f"content type {one_line(content_type or 'unknown')}"))
    return place.document(
        kind,
        content,
        max_bytes,
        charset=charset_of_content_type(content_type),
        fetched_at=fetched_at,
        http_status=http_status,
    )


def _parse_response(response: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their names in lower case, and body of an HTTP response."""
    end = _HEAD_END.search(response)
    head, body = (response[: end.start()], response[end.end() :]) if end else (response, b"")
    first, *lines = head.decode("latin-1").splitlines()
    words = first.split()
    status = int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else 0
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return status, headers, body


def _dechunk(body: bytes) -> bytes:
    """The body without the marks of the chunked transfer; a body that has none is taken as it is."""
    pieces: list[bytes] = []
    position = 0
    while position < len(body):
        end = body.find(b"\r\n", position, position + 1000)
        size = body[position:end].partition(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size):
            return b"".join(pieces) if pieces else body
        length = int(size, 16)
        if length == 0:
            break
        pieces.append(body[end + 2 : end + 2 + length])
        position = end + 2 + length + 2
    return b"".join(pieces)


def _archive_date(text: str | None) -> datetime | None:
    """A WARC's ISO time or an ARC's fourteen digits."""
    return parse_moment(f"{text[:8]}T{text[8:]}" if text and re.fullmatch(r"[0-9]{14}", text) else text)


class _Damaged(Exception):
    """The archive cannot be read from here on."""


class _ArchiveFile:
    """The unpacked bytes of a WARC or ARC file, which knows at which offset of the file each gzip member began.

    warcio could unpack by itself, but takes a truncated or damaged member for the end of the file.
    """

    _BLOCK = 16_384

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._is_packed = file.peek(2)[:2] == b"\x1f\x8b"
        self._given = 0
        self._consumed = 0
        self._pending = b""
        self._inflater: Any = None
        self._members: deque[tuple[int, int]] = deque([(0, 0)])
        self._begun = 0
        self._is_broken = False
        self._is_arc = False
        self._ends_line = True
        self.budget: int | None = None
        """Bytes that may still be read, so that an endless header is no endless line in memory."""

    def tell(self) -> int:
        return self._given

    def read(self, size: int) -> bytes:
        try:
            block = self._inflated(size) if self._is_packed else self._file.read(size)
        except zlib.error as error:
            self._is_broken = True
            raise _Damaged(f"damaged gzip: {one_line(error)}") from error
        self._given += len(block)
        if self.budget is not None:
            self.budget -= len(block)
            if self.budget < 0:
                raise _Damaged("no end of a record's header")
        return block

    def offset_of(self, given: int) -> int:
        """Where in the file to read on for the unpacked byte ``given``; asked for in rising order."""
        if not self._is_packed:
            return given
        while len(self._members) > 1 and self._members[1][0] <= given:
            self._members.popleft()
        return self._members[0][1]

    def _inflated(self, size: int) -> bytes:
        while True:
            if not self._pending:
                self._pending = self._file.read(self._BLOCK)
                self._consumed += len(self._pending)
                if not self._pending:
                    if self._inflater is not None:
                        raise _Damaged("the archive ends in the middle of a record")
                    return b""
            if self._inflater is None:
                self._inflater = zlib.decompressobj(GZIP_WINDOW)
                self._begun = self._consumed - len(self._pending)
                self._members.append((self._given, self._begun))
            block: bytes = self._inflater.decompress(self._pending, size)
            self._pending = self._inflater.unconsumed_tail
            if block:
                self._is_arc |= self._begun == 0 and block.startswith(b"filedesc:")
                self._ends_line = block.endswith(b"\n")
            if self._inflater.eof:
                self._pending = self._inflater.unused_data
                self._inflater = None
                if self._is_arc or not self._ends_line:
                    # The line break behind a record, which some writers leave out where the member ends. One more than
                    # there ought to be does no harm.
                    self._ends_line = True
                    return block + b"\n"
            if block:
                return block

    def seek_next_member(self) -> bool:
        """Go on at the member behind the one that could not be read; False if there is none."""
        if not (self._is_packed and self._file.seekable()):
            return False
        self.budget = None
        try:
            while not self._is_broken and self._inflater is not None and self._inflated(65_536):
                pass
        except (zlib.error, _Damaged):
            self._is_broken = True
        if self._is_broken and not self._seek_member_after(self._begun + 1):
            return False
        self._is_broken = False
        return bool(self._pending or self._file.peek(1))

    def _seek_member_after(self, offset: int) -> bool:
        """Whether a member with a record begins in the rest of the file; the file then stands there.

        A member that was cut off has no end, so that the next one may stand within what was read of it.
        """
        self._inflater, self._pending, self._ends_line = None, b"", True
        self._file.seek(offset)
        kept = b""
        while block := self._file.read(1 << 20):
            kept += block
            place = kept.find(_MEMBER_MAGIC)
            while 0 <= place < len(kept) - self._BLOCK or (place >= 0 and len(block) < 1 << 20):
                if _begins_record(kept[place : place + self._BLOCK]):
                    self._file.seek(offset + place)
                    self._consumed = offset + place
                    return True
                place = kept.find(_MEMBER_MAGIC, place + 1)
            offset += max(0, len(kept) - self._BLOCK)
            kept = kept[-self._BLOCK :]
        return False


def _begins_record(packed: bytes) -> bool:
    """Whether a gzip member begins with the head of a record of a WARC or ARC file."""
    try:
        return _RECORD_START.match(zlib.decompressobj(GZIP_WINDOW).decompress(packed, 256)) is not None
    except zlib.error:
        return False
