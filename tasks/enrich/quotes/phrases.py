"""Noun phrases by the order of words: where one starts and ends, whom it names, and whether it can be a subject."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from newsmill.tasks.enrich.entities.bodies import BODIES, FORMS
from newsmill.tasks.enrich.entities.countries import is_branch
from newsmill.tasks.enrich.entities.given_names import GIVEN_NAMES
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.sentences import Token, may_be_name

_ADJECTIVE = re.compile(r"[^\W\d_][\w-]+(?:e|en|er|es|em)|\d[\d.,]*|[^\W\d_]+-|\d+-\w+(?:e|en|er)")
_ONLY_IN_NAMES = frozenset({"van", "ibn"})
"""Particles that are no word of the languages that have rules."""
_ACRONYM = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ\d&-]+")
_AGENCIES = frozenset({"efe", "reuters", "afp", "dpa", "ansa", "xinhua", "bloomberg"})
_MOST_EXTENSIONS = 5
_MOST_ADJECTIVES = 7
_MOST_BARE = 2
_BRACKET = 8


class Sort(StrEnum):
    """What a noun phrase stands for."""

    PERSON = "person"
    """Somebody, by name or by what they are."""
    BODY = "body"
    PEOPLE = "people"
    PRONOUN = "pronoun"
    THING = "thing"


class Phrase(NamedTuple):
    """A noun phrase: the tokens [first, last), its first noun, and the name in it."""

    first: int
    last: int
    head: str
    sort: Sort
    name: tuple[int, int] | None
    """The tokens of a person's name."""
    role: tuple[int, int] | None
    """The tokens that say what the person is."""
    is_subject: bool
    """Whether its determiner lets it be the subject."""
    is_definite: bool
    gender: str | None

    @property
    def is_somebody(self) -> bool:
        """Whether it can speak for certain."""
        return self.sort is not Sort.THING


def is_role(word: str, order: WordOrder) -> bool:
    """Whether a noun says who somebody is."""
    return role_gender(word, order) is not None


def role_gender(word: str, order: WordOrder) -> str | None:
    """ "he", "she", or "" where a role does not tell; None for what is no role."""
    if word in order.roles_she or word in order.titles_she:
        return "she"
    if word in order.roles_he or word in order.titles_he:
        return "he"
    if word in order.roles or word in order.titles:
        return ""
    if "-" in word:
        return role_gender(word.rsplit("-", 1)[-1], order)
    if order.role_endings_she and word.endswith(order.role_endings_she):
        return "she"
    if order.role_endings_he and word.endswith(order.role_endings_he):
        return "he"
    return None


def role_words(text: str, tokens: Sequence[Token], role: tuple[int, int], order: WordOrder) -> str | None:
    """What the tokens of a role say, titles left out; None if they are nothing else."""
    first, last = role
    while first < last and tokens[first].lower in order.titles_he | order.titles_she | order.titles:
        first += 1
    return text[tokens[first].start : tokens[last - 1].end] if first < last else None


def is_body(word: str, order: WordOrder) -> bool:
    """Whether a noun is that of a body or of what it puts out."""
    bare = word.rsplit("-", 1)[-1]
    return bare in order.bodies or (bool(order.body_endings) and bare.endswith(order.body_endings))


def names_body(name: str, order: WordOrder) -> bool:
    """Whether a name is a body's: a famous one, or one that says so: "Borussia Havelsee", "Deutscher Lehrerverband"."""
    words = name.split()
    if name in BODIES or any(word in FORMS for word in words) or is_branch(name):
        return True
    return len(words) > 1 and not is_given(words[0].lower(), order) and is_body(words[-1].lower(), order)


