"""News in JSON: IPTC's ninjs 1 to 3, and the items of AP's Media API, which grew from it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment
from newsmill.tasks.formats.items import Fault, Item, PubStatus
from newsmill.tasks.formats.names import authors_of, language_tag, number_of, topic_of
from newsmill.tasks.formats.nitf import item_of_nitf
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze, unwrapped, without_opening
from newsmill.tasks.formats.streams import encoding_of, whole
from newsmill.tasks.formats.xml import name_of, parse_html, parse_xml, text_of

Record = Mapping[str, Any]

_STATUS = {
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
    "withheld": PubStatus.WITHHELD,
}
_MARKS = ("uri", "guid", "altids", "standard", "pubstatus", "versioncreated", "firstcreated", "representationtype")
_BODIES = ("body_html", "body_xhtml", "body_nitf", "body_text", "bodies", "body", "headline", "headlines")


_RICHEST = ("html", "nitf", "text", "")
"""Types of bodies, those first that say where paragraphs end."""
_TEXTUAL = frozenset({"text", "story", "article", "advisory", "alert"})
"""Types of items that are text, as agencies name them."""


def is_ninjs(record: Record) -> bool:
    """Whether a JSON object has the properties of a ninjs item: an identity, a state or a time, and some content."""
    names = {name.lower() for name in record}
    return len(names & set(_MARKS)) >= 2 and bool(names & {*_BODIES, "type"})


def read_ninjs(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The items of a JSON document: one, a list of them, or the answer of an API that holds them."""
    content = whole(stream)
    value = content if isinstance(content, Fault) else parse_json(content)
    if isinstance(value, Fault):
        yield value
        return
    found = 0
    for record in records_of(value):
        found += 1
        yield item_of_ninjs(record)
    if not found:
        yield Fault(Reason.EMPTY, "JSON without a news item")


def parse_json(content: bytes) -> Any:
    """The value of a JSON document, or a fault."""
    try:
        return json.loads(content.decode(encoding_of(content[:100_000])), parse_constant=lambda _name: None)
    except UnicodeDecodeError:
        return Fault(Reason.BAD_ENCODING, "JSON is UTF-8, this is not")
    except RecursionError:
        return Fault(Reason.BAD_JSON, "nested too deep")
    except ValueError as error:
        return Fault(Reason.BAD_JSON, str(error)[:200])


def records_of(value: Any) -> Iterator[Record]:
    """The items in an answer: ``{data: {item}}``, ``{data: {items: [{item}]}}``, ``{_items: []}``, a list, itself."""
    if isinstance(value, list):
        for one in value:
            yield from records_of(one)
    elif isinstance(value, Mapping):
        inner = next(
            (value[key] for key in ("data", "item", "items", "_items") if isinstance(value.get(key), dict | list)), None
        )
        if is_ninjs(value) or inner is None:
            if is_ninjs(value) or {name.lower() for name in value} & set(_BODIES):
                yield value
        else:
            for record in records_of(inner):
                yield {**_body_beside(value), **record}


def _body_beside(answer: Record) -> Record:
    """The body that clients of AP's API fetch by its link and keep beside the item: ``{data: {item}, nitf: {}}``."""
    beside = answer.get("nitf")
    bodies = beside if isinstance(beside, Mapping) else {"body_nitf": beside}
    return {name: value for name, value in bodies.items() if name in ("body_nitf", "body_html") and value}


