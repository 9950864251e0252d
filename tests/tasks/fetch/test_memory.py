"""What is remembered of a source, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from newsmill.tasks.fetch.listings import Item
from newsmill.tasks.fetch.memory import FORGOTTEN_AFTER, MAX_TRIES, Memory, Seen, seen_key

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ITEM = Item(key="a", url="https://news.example/a", version="v1")


def remembered(seen: Seen) -> Memory:
    return Memory(name="wire", uri="https://news.example/feed", seen={seen_key(ITEM): seen})


@pytest.mark.parametrize(("days", "is_new"), [(0, True), (1, False)], ids=["so long ago", "a day less"])
def test_an_item_that_was_not_listed_for_long_is_new_when_it_comes_back(days: int, is_new: bool) -> None:
    listed_on = NOW.date() - FORGOTTEN_AFTER
    memory = remembered(Seen(version="v1", listed_on=listed_on + timedelta(days=days)))

    assert memory.succeeded(NOW, {}, {}).is_new(ITEM) == is_new


@pytest.mark.parametrize(
    ("version", "tries", "is_new"),
    [("v1", 0, False), ("v0", 0, True), (None, MAX_TRIES - 1, True), (None, MAX_TRIES, False)],
    ids=["fetched", "changed", "failed", "given up"],
)
def test_an_item_is_new_until_it_is_fetched_or_given_up(version: str | None, tries: int, is_new: bool) -> None:
    memory = remembered(Seen(version=version, listed_on=NOW.date(), tries=tries))

    assert memory.is_new(ITEM) == is_new
