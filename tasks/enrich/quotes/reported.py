"""Indirect speech: the clauses that say without quotation marks what somebody said.

"Lavrov said that the talks would go on", "the talks will go on, he said", "the talks, he said, will go on", "according
to Lavrov, ...". Only what is plainly reported counts: no denial, no supposition, no question, and never a clause whose
own words stand in quotation marks, which is a quotation already.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.languages.parsed import Grammar
from newsmill.tasks.enrich.quotes.cast import Cast
from newsmill.tasks.enrich.quotes.cues import INSERTING, Found, according, inserted, naming
from newsmill.tasks.enrich.quotes.frames import Frame
from newsmill.tasks.enrich.quotes.speakers import CONFIDENCE, Attribution, resolved
from newsmill.tasks.enrich.quotes.syntax import can_speak, sharer, subject_near, subject_of

_MIN_WORDS = 4
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_OPENERS = frozenset({"that", ",", ":", "“", "”", "-", "–", "—", "--"})
_CLOSERS = frozenset({",", ".", ";", ":", "!", "-", "–", "—", "--", "“", "”"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_OTHER_MARKS = frozenset({":", ";", "(", ")", "-", "–", "—", "--", "“", "”"})
_INTERROGATIVE = frozenset({"WP", "WRB", "WDT"})


@dataclass(frozen=True, slots=True)
class Reported:
    """A clause of indirect speech: the (start, end) of its parts in the text, and whose words it reports."""

    segments: tuple[tuple[int, int], ...]
    who: Attribution


def reported_clauses(frame: Frame, quoted: Collection[int], cast: Cast) -> Iterator[Reported]:
    """The indirect speech of a frame in order of text, none overlapping; ``quoted`` are the tokens in quotations."""
    taken = set(quoted)
    for token in frame.doc:
        if token.i in taken:
            continue
        found, parts = _headlined(frame, token, cast) or _report(frame, token, cast)
        parts = [_tidied(frame, *part) for part in parts]
        parts = [(first, last) for first, last in parts if first < last]
        inside = {i for first, last in parts for i in range(first, last)}
        if found is None or not parts or inside & taken or sum(frame.doc[i].is_alpha for i in inside) < _MIN_WORDS:
            continue
        who = resolved(frame, found, cast)
        if who.method is SpeakerMethod.SUPPOSED:
            continue
        taken |= inside
        if who.confidence is not None:
            who = replace(who, confidence=min(CONFIDENCE[SpeakerMethod.CUE_BEFORE], who.confidence))
        yield Reported(tuple(frame.stretch(*part) for part in parts), who)


def _headlined(frame: Frame, colon: Token, cast: Cast) -> tuple[Found | None, list[tuple[int, int]]] | None:
    """The statement behind the name that opens a headline: "Putin: We are ready for talks"."""
    doc = frame.doc
    if colon.text != ":" or frame.paragraph > 0 or frame.places or colon.i == 0:
        return None
    mention = cast.mention_at(*frame.stretch(0, colon.i))
    if mention is None or mention.label not in {"PERSON", "ORG"} or mention.end != frame.stretch(0, colon.i)[1]:
        return None
    if mention.start != frame.stretch(0, 1)[0] or not any(t.dep_ == "nsubj" for t in doc[colon.i + 1 :]):
        return None
    cue = (colon.i, colon.i + 1)
    return naming(frame, doc[colon.i - 1], cue, SpeakerMethod.COLON, cast), [(colon.i + 1, len(doc))]


def _report(frame: Frame, token: Token, cast: Cast) -> tuple[Found | None, list[tuple[int, int]]]:
    """The speaker and the clause, as tokens [first, last), that a cue reports."""
    is_according = token.lower_ == "according"
    # The sentence is asked for last: to find it takes time with its length.
    if (
        not (is_according or (token.lower_ in frame.lexicon.reporting and _is_stated(token, frame.lexicon.grammar)))
        or token.sent[-1].text == "?"
    ):
        return None, []
    if is_according:
        return according(frame, token.i), _around_according(frame, token)
    return _governing(frame, token, cast) or _set_in(frame, token, cast) or (None, [])


def _governing(frame: Frame, verb: Token, cast: Cast) -> tuple[Found | None, list[tuple[int, int]]] | None:
    """The clause that a cue verb governs, behind it or before it."""
    clause = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    if clause is None or not any(child.dep_ in _SUBJECTS for child in clause.children):
        return None
    first, last = clause.left_edge.i, _end_of(frame, clause)
    opener = frame.doc[first]
    is_question = opener.lower_ in frame.lexicon.cue_words.embedding
    if verb.lower_.startswith("ask") != is_question or opener.tag_ in _INTERROGATIVE:
        return None
    subject = _speaker_of(frame, verb, first, last, cast)
    if subject is None or first < verb.i < last or first <= subject.i < last:
        return None
    if verb.tag_ == "VBG" and (first < verb.i or subject.lower_ == "it"):
        return None
    if first < verb.i and not _is_set_off(frame, last, min(verb.i, subject.i)):
        return None
    method = SpeakerMethod.CUE_BEFORE if first > verb.i else SpeakerMethod.CUE_AFTER
    return naming(frame, subject, (verb.i, verb.i + 1), method, cast), [(first, last)]


def _end_of(frame: Frame, clause: Token) -> int:
    """Behind the last token of a clause; what its speaker then "adds" is no part of it."""
    first, last = clause.left_edge.i, clause.right_edge.i + 1
    for comma, verb in zip(range(first, last - 1), range(first + 1, last), strict=True):
        if (
            frame.doc[comma].text == ","
            and frame.doc[verb].tag_ == "VBG"
            and frame.doc[verb].lower_ in frame.lexicon.reporting
        ):
            return comma
    return last


def _is_set_off(frame: Frame, last: int, cue: int) -> bool:
    """Whether nothing but a comma and words of the cue clause stand between a clause and the cue behind it."""
    between = {token.text for token in frame.doc[max(0, last - 1) : cue]}
    return "," in between and not between & _OTHER_MARKS


def _set_in(frame: Frame, verb: Token, cast: Cast) -> tuple[Found | None, list[tuple[int, int]]] | None:
    """The sentence on either side of a cue clause between commas: The talks, he said, will go on."""
    doc, sentence = frame.doc, verb.sent
    opening = next((at for at in range(verb.i - 1, sentence.start, -1) if doc[at].text in INSERTING), None)
    closing = next((at for at in range(verb.i + 1, sentence.end - 1) if doc[at].text in INSERTING), None)
    if opening is None or closing is None or closing + 2 >= sentence.end:
        return None
    found = inserted(frame, opening, closing, cast)
    return None if found is None else (found, [(sentence.start, opening), (closing + 1, sentence.end)])


def _speaker_of(frame: Frame, verb: Token, first: int, last: int, cast: Cast) -> Token | None:
    sentence = verb.sent
    if first > verb.i:
        subject = sharer(frame, verb, sentence.start, cast) or subject_of(verb, 0, frame.lexicon)
    else:
        subject = subject_near(frame, verb, last, sentence.end, cast)
    return subject if subject is not None and can_speak(frame, subject, cast, verb) else None


def _is_stated(verb: Token, grammar: Grammar) -> bool:
    """Whether a cue verb states that something was said: finite or a participle, not denied, not supposed."""
    for child in verb.children:
        if child.dep_ == "neg" or child.tag_ == "MD" or child.dep_ in {"nsubjpass", "auxpass"}:
            return False
        if child.dep_ == "mark" and child.lower_ in grammar.conditions:
            return False
    perfect = any(child.lower_ in {"has", "have", "had"} for child in verb.children)
    return verb.tag_ in _FINITE or verb.tag_ == "VBG" or (verb.tag_ == "VBN" and perfect)


def _around_according(frame: Frame, cue: Token) -> list[tuple[int, int]]:
    """The rest of the sentence around "according to ...": behind its comma, or before it."""
    doc, sentence = frame.doc, cue.sent
    end = cue.right_edge.i + 1
    if cue.i == sentence.start:
        comma = next((token.i for token in doc[cue.i : sentence.end] if token.text == "," and token.i >= end), None)
        return [] if comma is None else [(comma + 1, sentence.end)]
    before = doc[cue.i - 1].text
    if before != "," and end < sentence.end - 1:
        return []
    rest = doc[end : sentence.end].text.strip(" .”")
    return [(sentence.start, cue.i)] if not rest else []


def _tidied(frame: Frame, first: int, last: int) -> tuple[int, int]:
    """The tokens without the conjunction and the marks at their ends."""
    while first < last and frame.doc[first].lower_ in _OPENERS:
        first += 1
    while last > first and frame.doc[last - 1].text in _CLOSERS:
        last -= 1
    return first, last
