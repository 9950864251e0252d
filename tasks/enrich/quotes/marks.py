"""Quotation marks to quoted spans: which mark opens, which closes, and which is an apostrophe or a slip.

A paragraph's marks are read as a whole: of all ways to call each mark an opening, a closing or a slip, the cheapest is
taken, where going against a mark's glyph, against the spaces around it, leaving one open or ignoring one costs. That is
what puts right the swapped and lost marks of machine-translated copy, and pairs straight marks that carry no direction.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from newsmill.tasks.enrich.languages.language import CueShapes


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """A quoted stretch. ``segments`` are the (start, end) of the words without marks, in order of text.

    ``outer`` is the stretch with the marks. There are several segments where each paragraph opens with its own mark.
    """

    segments: tuple[tuple[int, int], ...]
    outer: tuple[int, int]

    @property
    def start(self) -> int:
        """Offset of the first quoted character."""
        return self.segments[0][0]

    @property
    def end(self) -> int:
        """Offset behind the last quoted character."""
        return self.segments[-1][1]


class _Act(IntEnum):
    OPEN = 0
    CLOSE = 1
    REOPEN = 2
    SLIP = 3
    CONTINUE = 4


class _Mark(NamedTuple):
    start: int
    end: int
    opens: float
    closes: float
    boundary_before: bool
    """The text before it could end a quotation."""
    at_start: bool
    slip: float


class _Family(NamedTuple):
    """Marks that pair among themselves. ``nests`` is the cost of one pair directly inside another."""

    pattern: re.Pattern[str]
    opening: str
    closing: str
    nests: float


_DOUBLE = _Family(re.compile(r"``|''|‘‘|’’|,,(?=\w)|[\"“”„‟〝〞〟＂]"), "“„‟〝``‘‘,,", "”〞〟’’", 1.0)
_GUILLEMET = _Family(re.compile(r"[«»‹›]|<<(?=\w)|(?<=[\w.,!?])>>"), "«‹<<", "»›>>", 1.0)
_CORNER = _Family(re.compile(r"[「」『』《》]"), "「『《", "」』》", 0.0)
_FAMILIES = (_DOUBLE, _GUILLEMET, _CORNER)

_AGAINST_GLYPH = 2.0
_AGAINST_SPACES = 2.0
_UNCLOSED = 2.9
_CARRIED = 0.4
_SLIP = 3.0
_SLIP_AT_START = 4.5
_SLIP_AFTER_DIGIT = 0.7
"""A mark behind a digit may be one for inches, seconds or minutes."""
_MAX_OPEN_PARAGRAPHS = 12
"""A quotation opened once is looked for its end in no more than so many further paragraphs."""

_PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_OPENERS_BEFORE = set(" \t\xa0([{<-–—/―:") | {"\u2009", "\u202f", "\u3000"}
_CLOSERS_AFTER = set(" \t\xa0)]}>-–—/.,;:!?…'’\"”") | {"\u2009", "\u202f", "\u3000"}


def quoted_spans(text: str, cues: CueShapes) -> list[QuotedSpan]:
    """The outermost quoted spans of a text in order, by every kind of quotation mark in use.

    ``cues`` are what cues of the language look like, which a lost or doubtful mark is told by.
    """
    paragraphs = [(m.start(), m.end()) for m in _PARAGRAPH.finditer(text) if not m.group().isspace()]
    spans = [span for family in _FAMILIES for span in _family_spans(text, paragraphs, family, cues)]
    spans = _outermost(spans)
    return _outermost([*spans, *_single_quoted(text, paragraphs, spans)])


def _outermost(spans: list[QuotedSpan]) -> list[QuotedSpan]:
    kept: list[QuotedSpan] = []
    for span in sorted(spans, key=lambda s: (s.outer[0], -s.outer[1])):
        if not kept or span.outer[0] >= kept[-1].outer[1]:
            kept.append(span)
    return kept


def _family_spans(
    text: str, paragraphs: Sequence[tuple[int, int]], family: _Family, cues: CueShapes
) -> list[QuotedSpan]:
    rows = [_marks(text, (start, end), family, cues) for start, end in paragraphs]
    spans: list[QuotedSpan] = []
    carried: _Carried | None = None
    for index, ((start, end), marks) in enumerate(zip(paragraphs, rows, strict=True)):
        if not marks:
            continue
        if carried and not _reaches(carried, index, marks):
            spans.append(carried.given_up(text, cues))
            carried = None
        leads_on = index + 1 < len(rows) and _leads_on(text, paragraphs, rows, index, cues)
        found, open_mark = _pair(marks, carried is not None, leads_on)
        for opening, closing in found:
            if opening is None and carried:
                spans.append(carried.closed(text, marks, closing))
                carried = None
            elif opening is not None:
                spans.extend(_span(text, opening.end, closing.start, (opening.start, closing.end)))
        if open_mark is not None:
            carried = _Carried(index, open_mark.start, (), (open_mark.end, end))
        elif carried:
            carried = carried.through(index, (start, end), marks)
    if carried:
        spans.append(carried.given_up(text, cues))
    return [span for span in spans if span.segments]


class _Carried(NamedTuple):
    """A quotation still open at the end of a paragraph."""

    paragraph: int
    outer_start: int
    segments: tuple[tuple[int, int], ...]
    last: tuple[int, int]

    def through(self, index: int, bounds: tuple[int, int], marks: Sequence[_Mark]) -> "_Carried":
        """The same quotation behind one more paragraph, which opened with a mark of its own."""
        return _Carried(index, self.outer_start, (*self.segments, self.last), (marks[0].end, bounds[1]))

    def closed(self, text: str, marks: Sequence[_Mark], closing: _Mark) -> QuotedSpan:
        """The quotation with its end: in a paragraph with a mark of its own, or paragraphs later without one."""
        if marks[0].at_start and marks[0] is not closing:
            segments = (*self.segments, self.last, (marks[0].end, closing.start))
        else:
            segments = (*self.segments, (self.last[0], closing.start))
        return QuotedSpan(_tidy(text, segments), (self.outer_start, closing.end))

    def given_up(self, text: str, cues: CueShapes) -> QuotedSpan:
        """The quotation ended where its last paragraph does, or before the cue at its end."""
        start, end = self.last
        tail = cues.tail.search(text, max(start, end - 120), end)
        end = tail.start() + 1 if tail else end
        segments = _tidy(text, (*self.segments, (start, end)))
        return QuotedSpan(segments, (self.outer_start, end))


def _reaches(carried: _Carried, index: int, marks: Sequence[_Mark]) -> bool:
    """Whether a paragraph's first mark goes on with, or ends, the quotation left open before."""
    first = marks[0]
    if first.at_start and first.opens <= first.closes:
        return index == carried.paragraph + 1
    return first.closes < first.opens and index - carried.paragraph <= _MAX_OPEN_PARAGRAPHS


