"""What a page states of itself for machines: JSON-LD, meta elements and microdata."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import fold
from newsmill.tasks.urls import site

type Facts = Mapping[str, Any]
"""One JSON-LD object."""

ARTICLE_TYPE = re.compile(r"Article|Posting|Report|Review|Column")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--[^<>]{0,2000}-->")
_MAX_OBJECTS = 200

ADDRESS = re.compile(r"https?:|www\.\w")
"""What an address holds and no name does."""


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
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def article_of(data: Sequence[Facts]) -> Facts:
    """The JSON-LD object that describes the article; an empty one where none does."""
    typed = [x for x in data if ARTICLE_TYPE.search(str(x.get("@type")))]
    return max(
        typed, key=lambda x: sum(bool(x.get(k)) for k in ("headline", "datePublished", "articleBody")), default={}
    )


def article_body(data: Sequence[Facts]) -> str | None:
    """The longest articleBody in the structured data, tags cut."""
    bodies = [_TAG.sub(" ", x["articleBody"]) for x in data if isinstance(x.get("articleBody"), str)]
    return max(bodies, key=len, default=None)


def meta_contents(tree: HtmlElement) -> dict[str, str]:
    """Name, property or itemprop of each meta element, in lower case, to its first content; then the microdata."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = (element.get(attribute) or "").strip().lower()
                if name:
                    found.setdefault(name, content)
    for element in _ARTICLE_PROPERTIES(tree):
        name = (element.get("itemprop") or "").strip().lower()
        if name in _MICRODATA and name not in found:
            value = element.get("content") or element.get("datetime") or _address_in(element) or element.text_content()
            if value.strip():
                found[name] = value.strip()
    return found


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
    "//*[@itemprop and not(self::meta)][ancestor::*[@itemscope][1][contains(@itemtype, 'Article') or "
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
    if not isinstance(value, str):
        return None
    text = " ".join(clean_characters(html.unescape(_TAG.sub(" ", html.unescape(value)))).split())
    return text or None


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
