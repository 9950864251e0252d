"""Records: the documents of JSON lines and of Parquet tables."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.schemas.rows import RawDocument, Rejection, Stated
from newsmill.schemas.words import ContentKind, Reason
from newsmill.tasks.formats.items import Fault
from newsmill.tasks.formats.tables import columns_of, item_of_row
from newsmill.tasks.inputs.content import (
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
    unfit_address,
)
from newsmill.tasks.inputs.source import Limits
from newsmill.tasks.read.items import stated_of

_CHARSET = re.compile(r"[\w.:+-]{1,60}", re.ASCII)
_MAX_ID_LENGTH = 1000


def read_json_lines(
    stream: BinaryIO, *, uri: str, source: str, limits: Limits, input_id: str | None = None, clean: bool = False
) -> Iterator[RawDocument | Rejection]:
    """The documents of JSON lines: objects {id, url?, html_b64 | html | text, charset?, fetched_at?}.

    Of several contents the first in this order that is not empty is taken. A ``url`` that is no http or https address
    and cannot be mended is taken as none, and kept as ``stated_url``. What else a line with a text states (title,
    date, authors, publication, ...) is taken as it is, and its text then is the article whole, unless ``clean``.
    ``charset`` goes with ``html_b64``;
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
            yield _document_of_record(record, whole.input_id, here, limits, clean=clean)
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


def is_own_line(head: bytes) -> bool:
    """Whether the first of JSON lines is a page or text by our own fields alone, not a record of an article."""
    first = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").partition(b"\n")[0]
    return _is_own(_KEY.findall(first.decode("utf-8", "replace")))


def is_own_table(file: BinaryIO) -> bool:
    """The same of a Parquet table; one that is damaged is left to :func:`read_parquet`, which says so."""
    try:
        return _is_own(pq.ParquetFile(file).schema_arrow.names)
    except (pa.ArrowException, OSError):
        return True


def _is_own(names: Iterable[str]) -> bool:
    own = set(names)
    return bool(own & {"html", "html_b64"}) or own <= set(_RECORD_FIELDS)


_KEY = re.compile(r'(?<=[{,])\s*"([^"\\]{1,80})"\s*:')
"""A field of a JSON object, whether or not the object is whole."""


_ROWS_AT_ONCE = 64


def read_parquet(file: BinaryIO, whole: Place, limits: Limits) -> Iterator[RawDocument | Rejection]:
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
    except MemoryError:
        raise  # which Arrow counts among its own exceptions, and is for whoever bounds the memory
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


def _document_of_record(
    record: Mapping[str, Any], prefix: str, line: Place, limits: Limits, *, clean: bool = False
) -> RawDocument | Rejection:
    here = line
    try:
        identity = _identity(record)
        here = line if identity is None else Place(f"{prefix}#{identity}", line.source, line.raw_uri)
        stated = _string(record, "url") or ""
        address = clean_address(stated) or mended_address(stated)
        unfit = None if address else unfit_address(stated)
        here = Place(here.input_id, line.source, line.raw_uri, address, unfit)
        kind, content, charset = _content(record)
        fetched_at = _moment(record)
    except _Refused as refusal:
        return here.reject(refusal.problem)
    told = _stated(record) if kind is ContentKind.TEXT else None
    if told is not None and not clean:
        kind = ContentKind.ARTICLE
    document = here.document(kind, content, limits.max_bytes, charset=charset, fetched_at=fetched_at)
    return document if isinstance(document, Rejection) else document.replace(stated=told)


def _stated(record: Mapping[str, Any]) -> Stated | None:
    """What a record states of its article beside our own fields; None where that is nothing."""
    own = {name: value for name, value in record.items() if name not in _RECORD_FIELDS}
    columns = columns_of([*own, "text"], {})
    if isinstance(columns, Fault):
        return None
    stated = stated_of(item_of_row({**own, "text": ""}, columns))
    return stated if stated != Stated() else None


def _identity(record: Mapping[str, Any]) -> str | None:
    """What the record calls itself; None for one without a name, which is known by its line."""
    identity = record.get("id")
    if identity is None or identity == "":
        return None
    if isinstance(identity, bool) or not isinstance(identity, (str, int)):
        raise _Refused(Reason.BAD_RECORD, "id is no string or whole number")
    shown = printable(str(identity))
    if len(shown) > _MAX_ID_LENGTH:
        raise _Refused(Reason.BAD_RECORD, f"id has more than {_MAX_ID_LENGTH:,} characters")
    return shown


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
