"""What a page says of itself: headline, authors, dates, site, section, tags, picture, address.

Sources in order of trust: the page's JSON-LD, its meta elements (OpenGraph, Dublin Core, parsely and their like) and
microdata, its markup (h1, rel=author). Dates are read in :mod:`newsmill.tasks.extract.dates`.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml.etree import XPath
from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import Block, blocks_of
from newsmill.tasks.extract.dates import NO_DATES, Dates, find_dates
from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import fold
from newsmill.tasks.inputs.urls import believable_url, canonical_url

type Facts = Mapping[str, Any]
"""One JSON-LD object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; None or empty where it says nothing that can be believed."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    dates: Dates = NO_DATES
    site_name: str | None = None
    publisher: str | None = None
    description: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    canonical_url: str | None = None


ARTICLE_TYPE = re.compile(r"Article|Posting|Report|Review|Column")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MAX_OBJECTS = 200


def read_metadata(
    tree: HtmlElement,
    data: Sequence[Facts],
    *,
    url: str | None,
    latest: datetime,
    blocks: Sequence[Block] | None = None,
) -> Metadata:
    """Everything that ``tree``, its structured data and its lines (``blocks``) say.

    No date after ``latest`` is believed.
    """
    metas = meta_contents(tree)
    article = article_of(data)
    canonical = _canonical(tree, metas, url)
    title = find_title(tree, article, metas)
    lines = blocks_of(tree) if blocks is None else blocks
    return Metadata(
        title=title,
        authors=find_authors(tree, data, article, metas),
        dates=find_dates(tree, data, article, metas, url=url or canonical, title=title, blocks=lines, latest=latest),
        site_name=_clean(metas.get("og:site_name") or _site(data) or metas.get("application-name")),
        publisher=_publisher(data, article, metas),
        description=_clean(
            metas.get("og:description")
            or metas.get("description")
            or article.get("description")
            or metas.get("dc.description")
        ),
        section=_section(data, article, metas, title),
        tags=_tags(article, metas, tree),
        image_url=_image(article, metas, url or canonical),
        canonical_url=canonical,
    )


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


def _resolved(value: object, data: Sequence[Facts]) -> Any:
    """The object that ``{"@id": ...}`` refers to, where the structured data have it."""
    value = _first(value)
    if isinstance(value, Mapping) and "name" not in value and "@id" in value:
        return next((item for item in data if item.get("@id") == value["@id"] and "name" in item), value)
    return value


def _name(value: object) -> str | None:
    return _clean(_first(value.get("name")) if isinstance(value, Mapping) else value)


def _site(data: Sequence[Facts]) -> Any:
    return next((_first(x.get("name")) for x in data if x.get("@type") == "WebSite" and x.get("name")), None)


def _publisher(data: Sequence[Facts], article: Facts, metas: Mapping[str, str]) -> str | None:
    for stated in (_resolved(article.get("publisher"), data), metas.get("publisher"), metas.get("dc.publisher")):
        name = _name(stated)
        if name and not _LINK.search(name):
            return name
    return None


def _section(data: Sequence[Facts], article: Facts, metas: Mapping[str, str], title: str | None) -> str | None:
    """The stated section; else the last step of the breadcrumbs before the article."""
    stated = _clean(_first(article.get("articleSection")))
    for key in ("article:section", "section", "articlesection", "parsely-section", "cxenseparse:recs:category"):
        stated = stated or _clean(metas.get(key))
    if stated:
        return stated
    steps = next((x.get("itemListElement") for x in data if x.get("@type") == "BreadcrumbList"), None)
    names = (
        [_name(s) or _name(s.get("item")) for s in steps if isinstance(s, Mapping)] if isinstance(steps, list) else []
    )
    inner = [n for n in names[1:] if n and fold(n) != fold(title or "")]
    return inner[-1] if inner and len(inner[-1]) <= 60 else None


# Title

_SITE_CUT = re.compile(r"\s+(?:[|–—·•»«‹›⋆]|::|-{1,2}|//?)\s+|\s*\|\s*")


def find_title(tree: HtmlElement, article: Facts, metas: Mapping[str, str]) -> str | None:
    """The headline: the h1 that the page's other titles agree with, or those titles without the site's name."""
    element = tree.find(".//head/title")
    stated = [
        _clean(x)
        for x in (
            article.get("headline"),
            metas.get("og:title"),
            metas.get("twitter:title"),
            metas.get("headline"),
            metas.get("dc.title"),
            element.text_content() if element is not None else None,
        )
    ]
    known = [x for x in stated if x]
    site = fold(metas.get("og:site_name", ""))
    headings = [h for h in (_clean(e.text_content()) for e in tree.iter("h1")) if h and fold(h) and fold(h) != site]
    scored = [(_likeness(h, known), -i, h) for i, h in enumerate(headings) if len(h) <= 300]
    if scored:
        likeness, _, heading = max(scored)
        if likeness >= 0.35 or not known or (len(scored) == 1 and likeness > 0.1 and len(heading.split()) >= 4):
            return _without_kicker(heading, known, site)
    for title in known:
        return _without_site(title, site, known)
    return None


def _likeness(heading: str, titles: Sequence[str]) -> float:
    """The largest share of words (Dice) that the heading has in common with a title."""
    own = set(fold(heading).split())
    others = [set(fold(title).split()) for title in titles]
    return max((2 * len(own & other) / (len(own) + len(other)) for other in others), default=0.0)


def _without_kicker(heading: str, titles: Sequence[str], site: str) -> str:
    """Cut a section's name that stands in the h1 before the headline: the page's other titles are without it."""
    for title in titles:
        bare = _without_site(title, site, titles)
        if len(bare.split()) >= 4 and fold(heading) != fold(bare) and fold(heading).endswith(f" {fold(bare)}"):
            return bare
    return heading


