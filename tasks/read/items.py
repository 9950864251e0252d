"""Items: what agencies send, archives export and tables hold, as raw documents with what their source states."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from typing import BinaryIO
from urllib.parse import urlsplit

from newsmill.isolate import Failure, Workers
from newsmill.schemas.rows import RawDocument, Rejection, Stated
from newsmill.schemas.words import ContentKind
from newsmill.tasks.formats.items import Fault, Item, PubStatus, unfit
from newsmill.tasks.formats.reading import read
from newsmill.tasks.formats.recognise import Format
from newsmill.tasks.formats.streams import whole
from newsmill.tasks.inputs.content import (
    Place,
    Problem,
    clean_address,
    mended_address,
    printable,
    problem_of,
    unfit_address,
)
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.inputs.source import Limits
from newsmill.tasks.inputs.urls import canonical_url

_MAX_ID_LENGTH = 1000
_PASSING = frozenset(
    {Format.WIRE, Format.CSV, Format.JSON_LINES, Format.JSON_ARRAY, Format.PARQUET, Format.OFFICE, Format.MAIL}
)
"""Formats whose ids name an item where it stands alone: numbers of a wire come again, those of rows stand anywhere."""
_LASTING = re.compile(
    r"(?:urn|tag|https?):\S+|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|\S+@\S+\.\S+", re.IGNORECASE
)
"""Ids that name one thing wherever they stand: URIs, UUIDs, ids of messages."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
_MOST_WORDS = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every item of a run.

    ``now`` is the moment that embargoes are held against; ``withdrawn`` is told the ``article_id`` of a killed item.
    """

    now: datetime
    withdrawn: Callable[[str], object]


WITHOUT_TERMS = Terms(now=datetime.max.replace(tzinfo=UTC), withdrawn=lambda _id: None)
"""For whoever looks at a file, and publishes nothing."""


def read_items(
    stream: BinaryIO,
    found: Format,
    whole_file: Place,
    limits: Limits,
    terms: Terms,
    *,
    columns: Mapping[str, str] | None = None,
    clean: bool = False,
) -> Iterator[RawDocument | Rejection]:
    """The documents of a file in one of the formats of the trade, and the rejections of what is no article.

    An item's ``input_id`` is ``path#id``, or ``path#n`` for the n-th where it has none. ``columns`` names those of a
    table. Text is taken whole, or as if it had been copied from a page where ``clean``.
    """
    kind = ContentKind.TEXT if clean else ContentKind.ARTICLE
    for number, item in enumerate(_items(stream, found, columns or {}, limits), 1):
        if isinstance(item, Fault):
            place = whole_file if item.id is None else _place(whole_file, item.id, number)
            yield place.reject(Problem(item.reason, item.detail))
        else:
            yield document_of_item(item, _place(whole_file, item.id, number), found, limits, terms, kind)


def document_of_item(
    item: Item, place: Place, found: Format, limits: Limits, terms: Terms, kind: ContentKind
) -> RawDocument | Rejection:
    """The document of an item, or its rejection for what it is or states."""
    place = Place(place.input_id, place.source, place.raw_uri, *_address(item.urls))
    guid = guid_of(item, found)
    if item.pub_status is PubStatus.CANCELED:
        for address, name in {(place.url, guid), (None, guid)}:
            if address or name:
                terms.withdrawn(article_id(canonical_url(address), "", name))
    if problem := unfit(item, terms.now):
        return place.reject(Problem(problem.reason, problem.detail))
    document = place.document(kind, printable_bytes(item.text), limits.max_bytes, charset="utf-8")
    return document if isinstance(document, Rejection) else document.replace(stated=stated_of(item, guid))


def guid_of(item: Item, found: Format) -> str | None:
    """What names the item in all of its versions; None for an id that another item may have too."""
    if item.id is None or (found in _PASSING and not _LASTING.fullmatch(item.id)):
        return None
    return printable(item.id)


def stated_of(item: Item, guid: str | None = None) -> Stated:
    """What an item states, as the columns of an article hold it."""
    published = item.published_at
    if published is not None and not item.has_time:
        published = datetime.combine(published.date(), time(), UTC)
    language = _LANGUAGE.match(item.language.lower()) if item.language else None
    return Stated(
        title=item.title,
        authors=item.authors,
        published_at=_utc(published),
        published_on=item.published_on,
        modified_at=_utc(item.modified_at),
        language=language[0] if language else None,
        description=item.description,
        section=item.section,
        tags=item.keywords,
        publisher=item.publisher,
        guid=guid,
        version=_within(item.version, 2**63),
        subhead=item.subhead,
        byline=item.byline,
        dateline=item.dateline,
        page=item.page,
        slug=item.slug,
        urgency=_within(item.urgency, 10),
        topics=item.topics,
        places=item.places,
        genre=item.genre,
        editor_note=item.editor_note,
        copyright=item.copyright,
        usage_terms=item.usage_terms,
        embargoed_until=_utc(item.embargoed_until),
        stated_words=_within(item.stated_words, _MOST_WORDS),
    )


def _utc(moment: datetime | None) -> datetime | None:
    """A moment as UTC; None for one that UTC cannot hold."""
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        return None


def _within(number: int | None, bound: int) -> int | None:
    """A number that its column can hold."""
    return number if number is not None and 0 <= number < bound else None


def _place(whole_file: Place, identity: str | None, number: int) -> Place:
    shown = printable(identity) if identity else ""
    shown = shown if 0 < len(shown) <= _MAX_ID_LENGTH else str(number)
    return Place(f"{whole_file.input_id}#{shown}", whole_file.source, f"{whole_file.raw_uri}#{shown}")


def _address(urls: Iterable[str]) -> tuple[str | None, str | None]:
    """The first address that is one of an article, else the first that is none at all.

    That of a whole site, which many articles have in common, is neither.
    """
    unfit = None
    for stated in urls:
        address = clean_address(stated) or mended_address(stated)
        if address is None:
            unfit = unfit or unfit_address(stated)
        elif (parts := urlsplit(address)).path.strip("/") or parts.query:
            return address, None
    return None, unfit


def printable_bytes(text: str) -> bytes:
    """Text as UTF-8, with U+FFFD for halves of surrogate pairs."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


# Reading


def _items(
    stream: BinaryIO, found: Format, columns: Mapping[str, str], limits: Limits
) -> Iterator[Item | Fault] | list[Item | Fault]:
    """The items of a file. A PDF is read by a child, since its library is C code that a file may hang or crash."""
    if found is not Format.PDF:
        return read(stream, found, columns)
    content = whole(stream)
    if isinstance(content, Fault):
        return [content]
    items: list[Item | Fault] | Failure = _readers(limits.seconds, limits.memory_mb).call(content)
    if isinstance(items, Failure):
        problem = problem_of(items)
        return [Fault(problem.reason, problem.detail)]
    return items


@cache
def _readers(seconds: float, memory_mb: int) -> Workers:
    return Workers(1, start_reading, seconds=seconds, memory_mb=memory_mb)


def start_reading() -> Callable[[bytes], list[Item | Fault]]:
    """What a reading child does."""
    return lambda content: list(read(BytesIO(content), Format.PDF))
