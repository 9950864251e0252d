"""Exports of Factiva, the archive of Dow Jones: HTML, text and RTF in both of its layouts, and XML.

The article layout gives headline, author, length, day, newspaper, its code, page, language and copyright one below the
other, then the text, and closes with the accession number (``Document SUDOS00020060602e26200001``), which holds the
day. The field layout puts a code of two or three letters before each of them (``HD``, ``BY``, ``WC``, ``PD``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment, with_clock, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.labels import COPYRIGHT, LENGTH
from newsmill.tasks.formats.limits import MAX_ARTICLE
from newsmill.tasks.formats.names import authors_of, language_tag, number_of
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze
from newsmill.tasks.formats.xml import all_named, child, name_of, pages_in, streamed, text_of

ARTICLE_HTML = re.compile(r"<div[^>]{0,200}?class=[\"']?article\s+[a-z]{2,6}Article\b", re.IGNORECASE)
"""What opens an article, with its language."""
ACCESSION = re.compile(r"\b([A-Za-z0-9]{3,10}?0{0,6}((?:18|19|20)\d{6})[a-z][a-z0-9]{8})\b")
CLOSING = re.compile(rf"^\s*\S{{2,20}}\s+{ACCESSION.pattern}\s*$")
"""The line that closes an article: a word for "document" and the accession number."""
CODES = frozenset(
    {
        *("SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD"),
        *("ART", "CT", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "RF", "NGC", "GC", "CLM", "CX"),
        *("RST", "DE", "ATC"),
    }
)
_CODED = re.compile(r"^\s*([A-Z]{2,3})(?:[\s\u00a0]+(.*))?$", re.DOTALL)
_LINK = re.compile(r"\[(?:https?://|www\.)[^\]\s]{1,2000}\]")
_CLOCK = re.compile(r"^\d{1,2}:\d\d(?:\s*[AP]M)?(?:\s+[A-Z]{3,4})?$")
_SOURCE_CODE = re.compile(r"^[A-Z0-9]{2,8}$")
_PAGE = re.compile(r"^[A-Z]{0,3}-?\d{1,4}[A-Z]?(?:\s*[,-]\s*[A-Z]{0,3}\d{1,4})*$")
_LONGEST_BYLINE = 8
"""Words of an author's line."""
_COMPANY = re.compile(
    r"\b(?:Ltd|Limited|Inc|LLC|GmbH|AG|SA|S\.A\.?|B\.?V|N\.?V|Company|Corp(?:oration)?|Plc|Verlag|SpA|Co)\.?$"
)


