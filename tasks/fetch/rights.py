"""Rights: what a publisher asks not to be done with a page, by any of the ways in which that is said to machines."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Self

from newsmill.schemas.words import OptOut
from newsmill.tasks.fetch.robots import Rules

_HEAD_BYTES = 200_000
_FILE_BYTES = 1_000_000
_MOST_LOCATIONS = 1000
_TDM = "tdm-reservation"
_META = re.compile(rb"<meta\s([^>]*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_OURS = ("robots", "newsmill")
"""Whom a robots meta or X-Robots-Tag may address, for it to be about us."""

_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
"""Directives that a colon stands behind, as behind the name of a robot."""

_DIRECTIVES = {
    "noindex": (OptOut.NOINDEX,),
    "none": (OptOut.NOINDEX,),
    "noarchive": (OptOut.NOARCHIVE,),
    "nocache": (OptOut.NOARCHIVE,),
    "noai": (OptOut.NOAI,),
    "noimageai": (OptOut.NOAI,),
}


@dataclass(frozen=True, slots=True)
class Reservations:
    """What a site's ``/.well-known/tdmrep.json`` reserves (TDM Reservation Protocol).

    A location is a pattern as in robots.txt; the first that fits counts.
    """

    locations: tuple[tuple[Rules, bool], ...] = ()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """The reservations of a file; one that is no list of them reserves nothing."""
        try:
            stated = json.loads(content[:_FILE_BYTES])
        except (ValueError, RecursionError):
            return cls()
        locations = []
        for entry in stated[:_MOST_LOCATIONS] if isinstance(stated, list) else ():
            location = entry.get("location") if isinstance(entry, dict) else None
            if isinstance(location, str):
                pattern = " ".join(location.split()).replace("#", "%23")
                rules = Rules.parse(f"User-agent: *\nDisallow: {pattern}".encode("utf-8", "replace"))
                locations.append((rules, str(entry.get("tdm-reservation")) == "1"))
        return cls(tuple(locations))

    def cover(self, address: str) -> bool:
        """Whether text and data mining of an address is reserved."""
        return next((is_reserved for rules, is_reserved in self.locations if not rules.allows(address)), False)


def opt_outs(
    headers: Iterable[tuple[bytes, bytes]],
    content: bytes,
    *,
    is_closed_to_ai: bool = False,
    is_reserved: bool = False,
) -> tuple[OptOut, ...]:
    """What is asked in the headers of an answer and in the head of its page, sorted.

    ``is_closed_to_ai`` says whether the host's robots.txt keeps out crawlers of AI, ``is_reserved`` whether its
    :class:`Reservations` cover the page, which may say otherwise itself.
    """
    found = {OptOut.AI_ROBOTS} if is_closed_to_ai else set()
    reservations = []
    for header, raw in headers:
        name, value = header.decode("latin-1").lower(), raw.decode("latin-1")
        if name == "x-robots-tag":
            found.update(_directives(_for_us(value)))
        elif name == _TDM:
            reservations.append(value.strip())
    for name, value in _metas(content[:_HEAD_BYTES]):
        if name in _OURS:
            found.update(_directives(value))
        elif name == _TDM:
            reservations.append(value.strip())
    if "1" in reservations or (is_reserved and "0" not in reservations):
        found.add(OptOut.TDM)
    return tuple(sorted(found))


def _for_us(value: str) -> str:
    """The directives of an X-Robots-Tag, unless it addresses another robot: ``otherbot: noindex``."""
    addressee, colon, rest = value.partition(":")
    name = addressee.strip().lower()
    if not colon or "," in name or name in _WITH_VALUE:
        return value
    return rest if name in _OURS else ""


def _directives(value: str) -> Iterator[OptOut]:
    for word in re.split(r"[,\s]+", value.lower()):
        yield from _DIRECTIVES.get(word, ())


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    """Name and content of the page's meta elements."""
    for meta in _META.finditer(head):
        attributes = {
            name.lower(): unescape((double or single or bare).decode("utf-8", "replace"))
            for name, double, single, bare in _ATTRIBUTE.findall(meta[1])
        }
        if b"name" in attributes and b"content" in attributes:
            yield attributes[b"name"].strip().lower(), attributes[b"content"]
