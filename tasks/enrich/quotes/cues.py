"""Cues: the words that attribute a quotation, and the words that name its speaker.

A reporting verb behind a quotation or before it, "according to", a colon, a name set under it: by syntax where the
parser decides and by order of words where it does not.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Token

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.entities.names import GENERATIONS
from newsmill.tasks.enrich.languages.language import Lexicon
from newsmill.tasks.enrich.languages.parsed import CueWords
from newsmill.tasks.enrich.quotes.cast import Cast
from newsmill.tasks.enrich.quotes.frames import Frame, QuotePlace
from newsmill.tasks.enrich.quotes.syntax import (
    can_speak,
    first_nominal,
    is_compounded,
    is_sentence,
    is_somebody,
    issued_by,
    sharer,
    subject_near,
    subject_of,
    verbs_above,
)

SENTENCE_ENDS = frozenset({".", "?", "!"})
_SKIPPED = frozenset({",", "-", "–", "—", "―", ")", "--", "]", "…", "...", ";"})
SHORT_CLAUSE = 10
"""Tokens of a sentence that is no more than the cue of the sentence before: Trump said."""
_LISTING = frozenset({",", ";", "and", "or", "&"})
_DASHES = frozenset({"-", "–", "—", "―", "--"})
INSERTING = _DASHES | {","}
"""Marks on either side of a clause that is set into a sentence."""
_ADVERBIAL = frozenset({"RB", "NNP", "NN", "IN", "DT", "CD"})
"""Tags of what may follow the verb of such a clause: "he said last week on Monday"."""
_CLAUSE_WORDS = 45
"""A cue stands within so many tokens of its quotation."""
_NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "DT", "CD", "JJ", "JJR", "JJS", "PRP$", "POS", "HYPH", "VBN"})
_APPOSED = 25
"""Tokens that may stand between a name and the comma before its verb."""
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_NOUN_CLAUSE = 10
_BESIDE = 2
"""Tokens from a verb to the "that" which is not its own."""
_CLAIM = 8
"""Tokens between a noun of speech and the words that it announces."""
_BRACKET = 8
"""Tokens that brackets behind a name may hold: (D-Ohio)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A speaker in a frame: the tokens that name them, the noun that heads them, and the cue."""

    first: int
    last: int
    head: Token
    cue: tuple[int, int] | None
    method: SpeakerMethod


def cue_of(frame: Frame, number: int, cast: Cast) -> Found | None:
    """The cue in the quotation's own sentence.

    A reporting verb that governs the quoted words goes first, then one behind them, then any verb above them.
    """
    place = frame.places[number]
    if _is_titled(frame, number):
        return None
    start = _window_start(frame, number)
    leads_in = any(token.is_alpha for token in frame.doc[start : place.first])
    if not leads_in:
        return _after(frame, number, cast) or _governed(frame, number, cast) or _closing(frame, number, cast)
    owned = _owned(frame, place, cast)
    if owned is not None:
        return owned
    behind = _after(frame, number, cast)
    if behind is not None and _is_outer(frame, place, behind):
        return behind
    before = _before(frame, number, start, cast)
    inserted = _inserted(frame, number, cast)
    if inserted is not None and (before is None or not _is_between(frame, before, inserted, place)):
        before = inserted
    if behind is not None and before is not None and _yields(frame, place, before, behind):
        return behind
    claimed = _claimed(frame, start, place)
    if claimed is not None and before is not None and _is_about(frame, before, claimed):
        return claimed
    return before or behind or _closing(frame, number, cast) or claimed or _weak(frame, number, start, cast)


def _is_about(frame: Frame, before: Found, claimed: Found) -> bool:
    """Whether a verb is about words of another: Smith dismissed Jones's claim that "..."."""
    if before.cue is None or claimed.cue is None or not before.cue[0] < claimed.cue[0]:
        return False
    verb = frame.doc[before.cue[0]].lower_
    return (
        before.method is SpeakerMethod.CUE_BEFORE
        and verb not in frame.lexicon.plain_cues
        and verb not in frame.lexicon.wording_cues
    )


def _owned(frame: Frame, place: QuotePlace, cast: Cast) -> Found | None:
    """Whose words stand between a possessive and a noun of speech: Smith's "..." line."""
    doc = frame.doc
    if place.first < 2 or doc[place.first - 1].tag_ != "POS" or place.last >= len(doc):
        return None
    noun, owner = doc[place.last], doc[place.first - 2]
    mention = cast.mention_at(*frame.stretch(owner.i, owner.i + 1))
    if mention is None or mention.label != "PERSON" or noun.lower_ not in frame.lexicon.speech_nouns:
        return None
    return naming(frame, owner, (noun.i, noun.i + 1), SpeakerMethod.VERB_BEFORE, None)


def _claimed(frame: Frame, start: int, place: QuotePlace) -> Found | None:
    """Whose words a noun of speech announces: "his call for ...", "Smith's claim that ..."."""
    doc = frame.doc
    for noun in reversed(doc[max(start, place.first - _CLAIM) : place.first]):
        if noun.tag_[:2] == "VB" or noun.lower_ == "as" or (noun.text == "," and noun.i + 1 < place.first):
            return None
        if noun.lower_ in frame.lexicon.speech_nouns:
            owner = next((child for child in noun.children if child.dep_ == "poss"), None)
            method = SpeakerMethod.VERB_BEFORE
            return None if owner is None else naming(frame, owner, (noun.i, noun.i + 1), method, None)
    return None


