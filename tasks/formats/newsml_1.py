"""NewsML 1, IPTC's container of news of before NewsML-G2: items made of components, with NITF, XHTML or text inside."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_PARTS
from newsmill.tasks.formats.names import authors_of, language_tag, number_of, topic_of
from newsmill.tasks.formats.newsml import STATUS, content_of, unique, without_notice
from newsmill.tasks.formats.prose import joined, squeeze, without_opening
from newsmill.tasks.formats.xml import XML_LANG, all_named, child, children, first, name_of, records_in, text_of

_TITLES = frozenset({"title", "headline", "hedline"})
_SUBHEADS = frozenset({"subtitle", "subheadline", "subhead"})
_SUMMARIES = frozenset({"abstract", "summary", "teaser"})
_CONTACTS = frozenset({"contact", "contacts"})
_NO_TEXT = re.compile(r"caption|picture|photo|image|graphic|logo|thumbnail|icon|video|audio|style", re.IGNORECASE)
"""Roles of what is beside a text."""
_TEXTUAL = ("text", "complexdata", "composite")
_SHORTEST_IDENTIFIER = 5
"""Parts of a public identifier: ``urn:newsml:provider:day:item``."""


def read_newsml_1(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The items of a NewsML 1 document."""
    is_empty = True
    for element in records_in(stream, "NewsItem"):
        is_empty = False
        yield from [element] if isinstance(element, Fault) else items_of_newsml_1(element)
    if is_empty:
        yield Fault(Reason.EMPTY, "a NewsML document without items")


@dataclass(frozen=True, slots=True)
class _Part:
    """A content of a story: what role it has there, what it states of itself, and its paragraphs."""

    holder: Element
    role: str
    inside: Item
    paragraphs: Sequence[str]

    def text(self) -> str:
        """Its words on one line, in lower case."""
        return " ".join(re.findall(r"\w+", " ".join(self.paragraphs).lower()))


def items_of_newsml_1(element: Element) -> Iterator[Item | Fault]:
    """The stories of a ``NewsItem``: what stands below each component with a headline of its own is one.

    The first has the id of the item, any other that with the ``Duid`` of its component, or else its number.
    """
    parts: dict[Element, list[_Part]] = {}
    every = list(itertools.islice(_parts(element), MAX_PARTS + 1))
    if len(every) > MAX_PARTS:
        yield Fault(
            Reason.TOO_LARGE, f"an item of more than {MAX_PARTS} texts", _identity(first(element, "NewsIdentifier"))
        )
        return
    for part in every:
        parts.setdefault(_headed(part.holder, element), []).append(part)
    stories = {top: found for top, found in parts.items() if any(part.paragraphs for part in _texts(found))}
    if len(stories) <= 1:
        yield _item(element, element, next(iter(stories.values()), every))
        return
    for number, (top, found) in enumerate(stories.items(), 1):
        yield _item(element, top, found, None if number == 1 else squeeze(top.get("Duid")) or str(number))


def _parts(element: Element) -> Iterator[_Part]:
    """The contents that are text and stand beside no picture."""
    for holder in all_named(element, "ContentItem"):
        data = child(holder, "DataContent")
        media = (_formal(child(holder, "MediaType")) or "text").lower()
        kind = f"{_formal(child(holder, 'MimeType')) or ''} {_formal(child(holder, 'Format')) or ''}".lower()
        roles = [_formal(child(above, "Role")) or "" for above in _components(holder)]
        if data is None or media not in _TEXTUAL or "css" in kind or any(map(_NO_TEXT.search, roles)):
            continue
        inside, paragraphs = content_of(data)
        yield _Part(holder, roles[0].lower() if roles else "", inside, paragraphs)


def _components(holder: Element) -> Iterator[Element]:
    """The components around a content, from the innermost."""
    return (above for above in holder.iterancestors() if name_of(above) == "newscomponent")


def _headed(holder: Element, element: Element) -> Element:
    """The innermost component around a content that has a headline, else the item."""
    headed = (above for above in _components(holder) if text_of(first(child(above, "NewsLines"), "HeadLine")))
    return next(headed, element)


def _texts(parts: Iterable[_Part]) -> list[_Part]:
    """The parts that make the text, in order, contacts last.

    Of those that their component calls equivalents the longest counts; one that another holds is a rendition of it.
    """
    others = _TITLES | _SUBHEADS | _SUMMARIES
    longest: dict[object, _Part] = {}
    for part in parts:
        equivalents = (above for above in _components(part.holder) if above.get("EquivalentsList") == "yes")
        key = next(equivalents, part.holder)
        if part.role not in others and part.paragraphs and len(part.text()) > _length(longest.get(key)):
            longest[key] = part
    kept: dict[str, _Part] = {}
    for part in longest.values():
        text = part.text()
        if any(text in known for known in kept):
            continue
        kept = {known: one for known, one in kept.items() if known not in text}
        kept[text] = part
    return sorted(kept.values(), key=lambda part: part.role in _CONTACTS)


def _length(part: _Part | None) -> int:
    return len(part.text()) if part else 0


def _stated(parts: Iterable[_Part], roles: frozenset[str]) -> str | None:
    """The text of the first part that has one of these roles."""
    return next((squeeze(" ".join(part.paragraphs)) for part in parts if part.role in roles and part.paragraphs), None)


