"""What the markup says of each line of a page: its elements and their classes, its links, its siblings, its likes.

Like the features of the text, each is a name that is on or off.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.features import Shape, shape_of

_REGION_TAGS = (
    "nav header footer aside figure figcaption form table article main section blockquote ul ol dl button h1 h2 h3 h4 "
    "h5 h6 li td th p pre details"
)
_REGIONS = frozenset(_REGION_TAGS.split())
_TOKEN = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_DEPTH = 40
"""How many elements above a line are looked at."""

_NAMED = 6
"""How many elements above a line's own are asked for their classes."""

_LINKED = (0.01, 0.2, 0.5, 0.9)
_MARKED = (0.01, 0.5, 0.95)
_COUNTS = (2, 3, 5, 9, 20)
_SHARES = (0.001, 0.05, 0.2, 0.5, 0.8)

type Chain = list[HtmlElement]
type Signature = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a page with their shapes, the elements that each stands in (its own first), and its signature.

    Lines of one signature stand in elements of one tag and class, in parents of one tag and class: paragraphs of the
    article share it, and so do the headlines of a list.
    """

    blocks: Sequence[Block]
    shapes: Sequence[Shape]
    chains: Sequence[Chain]
    signatures: Sequence[Signature]


def layout_of(blocks: Sequence[Block]) -> Layout:
    """The layout of a page's lines."""
    chains: dict[HtmlElement, Chain] = {}
    signatures: dict[HtmlElement, Signature] = {}
    for block in blocks:
        element = block.element
        if element not in chains:
            chains[element] = chain = [element, *islice(element.iterancestors(), _DEPTH)]
            signatures[element] = tuple(part for e in chain[:2] for part in (e.tag, e.get("class") or ""))
    elements = [block.element for block in blocks]
    return Layout(
        blocks, [shape_of(b.text) for b in blocks], [chains[e] for e in elements], [signatures[e] for e in elements]
    )


def markup_features(layout: Layout, *, title: str, description: str) -> list[list[str]]:
    """The features of each line. ``title`` and ``description`` are the page's own, folded; empty where unknown."""
    names = _inline_features(layout)
    for add in (_add_labels, _add_containers, _add_likes):
        add(names, layout)
    _add_headings(names, layout, title, description)
    return names


def binned(value: float, edges: Sequence[float]) -> int:
    """How many of the edges the value has reached."""
    return bisect_right(edges, value)


def _inline_features(layout: Layout) -> list[list[str]]:
    """The line's own look: tag, links, bold and slanted type, what parts it from its neighbours."""
    names = []
    for block, shape in zip(layout.blocks, layout.shapes, strict=True):
        size, tag, links = shape.size, block.element.tag, binned(block.linked, _LINKED)
        bold = binned(block.bold, _MARKED)
        names.append(
            [
                f"link share={links}",
                f"tag={tag}",
                f"link share={links} size={size}",
                f"tag={tag} size={size}",
                f"bold={bold} size={size}",
                f"bold={bold} link={links}",
                f"slanted={binned(block.slanted, _MARKED)} size={size}",
                f"break={block.edges}",
                f"break={block.edges} size={size}",
            ]
        )
    return names


def _add_labels(names: list[list[str]], layout: Layout) -> None:
    """The words in the classes of the line's own element and of those above it."""
    marks: dict[HtmlElement, tuple[str, ...]] = {}
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    upper: dict[HtmlElement, dict[str, None]] = {}

    def marks_of(element: HtmlElement) -> tuple[str, ...]:
        if element not in marks:
            get = element.get
            label = f"{get('class', '')} {get('id', '')} {get('role', '')} {get('itemprop', '')}"[:300]
            if (element.tag, label) not in known:
                known[element.tag, label] = _labels(element.tag, label)
            marks[element] = (
                (*known[element.tag, label], "hidden") if _is_hidden(element) else known[element.tag, label]
            )
        return marks[element]

    for own, chain in zip(names, layout.chains, strict=True):
        mine = marks_of(chain[0])
        above: dict[str, None] = {}
        if len(chain) > 1:
            if chain[1] not in upper:
                near = [mark for e in chain[1 : 1 + _NAMED] for mark in marks_of(e)]
                far = [f"in {e.tag}" for e in chain[1 + _NAMED :] if e.tag in _REGIONS]
                upper[chain[1]] = dict.fromkeys(near + far)
            above = upper[chain[1]]
        own.extend(above)
        own.extend(mark for mark in mine if mark not in above)
        own.extend(f"own {mark}" for mark in mine)


def _is_hidden(element: HtmlElement) -> bool:
    get = element.get
    style = get("style")
    return get("hidden") is not None or get("aria-hidden") == "true" or bool(style and _HIDDEN.search(style))


def _labels(tag: str, label: str) -> tuple[str, ...]:
    """The tag, the words in the element's class, id, role and itemprop, and the names of two and three words there."""
    marks = [f"in {tag}"] if tag in _REGIONS else []
    words = [_TOKEN.findall(_CAMEL.sub(" ", name).lower()) for name in label.split()]
    marks += [f"class={word}" for name in words for word in name]
    marks += [f"name={' '.join(name)}" for name in words if 2 <= len(name) <= 3]
    return tuple(dict.fromkeys(marks))


