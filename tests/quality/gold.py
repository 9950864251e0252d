"""The gold: pages with what their article is, and articles with what they name and whom they quote.

A page is ``pages/NAME.html`` or ``pages/NAME.txt`` with ``pages/NAME.json`` beside it. An article is
``articles/NAME.xml``: its text, annotated in place, so that no offset can go stale (docs/quality/gold.md).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from newsmill.schemas.words import ContentKind, QuoteKind

FOLDER = Path(__file__).parent

MENTIONS = {
    "per": "PERSON",
    "org": "ORG",
    "gpe": "GPE",
    "loc": "LOC",
    "fac": "FAC",
    "norp": "NORP",
    "event": "EVENT",
    "work": "WORK_OF_ART",
    "law": "LAW",
    "product": "PRODUCT",
}
"""Element to label, as newsmill has it."""

QUOTES = {"d": QuoteKind.DIRECT, "m": QuoteKind.MIXED, "i": QuoteKind.INDIRECT}
"""Element to kind."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page; ``authors`` and ``day`` are empty where it does not say, ``text`` has a line a paragraph."""

    name: str
    language: str
    kind: ContentKind
    content: bytes
    url: str | None
    title: str
    authors: tuple[str, ...]
    day: str | None
    text: str


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A name in an article, by its label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """One quoted or reported stretch of a paragraph.

    ``names`` are the names that its speaker may be given, ``words`` those of a speaker whom the article does not name;
    both are empty where the article does not say who speaks.
    """

    start: int
    end: int
    kind: QuoteKind
    names: tuple[str, ...]
    words: str | None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with all of its names, quotations and reported clauses, each in order of the text."""

    name: str
    language: str
    text: str
    mentions: tuple[GoldMention, ...]
    quotes: tuple[GoldQuote, ...]


def read_pages() -> list[GoldPage]:
    """All pages, by name."""
    return [_page(path) for path in sorted((FOLDER / "pages").glob("*.json"))]


def read_articles() -> list[GoldArticle]:
    """All articles, by name."""
    return [parse_article(path.stem, path.read_text()) for path in sorted((FOLDER / "articles").glob("*.xml"))]


def digest() -> str:
    """SHA-256 over the name and the bytes of every file of the gold."""
    total = hashlib.sha256()
    for path in sorted([*FOLDER.glob("pages/*.*"), *FOLDER.glob("articles/*.xml")]):
        total.update(path.relative_to(FOLDER).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _page(path: Path) -> GoldPage:
    gold = json.loads(path.read_text())
    markup, plain = path.with_suffix(".html"), path.with_suffix(".txt")
    is_markup = markup.exists()
    return GoldPage(
        name=path.stem,
        language=gold["language"],
        kind=ContentKind.HTML if is_markup else ContentKind.TEXT,
        content=(markup if is_markup else plain).read_bytes(),
        url=gold["url"],
        title=gold["title"],
        authors=tuple(gold["authors"]),
        day=gold["date"],
        text="\n".join(gold["text"]),
    )


def parse_article(name: str, markup: str) -> GoldArticle:
    """The article of an annotated text. Raises ParseError or KeyError for markup that is none of the gold's."""
    root = ElementTree.fromstring(markup)
    pieces: list[str] = []
    marked = list(_walk(root, pieces))
    text = "".join(pieces)
    blank = len(text) - len(text.lstrip())
    mentions = [GoldMention(a - blank, b - blank, MENTIONS[e.tag]) for e, a, b in marked if e.tag in MENTIONS]
    quotes = [_quote(e, a - blank, b - blank) for e, a, b in marked if e.tag not in MENTIONS]
    return GoldArticle(
        name=name,
        language=root.attrib["lang"],
        text=text.strip(),
        mentions=tuple(sorted(mentions, key=lambda mention: (mention.start, -mention.end))),
        quotes=tuple(sorted(quotes, key=lambda quote: quote.start)),
    )


def _walk(element: ElementTree.Element, pieces: list[str]) -> Iterator[tuple[ElementTree.Element, int, int]]:
    """The elements below one, with where each starts and ends; the text between goes to ``pieces``."""
    pieces.append(element.text or "")
    for child in element:
        start = sum(map(len, pieces))
        yield from _walk(child, pieces)
        yield child, start, sum(map(len, pieces))
        pieces.append(child.tail or "")


def _quote(element: ElementTree.Element, start: int, end: int) -> GoldQuote:
    names = element.get("by")
    return GoldQuote(start, end, QUOTES[element.tag], tuple(names.split("|")) if names else (), element.get("as"))
