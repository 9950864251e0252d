"""What commands print: tables for people, lines of JSON for programs, and a bar while they are at work."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Table

from newsmill.cli.forms import cell_value, column_names, plain_value, rows_of
from newsmill.cli.options import Output
from newsmill.plain import shown

if TYPE_CHECKING:
    import pyarrow as pa

    from newsmill.lake import Lake


_LEAST_COLUMN = 9
"""Characters of a terminal's width that a column needs to be read."""


def say(text: str, *, err: bool = False) -> None:
    """A line, or several, of which nothing commands the terminal."""
    click.echo(shown(text), err=err)


def say_polled(answered: int | None, asked: int | None, notices: Sequence[str], *, err: bool = False) -> None:
    """How many sources answered, if any was asked, and what ought to be known of them."""
    from newsmill.tasks.fetch.notices import answers

    if said := answers(answered, asked):
        say(f"{said}{':' if notices else ''}", err=err)
    for notice in notices:
        say(f"  {notice}", err=err)


def say_if_moved(lake: "Lake") -> None:
    """Say of a lake that was moved or copied how other readers of Iceberg find it."""
    if place := lake.head().former_place(lake.uri):
        line = f"note: {lake.uri} was written as {place}, where other Iceberg readers still look; run: newsmill rebind"
        say(f"{line} --lake {lake.uri.removeprefix('file://')}", err=True)


def show_table(table: "pa.Table", output: Output) -> None:
    """The rows of a table."""
    show_rows(column_names(table.column_names), list(rows_of(table)), output)


def show_rows(names: Sequence[str], rows: Sequence[Sequence[object]], output: Output) -> None:
    """Rows under the names of their columns, or each as an object of JSON.

    On a terminal, rows that are too wide for it are shown as records, a line a column.
    """
    if output == "json":
        for row in rows:
            say(json.dumps(dict(zip(names, map(plain_value, row), strict=True)), ensure_ascii=False))
        return
    table = Table()
    for index, name in enumerate(names):
        number = all(isinstance(row[index], int | float | Decimal) for row in rows)
        table.add_column(escape(name), justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    screen = console()
    if screen.is_terminal and rows and len(names) * _LEAST_COLUMN > screen.width:
        _show_records(screen, names, rows)
    else:
        screen.print(table)


def _show_records(screen: Console, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    for number, row in enumerate(rows, 1):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            grid.add_row(escape(name), _cell(value))
        screen.rule(f"row {number:,}", align="left")
        screen.print(grid)


def _cell(value: object) -> str:
    value = cell_value(value)
    if value is None:
        return "[dim]null[/dim]"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else escape(str(value))


def console() -> Console:
    """Wide where nobody looks, so that a log or a pipe gets whole lines."""
    found = _Console()
    return found if found.is_terminal else _Console(width=200)


class _Console(Console):
    """Shows text as it is and its own colours, and no command to the terminal that stands in the text."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=shown(segment.text))


class _ProgressBar(logging.Handler):
    """Draws what the flows log of their progress."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._bars: dict[str, TaskID] = {"run": progress.add_task("starting", total=None)}

    def emit(self, record: logging.LogRecord) -> None:
        stage, done, total = (getattr(record, name, None) for name in ("stage", "done", "total"))
        bar = getattr(record, "bar", "run")
        if bar not in self._bars:
            self._bars[bar] = self._progress.add_task("")
        self._progress.update(self._bars[bar], description=str(stage), completed=done or 0, total=total)


@contextmanager
def progress_bar(output: Output) -> Iterator[None]:
    """A bar on a terminal, nothing in a log."""
    errors = Console(stderr=True)
    if output == "json" or not errors.is_terminal:
        yield
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    source = logging.getLogger("newsmill.progress")
    with Progress(*columns, console=errors, transient=True) as progress:
        handler = _ProgressBar(progress)
        source.addHandler(handler)
        source.setLevel(logging.INFO)
        try:
            yield
        finally:
            source.removeHandler(handler)
