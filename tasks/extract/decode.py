"""Bytes to text: which encoding a document is in, whether it is text at all, and the repair of what went wrong before.

The order of evidence follows the WHATWG encoding sniffing algorithm (byte order mark, transport, ``<meta>``) with one
departure: bytes that are valid UTF-8 with characters beyond ASCII are read as UTF-8 whatever is declared, since other
encodings do not form valid multi-byte sequences by accident and wrong declarations are common.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes
from ftfy import TextFixerConfig, fix_text
from ftfy.badness import is_bad

from newsmill.schemas.words import ContentKind, Reason
from newsmill.tasks.extract.language import language_of

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"OggS", "Ogg audio"),
    (b"ID3", "MP3 audio"),
    (b"fLaC", "FLAC audio"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:\-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:\-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 8192
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""What browsers read a label as: the encoding that holds all of it and what writers put there in fact."""

_ESCAPED = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp"), (b"\x1b(J", "iso2022_jp"), (b"~{", "hz"))
_SAMPLE = 65_536
_SEARCHED = 2_000_000
_TOLERATED = 0.002
"""Share of bytes that may be wrong in a document that is otherwise in an encoding: cut characters, pasted bytes."""

_REPAIR = TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    normalization="NFC",
    explain=False,
)
"""ftfy's repair of mojibake and nothing that rewrites sound text: quotation marks and ligatures stay as they are."""

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\u2028\u2029]")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_UPPER_CONTROL = re.compile(r"[\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060-\u2064\ufeff\ufffc\ufff9-\ufffb]|[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LOOSE_JOINER = re.compile(r"(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])")
"""Joiners mean something between letters of the scripts that join, and in emoji; elsewhere they are litter."""


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why bytes are no text."""

    reason: Reason
    detail: str


def decode(content: bytes, kind: ContentKind, charset: str | None = None) -> str | Undecodable:
    """The text of a document. ``charset`` is what the transport said.

    Bytes that stay outside the encoding chosen become U+FFFD, in UTF-8 the character that Windows-1252 gives them.
    """
    if not content.strip(b"\x00 \t\r\n"):
        return Undecodable(Reason.EMPTY, "the document has no bytes but white space")
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace")
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            return Undecodable(Reason.BINARY, f"the bytes are {what}, not text")
    wide = _without_mark(content)
    if wide:
        return content.decode(wide, "replace")
    escaped = next((name for mark, name in _ESCAPED if mark in content), None) if content.isascii() else None
    if escaped and (text := _strictly(content, escaped)):
        return text
    if _is_binary(content):
        return Undecodable(Reason.BINARY, "the bytes hold control codes that no text has")
    declared = _codec(charset)
    if kind is ContentKind.HTML and not declared:
        found = _DECLARED.search(content, 0, _DECLARED_WITHIN)
        declared = _codec((found[1] or found[2]).decode("ascii", "replace")) if found else None
    return _decode_as(content, declared)


def _decode_as(content: bytes, declared: str | None) -> str | Undecodable:
    if content.isascii():
        return content.decode("ascii")
    text = _strictly(content, "utf-8") or (_strictly(content, declared) if declared else None)
    if text is not None:
        return text
    wrong = _invalid_bytes(content)
    if wrong <= _TOLERATED * len(content) or wrong <= _characters_beyond_ascii(content):
        return content.decode("utf-8", "newsmill_windows")
    if declared and declared != "utf-8":
        text = content.decode(declared, "replace")
        if text.count("\ufffd") <= _TOLERATED * len(text):
            return text
    guess = _guess(_foreign_text(content))
    if guess is None:
        return Undecodable(Reason.BAD_ENCODING, "the bytes are in no encoding that could be told; state it")
    return content.decode(guess, "replace")


_LATIN_ENCODINGS = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sr", "sh", "sl", "bs", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("et", "lv", "lt"), "cp1257"),
    "tr": "cp1254",
    "vi": "cp1258",
}
_ASCII = bytes(range(128))
_UPPER_CONTROLS = bytes(range(128, 160))
"""Control codes in the ISO encodings, letters and quotation marks in those of Windows."""


def _guess(sample: bytes) -> str | None:
    """The encoding of text that states none, or a wrong one; None where it cannot be told.

    A language in Latin letters is known by them whatever its few other bytes stand for, and tells the encoding. The
    others are told by the frequency of their characters.
    """
    letters = sum(map(str.isalpha, sample.decode("ascii", "ignore")))
    if letters > 2 * len(sample.translate(None, _ASCII)):
        found = _LATIN_ENCODINGS.get(language_of(sample.decode("cp1252", "replace")) or "", "cp1252")
        is_iso = found == "cp1250" and sample == sample.translate(None, _UPPER_CONTROLS)
        return "iso8859-2" if is_iso else found
    best = from_bytes(sample).best()
    return _SUPERSETS.get(best.encoding, best.encoding) if best else None


_SEGMENT = re.compile(rb"<[^<>]*>|[\r\n]+")


def _foreign_text(content: bytes) -> bytes:
    """What tells the encoding of a document: the stretches between tags that are not ASCII."""
    pieces = (piece for piece in _SEGMENT.split(content[:_SEARCHED]) if not piece.isascii())
    return b"\n".join(pieces)[:_SAMPLE]


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _invalid_bytes(content: bytes) -> int:
    """How many bytes do not belong to valid UTF-8."""
    return content.decode("utf-8", "replace").count("\ufffd")


def _characters_beyond_ascii(content: bytes) -> int:
    """How many characters are written in UTF-8 with more than one byte."""
    text = content.decode("utf-8", "ignore")
    return len(text) - len(text.encode("ascii", "ignore"))


def _codec(label: str | None) -> str | None:
    """Python's name of an encoding label, widened as browsers do; None for an unknown label."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except LookupError:
        return None
    if name in {"utf-7", "utf-16", "utf-32", "idna", "punycode"} or name.endswith(("_codec", "_escape")):
        return None  # a page that could be read far enough to see the label is in none of these
    return _SUPERSETS.get(name, name)


def _without_mark(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: ASCII characters leave NUL bytes at regular places."""
    head = content[:4096]
    if b"\x00" not in head or len(head) < 8:
        return None
    nul = [head[i::4].count(0) / len(head[i::4]) for i in range(4)]
    if min(nul[1:]) > 0.9 and nul[0] < 0.1:
        return "utf-32-le"
    if min(nul[:3]) > 0.9 and nul[3] < 0.1:
        return "utf-32-be"
    low, high = (nul[1] + nul[3]) / 2, (nul[0] + nul[2]) / 2
    found = "utf-16-le" if low > 0.3 and high < 0.05 else "utf-16-be" if high > 0.3 and low < 0.05 else None
    if found is None:
        return None
    shown = head[: len(head) // 2 * 2].decode(found, "replace")
    return found if sum(c.isprintable() or c.isspace() for c in shown) >= 0.98 * len(shown) else None


_CONTROL_BYTES = bytes([*range(9), *range(14, 27), *range(28, 32), 127])


def _is_binary(content: bytes) -> bool:
    head = content[:_SAMPLE]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    return controls > max(8, 0.02 * len(head))


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 in a document that is: most were pasted from Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("newsmill_windows", _windows)


def clean_characters(text: str) -> str:
    """Text with mojibake repaired, in NFC, one kind of line break, and no control or zero-width characters."""
    text = _LINE_BREAKS.sub("\n", text)
    if text.isascii():
        return _INVISIBLE.sub("", _TERMINAL_CODE.sub("", text))
    text = unicodedata.normalize("NFC", text)
    if _UPPER_CONTROL.search(text) or _is_garbled(text):
        text = fix_text(text, _REPAIR)
    text = _INVISIBLE.sub("", _TERMINAL_CODE.sub("", text))
    if "\u200c" in text or "\u200d" in text:  # else the pattern, which opens with what is behind, asks every character
        text = _LOOSE_JOINER.sub("", text)
    if _DIRECTIONS.search(text) and not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTIONS.sub("", text)
    return unicodedata.normalize("NFC", text)  # what was cut may have stood between two that compose


_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_CONTEXT = 4
"""Characters on either side of those beyond ASCII that ftfy's signs of mojibake may take in."""


def _is_garbled(text: str) -> bool:
    """Whether ftfy takes the text for mojibake. Most text is ASCII, which its slow search need not see."""
    near = [text[max(0, found.start() - _CONTEXT) : found.end() + _CONTEXT] for found in _FOREIGN.finditer(text)]
    return is_bad(" ".join(near)) and is_bad(text)
