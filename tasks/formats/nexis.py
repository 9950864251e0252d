"""Exports of Nexis, the archive of LexisNexis.

Until 2018 (Nexis, LexisNexis Academic) the documents of a file are numbered (``3 of 200 DOCUMENTS``), their labels are
in capitals, and newspaper, day and headline stand above them; as text the lines are broken and centred. Since then
(Nexis Uni, Lexis Advance) a cover and a list of hits come first, each article opens with headline, newspaper and day,
its text stands between ``Body`` and ``Classification``, and it closes with ``End of Document``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import rest_of_day, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.labels import ADDRESS, COPYRIGHT, LENGTH, RIGHTS, Field, field_of
from newsmill.tasks.formats.names import authors_of, language_tag, number_of
from newsmill.tasks.formats.prose import joined, squeeze
from newsmill.tasks.formats.streams import as_text, pieces
from newsmill.tasks.formats.xml import all_named, name_of, pages_in

_OF = r"(?:of|von|de|van|di|sur|av|af|из|/)"
_DOCUMENTS = r"(?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTEN|DOCUMENTOS?|DOCUMENTI|DOCUMENTO|DOKUMENT|ASIAKIRJAA|ДОКУМЕНТОВ)"
_COUNT = rf"\d[\d.,]* {_OF} \d[\d.,]*"
_BEFORE = r"^[ \t\f\u00a0]*"
NUMBERED = re.compile(rf"{_BEFORE}(?:FOCUS[ \t]*-[ \t]*)?{_COUNT} {_DOCUMENTS}[ \t]*$", re.MULTILINE | re.IGNORECASE)
"""The line above an article of the old Nexis."""
_NUMBERED_BEHIND = re.compile(rf"{_BEFORE}(?:Document|Dokument|Documento)[ \t]+{_COUNT}[ \t]*$", re.MULTILINE)
"""The same in some languages; ProQuest numbers its documents so, too, and Nexis alone sets labels in capitals."""
_CAPITALS = re.compile(
    r"^[ \t]*(?:LENGTH|LÄNGE|LAENGE|LONGUEUR|LENGTE|LONGITUD|EXTENSIÓN|LUNGHEZZA|LOAD-DATE|UPDATE|DATE-CHARGEMENT):",
    re.MULTILINE,
)
_NUMBERED_HTML = re.compile(r"<A\s+NAME=\"?DOC_ID_\d", re.IGNORECASE)

END = re.compile(
    r"^\s*(?:End of Document|Ende des Dokuments|Dokumentende|Fin du document|Fin del documento|Fine del documento|"
    r"Fim do documento|Einde van (?:het )?document|Einde document|文件结束|文件結束|文档结尾|ドキュメントの終わり)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
"""The line below an article of the new one."""

_BODY = re.compile(
    r"^\s*(?:Body|Text|Hauptteil|Haupttext|Volltext|Corps|Texte|Cuerpo|Corpo|Hoofdtekst|Tekst|Texto|Testo|正文|本文)\s*:?\s*$",
    re.IGNORECASE,
)
_CLASSIFICATION = re.compile(
    r"^\s*(?:Classification|Klassifizierung|Klassifikation|Clasificación|Classificazione|Classificação|Classificatie|"
    r"Classificering|Graphic|Grafik|Graphique|Gráfico|Notes|Correction|Links|Korrektur)\s*:?\s*$",
    re.IGNORECASE,
)
HEAD_CHARS = 65_536
"""Characters within which an export shows how it numbers its articles."""
_LONGEST_TITLE = 600
_LONGEST_DATE = 90
_MAX_TITLE_PARAGRAPHS = 3


# The old Nexis


def number_line(text: str) -> re.Pattern[str] | None:
    """How the articles of an old export with this beginning are numbered; None where it is none."""
    if NUMBERED.search(text):
        return NUMBERED
    return _NUMBERED_BEHIND if _NUMBERED_BEHIND.search(text) and _CAPITALS.search(text) else None


def read_nexis_text(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an old export as text."""
    with as_text(stream) as text:
        head = text.read(HEAD_CHARS)
        text.seek(0)
        mark = number_line(head) or NUMBERED
        for piece in pieces(text, mark):
            if isinstance(piece, Fault):
                yield piece
            elif found := mark.match(piece):
                yield from _checked(item_of_numbered(_text_paragraphs(piece[found.end() :])))


