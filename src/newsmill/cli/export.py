"""The command that hands rows on: newsmill export."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsmill.cli.forms import FORMS, Form, form_of, opened, write
from newsmill.cli.options import DAY, example, lake_of, settings_options
from newsmill.errors import UsageError
from newsmill.plain import shown

if TYPE_CHECKING:
    import pyarrow as pa


@click.command(epilog=example("newsmill export quotes quotes.xlsx --date 2026-01-01"))
@click.argument("what", metavar="TABLE|ninjs")
@click.argument("to", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--date", "day", type=DAY, help="The logical date.  [default: all]")
@click.option("--output", type=click.Choice(FORMS), help="The form.  [default: by the end of FILE, else csv]")
@settings_options
def export(
    what: str, to: Path | None, day: datetime | None, output: Form | None, config: Path | None, lake: str | None
) -> None:
    """Write a table to a file, date by date, or the articles as ninjs 3.0 (JSON lines, valid by IPTC's schema)."""
    from newsmill.schemas.rows import TABLES

    table = "articles" if what == "ninjs" else what
    names = sorted(record.table for record in TABLES)
    if table not in names:
        likely = get_close_matches(table.lower(), [*names, "ninjs"], 1)
        raise UsageError(f"there is no table {table}; {f'is it {likely[0]}?' if likely else 'see newsmill tables'}")
    form: Form = "json" if what == "ninjs" else output or (form_of(to) if to else "csv")
    source = lake_of(config, lake)
    days: list[date] = [day.date()] if day else sorted(source.dates(table))
    tables = (source.read(table, on=one) for one in days)
    count = _write_ninjs(tables, to) if what == "ninjs" else write(tables, form, to)
    click.echo(f"{count:,} {table}", err=True)


def _write_ninjs(tables: Iterable["pa.Table"], to: Path | None) -> int:
    from newsmill.tasks.formats.ninjs_out import ninjs_of

    count = 0
    with opened(to) as file:
        for table in tables:
            for row in table.to_pylist():
                file.write(shown(json.dumps(ninjs_of(row), ensure_ascii=False)) + "\n")
                count += 1
    return count
