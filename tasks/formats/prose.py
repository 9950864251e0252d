"""Markup and wrapped lines to paragraphs."""

import html
import re
from collections.abc import Iterable, Sequence

from lxml import etree
from lxml.etree import _Element as Element

from newsmill.tasks.formats.labels import SIGNED
from newsmill.tasks.formats.xml import name_of, parse_html, text_of, unescaped

_BLOCKS = frozenset(
    {
        *("p", "div", "hl1", "hl2", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "blockquote", "bq"),
        *("block", "body", "body.content", "section", "article", "pre", "ul", "ol", "dl", "hr", "header"),
        *("footer", "address", "fn", "tagline", "abstract", "hedline", "main", "center", "figcaption"),
    }
)
_SKIPPED = frozenset(
    {
        *("script", "style", "head", "title", "noscript", "media", "media-group", "nitf-table-metadata"),
        *("image-caption", "iframe", "video", "audio", "object", "figure", "img", "svg", "template"),
        *("colgroup", "byline", "dat", "bild"),  # the last two are TT's dateline and picture
    }
)
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "alt-code", "b", "bdo", "big", "br", "cite", "code", "del", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr"),
        # NITF's own
        *("chron", "city", "classifier", "copyrite", "country", "event", "frac", "function", "lang", "location"),
        *("money", "num", "object.title", "org", "person", "postaddr", "pronounce", "region", "state", "sublocation"),
        *("virtloc",),
    }
)
"""Elements within a sentence. Those of other vocabularies are, where they stand among words."""
_WRAPPED_FROM = 40
_WRAPPED_TO = 100
"""Characters of a line that was broken at the width of a wire or a screen."""
_UNBROKEN = 160
"""Characters of a line that was broken at no width, so that each line of its text is a paragraph."""
_MARKUP = re.compile(r"</[a-z]|<(?:br|p)\s*/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"<(?:p|br|div|li|table|h[1-6]|blockquote|section|article|pre|body|block|hr|dd|dt)\b", re.IGNORECASE
)


def squeeze(text: str | None) -> str | None:
    """Text on one line with single spaces; None for nothing but white space."""
    return " ".join(text.split()) or None if text else None


def joined(paragraphs: Iterable[str]) -> str:
    """The text of paragraphs, those without characters left out."""
    return "\n\n".join(paragraph for paragraph in (one.strip() for one in paragraphs) if paragraph)


def paragraphs_of(root: Element, skip: frozenset[str] = frozenset()) -> list[str]:
    """The paragraphs below an element of HTML, XHTML or NITF; the rows of a table are the lines of one.

    Elements of the names in ``skip`` are left out, as are scripts, pictures and their captions.
    """
    found: list[str] = []
    inline: list[str] = []

    def flush() -> None:
        found.extend(_unfolded(unescaped("".join(inline))))
        inline.clear()

    def walk(element: Element) -> None:
        inline.append(element.text or "")
        has_words = _has_words(element)
        for below in element:
            name = name_of(below)
            is_block = name in _BLOCKS or (name not in _INLINE and not has_words)
            if isinstance(below, etree._Entity):
                inline.append(html.unescape(below.text or ""))
            elif name == "br":
                inline.append("\r")
            elif name == "table":
                flush()
                if rows := table_lines(below):
                    found.append("\n".join(rows))
            elif name == "pre":
                flush()
                found.extend(unwrapped("".join(below.itertext()).split("\n")))
            elif name and is_block and name not in _SKIPPED and name not in skip:
                flush()
                walk(below)
                flush()
            elif name and name not in _SKIPPED and name not in skip:
                walk(below)
            inline.append(below.tail or "")

    walk(root)
    flush()
    return found


def paragraphs_in(holder: Element, skip: frozenset[str] = frozenset()) -> list[str]:
    """The paragraphs of an element that holds a text: in elements, or as plain text or HTML in characters."""
    if any(name_of(below) for below in holder):
        return paragraphs_of(holder, skip)
    return text_paragraphs("".join(holder.itertext()))


