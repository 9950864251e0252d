"""The forms in which rows leave newsmill: JSON lines, CSV, TSV, Markdown, Parquet, a spreadsheet."""

import csv
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from newsmill.errors import UsageError
from newsmill.plain import shown

if TYPE_CHECKING:
    import pyarrow as pa

type Form = Literal["json", "csv", "tsv", "markdown", "parquet", "xlsx"]

FORMS: tuple[Form, ...] = ("json", "csv", "tsv", "markdown", "parquet", "xlsx")
SUFFIXES: dict[str, Form] = {
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".md": "markdown",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}

_FILES_ONLY = ("parquet", "xlsx")
_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
"""What a sheet and a cell of it hold, by the specification of Excel."""


def form_of(file: Path) -> Form:
    """The form that a file's name asks for. Raises UsageError for one that asks for none."""
    form = SUFFIXES.get(file.suffix.lower())
    if form is None:
        raise UsageError(f"{file.name} tells no form by its end; the ends known are {', '.join(SUFFIXES)}")
    return form


def write(tables: Iterable["pa.Table"], form: Form, to: Path | None) -> int:
    """Write tables of one schema, one after the other, to a file or to standard output; the number of rows.

    Columns of equal names are told apart by a number. Raises UsageError for a form that needs a file where none is
    named, and for what a spreadsheet does not hold.
    """
    if to is None and form in _FILES_ONLY:
        raise UsageError(f"{form} is written to a file; name it: --to rows.{form}")
    if form == "parquet" and to is not None:
        return _write_parquet(tables, to)
    if form == "xlsx" and to is not None:
        return _write_sheet(tables, to)
    writers: dict[str, Callable[[Iterable[pa.Table], Writable], int]] = {
        "json": _write_json,
        "csv": lambda tables, file: _write_csv(tables, file, ","),
        "tsv": lambda tables, file: _write_csv(tables, file, "\t"),
        "markdown": _write_markdown,
    }
    with opened(to) as file:
        return writers[form](tables, file)


@contextmanager
def opened(to: Path | None) -> Iterator["Writable"]:
    """A file to write text to, or standard output; a terminal gets no command out of the text."""
    if to is None:
        yield _Screen() if sys.stdout.isatty() else sys.stdout
        return
    with to.open("w", encoding="utf-8", newline="") as file:
        yield file


class Writable(Protocol):
    """What text is written to."""

    def write(self, text: str, /) -> int:
        """Write a text."""


class _Screen:
    def write(self, text: str, /) -> int:
        return sys.stdout.write(shown(text))


def column_names(names: Sequence[str]) -> list[str]:
    """The names, each once: the second ``name`` is ``name_2``."""
    found: list[str] = []
    for name in names:
        number, own = 1, name
        while own in found or (number > 1 and own in names):
            number += 1
            own = f"{name}_{number}"
        found.append(own)
    return found


def rows_of(table: "pa.Table") -> Iterator[tuple[object, ...]]:
    """The rows of a table, column by column, whatever the columns are called."""
    for batch in table.to_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def plain_value(value: object) -> object:
    """A value as JSON knows it: times as ISO 8601 says, decimals as numbers, and what is no number null."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | int) else str(value)


def cell_value(value: object) -> str | int | float | None:
    """A value for one cell: lists and objects as JSON."""
    found = plain_value(value)
    if isinstance(found, list | dict):
        return json.dumps(found, ensure_ascii=False)
    return found if found is None or isinstance(found, str | int | float) else str(found)


def _write_json(tables: Iterable["pa.Table"], file: Writable) -> int:
    count = 0
    for table in tables:
        names = column_names(table.column_names)
        for row in rows_of(table):
            item = dict(zip(names, map(plain_value, row), strict=True))
            file.write(shown(json.dumps(item, ensure_ascii=False)) + "\n")
            count += 1
    return count


def _write_csv(tables: Iterable["pa.Table"], file: Writable, separator: str) -> int:
    lines = csv.writer(file, delimiter=separator, lineterminator="\n")
    count = -1
    for table in tables:
        if count < 0:
            lines.writerow(column_names(table.column_names))
            count = 0
        for row in rows_of(table):
            lines.writerow(map(cell_value, row))
            count += 1
    return max(count, 0)


def _write_markdown(tables: Iterable["pa.Table"], file: Writable) -> int:
    count = -1
    for table in tables:
        if count < 0:
            file.write(_markdown_row(column_names(table.column_names)))
            file.write(_markdown_row(["---"] * table.num_columns))
            count = 0
        for row in rows_of(table):
            file.write(_markdown_row(map(cell_value, row)))
            count += 1
    return max(count, 0)


def _markdown_row(cells: Iterable[object]) -> str:
    texts = ("" if cell is None else " ".join(str(cell).split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(texts)} |\n"


def _write_parquet(tables: Iterable["pa.Table"], to: Path) -> int:
    import pyarrow.parquet as pq

    count = 0
    writer: pq.ParquetWriter | None = None
    try:
        for table in tables:
            own = table.rename_columns(column_names(table.column_names))
            writer = writer or pq.ParquetWriter(to, own.schema, compression="zstd")
            writer.write_table(own)
            count += len(own)
    finally:
        if writer is not None:
            writer.close()
    return count


def _write_sheet(tables: Iterable["pa.Table"], to: Path) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    try:
        count = _fill_sheet(sheet, tables)
    finally:
        sheet.close()
    book.save(to)
    return count


def _fill_sheet(sheet: Any, tables: Iterable["pa.Table"]) -> int:
    count = -1
    for table in tables:
        names = column_names(table.column_names)
        if count < 0:
            sheet.append(names)
            count = 0
        for row in rows_of(table):
            count += 1
            if count >= _SHEET_ROWS:
                raise UsageError(
                    f"a sheet holds {_SHEET_ROWS:,} rows with its head, and there are more; write .parquet"
                )
            sheet.append([_sheet_cell(sheet, name, value) for name, value in zip(names, row, strict=True)])
    return max(count, 0)


def _sheet_cell(sheet: Any, name: str, value: object) -> object:
    """A cell of a sheet. Text stays text, even where it begins as a formula does; times are UTC."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    found = cell_value(value)
    if not isinstance(found, str):
        return found
    if len(found) > _CELL_CHARACTERS:
        raise UsageError(
            f"a {name} has {len(found):,} characters, and a cell of a sheet holds {_CELL_CHARACTERS:,}; leave the "
            "column out, or write .csv or .parquet"
        )
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", found))
    cell.data_type = "s"
    return cell
