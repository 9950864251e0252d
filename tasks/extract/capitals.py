"""Drop caps: the first letter of an article where it stands in a box of its own ahead of the line that it begins."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Literal

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import SILENT_TAGS, Block
from newsmill.tasks.extract.words import words_of

type _Place = tuple[HtmlElement, Literal["text", "tail"]]
"""A piece of text in a tree: that of an element, or the one behind it."""

_CAPITAL = re.compile(r"[\"'“„«‘¿¡]?([^\W\d_])")
"""A letter, behind a mark that opens a quotation or a question."""

_PARAGRAPH = 40
"""Characters from which on a line is taken for a paragraph. A lone X ahead of shorter ones closes a box, or is a site
in a list of others."""

_MOST_CAPS = 30
"""A long page has one a chapter. Each is looked for from the start of the page."""

_NOT_AHEAD = frozenset(["li", "button", "td", "th", "dt", "dd", "label"])
"""Elements whose single letters are items of a list or signs to press."""

_WORDS = frozenset("AEIOUYÀÈÉÓÔΟΗАВИІКОСУЯЄ")
"""Letters that are words in languages that newspapers are printed in."""


def join_drop_caps(tree: HtmlElement, blocks: Sequence[Block]) -> bool:
    """Put each drop cap of a page into the line behind it; whether there was any, and the lines are others now.

    It is done in the tree, so that whoever reads the page finds the whole word.
    """
    found = False
    caps = ((letter, line) for letter, line in pairwise(blocks) if len(letter.text) <= 2 and _is_drop_cap(letter, line))
    for letter, line in islice(caps, _MOST_CAPS):
        space = " " if _is_word(letter.text[-1], line, blocks) else ""
        found |= _joined(tree, letter.text, line.text, space)
    return found


def _is_drop_cap(letter: Block, line: Block) -> bool:
    capital = _CAPITAL.fullmatch(letter.text)
    return (
        capital is not None
        and capital[1].isupper()
        and line.text[0].islower()
        and len(line.text) >= _PARAGRAPH
        and not letter.linked
        and letter.element.tag not in _NOT_AHEAD
    )


def _is_word(letter: str, line: Block, blocks: Sequence[Block]) -> bool:
    """Whether the letter is a word by itself: one that can be, where the page has the next word elsewhere, but not the
    two in one. "A" ahead of "nother" is none."""
    if letter not in _WORDS:
        return False
    first, *rest = words_of(line.text)
    others = {*rest, *(word for block in blocks if block is not line for word in words_of(block.text))}
    return first in others and f"{letter.lower()}{first}" not in others


def _joined(tree: HtmlElement, letter: str, line: str, space: str) -> bool:
    """Move the letter ahead of the text that begins the line; False where the two do not follow one another."""
    for (holder, at), (other, behind) in pairwise(_texts(tree)):
        text = getattr(other, behind)
        if getattr(holder, at).strip() == letter and line.startswith(" ".join(text.split())):
            setattr(holder, at, None)
            setattr(other, behind, f"{letter}{space}{text.lstrip()}")
            return True
    return False


def _texts(tree: HtmlElement) -> Iterator[_Place]:
    """The pieces of visible text that are not blank, in order of markup."""
    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        is_silent = element.tag in SILENT_TAGS
        if event == "start" and is_silent:
            walk.skip_subtree()
        elif event == "start" and (element.text or "").strip():
            yield element, "text"
        if event == "end" and (element.tail or "").strip():
            yield element, "tail"
