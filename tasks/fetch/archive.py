"""Raw: everything that was fetched, as WARC records in the lake, so that a date can be run again without the network.

    raw/date=YYYY-MM-DD/<segment>.warc.gz     the records, each a gzip member of its own
    raw/date=YYYY-MM-DD/<segment>.jsonl       what stands where; written last, so what has none is not there yet

A fetch is one **capture**: for every exchange on its way a response and its request, and at the end a metadata record
in JSON that says what was fetched, for whom, and what came of it. Captures are appended to a segment in a local spool,
one write each, and the segment goes to the lake when it is large or old enough. A killed writer leaves its segment in
the spool; the next one cuts off the capture that was in flight, if any, and brings the rest to the lake.
"""

import fcntl
import gzip
import hashlib
import io
import json
import logging
import re
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Self

from newsmill.errors import Damaged, NotStored, StorageError
from newsmill.schemas.words import Reason
from newsmill.storage import ObjectStore
from newsmill.storage.local import open_held
from newsmill.tasks.fetch.client import Exchange, Fetched
from newsmill.tasks.inputs.content import GZIP_WINDOW, Problem, one_line
from newsmill.tasks.run.tombstones import Tombstones

RAW = "raw"
_SUFFIX = ".warc.gz"
_INDEX_SUFFIX = ".jsonl"
_LEVEL = 4
"""Of gzip: two thirds of the time of level 6, for a tenth more bytes; most bodies come packed already."""
_BLOCK = 1 << 20
_OWN_INDEX = re.compile(r"raw/date=\d{4}-\d\d-\d\d/[^/.][^/]*\.jsonl")
_PLACE = re.compile(r".*/(raw/date=\d{4}-\d\d-\d\d/\d{8}T\d{12}-[0-9a-f]{8}\.warc\.gz)#offset=(\d+)", re.DOTALL)
_UNREADABLE = (zlib.error, ValueError, TypeError, LookupError)
"""What the readers of a capture raise for bytes that are not a capture's."""

logger = logging.getLogger(__name__)


