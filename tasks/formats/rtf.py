"""Rich Text Format, read as a stream: exports of Nexis, Factiva and APA-DeFacto can be of any size.

By the RTF specification 1.9.1: groups, control words, destinations that hold no text, ``\\'xx`` in the code page of
the document or the font, ``\\uN`` with the characters that stand in for it, and binary data that is passed over.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
_BREAKS = {**dict.fromkeys(b"par line sect row softline".split(), "\n"), b"page": "\f"}
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
_PAGES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_SETTINGS = frozenset({*_PAGES, b"ansicpg", b"plain", b"v", b"f", b"uc", b"fcharset"})


class _BrokenError(Exception):
    """What is wrong with the file, as a fault."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(reason, detail)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a group."""

    is_silent: bool = False
    is_hidden: bool = False
    is_font_table: bool = False
    fallback: int = 1
    """Characters behind ``\\uN`` that stand in for it."""
    font: int = -1


@dataclass(slots=True)
class _State:
    """Where in a document the reader is."""

    groups: list[_Group] = field(default_factory=list)
    now: _Group = field(default_factory=_Group)
    page: str = "cp1252"
    """The code page of the document."""
    fonts: dict[int, str] = field(default_factory=dict)
    """The code pages of fonts that have their own."""
    raw: bytearray = field(default_factory=bytearray)
    """Bytes in hexadecimal that wait for the rest of their character."""
    high: int = 0
    """The first half of a surrogate pair."""
    skip: int = 0
    """Characters to pass over, which stand in for one of Unicode."""
    is_start: bool = False
    """Whether nothing but ``\\*`` stands between the beginning of the group and here."""
    is_starred: bool = False

    @property
    def is_shown(self) -> bool:
        return not (self.now.is_silent or self.now.is_hidden)

    def open(self) -> None:
        """Begins a group; raises _BrokenError for one too deep."""
        self.groups.append(self.now)
        if len(self.groups) > MAX_DEPTH:
            raise _BrokenError(Reason.TOO_LARGE, f"groups within groups, more than {MAX_DEPTH} deep")
        self.is_start, self.is_starred, self.skip = True, False, 0

    def close(self) -> bool:
        """Ends a group; whether it was the document's own."""
        self.now, self.skip = self.groups.pop() if self.groups else self.now, 0
        return not self.groups

    def flushed(self) -> str:
        """The characters of the bytes that waited."""
        text = bytes(self.raw).decode(self.fonts.get(self.now.font, self.page), "replace")
        self.raw.clear()
        return text

    def word(self, word: bytes, number: int | None) -> str:
        """What a control word stands for in the text, once it has taken effect."""
        if self.is_start and (word in _SILENT or self.is_starred):
            self.now = replace(self.now, is_silent=True, is_font_table=word == b"fonttbl")
        self.is_start = self.is_starred = False
        if word in _SETTINGS:
            self._set(word, number)
        elif not self.is_shown:
            return ""
        elif word == b"u" and number is not None:
            return self._unicode(number % 65_536)
        elif word in _BREAKS:
            return _BREAKS[word]
        elif word in _CHARACTERS:
            return self._unskipped(_CHARACTERS[word])
        return ""

    def _set(self, word: bytes, number: int | None) -> None:
        if word in _PAGES:
            self.page = _PAGES[word]
        elif word == b"plain":
            self.now = replace(self.now, font=-1, is_hidden=False)
        elif word == b"v":
            self.now = replace(self.now, is_hidden=number != 0)
        elif number is None:
            return
        elif word == b"ansicpg":
            self.page = _codec(number) or self.page
        elif word == b"f":
            self.now = replace(self.now, font=number)
        elif word == b"uc":
            self.now = replace(self.now, fallback=max(0, min(number, 8)))
        elif self.now.is_font_table and number in _CHARSETS:
            self.fonts[self.now.font] = _codec(_CHARSETS[number]) or self.page

    def _unicode(self, unit: int) -> str:
        self.skip = self.now.fallback
        high, self.high = self.high, unit if 0xD800 <= unit < 0xDC00 else 0
        if self.high:
            return ""
        if 0xDC00 <= unit < 0xE000:
            return chr(0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00) if high else ""
        return chr(unit)

    def hex(self, byte: int) -> None:
        """A byte in hexadecimal."""
        if self.skip:
            self.skip -= 1
        elif self.is_shown:
            self.raw.append(byte)

    def symbol(self, symbol: bytes) -> str:
        """A control symbol."""
        if symbol == b"*":
            self.is_starred = True
            return ""
        self.is_start = self.is_starred = False
        if not self.is_shown:
            return ""
        return "\n" if symbol in (b"\r", b"\n") else self._unskipped(_SYMBOLS.get(symbol, ""))

    def text(self, text: bytes) -> str:
        """Characters that stand for themselves."""
        self.is_start = self.is_starred = False
        if not self.is_shown:
            return ""
        cut = min(self.skip, len(text))
        self.skip -= cut
        return text[cut:].decode(self.page, "replace")

    def _unskipped(self, character: str) -> str:
        if self.skip and character:
            self.skip -= 1
            return ""
        return character


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
        if piece in ("\n", "\f"):
            yield Line("".join(written))
            written, size = [], 0
            if piece == "\f":
                yield Line(piece)
        else:
            written.append(piece)
            size += len(piece)
            if size > MAX_ARTICLE:
                raise _BrokenError(Reason.TOO_LARGE, f"a paragraph of more than {MAX_ARTICLE:,} characters")
    if written:
        yield Line("".join(written))


def _pieces(stream: BinaryIO) -> Iterator[str]:
    """The text in pieces; the end of a paragraph and that of a page are pieces of their own."""
    state = _State()
    for token in _tokens(stream):
        kind = token.lastgroup
        if state.raw and kind != "hex":
            yield state.flushed()
        if kind == "open":
            state.open()
        elif kind == "close":
            if state.close():
                return
        elif kind == "hex":
            state.hex(int(token["hex"], 16))
        elif kind == "symbol":
            yield state.symbol(token["symbol"])
        elif kind == "text":
            yield state.text(token["text"])
        elif word := token["word"]:
            yield state.word(word, int(token["number"]) if token["number"] else None)
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
