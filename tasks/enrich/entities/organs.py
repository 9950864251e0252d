"""Organs of state: in "the Iranian Foreign Ministry" the people is a mention of its own, and no part of the name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsmill.tasks.enrich.entities.bodies import BODIES
from newsmill.tasks.enrich.entities.countries import people_codes
from newsmill.tasks.enrich.entities.mentions import Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.languages.parsed import Naming

_COUNTRIES = frozenset({"US", "U.S.", "UK", "U.K."})
"""Countries in short, which stand before a noun as a people's name does."""


def parted(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """The mentions, organs of state parted from whose they are.

    At home the organ is called without the people: what stands beside it says which country's it is. So it keeps the
    identity and the name that it has with it. "British Airways" and "Palestinian Authority" are names as they stand.
    """
    for mention in mentions:
        owner, _, organ = mention.text.partition(" ")
        label = "GPE" if owner in _COUNTRIES else "NORP" if fold(owner) in people_codes() else None
        if (
            mention.label != "ORG"
            or label is None
            or mention.text in BODIES
            or not naming.edges.organ.fullmatch(organ)
            or text.startswith(f" ({owner[0]}", mention.end)  # Ruritanian Liberation Army (RLA)
        ):
            yield mention
            continue
        yield mention_of(text, mention.start, mention.start + len(owner), label)
        yield replace(mention, start=mention.end - len(organ), text=organ)
