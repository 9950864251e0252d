"""What a page says of itself: headline, authors, times, section, tags, picture, address.

Sources in order of trust: the page's JSON-LD, its meta elements, its markup (h1, time, rel=author), its address, its
text. A time of publication is believed only if it is not after the latest moment that the caller gives.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from newsmill.schemas.words import DateSource
from newsmill.tasks.dedupe import canonical_url
from newsmill.tasks.extract.decode import clean_characters
from newsmill.tasks.extract.features import fold

type Facts = Mapping[str, Any]
"""One JSON-LD object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; None or empty where it says nothing that can be believed."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_at_source: DateSource = DateSource.NONE
    published_on: date | None = None
    """The day of publication where it was published, which is not always the day of ``published_at`` in UTC."""
    modified_at: datetime | None = None
    description: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    canonical_url: str | None = None


_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_ARTICLE_TYPE = re.compile(r"Article|Posting|Report|Review|Column")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MAX_OBJECTS = 200


def read_metadata(tree: HtmlElement, data: Sequence[Facts], *, url: str | None, latest: datetime) -> Metadata:
    """Everything that ``tree`` and its structured data say. Times are UTC."""
    metas = meta_contents(tree)
    article = article_of(data)
    canonical = _canonical(tree, metas, url)
    published, source = find_published(tree, data, metas, url=url or canonical, latest=latest)
    named = url_date(url or canonical)
    modified = parse_time(article.get("dateModified")) or _first_time(metas, _MODIFIED)
    return Metadata(
        title=find_title(tree, article, metas),
        authors=find_authors(tree, article, metas),
        published_at=published.astimezone(UTC) if published else None,
        published_at_source=source,
        published_on=_local_day(published, named),
        modified_at=modified.astimezone(UTC) if modified and _is_plausible(modified, latest) else None,
        description=_clean(metas.get("og:description") or metas.get("description") or article.get("description")),
        section=_clean(_first(article.get("articleSection")) or metas.get("article:section") or metas.get("section")),
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
    typed = [x for x in data if _ARTICLE_TYPE.search(str(x.get("@type")))]
    return max(
        typed, key=lambda x: sum(bool(x.get(k)) for k in ("headline", "datePublished", "articleBody")), default={}
    )


def article_body(data: Sequence[Facts]) -> str | None:
    """The longest articleBody in the structured data, tags cut."""
    bodies = [_TAG.sub(" ", x["articleBody"]) for x in data if isinstance(x.get("articleBody"), str)]
    return max(bodies, key=len, default=None)


def meta_contents(tree: HtmlElement) -> dict[str, str]:
    """Name, property or itemprop of each meta element, in lower case, to its first content."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = (element.get(attribute) or "").strip().lower()
                if name:
                    found.setdefault(name, content)
    return found


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


def find_authors(tree: HtmlElement, article: Facts, metas: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the authors in the order in which the page gives them."""
    stated = list(_names(article.get("author"))) or list(_names(article.get("creator")))
    for key in (
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "citation_author",
    ):
        if stated:
            break
        stated = list(split_names(metas.get(key, "")))
    if not stated:
        for element in tree.iter("a", "span", "p", "div", "address"):
            label = f"{element.get('rel', '')} {element.get('itemprop', '')} {element.get('class', '')}".lower()
            if re.search(r"\bauthor(?:-name|__name|_name)?\b|\bbyline(?:-name|__name)?\b", label):
                text = _clean(element.text_content())
                if text and len(text) <= 100:
                    stated = list(split_names(text))
                if stated:
                    break
    return tuple(dict.fromkeys(stated))


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


# Times

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article.published",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "published",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "originalpublicationdate",
    "article_date_original",
    "bt:pubdate",
    "ptime",
    "displaydate",
    "timestamp",
    "dc.date",
    "dcterms.date",
    "dc.issued",
    "date",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod")
_URL_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)([/_.-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d))"
)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)


