"""The furniture of a host: lines that stand on page after page of it, whatever the page is about.

Newsletter offers, boxes about authors and disclaimers look like the end of an article. What tells them is that other
pages of the host end in the same words, and that these have nothing to do with the rest of the text. Here is what one
text shows of that; :mod:`newsmill.tasks.dedupe.furniture` decides by what the pages of the window show.
"""

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from newsmill.schemas.rows import FurnitureLine
from newsmill.tasks.inputs.identity import WORD

LINE = np.dtype([("hash", "<u4"), ("traits", "u1")])
"""How a line is remembered: 32 bits of its hash, and what it is on its page."""

AT_END, SENTENCE, APART = 1, 2, 4
"""The traits: it is among the last lines; it ends as a sentence; it has nothing to do with the rest."""

MOST_AT_END = 6
"""So many of the last lines may be furniture; ahead of them only sentences: datelines and subheads are none."""
LEAST_WORDS = 6
"""Words of such a sentence."""
MOST_CUT_AT_END, MOST_CUT_AHEAD = 1 / 2, 1 / 4
"""A text loses no more of its words."""
IN_COMMON = 1 / 3
"""A line has to do with the text that has so many of its words of five letters and more, or any of its names. Of 1,300
last paragraphs of articles 8.5 in 100 are apart by that, of sentences of furniture beside any text 83."""

_NAME_LETTERS, _WORD_LETTERS, _STEM = 4, 5, 6
_FIGURE_DIGITS = 3
_SAID = frozenset('"“”„«»「」『』‹›')
_STOPS = frozenset(".!?…。！？।؟")
_BEHIND_STOP = re.compile(r"(?:[.!?…:。！？।؟]\W*|^\W*)$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

EXTRACTED_WHOLE = frozenset({"record", "headline", "summary"})
"""The methods of texts that are taken as they are stated, of which no line is cut."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be furniture: its place among the lines of the text, and as it is remembered."""

    place: int
    hash: int
    traits: int


class _Line(NamedTuple):
    text: str
    words: tuple[str, ...]

    @property
    def is_said(self) -> bool:
        """Whether it holds what somebody said."""
        return not _SAID.isdisjoint(self.text)

    @property
    def is_sentence(self) -> bool:
        return self.text.rstrip(" )’'")[-1:] in _STOPS

    def hash(self) -> int:
        """32 bits over the words, or over the line where it has none: equal for lines that differ in case and marks."""
        said = " ".join(self.words).lower() or self.text.strip()
        return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=4).digest(), "little")

    @classmethod
    def of(cls, line: str) -> "_Line":
        return cls(line, tuple(WORD.findall(line)))


def line_hash(line: str) -> int:
    """What a line is remembered by."""
    return _Line.of(line).hash()


def candidates(text: str) -> list[Candidate]:
    """The lines of a text that may be furniture, in order, none that it has twice, nor most of it.

    At the end whatever may be, so that it is known how many pages have it; ahead of that sentences that have nothing to
    do with the rest.
    """
    lines = [_Line.of(line) for line in text.split("\n")]
    hashes = [line.hash() for line in lines]
    counts = Counter(hashes)
    barred = [line.is_said or counts[key] > 1 for line, key in zip(lines, hashes, strict=True)]
    size = sum(len(line.words) for line in lines)
    behind = len(lines) - _end(lines, barred, MOST_CUT_AT_END * size)
    terms = [list(_terms(line)) for line in lines]
    spoken = Counter(chain.from_iterable(terms[:behind]))
    left = MOST_CUT_AHEAD * size
    found: list[Candidate] = []
    for place, line in enumerate(lines):
        is_last = place >= behind
        if not is_last and (barred[place] or len(line.words) < LEAST_WORDS or not line.is_sentence):
            continue
        is_apart = _is_apart(line, terms[place], spoken, is_own=not is_last)
        if not is_last:
            left -= len(line.words) if is_apart else 0
            if not is_apart or left < 0:
                continue
        traits = AT_END * is_last | SENTENCE * line.is_sentence | APART * is_apart
        found.append(Candidate(place, hashes[place], traits))
    return found