def _is_between(frame: Frame, found: Found, inserted: Found, place: QuotePlace) -> bool:
    """Whether a cue that does report speech stands between an inserted clause and the quotation."""
    if found.cue is None or inserted.cue is None:
        return False
    word = frame.doc[found.cue[0]].lower_
    return max(inserted.last, inserted.cue[1]) < found.cue[0] < place.first and word in frame.lexicon.strong_cues


def _yields(frame: Frame, place: QuotePlace, before: Found, behind: Found) -> bool:
    """Whether a cue before a quotation is worth less than the one right behind: X was blunt: "...," X said."""
    if (
        behind.method != SpeakerMethod.CUE_AFTER
        or behind.cue is None
        or before.cue is None
        or place.last_character not in ",?!"
    ):
        return False
    verb = frame.doc[before.cue[0]]
    close = (
        min(behind.cue[0], behind.first) - place.last <= 2
        and frame.doc[behind.cue[0]].lower_ in frame.lexicon.plain_cues
    )
    leads_on = place.last_character == "," or frame.doc[place.last].is_lower
    return (
        close
        and leads_on
        and (
            before.method == SpeakerMethod.COLON
            or verb.lower_ not in frame.lexicon.plain_cues
            or before.head.lower_ == "it"
            or place.first - verb.i > 4
        )
    )


def _is_outer(frame: Frame, place: QuotePlace, behind: Found) -> bool:
    """Whether the cue behind reports the whole sentence: Smith "would have no chance," the source recalled."""
    if behind.cue is None or frame.doc[place.first - 1].text[-1:] in {":", ","}:
        return False
    if behind.method == SpeakerMethod.ACCORDING_TO:
        return behind.cue[0] - place.last <= 1
    return frame.doc[behind.cue[0]].lower_ in frame.lexicon.plain_cues and 0 <= behind.head.i - place.last <= 5


def _is_titled(frame: Frame, number: int) -> bool:
    """Whether a quotation is the name of a thing: "a book titled ...", "three books: ..., ... and ..."."""
    while number > 0 and all(
        token.text in _LISTING for token in frame.doc[frame.places[number - 1].last : frame.places[number].first]
    ):
        number -= 1
    at = frame.places[number].first - 1
    if at > 0 and frame.doc[at].text in {":", ","}:
        if frame.doc[at].text == ":" and frame.places[number].last_character in SENTENCE_ENDS:
            return False  # she said of her books: "I forgot them."
        at -= 1
    return at >= 0 and frame.doc[at].lower_ in frame.lexicon.titling


def _window_start(frame: Frame, number: int) -> int:
    """The first token of the reporter's words that lead up to a quotation in its sentence."""
    place = frame.places[number]
    stop = frame.places[number - 1].last if number else 0
    at = place.first
    while at > max(stop, place.first - _CLAUSE_WORDS) and not _is_stop(frame.doc[at - 1], frame.lexicon):
        at -= 1
    return at


def _sentence_floor(frame: Frame, number: int) -> int:
    """The first token of the sentence that a quotation stands in, earlier quotations of the sentence included."""
    place = frame.places[number]
    at = place.first
    while (
        at > max(0, place.first - _CLAUSE_WORDS)
        and not _is_stop(frame.doc[at - 1], frame.lexicon)
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
        if _is_stop(frame.doc[at], frame.lexicon):
            break
        at += 1
    return at


def _is_stop(token: Token, lexicon: Lexicon) -> bool:
    """Whether a token ends a sentence; the full stop of "Col." and "Sen." does not."""
    if token.text != "." or token.i == 0:
        return token.text in SENTENCE_ENDS
    if token.nbor(-1).lower_ in GENERATIONS and token.i + 1 < len(token.doc):
        return not token.nbor().is_lower
    return f"{token.nbor(-1).lower_}." not in lexicon.titles


def _after(frame: Frame, number: int, cast: Cast) -> Found | None:
    """The cue clause behind a quotation: "...," said Smith; "...," Smith, a doctor, told reporters."""
    doc, place = frame.doc, frame.places[number]
    end = _window_end(frame, number)
    at = place.last
    while at < end and (doc[at].text in _SKIPPED or doc[at].is_space):
        at += 1
    if at >= end or doc[at].tag_ == "CC" or doc[at].lower_ in frame.lexicon.cue_words.leading_off:
        return None
    framed = _inverted(frame, place, at, end, cast) or _how_put(frame, at, end, cast)
    if framed is not None:
        return framed
    if doc[at].tag_ in _FINITE and not _is_cue(doc[at], at, frame.lexicon):
        return None  # the quoted words are part of what the sentence goes on about
    if doc[at].lower_ == "according":
        return None if doc[at].is_title and place.last_character in SENTENCE_ENDS else according(frame, at)
    if doc[at].tag_ == "VBG" and doc[at].lower_ in frame.lexicon.plain_cues:
        subject = subject_of(doc[at], 0, frame.lexicon)  # "...", adding that ...: who speaks in the sentence speaks on
        said = subject is not None and subject.i not in frame.quoted and can_speak(frame, subject, cast, doc[at])
        return naming(frame, subject, (at, at + 1), SpeakerMethod.CUE_BEFORE, cast) if subject and said else None
    if doc[at].lower_ == "in" and doc[at + 1 : at + 4].text.lower() == "the words of":
        return _in_words_of(frame, at + 2)
    paused = any(not token.is_space for token in doc[place.last : at]) or place.last_character in ",—–-…"
    if not paused and not _opens_with_cue(frame, place, at, end, cast):
        return _said_by_noun(frame, place, at, end)
    for verb in _cues_behind(frame, at, end):
        subject = subject_near(frame, verb, at, end, cast)
        if subject is not None and not (
            subject.i > at and doc[subject.i - 1].lower_ in frame.lexicon.cue_words.leading_off
        ):
            found = naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.CUE_AFTER, cast)
            if found is not None:
                return found
    return (
        _signed(frame, place, at, end, cast)
        or _said_by_noun(frame, place, at, end)
        or _acting(frame, place, at, end, cast)
    )


