"""NITF 3, the News Industry Text Format of IPTC: a document of its own, or the body of a NewsML item.

Elements and attributes by the DTD of NITF 3.6; times are ``norm`` attributes in ISO 8601's short form.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.tasks.formats.days import moment
from newsmill.tasks.formats.items import Fault, Item, PubStatus
from newsmill.tasks.formats.names import authors_of, language_tag, number_of, topic_of
from newsmill.tasks.formats.prose import joined, paragraphs_in, squeeze, without_opening, without_signature
from newsmill.tasks.formats.xml import XML_LANG, all_named, apart, child, children, first, records_in, text_of

_AROUND = frozenset({"head", "body.head", "body.end"})
_BY = re.compile(r"by\s", re.IGNORECASE)
_LANGUAGES = ("language", "article-language", "lang")
_STATUS = {"canceled": PubStatus.CANCELED, "cancelled": PubStatus.CANCELED, "withheld": PubStatus.WITHHELD}


def read_nitf(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The item of an NITF document, or those of a document that holds many."""
    for element in records_in(stream, "nitf"):
        yield element if isinstance(element, Fault) else item_of_nitf(element)


def item_of_nitf(nitf: Element) -> Item:
    """What an ``nitf`` element states."""
    head, body = child(nitf, "head"), child(nitf, "body")
    body = nitf if body is None else body
    data, printed = child(head, "docdata"), child(head, "pubdata")
    top = child(body, "body.head")
    metas = {meta.get("name", ""): meta.get("content") for meta in children(head, "meta")}
    hedline = child(top, "hedline")
    title = text_of(child(hedline, "hl1")) or text_of(hedline) or _slug_of_title(text_of(child(head, "title")))
    byline = child(top, "byline")
    byline = first(body, "byline") if byline is None else byline
    issued, released = _norm(data, "date.issue"), _norm(data, "date.release")
    published = issued or moment(_attribute(printed, "date.publication")) or released
    status, is_own = _status(data)
    contents = children(body, "body.content") or [body]
    paragraphs = [part for content in contents for part in paragraphs_in(content, _AROUND)]
    subhead = text_of(child(hedline, "hl2"))
    item = Item(
        text=joined(without_opening(without_signature(paragraphs), title, subhead, apart(byline))),
        id=_attribute(child(data, "doc-id"), "id-string"),
        version=number_of(_attribute(child(data, "du-key"), "version")),
        title=title,
        subhead=subhead,
        description=_summary(child(top, "abstract")),
        byline=apart(byline),
        authors=_authors(byline),
        dateline=apart(child(top, "dateline")),
        language=_language(nitf) or next(filter(None, (language_tag(metas.get(name)) for name in _LANGUAGES)), None),
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        embargoed_until=released[0] if released and (not issued or released[0] > issued[0]) else None,
        publisher=_publisher(data, printed, top),
        section=_attribute(printed, "position.section"),
        page=_attribute(printed, "position.sequence"),
        slug=_attribute(child(data, "du-key"), "key") or squeeze(metas.get("anpa-keyword")),
        urgency=number_of(_attribute(child(data, "urgency"), "ed-urg")),
        keywords=_keywords(data),
        topics=tuple(_topics(head, data)),
        places=_places(data),
        genre=_attribute(first(head, "tobject.property"), "tobject.property.type"),
        editor_note=_note(data, top),
        copyright=_copyright(data),
        usage_terms=_attribute(child(data, "doc.rights"), "limitations") or text_of(child(top, "rights")),
        pub_status=status,
        stated_words=number_of(metas.get("anpa-wordcount")) or _length(printed),
        urls=tuple(url for url in [_attribute(printed, "ex-ref")] if url and url.startswith("http")),
        media=_media(body) if not paragraphs else None,
    )
    return replace(item, pub_status=PubStatus.USABLE) if item.text and not is_own else item


_NUMBERED = re.compile(r"^\d[\d.]*\W+(?=[A-Z]{2})")


def _slug_of_title(title: str | None) -> str | None:
    """The name of a document without a headline, less the number that some agencies put ahead of its slug."""
    return _NUMBERED.sub("", title) if title else None


