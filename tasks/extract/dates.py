"""When an article was published and last changed, and what says so.

The moment of publication is what the page states for machines (JSON-LD, meta and time elements); the day of publication
is what it shows its readers in the dateline by the headline, which is right where a stated time was converted to UTC or
belongs to an older version of the page. No date after the latest moment that the caller gives is believed, and none is
made up: a page that says nothing has none.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import chain, islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from htmldate import extractors, find_date
from lxml.html import HtmlElement

from newsmill.schemas.words import DateSource
from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.structured import ARTICLE_TYPE, first_of
from newsmill.tasks.extract.vicinity import Vicinity, names_of
from newsmill.tasks.inputs.days import BUDDHIST, MONTHS, Day, day_of, days_in

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class Stated(NamedTuple):
    """A moment and where it is stated."""

    at: datetime
    source: DateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When an article was published and changed; moments are UTC."""

    published_at: datetime | None = None
    published_at_source: DateSource = DateSource.NONE
    published_on: date | None = None
    """The day of publication as the page shows it, which is not always the day of ``published_at`` in UTC."""
    modified_at: datetime | None = None
    modified_at_source: DateSource = DateSource.NONE


NO_DATES = Dates()


def find_dates(
    tree: HtmlElement,
    data: Sequence[Mapping[str, Any]],
    article: Mapping[str, Any],
    metas: Mapping[str, str],
    *,
    url: str | None,
    vicinity: Vicinity,
    latest: datetime,
) -> Dates:
    """The dates of a page: ``article`` is the one of ``data`` that describes it, ``vicinity`` is where it stands."""
    machine = chain(
        _published(data, article, metas, parse_time, url_date(url)), ((_time_element(tree, vicinity), DateSource.TIME),)
    )
    stated = next(_believed(machine, latest), None) or next(_believed(_titled(tree, metas), latest), None)
    modified = next(_believed(_modified(article, metas), latest), None)
    shown = find_dateline(vicinity, Known(stated, modified, latest, _puts_month_first(tree, metas, url)))
    if stated is None:
        written = _believed(_published(data, article, metas, written_time), latest)
        stated = Stated(midnight(shown), DateSource.DATELINE) if shown else next(written, None)
    if stated is None:
        stated = _in_text(tree, data, url, vicinity, latest)
    return Dates(
        published_at=stated.at.astimezone(UTC) if stated else None,
        published_at_source=stated.source if stated else DateSource.NONE,
        published_on=shown or (_local_day(_as_shown(stated.at, tree), url_date(url)) if stated else None),
        modified_at=modified.at.astimezone(UTC) if modified else None,
        modified_at_source=modified.source if modified else DateSource.NONE,
    )


def midnight(day: date) -> datetime:
    """The start of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _believed(stated: Iterator[tuple[datetime | None, DateSource]], latest: datetime) -> Iterator[Stated]:
    return (Stated(at, source) for at, source in stated if at and is_plausible(at, latest))


def is_plausible(moment: datetime, latest: datetime) -> bool:
    """Whether something on the web can have been published then, zones left open."""
    return _EARLIEST <= moment <= latest + _DAY


# What is stated for machines

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
_CERTAIN = 8
"""How many of these names are used for nothing else; the others come after all that JSON-LD says."""

_PUBLICATION = re.compile(r"(?:publish|publicat|publicad|released?|issued)\w*[-_.:]?(?:date|time|on|at)\b|pub[-_.]date")
"""What the names of other meta elements have in them that state a time of publication."""

_OTHER_TYPE = re.compile(
    f"{ARTICLE_TYPE.pattern}|Comment|Answer|Question|Object|Episode|Event|Product|Movie|Book|Dataset"
)
"""Types of objects that are dated for themselves: articles other than the page's own, comments, pictures."""

_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod")
_URL_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)([/_.-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0[1-9]|[1-9](?=/|$))(?!\d)"
    r"|(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d))"
)
_MAIL_TIME = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")
_PRINTED_TIME = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) "
    r"(?:([A-Z]{2,5}|(?:GMT|UTC)?[+-]\d\d:?\d\d) )?(\d{4})"
)
"""A time as C and Java print it, year and zone last."""