def _leads_on(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    rows: Sequence[Sequence[_Mark]],
    index: int,
    cues: CueShapes,
) -> bool:
    """Whether the paragraphs behind go on with a quotation left open in this one."""
    if rows[index + 1] and rows[index + 1][0].at_start:
        return True
    later = next((row[0] for row in rows[index + 1 : index + 1 + _MAX_OPEN_PARAGRAPHS] if row), None)
    return later is not None and later.closes < later.opens and not cues.ahead.match(text, paragraphs[index + 1][0])


def _marks(text: str, bounds: tuple[int, int], family: _Family, cues: CueShapes) -> list[_Mark]:
    start, end = bounds
    low = "„" in text[start:end]
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    return [
        _mark(text, (start, end, first), match, (family, low), cues)
        for match in family.pattern.finditer(text, start, end)
    ]


def _mark(
    text: str, bounds: tuple[int, int, int], match: re.Match[str], kind: tuple[_Family, bool], cues: CueShapes
) -> _Mark:
    """One mark with what it costs to call it an opening or a closing one."""
    (start, end, first), (family, low) = bounds, kind
    before = text[match.start() - 1] if match.start() > start else " "
    after = text[match.end()] if match.end() < end else " "
    glyph = match.group()
    opens = _AGAINST_GLYPH if glyph in family.closing else 0.0
    closes = _AGAINST_GLYPH if glyph in family.opening else 0.0
    if low and glyph == "“":
        opens, closes = 1.0, 0.0
    looks_open = (before in _OPENERS_BEFORE) and not after.isspace()
    looks_closed = not before.isspace() and (after in _CLOSERS_AFTER)
    ahead = text[max(start, match.start() - 2) : match.start()].rstrip()
    boundary = bool(ahead) and ahead[-1] in ",.!?…;—–-"
    if looks_closed and not looks_open:
        opens += _AGAINST_SPACES
        closes = min(closes, 1.0)
    elif looks_open and not looks_closed:
        if boundary and cues.ahead.match(text, match.end(), end):
            closes = min(closes, 0.5) + 0.5
        else:
            closes += _AGAINST_SPACES
        opens = min(opens, 1.0)
    elif before.isspace() and after in _CLOSERS_AFTER and not after.isspace():
        opens += _AGAINST_SPACES
        closes = min(closes, 0.5)
    at_start = match.start() == first
    inch = glyph in "\"''" and before.isdigit()
    slip = _SLIP_AFTER_DIGIT if inch else _SLIP_AT_START if at_start else _SLIP
    return _Mark(match.start(), match.end(), opens, closes, boundary, at_start, slip)


class _Path(NamedTuple):
    cost: float
    acts: tuple[_Act, ...] | None
    back: "_Path | None"
    act: _Act | None
    depth: int