class Role(StrEnum):
    """What something was fetched as."""

    ARTICLE = "article"
    LISTING = "listing"
    ROBOTS = "robots"
    """What a host asks of all crawlers: its robots.txt, or its tdmrep.json."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the fetch of an address was for. ``key`` and ``version`` are the item's in its source's listing."""

    role: Role
    source: str = ""
    key: str | None = None
    version: str | None = None
    title: str | None = None
    published_at: str | None = None
    is_closed_to_ai: bool = False
    """Whether the host's robots.txt keeps out the crawlers that gather for the training of AI."""
    is_reserved: bool = False
    """Whether the host's tdmrep.json reserves text and data mining of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where a capture stands: its segment's key, and its bytes there; ``answer_offset`` is of the answer's record."""

    segment: str
    offset: int
    length: int
    answer_offset: int
    address: str
    final_address: str | None
    """Where the redirects ended; None where there was no answer."""
    fetched_at: str
    status: int | None
    problem: str | None
    note: Note

    def to_json(self) -> bytes:
        """A line of the index."""
        return json.dumps(asdict(self), ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_json(cls, line: bytes) -> Self:
        """Read a line of the index, whatever else newer versions write there; raises ValueError for what is none."""
        try:
            found = json.loads(line)
            note = {field.name: found["note"][field.name] for field in fields(Note) if field.name in found["note"]}
            own = {field.name: found[field.name] for field in fields(cls) if field.name != "note"}
            if not all(isinstance(own[name], int) for name in ("offset", "length", "answer_offset")):
                raise ValueError("its places are no numbers")
            return cls(note=Note(**note | {"role": Role(note["role"])}), **own)
        except (KeyError, TypeError) as error:
            raise ValueError(f"it is no line of an index: {error}") from error


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a segment goes to the lake: at so many bytes, or so many seconds after its first capture."""

    max_bytes: int = 64 << 20
    max_seconds: float = 900.0


class Archive:
    """The captures of one date: those in the lake, and a segment that is being written. Safe from any thread.

    Only one process writes to a segment; several may write to one date.
    """

    def __init__(
        self,
        store: ObjectStore,
        logical_date: date,
        spool: Path,
        rotation: Rotation | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._prefix = f"{RAW}/date={logical_date.isoformat()}/"
        self._spool = spool / logical_date.isoformat()
        self._rotation = rotation or Rotation()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._segment: _Segment | None = None

    def __enter__(self) -> Self:
        self.recover()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            segment, self._segment = self._segment, None
        if segment is not None:
            self._seal(segment)

    def recover(self) -> int:
        """Bring to the lake what killed writers left in the spool; returns how many captures that were.

        What has been removed on demand meanwhile is overwritten first.
        """
        count = 0
        removed = Tombstones.of(self._store)
        for path in sorted(self._spool.glob(f"[!.]*{_SUFFIX}")):
            with path.open("r+b") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                entries = list(scan(file, f"{self._prefix}{path.name}"))
                file.truncate(entries[-1].offset + entries[-1].length if entries else 0)
                erased = [e for e in entries if removed.covers(e.address) or removed.covers(e.final_address)]
                for entry in erased:
                    file.seek(entry.offset)
                    file.write(_filler(entry.length))
                file.flush()
                entries = [entry for entry in entries if entry not in erased]
                self._publish(path, entries)
                count += len(entries)
        return count

    def add(self, fetched: Fetched, note: Note, fetched_at: datetime) -> Entry:
        """Append a capture, and bring the segment to the lake if it is full with it."""
        entry = self.append(fetched, note, fetched_at)
        self.rotate()
        return entry

    def append(self, fetched: Fetched, note: Note, fetched_at: datetime) -> Entry:
        """Append a capture; when this returns, no kill of this process loses it. Waits for no store.

        Raises StorageError where the spool cannot be written; what was added before stays whole.
        """
        records, answer = _records(fetched, note, fetched_at)
        with self._lock:
            try:
                segment = self._segment = self._segment or _Segment(self._spool, self._prefix, self._monotonic())
                entry = segment.append(records, answer, fetched, note, fetched_at)
            except OSError as error:
                told = f"{self._spool}: {error.strerror or error}; fetch.spool says where it is"
                raise StorageError(told) from error
        return entry

    @property
    def is_full(self) -> bool:
        """Whether the segment is to go to the lake."""
        segment = self._segment
        return segment is not None and (
            segment.size >= self._rotation.max_bytes or self._monotonic() - segment.since > self._rotation.max_seconds
        )

    def rotate(self) -> None:
        """Bring the segment to the lake if it is full."""
        with self._lock:
            if not self.is_full:
                return
            segment, self._segment = self._segment, None
        # Outside the lock: what is fetched while a segment goes to the lake goes into the next one.
        if segment is not None:
            self._seal(segment)

    def raw_uri(self, entry: Entry) -> str:
        """Where the answer's record can be read again, also before its segment has come to the lake."""
        return f"{self._store.uri(entry.segment)}#offset={entry.answer_offset}"

    def _seal(self, segment: "_Segment") -> None:
        self._publish(segment.path, segment.entries)
        segment.file.close()

    def _publish(self, path: Path, entries: Sequence[Entry]) -> None:
        if entries:
            self._store.write_file(self._prefix + path.name, path)
            index = b"".join(entry.to_json() for entry in entries)
            self._store.write(_index_key(self._prefix + path.name), index)
        path.unlink()


class _Segment:
    """A file in the spool, locked while its writer lives."""

    def __init__(self, spool: Path, prefix: str, since: float) -> None:
        spool.mkdir(parents=True, exist_ok=True)
        # Named by time, so that what was fetched first is read first.
        self.path = spool / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}{_SUFFIX}"
        self.file = open_held(self.path, buffering=0)
        self.since = since
        self.size = 0
        self.entries: list[Entry] = []
        self._key = f"{prefix}{self.path.name}"

    def append(
        self, records: Sequence[bytes], answer: int, fetched: Fetched, note: Note, fetched_at: datetime
    ) -> Entry:
        content = memoryview(b"".join(records))
        # Unbuffered and whole: what the system has taken survives the process.
        try:
            written = 0
            while written < len(content):
                written += self.file.write(content[written:])
        except OSError:
            # A full disk takes a part: it is cut off, or what comes next would stand behind it.
            self.file.seek(self.size)
            self.file.truncate()
            raise
        entry = _entry(
            self._key,
            self.size,
            [len(record) for record in records],
            answer,
            _summary(fetched, note, fetched_at),
        )
        self.size += len(content)
        self.entries.append(entry)
        return entry


