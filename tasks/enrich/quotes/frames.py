"""Frames: the paragraphs around quotations, short enough to parse, with a stand-in for each long quotation.

What is said is of no use for finding who said it, and it is most of the words: a frame keeps the reporter's words and
puts a four-word sentence in place of the quoted ones. That is quicker to parse, and read more reliably by the parser.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from newsmill.tasks.enrich.languages.language import Lexicon
from newsmill.tasks.enrich.model import blank_doc
from newsmill.tasks.enrich.quotes.marks import QuotedSpan

_BATCH = 64
_STAND_IN = "This is so"
_LOOSE_STAND_IN = 12
"""Words kept of a long quotation that goes on a sentence of the reporter's, whose grammar they are part of."""
_KEPT_WORDS = 10
_DASHES = frozenset("-–—―")
_MAX_REPORTED = 4000
"""Characters of the reporter's own words on either side of a quotation that can bear on who said it."""
_DATELINE = re.compile(
    r"[ \t]*(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+[, ]+){1,4}(?:[A-Z\d][\w.]+[, ]+){0,3}(?:\([^)\n]{2,30}\)\s*)?[-–—]+\s+"
    r"|[ \t]*(?:[A-Z][\w.'’-]+[, ]+){1,4}\([A-Z][\w ./]{1,20}\)\s*[-–—]+\s+"
)
_FULL_STOP = re.compile(r"(?<=[a-z\d%)’”][a-z\d%)’”][.!?])\s+(?=[A-ZÀ-Þ“\"‘])")
_AGENCY = r"(?:AP|AFP|EPA|dpa|PA|Reuters|REUTERS|Getty|Bloomberg|Xinhua|TASS|Shutterstock)"
_CREDIT = re.compile(
    r"(?:^|[\s(|])(?:Photo(?:graph|s)?|Pictures?|Images?|Credit|Video)(?:\s(?:credit|courtesy))?(?:\sby|\sof|\s?:)"
    r"\s[^\n]{2,60}$"
    r"|\([A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+){1,3}\s?/\s?[A-ZÀ-Þ][^()\n/]{1,40}\)\s*\.?$"
    r"|^\s*(?:By|Words by|Story by|Written by|Reporting by|Edited by)\s[A-ZÀ-Þ][^\n.!?]{2,60}$"
    rf"|(?:{_AGENCY}|Photos?|Images?|Pictures?)\s?/\s?[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+){{1,3}}\s*\.?$"
    rf"|[A-ZÀ-Þ][\w.'’-]+\s[A-ZÀ-Þ][\w.'’-]+\s?/\s?{_AGENCY}(?:\s(?:Photos?|Images?|Pictures?))?\s*\.?$",
    re.MULTILINE,
)
"""What a caption or a byline ends with: "Photo: Ann Smith", "AP Photo/Ann Smith", "Ann Smith / Getty Images",
"(Ann Smith / City News)", "By Ann Smith"."""
_LONGEST_CAPTION = 400
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Where a quotation stands in a frame: tokens [first, last) with the marks, and its last character."""

    span: int
    first: int
    last: int
    last_character: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A parsed paragraph. ``starts`` and ``origins`` map offsets of the frame to offsets of the text."""

    doc: Doc
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    places: tuple[QuotePlace, ...]
    quoted: frozenset[int]
    """The tokens that stand inside quotations."""
    stops: frozenset[int]
    """Behind the quotations that end a sentence: the tokens there."""
    paragraph: int
    last_paragraph: int
    lexicon: Lexicon
    """The words of the language, for whoever reads the frame."""

    def origin(self, offset: int) -> int:
        """The offset in the article's text of an offset in the frame's."""
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """The (start, end) in the article's text of the tokens [first, last)."""
        token = self.doc[last - 1]
        start = self.origin(self.doc[first].idx)
        return start, self.origin(token.idx + len(token.text) - 1) + 1


@dataclass(frozen=True, slots=True)
class _Draft:
    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    quotes: tuple[tuple[int, int, int, str], ...]
    paragraphs: tuple[int, int]


def paragraphs_of(text: str, spans: Sequence[QuotedSpan] = ()) -> list[tuple[int, int]]:
    """The (start, end) of the lines that are not blank; captions and bylines are none unless they hold a quotation."""
    starts = [span.outer[0] for span in spans]
    ends = [span.outer[1] for span in spans]
    return [
        (match.start(), match.end())
        for match in _LINE.finditer(text)
        if not match.group().isspace()
        and (
            match.end() - match.start() > _LONGEST_CAPTION
            or not _CREDIT.search(match.group())
            or bisect_right(ends, match.start()) < bisect_left(starts, match.end())
        )
    ]


