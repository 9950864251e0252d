"""Runs as a user starts them: what they print, land and leave, and what stops them."""

import re
from pathlib import Path

import pytest

from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.reclaim import orphans
from newsmill.lake.staging import staged_attempts
from tests.cli.command import STORY, lines_of, newsmill, said
from tests.hostile import HostileServer, build_hostile_inputs
from tests.interrupted import backfill, compose, tables

ROOT = Path(__file__).parents[2]


def test_run_lands_shows_and_can_be_asked(tmp_path: Path) -> None:
    """With no Prefect server configured: the command brings a private one and takes it away again."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/ashford.txt").write_text(STORY.format(town="Ashford"))
    (tmp_path / "in/empty.txt").write_text("")

    done = newsmill("run", "in", "--date", "2026-01-05", cwd=tmp_path, PREFECT_API_URL="", XDG_STATE_HOME=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert said(done) == []
    assert "Ada Hill (said): “The bridge is part of our town," in done.stdout
    assert "1 x empty at read" in done.stdout
    assert re.search(r'Ask the lake:  \S*newsmill query "SELECT', done.stdout)
    again = newsmill(
        "run", "in", "--date", "2026-01-05", cwd=tmp_path, PREFECT_API_URL="", XDG_STATE_HOME=str(tmp_path)
    )
    assert (again.returncode, said(again)) == (0, [])
    assert re.fullmatch(r"nothing has changed since run \S+: nothing to publish", again.stdout.splitlines()[-1])
    sql = "SELECT kind, speaker_text, cue FROM quotes ORDER BY quote_index"
    assert lines_of(newsmill("query", sql, "--output", "json", cwd=tmp_path).stdout) == [
        {"kind": "direct", "speaker_text": "Ada Hill", "cue": "said"},
        {"kind": "indirect", "speaker_text": "officials", "cue": "said"},
    ]
    (article,) = lines_of(newsmill("query", "SELECT article_id FROM articles", "--output", "json", cwd=tmp_path).stdout)
    explained = newsmill("extract", "--explain", str(article["article_id"]), cwd=tmp_path)
    assert (explained.returncode, explained.stderr) == (0, "")
    assert re.search(r"^# headline +Ashford to rebuild its bridge$", explained.stdout, re.MULTILINE)
    mistaken = newsmill("query", "SELEC 1", cwd=tmp_path)
    assert (mistaken.returncode, mistaken.stdout) == (2, "")
    error, line, mark = mistaken.stderr.splitlines()
    assert "syntax error" in error
    assert line[mark.index("^") :].startswith("SELEC")
    told = newsmill("why", str(article["article_id"]), cwd=tmp_path)
    assert told.stdout.startswith("article of 2026-01-05: ")
    rebuilt = newsmill("ledger", "rebuild", "--output", "json", cwd=tmp_path)
    assert lines_of(rebuilt.stdout) == [{"date": "2026-01-05"}]
    runs = newsmill("runs", "--output", "json", cwd=tmp_path)
    assert [(row["date"], row["articles"]) for row in lines_of(runs.stdout)] == [("2026-01-05", 1)]


def test_run_on_s3_and_query_on_it(s3_uri: str, tmp_path: Path, prefect_server: str) -> None:
    api = {"PREFECT_API_URL": prefect_server}
    done = newsmill("run", str(ROOT / "seeds"), "--lake", s3_uri, "--output", "json", cwd=tmp_path, **api)

    assert done.returncode == 0, done.stderr
    assert lines_of(done.stdout)[0]["articles"] == 5
    sql = "SELECT count(*) AS n FROM articles WHERE text LIKE '%Advertisement%' OR text LIKE '%[ad_%'"
    asked = newsmill("query", sql, "--lake", s3_uri, "--output", "json", cwd=tmp_path)
    assert lines_of(asked.stdout) == [{"n": 0}]


def test_a_stopped_run_exits_3_with_one_line(tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "blank.txt").write_text("\n")
    done = newsmill("run", "blank.txt", cwd=tmp_path, PREFECT_API_URL=prefect_server)

    assert done.returncode == 3
    (line,) = said(done)
    assert line.startswith("newsmill: validation stopped the publish: At least one input is an article")
    assert "empty at read (1)" in line


@pytest.mark.parametrize("source", ["nothing-here", "nothing*.html", "in/nothing.txt"])
def test_a_path_that_leads_nowhere_is_one_line_and_makes_no_lake(tmp_path: Path, source: str) -> None:
    (tmp_path / "in").mkdir()
    done = newsmill("run", "in", source, cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert source in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_prefect_server_that_is_away_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    done = newsmill("run", "x", cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")

    assert done.returncode == 1
    (line,) = said(done)
    assert "does not answer" in line


def test_hostile_inputs_are_rejected_and_the_rest_lands(tmp_path: Path, prefect_server: str) -> None:
    hostile = build_hostile_inputs(tmp_path / "hostile")
    (tmp_path / "good").mkdir()
    (tmp_path / "good/ashford.txt").write_text(STORY.format(town="Ashford"))
    (tmp_path / "newsmill.toml").write_text(
        "max_rejected_share = 1.0\npage_seconds = 10\n[fetch]\nseconds = 2\nretries = 0\n"
        "delay = 0\nallow = ['127.0.0.0/8']\n"
    )
    with HostileServer() as server:
        addresses = [given.uri for given in (*hostile, *server.inputs) if "://" in given.uri]
        done = newsmill(
            "run",
            "good",
            "hostile",
            *addresses,
            "--output",
            "json",
            cwd=tmp_path,
            PREFECT_API_URL=prefect_server,
        )

    assert done.returncode == 0, done.stderr
    (figures,) = lines_of(done.stdout)
    assert figures["read"] == sum(int(str(figures[name])) for name in ("articles", "duplicates", "rejections"))
    assert int(str(figures["rejections"])) >= 50
    lake = Lake.open(str(tmp_path / "lake"))
    texts = [row["text"] for row in query(lake, "SELECT text FROM articles WHERE source = 'good'").to_pylist()]
    assert len(texts) == 1
    assert "The council of Ashford voted" in texts[0]
    vague = query(lake, "SELECT input_id, reason FROM rejections WHERE detail = '' OR detail LIKE '%Traceback%'")
    assert vague.to_pylist() == []


def test_a_backfill_that_is_killed_twice_lands_what_one_that_is_not_does(tmp_path: Path, prefect_server: str) -> None:
    """``benchmarks/backfill.py`` does it with thirty dates."""
    days = compose(tmp_path, 5)
    lake, attempts = Lake.open(str(tmp_path / "interrupted")), []
    for landed in (1, 3):
        backfill(tmp_path, "interrupted", days, killed_at=landed)
        attempts.append({row["logical_date"]: row["attempt_id"] for row in lake.read("runs").to_pylist()})

    results = lines_of(backfill(tmp_path, "interrupted", days))
    backfill(tmp_path, "whole", days)

    assert 1 <= len(attempts[0]) <= len(attempts[1]) < 5
    landed_before = {str(day) for day in attempts[1]}
    assert [(row["date"], row["outcome"]) for row in results] == [
        (day, "skipped" if day in landed_before else "landed") for day in days
    ]
    now = {row["logical_date"]: row["attempt_id"] for row in lake.read("runs").to_pylist()}
    assert attempts[0].items() <= attempts[1].items() <= now.items()
    expected = tables(Lake.open(str(tmp_path / "whole")))
    assert {table: len(rows) for table, rows in expected.items()} == {
        "articles": 6,
        "entities": len(lake.read("entities")),
        "quotes": len(lake.read("quotes")),
        "links": len(lake.read("links")),
        "duplicates": 4,
        "ledger": 10,
        "rejections": 5,
        "runs": 5,
    }
    for table, rows in tables(lake).items():
        assert rows.equals(expected[table]), table
    assert (orphans(lake), staged_attempts(lake)) == ([], [])
