"""Paragraphs of a plain text: lines that were broken at a width are joined, so that each line is a paragraph again.

Wires, mails, archives and text taken from PDF files break their lines where the next word would not have fitted. That
is what tells them: of lines that end in no stop, nearly all are too full for the next word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import is_function_word
from newsmill.tasks.extract.phrases import phrase_of
from newsmill.tasks.extract.words import CLAUSE_STOPS, ends_sentence, words_of

_WIDTHS = range(24, 131)
"""Characters at which lines are broken; a longer line is a paragraph."""

_OUTLIERS = 0.02
"""Share of lines that may be longer than the width: addresses, tables."""

_SLACK = 12
"""What part of the width may be free behind a line though the next word would have fitted: a twelfth."""

_FULL = 0.7
"""Share of open lines that must be full for a text to be one with broken lines."""

_GOES_ON = 0.3
"""Share of them from which a clause must go on for certain, in scripts that have capitals."""

_LEAST_OPEN = 2
"""Open lines that must be there in scripts that have none."""

_LEAST_INDENTS = 3
"""Indented lines from which paragraphs start with an indent."""

_HEADLINE_WORDS = 4
_ENTRY = re.compile(r"\s*(?:[+*•·–—-]|\d{1,3}[.)])\s")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Characters of scripts that put no space between words: Thai, Lao, Burmese, Khmer, Chinese and Japanese."""

_INITIAL = re.compile(r"(?<![^\W\d_])[^\W\d_]\.$")
_PAST_BREAK = 3
_LEAST_KNOWN = 5
"""Letters past the break, and in all, in which a broken word must be like one that the text has elsewhere."""

_HYPHENS = "-\u2010"


_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_SOFT_BREAK = re.compile(r"\u00ad[ \t]*\n[ \t]*")


class Paragraph(NamedTuple):
    """A paragraph, and the number of the line that it starts in, from 1."""

    number: int
    text: str


class _Line(NamedTuple):
    number: int
    text: str
    """Without white space behind it."""
    gap: bool
    """Whether a blank line stands ahead of it."""

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def plain_text(text: str) -> str:
    """A text without what markup left in it: entities become characters, and words broken at soft hyphens whole."""
    text = clean_characters(_SOFT_BREAK.sub("", text.replace("\r\n", "\n")))
    if _ENTITY.search(text) is None:
        return text
    once = _ENTITY.sub(lambda found: unescape(found[0]), text)
    return clean_characters(_ENTITY.sub(lambda found: unescape(found[0]), once))


def paragraphs_of(text: str) -> list[Paragraph]:
    """The paragraphs of a text with one kind of line break; its lines, where they were not broken at a width."""
    lines = list(_shown(text.expandtabs(4).split("\n")))
    width = _broken_at(lines)
    if width is None and len(lines) > _LEAST_OPEN and all(line.gap for line in lines[1:]):
        close = list(_shown(text.expandtabs(4).split("\n"), spaced=True))
        width = _broken_at(close)
        lines = close if width else lines
    if width is None:
        return [Paragraph(line.number, line.text.strip()) for line in lines]
    return _joined(lines, width)


def _shown(lines: Sequence[str], *, spaced: bool = False) -> Iterator[_Line]:
    """The lines that are not blank. In a text set with double ``spaced`` lines a single blank one parts nothing."""
    blank = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _Line(number, line.rstrip(), blank > int(spaced))
            blank = 0
        else:
            blank += 1


