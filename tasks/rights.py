"""Rights: what a publisher asks not to be done with a page, by any of the ways in which that is said to machines."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from newsmill.schemas.words import OptOut

AI_CRAWLERS = (
    *("GPTBot", "CCBot", "ClaudeBot", "anthropic-ai", "Google-Extended", "Applebot-Extended", "Bytespider"),
    *("Meta-ExternalAgent", "cohere-training-data-crawler", "Amazonbot", "Diffbot", "omgili"),
)
"""Names under which crawlers that gather for the training of AI are addressed in robots.txt."""

_HEAD_BYTES = 200_000
_META = re.compile(rb"<meta\s([^>]*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_OURS = ("robots", "newsmill")
"""Whom a robots meta or X-Robots-Tag may address, for it to be about us."""

_DIRECTIVES = {
    "noindex": (OptOut.NOINDEX,),
    "none": (OptOut.NOINDEX,),
    "noarchive": (OptOut.NOARCHIVE,),
    "nocache": (OptOut.NOARCHIVE,),
    "noai": (OptOut.NOAI,),
    "noimageai": (OptOut.NOAI,),
}


def opt_outs(
    headers: Iterable[tuple[bytes, bytes]], content: bytes, *, is_closed_to_ai: bool = False
) -> tuple[OptOut, ...]:
    """What is asked in the headers of an answer and in the head of its page, sorted.

    ``is_closed_to_ai`` says whether the host's robots.txt keeps out the crawlers of :data:`AI_CRAWLERS`.
    """
    found = {OptOut.AI_ROBOTS} if is_closed_to_ai else set()
    stated = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]
    for name, value in stated:
        if name == "x-robots-tag":
            found.update(_directives(_for_us(value)))
        elif name == "tdm-reservation" and value.strip() == "1":
            found.add(OptOut.TDM)
    for name, value in _metas(content[:_HEAD_BYTES]):
        if name in _OURS:
            found.update(_directives(value))
        elif name == "tdm-reservation" and value.strip() == "1":
            found.add(OptOut.TDM)
    return tuple(sorted(found))


def _for_us(value: str) -> str:
    """The directives of an X-Robots-Tag, unless it addresses another robot: ``otherbot: noindex``."""
    addressee, colon, rest = value.partition(":")
    name = addressee.strip().lower()
    if not colon or "," in name or name in ("unavailable_after", "max-snippet", "max-image-preview"):
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
