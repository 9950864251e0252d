"""What the pages of a host end in goes, from the third page on: whole runs, rolled back, again and explained."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsmill.cli.main import cli
from newsmill.config import DedupeConfig, Settings, SourceConfig
from newsmill.flows.backfill import backfill
from newsmill.flows.requests import ask
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.rollback import rollback
from newsmill.schemas.record import values
from newsmill.tasks.upkeep.verify import verify_dates

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

DAYS = [date(2026, 1, day) for day in (5, 6, 7)]
OFFER = "Readers who like what they see here can have it by mail each morning."
STORIES = {
    "bridge": (
        "The council of Milton voted on Monday to rebuild the old bridge over the Arrow after a long debate.",
        "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall.",
        "Work will begin in spring, and lorries will cross the Arrow at Ashford until the bridge is done.",
    ),
    "harvest": (
        "Farmers around Carlow have brought in a third less wheat than last summer, their union said on Tuesday.",
        "“It rained when it should not have,” said Tom Barley, who grows wheat on forty hectares at Carlow.",
        "The union wants the ministry to pay for seed, which farmers will need in autumn.",
    ),
    "museum": (
        "Thieves have taken three paintings from the museum of Dunmore, the police said on Wednesday.",
        "“They knew the alarm,” said Inspector Ruth Lane, who has looked at the films of the cameras.",
        "The paintings by Eliza Moor were lent by a collector, and the museum had insured them.",
    ),
}
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><link rel="canonical" href="{url}"></head><body>
<article><h1>{title}</h1>{body}<p>{offer}</p></article></body></html>"""


def write(folder: Path, day: date, name: str) -> None:
    (folder / str(day)).mkdir(parents=True)
    body = "".join(f"<p>{line}</p>" for line in STORIES[name])
    offer = OFFER.replace("by mail", '<a href="/mail">by mail</a>')
    page = PAGE.format(title=f"The {name}", url=f"https://paper.example/{name}", body=body, offer=offer)
    (folder / str(day) / f"{name}.html").write_text(page)


def settings_for(folder: Path, lake: str) -> Settings:
    return Settings(
        lake=str(folder / lake),
        workers=1,
        sources=(SourceConfig(name="paper", uri=f"{folder}/in/{{date}}/*.html"),),
        dedupe=DedupeConfig(),
    )


def rows(settings: Settings) -> list[dict[str, object]]:
    sql = "SELECT title, text, word_count, text_hash, furniture, run_id FROM articles ORDER BY logical_date"
    return query(Lake.open(settings.lake), sql).to_pylist()


def test_the_third_page_loses_what_the_pages_of_its_host_end_in(tmp_path: Path) -> None:
    for day, name in zip(DAYS, STORIES, strict=True):
        write(tmp_path / "in", day, name)
    settings, newest = settings_for(tmp_path, "lake"), settings_for(tmp_path, "newest")

    ask(backfill, settings, DAYS[0], DAYS[-1])
    ask(backfill, newest, DAYS[0], DAYS[-1], order="newest")

    lake = Lake.open(settings.lake)
    landed = rows(settings)
    assert [OFFER in str(row["text"]) for row in landed] == [True, True, False]
    assert landed[2]["text"] == "\n".join(STORIES["museum"])
    assert [row["furniture"] for row in landed] == [None, None, [{"line": 3, "text": OFFER}]]
    links = query(lake, "SELECT text, logical_date FROM links ORDER BY logical_date").to_pylist()
    assert [(link["text"], link["logical_date"]) for link in links] == [("by mail", day) for day in DAYS[:2]]
    assert list(verify_dates(lake, DAYS)) == []
    assert rows(newest) == landed

    ask(backfill, settings, DAYS[0], DAYS[-1], choice="all")
    assert rows(settings) == landed
    rollback(lake, DAYS[2])
    assert rows(settings) == landed
    assert list(verify_dates(lake, DAYS)) == []

    (article_id,) = values(query(lake, "SELECT article_id FROM articles WHERE title = 'The museum'"), "article_id")
    for command in (["extract", "--explain", article_id, "--output", "json"], ["why", article_id]):
        told = CliRunner().invoke(cli, [*command, "--lake", settings.lake])
        assert told.exit_code == 0, told.output
        if command[0] == "why":
            assert f"without the furniture of paper.example: {OFFER}" in told.output
            assert "on 3 of its pages since 2026-01-05" in told.output
        else:
            lines = {line["text"]: (line["verdict"], line["why"]) for line in json.loads(told.output)["lines"]}
            assert lines[OFFER] == ("cut", "furniture, 3 pages since 2026-01-05")
            assert lines[STORIES["museum"][2]][0] == "text"
