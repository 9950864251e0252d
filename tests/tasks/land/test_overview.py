"""The page of the lake follows the published state, and reads again only what has changed."""

import json
from pathlib import Path

import pytest

from newsmill.lake import Lake
from newsmill.lake.rollback import rollback
from newsmill.overview import PAGE
from newsmill.tasks.land.overview import DATA, refresh_overview
from tests.lake.dates import DAY, NEXT_DAY, publish_rows
from tests.test_queries import EARLY, LATE, OLD, make_lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path / "lake")


def days_of(lake: Lake) -> dict[str, dict[str, object]]:
    days: dict[str, dict[str, object]] = json.loads(lake.store.read(DATA))["days"]
    return days


def test_each_date_has_its_figures(lake: Lake) -> None:
    refresh_overview(lake)
    days = days_of(lake)
    assert list(days) == [day.isoformat() for day in (OLD, EARLY, LATE)]
    late = days[LATE.isoformat()]
    assert late["counts"] == {
        "read": 4,
        "articles": 2,
        "duplicates": 1,
        "rejections": 1,
        "quotes": 2,
        "attributed": 1,
    }
    assert (late["sources"], late["reasons"]) == ({"post": 2}, {"empty": 1})
    assert late["speakers"] == [["Ada Hill", 1, ["post.example"], "c" * 16]]
    page = lake.store.read(PAGE).decode()
    assert f'href="{late["report"]}"' in page
    assert "Title 3" in page
    assert f"{LATE} post: 2 articles" in page


def test_only_dates_that_have_changed_are_read_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh_overview(lake)
    first = lake.store.read(PAGE)
    read: list[object] = []
    whole = Lake.read

    def counted(self: Lake, table: str, **changes: object) -> object:
        read.append(changes.get("on"))
        return whole(self, table, **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(Lake, "read", counted)
    refresh_overview(lake)
    assert (read, lake.store.read(PAGE)) == ([], first)

    publish_rows(lake, NEXT_DAY, "more", 1)
    refresh_overview(lake)
    assert set(read) == {NEXT_DAY}


def test_of_old_dates_little_is_kept_and_it_is_read_again_when_they_are_shown(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_overview(lake)
    whole, page = days_of(lake), lake.store.read(PAGE)

    for module in ("newsmill.tasks.land.overview", "newsmill.overview"):
        monkeypatch.setattr(f"{module}.SHOWN_DAYS", 1)
        monkeypatch.setattr(f"{module}.SHOWN_TITLES", 1)
    monkeypatch.setattr("newsmill.overview._RECENT_DAYS", 1)
    refresh_overview(lake)
    left = days_of(lake)
    assert left[LATE.isoformat()] == whole[LATE.isoformat()]
    assert whole[OLD.isoformat()].keys() - left[OLD.isoformat()].keys() == {"sources", "reasons", "notices", "titles"}

    monkeypatch.undo()
    refresh_overview(lake)
    assert (days_of(lake), lake.store.read(PAGE)) == (whole, page)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"form": 2, "days": {"2026-01-01": 3}}', b'{"form": 0, "days": {}}'])
def test_damaged_data_are_made_anew(lake: Lake, content: bytes) -> None:
    refresh_overview(lake)
    page = lake.store.read(PAGE)
    lake.store.write(DATA, content)
    refresh_overview(lake)
    assert lake.store.read(PAGE) == page


def test_a_rollback_is_followed(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    for attempt, count in (("first", 1), ("second", 3)):
        publish_rows(lake, DAY, attempt, count)
        refresh_overview(lake)
    assert days_of(lake)[DAY.isoformat()]["counts"]["rejections"] == 3  # type: ignore[index]
    rollback(lake, DAY)
    refresh_overview(lake)
    assert days_of(lake)[DAY.isoformat()]["counts"]["rejections"] == 1  # type: ignore[index]
