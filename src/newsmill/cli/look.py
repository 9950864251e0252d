"""The commands that look into a lake and change nothing: query, tables, runs, why, raw."""

import json
import sys
from pathlib import Path

import click

from newsmill.cli.options import Output, example, lake_of, output_option, settings_options
from newsmill.cli.show import say, say_if_moved, show_rows, show_table
from newsmill.queries import ready_queries

_RUNS = """
    SELECT logical_date AS date, run_id, article_count AS articles, duplicate_count AS duplicates,
           rejection_count AS rejections, quote_count AS quotes, finished_at, attempt_id
    FROM runs ORDER BY logical_date
"""


@click.command(epilog=example('newsmill query "SELECT speaker_name, count(*) FROM quotes GROUP BY ALL"'))
@click.argument("sql", required=False, metavar="SQL|NAME")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the SQL from a file.")
@click.option("--list", "listed", is_flag=True, help="List the queries that have a name.")
@click.option("--allow-files", is_flag=True, help="Let it read files of this machine, by read_csv and the like.")
@settings_options
@output_option
def query(
    sql: str | None,
    file: Path | None,
    listed: bool,
    allow_files: bool,
    config: Path | None,
    lake: str | None,
    output: Output,
) -> None:
    """Ask the lake in SQL (DuckDB), or by the name of a ready query, such as most_quoted.

    Tables: articles, entities, quotes, duplicates, ledger, rejections, runs. It takes one SELECT, SHOW, DESCRIBE,
    SUMMARIZE or EXPLAIN, and reads nothing but the tables.
    """
    if listed:
        show_rows(["name", "answers"], [[ready.name, ready.question] for ready in ready_queries()], output)
        return
    if (sql is None) == (file is None):
        raise click.UsageError("give the SQL, the name of a ready query, or --file; --list lists the names")
    ready = {ready.name: ready.sql for ready in ready_queries()}
    asked = file.read_text(encoding="utf-8") if file else sql or ""
    from newsmill.lake.query import query as ask

    opened = lake_of(config, lake)
    say_if_moved(opened)
    show_table(ask(opened, ready.get(asked, asked), allow_files=allow_files), output)


@click.command(epilog=example("newsmill tables --output json"))
@settings_options
@output_option
def tables(config: Path | None, lake: str | None, output: Output) -> None:
    """List the tables with their size and the Iceberg metadata that readers open."""
    opened = lake_of(config, lake)
    say_if_moved(opened)
    rows = [[info.name, info.rows, info.files, info.bytes, info.dates, info.metadata_uri] for info in opened.tables()]
    show_rows(["table", "rows", "files", "bytes", "dates", "metadata_uri"], rows, output)


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
@settings_options
@output_option
def why(identity: str, config: Path | None, lake: str | None, output: Output) -> None:
    """Say what became of an article: its revisions and copies, what stands for it, or why it was rejected."""
    from newsmill.cli.why import story_of, told

    story = story_of(lake_of(config, lake), identity)
    say(json.dumps(story) if output == "json" else "\n".join(told(story)))


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
