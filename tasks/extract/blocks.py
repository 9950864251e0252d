"""A page as the lines that a browser shows, in order of markup."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape
from itertools import groupby
from typing import NamedTuple

from lxml import etree
from lxml.etree import iterwalk
from lxml.html import HtmlElement

_SILENT = (
    "script style noscript template svg math iframe object embed select option textarea head link meta canvas audio "
    "video map datalist dialog progress rt rp rtc"
)
"""Elements whose text a reader does not see, or not as part of the line: readings beside a ruby base, formulas."""

SILENT_TAGS = frozenset(_SILENT.split())

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rb ruby s samp small "
    "span strike strong sub sup time tt u var wbr nobr"
)
_BLOCK_TAGS = (
    "address article aside audio blockquote body br button caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr html input legend li "
    "main menu nav ol optgroup p param picture pre search section source summary table tbody td tfoot th thead title "
    "tr ul"
)
_LINK, _BOLD, _SLANTED, _PLAIN, _UNSEEN, _LINE, _TABLE, _PRE, _SUP, _MATH = range(10)
_KINDS = {
    **dict.fromkeys(SILENT_TAGS, _UNSEEN),
    **dict.fromkeys(_INLINE_TAGS.split(), _PLAIN),
    **dict.fromkeys(_BLOCK_TAGS.split(), _LINE),
    "a": _LINK,
    "b": _BOLD,
    "strong": _BOLD,
    "i": _SLANTED,
    "em": _SLANTED,
    "table": _TABLE,
    "pre": _PRE,
    "sup": _SUP,
    "math": _MATH,
}
"""What an element does to the text in it. Those that HTML does not know stand in a line if there is text beside them
and no block within, as a browser shows them without a style sheet."""

_NOT_STYLED = [0, 0, 0]
_SPACE = re.compile(r"[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+")
"""White space that is not a single space already: a space for a space would be most of the work."""

_BREAKERS = re.compile("[\u200b\u2060\ufeff\u00ad]+")
"""Zero-width spaces and soft hyphens: marks within words at which a line may be broken."""

_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d{0,2});")


class Block(NamedTuple):
    """One line: its text, the element that it stands in, and the shares of its characters that are so marked."""

    text: str
    element: HtmlElement
    linked: float
    bold: float
    slanted: float
    edges: str
    """What parts the line from those around it: ``block`` or ``br``, before and after."""
    pieces: Sequence[str] = ()
    """The text as it stands in the markup, if there are links in it."""
    anchors: Sequence[tuple[int, int, HtmlElement]] = ()
    """The links in it: the first of their pieces, the one behind the last, and the element."""


def blocks_of(tree: HtmlElement, most: int | None = None) -> list[Block]:  # noqa: PLR0912, PLR0915  # one walk
    """The visible lines of a page, at most the first ``most``, white space folded. Does not recurse.

    A table of figures gives a line a row, preformatted text its own lines or paragraphs; what the page hides is left
    out, and so are marks of footnotes, which would change the figures that they stand behind.
    """
    body = tree.find("body")
    root = body if body is not None else tree
    hidden = hidden_parts(root)
    found: list[Block] = []
    parts: list[str] = []
    depth, marked = [0, 0, 0], [0, 0, 0]
    anchors: list[tuple[int, int, HtmlElement]] = []
    opened: list[tuple[int, HtmlElement]] = []
    edge, holders = "block", [root]
    kinds: dict[HtmlElement, int] = {}
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        opens = event == "start"
        tag = element.tag
        kind = _KINDS.get(tag)
        if kind is None:
            kind = kinds[element] = _kind_of_unknown(element, parts) if opens else kinds[element]
        if opens and (label := element.get("class")) and _is_hidden_label(label) and _is_short(element):
            hidden.add(element)
        if element in hidden:
            kind = _UNSEEN
        whole: Iterable[Block] | None = None
        if kind > _LINE:
            if kind == _SUP:
                kind = _UNSEEN if opens and _is_note_mark(element) else _PLAIN
            elif kind == _MATH:
                kind = _UNSEEN
                if opens:
                    parts.append(_formula(element))
            else:
                whole = _table_rows(element) if opens and kind == _TABLE else None
                whole = _preformatted(element) if opens and kind == _PRE else whole
                kind = _LINE
        if kind == _LINE:
            after = "br" if tag == "br" else "block"
            if parts:
                if opened:
                    anchors += [(first, len(parts), link) for first, link in opened]
                    opened = [(0, link) for _, link in opened]
                found += _block(parts, holders[-1], marked, f"{edge}-{after}", anchors)
                parts, marked, anchors = [], [0, 0, 0], []
            edge = after
            if whole is not None:
                found += whole
                walk.skip_subtree()
            if opens:
                holders.append(element)
            else:
                holders.pop()
        elif kind <= _SLANTED:
            depth[kind] += 1 if opens else -1
            if kind == _LINK and opens:
                opened.append((len(parts), element))
            elif kind == _LINK:
                first, link = opened.pop()
                if first < len(parts):
                    anchors.append((first, len(parts), link))
        elif kind == _UNSEEN and opens:
            walk.skip_subtree()
            continue
        is_read = whole is None if opens else element is not root
        piece = (element.text if opens else element.tail) if is_read else None
        if piece and (parts or not piece.isspace()):
            parts.append(piece)
            if depth != _NOT_STYLED:
                size = len(piece.strip())
                marked = [count + size if inside else count for count, inside in zip(marked, depth, strict=True)]
        if most is not None and len(found) >= most:
            return found[:most]
    found += _block(parts, holders[-1], marked, f"{edge}-block", anchors)
    return found


def _block(
    parts: Sequence[str],
    element: HtmlElement,
    marked: Sequence[int],
    edges: str,
    anchors: Sequence[tuple[int, int, HtmlElement]],
) -> list[Block]:
    """The line that the pieces make; none where they are blank. ``marked`` are characters by style."""
    text = line_of("".join(parts))
    if not text:
        return []
    if marked == _NOT_STYLED:
        return [Block(text, element, 0.0, 0.0, 0.0, edges)]
    linked, bold, slanted = [min(1.0, count / len(text)) for count in marked]
    return [Block(text, element, linked, bold, slanted, edges, parts if anchors else (), anchors)]


def line_of(text: str) -> str:
    """Text with white space folded, without marks for hyphenation; entities that were escaped twice are read."""
    if "&" in text and ";" in text:
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    text = text if text.isascii() else _BREAKERS.sub("", text)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _SPACE.sub(" ", text)
    return text.strip()


def line_start(before: str, piece: str) -> int:
    """Where the text of ``piece`` begins in the line that it makes with what stands before it."""
    if "&" in before and ";" in before:
        before = _ENTITY.sub(lambda entity: unescape(entity[0]), before)
    lead = piece[: len(piece) - len(piece.lstrip())]
    return len(_SPACE.sub(" ", _BREAKERS.sub("", before + lead)).lstrip())


def _kind_of_unknown(element: HtmlElement, parts: Sequence[str]) -> int:
    """How an element that HTML does not know stands: in the line where there is text beside it and no block in it."""
    if not isinstance(element.tag, str):
        return _UNSEEN
    beside = bool((element.tail or "").strip()) or bool(parts and parts[-1].strip())
    is_inline = beside and not any(_KINDS.get(e.tag, _LINE) >= _LINE for e in element.iterdescendants())
    return _PLAIN if is_inline else _LINE


_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*†‡§¹²³]{1,3}|note \d+)[\])]?(?:[,;\s]+\[?\d{1,3}\]?)*")
_NOTE_LABEL = re.compile(r"foot-?note|noteref|\breference\b|\bfnref\b|\bfn\b|\bcite|endnote", re.IGNORECASE)


def _is_note_mark(element: HtmlElement) -> bool:
    """Whether a raised text is the mark of a footnote: a number or sign that leads to a place on the page."""
    text = "".join(element.itertext()).strip()
    if not _NOTE_MARK.fullmatch(text):
        return False
    around = [element, *element.iterdescendants(), *([element.getparent()] if element.getparent() is not None else [])]
    return any(
        (e.tag == "a" and (e.get("href") or "").startswith("#"))
        or _NOTE_LABEL.search(f"{e.get('class', '')} {e.get('role', '')} {e.get('id', '')} {e.get('epub:type', '')}")
        for e in around
        if isinstance(e.tag, str)
    )


_SIGNS_OF = {"mfrac": "/", "msup": "^", "msub": "_"}


def _formula(element: HtmlElement) -> str:
    """A formula as a line of text: as the page words it, or its signs in order."""
    if stated := element.get("alttext"):
        return f" {stated} "
    for note in element.iter("annotation"):
        if "tex" in (note.get("encoding") or "").lower() and note.text:
            return f" {note.text} "
    pieces: list[str] = []
    for leaf in element.iter("mi", "mn", "mo", "mtext", "ms"):
        parent = leaf.getparent()
        sign = _SIGNS_OF.get(parent.tag) if parent is not None else None
        if sign and leaf.getprevious() is not None:
            pieces.append(sign)
        pieces.append("".join(leaf.itertext()).strip())
    return f" {''.join(pieces)} "


# Tables and preformatted text

_CELL = 120
"""Characters beyond which a cell holds text, not a figure: then the table is a means of layout."""

_NOT_IN_CELLS = frozenset(f"{_SILENT} table ul ol h1 h2 h3 h4 h5 h6 article section form input".split())


def _table_rows(table: HtmlElement) -> list[Block] | None:
    """A line for each row of a table of figures, its cells parted by bars; None for a table that lays out text."""
    rows: list[Block] = []
    wide = 0
    for element in table.iterdescendants():
        if element.tag in _NOT_IN_CELLS:
            return None
        if element.tag == "tr":
            cells = [line_of(" ".join(cell.itertext())) for cell in element.iterchildren("td", "th")]
            if any(len(cell) > _CELL for cell in cells):
                return None
            wide += len(cells) > 1
            text = " | ".join(cell for cell in cells if cell)
            if text:
                linked = sum(len(line_of("".join(a.itertext()))) for a in element.iter("a"))
                rows.append(Block(text, element, min(1.0, linked / len(text)), 0.0, 0.0, "block-block"))
    return rows if wide > 1 and len(rows) > 1 else None


_WRAPPED = 45
"""Mean characters of a paragraph's lines from which on they were broken at a width, not by the writer."""


