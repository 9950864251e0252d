"""Robots: what a robots.txt allows, decided as by RFC 9309 and its authors' own parser (google/robotstxt).

Protego matches paths. What it is given has been put into the plain form of the standard, since it reads some things
that publishers do write otherwise than the reference: a crawl-delay between two names ends a group, ``news`` means
newsmill too, ``User-agents`` is nothing.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from protego import Protego

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import GZIP_MAGIC, GZIP_WINDOW, UTF16_MARKS, Problem

PRODUCT = "newsmill"
"""The name by which robots.txt addresses us (RFC 9309, 2.2.1)."""

ROBOTS_BYTES = 512_000
"""What is read of a robots.txt: the limit that RFC 9309, 2.5, sets for the least is 500 KiB."""

AI_CRAWLERS = (
    *("GPTBot", "CCBot", "ClaudeBot", "anthropic-ai", "Google-Extended", "Applebot-Extended", "Bytespider"),
    *("Meta-ExternalAgent", "cohere-training-data-crawler", "Amazonbot", "Diffbot", "omgili"),
)
"""Names under which crawlers that gather for the training of AI are addressed in robots.txt."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_LENGTH = 16_000
"""The reference reads as much of a line."""

_AGENT = ("user-agent", "useragent", "user agent")
_DISALLOW = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
_SITEMAP = ("sitemap", "site-map")
_CRAWL_DELAY = ("crawl-delay", "crawl delay")
"""The spellings that the reference takes for a key, by their beginnings; crawl-delay is beyond it."""

_DELAY = re.compile(r"^[0-9]+(?:[.,][0-9]+)?")
"""At the beginning of a value: seconds, with a comma or a unit perhaps."""
_ZLIB_MAGICS = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]*")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says. ``parser`` None: all is allowed, or nothing if there is a ``refusal``."""

    parser: Protego | None = None
    refusal: Problem | None = None
    ai_crawlers: tuple[str, ...] = ()
    """Those that it names, and one that it does not, for whom the rules for all others hold."""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """The rules of a robots.txt, which is UTF-8, if it is not marked as UTF-16; what is none of it is no rule.

        Some servers send it packed without saying so.
        """
        lines = list(_plain_lines(_decoded(content)))
        named = [name for name in AI_CRAWLERS if f"user-agent: {_name(name)}" in lines]
        unnamed = [name for name in AI_CRAWLERS if name not in named][:1]
        return cls(Protego.parse("\n".join(lines)), ai_crawlers=(*named, *unnamed))

    def allows(self, address: str, product: str = PRODUCT) -> bool:
        """Whether a crawler may fetch an address."""
        if self.parser is None:
            return self.refusal is None
        return self.parser.can_fetch(address, _name(product))

    def problem(self, address: str) -> Problem | None:
        """Why an address is not to be fetched."""
        if self.refusal is not None:
            return self.refusal
        return None if self.allows(address) else Problem(Reason.ROBOTS, "robots.txt disallows the address")

    def is_closed_to_ai(self, address: str) -> bool:
        """Whether any crawler that gathers for the training of AI is kept out of an address that we may fetch."""
        return self.parser is not None and not all(self.allows(address, name) for name in self.ai_crawlers)

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for; 0 where it does not."""
        return (self.parser and self.parser.crawl_delay(_name(PRODUCT))) or 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the robots.txt names: by their addresses, or by their paths on its host."""
        return tuple(self.parser.sitemaps) if self.parser else ()


def _decoded(content: bytes) -> str:
    """What is read of a robots.txt; of a packed one that was cut off, or is damaged, what is before that."""
    if content.startswith((GZIP_MAGIC, *_ZLIB_MAGICS)):
        window = GZIP_WINDOW if content.startswith(GZIP_MAGIC) else zlib.MAX_WBITS
        try:
            content = zlib.decompressobj(window).decompress(content, ROBOTS_BYTES)
        except zlib.error:
            content = b""
    read = content[:ROBOTS_BYTES]
    if read.startswith(UTF16_MARKS):
        return read.decode("utf-16", "replace")
    if read[:4].count(0) == 2:
        # UTF-16 that lacks its mark.
        return read.decode("utf-16-be" if read[0] == 0 else "utf-16-le", "replace")
    return read.lstrip(b"\xef\xbb\xbf").decode("utf-8", "replace")


def rules_of(status: int, content: bytes | Problem) -> Rules:
    """The rules that an answer for robots.txt comes to (RFC 9309, 2.3.1).

    A host without one allows all; one that cannot be reached, or is too busy to say, allows nothing for now.
    """
    if isinstance(content, Problem):
        return _unknown(content)
    if 200 <= status < 300:
        return Rules.parse(content)
    if 400 <= status < 500 and status != 429:
        return Rules()
    return _unknown(Problem(Reason.HTTP_ERROR, f"status {status}"))


def _unknown(why: Problem) -> Rules:
    """Nothing is allowed, but for a reason that may pass: nobody has disallowed anything."""
    reason = why.reason if why.reason is Reason.UNSAFE_ADDRESS else Reason.FETCH_FAILED
    return Rules(refusal=Problem(reason, f"robots.txt could not be had, so that nothing is allowed: {why.detail}"))


def _plain_lines(text: str) -> Iterator[str]:
    """The lines that count, each as ``key: value``; delays stand behind a group's first rule, where they end no group.

    A delay counts for the names ahead of it, as its authors mean it: it is beyond the standard, to which a group goes
    on until its rules. Of a path everything beyond ASCII is percent-encoded, since an address is.
    """
    delays: list[str] = []
    names: list[str] = []
    has_rules = False
    for line in _LINE_END.split(text):
        key, value = _pair(line[:_LINE_LENGTH].partition("#")[0].strip())
        if key.startswith(_AGENT):
            names = [_name(value), *([] if has_rules else names)]
            has_rules = False
            yield f"user-agent: {names[0]}"
        elif key.startswith(("allow", *_DISALLOW)):
            verb = "allow" if key.startswith("allow") else "disallow"
            path = quote(value, safe=_ASCII)
            yield f"{verb}: {path}"
            folder, slash, page = path.rpartition("/")
            if verb == "allow" and slash and page.startswith("index.htm"):
                # Whoever opens the page that stands for its folder opens the folder.
                yield f"allow: {folder}/$"
            yield from delays
            delays.clear()
            has_rules = True
        elif key.startswith(_SITEMAP) and value:
            yield f"sitemap: {value}"
        elif key.startswith(_CRAWL_DELAY) and (not names or not _OURS.isdisjoint(names)):
            delays += [f"crawl-delay: {found[0].replace(',', '.')}" for found in _DELAY.finditer(value)]
            if has_rules:
                yield from delays
                delays.clear()
    yield from delays


def _pair(line: str) -> tuple[str, str]:
    """Key, in lower case, and value; a colon that was forgotten may be a space between two words."""
    key, colon, value = line.partition(":")
    if not colon:
        words = line.split()
        key, value = words if len(words) == 2 else ("", "")
    return key.strip().lower(), value.strip()


def _name(product: str) -> str:
    """A crawler's name so that it is found in no other, as Protego finds ``news`` in ``newsmill``; ``*`` for all."""
    if product.startswith("*") and not product[1:2].strip():
        return "*"
    token = _PRODUCT_TOKEN.match(product)
    return f"<{token[0].lower() if token else ''}>"


_OURS = frozenset({"*", _name(PRODUCT)})
"""The names of groups that are meant for us."""