def _prose(layout: Layout) -> list[int]:
    """Words of each line that is prose and not a link; 0 for the others."""
    return [
        len(s.words) if s.prose and b.linked < 0.5 else 0 for b, s in zip(layout.blocks, layout.shapes, strict=True)
    ]


def _add_containers(names: list[list[str]], layout: Layout) -> None:
    """Where the line stands against the element that holds most prose, and how the elements around it are filled."""
    prose = _prose(layout)
    total = sum(prose) or 1
    holding: Counter[HtmlElement] = Counter()
    words: Counter[HtmlElement] = Counter()
    links: dict[HtmlElement, float] = {}
    lines: Counter[HtmlElement] = Counter()
    for block, shape, chain, weight in zip(layout.blocks, layout.shapes, layout.chains, prose, strict=True):
        if weight:
            for level, element in enumerate(chain[1:3]):
                holding[element] += weight if level == 0 else weight // 2
        for element in chain[1:4]:
            words[element] += len(shape.words)
            links[element] = links.get(element, 0.0) + len(shape.words) * block.linked
            lines[element] += 1
    best = max(holding, key=lambda e: holding[e]) if holding else None
    main = {e: i for i, e in enumerate([best, *islice(best.iterancestors(), _DEPTH)])} if best is not None else {}
    for own, shape, chain in zip(names, layout.shapes, layout.chains, strict=True):
        size, tag = shape.size, chain[0].tag
        if main:
            up, down = next(((main[e], level) for level, e in enumerate(chain) if e in main), (9, 9))
            place = f"level={min(down, 6)}" if up == 0 else f"aunt level={min(down, 6)}" if up == 1 else "outside"
            near = f"rel up={min(up, 3)} down={min(down, 3)}"
            own += [
                f"main {place}",
                f"rel up={min(up, 6)} down={min(down, 5)}",
                f"{near} tag={tag}",
                f"{near} size={size}",
            ]
        held = holding.get(chain[1], 0) if len(chain) > 1 else 0
        own.append(f"siblings prose={binned(held / total, (0.001, 0.1, 0.3, 0.6, 0.9))}")
        for level, element in enumerate(chain[1:4], 1):
            count = words[element] or 1
            linked = binned(links[element] / count, (0.02, 0.1, 0.25, 0.5, 0.8))
            many = binned(lines[element], (2, 4, 8, 16, 40))
            mean = binned(count / lines[element], (3, 6, 10, 16, 25, 40))
            own += [
                f"up{level} links={linked}",
                f"up{level} links={linked} size={size}",
                f"up{level} lines={many} links={linked}",
                f"up{level} mean={mean} lines={many}",
            ]


def _add_likes(names: list[list[str]], layout: Layout) -> None:
    """What the lines of one signature are together: how many, how much prose, how many links."""
    prose: Counter[Signature] = Counter()
    words: Counter[Signature] = Counter()
    links: dict[Signature, float] = {}
    lines = Counter(layout.signatures)
    for signature, weight, block, shape in zip(
        layout.signatures, _prose(layout), layout.blocks, layout.shapes, strict=True
    ):
        prose[signature] += weight
        words[signature] += len(shape.words)
        links[signature] = links.get(signature, 0.0) + block.linked * len(shape.words)
    total = prose.total() or 1
    top = max(prose, key=lambda s: prose[s], default=None)
    for own, signature, shape in zip(names, layout.signatures, layout.shapes, strict=True):
        count = binned(lines[signature], _COUNTS)
        filled = binned(prose[signature] / (words[signature] or 1), (0.01, 0.3, 0.6, 0.9))
        share = binned(prose[signature] / total, _SHARES)
        linked = binned(links[signature] / (words[signature] or 1), _LINKED)
        own += [
            f"sig n={count} prose={filled}",
            f"sig share={share}",
            f"sig share={share} size={shape.size}",
            f"sig top={signature == top} size={shape.size}",
            f"sig links={linked} n={count}",
        ]


def _add_headings(names: list[list[str]], layout: Layout, title: str, description: str) -> None:
    """Where the line stands against the headline, and whether it is the page's title or description."""
    headings = [i for i, chain in enumerate(layout.chains) if any(e.tag == "h1" for e in chain[:3])]
    head = next((i for i in headings if layout.shapes[i].folded == title), headings[0] if headings else None)
    for i, (own, shape) in enumerate(zip(names, layout.shapes, strict=True)):
        if head is None:
            own.append("head none")
        else:
            ahead, behind = binned(head - i, (2, 4, 9, 20, 60)), binned(i - head, (2, 3, 4, 6, 9, 15, 30, 60))
            own.append("head at" if i == head else f"head before {ahead}" if i < head else f"head after {behind}")
            own.append(f"head {'b' if i < head else 'a'} size={shape.size}")
        if title and shape.folded == title:
            own.append("is title")
        elif title and len(shape.folded) > 20 and (shape.folded in title or title in shape.folded):
            own.append("in title")
        if description and len(shape.words) >= 5 and description.startswith(shape.folded[:60]):
            own.append("is description" if shape.folded == description else "starts description")