def _said_by_noun(frame: Frame, place: QuotePlace, at: int, end: int) -> Found | None:
    """A noun and a verb that does report, where the tagger took the verb for a noun: "...," the editorial read."""
    doc = frame.doc
    if place.last_character not in ",?!" or doc[at].tag_ not in {"DT", "CD", "PRP$"}:
        return None
    for verb in doc[at + 2 : min(end, at + _NOUN_CLAUSE)]:
        if verb.lower_ in frame.lexicon.cue_words.said_by_noun and verb.is_lower and not is_compounded(verb):
            following = doc[verb.i + 1] if verb.i + 1 < len(doc) else None
            head = _head_before(doc, at, verb.i)
            ends = following is None or following.is_punct or following.tag_ in {"IN", "RB"}
            if head is None or not ends:
                return None
            return naming(frame, head, (verb.i, verb.i + 1), SpeakerMethod.CUE_AFTER, None)
    return None


def _head_before(doc: Doc, first: int, last: int) -> Token | None:
    """The head of the noun phrase that the tokens [first, last) are, with what follows "of" or "in"; else None."""
    nominal = [token for token in doc[first:last] if token.tag_ not in {"IN", "RP"}]
    if any(token.tag_ not in _NOMINAL for token in nominal) or doc[last - 1].tag_ not in _NOMINAL:
        return None
    behind = next((token.i for token in doc[first:last] if token.tag_ == "IN"), last)
    return doc[behind - 1] if behind > first + 1 else None