def _broken_at(lines: Sequence[_Line]) -> int | None:
    """The width at which the lines were broken; None for lines that are paragraphs."""
    if not lines:
        return None
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[-1 - int(_OUTLIERS * len(lengths))]
    if width not in _WIDTHS:
        return None
    margin = _margin(lines)
    pairs = [(a, b) for a, b in pairwise(lines) if not _is_parted(a, b, margin, width)]
    opened = [(a, b) for a, b in pairs if 2 * len(a.text) >= width and not _is_closed(a.text)]
    full = [(a, b) for a, b in opened if _is_full(a, b, width, width // _SLACK)]
    going_on = sum(_is_clause_open(a, b) for a, b in full)
    opened = [(a, b) for a, b in opened if a is not lines[0] or (a, b) in full]
    if not full or len(full) < _FULL * len(opened):
        return None
    if any(line.text.lstrip()[0].isupper() for line in lines):
        return width if going_on >= _GOES_ON * len(full) else None
    return width if len(full) >= _LEAST_OPEN else None


def _is_clause_open(a: _Line, b: _Line) -> bool:
    """Whether a clause goes on from one line to the next: behind a comma or a function word, or with a small letter."""
    last = words_of(a.text)[-1:]
    return b.text.lstrip()[0].islower() or a.text[-1] in CLAUSE_STOPS or bool(last and is_function_word(last[0]))


def _margin(lines: Sequence[_Line]) -> int:
    """The least indent that an eighth of the lines have: paragraphs may start further in, or further out."""
    counts = Counter(line.indent for line in lines)
    return min((indent for indent, count in counts.items() if 8 * count >= len(lines)), default=0)


def _is_parted(a: _Line, b: _Line, margin: int, width: int) -> bool:
    """Whether a blank line, an indent or a mark of a list parts two lines. A whole paragraph may stand further in."""
    is_set_in = a.indent == b.indent and not _is_closed(a.text) and _is_full(a, b, width)
    return b.gap or (b.indent > margin and not is_set_in) or _ENTRY.match(b.text) is not None


def _is_closed(line: str) -> bool:
    """Whether a line ends a sentence; an initial with its stop ends none."""
    return ends_sentence(line) and _INITIAL.search(line) is None


def _is_full(a: _Line, b: _Line, width: int, slack: int = 0) -> bool:
    """Whether the first word of the second line would not have fitted into the first."""
    first = b.text.split()[0]
    wide = 1 if _UNSPACED.match(first) else 1 + len(first)
    return len(a.text) + wide > width - slack


def _joined(lines: Sequence[_Line], width: int) -> list[Paragraph]:
    margin = _margin(lines)
    is_indented = sum(line.indent > margin for line in lines) >= _LEAST_INDENTS
    compounds = _Compounds(lines)
    found: list[Paragraph] = []
    for at, b in enumerate(lines):
        if at and _goes_on(lines, at, width, margin, is_indented=is_indented):
            found[-1] = Paragraph(found[-1].number, compounds.join(found[-1].text, b.text.strip()))
        else:
            found.append(Paragraph(b.number, b.text.strip()))
    return found


def _goes_on(lines: Sequence[_Line], at: int, width: int, margin: int, *, is_indented: bool) -> bool:
    """Whether a line goes on with the paragraph of the line before."""
    a, b = lines[at - 1], lines[at]
    if _is_parted(a, b, margin, width):
        return False
    first, second = " ".join(a.text.split()), " ".join(b.text.split())
    if _is_closed(a.text):
        return _is_full(a, b, width) and phrase_of(second) is None
    if _is_full(a, b, width, width // _SLACK) or second[0].islower():
        return True
    if phrase_of(first) is not None or phrase_of(second) is not None:
        return False
    if at > 1:
        return is_indented
    # The lead's first line is short where the place and day that it began with were taken off.
    is_lead = _is_closed(b.text) or (len(lines) > at + 1 and not _is_parted(b, lines[at + 1], margin, width))
    return is_lead and not _is_headline(first, second)


def _is_headline(first: str, second: str) -> bool:
    """Whether a short first line is a headline rather than the beginning of the sentence in the second."""
    if first.isupper() and not second.isupper():
        return True
    words = words_of(second)
    return len(words_of(first)) >= _HEADLINE_WORDS and bool(words) and is_function_word(words[0])


class _Compounds:
    """What becomes of hyphens at the ends of lines: they go where the rest of the text has the word without one."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self.beginnings = {
            word[:size] for line in lines for word in words_of(line.text) for size in range(_LEAST_KNOWN, len(word) + 1)
        }

    def join(self, text: str, line: str) -> str:
        """A paragraph so far and its next line."""
        if text[-1] in _HYPHENS and text[-2:-1].isalpha() and line[0].isalpha():
            head, tail = words_of(text[:-1])[-1], words_of(line)[0]
            known = (head + tail)[: max(len(head) + _PAST_BREAK, _LEAST_KNOWN)]
            is_soft = line[0].islower() and known in self.beginnings
            return (text[:-1] if is_soft else text) + line
        if _UNSPACED.match(text[-1]) and _UNSPACED.match(line[0]):
            return text + line
        return f"{text} {line}"
