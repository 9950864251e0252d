"""Articles handed on, and files looked into, as a user does it."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from newsmill.cli.main import cli
from newsmill.lake import Lake
from newsmill.schemas.rows import Topic
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