def _inverted(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> Found | None:
    """Any verb in the past right behind a quotation that leads on, and a person: "...!" sighed Meg Ashe."""
    verb = frame.doc[at]
    if place.last_character not in ",!?…—–-" or not is_sentence(frame, place) or not verb.is_lower:
        return None
    is_past = verb.tag_ in {"VBD", "VBN"} or verb.lower_.endswith("ed")
    if not is_past or verb.lower_ in frame.lexicon.grammar.auxiliaries or verb.lower_ in frame.lexicon.plain_cues:
        return None
    for token in frame.doc[at + 1 : min(end, at + 7)]:
        mention = cast.mention_at(*frame.stretch(token.i, token.i + 1))
        if mention is not None and mention.label == "PERSON":
            return naming(frame, token, (at, at + 1), SpeakerMethod.CUE_AFTER, None)
        if token.tag_ not in _NOMINAL and not (token.text == "," and token.nbor(-1).lower_ in frame.lexicon.roles):
            return None
    return None


def _how_put(frame: Frame, at: int, end: int, cast: Cast) -> Found | None:
    """Whoever puts it so: "..." is how Maud Ferris put it."""
    doc = frame.doc
    if at + 1 >= end or doc[at].lower_ not in {"is", "was", "'s", "’s"} or doc[at + 1].lower_ != "how":
        return None
    verb = next(
        (t for t in doc[at + 3 : end] if t.i + 1 < len(doc) and t.tag_ in _FINITE and t.nbor().text == "it"), None
    )
    if verb is None or (verb.lower_ not in frame.lexicon.cue_verbs and verb.lower_ not in {"sums", "summed"}):
        return None
    subject = subject_near(frame, verb, at + 2, end, cast)
    return None if subject is None else naming(frame, subject, (verb.i, verb.i + 2), SpeakerMethod.CUE_AFTER, cast)


def _in_words_of(frame: Frame, at: int) -> Found | None:
    """The noun behind "in the words of", whose "words" stand at a token."""
    head = _noun_behind(frame.doc, at + 2)
    return None if head is None else naming(frame, head, (at, at + 2), SpeakerMethod.ACCORDING_TO, None)


def _cues_behind(frame: Frame, at: int, end: int) -> list[Token]:
    """The cue verbs of the clause behind a quotation, those first that hardly do anything but report."""
    doc = frame.doc
    cues = []
    for token in doc[at : min(end, at + 30)]:
        if (
            token.tag_ == "CC"
            and doc[token.i - 1].text == ","
            and any(word.tag_ in _FINITE for word in doc[at : token.i])
        ):
            break  # a clause of its own; not: Nelson, a fellow at the institute, and author of the study, said
        if token.lower_ in frame.lexicon.plain_cues and token.i + 1 < end and _is_conjunction(doc[token.i + 1]):
            break  # what it reports stands behind it
        if _is_cue(token, at, frame.lexicon):
            cues.append(token)
    return sorted(cues, key=lambda token: token.lower_ not in frame.lexicon.strong_cues)


def _is_cue(token: Token, at: int, lexicon: Lexicon) -> bool:
    """Whether a token is a cue verb in the clause that starts at a token, if need be against the tagger."""
    if token.lower_ not in lexicon.cue_verbs or not _reports(token, lexicon.cue_words):
        return False
    if token.tag_ == "VB" and token.i > 0 and token.nbor(-1).lower_ == "to":
        return False
    following = token.nbor() if token.i + 1 < len(token.doc) else None
    if token.lower_ in lexicon.wording_cues and (following is None or following.tag_ != "PRP"):
        return False  # "what Israel calls its ..." is about the words behind it
    if token.tag_ == "VBN":
        if following is not None and following.lower_ == "to":
            return False  # who "is said to have" done something
        if token.lower_ not in lexicon.plain_cues:
            return any(child.lower_ in {"has", "have", "had"} for child in token.children)
    if token.tag_[:2] == "VB" or token.lower_ in lexicon.cue_words.only_verbs:
        return True
    clause = token.doc[at : token.i]
    return (
        token.lower_ in lexicon.plain_cues
        and token.is_lower
        and 0 < len(clause) <= 4
        and all(word.tag_ in _NOMINAL for word in clause)
        and (following is None or following.tag_[:2] != "NN")  # "Chinese state agency Xinhua"
    )


def _is_conjunction(token: Token) -> bool:
    return token.lower_ == "that" and token.tag_ == "IN"


def _is_title(frame: Frame, place: QuotePlace) -> bool:
    """Whether a quotation is the title of a work: words with capitals that no mark ends."""
    tokens = frame.doc[place.first : place.last]
    words = [token for token in tokens if token.is_alpha]
    is_ended = any(token.text in {".", "!", "?", "…", ","} for token in tokens[-2:])
    return not is_ended and all(word.is_title or word.is_stop for word in words)


def _signed(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> Found | None:
    """The name set under a quotation: "..." - Mary Smith."""
    doc = frame.doc
    dash = next((token.i for token in doc[place.last : at] if token.text in _DASHES), None)
    while at + 1 < end and doc[at].is_lower and doc[at].lower_ in frame.lexicon.roles:
        at += 1  # — coach Dena Ruhl
    mention = cast.mention_at(*frame.stretch(at, at + 1))
    if dash is None or _is_title(frame, place) or any(token.tag_ in _FINITE for token in doc[at:end]):
        return None
    if mention is not None and mention.label in {"PERSON", "ORG"}:
        behind = next((token for token in doc[at:end] if frame.stretch(token.i, token.i + 1)[0] >= mention.end), None)
        if behind is None or behind.text == ",":  # — Linzi Cassels, design director at Hart & Sons
            return naming(frame, doc[at], (dash, dash + 1), SpeakerMethod.SIGNATURE, None)
    if end - at > SHORT_CLAUSE:
        return None
    named = at
    while named < end and doc[named].is_alpha and doc[named].is_title:
        named += 1
    if (mention is None or mention.label != "PERSON") and (named < end or not 2 <= named - at <= 4):
        return None
    return naming(frame, doc[max(at, named - 1)], (dash, dash + 1), SpeakerMethod.SIGNATURE, None)


def _acting(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> Found | None:
    """Whoever does anything at all right behind a quoted sentence: "...," Smith shot back."""
    doc = frame.doc
    if not is_sentence(frame, place) or doc[at].tag_[:2] in {"IN", "WD", "WP", "WR", "TO", "RB"}:
        return None
    if doc[at].tag_ == "VBG":
        return None
    verb = next((token for token in doc[at : min(end, at + 12)] if token.tag_ in {"VBD", "VBZ", "VBP"}), None)
    if verb is None or verb.i == at or _is_conjunction(doc[min(verb.i + 1, len(doc) - 1)]):
        return None
    subject = next((child for child in verb.children if child.dep_ == "nsubj" and at <= child.i < verb.i), None)
    if subject is None or not can_speak(frame, subject, cast):
        return None
    return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.VERB_AFTER, cast)


def _closing(frame: Frame, number: int, cast: Cast) -> Found | None:
    """The cue clause that ends a sentence with quoted words in it: The plan is "dead" for now, a minister said."""
    doc, place = frame.doc, frame.places[number]
    end = _sentence_end(frame, place)
    for at in range(end - 1, place.last, -1):
        if doc[at].text == "," and at not in frame.quoted:
            clause = [token for token in doc[at + 1 : end] if token.i not in frame.quoted]
            verb = next(
                (token for token in clause if token.lower_ in frame.lexicon.plain_cues and token.tag_[:2] == "VB"), None
            )
            if verb is not None and any(child.dep_ == "auxpass" for child in verb.children):
                return None  # the killing of an officer that was claimed by others
            if verb is not None and len(clause) <= 25:
                if verb.i == at + 1 and doc[min(verb.i + 2, len(doc) - 1)].tag_ == "HYPH":
                    return None  # said matter-of-factly
                subject = subject_near(frame, verb, at + 1, end, cast)
                if (
                    subject is not None
                    and at < subject.i < end
                    and doc[subject.i - 1].lower_ not in frame.lexicon.cue_words.leading_off
                ):
                    return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.CUE_CLOSING, cast)
    return None


def _sentence_end(frame: Frame, place: QuotePlace) -> int:
    """Behind the last token of the sentence that a quotation stands in, later quotations of the sentence included."""
    at = place.last
    while at < min(len(frame.doc), place.last + _CLAUSE_WORDS):
        if _is_stop(frame.doc[at], frame.lexicon) or at in frame.stops:
            break
        at += 1
    return at


def _opens_with_cue(frame: Frame, place: QuotePlace, at: int, end: int, cast: Cast) -> bool:
    """Whether words that no comma ties to the quotation before them are its cue, not a sentence of their own."""
    doc = frame.doc
    first = doc[at]
    follows_stop = place.last_character == "."
    if follows_stop and (end - at > SHORT_CLAUSE or end in frame.quoted):
        return first.is_lower and first.lower_ in frame.lexicon.plain_cues
    if first.lower_ in frame.lexicon.plain_cues and first.tag_ != "VBN":
        return first.is_lower
    named = first.lower_ in frame.lexicon.speaking_pronouns or cast.mention_at(*frame.stretch(at, at + 1)) is not None
    if not named and first.tag_ not in {"DT", "NNP", "PRP$", "JJ", "NN", "CD"}:
        return False
    if first.lower_ in frame.lexicon.speech_nouns:
        return False  # Smith's "..." line
    verb = next((token for token in doc[at : min(end, at + _APPOSED)] if _is_finite(token, at, frame.lexicon)), None)
    if verb is not None and any(token.lower_ in frame.lexicon.grammar.relative for token in doc[at : verb.i]):
        return False
    if verb is None or (follows_stop and verb.lower_ not in frame.lexicon.plain_cues):
        return False
    if verb.lower_ not in frame.lexicon.cue_verbs:
        return place.last_character in "?!" and verb.i - at <= 3 and end - at <= SHORT_CLAUSE
    return not follows_stop or verb.i + 1 >= end or doc[verb.i + 1].lower_ not in frame.lexicon.cue_words.reports_more


def _is_finite(token: Token, at: int, lexicon: Lexicon) -> bool:
    if token.tag_ == "VBN":
        return token.lower_ in lexicon.plain_cues and token.dep_ in {"acl", "ROOT"} and token.i - at <= SHORT_CLAUSE
    return token.tag_ in {"VBD", "VBZ", "VBP"} or (token.lower_ in lexicon.plain_cues and _is_cue(token, at, lexicon))


def _inserted(frame: Frame, number: int, cast: Cast) -> Found | None:
    """The cue clause set between commas into the sentence of a quotation: Clinton, an aide said, "is confident"."""
    doc, place = frame.doc, frame.places[number]
    marks = [at for at in range(_sentence_floor(frame, number), place.first) if doc[at].text in INSERTING]
    for opening, closing in zip(reversed(marks[:-1]), reversed(marks[1:]), strict=True):
        found = inserted(frame, opening, closing, cast)
        if found is not None:
            return found
    return None


def inserted(frame: Frame, opening: int, closing: int, cast: Cast) -> Found | None:
    """The cue clause that stands between two marks: "he said last week", "says Mary Smith"."""
    doc = frame.doc
    clause = doc[opening + 1 : closing]
    if not 2 <= len(clause) <= SHORT_CLAUSE or any(token.i in frame.quoted for token in clause):
        return None
    verb = next((t for t in clause if t.lower_ in frame.lexicon.plain_cues and t.tag_ in {"VBD", "VBZ", "VBP"}), None)
    if verb is None:
        return None
    if verb.i == clause.start:
        mention = cast.mention_at(*frame.stretch(verb.i + 1, verb.i + 2))
        subject = (
            None
            if mention is None or mention.label != "PERSON"
            else first_nominal(verb, closing, frame.lexicon.grammar)
        )
        rest = range(0) if subject is None else range(subject.i + 1, closing)
    else:
        is_name = all(t.tag_ in _NOMINAL or t.tag_ in {"PRP", "IN", "RB"} for t in doc[clause.start : verb.i])
        subject = subject_near(frame, verb, clause.start, closing, cast) if is_name else None
        rest = range(verb.i + 1, closing)
    if subject is None or any(doc[at].tag_ not in _ADVERBIAL for at in rest):
        return None
    if not clause.start <= subject.i < closing or not can_speak(frame, subject, cast, verb):
        return None
    return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.CUE_BEFORE, cast)