def entries(store: ObjectStore, logical_date: date) -> Iterator[Entry]:
    """What was fetched for a date, in the order in which it was."""
    for _, found in segments(store, logical_date):
        yield from found


def fetched_of(store: ObjectStore, entry: Entry) -> Fetched:
    """A capture as it was fetched. Raises Damaged where its bytes are not what was written, or gone."""
    try:
        with store.open(entry.segment) as stream:
            stream.seek(entry.offset)
            return _unpacked(stream.read(entry.length))
    except (NotStored, *_UNREADABLE) as error:
        raise Damaged(f"{store.uri(entry.segment)} is damaged at {entry.offset}: {one_line(error)}") from error


def _unpacked(packed: bytes) -> Fetched:
    return _capture([_parse(member) for member in _members(packed)])


def segments(store: ObjectStore, logical_date: date | None = None) -> Iterator[tuple[str, list[Entry]]]:
    """Every segment of the lake or of a date, by its key, with what stands in it."""
    for key in _indexed(store, logical_date):
        yield key, _listed(store, key)


def damages(store: ObjectStore, logical_date: date | None = None) -> Iterator[tuple[date, str]]:
    """What is not as it was written in the archive of all dates or of one: the date, and the file and why in a line."""
    for key in _indexed(store, logical_date):
        found = (
            [f"{_index_key(key)} cannot be read, and the segment was searched"] if _index(store, key) is None else []
        )
        try:
            content = store.read(key)
            listed = _listed(store, key)
            whole = len(found)
            for entry in listed:
                try:
                    _unpacked(content[entry.offset : entry.offset + entry.length])
                except _UNREADABLE as error:
                    found.append(
                        f"{key} is damaged at {entry.offset}, in what {entry.address} answered: {one_line(error)}"
                    )
            if len(found) == whole and listed != list(scan(io.BytesIO(content), key)):
                found.append(f"{_index_key(key)} does not say what stands in the segment")
        except NotStored:
            found.append(f"{key} does not exist")
        for line in found:
            yield date.fromisoformat(key.split("/")[1].removeprefix("date=")), line


def _indexed(store: ObjectStore, logical_date: date | None) -> Iterator[str]:
    """The keys of the segments that are there, by their indexes; what others leave in the folders is none."""
    folder = f"{RAW}/" if logical_date is None else f"{RAW}/date={logical_date.isoformat()}/"
    for info in store.list(folder):
        if _OWN_INDEX.fullmatch(info.key):
            yield info.key.removesuffix(_INDEX_SUFFIX) + _SUFFIX


def _listed(store: ObjectStore, key: str) -> list[Entry]:
    """What stands in a segment: by its index, or where that is damaged by its records, which say the same."""
    if (found := _index(store, key)) is not None:
        return found
    logger.warning("%s is damaged; the segment was searched instead", store.uri(_index_key(key)))
    with store.open(key) as stream:
        return list(scan(stream, key))


def _index(store: ObjectStore, key: str) -> list[Entry] | None:
    """The index of a segment; None for one that cannot be read."""
    try:
        return [Entry.from_json(line) for line in store.read(_index_key(key)).splitlines()]
    except (ValueError, RecursionError):
        return None


def erase(store: ObjectStore, key: str, erased: Collection[Entry], kept: Sequence[Entry]) -> None:
    """Overwrite captures of a segment, at their places, so that the others stay where the tables say they are."""
    content = bytearray(store.read(key))
    for entry in erased:
        content[entry.offset : entry.offset + entry.length] = _filler(entry.length)
    # The index comes last: as long as it names a capture, the next try finds it.
    store.write(key, bytes(content))
    store.write(_index_key(key), b"".join(entry.to_json() for entry in kept))


def _filler(length: int) -> bytes:
    """A gzip member of so many bytes, with a record that says nothing; the room is taken by its header's comment."""
    block = b"removed: on demand\r\n"
    head = f"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: {len(block)}\r\n\r\n".encode()
    record = head + block + b"\r\n\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(record) + packer.flush()
    trailer = zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    header = b"\x1f\x8b\x08\x10" + bytes(4) + b"\x02\xff"
    comment = b" " * (length - len(header) - 1 - len(packed) - len(trailer))
    return header + comment + b"\0" + packed + trailer


