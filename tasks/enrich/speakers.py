"""Speakers: which words attribute a quotation, whom they name, and who that is in the article.

Each quotation is first tied to a cue in its own paragraph (a reporting verb behind or before it, "according to", a
colon), by syntax where the parser decides and by order of words where it does not; one without a cue goes on from the
quotation before it or from the sentence that leads up to it. Pronouns and descriptions are resolved afterwards, in
order of text. Nobody is named on a guess: ``method`` then says why there is no speaker.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Token

from newsmill.tasks.enrich.entities import Mention
from newsmill.tasks.enrich.frames import Frame, QuotePlace, paragraphs_of, parse_frames
from newsmill.tasks.enrich.lexicon import (
    BODY_NOUNS,
    CUE_VERBS,
    DOCUMENT_NOUNS,
    PEOPLE_NOUNS,
    PLAIN_CUES,
    ROLES,
    SPEAKING_PRONOUNS,
    STRONG_CUES,
    TITLING,
    WORDING_CUES,
)
from newsmill.tasks.enrich.marks import QuotedSpan
from newsmill.tasks.enrich.persons import Cast, Known

CONFIDENCE = {
    "cue_after": 0.98,
    "cue_before": 0.95,
    "cue_closing": 0.96,
    "according_to": 0.89,
    "colon": 0.86,
    "signature": 0.89,
    "same_paragraph": 0.98,
    "continuation": 0.88,
    "lead_cue": 0.89,
    "sentence_before": 0.84,
    "lead": 0.75,
    "verb_after": 0.6,
    "verb_before": 0.7,
}
"""Share of right speakers per method, counted on 5,200 hand-annotated quotations of US news (PolNeAR, training part).

Where the cue's subject stands apart from it ("Smith, who ..., said"), or the verb may do something else than report, a
speaker found before the quotation was right less often: see ``_UNSURE``.
"""
_UNSURE = 0.85

_SENTENCE_ENDS = frozenset({".", "?", "!"})
_SKIPPED = frozenset({",", "-", "–", "—", "―", ")", "--", "]", "…", "...", ";"})
_SHORT_CLAUSE = 10
"""Tokens of a sentence that is no more than the cue of the sentence before: Trump said."""
_ONLY_VERBS = frozenset({"said", "says", "told", "asked", "added", "wrote", "replied"})
"""Cue verbs that are nothing else, whatever the tagger makes of them."""
_REPORTS_MORE = frozenset({"that", "it", "the", "he", "she", "they", "his", "her", "a", "there", ",", ":"})
_QUOTATIONS_BACK = 20
"""A quotation without a cue may go on from one so many before it in its paragraph."""
_DASHES = frozenset({"-", "–", "—", "―", "--"})
_CLAUSE_WORDS = 45
"""A cue stands within so many tokens of its quotation."""
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "DT", "CD", "JJ", "JJR", "JJS", "PRP$", "POS", "HYPH", "VBN"})
_QUOTED = frozenset({"quoted", "cited", "heard", "seen"})
_AUXILIARIES = frozenset({"has", "have", "had", "is", "was", "be", "been", "being", "are", "were", "did", "does"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said a quotation, with offsets into the article's text; without a speaker ``method`` says why."""

    speaker: tuple[int, int] | None
    cue: tuple[int, int] | None
    method: str
    name: str | None = None
    entity_id: str | None = None
    role: str | None = None
    confidence: float | None = None

    @staticmethod
    def none(reason: str) -> "Attribution":
        """No speaker, with the reason."""
        return Attribution(None, None, reason)


@dataclass(frozen=True, slots=True)
class _Found:
    """A speaker in a frame: the tokens that name them, the noun that heads them, and the cue."""

    first: int
    last: int
    head: Token
    cue: tuple[int, int] | None
    method: str


