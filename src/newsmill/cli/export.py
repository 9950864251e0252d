"""The command that hands rows on: newsmill export."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsmill.cli.forms import FORMS, Form, form_of, opened, write
from newsmill.cli.options import DAY, example, lake_of, settings_options
from newsmill.errors import UsageError
from newsmill.plain import shown

if TYPE_CHECKING:
    import pyarrow as pa

    from newsmill.lake import Lake

type Lines = Callable[["Lake", date], Iterator[str]]


@click.command(epilog=example("newsmill export quotes quotes.xlsx --date 2026-01-01"))
@click.argument("what", metavar="TABLE|ninjs|gkg")
@click.argument("to", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--date", "day", type=DAY, help="The logical date.  [default: all]")
@click.option("--from", "first", type=DAY, help="First of several logical dates.")
@click.option("--to", "last", type=DAY, help="Last of them, included.")
@click.option("--output", type=click.Choice(FORMS), help="The form.  [default: by the end of FILE, else csv]")
@settings_options
def export(
    what: str,
    to: Path | None,
    day: datetime | None,
    first: datetime | None,
    last: datetime | None,
    output: Form | None,
    config: Path | None,
    lake: str | None,
) -> None:
    """Write a table to a file, date by date, or the articles for other systems.

    ninjs is ninjs 3.0 (JSON lines, valid by IPTC's schema), gkg the columns of GDELT's Global Knowledge Graph 2.1.
    """
    from newsmill.schemas.rows import TABLES

    if day and (first or last):
        raise click.UsageError("give --date, or --from and --to")
    names = sorted(record.table for record in TABLES)
    if what not in {*names, *_LINES}:
        likely = get_close_matches(what.lower(), [*names, *_LINES], 1)
        raise UsageError(f"there is no table {what}; {f'is it {likely[0]}?' if likely else 'see newsmill tables'}")
    table = "articles" if what in _LINES else what
    source = lake_of(config, lake)
    days = [day.date()] if day else _landed(source, table, first, last)
    if lines := _LINES.get(what):
        count = _write_lines((line for one in days for line in lines(source, one)), to)
    else:
        form: Form = output or (form_of(to) if to else "csv")
        count = write((source.read(table, on=one) for one in days), form, to)
    click.echo(f"{count:,} {table}", err=True)


def _landed(lake: "Lake", table: str, first: datetime | None, last: datetime | None) -> list[date]:
    """The dates that have rows, from the first to the last; one that has none, so that there is a head, if none has."""
    since, until = (first.date() if first else date.min), (last.date() if last else date.max)
    return [day for day in sorted(lake.dates(table)) if since <= day <= until] or [date.min]


def _ninjs(lake: "Lake", day: date) -> Iterator[str]:
    from newsmill.tasks.formats.ninjs_out import ninjs_of

    for row in lake.read("articles", on=day).to_pylist():
        yield json.dumps(ninjs_of(row), ensure_ascii=False)


def _gkg(lake: "Lake", day: date) -> Iterator[str]:
    from newsmill.tasks.formats.gkg_out import gkg_of

    parts = [_by_article(lake.read(table, on=day), index) for table, index in _PARTS]
    for number, article in enumerate(lake.read("articles", on=day).to_pylist()):
        yield gkg_of(number, article, *(part.get(article["article_id"], ()) for part in parts))


_PARTS = (("entities", "mention_index"), ("quotes", "quote_index"), ("links", "link_index"))
_LINES: dict[str, Lines] = {"ninjs": _ninjs, "gkg": _gkg}
"""What is written line by line, an article a line."""


def _by_article(rows: "pa.Table", index: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each article, in order of its text."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.sort_by(index).to_pylist():
        found.setdefault(row["article_id"], []).append(row)
    return found


def _write_lines(lines: Iterable[str], to: Path | None) -> int:
    count = 0
    with opened(to) as file:
        for line in lines:
            file.write(shown(line) + "\n")
            count += 1
    return count
