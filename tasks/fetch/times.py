"""Times as publishers write them in feeds and sitemaps. A zone that is stated counts; one that is not known is not UTC.

The forms are those of RFC 822 and 2822, of ISO 8601 and W3C's note, and what becomes of them by hand: clocks of twelve
hours, ordinals, the month before the day, months in other languages, a zone and a ``Z`` behind it.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsmill.tasks.inputs.days import MONTHS

_ZONES = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "WESZ": 1,
    "BST": 1,
    "WAT": 1,
    "CET": 1,
    "MET": 1,
    "MEZ": 1,
    "HNEC": 1,
    "CEST": 2,
    "MEST": 2,
    "MESZ": 2,
    "CEDT": 2,
    "HAEC": 2,
    "CAT": 2,
    "SAST": 2,
    "EET": 2,
    "OEZ": 2,
    "EEST": 3,
    "EEDT": 3,
    "OESZ": 3,
    "IDT": 3,
    "EAT": 3,
    "MSK": 3,
    "MSD": 4,
    "GST": 4,
    "PKT": 5,
    "WIB": 7,
    "ICT": 7,
    "WITA": 8,
    "HKT": 8,
    "SGT": 8,
    "MYT": 8,
    "AWST": 8,
    "WIT": 9,
    "JST": 9,
    "KST": 9,
    "ACST": 9.5,
    "ACDT": 10.5,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "NST": -3.5,
    "NDT": -2.5,
    "BRT": -3,
    "ART": -3,
    "ADT": -3,
    "AST": -4,
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "CST": -6,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
    "AKDT": -8,
    "AKST": -9,
    "HST": -10,
}
"""Hours ahead of UTC: the names of RFC 822, and those that the IANA time zone database gives to one offset today, or
gave to the last, with German and French ones for Europe. Names of several (``IST`` is India's, Ireland's and Israel's)
are missing, and a time in such a zone is not known."""

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?(?![^\W\d]))?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?P<cut>[-/.]?)(?P<month>\d\d)(?P=cut)(?P<day>\d\d)"
    r"(?:(?:\s*T\s*|[\s,]+)(?P<hour>\d\d|\d(?=:))(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*(?P<half>[ap]m\b)?\s*(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_DAY_FIRST = re.compile(
    rf"(?:[^\W\d]+\.?,?\s*)??(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?[\s\-/]*(?:de\s+|of\s+)?(?P<name>[^\W\d]{{3,}}\.?)"
    rf"[\s,\-/]*(?:de\s+|del\s+)?(?P<year>\d{{4}}|\d\d)(?:(?:[\s,\-–]|at|um|à|T)+{_CLOCK}\s*(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)??(?P<name>[^\W\d]{{3,}}\.?)[\s\-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"[\s,\-]+(?P<year>\d{{4}})(?:(?:[\s,\-–]|at)+{_CLOCK}\s*(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_FIGURES = re.compile(
    rf"(?P<first>\d{{1,2}})(?P<cut>[./\-])(?P<second_figure>\d{{1,2}})(?P=cut)(?P<year>\d{{4}})"
    rf"(?:[\s,\-–]+{_CLOCK}\s*(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
"""Day and month in figures: the day first where dots part them, else only if one of them can be no month."""
_EAST_ASIAN = re.compile(
    rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]"
    rf"(?:\s*{_CLOCK}\s*(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_YEAR_LAST = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<name>[^\W\d]{3,})\s+(?P<day>\d{1,2})\s+(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"\s+(?P<rest>[A-Za-z]{1,5}\s+|)(?P<year>\d{4})",
    re.IGNORECASE,
)
"""As C's asctime and Unix's date write it."""
_UNIX_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_OFFSET = re.compile(
    r"(?:GMT|UTC|UT)?\s*(?P<sign>[+\-−])\s?(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?:\s*(?:Z|\(.*\)|GMT|UTC))?"
)
_NO_ZONE = ("", "uhr", "hrs", "h")
_NAMED = re.compile(r"\(?(?P<name>[A-Za-z]{1,5})\)?\.?")


def parse_time(text: str | None) -> datetime | None:
    """The moment that a text states, in UTC, which it is taken to be in if it names no zone; None if it states none.

    A time in a zone that is not known is None: hours may lie between what it could mean. So is a date that lacks its
    day, or that is none.
    """
    stated = " ".join((text or "").split())
    if _EPOCH.fullmatch(stated):
        return datetime.fromtimestamp(int(stated[:10]), UTC)
    for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _YEAR_LAST, _EAST_ASIAN):
        if found := form.fullmatch(stated):
            return _told(_moment(found.groupdict()))
    if found := _FIGURES.fullmatch(stated):
        return _told(_moment(found.groupdict() | _day_and_month(found)))
    return None


def _told(moment: datetime | None) -> datetime | None:
    """None for the times that programs write where they know none: the beginning of Unix's, or of .NET's and Go's."""
    return None if moment is not None and (moment.year < 1000 or moment == _UNIX_BEGIN) else moment


def _day_and_month(found: re.Match[str]) -> dict[str, str]:
    first, second = found["first"], found["second_figure"]
    if found["cut"] == "." or int(first) > 12 or first == second:
        return {"day": first, "month": second}
    return {"day": second, "month": first if int(second) > 12 else "0"}


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month = parts.get("month") or _month((parts.get("name") or "").lower().rstrip("."))
    year = int(parts["year"] or 0)
    # As RFC 2822, 4.3, reads years of two digits.
    year += 0 if len(parts["year"] or "") == 4 else 2000 if year < 50 else 1900
    hour = int(parts["hour"] or 0)
    if (half := parts.get("half")) and hour <= 12:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    zone = _zone(parts.get("rest") or "")
    if zone is None:
        return None
    try:
        day = date(year, int(month), int(parts["day"] or 0))
        minute, second = (int(parts.get(name) or 0) for name in ("minute", "second"))
        # The last minute of a day may be followed by 24:00, and a minute by its leap second.
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        if hour > 24 or minute > 59 or second > 60:
            return None
        return (start + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _month(name: str) -> int:
    """The month of a name, or of a part of one that is no other month's in any language; 0 for none."""
    if name in MONTHS:
        return MONTHS[name]
    begun = {number for known, number in MONTHS.items() if known.startswith(name)} if len(name) > 2 else set()
    return begun.pop() if len(begun) == 1 else 0


def _zone(rest: str) -> tzinfo | None:
    """The zone that stands behind a time; UTC if none does, None if it is not known."""
    rest = rest.strip()
    if rest.lower() in _NO_ZONE:
        return UTC
    if "/" in rest:
        try:
            return ZoneInfo(rest)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    if found := _OFFSET.fullmatch(rest):
        shift = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        return timezone(shift if found["sign"] == "+" else -shift) if shift < timedelta(hours=15) else None
    if found := _NAMED.fullmatch(rest):
        hours = _ZONES.get(found["name"].upper())
        return None if hours is None else timezone(timedelta(hours=hours))
    return None
