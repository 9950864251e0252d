"""Moments as agencies and archives write them."""

import re
from datetime import UTC, datetime, timedelta, timezone

from newsmill.tasks.inputs.days import Day, days_in

_NORM = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d.,:/-])(\d{1,2})(?:[:.]|\s?[hH]\s?)(\d\d)(?::\d\d)?(?![\d/.-]\d)\s*(a\.?m\.?|p\.?m\.?)?\s*"
    r"((?-i:[A-Z]{3,5}\b)|Central European (?:Summer )?Time|Eastern (?:Standard|Daylight)? ?Time)?",
    re.IGNORECASE,
)
_ZONES = {
    **dict.fromkeys(("GMT", "UTC", "WET"), 0.0),
    **dict.fromkeys(("CET", "BST", "MEZ", "WEST", "CENTRAL EUROPEAN TIME"), 1.0),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CENTRAL EUROPEAN SUMMER TIME"), 2.0),
    **dict.fromkeys(("EEST", "MSK"), 3.0),
    **dict.fromkeys(("EST", "CDT", "EASTERN TIME", "EASTERN STANDARD TIME"), -5.0),
    **dict.fromkeys(("EDT", "EASTERN DAYLIGHT TIME"), -4.0),
    **dict.fromkeys(("MDT", "CST"), -6.0),
    **dict.fromkeys(("PDT", "MST"), -7.0),
    **dict.fromkeys(("PST", "AKDT"), -8.0),
    **dict.fromkeys(("SGT", "HKT", "AWST", "MYT"), 8.0),
    **dict.fromkeys(("JST", "KST"), 9.0),
    **dict.fromkeys(("AEST",), 10.0),
    **dict.fromkeys(("AEDT",), 11.0),
    **dict.fromkeys(("NZST",), 12.0),
    **dict.fromkeys(("NZDT",), 13.0),
}
"""Hours ahead of UTC. Those that mean two things in two countries (IST) are left out."""


def moment(stated: str | None) -> tuple[datetime, bool] | None:
    """An ISO 8601 time in its long or short form (``20150220T135142+0100``), and whether it has a time of day."""
    found = _NORM.match(stated.strip()) if stated else None
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        return (
            datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(found[7])),
            found[4] is not None,
        )
    except ValueError:
        return None


def _zone(stated: str | None) -> timezone:
    if not stated or stated.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(stated[1:3]) * 60 + int(stated[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if stated[0] == "-" else minutes))


def written(line: str | None) -> tuple[datetime, bool] | None:
    """The first day that a line names in words or figures, with its time where one is stated in a known zone."""
    found = _first_day(line) if line else None
    if line is None or found is None:
        return None
    rest = f"{line[: found.start]} {line[found.end :]}"
    day = datetime(found.day.year, found.day.month, found.day.day, tzinfo=UTC)
    clock = _CLOCK.search(rest)
    offset = _ZONES.get(" ".join((clock[4] or "").upper().split())) if clock else None
    if clock is None or offset is None:
        return day, False
    hour, minute = int(clock[1]), int(clock[2])
    half = (clock[3] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return day, False
    return day.replace(hour=hour, minute=minute, tzinfo=timezone(timedelta(hours=offset))), True


def _first_day(line: str) -> Day | None:
    """The first day since there are newspapers: four figures may be a time of day."""
    return next((day for day in days_in(line) if 1700 <= day.day.year < 2100), None)


def rest_of_day(line: str) -> str | None:
    """What a line has beside the first day that it names; None where it names none."""
    found = _first_day(line)
    return None if found is None else f"{line[: found.start]} {line[found.end :]}"


def with_clock(day: tuple[datetime, bool] | None, clock: str | None) -> tuple[datetime, bool] | None:
    """A day with a time of day that is stated apart, where its zone is known."""
    if day is None or not clock:
        return day
    return written(f"{day[0]:%Y-%m-%d} {clock}") or day
