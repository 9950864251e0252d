"""The command as a user meets it: a process of its own, its output, its exit code, never a traceback."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from newsmill.cli import cli
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.reclaim import orphans
from newsmill.lake.staging import staged_attempts
from tests.hostile import HostileServer, build_hostile_inputs
from tests.interrupted import backfill, compose, tables

ROOT = Path(__file__).parent.parent
NEWSMILL = str(Path(sys.executable).with_name("newsmill"))
STORY = (
    "{town} to rebuild its bridge\n\n"
    "The council of {town} voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall of {town}.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n"
)


EQUAL_ONLY = {"NEWSMILL_DEDUPE__SIMILARITY": "1", "NEWSMILL_DEDUPE__CONTAINMENT": "1"}
"""So that stories that differ in a town's name alone are not copies of one another."""


def newsmill(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [NEWSMILL, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"COLUMNS": "200"} | EQUAL_ONLY | environment,
    )


def lines_of(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_has_help_an_example_and_a_place_in_the_readme(name: str) -> None:
    command = cli.commands[name]

    assert command.help
    assert command.epilog
    assert f"newsmill {name}" in command.epilog
    assert f"newsmill {name}" in (ROOT / "README.md").read_text()


def test_help_is_printed(tmp_path: Path) -> None:
    shown = newsmill("run", "--help", cwd=tmp_path)

    assert shown.returncode == 0
    assert "Example:  newsmill run" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("fly",), 2, "No such command"),
        (("run", "--date", "tomorrow"), 2, "does not match"),
        (("run", "--config", "none.toml"), 2, "none.toml: there is no such file"),
        (("query", "SELECT 1"), 2, "there is no lake at"),
        (("backfill", "--from", "2026-01-01"), 2, "--to"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = newsmill(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("lakes = 'x'", "lakes: Extra inputs are not permitted"),
        ("workers = 'many'", "workers: Input should be a valid integer"),
        ("lake = ", "newsmill.toml"),
        ("[[sources]]\nname='a'\nuri='x'\n[[sources]]\nname='a'\nuri='y'", "same name: a"),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "newsmill.toml").write_text(content)

    done = newsmill("tables", cwd=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_run_lands_shows_and_can_be_asked(tmp_path: Path) -> None:
    """With no Prefect server configured: the command brings a private one and takes it away again."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/ashford.txt").write_text(STORY.format(town="Ashford"))
    (tmp_path / "in/empty.txt").write_text("")

    done = newsmill("run", "in", "--date", "2026-01-05", cwd=tmp_path, PREFECT_API_URL="", XDG_STATE_HOME=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Ada Hill (said): “The bridge is part of our town," in done.stdout
    assert "1 x empty at read" in done.stdout
    assert re.search(r'Ask the lake:  \S*newsmill query "SELECT', done.stdout)
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
    assert (mistaken.returncode, mistaken.stdout, mistaken.stderr.count("\n")) == (2, "", 1)
    assert "syntax error" in mistaken.stderr
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
    done = newsmill("run", "nothing-here", cwd=tmp_path, PREFECT_API_URL=prefect_server)

    assert done.returncode == 3
    assert done.stderr.startswith("newsmill: validation stopped the publish: At least one input is an article")
    assert "not_found at read (1)" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_prefect_server_that_is_away_is_said(tmp_path: Path) -> None:
    done = newsmill("run", "x", cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")

    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert done.stderr.count("\n") == 1


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
        missing = [str(tmp_path / "hostile" / name) for name in ("nothing.txt", "no*match", "nobody/at/home")]
        done = newsmill(
            "run",
            "good",
            "hostile",
            *missing,
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
        "duplicates": 4,
        "ledger": 10,
        "rejections": 5,
        "runs": 5,
    }
    for table, rows in tables(lake).items():
        assert rows.equals(expected[table]), table
    assert (orphans(lake), staged_attempts(lake)) == ([], [])


PAGES = [
    {"id": "page", "url": "https://example.org/a", "html": "<p>x</p>"},
    "no json",
    {"id": 7, "text": STORY.format(town="Ashford")},
    {"id": "neither"},
]


def as_lines(rows: Sequence[object]) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def test_the_extract_filter_keeps_order_and_rejects_bad_lines(tmp_path: Path) -> None:
    done = newsmill("extract", "--workers", "2", cwd=tmp_path, stdin=as_lines(PAGES))

    assert done.returncode == 0, done.stderr
    first, second, third, fourth = lines_of(done.stdout)
    assert (first["id"], first["rejected"]) == ("page", first["rejected"])
    assert second["id"] is None
    assert (third["id"], third["title"]) == (7, "Ashford to rebuild its bridge")
    assert str(third["text"]).startswith("The council of Ashford")
    assert (fourth["id"], list(fourth)) == ("neither", ["id", "rejected"])


def test_the_enrich_filter_gives_offsets_into_the_text(tmp_path: Path) -> None:
    text = STORY.format(town="Ashford")

    done = newsmill("enrich", cwd=tmp_path, stdin=as_lines([{"id": "a", "text": text}, {"id": "b"}, "{"]))

    assert done.returncode == 0, done.stderr
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    (quote,) = first["quotes"]
    assert (first["language"], first["enrichment"]) == ("en", "full")
    assert (quote["speaker"], quote["cue"]) == ("Ada Hill", "said")
    for span in (*first["entities"], quote):
        assert text[span["start"] : span["end"]] == span["text"]
    assert second["rejected"]["reason"] == "bad_record"
    assert third["rejected"]["reason"] == "bad_json"


def test_the_dedupe_filter_points_at_the_earlier_one(tmp_path: Path) -> None:
    rows: list[object] = [
        {"id": "late", "text": "Rain again", "date": "2026-01-02"},
        {"id": "early", "text": "rain, again", "date": "2026-01-01"},
        {"id": "other", "text": "Snow", "date": "26-FEB-1987 15:01:01.79"},
        {"id": "bad", "text": 3},
        {"id": "undated", "text": "SNOW", "date": "tomorrow, perhaps"},
    ]

    done = newsmill("dedupe", cwd=tmp_path, stdin=as_lines(rows))

    found = lines_of(done.stdout)
    assert [row.get("cluster") for row in found] == ["early", "early", "other", None, "other"]
    assert [row.get("duplicate_of") for row in found] == ["early", None, None, None, "other"]
    assert found[0]["method"] == "same_text"


def test_doctor_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "newsmill.toml").write_text('model = "no_such_model"\n[schedule]\ncron = "99 99 * *"\n')

    done = newsmill("doctor", "--output", "json", cwd=tmp_path)

    states = {row[""]: row for row in lines_of(done.stdout)}
    assert done.returncode == 1
    assert "no_such_model" in str(states["model"]["detail"])
    assert states["schedule"]["state"] == "problem"
    assert states["lake lake"]["state"] == "ok"
