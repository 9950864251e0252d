"""Quotations: the quoted words of an article, and who said them as far as the text tells."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from spacy.language import Language as Pipeline

from newsmill.schemas.rows import Quote, Segment, Speaker
from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.enrich.entities.find import Mention
from newsmill.tasks.enrich.entities.names import plain
from newsmill.tasks.enrich.languages.language import TURN, Language, Lexicon, ThingShapes, WordOrder, words
from newsmill.tasks.enrich.quotes.by_order import attribute_by_order
from newsmill.tasks.enrich.quotes.cast import Cast
from newsmill.tasks.enrich.quotes.frames import paragraphs_of, parse_frames
from newsmill.tasks.enrich.quotes.marks import QuotedSpan, quoted_spans
from newsmill.tasks.enrich.quotes.named import Named
from newsmill.tasks.enrich.quotes.reported import reported_clauses
from newsmill.tasks.enrich.quotes.speakers import GUESSES, Attribution, attribute, labelled
from newsmill.tasks.enrich.quotes.turns import Side, Turn, interviewee, turns_of

_WORD = re.compile(r"\w+")
_FULL_STOP = re.compile(r"(?<=[a-z\d)])[.!?]\s")
_LAST_WORD = re.compile(r"([\w'’-]+),?\s+$")
_ONE_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*)?")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ][\w.’'-]*\s$")
_NAME_BEHIND = re.compile(r"\s[A-ZÀ-Þ][a-zß-ÿ’'-]+")
_GOES_BY_WORDS = 3
_COMPOUND = re.compile(r"[-‐‑][^\W\d_]")
"""A hyphen and a letter right behind a closing mark."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2}")
"""Two characters of a script that sets no spaces, which stand for a word."""
_SMALL_WORDS = words("a an the of in on at to for and or but nor by with from as vs via is")
"""Words that titles of works have small. English ones, for those titles stand so in the press of any language."""
_MIN_TITLE = 3
_BESIDE = 3
"""Words between a cue and what it reports right beside it: "said it was"."""
_CUED = frozenset({SpeakerMethod.CUE_AFTER, SpeakerMethod.CUE_BEFORE, SpeakerMethod.CUE_CLOSING})
"""Methods that tell who speaks in a line of dialogue; whoever spoke before is the other one."""
_MIN_UNATTRIBUTED_WORDS = 4
"""Fewer quoted words that nobody is said to have said are a nickname, a title or a word held at arm's length."""


def find_quotes(
    article_id: str, text: str, mentions: Sequence[Mention], language: Language, nlp: Pipeline | None = None
) -> tuple[Quote, ...]:
    """The quotations and the indirect speech of an article in order of text.

    ``nlp`` parses the sentences around them, for a language whose rules read the parse; other rules go by the order of
    words. In a language without rules the quotations are found by their marks alone and have no speaker.
    """
    spans = [
        turn
        for span in quoted_spans(text, language.cues)
        if not _is_nickname(text, span, language.things) and not _is_in_word(text, span)
        for turn in _turns(text, span)
    ]
    if language.order is not None:
        found = _in_order(text, spans, mentions, language.order, language.things)
    elif nlp is not None and language.lexicon is not None:
        found = _attributed(text, spans, mentions, nlp, language.lexicon, language.things)
    else:
        unknown = Attribution.none(SpeakerMethod.OTHER_LANGUAGE)
        found = [_Quotation(span, unknown) for span in spans if _is_reported(text, span, unknown, language.things)]
    return tuple(_row(article_id, index, text, quotation) for index, quotation in enumerate(found))


def _attributed(
    text: str,
    spans: Sequence[QuotedSpan],
    mentions: Sequence[Mention],
    nlp: Pipeline,
    lexicon: Lexicon,
    things: ThingShapes,
) -> list["_Quotation"]:
    """The quotations, the turns and the indirect speech with their speakers, in order of text."""
    turns = turns_of(text, mentions, spans, lexicon)
    told = [turn for turn in turns if turn.side is not Side.DASH]
    dialogue = {turn.span for turn in turns if turn.side is Side.DASH}
    spans = [span for span in spans if not any(turn.span.outer[0] <= span.start < turn.span.outer[1] for turn in turns)]
    spans = sorted([*spans, *dialogue], key=lambda span: span.start)
    paragraphs = paragraphs_of(text, spans)
    outers = sorted([*(span.outer for span in spans), *(turn.span.outer for turn in told)])
    cast = Cast(text, mentions, paragraphs, outers, lexicon)
    quoting, reporting = parse_frames(text, spans, paragraphs, nlp, lexicon, told=[turn.span.outer for turn in told])
    whose = attribute(quoting, len(spans), cast)
    answering = interviewee(text, mentions, told, told[0].span.outer[0], lexicon) if told else None
    turned = [_said_in_turn(turn, answering, cast) for turn in told]
    for index, span in enumerate(spans):
        if span in dialogue:
            said = whose[index] if whose[index].method in _CUED else Attribution.none(SpeakerMethod.NO_CUE)
            turned.append(_Quotation(span, said, QuoteKind.TURN))
    kept = {i for i, span in enumerate(spans) if span not in dialogue and _is_reported(text, span, whose[i], things)}
    quotations = [*_joined(text, [_Quotation(spans[index], whose[index]) for index in sorted(kept)]), *turned]
    for frame in sorted([*quoting, *reporting], key=lambda frame: frame.paragraph):
        held = {place.span for place in frame.places if place.span in kept or spans[place.span] in dialogue}
        quoted = {token for place in frame.places if place.span in held for token in range(place.first, place.last)}
        for clause in reported_clauses(frame, quoted, cast):
            span = QuotedSpan(clause.segments, (clause.segments[0][0], clause.segments[-1][1]))
            quotations.append(_Quotation(span, clause.who, QuoteKind.INDIRECT))
    return sorted(quotations, key=lambda quotation: quotation.span.start)


