"""A page as the lines that a browser shows, each with what the markup says of it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from newsmill.tasks.extract.features import shape_of

_SILENT = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "textarea",
        "head",
        "link",
        "meta",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
        "dialog",
        "progress",
    }
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
    }
)
_REGIONS = frozenset(
    {
        "nav",
        "header",
        "footer",
        "aside",
        "figure",
        "figcaption",
        "form",
        "table",
        "article",
        "main",
        "section",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "button",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "td",
        "th",
        "p",
        "pre",
        "details",
    }
)
_SPACE = re.compile(r"[ \t\n\r\f\u200b]+")
_TOKEN = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_LEVELS = 7
"""How many elements above a line are asked for their classes."""


@dataclass(frozen=True, slots=True)
class Block:
    """One line: its text, the element that it stands in and the share of its characters that are links."""

    text: str
    element: HtmlElement
    linked: float


def blocks_of(tree: HtmlElement) -> list[Block]:
    """The visible lines of a page in order of markup, white space folded. Does not recurse, however deep the page."""
    body = tree.find("body")
    root = body if body is not None else tree
    found: list[Block] = []
    parts: list[str] = []
    linked = links = 0
    holders = [root]
    stack: list[tuple[HtmlElement, bool]] = [(root, True)]

    def close() -> None:
        nonlocal linked
        if not parts:
            return
        raw = "".join(parts)
        text = _SPACE.sub(" ", raw).strip()
        if text:
            found.append(Block(text, holders[-1], min(1.0, linked / len(text))))
        parts.clear()
        linked = 0

    while stack:
        element, opening = stack.pop()
        tag = element.tag
        shown = isinstance(tag, str) and tag not in _SILENT
        is_block = shown and tag not in _INLINE
        if is_block:
            close()
        if opening and shown:
            links += tag == "a"
            if is_block:
                holders.append(element)
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element))
            piece = element.text
        else:
            if shown:
                links -= tag == "a"
                if is_block:
                    holders.pop()
            piece = element.tail if element is not root else None
        if piece:
            parts.append(piece)
            if links:
                linked += len(piece.strip())
    close()
    return found


def markup_features(blocks: Sequence[Block]) -> list[list[str]]:
    """What the markup says of each line: its elements, their classes, its links and its siblings."""
    above: dict[HtmlElement, tuple[str, ...]] = {}
    lines = [[b.element, *b.element.iterancestors()] for b in blocks]
    prose = [len(shape_of(b.text).words) if shape_of(b.text).prose and b.linked < 0.5 else 0 for b in blocks]
    holding: Counter[HtmlElement] = Counter()
    for chain, words in zip(lines, prose, strict=True):
        if words:
            for level, element in enumerate(chain[1:3]):
                holding[element] += words if level == 0 else words // 2
    best = max(holding, key=lambda e: holding[e]) if holding else None
    total = sum(prose) or 1
    names = []
    for block, chain in zip(blocks, lines, strict=True):
        found = [f"link share={sum(block.linked >= x for x in (0.01, 0.2, 0.5, 0.9))}", f"tag={block.element.tag}"]
        found.append(
            f"link share={sum(block.linked >= x for x in (0.01, 0.2, 0.5, 0.9))} size={shape_of(block.text).size}"
        )
        found.append(f"tag={block.element.tag} size={shape_of(block.text).size}")
        for element in chain[:_LEVELS]:
            if element not in above:
                above[element] = tuple(_own_marks(element))
            found += above[element]
        for element in chain[_LEVELS:]:
            if element.tag in _REGIONS:
                found.append(f"in {element.tag}")
        if best is not None:
            found += _relation(chain, best)
        mine = holding.get(chain[1], 0) if len(chain) > 1 else 0
        found.append(f"siblings prose={sum(mine >= x * total for x in (0.001, 0.1, 0.3, 0.6, 0.9))}")
        names.append(list(dict.fromkeys(found)))
    return names


def _relation(chain: Sequence[HtmlElement], best: HtmlElement) -> list[str]:
    for level, element in enumerate(chain):
        if element is best:
            return [f"main level={min(level, 6)}"]
    parent = best.getparent()
    if parent is not None and parent in chain:
        return [f"main aunt level={min(chain.index(parent), 6)}"]
    return ["main outside"]


def _own_marks(element: HtmlElement) -> list[str]:
    """The element's tag and the words in its class and id."""
    marks = [f"in {element.tag}"] if element.tag in _REGIONS else []
    if (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style", ""))
    ):
        marks.append("hidden")
    label = (
        f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')} {element.get('itemprop', '')}"
    )
    marks += [f"class={token}" for token in _TOKEN.findall(_CAMEL.sub(" ", label[:300]).lower())]
    return marks
