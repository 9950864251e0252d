"""What commands print: tables for people, lines of JSON for programs, and a bar while they are at work."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from newsmill.cli.forms import cell_value, column_names, plain_value, rows_of
from newsmill.cli.options import Output
from newsmill.plain import shown
from newsmill.progress import Step, listening

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


_LINE_SECONDS = 30.0
"""Between two lines that say how far the work is where no bar can."""


class _Bars:
    """Draws how far each piece of work is."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._start: TaskID | None = shown.add_task("starting", total=None)
        self._bars: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        if self._start is not None:
            self._shown.remove_task(self._start)
            self._start = None
        if step.is_over:
            if (ended := self._bars.pop(step.work, None)) is not None:
                self._shown.remove_task(ended)
            return
        if step.work not in self._bars:
            self._bars[step.work] = self._shown.add_task(step.work)
        bar = self._bars[step.work]
        if step.name is None:
            self._shown.advance(bar, step.done)
        else:
            # With the counts of the step before, the next one would be taken for finished if it has as many.
            self._shown.reset(
                bar, total=step.total, completed=step.done, description=escape(f"{step.work}  {step.name}")
            )


class _Lines:
    """Says in a line, every so often, how far each piece of work is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[str, Step] = {}
        self._idle = Step(work="starting")
        self._start = time.monotonic()

    def __call__(self, step: Step) -> None:
        with self._lock:
            before = self._steps.get(step.work)
            self._idle = Step(work="finishing")
            if step.is_over:
                self._steps.pop(step.work, None)
            elif step.name is not None or before is None:
                self._steps[step.work] = step
            else:
                self._steps[step.work] = replace(before, done=before.done + step.done)

    def say_until(self, over: threading.Event) -> None:
        while not over.wait(_LINE_SECONDS):
            minutes, seconds = divmod(round(time.monotonic() - self._start), 60)
            with self._lock:
                steps = list(self._steps.values()) or [self._idle]
            for step in steps:
                say(f"newsmill: {minutes}:{seconds:02} min: {_how_far(step)}", err=True)


def _how_far(step: Step) -> str:
    said = f"{step.work}, {step.name}" if step.name else step.work
    if step.total is not None:
        return f"{said}: {step.done:,} of {step.total:,}"
    return f"{said}: {step.done:,}" if step.done else said


@contextmanager
def progress_bar(output: Output) -> Iterator[None]:
    """Bars on a terminal; a line every half minute in a log."""
    errors = Console(stderr=True)
    if output == "json" or not errors.is_terminal:
        lines, over = _Lines(), threading.Event()
        threading.Thread(target=lines.say_until, args=(over,), daemon=True).start()
        try:
            with listening(lines):
                yield
        finally:
            over.set()
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Count(), TimeElapsedColumn()
    with Progress(*columns, console=errors, transient=True) as shown_there, listening(_Bars(shown_there)):
        yield


class _Count(ProgressColumn):
    """How many are done, of how many if that is known."""

    def render(self, task: Task) -> Text:
        done = f"{task.completed:,.0f}"
        if task.total is not None:
            return Text(f"{done} of {task.total:,.0f}")
        return Text(done if task.completed else "")
