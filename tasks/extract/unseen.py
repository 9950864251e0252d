"""What a page holds but does not show without its script: noscript, templates, the application's state, JSON-LD."""

import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from html import escape, unescape
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from newsmill.tasks.extract.features import content_words

_LEAST_CHARACTERS = 200
"""Characters from which on such a part may hold an article."""

_MOST_CHARACTERS = 5_000_000
_STATE_SCRIPT = re.compile(r"^\s*(?:window\.|self\.|var |let |const )?[\w.$\[\]\"']{1,80}\s*=\s*(?=[{\[])")
_MARKUP = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|blockquote|a|strong|em|span)\b[^<>]*>", re.IGNORECASE)
_SENTENCE_CHARACTERS = 50
"""Characters from which on a string of a page's state may be a paragraph."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_DEPTH = 60
_ITEMS = 20_000


def unseen_readings(tree: HtmlElement, title: str | None, body: str) -> Iterator[tuple[str, HtmlElement]]:
    """A name and a tree for each part of the page that may hold the article: ``body`` is its JSON-LD's."""
    shown = deepcopy(tree)
    silent = [e for e in shown.iter("noscript", "template") if len("".join(e.itertext())) >= _LEAST_CHARACTERS]
    if silent:
        for element in silent:
            element.tag = "div"
        yield "noscript", shown
    if len(body) >= _LEAST_CHARACTERS:
        yield "jsonld", _page_of(title, [("articleBody", paragraph) for paragraph in paragraphs_of(body)])
    if state := list(_state_paragraphs(tree)):
        yield "page_state", _page_of(title, state)


def is_about(title: str | None, lines: Iterable[str]) -> bool:
    """Whether lines may be what the headline announces: they share a word with it that not every text has.

    What a page does not show also holds the messages of its forms and its consent dialog. Without a headline nothing
    tells them from an article.
    """
    announced = content_words(title or "")
    return not announced or any(not announced.isdisjoint(content_words(line)) for line in lines)


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text that may be HTML, be it escaped once more; else its lines."""
    if "&lt;" in text:
        text = unescape(text)
    if _MARKUP.search(text):
        try:
            part = document_fromstring(f"<div>{text}</div>")
        except (etree.ParserError, etree.XMLSyntaxError):
            return []
        for element in part.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote"):
            element.tail = "\n" + (element.tail or "")
        text = "".join(part.itertext())
    return [line.strip() for line in unescape(text).split("\n") if line.strip()]


def _page_of(title: str | None, paragraphs: list[tuple[str, str]]) -> HtmlElement:
    """A page with the paragraphs, those of one place in one element."""
    pieces, place = [], None
    for name, paragraph in paragraphs:
        if name != place:
            pieces.append(f'</div><div class="{escape(name)}">')
            place = name
        pieces.append(f"<p>{escape(paragraph)}</p>")
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    return document_fromstring(f"<html><body><article>{heading}<div>{''.join(pieces)}</div></article></body></html>")


def _state_paragraphs(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The strings in the page's state objects that read as text, each with the name of its place."""
    for state in (*_script_states(tree), *_attribute_states(tree)):
        try:
            value, _ = json.JSONDecoder().raw_decode(state.lstrip())
        except (ValueError, RecursionError):
            continue
        yield from _strings_in(value)


def _script_states(tree: HtmlElement) -> Iterator[str]:
    """What scripts hold or assign, JSON-LD left out."""
    for script in tree.iter("script"):
        text = script.text or ""
        if not _LEAST_CHARACTERS <= len(text) <= _MOST_CHARACTERS or "ld+json" in (script.get("type") or ""):
            continue
        start = _STATE_SCRIPT.match(text)
        if start is not None or "json" in (script.get("type") or ""):
            yield text[start.end() if start else 0 :]


def _attribute_states(tree: HtmlElement) -> Iterator[str]:
    """The objects that a component gets in an attribute of its element, as React, Vue and Inertia write them."""
    for element in tree.iter(etree.Element):
        for value in element.attrib.values():
            if _LEAST_CHARACTERS <= len(value) <= _MOST_CHARACTERS and value.lstrip().startswith(("{", "[")):
                yield str(value)


def _strings_in(value: Any) -> Iterator[tuple[str, str]]:
    """The strings of a JSON value that read as text, in order; does not recurse."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    seen: set[str] = set()
    for _ in range(_ITEMS):
        if not stack:
            return
        name, item, depth = stack.pop()
        if isinstance(item, str):
            if _is_text(item):
                for paragraph in paragraphs_of(item):
                    if paragraph not in seen:
                        seen.add(paragraph)
                        yield name, paragraph
        elif depth < _DEPTH and isinstance(item, dict):
            stack.extend((f"{name} {key}"[-60:], part, depth + 1) for key, part in reversed(item.items()))
        elif depth < _DEPTH and isinstance(item, list):
            stack.extend((name, part, depth + 1) for part in reversed(item))


def _is_text(value: str) -> bool:
    """Whether a string is a paragraph or markup of some: words with spaces between, no code and no address."""
    if len(value) < (_SENTENCE_CHARACTERS // 2 if _UNSPACED.search(value) else _SENTENCE_CHARACTERS):
        return False
    if _MARKUP.search(value):
        return True
    words = value.split()
    return (len(words) >= 8 or bool(_UNSPACED.search(value))) and not value.lstrip().startswith(("{", "[", "http", "."))
