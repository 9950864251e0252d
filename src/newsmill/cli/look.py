"""The commands that look into a lake and change nothing: query, people, tables, open, runs, why, raw."""

import json
import re
import sys
import tempfile
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import click
from click.shell_completion import CompletionItem

from newsmill.cli.forms import FORMS, Form, form_of, write
from newsmill.cli.options import DAY, Output, example, lake_of, output_option, settings_options
from newsmill.cli.show import say, say_if_moved, show_rows, show_table
from newsmill.config import load_settings
from newsmill.errors import UsageError
from newsmill.queries import ready_queries

_RUNS = """
    SELECT logical_date AS date, run_id, article_count AS articles, duplicate_count AS duplicates,
           rejection_count AS rejections, quote_count AS quotes, finished_at, attempt_id
    FROM runs ORDER BY logical_date
"""


def _complete_name(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    return [CompletionItem(r.name, help=r.question) for r in ready_queries() if r.name.startswith(begun)]


@click.command(epilog=example('newsmill query "SELECT speaker_name, count(*) FROM quotes GROUP BY ALL"'))
@click.argument("sql", required=False, metavar="SQL|NAME", shell_complete=_complete_name)
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the SQL from a file.")
@click.option("--list", "listed", is_flag=True, help="List the queries that have a name.")
@click.option("--allow-files", is_flag=True, help="Let it read files of this machine, by read_csv and the like.")
@click.option(
    "--output",
    type=click.Choice(["table", *FORMS]),
    help="The form of the answer.  [default: table, or by the end of --to]",
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write the answer to.")
@settings_options
def query(
    sql: str | None,
    file: Path | None,
    listed: bool,
    allow_files: bool,
    output: Form | Literal["table"] | None,
    to: Path | None,
    config: Path | None,
    lake: str | None,
) -> None:
    """Ask the lake in SQL (DuckDB), or by the name of a ready query, such as most_quoted.

    Tables: articles, entities, quotes, duplicates, ledger, rejections, runs. It takes one SELECT, SHOW, DESCRIBE,
    SUMMARIZE or EXPLAIN, and reads nothing but the tables.
    """
    if listed:
        rows = [[ready.name, ready.question] for ready in ready_queries()]
        show_rows(["name", "answers"], rows, "json" if output == "json" else "text")
        return
    if (sql is None) == (file is None):
        raise click.UsageError("give the SQL, the name of a ready query, or --file; --list lists the names")
    form = form_of(to) if to and output in (None, "table") else None if output == "table" else output
    asked = file.read_text(encoding="utf-8") if file else _by_name(sql or "")
    from newsmill.lake.query import query as ask

    opened = lake_of(config, lake)
    say_if_moved(opened)
    answer = ask(opened, asked, allow_files=allow_files)
    if form is None:
        show_table(answer, "text")
    else:
        count = write([answer], form, to)
        if to:
            say(f"{count:,} rows in {to}", err=True)


def _by_name(sql: str) -> str:
    """The SQL of a ready query, or what was given where that is SQL. Raises UsageError for a name of none."""
    ready = {ready.name: ready.sql for ready in ready_queries()}
    if sql in ready or not re.fullmatch(r"\s*[\w-]+\s*", sql):
        return ready.get(sql, sql)
    likely = get_close_matches(sql.strip().lower(), [*ready], 1)
    mend = f"is it {likely[0]}?" if likely else "newsmill query --list lists them"
    raise UsageError(f"there is no ready query {sql.strip()}; {mend}")


@click.command(epilog=example("newsmill people Hill --outlet example.org"))
@click.argument("name", required=False)
@click.option("--outlet", help="Host of the outlet, or the name of its source.")
@click.option("--date", "day", type=DAY, help="The logical date.  [default: all]")
@settings_options
@output_option
def people(
    name: str | None, outlet: str | None, day: datetime | None, config: Path | None, lake: str | None, output: Output
) -> None:
    """List who was quoted, by outlet and day, with the names in the texts that were taken for that person.

    NAME is a name or a part of one, in any case and without accents.
    """
    from newsmill.api import OpenLake

    one = day.date() if day else None
    show_table(OpenLake(lake_of(config, lake)).people(name=name, outlet=outlet, since=one, until=one), output)


@click.command(epilog=example("newsmill tables --output json"))
@settings_options
@output_option
def tables(config: Path | None, lake: str | None, output: Output) -> None:
    """List the tables with their size and the Iceberg metadata that readers open."""
    opened = lake_of(config, lake)
    say_if_moved(opened)
    rows = [[info.name, info.rows, info.files, info.bytes, info.dates, info.metadata_uri] for info in opened.tables()]
    show_rows(["table", "rows", "files", "bytes", "dates", "metadata_uri"], rows, output)


@click.command("open", epilog=example("newsmill open"))
@click.option("--print", "is_printed", is_flag=True, help="Say where the page is, and open nothing.")
@settings_options
def open_page(is_printed: bool, config: Path | None, lake: str | None) -> None:
    """Open the page of the lake in a browser: dates and sources, who was quoted most, a search, every report."""
    from newsmill.overview import PAGE
    from newsmill.tasks.land.overview import refresh_overview

    opened = lake_of(config, lake)
    refresh_overview(opened)
    address = f"{opened.uri}/{PAGE}"
    if not address.startswith("file://"):
        folder = Path(tempfile.mkdtemp(prefix="newsmill-"))
        (folder / "index.html").write_bytes(opened.store.read(PAGE))
        address = (folder / "index.html").as_uri()
    say(address)
    if not is_printed:
        click.launch(address)


@click.command(epilog=example("newsmill runs"))
@settings_options
@output_option
def runs(config: Path | None, lake: str | None, output: Output) -> None:
    """List the published runs, one a date, the newest last."""
    from newsmill.lake.query import query as ask

    opened = lake_of(config, lake)
    show_table(ask(opened, _RUNS), output)


@click.command(epilog=example("newsmill why 5d1a8c34e1f0b297"))
@click.argument("identity", metavar="ARTICLE_ID|URL|INPUT_ID")
@click.option("--changes", is_flag=True, help="Show which sentences each revision added, removed, changed or moved.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write the revisions as a page.")
@settings_options
@output_option
def why(
    identity: str, page: Path | None, config: Path | None, lake: str | None, output: Output, *, changes: bool
) -> None:
    """Say what became of an article: its revisions and copies, what stands for it, or why it was rejected."""
    from newsmill.cli.why import page_of_revisions, story_of, told

    if page is not None:
        page.write_text(page_of_revisions(lake_of(config, lake), identity), encoding="utf-8")
        say(f"{page} shows the revisions of {identity}")
        return
    days = load_settings(config, lake=lake).dedupe.window_days
    story = story_of(lake_of(config, lake), identity, window_days=days)
    say(json.dumps(story) if output == "json" else "\n".join(told(story, changes=changes)))


@click.command(epilog=example("newsmill raw 1f0c9a4b7d3e2f60 > answer.txt"))
@click.argument("article_id")
@settings_options
def raw(article_id: str, config: Path | None, lake: str | None) -> None:
    """Show the archived answer that an article was made from, as it came: WARC header, HTTP header, body."""
    from newsmill.cli.origin import raw_record

    record = raw_record(lake_of(config, lake), article_id)
    if sys.stdout.isatty():
        say(record.decode("utf-8", "replace"))
    else:
        click.echo(record, nl=False)