def _before(frame: Frame, number: int, start: int, cast: Cast) -> Found | None:
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
    if (
        start < place.first - 3
        and doc[place.first - 2].lower_ == "it"
        and doc[place.first - 3].lower_ in frame.lexicon.cue_words.put
    ):
        subject = subject_near(frame, doc[place.first - 3], start, place.first, cast)
        if subject is not None:
            return naming(frame, subject, (place.first - 3, place.first - 1), SpeakerMethod.CUE_BEFORE, cast)
    found = _opened(frame, start, place, cast)
    if found is not None:
        return found
    for token in doc[start : place.first]:
        if token.lower_ == "according" and token.i + 1 < place.first and doc[token.i + 1].lower_ == "to":
            return according(frame, token.i)
        if token.lower_ == "words" and doc[max(0, token.i - 2) : token.i + 2].text.lower() == "in the words of":
            return _in_words_of(frame, token.i)
    for token in reversed(doc[start : place.first]):
        if (
            token.lower_ in frame.lexicon.strong_cues
            and token.tag_[:2] == "VB"
            and _reports(token, frame.lexicon.cue_words)
            and not _is_of_subject(token, place)
        ):
            token = _told_to(frame, token, place)  # noqa: PLW2901
            subject = (
                sharer(frame, token, _sentence_floor(frame, number), cast)
                or subject_near(frame, token, start, place.first, cast)
                or subject_of(token, 0, frame.lexicon)
            )
            if subject is not None and can_speak(frame, subject, cast, token):
                return naming(frame, subject, (token.i, token.i + 1), SpeakerMethod.CUE_BEFORE, cast)
    return _colon(frame, start, place, cast) if colon else None


