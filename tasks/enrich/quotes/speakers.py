"""Speakers: which words attribute a quotation, whom they name, and who that is in the article.

Each quotation is first tied to a cue in its own paragraph (a reporting verb behind or before it, "according to", a
colon), by syntax where the parser decides and by order of words where it does not; one without a cue goes on from the
quotation before it or from the sentence that leads up to it. Pronouns and descriptions are resolved afterwards, in
order of text. Nobody is named on a guess: ``method`` then says why there is no speaker, or no name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.entities.find import Mention
from newsmill.tasks.enrich.entities.mentions import PLACES
from newsmill.tasks.enrich.languages.language import Lexicon
from newsmill.tasks.enrich.quotes.cast import Cast, Known, Speaker
from newsmill.tasks.enrich.quotes.cues import SENTENCE_ENDS, SHORT_CLAUSE, Found, cue_of, lead_of
from newsmill.tasks.enrich.quotes.frames import Frame, QuotePlace
from newsmill.tasks.enrich.quotes.syntax import is_sentence, is_supposed

SURE, LIKELY, FAIR, WEAK = 0.98, 0.89, 0.84, 0.75
CONFIDENCE = {
    SpeakerMethod.CUE_AFTER: SURE,
    SpeakerMethod.CUE_CLOSING: SURE,
    SpeakerMethod.SAME_PARAGRAPH: SURE,
    SpeakerMethod.CUE_BEFORE: LIKELY,
    SpeakerMethod.ACCORDING_TO: LIKELY,
    SpeakerMethod.COLON: LIKELY,
    SpeakerMethod.LEAD_CUE: LIKELY,
    SpeakerMethod.SIGNATURE: SURE,
    SpeakerMethod.TRANSCRIPT: LIKELY,
    SpeakerMethod.SENTENCE_BEFORE: FAIR,
    SpeakerMethod.CONTINUATION: FAIR,
    SpeakerMethod.LEAD: FAIR,
    SpeakerMethod.VERB_BEFORE: WEAK,
    SpeakerMethod.VERB_AFTER: WEAK,
}
"""Chance that a speaker found by a method is right: four coarse levels, read off 5,800 hand-annotated quotations.

