"""Dates are run once each, resumed, and kept from one another's failures."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.config import DedupeConfig, Settings, SourceConfig
from newsmill.errors import ConfigError, UsageError
from newsmill.flows.backfill import backfill, dates_between
from newsmill.flows.nightly import day_before, nightly
from newsmill.lake import Lake

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

STORY = (
    "{town} to rebuild its bridge\n\n"
    "The council of {town} voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall of {town}.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n"
)


def settings_for(tmp_path: Path, *names: str) -> Settings:
    sources = tuple(SourceConfig(name=name, uri=f"{tmp_path}/{name}/{{date}}/*.txt") for name in names)
    # The stories differ in a name alone, and are not to be copies of one another.
    rules = DedupeConfig(similarity=1, containment=1)
    return Settings(lake=str(tmp_path / "lake"), workers=1, sources=sources, dedupe=rules)


def write_story(tmp_path: Path, source: str, day: str, town: str) -> None:
    folder = tmp_path / source / day
    folder.mkdir(parents=True)
    (folder / f"{town}.txt").write_text(STORY.format(town=town))


def test_dates_between_has_both_ends() -> None:
    days = list(dates_between(date(2026, 2, 27), date(2026, 3, 1)))

    assert [str(day) for day in days] == ["2026-02-27", "2026-02-28", "2026-03-01"]


def test_each_date_lands_once_and_a_failed_one_keeps_none_from_running(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "wire", "2026-01-03", "Milton")

    first = backfill(date(2026, 1, 1), date(2026, 1, 3), settings=settings)
    write_story(tmp_path, "wire", "2026-01-02", "Newby")
    second = backfill(date(2026, 1, 1), date(2026, 1, 3), settings=settings)

    assert [(result.outcome, result.exit_code) for result in first] == [("landed", 0), ("stopped", 3), ("landed", 0)]
    assert [result.outcome for result in second] == ["skipped", "landed", "skipped"]
    lake = Lake.open(settings.lake)
    assert [str(day) for day in lake.dates()] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert len(lake.read("runs")) == 3


def test_force_runs_a_date_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    day = date(2026, 1, 1)
    backfill(day, day, settings=settings)

    (again,) = backfill(day, day, force=True, settings=settings)

    assert again.outcome == "landed"


def test_one_source_does_not_drop_what_others_landed(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire", "local")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "local", "2026-01-01", "Milton")
    day = date(2026, 1, 1)
    backfill(day, day, settings=settings)

    (result,) = backfill(day, day, source="wire", force=True, settings=settings)

    assert result.outcome == "skipped"
    assert "holds local too" in result.detail


@pytest.mark.parametrize(
    ("first", "last", "source", "error", "said"),
    [
        ("2026-01-02", "2026-01-01", None, UsageError, "before it starts"),
        ("2026-01-01", "2026-01-01", "nobody", ConfigError, "configured: wire"),
    ],
)
def test_mistakes_are_said(
    tmp_path: Path, first: str, last: str, source: str | None, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        backfill(
            date.fromisoformat(first), date.fromisoformat(last), source=source, settings=settings_for(tmp_path, "wire")
        )


def test_nightly_runs_the_configured_sources_for_the_day(tmp_path: Path) -> None:
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")

    run = nightly(date(2026, 1, 1), settings=settings_for(tmp_path, "wire"))

    assert (run.article_count, run.sources) == (1, (f"{tmp_path}/wire/2026-01-01/*.txt",))


def test_nightly_without_sources_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"add \[\[sources\]\]"):
        nightly(date(2026, 1, 1), settings=Settings(lake=str(tmp_path)))


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-01-05T02:30", "UTC", "2026-01-04"),
        ("2026-01-05T23:30", "Asia/Tokyo", "2026-01-05"),
        ("2026-01-05T02:30", "America/New_York", "2026-01-03"),
    ],
)
def test_the_day_before_is_counted_in_the_schedule_s_zone(moment: str, zone: str, day: str) -> None:
    assert day_before(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone) == date.fromisoformat(day)
