"""An article out of an HTML page.

The page is read as the lines that a browser shows. The line model of pages weighs what each line says, what the markup
says of it, whether trafilatura kept it and whether it stands in the articleBody of the page's own JSON-LD.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from newsmill.tasks.extract.blocks import blocks_of, markup_features
from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import document_features, fold, shape_of, words_of
from newsmill.tasks.extract.lines import is_certain
from newsmill.tasks.extract.metadata import Facts, Metadata, article_body, read_metadata, structured_data
from newsmill.tasks.extract.model import TEXT, Array, LineModel, posteriors

_WEIGHTS = Path(__file__).with_name("pages.json")
_KEPT_FROM = 0.4
_AGREED_FROM = 0.2
_MOST_LINES = 6000
"""Longer pages are lists; only their first lines are judged."""

_FALLBACK_SHARE = 0.35
"""Share of the words of another extraction below which the model is taken to have missed the article."""

_FALLBACK_WORDS = 80
_TRAFILATURA_FAILURES = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError)
"""What trafilatura raises on odd trees; its opinion is then missing, the page is judged without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a document gave: the text, what found it, how many lines were cut, and what the document says of itself."""

    text: str
    method: str
    lines_removed: int
    metadata: Metadata


class PageLines(NamedTuple):
    """The lines of a page with their features, and the opinions that the features hold."""

    lines: list[str]
    features: list[list[str]]
    kept: list[bool]
    """Whether trafilatura kept the line."""
    other: str
    """The text that trafilatura found."""
    body: str | None
    """The articleBody that the page states."""


@cache
def _model() -> LineModel:
    return LineModel.read(_WEIGHTS)


def parse(markup: str) -> HtmlElement | None:
    """The page's tree; None where there is no element in it."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    content = markup.replace("\x00", "").encode("utf-8", "replace")
    if not content.strip():
        return None
    try:
        return document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def extract_page(markup: str, *, url: str | None, latest: datetime) -> Page | None:
    """The article of a page; None where the page has none. No date after ``latest`` is believed."""
    tree = parse(markup)
    if tree is None:
        return None
    data = structured_data(tree)
    page = read_lines(tree, data, url=url)
    metadata = read_metadata(tree, data, url=url, latest=latest)
    chosen = choose_lines(page, posteriors(_model(), page.features, [is_certain(line) for line in page.lines]))
    title = fold(metadata.title or "")
    lines = [line for line, is_chosen in zip(page.lines, chosen, strict=True) if is_chosen]
    while lines and title and fold(lines[0]) == title:
        lines = lines[1:]
    method, text = _best_body("\n".join(lines), page)
    if not text:
        return None
    removed = sum(kept and not is_chosen for kept, is_chosen in zip(page.kept, chosen, strict=True))
    return Page(text=text, method=method, lines_removed=removed if method == "page_lines" else 0, metadata=metadata)


def choose_lines(page: PageLines, chances: Array) -> list[bool]:
    """Which lines are the article: those that the model is sure of, less so for sentences that trafilatura kept."""
    return [
        bool(chance >= (_AGREED_FROM if kept and shape_of(line).prose else _KEPT_FROM))
        for line, kept, chance in zip(page.lines, page.kept, chances[:, TEXT], strict=True)
    ]


def _best_body(judged: str, page: PageLines) -> tuple[str, str]:
    """The model's text unless it holds so little of another's that it missed the article."""
    best = ("page_lines", judged)
    for method, other in (("trafilatura", page.other), ("jsonld", page.body or "")):
        words = len(words_of(other))
        if words >= _FALLBACK_WORDS and len(words_of(best[1])) < _FALLBACK_SHARE * words:
            best = (method, other)
    return best[0], tidy(best[1])


def tidy(text: str) -> str:
    """One paragraph a line, sound characters, no space around lines, no blank lines."""
    lines = (line.strip() for line in clean_characters(text).split("\n"))
    return "\n".join(line for line in lines if line)


def read_lines(tree: HtmlElement, data: Sequence[Facts], *, url: str | None) -> PageLines:
    """The page's lines and what the line model sees of them."""
    blocks = blocks_of(tree)[:_MOST_LINES]
    lines = [block.text for block in blocks]
    other = _second_opinion(tree, url)
    body = article_body(data)
    evidence, kept = evidence_features(lines, other, body)
    features = [
        [*own, *markup, *stated]
        for own, markup, stated in zip(document_features(lines), markup_features(blocks), evidence, strict=True)
    ]
    return PageLines(lines, features, kept, other, body)


def _second_opinion(tree: HtmlElement, url: str | None) -> str:
    """What trafilatura takes for the article. Its slower fallbacks are off: the line model is the fallback here."""
    try:
        document = bare_extraction(tree, url=url, include_comments=False, with_metadata=False, fast=True)
    except _TRAFILATURA_FAILURES as error:
        logging.getLogger(__name__).info("trafilatura failed on %s: %s", url, error)
        return ""
    return str(getattr(document, "text", None) or "")


def evidence_features(lines: Sequence[str], other: str, body: str | None) -> tuple[list[list[str]], list[bool]]:
    """Which lines trafilatura kept and which stand in the articleBody, as features; and the former as it is."""
    other_lines = {fold(line) for line in other.split("\n")}
    other_text = f" {fold(other)} "
    body_words = fold(body or "")
    body_text = f" {body_words} "
    folded = [fold(line) for line in lines]
    states = [_kept_state(line, other_lines, other_text) for line in folded]
    around = ["edge", *states, "edge"]
    has_body = body_words.count(" ") >= 60
    names = []
    for i, (line, state) in enumerate(zip(folded, states, strict=True)):
        size = min((line.count(" ") + 1) // 5, 6)
        own = [f"kept={state}", f"kept={state} size={size}", f"kept={around[i]},{state},{around[i + 2]}"]
        if has_body:
            inside = line.count(" ") >= 2 and f" {line} " in body_text
            own += [f"body={inside:d}", f"body={inside:d} kept={state}", f"body={inside:d} size={size}"]
        names.append(own)
    return names, [state != "cut" for state in states]


def _kept_state(line: str, other_lines: set[str], other_text: str) -> str:
    spaces = line.count(" ")
    if line in other_lines:
        return "whole"
    if spaces >= 3 and f" {line} " in other_text:
        return "within"
    if spaces >= 7 and f" {' '.join(line.split()[:6])} " in other_text:
        return "start"
    return "cut"
