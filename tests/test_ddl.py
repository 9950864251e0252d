"""The statements for warehouses: executed where that can be done here, else parsed by the warehouse's grammar."""

import re
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from click.testing import CliRunner
from sqlglot import exp

from newsmill.cli.main import cli
from newsmill.schemas.rows import TABLES, Run, table_schema
from newsmill.schemas.warehouses import EXAMPLE, WAREHOUSES, Place, ddl, document

ROOT = Path(__file__).parent.parent
PLACE = Place(EXAMPLE, dates=(date(2026, 1, 5), date(2026, 1, 6)))

OUTSIDE_THE_GRAMMAR = r"^MSCK REPAIR TABLE \w+\.\w+$|WITH CONNECTION `[^`]+`\n|WITH PARTITION COLUMNS \(`date` DATE\)\n"
"""What sqlglot does not know, though the warehouse does."""


@pytest.mark.parametrize("warehouse", sorted(WAREHOUSES.keys() - {"clickhouse", "duckdb"}))
def test_statements_are_of_the_warehouse_s_grammar(warehouse: str) -> None:
    tables: dict[str, list[str]] = {}
    for statement in ddl(warehouse, PLACE):
        known = re.sub(OUTSIDE_THE_GRAMMAR, "", statement)
        for parsed in sqlglot.parse(known, dialect=warehouse) if known else ():
            assert isinstance(parsed, exp.Create | exp.Alter), statement
            if isinstance(parsed.this, exp.Schema):
                columns = [column.name for column in parsed.this.expressions if isinstance(column, exp.ColumnDef)]
                tables[parsed.this.this.name] = [name for name in columns if name != "date"]

    assert tables == {record.table: table_schema(record).names for record in TABLES}


def test_redshift_is_told_each_date() -> None:
    added = [statement for statement in ddl("redshift", PLACE) if statement.startswith("ALTER")]

    assert len(added) == len(TABLES) * 2
    assert f"(\"date\" = '2026-01-06') LOCATION '{EXAMPLE}/runs/date=2026-01-06/'" in added[-1]


@pytest.mark.parametrize(
    ("uri", "endpoint", "folder"),
    [
        ("s3://news/lake", None, "https://news.s3.amazonaws.com/lake/runs/"),
        ("s3://news", None, "https://news.s3.amazonaws.com/runs/"),
        ("s3://news", "http://127.0.0.1:8333", "http://127.0.0.1:8333/news/runs/"),
    ],
)
def test_the_folder_of_a_table_over_http(uri: str, endpoint: str | None, folder: str) -> None:
    assert Place(uri, endpoint).http(Run) == folder


def test_the_document_is_the_generated_one() -> None:
    assert (ROOT / "docs/warehouses.md").read_text() == document(), "run: make docs"
    for name in WAREHOUSES:
        assert f"newsmill ddl --for {name}`" in document()


def test_the_command_prints_statements_for_the_lake(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["ddl", "--for", "duckdb", "--lake", str(tmp_path / "lake")])

    assert done.exit_code == 0
    assert done.stdout.count(";\n") == len(TABLES)
    assert f"'{tmp_path}/lake/quotes/date=*/*.parquet'" in done.stdout