def attribute(text: str, spans: Sequence[QuotedSpan], mentions: Sequence[Mention], nlp: Language) -> list[Attribution]:
    """One attribution for each span, in order."""
    if not spans:
        return []
    paragraphs = paragraphs_of(text)
    frames = parse_frames(text, spans, paragraphs, nlp)
    cast = Cast(text, mentions, paragraphs, [span.outer for span in spans])
    results: dict[int, Attribution] = {}
    previous: Frame | None = None
    for frame in frames:
        for place, who in _of_frame(frame, previous, results, cast):
            results[place.span] = who
        previous = frame
    return [results.get(index, Attribution.none("no_cue")) for index in range(len(spans))]


def _of_frame(
    frame: Frame, previous: Frame | None, results: dict[int, Attribution], cast: Cast
) -> Iterator[tuple[QuotePlace, Attribution]]:
    founds = [_cue_of(frame, number, cast) for number in range(len(frame.places))]
    settled = [None if found is None else _resolved(frame, found, cast) for found in founds]
    for number, place in enumerate(frame.places):
        who = settled[number]
        if who is None:
            who = _uncued(frame, number, settled, previous, results, cast)
            settled[number] = who if who.speaker else None
        yield place, who


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
    if not _is_sentence(frame, place):
        return Attribution.none("no_cue")
    for other in range(number - 1, max(-1, number - _QUOTATIONS_BACK), -1):
        who = settled[other]
        if who is not None and who.method != "verb_before":
            return _goes_on(who, "same_paragraph")
    if number + 1 < len(frame.places) and frame.places[number + 1].first - place.last <= 1:
        who = settled[number + 1]
        if who is not None:
            return _goes_on(who, "same_paragraph")
    if place.first > 1 and frame.doc[place.first - 1].text in _SENTENCE_ENDS:
        lead = _lead(frame, place.first - 1, cast)
        return Attribution.none("no_cue") if lead is None else _resolved(frame, lead, cast)
    if _is_detached(frame, number):
        return Attribution.none("detached")
    if previous is None or previous.last_paragraph != frame.paragraph - 1 or place.first > 1:
        return Attribution.none("no_cue")
    if previous.places:
        who = results.get(previous.places[-1].span)
        if who is not None and who.speaker is not None and who.method != "signature":
            return _goes_on(who, "continuation")
    lead = _lead(previous, len(previous.doc) - 1, cast)
    if lead is None:
        return Attribution.none("no_cue")
    return _resolved(previous, lead, cast)


def _goes_on(who: Attribution, method: str) -> Attribution:
    """The same speaker for the next quotation, who is no surer than for the one before."""
    return replace(who, method=method, confidence=min(CONFIDENCE[method], who.confidence or 0.0))


def _confidence(found: _Found) -> float:
    apart = found.cue is not None and found.cue[0] - found.last > 1
    return _UNSURE if found.method == "cue_before" and apart else CONFIDENCE[found.method]


def _is_sentence(frame: Frame, place: QuotePlace) -> bool:
    first = frame.doc[place.first + 1] if place.first + 1 < len(frame.doc) else None
    return first is not None and (
        first.text[:1].isupper() or not first.text[:1].isalpha() or place.last_character in ".?!,"
    )


def _is_detached(frame: Frame, number: int) -> bool:
    """Whether a bare quotation has its full stop outside the marks.

    Whole sentences have it inside. Copy that has been rewritten by machine ends so where the cue was cut off, and
    whoever is named before it need not be who spoke.
    """
    place = frame.places[number]
    rest = frame.doc[place.last :].text.strip()
    return rest == "." and place.last_character not in _SENTENCE_ENDS


def _lead(frame: Frame, last: int, cast: Cast) -> _Found | None:
    """Who speaks or acts in the sentence that ends at a token, right before a bare quotation."""
    if last < 0:
        return None
    sentence = frame.doc[last].sent
    tokens = [token for token in sentence if token.i <= last]
    verbs = [token for token in tokens if token.lower_ in STRONG_CUES and token.tag_[:2] == "VB"]
    colon = tokens[-1].text.endswith(":")
    if colon and verbs:
        verb, method = verbs[-1], "lead_cue"
        subject = _subject_near(frame, verb, sentence.start, last + 1, cast)
    else:
        verb, method = sentence.root, "lead"
        subject = _subject(verb, 0)
    if subject is None or not _can_speak(frame, subject, cast) or subject.tag_ in {"NNS", "NNPS"}:
        return None
    if not frame.places or last == len(frame.doc) - 1:
        return _speaker(frame, subject, (verb.i, verb.i + 1), method, cast)
    return _speaker(frame, subject, (verb.i, verb.i + 1), "sentence_before", cast)