_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?\s*(?:([ap])\.?m\b)?", re.IGNORECASE)
_URL_WORDS = re.compile(r"/(20\d\d)/([a-z]{3,9})/(\d{1,2})/", re.IGNORECASE)
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)


def _published(
    data: Sequence[Mapping[str, Any]],
    article: Mapping[str, Any],
    metas: Mapping[str, str],
    read: Callable[[object], datetime | None],
    named: datetime | None = None,
) -> Iterator[tuple[datetime | None, DateSource]]:
    """What the page states, read by ``read``, in order of trust; ``named`` is the day that its address names."""
    yield read(article.get("datePublished")), DateSource.JSONLD
    for name in _PUBLISHED[:_CERTAIN]:
        yield read(metas.get(name)), DateSource.META
    for item in data:
        if not _OTHER_TYPE.search(str(item.get("@type"))):
            yield read(item.get("datePublished")), DateSource.JSONLD
    yield named, DateSource.URL
    for name, content in metas.items():
        if _PUBLICATION.search(name):
            yield read(content), DateSource.META
    for name in _PUBLISHED[_CERTAIN:]:
        yield read(metas.get(name)), DateSource.META


_TITLE_END = re.compile(r"[|｜•·]\s*([^|｜•·]{6,40})$")


def _titled(tree: HtmlElement, metas: Mapping[str, str]) -> Iterator[tuple[datetime | None, DateSource]]:
    """The day that a title of the page ends in, behind the name of the site."""
    window = (element.text_content() for element in tree.findall("head/title"))
    for title in (metas.get("og:title", ""), *window):
        end = _TITLE_END.search(title.strip())
        days = list(days_in(end[1])) if end else []
        if end and len(days) == 1 and days[0].swapped in {None, days[0].day} and _covers(days[0], end[1]):
            yield midnight(days[0].day), DateSource.META


def _covers(day: Day, text: str) -> bool:
    return not text[: day.start].strip() and not text[day.end :].strip()


def _modified(article: Mapping[str, Any], metas: Mapping[str, str]) -> Iterator[tuple[datetime | None, DateSource]]:
    yield parse_time(article.get("dateModified")), DateSource.JSONLD
    for name in _MODIFIED:
        yield parse_time(metas.get(name)), DateSource.META


def parse_time(value: object) -> datetime | None:
    """A stated time in the zone that it is stated in; UTC where no zone is, midnight where only a day is."""
    value = first_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
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
    year -= BUDDHIST if year > BUDDHIST + 1950 else 0
    try:
        place = UTC if zone in {"Z", "UTC", "GMT"} else timezone(_offset(zone))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=place)
    except ValueError:
        return None