def _status(data: Element | None) -> tuple[PubStatus, bool]:
    """The status of management, and whether it is that of the document itself.

    An update that names the document it replaces and gives it the same status cancels that one, not itself.
    """
    stated = _attribute(data, "management-status")
    other = _attribute(data, "management-doc-idref")
    own = _attribute(child(data, "doc-id"), "id-string")
    is_of_other = bool(other and other != own and _attribute(data, "management-idref-status") == stated)
    return _STATUS.get((stated or "").lower(), PubStatus.USABLE), not is_of_other


def _attribute(element: Element | None, name: str) -> str | None:
    return squeeze(element.get(name)) if element is not None else None


def _norm(data: Element | None, name: str) -> tuple[datetime, bool] | None:
    return moment(_attribute(child(data, name), "norm"))


def _authors(byline: Element | None) -> tuple[str, ...]:
    if byline is None:
        return ()
    persons = tuple(dict.fromkeys(filter(None, (text_of(person) for person in all_named(byline, "person")))))
    line, title = apart(byline) or "", text_of(first(byline, "byttl")) or ""
    return persons or authors_of(line if line == title and _BY.match(title) else line.removesuffix(title))


def _summary(abstract: Element | None) -> str | None:
    return squeeze(" ".join(paragraphs_in(abstract))) if abstract is not None else None


def _language(nitf: Element) -> str | None:
    for element in all_named(nitf, "nitf", "body", "body.content", "p"):
        if tag := language_tag(element.get(XML_LANG) or element.get("lang") or element.get("baselang")):
            return tag
    return None


def _publisher(data: Element | None, printed: Element | None, top: Element | None) -> str | None:
    return (
        _attribute(printed, "name")
        or text_of(child(top, "distributor"))
        or _attribute(child(data, "doc.copyright"), "holder")
        or _attribute(first(data, "from-src"), "src-name")
    )


def _length(printed: Element | None) -> int | None:
    is_of_words = (_attribute(printed, "unit-of-measure") or "").startswith("word")
    return number_of(_attribute(printed, "item-length")) or None if is_of_words else None


def _keywords(data: Element | None) -> tuple[str, ...]:
    keys = (_attribute(keyword, "key") for keyword in all_named(data, "keyword")) if data is not None else ()
    return tuple(dict.fromkeys(filter(None, keys)))


def _topics(head: Element | None, data: Element | None) -> Iterator[Topic]:
    for subject in all_named(head, "tobject.subject") if head is not None else ():
        at = "tobject.subject."
        name = subject.get(f"{at}detail") or subject.get(f"{at}matter") or subject.get(f"{at}type")
        if topic := topic_of("subj", subject.get(f"{at}refnum") or subject.get(f"{at}code"), name):
            yield topic
    for one in all_named(data, "classifier", "object.title") if data is not None else ():
        if topic := topic_of(one.get("idsrc") or one.get("type"), one.get("id") or one.get("value"), text_of(one)):
            yield topic


def _places(data: Element | None) -> tuple[str, ...]:
    if data is None:
        return ()
    events = (
        ", ".join(filter(None, (_attribute(place, key) for key in ("city", "state-prov", "county-dist", "iso-cc"))))
        for place in all_named(data, "evloc")
    )
    named = (
        text_of(place) for content in all_named(data, "identified-content") for place in all_named(content, "location")
    )
    return tuple(dict.fromkeys(filter(None, (*events, *named))))


def _note(data: Element | None, top: Element | None) -> str | None:
    notes = [_attribute(message, "info") or text_of(message) for message in children(data, "ed-msg")]
    notes += [text_of(note) for note in children(top, "note")]
    return " ".join(filter(None, notes)) or None


def _copyright(data: Element | None) -> str | None:
    stated = child(data, "doc.copyright")
    return " ".join(filter(None, (_attribute(stated, "year"), _attribute(stated, "holder")))) or None


def _media(body: Element | None) -> str | None:
    media = first(body, "media")
    return None if media is None else (_attribute(media, "media-type") or "picture").replace("image", "picture")
