"""Organs of state: in "the Iranian Foreign Ministry" the people is a mention of its own, and no part of the name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from newsmill.tasks.enrich.entities.bodies import BODIES
from newsmill.tasks.enrich.entities.countries import country_of, people_codes, place_label
from newsmill.tasks.enrich.entities.mentions import Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.languages.parsed import Naming

_SPACE = re.compile(r"\s")
_LONGEST_OWNER = 2
"""Words of whose an organ is: "Hong Kong" Police."""
_COUNTRIES = frozenset({"US", "U.S.", "UK", "U.K."})
"""Countries in short, which stand before a noun as a people's name does."""


def parted(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """The mentions, organs of state parted from whose they are.

    At home the organ is called without the people or the place: what stands beside it says which country's it is. So it
    keeps the identity and the name that it has with it. "British Airways" and "Palestinian Authority" are names as they
    stand.
    """
    for mention in mentions:
        parts = _parts(text, mention, naming) if mention.label == "ORG" and mention.text not in BODIES else None
        if parts is None:
            yield mention
        else:
            yield from parts


def _parts(text: str, mention: Mention, naming: Naming) -> tuple[Mention, Mention] | None:
    for space in islice(_SPACE.finditer(mention.text), _LONGEST_OWNER):
        owner, organ = mention.text[: space.start()], mention.text[space.end() :]
        people = "NORP" if fold(owner) in people_codes() else "GPE" if owner in _COUNTRIES else None
        label = people or place_label(owner)
        organs = naming.edges.organ if people else naming.edges.organ_of_place
        is_in_short_form = text.startswith(f" ({owner[0]}", mention.end)  # Ruritanian Liberation Army (RLA)
        if label is not None and organs.fullmatch(organ) and not is_in_short_form:
            whose = mention_of(text, mention.start, mention.start + len(owner), label)
            return whose, replace(mention, start=mention.end - len(organ), text=organ)
    return None


def owner_of(mention: Mention) -> str | None:
    """The code of the country whose organ a body is that was parted from it."""
    if mention.label != "ORG" or mention.name == mention.text or not mention.name.endswith(f" {mention.text}"):
        return None
    owner = mention.name.removesuffix(mention.text).strip()
    return country_of(owner, "NORP") or country_of(owner, "GPE")
