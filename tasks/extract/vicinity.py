"""Where an article stands on its page: the line of its headline, the lines of its text, and what is beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.features import fold

_ABOVE = 6
"""Lines above the headline, or above the text where there is none, among which a byline or a time stands."""

_INTO = 3
_BEHIND = 5
"""Lines of the text, at its start and around its end, among which they stand."""

_UNJUDGED = 20
"""Lines behind the headline that count as beside it where nobody has judged the lines."""

_MOST_INSIDE = 60
"""Elements inside another that are looked at for the line that it starts."""

_FOLDED_AWAY = 15
"""Characters by which a headline and what folds to the same may differ in length."""


@dataclass(frozen=True, slots=True)
class Vicinity:
    """The lines of a page and which of them are the headline and the first and last of the text; None for unknown."""

    blocks: Sequence[Block]
    head: int | None
    first: int | None
    last: int | None
    text: frozenset[int]
    """The lines that are taken for the article's text."""
    lines: Mapping[HtmlElement, Sequence[int]]
    """The lines that stand in an element and in none inside it."""

    def line_of(self, element: HtmlElement) -> int | None:
        """The first line in an element or, for one inside a line, that line."""
        for inner in islice(element.iter(), _MOST_INSIDE):
            if inner in self.lines:
                return self.lines[inner][0]
        held = next((self.lines[outer] for outer in element.iterancestors() if outer in self.lines), ())
        text = " ".join(element.text_content().split())
        return next((i for i in held if text in self.blocks[i].text), held[0] if held else None)

    @property
    def above(self) -> range:
        """The lines by the headline, down to the first ones of the text."""
        starts = [i for i in (self.head, self.first) if i is not None]
        if not starts:
            return range(min(len(self.blocks), _UNJUDGED))
        if self.first is None:
            return range(max(0, starts[0] - _ABOVE), min(len(self.blocks), starts[0] + _UNJUDGED))
        return range(max(0, min(starts) - _ABOVE), min(len(self.blocks), self.first + _INTO))

    @property
    def below(self) -> range:
        """The lines around the end of the text."""
        if self.last is None:
            return range(0)
        return range(max(self.above.stop, self.last - _INTO), min(len(self.blocks), self.last + _BEHIND))


def vicinity_of(blocks: Sequence[Block], title: str | None, chosen: Sequence[bool] | None = None) -> Vicinity:
    """Where the article with this headline stands; ``chosen`` are the lines that are taken for its text."""
    lines: dict[HtmlElement, list[int]] = {}
    for i, block in enumerate(blocks):
        lines.setdefault(block.element, []).append(i)
    head = _headline_place(blocks, title)
    taken = [i for i, is_chosen in enumerate(chosen or ()) if is_chosen and i != head]
    text = [i for i in taken if head is None or i > head] or taken
    return Vicinity(blocks, head, text[0] if text else None, text[-1] if text else None, frozenset(text), lines)


def _headline_place(blocks: Sequence[Block], title: str | None) -> int | None:
    folded = fold(title or "")
    if not folded:
        return None
    places = [
        i
        for i, block in enumerate(blocks)
        if len(folded) <= len(block.text) + _FOLDED_AWAY <= len(folded) + 3 * _FOLDED_AWAY
        and fold(block.text) == folded
    ]
    headings = [i for i in places if _is_heading(blocks[i].element)]
    others = [] if places else [i for i, b in enumerate(blocks) if len(b.text.split()) > 1 and _is_heading(b.element)]
    return next(iter(headings or places or others), None)


def _is_heading(element: HtmlElement) -> bool:
    return element.tag == "h1" or any(parent.tag == "h1" for parent in element.iterancestors())


def names_of(element: HtmlElement) -> str:
    """The names that a page gives to an element, in lower case with a dash between their words."""
    get = element.get
    return _dashed(
        f"{get('rel', '')} {get('itemprop', '')} {get('class', '')} {get('id', '')} {get('data-testid', '')}"
    )


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=4096)
def _dashed(names: str) -> str:
    return _CAMEL.sub("-", names).replace("_", "-").lower()
