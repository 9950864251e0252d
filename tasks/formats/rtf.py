"""Rich Text Format, read as a stream: exports of Nexis, Factiva and APA-DeFacto can be of any size.

By the RTF specification 1.9.1: groups, control words, destinations that hold no text, ``\\'xx`` in the code page of
the document or the font, ``\\uN`` with the characters that stand in for it, and binary data that is passed over.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.documents import Line, Properties, items_of_lines
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_ARTICLE, MAX_DEPTH

_BLOCK = 262_144
_LONGEST_TOKEN = 64
_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<symbol>[^a-zA-Z])|"
    rb"(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf "
    b"footnote annotation fldinst themedata datastore listtable listoverridetable rsidtbl generator xmlnstbl "
    b"latentstyles colorschememapping filetbl revtbl pgdsctbl bkmkstart bkmkend objdata shpinst nonshppict tc xe txe "
    b"atnid atnauthor atntime atnref atndate picprop shppict do".split()
)
_BREAKS = frozenset(b"par line sect page row softline".split())
_CHARACTERS = {
    b"tab": "\t",
    b"cell": " | ",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_CHARSETS = {0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256}
_CHARSETS |= {186: 1257, 204: 1251, 222: 874, 238: 1250, 77: 10000}
_MAC = {10000: "mac_roman"}


class _BrokenError(Exception):
    """What is wrong with the file, as a fault."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(reason, detail)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a group."""

    is_silent: bool = False
    fallback: int = 1
    """Characters behind ``\\uN`` that stand in for it."""
    font: int | None = None
    is_font_table: bool = False


def read_rtf(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export, or the one that the document is."""
    try:
        yield from items_of_lines(_lines(stream), Properties())
    except _BrokenError as error:
        yield error.fault


def _lines(stream: BinaryIO) -> Iterator[Line]:
    """The paragraphs. Raises _BrokenError for groups too deep, a paragraph too long, or an end that is missing."""
    written: list[str] = []
    size = 0
    for piece in _pieces(stream):
        if piece == "\n":
            yield Line("".join(written))
            written, size = [], 0
        else:
            written.append(piece)
            size += len(piece)
            if size > MAX_ARTICLE:
                raise _BrokenError(Reason.TOO_LARGE, f"a paragraph of more than {MAX_ARTICLE:,} characters")
    if written:
        yield Line("".join(written))


def _pieces(stream: BinaryIO) -> Iterator[str]:
    groups: list[_Group] = []
    now = _Group()
    page, fonts, table_font = "cp1252", dict[int, str](), 0
    raw = bytearray()
    high = 0
    skip = 0
    """Characters to pass over after a ``\\uN``."""
    is_starred = is_start = False
    for token in _tokens(stream):
        kind = token.lastgroup
        word = token["word"]
        if raw and kind != "hex":
            yield bytes(raw).decode(fonts.get(now.font, page) if now.font is not None else page, "replace")
            raw.clear()
        if kind == "open":
            groups.append(now)
            if len(groups) > MAX_DEPTH:
                raise _BrokenError(Reason.TOO_LARGE, f"groups within groups, more than {MAX_DEPTH} deep")
            is_starred, is_start, skip = False, True, 0
            continue
        if kind == "close":
            if not groups:
                break
            now, skip = groups.pop(), 0
            if not groups:
                return
            continue
        if word is not None:
            number = int(token["number"]) if token["number"] else None
            if is_start and (word in _SILENT or is_starred):
                now = replace(now, is_silent=True, is_font_table=word == b"fonttbl")
            is_start = is_starred = False
            if word == b"ansicpg" and number:
                page = _codec(number) or page
            elif word in (b"mac", b"pc", b"pca"):
                page = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}[word]
            elif word == b"f" and number is not None:
                table_font = number
                now = replace(now, font=number)
            elif word == b"fcharset" and number is not None and any(group.is_font_table for group in (now, *groups)):
                if number in _CHARSETS and number != 0:
                    fonts[table_font] = _codec(_CHARSETS[number]) or page
            elif word == b"uc" and number is not None:
                now = replace(now, fallback=max(0, min(number, 8)))
            elif word == b"v":
                now = replace(now, is_silent=number != 0)
            elif word == b"plain":
                now = replace(now, font=None)
            elif now.is_silent:
                continue
            elif word == b"u" and number is not None:
                unit = number % 65_536
                skip = now.fallback
                if 0xD800 <= unit < 0xDC00:
                    high = unit
                elif 0xDC00 <= unit < 0xE000:
                    if high:
                        yield chr(0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00)
                    high = 0
                else:
                    yield chr(unit)
            elif word in _BREAKS:
                yield "\n"
            elif word in _CHARACTERS:
                if skip:
                    skip -= 1
                else:
                    yield _CHARACTERS[word]
            continue
        if token["symbol"] == b"*":
            is_starred = True
            continue
        is_start = is_starred = False
        if now.is_silent:
            continue
        if kind == "hex":
            if skip:
                skip -= 1
            else:
                raw.append(int(token["hex"], 16))
        elif kind == "symbol":
            if token["symbol"] in b"\r\n":
                yield "\n"
            elif token["symbol"] in _SYMBOLS:
                yield _SYMBOLS[token["symbol"]]
        elif kind == "text":
            text = token["text"]
            cut = min(skip, len(text))
            skip -= cut
            if text[cut:]:
                yield text[cut:].decode(page, "replace")
    raise _BrokenError(Reason.DAMAGED, "RTF that is cut short: its last group does not end")


def _tokens(stream: BinaryIO) -> Iterator[re.Match[bytes]]:
    """The tokens of a stream; the bytes behind ``\\binN`` are passed over."""
    buffer = b""
    while True:
        block = stream.read(_BLOCK)
        buffer += block
        end = len(buffer) - (_LONGEST_TOKEN if block else 0)
        position = 0
        while position < end:
            found = _TOKEN.match(buffer, position)
            if found is None:
                position += 1
                continue
            position = found.end()
            if found["word"] == b"bin" and found["number"]:
                left = max(0, int(found["number"]))
                inside = min(left, len(buffer) - position)
                position += inside
                left -= inside
                while left > 0 and (passed := stream.read(min(left, _BLOCK))):
                    left -= len(passed)
                continue
            yield found
        buffer = buffer[position:]
        if not block:
            return


def _codec(page: int) -> str | None:
    name = _MAC.get(page, f"cp{page}" if page != 65001 else "utf-8")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
