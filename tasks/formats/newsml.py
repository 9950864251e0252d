"""NewsML-G2 and NewsML 1.2, IPTC's containers of news: messages and items with NITF, XHTML or plain text inside."""

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
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze, unwrapped, without_opening
from newsmill.tasks.formats.streams import whole
from newsmill.tasks.formats.xml import (
    XML_LANG,
    all_named,
    child,
    children,
    first,
    name_of,
    parse_html,
    parse_xml,
    text_of,
)

_STATUS = {
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
    "withheld": PubStatus.WITHHELD,
}
_NO_TEXT = {"packageitem": "a package, which refers to items elsewhere", "knowledgeitem": "a list of concepts"}
_NO_TEXT |= {"conceptitem": "a concept", "catalogitem": "a catalog", "planningitem": "a plan of coverage"}


def read_newsml_g2(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The items of a NewsML-G2 message or item. A package beside the items it refers to is passed over."""
    content = whole(stream)
    root = content if isinstance(content, Fault) else parse_xml(content)
    if isinstance(root, Fault):
        yield root
        return
    items = list(all_named(root, "newsItem"))
    for element in items:
        yield item_of_g2(element)
    others = list(all_named(root, *_NO_TEXT)) if not items else []
    for element in others:
        yield Fault(Reason.NO_TEXT, _NO_TEXT[name_of(element)], squeeze(element.get("guid")))
    if not items and not others:
        yield Fault(Reason.EMPTY, "a NewsML-G2 message without items")


def item_of_g2(element: Element) -> Item:
    """What a ``newsItem`` states, by the NewsML-G2 specification; where it is silent, what the NITF inside states."""
    rights, meta = child(element, "rightsInfo"), child(element, "itemMeta")
    about, contents = child(element, "contentMeta"), child(element, "contentSet")
    names = {one.get("qcode"): text_of(child(one, "name")) for one in children(element, "assert")}
    inside, paragraphs = _g2_content(contents)
    paragraphs, notice = _without_notice(paragraphs)
    title = _headline(about) or inside.title or text_of(child(meta, "title"))
    byline = text_of(child(about, "by")) or inside.byline
    created = _time(meta, "firstCreated") or _time(about, "contentCreated") or _time(meta, "versionCreated")
    published = created or ((inside.published_at, inside.has_time) if inside.published_at else None)
    changed = _time(meta, "versionCreated")
    embargo = _time(meta, "embargoed")
    persons = tuple(
        filter(None, (_name(one, names) for one in children(about, "creator", "contributor") if _is_person(one)))
    )
    return Item(
        text=joined(without_opening(paragraphs, title, byline)),
        id=squeeze(element.get("guid")) or inside.id,
        version=number_of(element.get("version")),
        title=title,
        subhead=_subhead(about) or inside.subhead,
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
        keywords=_unique(text_of(keyword) for keyword in children(about, "keyword")) or inside.keywords,
        topics=tuple(_g2_topics(about, names)) or inside.topics,
        places=_g2_places(about, names) or inside.places,
        genre=_name(child(about, "genre"), names) or inside.genre,
        editor_note=text_of(child(meta, "edNote")) or inside.editor_note,
        copyright=text_of(first(rights, "copyrightNotice")) or _name(first(rights, "copyrightHolder"), names) or notice,
        usage_terms=text_of(first(rights, "usageTerms")) or inside.usage_terms,
        embargoed_until=embargo[0] if embargo else inside.embargoed_until,
        pub_status=_STATUS.get(_code(child(meta, "pubStatus")).lower(), inside.pub_status),
        stated_words=next((n for n in (number_of(one.get("wordcount")) for one in _inline(contents)) if n), None),
        urls=_unique(
            link.get("href") for link in children(meta, "link") if (link.get("href") or "").startswith("http")
        ),
        media=_media(_code(child(meta, "itemClass")), contents),
    )


def _g2_content(contents: Element | None) -> tuple[Item, list[str]]:
    """The item of the NITF inside, if it is that, and the paragraphs; of several renditions the first with text."""
    for one in _inline(contents):
        inside, paragraphs = _content(one)
        if paragraphs:
            return inside, paragraphs
    return Item(text=""), []


def _inline(contents: Element | None) -> list[Element]:
    return children(contents, "inlineXML", "inlineData")


def _content(holder: Element) -> tuple[Item, list[str]]:
    """NITF, XHTML, HTML as text, or plain text in an element."""
    nitf = next(all_named(holder, "nitf"), None)
    if nitf is not None:
        inside = item_of_nitf(nitf)
        return inside, inside.text.split("\n\n") if inside.text else []
    if any(name_of(below) for below in holder):
        body = next(all_named(holder, "body"), None)
        body = next(all_named(holder, "body.content"), body) if body is None else body
        if body is not None and not any(name_of(below) for below in body):
            return Item(text=""), unwrapped((body.text or "").splitlines())
        return Item(text=""), paragraphs_of(holder if body is None else body)
    return Item(text=""), text_paragraphs(holder.text or "")


def _without_notice(paragraphs: list[str]) -> tuple[list[str], str | None]:
    """The paragraphs without a notice of copyright that closes them, and that."""
    if len(paragraphs) > 1 and COPYRIGHT.match(paragraphs[-1]):
        return paragraphs[:-1], paragraphs[-1]
    return paragraphs, None


def text_paragraphs(content: str) -> list[str]:
    """The paragraphs of a text that is plain or HTML."""
    if "</" in content and (tree := parse_html(content)) is not None:
        return paragraphs_of(tree)
    return unwrapped(content.splitlines())


def _headline(about: Element | None) -> str | None:
    lines = children(about, "headline")
    main = [line for line in lines if "sub" not in (line.get("role") or "").lower()]
    return next(filter(None, (text_of(line) for line in main)), None)


def _subhead(about: Element | None) -> str | None:
    lines = [line for line in children(about, "headline") if "sub" in (line.get("role") or "").lower()]
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
    return _unique([*located, *about_places])


def _unique(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _media(item_class: str, contents: Element | None) -> str | None:
    if item_class and item_class != "text":
        return item_class
    remote = child(contents, "remoteContent")
    kind = (remote.get("contenttype") or "").partition("/")[0] if remote is not None else ""
    return {"image": "picture"}.get(kind, kind) or None


# NewsML 1.2


def read_newsml_1(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The items of a NewsML 1 document."""
    content = whole(stream)
    root = content if isinstance(content, Fault) else parse_xml(content)
    if isinstance(root, Fault):
        yield root
        return
    items = list(all_named(root, "NewsItem"))
    for element in items:
        yield item_of_newsml_1(element)
    if not items:
        yield Fault(Reason.EMPTY, "a NewsML document without items")


def item_of_newsml_1(element: Element) -> Item:
    """What a ``NewsItem`` states, by the NewsML 1.2 specification. Its text is the longest that is no caption."""
    identity, management = first(element, "NewsIdentifier"), child(element, "NewsManagement")
    component, inside, paragraphs = _main_text(element)
    paragraphs, notice = _without_notice(paragraphs)
    lines = [*_ancestors(component), element]
    title = _line(lines, "HeadLine") or inside.title or text_of(first(element, "NameLabel"))
    byline = _line(lines, "ByLine") or inside.byline
    created, changed = _time(management, "FirstCreated"), _time(management, "ThisRevisionCreated")
    published = created or changed or ((inside.published_at, inside.has_time) if inside.published_at else None)
    status = _formal(child(management, "Status"))
    frees = moment(text_of(first(management, "StatusWillChange", "DateAndTime")))
    identifier = text_of(child(identity, "PublicIdentifier"))
    provider = _formal(first(element, "Provider", "Party")) or text_of(child(identity, "ProviderId"))
    return Item(
        text=joined(without_opening(paragraphs, title, byline)),
        id=_without_revision(identifier, identity) or text_of(child(identity, "NewsItemId")) or inside.id,
        version=number_of(text_of(child(identity, "RevisionId"))),
        title=title,
        subhead=_line(lines, "SubHeadLine") or inside.subhead,
        description=inside.description,
        byline=byline,
        authors=authors_of(_line(lines, "ByLine")) or inside.authors,
        dateline=_line(lines, "DateLine") or inside.dateline,
        language=language_tag(_formal(first(element, "Language")))
        or language_tag(element.get(XML_LANG))
        or inside.language,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        modified_at=changed[0] if changed and published and changed[0] > published[0] else None,
        publisher=_line(lines, "CreditLine") or provider or inside.publisher,
        slug=_line(lines, "SlugLine") or inside.slug,
        urgency=number_of(_formal(child(management, "Urgency"))) or inside.urgency,
        keywords=_unique(text_of(keyword) for keyword in all_named(element, "KeywordLine"))
        or _unique(_properties(element, "Keyword"))
        or inside.keywords,
        topics=tuple(_subject_codes(element)) or inside.topics,
        places=_locations(element) or inside.places,
        genre=_formal(first(element, "Genre")) or inside.genre,
        editor_note=_line_of_type(element, "note") or inside.editor_note,
        copyright=_line(lines, "CopyrightLine") or inside.copyright or notice,
        usage_terms=text_of(first(element, "UsageRights")) or _line(lines, "RightsLine") or inside.usage_terms,
        embargoed_until=frees[0] if frees and (status or "").lower() == "embargoed" else inside.embargoed_until,
        pub_status=_STATUS.get((status or "").lower(), inside.pub_status),
        stated_words=next(
            filter(None, map(number_of, _properties(component, "Words", "WordCount"))), inside.stated_words
        ),
        media=(_formal(first(element, "MediaType")) or "").lower().replace("photo", "picture") or None,
    )


def _main_text(element: Element) -> tuple[Element, Item, list[str]]:
    best: tuple[Element, Item, list[str]] = (element, Item(text=""), [])
    for holder in all_named(element, "ContentItem"):
        role = _formal(child(holder.getparent(), "Role")) or ""
        media = (_formal(child(holder, "MediaType")) or "text").lower()
        data = child(holder, "DataContent")
        if data is None or "caption" in role.lower() or media not in ("text", "complexdata", "composite"):
            continue
        inside, paragraphs = _content(data)
        if sum(map(len, paragraphs)) > sum(map(len, best[2])):
            best = (holder, inside, paragraphs)
    return best


def _ancestors(element: Element) -> Iterator[Element]:
    """The components around a content, from the innermost."""
    for above in element.iterancestors():
        if name_of(above) == "newscomponent":
            yield above


def _line(places: list[Element], name: str) -> str | None:
    for place in places:
        lines = child(place, "NewsLines")
        if found := text_of(child(lines, name)):
            return found
    return text_of(first(places[-1], "NewsLines", name))


def _line_of_type(element: Element, kind: str) -> str | None:
    for line in all_named(element, "NewsLine"):
        if kind in (_formal(child(line, "NewsLineType")) or "").lower():
            return text_of(child(line, "NewsLineText"))
    return None


def _formal(element: Element | None) -> str | None:
    return squeeze(element.get("FormalName")) if element is not None else None


def _properties(element: Element, *names: str) -> Iterator[str | None]:
    """The values of the properties of some names."""
    return (squeeze(one.get("Value")) for one in all_named(element, "Property") if _formal(one) in names)


def _without_revision(identifier: str | None, identity: Element | None) -> str | None:
    """A public identifier ends with the revision; the id of an item is the same in all of them."""
    revision = text_of(child(identity, "RevisionId"))
    if not identifier or not revision:
        return identifier
    return identifier.removesuffix(f":{revision}N").removesuffix(f":{revision}U").removesuffix(f":{revision}")


def _subject_codes(element: Element) -> Iterator[Topic]:
    for subject in all_named(element, "SubjectCode"):
        named = [one for one in subject if name_of(one) in ("subject", "subjectmatter", "subjectdetail")]
        for one in named:
            if topic := topic_of("subj", _formal(one), None):
                yield topic


def _locations(element: Element) -> tuple[str, ...]:
    places = []
    for location in all_named(element, "Location"):
        values = [squeeze(one.get("Value")) for one in children(location, "Property")]
        places.append(", ".join(dict.fromkeys(filter(None, values))) or text_of(location))
    return _unique(places)
