"""Words and sentence ends in every script: by Unicode's word breaks (UAX 29, ICU) and its character properties."""

import re
import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]  # regex ships no types
from icu4py.breakers import WordBreaker

_CHARACTERS = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x20000)]))
"""Those of all scripts in use; the planes beyond hold rare ideographs only."""

CLOSING: Final = "\"'" + "".join(regex.findall(r"[\p{Pe}\p{Pf}\p{Pi}]", _CHARACTERS))
"""Brackets and quotation marks that may follow a sentence's end; languages differ in which mark closes a quotation."""

_CLOSING_AND_SPACES = CLOSING + " \u00a0\u202f"

SENTENCE_STOPS: Final = frozenset(regex.findall(r"\p{Sentence_Terminal}", _CHARACTERS))
"""Marks that end sentences."""

QUESTION_MARKS: Final = frozenset(
    mark for mark in SENTENCE_STOPS if re.search("QUESTION|EXCLAMATION", unicodedata.name(mark, ""))
)
"""Those of questions and exclamations, in which headlines end too."""

CLAUSE_STOPS: Final = frozenset(
    {"-", "–", "—"} | set(regex.findall(r"\p{Terminal_Punctuation}", _CHARACTERS)) - SENTENCE_STOPS
)
"""Marks behind which a sentence goes on: commas, colons, dashes."""

_STOPS = re.escape("".join(sorted(SENTENCE_STOPS)))
_WIDE_STOPS = "。！？｡"
"""Those behind which no space is written."""

SENTENCE_END: Final = re.compile(rf"[{_STOPS}][{re.escape(CLOSING)}]*(?:\s+|$)|[{_WIDE_STOPS}]")
"""A sentence's end within a line or at its end."""

_NO_STOPS = re.compile(r"[\u0e01-\u0e4e\u0e81-\u0ece\u0f40-\u0fbc]")
"""Letters of Thai, Lao and Tibetan, which have no mark of Unicode's that ends a sentence."""

_LEAST_WITHOUT_STOP = 16
"""Words from which a line in such a script is taken for sentences: headlines have fewer."""

_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_SIMPLE = re.compile(
    r"[\x00-\u02ff\u0370-\u0482\u048a-\u0590\u05be\u05c0-\u060f\u061b-\u064a\u0660-\u066f\u0671-\u06d5\u06ee-\u06ff"
    r"\u10a0-\u10ff\u1e00-\u2bff\ufb00-\ufb4f\U0001f300-\U0001faff]*"
)
"""Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and Georgian without combining marks: in these a word is a run of
letters, which a pattern finds ten times as fast as Unicode's rules."""


def words_of(line: str) -> list[str]:
    """The words of a line in lower case. Scripts without spaces are cut by ICU's dictionaries."""
    return lowered_words(line.lower())


def lowered_words(line: str) -> list[str]:
    """As :func:`words_of`, of a line that is in lower case already."""
    if line.isascii():
        return _ASCII_WORD.findall(line)
    if _SIMPLE.fullmatch(line):
        return _WORD.findall(line)
    return _segments(line)


def count_words(text: str) -> int:
    """How many words a text has by Unicode's rules: segments between word breaks that hold a letter or a digit."""
    return len(_segments(text))


def _segments(text: str) -> list[str]:
    return [
        segment
        for segment in WordBreaker(text, "en")
        if segment.isalnum() or (len(segment) > 1 and any(map(str.isalnum, segment)))
    ]


def bare_end(line: str) -> str:
    """A line without the brackets and quotation marks that it ends in."""
    return line.rstrip(_CLOSING_AND_SPACES)


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, in a question or exclamation as well.

    In scripts without stops any line of a paragraph's length does.
    """
    bare = bare_end(line)
    return bool(bare) and (bare[-1] in SENTENCE_STOPS or bare[-1] == "…" or is_without_stops(bare))


def is_without_stops(line: str) -> bool:
    """Whether a line of a script that has no stops is long enough to be sentences."""
    return _NO_STOPS.match(line[-1:]) is not None and len(words_of(line)) >= _LEAST_WITHOUT_STOP
