"""Coverage: whether a source gives about as much as it has been giving, so that one that dries up is not silent.

A feed that died, a host that turned us away and a template that extraction no longer understands all look alike in the
tables: the source has fewer rows than it had. Each source is measured against its own past.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from newsmill.lake import Lake

BASELINE_DAYS = 28
"""Four weeks, so that each weekday is there more than once."""

FEWEST_DAYS = 7
"""A source that has been read on fewer days is not judged."""

FEWEST_ARTICLES = 5.0
"""A source that usually gives fewer has days with none as a matter of course."""

_QUIET_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A source that gave much less than it uses to; ``usual`` is the median of its trailing days."""

    source: str
    found: int
    usual: float

    def __str__(self) -> str:
        return f"{self.source} ({self.found}, usually {self.usual:g})"


def quiet_sources(found: Mapping[str, int], past: Sequence[Mapping[str, int]]) -> tuple[Quiet, ...]:
    """The sources that gave less than half of what they gave on their second-worst day of late, sorted by name.

    ``found`` has a count for each source of the run, 0 for one that gave nothing: others are not missed in it. ``past``
    has a count of articles by source for each trailing day; a source is judged from the first of these days on that it
    has articles in. Weekends are in the past too, so the second-worst day is as quiet as a source usually gets, and one
    outage in the past does not hide the next.
    """
    quiet = []
    for source in sorted(found):
        first = next((index for index, day in enumerate(past) if day.get(source)), len(past))
        counts = sorted(day.get(source, 0) for day in past[first:])
        if len(counts) < FEWEST_DAYS or (usual := median(counts)) < FEWEST_ARTICLES:
            continue
        if found[source] < _QUIET_SHARE * counts[1]:
            quiet.append(Quiet(source=source, found=found[source], usual=usual))
    return tuple(quiet)


def past_counts(lake: Lake, logical_date: date) -> list[dict[str, int]]:
    """Articles by source, copies included, on each landed date of the weeks before a date, the oldest first."""
    since = logical_date - timedelta(days=BASELINE_DAYS)
    columns = ["logical_date", "source"]
    counts: dict[date, Counter[str]] = {}
    for table in ("articles", "duplicates"):
        rows = lake.read(table, columns=columns, since=since, before=logical_date)
        for row in rows.group_by(columns).aggregate([([], "count_all")]).to_pylist():
            if table == "articles":
                counts.setdefault(row["logical_date"], Counter())
            if row["logical_date"] in counts:
                counts[row["logical_date"]][row["source"]] += row["count_all"]
    return [dict(counts[day]) for day in sorted(counts)]
