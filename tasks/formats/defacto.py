"""Exports of APA-DeFacto, the archive of Austrian media: HTML (the page for printing) and RTF.

Each article stands under a line with medium, day, time, page and section: ``"Die Presse" Nr. 123 vom 11.05.2004
18.00 Uhr Seite: 14 Ressort: Chronik``; in RTF they are parted by a rule or a page break.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.tasks.formats.days import written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.names import authors_of
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze
from newsmill.tasks.formats.xml import all_named, name_of, pages_in, text_of

ENTRY = re.compile(r"<div[^>]{0,100}?class=[\"']?eintrag\b", re.IGNORECASE)
"""What opens an article of the page for printing."""
SOURCE = re.compile(
    r"^\s*(?:(?P<quoted>[\"„“»].{2,80}?[\"“”«])\s*.{0,60}?|(?P<plain>[A-ZÄÖÜ][^.:;]{1,60}?)(?:\s+(?:Nr\.|Nummer|\().{0,40}?)?)\s*"
    r"\b(?:vom|gefunden am|Sendung vom)\s+(?P<day>\d{1,2}\.\s?(?:\d{1,2}\.|[A-Z][a-zä]{2,8}\.?)\s?\d{4})"
    r"(?:[ ,]+(?P<hour>\d{1,2})[.:](?P<minute>\d\d)(?:\s*Uhr)?)?(?P<facts>.*)$",
    re.DOTALL,
)
"""The line with medium and day."""
_PAGE = re.compile(r"\bSeiten?:?\s*([A-Z]{0,2}\d{1,4})")
_SECTION = re.compile(r"\bRessort:\s*([^;:\n]+?)(?=\s*(?:;|\n|$|Seite|Autor|Bundesland|Ausgabe))")
_AUTHOR = re.compile(r"\b(?:Autor|Von):\s*([^;:\n]+)|^Von ([^\d\n]{3,60})$", re.MULTILINE)
_FOOT = re.compile(
    r"^\s*(?:Gespeicherte?r? Anh[aä]ng|Der gegenständliche Text ist eine Abschrift|Alle Rechte vorbehalten|©)"
)
_FACTS = re.compile(r"\W*(?:$|Seiten?\b|Ressort\b|Autor\b|Ausgabe\b|Bundesland\b|Nr\b|Von )")
_LABEL = re.compile(r"^Quelle:\s*")
"""What stands ahead of medium and day in a table."""
_BELOW = re.compile(r"^Ressort:\s*\S[^.]{0,60}$")
_ADDRESS = re.compile(r"^Dauerhafte Adresse des Dokuments:\s*(https?://\S+)$")
_FEWEST_WORDS = 40
_RULE = re.compile(r"^\s*_{20,}\s*$|\f")


def read_defacto_html(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of a page for printing."""
    for piece in pages_in(stream, ENTRY):
        if isinstance(piece, Fault):
            yield piece
        else:
            entries = (one for one in all_named(piece[1], "div") if "eintrag" in (one.get("class") or ""))
            yield _item_of_entry(next(entries, piece[1]))


def _item_of_entry(entry: Element) -> Item:
    heading = next(all_named(entry, "h1", "h2", "h3", "h4"), None)
    facts = next(all_named(entry, "pre"), None)
    body = [part for one in entry.iter() if name_of(one) == "p" for part in paragraphs_of(one)]
    return _item(text_of(heading), "".join(facts.itertext()) if facts is not None else "", body)


def read_defacto_lines(lines: Iterable[str]) -> Iterator[Item | Fault]:
    """The articles of an export whose paragraphs are lines: facts, headline, text. A rule or a page parts them, too.

    On a page, medium and day may also stand below headline and text.
    """
    facts = ""
    body: list[str] = []
    has_rules = False
    for line in lines:
        row = _unlabelled(line)
        if _RULE.match(line):
            yield from _finished(facts, body)
            facts, body, has_rules = "", [], True
        elif not is_source(row):
            body += [row] if row else []
        elif not facts and (_LABEL.match(line) or (has_rules and _is_article(body))):
            facts = row
        else:
            yield from _finished(facts, body)
            facts, body = row, []
    yield from _finished(facts, body)


def _unlabelled(line: str) -> str:
    """A line as it would stand outside a table, without the label of the source."""
    return _LABEL.sub("", line.strip(" \t|").replace(" | ", " "))


def is_source(line: str) -> bool:
    """Whether a line has medium and day; without quotation marks no sentence may follow them."""
    line = _unlabelled(line)
    found = SOURCE.match(line)
    return found is not None and (found["quoted"] is not None or _FACTS.match(found["facts"]) is not None)


def _finished(facts: str, body: list[str]) -> Iterator[Item]:
    """The article; what stands between two rules without a medium is one if it is more than a notice."""
    if facts or _is_article(body):
        yield _of_lines(facts, body)


def _is_article(body: list[str]) -> bool:
    return sum(len(line.split()) for line in body) >= _FEWEST_WORDS and not _FOOT.match(body[0])


def _of_lines(facts: str, body: list[str]) -> Item:
    while body and re.match(r"(?:Seite|Ressort|Autor|Von |Ausgabe|Bundesland|Nr\.)", body[0]):
        facts += "\n" + body.pop(0)
    urls = tuple(found[1] for found in map(_ADDRESS.match, body) if found)
    facts += "".join(f"\n{line}" for line in body if _BELOW.match(line))
    body = [line for line in body if not _ADDRESS.match(line) and not _BELOW.match(line)]
    title = body.pop(0) if body else None
    if body and (byline := _AUTHOR.match(body[0])) and len(body[0]) < 80:
        facts += "\n" + byline[0]
        body.pop(0)
    return _item(title, facts, body, urls)


def _item(title: str | None, facts: str, body: list[str], urls: tuple[str, ...] = ()) -> Item:
    found = SOURCE.match(" ".join(facts.split()))
    page, section, author = _PAGE.search(facts), _SECTION.search(facts), _AUTHOR.search(facts)
    day = written(found["day"]) if found else None
    medium = squeeze((found["quoted"] or found["plain"]).strip('"„“”»« ')) if found else None
    end = next((at for at, one in enumerate(body) if _FOOT.match(one)), len(body))
    byline = squeeze(author[1] or author[2]) if author else None
    return Item(
        text=joined(body[:end]),
        title=_headline(title, medium),
        byline=byline,
        authors=authors_of(byline),
        language="de",
        published_at=day[0] if day else None,
        publisher=medium,
        section=squeeze(section[1]) if section else None,
        page=page[1] if page else None,
        urls=urls,
    )


def _headline(title: str | None, medium: str | None) -> str | None:
    """The headline without the medium that some of them begin with: ``Die Presse - Der Hafen``."""
    line = squeeze(title)
    found = re.fullmatch(rf"{re.escape(medium)}\s*[-–:]\s+(\S.*)", line) if line and medium else None
    return found[1] if found else line