def parse_frames(
    text: str,
    spans: Sequence[QuotedSpan],
    paragraphs: Sequence[tuple[int, int]],
    nlp: Language,
    lexicon: Lexicon,
    told: Sequence[tuple[int, int]] = (),
) -> tuple[list[Frame], list[Frame]]:
    """The frames of the quotations, and those of the sentences with a cue of indirect speech, each in order.

    The first are all paragraphs with a quotation, and each paragraph right before a bare quotation; the second are
    sentences of the other paragraphs, and a headline that opens with a name; none of the stretches ``told``, which are
    somebody's words. All are parsed at once, since that is quicker than twice.
    """
    quoting = _drafts(text, spans, paragraphs)
    known = {number for draft in quoting for number in range(draft.paragraphs[0], draft.paragraphs[1] + 1)}
    for number, (start, end) in enumerate(paragraphs) if told else ():
        if any(first < end and start < last for first, last in told):
            known.add(number)
    opens = 0 not in known and paragraphs and lexicon.layout.headline.fullmatch(text, *paragraphs[0])
    headline = paragraphs[:1] if opens else ()
    reporting = [_draft(text, (), (), bounds, (0, 0)) for bounds in headline]
    reporting += [
        _draft(text, (), (), bounds, (number, number))
        for number, (start, end) in enumerate(paragraphs)
        if number not in known and number >= len(headline) and lexicon.report_ahead.search(text, start, end)
        for bounds in _sentences(text, _behind_dateline(text, start, end), end, lexicon)
        if bounds[1] - bounds[0] <= _MAX_REPORTED and lexicon.report_ahead.search(text, *bounds)
    ]
    frames = _parsed([*quoting, *reporting], nlp, lexicon)
    return frames[: len(quoting)], frames[len(quoting) :]


