"""The commands that look after a lake: verify, rollback, collect."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from newsmill.cli.main import cli
from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.reclaim import orphans
from newsmill.lake.staging import drop_staging, staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Quote, Run
from newsmill.tasks.land.partition import land, write_partition
from tests.rows import DAY, QUOTE, RUN


def newsmill(lake: Lake, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--lake", lake.uri])


def landed(lake: Lake, run_id: str, quotes: int) -> None:
    rows: dict[type[Record], list[Record]] = {
        Quote: [QUOTE.replace(quote_index=number) for number in range(quotes)],
        Run: [RUN.replace(attempt_id=f"attempt-{run_id}")],
    }
    staged = {}
    for record, found in rows.items():
        staged[record.table] = [staged_key("attempt", record.table)]
        write_table(lake, staged[record.table][0], record.to_arrow(found))
    land(lake, DAY, run_id, staged)
    drop_staging(lake, "attempt")


def test_rollback_says_which_run_it_is_again(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    landed(lake, "first", 1)
    landed(lake, "second", 2)

    done = newsmill(lake, "rollback", "--date", str(DAY))

    assert done.exit_code == 0, done.output
    assert done.output.startswith("2026-01-05 is again as run first (attempt attempt-first) published it")
    assert len(lake.read("quotes")) == 1


def test_verify_prints_a_line_a_problem_and_exits_1(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    landed(lake, "first", 1)

    for arguments in ((), ("--date", str(DAY))):
        done = newsmill(lake, "verify", *arguments, "--output", "json")

        assert done.exit_code == 1
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert {"date": "2026-01-05", "table": "articles", "problem": "has 0 rows, and its run made 1"} in rows
        assert done.stderr == f"verified 1 date: {len(rows)} problems\n"


def test_verify_does_not_take_a_place_without_a_lake_for_a_sound_one(tmp_path: Path) -> None:
    done = newsmill(Lake.open(str(tmp_path / "none")), "verify")

    assert isinstance(done.exception, UsageError)
    assert "there is no lake at" in str(done.exception)


def test_collect_deletes_what_a_killed_run_left(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    landed(lake, "first", 1)
    (key,) = write_partition(lake, Quote, DAY, "killed", [Quote.to_arrow([QUOTE])])

    staged = staged_key("living", "raw-00000.parquet")
    lake.store.write(staged, b"rows")

    assert newsmill(lake, "collect").stdout == ""
    done = newsmill(lake, "collect", "--older-than", "0")

    assert (done.exit_code, done.stdout) == (0, f"{key}\n")
    assert done.stderr == "deleted 1 orphans and 0 files of replaced states\n"
    assert orphans(lake) == []
    assert lake.store.size(staged) == 4, "a run may be at work"


def test_a_moved_lake_is_told_of_and_rebound(tmp_path: Path) -> None:
    landed(Lake.open(str(tmp_path / "old")), "first", 1)
    (tmp_path / "old").rename(tmp_path / "new")
    lake = Lake.open(str(tmp_path / "new"))

    asked = newsmill(lake, "query", "SELECT count(*) AS n FROM quotes", "--output", "json")
    bound = [newsmill(lake, "rebind").stdout for _ in range(2)]

    assert asked.stdout == '{"n": 1}\n'
    told = f"note: {lake.uri} was written as file://{tmp_path}/old, where other Iceberg readers still look; run: "
    assert asked.stderr == f"{told}newsmill rebind --lake {tmp_path}/new\n"
    assert bound == [
        f"{lake.uri} named file://{tmp_path}/old and now names itself\n",
        f"{lake.uri} names itself already\n",
    ]
    assert newsmill(lake, "query", "SELECT count(*) AS n FROM quotes", "--output", "json").stderr == ""


def test_repair_says_what_was_damaged_and_what_is_lost(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    landed(lake, "first", 1)
    damaged = [info.key for info in lake.store.list() if info.key.endswith(".avro") and info.key.startswith("quotes/")]
    for key in damaged:
        lake.store.write(key, b"Obj")

    dry, done, again = (newsmill(lake, "repair", *options) for options in (["--dry-run"], [], []))

    assert dry.stdout == done.stdout
    assert done.stdout.startswith("quotes: file://")
    assert done.stdout.endswith("; 2026-01-05 made out from the files\n")
    assert (dry.stderr, done.stderr) == ("1 table would be made anew\n", "1 table was made anew\n")
    assert (again.stdout, again.stderr, again.exit_code) == ("", "no table was made anew\n", 0)
    assert len(lake.read("quotes")) == 1
