"""What a page states of itself for machines: JSON-LD, meta elements and microdata."""

import html
import json
import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import fold
from newsmill.tasks.inputs.urls import canonical_url, site

type Facts = Mapping[str, Any]
"""One JSON-LD object."""

ARTICLE_TYPE = re.compile(r"Article|Posting|Report|Review|Column")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--[^<>]{0,2000}-->")
_MAX_OBJECTS = 200

ADDRESS = re.compile(r"https?:|www\.\w")
"""What an address holds and no name does."""

ALIKE = 0.35
"""Share of words that a heading has in common with a title of the page from which on it is the headline."""

UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_TOKEN = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})\w)+")


def structured_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """The objects of the page's JSON-LD, graphs and lists opened; scripts that are broken are passed over."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        pending = [_loads(script.text)]
        while pending and len(found) < _MAX_OBJECTS:
            item = pending.pop(0)
            if isinstance(item, list):
                pending[:0] = item
            elif isinstance(item, dict):
                found.append(item)
                pending += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]
    return found


def _loads(text: str) -> Any:
    """A script's JSON, commas too many cut and entities resolved where it is broken; None for what is none even so."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>")
    for mended in (text, html.unescape(text)):
        for cut in (str, lambda broken: _COMMA_TOO_MANY.sub(r"\1", broken)):
            try:
                return json.loads(cut(mended), strict=False)
            except (ValueError, RecursionError):
                continue
    return None


_COMMA_TOO_MANY = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[]}])', re.DOTALL)
"""A string, which is caught, or a comma behind which nothing follows."""


def article_of(data: Sequence[Facts], *, titles: Collection[str] = (), addresses: Collection[str | None] = ()) -> Facts:
    """The JSON-LD object that describes the article; an empty one where none does.

    It is the one that is stated for one of the page's ``addresses`` (canonical) or has one of its ``titles`` for a
    headline, then the fullest. One that is about something else by both is another article's.
    """
    typed = [(x, _relation(x, titles, addresses)) for x in data if ARTICLE_TYPE.search(str(x.get("@type")))]
    fields = ("headline", "datePublished", "articleBody", "author")
    own = [
        (relation, sum(bool(x.get(k)) for k in fields), -i) for i, (x, relation) in enumerate(typed) if relation >= 0
    ]
    return typed[-max(own)[2]][0] if own else {}


def _relation(item: Facts, titles: Collection[str], addresses: Collection[str | None]) -> int:
    """How an object is tied to the page: 2 by its address, 1 by its headline, 0 by nothing, -1 if it is of another."""
    page = item.get("mainEntityOfPage")
    stated = (item.get("url"), page.get("@id") if isinstance(page, Mapping) else page, item.get("@id"))
    named = {canonical_url(value.partition("#")[0]) for value in map(first_of, stated) if isinstance(value, str)} - {
        None
    }
    if named & set(addresses):
        return 2
    headline = clean(first_of(item.get("headline")))
    if headline and titles:
        return 1 if max(likeness(headline, [title]) for title in titles) >= ALIKE else -bool(named)
    is_elsewhere = any(urlsplit(address or "").path not in {"", "/"} for address in named)
    return -bool(is_elsewhere and any(addresses) and not headline)


def article_body(data: Sequence[Facts]) -> str | None:
    """The longest articleBody in the structured data, tags cut."""
    bodies = [_TAG.sub(" ", x["articleBody"]) for x in data if isinstance(x.get("articleBody"), str)]
    return max(bodies, key=len, default=None)


def meta_contents(tree: HtmlElement) -> dict[str, str]:
    """Name, property or itemprop of each meta element, in lower case, to its first content; then the microdata.

    Names that are stated once for each author have a line for each.
    """
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = (element.get(attribute) or "").strip().lower()
                if name in _REPEATED and found.get(name, content) != content:
                    found[name] += f"\n{content}"
                elif name:
                    found.setdefault(name, content)
    own = _fullest_scope(_ARTICLE_PROPERTIES(tree))
    names = {name for element in own for name in _property(element) if name not in found}
    for element in own:
        for name in _property(element):
            value = element.get("content") or element.get("datetime") or _address_in(element) or _text_in(element)
            if name in names and name in _MICRODATA and value.strip():
                if name in _REPEATED and name in found:
                    found[name] += f"\n{value.strip()}"
                else:
                    found.setdefault(name, value.strip())
    return found


