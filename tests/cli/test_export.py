"""Articles handed on, and files looked into, as a user does it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from newsmill.cli.main import cli
from newsmill.errors import UsageError
from newsmill.lake import Lake, date_prefix
from newsmill.lake.publish import publish
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Topic, table_schema
from newsmill.tasks.formats.gkg_out import COLUMNS
from tests import rows as whole
from tests.tasks.read.test_items import NINJS, ROW, as_csv


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_files_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(NINJS))
    (tmp_path / "b.csv").write_text(as_csv(*[ROW | {"text": f"It is closed, {number}."} for number in range(5)]))
    (tmp_path / "c").write_bytes(b"\x00\x01\x02\x03" * 500)

    found = call("sources", "test", str(tmp_path), "--output", "json")
    shown = call("sources", "test", str(tmp_path / "a"))
    unknown = call("sources", "test", str(tmp_path / "c"))

    agency, table, strange = (json.loads(line) for line in found.output.splitlines())
    assert (agency["format"], agency["articles"], agency["first"][0]["title"]) == ("ninjs", 1, "Port opens")
    assert (table["format"], table["articles"], len(table["first"])) == ("csv", 5, 3)
    assert (strange["articles"], strange["rejected"]) == (0, 1)
    assert "ninjs, 1 articles" in shown.output
    assert (unknown.exit_code, "NewsML-G2" in unknown.output) == (1, True)


@pytest.fixture
def lake_uri(tmp_path: Path) -> str:
    lake = Lake.open(str(tmp_path / "lake"))
    row = whole.ARTICLE.replace(topics=(Topic("medtop", "20000349", "port"),), editor_note="check the name")
    keys: list[Any] = [pa.array([whole.DAY]), pa.array(["run"])]
    files = {}
    records: list[Record] = [row, whole.ENTITY, whole.QUOTE, whole.LINK]
    for record in records:
        table = pa.Table.from_arrays([*keys, *record.to_arrow([record]).columns], schema=table_schema(type(record)))
        key = f"{date_prefix(record.table, whole.DAY)}{record.table}-run-0000.parquet"
        pq.write_table(table, tmp_path / "rows.parquet")
        lake.store.write_file(key, tmp_path / "rows.parquet")
        files[record.table] = [key]
    publish(lake, whole.DAY, files)
    return lake.uri


def test_articles_are_handed_on_as_ninjs(lake_uri: str, tmp_path: Path) -> None:
    done = call("export", "ninjs", "--lake", lake_uri, "--date", whole.DAY.isoformat(), str(tmp_path / "a"))
    other = call("export", "ninjs", "--lake", lake_uri, "--date", "2020-01-01", str(tmp_path / "b"))

    assert (done.exit_code, other.exit_code) == (0, 0), done.output
    (item,) = map(json.loads, (tmp_path / "a").read_text().splitlines())
    assert item["standard"]["version"] == "3.0"
    assert (item["edNote"], item["subjects"][0]["uri"][-8:]) == ("check the name", "20000349")
    assert (tmp_path / "b").read_text() == ""


def test_articles_are_handed_on_as_gkg(lake_uri: str, tmp_path: Path) -> None:
    done = call("export", "gkg", "--lake", lake_uri, str(tmp_path / "a.gkg.csv"))

    assert done.exit_code == 0, done.output
    (line,) = (tmp_path / "a.gkg.csv").read_text().splitlines()
    found = dict(zip(COLUMNS, line.split("\t"), strict=True))
    assert found["V2ENHANCEDPERSONS"] == "Ada Hill,36"
    assert found["V2.1QUOTATIONS"] == "1|28|said|The bridge will open in May,"
    assert "<PAGE_LINKS>https://example.org/plans.pdf?utm_source=x</PAGE_LINKS>" in found["V2EXTRASXML"]


@pytest.mark.parametrize(
    ("bounds", "articles"),
    [
        (["--from", "2026-01-05", "--to", "2026-01-05"], 1),
        (["--from", "2026-01-06"], 0),
        (["--to", "2026-01-04"], 0),
    ],
    ids=["the day", "later", "earlier"],
)
@pytest.mark.parametrize("what", ["articles", "gkg", "ninjs"])
def test_dates_are_chosen(lake_uri: str, tmp_path: Path, what: str, bounds: list[str], articles: int) -> None:
    done = call("export", what, str(tmp_path / "a.csv"), "--lake", lake_uri, *bounds)

    assert done.exit_code == 0, done.output
    assert len((tmp_path / "a.csv").read_text().splitlines()) == articles + (what == "articles")


@pytest.mark.parametrize("end", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_a_table_is_written_in_the_form_that_the_files_name_asks_for(lake_uri: str, tmp_path: Path, end: str) -> None:
    file = tmp_path / f"articles.{end}"
    done = call("export", "articles", str(file), "--lake", lake_uri)
    assert done.exit_code == 0, done.output
    row = FIRST[end](file)
    assert row["text"] == whole.TEXT
    topics = row["topics"] if isinstance(row["topics"], list) else json.loads(row["topics"])
    assert [topic["code"] for topic in topics] == ["20000349"]


def _first_of_sheet(file: Path) -> dict[str, Any]:
    head, first = load_workbook(file).active.iter_rows(values_only=True)
    return dict(zip(head, first, strict=True))


FIRST: dict[str, Callable[[Path], dict[str, Any]]] = {
    "csv": lambda file: next(csv.DictReader(file.open(newline=""))),
    "tsv": lambda file: next(csv.DictReader(file.open(newline=""), delimiter="\t")),
    "jsonl": lambda file: json.loads(file.read_text()),
    "parquet": lambda file: pq.read_table(file).to_pylist()[0],
    "xlsx": _first_of_sheet,
}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["quotes", "--output", "parquet"], "--to"),
        (["quots"], "is it quotes?"),
        (["quotes", "quotes.doc"], ".xlsx"),
        (["gkgs"], "is it gkg?"),
    ],
    ids=["form of files alone", "mistyped", "no form", "mistyped system"],
)
def test_what_cannot_be_handed_on_is_told(
    lake_uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("export", *arguments, "--lake", lake_uri)
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)
    assert not list(tmp_path.glob("quotes.*"))
