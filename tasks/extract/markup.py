"""What the markup says of each line of a page: its elements and their classes, its links, its siblings, its likes.

Like the features of the text, each is a name that is on or off.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.features import Names, Shape, shape_of

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
_AHEAD, _BEHIND = (2, 4, 9, 20, 60), (2, 3, 4, 6, 9, 15, 30, 60)

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
            signatures[element] = tuple([part for e in chain[:2] for part in (e.tag, e.get("class") or "")])
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


_INLINE = Names(
    "tag={0}",
    "tag={0} size={1}",
    "link share={2}",
    "link share={2} size={1}",
    "bold={3} size={1}",
    "bold={3} link={2}",
    "slanted={4} size={1}",
    "break={5}",
    "break={5} size={1}",
)


def _inline_features(layout: Layout) -> list[list[str]]:
    """The line's own look: tag, links, bold and slanted type, what parts it from its neighbours."""
    names = []
    for block, shape in zip(layout.blocks, layout.shapes, strict=True):
        linked, bold, slanted = (
            binned(block.linked, _LINKED),
            binned(block.bold, _MARKED),
            binned(block.slanted, _MARKED),
        )
        names.append([*_INLINE[block.element.tag, shape.size, linked, bold, slanted, block.edges]])
    return names


def _add_labels(names: list[list[str]], layout: Layout) -> None:
    """The words in the classes of the line's own element and of those above it."""
    marks: dict[HtmlElement, Marks] = {}
    upper: dict[HtmlElement, dict[str, None]] = {}

    def marks_of(element: HtmlElement) -> Marks:
        found = marks.get(element)
        if found is None:
            found = marks[element] = _marks(element)
        return found

    for own, chain in zip(names, layout.chains, strict=True):
        mine = marks_of(chain[0])
        above: dict[str, None] = {}
        if len(chain) > 1:
            if chain[1] not in upper:
                near = [mark for e in chain[1 : 1 + _NAMED] for mark in marks_of(e).shared]
                far = [f"in {e.tag}" for e in chain[1 + _NAMED :] if e.tag in _REGIONS]
                upper[chain[1]] = dict.fromkeys(near + far)
            above = upper[chain[1]]
        own.extend(above)
        own.extend([mark for mark in mine.shared if mark not in above])
        own.extend(mine.own)


class Marks(NamedTuple):
    """The names that an element's tag and attributes give to the lines in it, and those for its own lines alone."""

    shared: tuple[str, ...]
    own: tuple[str, ...]


def _marks(element: HtmlElement) -> Marks:
    get = dict(element.items()).get
    label = f"{get('class', '')} {get('id', '')} {get('role', '')} {get('itemprop', '')}"[:300]
    style = get("style")
    hidden = get("hidden") is not None or get("aria-hidden") == "true" or bool(style and _HIDDEN.search(style))
    return _labels(element.tag, label, hidden=hidden)


@lru_cache(maxsize=4096)
def _labels(tag: str, label: str, *, hidden: bool) -> Marks:
    """The tag, the words in the element's class, id, role and itemprop, and the names of two and three words there."""
    marks = [f"in {tag}"] if tag in _REGIONS else []
    words = [_TOKEN.findall(_CAMEL.sub(" ", name).lower()) for name in label.split()]
    marks += [f"class={word}" for name in words for word in name]
    marks += [f"name={' '.join(name)}" for name in words if 2 <= len(name) <= 3]
    shared = (*dict.fromkeys(marks), *(["hidden"] if hidden else []))
    return Marks(shared, tuple(f"own {mark}" for mark in shared))


def _prose(layout: Layout) -> list[int]:
    """Words of each line that is prose and not a link; 0 for the others."""
    return [
        len(s.words) if s.prose and b.linked < 0.5 else 0 for b, s in zip(layout.blocks, layout.shapes, strict=True)
    ]


_AGAINST_MAIN = Names(
    "main {0}",
    "rel up={1} down={2}",
    "rel up={3} down={4} tag={5}",
    "rel up={3} down={4} size={6}",
)
_SIBLINGS = Names("siblings prose={}")
_CONTAINER = Names(
    "up{0} links={2}", "up{0} links={2} size={1}", "up{0} lines={3} links={2}", "up{0} mean={4} lines={3}"
)


