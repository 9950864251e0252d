"""Bytes to text and text to pieces, in flat memory."""

import codecs
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, TextIO, cast

from charset_normalizer import from_bytes

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault
from newsmill.tasks.formats.limits import MAX_ARTICLE, MAX_DOCUMENT

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 8192
_SAMPLE = 1_000_000
_BLOCK = 262_144
_OVERLAP = 2000
"""Characters that a mark between two articles may have."""
_WIDER = {"iso8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_ASCII = bytes(range(128))


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 in text that is: most were pasted from Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


AS_WINDOWS = "newsmill_export"
"""The name of the error handler that takes what is not UTF-8 for Windows-1252."""
codecs.register_error(AS_WINDOWS, _as_windows)


def encoding_of(sample: bytes) -> str:
    """The encoding of text by its first bytes: its mark, UTF-8 where it is that, what it declares, or a guess."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if _is_utf8(sample):
        return "utf-8"
    declared = _codec(_DECLARED.search(sample, 0, _DECLARED_WITHIN))
    if declared and declared != "utf-8":
        return declared
    foreign = len(sample.translate(None, _ASCII))
    if sum(map(str.isalpha, sample.decode("ascii", "ignore"))) > 4 * foreign:
        return "cp1252"
    best = from_bytes(sample[:65_536]).best()
    return _WIDER.get(best.encoding, best.encoding) if best else "cp1252"


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8 but for a character that the end of the sample cuts."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _codec(found: re.Match[bytes] | None) -> str | None:
    try:
        name = codecs.lookup(found[1].decode("ascii", "replace")).name if found else None
    except LookupError:
        return None
    return _WIDER.get(name, name) if name and not name.startswith(("utf-16", "utf-32", "utf-7")) else None


@contextmanager
def as_text(stream: BinaryIO) -> Iterator[TextIO]:
    """The text of a stream that can be rewound, with line breaks as ``\\n``; the stream stays open."""
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    encoding = encoding_of(sample)
    errors = AS_WINDOWS if encoding.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(cast(IO[bytes], stream), encoding=encoding, errors=errors)
    try:
        yield text
    finally:
        text.detach()


@contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream if it can be rewound, else a copy of it on disk."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def whole(stream: BinaryIO, max_bytes: int = MAX_DOCUMENT) -> bytes | Fault:
    """All bytes of a stream, or a fault where it has more than ``max_bytes``."""
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        return Fault(Reason.TOO_LARGE, f"more than {max_bytes:,} bytes, which have to be read at once")
    return content


def pieces(text: TextIO, mark: re.Pattern[str], max_chars: int = MAX_ARTICLE) -> Iterator[str | Fault]:
    """The text in pieces, each of which but the first begins with a match of ``mark``.

    Keeps no more than one piece in memory; one of more than ``max_chars`` is passed over with a fault.
    """
    buffer, searched, is_long = "", 0, False
    while True:
        block = text.read(_BLOCK)
        buffer += block
        end = len(buffer) - (_OVERLAP if block else 0)
        start = 0
        for found in mark.finditer(buffer, searched):
            if found.start() > end:
                break
            if found.start() > start and not is_long:
                yield buffer[start : found.start()]
            start, is_long = found.start(), False
        buffer = buffer[start:]
        searched = max(1, end - start + 1)
        if len(buffer) > max_chars and not is_long:
            yield Fault(Reason.TOO_LARGE, f"an article of more than {max_chars:,} characters")
            is_long = True
        if is_long:
            cut = max(0, len(buffer) - _OVERLAP)
            buffer, searched = buffer[cut:], max(1, searched - cut)
        if not block:
            if not is_long and buffer.strip():
                yield buffer
            return
