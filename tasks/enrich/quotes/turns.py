"""Turns: what people say without quotation marks, where the layout of the piece says that they speak.

Interviews and transcripts ("Q: ...", "SMITH: ...", a name on a line of its own, a question that stands alone), posts
and readers' letters with their author's name set under them, and dialogue led by dashes. One line of that look is a
label, a credit or a list like any other, so a layout counts only where it is regular: several turns of several
speakers that answer each other or speak of themselves. Whoever stands beside the words is named; else, in an
interview, the one person whom its beginning introduces; else nobody.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from newsmill.tasks.enrich.entities.find import Mention
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.languages.language import Lexicon
from newsmill.tasks.enrich.quotes.marks import QuotedSpan

_FEWEST = 3
"""Turns of a regular layout; two will do where the first asks and the second answers."""
_FEWEST_ANSWERS = 3
"""Questions on lines of their own, without a label, that make an interview."""
_LONGEST_ANSWER = 12
"""Paragraphs that a turn can go on for until the next one."""
_LONGEST_QUESTION = 400
_SOME, _HALF, _MOST = 1 / 4, 1 / 2, 2 / 3


class Side(Enum):
    """What is said to stand beside the words."""

    NAME = "name"
    """Whoever the label names."""
    SIGNED = "signed"
    """Whoever signs below."""
    QUESTION = "question"
    """Whoever asks."""
    ANSWER = "answer"
    """Whoever is interviewed."""
    DASH = "dash"
    """A dash: a cue in the line may tell who speaks."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The words of a turn, and the (start, end) of the label beside them, if any."""

    span: QuotedSpan
    side: Side
    label: tuple[int, int] | None


