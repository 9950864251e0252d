"""A page as the lines that a browser shows, in order of markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

_SILENT_TAGS = (
    "script style noscript template svg math iframe object embed select option textarea head link meta canvas audio "
    "video map datalist dialog progress"
)
"""Elements whose text a reader does not see."""

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr nobr"
)
_LINK, _BOLD, _SLANTED, _PLAIN, _UNSEEN, _LINE = range(6)
_KINDS = {
    **dict.fromkeys(_SILENT_TAGS.split(), _UNSEEN),
    **dict.fromkeys(_INLINE_TAGS.split(), _PLAIN),
    "a": _LINK,
    "b": _BOLD,
    "strong": _BOLD,
    "i": _SLANTED,
    "em": _SLANTED,
}
"""What an element does to the text in it; all others put it on lines of its own."""

_NOT_STYLED = [0, 0, 0]
_SPACE = re.compile(r"[ \t\n\r\f\u200b]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One line: its text, the element that it stands in, and the shares of its characters that are so marked."""

    text: str
    element: HtmlElement
    linked: float
    bold: float
    slanted: float
    edges: str
    """What parts the line from those around it: ``block`` or ``br``, before and after."""


def blocks_of(tree: HtmlElement, most: int | None = None) -> list[Block]:
    """The visible lines of a page, at most the first ``most``, white space folded. Does not recurse."""
    body = tree.find("body")
    root = body if body is not None else tree
    found: list[Block] = []
    parts: list[str] = []
    depth, marked = [0, 0, 0], [0, 0, 0]
    edge, holders = "block", [root]
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag, opens = element.tag, event == "start"
        kind = _KINDS.get(tag, _LINE)
        if kind == _LINE:
            after = "br" if tag == "br" else "block"
            if parts:
                found += _block(parts, holders[-1], marked, f"{edge}-{after}")
                parts, marked = [], [0, 0, 0]
            edge = after
            if opens:
                holders.append(element)
            else:
                holders.pop()
        elif kind <= _SLANTED:
            depth[kind] += 1 if opens else -1
        elif kind == _UNSEEN and opens:
            walk.skip_subtree()
            continue
        piece = element.text if opens else element.tail if element is not root else None
        if piece and (parts or not piece.isspace()):
            parts.append(piece)
            if depth != _NOT_STYLED:
                size = len(piece.strip())
                marked = [count + size if inside else count for count, inside in zip(marked, depth, strict=True)]
        if len(found) == most:
            break
    found += _block(parts, holders[-1], marked, f"{edge}-block")
    return found


def _block(parts: Sequence[str], element: HtmlElement, marked: Sequence[int], edges: str) -> list[Block]:
    """The line that the pieces make; none where they are blank. ``marked`` are characters by style."""
    text = _SPACE.sub(" ", "".join(parts)).strip()
    if not text:
        return []
    linked, bold, slanted = [min(1.0, count / len(text)) for count in marked]
    return [Block(text, element, linked, bold, slanted, edges)]
