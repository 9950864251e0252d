"""Names that the model cut short: capitalised words beside a mention that are part of its name."""

import re
from collections.abc import Iterator, Sequence

from newsmill.tasks.enrich.entities.countries import place_label
from newsmill.tasks.enrich.entities.given_names import GIVEN_NAMES
from newsmill.tasks.enrich.entities.mentions import Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.languages.parsed import Naming
from newsmill.tasks.enrich.places.gazetteer import places_named

_NAME_WORD = r"[A-ZÀ-Þ](?=[\w’'-]*[a-zß-ÿ])(?:[\w-]|[’'](?=\w{2}))+"
_BEHIND = re.compile(rf"(?:[ ]{_NAME_WORD}){{1,2}}(?![\w-]|[ ][A-ZÀ-Þ])")
_AHEAD = re.compile(rf"(?<![\w’'-])({_NAME_WORD})[ ]$")
_PARTICLE = r"(?:van|von|der|den|de|del|della|da|di|du|dos|das|la|le|ter|ten|zu|zum|zur|bin|bint|ibn|abu|al|el|af|av)"
_PARTICLED = re.compile(rf"(?:[ ]{_PARTICLE}){{1,3}}[ -]{_NAME_WORD}(?![\w-])")
"""A surname with what stands before it: "Ursula | von der Leyen", "Ayman | al-Rahim"."""
_CUT_IN_PARTICLES = re.compile(rf"[ ]{_PARTICLE}$")
_REST_OF_PARTICLES = re.compile(rf"(?:[ ]{_PARTICLE})*[ ]{_NAME_WORD}(?![\w-])")
"""The rest of one that was cut behind a particle: "Ursula von | der Leyen"."""
_HALVES = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP"})
_LONGEST = 30
"""Characters of the longest word that is looked at ahead of a name."""


def completed(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """The mentions, people with the words of their names that the model left out.

    Behind a name those are words in capitals that no other mention has: "Yair | Lapid"; a park or a temple may be
    called after somebody. Ahead of a surname it is a known given name.
    """
    bounds = [0, *(mention.end for mention in mentions)]
    starts = [*(mention.start for mention in mentions[1:]), len(text)]
    for mention, left, right in zip(mentions, bounds, starts, strict=False):
        place = _as_place(text, mention, left, right)
        if place is not None:
            yield place
            continue
        if mention.label != "PERSON" or mention.text.isupper():
            yield mention
            continue
        start, end = mention.start, mention.end
        surname = _REST_OF_PARTICLES if _CUT_IN_PARTICLES.search(mention.text) else _PARTICLED
        particled = surname.match(text, end, right)
        if particled:
            end = particled.end()
        behind = _BEHIND.match(text, end, right)
        if not particled and behind and _goes_on(behind.group(), naming):
            end = behind.end()
        ahead = _AHEAD.search(text, max(left, start - _LONGEST), start)
        if ahead and " " not in mention.text and _is_given_name(ahead.group(1), naming):
            start = ahead.start(1)
        if (start, end) == (mention.start, mention.end):
            yield mention
        else:
            kind = naming.kind_of(text[start:end])
            yield mention_of(text, start, end, kind if kind in {"LOC", "FAC"} else "PERSON")


def _as_place(text: str, mention: Mention, left: int, right: int) -> Mention | None:
    """The place of two words of which a model took one for a name, "Dire | Dawa", if there is a place so called."""
    if mention.label not in _HALVES or " " in mention.text:
        return None
    ahead = _AHEAD.search(text, max(left, mention.start - _LONGEST), mention.start)
    behind = _BEHIND.match(text, mention.end, right)
    for start, end in ((ahead and ahead.start(1), mention.end), (mention.start, behind and behind.end())):
        if start is not None and end is not None and places_named(text[start:end]):
            return mention_of(text, start, end, "GPE")
    return None


def _goes_on(words: str, naming: Naming) -> bool:
    """Whether words behind a person's name are of that name, and no office, people or body."""
    kind = naming.kind_of(f"The {words.rsplit(maxsplit=1)[-1]}")
    strange = any(
        word.lower() in naming.titled | naming.officers | naming.fields
        or naming.is_generic(word)
        or place_label(word) is not None
        for word in words.split()
    )
    return kind in {"LOC", "FAC"} or (kind is None and not strange)


def _is_given_name(word: str, naming: Naming) -> bool:
    return not GIVEN_NAMES.isdisjoint(fold(word)[:1]) and word.lower() not in naming.titled
