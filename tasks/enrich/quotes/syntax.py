"""Who does what in a sentence, by its parse."""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from newsmill.tasks.enrich.languages.language import Lexicon
from newsmill.tasks.enrich.languages.parsed import Grammar
from newsmill.tasks.enrich.quotes.cast import Cast
from newsmill.tasks.enrich.quotes.frames import Frame, QuotePlace


def is_supposed(doc: Doc, cue: int, first: int, last: int, grammar: Grammar) -> bool:
    """Whether what a cue verb reports was not said, or need not have been, by the speaker at the tokens [first, last).

    "If Smith had said", "would say", "never said", "nobody said", "refused to say", "Did Smith say ...?".
    """
    verb = doc[cue]
    if verb.tag_[:2] != "VB":
        return False
    ahead = _helpers_before(verb, grammar)
    helpers = {token.lower_ for token in ahead} | {t.lower_ for t in verb.children if t.dep_ in {"aux", "neg"}}
    said_after_all = {token.lower_ for token in (*ahead, *verb.children)} & grammar.said_after_all
    if first > 0 and doc[first - 1].lower_ == "neither":
        return True
    if (
        (verb.head.lower_ in grammar.denials and verb.dep_ not in {"advcl", "conj", "parataxis"})
        or (verb.head.lower_ in grammar.wishes and verb.dep_ == "ccomp")
        or doc[first].lower_ in {"no", *grammar.nobody}
        or {"no", "one"} <= {token.lower_ for token in doc[first - 1 : last]}
    ):
        return True
    if doc[first - 1 : first].text.lower() == "no" or any(_is_would(t) for t in ahead if t.text in {"'d", "’d"}):
        return not said_after_all
    if helpers & (grammar.modals | grammar.never) and not said_after_all:
        return True
    if "to" in helpers:
        start = ahead[0].i if ahead else verb.i
        return _is_left_open(doc, start, first, grammar)
    opening = doc[first - 1] if first > 0 else None
    marks = {child.lower_ for child in verb.children if child.dep_ == "mark" and child.i < verb.i}
    if marks & grammar.conditions or (opening is not None and first < cue and opening.lower_ in grammar.conditions):
        return True
    # "Had Smith said", "Did Smith say": an auxiliary that opens the sentence, before the speaker.
    return (
        opening is not None
        and first < cue
        and opening.is_title
        and opening.lower_ in {"had", "did", "does", "has", "have", "should"}
    )


def _helpers_before(verb: Token, grammar: Grammar) -> list[Token]:
    """The adverbs and auxiliaries right before a verb, in order of text."""
    helpers = grammar.auxiliaries | grammar.modals | grammar.never | {"to"}
    at = verb.i
    while at > 0 and (
        verb.doc[at - 1].lower_ in helpers
        or verb.doc[at - 1].tag_ in {"RB", "MD"}
        or verb.doc[at - 1].text in {"'d", "’d"}
    ):
        at -= 1
    return list(verb.doc[at : verb.i])


def _is_would(token: Token) -> bool:
    """Whether 'd is "would" rather than "had", which a participle follows."""
    return token.tag_ == "MD" or (token.i + 1 < len(token.doc) and token.nbor().tag_ == "VB")


def _is_left_open(doc: Doc, to: int, first: int, grammar: Grammar) -> bool:
    """Whether the words before "to say" leave open whether it was said."""
    before = doc[max(0, to - 3) : to]
    if len(before) and before[-1].lower_ in grammar.undone:
        return doc[to : to + 2].text.lower() != "to know"  # who wants to know asks
    return any(token.lower_ in grammar.acts_of_others and token.i > first - 3 for token in before)


def is_compounded(token: Token) -> bool:
    """Whether a word is the second part of one with a hyphen: "so-called"."""
    return token.i > 0 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_