def phrase_at(
    tokens: Sequence[Token], at: int, order: WordOrder, depth: int = 0, *, determined: bool = False
) -> Phrase | None:
    """The noun phrase that starts at a token, with what belongs to it; None where none does.

    ``determined`` is for one whose article hangs on the preposition before it: del, du.
    """
    if at >= len(tokens):
        return None
    token = tokens[at]
    particled = _particled(tokens, at, order) if at == 0 else None
    if particled is not None:
        return Phrase(0, particled, tokens[particled - 1].lower, Sort.PERSON, (0, particled), None, True, True, None)
    pronoun = _pronoun(token, order)
    determiner = token.lower if token.lower in order.determiners or token.lower in order.oblique else None
    first, last = _core(tokens, at + (determiner is not None), determined or determiner is not None, order)
    if last == first:
        if pronoun is None:
            return None
        gender = "he" if token.lower in order.he else "she" if token.lower in order.she else None
        return Phrase(at, at + 1, token.lower, Sort.PRONOUN, None, None, True, False, gender)
    name, role, head = _named(tokens, first, last, determiner, order)
    gender = None
    if role is not None:
        genders = [role_gender(tokens[place].lower, order) for place in range(*role)]
        gender = next((found for found in genders if found), None)
        if not gender:
            gender = (
                "she" if determiner in order.she_determiners else "he" if determiner in order.he_determiners else None
            )
    end = _extended(tokens, last, order, depth)
    if name is None and role is not None and end < len(tokens) and tokens[end].is_capital and end > last:
        behind = end  # la présidente de la Commission Ursula von der Leyen
        while behind < len(tokens) and (tokens[behind].is_capital or tokens[behind].lower in order.particles):
            behind += 1
        if behind - end > 1 and _is_name(tokens, end, behind, order) and not order.nouns_have_capitals:
            name, end = (end, behind), behind
    if depth == 0:
        end, apposed = _apposed(tokens, end, name is None and role is not None, order)
        if apposed is not None:
            name = apposed.name or name
            role = role or apposed.role
            gender = gender or apposed.gender
    return Phrase(
        at,
        end,
        head.lower,
        _sort(tokens[first:last], name, role, head, order),
        name,
        role,
        determiner is None or (determiner in order.determiners and not _is_oblique(tokens, at, order)),
        determiner is not None and determiner not in order.indefinite,
        gender,
    )


def _is_oblique(tokens: Sequence[Token], at: int, order: WordOrder) -> bool:
    """Whether the adjective behind a determiner tells that no subject follows: der englischen Zeitung."""
    if not order.nouns_have_capitals or tokens[at].lower != "der":
        return False
    noun = next((token for token in tokens[at + 1 : at + 4] if token.is_capital), None)
    if noun is not None and order.feminine.fullmatch(noun.lower):
        return True  # sagte der Zeitung
    return (
        at + 2 < len(tokens)
        and tokens[at + 1].lower.endswith("en")
        and not tokens[at + 1].is_capital
        and tokens[at + 2].is_capital
    )


def _particled(tokens: Sequence[Token], at: int, order: WordOrder) -> int | None:
    """Where a name ends that opens a sentence with its particle: Von der Leyen betonte."""
    last = at
    while last < len(tokens) and tokens[last].lower in order.particles and (last == at or not tokens[last].is_capital):
        last += 1
    if (
        last == at
        or last + 1 >= len(tokens)
        or not tokens[last].is_capital
        or tokens[at].lower in order.determiners | order.oblique
    ):
        return None
    if tokens[last + 1].lower not in order.plain:
        return None
    speaks = phrase_at(tokens, last + 2, order, 1)  # Zum Rücktritt sagte der Kardinal
    return None if speaks is not None and speaks.is_subject and speaks.is_somebody else last + 1


def _pronoun(token: Token, order: WordOrder) -> str | None:
    return token.lower if token.lower in order.he | order.she | order.they else None


def _core(tokens: Sequence[Token], at: int, determined: bool, order: WordOrder) -> tuple[int, int]:
    """The tokens of a noun phrase behind its determiner: nouns and names, in German without the adjectives."""
    first = _first_noun(tokens, at, determined, order)
    if first is None:
        return at, at
    start, last = first if order.nouns_have_capitals else at, first
    while last < len(tokens) and _goes_on(tokens, last, last == start, order):
        if determined and last > start and _is_behind_name(tokens, last, order):
            return start, last + 1
        last += 1
    return start, last


