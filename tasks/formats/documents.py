"""Documents of paragraphs, whatever file they come from: exports told from articles of their own."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newsmill.schemas.words import Reason
from newsmill.tasks.formats import defacto, factiva, nexis, proquest
from newsmill.tasks.formats.items import Fault, Item, cited
from newsmill.tasks.formats.limits import MAX_ARTICLE
from newsmill.tasks.formats.prose import joined, squeeze

_SEEN = 3000
"""Lines within which an export shows that it is one."""
_SHOWN = 2
"""Signs of an archive that make an export."""


class Line(NamedTuple):
    """A paragraph and the name of its style."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What a file says of itself."""

    title: str | None = None
    author: str | None = None
    created: datetime | None = None


Reader = Callable[[Iterable[str]], Iterator[Item | Fault]]

_NEXIS_UNI = re.compile(
    r"^\s*(?:Load-Date:|Length:[\s\u00a0]*\d|Client/Matter:|Job Number:|Auftragsnummer:|Copyright \d{4}|Body$)",
    re.IGNORECASE,
)


def export_reader(lines: Iterable[str]) -> Reader | None:
    """The reader of the archive that these first lines come from; None where they are no export's."""
    counts = {
        nexis.read_nexis_lines: 0,
        factiva.read_factiva_lines: 0,
        proquest.read_proquest_lines: 0,
        defacto.read_defacto_lines: 0,
    }
    kinds_of_uni: set[str] = set()
    codes: set[str] = set()
    for line in lines:
        if nexis.NUMBERED.match(line) or nexis.END.match(line):
            counts[nexis.read_nexis_lines] += 2
        elif found := _NEXIS_UNI.match(line.strip()):
            kinds_of_uni.add(found[0][:6].lower())
        elif factiva.CLOSING.match(line):
            counts[factiva.read_factiva_lines] += 2
        elif (code := line.strip().partition(" ")[0].partition("\t")[0]) in factiva.CODES:
            codes.add(code)
        elif proquest.is_sign(line):
            counts[proquest.read_proquest_lines] += 1
        elif defacto.is_source(line):
            counts[defacto.read_defacto_lines] += 2
    if len(kinds_of_uni) >= 3:
        counts[nexis.read_nexis_lines] += 2
    if {"HD", "PD", "SN"} <= codes:
        counts[factiva.read_factiva_lines] += 2
    best = max(counts, key=lambda reader: counts[reader])
    return best if counts[best] >= _SHOWN else None


def items_of_lines(lines: Iterator[Line], properties: Properties) -> Iterator[Item | Fault]:
    """The articles of an export, or the one article that a document is."""
    seen = list(itertools.islice(lines, _SEEN))
    reader = export_reader(part for line in seen for part in line.text.split("\n"))
    every = itertools.chain(seen, lines)
    if reader is not None:
        for one in reader(part for line in every for part in _parts(line)):
            yield cited(one) if isinstance(one, Item) else one
    else:
        yield article_of(every, properties)


def _parts(line: Line) -> list[str]:
    return line.text.strip("\n").split("\n")


_TITLES = re.compile(
    r"^(?:title|titel|titre|título|titolo|heading ?1?|überschrift ?1?|berschrift1|titre1|kop ?1)$", re.IGNORECASE
)
_LONGEST_TITLE = 300


def article_of(lines: Iterable[Line], properties: Properties) -> Item | Fault:
    """The article that a document is; its headline is the first line if its style says so."""
    paragraphs: list[str] = []
    title = None
    size = 0
    for line in lines:
        size += len(line.text)
        if size > MAX_ARTICLE:
            return Fault(Reason.TOO_LARGE, f"a document of more than {MAX_ARTICLE:,} characters")
        text = "\n".join(" ".join(part.split()) for part in line.text.strip().split("\n"))
        if text and not paragraphs and title is None and _TITLES.match(line.style) and len(text) <= _LONGEST_TITLE:
            title = squeeze(text)
        elif text:
            paragraphs.append(text)
    stated = squeeze(properties.title)
    if title is None and stated and paragraphs and squeeze(paragraphs[0]) == stated:
        title = stated
        paragraphs.pop(0)
    if not paragraphs and title is None:
        return Fault(Reason.NO_TEXT, "a document without text")
    return Item(text=joined(paragraphs), title=title)