def _is_of_subject(verb: Token, place: QuotePlace) -> bool:
    """Whether a verb only says which the subject is: the places he cited are "..."."""
    noun = verb.head
    return verb.dep_ == "relcl" and noun.dep_[:5] == "nsubj" and verb.i < noun.head.i < place.first


def _opened(frame: Frame, start: int, place: QuotePlace, cast: Cast) -> Found | None:
    """Who speaks in a sentence that opens with its verb: Said Smith, who grew up there: "..."."""
    verb = frame.doc[start]
    if not verb.is_title or verb.lower_ not in frame.lexicon.plain_cues or verb.tag_ == "VBG":
        return None
    mention = cast.mention_at(*frame.stretch(start + 1, start + 2))
    subject = first_nominal(verb, place.first, frame.lexicon.grammar)
    if mention is None or mention.label != "PERSON" or subject is None:
        return None
    return naming(frame, subject, (start, start + 1), SpeakerMethod.CUE_BEFORE, None)


def _governed(frame: Frame, number: int, cast: Cast) -> Found | None:
    """The reporting verb above a quotation in the parse: the nearest that does report, or else the nearest that may."""
    place = frame.places[number]
    floor = _sentence_floor(frame, number)
    verbs = [
        verb
        for verb in verbs_above(frame, place)
        if floor <= verb.i < place.first
        and verb.lower_ in frame.lexicon.cue_verbs
        and verb.tag_[:2] == "VB"
        and _reports(verb, frame.lexicon.cue_words)
    ]
    strong = [verb for verb in verbs if verb.lower_ in frame.lexicon.strong_cues]
    # "said he had asked for ..." reports what was said; "said he had called it ..." what it was called.
    if (
        strong
        and strong[0].lower_ not in frame.lexicon.plain_cues
        and strong[0].lower_ not in frame.lexicon.wording_cues
    ):
        strong = [verb for verb in strong if verb.lower_ in frame.lexicon.plain_cues] + strong
    for nearest in [*strong, *verbs]:
        verb = _told_to(frame, nearest, place)
        subject = sharer(frame, verb, floor, cast) or subject_of(verb, 0, frame.lexicon)
        if subject is not None and can_speak(frame, subject, cast, verb):
            found = naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.CUE_BEFORE, cast)
            if found is not None:
                return found
    return None


def _told_to(frame: Frame, verb: Token, place: QuotePlace) -> Token:
    """The verb of telling, where the one found says who was told: told a man who urged a ban that "..."."""
    that = place.first - 1
    if verb.dep_ != "relcl" or that - verb.i < _BESIDE or frame.doc[that].lower_ != "that":
        return verb
    teller = verb.head.head
    is_told = verb.head.dep_ in {"dobj", "dative"} and teller.lower_ in frame.lexicon.plain_cues
    return teller if is_told and teller.i < verb.i else verb


def _reports(verb: Token, words: CueWords) -> bool:
    """Whether a form of a cue verb is one: not "continues to be", nor "asked which ..., he ..." of who was asked."""
    following = verb.nbor().lower_ if verb.i + 1 < len(verb.doc) else ""
    if following in words.dismissing:
        return False  # shrugged off
    if (following == "to" and verb.lower_.startswith(words.with_infinitive)) or is_compounded(verb):
        return False
    if verb.tag_ == "VBZ" and verb.i > 0 and verb.nbor(-1).lower_ in words.before_nouns:
        return False  # failed to listen to calls for
    if verb.lower_ not in words.asked or verb.tag_ != "VBN":
        return True
    return any(child.dep_ == "agent" or child.lower_ in {"has", "have", "had"} for child in verb.children)


def _weak(frame: Frame, number: int, start: int, cast: Cast) -> Found | None:
    """Any verb above the quotation that says what somebody did, such as to "target" or to "resist"."""
    place = frame.places[number]
    for verb in verbs_above(frame, place):
        if (
            start <= verb.i < place.first
            and verb.tag_ in _FINITE
            and verb.lower_ not in frame.lexicon.grammar.auxiliaries
        ):
            subject = subject_of(verb, 0, frame.lexicon)
            if subject is not None and is_somebody(frame, subject, cast):
                return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.VERB_BEFORE, cast)
    return None