def _first_noun(tokens: Sequence[Token], at: int, determined: bool, order: WordOrder) -> int | None:
    """Where the words with capitals of a noun phrase start; behind its small words, where nouns are written so."""
    if order.nouns_have_capitals:
        last = at
        while last < len(tokens) and last - at < _MOST_ADJECTIVES and _is_adjective(tokens[last], determined, order):
            last += 1
        if last >= len(tokens) or not _is_noun(tokens, last, order) or (not determined and last - at > _MOST_BARE):
            return None
    else:
        last = at
        if at < len(tokens) and (determined or is_role(tokens[at].lower, order)):
            while last < len(tokens) and last - at < _MOST_ADJECTIVES and _is_common(tokens[last], order):
                last += 1
        if last == at and not (last < len(tokens) and _is_noun(tokens, last, order)):
            return None
    if last < len(tokens) and last == at and tokens[last].quote is not None and not determined:
        return None
    return last


def _is_behind_name(tokens: Sequence[Token], at: int, order: WordOrder) -> bool:
    """Whether a small word is the adjective of the name before it: la Commission européenne."""
    small = not tokens[at].is_capital and order.adjective_endings.fullmatch(tokens[at].lower)
    return bool(small) and tokens[at - 1].is_capital and _is_common(tokens[at], order)


def _goes_on(tokens: Sequence[Token], at: int, opens: bool, order: WordOrder) -> bool:
    """Whether a word still belongs to the nouns and names before it; ``opens`` where it is the first of them."""
    token = tokens[at]
    if opens:
        return _is_noun(tokens, at, order)
    if not order.nouns_have_capitals and _is_agency(tokens[at - 1]) and not _is_agency(token):
        return False
    if _is_noun(tokens, at, order) and token.lower not in order.no_names:
        return True
    if _is_behind_name(tokens, at, order) and not order.nouns_have_capitals:
        return True
    if token.text == "-" and at + 2 < len(tokens):  # der Kommunikations- und Konfliktexperte
        return token.start == tokens[at - 1].end and tokens[at + 1].lower in order.joining and tokens[at + 2].is_capital
    if token.lower in order.joining:
        return tokens[at - 1].text == "-" and tokens[at - 2].end == tokens[at - 1].start
    if token.text == "&":
        return at + 1 < len(tokens) and tokens[at + 1].is_capital
    return token.lower in order.particles and _leads_to_name(tokens, at, order)


def _is_adjective(token: Token, determined: bool, order: WordOrder) -> bool:
    """Whether a small word can stand between a determiner and its noun."""
    if token.quote is not None or token.is_capital:
        return False
    if determined and token.lower in order.fillers:
        return True
    return bool(_ADJECTIVE.fullmatch(token.text)) and not (
        token.lower in order.prepositions
        or token.lower in order.loose
        or token.lower in order.auxiliaries
        or token.lower in order.determiners
        or token.lower in order.oblique
    )


def _is_common(token: Token, order: WordOrder) -> bool:
    """Whether a small word can be a noun or an adjective, in a language whose nouns are written small."""
    return (
        token.is_word
        and not token.is_capital
        and token.lower not in order.prepositions | order.extending | order.plain | order.auxiliaries | order.fillers
        and token.lower not in order.that | order.determiners | order.denials | order.passives
        and not order.inverted.fullmatch(token.lower)
    )


def _is_noun(tokens: Sequence[Token], at: int, order: WordOrder) -> bool:
    token = tokens[at]
    if may_be_name(token):
        return True
    if not token.is_capital or (at == 0 and order.openers.fullmatch(token.lower)):
        return False
    return token.lower not in order.no_names or (token.text.isupper() and len(token.text) > 1)


