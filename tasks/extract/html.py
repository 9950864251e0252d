"""An article out of an HTML page.

The page is read as the lines that a browser shows. The tree model weighs what each line looks like, what it stands in
and among, whether the page's own JSON-LD states it, and whether trafilatura keeps it. Where that leaves hardly a text,
what the page holds for a script to show is judged the same way: noscript, templates, the state of its application,
the articleBody of its JSON-LD.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from newsmill.schemas.words import Reason
from newsmill.tasks.extract.blocks import Block, blocks_of
from newsmill.tasks.extract.capitals import join_drop_caps
from newsmill.tasks.extract.choice import article_lines, headline_article, without_repeats
from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.images import without_captions
from newsmill.tasks.extract.links import Anchor, base_of, page_anchors
from newsmill.tasks.extract.metadata import Metadata, read_heading, read_metadata
from newsmill.tasks.extract.opinion import second_opinion
from newsmill.tasks.extract.refusals import page_problem
from newsmill.tasks.extract.structured import article_body, structured_data
from newsmill.tasks.extract.traits import TRAITS, Array, Evidence, Layout, fold, layout_of, traits_of
from newsmill.tasks.extract.trees import TreeModel
from newsmill.tasks.extract.unseen import is_about, unseen_readings
from newsmill.tasks.extract.words import words_of
from newsmill.tasks.inputs.content import Problem

_WEIGHTS = Path(__file__).with_name("pages.json")
_MOST_LINES = 6000
"""Longer pages are lists; only their first lines are judged, and trafilatura, which reads it all, is not asked."""

_THIN_WORDS = 80
"""Words below which a text may be what a page shows before its script brings the rest."""

_FULLER = 2
"""How many times the words of the visible text what a page does not show must have to be taken for it."""

_LEAST_WORDS = 3
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""lxml.html's own lookup calls Python for every element that is touched, to tell forms from the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a document gave: the text, what found it, how many lines were cut, and what the document says of itself."""

    text: str
    method: str
    lines_removed: int
    metadata: Metadata
    anchors: Sequence[Anchor] = ()
    """The links of the text."""


class Reading(NamedTuple):
    """What the model makes of the lines of a page, or of a part that it does not show."""

    layout: Layout
    chances: Array
    """The probability of each line to be of the article."""
    chosen: list[bool]
    kept: list[bool] | None
    """Which lines trafilatura kept; None where it was not asked."""

    def lines(self, title: str) -> list[Block]:
        """The lines of the article, without its headline (``title``, folded)."""
        looks = self.layout.looks
        prose = np.array([look.is_prose for look in looks], dtype=np.bool_)
        kept = without_repeats([look.folded for look in looks], prose, np.array(self.chosen, dtype=np.bool_), title)
        return [self.layout.blocks[i] for i in kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """How a page was judged, line by line, and what came of it."""

    blocks: Sequence[Block]
    chances: Array
    """The probability of each line to be of the article."""
    chosen: list[bool]
    kept: list[bool] | None
    """Which lines trafilatura kept; None where it was not asked."""
    text: str
    anchors: Sequence[Anchor]
    method: str
    metadata: Metadata
    problem: Problem | None


@cache
def _model() -> TreeModel:
    return TreeModel.read(_WEIGHTS, TRAITS)


def parse(markup: str) -> HtmlElement | None:
    """The page's tree; None where there is no element in it."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    content = markup.replace("\x00", "").encode("utf-8", "replace")
    if not content.strip():
        return None
    try:
        tree = document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    etree.strip_elements(tree, "svg", with_tail=False)  # a tenth of all elements, and none that anything is read from
    for template in list(tree.iter("template")):
        if template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"  # which a browser shows
    return tree


def extract_page(markup: str, *, url: str | None, latest: datetime) -> Page | Problem:
    """The article of a page, or why it has none. No date after ``latest`` is believed."""
    verdict = judge_page(markup, url=url, latest=latest)
    if verdict is None:
        return _NO_ARTICLE
    if verdict.problem is not None:
        return verdict.problem
    removed = verdict.chosen.count(False) if verdict.method == "page_lines" else 0
    return Page(
        text=verdict.text,
        method=verdict.method,
        lines_removed=removed,
        metadata=verdict.metadata,
        anchors=verdict.anchors,
    )


_NO_ARTICLE = Problem(Reason.NO_ARTICLE, "no text of an article was found in the document")


def judge_page(markup: str, *, url: str | None, latest: datetime) -> PageVerdict | None:
    """The page's lines with what is made of each; None where there is no element in the markup."""
    tree = parse(markup)
    if tree is None:
        return None
    data = structured_data(tree)
    blocks = blocks_of(tree, most=_MOST_LINES)
    if join_drop_caps(tree, blocks):
        blocks = blocks_of(tree, most=_MOST_LINES)
    heading = read_heading(tree, data, url=url)
    told = Evidence(fold(heading.title or ""), fold(heading.description or ""), article_body(data) or "", None)
    asked = len(blocks) < _MOST_LINES
    reading = read(blocks, told._replace(other=second_opinion(tree, url) if asked else None))
    method, lines = "page_lines", reading.lines(told.title)
    if (size := _size(lines, _THIN_WORDS)) < _THIN_WORDS:
        for name, part in unseen_readings(tree, heading.title, told.body):
            unseen = read(blocks_of(part, most=_MOST_LINES), told).lines(told.title)
            is_own = name == "jsonld" or is_about(heading.title, [line.text for line in unseen])
            if is_own and _size(unseen) > max(size * _FULLER, _LEAST_WORDS):
                method, lines, size = name, unseen, _size(unseen)
    text = tidy("\n".join(line.text for line in lines))
    metadata = read_metadata(tree, heading, blocks, reading.chosen, url=url, latest=latest)
    words = len(words_of(text))
    problem = page_problem(tree, data, blocks, text, words, metadata)
    if problem is None and words < _LEAST_WORDS:
        problem = _NO_ARTICLE
    return PageVerdict(
        blocks=blocks,
        chances=reading.chances,
        chosen=reading.chosen,
        kept=reading.kept,
        text=text,
        anchors=page_anchors(lines, text, base=base_of(tree)),
        method=method,
        metadata=metadata,
        problem=problem,
    )


def read(blocks: Sequence[Block], told: Evidence) -> Reading:
    """What the model makes of lines."""
    layout = layout_of(blocks)
    rows = traits_of(layout, told, _model().labels)
    if not len(rows):
        return Reading(layout, np.zeros(0), [], [])
    barred = np.array([look.is_barred for look in layout.looks])
    chances = np.where(barred, 0.0, _model().chances(rows))
    prose = np.array([look.is_prose for look in layout.looks])
    kept = None if told.other is None else rows[:, TRAITS.index("kept")] > 0
    linked = rows[:, TRAITS.index("linked")]
    chosen = article_lines(chances, rows[:, 0], linked, prose, kept, headline_article(layout, told.title))
    return Reading(layout, chances, without_captions(blocks, chosen.tolist()), None if kept is None else kept.tolist())


def _size(lines: Iterable[Block], enough: float = math.inf) -> int:
    """The words of lines, counted until there are ``enough``."""
    size = 0
    for line in lines:
        size += len(words_of(line.text))
        if size >= enough:
            break
    return size


def tidy(text: str) -> str:
    """One paragraph a line, sound characters, no space around lines, no blank lines."""
    lines = (line.strip() for line in clean_characters(text).split("\n"))
    return "\n".join(line for line in lines if line)