def read_nexis_html(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an old export as HTML."""
    for piece in pages_in(stream, _NUMBERED_HTML):
        yield from [piece] if isinstance(piece, Fault) else _checked(item_of_numbered(_html_paragraphs(piece[1])))


def read_nexis_lines(lines: Iterable[str]) -> Iterator[Item | Fault]:
    """The articles of an old or new export whose paragraphs are lines: a document of Word, RTF or a PDF."""
    article: list[str] = []
    kind = None
    for line in lines:
        if NUMBERED.match(line):
            if article and kind is NUMBERED:
                yield from _checked(item_of_numbered([part for part in article if part.strip()]))
            article, kind = [line], NUMBERED
        elif END.match(line):
            yield item_of_uni(article) or Fault(
                Reason.NO_TEXT, f"a document that the archive did not show{_said(article)}"
            )
            article, kind = [], END
        else:
            article.append(line)
    if kind is NUMBERED:
        yield from _checked(item_of_numbered([part for part in article if part.strip()]))
    elif any(_BODY.match(line) or LENGTH.match(line) for line in article):
        yield Fault(Reason.DAMAGED, "the export is cut short: its last article has no end")


def _said(lines: Iterable[str]) -> str:
    """The last thing that stands in a document, which is what the archive says of it."""
    said = next((line for line in reversed(list(lines)) if line.strip()), "")
    return f": {squeeze(said)}"[:160] if said else ""


def _checked(item: Item | None) -> Iterator[Item | Fault]:
    if item is None:
        return
    yield item


def _text_paragraphs(piece: str) -> list[str]:
    """Paragraphs with their line breaks, which tell headline from subhead; leading blanks of centred lines cut."""
    found = []
    for block in re.split(r"\n[ \t\u00a0]*\n+", piece):
        lines = [line.strip() for line in block.split("\n")]
        if any(lines):
            found.append("\n".join(line for line in lines if line))
    return found


def _html_paragraphs(tree: Element) -> list[str]:
    """The paragraphs of the divisions that each hold a part of an article."""
    found = []
    for paragraph in all_named(tree, "p", "table"):
        if name_of(paragraph) == "table":
            rows = [
                " | ".join(" ".join("".join(cell.itertext()).split()) for cell in all_named(row, "td", "th"))
                for row in all_named(paragraph, "tr")
            ]
            text = "\n".join(row for row in rows if row.strip(" |"))
        elif any(name_of(above) == "table" for above in paragraph.iterancestors()):
            continue
        else:
            for line_break in all_named(paragraph, "br"):
                line_break.tail = "\r" + (line_break.tail or "")
            raw = "".join(paragraph.itertext())
            text = "\n".join(filter(None, (" ".join(line.split()) for line in raw.split("\r"))))
        if text:
            found.append(text)
    return found


@dataclass(slots=True)
class _Parts:
    """An article taken apart."""

    top: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    copyright: list[str] = field(default_factory=list)

    def value(self, key: str) -> str | None:
        return next((one.value for one in self.fields if one.key == key and one.value), None)


def item_of_numbered(paragraphs: Sequence[str]) -> Item | None:
    """The article of the paragraphs between two numbers: top, labelled head, text, labelled foot, copyright."""
    parts = _parted(paragraphs)
    day, publisher, titles, parts.top = _top(parts.top)
    if not parts.value("byline") and parts.top and _is_name(parts.top[0]):
        parts.fields.append(Field("byline", parts.top.pop(0)))
    if not parts.body:
        parts.body = _text_of_top(parts, titles)
    title, subhead = _title(parts.value("title") or (titles[0] if titles else None))
    return _item(parts, title, subhead, publisher, day)


def _parted(paragraphs: Sequence[str]) -> _Parts:
    """Fields ahead of the text end the top; a field that closes the article ends the text.

    Some newspapers have section and length behind the text; their text stands in the top.
    """
    parts = _Parts()
    place = "top"
    for at, paragraph in enumerate(paragraphs):
        if (at == 0 and NUMBERED.match(paragraph)) or RIGHTS.match(paragraph):
            continue
        if COPYRIGHT.match(paragraph) and (place in ("top", "foot") or at >= len(paragraphs) - 2):
            parts.copyright.append(paragraph)
        elif found := field_of(paragraph, upper=True) or _bare_length(paragraph, place):
            place = _placed(parts, found, paragraph, place)
        else:
            place = _plain(parts, paragraph, place)
    while parts.body and (found := field_of(parts.body[-1], upper=True)) and found.key in ("section", "length", "url"):
        parts.fields.append(found)
        parts.body.pop()
    return parts


def _bare_length(paragraph: str, place: str) -> Field | None:
    """A length without a label, which only closes the top."""
    found = LENGTH.match(paragraph) if place == "top" else None
    return Field("length", found[0]) if found else None


def _placed(parts: _Parts, found: Field, paragraph: str, place: str) -> str:
    """Puts a field where it belongs, and gives the place that what follows it has."""
    if found.key == "body":
        parts.body += [found.value] if found.value else []
        return "body"
    if found.is_head and place == "body":
        # A label that opens a paragraph of the text: FLASH, ARTICLE, a speaker's name.
        parts.body.append(paragraph)
        return place
    parts.fields.append(found)
    if not found.is_head:
        return "foot"
    return "head" if place == "top" and found.key != "series" else place


def _plain(parts: _Parts, paragraph: str, place: str) -> str:
    """Puts a paragraph without a label where it belongs, and gives the place that what follows it has."""
    if place == "top":
        parts.top.append(paragraph)
    elif parts.fields and not parts.fields[-1].value and place in ("head", "foot"):
        # A label on a line of its own, with its value below it.
        parts.fields[-1] = Field(parts.fields[-1].key, paragraph)
    elif place in ("head", "body"):
        parts.body.append(paragraph)
        return "body"
    return place


def _top(paragraphs: list[str]) -> tuple[str | None, str | None, list[str], list[str]]:
    """Day, newspaper and headline of what stands above the fields, and the paragraphs in their order without these."""
    dates = [i for i, one in enumerate(paragraphs) if _is_date(one)]
    dates = dates or [i for i, one in enumerate(paragraphs) if i and _is_issue(one)][:1]
    at = min(dates, key=lambda i: len((rest_of_day(" ".join(paragraphs[i].split())) or "").split())) if dates else None
    kept = [one for i, one in enumerate(paragraphs) if i != at and not ADDRESS.fullmatch(one.replace("\n", ""))]
    if at is None:
        return None, kept[0] if kept else None, kept[1:2], kept[2:]
    above = [one for one in paragraphs[:at] if not ADDRESS.fullmatch(one.replace("\n", ""))]
    below = [one for one in paragraphs[at + 1 :] if not ADDRESS.fullmatch(one.replace("\n", ""))]
    publisher = above[0] if above else None
    if below:
        # A headline above the day is the older form; then what stands below it is the byline or the text.
        is_above = len(above) > 1 and not _is_note(above[1]) and (len(below) > 1 or _is_name(below[0]))
        return paragraphs[at], publisher, above[1:2] if is_above else below[:1], below if is_above else below[1:]
    return paragraphs[at], publisher, [one for one in above[1:2] if not _is_note(one)], []


def _is_date(paragraph: str) -> bool:
    line = " ".join(paragraph.split())
    rest = rest_of_day(line) if len(line) <= _LONGEST_DATE else None
    return rest is not None and len(rest.split()) <= 9


_SEASON = re.compile(
    r"(?:spring|summer|autumn|fall|winter|frühjahr|sommer|herbst|printemps|été|automne|hiver)\b", re.IGNORECASE
)


def _is_issue(paragraph: str) -> bool:
    """Whether a line is the month or season of an issue, which stands where newspapers have their day."""
    line = " ".join(paragraph.split())
    if not re.search(r"\b(?:1[7-9]|20)\d\d(?:/\d{2,4})?$", line) or len(line.split()) > 4:
        return False
    return bool(_SEASON.match(line)) or rest_of_day(f"1 {line}") == " "


def _is_name(paragraph: str) -> bool:
    return len(paragraph.split()) <= 4 and bool(authors_of(paragraph))


def _is_note(paragraph: str) -> bool:
    """A line of the source under its name, such as what may not be done with it."""
    return bool(re.search(r"\b(?:may (?:not )?be|responsib|Prepared by|ISSN)\b", paragraph))


def _text_of_top(parts: _Parts, titles: list[str]) -> list[str]:
    """Text that stands above all fields: what is left there but for a line that is a name."""
    if not titles:
        return []
    return [one for one in parts.top if len(one.split()) > 8 or len(parts.top) > 3]


def _title(stated: str | None) -> tuple[str | None, str | None]:
    """Headline and subhead, which Nexis parts by a semicolon at the end of a line."""
    if not stated:
        return None, None
    head, mark, rest = re.sub(r";\s*\n", ";\n", stated).partition(";\n")
    if not mark:
        return squeeze(stated), None
    return squeeze(head), squeeze(rest)


def _item(parts: _Parts, title: str | None, subhead: str | None, publisher: str | None, day: str | None) -> Item:
    published = written(" ".join(day.split())) if day else None
    section, page = _section(parts.value("section"))
    byline = squeeze(parts.value("byline"))
    body = [re.sub(r"\s*\n\s*", " ", one) if not _is_listing(one) else one for one in parts.body]
    addresses = [squeeze(parts.value("url"))]
    while body and ADDRESS.fullmatch(body[-1].strip()):
        addresses.append(body.pop().strip())
    return Item(
        # The record of a picture is its caption.
        text=joined(body) or squeeze(parts.value("graphic")) or "",
        title=title,
        subhead=subhead or squeeze(parts.value("subhead")),
        byline=byline,
        authors=authors_of(byline),
        dateline=squeeze(parts.value("dateline")),
        language=language_tag(parts.value("language")),
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        publisher=squeeze(publisher),
        section=section,
        page=page,
        topics=tuple(_topics(parts.value("subject"))),
        places=tuple(dict.fromkeys(_names(parts.value("place")))),
        genre=squeeze(parts.value("type")),
        copyright=squeeze(" ".join(parts.copyright)),
        stated_words=number_of(parts.value("length")),
        urls=tuple(url for url in addresses if url and ADDRESS.fullmatch(url)),
    )


def _is_listing(paragraph: str) -> bool:
    return " | " in paragraph or bool(re.search(r"\S {4,}\S", paragraph))


_PAGE = re.compile(
    r"(?:\b(?:pg|page|p|s|seite|blz|pág|pag|página|pagina|sivu|side|sid)\.?|S\.)\s*([A-Z]{0,3}-?\d{1,4}[A-Z]?)\b",
    re.IGNORECASE,
)


def _section(stated: str | None) -> tuple[str | None, str | None]:
    """The section and the page in it: ``NEWS; Pg. 12``."""
    line = squeeze(stated)
    if not line:
        return None, None
    found = _PAGE.search(line)
    if not found:
        return line, None
    return squeeze(line[: found.start()].rstrip(" ;,")), found[1]


def _names(stated: str | None) -> Iterator[str]:
    """The names of a list, without the relevance in percent behind each."""
    for one in re.split(r";|(?<=%\))", stated or ""):
        if name := squeeze(re.sub(r"\(\d{1,3} ?%\)", "", one)):
            yield name.strip(" ,")


def _topics(stated: str | None) -> Iterator[Topic]:
    return (Topic(scheme="nexis", name=name) for name in dict.fromkeys(_names(stated)) if name)


# The new Nexis


def item_of_uni(paragraphs: Sequence[str]) -> Item | None:
    """The article of the paragraphs that an end closes; what is ahead of its headline is the cover."""
    lines = [line for line in (squeeze(part) or "" for part in paragraphs) if not _APPENDED.match(line)]
    body = next((at for at, line in enumerate(lines) if _BODY.match(line)), None)
    head_end = body if body is not None else len(lines)
    head = _head_start(lines, head_end)
    if head is None:
        return None
    above = list(_filled_above(lines, head))
    day_at = next((at for is_day in (_is_date, _is_issue) for at in above if is_day(lines[at])), None)
    start, top = _block_above(lines, head if day_at is None else day_at)
    publisher = top.pop() if top else None
    if not top:
        # Newspaper and headline with an empty line between them.
        _start, top = _block_above(lines, start)
    if body is None:
        after = head if day_at is None else day_at + 1
        parts = _uni_parts(lines[after:], None)
    else:
        parts = _uni_parts(lines[head:body], lines[body + 1 :])
    title, subhead = _uni_title([re.sub(r"\s+-\s+Correction Appended$", "", line) for line in top])
    return _item(
        parts, title or squeeze(parts.value("title")), subhead, publisher, lines[day_at] if day_at is not None else None
    )


_APPENDED = re.compile(r"^Correction Appended$")
_NEAR = 6
"""Paragraphs above the labelled ones among which the day stands."""


def _head_start(lines: Sequence[str], end: int) -> int | None:
    """Where copyright and labelled fields begin ahead of the text; the last copyright is the article's own."""
    notice = next((at for at in range(end - 1, -1, -1) if COPYRIGHT.match(lines[at])), None)
    if notice is not None:
        return notice
    length = next((at for at in range(end - 1, -1, -1) if _key(lines[at]) == "length" or LENGTH.match(lines[at])), None)
    at = length if length is not None else next((at for at in range(end - 1, -1, -1) if _key(lines[at])), None)
    while at is not None and at > 0 and (not lines[at - 1] or _key(lines[at - 1])):
        at -= 1
    return at


def _filled_above(lines: Sequence[str], at: int) -> Iterator[int]:
    """The paragraphs right above one that have characters, from below."""
    found = 0
    for above in range(at - 1, -1, -1):
        if lines[above]:
            yield above
            found += 1
        if found == _NEAR:
            return


def _block_above(lines: Sequence[str], at: int) -> tuple[int, list[str]]:
    """Where the paragraphs right above one begin, up to an empty one, and they."""
    end = at
    while end > 0 and not lines[end - 1]:
        end -= 1
    start = end
    while start > 0 and lines[start - 1] and end - start <= _MAX_TITLE_PARAGRAPHS:
        start -= 1
    return start, list(lines[start:end])


def _uni_title(top: Sequence[str]) -> tuple[str | None, str | None]:
    line = squeeze(" ".join(top))
    if not line:
        return None, None
    head, mark, rest = line.partition(";")
    if mark and len(head) >= 15 and not rest.startswith(" "):
        return squeeze(head), squeeze(rest)
    head, mark, rest = line.partition(" ; ")
    return (squeeze(head), squeeze(rest)) if mark and len(head) >= 15 else (line, None)


def _uni_field(line: str) -> Field | None:
    return field_of(line, upper=False)


def _key(line: str) -> str | None:
    found = _uni_field(line)
    return found.key if found else None


def _uni_parts(head: Sequence[str], body: Sequence[str] | None) -> _Parts:
    parts = _Parts()
    rest: list[str] = []
    for line in head:
        if not line or RIGHTS.match(line):
            continue
        if COPYRIGHT.match(line):
            parts.copyright.append(line)
        elif found := _uni_field(line):
            parts.fields.append(found)
        elif length := LENGTH.match(line):
            parts.fields.append(Field("length", length[0]))
        else:
            rest.append(line)
    if body is None:
        parts.body = rest
        return parts
    end = len(body)
    for at, line in enumerate(body):
        if _CLASSIFICATION.match(line) or _key(line) in ("load", "language", "type"):
            end = at
            break
    parts.body = [line for line in body[:end] if line]
    for line in body[end:]:
        if found := _uni_field(line):
            parts.fields.append(found)
    return parts