# --- cues ------------------------------------------------------------------------------------------------------------


def _cue_of(frame: Frame, number: int, cast: Cast) -> _Found | None:
    """The cue in the quotation's own sentence.

    A reporting verb that governs the quoted words goes first, then one behind them, then any verb above them.
    """
    place = frame.places[number]
    start = _window_start(frame, number)
    leads_in = any(token.is_alpha for token in frame.doc[start : place.first])
    if not leads_in:
        return _after(frame, number, cast) or _governed(frame, number, cast) or _closing(frame, number, cast)
    if _is_titled(frame, place):
        return None
    behind = _after(frame, number, cast)
    if behind is not None and _is_outer(frame, place, behind):
        return behind
    return (
        _before(frame, number, start, cast)
        or behind
        or _closing(frame, number, cast)
        or _weak(frame, number, start, cast)
    )


def _is_outer(frame: Frame, place: QuotePlace, behind: _Found) -> bool:
    """Whether the cue behind reports the whole sentence: Smith "would have no chance," the source recalled."""
    if behind.cue is None or frame.doc[place.first - 1].text[-1:] in {":", ","}:
        return False
    if behind.method == "according_to":
        return behind.cue[0] - place.last <= 1
    return frame.doc[behind.cue[0]].lower_ in PLAIN_CUES and behind.head.i - place.last <= 5


def _is_titled(frame: Frame, place: QuotePlace) -> bool:
    """Whether a quotation is the name of a thing: "a book titled ..."."""
    return place.first > 0 and frame.doc[place.first - 1].lower_ in TITLING


def _window_start(frame: Frame, number: int) -> int:
    """The first token of the reporter's words that lead up to a quotation in its sentence."""
    place = frame.places[number]
    stop = frame.places[number - 1].last if number else 0
    at = place.first
    while at > max(stop, place.first - _CLAUSE_WORDS) and frame.doc[at - 1].text not in _SENTENCE_ENDS:
        at -= 1
    return at


def _sentence_floor(frame: Frame, number: int) -> int:
    """The first token of the sentence that a quotation stands in, earlier quotations of the sentence included."""
    place = frame.places[number]
    at = place.first
    while (
        at > max(0, place.first - _CLAUSE_WORDS)
        and frame.doc[at - 1].text not in _SENTENCE_ENDS
        and at not in frame.stops
    ):
        at -= 1
    return at


def _window_end(frame: Frame, number: int) -> int:
    """Behind the last token of the sentence that a quotation leads into."""
    place = frame.places[number]
    stop = frame.places[number + 1].first if number + 1 < len(frame.places) else len(frame.doc)
    at = place.last
    while at < min(stop, place.last + _CLAUSE_WORDS):
        if frame.doc[at].text in _SENTENCE_ENDS:
            break
        at += 1
    return at


def _after(frame: Frame, number: int, cast: Cast) -> _Found | None:
    """The cue clause behind a quotation: "...," said Smith; "...," Smith, a doctor, told reporters."""
    doc, place = frame.doc, frame.places[number]
    end = _window_end(frame, number)
    at = place.last
    while at < end and doc[at].text in _SKIPPED:
        at += 1
    if at >= end or doc[at].tag_ == "CC":
        return None
    if doc[at].lower_ == "according":
        return _according(frame, at)
    paused = at > place.last or place.last_character in ",—–-…"
    if not paused and not _opens_with_cue(frame, place, at, end, cast):
        return None
    for token in doc[at : min(end, at + 30)]:
        if token.tag_ == "CC" and doc[token.i - 1].text == ",":
            return None
        if token.lower_ in CUE_VERBS and (token.tag_[:2] == "VB" or token.lower_ in _ONLY_VERBS):
            subject = _subject_near(frame, token, at, end, cast)
            if subject is not None:
                found = _speaker(frame, subject, (token.i, token.i + 1), "cue_after", cast)
                if found is not None:
                    return found
    return _signed(frame, place, at, end, cast) or _acting(frame, place, at, end, cast)