def read_factiva_html(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export as HTML, in either layout."""
    for piece in pages_in(stream, ARTICLE_HTML):
        if isinstance(piece, Fault):
            yield piece
        else:
            markup, tree = piece
            article = next((one for one in all_named(tree, "div") if "Article" in (one.get("class") or "")), tree)
            yield _whole(item_of_html(article), markup)


def _whole(item: Item, piece: str) -> Item | Fault:
    if not ACCESSION.search(piece) and not item.text:
        return Fault(Reason.DAMAGED, "the export is cut short: its last article has no end", item.id)
    return item


def item_of_html(article: Element) -> Item:
    """The article of one ``div.article``."""
    tag = re.search(r"\b([a-z]{2})(?:tw|cn)?Article\b", article.get("class") or "")
    fields = dict(_rows(article))
    if "HD" in fields or "AN" in fields:
        text = [part for code in ("LP", "TD") if code in fields for part in paragraphs_of(fields[code])]
        return _of_fields({key: text_of(value) or "" for key, value in fields.items()}, text, tag[1] if tag else None)
    paragraphs, lines = [], []
    headline = None
    for element in all_named(article, "div", "p", "pre", "table"):
        kind = element.get("class") or ""
        if "articleParagraph" in kind or "articlePre" in kind or name_of(element) in ("table", "pre"):
            if not _is_inside(element, article, "articleParagraph"):
                paragraphs += _lines_of(element)
        elif element.get("id") == "hd":
            headline = text_of(element)
            lines.append(headline or "")
        elif not any(name_of(below) in ("div", "p") for below in element) and (line := text_of(element)):
            lines.append(line)
    return _of_lines(lines, paragraphs, headline, tag[1] if tag else None)


def _lines_of(element: Element) -> list[str]:
    return (
        [part for part in paragraphs_of(element) if part]
        if name_of(element) != "table"
        else ["\n".join(paragraphs_of(element))]
    )


def _is_inside(element: Element, article: Element, kind: str) -> bool:
    for above in element.iterancestors():
        if above is article:
            return False
        if kind in (above.get("class") or "") or name_of(above) == "table":
            return True
    return False


def _rows(article: Element) -> Iterator[tuple[str, Element]]:
    for row in all_named(article, "tr"):
        cells = [cell for cell in row if name_of(cell) in ("td", "th")]
        if len(cells) == 2 and (code := text_of(cells[0])) and code in CODES:
            yield code, cells[1]


def read_factiva_lines(lines: Iterable[str]) -> Iterator[Item | Fault]:
    """The articles of an export whose paragraphs are lines; the accession number closes each."""
    article: list[str] = []
    size = 0
    for line in lines:
        article.append(line)
        size += len(line)
        if CLOSING.match(line) or (_code(line) == "AN" and ACCESSION.search(line)) or _closes(article):
            if any(LENGTH.match(one) or _code(one) for one in article):
                yield item_of_lines(article)
            article, size = [], 0
        elif size > MAX_ARTICLE:
            yield Fault(Reason.TOO_LARGE, f"an article of more than {MAX_ARTICLE:,} characters")
            article, size = [], 0
    if any(LENGTH.match(line) or _code(line) == "HD" for line in article):
        yield Fault(Reason.DAMAGED, "the export is cut short: its last article has no end")


def _code(line: str) -> str | None:
    found = _CODED.match(line)
    return found[1] if found and found[1] in CODES else None


def _closes(article: Sequence[str]) -> bool:
    """Whether code and accession number stand on lines of their own."""
    return len(article) > 1 and article[-2].strip() == "AN" and ACCESSION.search(article[-1]) is not None


def item_of_lines(lines: Sequence[str]) -> Item:
    """The article of the lines up to its accession number."""
    codes = [_code(line) for line in lines]
    if "HD" in codes and ("PD" in codes or "SN" in codes):
        return _of_coded(lines[codes.index("SE") if "SE" in codes[: codes.index("HD")] else codes.index("HD") :])
    at = next(i for i, line in enumerate(lines) if LENGTH.match(line))
    end = next((i for i in range(at, len(lines)) if COPYRIGHT.match(lines[i])), None)
    if end is None:
        end = next((i for i in range(at + 1, min(at + 12, len(lines))) if language_tag(lines[i].strip())), at)
    head = _above(lines[:at]) + [line.strip() for line in lines[at : end + 1] if line.strip()]
    body = [line.strip() for line in lines[end + 1 : -1] if line.strip()]
    if body and (_COMPANY.search(body[-1]) and len(body[-1].split()) <= 12):
        body.pop()
    accession = ACCESSION.search(lines[-1])
    return _of_lines([*head, accession[0] if accession else ""], body, None, None)


def _above(lines: Sequence[str]) -> list[str]:
    """The last lines without an empty one among them: section, headline and author, which may stand apart below."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    last = blocks.pop() if blocks else []
    if len(last) == 1 and blocks and authors_of(last[0]) and len(last[0].split()) <= _LONGEST_BYLINE:
        last = [*blocks[-1], *last]
    return last[-3:]


def _of_coded(lines: Sequence[str]) -> Item:
    fields: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        found = _CODED.match(line)
        if found and found[1] in CODES and found[1] not in fields:
            code = found[1]
            fields[code] = [found[2] or ""]
        elif code:
            fields[code].append(line)
    text = [part for key in ("LP", "TD") for part in _blocks(fields.get(key, []))]
    return _of_fields({key: squeeze(" ".join(value)) or "" for key, value in fields.items()}, text, None)


def _blocks(lines: Sequence[str]) -> list[str]:
    """Paragraphs of the lines of a field: parted by empty lines where there are any, else each line."""
    found: list[list[str]] = [[]]
    has_blank = any(not line.strip() for line in lines[1:-1])
    for line in lines:
        if not line.strip():
            found.append([])
        elif has_blank:
            found[-1].append(line.strip())
        else:
            found.append([line.strip()])
    return [" ".join(group) for group in found if group]


def _of_fields(fields: Mapping[str, str], text: list[str], tag: str | None) -> Item:
    """The article of the field layout, by the codes of Factiva's display."""
    published = with_clock(written(fields.get("PD")), _with_zone(fields.get("ET")))
    byline = squeeze(fields.get("BY"))
    accession = ACCESSION.search(fields.get("AN", ""))
    return Item(
        text=_clean(text),
        id=accession[1] if accession else None,
        title=squeeze(fields.get("HD")),
        byline=byline,
        authors=authors_of(byline),
        language=language_tag(fields.get("LA")) or tag,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        publisher=squeeze(fields.get("SN")),
        section=squeeze(fields.get("SE")) or squeeze(fields.get("CLM")),
        page=squeeze(fields.get("PG")),
        topics=tuple(topic for code in ("NS", "IN", "CO") for topic in _topics(fields.get(code))),
        places=tuple(topic.name for topic in _topics(fields.get("RE")) if topic.name),
        copyright=squeeze(fields.get("CY")),
        stated_words=number_of(fields.get("WC")),
    )


def _with_zone(clock: str | None) -> str | None:
    """The time of day, which Factiva gives in GMT where it names no zone."""
    return f"{clock} GMT" if clock and re.fullmatch(r"\s*\d{1,2}:\d\d\s*", clock) else clock


def _topics(stated: str | None) -> Iterator[Topic]:
    for one in (stated or "").split("|"):
        code, mark, name = one.partition(" : ")
        if mark:
            yield Topic("factiva", squeeze(code), squeeze(name))


def _of_lines(lines: Sequence[str], paragraphs: list[str], headline: str | None, tag: str | None) -> Item:
    """The article layout: what is ahead of the length is headline and author, what follows has a fixed order."""
    at = next((i for i, line in enumerate(lines) if LENGTH.match(line)), len(lines))
    section, title, byline = _above_length(lines[:at], headline)
    rest = list(lines[at + 1 :])
    day = next((i for i, line in enumerate(rest[:3]) if written(line)), None)
    published = written(rest.pop(day)) if day is not None else None
    if rest and _CLOCK.match(rest[0]):
        clock = rest.pop(0)
        published = with_clock(published, _with_zone(clock))
    copyright_line = next((line for line in rest if COPYRIGHT.match(line)), None)
    facts = rest[: rest.index(copyright_line)] if copyright_line else rest
    language_at = next(
        (i for i in range(len(facts) - 1, 0, -1) if language_tag(facts[i]) and len(facts[i].split()) <= 3), None
    )
    code_at = next((i for i, line in enumerate(facts[1:3], 1) if _SOURCE_CODE.match(line)), None)
    between = facts[code_at + 1 : language_at] if code_at is not None else []
    accession = next((found for found in (ACCESSION.search(line) for line in reversed(lines)) if found), None)
    if published is None and accession:
        published = moment(accession[2])
    return Item(
        text=_clean(paragraphs),
        id=accession[1] if accession else None,
        title=title,
        byline=byline,
        authors=authors_of(byline),
        language=(language_tag(facts[language_at]) if language_at is not None else None) or tag,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        publisher=facts[0] if facts else None,
        section=section,
        page=next((line for line in between if _PAGE.match(line)), None),
        copyright=copyright_line,
        stated_words=number_of(lines[at]) if at < len(lines) else None,
    )


def _above_length(lines: Sequence[str], headline: str | None) -> tuple[str | None, str | None, str | None]:
    """Section, headline and author. Without markup, an author is told by the form of a name."""
    if headline is not None and headline in lines:
        at = list(lines).index(headline)
        return squeeze(" ".join(lines[:at])), headline, squeeze("; ".join(lines[at + 1 :]))
    if not lines:
        return None, None, None
    has_author = len(lines) > 1 and bool(authors_of(lines[-1])) and len(lines[-1].split()) <= _LONGEST_BYLINE
    rest = list(lines[:-1]) if has_author else list(lines)
    section = rest.pop(0) if len(rest) > 1 and len(rest[0].split()) <= 4 else None
    return section, squeeze(" ".join(rest)), lines[-1] if has_author else None


def _clean(paragraphs: Iterable[str]) -> str:
    """The text without the addresses that Factiva prints behind the words of a link."""
    return joined(_LINK.sub("", one) for one in paragraphs)


def read_factiva_xml(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export as XML, one at a time."""
    for element in streamed(stream, "article"):
        yield element if isinstance(element, Fault) else _item_of_xml(element)


def _item_of_xml(article: Element) -> Item:
    def stated(*names: str) -> str | None:
        return next(filter(None, (text_of(found) for found in all_named(article, *names))), None)

    accession = article.get("accessionNo") or stated("accessionNo", "an")
    if accession is None and (reference := ACCESSION.search((stated("reference") or "").rpartition("/")[2])):
        accession = reference[1]
    holders = all_named(article, "leadParagraph", "tailParagraphs", "leadParas", "tailParas", "body", "contentParts")
    paragraphs = [part for holder in holders for part in _paragraphs_in(holder)]
    byline = stated("byline", "author")
    day = moment(stated("publicationDate", "pubDate")) or written(stated("publicationDate"))
    clock = stated("publicationTime")
    published = moment(f"{day[0]:%Y-%m-%d}T{clock}") if day and clock and re.match(r"\d\d:?\d\d", clock) else day
    return Item(
        text=_clean(dict.fromkeys(paragraphs)),
        id=squeeze(accession),
        title=stated("headline", "title"),
        byline=byline,
        authors=authors_of(byline),
        language=language_tag(stated("baseLanguage", "language")),
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        publisher=stated("sourceName", "publisherName"),
        section=stated("sectionName", "section", "columnName"),
        page=stated("page", "pages"),
        copyright=stated("copyright"),
        topics=tuple(
            Topic("factiva", squeeze(one.get("code")), text_of(child(one, "name")))
            for one in all_named(article, "newsSubject", "industry", "company")
        ),
        places=tuple(filter(None, (text_of(child(one, "name")) for one in all_named(article, "region")))),
        stated_words=number_of(stated("wordCount")),
    )


def _paragraphs_in(holder: Element) -> list[str]:
    """The paragraphs of a part of the text, which is one where it has no elements for them."""
    paras = list(all_named(holder, "para", "p", "paragraph")) or [holder]
    return [part for part in map(text_of, paras) if part]