def place_of(raw_uri: str) -> tuple[str, int] | None:
    """The segment and the offset that an archived document's ``raw_uri`` names; None for what stands elsewhere.

    By what is the segment's key in it: the rest is the place that the lake had when the document was fetched.
    """
    found = _PLACE.fullmatch(raw_uri)
    return (found[1], int(found[2])) if found else None


def entry_at(store: ObjectStore, key: str, offset: int) -> Entry | None:
    """The capture whose answer stands at a segment's offset, if it has not been removed."""
    try:
        return next((entry for entry in _listed(store, key) if entry.answer_offset == offset), None)
    except NotStored:
        return None


def record_at(store: ObjectStore, key: str, offset: int) -> bytes:
    """The record that begins at a segment's offset, unpacked, its header included."""
    inflater = zlib.decompressobj(GZIP_WINDOW)
    content = bytearray()
    with store.open(key) as stream:
        stream.seek(offset)
        try:
            while not inflater.eof and (block := stream.read(_BLOCK)):
                content += inflater.decompress(block)
        except zlib.error as error:
            raise NotStored(f"{store.uri(key)} has no record at {offset}") from error
    return bytes(content)


def scan(file: BinaryIO, key: str) -> Iterator[Entry]:
    """The whole captures of a segment, up to its end or to where it is cut off."""
    start, answer, lengths = 0, 0, list[int]()
    file.seek(0)
    for packed_length, member in _members_of(file):
        try:
            headers, block = _parse(member)
        except ValueError:
            return
        if headers["warc-type"] == "warcinfo":  # what takes the place of a capture that was removed
            start += packed_length
            continue
        if headers["warc-type"] == "response":
            answer = len(lengths)
        lengths.append(packed_length)
        if headers["warc-type"] == "metadata":
            yield _entry(key, start, lengths, answer if len(lengths) > 1 else 0, json.loads(block))
            start, answer, lengths = start + sum(lengths), 0, []


def _index_key(key: str) -> str:
    return key.removesuffix(_SUFFIX) + _INDEX_SUFFIX


def _entry(key: str, offset: int, lengths: Sequence[int], answer: int, summary: dict[str, Any]) -> Entry:
    note = summary["note"]
    return Entry(
        segment=key,
        offset=offset,
        length=sum(lengths),
        answer_offset=offset + sum(lengths[:answer]),
        address=summary["address"],
        final_address=summary["final_address"],
        fetched_at=summary["fetched_at"],
        status=summary["status"],
        problem=summary["problem"],
        note=Note(**note | {"role": Role(note["role"])}),
    )


def _summary(fetched: Fetched, note: Note, fetched_at: datetime) -> dict[str, Any]:
    """What the metadata record says of a capture."""
    last = fetched.exchanges[-1] if fetched.exchanges else None
    return {
        "address": fetched.address,
        "final_address": last.address if last else None,
        "fetched_at": fetched_at.isoformat(),
        "status": last.status if last else None,
        "problem": fetched.problem.reason.value if fetched.problem else None,
        "detail": fetched.problem.detail if fetched.problem else None,
        "protocols": [exchange.version for exchange in fetched.exchanges],
        "note": asdict(note),
    }


# WARC 1.1 (ISO 28500). Written here, since its records are a header and a block; read by our own reader of archives
# and by anyone else's.


def _records(fetched: Fetched, note: Note, fetched_at: datetime) -> tuple[list[bytes], int]:
    """The packed records of a capture, and the number of the one with the answer."""
    records: list[bytes] = []
    answer = 0
    identity = None
    for exchange in fetched.exchanges:
        identity = f"<urn:uuid:{uuid.uuid4()}>"
        answer = len(records)
        records.append(_response(exchange, identity))
        records.append(_request(exchange, identity))
    summary = json.dumps(_summary(fetched, note, fetched_at), ensure_ascii=False).encode()
    about = {"WARC-Concurrent-To": identity} if identity else {}
    records.append(_record("metadata", fetched.address, fetched_at, "application/json", summary, about))
    return records, answer