def _preformatted(element: HtmlElement) -> list[Block] | None:
    """The lines of preformatted text, those of a paragraph that was broken at a width joined; None if it has markup."""
    if any(_KINDS.get(e.tag, _LINE) >= _UNSEEN for e in element.iterdescendants()):
        return None
    found = []
    lines = [line_of(line) for line in "".join(element.itertext()).split("\n")]
    for is_text, paragraph in groupby(lines, key=bool):
        if is_text:
            kept = list(paragraph)
            is_wrapped = len(kept) > 1 and sum(map(len, kept[:-1])) >= _WRAPPED * (len(kept) - 1)
            texts = [" ".join(kept)] if is_wrapped else kept
            found += [Block(text, element, 0.0, 0.0, 0.0, "block-block") for text in texts]
    return found


# Hidden parts

_MARKED_HIDDEN = etree.XPath(".//@hidden/.. | .//@aria-hidden/.. | .//@style/..")
"""By way of the attributes, which are fewer than the elements."""

_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CLIPPED_STYLE = re.compile(
    r"(?:^|;)\s*(?:clip\s*:\s*rect\(\s*[01]|clip-path\s*:\s*inset\(\s*(?:50|100)%)", re.IGNORECASE
)
_HIDDEN_LABEL = re.compile(
    r"(?:^|\s)(?:[\w-]*visually-?hidden(?!-focusable)|sr-only|u?-?screen-?reader(?:-text|-only)?|[\w-]*offscreen|"
    r"a11y-hidden)(?:\s|$)",
    re.IGNORECASE,
)
_LABEL = 200
"""Characters of a label for screen readers; what is longer is no label."""

