"""NewsML-G2, IPTC's container of news: messages and items with NITF, XHTML or plain text inside."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment
from newsmill.tasks.formats.items import Fault, Item, PubStatus
from newsmill.tasks.formats.labels import COPYRIGHT
from newsmill.tasks.formats.names import authors_of, language_tag, number_of, topic_of
from newsmill.tasks.formats.nitf import item_of_nitf
from newsmill.tasks.formats.prose import (
    joined,
    paragraphs_in,
    paragraphs_of,
    squeeze,
    text_paragraphs,
    without_opening,
    without_signature,
)
from newsmill.tasks.formats.xml import (
    XML_LANG,
    all_named,
    apart,
    child,
    children,
    first,
    name_of,
    records_in,
    text_of,
)

STATUS = {
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
    "withheld": PubStatus.WITHHELD,
}
_OWN_LINKS = ("self", "canonical", "alternate", "sameas", "ispublishedas", "permalink")
_NO_TEXT = {"packageitem": "a package, which refers to items elsewhere", "knowledgeitem": "a list of concepts"}
_NO_TEXT |= {"conceptitem": "a concept", "catalogitem": "a catalog", "planningitem": "a plan of coverage"}


def read_newsml_g2(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The items of a NewsML-G2 message or item. A package beside the items it refers to is passed over."""
    others: list[Fault] = []
    has_items = False
    for element in records_in(stream, "newsItem", *_NO_TEXT):
        if isinstance(element, Fault):
            yield element
            has_items = True
        elif detail := _NO_TEXT.get(name_of(element)):
            others.append(Fault(Reason.NO_TEXT, detail, squeeze(element.get("guid"))))
        else:
            yield item_of_g2(element)
            has_items = True
    if not has_items:
        yield from others or [Fault(Reason.EMPTY, "a NewsML-G2 message without items")]


def item_of_g2(element: Element) -> Item:
    """What a ``newsItem`` states, by the NewsML-G2 specification; where it is silent, what the NITF inside states."""
    rights, meta = child(element, "rightsInfo"), child(element, "itemMeta")
    about, contents = child(element, "contentMeta"), child(element, "contentSet")
    names = {one.get("qcode"): text_of(child(one, "name")) for one in children(element, "assert")}
    inside, paragraphs = _g2_content(contents)
    paragraphs, notice = without_notice(paragraphs)
    title = _headline(about) or inside.title or text_of(child(meta, "title"))
    subhead = _subhead(about) or inside.subhead
    byline = text_of(child(about, "by")) or inside.byline
    created = _time(meta, "firstCreated") or _time(about, "contentCreated") or _time(meta, "versionCreated")
    published = created or ((inside.published_at, inside.has_time) if inside.published_at else None)
    changed = _time(meta, "versionCreated")
    embargo = _time(meta, "embargoed")
    persons = tuple(
        filter(None, (_name(one, names) for one in children(about, "creator", "contributor") if _is_person(one)))
    )
    return Item(
        text=joined(without_opening(paragraphs, title, subhead, byline)),
        id=squeeze(element.get("guid")) or inside.id,
        version=number_of(element.get("version")),
        title=title,
        subhead=subhead,
        description=_description(about, title) or inside.description,
        byline=byline,
        authors=authors_of(text_of(child(about, "by"))) or inside.authors or persons,
        dateline=_dateline(about) or inside.dateline,
        language=_language(element, about) or inside.language,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        modified_at=changed[0] if changed and published and changed[0] > published[0] else None,
        publisher=_source(meta, about, names) or inside.publisher,
        slug=text_of(child(about, "slugline")) or inside.slug,
        urgency=number_of(text_of(child(about, "urgency"))) or inside.urgency,
        keywords=unique(text_of(keyword) for keyword in children(about, "keyword")) or inside.keywords,
        topics=tuple(_g2_topics(about, names)) or inside.topics,
        places=_g2_places(about, names) or inside.places,
        genre=_name(child(about, "genre"), names) or inside.genre,
        editor_note=_notes(meta) or inside.editor_note,
        copyright=text_of(first(rights, "copyrightNotice")) or _name(first(rights, "copyrightHolder"), names) or notice,
        usage_terms=text_of(first(rights, "usageTerms")) or inside.usage_terms,
        embargoed_until=embargo[0] if embargo else inside.embargoed_until,
        pub_status=STATUS.get(_code(child(meta, "pubStatus")).lower(), inside.pub_status),
        stated_words=next((n for n in (number_of(one.get("wordcount")) for one in _inline(contents)) if n), None),
        urls=unique(link.get("href") for link in children(meta, "link") if _is_own(link)),
        media=_media(_code(child(meta, "itemClass")), contents),
    )


def _notes(meta: Element | None) -> str | None:
    """The notes for editors; agencies send parts of one again as notes of their own."""
    notes: list[str] = []
    for note in filter(None, (apart(one) for one in children(meta, "edNote"))):
        if not any(note in known for known in notes):
            notes.append(note)
    return " ".join(notes) or None


def _is_own(link: Element) -> bool:
    """Whether a link leads to the item itself. Without a ``rel`` it is one to something else, by the specification."""
    relation = (link.get("rel") or "").rpartition(":")[2].rpartition("/")[2].lower()
    return (link.get("href") or "").startswith("http") and relation in _OWN_LINKS