def _leads_to_name(tokens: Sequence[Token], at: int, order: WordOrder) -> bool:
    """Whether a particle stands within a name: capital before it, capital behind it, and it is no genitive."""
    behind = at + 1
    while behind < len(tokens) and tokens[behind].lower in order.particles and not tokens[behind].is_capital:
        behind += 1
    if behind >= len(tokens) or not tokens[behind].is_capital:
        return False
    if behind > at + 1 and tokens[at].lower in order.prepositions and tokens[at + 1].lower in order.oblique:
        return False  # Olivier zu den Interviews
    before = tokens[at - 1].lower
    if tokens[at].is_capital:  # Yvon Le Guen
        return not is_role(before, order)
    if before in order.particles:
        return True
    if is_role(before, order) or is_body(before, order) or tokens[at].lower in order.determiners | order.oblique:
        return False
    known = is_given(before, order) or tokens[at].lower in _ONLY_IN_NAMES
    return known and not _ACRONYM.fullmatch(tokens[behind].text)


def is_given(word: str, order: WordOrder) -> bool:
    """Whether a word is a given name that is known."""
    bare = fold(word)[:1]
    return (
        not GIVEN_NAMES.isdisjoint(bare) or not order.he_names.isdisjoint(bare) or not order.she_names.isdisjoint(bare)
    )


def _is_agency(token: Token) -> bool:
    """Whether a name in capitals or of an agency ends where another name begins: a dit à l'AFP | Anne Morel."""
    return bool(_ACRONYM.fullmatch(token.text)) or token.lower in _AGENCIES


def _named(
    tokens: Sequence[Token], first: int, last: int, determiner: str | None, order: WordOrder
) -> tuple[tuple[int, int] | None, tuple[int, int] | None, Token]:
    """The name, the role and the head of the nouns [first, last)."""
    roles = [
        place
        for place in range(first, last)
        if is_role(tokens[place].lower, order)
        and not (place > first and place == last - 1 and is_given(tokens[place - 1].lower, order))  # Anna Richter
    ]
    if roles:
        behind = roles[-1] + 1
        head = tokens[roles[0]]
        name = (behind, last) if behind < last and _is_name(tokens, behind, last, order) else None
        return name, (first, behind), head
    head = tokens[first]
    nouns = [place for place in range(first, last) if tokens[place].is_capital or tokens[place].quote is not None]
    if any(is_body(tokens[place].lower, order) for place in range(first, last)):
        body = next(place for place in range(first, last) if is_body(tokens[place].lower, order))
        return None, None, tokens[body]
    given = next((p for p in nouns if is_given(tokens[p].lower, order)), None)
    if given is not None and given + 1 < last and _is_name(tokens, given, last, order):
        return (given, last), None, head
    if order.nouns_have_capitals and len(nouns) > 2 and order.agent_endings.fullmatch(head.lower):
        told = len(nouns) == 3 or is_given(tokens[first + 1].lower, order)
        named = told and _is_name(tokens, first + 1, last, order)
        return ((first + 1, last), (first, first + 1), head) if named else (None, None, head)
    if determiner is not None or not _is_name(tokens, first, last, order):
        return None, None, head
    if tokens[first].lower in order.people or (last - first == 1 and _is_common_noun(tokens[first].lower, order)):
        return None, None, head
    return (first, last), None, head


def _is_name(tokens: Sequence[Token], first: int, last: int, order: WordOrder) -> bool:
    """Whether words can be a person's name: no acronym, no outlet, no noun of a body or of people."""
    if order.nouns_have_capitals and _is_owned(tokens, first, last, order):
        return False
    return all(
        tokens[place].quote is None
        and not order.compounds.fullmatch(tokens[place].lower)
        and (tokens[place].is_capital or tokens[place].lower in order.particles)
        and not (_ACRONYM.fullmatch(tokens[place].text) and len(tokens[place].text) < 6)
        and not is_body(tokens[place].lower, order)
        and (tokens[place].lower not in order.people or (place > first and is_given(tokens[place - 1].lower, order)))
        for place in range(first, last)
    ) and any(tokens[place].is_capital for place in range(first, last))


def _is_common_noun(word: str, order: WordOrder) -> bool:
    """Whether a word with a capital is a noun, as no surname ends so: Aktivisten, Infektionsschutzgesetz."""
    return order.people_endings.fullmatch(word) is not None or order.compounds.fullmatch(word) is not None


