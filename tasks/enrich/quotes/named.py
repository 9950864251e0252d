"""The people that an article names, for rules by order of words: who a surname, a role or a pronoun stands for."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from newsmill.tasks.enrich.entities.given_names import HE_NAMES, SHE_NAMES
from newsmill.tasks.enrich.entities.mentions import Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold, surname_key
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.phrases import is_body, is_given, names_body, role_gender

_SPOKEN_BACK = 50
_PEOPLE_BACK = 200
"""Mentions that are searched for the person of a role."""
_CHARACTERS_BACK = 1500
"""A pronoun's or a role's person is looked for so far back."""


_TELLING = 4
"""Letters of a word that tells which minister is meant."""


class Person(NamedTuple):
    """Somebody whom the article names."""

    name: str
    entity_id: str | None
    role: str | None = None
    is_likeliest: bool = False
    is_ambiguous: bool = False


class Named:
    """The people of an article by their mentions; ``spoke`` keeps who has been speaking."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], quoted: Sequence[tuple[int, int]], order: WordOrder
    ) -> None:
        self._text = text
        self._order = order
        opened, closed = [start for start, _ in quoted], [end for _, end in quoted]
        self._people = [
            mention
            for mention in mentions
            if mention.label == "PERSON" and bisect_right(opened, mention.start) == bisect_right(closed, mention.start)
        ]
        self._roles: dict[str, str] = {}
        self._genders: dict[str, str] = {}
        self._bearers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._full: dict[str, Mention] = {}
        self._starts = [mention.start for mention in self._people]
        self._by_key: dict[tuple[str, ...], Mention] = {}
        self._nouns: dict[str, bool] = {}
        self._surnames: dict[str, list[Mention]] = {}
        self._spoken: list[tuple[int, str | None]] = []
        for mention in self._people:
            self._learn(mention)

    def _learn(self, mention: Mention) -> None:
        known = mention.entity_id
        self._by_key.setdefault(mention.key, mention)
        if len(mention.key) > 1:
            self._bearers[surname_key(mention.key)].add(known)
            self._full.setdefault(known, mention)
        for role in mention.roles:
            self._roles.setdefault(known, role)
        gender = self._gender(mention)
        if gender is not None:
            self._genders.setdefault(known, gender)

    def _add(self, mention: Mention) -> None:
        """Somebody whom a frame names and no mention did."""
        at = bisect_left(self._starts, mention.start)
        self._people.insert(at, mention)
        self._starts.insert(at, mention.start)
        self._surnames.clear()
        self._learn(mention)

    def is_named(self, at: int) -> bool:
        """Whether somebody is mentioned at an offset."""
        before = bisect_right(self._starts, at) - 1
        return before >= 0 and at < self._people[before].end

    def is_surname(self, word: str) -> bool:
        """Whether somebody of the article has a word as the surname of a full name."""
        return fold(word) in self._bearers

    def _gender(self, mention: Mention) -> str | None:
        for role in mention.roles:
            for word in role.lower().split():
                gender = role_gender(word, self._order)
                if gender:
                    return gender
        title = self._text[max(0, mention.start - 14) : mention.start].lower().split()
        if title and title[-1] in self._order.titles_he | self._order.titles_she:
            return "he" if title[-1] in self._order.titles_he else "she"
        given = mention.key[0] if len(mention.key) > 1 else ""
        if given in self._order.he_names or given in self._order.she_names:
            return "he" if given in self._order.he_names else "she"
        return "she" if given in SHE_NAMES else "he" if given in HE_NAMES else None

    def learn_gender(self, entity_id: str | None, gender: str | None) -> None:
        """Keep what a determiner or a role tells of somebody."""
        if entity_id is not None and gender:
            self._genders[entity_id] = gender

    def spoke(self, at: int, entity_id: str | None) -> None:
        """Remember who is said to speak at an offset; None for somebody whom the article does not name."""
        self._spoken.append((at, entity_id))

    def _person(self, mention: Mention, *, likeliest: bool = False) -> Person:
        known = mention.entity_id
        return Person(mention.name, known, self._roles.get(known), likeliest)

    def is_noun(self, word: str) -> bool:
        """Whether the article has an article or an adjective before a word, as names have none."""
        if word not in self._nouns:
            articles = "|".join(sorted(self._order.determiners | self._order.oblique))
            self._nouns[word] = bool(re.search(rf"\b(?:{articles})\s+{re.escape(word)}\b", self._text))
        return self._nouns[word]

    def by_name(self, start: int, end: int, gender: str | None = None) -> Person:
        """Who a name stands for: a mention's person, or the only one of its surname; ``gender`` is its title's."""
        first = self._text[start:end].split(" ", 1)
        while len(first) > 1 and first[0].lower() in self._order.particles:  # Von der Heyde sagte
            start += len(first[0]) + 1
            first = first[1].split(" ", 1)
        if names_body(self._text[start:end], self._order):  # "Facebook teilte mit"
            body = mention_of(self._text, start, end, "ORG")
            return Person(body.name, body.entity_id)
        made = mention_of(self._text, start, end, "PERSON")
        if len(made.key) > 1:
            known = self._by_key.get(made.key)
            if known is None:
                self._add(made)
            return self._person(known or made)
        if made.text not in self._surnames:
            self._surnames[made.text] = self._bearers_of(made)
        bearers = self._surnames[made.text]
        fitting = [bearer for bearer in bearers if not gender or self._gender(bearer) == gender]
        if len(bearers) == 1:
            return self._person(bearers[0])
        if len(fitting) == 1 and gender:
            return self._person(fitting[0])
        return Person(made.name, None if bearers else made.entity_id, is_ambiguous=bool(bearers))

    def _bearers_of(self, surname: Mention) -> list[Mention]:
        """Everybody of a surname, one mention each: those named by the rules, and those with another word before it."""
        found = {m.key: m for m in self._people if len(m.key) > 1 and surname.key[0] in m.key[1:]}
        order = self._order
        particles = "|".join(sorted(order.particles))
        before = re.compile(
            rf"(?<![\w.’'-])([^\W\d_a-zß-ÿ][\w’'-]+)[ \xa0]((?:(?:{particles})[ \xa0])*){re.escape(surname.text)}\b"
        )
        for match in before.finditer(self._text):
            if self._may_be_given(match.group(1).lower(), match.start(), bool(match.group(2))):
                mention = mention_of(self._text, match.start(), match.end(), "PERSON")
                if not any(set(mention.key) <= set(key) for key in found):
                    found[mention.key] = mention
        return list(found.values())

    def _may_be_given(self, word: str, at: int, has_particle: bool) -> bool:
        """Whether a word with a capital before a surname can be a given name: no role, no verb, no noun.

        One that no list has is none before a particle, at the start of a sentence, or behind an article.
        """
        order = self._order
        if is_given(word, order):
            return True
        if role_gender(word, order) is not None or is_body(word, order) or order.openers.fullmatch(word):
            return False
        if word in order.no_names | order.particles | order.loose or order.noun_endings.fullmatch(word):
            return False
        ahead = self._text[max(0, at - 30) : at].split()
        opens = not ahead or not ahead[-1][-1].isalnum() or "\n" in self._text[max(0, at - 2) : at]
        if has_particle or opens or ahead[-1].lower() in order.determiners | order.oblique:
            return False
        return not (order.nouns_have_capitals and order.agent_endings.fullmatch(word))

    def by_pronoun(self, at: int, gender: str | None) -> Person | None:
        """Who "he" or "she" stands for: the last to speak or be named right before, if that is one of the gender."""
        if gender is None:
            return None
        first, last_before = bisect_left(self._starts, at - _CHARACTERS_BACK), bisect_left(self._starts, at)
        near = self._people[first:last_before]
        fitting = [m for m in near if self._genders.get(m.entity_id, gender) == gender]
        place, spoken = next(
            (said for said in reversed(self._spoken[-_SPOKEN_BACK:]) if at - _CHARACTERS_BACK <= said[0] < at),
            (-1, None),
        )
        last = fitting[-1] if fitting else None
        if last is None or (spoken is None and last.start < place):
            return None  # who spoke last has no name
        others = {m.entity_id for m in fitting[-3:]} - {last.entity_id}
        if (
            spoken is not None
            and self._genders.get(spoken, gender) == gender
            and spoken in {m.entity_id for m in fitting}
        ):
            mention = next(m for m in reversed(fitting) if m.entity_id == spoken)
            since = [m for m in fitting if m.start > mention.start and m.entity_id != spoken]
            if spoken not in self._genders and any(m.entity_id in self._genders for m in since):
                return None  # somebody who is surely "she" was named since
            return self._person(mention, likeliest=bool(since))
        if spoken is not None and self._genders.get(spoken, gender) == gender:
            named = next((m for m in reversed(self._people[:last_before]) if m.entity_id == spoken), None)
            return None if named is None else self._person(named, likeliest=True)  # named long before
        if last.entity_id not in self._genders and others:
            return None
        return self._person(last, likeliest=bool(others) or last.entity_id not in self._genders)

    def by_role(self, at: int, head: str, complement: str) -> Person | None:
        """Who "the minister" is: the only one of the article so far whose role has that noun.

        What follows the noun must be in the role too: "the minister of health" is no prime minister.
        """
        found = {}
        wanted = {word for word in complement.lower().split() if len(word) >= _TELLING}
        for mention in self._people[
            max(0, bisect_left(self._starts, at) - _PEOPLE_BACK) : bisect_left(self._starts, at)
        ]:
            role = self._roles.get(mention.entity_id, "").lower()
            said = role.split()
            if any(word == head or word.endswith(head) for word in said) and wanted.issubset(said):
                found[mention.entity_id] = mention
        return self._person(next(iter(found.values()))) if len(found) == 1 else None
