"""Exports of Mediargus and GoPress, the archive of the Belgian press: a list of the articles, then their texts.

``12. Headline`` and ``De Standaard, 05 jun. 2009, p. 14, 523w.`` make an entry of the list; an article repeats
headline, newspaper and day ahead of its text.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple, TextIO

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import rest_of_day, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_ARTICLE
from newsmill.tasks.formats.names import authors_of, number_of
from newsmill.tasks.formats.prose import joined, squeeze, unwrapped
from newsmill.tasks.formats.streams import as_text

ENTRY = re.compile(r"^\W{0,2}(\d{1,5})\.\s+(\S.*)$")
SOURCE = re.compile(
    r"^\s*(?P<paper>[^,]{2,80}),\s*(?P<day>\d{1,2}\s+\w{3,10}\.?\s+\d{4})(?:,\s*p(?:ag)?\.?\s*(?P<page>[\w/-]+))?(?:,\s*(?P<words>\d+)\s*w\b\.?)?.*$"
)
"""Newspaper, day, page and length."""
_GAP = 4
"""Empty lines between the list and the texts, and between two texts."""
_LONGEST_DAY = 60
_WIDEST = 120
"""Characters of a line that was broken at a width."""
_NOTICE = re.compile(r"^\s*(?:©|\(c\)|copyright|alle rechten voorbehouden|auteursrechten)", re.IGNORECASE)


class _Entry(NamedTuple):
    number: int
    title: str
    paper: str | None
    day: str | None
    page: str | None
    words: int | None


def read_mediargus_text(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export: the texts in the order of the list ahead of them."""
    with as_text(stream) as text:
        chunks = _chunks(text)
        entries = _entries(next(chunks, []))
        found = 0
        for entry, lines in zip(entries, chunks, strict=False):
            found += 1
            yield _item(entry, lines)
        for entry in entries[found:]:
            yield Fault(
                Reason.DAMAGED, "the export is cut short: the list names it, and no text follows", str(entry.number)
            )


def _chunks(text: TextIO) -> Iterator[list[str]]:
    """The lines between wide gaps. The list has gaps of its own, which are narrower."""
    lines: list[str] = []
    blank, size = 0, 0
    for raw in text:
        line = raw.rstrip("\n")
        if line.strip():
            if blank >= _GAP and any(one.strip() for one in lines):
                yield lines
                lines, size = [], 0
            blank = 0
            size += len(line)
        else:
            blank += 1
        if size <= MAX_ARTICLE:
            lines.append(line)
    if any(one.strip() for one in lines):
        yield lines


def _entries(lines: Sequence[str]) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in lines:
        if found := ENTRY.match(line):
            entries.append(_Entry(int(found[1]), found[2].strip(), None, None, None, None))
        elif entries and (source := SOURCE.match(line)):
            last = entries[-1]
            if last.paper is None:
                entries[-1] = _Entry(
                    last.number, last.title, source["paper"], source["day"], source["page"], number_of(source["words"])
                )
    return entries


def _item(entry: _Entry, lines: Sequence[str]) -> Item:
    """The article. Ahead of its text stand, in lines of their own, newspaper, section, headline and day."""
    section, start = _head(entry, lines)
    body = [group.split("\n") for group in re.split(r"\n[ \t]*\n", "\n".join(lines[start:])) if group.strip()]
    body = [group for group in body if not _NOTICE.match(group[0])]
    byline = None
    if len(body) > 1 and _is_byline(" ".join(body[0])):
        byline = squeeze(" ".join(body.pop(0)))
    day = written(entry.day)
    return Item(
        text=joined(part for group in body for part in (group if _is_unbroken(group) else unwrapped(group))),
        title=squeeze(entry.title),
        byline=byline,
        authors=authors_of(byline),
        published_at=day[0] if day else None,
        publisher=squeeze(entry.paper),
        section=section,
        page=entry.page,
        stated_words=entry.words,
    )


def _head(entry: _Entry, lines: Sequence[str]) -> tuple[str | None, int]:
    """The section, and where the text begins behind the lines of the head."""
    section, start, seen = None, 0, 0
    for at, raw in enumerate(lines):
        line = squeeze(raw) or ""
        if not line:
            continue
        if _fold(line) == _fold(entry.title) or _is_day(line) or _is_paper(line, entry.paper):
            start = at + 1
        elif section is None and seen <= 2 and len(line.split()) <= 4 and not line.endswith((".", "?", "!")):
            section, start = line.strip("*"), at + 1
        else:
            break
        seen += 1
    return section, start


def _is_day(line: str) -> bool:
    """Whether a line has newspaper and day, or the day and page alone."""
    rest = rest_of_day(line) if len(line) <= _LONGEST_DAY else None
    return SOURCE.match(line) is not None or (rest is not None and len(rest.split()) <= 4)


def _is_unbroken(group: Sequence[str]) -> bool:
    """Whether the lines are paragraphs and were not broken at a width."""
    return max(map(len, group)) > _WIDEST


def _is_paper(line: str, paper: str | None) -> bool:
    """Whether a line is the name of the newspaper, with an edition at most."""
    is_name = paper is not None and _fold(line).startswith(_fold(paper)) and not line.endswith((".", "?", "!"))
    return is_name and len(line.split()) <= len((paper or "").split()) + 6


def _is_byline(group: str) -> bool:
    return bool(re.match(r"(?:van|door|par|by)\b", group.strip(), re.IGNORECASE)) and len(group.split()) <= 8


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
