"""What trafilatura takes for the article of a page.

It is asked once a page, of a tree without what it would cut piece by piece, and with its expressions that choose
elements by their names kept as tables of what they said of each set of names: they are half of its work, and pages
repeat names.
"""

import logging
import re
from copy import deepcopy
from functools import cache

from lxml import etree
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

_BLANK_BOXES = etree.XPath("descendant::div[not(normalize-space())]")
"""What held scripts, pictures and advertising: a third of the boxes that trafilatura would ask for their names."""

_TRAFILATURA_FAILURES = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError)
"""What trafilatura raises on odd trees; its opinion is then missing, the page is judged without."""


_MOST_NAMES = 20_000
"""Sets of names that an expression remembers: pages can bring new ones without end."""


class RememberedXPath:
    """An expression for descendants by their own tag and attributes, asked once for each set of these.

    The elements are those of the expression, in order of markup; ``[1]`` behind it does not hold.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._tags = dict.fromkeys(re.findall(r"(?:self::|\.//)(\w+)", path)) or ("*",)
        self._attributes = tuple(dict.fromkeys(re.findall(r"@([\w-]+)", path)))
        self._is_one = etree.XPath(path.replace(".//", "self::"), namespaces={"re": xpaths.REGEXP_NS})
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
        return found


def remember_expressions() -> None:
    """Let trafilatura look up what most of its expressions say, with the same result.

    Left as they are: those that look into an element as well. Of its expressions for the body, which end in ``[1]``, it
    takes the first element alone.
    """
    for expressions in (
        xpaths.BODY_XPATH,
        xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
        xpaths.OVERALL_DISCARD_XPATH,
        xpaths.TEASER_DISCARD_XPATH,
        xpaths.DISCARD_IMAGE_ELEMENTS,
    ):
        expressions[:] = [RememberedXPath(expression.path) for expression in expressions]


@cache
def _opinion_options() -> Extractor:
    """Made once: trafilatura reads its configuration file for every call that has none.

    Of a focus that is not ``balanced`` it does not try again where it keeps little of a page, which takes as long as
    the first try; of one that it does not know either it does all else as if it were.
    """
    remember_expressions()
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
        document = bare_extraction(seen, options=_opinion_options())
    except _TRAFILATURA_FAILURES as error:
        logging.getLogger(__name__).info("trafilatura failed on %s: %s", url, error)
        return ""
    return str(getattr(document, "text", None) or "")