def _pair(
    marks: Sequence[_Mark], carried: bool, leads_on: bool
) -> tuple[list[tuple[_Mark | None, _Mark]], _Mark | None]:
    """The pairs of the cheapest reading, and the mark that stays open.

    A pair without an opening mark ends the quotation that was carried into the paragraph.
    """
    start = _Path(0.0, None, None, None, 1 if carried else 0)
    paths = {start.depth: start}
    for index, mark in enumerate(marks):
        following: dict[int, _Path] = {}
        for path in paths.values():
            for act, depth, cost in _moves(mark, path.depth, carried and index == 0):
                total = path.cost + cost
                if depth not in following or total < following[depth].cost:
                    following[depth] = _Path(total, None, path, act, depth)
        paths = following
    ends = [
        (path.cost + (0.0 if not d else _CARRIED if leads_on and d == 1 else _UNCLOSED * d), d)
        for d, path in paths.items()
    ]
    best = paths[min(ends)[1]]
    acts: list[_Act] = []
    while best.back is not None and best.act is not None:
        acts.append(best.act)
        best = best.back
    return _read(marks, acts[::-1], carried)


def _moves(mark: _Mark, depth: int, continues: bool) -> Iterator[tuple[_Act, int, float]]:
    yield _Act.SLIP, depth, mark.slip
    if depth == 0:
        yield _Act.OPEN, 1, mark.opens
        return
    if continues and mark.at_start:
        yield _Act.CONTINUE, depth, mark.opens
    yield _Act.CLOSE, depth - 1, mark.closes
    yield _Act.REOPEN, depth, mark.opens + (2.5 if mark.boundary_before else 4.0)
    if depth == 1:
        yield _Act.OPEN, 2, mark.opens + (1.0 if mark.closes >= _AGAINST_GLYPH else 2.5)


def _read(
    marks: Sequence[_Mark], acts: Sequence[_Act], carried: bool
) -> tuple[list[tuple[_Mark | None, _Mark]], _Mark | None]:
    pairs: list[tuple[_Mark | None, _Mark]] = []
    stack: list[_Mark | None] = [None] if carried else []
    for mark, act in zip(marks, acts, strict=True):
        if act is _Act.OPEN:
            stack.append(mark)
        elif act is _Act.CLOSE:
            opening = stack.pop()
            if not stack:
                pairs.append((opening, mark))
        elif act is _Act.REOPEN:
            opening = stack.pop()
            if not stack:
                pairs.append((opening, mark._replace(end=mark.start)))
            stack.append(mark)
    return pairs, (stack[0] if stack and stack[0] is not None else None)


def _span(text: str, start: int, end: int, outer: tuple[int, int]) -> Iterator[QuotedSpan]:
    segments = _tidy(text, ((start, end),))
    if segments:
        yield QuotedSpan(segments, outer)


def _tidy(text: str, segments: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The segments without white space at their ends; those without a letter or digit are dropped."""
    tidied = []
    for start, end in segments:
        words = text[start:end]
        left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
        if any(character.isalnum() for character in words):
            tidied.append((start + left, end - right))
    return tuple(tidied)


_SINGLE_OPEN = re.compile(r"(?<![\w'’‘`])(?:‘|‚|'|`)(?=[\w(\[$£€…])")
_SINGLE_CLOSE = re.compile(r"(?<=[^\s(\[])['’](?![\w'’])")
_LOW_CLOSE = re.compile(r"(?<=[^\s(\[])[‘’](?![\w'’])")
"""What closes a quotation that a low mark opened."""
_ELISION = re.compile(r"['‘’](?:em|til|tis|twas|cause|bout|round|n|s|\d0s|\d\d)\b", re.IGNORECASE)


def _single_quoted(
    text: str, paragraphs: Sequence[tuple[int, int]], outside: Sequence[QuotedSpan]
) -> Iterator[QuotedSpan]:
    """Spans in single marks, apostrophes told apart, of a text whose own marks they are.

    Where more stands in other marks, single ones are for headlines, which repeat the words of the body, and for terms;
    other marks within single ones are for what a speaker quotes. A closing mark is one behind punctuation; behind a
    letter only if no better one follows, since it may be a plural's apostrophe ("the allies' plan").
    """
    singles = [span for start, end in paragraphs for span in _singles_between(text, start, end)]
    if outside:
        singles = [single for single in singles if not any(_holds(other, single) for other in outside)]
        speech = sum(text[span.end - 1] in ",.!?…" for span in singles)
        if speech <= sum(not any(_holds(single, other) for single in singles) for other in outside):
            return
    yield from singles


def _holds(outer: QuotedSpan, inner: QuotedSpan) -> bool:
    return outer.outer[0] <= inner.outer[0] and inner.outer[1] <= outer.outer[1]


def _singles_between(text: str, start: int, end: int) -> Iterator[QuotedSpan]:
    at = start
    while opening := _SINGLE_OPEN.search(text, at, end):
        at = opening.end()
        if _ELISION.match(text, opening.start()):
            continue
        following = _SINGLE_OPEN.search(text, at, end)
        stop = following.start() if following else end
        closes = _LOW_CLOSE if opening.group() == "‚" else _SINGLE_CLOSE
        closings = [match.start() for match in closes.finditer(text, at, stop)]
        sure = next((c for c in closings if text[c - 1] in ",.!?…;"), None)
        close = sure if sure is not None else next((c for c in closings if text[c - 1] != "s"), None)
        if close is None and closings:
            close = closings[-1]
        if close is not None:
            yield from _span(text, opening.end(), close, (opening.start(), close + 1))
            at = close + 1
