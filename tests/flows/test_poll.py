"""Polls between two nights: what feeds listed meanwhile is in the day's archive, and no host is asked in vain."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.config import Settings, SourceConfig
from newsmill.errors import ConfigError, RunInProgress
from newsmill.flows.poll import poll_due
from newsmill.flows.requests import today
from newsmill.lake import Lake
from newsmill.tasks.fetch.archive import Role, entries
from newsmill.tasks.run.attempt import claimed
from tests.site import Answer, Request, Site

DAY = date(2026, 1, 5)


def settings_of(folder: Path, port: int) -> Settings:
    source = SourceConfig(name="paper", uri=f"http://127.0.0.1:{port}/feed", kind="feed")
    fetch = {"delay": 0, "allow": ["127.0.0.1"]}
    return Settings.model_validate({"lake": f"{folder}/lake", "fetch": fetch, "sources": [source.model_dump()]})


def test_a_poll_keeps_what_is_listed_for_the_night_and_comes_again_when_it_is_due(tmp_path: Path) -> None:
    def serve(request: Request) -> Answer:
        if request.path == "/feed":
            link = f"http://{request.headers['host']}/bridge"
            return Answer(f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>".encode())
        return Answer(b"<p>The old bridge</p>", status=200 if request.path == "/bridge" else 404)

    with Site(serve) as site:
        settings = settings_of(tmp_path, site.port)
        first = poll_due(settings, DAY)
        asked = len(site.requests)
        again = poll_due(settings, DAY)

    assert first.fetched == {"paper": 1}
    assert (again.fetched, again.failed) == ({}, {})
    assert len(site.requests) == asked, "so soon after the first poll nothing new is expected"
    archive = entries(Lake.open(settings.lake).store, DAY)
    kept = [entry.address.rpartition("/")[2] for entry in archive if entry.note.role is Role.ARTICLE]
    assert kept == ["bridge"]
    assert Lake.open(settings.lake).dates() == [], "rows are made by the run of the date"


def test_a_poll_keeps_out_of_a_run_of_the_date(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 9)

    with claimed(Lake.open(settings.lake), DAY, "a run"), pytest.raises(RunInProgress):
        poll_due(settings, DAY)


def test_a_day_is_that_of_the_schedules_zone() -> None:
    moment = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)

    assert today(moment, "Europe/Berlin") == date(2026, 1, 6)
    with pytest.raises(ConfigError, match="no time zone 'Mars/Base'"):
        today(moment, "Mars/Base")