def _headed(frame: Frame, start: int, place: QuotePlace, cast: Cast) -> Found | None:
    """The name that stands alone before a colon: "Ms Smith (Leeds): ..."."""
    doc = frame.doc
    at = place.first - 1
    while at > start and not (
        doc[at - 1].text in _DASHES | {"]"} and (doc[at - 1].text != "-" or doc[at - 1].whitespace_)
    ):
        at -= 1
    window = doc[at : place.first - 1]
    if len(window) > 2 and window[0].lower_ == "from" and window[-1].lower_ in frame.lexicon.document_nouns:
        return naming(frame, window[-1], (place.first - 1, place.first), SpeakerMethod.COLON, cast)
    if not 0 < len(window) <= 16 or any(token.tag_[:2] in {"VB", "MD"} for token in window):
        return None
    opening = next((token for token in window if token.is_alpha), window[0])
    if opening.tag_ == "IN" and opening.lower_ not in {"from", "by"}:
        return None  # compared him with Smith: "..."
    for token in window:
        mention = cast.mention_at(*frame.stretch(token.i, token.i + 1))
        if mention is not None and mention.label == "PERSON":
            return naming(frame, token, (place.first - 1, place.first), SpeakerMethod.COLON, cast)
    outlet = cast.mention_at(*frame.stretch(window.start, window.end))  # - Pew Research: "..."
    if at > start and outlet is not None and outlet.label == "ORG":
        return naming(frame, window[-1], (place.first - 1, place.first), SpeakerMethod.COLON, cast)
    return None


def _colon(frame: Frame, start: int, place: QuotePlace, cast: Cast) -> Found | None:
    """The subject of a sentence that a colon turns into an introduction: "Smith was blunt: ..."."""
    last = place.first - 2
    mention = cast.mention_at(*frame.stretch(last, last + 1)) if last >= start else None
    ahead = next((t for t in reversed(frame.doc[start:last]) if t.tag_[:2] != "NN"), None)
    if (
        mention is not None
        and mention.label == "PERSON"
        and frame.doc[last].dep_ != "pobj"
        and (ahead is None or ahead.tag_ != "IN")
    ):
        return naming(frame, frame.doc[last], (last + 1, last + 2), SpeakerMethod.COLON, cast)
    verbs = [
        token
        for token in frame.doc[start : place.first - 1]
        if token.tag_[:2] == "VB" and _reports(token, frame.lexicon.cue_words)
    ]
    if frame.doc[last].lower_ in frame.lexicon.speech_nouns and frame.doc[last].head in verbs:
        verbs = [frame.doc[last].head]  # I had to change my answer: "..."
    for verb in sorted(verbs, key=lambda verb: start <= verb.head.i < place.first and verb.head.i != verb.i):
        subject = subject_of(verb, 0, frame.lexicon)
        if subject is not None and subject.lower_ in frame.lexicon.speech_nouns:
            subject = next((child for child in subject.children if child.dep_ == "poss"), subject)
        if subject is not None and can_speak(frame, subject, cast):
            return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.COLON, cast)
    return None


def according(frame: Frame, at: int) -> Found | None:
    """The noun behind "according to"."""
    doc = frame.doc
    if at + 1 >= len(doc) or doc[at + 1].lower_ != "to":
        return None
    head = _noun_behind(doc, at + 2)
    return None if head is None else naming(frame, head, (at, at + 2), SpeakerMethod.ACCORDING_TO, None)


def _noun_behind(doc: Doc, at: int) -> Token | None:
    """The head of the noun phrase that starts at a token."""
    head = None
    for token in doc[at : at + 14]:
        if token.tag_[:2] in {"NN", "PR"}:
            head = token
        elif head is not None and token.tag_ not in {"POS", "HYPH"}:
            break
    return head


def naming(frame: Frame, head: Token, cue: tuple[int, int], method: SpeakerMethod, cast: Cast | None) -> Found | None:
    """The noun phrase that names the speaker; None if its head stands in a quotation or is no noun at all."""
    if cast is not None:
        head = _quoted_as(frame, cue[0]) or _named_at_verb(frame, head, cue[0], cast)
    if head.lower_ in frame.lexicon.document_nouns:
        head = issued_by(head)
    if head.lower_ in frame.lexicon.document_nouns:
        head = next((child for child in head.children if child.lower_ in {"his", "her"}), head)  # her statement
    if head.tag_[:2] in {"VB", "IN", "CC", "TO", "MD"} and not head.is_title:
        return None
    if head.i in frame.quoted:
        return None
    doc = frame.doc
    if head.i + 2 < len(doc) and is_compounded(doc[head.i + 2]) and not head.whitespace_:
        head = doc[head.i + 2]  # the ex-president
    first = head.i
    while first > max(0, head.i - 12) and (doc[first - 1].tag_ in _NOMINAL and doc[first - 1].tag_ != "PRP"):
        first -= 1
    while (
        first < head.i
        and doc[first].tag_ == "VBN"
        and first > 0
        and doc[first - 1].lower_ in frame.lexicon.grammar.auxiliaries
    ):
        first += 1
    if head.tag_ in {"PRP", "PRP$"}:
        first = head.i
    return Found(first, head.i + 1, head, cue, method)


def _quoted_as(frame: Frame, cue: int) -> Token | None:
    """Whom a report quotes: in "Xinhua quoted Wang as saying" it is Wang who speaks."""
    doc = frame.doc
    if doc[cue].tag_ == "VBG" and cue > 0 and doc[cue - 1].lower_ == "as":
        last = cue - 1
        verb = next(
            (
                token
                for token in reversed(doc[max(0, last - 14) : last])
                if token.lower_ in frame.lexicon.cue_words.citing
            ),
            None,
        )
    else:
        verb = doc[cue] if doc[cue].lower_ in frame.lexicon.cue_words.citing else None
        ahead = doc[cue + 1 : cue + 15]
        last = next((t.i for t in ahead[:-1] if t.lower_ == "as" and t.nbor().tag_ == "VBG"), -1)
    return None if verb is None or last < 0 else first_nominal(verb, last, frame.lexicon.grammar)