def item_of_ninjs(record: Record) -> Item:
    """What a ninjs object or an item of AP states. Properties by ninjs 1.4, 2.1 and 3.0 and AP's Media API.

    Names are in lower case until version 2 and in camel case since, and are read in either.
    """
    record = {name.lower(): value for name, value in record.items()}
    title = _text(record, "headline", "headlines", role="main") or _text(record, "headline_extended", "title")
    byline = _byline(record)
    paragraphs, inside = _body(record)
    published = _moment(record, "firstpublished", "contentcreated", "firstcreated", "versioncreated") or (
        (inside.published_at, inside.has_time) if inside.published_at else None
    )
    changed = _moment(record, "versioncreated")
    embargo = _moment(record, "embargoed", "embargotime")
    rights = {name.lower(): value for name, value in _object(record.get("rightsinfo")).items()}
    alternatives = record.get("altids")
    return Item(
        text=joined(without_opening(paragraphs, title, byline)),
        id=_identity(record, alternatives) or inside.id,
        version=number_of(record.get("version")),
        title=title or inside.title,
        subhead=_text(record, "subheadline", "headlines", role="subhead") or inside.subhead,
        description=_text(
            record, "description_text", "description", "descriptions", "description_html", "headline_overview"
        ),
        byline=byline or inside.byline,
        authors=_authors(record) or authors_of(byline) or inside.authors,
        dateline=_dateline(record) or inside.dateline,
        language=language_tag(_string(record.get("language"))) or inside.language,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        modified_at=changed[0] if changed and published and changed[0] > published[0] else None,
        publisher=_string(record.get("source"))
        or _first_name(record, "infosources", "infosource", "sources", "provider"),
        section=_first_name(record, "service", "sections"),
        slug=_string(record.get("slugline")) or _string(record.get("slug")) or inside.slug,
        urgency=number_of(record.get("urgency")),
        keywords=_keywords(record),
        topics=tuple(_topics(record)),
        places=_names(record, "places", "place"),
        genre=_first_name(record, "genres", "genre"),
        editor_note=_string(record.get("ednote")) or inside.editor_note,
        copyright=_string(record.get("copyrightnotice"))
        or _string(rights.get("copyrightnotice"))
        or _string(record.get("copyrightholder"))
        or _string(rights.get("copyrightholder"))
        or inside.copyright,
        usage_terms=_joined(record.get("usageterms")) or _joined(rights.get("usageterms")) or inside.usage_terms,
        embargoed_until=embargo[0] if embargo else None,
        pub_status=_STATUS.get((_string(record.get("pubstatus")) or "").lower(), PubStatus.USABLE),
        stated_words=_words(record),
        urls=tuple(url for url in [_string(record.get("uri"))] if url and url.startswith(("http://", "https://"))),
        media=_media(record),
    )


def _identity(record: Record, alternatives: object) -> str | None:
    """The id that all versions share; a ``uri`` may name the version."""
    if isinstance(alternatives, Mapping) and (itemid := _string(alternatives.get("itemid"))):
        return itemid
    return _string(record.get("guid")) or _string(record.get("uri")) or _string(record.get("_id"))


