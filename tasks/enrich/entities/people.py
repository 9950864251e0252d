"""People by rules alone, where no model of the language is installed: by given names, roles and titles."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newsmill.tasks.enrich.entities.mentions import Doubt, Mention, mention_of
from newsmill.tasks.enrich.entities.names import surname_key
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.phrases import is_given, is_role, names_body, phrase_at, role_words
from newsmill.tasks.enrich.quotes.sentences import Token, sentences_of

_WITH_TOWN = 3
"""Words of a town, a given name and a surname."""


def find_people(text: str, order: WordOrder) -> list[Mention]:
    """The people that a text names, in order; surnames alone have the identity of the only full name they fit.

    A name is one by its given name, or by the role or title before it.
    """
    found: dict[tuple[int, int], Mention] = {}
    sentences = sentences_of(text, (), order)
    for sentence in sentences:
        for mention in _named(text, sentence.tokens, order):
            found.setdefault((mention.start, mention.end), mention)
    full: dict[tuple[str, ...], dict[str, Mention]] = defaultdict(dict)
    for mention in found.values():
        if len(mention.key) > 1 and mention.label == "PERSON":
            full[surname_key(mention.key)].setdefault(mention.entity_id, mention)
    taken = sorted(found)
    starts = [start for start, _ in taken]
    people = [_settled(mention, full) for mention in found.values()]
    surnames = {
        words[-1]: bearers for key, bearers in full.items() for m in bearers.values() if (words := m.text.split())
    }
    for sentence in sentences:
        for before, token in pairwise((None, *sentence.tokens)):
            if token is None or (before is not None and before.is_capital and not is_role(before.lower, order)):
                continue
            genitive = order.nouns_have_capitals and token.text not in surnames and token.text.endswith("s")
            bare = token.text[:-1] if genitive else token.text
            nearest = bisect_left(starts, token.end) - 1
            is_taken = nearest >= 0 and taken[nearest][1] > token.start
            if token.is_capital and bare in surnames and not is_taken:
                mention = mention_of(text, token.start, token.start + len(bare), "PERSON")
                people.append(_settled(mention, full))
    kept: list[Mention] = []
    for mention in sorted(people, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def with_people(mentions: Sequence[Mention], people: Sequence[Mention]) -> list[Mention]:
    """A model's mentions with the people that rules find, who take the place of what they stretch into."""
    if not people:
        return list(mentions)
    starts = [person.start for person in people]

    def is_apart(mention: Mention) -> bool:
        before = people[bisect_left(starts, mention.end) - 1] if mention.end > starts[0] else None
        return before is None or before.end <= mention.start

    return sorted([*filter(is_apart, mentions), *people], key=lambda mention: mention.start)


def _settled(mention: Mention, full: dict[tuple[str, ...], dict[str, Mention]]) -> Mention:
    """A surname alone under its full name; in doubt where several people have it."""
    bearers = full.get(surname_key(mention.key), {})
    if len(mention.key) > 1 or not bearers or mention.label != "PERSON":
        return mention
    if len(bearers) > 1:
        return replace(mention, doubt=Doubt.AMBIGUOUS)
    (bearer,) = bearers.values()
    return replace(mention, key=bearer.key, name=bearer.name)


def _named(text: str, tokens: Sequence[Token], order: WordOrder) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        phrase = phrase_at(tokens, at, order)
        if phrase is None:
            at += 1
            continue
        if phrase.name is not None:
            first, last = phrase.name
            while first < last - 1 and tokens[first].lower in order.particles:  # Von der Heyde
                first += 1
            first += _is_town(tokens, first, last, order)
            start, end = tokens[first].start, tokens[last - 1].end
            given = last - first > 1 and is_given(tokens[first].lower, order)
            if phrase.role is not None or given or (last - first > 1 and _says(tokens, first, last, order)):
                role = None if phrase.role is None else role_words(text, tokens, phrase.role, order)
                label = "ORG" if names_body(text[start:end], order) else "PERSON"
                yield replace(mention_of(text, start, end, label), roles=() if role is None else (role,))
            at = last
        else:
            at = max(at + 1, phrase.last if phrase.last - at < 3 else at + 1)


def _is_town(tokens: Sequence[Token], first: int, last: int, order: WordOrder) -> bool:
    """Whether the first word of a name is the town of who governs it: "el alcalde de Pilar | Federico Ruiz"."""
    if last - first < _WITH_TOWN or first < 2 or tokens[first - 1].lower not in order.extending:
        return False
    return tokens[first - 2].lower in order.governing and is_given(tokens[first + 1].lower, order)


def _says(tokens: Sequence[Token], first: int, last: int, order: WordOrder) -> bool:
    """Whether a verb of speech stands right beside two words with capitals, or somebody's role behind a comma."""
    before = tokens[first - 1].lower if first > 0 else ""
    behind = tokens[last].lower if last < len(tokens) else ""
    return before in order.surest or behind in order.surest