def _sentences(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The (start, end) of the sentences of a paragraph; where in doubt, two are left together for the parser."""
    for stop in _FULL_STOP.finditer(text, start, end):
        if text[: stop.start()].rsplit(None, 1)[-1].lower() not in lexicon.titles:
            yield start, stop.start()
            start = stop.end()
    yield start, end


def _parsed(drafts: Sequence[_Draft], nlp: Language, lexicon: Lexicon) -> list[Frame]:
    docs: list[Doc] = [blank_doc(nlp, draft.text) for draft in drafts]
    for name, component in nlp.pipeline:
        if name in {"tagger", "parser"} or "parser" in getattr(component, "listening_components", ()):
            docs = list(_in_batches(component, docs))
    return [_frame(draft, doc, lexicon) for draft, doc in zip(drafts, docs, strict=True)]


def _in_batches(component: Callable[[Doc], Doc], docs: Sequence[Doc]) -> Iterable[Doc]:
    """The documents after a component of the pipeline, together where it takes them so."""
    pipe = getattr(component, "pipe", None)
    return map(component, docs) if pipe is None else pipe(docs, batch_size=_BATCH)


def _drafts(text: str, spans: Sequence[QuotedSpan], paragraphs: Sequence[tuple[int, int]]) -> list[_Draft]:
    starts = [start for start, _ in paragraphs]
    drafts: list[_Draft] = []
    group: list[int] = []
    bounds = (0, -1)
    for index, span in enumerate(spans):
        first = bisect_right(starts, span.outer[0]) - 1
        last = bisect_right(starts, max(span.outer[0], span.outer[1] - 1)) - 1
        if group and first <= bounds[1]:
            bounds = (bounds[0], max(bounds[1], last))
        else:
            if group:
                drafts.extend(_with_lead(text, spans, group, bounds, paragraphs))
            group, bounds = [], (first, last)
        group.append(index)
    if group:
        drafts.extend(_with_lead(text, spans, group, bounds, paragraphs))
    return _without_repeats(drafts)


def _without_repeats(drafts: list[_Draft]) -> list[_Draft]:
    """A lead that holds quotations of its own is there already."""
    kept: list[_Draft] = []
    for draft in drafts:
        if draft.quotes or not kept or draft.paragraphs[0] > kept[-1].paragraphs[1]:
            kept.append(draft)
    return kept


def _with_lead(
    text: str,
    spans: Sequence[QuotedSpan],
    group: Sequence[int],
    bounds: tuple[int, int],
    paragraphs: Sequence[tuple[int, int]],
) -> list[_Draft]:
    start, end = (
        _behind_dateline(text, *paragraphs[bounds[0]]),
        max(paragraphs[bounds[1]][1], spans[group[-1]].outer[1]),
    )
    draft = _draft(text, spans, group, (start, end), bounds)
    own = "".join(text[a:b] for a, b in _outside(spans, group, start, end))
    if bounds[0] == 0 or sum(character.isalpha() for character in own) > 3:
        return [draft]
    lead = bounds[0] - 1
    lead_start, lead_end = paragraphs[lead]
    return [_draft(text, spans, (), (max(lead_start, lead_end - _MAX_REPORTED), lead_end), (lead, lead)), draft]


def _behind_dateline(text: str, start: int, end: int) -> int:
    """Where a paragraph starts behind its place and agency: "LONDON (Reuters) - "."""
    dateline = _DATELINE.match(text, start, end)
    return dateline.end() if dateline else start


def _outside(spans: Sequence[QuotedSpan], group: Sequence[int], start: int, end: int) -> list[tuple[int, int]]:
    stretches, at = [], start
    for index in group:
        stretches.append((at, spans[index].outer[0]))
        at = spans[index].outer[1]
    return [*stretches, (at, end)]


def _draft(
    text: str, spans: Sequence[QuotedSpan], group: Sequence[int], bounds: tuple[int, int], paragraphs: tuple[int, int]
) -> _Draft:
    parts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    quotes: list[tuple[int, int, int, str]] = []
    length = 0

    def put(words: str, origin: int) -> None:
        nonlocal length
        if words:
            starts.append(length)
            origins.append(origin)
            parts.append(words)
            length += len(words)

    for number, (start, end) in enumerate(_outside(spans, group, *bounds)):
        stretch = " ".join(text[start:end].split("\n"))
        if len(stretch) > 2 * _MAX_REPORTED:
            put(stretch[:_MAX_REPORTED] + ". ", start)
            put(stretch[-_MAX_REPORTED:], end - _MAX_REPORTED)
        else:
            put(stretch, start)
        if number < len(group):
            span = spans[group[number]]
            if parts and not parts[-1][-1].isspace() and parts[-1][-1] not in "([-–—":
                put(" ", span.outer[0])
            quote_start = length
            put("“", span.outer[0])
            put(stand_in(text[span.start : span.end]), span.start)
            put("”", max(span.outer[0], span.outer[1] - 1))
            quotes.append((group[number], quote_start, length, _last_character(text[span.start : span.end])))
            following = text[span.outer[1] : span.outer[1] + 1]
            if following.isalnum() or following in _DASHES:  # which the tokenizer leaves with the mark
                put(" ", span.outer[1])
    return _Draft("".join(parts), tuple(starts), tuple(origins), tuple(quotes), paragraphs)


def stand_in(words: str) -> str:
    """What stands for quoted words in a frame: short ones themselves, long ones a sentence with the same ending."""
    plain = " ".join(words.replace("“", "").replace("”", "").replace('"', "").split())
    pieces = plain.split(" ")
    if len(pieces) <= _KEPT_WORDS:
        return plain
    ending = _last_character(words) if _last_character(words) in ",.?!;:—–-…" else ""
    if plain[:1].islower():
        return " ".join(pieces[:_LOOSE_STAND_IN]).rstrip(",.;:?!-–—") + ending
    return _STAND_IN + ending


def _last_character(words: str) -> str:
    """The last character of quoted words, the marks of a quotation inside them left out."""
    return (words.rstrip("’'”\"» ") or words)[-1]


def _frame(draft: _Draft, doc: Doc, lexicon: Lexicon) -> Frame:
    token_starts = [token.idx for token in doc]
    places = []
    for span, start, end, last_character in draft.quotes:
        first = bisect_right(token_starts, start) - 1
        last = bisect_right(token_starts, end - 1)
        places.append(QuotePlace(span, first, last, last_character))
    quoted = frozenset(index for place in places for index in range(place.first, place.last))
    stops = frozenset(place.last for place in places if place.last_character in ".?!")
    return Frame(doc, draft.starts, draft.origins, tuple(places), quoted, stops, *draft.paragraphs, lexicon)
