"""What trafilatura takes for the article of a page.

It is asked once a page, of a tree without what it would cut piece by piece, and with its expressions that choose
elements by their names kept as tables of what they said of each set of names: they are half of its work, and pages
repeat names.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache

from lxml import etree
from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura import bare_extraction, xpaths
from trafilatura.settings import Extractor

_UNREAD = (
    *("head", "script", "style", "noscript", "template", "svg", "math", "iframe", "embed", "object", "canvas", "audio"),
    *("video", "source", "track", "picture", "img", "map", "nav", "footer", "aside", "menu", "dialog", "button"),
    *("input", "select", "option", "optgroup", "textarea", "label", "legend", "datalist", "param", "progress", "link"),
    *("meta", "rp", "rt", "rtc"),
)
"""Elements that trafilatura would cut one by one, if not for good as scripts are."""

_BLANK_BOXES = XPath("descendant::div[not(normalize-space())]")
"""What held scripts, pictures and advertising: a third of the boxes that trafilatura would ask for their names."""

_TRAFILATURA_FAILURES = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError)
"""What trafilatura raises on odd trees; its opinion is then missing, the page is judged without."""


_MOST_NAMES = 20_000
"""Sets of names that an expression remembers: pages can bring new ones without end."""

_NAMESPACES = {"re": xpaths.REGEXP_NS}
_TEST_WITHIN = re.compile(r"\]\s*\[\s*(?=not\(\.//)")


class RememberedXPath:
    """An expression for descendants by their own tag and attributes, asked once for each set of these.

    The elements are those of the expression, in order of markup; ``[1]`` behind it does not hold. If it ends in a test
    of what an element holds, ``[not(.//...]``, it is asked as it is where an element passes the tests before that.
    """

    def __init__(self, path: str) -> None:
        own, *beyond = _TEST_WITHIN.split(path, maxsplit=1)
        own += "]" if beyond else ""
        self._whole = XPath(path, namespaces=_NAMESPACES) if beyond else None
        self._tags = dict.fromkeys(re.findall(r"(?:self::|\.//)(\w+)", own)) or ("*",)
        self._attributes = tuple(dict.fromkeys(re.findall(r"@([\w-]+)", own)))
        self._is_one = XPath(own.replace(".//", "self::"), namespaces=_NAMESPACES)
        self._known: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """The elements of a tree below its root that the expression chooses."""
        known, attributes = self._known, self._attributes
        found = []
        for element in tree.iterdescendants(*self._tags):
            names = (element.tag, *map(element.get, attributes))
            is_one = known.get(names)
            if is_one is None:
                if len(known) == _MOST_NAMES:
                    known.clear()
                is_one = known[names] = bool(self._is_one(element))
            if is_one:
                found.append(element)
        return list(self._whole(tree)) if found and self._whole is not None else found


_EXPRESSIONS = (
    xpaths.BODY_XPATH,
    xpaths.RAW_TREE_PRUNE_XPATH,
    xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    xpaths.OVERALL_DISCARD_XPATH,
    xpaths.TEASER_DISCARD_XPATH,
    xpaths.DISCARD_IMAGE_ELEMENTS,
)
"""trafilatura's, which are asked of every page. Of those for the body, which end in ``[1]``, it takes the first element
alone."""


_PLAIN = tuple(tuple(paths) for paths in _EXPRESSIONS)
_REMEMBERED = tuple(tuple(RememberedXPath(path.path) for path in paths) for paths in _PLAIN)


@contextmanager
def remembered_expressions() -> Iterator[None]:
    """Let trafilatura look up what its expressions say, with the same result; others find it as it was."""
    for paths, remembered in zip(_EXPRESSIONS, _REMEMBERED, strict=True):
        paths[:] = remembered
    try:
        yield
    finally:
        for paths, plain in zip(_EXPRESSIONS, _PLAIN, strict=True):
            paths[:] = plain


@cache
def _opinion_options() -> Extractor:
    """Made once: trafilatura reads its configuration file for every call that has none.

    Of a focus that is not ``balanced`` it does not try again where it keeps little of a page, which takes as long as
    the first try; of one that it does not know either it does all else as if it were.
    """
    options = Extractor(output_format="python", comments=False, fast=True)
    options.focus = "first try"
    return options


def second_opinion(tree: HtmlElement, url: str | None) -> str:
    """What trafilatura takes for the article. Its slower fallbacks are off: the model is the fallback here."""
    seen = deepcopy(tree)
    etree.strip_elements(seen, *_UNREAD, with_tail=False)
    for box in _BLANK_BOXES(seen):
        box.tag = _UNREAD[0]
    etree.strip_elements(seen, _UNREAD[0], with_tail=False)
    try:
        with remembered_expressions():
            document = bare_extraction(seen, options=_opinion_options())
    except _TRAFILATURA_FAILURES as error:
        logging.getLogger(__name__).info("trafilatura failed on %s: %s", url, error)
        return ""
    return str(getattr(document, "text", None) or "")