The shares counted there are .98 for the first level, .90 to .95 for the second, .84 to .95 for the third on small
counts, and .75 for the last (docs/quality/quotes.md).
"""

GUESSES = frozenset({SpeakerMethod.VERB_BEFORE, SpeakerMethod.VERB_AFTER})
"""Methods that go by a verb which need not report speech."""
_FULL_STOP_TOKENS = 3
"""Tokens of a full stop with the white space around it."""
_ROLE_WORDS = 9
"""Tokens from a noun that says who somebody is to the comma before the name."""
_QUOTATIONS_BACK = 20
"""A quotation without a cue may go on from one so many before it in its paragraph."""
_CLOSE = 3
"""Tokens from a subject to its verb, an adverb and an auxiliary between them."""
_NEAR, _FAR = 50, 120
"""Tokens of the reporter's between two quotations, from which on the second need not go on from the first."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said a quotation, with offsets into the article's text; without a speaker ``method`` says why."""

    speaker: tuple[int, int] | None
    cue: tuple[int, int] | None
    method: SpeakerMethod
    name: str | None = None
    entity_id: str | None = None
    role: str | None = None
    confidence: float | None = None
    together: tuple[Speaker, ...] = ()
    """Everybody who said it, where several did; the first is the one named above."""

    @staticmethod
    def none(reason: SpeakerMethod) -> "Attribution":
        """No speaker, with the reason."""
        return Attribution(None, None, reason)


_ASKED_BACK = 12
"""Words before a question in which it says that somebody was asked it."""


def attribute(frames: Sequence[Frame], number_of_spans: int, cast: Cast) -> list[Attribution]:
    """One attribution for each quoted span of the article, in order."""
    results: dict[int, Attribution] = {}
    previous: Frame | None = None
    for frame in frames:
        for place, who in _of_frame(frame, previous, results, cast):
            results[place.span] = who
        previous = frame
    return [results.get(index, Attribution.none(SpeakerMethod.NO_CUE)) for index in range(number_of_spans)]


def _of_frame(
    frame: Frame, previous: Frame | None, results: dict[int, Attribution], cast: Cast
) -> Iterator[tuple[QuotePlace, Attribution]]:
    # The token behind the opening mark, unless the tokenizer left mark and words in one.
    inner = [min(place.first + 1, place.last - 1) for place in frame.places]
    turns = [
        cast.turn_at(frame.stretch(token, token + 1)[0]) or cast.turn_before(frame.stretch(place.first, token)[0])
        for token, place in zip(inner, frame.places, strict=True)
    ]
    founds = [None if turn else cue_of(frame, number, cast) for number, turn in enumerate(turns)]
    settled = [
        labelled(turn, SpeakerMethod.TRANSCRIPT, cast) if turn else resolved(frame, found, cast) if found else None
        for turn, found in zip(turns, founds, strict=True)
    ]
    for number, place in enumerate(frame.places):
        who = settled[number]
        found = founds[number]
        if found is not None and _is_answered(frame, place, found):
            who = settled[number] = Attribution.none(SpeakerMethod.NO_CUE)
        if who is None:
            who = _uncued(frame, number, settled, previous, results, cast)
            settled[number] = who if who.speaker else None
        yield place, who


def _is_answered(frame: Frame, place: QuotePlace, found: Found) -> bool:
    """Whether a quotation is the question that somebody answers: When asked, "Will you go?" Smith responded."""
    if found.cue is None or found.cue[0] < place.last:
        return False
    if frame.doc[found.cue[0]].lower_ not in frame.lexicon.cue_words.replies:
        return False
    asks = any(token.text == "?" for token in frame.doc[max(place.first, place.last - 2) : place.last])
    return asks and any(token.lower_ == "asked" for token in frame.doc[max(0, place.first - _ASKED_BACK) : place.first])


def _uncued(
    frame: Frame,
    number: int,
    settled: Sequence[Attribution | None],
    previous: Frame | None,
    results: dict[int, Attribution],
    cast: Cast,
) -> Attribution:
    """The speaker of a quotation without a cue of its own: whoever speaks around it."""
    place = frame.places[number]
    if not is_sentence(frame, place) or _has_author(frame, place):
        return Attribution.none(SpeakerMethod.NO_CUE)
    led = place.first > 1 and frame.doc[place.first - 1].text in SENTENCE_ENDS
    lead = lead_of(frame, place.first - 1, cast) if led else None
    if lead is not None and _starts_behind_quotations(frame, number):
        mention = cast.mention_at(*frame.stretch(lead.head.i, lead.head.i + 1))
        if _reports_speech(frame, lead) or (mention is not None and mention.label == "PERSON"):
            return resolved(frame, lead, cast)
    for other in range(number - 1, max(-1, number - _QUOTATIONS_BACK), -1):
        who = settled[other]
        if who is not None and who.speaker is not None and who.method != SpeakerMethod.VERB_BEFORE:
            between = place.first - frame.places[other].last
            return _goes_on(
                who, SpeakerMethod.SAME_PARAGRAPH, WEAK if between > _FAR else FAIR if between > _NEAR else SURE
            )
    if number + 1 < len(frame.places) and frame.places[number + 1].first - place.last <= 1:
        who = settled[number + 1]
        if who is not None and who.speaker is not None:
            return _goes_on(who, SpeakerMethod.SAME_PARAGRAPH)
    if led:
        return Attribution.none(SpeakerMethod.NO_CUE) if lead is None else resolved(frame, lead, cast)
    if _is_detached(frame, number):
        return Attribution.none(SpeakerMethod.DETACHED)
    if place.first > 1:
        return Attribution.none(SpeakerMethod.NO_CUE)
    signed = cast.signature_behind(frame.last_paragraph) if place.last >= len(frame.doc) - 1 else None
    if signed is not None:
        return labelled(signed, SpeakerMethod.SIGNATURE, cast)
    if previous is None or previous.last_paragraph != frame.paragraph - 1:
        return Attribution.none(SpeakerMethod.NO_CUE)
    return _from_before(previous, results, cast)


def _from_before(previous: Frame, results: dict[int, Attribution], cast: Cast) -> Attribution:
    """Whoever speaks at the end of the paragraph before a bare quotation."""
    lead = lead_of(previous, len(previous.doc) - 1, cast)
    if previous.places:
        behind = len(previous.doc) - previous.places[-1].last > SHORT_CLAUSE
        if lead is not None and behind and _reports_speech(previous, lead):
            return resolved(previous, lead, cast)
        who = results.get(previous.places[-1].span)
        if who is not None and who.speaker is not None and who.method != SpeakerMethod.SIGNATURE:
            return _goes_on(who, SpeakerMethod.CONTINUATION)
    return Attribution.none(SpeakerMethod.NO_CUE) if lead is None else resolved(previous, lead, cast)


def _has_author(frame: Frame, place: QuotePlace) -> bool:
    """Whether a quotation is a headline with its author behind it: "The bridge closes," by Ned Pahl."""
    behind = frame.doc[place.last : place.last + 2]
    return len(behind) > 1 and behind[0].text == "by" and behind[1].tag_ in {"NNP", "NNPS", "DT"}


def _starts_behind_quotations(frame: Frame, number: int) -> bool:
    """Whether the sentence that leads up to a quotation has no quotation in it."""
    place = frame.places[number]
    start = frame.doc[place.first - 1].sent.start
    return number == 0 or frame.places[number - 1].last <= start


def _reports_speech(frame: Frame, found: Found) -> bool:
    """Whether a cue is a verb that plainly reports, outside quotations."""
    if found.cue is None or found.cue[0] in frame.quoted:
        return False
    verb = frame.doc[found.cue[0]]
    return verb.lower_ in frame.lexicon.plain_cues and not any(child.dep_ == "neg" for child in verb.children)


def labelled(name: tuple[int, int], method: SpeakerMethod, cast: Cast) -> Attribution:
    """The attribution to a name that is set beside the words, with no verb: "- Mary Smith", "SMITH: ..."."""
    known = cast.called(*name)
    if known is not None and known.is_ambiguous:
        return Attribution(name, None, SpeakerMethod.AMBIGUOUS)
    cast.spoke(name[0], known)
    return Attribution(
        name,
        None,
        method,
        known.name if known else cast.full_name(*name),
        known.entity_id if known else None,
        known.role if known else None,
        CONFIDENCE[method],
    )


def _goes_on(who: Attribution, method: SpeakerMethod, at_most: float = SURE) -> Attribution:
    """The same speaker for the next quotation, who is no surer than for the one before."""
    if who.confidence is None:
        return who
    return replace(who, method=method, confidence=min(CONFIDENCE[method], who.confidence, at_most))


def _is_detached(frame: Frame, number: int) -> bool:
    """Whether a bare quotation has its full stop outside the marks.

    Whole sentences have it inside. Copy that has been rewritten by machine ends so where the cue was cut off, and
    whoever is named before it need not be who spoke.
    """
    place = frame.places[number]
    if len(frame.doc) - place.last > _FULL_STOP_TOKENS:
        return False
    return frame.doc[place.last :].text.strip() == "." and place.last_character not in SENTENCE_ENDS


# --- who that is -----------------------------------------------------------------------------------------------------


def resolved(frame: Frame, found: Found, cast: Cast) -> Attribution:
    """The attribution with the name and identity of its speaker, as far as the article tells."""
    start, end = frame.stretch(found.first, found.last)
    head = frame.stretch(found.head.i, found.head.i + 1)
    mention = cast.mention_at(*head) or _apposed(frame, found, cast)
    mention = mention and cast.bearer(mention)
    cue = _cue_span(frame, found)
    if found.cue is not None and is_supposed(frame.doc, found.cue[0], found.first, found.last, frame.lexicon.grammar):
        return Attribution(None, cue, SpeakerMethod.SUPPOSED)
    if mention is not None and mention.label in PLACES and _is_part_of_name(frame, found, mention):
        known: Known | None = Known(frame.doc[found.first : found.last].text, None, "ORG", None)
    elif mention is not None:
        known = cast.known(mention)
        start, end = mention.start, mention.end
    else:
        known = cast.described(start, end, found.head.lower_)
    confidence = _chance(frame, found)
    if known is not None and known.is_ambiguous:
        return Attribution((start, end), cue, SpeakerMethod.AMBIGUOUS)
    if known is None:
        role, tells = cast.unnamed(start, end, found.head.lower_)
        if tells:
            return Attribution((start, end), cue, found.method, role=role, confidence=confidence)
        if found.method in GUESSES:
            return Attribution.none(SpeakerMethod.NO_CUE)
        return Attribution((start, end), cue, SpeakerMethod.UNRESOLVED, role=role)
    together = cast.together(mention) if mention is not None and mention.label == "PERSON" else ()
    first = cast.mention_at(together[0].start, together[0].end) if together else None
    if first is not None:
        known = cast.known(first)
        start, end = together[0].start, together[-1].end
    cast.spoke(start, known)
    confidence = min(confidence, WEAK if known.is_likeliest else SURE)
    return Attribution((start, end), cue, found.method, known.name, known.entity_id, known.role, confidence, together)


def _chance(frame: Frame, found: Found) -> float:
    """The chance that a cue names who spoke; less for a verb behind the words that mostly does something else."""
    is_loose = (
        found.method is SpeakerMethod.CUE_AFTER
        and found.cue
        and frame.doc[found.cue[0]].lower_ not in frame.lexicon.strong_cues
    )
    if found.method in {SpeakerMethod.CUE_BEFORE, SpeakerMethod.CUE_CLOSING} and _is_a_thing(found.head, frame.lexicon):
        return WEAK
    if found.method is SpeakerMethod.CUE_BEFORE and _introduces(frame, found):
        return SURE
    return min(CONFIDENCE[found.method], LIKELY if is_loose else SURE)


def _is_a_thing(head: Token, lexicon: Lexicon) -> bool:
    """Whether a noun is neither a name nor a word of who or what can say something: signs, a deadlock."""
    word = head.lower_
    if head.tag_ not in {"NN", "NNS"} or not head.is_lower or word.endswith(lexicon.agent_endings):
        return False
    known = (lexicon.speaking_nouns, lexicon.document_nouns, lexicon.grammar.somebody)
    return not any(word in nouns or word.removesuffix("s") in nouns for nouns in known)


def _introduces(frame: Frame, found: Found) -> bool:
    """Whether a verb of speech, with its own subject or right behind it, is all that reports what is quoted.

    Smith said: "..."; Smith, who lives there, has told the council that it was "..."; what Smith called "...". Not: the
    paper said Smith had said "..."; I hope that Smith says "...".
    """
    if found.cue is None:
        return False
    lexicon, head, verb = frame.lexicon, found.head, frame.doc[found.cue[0]]
    place = next((place for place in frame.places if place.first > verb.i), None)
    is_wording = verb.lower_ in lexicon.wording_cues
    if place is None or not (is_wording or verb.lower_ in lexicon.plain_cues) or not _is_finite(verb):
        return False
    sentence = verb.sent
    if any(child.dep_ in {"conj", "advcl"} and verb.i < child.i < place.first for child in verb.children):
        return False  # she said, but the aide went on about "..."
    shares = verb.dep_ == "conj" and verb.head.i == head.head.i  # of both verbs, where "and" joins them
    is_own = (head.dep_ == "nsubj" and head.head.i == verb.i) or shares
    if not is_wording:
        things = (child for child in verb.children if child.dep_ == "dobj" and child.tag_ in {"NN", "NNS"})
        is_own = is_own and verb.dep_ != "ccomp" and all(thing.i > place.first for thing in things)
    is_close = verb.dep_ == "ROOT" and 0 < verb.i - head.i <= _CLOSE and place.first <= sentence.end
    if not is_own and (is_wording or not is_close):
        return False
    ahead = [t for t in frame.doc[sentence.start : place.first] if t.i != verb.i and t.i not in frame.quoted]
    relayed = any(token.lower_ == "according" for token in (*ahead, *sentence))
    reports = (token for token in ahead if token.lower_ in lexicon.strong_cues)
    return not relayed and all(token.tag_ == "VBN" and not _is_finite(token) for token in reports)  # Asked ..., he said


def _is_finite(verb: Token) -> bool:
    """Whether a verb says that something was said: said, says, has said; not saying, nor to say."""
    if verb.tag_ == "VBN":
        return any(child.dep_ == "aux" and child.lower_ in {"has", "have", "had"} for child in verb.children)
    return verb.tag_ in {"VBD", "VBZ", "VBP"}


def _is_part_of_name(frame: Frame, found: Found, mention: Mention) -> bool:
    """Whether a place is but the end of a name that the recogniser did not know: Rainbow "Ethiopia"."""
    ahead = [t for t in frame.doc[found.first : found.head.i] if frame.stretch(t.i, t.i + 1)[0] < mention.start]
    return bool(ahead) and all(token.tag_ == "NNP" and token.is_title for token in ahead)


def _cue_span(frame: Frame, found: Found) -> tuple[int, int] | None:
    if found.cue is None:
        return None
    start, end = frame.stretch(*found.cue)
    # The tokenizer takes "):" for one mark.
    is_mark = found.method == SpeakerMethod.COLON and frame.doc[found.cue[1] - 1].text.endswith(":")
    return (end - 1, end) if is_mark else (start, end)


def _apposed(frame: Frame, found: Found, cast: Cast) -> Mention | None:
    """The person that a description is in apposition to: "a spokeswoman, Anna White, said"."""
    apposed = [child.i for child in found.head.children if child.dep_ == "appos"]
    if found.head.lower_ in frame.lexicon.roles:  # "the minister of mines, Jan Kowalski"
        behind = frame.doc[found.head.i + 1 : found.head.i + _ROLE_WORDS]
        comma = next((token.i for token in behind if token.text == "," or token.tag_[:2] == "VB"), None)
        apposed += [comma + 1] if comma and frame.doc[comma].text == "," and comma + 1 < len(frame.doc) else []
    mentions = (cast.mention_at(*frame.stretch(at, at + 1)) for at in apposed)
    return next((mention for mention in mentions if mention is not None and mention.label == "PERSON"), None)
