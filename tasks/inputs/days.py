"""Days as people write them, in the languages, orders and calendars of news."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

MONTHS = {
    name: int(number)
    for number, names in json.loads(Path(__file__).with_name("months.json").read_text(encoding="utf-8")).items()
    for name in names
}
"""Names of the months in seventy languages, from Unicode CLDR by ``benchmarks/months.py``."""

_JALALI_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_JALALI = {name: number for number, name in enumerate(_JALALI_MONTHS.split(), 1)}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
"""What is added to a year of the reign or the republic: Reiwa, Heisei, Showa, Minguo."""

_NAME = r"[^\s\d.,/:;()|–—\-]{2,20}"
_THAI = r"[\u0e00-\u0e7f]{2,10}|[\u0e00-\u0e7f]{1,3}\.\s?[\u0e00-\u0e7f]{1,2}\."
_WRITTEN = re.compile(
    rf"""
      (?<!\d)(?P<y0>\d{{4}})\s?[-/.]\s?(?P<n0>\d{{1,2}})\s?[-/.]\s?(?P<d0>\d{{1,2}})(?!\d)
    | (?:(?P<e1>{"|".join(_ERAS)})\s*)?(?P<y1>(?<!\d)\d{{2,4}}|(?<=[和成國国])(?:\d|元))\s*[年년]
      \s*(?P<n1>\d{{1,2}})\s*[月월]\s*(?P<d1>\d{{1,2}})
    | (?<![\d.,/])(?P<d2>\d{{1,2}})(?P<cut>[-/.])\s?(?P<n2>\d{{1,2}})(?P=cut)\s?(?P<y2>\d{{4}}|\d\d)
      (?!\d|[.,/:]\d|-\d(?!\d?:\d))
    | (?<!\d)(?P<d7>\d{{1,2}})\s*(?P<m7>{_THAI})\s*(?:พ\.ศ\.\s*)?(?P<y7>\d{{4}}|\d\d)(?![\d:.])
    | (?<!\d)(?P<d3>\d{{1,2}})(?:\.|st\b|nd\b|rd\b|th\b|er\b|[ºª°])?[\s\-–/]*(?:(?:de|of|di)\s|d['’])?
      \s*(?P<m3>{_NAME})[.,]?[\s\-–/,]*(?:(?:de|del|of)\s)?\s*(?P<y3>\d{{4}})(?!\d)
    | (?P<m4>{_NAME})\.?[\s\-]*(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[,.]?[\s\-]+(?P<y4>\d{{4}})(?!\d)
    | (?<!\d)(?P<y5>\d{{4}})[.,]?\s+(?:m\.\s*)?(?P<m5>{_NAME})\s+(?P<d5>\d{{1,2}})(?!\d)
    | (?<!\d)(?P<d6>\d{{1,2}})\s+tháng\s+(?P<n6>\d{{1,2}}),?\s+(?:năm\s+)?(?P<y6>\d{{4}})(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"\d{4}|\d[./-]\s?\d{1,2}[./-]\s?\d\d|年|[\u0e00-\u0e7f.]\s?\d\d")
BUDDHIST = 543
"""Years by which the calendar of Thailand is ahead."""

_JALALI_YEARS = range(1370, 1416)
"""Years of the calendar of Iran in which there is a web."""


class Day(NamedTuple):
    """A day that a line names, with the characters that name it."""

    day: date
    start: int
    end: int
    swapped: date | None = None
    """What 3/4/2021 means where the month comes first."""


def days_in(line: str) -> Iterator[Day]:
    """The days that a line names with their year, in the languages, orders and calendars that news are dated in."""
    if not _HAS_YEAR.search(line):
        return
    position = 0
    while found := _WRITTEN.search(line, position):
        position = found.end()
        parts = {key[0]: value for key, value in found.groupdict().items() if value and key != "cut"}
        days = _readings(parts, is_reversible=found["cut"] not in {None, "."})
        if days:
            yield Day(days[0], found.start(), found.end(), days[1] if len(days) > 1 else None)
        elif "m" in parts:
            position = found.start() + 1


def _readings(parts: Mapping[str, str], *, is_reversible: bool) -> list[date]:
    """The days that year, month (``n`` in figures, ``m`` by name), day and era may mean; none for no such day."""
    name = parts.get("m", "").lower().replace("ي", "ی").replace(" ", "").rstrip(".")
    day, month = int(parts["d"]), int(parts["n"]) if "n" in parts else MONTHS.get(parts.get("m", "").lower(), 0)
    month = month or MONTHS.get(name, 0)
    figures = parts["y"].strip()
    year = 1 if figures == "元" else int(figures)
    if name in _JALALI or ("n" in parts and year in _JALALI_YEARS):
        found = _from_jalali(year, _JALALI.get(name, month), day) if year in _JALALI_YEARS else None
        return [found] if found else []
    if "e" in parts:
        year += _ERAS[parts["e"]]
    elif len(figures) == 3 and year < 150:
        year += _ERAS["民國"]
    elif len(figures) == 2:
        year += 2500 if _THAI_LETTER.search(name) else 2000
    if year > BUDDHIST + 1950:
        year -= BUDDHIST
    readings = [day_of(year, month, day), day_of(year, day, month) if is_reversible else None]
    return [reading for reading in readings if reading]


def _from_jalali(year: int, month: int, day: int) -> date | None:
    """The day in the calendar of Iran, whose leap years of our time follow a cycle of 33."""
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    since = 365 * (year - 1) + (8 * year + 21) // 33 + (31 * (month - 1) if month <= 7 else 30 * (month - 1) + 6) + day
    return date.fromordinal(since + _JALALI_EPOCH)


_JALALI_EPOCH = 226_894
_THAI_LETTER = re.compile(r"[\u0e00-\u0e7f]")


def day_of(year: int, month: int, day: int) -> date | None:
    """The day with these figures; None where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