def _g2_content(contents: Element | None) -> tuple[Item, list[str]]:
    """The item of the NITF inside, if it is that, and the paragraphs; of several renditions the first with text."""
    for one in _inline(contents):
        inside, paragraphs = content_of(one)
        if paragraphs:
            return inside, paragraphs
    return Item(text=""), []


def _inline(contents: Element | None) -> list[Element]:
    return children(contents, "inlineXML", "inlineData")


_WRAPPERS = frozenset({"html", "body", "body.content", "article", "section", "div", "text"})
_TOP = frozenset({"header"})


def content_of(holder: Element) -> tuple[Item, list[str]]:
    """NITF, XHTML, HTML as text, or plain text in an element; what the content states of itself, and its paragraphs."""
    nitf = next(all_named(holder, "nitf"), None)
    if nitf is not None:
        inside = item_of_nitf(nitf)
        return inside, inside.text.split("\n\n") if inside.text else []
    if not any(name_of(below) for below in holder):
        return Item(text=""), text_paragraphs(_decoded(holder))
    body = next(all_named(holder, "body"), None)
    body = next(all_named(holder, "body.content"), holder) if body is None else body
    while len(only := [below for below in body if name_of(below)]) == 1 and name_of(only[0]) in _WRAPPERS:
        if any(words and words.strip() for words in (body.text, only[0].tail)):
            break
        body = only[0]
    if not only:
        return Item(text=""), paragraphs_in(body)
    top = next(all_named(body, "header"), None)
    heading = first(top, "h1")
    stated = text_of(heading) or text_of(first(holder, "head", "title"))
    byline = text_of(first(body, "byline"))
    dateline = apart(first(body, "dat"))
    inside = Item(text="", title=stated, byline=byline, authors=authors_of(byline), dateline=dateline)
    return inside, paragraphs_of(body, frozenset() if heading is None else _TOP)


def _decoded(holder: Element) -> str:
    """The text of an element, which ``inlineData`` may have in Base64."""
    text = holder.text or ""
    if not (holder.get("encoding") or "").lower().endswith("base64"):
        return text
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def without_notice(paragraphs: list[str]) -> tuple[list[str], str | None]:
    """The paragraphs without the initials and the notice of copyright that close them, and that."""
    if len(paragraphs) > 1 and COPYRIGHT.match(paragraphs[-1]):
        return without_signature(paragraphs[:-1]), paragraphs[-1]
    return without_signature(paragraphs), None


def _headline(about: Element | None) -> str | None:
    lines = children(about, "headline")
    main = [line for line in lines if "sub" not in (line.get("role") or "").lower()]
    return next(filter(None, (text_of(line) for line in main)), None)


def _subhead(about: Element | None) -> str | None:
    """The headline that is called so, or the second of those that are not called anything."""
    lines = [line for line in children(about, "headline") if "sub" in (line.get("role") or "").lower()]
    lines = lines or [line for line in children(about, "headline") if not line.get("role")][1:]
    return next(filter(None, (text_of(line) for line in lines)), None)


def _description(about: Element | None, title: str | None) -> str | None:
    """A summary; some agencies repeat slug and headline here."""
    stated = (text_of(one) for one in children(about, "description"))
    return next((one for one in stated if one and not (title and one.endswith(title))), None)


def _dateline(about: Element | None) -> str | None:
    stated = text_of(child(about, "dateline"))
    return None if stated and moment(stated) else stated


def _language(element: Element, about: Element | None) -> str | None:
    stated = child(about, "language")
    return language_tag(stated.get("tag") if stated is not None else None) or language_tag(element.get(XML_LANG))


def _time(parent: Element | None, name: str) -> tuple[datetime, bool] | None:
    return moment(text_of(child(parent, name)))


def _code(element: Element | None) -> str:
    """The code of a controlled value, without its scheme."""
    if element is None:
        return ""
    return (element.get("qcode") or element.get("uri") or "").rpartition(":")[2].rpartition("/")[2]


def _name(element: Element | None, names: dict[Any, str | None]) -> str | None:
    if element is None:
        return None
    literal = element.get("literal")
    return text_of(child(element, "name")) or names.get(element.get("qcode")) or squeeze(literal)


def _is_person(element: Element) -> bool:
    return "person" in (element.get("type") or "").lower()


def _source(meta: Element | None, about: Element | None, names: dict[Any, str | None]) -> str | None:
    return (
        text_of(child(about, "creditline"))
        or _name(child(about, "infoSource"), names)
        or _name(child(meta, "provider"), names)
        or squeeze(_code(child(meta, "provider")))
    )


def _g2_topics(about: Element | None, names: dict[Any, str | None]) -> Iterator[Topic]:
    for subject in children(about, "subject"):
        code = squeeze(subject.get("qcode") or subject.get("uri"))
        if topic := topic_of(None, code, _name(subject, names)):
            yield topic


def _g2_places(about: Element | None, names: dict[Any, str | None]) -> tuple[str, ...]:
    located = [_name(place, names) for place in children(about, "located")]
    kinds = ("geoarea", "geo", "poi")
    about_places = [
        _name(one, names) for one in children(about, "subject") if (one.get("type") or "").lower().endswith(kinds)
    ]
    return unique([*located, *about_places])


def unique(values: Any) -> tuple[str, ...]:
    """The values that are not empty, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))


def _media(item_class: str, contents: Element | None) -> str | None:
    if item_class and item_class != "text":
        return item_class
    remote = child(contents, "remoteContent")
    kind = (remote.get("contenttype") or "").partition("/")[0] if remote is not None else ""
    return {"image": "picture"}.get(kind, kind) or None