def _in_order(
    text: str, spans: Sequence[QuotedSpan], mentions: Sequence[Mention], order: WordOrder, things: ThingShapes
) -> list["_Quotation"]:
    """The same by the order of words."""
    named = Named(text, mentions, [span.outer for span in spans], order)
    whose, reported = attribute_by_order(text, spans, named, order)
    quotations = _joined(
        text,
        [
            _Quotation(span, who)
            for span, who in zip(spans, whose, strict=True)
            if _is_reported(text, span, who, things)
        ],
    )
    for clause in reported:
        span = QuotedSpan(clause.segments, (clause.segments[0][0], clause.segments[-1][1]))
        quotations.append(_Quotation(span, clause.who, QuoteKind.INDIRECT))
    return sorted(quotations, key=lambda quotation: quotation.span.start)


def _said_in_turn(turn: Turn, answering: Mention | None, cast: Cast) -> "_Quotation":
    """A turn with its speaker: whom its label names, or who answers in the interview."""
    method = SpeakerMethod.SIGNATURE if turn.side is Side.SIGNED else SpeakerMethod.TRANSCRIPT
    if turn.label is not None and turn.side in {Side.NAME, Side.SIGNED}:
        return _Quotation(turn.span, labelled(turn.label, method, cast), QuoteKind.TURN)
    if turn.side is Side.ANSWER and answering is not None:
        who = labelled((answering.start, answering.end), method, cast)
    else:
        who = Attribution.none(SpeakerMethod.NO_CUE)
    return _Quotation(turn.span, who, QuoteKind.TURN)


def _turns(text: str, span: QuotedSpan) -> Iterator[QuotedSpan]:
    """The turns of a transcript that is quoted paragraph by paragraph; any other quotation as it is."""
    firsts = [0, *(number for number in range(1, len(span.segments)) if TURN.match(text, span.segments[number][0]))]
    for first, last in pairwise([*firsts, len(span.segments)]):
        segments = span.segments[first:last]
        start = span.outer[0] if first == 0 else segments[0][0] - 1
        end = span.outer[1] if last == len(span.segments) else segments[-1][1]
        yield QuotedSpan(segments, (start, end))


class _Quotation(NamedTuple):
    """Reported words and whose they are. ``kind`` is told from the words where it is None."""

    span: QuotedSpan
    who: Attribution
    kind: QuoteKind | None = None


def words_hash(quoted: str) -> str:
    """16 hex digits for quoted words, equal for words that differ in case, marks, accents and spacing alone."""
    return hashlib.sha256(" ".join(_WORD.findall(plain(quoted))).encode()).hexdigest()[:16]


def _joined(text: str, found: Sequence[_Quotation]) -> list[_Quotation]:
    """Two quoted parts of one sentence with their cue in between ("...," he said, "...") as one quotation."""
    joined: list[_Quotation] = []
    for quotation in found:
        if joined and _goes_on(text, joined[-1], quotation):
            first, second = joined[-1].span, quotation.span
            both = QuotedSpan((*first.segments, *second.segments), (first.outer[0], second.outer[1]))
            joined[-1] = joined[-1]._replace(span=both)
        else:
            joined.append(quotation)
    return joined


def _goes_on(text: str, first: _Quotation, second: _Quotation) -> bool:
    between = text[first.span.outer[1] : second.span.outer[0]]
    cue = first.who.cue
    return (
        first.who.method == SpeakerMethod.CUE_AFTER
        and cue is not None
        and second.who.cue == cue
        and first.span.outer[1] <= cue[0] < second.span.outer[0]
        and "\n" not in between
        and not _FULL_STOP.search(between)
        and between.rstrip()[-1:] in {",", "-", "–", "—"}
        and text[first.span.end - 1] in ",-–—…"
    )


def _is_reported(text: str, span: QuotedSpan, who: Attribution, things: ThingShapes) -> bool:
    """Whether quoted words are somebody's words rather than a nickname, a title or a term."""
    quoted = text[span.start : span.end].split()
    is_cued = who.speaker is not None and who.method not in GUESSES
    if is_cued and not (_is_title(quoted) and (_names_a_thing(text, span, things) or _is_far_title(text, span, who))):
        return len(quoted) > 1 or quoted[0][-1] in ",.?!"
    return _size(text[span.start : span.end]) >= _MIN_UNATTRIBUTED_WORDS and not _is_title(quoted)


