"""Dates are run once each, resumed, and kept from one another's failures."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from newsmill.config import DedupeConfig, NotifyConfig, ScheduleConfig, Settings, SourceConfig
from newsmill.errors import ConfigError, StorageError, UsageError, ValidationStopped
from newsmill.flows import requests
from newsmill.flows.backfill import backfill, remaining
from newsmill.flows.nightly import late_dates, nightly
from newsmill.flows.notify import notify
from newsmill.flows.plan import Choice, Planned
from newsmill.flows.requests import ask, dates_between, day_before
from newsmill.lake import Lake
from newsmill.lake.query import query

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


CHOICES: tuple[Choice, ...] = ("missing", "stale", "all")


def write_story(tmp_path: Path, source: str, day: str, town: str) -> None:
    (tmp_path / source / day).mkdir(parents=True)
    write_more(tmp_path, source, day, town)


def write_more(tmp_path: Path, source: str, day: str, town: str) -> None:
    (tmp_path / source / day / f"{town}.txt").write_text(STORY.format(town=town))


def test_dates_between_has_both_ends() -> None:
    days = list(dates_between(date(2026, 2, 27), date(2026, 3, 1)))

    assert [str(day) for day in days] == ["2026-02-27", "2026-02-28", "2026-03-01"]


def test_each_date_lands_once_and_a_failed_one_keeps_none_from_running(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "wire", "2026-01-03", "Milton")

    first = ask(backfill, settings, date(2026, 1, 1), date(2026, 1, 3))
    write_story(tmp_path, "wire", "2026-01-02", "Newby")
    second = ask(backfill, settings, date(2026, 1, 1), date(2026, 1, 3))

    assert [(result.outcome, result.exit_code) for result in first] == [("landed", 0), ("stopped", 3), ("landed", 0)]
    assert [result.outcome for result in second] == ["skipped", "landed", "skipped"]
    lake = Lake.open(settings.lake)
    assert [str(day) for day in lake.dates()] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert len(lake.read("runs")) == 3


def test_a_date_that_nobody_foresaw_keeps_none_from_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSMILL_UNFORESEEN")
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "wire", "2026-01-02", "Milton")
    real = requests.ask

    def mistaken(flow: Any, asked: Any, day: date, **options: Any) -> Any:
        if day.day == 1:
            raise KeyError(day)
        return real(flow, asked, day, **options)

    monkeypatch.setattr(f"{backfill.fn.__module__}.ask", mistaken)

    first, second = ask(backfill, settings, date(2026, 1, 1), date(2026, 1, 2))

    assert (first.outcome, first.exit_code, second.outcome) == ("stopped", 1, "landed")
    assert "KeyError" in first.detail
    assert "(traceback " in first.detail


def test_force_runs_a_date_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    day = date(2026, 1, 1)
    ask(backfill, settings, day, day)

    (again,) = ask(backfill, settings, day, day, choice="all")

    assert again.outcome == "landed"


def test_one_source_does_not_drop_what_others_landed(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire", "local")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "local", "2026-01-01", "Milton")
    day = date(2026, 1, 1)
    ask(backfill, settings, day, day)

    (result,) = ask(backfill, settings, day, day, source="wire", choice="all")

    assert result.outcome == "skipped"
    assert "holds local too" in result.detail


def test_what_is_not_configured_any_more_is_not_dropped_unasked(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire", "local")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "local", "2026-01-01", "Milton")
    day = date(2026, 1, 1)
    ask(backfill, settings, day, day)
    without = settings_for(tmp_path, "wire").model_copy(update={"schedule": ScheduleConfig(late_days=1)})

    late = late_dates(without, date(2026, 1, 2))
    results = [ask(backfill, without, day, day, choice=choice)[0] for choice in CHOICES]

    assert late == []
    assert [result.outcome for result in results] == ["skipped", "skipped", "landed"]
    assert "holds local too" in results[0].detail


def test_a_dry_run_says_what_it_would_do_and_why(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        write_story(tmp_path, "wire", day, f"Ashford {day[-1]}")
    first, last = date(2026, 1, 1), date(2026, 1, 4)
    ask(backfill, settings, first, date(2026, 1, 2))
    write_more(tmp_path, "wire", "2026-01-02", "Newby")

    plain = ask(backfill, settings, first, last, dry_run=True)
    stale = ask(backfill, settings, first, last, dry_run=True, choice="stale")
    other = settings.model_copy(update={"page_seconds": 5.0})
    changed = ask(backfill, other, first, first, dry_run=True, choice="stale")

    assert [(result.outcome, result.detail.partition(" as run")[0]) for result in plain] == [
        ("would skip", "landed already"),
        ("would skip", "landed already"),
        ("would run", "missing"),
        ("would run", "missing"),
    ]
    assert plain[1].detail.endswith("new inputs; --force runs it again")
    assert [(result.outcome, result.detail) for result in stale] == [
        ("would skip", "up to date"),
        ("would run", "new inputs"),
        ("would skip", "missing"),
        ("would skip", "missing"),
    ]
    assert [(result.outcome, result.detail) for result in changed] == [("would run", "new settings")]
    assert len(Lake.open(settings.lake).read("runs")) == 2


def test_only_stale_runs_what_another_version_landed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    write_story(tmp_path, "wire", "2026-01-02", "Milton")
    days = date(2026, 1, 1), date(2026, 1, 2)
    with monkeypatch.context() as older:
        older.setattr("newsmill.tasks.land.stage.__version__", "0.0.9")
        ask(backfill, settings, days[0], days[0])
    ask(backfill, settings, days[1], days[1])

    results = ask(backfill, settings, *days, choice="stale")
    again = ask(backfill, settings, *days, choice="stale")

    assert [(result.outcome, result.detail) for result in results][1] == ("skipped", "up to date")
    assert [result.outcome for result in results] == ["landed", "skipped"]
    assert [result.outcome for result in again] == ["skipped", "skipped"]


@pytest.mark.parametrize("options", [{"parallel": 3}, {"order": "newest"}], ids=["parallel", "newest"])
def test_dates_in_another_order_land_what_they_do_in_order(tmp_path: Path, options: dict[str, Any]) -> None:
    """Each date has a copy of the day before's story, so that a wrong order would show in the duplicates."""
    days = [f"2026-01-0{day}" for day in range(1, 5)]
    for day, before in zip(days, ["", *days], strict=False):
        write_story(tmp_path, "wire", day, f"Ashford {day[-1]}")
        if before:
            write_more(tmp_path, "wire", day, f"Ashford {before[-1]}")
    settings = [
        settings_for(tmp_path, "wire").model_copy(update={"lake": str(tmp_path / name)}) for name in ("one", "many")
    ]

    ask(backfill, settings[0], date(2026, 1, 1), date(2026, 1, 4))
    results = ask(backfill, settings[1], date(2026, 1, 1), date(2026, 1, 4), **options)

    assert [result.outcome for result in results] == ["landed"] * 4
    one, many = (Lake.open(each.lake) for each in settings)
    for table in ("articles", "entities", "quotes", "duplicates", "rejections"):
        assert many.read(table).equals(one.read(table)), table
    assert len(one.read("duplicates")) == 3


