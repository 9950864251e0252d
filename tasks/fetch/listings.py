"""Feeds: what a source lists, whichever way it does: RSS, Atom, CDF, JSON Feed, sitemaps, OPML, lists, home pages.

What a publisher says of an item in a feed is hearsay until its page is read: the address counts, and the time and title
where the page has none.
"""

import calendar
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from html import unescape
from itertools import chain, islice
from typing import Any, TypeGuard
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree, html

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.lists import MAX_ROWS, addresses_in
from newsmill.tasks.fetch.times import parse_time
from newsmill.tasks.inputs.content import (
    GZIP_MAGIC,
    HEAD_BYTES,
    Problem,
    clean_address,
    decode_content,
    one_line,
    printable,
)
from newsmill.tasks.inputs.urls import site, target_of

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
"""The types by which a page links to its feeds."""

_MAX_ITEMS = MAX_ROWS
"""Of one document: what the protocol of sitemaps allows, and far more than any feed has."""

_KEY_LENGTH = 500
_HOST_FIRST = re.compile(r"((?:[a-z0-9-]+\.)+[a-z]{2,})(?::[0-9]+)?(?=[/?#]|$)", re.IGNORECASE)
"""A link that lacks its scheme begins so, and so does the name of a page."""
_SITEMAP = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>/]")
_OPML = re.compile(rb"<opml[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|item|entry|newLocation)[\s>:/]", re.IGNORECASE)
_PROLOGUE = re.compile(rb"(?:\s++|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE (?!html)[^>\[]*+>)*+", re.DOTALL)
_ADDRESS_LINE = re.compile(rb"(?:\s*+#[^\n]*+\n)*+\s*+https?://[^\s<>\"]+[ \t\r]*+(?:\n|\Z)")
"""As a sitemap begins that is plain text; lines that start with # are comments."""
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);)")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_LINK_ATTRIBUTE = re.compile(
    rb"(<link\b[^>]*?)\s(?:uri|url)\s*=\s*(?:\"(?!https?:)[^\"]*\"|'(?!https?:)[^']*')", re.IGNORECASE
)
"""Of a link, what is no address of the web: the library would take it and not the one that is the link's text."""
_EMPTY_LINK = re.compile(rb"<link\s*/>|<link>\s*(?:<!\[CDATA\[\s*\]\]>\s*)?</link>", re.IGNORECASE)
"""Names nothing, but keeps the library from taking the guid for the link."""
_BROKEN_SCHEME = re.compile(r"\A(?:https?:?/{0,3})*(https?)(?::/|//)/*(?=[^/])", re.IGNORECASE)
"""Of a link, twice, or without one of its marks."""
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[{\[]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENTITY = re.compile(rb"<!ENTITY[^>]*+>")
_JSON_FEED = re.compile(
    r"(?:https?://)?(?:www\.)?jsonfeed\.org/version/.*|(?:json ?feed ?)?(?:v(?:ersion ?)?)?1(?:\.[01])?",
    re.DOTALL | re.IGNORECASE,
)
_JSON_FEED_HEAD = re.compile(
    r'"version"\s*:\s*(?:"[^"]*jsonfeed\.org|"?1(?:\.[01])?"?\s*[,}])|"(?:home_page_url|feed_url)"'
)


class ListingKind(StrEnum):
    """What lists the items."""

    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"
    """Of sitemaps: lists no items, but ``more``."""
    OPML = "opml"
    """A list of feeds: they are ``more``."""
    PAGE = "page"
    """A page that names feeds and no items: they are ``more``."""
    LIST = "list"
    """Addresses one a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a listing says of one article. ``key`` names it within its source for as long as it is listed.

    ``version`` changes when the publisher changes what the listing says of it.
    """

    key: str
    url: str | None
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a document lists. ``more`` are the addresses of further listings; ``title`` is the source's own."""

    kind: ListingKind
    items: tuple[Item, ...] = ()
    more: tuple[str, ...] = ()
    title: str | None = None
    faults: tuple[str, ...] = ()
    """What could not be read of it, a line each."""


def is_listing(content: bytes) -> bool:
    """Whether content is a feed, sitemap or OPML rather than a page, by how it begins: stated types are often wrong."""
    if content.startswith(GZIP_MAGIC):
        return True
    if _JSON_START.match(content):
        head = content[:HEAD_BYTES].replace(b"\0", b"").replace(b"\\/", b"/")
        return _JSON_FEED_HEAD.search(head.decode("utf-8", "replace")) is not None
    start = _PROLOGUE.match(content)
    rest = content[start.end() if start else 0 :][:HEAD_BYTES]
    return any(root.match(rest) for root in (_SITEMAP, _OPML, _FEED))


def parse_listing(content: bytes, *, address: str, content_type: str | None, max_bytes: int) -> Listing | Problem:
    """What a document lists, whatever its stated type, which publishers get wrong. Never raises.

    ``address`` is where it stands: what relative links are relative to. ``max_bytes`` bounds a packed one unpacked.
    """
    if content.startswith(GZIP_MAGIC):
        unpacked = decode_content(content, "gzip", max_bytes)
        if isinstance(unpacked, Problem):
            return unpacked
        content = unpacked
    if not content or content.isspace():
        return Problem(Reason.EMPTY, "no content")
    head = content[: HEAD_BYTES * 4]
    if _JSON_START.match(content):
        return _json_feed(content, address)
    if _OPML.search(head):
        return _opml(content, address)
    if _SITEMAP.search(head):
        return _sitemap(content, address)
    start = _PROLOGUE.match(content)
    rest = content[start.end() if start else 0 :]
    if _ADDRESS_LINE.match(rest):
        listing = parse_list(content, address=address)
        return listing if isinstance(listing, Problem) else replace(listing, kind=ListingKind.SITEMAP)
    if _HTML.match(rest) or (_HTML.search(head) and not _FEED.search(head)):
        return _page(content, address)
    return _feed(content, address, content_type)


def parse_list(content: bytes, *, address: str, max_bytes: int = 50_000_000) -> Listing | Problem:
    """What a list of addresses lists (:func:`newsmill.tasks.fetch.lists.addresses_in`). Never raises."""
    found = addresses_in(content, max_bytes)
    if isinstance(found, Problem):
        return found
    listing = _listed(ListingKind.LIST, [_item(stated, address) for stated in found.stated])
    return replace(listing, faults=found.faults)


def _listed(kind: ListingKind, items: Iterable[Item], title: str | None = None, more: tuple[str, ...] = ()) -> Listing:
    """Each item once: of several with one key the first, which in feeds is the newest.

    A name that the publisher gives to several addresses names none of them, and they are known by themselves.
    """
    found = list(islice(items, _MAX_ITEMS))
    pages: dict[str, set[str]] = {}
    for item in found:
        if item.url is not None:
            pages.setdefault(item.key, set()).add(item.url)
    known: dict[str, Item] = {}
    for item in found:
        key = _key(item.url) if item.url is not None and len(pages[item.key]) > 1 else item.key
        known.setdefault(key, replace(item, key=key))
    return Listing(kind=kind, items=tuple(known.values()), more=more, title=title)


def _key(name: str) -> str:
    named = printable(name)
    return named if len(named) <= _KEY_LENGTH else hashlib.sha256(named.encode()).hexdigest()


def _item(
    url: str | None,
    base: str,
    *,
    key: str | None = None,
    title: str | None = None,
    published_at: datetime | None = None,
    modified_at: datetime | None = None,
    words: Iterable[str | None] = (),
) -> Item:
    """``words`` is what else the listing says of it, a change of which makes another version."""
    address = _absolute(url, base)
    said = json.dumps([title, str(modified_at), *words])
    return Item(
        key=_key(key or address or url or "|".join(word or "" for word in (title, *words))),
        url=address,
        title=_headline(title),
        published_at=published_at,
        modified_at=modified_at,
        version=hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16],
    )


def _headline(title: str | None) -> str | None:
    """A title in one line and without markup, which feeds may have in it."""
    words = _CONTROLS.sub(" ", unescape(_TAG.sub("", _CDATA.sub("", title or ""))))
    return printable(" ".join(words.split())) or None


def _absolute(url: str | None, base: str) -> str | None:
    """The address that a link names: of a link by way of a service that counts clicks, the one that stands in it."""
    if not url or not url.strip():
        return None
    stated = _BROKEN_SCHEME.sub(r"\1://", url.strip())
    if stated.startswith("#") and not stated.startswith("#!"):
        # The listing itself, at another place.
        return None
    try:
        if (host := _HOST_FIRST.match(stated)) and (
            host[1].lower().startswith("www.") or site(host[1].lower()) == site(urlsplit(base).hostname or "")
        ):
            stated = f"https://{stated}"
        address = clean_address(urljoin(base, stated))
    except ValueError:
        return None
    return address and target_of(address)


# Feeds


def _feed(content: bytes, address: str, content_type: str | None) -> Listing | Problem:
    # Without an address, which the library would make all links relative to: it is not known yet what they are.
    headers = {"content-location": ""}
    if content_type:
        headers["content-type"] = content_type
    try:
        # From a stream: a string might be taken for an address and fetched.
        # Without entities of its own, which are of use to nobody but to those who write bombs.
        stream = io.BytesIO(_LINK_ATTRIBUTE.sub(rb"\1", _EMPTY_LINK.sub(b"", _ENTITY.sub(b"", content))))
        parsed = feedparser.parse(stream, response_headers=headers, sanitize_html=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError, OverflowError) as error:
        # What the library raises of itself is the input's doing.
        return Problem(Reason.BAD_RECORD, f"no feed: {one_line(error)}")
    if not parsed.entries and not parsed.version:
        why = parsed.get("bozo_exception")
        return Problem(Reason.UNSUPPORTED_TYPE, "no feed, sitemap or page" + (f": {one_line(why)}" if why else ""))
    is_atom = parsed.version.startswith("atom")
    # In Atom links are relative to the document (RFC 4287); RSS says nothing, and means the site, which need not be
    # where its feed lies.
    base = address if is_atom else _absolute(_string(parsed.feed, "link"), address) or address
    items = [_entry(entry, base) for entry in parsed.entries]
    return _listed(ListingKind.FEED, items, _string(parsed.feed, "title"))


def _entry(entry: Mapping[str, Any], base: str) -> Item:
    links = [link for link in entry.get("links", ()) if isinstance(link, Mapping)]
    alternate = next((link.get("href") for link in links if link.get("rel") == "alternate"), None)
    identity = _string(entry, "id")
    # Feedburner wraps the links and says what they were.
    url = _string(entry, "feedburner_origlink") or _string(entry, "link") or alternate
    if url is not None and url == identity and alternate is None and not _ADDRESS.match(url):
        # A name is no address, though the library takes it for one.
        url = None
    if url is None and identity is not None and _ADDRESS.match(identity) and entry.get("guidislink", True):
        url = identity
    dates = {
        name: _moment(_string(entry, name), entry.get(f"{name}_parsed")) if name in entry else None for name in _DATES
    }
    said = [_string(entry, "summary"), *(_string(part, "value") for part in entry.get("content", ()))]
    return _item(
        url,
        base,
        key=identity,
        title=_string(entry, "title"),
        # RSS 1.0 has but one date, which the library takes for the last change.
        published_at=next((dates[name] for name in _DATES if dates[name]), None),
        modified_at=dates["updated"],
        words=said,
    )


_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DATES = ("published", "created", "updated")
"""By how well they tell when an item was published."""


def _string(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _moment(text: str | None, parts: Any) -> datetime | None:
    """The time that a text states. ``parts``, the library's nine numbers, are of UTC and sometimes made up.

    They are asked where the text has letters that are not Latin: the library reads the forms of some languages.
    """
    if text is None or (moment := parse_time(text)) is not None:
        return None if text is None else moment
    try:
        if parts and not text.isascii():
            moment = datetime.fromtimestamp(calendar.timegm(parts), UTC)
            return moment if _states_day(text, moment) else None
    except (ValueError, OverflowError, OSError, TypeError):
        pass
    return None


def _states_day(text: str, moment: datetime) -> bool:
    """Whether year, month and day stand in a text, but for a day that the zone makes."""
    numbers = {int(number) for number in re.findall(r"[0-9]{1,8}", text)}
    for day in (moment + timedelta(days=days) for days in (0, -1, 1)):
        is_month = day.month in numbers or calendar.month_abbr[day.month].lower() in text.lower()
        has_parts = is_month and day.day in numbers and not numbers.isdisjoint((day.year, day.year % 100))
        if has_parts or int(f"{day:%Y%m%d}") in numbers:
            return True
    return False


def _json_feed(content: bytes, address: str) -> Listing | Problem:
    try:
        # Which finds out by itself which UTF it is.
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        return Problem(Reason.BAD_JSON, one_line(error))
    if not _is_json_feed(found):
        return Problem(Reason.UNSUPPORTED_TYPE, "JSON, but no JSON Feed")
    entries = found.get("items")
    base = _absolute(_string(found, "home_page_url"), address) or address
    items = (
        [_json_item(entry, base) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    further = _absolute(_string(found, "next_url"), address)
    return _listed(ListingKind.FEED, items, _string(found, "title"), (further,) if further else ())


def _is_json_feed(found: object) -> TypeGuard[dict[str, Any]]:
    """Whether it says so, by the version's address or number; or lists items and says of which site, without one."""
    if not isinstance(found, dict):
        return False
    if "version" in found:
        return _JSON_FEED.fullmatch(str(found["version"]).strip()) is not None
    return isinstance(found.get("items"), list) and ("home_page_url" in found or "feed_url" in found)


def _json_item(entry: Mapping[str, Any], base: str) -> Item:
    identity = entry.get("id")
    url = _string(entry, "url") or _string(entry, "external_url")
    if url is None and isinstance(identity, str) and _ADDRESS.match(identity):
        # Of which the format says that it is best the item's address.
        url = identity
    return _item(
        url,
        base,
        key=str(identity) if isinstance(identity, str | int) and identity != "" else None,
        title=_string(entry, "title"),
        published_at=parse_time(_stated_time(entry, "date_published")),
        modified_at=parse_time(_stated_time(entry, "date_modified")),
        words=[_string(entry, name) for name in ("summary", "content_text", "content_html")],
    )


def _stated_time(entry: Mapping[str, Any], name: str) -> str | None:
    """A text as the format has it, or seconds as some programs write them."""
    value = entry.get(name)
    return str(int(value)) if isinstance(value, int | float) and 0 < value < 1e13 else _string(entry, name)


# Sitemaps and OPML


def _elements(content: bytes, *names: str) -> Iterator[Any]:
    """The elements of these names, whatever their namespace. Nothing is resolved, loaded or fetched on the way."""
    stream = etree.iterparse(
        # The parser would take a bare ampersand of an address, and the name behind it, away.
        io.BytesIO(_BARE_AMPERSAND.sub(b"&amp;", content)),
        events=("end",),
        tag=[tag for name in names for tag in (name, f"{{*}}{name}")],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=True,
        huge_tree=False,
    )
    for _, element in stream:
        yield element
        element.clear()


def _texts(element: Any) -> dict[str, str]:
    """The texts of an element's descendants by their local names, the first of each; its own children come first."""
    found: dict[str, str] = {}
    for child in chain(element, element.iterdescendants()):
        if isinstance(child.tag, str) and child.text and child.text.strip():
            found.setdefault(_local_name(child.tag), child.text.strip())
    return found


def _is_named(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and _local_name(element.tag) == name


def _local_name(tag: str) -> str:
    """A tag's name without its namespace, or its prefix if nothing is said of that."""
    return re.split("[}:]", tag)[-1].lower()


def _sitemap(content: bytes, address: str) -> Listing | Problem:
    items: list[Item] = []
    more: list[tuple[datetime, str]] = []
    undated: list[str] = []
    try:
        for element in _elements(content, "url", "sitemap"):
            said = _texts(element)
            modified_at = parse_time(said.get("lastmod"))
            if _local_name(element.tag) == "sitemap":
                if (url := _absolute(said.get("loc"), address)) and modified_at:
                    more.append((modified_at, url))
                elif url:
                    undated.append(url)
            elif "loc" in said:
                # A picture and a film have titles and dates of their own.
                news = next((_texts(child) for child in element if _is_named(child, "news")), {})
                items.append(
                    _item(
                        said["loc"],
                        address,
                        title=news.get("title"),
                        published_at=parse_time(news.get("publication_date")),
                        modified_at=modified_at,
                    )
                )
            if len(items) + len(more) + len(undated) >= _MAX_ITEMS:
                break
    except (etree.LxmlError, ValueError, LookupError) as error:
        if not (items or more or undated):
            return Problem(Reason.BAD_RECORD, f"no sitemap: {one_line(error)}")
    if more or undated:
        # The newest first, since an index may name more than anybody follows. Without a date it may be that, and stands
        # at the one end or the other.
        more.sort(key=lambda dated: dated[0], reverse=True)
        ends = [url for pair in zip(undated, reversed(undated), strict=True) for url in pair]
        return Listing(kind=ListingKind.INDEX, more=tuple(dict.fromkeys([*ends, *(url for _, url in more)])))
    return _listed(ListingKind.SITEMAP, items)


def _opml(content: bytes, address: str) -> Listing | Problem:
    feeds: list[str] = []
    try:
        for outline in _elements(content, "outline"):
            stated = {str(name).lower(): value for name, value in outline.attrib.items()}
            feeds += [url for url in [_absolute(stated.get("xmlurl"), address)] if url]
    except (etree.LxmlError, ValueError, LookupError) as error:
        if not feeds:
            return Problem(Reason.BAD_RECORD, f"no OPML: {one_line(error)}")
    return Listing(kind=ListingKind.OPML, more=tuple(dict.fromkeys(feeds)))


# Pages


def _page(content: bytes, address: str) -> Listing | Problem:
    """The feeds that a page names in its head."""
    try:
        tree = html.document_fromstring(content, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError, LookupError) as error:
        return Problem(Reason.BAD_RECORD, f"no page: {one_line(error)}")
    base = next((found.get("href") for found in tree.iter("base") if found.get("href")), None)
    base = _absolute(base, address) or address
    feeds = []
    for link in tree.iter("link"):
        is_alternate = "alternate" in (link.get("rel") or "").lower().split()
        if is_alternate and (link.get("type") or "").partition(";")[0].strip().lower() in FEED_TYPES:
            feeds += [url for url in [_absolute(link.get("href"), base)] if url]
    title = next((found.text for found in tree.iter("title") if found.text), None)
    listing = Listing(kind=ListingKind.PAGE, more=tuple(dict.fromkeys(feeds)))
    return replace(listing, title=printable(" ".join(title.split())) or None if title else None)