def parse_time(value: object) -> datetime | None:
    """A stated time in the zone that it is stated in; UTC where no zone is, midnight where only a day is."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _ISO.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(x or 0) for x in found.groups()[:6])
    zone = (found[7] or "Z").upper()
    try:
        place = UTC if zone in {"Z", "UTC", "GMT"} else timezone(_offset(zone))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=place)
    except ValueError:
        return None


def _offset(zone: str) -> timedelta:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def find_published(
    tree: HtmlElement, data: Sequence[Facts], metas: Mapping[str, str], *, url: str | None, latest: datetime
) -> tuple[datetime | None, DateSource]:
    """When the article was published and where that is said; ``(None, NONE)`` where nothing tells."""
    candidates = _stated_times(tree, data, metas, url)
    for moment, source in candidates:
        if moment and _is_plausible(moment, latest):
            return moment, source
    day = find_date(
        tree,
        url=url,
        original_date=True,
        extensive_search=True,
        min_date=f"{_EARLIEST:%Y-%m-%d}",
        max_date=f"{latest:%Y-%m-%d}",
    )
    moment = parse_time(day)
    if moment and _is_plausible(moment, latest):
        return moment, DateSource.TEXT
    return None, DateSource.NONE


def _local_day(published: datetime | None, named: datetime | None) -> date | None:
    """The day in the address where it is next to the stated one (times are often converted to UTC), else the latter."""
    if published is None:
        return None
    if named and abs((published - named).total_seconds()) < 48 * 3600:
        return named.date()
    return published.date()


def _stated_times(
    tree: HtmlElement, data: Sequence[Facts], metas: Mapping[str, str], url: str | None
) -> Iterator[tuple[datetime | None, DateSource]]:
    yield parse_time(article_of(data).get("datePublished")), DateSource.JSONLD
    yield url_date(url), DateSource.URL
    yield _first_time(metas, _PUBLISHED[:8]), DateSource.META
    yield next((t for t in (parse_time(x.get("datePublished")) for x in data) if t), None), DateSource.JSONLD
    yield _first_time(metas, _PUBLISHED[8:]), DateSource.META
    yield _time_element(tree), DateSource.META


def url_date(url: str | None) -> datetime | None:
    """The day that an address such as ``/2024/02/28/`` names."""
    found = _URL_DATE.search(urlsplit(url).path) if url else None
    if not found:
        return None
    try:
        return datetime(int(found[1] or found[5]), int(found[3] or found[6]), int(found[4] or found[7]), tzinfo=UTC)
    except ValueError:
        return None


_MONTH_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_WRITTEN = re.compile(
    r"\b(?:(?P<m1>[a-z]{3,9})\.? (?P<d1>\d{1,2})(?:st|nd|rd|th)?,? (?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<m2>[a-z]{3,9})\.?,? (?P<y2>\d{4})"
    r"|(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d))\b"
)


def byline_time(bylines: Sequence[str], *, latest: datetime) -> datetime | None:
    """The day that a dateline of a plain text names, at midnight UTC; None where it is not plain.

    Days in figures alone, such as 03/04/2021, are not: their order differs by country.
    """
    for line in bylines:
        found = _WRITTEN.search(line.lower())
        if not found:
            continue
        parts = {key[0]: value for key, value in found.groupdict().items() if value}
        month = _MONTHS.get(parts["m"]) or (int(parts["m"]) if parts["m"].isdigit() else 0)
        try:
            moment = datetime(int(parts["y"]), month, int(parts["d"]), tzinfo=UTC)
        except ValueError:
            continue
        if _is_plausible(moment, latest):
            return moment
    return None


def _time_element(tree: HtmlElement) -> datetime | None:
    """The time that is marked as that of publication, or the only one that the page has."""
    times = [e for e in tree.iter("time") if e.get("datetime")]
    for element in times:
        mark = "pubdate" if element.get("pubdate") is not None else ""
        label = f"{element.get('itemprop', '')} {element.get('class', '')} {mark}".lower()
        if re.search(r"publish|pubdate|entry-date|created|posted", label) and "updated" not in label.split():
            return parse_time(element.get("datetime"))
    days = {moment.date() for moment in (parse_time(e.get("datetime")) for e in times) if moment}
    return parse_time(times[0].get("datetime")) if len(days) == 1 else None


def _first_time(metas: Mapping[str, str], names: Sequence[str]) -> datetime | None:
    return next((moment for moment in (parse_time(metas.get(name)) for name in names) if moment), None)


def _is_plausible(moment: datetime, latest: datetime) -> bool:
    return _EARLIEST <= moment <= latest + timedelta(days=1)


# The rest


def _tags(article: Facts, metas: Mapping[str, str], tree: HtmlElement) -> tuple[str, ...]:
    stated = article.get("keywords")
    if not stated:
        stated = [e.get("content") for e in tree.iter("meta") if e.get("property") == "article:tag"]
    stated = stated or metas.get("news_keywords") or metas.get("keywords") or ""
    parts = stated if isinstance(stated, list) else re.split(r"[,;]", str(stated))
    tags = (_clean(p) for p in parts[:50] if isinstance(p, str))
    return tuple(dict.fromkeys(tag for tag in tags if tag and len(tag) <= 100))


def _image(article: Facts, metas: Mapping[str, str], base: str | None) -> str | None:
    stated: Any = metas.get("og:image") or metas.get("twitter:image") or _first(article.get("image"))
    if isinstance(stated, Mapping):
        stated = stated.get("url")
    return _absolute(stated, base) if isinstance(stated, str) else None


def _canonical(tree: HtmlElement, metas: Mapping[str, str], url: str | None) -> str | None:
    """rel=canonical or og:url where it may stand for the page: not another host's, not the site's front page."""
    linked = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower().split() == ["canonical"]]
    own = canonical_url(url)
    for stated in [*linked, metas.get("og:url")]:
        found = canonical_url(_absolute(stated, url))
        if found is None or (own is not None and not _is_same_site(found, own)):
            continue
        if (
            urlsplit(found).path in {"", "/"}
            and not urlsplit(found).query
            and urlsplit(own or "").path not in {"", "/"}
        ):
            continue
        return found
    return own


def _is_same_site(one: str, other: str) -> bool:
    """Whether two hosts share their last two labels; m., amp. and edition. are hosts of one site."""
    a, b = (urlsplit(x).hostname or "" for x in (one, other))
    return a == b or a.split(".")[-2:] == b.split(".")[-2:]


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
