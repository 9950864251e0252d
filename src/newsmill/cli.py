"""The command line: reads settings, calls flows and the lake, prints. The clock and the environment are read here."""

import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import uuid4

import click
from rich.console import Console
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
from rich.table import Table

from newsmill import __version__
from newsmill.config import RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import NewsmillError, UsageError
from newsmill.queries import ready_queries
from newsmill.schemas.warehouses import WAREHOUSES, Place
from newsmill.schemas.warehouses import ddl as statements_for
from newsmill.server import HEARTBEAT_SECONDS, configure_client, kept_server, prefect_api

if TYPE_CHECKING:
    import pyarrow as pa

    from newsmill.lake import Lake
    from newsmill.schemas.rows import Run

SEEDS = "seeds"

_SHOWN_EXAMPLES = 5
"""Of each kind of change, on a terminal."""

DAY = click.DateTime(formats=["%Y-%m-%d"])


class Example(click.Command):
    """A command whose help ends with an example."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = f"Example:  {example}"


def main() -> None:
    """The console script: errors that a user can mend are one line, and the exit code says of what kind they are."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except NewsmillError as error:
        click.echo(f"newsmill: {' '.join(str(error).split())}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except BrokenPipeError:
        # The reader has gone, as `| head` does; nothing more can be said to it, at the exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="newsmill")
def cli() -> None:
    """News articles in, validated Parquet with entities and attributed quotes out."""


def settings_options[F: Callable[..., Any]](function: F) -> F:
    """The options that every command has which needs the settings."""
    for option in (
        click.option("--config", type=click.Path(path_type=Path), help="Settings file.  [default: newsmill.toml]"),
        click.option("--lake", help="Folder or s3://bucket/prefix that holds the tables.  [default: lake]"),
    ):
        function = option(function)
    return function


output_option = click.option(
    "--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people or programs."
)

workers_option = click.option("--workers", type=click.IntRange(1, 256), help="Worker processes.  [default: one a CPU]")


@cli.command(cls=Example, example="newsmill run articles/*.html https://example.org/a.html --lake lake")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--date", "day", type=DAY, help="Logical date.  [default: today, UTC]")
@workers_option
@settings_options
@output_option
def run(
    sources: tuple[str, ...],
    day: datetime | None,
    workers: int | None,
    config: Path | None,
    lake: str | None,
    output: str,
) -> None:
    """Run the pipeline over files, folders, globs, archives or addresses, and publish what comes out.

    SOURCE defaults to the seeds/ folder.
    """
    settings = load_settings(config, lake=lake, workers=workers)
    request = RunRequest(
        logical_date=day.date() if day else datetime.now(UTC).date(),
        sources=tuple(_source(argument) for argument in sources or (SEEDS,)),
        settings=settings,
    )
    result = _ingest(request, output)
    _show_run(request, result, output)


@cli.command(cls=Example, example="newsmill nightly --date 2026-01-31")
@click.option("--date", "day", type=DAY, help="Logical date.  [default: yesterday, by schedule.timezone]")
@workers_option
@settings_options
@output_option
def nightly(day: datetime | None, workers: int | None, config: Path | None, lake: str | None, output: str) -> None:
    """Run the sources of newsmill.toml for the day that has passed."""
    settings = load_settings(config, lake=lake, workers=workers)
    with _prefect(output):
        flows = import_module("newsmill.flows.nightly")
        chosen = (
            day.date()
            if day
            else import_module("newsmill.flows.requests").day_before(datetime.now(UTC), settings.schedule.timezone)
        )
        result = flows.nightly(logical_date=chosen, settings=settings)
    request = RunRequest(logical_date=chosen, sources=settings.sources, settings=settings)
    _show_run(request, result, output)


@cli.command(cls=Example, example="newsmill backfill --from 2026-01-01 --to 2026-01-31")
@click.option("--from", "first", type=DAY, required=True, help="First logical date.")
@click.option("--to", "last", type=DAY, required=True, help="Last logical date, included.")
@click.option("--source", help="Only this source of newsmill.toml.")
@click.option("--force", is_flag=True, help="Run dates again that have landed.")
@click.option("--only-stale", is_flag=True, help="Run those again that landed with other code, model or inputs.")
@click.option(
    "--order", type=click.Choice(["oldest", "newest"]), default="oldest", show_default=True, help="Goes first."
)
@click.option("--parallel", type=click.IntRange(1, 32), default=1, show_default=True, help="Dates at once.")
@click.option("--dry-run", is_flag=True, help="Say what would be run, and why.")
@workers_option
@settings_options
@output_option
def backfill(
    first: datetime,
    last: datetime,
    source: str | None,
    force: bool,
    only_stale: bool,
    workers: int | None,
    config: Path | None,
    lake: str | None,
    output: str,
    **chosen: Any,
) -> None:
    """Run every date of a range that has not landed yet; a killed backfill goes on where it was."""
    if force and only_stale:
        raise click.UsageError("--force runs all dates, --only-stale some; give one of them")
    settings = load_settings(config, lake=lake, workers=workers)
    choice = "all" if force else "stale" if only_stale else "missing"
    with _prefect(output):
        flow = import_module("newsmill.flows.backfill").backfill
        results = flow(first.date(), last.date(), source=source, choice=choice, settings=settings, **chosen)
    rows = [[str(r.logical_date), r.outcome, r.detail] for r in results]
    _show_rows(["date", "outcome", "detail"], rows, output)
    code = max(result.exit_code for result in results)
    if code:
        sys.exit(code)


@cli.command(cls=Example, example="newsmill serve --port 4200")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the Prefect server.")
@settings_options
def serve(port: int, config: Path | None, lake: str | None) -> None:
    """Keep a Prefect server with the nightly schedule; or, with PREFECT_API_URL, serve the one that it names."""
    settings = load_settings(config, lake=lake)
    if lake:
        # Runs read the settings file and the environment for themselves.
        os.environ["NEWSMILL_LAKE"] = lake
    configure_client("INFO")
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", str(HEARTBEAT_SECONDS))
    configured = os.environ.get("PREFECT_API_URL")
    with nullcontext(configured) if configured else kept_server(port) as address:
        os.environ["PREFECT_API_URL"] = address
        click.echo(
            f"Prefect: {address.removesuffix('/api')}  nightly: {settings.schedule.cron} {settings.schedule.timezone}"
        )
        import_module("newsmill.flows.serving").serve_deployments(settings, config)


@cli.command(cls=Example, example='newsmill query "SELECT speaker_name, count(*) FROM quotes GROUP BY ALL"')
@click.argument("sql", required=False, metavar="SQL|NAME")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the SQL from a file.")
@click.option("--list", "listed", is_flag=True, help="List the queries that have a name.")
@settings_options
@output_option
def query(sql: str | None, file: Path | None, listed: bool, config: Path | None, lake: str | None, output: str) -> None:
    """Ask the lake in SQL (DuckDB), or by the name of a ready query, such as most_quoted.

    Tables: articles, entities, quotes, duplicates, ledger, rejections, runs.
    """
    if listed:
        _show_rows(["name", "answers"], [[ready.name, ready.question] for ready in ready_queries()], output)
        return
    if (sql is None) == (file is None):
        raise click.UsageError("give the SQL, the name of a ready query, or --file; --list lists the names")
    ready = {ready.name: ready.sql for ready in ready_queries()}
    asked = file.read_text(encoding="utf-8") if file else sql or ""
    table = import_module("newsmill.lake.query").query(_lake(config, lake), ready.get(asked, asked))
    _show_rows(table.column_names, _cells(table), output)


@cli.command(cls=Example, example="newsmill tables --output json")
@settings_options
@output_option
def tables(config: Path | None, lake: str | None, output: str) -> None:
    """List the tables with their size and the Iceberg metadata that readers open."""
    rows = [
        [info.name, info.rows, info.files, info.bytes, info.dates, info.metadata_uri]
        for info in _lake(config, lake).tables()
    ]
    _show_rows(["table", "rows", "files", "bytes", "dates", "metadata_uri"], rows, output)


@cli.command(cls=Example, example="newsmill ddl --for athena --lake s3://newsroom/lake")
@click.option("--for", "warehouse", type=click.Choice(sorted(WAREHOUSES)), required=True, help="Whose dialect.")
@settings_options
def ddl(warehouse: str, config: Path | None, lake: str | None) -> None:
    """Print the statements that make the lake's tables known to a warehouse; see docs/warehouses.md."""
    settings, opened = load_settings(config, lake=lake), _lake(config, lake)
    place = Place(opened.uri.removeprefix("file://"), settings.s3.endpoint, opened.dates("runs"))
    for statement in statements_for(warehouse, place):
        click.echo(f"{statement};\n")


@cli.command(cls=Example, example="newsmill runs")
@settings_options
@output_option
def runs(config: Path | None, lake: str | None, output: str) -> None:
    """List the published runs, one a date, the newest last."""
    table = import_module("newsmill.lake.query").query(
        _lake(config, lake),
        "SELECT logical_date AS date, run_id, article_count AS articles, duplicate_count AS duplicates, "
        "rejection_count AS rejections, quote_count AS quotes, finished_at, attempt_id FROM runs ORDER BY logical_date",
    )
    _show_rows(table.column_names, _cells(table), output)


@cli.command(cls=Example, example="newsmill why 5d1a8c34e1f0b297")
@click.argument("identity", metavar="ARTICLE_ID|URL|INPUT_ID")
@settings_options
@output_option
def why(identity: str, config: Path | None, lake: str | None, output: str) -> None:
    """Say what became of an article: its revisions and copies, what stands for it, or why it was rejected."""
    module = import_module("newsmill.why")
    explained = module.explain(_lake(config, lake), identity)
    click.echo(json.dumps(explained) if output == "json" else "\n".join(module.lines(explained)))


@cli.command(cls=Example, example="newsmill ledger rebuild")
@click.argument("action", type=click.Choice(["rebuild"]))
@settings_options
@output_option
def ledger(action: str, config: Path | None, lake: str | None, output: str) -> None:  # noqa: ARG001 - there is one
    """Make the fingerprints that duplicates are found by anew, from the published articles, and every quote_id."""
    opened, days = _lake(config, lake), load_settings(config, lake=lake).dedupe.window_days
    rows = [[str(day)] for day in import_module("newsmill.tasks.upkeep.ledger").rebuild(opened)]
    import_module("newsmill.tasks.land.quotes").recluster(opened, date.min, date.max, days)
    _show_rows(["date"], rows, output)


class ExampleGroup(click.Group):
    """A group of commands whose help ends with an example."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = f"Example:  {example}"


@cli.group(cls=ExampleGroup, example="newsmill sources add https://example.org/feed.xml")
def sources() -> None:
    """What is polled for new articles: add to it, look at it, try it out."""


KIND = click.Choice(["auto", "article", "feed", "page", "list"])


@sources.command("add", cls=Example, example="newsmill sources add https://example.org/ --kind page --name example")
@click.argument("url")
@click.option("--name", help="What its rows carry.  [default: the host]")
@click.option("--kind", type=KIND, default="feed", show_default=True, help="What stands there; feed: or a sitemap.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file.  [default: newsmill.toml]")
def sources_add(url: str, name: str | None, kind: str, config: Path | None) -> None:
    """Add a source to the settings file; one that was retired is polled again."""
    source = _source(url).model_copy(update={"kind": kind} | ({"name": name} if name else {}))
    added = import_module("newsmill.sources").add(config, [source])
    click.echo(f"{'added' if added else 'there already'}: {source.name} {source.uri}")


@sources.command("import", cls=Example, example="newsmill sources import subscriptions.opml")
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="Settings file.  [default: newsmill.toml]")
def sources_import(opml: Path, config: Path | None) -> None:
    """Add every feed of an OPML list, as feed readers export it."""
    added, there = import_module("newsmill.sources").import_opml(config, opml)
    click.echo(f"{added} added, {there} there already")


@sources.command("list", cls=Example, example="newsmill sources list --output json")
@settings_options
@output_option
def sources_list(config: Path | None, lake: str | None, output: str) -> None:
    """List the sources with what is remembered of them: the last poll, what keeps failing, what was retired."""
    settings = load_settings(config, lake=lake)
    rows = [
        [
            source.name,
            source.kind,
            source.uri,
            memory.succeeded_at,
            round(memory.interval.total_seconds() / 60) if memory.polled_at else None,
            len(memory.seen),
            memory.notice or "ok" if memory.polled_at else "not polled yet",
        ]
        for source, memory in import_module("newsmill.sources").known(settings)
    ]
    _show_rows(["name", "kind", "uri", "succeeded_at", "minutes", "items", "state"], rows, output)


@sources.command("poll", cls=Example, example="newsmill sources poll")
@settings_options
@output_option
def sources_poll(config: Path | None, lake: str | None, output: str) -> None:
    """Fetch what is new in the sources that are due into the archive of today, for the next nightly run to land."""
    settings = load_settings(config, lake=lake)
    configure_client()
    flows, requests = import_module("newsmill.flows.poll"), import_module("newsmill.flows.requests")
    collected = flows.poll_due(settings, requests.today(datetime.now(UTC), settings.schedule.timezone))
    names = sorted({*collected.fetched, *collected.failed})
    rows = [[name, collected.fetched.get(name, 0), collected.failed.get(name, 0)] for name in names]
    _show_rows(["source", "fetched", "failed"], rows, output)


@sources.command("test", cls=Example, example="newsmill sources test https://example.org/feed.xml")
@click.argument("url")
@settings_options
@output_option
def sources_test(url: str, config: Path | None, lake: str | None, output: str) -> None:
    """Fetch a feed, sitemap or home page and say what it lists; nothing of it is kept."""
    finding = import_module("newsmill.sources").examine(load_settings(config, lake=lake), url)
    listed = [(title, address) for title, address in finding.newest] + [("listing", more) for more in finding.more]
    if output == "json":
        click.echo(json.dumps(asdict(finding), ensure_ascii=False))
    else:
        click.echo(f"{finding.state}: {finding.kind or 'nothing'} {finding.title or ''} ({finding.items} items)")
        _show_rows(["title", "address"], [list(pair) for pair in listed], output)
    if finding.state != "ok":
        sys.exit(1)


@cli.command(cls=Example, example="newsmill raw 1f0c9a4b7d3e2f60 > answer.txt")
@click.argument("article_id")
@settings_options
def raw(article_id: str, config: Path | None, lake: str | None) -> None:
    """Show the archived answer that an article was made from, as it came: WARC header, HTTP header, body."""
    click.echo(import_module("newsmill.sources").raw_record(_lake(config, lake), article_id), nl=False)


@cli.command(cls=Example, example="newsmill remove --url https://example.org/story --yes")
@click.option("--url", help="A page, by its address.")
@click.option("--host", help="All pages of a host; www. makes no difference.")
@click.option("--article", help="An article, by its article_id, with the pages that it came from.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@settings_options
@output_option
def remove(
    url: str | None,
    host: str | None,
    article: str | None,
    yes: bool,
    config: Path | None,
    lake: str | None,
    output: str,
) -> None:
    """Remove a page, a host or an article from archive, tables and reports, and keep it from coming back."""
    given = {kind: value for kind, value in (("url", url), ("host", host), ("article", article)) if value}
    if len(given) != 1:
        raise click.UsageError("one of --url, --host and --article is needed")
    ((kind, value),) = given.items()
    settings = load_settings(config, lake=lake)
    if not yes:
        click.confirm(f"Remove {kind} {value} from {settings.lake} for good?", abort=True)
    removal = import_module("newsmill.tasks.upkeep.removal")
    done = removal.remove(
        _open_lake(settings),
        settings.spool(),
        removal.Removed(kind),
        value,
        datetime.now(UTC),
        window_days=settings.dedupe.window_days,
    )
    rows = [[table, count] for table, count in sorted(done.rows.items())]
    _show_rows(["removed from", "count"], [*rows, ["raw", done.captures], ["_reports", done.reports]], output)


@cli.command(cls=Example, example="newsmill diff --date 2026-01-31 --model en_core_web_lg")
@click.option("--date", "day", type=DAY, help="Logical date.")
@click.option("--from", "first", type=DAY, help="First of several logical dates.")
@click.option("--to", "last", type=DAY, help="Last of them, included.")
@click.option("--model", help="spaCy model, by the name of its package.  [default: as the settings say]")
@click.option("--promote", is_flag=True, help="Publish what the model makes of the dates.")
@workers_option
@settings_options
@output_option
def diff(
    day: datetime | None,
    first: datetime | None,
    last: datetime | None,
    model: str | None,
    promote: bool,
    workers: int | None,
    config: Path | None,
    lake: str | None,
    output: str,
) -> None:
    """Say what another model, or this version, would change in the entities, quotes and speakers of landed dates.

    Enriches the stored texts anew, leaves a report with examples in the lake, and publishes nothing but with --promote,
    which takes what a comparison within the last two days has made.
    """
    if day and not (first or last):
        first = last = day
    if first is None or last is None or (day and first is not day):
        raise click.UsageError("give --date, or --from and --to")
    settings = load_settings(config, lake=lake, model=model, workers=workers)
    reenrich = import_module("newsmill.tasks.upkeep.reenrich")
    for chosen in _landed(_open_lake(settings), first, last):
        with _progress(output):
            draft = reenrich.re_enrich(settings, chosen, datetime.now(UTC))
        content = reenrich.as_dict(draft)
        said = "nothing to promote" if draft.changes_nothing else "not promoted"
        if promote and not draft.changes_nothing:
            run = reenrich.promote(draft, f"{chosen}-{uuid4().hex[-12:]}", datetime.now(UTC))
            said = f"promoted as run {draft.run_id} (attempt {run.attempt_id})"
        _show_difference(content, draft.report_uri, said, output)


def _landed(lake: "Lake", first: datetime, last: datetime) -> list[date]:
    dates = [day for day in lake.dates("runs") if first.date() <= day <= last.date()]
    if not dates:
        raise UsageError(f"no date from {first.date()} to {last.date()} has landed in {lake.uri}")
    return dates


def _show_difference(content: dict[str, Any], report: str, said: str, output: str) -> None:
    if output == "json":
        click.echo(json.dumps(content | {"report": report, "outcome": said}, ensure_ascii=False))
        return
    console = _console()
    console.print(f"{content['date']}: {content['from']} -> {content['to']}")
    counts = ("same", "added", "gone", "changed")
    _show_rows(
        ["", *counts], [[name, *(found[n] for n in counts)] for name, found in content["subjects"].items()], output
    )
    for name, found in content["subjects"].items():
        rows = [[e["how"], e["what"], e["before"], e["after"], e["count"]] for e in _first_examples(found["examples"])]
        if rows:
            console.print(f"{name}:")
            _show_rows(["", "words", "before", "after", "times"], rows, output)
    for kept in content["kept"]:
        console.print(f"keeps what it had: {kept['article_id']}, {escape(kept['detail'])}")
    for line in content["stopped"]:
        console.print(f"may not be published: {escape(line)}")
    articles = f"{content['articles_changed']} of {content['articles']} articles change"
    console.print(f"{articles}; {said}. Report: {report}", soft_wrap=True)


def _first_examples(examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A few of each kind of change, as a terminal has room for."""
    return [e for _, found in groupby(examples, key=itemgetter("how")) for e in islice(found, _SHOWN_EXAMPLES)]


@cli.command(cls=Example, example="newsmill rollback --date 2026-01-31")
@click.option("--date", "day", type=DAY, required=True, help="Logical date.")
@settings_options
def rollback(day: datetime, config: Path | None, lake: str | None) -> None:
    """Make a date what it was before its last publish, in all tables at once; a second time undoes it.

    Articles of later dates that were suppressed as copies of an article that this takes away keep pointing at it, which
    newsmill verify then tells.
    """
    opened = _lake(config, lake)
    state = import_module("newsmill.lake.rollback").rollback(opened, day.date())
    (run,) = opened.read("runs", columns=["run_id", "attempt_id"], on=day.date()).to_pylist()
    click.echo(
        f"{day.date()} is again as run {run['run_id']} (attempt {run['attempt_id']}) published it, until"
        f" {state.superseded_at:%Y-%m-%d %H:%M} UTC"
    )


@cli.command(cls=Example, example="newsmill verify --date 2026-01-31")
@click.option("--date", "day", type=DAY, help="Only this logical date.  [default: all, and what killed runs left]")
@settings_options
@output_option
def verify(day: datetime | None, config: Path | None, lake: str | None, output: str) -> None:
    """Check published dates: files, checksums, counts, expectations, references. One line a problem; exit code 1."""
    opened = _lake(config, lake)
    if opened.head().tag is None:
        raise UsageError(f"there is no lake at {opened.uri} yet; a first run makes it")
    verification = import_module("newsmill.tasks.upkeep.verify")
    dates = [day.date()] if day else opened.dates("runs")
    problems = verification.verify_dates(opened, dates)
    found = 0
    for problem in problems if day else chain(problems, verification.leftovers(opened)):
        found += 1
        row = {"date": problem.logical_date, "table": problem.table, "problem": problem.detail}
        said = f"{problem.logical_date or '-'} {problem.table}: {problem.detail}"
        click.echo(json.dumps(row, default=str, ensure_ascii=False) if output == "json" else said)
    counted = f"{len(dates)} date" + ("" if len(dates) == 1 else "s")
    click.echo(f"verified {counted}: {found or 'no'} problem{'' if found == 1 else 's'}", err=True)
    if found:
        sys.exit(1)


@cli.command(cls=Example, example="newsmill collect --older-than 48")
@click.option(
    "--older-than", type=click.FloatRange(0), default=48.0, show_default=True, help="Age of orphans, in hours."
)
@settings_options
def collect(older_than: float, config: Path | None, lake: str | None) -> None:
    """Delete what killed runs left in the tables, and replaced states older than superseded_days.

    Safe while runs are at work; one whose files are taken writes them again.
    """
    settings = load_settings(config, lake=lake)
    opened, now = _lake(config, lake), datetime.now(UTC)
    reclaim = import_module("newsmill.lake.reclaim")
    # Staging that is younger may be a living run's: its stages take longer than some ages of orphans.
    kept = import_module("newsmill.tasks.run.attempt").STAGING_KEPT
    reclaim.sweep(opened, now, max(kept, timedelta(hours=older_than)))
    orphans = reclaim.collect(opened, now - timedelta(hours=older_than))
    expired = reclaim.expire(opened, now - timedelta(days=settings.superseded_days))
    for key in (*orphans, *expired):
        click.echo(key)
    click.echo(f"deleted {len(orphans)} orphans and {len(expired)} files of replaced states", err=True)


@cli.command(cls=Example, example="newsmill doctor --lake s3://newsroom/lake")
@settings_options
@output_option
def doctor(config: Path | None, lake: str | None, output: str) -> None:
    """Say what is missing or misconfigured, one line each, with the mend."""
    findings = import_module("newsmill.doctor").examine(load_settings(config, lake=lake))
    rows = [[finding.subject, "ok" if finding.ok else "problem", finding.detail] for finding in findings]
    _show_rows(["", "state", "detail"], rows, output)
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@cli.command(cls=Example, example="newsmill extract < pages.jsonl > articles.jsonl")
@click.option("--explain", "name", metavar="ID|FILE", help="Show each line of one document with its verdict and why.")
@workers_option
@settings_options
@output_option
def extract(name: str | None, workers: int | None, config: Path | None, lake: str | None, output: str) -> None:
    """Filter: {id, url?, html | html_b64 | text} lines to {id, title, authors, date, language, text} lines.

    With --explain, no filter: why each line of a file, or of the source of an article in the lake, was kept or cut.
    """
    settings = load_settings(config, lake=lake)
    latest = datetime.now(UTC) + timedelta(days=1)
    if name is not None:
        _explain(name, settings, latest, output)
        return
    filters = import_module("newsmill.filters")
    _pipe(
        filters.extract_lines(
            _stdin(),
            workers=_count(workers, settings),
            seconds=settings.page_seconds,
            memory_mb=settings.page_memory_mb,
            max_bytes=_max_bytes(settings),
            latest=latest,
        )
    )


def _explain(name: str, settings: Settings, latest: datetime, output: str) -> None:
    explaining = import_module("newsmill.explain")
    document = explaining.find_document(name, lambda: _open_lake(settings), max_bytes=_max_bytes(settings))
    explained = explaining.explain(
        document, seconds=settings.page_seconds, memory_mb=settings.page_memory_mb, latest=document.fetched_at or latest
    )
    if output == "json":
        click.echo(explaining.as_json(explained))
    else:
        explaining.show(_console(), explained)


def _max_bytes(settings: Settings) -> int:
    return int(settings.max_document_mb * 2**20)


@cli.command(cls=Example, example="newsmill enrich < articles.jsonl > enriched.jsonl")
@click.option("--explain", "name", metavar="ID|FILE", help="Show one article with its names, quotations and speakers.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="With --explain: write a page.")
@workers_option
@settings_options
def enrich(name: str | None, page: Path | None, workers: int | None, config: Path | None, lake: str | None) -> None:
    """Filter: {id, text} lines to {id, entities, quotes, indirect} lines.

    With --explain, no filter: the article of a file, or one of the lake, marked in colours or as an HTML page.
    """
    settings = load_settings(config, lake=lake)
    if name is not None:
        _explain_enrichment(name, page, settings)
        return
    if page is not None:
        raise click.UsageError("--html goes with --explain")
    filters = import_module("newsmill.filters")
    _pipe(
        filters.enrich_lines(
            _stdin(),
            workers=_count(workers, settings),
            seconds=settings.text_seconds,
            model=settings.model,
        )
    )


def _explain_enrichment(name: str, page: Path | None, settings: Settings) -> None:
    explaining = import_module("newsmill.explain_enrich")
    shown = explaining.explain(
        name,
        lambda: _open_lake(settings),
        model=settings.model,
        seconds=settings.page_seconds,
        memory_mb=settings.page_memory_mb,
        max_bytes=_max_bytes(settings),
        latest=datetime.now(UTC) + timedelta(days=1),
    )
    if page is None:
        explaining.show(_console(), shown)
    else:
        page.write_text(explaining.page(shown), encoding="utf-8")
        click.echo(f"wrote {page}")


@cli.command(cls=Example, example="newsmill dedupe < articles.jsonl > clusters.jsonl")
@workers_option
@settings_options
def dedupe(workers: int | None, config: Path | None, lake: str | None) -> None:  # noqa: ARG001 - as the other filters
    """Filter: {id, text, date?} lines to {id, cluster, duplicate_of, method, similarity, containment} lines."""
    rules = load_settings(config, lake=lake).dedupe
    _pipe(import_module("newsmill.filters").dedupe_lines(_stdin(), rules))


def _source(argument: str) -> SourceConfig:
    if not argument:
        raise click.UsageError("an empty text is no source; give a path or an address")
    source = import_module("newsmill.tasks.read.sources").source_of(argument)
    return SourceConfig(name=source.name, uri=source.uri)


def _count(workers: int | None, settings: Settings) -> int:
    return workers or settings.workers or os.cpu_count() or 1


def _lake(config: Path | None, lake: str | None) -> "Lake":
    return _open_lake(load_settings(config, lake=lake))


def _open_lake(settings: Settings) -> "Lake":
    from newsmill.lake import Lake  # noqa: PLC0415 - a second that the filters do not need

    return Lake.open(settings.lake, endpoint=settings.s3.endpoint, region=settings.s3.region)


def _ingest(request: RunRequest, output: str) -> "Run":
    with _prefect(output):
        result: Run = import_module("newsmill.flows.settle").ingest_and_settle(request)
        return result


@contextmanager
def _prefect(output: str) -> Iterator[None]:
    """A Prefect API, its client quiet, and progress shown on a terminal."""
    configure_client()
    with prefect_api(meanwhile=lambda: import_module("newsmill.flows.backfill")), _progress(output):
        yield


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
def _progress(output: str) -> Iterator[None]:
    """A bar on a terminal, nothing in a log."""
    console = Console(stderr=True)
    if output == "json" or not console.is_terminal:
        yield
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    source = logging.getLogger("newsmill.progress")
    with Progress(*columns, console=console, transient=True) as progress:
        handler = _ProgressBar(progress)
        source.addHandler(handler)
        source.setLevel(logging.INFO)
        try:
            yield
        finally:
            source.removeHandler(handler)


def _show_run(request: RunRequest, result: "Run", output: str) -> None:
    """The run in figures, three quotations of it, and how to ask for more."""
    seconds = (result.finished_at - result.started_at).total_seconds()
    figures = {
        "read": result.read_count,
        "articles": result.article_count,
        "duplicates": result.duplicate_count,
        "rejections": result.rejection_count,
        "entities": result.entity_count,
        "quotes": result.quote_count,
        "seconds": round(seconds, 1),
    }
    date_of_run, where = request.logical_date.isoformat(), request.settings.lake
    if output == "json":
        click.echo(json.dumps({"date": date_of_run, "lake": where, "attempt_id": result.attempt_id, **figures}))
        return
    console = _console()
    table = Table(title=f"newsmill run of {date_of_run}, landed in {where}", title_justify="left")
    for name in figures:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:,}" for value in figures.values()))
    console.print(table)
    settings = request.settings
    lake = _open_lake(settings)
    for row in import_module("newsmill.lake.query").query(lake, _EXAMPLES.format(date=date_of_run)).to_pylist():
        console.print(f"[bold]{escape(row['speaker_name'])}[/bold] ({escape(row['cue'])}): “{escape(row['text'])}”\n")
    if result.rejection_count:
        _print_rejections(console, lake, date_of_run)
    flag = f" --lake {where}" if where != "lake" else ""
    sql = "SELECT speaker_name, count(*) AS quotes FROM quotes GROUP BY ALL ORDER BY 2 DESC"
    console.print(f'Ask the lake:  {escape(_program())} query{escape(flag)} "{sql}"', soft_wrap=True)


def _program() -> str:
    """How the command is called from here."""
    return "newsmill" if shutil.which("newsmill") else os.path.relpath(sys.argv[0])


_EXAMPLES = """
    SELECT speaker_name, cue, text FROM (
        SELECT DISTINCT ON (speaker_name) speaker_name, cue, text, confidence FROM quotes
        WHERE logical_date = DATE '{date}' AND kind = 'direct' AND speaker_name IS NOT NULL AND cue IS NOT NULL
        ORDER BY speaker_name, confidence DESC, length(text) DESC, text
    ) ORDER BY confidence DESC, speaker_name LIMIT 3
"""


_REJECTED = """
    SELECT stage, reason, count(*) AS inputs, min(detail) AS detail FROM rejections
    WHERE logical_date = DATE '{date}' GROUP BY stage, reason ORDER BY inputs DESC, stage, reason
"""


def _print_rejections(console: Console, lake: "Lake", date_of_run: str) -> None:
    console.print("Rejected:")
    for row in import_module("newsmill.lake.query").query(lake, _REJECTED.format(date=date_of_run)).to_pylist():
        console.print(
            f"  {row['inputs']:,} x {row['reason']} at {row['stage']}: {escape(row['detail'])}", soft_wrap=True
        )


def _cells(table: "pa.Table") -> list[list[Any]]:
    return [list(row.values()) for row in table.to_pylist()]


def _show_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], output: str) -> None:
    if output == "json":
        for row in rows:
            click.echo(json.dumps(dict(zip(names, row, strict=True)), default=str, ensure_ascii=False))
        return
    console = _console()
    table = Table()
    for index, name in enumerate(names):
        number = all(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "[dim]null[/dim]"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else escape(str(value))


def _console() -> Console:
    """Wide where nobody looks, so that a log or a pipe gets whole lines."""
    console = Console()
    return console if console.is_terminal else Console(width=200)


def _stdin() -> BinaryIO:
    """Standard input as an object of its own: a thread may still be reading it when the interpreter shuts down."""
    return open(0, "rb", closefd=False)


def _pipe(answers: Iterable[dict[str, Any]]) -> None:
    """One JSON line an answer, at once, so that a reader downstream does not wait."""
    for answer in answers:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
