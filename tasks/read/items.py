"""Items: what agencies send, archives export and tables hold, as raw documents with what their source states."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from newsmill.schemas.rows import RawDocument, Rejection, Stated
from newsmill.schemas.words import ContentKind
from newsmill.tasks.formats.items import Item, PubStatus, cited, unfit
from newsmill.tasks.formats.recognise import Format
from newsmill.tasks.inputs.content import (
    Place,
    Problem,
    clean_address,
    mended_address,
    printable,
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
_CITING = frozenset(Format) - _PASSING - {Format.MBOX, Format.RTF, Format.PDF} | {Format.WIRE}
"""Formats in which an item may be a headline alone, beside the exports that a document may be."""
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


def document_of_item(
    item: Item, place: Place, found: Format, limits: Limits, terms: Terms, kind: ContentKind
) -> RawDocument | Rejection:
    """The document of an item, or its rejection for what it is or states."""
    item = with_text(item, found)
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


def with_text(item: Item, found: Format) -> Item:
    """A flash of an agency and the citation of an archive have no text but their summary or headline.

    Rows without a text are mostly pages that somebody failed to fetch, and pictures and films are no articles.
    """
    return cited(item) if found in _CITING else item


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


def place_of(whole_file: Place, identity: str | None, number: int) -> Place:
    """The place of an item in its file: by its id, or else by its number from 1."""
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
