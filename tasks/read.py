"""Read: sources become raw documents, one at a time, so that memory does not grow with the input.

Here bytes stay bytes: their encoding and whether they hold an article is for the extract stage to decide.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import StorageError
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, SourceKind
from newsmill.storage import ObjectInfo, ObjectStore, open_store
from newsmill.tasks.archive import read_archive
from newsmill.tasks.content import (
    HEAD_BYTES,
    MAGIC,
    UTF16_MARKS,
    Place,
    Problem,
    clean_address,
    mended_address,
    one_line,
    parse_moment,
    printable,
    sniff,
    too_large,
)

_TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_LINES_SUFFIXES = (".jsonl", ".ndjson")
_ARCHIVE_SUFFIXES = (".warc", ".wet", ".arc")
_PARQUET_SUFFIX = ".parquet"
_KNOWN_SUFFIXES = (*_TEXT_SUFFIXES, *_HTML_SUFFIXES, *_LINES_SUFFIXES, *_ARCHIVE_SUFFIXES, _PARQUET_SUFFIX)
_OTHER_SUFFIXES = (".json", ".csv", ".tsv", ".css", ".js")
"""Text, but never an article; by their first bytes they would pass for one."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CHARSET = re.compile(r"[\w.:+-]{1,60}", re.ASCII)
_MAX_ID_LENGTH = 1000
_WILDCARD = re.compile(r"[*?\[]")
_HTML_START = re.compile(
    # Possessive, since a run of comments could otherwise be parted in as many ways as there are subsets of it.
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What to read: a file, a folder, a glob or an http(s) address, and the name its rows carry.

    ``kind`` is of what stands at an address; a list may stand anywhere.
    """

    name: str
    uri: str
    kind: SourceKind = SourceKind.AUTO

    @property
    def is_fetched(self) -> bool:
        """Whether its articles come from the web, by way of the archive."""
        return self.kind is SourceKind.LIST or clean_address(self.uri) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one input, in bytes; what is beyond them is rejected without having been read into memory."""

    max_bytes: int = 20_000_000
    """Of one document, packed or unpacked."""
    max_line_bytes: int = 64_000_000
    """Of one JSON line: its escapes and base64 make it longer than the document in it."""


def source_of(argument: str) -> Source:
    """The source that a command-line argument stands for, named after its host, folder or file."""
    return Source(name=printable(_name_of(argument)), uri=argument)


def is_address(uri: str) -> bool:
    """Whether ``uri`` has a scheme, as against a path."""
    return _ADDRESS.match(uri) is not None


def read_sources(
    sources: Sequence[Source],
    *,
    limits: Limits,
    fetched: Callable[[Source], Iterable[RawDocument | Rejection]],
    store_at: Callable[[str], ObjectStore] = open_store,
) -> Iterator[RawDocument | Rejection]:
    """Every input of the sources in order, read or rejected; nothing is raised for a bad input, and none blocks.

    ``input_id`` is the path as given (relative stays relative) or the address; ``path#id`` for a JSON line and
    ``path#record`` for a record of an archive. What would repeat an id has ``~2`` and so on after it. ``fetched``
    gives what was fetched of a source on the web; ``store_at`` opens the bucket of an ``s3://`` one,
    whose objects are read piece by piece.
    """
    ids = _Ids()
    for source in sources:
        if source.is_fetched:
            for item in fetched(source):
                yield item.replace(input_id=ids.take(item.input_id))
        elif not is_address(source.uri):
            yield from _read_paths(source, ids, limits)
        elif source.uri.startswith("s3://"):
            yield from _read_objects(source, ids, limits, store_at)
        else:
            place = Place(ids.take(printable(source.uri)), source.name, printable(source.uri))
            yield place.reject(Problem(Reason.BAD_URL, "only http, https and s3 addresses can be read"))


def read_json_lines(
    stream: BinaryIO, *, uri: str, source: str, limits: Limits, input_id: str | None = None
) -> Iterator[RawDocument | Rejection]:
    """The documents of JSON lines: objects {id, url?, html_b64 | html | text, charset?, fetched_at?}.

    Of several contents the first in this order that is not empty is taken. ``charset`` goes with ``html_b64``;
    ``fetched_at`` is ISO 8601, UTC if it states no zone. Blank lines are passed over. ``input_id`` (default: ``uri``)
    goes before each document's own id. Raises what reading ``stream`` raises.
    """
    whole = Place(input_id or uri, source, uri)
    is_empty = True
    for number, line in enumerate(_bounded_lines(stream, limits.max_line_bytes), 1):
        here = Place(f"{whole.input_id}#L{number}", source, f"{uri}#L{number}")
        if line is None:
            is_empty = False
            yield here.reject(Problem(Reason.TOO_LARGE, f"a line of more than {limits.max_line_bytes:,} bytes"))
            continue
        if number == 1:
            if problem := _unfit_for_lines(line):
                yield whole.reject(problem)
                return
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - the mark is no part of the first line
        if not line or line.isspace():
            continue
        is_empty = False
        record = parse_record(line)
        if isinstance(record, Problem):
            yield here.reject(record)
        else:
            yield _document_of_record(record, whole.input_id, here, limits)
    if is_empty:
        yield whole.reject(Problem(Reason.EMPTY, "no line with anything in it"))


def parse_record(line: bytes) -> dict[str, Any] | Problem:
    """The JSON object of a line."""
    try:
        record = json.loads(line.decode(), parse_constant=_no_value)
    except UnicodeDecodeError:
        return Problem(Reason.BAD_ENCODING, "JSON lines are UTF-8, this one is not")
    except RecursionError:
        return Problem(Reason.BAD_JSON, "nested too deep")
    except ValueError as error:
        return Problem(Reason.BAD_JSON, one_line(error))
    if not isinstance(record, dict):
        return Problem(Reason.BAD_RECORD, f"a JSON object is expected, not {_json_type(record)}")
    return record


@dataclass(slots=True)
class _Ids:
    """Makes ids unique. Keeps eight bytes of each, since an archive may have millions; a collision costs a ``~2``."""

    _taken: set[int] = field(default_factory=set)
    _repeats: dict[int, int] = field(default_factory=dict)

    def take(self, wanted: str) -> str:
        key = _digest(wanted)
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        while True:
            count = self._repeats[key] = self._repeats.get(key, 1) + 1
            repeated = f"{wanted}~{count}"
            if (repeated_key := _digest(repeated)) not in self._taken:
                self._taken.add(repeated_key)
                return repeated


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _with_unique_ids(items: Iterable[RawDocument | Rejection]) -> Iterator[RawDocument | Rejection]:
    ids = _Ids()
    for item in items:
        input_id = ids.take(item.input_id)
        yield item if input_id == item.input_id else item.replace(input_id=input_id)


def _name_of(argument: str) -> str:
    if is_address(argument):
        try:
            host = urlsplit(argument).hostname
        except ValueError:
            host = None
        return (host or argument).removeprefix("www.")
    path = Path(argument)
    if _WILDCARD.search(argument) and not _exists(path):
        path = _static_part(path)
    name = path.name.removesuffix(".gz")
    name = name.removesuffix(Path(name).suffix) if name.lower().endswith(_KNOWN_SUFFIXES) else name
    return name if name not in ("", "..") else "local"


def _read_paths(source: Source, ids: _Ids, limits: Limits) -> Iterator[RawDocument | Rejection]:
    for path, problem in _paths(source.uri):
        shown = printable(str(path))
        # "#" parts a path from what stands in it, so that no file's name can be taken for a line of another file.
        place = Place(ids.take(shown.replace("#", "%23")), source.name, shown)
        if problem is not None:
            yield place.reject(problem)
        else:
            yield from _with_unique_ids(_read_file(path, place, limits))


def _read_objects(
    source: Source, ids: _Ids, limits: Limits, store_at: Callable[[str], ObjectStore]
) -> Iterator[RawDocument | Rejection]:
    """The objects whose key starts with the prefix that an ``s3://`` address names, which may be one object's key."""
    bucket, _, prefix = source.uri.removeprefix("s3://").partition("/")
    shown = printable(source.uri)
    is_empty = True
    try:
        store = store_at(f"s3://{bucket}")
        for info in store.list(prefix):
            # A prefix names a folder or an object, not whatever happens to begin alike.
            if info.key != prefix and not info.key.startswith(f"{prefix.rstrip('/')}/" if prefix else ""):
                continue
            is_empty = False
            uri = printable(f"s3://{bucket}/{info.key}")
            place = Place(ids.take(uri.replace("#", "%23")), source.name, uri)
            yield from _with_unique_ids(_read_object(store, info, place, limits))
    except StorageError as error:
        yield Place(ids.take(shown), source.name, shown).reject(Problem(Reason.NOT_READABLE, one_line(error)))
    else:
        if is_empty:
            yield Place(ids.take(shown), source.name, shown).reject(
                Problem(Reason.NOT_FOUND, "no object has such a key")
            )


def _read_object(
    store: ObjectStore, info: ObjectInfo, place: Place, limits: Limits
) -> Iterator[RawDocument | Rejection]:
    try:
        with store.open(info.key) as file:
            yield from _read_opened(cast("BufferedReader", file), Path(info.key).name, info.size, place, limits)
    except StorageError as error:
        yield place.reject(Problem(Reason.NOT_READABLE, one_line(error)))


def _paths(uri: str) -> Iterator[tuple[Path, Problem | None]]:
    """The files that a path or glob stands for, in order, and what cannot be read on the way to them."""
    path = Path(uri)
    if not uri:
        yield path, Problem(Reason.NOT_FOUND, "an empty path")
    elif _WILDCARD.search(uri) and not _exists(path):
        root = _static_part(path)
        matches = sorted(set(_matches(root, path.parts[len(root.parts) :])))
        if not matches:
            yield path, Problem(Reason.NOT_FOUND, "nothing matches the pattern")
        for match in matches:
            if not _is_folder(match):
                yield match, None
            elif "**" not in path.parts:
                yield from _walk(match)
    elif _is_folder(path):
        yield from _walk(path)
    else:
        yield path, None


def _walk(folder: Path) -> Iterator[tuple[Path, Problem | None]]:
    """The files below a folder in sorted order; each folder once, whatever symbolic links lead to it."""
    visited: set[tuple[int, int]] = set()
    is_empty = True
    stack = [folder]
    while stack:
        path = stack.pop()
        if not _is_folder(path):
            is_empty = False
            yield path, None
            continue
        try:
            status = path.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            stack += sorted((entry for entry in path.iterdir() if not entry.name.startswith(".")), reverse=True)
        except OSError as error:
            is_empty = False
            yield path, _unreadable(error)
    if is_empty:
        yield folder, Problem(Reason.NOT_FOUND, "the folder has no files")


def _static_part(pattern: Path) -> Path:
    """The folder that a glob starts from."""
    static = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts:
        if _WILDCARD.search(part):
            break
        static /= part
    return static


def _matches(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Paths below ``folder`` that match the pattern's parts.

    Not by :mod:`glob`, whose ``**`` follows symbolic links in circles.
    """
    if not parts:
        yield folder
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        for below in _folders(folder):
            yield from _matches(below, rest or ("*",))
    elif _WILDCARD.search(first):
        for entry in _entries(folder):
            if fnmatchcase(entry.name, first) and (first.startswith(".") or not entry.name.startswith(".")):
                yield from _matches(entry, rest)
    elif _exists(folder / first):
        yield from _matches(folder / first, rest)


def _folders(folder: Path) -> Iterator[Path]:
    visited: set[tuple[int, int]] = set()
    stack = [folder]
    while stack:
        path = stack.pop()
        try:
            status = path.stat()
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        yield path
        stack += [entry for entry in _entries(path) if not entry.name.startswith(".") and _is_folder(entry)]


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    """As the path's own method, which raises for a name that is too long."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _exists(path: Path) -> bool:
    """Whether something stands there, be it a symbolic link to nothing."""
    return os.path.lexists(path)


def _read_file(path: Path, place: Place, limits: Limits) -> Iterator[RawDocument | Rejection]:
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        yield place.reject(_unreadable(error))
        return
    if not stat.S_ISREG(status.st_mode):
        # Opening a named pipe would wait for a writer.
        yield place.reject(Problem(Reason.UNSUPPORTED_TYPE, "not a regular file"))
        return
    try:
        with path.open("rb") as file:
            yield from _read_opened(file, path.name, status.st_size, place, limits)
    except OSError as error:
        yield place.reject(_unreadable(error))


def _read_opened(
    file: BufferedReader, name: str, size: int, place: Place, limits: Limits
) -> Iterator[RawDocument | Rejection]:
    try:
        yield from _read_content(file, name.lower(), size, place, limits)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield place.reject(Problem(Reason.BAD_ARCHIVE, f"damaged gzip: {one_line(error)}"))


def _read_content(
    file: BufferedReader, name: str, size: int, place: Place, limits: Limits
) -> Iterator[RawDocument | Rejection]:
    suffix = Path(name.removesuffix(".gz")).suffix
    if suffix in _ARCHIVE_SUFFIXES or (suffix not in _KNOWN_SUFFIXES and file.peek(5).startswith(b"WARC/")):
        yield from read_archive(file, place, limits.max_bytes)
        return
    if suffix == _PARQUET_SUFFIX:
        yield from _read_parquet(file, place, limits)
        return
    stream: BinaryIO = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if name.endswith(".gz") else file
    if suffix in _LINES_SUFFIXES:
        yield from read_json_lines(
            stream, uri=place.raw_uri, source=place.source, limits=limits, input_id=place.input_id
        )
    elif size > limits.max_bytes:
        yield place.reject(too_large(limits.max_bytes))
    else:
        content = stream.read(limits.max_bytes + 1)
        kind = _kind_of_file(suffix, content)
        if kind is None and content:
            yield place.reject(Problem(Reason.UNSUPPORTED_TYPE, "neither HTML nor text"))
        else:
            yield place.document(kind or ContentKind.TEXT, content, limits.max_bytes)


_ROWS_AT_ONCE = 64


def _read_parquet(file: BinaryIO, whole: Place, limits: Limits) -> Iterator[RawDocument | Rejection]:
    """The documents of a table that has an html, html_b64 or text column, and may have the other fields of a JSON line.

    A row without an ``id`` is named by its number, from 1; html may be bytes, whose charset the page states.
    """
    number = 0
    try:
        table = pq.ParquetFile(file)
        columns = [name for name in table.schema_arrow.names if name in _RECORD_FIELDS]
        if not {"html", "html_b64", "text"}.intersection(columns):
            detail = "a table without a column html, html_b64 or text"
            yield whole.reject(Problem(Reason.BAD_RECORD, detail))
            return
        for batch in table.iter_batches(_ROWS_AT_ONCE, columns=columns):
            for row in batch.to_pylist():
                number += 1
                here = Place(f"{whole.input_id}#R{number}", whole.source, f"{whole.raw_uri}#R{number}")
                yield _document_of_record(_record_of_row(row, number), whole.input_id, here, limits)
    except (pa.ArrowException, OSError) as error:  # the library raises either for damage
        yield whole.reject(Problem(Reason.BAD_ARCHIVE, f"damaged Parquet: {one_line(error)}"))
    else:
        if number == 0:
            yield whole.reject(Problem(Reason.EMPTY, "a table without rows"))


_RECORD_FIELDS = ("id", "url", "html_b64", "html", "text", "charset", "fetched_at")


def _record_of_row(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The row as the JSON line that it would be."""
    record = {"id": f"R{number}"} | {name: value for name, value in row.items() if value is not None}
    if isinstance(record.get("html"), bytes):
        record["html_b64"] = base64.b64encode(record.pop("html")).decode()
    if isinstance(record.get("fetched_at"), datetime):
        record["fetched_at"] = record["fetched_at"].isoformat()
    return record


def _kind_of_file(suffix: str, content: bytes) -> ContentKind | None:
    if suffix in _HTML_SUFFIXES:
        return ContentKind.HTML
    if suffix in _TEXT_SUFFIXES:
        # A page that was saved under the wrong name says so in its first tag.
        return ContentKind.HTML if _HTML_START.match(content[:HEAD_BYTES]) else ContentKind.TEXT
    return None if suffix in _OTHER_SUFFIXES else sniff(content[:HEAD_BYTES])


def _unreadable(error: OSError | ValueError) -> Problem:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Problem(Reason.NOT_FOUND, "no such file or folder")
    if isinstance(error, ValueError):
        return Problem(Reason.NOT_FOUND, one_line(error))
    return Problem(Reason.NOT_READABLE, (error.strerror or type(error).__name__).lower())


def _bounded_lines(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | None]:
    """The lines without their ends; None for one that is longer than ``max_bytes``, which is passed over in pieces."""
    while line := stream.readline(max_bytes + 2):
        if len(line.rstrip(b"\r\n")) > max_bytes:
            while not line.endswith(b"\n") and (line := stream.readline(2**20)):
                pass
            yield None
        else:
            yield line.rstrip(b"\r\n")


def _unfit_for_lines(first: bytes) -> Problem | None:
    """Why a file is not JSON lines at all, which is told once and not for every one of its accidental lines."""
    head = first[:HEAD_BYTES]
    if head.startswith(UTF16_MARKS):
        return Problem(Reason.BAD_ENCODING, "JSON lines are UTF-8, this file is UTF-16")
    if head.startswith(MAGIC) or b"\0" in head:
        return Problem(Reason.BINARY, "a binary file under the name of JSON lines")
    return None


def _no_value(_name: str) -> None:
    """NaN and the infinities are no JSON, but what many tools write for a missing value."""


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return "an array" if isinstance(value, list) else "a string" if isinstance(value, str) else "a number"


class _Refused(Exception):
    """A record is not what it has to be; carries the problem out of the record's fields."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(reason, detail)


def _document_of_record(record: Mapping[str, Any], prefix: str, line: Place, limits: Limits) -> RawDocument | Rejection:
    here = line
    try:
        here = Place(f"{prefix}#{_identity(record)}", line.source, line.raw_uri)
        here = Place(here.input_id, line.source, line.raw_uri, _address(record))
        kind, content, charset = _content(record)
        fetched_at = _moment(record)
    except _Refused as refusal:
        return here.reject(refusal.problem)
    return here.document(kind, content, limits.max_bytes, charset=charset, fetched_at=fetched_at)


def _identity(record: Mapping[str, Any]) -> str:
    identity = record.get("id")
    if isinstance(identity, bool) or not isinstance(identity, (str, int)) or identity == "":
        raise _Refused(Reason.BAD_RECORD, "id is missing, or no string or whole number")
    shown = printable(str(identity))
    if len(shown) > _MAX_ID_LENGTH:
        raise _Refused(Reason.BAD_RECORD, f"id has more than {_MAX_ID_LENGTH:,} characters")
    return shown


def _address(record: Mapping[str, Any]) -> str | None:
    stated = _string(record, "url")
    if not stated:
        return None
    address = clean_address(stated) or mended_address(stated)
    if address is None:
        raise _Refused(Reason.BAD_URL, "url is no http or https address; leave it out if there is none")
    return address


def _content(record: Mapping[str, Any]) -> tuple[ContentKind, bytes, str | None]:
    """What the document is, its bytes and their charset.

    Many collections keep a page's text beside its source, so the one that says most of the page is taken.
    """
    stated = {key: _string(record, key) for key in ("html_b64", "html", "text")}
    given = [(key, content) for key, content in stated.items() if content is not None]
    if not given:
        raise _Refused(Reason.BAD_RECORD, "html, html_b64 or text is needed")
    key, content = next((pair for pair in given if pair[1]), given[0])
    if key != "html_b64":
        return ContentKind.HTML if key == "html" else ContentKind.TEXT, _encoded(content), "utf-8"
    charset = _string(record, "charset")
    if charset is not None and not _CHARSET.fullmatch(charset):
        raise _Refused(Reason.BAD_RECORD, "charset is no name of an encoding")
    try:
        return ContentKind.HTML, base64.b64decode("".join(content.split()), validate=True), charset
    except ValueError as error:
        raise _Refused(Reason.BAD_RECORD, "html_b64 is no base64") from error


def _moment(record: Mapping[str, Any]) -> datetime | None:
    stated = _string(record, "fetched_at")
    moment = parse_moment(stated)
    if stated is not None and moment is None:
        raise _Refused(Reason.BAD_RECORD, "fetched_at is no ISO 8601 time")
    return moment


def _string(record: Mapping[str, Any], key: str) -> str | None:
    stated = record.get(key)
    if stated is not None and not isinstance(stated, str):
        raise _Refused(Reason.BAD_RECORD, f"{key} is no string")
    return stated


def _encoded(text: str) -> bytes:
    """UTF-8, with U+FFFD for halves of surrogate pairs, which JSON can hold and text cannot."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