def test_the_newest_first(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire")
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")
    (tmp_path / "wire" / "2026-01-02").mkdir()
    # Nothing like the other, so that it is not run again when that has landed.
    other = "Rain is expected in the north on Friday, forecasters said, and strong winds along the western coast.\n\n"
    (tmp_path / "wire" / "2026-01-02" / "rain.txt").write_text(f"Rain in the north\n\n{other * 3}")

    results = ask(backfill, settings, date(2026, 1, 1), date(2026, 1, 2), order="newest")

    assert [str(result.logical_date) for result in results] == ["2026-01-02", "2026-01-01"]
    finished = query(Lake.open(settings.lake), "SELECT logical_date FROM runs ORDER BY finished_at").to_pylist()
    assert [str(row["logical_date"]) for row in finished] == ["2026-01-02", "2026-01-01"]


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (0, 30, 0.0, ""),
        (1, 30, 60.0, ", about 29 minutes left"),
        (29, 30, 870.0, ", about 30 seconds left"),
        (30, 30, 900.0, ""),
    ],
)
def test_the_time_that_is_left_is_at_the_pace_so_far(done: int, total: int, seconds: float, said: str) -> None:
    assert remaining(done, total, seconds) == said


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
        ask(
            backfill, settings_for(tmp_path, "wire"), date.fromisoformat(first), date.fromisoformat(last), source=source
        )


def test_nightly_runs_the_configured_sources_for_the_day(tmp_path: Path) -> None:
    write_story(tmp_path, "wire", "2026-01-01", "Ashford")

    run = ask(nightly, settings_for(tmp_path, "wire"), date(2026, 1, 1))

    assert (run.article_count, run.sources) == (1, (f"{tmp_path}/wire/2026-01-01/*.txt",))