def _has_words(element: Element) -> bool:
    """Whether characters stand right in an element, beside what stands in elements of their own."""
    return bool((element.text or "").strip()) or any((below.tail or "").strip() for below in element)


def text_paragraphs(content: str) -> list[str]:
    """The paragraphs of a text that is plain or HTML."""
    tree = parse_html(content) if _MARKUP.search(content) else None
    if tree is None:
        return unwrapped(content.splitlines())
    if _BLOCK_TAG.search(content):
        return paragraphs_of(tree)
    return unwrapped("".join(tree.itertext()).splitlines())


def table_lines(table: Element) -> list[str]:
    """The rows of a table as lines, cells parted by ``|``."""
    rows = (row for row in table.iter() if name_of(row) in ("tr", "row"))
    lines = (
        " | ".join(filter(None, (text_of(cell) for cell in row if name_of(cell) in ("td", "th", "entry"))))
        for row in rows
    )
    return [line for line in lines if line]


def _unfolded(raw: str) -> list[str]:
    """The paragraphs of running text: one, unless it holds line breaks that were meant."""
    if not raw.strip():
        return []
    if "\r" in raw:
        parts = raw.split("\r")
        if _is_wrapped([" ".join(part.split()) for part in parts]):
            return [" ".join(raw.split())]
        return _grouped([" ".join(part.split()) for part in parts])
    lines = raw.strip("\n").split("\n")
    if is_laid_out(lines):
        return unwrapped(lines)
    return [" ".join(raw.split())]


def _grouped(lines: Sequence[str]) -> list[str]:
    """Lines that were broken by hand; empty ones part paragraphs."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(group) for group in found if group]


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether all lines but the last were broken at a width."""
    filled = [line for line in lines if line]
    return len(filled) > 1 and all(_WRAPPED_FROM <= len(line) <= _WRAPPED_TO for line in filled[:-1])


def is_laid_out(lines: Sequence[str]) -> bool:
    """Whether line breaks and indents are an agency's own, not those of a program that wrote the XML."""
    filled = [line for line in lines[1:] if line.strip()]
    indented = sum(line.startswith("  ") for line in filled)
    return len(filled) >= 3 and 0 < indented < len(filled)


def unwrapped(lines: Iterable[str]) -> list[str]:
    """The paragraphs of lines broken at a width: an indent or an empty line begins one, and lines of a table stay.

    Of lines that were broken at no width each is one.
    """
    found: list[list[str]] = [[]]
    lines = list(lines)
    is_unbroken = max(map(len, lines), default=0) > _UNBROKEN
    for line in lines:
        if not line.strip():
            if found[-1]:
                found.append([])
        elif _is_tabular(line):
            if found[-1] and not _is_tabular(found[-1][-1]):
                found.append([])
            found[-1].append(line.rstrip())
        else:
            is_new = is_unbroken or line[:1] in " \t" or (bool(found[-1]) and _is_tabular(found[-1][-1]))
            if is_new and found[-1]:
                found.append([])
            found[-1].append(line.rstrip())
    return [
        "\n".join(group) if _is_tabular(group[0]) else " ".join(" ".join(group).split()) for group in found if group
    ]


_COLUMNS = re.compile(r"\S \| \S|\S(?: {3,}|\t)\S.*(?: {3,}|\t)\S|\S {3,}[\d.,+%-]+\s*$")


def _is_tabular(line: str) -> bool:
    return bool(_COLUMNS.search(line.strip()))


def without_opening(paragraphs: list[str], *stated: str | None) -> list[str]:
    """Paragraphs without those at the start that repeat what is stated elsewhere (headline, byline)."""
    known = {_fold(one) for one in stated if one}
    start = 0
    while start < min(3, len(paragraphs)) and _fold(paragraphs[start]) in known:
        start += 1
    return paragraphs[start:]


def without_signature(paragraphs: list[str]) -> list[str]:
    """Paragraphs without the initials of an agency's writers that close them."""
    return paragraphs[:-1] if len(paragraphs) > 1 and SIGNED.fullmatch(paragraphs[-1]) else paragraphs


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