def _signed(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> _Found | None:
    """The name set under a quotation: "..." - Mary Smith."""
    doc = frame.doc
    dashed = any(token.text in _DASHES for token in doc[place.last : at])
    if not dashed or end - at > _SHORT_CLAUSE or any(token.tag_[:2] == "VB" for token in doc[at:end]):
        return None
    mention = cast.mention_at(*frame.stretch(at, at + 1))
    named = at
    while named < end and doc[named].is_alpha and doc[named].is_title:
        named += 1
    if (mention is None or mention.label != "PERSON") and (named < end or not 2 <= named - at <= 4):
        return None
    return _speaker(frame, doc[max(at, named - 1)], (at - 1, at), "signature", None)


def _acting(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> _Found | None:
    """Whoever does anything at all right behind a quoted sentence: "...," Smith shot back."""
    doc = frame.doc
    if not _is_sentence(frame, place) or doc[at].tag_[:2] in {"IN", "WD", "WP", "WR", "TO", "RB"}:
        return None
    verb = next((token for token in doc[at : min(end, at + 12)] if token.tag_ in {"VBD", "VBZ", "VBP"}), None)
    if verb is None or verb.i == at:
        return None
    subject = next((child for child in verb.children if child.dep_ == "nsubj" and at <= child.i < verb.i), None)
    if subject is None or not _can_speak(frame, subject, cast):
        return None
    return _speaker(frame, subject, (verb.i, verb.i + 1), "verb_after", cast)


def _closing(frame: Frame, number: int, cast: Cast) -> _Found | None:
    """The cue clause that ends a sentence with quoted words in it: The plan is "dead" for now, a minister said."""
    doc, place = frame.doc, frame.places[number]
    end = _sentence_end(frame, place)
    for at in range(end - 1, place.last, -1):
        if doc[at].text == "," and at not in frame.quoted:
            clause = [token for token in doc[at + 1 : end] if token.i not in frame.quoted]
            verb = next((token for token in clause if token.lower_ in PLAIN_CUES and token.tag_[:2] == "VB"), None)
            if verb is not None and len(clause) <= 25:
                subject = _subject_near(frame, verb, at + 1, end, cast)
                if subject is not None and at < subject.i < end:
                    return _speaker(frame, subject, (verb.i, verb.i + 1), "cue_closing", cast)
    return None


def _sentence_end(frame: Frame, place: QuotePlace) -> int:
    """Behind the last token of the sentence that a quotation stands in, later quotations of the sentence included."""
    at = place.last
    while at < min(len(frame.doc), place.last + _CLAUSE_WORDS):
        if frame.doc[at].text in _SENTENCE_ENDS or at in frame.stops:
            break
        at += 1
    return at


def _opens_with_cue(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> bool:
    """Whether words that no comma ties to the quotation before them are its cue, not a sentence of their own."""
    doc = frame.doc
    first = doc[at]
    follows_stop = place.last_character == "."
    if follows_stop and (end - at > _SHORT_CLAUSE or end in frame.quoted):
        return first.is_lower and first.lower_ in PLAIN_CUES
    if first.lower_ in PLAIN_CUES and first.tag_ != "VBN":
        return first.is_lower
    named = first.lower_ in SPEAKING_PRONOUNS or cast.mention_at(*frame.stretch(at, at + 1)) is not None
    if not named and first.tag_ not in {"DT", "NNP", "PRP$", "JJ", "NN"}:
        return False
    verb = next((token for token in doc[at : min(end, at + 14)] if token.tag_ in {"VBD", "VBZ", "VBP"}), None)
    if verb is None or (follows_stop and verb.lower_ not in PLAIN_CUES):
        return False
    if verb.lower_ not in CUE_VERBS:
        return place.last_character in "?!" and verb.i - at <= 3 and end - at <= _SHORT_CLAUSE
    return not follows_stop or verb.i + 1 >= end or doc[verb.i + 1].lower_ not in _REPORTS_MORE


def _subject_near(frame: Frame, verb: Token, at: int, end: int, cast: Cast) -> Token | None:
    """The subject of a cue verb behind a quotation, within the tokens [at, end)."""
    doc = verb.doc
    before = verb.i - 1
    while (
        before >= at
        and doc[before].is_lower
        and (doc[before].tag_[:2] in {"RB", "MD"} or doc[before].lower_ in _AUXILIARIES)
    ):
        before -= 1
    if before >= at:
        mention = cast.mention_at(*frame.stretch(before, before + 1))
        if doc[before].tag_ == "PRP" or (mention is not None and mention.label == "PERSON"):
            return doc[before]
        if before == at and doc[at].is_title and doc[at].is_alpha:
            return doc[at]
    for child in verb.children:
        if child.dep_ in {"nsubj", "nsubjpass"} and at <= child.i < end:
            return _antecedent(child)
    if before < at:
        return _first_nominal(verb, end)
    subject = _subject(verb, 0)
    if subject is not None and at <= subject.i < end:
        return subject
    for token in reversed(doc[at : verb.i]):
        if token.tag_ in {"PRP", "NNP", "NN", "NNS", "NNPS"}:
            return token
    return None


def _first_nominal(verb: Token, end: int) -> Token | None:
    """The head of the noun phrase that follows an inverted verb: "said John Smith, a doctor"."""
    head = None
    for token in verb.doc[verb.i + 1 : min(end, verb.i + 14)]:
        if token.tag_[:2] in {"NN", "PR"}:
            head = token
            if token.tag_ == "PRP":
                break
        elif (
            (head is not None and token.tag_ not in {"POS", "HYPH"}) or token.tag_ in {"IN", "TO"} or token.text == ","
        ):
            break
    return head


def _before(frame: Frame, number: int, start: int, cast: Cast) -> _Found | None:
    """The cue that leads up to a quotation: Smith said: "..."; Smith called it "..."."""
    doc, place = frame.doc, frame.places[number]
    colon = doc[place.first - 1].text.endswith(":")
    if colon:
        found = _headed(frame, start, place, cast)
        if found is not None:
            return found
    found = _governed(frame, number, cast)
    if found is not None:
        return found
    for token in doc[start : place.first]:
        if token.lower_ == "according" and token.i + 1 < place.first and doc[token.i + 1].lower_ == "to":
            return _according(frame, token.i)
    for token in reversed(doc[start : place.first]):
        if token.lower_ in STRONG_CUES and token.tag_[:2] == "VB":
            subject = _subject_near(frame, token, start, place.first, cast) or _subject(token, 0)
            if subject is not None and _can_speak(frame, subject, cast, token):
                return _speaker(frame, subject, (token.i, token.i + 1), "cue_before", cast)
    return _colon(frame, start, place, cast) if colon else None


def _governed(frame: Frame, number: int, cast: Cast) -> _Found | None:
    """The reporting verb above a quotation in the parse: the nearest that does report, or else the nearest that may."""
    place = frame.places[number]
    floor = _sentence_floor(frame, number)
    verbs = [
        verb
        for verb in _above(frame, place)
        if floor <= verb.i < place.first and verb.lower_ in CUE_VERBS and verb.tag_[:2] == "VB"
    ]
    strong = [verb for verb in verbs if verb.lower_ in STRONG_CUES]
    # "said he had asked for ..." reports what was said; "said he had called it ..." what it was called.
    if strong and strong[0].lower_ not in PLAIN_CUES and strong[0].lower_ not in WORDING_CUES:
        strong = [verb for verb in strong if verb.lower_ in PLAIN_CUES] + strong
    for verb in [*strong, *verbs]:
        subject = _subject(verb, 0)
        if subject is not None and _can_speak(frame, subject, cast, verb):
            found = _speaker(frame, subject, (verb.i, verb.i + 1), "cue_before", cast)
            if found is not None:
                return found
    return None


def _above(frame: Frame, place: QuotePlace) -> Iterator[Token]:
    """The words that a quotation hangs on in the parse, from the nearest up."""
    seen = set()
    for token in frame.doc[place.first : place.last]:
        if place.first <= token.head.i < place.last:
            continue
        above = token.head
        for _ in range(12):
            if above.i in seen:
                break
            seen.add(above.i)
            yield above
            if above.head.i == above.i:
                break
            above = above.head


def _can_speak(frame: Frame, head: Token, cast: Cast, verb: Token | None = None) -> bool:
    """Whether a noun is somebody, or some body or document, that can say something; "it" can where it plainly does."""
    word = head.lower_
    if head.tag_ in {"PRP", "WP"}:
        return word in SPEAKING_PRONOUNS and (word != "it" or (verb is not None and verb.lower_ in PLAIN_CUES))
    if verb is not None and verb.lower_ in PLAIN_CUES and head.tag_[:2] == "NN":
        return True
    if word in ROLES or word in BODY_NOUNS or word in PEOPLE_NOUNS or head.tag_ in {"NNP", "NNPS"}:
        return True
    mention = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    return mention is not None and mention.label in {"PERSON", "ORG", "NORP"}


def _weak(frame: Frame, number: int, start: int, cast: Cast) -> _Found | None:
    """Any verb above the quotation whose subject can speak."""
    place = frame.places[number]
    for above in _above(frame, place):
        if start <= above.i < place.first and above.tag_[:2] == "VB":
            subject = _subject(above, 0)
            if subject is not None and _can_speak(frame, subject, cast):
                return _speaker(frame, subject, (above.i, above.i + 1), "verb_before", cast)
    return None


def _headed(frame: Frame, start: int, place: QuotePlace, cast: Cast) -> _Found | None:
    """The name that stands alone before a colon: "Ms Smith (Leeds): ..."."""
    doc = frame.doc
    at = place.first - 1
    while at > start and doc[at - 1].text not in {"-", "–", "—", "--", "]"}:
        at -= 1
    window = doc[at : place.first - 1]
    if not 0 < len(window) <= 16 or any(token.tag_[:2] in {"VB", "MD"} for token in window):
        return None
    for token in window:
        mention = cast.mention_at(*frame.stretch(token.i, token.i + 1))
        if mention is not None and mention.label == "PERSON":
            return _speaker(frame, token, (place.first - 1, place.first), "colon", cast)
    return None


def _colon(frame: Frame, start: int, place: QuotePlace, cast: Cast) -> _Found | None:
    """The subject of a sentence that a colon turns into an introduction: "Smith was blunt: ..."."""
    for token in frame.doc[start : place.first - 1]:
        if token.tag_[:2] == "VB":
            subject = _subject(token, 0)
            if subject is not None and _can_speak(frame, subject, cast):
                return _speaker(frame, subject, (token.i, token.i + 1), "colon", cast)
    return None


def _according(frame: Frame, at: int) -> _Found | None:
    """The noun behind "according to"."""
    doc = frame.doc
    if at + 1 >= len(doc) or doc[at + 1].lower_ != "to":
        return None
    head = None
    for token in doc[at + 2 : at + 16]:
        if token.tag_[:2] in {"NN", "PR"}:
            head = token
        elif head is not None and token.tag_ not in {"POS", "HYPH"}:
            break
    return None if head is None else _speaker(frame, head, (at, at + 2), "according_to", None)


def _subject(verb: Token, depth: int) -> Token | None:
    """Whoever does what a verb says, through participles, infinitives and relative clauses."""
    if depth > 6:
        return None
    for child in verb.children:
        if child.dep_ in {"nsubj", "csubj"}:
            return _antecedent(child)
    passive = next((_antecedent(child) for child in verb.children if child.dep_ == "nsubjpass"), None)
    if passive is not None and (depth > 0 or verb.lower_ in _QUOTED):
        return passive
    for child in verb.children:
        if child.dep_ == "agent":
            return next((grandchild for grandchild in child.children if grandchild.dep_ == "pobj"), None)
    if passive is not None or (verb.tag_ == "VBN" and verb.dep_ == "acl"):
        return None
    above = verb.head
    if above.i == verb.i:
        return None
    if verb.dep_ in {"relcl", "acl"} and above.tag_[:2] in {"NN", "PR"}:
        return _issuer(above, depth) if verb.dep_ == "acl" and above.lower_ in DOCUMENT_NOUNS else above
    if verb.dep_ in {"conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "acl", "aux", "auxpass", "dep", "parataxis"}:
        while above.tag_[:2] in {"IN", "TO"} and above.head.i != above.i:
            above = above.head
        return _subject(above, depth + 1)
    return None


def _issuer(document: Token, depth: int) -> Token:
    """Whoever puts out a statement that says something: its "by" or "from", or the subject of the sentence."""
    for child in document.children:
        if child.lower_ in {"by", "from"}:
            issuer = next((grandchild for grandchild in child.children if grandchild.dep_ == "pobj"), None)
            if issuer is not None:
                return issuer
    if document.dep_ in {"dobj", "pobj"} and depth < 6:
        above = document.head
        while above.tag_[:2] in {"IN", "TO"} and above.head.i != above.i:
            above = above.head
        return _subject(above, depth + 1) or document
    return document


def _antecedent(token: Token) -> Token:
    """The noun that a relative pronoun stands for."""
    if token.lower_ in _RELATIVE and token.head.dep_ == "relcl":
        return token.head.head
    return token


def _speaker(frame: Frame, head: Token, cue: tuple[int, int], method: str, cast: Cast | None) -> _Found | None:
    """The noun phrase that names the speaker; None if its head stands in a quotation or is no noun at all."""
    if cast is not None:
        head = _named_at_verb(frame, head, cue[0], cast)
    if head.tag_[:2] in {"VB", "IN", "CC", "TO", "MD"} and not head.is_title:
        return None
    if head.i in frame.quoted:
        return None
    doc = frame.doc
    first = head.i
    while first > max(0, head.i - 12) and (doc[first - 1].tag_ in _NOMINAL and doc[first - 1].tag_ != "PRP"):
        first -= 1
    if head.tag_ == "PRP":
        first = head.i
    return _Found(first, head.i + 1, head, cue, method)


def _named_at_verb(frame: Frame, head: Token, verb: int, cast: Cast) -> Token:
    """The person named right before the verb, where the parser took a place or an office for the subject."""
    if head.i >= verb - 1 or head.tag_ in {"PRP", "WP"}:
        return head
    at = verb - 1
    while at > head.i and (frame.doc[at].tag_[:2] in {"RB", "MD"} or frame.doc[at].lower_ in _AUXILIARIES):
        at -= 1
    mention = cast.mention_at(*frame.stretch(at, at + 1))
    if mention is None or mention.label != "PERSON":
        return head
    own = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    return head if own is not None and own.label == "PERSON" else frame.doc[at]


# --- who that is -----------------------------------------------------------------------------------------------------


def _resolved(frame: Frame, found: _Found, cast: Cast) -> Attribution:
    """The attribution with the name and identity of its speaker, as far as the article tells."""
    start, end = frame.stretch(found.first, found.last)
    cue = None if found.cue is None else frame.stretch(*found.cue)
    head = frame.stretch(found.head.i, found.head.i + 1)
    mention = cast.mention_at(*head) or _apposed(frame, found, cast)
    if mention is not None:
        known: Known | None = cast.known(mention)
        start, end = mention.start, mention.end
    else:
        known = cast.described(start, end, found.head.lower_)
    cast.spoke(start, known)
    return Attribution(
        (start, end),
        cue,
        found.method,
        known.name if known else None,
        known.entity_id if known else None,
        known.role if known else None,
        _confidence(found),
    )


def _apposed(frame: Frame, found: _Found, cast: Cast) -> Mention | None:
    """The person that a description is in apposition to: "a spokeswoman, Anna White, said"."""
    for child in found.head.children:
        if child.dep_ == "appos":
            mention = cast.mention_at(*frame.stretch(child.i, child.i + 1))
            if mention is not None and mention.label == "PERSON":
                return mention
    return None
