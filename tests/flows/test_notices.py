"""A night whose sources fail without an error says so: in its row, its report, its summaries and to the webhook."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsmill.cli.run import _show_run
from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import ValidationStopped
from newsmill.flows import nightly
from newsmill.flows.artifacts import summary
from newsmill.flows.requests import request_for
from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.rows import Run
from newsmill.tasks.fetch.memory import Memory, Validators, remember
from tests.site import Answer, Request, Site

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

DAY = date(2026, 1, 5)
PAGE = b"<!doctype html><html><head><title>For sale</title></head><body>This name is for sale.</body></html>"


def index(*names: str) -> bytes:
    named = "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in names)
    return f"<sitemapindex>{named}</sitemapindex>".encode()


EMPTY = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
ANSWERS = {
    "/unasked": Answer(b"", status=304),
    "/empty": Answer(EMPTY),
    "/deep": Answer(index("deep1")),
    **{f"/deep{n}.xml": Answer(index(f"deep{n + 1}")) for n in range(1, 4)},
    "/wide": Answer(index(*(f"wide{n}" for n in range(300)))),
    **{f"/wide{n}.xml": Answer(b"<urlset><url><loc>/1</loc></url></urlset>") for n in range(300)},
    "/moved": Answer(PAGE),
    "/sound": Answer(EMPTY),
}
SAID = {
    "unasked": "status 304, not modified, though all of it was asked for",
    "empty": "lists nothing since 2025-10-01",
    "deep": "1 listings stand deeper than 3 below it and are not read",
    "wide": "names 101 more listings than are followed in a poll",
    "moved": "a page stands where a feed was",
}


def settings_of(folder: Path, port: int, *names: str, **settings: Any) -> Settings:
    """Settings with a source of each name, of which the lake remembers what makes it suspicious."""
    uris = {name: f"http://127.0.0.1:{port}/{name}" for name in names}
    store, before = Lake.open(f"{folder}/lake").store, datetime.now(UTC) - timedelta(days=1)
    memories = {
        "empty": Memory(name="empty", uri=uris.get("empty", ""), empty_since=datetime(2025, 10, 1, tzinfo=UTC)),
        "moved": Memory(
            name="moved", uri=uris.get("moved", ""), listings={uris.get("moved", ""): Validators(full_at=before)}
        ),
    }
    for name in memories.keys() & uris.keys():
        remember(store, memories[name])
    sources = [SourceConfig(name=name, uri=uri, kind="feed") for name, uri in uris.items()]
    fetch = {"delay": 0, "retries": 0, "allow": ["127.0.0.1"]}
    return Settings.model_validate(
        {"lake": f"{folder}/lake", "workers": 1, "fetch": fetch, "sources": sources} | settings
    )


def serve(request: Request) -> Answer:
    return ANSWERS.get(request.path, Answer(b"", status=404))


@pytest.fixture
def night(tmp_path: Path) -> tuple[RunRequest, Run]:
    with Site(serve) as site:
        settings = settings_of(tmp_path, site.port, *SAID, "sound")
        request = request_for(settings, DAY, settings.sources)
        return request, ingest_and_settle(request)


def test_a_night_says_what_ails_its_sources_wherever_it_is_looked_at(
    night: tuple[RunRequest, Run], capsys: pytest.CaptureFixture[str]
) -> None:
    request, run = night
    lake = Lake.open(request.settings.lake)
    _show_run(request, run, "text")
    printed = capsys.readouterr().out
    _show_run(request, run, "json")
    (figures,) = map(json.loads, capsys.readouterr().out.splitlines())
    kept = lake.store.list("_reports/date=")
    reports = {info.key.rpartition("/")[2]: lake.store.read(info.key).decode() for info in kept}
    (row,) = query(lake, "SELECT asked_sources, answered_sources, notices FROM runs").to_pylist()

    assert (row["asked_sources"], row["answered_sources"]) == (6, 4)
    assert json.loads(reports["validation.json"])["notices"] == row["notices"] == figures["notices"]
    assert "4 of 6 sources answered" in reports["index.html"]
    for name, said in SAID.items():
        (notice,) = [line for line in row["notices"] if line.startswith(f"{name}: ")]
        assert said in notice
        assert notice in printed
        assert notice in reports["index.html"]
        assert notice in summary("2026-01-05", run)
    assert "4 of 6 sources answered:" in printed
    assert "sound" not in "".join(row["notices"])


def test_the_webhook_hears_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(nightly, "notify", lambda *said: told.append(said[-1]))
    with Site(serve) as site:
        nightly._told(settings_of(tmp_path, site.port, "empty", "sound"), DAY)

    (said,) = told
    assert said.startswith("published, but these rules warn: ")
    assert said.endswith("; 2 of 2 sources answered; empty: lists nothing since 2025-10-01")


@pytest.mark.parametrize("answer", [Answer(b"", status=500), Answer(PAGE)], ids=["broken", "for sale"])
def test_a_night_on_which_nobody_answers_says_so(answer: Answer, tmp_path: Path) -> None:
    with Site(lambda request: answer if request.path.startswith("/dead") else Answer(b"", status=404)) as site:
        settings = settings_of(tmp_path, site.port, *(f"dead-{n}" for n in range(40)))
        with pytest.raises(ValidationStopped, match=r"At least one input .*; 0 of 40 sources answered; the lake is as"):
            ingest_and_settle(request_for(settings, DAY, settings.sources))
