"""An article out of an HTML page.

The page is read as the lines that a browser shows. The line model of pages weighs what each line says, what the markup
says of it, and whether it stands in the articleBody of the page's own JSON-LD. Where that leaves the model unsure, or
with little of the page's prose, trafilatura is asked as well, and the model weighs its opinion too.
"""

import logging
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from newsmill.schemas.words import Reason
from newsmill.tasks.extract.blocks import Block, blocks_of
from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.evidence import body_features, kept_features, kept_states
from newsmill.tasks.extract.features import document_features, fold, words_of
from newsmill.tasks.extract.kinds import page_problem
from newsmill.tasks.extract.markup import Layout, layout_of, markup_features
from newsmill.tasks.extract.metadata import Facts, Metadata, article_body, read_metadata, structured_data
from newsmill.tasks.extract.model import STATES, TEXT, Array, LineModel, marginals
from newsmill.tasks.extract.phrases import CERTAIN_PHRASES
from newsmill.tasks.inputs.content import Problem

_WEIGHTS = Path(__file__).with_name("pages.json")
_MOST_LINES = 6000
"""Longer pages are lists; only their first lines are judged, and trafilatura, which reads it all, is not asked."""

_SURE = 0.95
"""F1 that the model expects of its choice from which on nobody else is asked."""

_WHOLE = 0.6
"""Share of the page's prose below which the model may have missed the article, however sure it is."""

_MOST_CUT = 0.5
_AGREED = 0.7
"""What the probability asked of a line is multiplied by for sentences that trafilatura kept."""

_FALLBACK_SHARE = 0.5
"""Share of the words of another extraction below which the model is taken to have missed the article."""

_FALLBACK_WORDS = 50
_LEAST_WORDS = 3
_UNREAD = ("script", "style", "noscript", "template", "svg", "iframe", "canvas", "source", "select")
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""lxml.html's own lookup calls Python for every element that is touched, to tell forms from the rest."""

_TRAFILATURA_FAILURES = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError)
"""What trafilatura raises on odd trees; its opinion is then missing, the page is judged without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a document gave: the text, what found it, how many lines were cut, and what the document says of itself."""

    text: str
    method: str
    lines_removed: int
    metadata: Metadata


class PageReading(NamedTuple):
    """A page's lines, and what it says of itself."""

    data: Sequence[Facts]
    layout: Layout
    metadata: Metadata
    body: str
    """The articleBody that the page states; empty where it states none."""
    features: list[list[str]]