def _end(lines: Sequence[_Line], barred: Sequence[bool], most: float) -> int:
    """How many of the last lines may be furniture: at most so many words of them, and the first line is none."""
    end = words = 0
    for line, is_barred in list(zip(lines, barred, strict=True))[:0:-1]:
        words += len(line.words)
        if end == MOST_AT_END or is_barred or words > most:
            break
        end += 1
    return end


def _is_apart(line: _Line, terms: Iterable[str], spoken: "Counter[str]", *, is_own: bool) -> bool:
    """Whether a line, which ``is_own`` if it is counted in what is ``spoken``, has nothing to do with the text."""
    own = Counter(terms)
    words = {term for term in own if term.startswith(_IS_WORD)}
    known = {term for term in own if spoken[term] > (own[term] if is_own else 0)}
    return len(words & known) < max(IN_COMMON * len(words), 1) and _names(line).isdisjoint(known)


_IS_WORD = "~"
"""Ahead of what is compared as a word, whatever its case and ending; names are compared as they stand."""


def _terms(line: _Line) -> Iterator[str]:
    is_spaced = _UNSPACED.search(line.text) is None
    for word in line.words:
        if not is_spaced and _UNSPACED.search(word):
            yield from (f"{_IS_WORD}{word[at : at + 2]}" for at in range(len(word) - 1))
            continue
        yield word
        if len(word) >= _WORD_LETTERS and not word.isdigit():
            yield _IS_WORD + word[:_STEM].lower()


def _names(line: _Line) -> set[str]:
    """The words with capitals that stand behind others in their sentence, and long figures."""
    found = set[str]()
    for word in WORD.finditer(line.text):
        name = word[0]
        is_figure = name.isdigit() and len(name) >= _FIGURE_DIGITS
        is_name = name[0].isupper() and len(name) >= _NAME_LETTERS
        if is_figure or (is_name and not _BEHIND_STOP.search(line.text[max(0, word.start() - 4) : word.start()])):
            found.add(name)
    return found


def as_bytes(lines: Sequence[Candidate]) -> bytes:
    """Lines as an array of ``LINE``."""
    return np.array([(line.hash, line.traits) for line in lines], LINE).tobytes()


def cut(text: str, ordinals: Collection[int]) -> tuple[str, tuple[FurnitureLine, ...]]:
    """A text without those of its ``candidates`` that have these ordinals, and what was cut."""
    known = candidates(text)
    places = sorted(known[ordinal].place for ordinal in ordinals)
    lines = text.split("\n")
    left = "\n".join(line for place, line in enumerate(lines) if place not in set(places))
    return left, tuple(FurnitureLine(place, lines[place]) for place in places)


def furniture_of(rows: Collection[Mapping[str, Any]] | None) -> tuple[FurnitureLine, ...]:
    """What was cut, from a value of the column."""
    return tuple(FurnitureLine(**row) for row in rows or ())


def restored(text: str, furniture: Collection[FurnitureLine] | None) -> str:
    """A text as it was before its furniture was cut."""
    lines = text.split("\n")
    for line in sorted(furniture or (), key=lambda line: line.line):
        lines.insert(line.line, line.text)
    return "\n".join(lines)


def shifts_of(text: str, furniture: Collection[FurnitureLine]) -> Callable[[int], int | None]:
    """By how much an offset into the whole text lies further behind than in ``text``; None in what was cut."""
    cut_places = {line.line for line in furniture}
    starts, shifts = list[int](), list[int | None]()
    at = shift = 0
    for place, line in enumerate(restored(text, furniture).split("\n")):
        starts.append(at)
        shifts.append(None if place in cut_places else shift)
        shift += (len(line) + 1) * (place in cut_places)
        at += len(line) + 1
    return lambda offset: shifts[bisect_right(starts, offset) - 1]