_CAPS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*(?:\s+[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,4}"
_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?:\s+(?:[A-ZÀ-Þ][\w.'’-]*|de|da|van|von|der|den|bin|al|el|la|le)){0,4}"
_STRONG = r"(?:\*\*|__)?"
_ASIDE = r"(?:\s+\([^()\n]{1,40}\)|,\s[^:,.\n]{1,60}(?:,\s[^:,.\n]{1,60})?)?"
_BULLET = r"(?:[-–—―•*·]\s+)?"
_LABEL = re.compile(
    rf"\s*{_BULLET}{_STRONG}(?P<name>Q\d{{0,2}}|A|{_NAME}|{_CAPS}){_ASIDE}\s*{_STRONG}:{_STRONG}\s+(?=\S)"
)
_COURT_LABEL = re.compile(r"\s*(?P<name>Q|A)\.\s+(?=\S)")
_NAME_LINE = re.compile(rf"\s*{_STRONG}(?P<name>{_NAME}|{_CAPS}){_ASIDE}\s*:?{_STRONG}\s*")
_SENTENCE_END = re.compile(r"[.?!…][\"”'’)\]*_]*$|[—–-]+$")
_AGED = re.compile(r",\s\d{1,2}\b")
_ASIDE_LINE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*\S[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*")

_DAY = (
    r"(?:[\s,·|]*(?:on\s)?"
    r"(?:[A-Z][a-z]+\.?\s\d{1,2}(?:,?\s\d{4})?|\d{1,2}\s[A-Z][a-z]+\.?\s\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}))?"
)
_HANDLE = re.compile(rf"\s*[-–—―]+\s*(?P<name>[^\s(@–—][^\n(@–—]{{0,60}}?)\s*\(@\w{{1,30}}\){_DAY}\s*\.?\s*$")
_SIGNATURE = re.compile(rf"\s*[-–—―]+\s*(?P<name>{_NAME})(?:,\s[^\n.:!?]{{1,80}})?\.?\s*$")
_DASH = re.compile(r"[-–—―]")
_LINK = re.compile(r"\s*(?:https?://\S+|pic\.twitter\.com/\S+)\s*$")

_DASHED = re.compile(r"\s*(?P<dash>[—―–-]|--)\s+(?=[^\s\d])")

_MET_BEFORE, _MET_BEHIND = 90, 60


class _Line(NamedTuple):
    start: int
    end: int


class _Labelled(NamedTuple):
    """A line with a label, or a label on a line of its own: where its words start, and in which line."""

    line: int
    words_line: int
    start: int
    label: tuple[int, int]
    key: str
    side: Side
    is_known: bool


def turns_of(text: str, mentions: Sequence[Mention], spans: Sequence[QuotedSpan], lexicon: Lexicon) -> list[Turn]:
    """The turns of a piece in order of text, none overlapping another or cutting a quotation in two.

    A turn whose words stand in quotation marks is none: it is a quotation already.
    """
    lines = [_Line(match.start(), match.end()) for match in _LINE.finditer(text)]
    page = _Page(text, lines, mentions, spans, lexicon)
    kept: list[Turn] = []
    for layout in (_labelled, _signed, _dashed, _asked):
        for turn in layout(page, tuple(kept)):
            start, end = turn.span.outer
            if not page.is_cut(start, end) and not any(start < k.span.outer[1] and k.span.outer[0] < end for k in kept):
                kept.append(turn)
    return sorted(kept, key=lambda turn: turn.span.start)


def interviewee(
    text: str, mentions: Sequence[Mention], turns: Sequence[Turn], until: int, lexicon: Lexicon
) -> Mention | None:
    """Who answers in an interview whose first turn stands at ``until``.

    Whom the text before it says was met, or the one person whom that names; else the one who answers by name.
    """
    people = [m for m in mentions if m.label == "PERSON"]
    ahead = [m for m in people if m.start < until]
    meets = lexicon.layout.met.search
    met = [
        m
        for m in ahead
        if meets(text[max(0, m.start - _MET_BEFORE) : m.start].rsplit("\n", 1)[-1])
        or meets(text[m.end : m.end + _MET_BEHIND].split("\n", 1)[0])
    ]
    labels = [turn.label for turn in turns if turn.side is Side.NAME and turn.label and text[turn.span.end - 1] != "?"]
    named = [m for m in people if any(m.start < end and start < m.end for start, end in labels)]
    for chosen in (met, ahead, named):
        if len({m.entity_id for m in chosen}) == 1 and chosen[0].doubt is None:
            return chosen[0]
    return None


class _Page:
    """The lines of a piece, its people and its marks."""

    def __init__(
        self,
        text: str,
        lines: Sequence[_Line],
        mentions: Sequence[Mention],
        spans: Sequence[QuotedSpan],
        lexicon: Lexicon,
    ) -> None:
        self.lexicon = lexicon
        self.layout = lexicon.layout
        self.text = text
        self.lines = lines
        self.mentions = mentions
        self.spans = spans
        self._span_ends = [span.outer[1] for span in spans]
        self._people = [m for m in mentions if m.label == "PERSON"]
        self._people_ends = [m.end for m in self._people]
        self._names = {part for m in self._people for part in m.key}

    def words(self, line: _Line) -> str:
        """A line without white space at its ends."""
        return self.text[line.start : line.end].strip()

    def quoted(self, start: int, end: int) -> int:
        """How many of the characters at (start, end) stand in quotation marks."""
        first = bisect_left(self._span_ends, start)
        total = 0
        for span in self.spans[first:]:
            if span.outer[0] >= end:
                break
            total += max(0, min(end, span.outer[1]) - max(start, span.outer[0]))
        return total

    def is_marked(self, start: int, end: int) -> bool:
        """Whether the words at (start, end) are mostly a quotation in marks."""
        return self.quoted(start, end) > _HALF * (end - start)

    def is_cut(self, start: int, end: int) -> bool:
        """Whether a quotation stands half in, half out of a stretch."""
        return any(
            span.outer[0] < end and start < span.outer[1] and not (start <= span.outer[0] and span.outer[1] <= end)
            for span in self.spans
        )

    def is_person(self, start: int, end: int, *, whole: bool = False) -> bool:
        """Whether a label is the name of a person of the piece, in full or by a part of it; or is such a mention."""
        index = bisect_left(self._people_ends, start + 1)
        named = [m for m in self._people[index : index + 1] if m.start < end and start < m.end]
        if named or whole:
            return bool(named) and named[0].end == end
        key = fold(self.text[start:end])
        return bool(key) and key[-1] in self._names

    def turn(self, side: Side, label: tuple[int, int] | None, start: int, ends: Sequence[_Line], until: int) -> Turn:
        """A turn from an offset to the end of its first line, and through the lines behind."""
        segments = [(start, until)]
        for line in ends:
            own = self.text[line.start : line.end]
            left = line.start + len(own) - len(own.lstrip())
            segments.append((left, left + len(own.strip())))
        outer = min([start, *(label[:1] if label else ())]), max(segments[-1][1], label[1] if label else 0)
        return Turn(QuotedSpan(tuple(segments), outer), side, label)


# --- labels ----------------------------------------------------------------------------------------------------------


def _labelled(page: _Page, _found: Sequence[Turn]) -> Iterator[Turn]:
    """Interviews and transcripts whose turns open with a label, in the line or on a line of its own."""
    for find in (_in_line, _own_line):
        labels = [label for number in range(len(page.lines)) if (label := find(page, number)) is not None]
        is_repeated = len({label.key for label in labels}) < len(labels)
        if _is_dialogue(page, labels) and (is_repeated or find is _in_line):  # a name on a line may be a heading
            yield from _told(page, labels)
            return


def _in_line(page: _Page, number: int) -> _Labelled | None:
    """The label that a line opens with: "SMITH: ...", "Q: ..."."""
    line = page.lines[number]
    match = _LABEL.match(page.text, line.start, line.end) or _COURT_LABEL.match(page.text, line.start, line.end)
    if match is None:
        return None
    return _label(page, number, number, match.end(), match.span("name"))


def _own_line(page: _Page, number: int) -> _Labelled | None:
    """The name that makes up a line, with the words in the line behind it."""
    line = page.lines[number]
    match = _NAME_LINE.fullmatch(page.text, line.start, line.end)
    if match is None or number + 1 >= len(page.lines) or not page.is_person(*match.span("name"), whole=True):
        return None
    behind = page.lines[number + 1]
    start = behind.end - len(page.text[behind.start : behind.end].lstrip())
    return _label(page, number, number + 1, start, match.span("name"))


def _label(page: _Page, line: int, words_line: int, start: int, name: tuple[int, int]) -> _Labelled | None:
    written = page.text[slice(*name)]
    if page.layout.question_label.fullmatch(written):
        return _Labelled(line, words_line, start, name, "q", Side.QUESTION, is_known=True)
    if page.layout.answer_label.fullmatch(written):
        return _Labelled(line, words_line, start, name, "a", Side.ANSWER, is_known=True)
    key = fold(written)
    if not key or any(word in page.layout.no_speakers for word in written.lower().split()):
        return None
    is_person = page.is_person(*name) or _AGED.match(page.text, name[1]) is not None
    is_standing = any(word in page.layout.standing or word in page.lexicon.roles for word in written.lower().split())
    asks = page.words(page.lines[words_line]).endswith("?")
    if not written.isupper() and not is_person and not asks:
        return None
    return _Labelled(line, words_line, start, name, key[-1], Side.NAME, is_known=is_person or is_standing)


def _is_dialogue(page: _Page, labels: Sequence[_Labelled]) -> bool:
    """Whether labelled lines are turns: of several speakers, in sentences, that answer each other or say "I"."""
    count = len(labels)
    if count < 2 or len({label.key for label in labels}) < 2:
        return False
    said = [page.text[label.start : page.lines[label.words_line].end].strip() for label in labels]
    asked = [
        index for index in range(count - 1) if said[index].endswith("?") and labels[index].key != labels[index + 1].key
    ]
    if sum(bool(_SENTENCE_END.search(words)) for words in said) < _MOST * count:
        return False
    personal = [bool(page.layout.us.search(words)) for words in said]
    known = sum(label.is_known for label in labels)
    answers = [own for own, label in zip(personal, labels, strict=True) if label.side is Side.ANSWER]
    if answers and sum(answers) < _SOME * len(answers):
        return False  # a list of questions that the paper answers itself
    if count < _FEWEST:
        return bool(asked) and labels[1].is_known and (personal[1] or bool(page.layout.you.search(said[0])))
    if len({label.key for label in labels}) == count:
        return known >= _MOST * count and sum(personal) >= _MOST * count  # readers, one after another
    if known < _HALF * count:
        return bool(asked) and sum(personal) >= _HALF * count
    spoken = [
        own or bool(page.layout.you.search(words)) or words.endswith("?")
        for own, words in zip(personal, said, strict=True)
    ]
    return sum(spoken) >= _HALF * count


def _told(page: _Page, labels: Sequence[_Labelled]) -> Iterator[Turn]:
    """The turns behind the labels, each with the paragraphs up to the next one where most of the piece is turns."""
    own = sum(label.words_line - label.line + 1 for label in labels)
    is_whole = own >= _HALF * (labels[-1].words_line - labels[0].line + 1)
    has_sides = any(label.side is not Side.NAME for label in labels)
    for index, label in enumerate(labels):
        until = labels[index + 1].line if index + 1 < len(labels) else label.words_line + 1
        behind = page.lines[label.words_line + 1 : until]
        more = behind if (is_whole or has_sides) and len(behind) <= _LONGEST_ANSWER else []
        if any(page.quoted(*line) for line in more) and not has_sides:
            more = []
        end = label.start + len(page.text[label.start : page.lines[label.words_line].end].rstrip())
        if end > label.start and not page.is_marked(label.start, end):
            spoken = [line for line in more if not _ASIDE_LINE.fullmatch(page.text, *line)]
            yield page.turn(label.side, label.label, label.start, spoken, end)


def _asked(page: _Page, found: Sequence[Turn]) -> Iterator[Turn]:
    """An interview whose questions stand on lines of their own, without a label."""
    questions = [
        number
        for number, line in enumerate(page.lines)
        if line.end - line.start <= _LONGEST_QUESTION
        and page.words(line).endswith("?")
        and not page.quoted(*line)
        and page.words(line)[:1].isupper()
    ]
    answered = [n for n in questions if n + 1 < len(page.lines) and n + 1 not in questions]
    if len(answered) < _FEWEST_ANSWERS:
        return
    yous = sum(bool(page.layout.you.search(page.words(page.lines[n]))) for n in answered)
    blocks = [
        page.text[page.lines[n + 1].start : page.lines[m - 1].end]
        for n, m in zip(answered, [*answered[1:], answered[-1] + 2], strict=True)
    ]
    personal = sum(bool(page.layout.me.search(block)) for block in blocks)
    gaps = [later - earlier for earlier, later in pairwise(answered)]
    if yous < _HALF * len(answered) or personal < _HALF * len(answered) or max(gaps) > _LONGEST_ANSWER:
        return
    if interviewee(page.text, page.mentions, found, page.lines[answered[0]].start, page.lexicon) is None:
        return  # a piece whose headings ask
    for index, number in enumerate(answered):
        until = answered[index + 1] if index + 1 < len(answered) else number + 2
        replies = [line for line in page.lines[number + 1 : until] if not _ASIDE_LINE.fullmatch(page.text, *line)]
        if not replies or any(page.is_marked(*line) for line in replies):
            continue
        first, question = replies[0], page.lines[number]
        yield page.turn(Side.QUESTION, None, _left(page, question), [], _right(page, question))
        yield page.turn(Side.ANSWER, None, _left(page, first), replies[1:], _right(page, first))


def _left(page: _Page, line: _Line) -> int:
    return line.end - len(page.text[line.start : line.end].lstrip())


def _right(page: _Page, line: _Line) -> int:
    return line.start + len(page.text[line.start : line.end].rstrip())


# --- names set under the words ---------------------------------------------------------------------------------------


def _signed(page: _Page, _found: Sequence[Turn]) -> Iterator[Turn]:
    """Posts with a handle, and readers' words with their names, each under them or at the end of the line."""
    dashed = [(number, line) for number, line in enumerate(page.lines) if _DASH.search(page.text, line.start, line.end)]
    for number, line in dashed:
        turn = _under(page, number, _HANDLE.search(page.text, line.start, line.end))
        if turn is not None:
            yield turn
    readers = []
    for number, line in dashed:
        match = _SIGNATURE.search(page.text, line.start, line.end)
        if match is not None and page.is_person(*match.span("name")):
            turn = _under(page, number, match)
            readers += [turn] if turn is not None else []
    said = [page.text[turn.span.start : turn.span.end] for turn in readers]
    in_sentences = all(_SENTENCE_END.search(words) for words in said)
    if (
        len(readers) >= 2
        and in_sentences
        and sum(bool(page.layout.us.search(words)) for words in said) >= _MOST * len(said)
    ):
        yield from readers


def _under(page: _Page, number: int, match: re.Match[str] | None) -> Turn | None:
    """The words above a signature: those of its own line, or else the line before."""
    if match is None:
        return None
    line = page.lines[number]
    start, end = line.start, match.start()
    if not page.text[start:end].strip():
        if number == 0:
            return None
        start, end = page.lines[number - 1]
    bullet = re.compile(rf"\s*{_BULLET}").match(page.text, start, end)
    start = bullet.end() if bullet else start
    while (link := _LINK.search(page.text, start, end)) is not None:
        end = link.start()
    end = start + len(page.text[start:end].rstrip())
    if len(page.text[start:end].split()) < _FEWEST or page.quoted(start, end):
        return None
    return page.turn(Side.SIGNED, match.span("name"), start, [], end)


# --- dashes ----------------------------------------------------------------------------------------------------------


def _dashed(page: _Page, _found: Sequence[Turn]) -> Iterator[Turn]:
    """Dialogue whose lines open with a dash: somebody asks and somebody answers, line behind line.

    Behind short dashes, which are bullets, it takes a cue.
    """
    run: list[tuple[_Line, re.Match[str]]] = []
    for line in (*page.lines, None):
        match = None if line is None else _DASHED.match(page.text, line.start, line.end)
        if line is not None and match is not None and not page.quoted(*line):
            run.append((line, match))
            continue
        spoken = [(opening.end(), *_spoken(page, opening.end(), line)) for line, opening in run]
        is_bulleted = any(opening["dash"] in "-–" for _, opening in run)
        run = []
        replies = [page.text[start:end] for start, end, _ in spoken if page.text[end - 1] != "?"]
        personal = [words for words in replies if page.layout.us.search(words) or page.layout.plain_answer.match(words)]
        is_told = any(cued for _, _, cued in spoken)
        if len(spoken) > 1 and len(replies) < len(spoken) and (is_told or (personal and not is_bulleted)):
            yield from (page.turn(Side.DASH, None, start, [], end) for start, end, _ in spoken)


def _spoken(page: _Page, start: int, line: _Line) -> tuple[int, bool]:
    """Where the words of a line of dialogue end, and whether a cue stands behind them."""
    tail = page.layout.tail.search(page.text, start, line.end)
    return (_right(page, line), False) if tail is None else (tail.end("stop"), True)
