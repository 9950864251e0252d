"""A source that dries up is told from one that has a quiet day."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.rows import Article, Duplicate
from newsmill.tasks.land.partition import land
from newsmill.tasks.validate.coverage import BASELINE_DAYS, Quiet, past_counts, quiet_sources
from tests.rows import ARTICLE, DAY, DUPLICATE

WEEK = [40, 42, 38, 41, 39, 15, 12]
"""A daily with a quiet weekend."""


@pytest.mark.parametrize(
    ("past", "found", "is_quiet"),
    [
        (WEEK * 4, 40, False),
        (WEEK * 4, 12, False),
        (WEEK * 4, 7, False),
        (WEEK * 4, 5, True),
        (WEEK * 4, 0, True),
        ([30] * 28, 14, True),
        ([30, 0, *[30] * 26], 14, True),  # one outage does not hide the next
        ([30, 0, 0, *[30] * 25], 14, False),  # two are as quiet as it gets
        ([0, 0, 0, *[30] * 25], 14, True),  # not yet polled then
        ([30] * 6, 0, False),  # too short a past
        ([4] * 28, 0, False),  # too little to miss
        ([0, 9] * 14, 0, False),  # every other day
    ],
)
def test_quiet(past: Sequence[int], found: int, is_quiet: bool) -> None:
    days = [{"daily": count, "other": 50} if count else {"other": 50} for count in past]

    quiet = quiet_sources({"daily": found, "other": 50}, days)

    assert [one.source for one in quiet] == (["daily"] if is_quiet else [])


def test_what_is_told() -> None:
    quiet = quiet_sources({"b": 3, "a": 0, "new": 0}, [{"a": 10, "b": 40, "not in the run": 9}] * 8)

    assert quiet == (Quiet(source="a", found=0, usual=10), Quiet(source="b", found=3, usual=40))
    assert [str(one) for one in quiet] == ["a (0, usually 10)", "b (3, usually 40)"]


def test_chance_alone_raises_few_alarms() -> None:
    chance = random.Random(1)
    alarms = judged = 0
    for _ in range(200):
        counts = [sum(chance.random() < 0.1 for _ in range(150)) for _ in range(29)]
        alarms += len(quiet_sources({"s": counts[-1]}, [{"s": count} for count in counts[:-1]]))
        judged += 1

    assert alarms / judged < 0.01


def landed(lake: Lake, day: date, articles: Sequence[Article], duplicates: Sequence[Duplicate] = ()) -> None:
    rows = {"articles": Article.to_arrow(articles), "duplicates": Duplicate.to_arrow(duplicates)}
    for table, found in rows.items():
        write_table(lake, staged_key("attempt", table), found)
    land(lake, day, "0a1b", {table: [staged_key("attempt", table)] for table in rows})


def test_the_past_is_the_weeks_before_a_date_with_copies_and_without_the_date(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    first = DAY - timedelta(days=BASELINE_DAYS)
    local = ARTICLE.replace(source="local")
    landed(lake, first - timedelta(days=1), [ARTICLE] * 5)
    landed(lake, first, [ARTICLE, ARTICLE, local])
    landed(lake, DAY - timedelta(days=1), [ARTICLE], [DUPLICATE, DUPLICATE])
    landed(lake, DAY, [ARTICLE] * 7)

    assert past_counts(lake, DAY) == [{"wire": 2, "local": 1}, {"wire": 3}]