def _property(element: HtmlElement) -> list[str]:
    return (element.get("itemprop") or "").lower().split()


def _fullest_scope(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Those of the elements that state the properties of one thing: where there are several, the one with most text."""
    scopes: dict[HtmlElement, list[HtmlElement]] = {}
    for element in elements:
        scope = next(outer for outer in element.iterancestors() if outer.get("itemscope") is not None)
        scopes.setdefault(scope, []).append(element)
    if len(scopes) <= 1:
        return list(elements)
    return scopes[max(scopes, key=lambda scope: len(scope.text_content()))]


def _text_in(element: HtmlElement) -> str:
    """The name in a person's element, or else all its text, with a line for each element in it."""
    named = next((inner for inner in element.iterdescendants() if "name" in _property(inner)), element)
    return "\n".join(text for text in named.itertext() if text.strip())


_REPEATED = frozenset({"author", "article:author", "citation_author", "dc.creator", "parsely-author"})
_MICRODATA = frozenset(
    {
        "headline",
        "datepublished",
        "datecreated",
        "datemodified",
        "author",
        "description",
        "articlesection",
        "keywords",
        "image",
    }
)
_ARTICLE_PROPERTIES = XPath(
    "//@itemprop/parent::*[not(self::meta)][ancestor::*[@itemscope][1][contains(@itemtype, 'Article') or "
    "contains(@itemtype, 'Posting')]]"
)
"""Elements that state a property of an article, and not of a comment, a picture or a publisher inside it."""


def _address_in(element: HtmlElement) -> str | None:
    return element.get("src") or element.get("href") if element.tag in {"img", "link"} else None


def resolved(value: object, data: Sequence[Facts]) -> Any:
    """The object that ``{"@id": ...}`` refers to, where the structured data have it."""
    value = first_of(value)
    if isinstance(value, Mapping) and "name" not in value and "@id" in value:
        return next((item for item in data if item.get("@id") == value["@id"] and "name" in item), value)
    return value


def first_of(value: object) -> Any:
    """The first of a list, None for an empty one; anything else as it is."""
    return (value[0] if value else None) if isinstance(value, list) else value


def clean(value: object) -> str | None:
    """A string as it reads: entities and tags resolved, white space folded; None for an empty one or another type."""
    return _clean_text(value) if isinstance(value, str) else None


@lru_cache(maxsize=64)  # a page states its headline in many places, and is asked for it more than once
def _clean_text(value: str) -> str | None:
    return " ".join(clean_characters(html.unescape(_TAG.sub(" ", html.unescape(value)))).split()) or None


def squeezed(name: str) -> str:
    """Letters and figures of a name in lower case, run together: ``The Alder-Post`` is ``thealderpost``."""
    return fold(name).replace(" ", "").replace("'", "")


def site_names_of(data: Sequence[Facts], article: Facts, metas: Mapping[str, str], url: str | None) -> frozenset[str]:
    """The names of the site and its publisher, squeezed, as the page states them and as its address has them."""
    stated = [
        metas.get("og:site_name"),
        metas.get("application-name"),
        metas.get("publisher"),
        metas.get("dc.publisher"),
        metas.get("twitter:site"),
        name_in(resolved(article.get("publisher"), data)),
        *(name_in(item) for item in data if item.get("@type") == "WebSite"),
    ]
    host = (urlsplit(url).hostname or "") if url else ""
    registered = site(host)
    named = [name for name in stated if isinstance(name, str) and not ADDRESS.search(name)]
    found = (squeezed(name) for name in (*named, host.removeprefix("www."), registered, registered.split(".")[0]))
    return frozenset(name for name in found if len(name) >= 2)


def name_in(value: object) -> str | None:
    """The name of an object, or a text that stands for one."""
    return clean(first_of(value.get("name")) if isinstance(value, Mapping) else value)


def tokens(text: str) -> list[str]:
    """The words of a text in lower case; in scripts that set no space between words, their characters."""
    return _TOKEN.findall(fold(text))


def likeness(heading: str, titles: Sequence[str]) -> float:
    """The largest share of words (Dice) that the heading has in common with a title."""
    own = set(tokens(heading))
    others = [set(tokens(title)) for title in titles]
    return max((2 * len(own & other) / ((len(own) + len(other)) or 1) for other in others), default=0.0)