def _without_site(title: str, site: str, others: Sequence[str]) -> str:
    """Cut the site's name: what stands behind the last separator, or before the first, and is not in other titles."""
    if site:
        parts = _SITE_CUT.split(title)
        kept = [p for p in parts if fold(p) != site]
        if len(kept) < len(parts) and kept:
            title = title[title.find(kept[0]) : title.rfind(kept[-1]) + len(kept[-1])].strip()
    for other in others:
        if len(other) >= 15 and len(other) < len(title) and fold(title).startswith(fold(other)):
            return other
    cuts = list(_SITE_CUT.finditer(title))
    if cuts and len(title[: cuts[-1].start()].split()) >= 3 and len(title[cuts[-1].end() :].split()) <= 4:
        return title[: cuts[-1].start()].strip()
    return title


# Authors

_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3,}|^(?:admin|administrator|editor|staff|unknown|none|null|guest|author|by)$", re.IGNORECASE
)
_BY = re.compile(
    r"^(?:(?:written |posted |published |reported |story |words |text )?by|von|par|por|di|door|autor|author)[:\s]+",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?:|www\.")
_NAME_CUT = re.compile(r"\s*(?:,|;|\||/|•|·|\band\b|\bund\b|\bet\b|&)\s*")


_AUTHOR_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_AUTHOR_LABELS = XPath(
    "//*[self::a or self::span or self::p or self::div or self::address][contains(@rel, 'author') or "
    "contains(@itemprop, 'author') or contains(@class, 'uthor') or contains(@class, 'yline')]"
)
_AUTHOR_LABEL = re.compile(r"\bauthor(?:-name|__name|_name)?\b|\bbyline(?:-name|__name)?\b")


def find_authors(tree: HtmlElement, data: Sequence[Facts], article: Facts, metas: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the authors in the order in which the page gives them."""
    for key in ("author", "creator"):
        stated = article.get(key)
        people = [_resolved(item, data) for item in stated] if isinstance(stated, list) else _resolved(stated, data)
        if names := tuple(dict.fromkeys(_names(people))):
            return names
    for key in _AUTHOR_KEYS:
        if names := tuple(dict.fromkeys(split_names(metas.get(key, "")))):
            return names
    for element in _AUTHOR_LABELS(tree):
        label = f"{element.get('rel', '')} {element.get('itemprop', '')} {element.get('class', '')}".lower()
        text = _clean(element.text_content()) if _AUTHOR_LABEL.search(label) else None
        if text and len(text) <= 100 and (names := tuple(dict.fromkeys(split_names(text)))):
            return names
    return ()


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from split_names(value)
    elif isinstance(value, list):
        for item in value[:20]:
            if not isinstance(item, list):
                yield from _names(item)
    elif isinstance(value, Mapping):
        name = value.get("name")
        if isinstance(name, str):
            yield from split_names(name)
        elif isinstance(name, list):
            yield from (n for x in name[:20] if isinstance(x, str) for n in split_names(x))


def split_names(text: str) -> Iterator[str]:
    """The names in a byline such as ``By Jane Doe and John Roe``; roles, addresses and accounts left out."""
    line = _clean(text) or ""
    for part in _NAME_CUT.split(_BY.sub("", line)) if not _LINK.search(line) else ():
        name = part.strip(" .-–—:\u00a0")
        if 2 < len(name) <= 60 and len(name.split()) <= 6 and not _NOT_A_NAME.search(name):
            yield name


def byline_authors(bylines: Sequence[str]) -> tuple[str, ...]:
    """The authors that the byline of a plain text names."""
    for line in bylines:
        if _BY.match(line):
            return tuple(dict.fromkeys(split_names(line)))
    return ()


# The rest


def _tags(article: Facts, metas: Mapping[str, str], tree: HtmlElement) -> tuple[str, ...]:
    stated = article.get("keywords")
    if not stated and "article:tag" in metas:
        stated = [e.get("content") for e in tree.iter("meta") if (e.get("property") or "").lower() == "article:tag"]
    stated = stated or metas.get("news_keywords") or metas.get("keywords") or ""
    parts = stated if isinstance(stated, list) else re.split(r"[,;]", str(stated))
    tags = (_clean(p) for p in parts[:50] if isinstance(p, str))
    return tuple(dict.fromkeys(tag for tag in tags if tag and len(tag) <= 100))


def _image(article: Facts, metas: Mapping[str, str], base: str | None) -> str | None:
    stated: Any = (
        metas.get("og:image") or metas.get("twitter:image") or _first(article.get("image")) or metas.get("image")
    )
    if isinstance(stated, Mapping):
        stated = stated.get("url")
    return _absolute(stated, base) if isinstance(stated, str) else None


def _canonical(tree: HtmlElement, metas: Mapping[str, str], url: str | None) -> str | None:
    """rel=canonical or og:url where it may stand for the page: not another host's, not the site's front page."""
    linked = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower().split() == ["canonical"]]
    believed = (believable_url(_absolute(stated, url), url) for stated in [*linked, metas.get("og:url")])
    return next((found for found in believed if found), None) or canonical_url(url)


def _absolute(stated: str | None, base: str | None) -> str | None:
    if not stated:
        return None
    try:
        joined = urljoin(base or "", stated.strip())
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) and not re.search(r"\s", joined) else None


def _first(value: object) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _clean(value: object) -> str | None:
    """A string as it reads: entities and tags resolved, white space folded; None for an empty one or another type."""
    if not isinstance(value, str):
        return None
    text = " ".join(clean_characters(html.unescape(_TAG.sub(" ", html.unescape(value)))).split())
    return text or None