def written_time(value: object) -> datetime | None:
    """A time stated as mails (RFC 2822) or Java print it, or as readers see it, with its clock; None for 3/4/2021."""
    value = first_of(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if printed := _PRINTED_TIME.fullmatch(text):
        month, day, clock, zone, year = printed.groups()
        text = f"{day} {month} {year} {clock} {re.sub(r'(?:GMT|UTC)(?=[+-])|:', '', zone or 'UTC')}"
    if _MAIL_TIME.match(text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    days = [found for found in days_in(text[:_BESIDE]) if found.swapped in {None, found.day}]
    if len(days) != 1:
        return None
    clock = _CLOCK.search(text, days[0].end) or _CLOCK.search(text[: days[0].start])
    moment = midnight(days[0].day)
    if clock and (half := clock[3]) and 1 <= int(clock[1]) <= 12:
        return moment + timedelta(hours=int(clock[1]) % 12 + 12 * (half.lower() == "p"), minutes=int(clock[2]))
    return moment + timedelta(hours=int(clock[1]), minutes=int(clock[2])) if clock and not clock[3] else moment


def _offset(zone: str) -> timedelta:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def url_date(url: str | None) -> datetime | None:
    """The day that an address such as ``/2024/02/28/`` or ``/2024/feb/28/`` names."""
    path = urlsplit(url).path if url else ""
    if found := _URL_DATE.search(path):
        year, month, day = found[1] or found[5], found[3] or found[6], found[4] or found[7]
    elif found := _URL_WORDS.search(path):
        year, month, day = found[1], str(MONTHS.get(found[2].lower(), 0)), found[3]
    else:
        return None
    named = day_of(int(year), int(month), int(day))
    return midnight(named) if named else None


def _local_day(published: datetime, named: datetime | None) -> date:
    """The day in the address where it is next to the stated one (times are often converted to UTC), else the latter."""
    return named.date() if named and abs(published - named) < 2 * _DAY else published.date()


def _as_shown(published: datetime, tree: HtmlElement) -> datetime:
    """The moment in the zone in which a time element of the page states the same one; as it is where none does."""
    if published.utcoffset():
        return published
    times = (parse_time(element.get("datetime")) for element in tree.iter("time"))
    return next((time for time in times if time == published and time.utcoffset()), published)


def _time_element(tree: HtmlElement, vicinity: Vicinity) -> datetime | None:
    """The time by the article that is marked as that of publication, or the only day that the times there name."""
    times = [e for e in tree.iter("time") if e.get("datetime") and _is_beside(e, vicinity)]
    for element in times:
        mark = "pubdate" if element.get("pubdate") is not None else ""
        label = f"{element.get('itemprop', '')} {element.get('class', '')} {mark}".lower()
        if re.search(r"publish|pubdate|entry-date|created|posted", label) and "updated" not in label.split():
            return parse_time(element.get("datetime"))
    first = [e for e in times if not _UPDATED_WORD.search(f"{e.get('itemprop', '')} {e.get('class', '')}")]
    days = {moment.date() for moment in (parse_time(e.get("datetime")) for e in first or times) if moment}
    return parse_time((first or times)[0].get("datetime")) if len(days) == 1 else None


def _is_beside(element: HtmlElement, vicinity: Vicinity) -> bool:
    place = vicinity.line_of(element)
    return place is None or place in vicinity.above or place in vicinity.below


# What is shown to readers

_AHEAD = 4
_BEHIND = 20
"""Lines ahead of and behind the headline among which a dateline stands."""

_ABOVE = 6
"""Lines ahead of the text among which a dateline stands where the headline is elsewhere."""

_AFTER = 6
"""Lines behind the last one of the text among which a dateline stands."""

_END = 100
"""What the distance of those is counted from: they come after all that stands by the headline."""

_TAIL = 25
"""Characters that such a line may have beside its day, if it does not call it that of publication."""

_CLOSE = 6
_PARAGRAPH = 200
"""Characters from which a line is a paragraph; behind the second one a day must be called that of publication."""

_BESIDE = 90
"""Characters that a dateline may have beside its day."""

_CLAUSE = 40
"""Characters beside its day from which a line with a full stop is a sentence that speaks of a day."""

_BARE = 2
"""Characters beside its day that leave a line nothing but a day."""

_LABEL = 30
"""Characters that a line may have which says of what the day in the next line is."""

_PUBLISHED_WORD = re.compile(
    r"publi|post|erstellt|veröffentlicht|geschrieben|gespeichert|eingestellt|online seit|creat|créé|creado|écrit|"
    r"escrito|geplaatst|опубликован|опубліковано|yayın|first|issued|released|julkaistu|zveřejněn|zverejnen|közzété|objavlj|"
    r"δημοσ|diterbitkan|đăng|prikazan|نشر|منتشر|פורסם|प्रकाशित|เผยแพร่|公開|掲載|配信|发布|發布|發佈|등록|입력",
    re.IGNORECASE,
)
_UPDATED_WORD = re.compile(
    r"updat|modif|\bedit(?!or|ion)|\bchang(?:ed|é)|aktualis|aktualiz|geändert|actuali|mis à jour|aggiorna|atualiza|"
    r"bijgewerkt|обновлен|"
    r"оновлен|uppdater|oppdater|opdater|güncel|zmian|stand:|päivitetty|frissít|ενημ|ažurir|diperbarui|cập nhật|تحديث|"
    r"به‌روز|עודכן|अपडेट|อัปเดต|更新|수정",
    re.IGNORECASE,
)
_NOT_A_DATELINE = re.compile(r"^(?:[—–-] |FILE\b|\(?(?:photo|foto)\b)|©|copyright", re.IGNORECASE)


class Known(NamedTuple):
    """What is known of a page's dates before its lines are looked at."""

    published: Stated | None
    modified: Stated | None
    latest: datetime
    month_first: bool
    """Whether 3/4/2021 is a day of March where nothing else tells."""


class Sighting(NamedTuple):
    """A day by the headline."""

    found: Day
    away: int
    """How far it is from the headline, by :func:`_dateline_places`."""
    beside: int
    """Characters of the line that are no part of a day."""
    is_first: bool
    """Whether the words beside it call it the day of publication."""
    is_update: bool
    """Whether they call it that of a change alone."""


def find_dateline(vicinity: Vicinity, known: Known) -> date | None:
    """The day of publication that stands by the article; that of an update alone only where nothing else is known.

    A day next to the stated one is preferred; then one above the end of the text, since what follows it has days of its
    own; then one that is called that of publication, then the nearest to the headline.
    """
    best: tuple[tuple[bool, bool, bool, bool, int], date] | None = None
    for sighting in _sightings(vicinity, known):
        day = _read(sighting, known)
        if day is None:
            continue
        is_near = known.published is not None and _is_near(day, known.published)
        is_stated = known.published is None or day == known.published.at.date()
        away = sighting.away + (0 if is_stated else _CLOSE)
        rank = (not is_near, sighting.is_update, sighting.away >= _END, not sighting.is_first, away)
        if best is None or rank < best[0]:
            best = (rank, day)
    return best[1] if best else None


def _sightings(vicinity: Vicinity, known: Known) -> Iterator[Sighting]:
    """The days in the lines by the article that may be datelines: short, and no sentence about something else."""
    paragraphs = 0
    blocks = vicinity.blocks
    for i, away in _dateline_places(vicinity).items():
        line = blocks[i].text
        if len(line) > _PARAGRAPH:
            paragraphs += vicinity.head is not None and i > vicinity.head
            line = "" if i in vicinity.text or away < _END else _colophon(line)
        if i == vicinity.head or _NOT_A_DATELINE.search(line):
            continue
        days = list(days_in(line))
        if not days:
            continue
        beside = len(line) - sum(day.end - day.start for day in days)
        if beside > _BESIDE or _is_prose(line) or (beside > _TAIL and _is_caption(blocks[i].element, line)):
            continue
        if _is_of_another(vicinity, i, is_stated=known.published is not None):
            continue
        before = 0
        for found in days:
            label = line[before : found.start] or _line_above(blocks, i)
            label += line[found.end :] if len(days) == 1 else ""
            before = found.end
            is_first = bool(_PUBLISHED_WORD.search(label))
            is_update = bool(_UPDATED_WORD.search(label)) and not is_first
            if is_first or (paragraphs <= 1 and (away < _END or beside <= _TAIL)):
                yield Sighting(found, away, beside, is_first, is_update)


_CAPTION = re.compile(r"caption|figure|(?<![a-z])(?:pic|photo|foto|bild|image)", re.IGNORECASE)


def _is_caption(element: HtmlElement, line: str) -> bool:
    """Whether a line that names a day is that of a picture, which has a day of its own."""
    outer = element.getparent()
    near = [element] if outer is None or outer.tag in {"body", "main", "article"} else [element, outer]
    labels = " ".join(f"{one.tag} {one.get('class', '')}" for one in near)
    return _CAPTION.search(labels) is not None and not _PUBLISHED_WORD.search(line)


_COLOPHON = 100
"""Characters at the start of a paragraph below the text among which it says when the article was published."""


def _colophon(line: str) -> str:
    """The start of a paragraph such as ``This entry was posted on 3 May 2021 and is filed under News. You can ...``."""
    start = line[:_COLOPHON]
    return start if _PUBLISHED_WORD.search(start) else ""


_TEASER = re.compile(r"(?<![a-z])(?:teaser|related|recommend\w*|sidebar)(?![a-z])")
_ABOVE_TEASER = 4
"""Elements above a line that may call it a part of a teaser."""

_LIST = 12
"""Lines behind the text among which the days of other articles stand."""


def _is_of_another(vicinity: Vicinity, i: int, *, is_stated: bool) -> bool:
    """Whether a line that names a day dates another article: in a teaser, where the page states a day of its own; or
    behind the text, where other lines in elements of the same kind name other days.
    """
    element = vicinity.blocks[i].element
    outer = chain((element,), islice(element.iterancestors(), _ABOVE_TEASER))
    if is_stated and any(_TEASER.search(names_of(one)) for one in outer):
        return True
    if vicinity.last is None or i <= vicinity.last:
        return False
    kind = (element.tag, element.get("class"))
    behind = vicinity.blocks[vicinity.last + 1 : vicinity.last + 1 + _LIST]
    like = (block.text for block in behind if (block.element.tag, block.element.get("class")) == kind)
    return len({found.day for text in like for found in days_in(text)}) > 1


def _dateline_places(vicinity: Vicinity) -> dict[int, int]:
    """The lines in which a dateline may stand, with how far each is from the headline: those ahead count double,
    those between them and the text by the nearer of the two, and those around the end of the text come last."""
    count, head, first, last = len(vicinity.blocks), vicinity.head, vicinity.first, vicinity.last
    places = {}
    if head is not None:
        behind = count if last is None or last < head else last + 1
        for i in range(max(0, head - _AHEAD), min(behind, head + _BEHIND + 1)):
            places[i] = i - head if i >= head else 2 * (head - i) + 1
            if first is not None and head < i < first:
                places[i] = min(places[i], 2 * (first - i) + 1)
    if first is not None and last is not None:
        for i in range(max(0, first - _ABOVE), min(count, first + 2)):
            places.setdefault(i, 2 * abs(first - i) + 1)
        for i in range(max(first + 2, last - 1), min(count, last + _AFTER)):
            places.setdefault(i, _END + abs(last - i))
    return places


def _line_above(blocks: Sequence[Block], i: int) -> str:
    return blocks[i - 1].text if i and len(blocks[i - 1].text) < _LABEL else ""


def _read(sighting: Sighting, known: Known) -> date | None:
    """What a written day means; None for a day that is not to be believed beside what the page states.

    It is believed next to the stated day; between that and the last change, as pages are dated anew that are kept up to
    date; and far from a day that is stated by others than JSON-LD, close to the headline and not behind that day,
    unless it is a line of its own: days to come are those of events.
    """
    found = sighting.found
    readings = [day for day in (found.day, found.swapped) if day and is_plausible(midnight(day), known.latest)]
    if known.month_first:
        readings.reverse()
    stated = known.published
    near = next((day for day in readings if stated and _is_near(day, stated)), None)
    if stated is None:
        return next(iter(readings), None)
    if near or sighting.is_update:
        return near
    if sighting.away >= _END:
        return None
    changed = known.modified.at if known.modified else stated.at
    between = next((day for day in readings if stated.at <= midnight(day) <= changed + _DAY), None)
    if between or stated.source is DateSource.JSONLD or sighting.away > _CLOSE:
        return between
    return next((day for day in readings if sighting.beside <= _BARE or midnight(day) < stated.at), None)


def _is_near(day: date, stated: Stated) -> bool:
    return abs((stated.at.date() - day).days) <= 1 or abs((stated.at.astimezone(UTC).date() - day).days) <= 1


_LANGUAGE_IN_ADDRESS = re.compile(r"/(en[-_][a-z]{2})(?:/|$)", re.IGNORECASE)
_COUNTRY = re.compile(r"\.(?!us$)[a-z]{2}$")


def _puts_month_first(tree: HtmlElement, metas: Mapping[str, str], url: str | None) -> bool:
    """Whether the page is American by what it says of its language, or English at an address of no other country."""
    parts = urlsplit(url or "")
    named = _LANGUAGE_IN_ADDRESS.search(parts.path)
    stated = named[1] if named else tree.get("lang") or metas.get("og:locale") or ""
    language = stated.strip().lower().replace("_", "-")
    return language == "en-us" or (language in {"en", ""} and not _COUNTRY.search(parts.hostname or ""))


# What else the page's text says


def _in_text(
    tree: HtmlElement, data: Sequence[Mapping[str, Any]], url: str | None, vicinity: Vicinity, latest: datetime
) -> Stated | None:
    """The day that htmldate finds; not the first of January, which it gives where a text names a year alone, not one
    that is shown in sentences alone, which is that of an event, and not one that other things on the page are dated by.
    """
    with _days_read_here():
        day = find_date(
            tree,
            url=url,
            original_date=True,
            extensive_search=True,
            min_date=f"{_EARLIEST:%Y-%m-%d}",
            max_date=f"{latest:%Y-%m-%d}",
        )
    moment = parse_time(day)
    if moment is None or not is_plausible(moment, latest) or (moment.month, moment.day) == (1, 1):
        return None
    found = moment.date()
    lines = [b.text for b in vicinity.blocks if any(found in {named.day, named.swapped} for named in days_in(b.text))]
    if found in _days_of_others(tree, data, vicinity) or (lines and all(map(_is_prose, lines))):
        return None
    return Stated(moment, DateSource.TEXT)


@contextmanager
def _days_read_here() -> Iterator[None]:
    """Let htmldate ask :func:`days_in` of what its own expressions cannot read, where it would ask dateparser.

    That tries two hundred languages in turn and compiles the expressions of each first: up to two seconds a process.
    """
    asked, has_cue = extractors._external_date, extractors.has_date_cue
    extractors._external_date, extractors.has_date_cue = _day_read_here, lambda *_: True
    try:
        yield
    finally:
        extractors._external_date, extractors.has_date_cue = asked, has_cue


def _day_read_here(string: str) -> datetime | None:
    """The day that a text names, or one in figures that are set apart (17 | 4 | 2021), whatever time stands in it."""
    plain = _CLOCK.sub("", string).replace(" | ", ".")
    return next((datetime(day.year, day.month, day.day) for day, *_ in days_in(plain)), None)  # noqa: DTZ001 - as there


def _days_of_others(tree: HtmlElement, data: Sequence[Mapping[str, Any]], vicinity: Vicinity) -> set[date]:
    """The days of times far from the article, of lists behind it, and of comments, pictures and other articles."""
    far = [element.get("datetime") for element in tree.iter("time") if not _is_beside(element, vicinity)]
    others = [item for item in data if _OTHER_TYPE.search(str(item.get("@type")))]
    stated = [item.get(key) for item in others for key in ("datePublished", "dateCreated", "uploadDate", "startDate")]
    behind = range(len(vicinity.blocks) if vicinity.last is None else vicinity.last + 1, len(vicinity.blocks))
    listed = (vicinity.blocks[i].text for i in behind[:_LIST] if _is_of_another(vicinity, i, is_stated=False))
    days = {found.day for text in listed for found in days_in(text)}
    return days | {moment.date() for moment in map(parse_time, [*far, *stated]) if moment}


def _is_prose(line: str) -> bool:
    """Whether a line that names a day has too much beside it to be a dateline."""
    beside = len(line) - sum(day.end - day.start for day in days_in(line))
    return not _PUBLISHED_WORD.search(line) and (beside > _BESIDE or (beside > _CLAUSE and line.endswith(".")))


def byline_day(bylines: Sequence[str], *, latest: datetime) -> date | None:
    """The day that a dateline of a plain text names; None where it is not plain.

    3/4/2021 is not: the order differs by country.
    """
    days = (day for line in bylines for day in days_in(line) if day.swapped in {None, day.day})
    return next((found.day for found in days if is_plausible(midnight(found.day), latest)), None)