def _add_containers(names: list[list[str]], layout: Layout) -> None:
    """Where the line stands against the element that holds most prose, and how the elements around it are filled."""
    prose = _prose(layout)
    total = sum(prose) or 1
    holding: dict[HtmlElement, int] = {}
    filled: dict[HtmlElement, tuple[int, int, float]] = {}
    for block, shape, chain, weight in zip(layout.blocks, layout.shapes, layout.chains, prose, strict=True):
        if weight:
            for level, element in enumerate(chain[1:3]):
                holding[element] = holding.get(element, 0) + (weight if level == 0 else weight // 2)
        count = len(shape.words)
        for element in chain[1:4]:
            lines, words, links = filled.get(element, (0, 0, 0.0))
            filled[element] = lines + 1, words + count, links + count * block.linked
    looks = {element: _container_look(*sums) for element, sums in filled.items()}
    places = _places(layout, holding)
    for own, shape, chain in zip(names, layout.shapes, layout.chains, strict=True):
        size = shape.size
        if places:
            up, down = places[chain[0]]
            place = f"level={min(down, 6)}" if up == 0 else f"aunt level={min(down, 6)}" if up == 1 else "outside"
            own.extend(_AGAINST_MAIN[place, min(up, 6), min(down, 5), min(up, 3), min(down, 3), chain[0].tag, size])
        held = holding.get(chain[1], 0) if len(chain) > 1 else 0
        own.extend(_SIBLINGS[binned(held / total, (0.001, 0.1, 0.3, 0.6, 0.9)),])
        for level, element in enumerate(chain[1:4], 1):
            own.extend(_CONTAINER[level, size, *looks[element]])


def _container_look(lines: int, words: int, links: float) -> tuple[int, int, int]:
    """Share of links, number of lines and words a line of an element, in steps."""
    words = words or 1
    return (
        binned(links / words, (0.02, 0.1, 0.25, 0.5, 0.8)),
        binned(lines, (2, 4, 8, 16, 40)),
        binned(words / lines, (3, 6, 10, 16, 25, 40)),
    )


def _places(layout: Layout, holding: Mapping[HtmlElement, int]) -> dict[HtmlElement, tuple[int, int]]:
    """Steps up from the element that holds most prose to the first that a line stands in too, and steps down from that.

    Nothing where no element holds prose.
    """
    if not holding:
        return {}
    best = max(holding, key=lambda e: holding[e])
    main = {e: i for i, e in enumerate([best, *islice(best.iterancestors(), _DEPTH)])}
    places: dict[HtmlElement, tuple[int, int]] = {}
    for chain in layout.chains:
        if chain[0] not in places:
            down = next((level for level, e in enumerate(chain) if e in main), None)
            places[chain[0]] = (9, 9) if down is None else (main[chain[down]], down)
    return places


_LIKES = Names(
    "sig n={1} prose={2}",
    "sig share={3}",
    "sig share={3} size={0}",
    "sig top={5} size={0}",
    "sig links={4} n={1}",
)


def _add_likes(names: list[list[str]], layout: Layout) -> None:
    """What the lines of one signature are together: how many, how much prose, how many links."""
    sums: dict[Signature, tuple[int, int, int, float]] = {}
    weights = _prose(layout)
    for signature, weight, block, shape in zip(layout.signatures, weights, layout.blocks, layout.shapes, strict=True):
        lines, prose, words, links = sums.get(signature, (0, 0, 0, 0.0))
        count = len(shape.words)
        sums[signature] = lines + 1, prose + weight, words + count, links + block.linked * count
    total = sum(weights) or 1
    top = max(sums, key=lambda s: sums[s][1], default=None)
    looks = {
        signature: (
            binned(lines, _COUNTS),
            binned(prose / (words or 1), (0.01, 0.3, 0.6, 0.9)),
            binned(prose / total, _SHARES),
            binned(links / (words or 1), _LINKED),
            signature == top,
        )
        for signature, (lines, prose, words, links) in sums.items()
    }
    for own, signature, shape in zip(names, layout.signatures, layout.shapes, strict=True):
        own.extend(_LIKES[shape.size, *looks[signature]])


_HEAD = Names("head {0} {1}", "head {2} size={3}")


def _add_headings(names: list[list[str]], layout: Layout, title: str, description: str) -> None:
    """Where the line stands against the headline, and whether it is the page's title or description."""
    headings = [i for i, chain in enumerate(layout.chains) if "h1" in [e.tag for e in chain[:3]]]
    head = next((i for i in headings if layout.shapes[i].folded == title), headings[0] if headings else None)
    for i, (own, shape) in enumerate(zip(names, layout.shapes, strict=True)):
        if head is None:
            own.append("head none")
        else:
            side, away = ("before", binned(head - i, _AHEAD)) if i < head else ("after", binned(i - head, _BEHIND))
            at, sized = _HEAD[side, away, side[0], shape.size]
            own.extend(["head at" if i == head else at, sized])
        if title and shape.folded == title:
            own.append("is title")
        elif title and len(shape.folded) > 20 and (shape.folded in title or title in shape.folded):
            own.append("in title")
        if description and len(shape.words) >= 5 and description.startswith(shape.folded[:60]):
            own.append("is description" if shape.folded == description else "starts description")
