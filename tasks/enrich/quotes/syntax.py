"""Who does what in a sentence, by its parse."""

from collections.abc import Iterator

from spacy.tokens import Token

from newsmill.tasks.enrich.lexicon import (
    BODY_NOUNS,
    DOCUMENT_NOUNS,
    PEOPLE_NOUNS,
    PLAIN_CUES,
    ROLES,
    SPEAKING_PRONOUNS,
    WORDING_CUES,
)
from newsmill.tasks.enrich.quotes.cast import Cast
from newsmill.tasks.enrich.quotes.frames import Frame, QuotePlace

_QUOTED = frozenset({"quoted", "cited", "heard", "seen"})
AUXILIARIES = frozenset({"has", "have", "had", "is", "was", "be", "been", "being", "are", "were", "did", "does"})
_SOMEBODY = frozenset({"one", "another", "others", "both", "none", "everyone", "somebody", "someone"})
_SPEAKING_NOUNS = ROLES | BODY_NOUNS | PEOPLE_NOUNS
RELATIVE = frozenset({"who", "which", "that", "whom"})


def is_compounded(token: Token) -> bool:
    """Whether a word is the second part of one with a hyphen: "so-called"."""
    return token.i > 0 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_


def subject_near(frame: Frame, verb: Token, at: int, end: int, cast: Cast) -> Token | None:
    """The subject of a cue verb behind a quotation, within the tokens [at, end)."""
    doc = verb.doc
    before = verb.i - 1
    while (
        before >= at
        and doc[before].is_lower
        and (doc[before].tag_[:2] in {"RB", "MD"} or doc[before].lower_ in AUXILIARIES)
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
    if before < at and verb.tag_ != "VBG":
        return first_nominal(verb, end)
    subject = subject_of(verb, 0)
    if subject is not None and at <= subject.i < end:
        return subject
    for token in reversed(doc[at : verb.i]):
        if token.tag_ in {"PRP", "NNP", "NN", "NNS", "NNPS"} or token.lower_ in _SOMEBODY:
            return token
    return None


def first_nominal(verb: Token, end: int) -> Token | None:
    """The head of the noun phrase that follows an inverted verb: "said John Smith, a doctor"."""
    head = None
    for token in verb.doc[verb.i + 1 : min(end, verb.i + 14)]:
        if token.tag_[:2] in {"NN", "PR"} or _is_name_like(token) or token.lower_ in _SOMEBODY:
            head = token
            if token.tag_ == "PRP":
                break
        elif (
            (head is not None and token.tag_ not in {"POS", "HYPH"}) or token.tag_ in {"IN", "TO"} or token.text == ","
        ):
            break
    return head


def _is_name_like(token: Token) -> bool:
    return token.is_title and token.is_alpha and token.tag_ != "DT"


def sharer(frame: Frame, verb: Token, floor: int, cast: Cast) -> Token | None:
    """Who speaks already in the sentence, for a cue verb without a subject of its own.

    "Smith said that the plan failed, adding ...", "Smith said the plan failed but said ...": the parser often takes
    the plan for the one that adds.
    """
    before = frame.doc[verb.i - 1] if verb.i > floor else None
    if before is None or any(
        child.dep_ in {"nsubj", "nsubjpass"} and child.i > before.i - 1 for child in verb.children
    ):
        return None
    while before.tag_ == "RB" and before.i > floor:
        before = before.nbor(-1)
    if before.text != "," and before.lower_ not in {"and", "but"}:
        return None
    if before.text == "," and verb.tag_ != "VBG":
        return None
    for earlier in frame.doc[floor : before.i]:
        if (
            earlier.i in frame.quoted
            or earlier.dep_ in {"relcl", "advcl"}
            or earlier.lower_ not in PLAIN_CUES
            or earlier.tag_ not in {"VBD", "VBZ", "VBP"}
        ):
            continue
        subject = subject_near(frame, earlier, floor, before.i, cast)
        if subject is not None and subject.i < earlier.i and can_speak(frame, subject, cast, None):
            return subject
    leading = next((child for child in verb.sent.root.children if child.dep_ == "nsubj"), None)
    if before.text != "," and leading is not None and floor <= leading.i < before.i and leading.i not in frame.quoted:
        return leading if is_somebody(frame, leading, cast) else None
    return None


def verbs_above(frame: Frame, place: QuotePlace) -> Iterator[Token]:
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


def can_speak(frame: Frame, head: Token, cast: Cast, verb: Token | None = None) -> bool:
    """Whether a noun is somebody, or some body or document, that can say something; "it" can where it plainly does."""
    word = head.lower_
    if head.tag_ in {"PRP", "WP"}:
        says = verb is not None and (verb.lower_ in PLAIN_CUES or verb.lower_ in WORDING_CUES)
        return word in SPEAKING_PRONOUNS and (word != "it" or says)
    if verb is not None and verb.lower_ in PLAIN_CUES and head.tag_[:2] == "NN":
        return True
    if head.tag_ in {"NNP", "NNPS"} or word in _SPEAKING_NOUNS or word in _SOMEBODY:
        return True
    if verb is not None and word.removesuffix("s") in _SPEAKING_NOUNS:
        return True
    mention = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    return mention is not None and mention.label in {"PERSON", "ORG", "NORP"}


def is_somebody(frame: Frame, head: Token, cast: Cast) -> bool:
    """Whether a noun is a person or a body by what the article or the word itself says, without a verb that says so."""
    if head.tag_ in {"PRP", "WP"}:
        return head.lower_ in SPEAKING_PRONOUNS and head.lower_ != "it"
    mention = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    if mention is not None:
        return mention.label in {"PERSON", "ORG"}
    return head.lower_ in ROLES or head.lower_ in PEOPLE_NOUNS


def subject_of(verb: Token, depth: int) -> Token | None:
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
        return subject_of(above, depth + 1)
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
        return subject_of(above, depth + 1) or document
    return document


def issued_by(document: Token) -> Token:
    """Whoever is named right behind a document as its author: "a statement (issued) by the ministry"."""
    doc = document.doc
    at = document.i + 1
    if at < len(doc) and doc[at].tag_ == "VBN":
        at += 1
    if at >= len(doc) or doc[at].lower_ not in {"by", "from"}:
        return document
    author = next((child for child in doc[at].children if child.dep_ == "pobj"), None)
    return author if author is not None and author.tag_[:2] == "NN" else document


def _antecedent(token: Token) -> Token:
    """The noun that a relative pronoun stands for."""
    if token.lower_ in RELATIVE and token.head.dep_ == "relcl":
        return token.head.head
    return token


def is_sentence(frame: Frame, place: QuotePlace) -> bool:
    """Whether a quotation stands on its own: it starts or ends like a sentence."""
    first = frame.doc[place.first + 1] if place.first + 1 < len(frame.doc) else None
    return first is not None and (
        first.text[:1].isupper() or not first.text[:1].isalpha() or place.last_character in ".?!,"
    )
