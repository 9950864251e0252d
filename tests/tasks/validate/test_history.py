"""What a validation reads of earlier dates does not grow with them."""

from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.rows import Article, Duplicate
from newsmill.storage import LocalStore
from newsmill.tasks.land.partition import land
from newsmill.tasks.validate.coverage import past_counts
from newsmill.tasks.validate.stage import published_originals
from tests.rows import ARTICLE, DAY, DUPLICATE


def land_days_before(lake: Lake, *days: int) -> None:
    for number in days:
        day = DAY - timedelta(days=number)
        rows = {
            "articles": Article.to_arrow([ARTICLE.replace(article_id=f"{number:016x}")]),
            "duplicates": Duplicate.to_arrow([DUPLICATE]),
        }
        for table, found in rows.items():
            write_table(lake, staged_key("attempt", table), found)
        land(lake, day, "0a1b", {table: [staged_key("attempt", table)] for table in rows})


def copy_of(days: int) -> Duplicate:
    return DUPLICATE.replace(duplicate_of=f"{days:016x}", duplicate_of_date=DAY - timedelta(days=days))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    keys: list[str] = []
    real = LocalStore.open

    def recording(store: LocalStore, key: str) -> BinaryIO:
        keys.append(key)
        return real(store, key)

    monkeypatch.setattr(LocalStore, "open", recording)
    return keys


def test_older_dates_are_not_read(tmp_path: Path, opened: list[str]) -> None:
    lake = Lake.open(str(tmp_path))

    def ask() -> tuple[frozenset[str], int, list[str]]:
        opened.clear()
        known = published_originals(lake, DAY, Duplicate.to_arrow([copy_of(1), copy_of(2)]))
        return known, len(past_counts(lake, DAY)), sorted(opened)

    land_days_before(lake, 3, 2, 1)
    young = ask()
    land_days_before(lake, *range(60, 75))

    assert young[0] == {f"{1:016x}", f"{2:016x}"}
    assert young[1] == 3
    assert ask() == young


@pytest.mark.parametrize("day", [None, DAY], ids=["no copies", "copies of the date's own articles"])
def test_without_copies_of_earlier_dates_nothing_is_read(tmp_path: Path, opened: list[str], day: date | None) -> None:
    lake = Lake.open(str(tmp_path))
    land_days_before(lake, 1)
    opened.clear()
    duplicates = Duplicate.to_arrow([DUPLICATE.replace(duplicate_of_date=day)] if day else [])

    assert published_originals(lake, DAY, duplicates) == frozenset()
    assert opened == []
