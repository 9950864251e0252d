"""A source that dries up is told from one that has a quiet day."""

import random
from collections.abc import Sequence

import pytest

from newsmill.tasks.validate.coverage import Quiet, quiet_sources

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
        ([0, *[30] * 27], 14, True),  # one outage does not hide the next
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