def _item(element: Element, top: Element, parts: Sequence[_Part], number: str | None = None) -> Item:
    """What a ``NewsItem`` states of a story, by the NewsML 1.2 specification; ``top`` is the story's component."""
    identity, management = first(element, "NewsIdentifier"), child(element, "NewsManagement")
    texts = _texts(parts)
    inside = next((part.inside for part in texts), Item(text=""))
    paragraphs, notice = without_notice([one for part in texts for one in part.paragraphs])
    lines = [*(_components(texts[0].holder) if texts else ()), top]
    title = _line(lines, "HeadLine") or _stated(parts, _TITLES) or inside.title
    subhead = _line(lines, "SubHeadLine") or _stated(parts, _SUBHEADS) or inside.subhead
    byline = _line(lines, "ByLine") or inside.byline
    created, changed = _time(management, "FirstCreated"), _time(management, "ThisRevisionCreated")
    published = (
        created
        or changed
        or ((inside.published_at, inside.has_time) if inside.published_at else None)
        or _time(identity, "DateId")
    )
    status = _formal(child(management, "Status"))
    frees = moment(text_of(first(management, "StatusWillChange", "DateAndTime")))
    provider = _formal(first(element, "Provider", "Party")) or text_of(child(identity, "ProviderId"))
    guid = _identity(identity) or inside.id
    return Item(
        text=joined(without_opening(paragraphs, title, subhead, byline)),
        id=f"{guid}#{number}" if guid and number else guid,
        version=number_of(text_of(child(identity, "RevisionId"))),
        title=title,
        subhead=subhead,
        description=_stated(parts, _SUMMARIES) or inside.description or _line_of_type(top, "summary"),
        byline=byline,
        authors=authors_of(_line(lines, "ByLine")) or inside.authors,
        dateline=_line(lines, "DateLine") or inside.dateline,
        language=_language(lines) or language_tag(_formal(first(element, "Language"))) or inside.language,
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        modified_at=changed[0] if changed and published and changed[0] > published[0] else None,
        publisher=_line(lines, "CreditLine") or provider or inside.publisher,
        slug=_line(lines, "SlugLine") or inside.slug or text_of(first(element, "NameLabel")),
        urgency=number_of(_formal(child(management, "Urgency")) or text_of(child(management, "Urgency")))
        or inside.urgency,
        keywords=unique(text_of(keyword) for keyword in all_named(top, "KeywordLine"))
        or unique(_properties(top, "Keyword"))
        or inside.keywords,
        topics=tuple(_subject_codes(top)) or tuple(_subject_codes(element)) or inside.topics,
        places=_locations(top) or _locations(element) or inside.places,
        genre=_formal(first(top, "Genre")) or _formal(first(element, "Genre")) or inside.genre,
        editor_note=_line_of_type(top, "note") or inside.editor_note,
        copyright=_line(lines, "CopyrightLine") or inside.copyright or notice,
        usage_terms=text_of(first(top, "UsageRights")) or _line(lines, "RightsLine") or inside.usage_terms,
        embargoed_until=frees[0] if frees and (status or "").lower() == "embargoed" else inside.embargoed_until,
        pub_status=STATUS.get((status or "").lower(), inside.pub_status),
        stated_words=_words(texts) or inside.stated_words,
        media=_media(top),
    )


def _identity(identity: Element | None) -> str | None:
    """The id of all versions of an item: its public identifier without the revision that this ends with.

    Some agencies have none, or one that names themselves alone; then provider and item do.
    """
    stated, revision = text_of(child(identity, "PublicIdentifier")), text_of(child(identity, "RevisionId"))
    if stated and (not stated.startswith("urn:newsml:") or stated.count(":") >= _SHORTEST_IDENTIFIER - 1):
        if not revision:
            return stated
        return stated.removesuffix(f":{revision}N").removesuffix(f":{revision}U").removesuffix(f":{revision}")
    item = text_of(child(identity, "NewsItemId"))
    if not item or item == "0":
        return None
    return ":".join(filter(None, (text_of(child(identity, "ProviderId")), item)))


def _time(parent: Element | None, name: str) -> tuple[datetime, bool] | None:
    return moment(text_of(child(parent, name)))


def _language(places: Sequence[Element]) -> str | None:
    """The language of the innermost component that states one."""
    for place in places:
        stated = _formal(child(place, "DescriptiveMetadata", "Language")) or place.get(XML_LANG)
        if tag := language_tag(stated):
            return tag
    return None


def _line(places: Sequence[Element], name: str) -> str | None:
    """The line of the innermost component that has it."""
    for place in places:
        if found := text_of(child(place, "NewsLines", name)):
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


def _words(parts: Sequence[_Part]) -> int | None:
    """The length that all parts of the text state together."""
    stated = [
        next(filter(None, map(number_of, _properties(part.holder, "Words", "WordCount"))), None) for part in parts
    ]
    return sum(filter(None, stated)) if all(stated) else None


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
    return unique(places)


def _media(top: Element) -> str | None:
    return (_formal(first(top, "MediaType")) or "").lower().replace("photo", "picture") or None
