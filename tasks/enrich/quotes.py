"""Quotations: the quoted words of an article, and who said them as far as the text tells."""

import hashlib
import re
from collections.abc import Sequence

from spacy.language import Language

from newsmill.schemas.rows import Quote, Segment
from newsmill.schemas.words import QuoteKind
from newsmill.tasks.enrich.entities import Mention
from newsmill.tasks.enrich.lexicon import words
from newsmill.tasks.enrich.marks import QuotedSpan, quoted_spans
from newsmill.tasks.enrich.names import plain
from newsmill.tasks.enrich.speakers import Attribution, attribute

_WORD = re.compile(r"\w+")
_SMALL_WORDS = frozenset(words("a an the of in on at to for and or but nor by with from as vs via is"))
_MIN_UNATTRIBUTED_WORDS = 4
"""Fewer quoted words that nobody is said to have said are a nickname, a title or a word held at arm's length."""


def find_quotes(article_id: str, text: str, mentions: Sequence[Mention], nlp: Language | None) -> tuple[Quote, ...]:
    """The quotations of an article in order of text.

    ``nlp`` parses the sentences around them; without one (a language that the model does not know) the quotations are
    found by their marks alone and have no speaker.
    """
    spans = quoted_spans(text)
    if nlp is None:
        found = [(span, Attribution.none("other_language")) for span in spans]
    else:
        found = list(zip(spans, attribute(text, spans, mentions, nlp), strict=True))
    kept = _joined(text, [(span, who) for span, who in found if _is_reported(text, span, who)])
    return tuple(_row(article_id, index, text, span, who) for index, (span, who) in enumerate(kept))


def quote_id(quoted: str) -> str:
    """16 hex digits for quoted words, equal for words that differ in case, marks, accents and spacing alone."""
    return hashlib.sha256(" ".join(_WORD.findall(plain(quoted))).encode()).hexdigest()[:16]


def _joined(text: str, found: Sequence[tuple[QuotedSpan, Attribution]]) -> list[tuple[QuotedSpan, Attribution]]:
    """Two quoted parts of one sentence with their cue in between ("...," he said, "...") as one quotation."""
    joined: list[tuple[QuotedSpan, Attribution]] = []
    for span, who in found:
        if joined and _goes_on(text, joined[-1], (span, who)):
            first, by = joined[-1]
            joined[-1] = (QuotedSpan((*first.segments, *span.segments), (first.outer[0], span.outer[1])), by)
        else:
            joined.append((span, who))
    return joined


def _goes_on(text: str, first: tuple[QuotedSpan, Attribution], second: tuple[QuotedSpan, Attribution]) -> bool:
    between = text[first[0].outer[1] : second[0].outer[0]]
    cue = first[1].cue
    return (
        first[1].method == "cue_after"
        and cue is not None
        and second[1].cue == cue
        and first[0].outer[1] <= cue[0] < second[0].outer[0]
        and "\n" not in between
        and between.rstrip()[-1:] in {",", "-", "–", "—"}
        and text[first[0].end - 1] in ",-–—…"
    )


def _is_reported(text: str, span: QuotedSpan, who: Attribution) -> bool:
    """Whether quoted words are somebody's words rather than a nickname, a title or a term."""
    quoted = text[span.start : span.end].split()
    if who.speaker is not None and not (who.method == "verb_before" and _is_title(quoted)):
        return len(quoted) > 1 or quoted[0][-1] in ",.?!"
    return len(quoted) >= _MIN_UNATTRIBUTED_WORDS and not _is_title(quoted)


def _is_title(quoted: Sequence[str]) -> bool:
    """Title case throughout and no end of a sentence: a film, a book, a song."""
    content = [word for word in quoted if word.lower().strip(",.!?:;") not in _SMALL_WORDS]
    return all(word[:1].isupper() or word[:1].isdigit() for word in content) and quoted[-1][-1:] not in ".,"


def quote_kind(text: str, span: QuotedSpan) -> QuoteKind:
    """Direct if the quoted words stand as a sentence of their own, mixed if they are part of the reporter's."""
    quoted = text[span.start : span.end]
    before = text[max(0, span.outer[0] - 40) : span.outer[0]].rstrip(" \t")
    starts_sentence = quoted[:1].isupper() or not quoted[:1].isalpha()
    stands_alone = not before or before[-1] in ".!?:,;\n\r–—-…”\"'’»)"
    if len(quoted.split()) >= 3 and (starts_sentence and stands_alone):
        return QuoteKind.DIRECT
    if stands_alone and quoted[-1:] in ",.!?" and len(quoted.split()) > 4:
        return QuoteKind.DIRECT
    return QuoteKind.MIXED


def _row(article_id: str, index: int, text: str, span: QuotedSpan, who: Attribution) -> Quote:
    return Quote(
        article_id=article_id,
        quote_id=quote_id(" ".join(text[start:end] for start, end in span.segments)),
        quote_index=index,
        text=text[span.start : span.end],
        start=span.start,
        end=span.end,
        segments=tuple(Segment(start=start, end=end) for start, end in span.segments),
        kind=quote_kind(text, span),
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
    )