def _string(value: object) -> str | None:
    if isinstance(value, str):
        return squeeze(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _object(value: object) -> Record:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> Iterator[Record]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            yield one


def _joined(value: object) -> str | None:
    parts = [_string(one) for one in value] if isinstance(value, list) else [_string(value)]
    return " ".join(filter(None, parts)) or None


def _moment(record: Record, *names: str) -> tuple[datetime, bool] | None:
    return next(filter(None, (moment(_string(record.get(name))) for name in names)), None)


def _text(record: Record, *names: str, role: str | None = None) -> str | None:
    """The text of the first property that has one; of a list of renditions that of the role, or the first."""
    for name in names:
        value = record.get(name)
        if isinstance(value, list):
            options = [one for one in _objects(value) if isinstance(one.get("value"), str)]
            wanted = [one for one in options if role and role in (_string(one.get("role")) or "")]
            if role == "subhead" and not wanted:
                continue
            value = next((one["value"] for one in (*wanted, *options)), None)
        if isinstance(value, str) and (found := _plain(value)):
            return found
    return None


_IS_HTML = re.compile(r"</[a-z]|<br\s*/?>|&(?:amp|lt|gt|quot|nbsp|#\d{1,6});", re.IGNORECASE)


def _plain(value: str) -> str | None:
    if _IS_HTML.search(value) and (tree := parse_html(value)) is not None:
        return text_of(tree)
    return squeeze(value)


def _body(record: Record) -> tuple[list[str], Item]:
    """The paragraphs of the first rendition of the body that has any, NITF's with what it states."""
    for kind, value in _renditions(record):
        if "nitf" in kind or value.lstrip().startswith(("<nitf", "<?xml", "<body.content")):
            root = parse_xml(value.encode())
            if not isinstance(root, Fault):
                inside = item_of_nitf(root) if name_of(root) == "nitf" else Item(text=joined(paragraphs_of(root)))
                if inside.text:
                    return inside.text.split("\n\n"), inside
        elif "html" in kind or "</" in value:
            tree = parse_html(value)
            if tree is not None and (paragraphs := paragraphs_of(tree)):
                return paragraphs, Item(text="")
        elif paragraphs := unwrapped(value.splitlines()):
            return paragraphs, Item(text="")
    return [], Item(text="")


def _renditions(record: Record) -> Iterator[tuple[str, str]]:
    for name in ("body_xhtml", "body_html", "body_nitf", "body_text"):
        if isinstance(record.get(name), str):
            yield name, record[name]
    for name, value in record.items():
        if name.startswith("body_") and name not in _BODIES and isinstance(value, str):
            yield name, value
    bodies = [
        (_string(one.get("contenttype")) or _string(one.get("contentType")) or "", one["value"])
        for one in _objects(record.get("bodies"))
        if isinstance(one.get("value"), str)
    ]
    yield from sorted(bodies, key=lambda body: next(at for at, kind in enumerate(_RICHEST) if kind in body[0].lower()))
    for name in ("body", "content", "story", "text"):
        value = record.get(name)
        if isinstance(value, Mapping):
            yield from _renditions({f"body_{key}": part for key, part in value.items()})
        elif isinstance(value, str):
            yield name, value


def _byline(record: Record) -> str | None:
    for name in ("byline", "by"):
        if line := _plain(value) if isinstance(value := record.get(name), str) else None:
            return line
    lines = (_string(one.get("by") or one.get("value") or one.get("name")) for one in _objects(record.get("bylines")))
    return "; ".join(filter(None, lines)) or None


def _authors(record: Record) -> tuple[str, ...]:
    people = [
        one
        for one in _objects(record.get("authors"))
        if (_string(one.get("role")) or "author").lower() in ("author", "writer")
    ]
    people += [one for name in ("people", "person") for one in _objects(record.get(name)) if one.get("rel") == "author"]
    return tuple(dict.fromkeys(filter(None, (_string(one.get("name")) for one in people))))


def _dateline(record: Record) -> str | None:
    stated = record.get("dateline")
    if isinstance(stated, Mapping):
        stated = stated.get("text")
    return (
        _string(stated)
        or _string(record.get("located"))
        or _string(_object(record.get("datelinelocation")).get("city"))
    )


def _first_name(record: Record, *names: str) -> str | None:
    return next((found[0] for found in (_names(record, name) for name in names) if found), None)


def _names(record: Record, *names: str) -> tuple[str, ...]:
    found = []
    for name in names:
        value = record.get(name)
        if isinstance(value, str):
            found.append(squeeze(value))
        found += [_string(one.get("name")) or _string(one.get("literal")) for one in _objects(value)]
    return tuple(dict.fromkeys(filter(None, found)))


def _keywords(record: Record) -> tuple[str, ...]:
    value = record.get("keywords")
    words = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
    plain = (_string(one) if not isinstance(one, Mapping) else _string(one.get("name")) for one in words)
    return tuple(dict.fromkeys(filter(None, plain)))


def _topics(record: Record) -> Iterator[Topic]:
    for name in ("subjects", "subject"):
        for one in _objects(record.get(name)):
            literal = _string(one.get("literal"))
            code = _string(one.get("code")) or _string(one.get("uri")) or _string(one.get("qcode"))
            code = code or (literal if literal and re.fullmatch(r"\d{8}", literal) else None)
            if topic := topic_of(_string(one.get("scheme")), code, _string(one.get("name")) or literal):
                yield topic


def _words(record: Record) -> int | None:
    bodies = (one.get("wordcount") or one.get("wordCount") for one in _objects(record.get("bodies")))
    return next(filter(None, map(number_of, (record.get("wordcount"), *bodies))), None)


def _media(record: Record) -> str | None:
    kind = (_string(record.get("type")) or "").lower()
    return kind if kind and kind not in _TEXTUAL else None
