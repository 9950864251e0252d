"""The command that hands articles on: newsmill export."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsmill.cli.options import DAY, example, lake_of, settings_options
from newsmill.plain import shown

if TYPE_CHECKING:
    import pyarrow as pa


@click.command(epilog=example("newsmill export ninjs --date 2026-01-01 --to articles.jsonl"))
@click.argument("form", type=click.Choice(["ninjs", "csv", "parquet"]), metavar="ninjs|csv|parquet")
@click.option("--date", "day", type=DAY, help="The logical date.  [default: all]")
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="File to write.  [default: standard output]"
)
@settings_options
def export(form: str, day: datetime | None, to: Path | None, config: Path | None, lake: str | None) -> None:
    """Write the published articles as ninjs 3.0 (JSON lines, valid by IPTC's schema), CSV or one Parquet file."""
    from newsmill.schemas.rows import Article

    opened = lake_of(config, lake)
    if form == "parquet" and to is None:
        raise click.UsageError("Parquet is written to a file; name it: --to articles.parquet")
    days: list[date] = [day.date()] if day else sorted(opened.dates(Article.table))
    tables = (opened.read(Article.table, on=one) for one in days)
    if form == "parquet" and to is not None:
        count = _write_parquet(tables, to)
    else:
        count = 0
        with to.open("w", encoding="utf-8", newline="") if to else nullcontext(sys.stdout) as file:
            for table in tables:
                for line in _ninjs(table) if form == "ninjs" else _csv(table, is_first=count == 0):
                    file.write(shown(line) if file.isatty() else line)
                count += len(table)
    click.echo(f"{count:,} articles", err=True)


def _ninjs(table: "pa.Table") -> Iterator[str]:
    from newsmill.tasks.formats.ninjs_out import ninjs_of

    for row in table.to_pylist():
        yield shown(json.dumps(ninjs_of(row), ensure_ascii=False)) + "\n"


def _csv(table: "pa.Table", *, is_first: bool) -> Iterator[str]:
    """The rows as CSV, lists and objects as JSON in their cells; the names of the columns ahead of the first."""
    lines = StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    if is_first:
        rows.writerow(table.column_names)
    for row in table.to_pylist():
        rows.writerow([_cell(value) for value in row.values()])
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()


def _cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


def _write_parquet(tables: Iterable["pa.Table"], to: Path) -> int:
    import pyarrow.parquet as pq

    from newsmill.schemas.rows import Article, table_schema

    count = 0
    with pq.ParquetWriter(to, table_schema(Article), compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
            count += len(table)
    return count