def subject_near(frame: Frame, verb: Token, at: int, end: int, cast: Cast) -> Token | None:
    """The subject of a cue verb behind a quotation, within the tokens [at, end)."""
    doc, grammar = verb.doc, frame.lexicon.grammar
    before = verb.i - 1
    while (
        before >= at
        and doc[before].is_lower
        and (doc[before].tag_[:2] in {"RB", "MD"} or doc[before].lower_ in grammar.auxiliaries)
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
            return _antecedent(child, grammar)
    if before < at and verb.tag_ != "VBG":
        return first_nominal(verb, end, grammar)
    subject = subject_of(verb, 0, frame.lexicon)
    if subject is not None and at <= subject.i < end:
        return subject
    for token in reversed(doc[at : verb.i]):
        if token.tag_ in {"PRP", "NNP", "NN", "NNS", "NNPS"} or token.lower_ in grammar.somebody:
            return token
    return None


def first_nominal(verb: Token, end: int, grammar: Grammar) -> Token | None:
    """The head of the noun phrase that follows an inverted verb: "said John Smith, a doctor"."""
    head = None
    for token in verb.doc[verb.i + 1 : min(end, verb.i + 14)]:
        if token.tag_[:2] in {"NN", "PR"} or _is_name_like(token) or token.lower_ in grammar.somebody:
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
    while (before.tag_ == "RB" or (before.text == "”" and before.i in frame.quoted)) and before.i > floor:
        before = before.nbor(-1)
    if before.text != "," and before.lower_ not in {"and", "but"}:
        return None
    if before.text == "," and verb.tag_ != "VBG":
        return None
    for earlier in frame.doc[floor : before.i]:
        if (
            earlier.i in frame.quoted
            or earlier.dep_ in {"relcl", "advcl"}
            or earlier.lower_ not in frame.lexicon.plain_cues
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
        says = verb is not None and (
            verb.lower_ in frame.lexicon.plain_cues or verb.lower_ in frame.lexicon.wording_cues
        )
        return word in frame.lexicon.speaking_pronouns and (word != "it" or says)
    if verb is not None and verb.lower_ in frame.lexicon.plain_cues and head.tag_[:2] == "NN":
        return True
    if head.tag_ in {"NNP", "NNPS"} or word in frame.lexicon.speaking_nouns or word in frame.lexicon.grammar.somebody:
        return True
    if verb is not None and word.removesuffix("s") in frame.lexicon.speaking_nouns:
        return True
    mention = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    return mention is not None and mention.label in {"PERSON", "ORG", "NORP"}


def is_somebody(frame: Frame, head: Token, cast: Cast) -> bool:
    """Whether a noun is a person or a body by what the article or the word itself says, without a verb that says so."""
    if head.tag_ in {"PRP", "WP"}:
        return head.lower_ in frame.lexicon.speaking_pronouns and head.lower_ != "it"
    mention = cast.mention_at(*frame.stretch(head.i, head.i + 1))
    if mention is not None:
        return mention.label in {"PERSON", "ORG"}
    return head.lower_ in frame.lexicon.roles or head.lower_ in frame.lexicon.people_nouns


def subject_of(verb: Token, depth: int, lexicon: Lexicon) -> Token | None:
    """Whoever does what a verb says, through participles, infinitives and relative clauses."""
    if depth > 6:
        return None
    grammar = lexicon.grammar
    for child in verb.children:
        if child.dep_ in {"nsubj", "csubj"}:
            return _antecedent(child, grammar)
    passive = next((_antecedent(child, grammar) for child in verb.children if child.dep_ == "nsubjpass"), None)
    if passive is not None and (depth > 0 or verb.lower_ in grammar.quoted):
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
        if verb.tag_ == "VBG" and above.dep_ == "pobj" and above.head.head.lower_ in lexicon.document_nouns:
            above = above.head.head  # an e-mail to supporters saying
        return (
            _issuer(above, depth, lexicon) if verb.dep_ == "acl" and above.lower_ in lexicon.document_nouns else above
        )
    if verb.dep_ in {"conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "acl", "aux", "auxpass", "dep", "parataxis"}:
        while above.tag_[:2] in {"IN", "TO"} and above.head.i != above.i:
            above = above.head
        return subject_of(above, depth + 1, lexicon)
    return None


def _issuer(document: Token, depth: int, lexicon: Lexicon) -> Token:
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
        return subject_of(above, depth + 1, lexicon) or document
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


def _antecedent(token: Token, grammar: Grammar) -> Token:
    """The noun that a relative pronoun stands for."""
    if token.lower_ in grammar.relative and token.head.dep_ == "relcl":
        return token.head.head
    return token


def is_sentence(frame: Frame, place: QuotePlace) -> bool:
    """Whether a quotation stands on its own: it starts or ends like a sentence."""
    first = frame.doc[place.first + 1] if place.first + 1 < len(frame.doc) else None
    return first is not None and (
        first.text[:1].isupper() or not first.text[:1].isalpha() or place.last_character in ".?!,"
    )