def _is_nickname(text: str, span: QuotedSpan, things: ThingShapes) -> bool:
    """Whether words in marks stand within a person's name or are one: Robert "Bobby" Scott, who goes by "Lofty"."""
    is_short = text[span.start].isupper() and len(text[span.start : span.end].split()) <= _GOES_BY_WORDS
    if is_short and things.goes_by.search(text, max(0, span.outer[0] - 60), span.outer[0]):
        return True
    return (
        _ONE_NAME.fullmatch(text, span.start, span.end) is not None
        and _NAME_BEFORE.search(text, max(0, span.outer[0] - 40), span.outer[0]) is not None
        and _NAME_BEHIND.match(text, span.outer[1]) is not None
    )


def _is_in_word(text: str, span: QuotedSpan) -> bool:
    """Whether words in marks are part of a compound: der „Müll“-Vergleich, "zero waste"-style shops."""
    short = len(text[span.start : span.end].split()) < _MIN_UNATTRIBUTED_WORDS
    return short and _COMPOUND.match(text, span.outer[1]) is not None


def _size(quoted: str) -> int:
    """The number of words, two characters of a script without spaces taken for one."""
    unspaced = len(_UNSPACED.findall(quoted))
    return unspaced or len(quoted.split())


def _is_title(quoted: Sequence[str]) -> bool:
    """Title case throughout: a film, a book, a song."""
    content = [word.lstrip("([") for word in quoted if word.lower().strip(",.!?:;'’") not in _SMALL_WORDS]
    return all(word[:1].isupper() or word[:1].isdigit() for word in content)


def _names_a_thing(text: str, span: QuotedSpan, things: ThingShapes) -> bool:
    """Whether words in title case stand where a thing is named: on CNN's "State of the Union," in the book "..."."""
    if things.behind.match(text, span.outer[1]) or things.such_as.search(
        text, max(0, span.outer[0] - 40), span.outer[0]
    ):
        return True
    before = _LAST_WORD.search(text, max(0, span.outer[0] - 30), span.outer[0])
    if before is None:
        return False
    word = before.group(1).lower()
    return word in things.named_by or word.endswith(("'s", "’s", "s'", "s’"))


def _is_far_title(text: str, span: QuotedSpan, who: Attribution) -> bool:
    """Whether words in title case that no mark ends stand away from their cue: he writes and hosts "City at Night"."""
    if who.cue is None or len(text[span.start : span.end].split()) < _MIN_TITLE or text[span.end - 1] in ",.?!…":
        return False
    return who.cue[1] <= span.outer[0] and len(text[who.cue[1] : span.outer[0]].split()) > _BESIDE


def quote_kind(text: str, span: QuotedSpan) -> QuoteKind:
    """Direct if the quoted words stand as a sentence of their own, mixed if they are part of the reporter's."""
    quoted = text[span.start : span.end]
    before = text[max(0, span.outer[0] - 40) : span.outer[0]].rstrip(" \t")
    if quoted[:1].isalpha() and quoted[:1].lower() == quoted[:1].upper() and _size(quoted) >= _MIN_UNATTRIBUTED_WORDS:
        return QuoteKind.DIRECT  # a script without capitals
    starts_sentence = quoted[:1].isupper() or not quoted[:1].isalpha()
    stands_alone = not before or before[-1] in ".!?:,;\n\r–—-…”\"'’»)：，。、；！？」"
    if _size(quoted) >= 3 and (starts_sentence and stands_alone):
        return QuoteKind.DIRECT
    if stands_alone and quoted[-1:] in ",.!?" and len(quoted.split()) > 4:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED


def _row(article_id: str, index: int, text: str, quotation: _Quotation) -> Quote:
    span, who, kind = quotation
    own = words_hash(" ".join(text[start:end] for start, end in span.segments))
    return Quote(
        article_id=article_id,
        quote_id=own,
        words_hash=own,
        quote_index=index,
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        segments=tuple(Segment(start=start, end=end) for start, end in span.segments),
        kind=kind or quote_kind(text, span),
        speaker_text=None if who.speaker is None else text[who.speaker[0] : who.speaker[1]],
        speaker_start=who.speaker and who.speaker[0],
        speaker_end=who.speaker and who.speaker[1],
        speaker_entity_id=who.entity_id,
        speaker_name=who.name,
        speaker_role=who.role,
        cue=None if who.cue is None else text[who.cue[0] : who.cue[1]],
        cue_start=who.cue and who.cue[0],
        cue_end=who.cue and who.cue[1],
        method=who.method,
        confidence=who.confidence,
        speakers=tuple(Speaker(name=s.name, entity_id=s.entity_id, start=s.start, end=s.end) for s in who.together)
        or None,
    )