class Webhook(BaseHTTPRequestHandler):
    """Keeps what it is sent; refuses the first request, as a service that is starting does."""

    received: ClassVar[list[dict[str, str]]] = []
    refusals: ClassVar[int] = 0

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if Webhook.refusals:
            Webhook.refusals -= 1
            self.send_response(503)
        else:
            Webhook.received.append(json.loads(content))
            self.send_response(204)
        self.end_headers()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("newsmill.flows.notify.WAIT_SECONDS", 0.01)
    Webhook.received, Webhook.refusals = [], 1
    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


def test_the_webhook_hears_of_a_night_that_is_stopped_or_incomplete(tmp_path: Path, webhook: str) -> None:
    settings = settings_for(tmp_path, "wire", "local")
    settings = settings.model_copy(update={"notify": NotifyConfig(webhook=SecretStr(webhook))})
    write_story(tmp_path, "wire", "2026-01-02", "Ashford")

    with pytest.raises(ValidationStopped):
        ask(nightly, settings, date(2026, 1, 1))
    run = ask(nightly, settings, date(2026, 1, 2))

    stopped, incomplete = Webhook.received
    assert (stopped["event"], stopped["date"], stopped["lake"]) == ("stopped", "2026-01-01", settings.lake)
    assert "At least one input is an article" in stopped["detail"]
    assert stopped["text"].startswith("newsmill 2026-01-01: stopped. validation stopped the publish")
    assert (incomplete["event"], incomplete["date"]) == ("incomplete", "2026-01-02")
    assert "silent_sources" in incomplete["detail"]
    assert run.article_count == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/hook", "http://a..b/", "http://[bad", "http://a\x7f/"])
def test_a_webhook_that_is_away_fails_nothing(
    address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{notify.__module__}.WAIT_SECONDS", 0)
    settings = Settings(lake=str(tmp_path), notify=NotifyConfig(webhook=SecretStr(address)))

    assert notify(settings, date(2026, 1, 1), "failed", "x") is False
    assert "the webhook was not told that 2026-01-01 failed" in caplog.text


def test_a_night_that_fails_for_whatever_reason_is_told(
    tmp_path: Path, webhook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    settings = settings_for(tmp_path, "wire").model_copy(update={"notify": NotifyConfig(webhook=SecretStr(webhook))})
    monkeypatch.setattr(f"{nightly.fn.__module__}.ingest_and_settle", full)

    with pytest.raises(OSError, match="No space left"):
        ask(nightly, settings, date(2026, 1, 1))

    assert [(said["event"], said["detail"]) for said in Webhook.received] == [
        ("failed", "[Errno 28] No space left on device")
    ]


def test_a_date_that_cannot_be_examined_keeps_none_from_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(settings: Settings, logical_date: date, *_: object, **__: object) -> Planned:
        if logical_date.day == 1:
            raise StorageError("damaged")
        return Planned(logical_date=logical_date, runs=False, why="landed")

    for flow in (backfill, nightly):
        monkeypatch.setattr(f"{flow.fn.__module__}.plan_date", damaged)
    settings = settings_for(tmp_path, "wire").model_copy(update={"schedule": ScheduleConfig(late_days=2)})

    results = ask(backfill, settings, date(2026, 1, 1), date(2026, 1, 2))

    assert [(result.outcome, result.detail) for result in results] == [("stopped", "damaged"), ("skipped", "landed")]
    assert late_dates(settings, date(2026, 1, 3)) == []


def test_late_inputs_run_a_date_of_the_window_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "wire").model_copy(update={"schedule": ScheduleConfig(late_days=2)})
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        write_story(tmp_path, "wire", day, f"Ashford {day[-1]}")
        ask(nightly, settings, date.fromisoformat(day))
    write_more(tmp_path, "wire", "2026-01-01", "Late")
    write_story(tmp_path, "wire", "2026-01-04", "Milton")

    assert late_dates(settings, date(2026, 1, 3)) == [date(2026, 1, 1)]
    assert late_dates(settings, date(2026, 1, 4)) == []
    ask(nightly, settings, date(2026, 1, 3))

    assert len(Lake.open(settings.lake).read("articles", on=date(2026, 1, 1))) == 2
    assert late_dates(settings, date(2026, 1, 3)) == []


def test_nightly_without_sources_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"add \[\[sources\]\]"):
        ask(nightly, Settings(lake=str(tmp_path)), date(2026, 1, 1))


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


def test_a_time_zone_that_there_is_not_is_told() -> None:
    with pytest.raises(ConfigError, match="there is no time zone 'Mars/Base'"):
        day_before(datetime(2026, 1, 5, tzinfo=UTC), "Mars/Base")