_HIDDEN_SHARE = 0.25
"""Share of the page's paragraphs from which on hidden ones are the article, which a script would show."""


def hidden_parts(root: HtmlElement) -> set[HtmlElement]:
    """The elements that no reader sees, unless together they hold much of the page's prose."""
    parts: dict[HtmlElement, int] = {}
    for element in _MARKED_HIDDEN(root):
        style = element.get("style") or ""
        if _CLIPPED_STYLE.search(style):
            if _is_short(element):
                parts[element] = 0
        elif element.get("hidden") is not None or element.get("aria-hidden") == "true" or _HIDING_STYLE.search(style):
            is_within = any(parent in parts for parent in element.iterancestors())
            parts[element] = 0 if is_within else _paragraph_characters(element)
    prose = sum(parts.values())
    if prose and prose > _HIDDEN_SHARE * _paragraph_characters(root):
        return {element for element, size in parts.items() if not (size or _holds_paragraphs(element))}
    return set(parts)


@lru_cache(maxsize=4096)
def _is_hidden_label(label: str) -> bool:
    return _HIDDEN_LABEL.search(label) is not None


def _is_short(element: HtmlElement) -> bool:
    return len("".join(element.itertext())) <= _LABEL


def _holds_paragraphs(element: HtmlElement) -> bool:
    return element.tag == "p" or element.find(".//p") is not None


def _paragraph_characters(element: HtmlElement) -> int:
    return sum(len("".join(p.itertext())) for p in element.iter("p"))