class Choice(NamedTuple):
    """Which lines of a page are the article, and how sure that is."""

    chances: Array
    """The probability of each state of the line model for each line."""
    expected: float
    """The F1, by words, that the probabilities expect of the choice."""
    chosen: list[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """How a page was judged, line by line, and what came of it."""

    blocks: Sequence[Block]
    chances: Array
    """The probability of each state of the line model for each line."""
    chosen: list[bool]
    kept: list[bool] | None
    """Which lines trafilatura kept; None where it was not asked."""
    text: str
    method: str
    metadata: Metadata
    problem: Problem | None


@cache
def _model() -> LineModel:
    return LineModel.read(_WEIGHTS)


def parse(markup: str) -> HtmlElement | None:
    """The page's tree; None where there is no element in it."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    content = markup.replace("\x00", "").encode("utf-8", "replace")
    if not content.strip():
        return None
    try:
        return document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def extract_page(markup: str, *, url: str | None, latest: datetime) -> Page | Problem:
    """The article of a page, or why it has none. No date after ``latest`` is believed."""
    verdict = judge_page(markup, url=url, latest=latest)
    if verdict is None:
        return _NO_ARTICLE
    if verdict.problem is not None:
        return verdict.problem
    removed = verdict.chosen.count(False) if verdict.method.startswith("page_lines") else 0
    return Page(text=verdict.text, method=verdict.method, lines_removed=removed, metadata=verdict.metadata)


_NO_ARTICLE = Problem(Reason.NO_ARTICLE, "no text of an article was found in the document")


def judge_page(markup: str, *, url: str | None, latest: datetime) -> PageVerdict | None:
    """The page's lines with what is made of each; None where there is no element in the markup."""
    tree = parse(markup)
    if tree is None:
        return None
    data, layout, metadata, body, features = read_page(tree, url=url, latest=latest)
    scores = _model().scores(features)
    choice, kept, other = choose(layout, scores), None, ""
    if _is_doubtful(layout, choice) and len(layout.blocks) < _MOST_LINES:
        other = second_opinion(tree, url)
        states = kept_states(layout, other)
        kept = [state != "cut" for state in states]
        choice = choose(layout, scores + _model().scores(kept_features(layout, states)), kept)
    method = "page_lines" if kept is None else "page_lines+trafilatura"
    title = fold(metadata.title or "")
    judged = [block.text for block, is_chosen in zip(layout.blocks, choice.chosen, strict=True) if is_chosen]
    while judged and title and fold(judged[0]) == title:
        judged = judged[1:]
    method, text = _best_text((method, "\n".join(judged)), ("trafilatura", other), ("jsonld", body))
    problem = page_problem(tree, data, layout.blocks, text, metadata)
    if problem is None and len(words_of(text)) < _LEAST_WORDS:
        problem = _NO_ARTICLE
    return PageVerdict(
        blocks=layout.blocks,
        chances=choice.chances,
        chosen=choice.chosen,
        kept=kept,
        text=text,
        method=method,
        metadata=metadata,
        problem=problem,
    )


def read_page(tree: HtmlElement, *, url: str | None, latest: datetime) -> PageReading:
    """The page's lines, what it says of itself, and what the line model sees of each line without asking anyone."""
    data = structured_data(tree)
    blocks = blocks_of(tree, most=_MOST_LINES)
    metadata = read_metadata(tree, data, url=url, latest=latest, blocks=blocks)
    layout = layout_of(blocks)
    body = article_body(data) or ""
    own = document_features([block.text for block in blocks])
    marked = markup_features(layout, title=fold(metadata.title or ""), description=fold(metadata.description or ""))
    features = [[*a, *b, *c] for a, b, c in zip(own, marked, body_features(layout, body), strict=True)]
    return PageReading(data, layout, metadata, body, features)


def choose(layout: Layout, scores: Array, kept: Sequence[bool] | None = None) -> Choice:
    """The lines from the probability on that expects the highest F1, which is half of that F1 (Lipton et al. 2014).

    ``scores`` are the line model's, a row a line; ``kept`` are the lines that trafilatura kept.
    """
    if not len(scores):
        return Choice(np.zeros((0, len(STATES))), 0.0, [])
    barred = [shape.phrase in CERTAIN_PHRASES for shape in layout.shapes]
    states = marginals(_model(), scores, barred)
    chances = states[:, TEXT]
    words = np.array([len(shape.words) for shape in layout.shapes], dtype=np.float64)
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum((chances * words)[order])
    expected = float((2 * right / np.maximum(np.cumsum(words[order]) + right[-1], 1.0)).max())
    cut = min(expected / 2, _MOST_CUT)
    agreed = [False] * len(scores) if kept is None else kept
    chosen = [
        bool(0.0 < chance >= cut * (_AGREED if is_agreed and shape.prose else 1.0))
        for chance, shape, is_agreed in zip(chances, layout.shapes, agreed, strict=True)
    ]
    return Choice(states, expected, chosen)


def _is_doubtful(layout: Layout, choice: Choice) -> bool:
    """Whether the choice is unsure, or leaves out much of the page's prose: then another article may have won."""
    counts = [len(shape.words) for shape in layout.shapes]
    taken = sum(count for count, is_chosen in zip(counts, choice.chosen, strict=True) if is_chosen)
    prose = sum(count for count, shape in zip(counts, layout.shapes, strict=True) if shape.prose)
    return choice.expected < _SURE or taken < _WHOLE * prose


def second_opinion(tree: HtmlElement, url: str | None) -> str:
    """What trafilatura takes for the article. Its slower fallbacks are off: the line model is the fallback here."""
    seen = deepcopy(tree)
    etree.strip_elements(seen, *_UNREAD, with_tail=False)
    try:
        document = bare_extraction(seen, url=url, include_comments=False, with_metadata=False, fast=True)
    except _TRAFILATURA_FAILURES as error:
        logging.getLogger(__name__).info("trafilatura failed on %s: %s", url, error)
        return ""
    return str(getattr(document, "text", None) or "")


def _best_text(judged: tuple[str, str], *others: tuple[str, str]) -> tuple[str, str]:
    """The model's text unless it holds so little of another's that it missed the article."""
    method, text = judged
    for name, other in others:
        words = len(other.split())
        if (not text and words) or (words >= _FALLBACK_WORDS and len(text.split()) < _FALLBACK_SHARE * words):
            method, text = name, other
    return method, tidy(text)


def tidy(text: str) -> str:
    """One paragraph a line, sound characters, no space around lines, no blank lines."""
    lines = (line.strip() for line in clean_characters(text).split("\n"))
    return "\n".join(line for line in lines if line)
