"""A page as the lines that a browser shows, in order of markup."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

_SILENT_TAGS = (
    "script style noscript template svg math iframe object embed select option textarea head link meta canvas audio "
    "video map datalist dialog progress"
)
_SILENT = frozenset(_SILENT_TAGS.split())
"""Elements whose text a reader does not see."""

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr nobr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_LINK, _BOLD, _SLANTED = range(3)
_STYLES = {"a": _LINK, "b": _BOLD, "strong": _BOLD, "i": _SLANTED, "em": _SLANTED}
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
    depth = [0, 0, 0]
    marked = [0, 0, 0]
    edge = "block"
    holders = [root]
    stack: list[tuple[HtmlElement, bool]] = [(root, True)]

    def close(after: str) -> None:
        nonlocal edge
        if parts:
            text = _SPACE.sub(" ", "".join(parts)).strip()
            if text:
                linked, bold, slanted = (min(1.0, count / len(text)) for count in marked)
                found.append(Block(text, holders[-1], linked, bold, slanted, f"{edge}-{after}"))
            parts.clear()
            marked[:] = (0, 0, 0)
        edge = after

    while stack and (most is None or len(found) < most):
        element, opening = stack.pop()
        tag = element.tag
        shown = isinstance(tag, str) and tag not in _SILENT
        is_block = shown and tag not in _INLINE
        own_style = _STYLES.get(tag) if shown else None
        if is_block:
            close("br" if tag == "br" else "block")
        if opening and shown:
            if own_style is not None:
                depth[own_style] += 1
            if is_block:
                holders.append(element)
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element))
            piece = element.text
        else:
            if own_style is not None:
                depth[own_style] -= 1
            if is_block:
                holders.pop()
            piece = element.tail if element is not root else None
        if piece:
            parts.append(piece)
            if any(depth):
                size = len(piece.strip())
                for style in (_LINK, _BOLD, _SLANTED):
                    if depth[style]:
                        marked[style] += size
    close("block")
    return found
