"""What a page says of itself: headline, authors, dates, site, section, tags, picture, address.

Sources in order of trust: the page's JSON-LD, its meta elements (OpenGraph, Dublin Core, parsely and their like) and
microdata, its markup (h1, rel=author). Dates are read in :mod:`newsmill.tasks.extract.dates`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from newsmill.schemas.rows import Image
from newsmill.tasks.extract.authors import find_authors
from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.dates import NO_DATES, Dates, find_dates
from newsmill.tasks.extract.features import fold
from newsmill.tasks.extract.images import find_images
from newsmill.tasks.extract.links import base_of
from newsmill.tasks.extract.structured import (
    ADDRESS,
    Facts,
    article_of,
    clean,
    first_of,
    meta_contents,
    name_in,
    resolved,
    site_names_of,
)
from newsmill.tasks.extract.titles import find_title, page_titles
from newsmill.tasks.extract.vicinity import vicinity_of
from newsmill.tasks.inputs.urls import believable_url, canonical_url


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
    images: tuple[Image, ...] | None = None
    canonical_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a page states that its lines are judged by, and where it was found."""

    title: str | None
    description: str | None
    data: Sequence[Facts]
    """Its JSON-LD, of which ``article`` is the object that describes the article."""
    article: Facts
    metas: Mapping[str, str]
    canonical_url: str | None
    site_names: frozenset[str]


def read_heading(tree: HtmlElement, data: Sequence[Facts], *, url: str | None) -> Heading:
    """What a page states of itself without regard to its lines."""
    metas = meta_contents(tree)
    canonical = _canonical(tree, metas, url)
    article = article_of(data, titles=page_titles(tree, metas), addresses={canonical, canonical_url(url)})
    names = site_names_of(data, article, metas, url or canonical)
    return Heading(
        title=find_title(tree, article, metas, names),
        description=_description(article, metas),
        data=data,
        article=article,
        metas=metas,
        canonical_url=canonical,
        site_names=names,
    )


def read_metadata(
    tree: HtmlElement,
    heading: Heading,
    blocks: Sequence[Block],
    chosen: Sequence[bool] | None = None,
    *,
    url: str | None,
    latest: datetime,
) -> Metadata:
    """Everything that a page says of its article, in its ``heading`` and in its lines, ``blocks``.

    ``chosen`` are the lines that are taken for the article's text: what is said by them, or by the headline, is said of
    the article. No date after ``latest`` is believed.
    """
    data, article, metas = heading.data, heading.article, heading.metas
    address = url or heading.canonical_url
    vicinity = vicinity_of(blocks, heading.title, chosen)
    return Metadata(
        title=heading.title,
        authors=find_authors(vicinity, tree, data, article, metas, site_names=heading.site_names),
        dates=find_dates(tree, data, article, metas, url=address, vicinity=vicinity, latest=latest),
        site_name=clean(metas.get("og:site_name") or _site(data) or metas.get("application-name")),
        publisher=_publisher(data, article, metas),
        description=heading.description,
        section=_section(data, article, metas, heading.title),
        tags=_tags(article, metas, tree),
        image_url=_image(article, metas, address),
        images=find_images(tree, vicinity, _absolute(base_of(tree), address) or address),
        canonical_url=heading.canonical_url,
    )


def _site(data: Sequence[Facts]) -> Any:
    return next((first_of(x.get("name")) for x in data if x.get("@type") == "WebSite" and x.get("name")), None)


def _description(article: Facts, metas: Mapping[str, str]) -> str | None:
    stated = metas.get("og:description") or metas.get("description") or article.get("description")
    return clean(stated or metas.get("dc.description"))


def _publisher(data: Sequence[Facts], article: Facts, metas: Mapping[str, str]) -> str | None:
    for stated in (resolved(article.get("publisher"), data), metas.get("publisher"), metas.get("dc.publisher")):
        name = name_in(stated)
        if name and not ADDRESS.search(name):
            return name
    return None


def _section(data: Sequence[Facts], article: Facts, metas: Mapping[str, str], title: str | None) -> str | None:
    """The stated section; else the last step of the breadcrumbs before the article."""
    stated = clean(first_of(article.get("articleSection")))
    for key in ("article:section", "section", "articlesection", "parsely-section", "cxenseparse:recs:category"):
        stated = stated or clean(metas.get(key))
    if stated:
        return stated
    steps = next((x.get("itemListElement") for x in data if x.get("@type") == "BreadcrumbList"), None)
    names = (
        [name_in(s) or name_in(s.get("item")) for s in steps if isinstance(s, Mapping)]
        if isinstance(steps, list)
        else []
    )
    inner = [n for n in names[1:] if n and fold(n) != fold(title or "")]
    return inner[-1] if inner and len(inner[-1]) <= 60 else None


def _tags(article: Facts, metas: Mapping[str, str], tree: HtmlElement) -> tuple[str, ...]:
    stated = article.get("keywords")
    if not stated and "article:tag" in metas:
        stated = [e.get("content") for e in tree.iter("meta") if (e.get("property") or "").lower() == "article:tag"]
    stated = stated or metas.get("news_keywords") or metas.get("keywords") or ""
    parts = stated if isinstance(stated, list) else re.split(r"[,;]", str(stated))
    tags = (clean(p) for p in parts[:50] if isinstance(p, str))
    return tuple(dict.fromkeys(tag for tag in tags if tag and len(tag) <= 100))


def _image(article: Facts, metas: Mapping[str, str], base: str | None) -> str | None:
    stated: Any = (
        metas.get("og:image") or metas.get("twitter:image") or first_of(article.get("image")) or metas.get("image")
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