def _response(exchange: Exchange, identity: str) -> bytes:
    lines = [f"HTTP/1.1 {exchange.status} {exchange.phrase}".strip().encode("latin-1", "replace")]
    for name, value in exchange.headers:
        # The body is kept packed, but not in the chunks it came in.
        is_chunked = name.lower() == b"transfer-encoding"
        lines.append((b"X-Archive-Orig-" + name if is_chunked else name) + b": " + value)
    block = b"\r\n".join(lines) + b"\r\n\r\n" + exchange.body
    about = {
        "WARC-Record-ID": identity,
        "WARC-IP-Address": exchange.peer,
        "WARC-Payload-Digest": f"sha256:{hashlib.sha256(exchange.body).hexdigest()}",
    }
    if exchange.truncated:
        about["WARC-Truncated"] = exchange.truncated
    content_type = "application/http; msgtype=response"
    return _record("response", exchange.address, exchange.started_at, content_type, block, about)


def _request(exchange: Exchange, identity: str) -> bytes:
    path = exchange.address.partition("://")[2].partition("/")[2].encode()
    lines = [b"GET /" + path + b" HTTP/1.1", *(name + b": " + value for name, value in exchange.sent)]
    block = b"\r\n".join(lines) + b"\r\n\r\n"
    content_type = "application/http; msgtype=request"
    about = {"WARC-Concurrent-To": identity}
    return _record("request", exchange.address, exchange.started_at, content_type, block, about)


def _record(kind: str, address: str, moment: datetime, content_type: str, block: bytes, about: dict[str, str]) -> bytes:
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>",
        "WARC-Date": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "WARC-Target-URI": address,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
        **about,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n", _LEVEL, mtime=0)


def _parse(record: bytes) -> tuple[dict[str, str], bytes]:
    """The headers, by their names in lower case, and the block of a record of ours. Raises ValueError."""
    head, end, rest = record.partition(b"\r\n\r\n")
    version, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "-1"))
    if not version.startswith("WARC/") or not end or len(rest) < length or length < 0 or "warc-type" not in headers:
        raise ValueError("no record")
    return headers, rest[:length]


def _capture(records: Sequence[tuple[dict[str, str], bytes]]) -> Fetched:
    *pairs, (_, block) = records
    summary = json.loads(block)
    exchanges = []
    for index in range(0, len(pairs), 2):
        (headers, response), (_, request) = pairs[index], pairs[index + 1]
        exchanges.append(_exchange(headers, response, request, summary["protocols"][index // 2]))
    problem = Problem(Reason(summary["problem"]), summary["detail"]) if summary["problem"] else None
    return Fetched(address=summary["address"], exchanges=tuple(exchanges), problem=problem)


def _exchange(headers: dict[str, str], response: bytes, request: bytes, protocol: str) -> Exchange:
    first, fields, body = _http(response)
    _, sent, _ = _http(request)
    words = first.split(b" ", 2)
    return Exchange(
        address=headers["warc-target-uri"],
        sent=sent,
        started_at=datetime.fromisoformat(headers["warc-date"]),
        peer=headers.get("warc-ip-address", ""),
        version=protocol,
        status=int(words[1]),
        phrase=words[2].decode("latin-1") if len(words) > 2 else "",
        headers=fields,
        body=body,
        truncated=headers.get("warc-truncated"),
    )


def _http(message: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...], bytes]:
    head, _, body = message.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first, tuple((name, value) for name, _, value in (line.partition(b": ") for line in lines)), body


def _members(packed: bytes) -> Iterator[bytes]:
    return (member for _, member in _members_of(io.BytesIO(packed)))


def _members_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The whole gzip members of a file, each with its packed length; ends where one is damaged or cut off."""
    pending = b""
    while True:
        inflater = zlib.decompressobj(GZIP_WINDOW)
        content = bytearray()
        length = 0
        while not inflater.eof:
            if not pending and not (pending := file.read(_BLOCK)):
                return
            try:
                content += inflater.decompress(pending)
            except zlib.error:
                return
            length += len(pending) - len(inflater.unused_data)
            pending = inflater.unused_data
        yield length, bytes(content)
