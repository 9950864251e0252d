"""Rows in the forms in which they leave."""

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format

from newsmill.cli.forms import column_names, form_of, write
from newsmill.errors import UsageError

TABLE = pa.table(
    {
        "day": [date(2026, 1, 2)],
        "at": pa.array([datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
        "share": [Decimal("0.50")],
        "whole": [Decimal("3.00")],
        "none": [float("nan")],
        "text": ["=1+1|a\nb"],
        "list": [[{"a": 1}]],
    }
)


def printed(form: str, table: pa.Table = TABLE) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        assert write([table, table.slice(0, 0)], form, None) == 1  # type: ignore[arg-type]
    return out.getvalue()


def test_json_holds_numbers_times_and_nulls() -> None:
    assert json.loads(printed("json")) == {
        "day": "2026-01-02",
        "at": "2026-01-02T03:04:05+00:00",
        "share": 0.5,
        "whole": 3,
        "none": None,
        "text": "=1+1|a\nb",
        "list": [{"a": 1}],
    }


def test_the_cells_of_a_line() -> None:
    assert printed("csv").splitlines() == [
        "day,at,share,whole,none,text,list",
        '2026-01-02,2026-01-02T03:04:05+00:00,0.5,3,,"=1+1|a',
        'b","[{""a"": 1}]"',
    ]
    assert printed("markdown").splitlines()[1:] == [
        "| --- | --- | --- | --- | --- | --- | --- |",
        '| 2026-01-02 | 2026-01-02T03:04:05+00:00 | 0.5 | 3 |  | =1+1\\|a b | [{"a": 1}] |',
    ]


def test_a_sheet_keeps_text_as_text(tmp_path: Path) -> None:
    file = tmp_path / "rows.xlsx"
    write([TABLE], "xlsx", file)
    head, row = load_workbook(file).active.iter_rows()
    cells = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert (cells["text"].value, cells["text"].data_type) == ("=1+1|a\nb", "s")
    assert (cells["share"].value, cells["none"].value) == (0.5, None)
    assert cells["at"].value == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001, sheets know no zones
    assert is_date_format(cells["day"].number_format)


def test_a_text_too_long_for_a_cell_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a text has 40,000 characters"):
        write([pa.table({"text": ["a" * 40_000]})], "xlsx", tmp_path / "rows.xlsx")


@pytest.mark.parametrize(
    ("names", "own"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a_2", "a_3"]),
        (["a", "a", "a_2"], ["a", "a_3", "a_2"]),
    ],
)
def test_columns_of_equal_names_are_told_apart(names: list[str], own: list[str]) -> None:
    assert column_names(names) == own


def test_the_form_by_the_end_of_a_name() -> None:
    assert form_of(Path("a.b/ROWS.CSV")) == "csv"
    with pytest.raises(UsageError, match=r"\.parquet"):
        form_of(Path("rows"))