def _named_at_verb(frame: Frame, head: Token, verb: int, cast: Cast) -> Token:
    """The person named right before the verb, where the parser took a place or an office for the subject."""
    if head.i > verb or head.tag_ in {"PRP", "WP"}:
        return head
    other = _subject_behind_who(frame, head, verb, cast) or _likened(frame, head, verb, cast)
    if other is not None:
        return other
    at = verb - 1
    while at > head.i and (
        frame.doc[at].tag_[:2] in {"RB", "MD"} or frame.doc[at].lower_ in frame.lexicon.grammar.auxiliaries
    ):
        at -= 1
    if frame.doc[at].text == ",":  # Smith, a member of the council in the province, said
        at = next((t.i - 1 for t in reversed(frame.doc[max(0, at - _APPOSED) : at]) if t.text == ","), at)
        if frame.doc[at].text == ")":  # Smith (D-Ohio), noting the size of the crowd, said
            at = next((t.i - 1 for t in reversed(frame.doc[max(0, at - _BRACKET) : at]) if t.text == "("), at)
    mention = cast.mention_at(*frame.stretch(at, at + 1))
    if mention is None or mention.label != "PERSON":
        return head
    own = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    return head if own is not None and own.label == "PERSON" else frame.doc[at]


def _subject_behind_who(frame: Frame, head: Token, verb: int, cast: Cast) -> Token | None:
    """Who speaks of somebody in a relative clause: Smith, who Jones on Monday called "...": Jones."""
    at = head.i + 1
    if at < verb and frame.doc[at].text == ",":
        at += 1
    if at + 1 >= verb or frame.doc[at].lower_ not in {"who", "whom"}:
        return None
    mention = cast.mention_at(*frame.stretch(at + 1, at + 2))
    if mention is None or mention.label != "PERSON":
        return frame.doc[at + 1] if frame.doc[at + 1].tag_ == "PRP" else None
    return next(t for t in reversed(frame.doc[at + 1 : verb]) if frame.stretch(t.i, t.i + 1)[0] < mention.end)


def _likened(frame: Frame, head: Token, verb: int, cast: Cast) -> Token | None:
    """Who is like somebody, where the parser took the other for the subject: Like Smith, Jones said."""
    ahead = head.i - 1
    while (
        ahead > 0 and frame.doc[ahead].tag_[:2] == "NN" and frame.doc[ahead].lower_ not in frame.lexicon.cue_words.like
    ):
        ahead -= 1
    at = head.i + 1
    if (
        ahead < 0
        or frame.doc[ahead].lower_ not in frame.lexicon.cue_words.like
        or at + 1 >= verb
        or frame.doc[at].text != ","
    ):
        return None
    mention = cast.mention_at(*frame.stretch(at + 1, at + 2))
    if mention is None or mention.label != "PERSON":
        return frame.doc[at + 1] if frame.doc[at + 1].tag_ == "PRP" else None
    return next(t for t in reversed(frame.doc[at + 1 : verb]) if frame.stretch(t.i, t.i + 1)[0] < mention.end)


def lead_of(frame: Frame, last: int, cast: Cast) -> Found | None:
    """Who speaks or acts in the sentence that ends at a token, right before a bare quotation."""
    if last < 0:
        return None
    sentence = frame.doc[last].sent
    tokens = [token for token in sentence if token.i <= last]
    verbs = [token for token in tokens if token.lower_ in frame.lexicon.strong_cues and token.tag_[:2] == "VB"]
    colon = tokens[-1].text.endswith(":")
    closing = next((t for t in reversed(tokens) if not t.is_punct), tokens[-1])
    if colon and len(tokens) <= SHORT_CLAUSE and tokens[0].lower_ in frame.lexicon.plain_cues:
        return naming(frame, closing, (tokens[0].i, tokens[0].i + 1), SpeakerMethod.LEAD_CUE, cast)
    if verbs and (colon or (closing == verbs[-1] and closing.lower_ in frame.lexicon.plain_cues)):
        verb, method = verbs[-1], SpeakerMethod.LEAD_CUE
        subject = subject_near(frame, verb, sentence.start, last + 1, cast)
    else:
        verb, method = sentence.root, SpeakerMethod.LEAD
        subject = subject_of(verb, 0, frame.lexicon)
    marks = [token.i for token in tokens if token.text in INSERTING] if method is SpeakerMethod.LEAD else []
    for opening, until in pairwise(marks):  # The cell, Herbert said, is alive. "It fires."
        found = inserted(frame, opening, until, cast)
        if found is not None:
            return replace(found, method=SpeakerMethod.SENTENCE_BEFORE)
    if subject is None or not can_speak(frame, subject, cast, verb) or subject.tag_ in {"NNS", "NNPS"}:
        return None
    if method is SpeakerMethod.LEAD and verb.lower_.startswith("ask"):
        return None  # who asks is not who answers
    if subject.lower_ == "transcript" or (
        verb.lower_ not in frame.lexicon.cue_verbs and not is_somebody(frame, subject, cast)
    ):
        return None
    if not frame.places or last == len(frame.doc) - 1:
        return naming(frame, subject, (verb.i, verb.i + 1), method, cast)
    return naming(frame, subject, (verb.i, verb.i + 1), SpeakerMethod.SENTENCE_BEFORE, cast)