def _is_owned(tokens: Sequence[Token], first: int, last: int, order: WordOrder) -> bool:
    """Whether a name is but the genitive before a noun: Rafael van der Vaarts Abschiedsgala."""
    return last - first > 2 and any(
        tokens[place].text.endswith("s") and not is_given(tokens[place].lower, order)
        for place in range(first + 1, last - 1)
    )


def _sort(
    nouns: Sequence[Token],
    name: tuple[int, int] | None,
    role: tuple[int, int] | None,
    head: Token,
    order: WordOrder,
) -> Sort:
    if name is None and (head.lower in order.people or order.people_endings.fullmatch(head.lower)):
        return Sort.PEOPLE
    if role is not None or name is not None:
        return Sort.PERSON
    if any(is_body(noun.lower, order) or _ACRONYM.fullmatch(noun.text) or noun.quote is not None for noun in nouns):
        return Sort.BODY
    return Sort.THING


def _extended(tokens: Sequence[Token], last: int, order: WordOrder, depth: int) -> int:
    """Where a noun phrase ends with its brackets, genitives and prepositions."""
    last = _behind_bracket(tokens, last)
    if depth > 2:
        return last
    for _ in range(_MOST_EXTENSIONS):
        if last + 1 < len(tokens) and tokens[last].lower in order.joining and not order.nouns_have_capitals:
            last += tokens[last + 1].lower in order.extending - order.joining
        if last >= len(tokens) or tokens[last].lower not in order.extending:
            break
        start = last if tokens[last].lower in order.determiners | order.oblique else last + 1
        if start == last and tokens[last].lower in order.prepositions:
            start = last + 1
        inner = phrase_at(tokens, start, order, depth + 1, determined=not order.nouns_have_capitals)
        if inner is None or inner.sort is Sort.PRONOUN:
            break
        last = _behind_bracket(tokens, inner.last)
    return last


def constituents(
    tokens: Sequence[Token], start: int, end: int, order: WordOrder
) -> Iterator[tuple[int, int, Phrase | None]]:
    """The noun phrases of [start, end) in order, by the tokens they cover; None for one that no subject can be.

    A phrase behind a preposition covers the preposition; two that "and" joins are one, under the first.
    """
    at = start
    while at < end:
        governed = tokens[at].lower in order.prepositions and tokens[at].quote is None
        governed = governed and not (at == 0 and _particled(tokens, 0, order))
        if tokens[at].lower in order.opening and at > start and tokens[at - 1].text == ",":
            at += 1  # als die Reporterin fragt
            continue
        phrase = phrase_at(tokens, at + governed, order, int(governed))
        if phrase is None or (phrase.sort is Sort.PRONOUN and governed):
            at += 1
            continue
        last = phrase.last
        while last + 1 < end and tokens[last].lower in order.joining:
            other = phrase_at(tokens, last + 1, order, 1)
            if other is None or other.sort is Sort.PRONOUN:
                break
            last = other.last
        last = min(last, end)
        yield at, last, None if governed or not phrase.is_subject else phrase._replace(last=last)
        at = max(last, at + 1)


def _behind_bracket(tokens: Sequence[Token], at: int) -> int:
    if at < len(tokens) and tokens[at].text in "([":
        close = next((p for p in range(at, min(len(tokens), at + _BRACKET)) if tokens[p].text in ")]"), None)
        return at if close is None else close + 1
    return at


def _apposed(tokens: Sequence[Token], last: int, wants_name: bool, order: WordOrder) -> tuple[int, Phrase | None]:
    """Where a noun phrase ends with its apposition: "der Vorsitzende, Jan Ahlers", "Ann Ahlers, Chefin des Werks,"."""
    if last + 1 >= len(tokens) or tokens[last].text != ",":
        return last, None
    inner = phrase_at(tokens, last + 1, order, 1)
    if inner is None or inner.sort is Sort.PRONOUN or not inner.is_subject:
        return last, None
    closed = inner.last >= len(tokens) or not tokens[inner.last].is_word
    if not closed or (inner.role is None and not (wants_name and inner.name is not None)):
        return last, None
    if inner.name is not None and inner.name[1] - inner.name[0] < 2 and not wants_name:
        return last, None
    return inner.last, inner
