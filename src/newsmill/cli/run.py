"""The commands that run the pipeline: run, nightly, backfill, serve.

What they run is imported in them, since Prefect reads its settings from the environment when it is imported.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsmill.cli.arguments import sources_of
from newsmill.cli.ends import saying_what_was_published, server_failure
from newsmill.cli.options import (
    DAY,
    Output,
    cluster_option,
    example,
    output_option,
    settings_options,
    workers_option,
)
from newsmill.cli.show import console, progress_bar, say, say_polled, show_rows
from newsmill.config import RunRequest, Settings, load_settings
from newsmill.errors import ServerLost
from newsmill.memory import loading, spare_pandas
from newsmill.server import HEARTBEAT_SECONDS, configure_client, kept_password, kept_server, password_file, prefect_api

if TYPE_CHECKING:
    from newsmill.flows.backfill import Order
    from newsmill.flows.plan import Choice
    from newsmill.lake import Lake
    from newsmill.schemas.rows import Run

SEEDS = "seeds"

_EXAMPLES = """
    SELECT speaker_name, cue, text FROM (
        SELECT DISTINCT ON (speaker_name) speaker_name, cue, text, confidence FROM quotes
        WHERE logical_date = DATE '{date}' AND kind = 'direct' AND speaker_name IS NOT NULL AND cue IS NOT NULL
        ORDER BY speaker_name, confidence DESC, length(text) DESC, text
    ) ORDER BY confidence DESC, speaker_name LIMIT 3
"""

_REJECTED = """
    SELECT stage, reason, count(*) AS inputs, min(input_id) AS example, min_by(detail, input_id) AS detail
    FROM rejections
    WHERE logical_date = DATE '{date}' GROUP BY stage, reason ORDER BY inputs DESC, stage, reason
"""


@click.command(epilog=example("newsmill run articles/*.html https://example.org/a.html --lake lake"))
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--date", "day", type=DAY, help="Logical date.  [default: today, UTC]")
@click.option("--force", is_flag=True, help="Publish again though nothing has changed.")
@workers_option
@cluster_option
@settings_options
@output_option
def run(
    sources: tuple[str, ...],
    day: datetime | None,
    force: bool,
    workers: int | None,
    cluster: str | None,
    config: Path | None,
    lake: str | None,
    output: Output,
) -> None:
    """Run the pipeline over files, folders, globs, archives or addresses, and publish what comes out.

    SOURCE defaults to the seeds/ folder.
    """
    with _prefect(output) as ready:
        settings = load_settings(config, lake=lake, workers=workers, cluster=cluster)
        request = RunRequest(
            logical_date=day.date() if day else datetime.now(UTC).date(),
            sources=sources_of(sources or (SEEDS,)),
            settings=settings,
            force=force,
        )
        if force or not _has_landed(request):
            _load_model(settings)
        with _told(settings, [request.logical_date], ready):
            from newsmill.flows.settle import ingest_and_settle

            before = _published(request)
            landed = ingest_and_settle(request)
    _show_run(request, landed, output, is_new=landed.attempt_id not in before)


@click.command(epilog=example("newsmill nightly --date 2026-01-31"))
@click.option("--date", "day", type=DAY, help="Logical date.  [default: yesterday, by schedule.timezone]")
@workers_option
@cluster_option
@settings_options
@output_option
def nightly(
    day: datetime | None,
    workers: int | None,
    cluster: str | None,
    config: Path | None,
    lake: str | None,
    output: Output,
) -> None:
    """Run the sources of newsmill.toml for the day that has passed."""
    dates = [day.date()] if day else []
    with _prefect(output) as ready:
        settings = load_settings(config, lake=lake, workers=workers, cluster=cluster)
        _load_model(settings)
        with _told(settings, dates, ready):
            from newsmill.flows import nightly as flows
            from newsmill.flows.requests import ask, day_before

            chosen = day.date() if day else day_before(datetime.now(UTC), settings.schedule.timezone)
            dates[:] = [chosen]
            request = RunRequest(logical_date=chosen, sources=settings.sources, settings=settings)
            before = _published(request)
            landed = ask(flows.nightly, settings, chosen, config=config)
    _show_run(request, landed, output, is_new=landed.attempt_id not in before)


@click.command(epilog=example("newsmill backfill --from 2026-01-01 --to 2026-01-31"))
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
@cluster_option
@settings_options
@output_option
def backfill(
    first: datetime,
    last: datetime,
    source: str | None,
    force: bool,
    only_stale: bool,
    order: "Order",
    parallel: int,
    dry_run: bool,
    workers: int | None,
    cluster: str | None,
    config: Path | None,
    lake: str | None,
    output: Output,
) -> None:
    """Run every date of a range that has not landed yet; a killed backfill goes on where it was."""
    if force and only_stale:
        raise click.UsageError("--force runs all dates, --only-stale some; give one of them")
    choice: Choice = "all" if force else "stale" if only_stale else "missing"
    dates = [first.date() + timedelta(days=number) for number in range((last - first).days + 1)]
    with _prefect(output) as ready:
        settings = load_settings(config, lake=lake, workers=workers, cluster=cluster)
        with _told(settings, dates, ready):
            from newsmill.flows import backfill as flows
            from newsmill.flows.requests import ask

            results = ask(
                flows.backfill,
                settings,
                first.date(),
                last.date(),
                source=source,
                choice=choice,
                order=order,
                parallel=parallel,
                dry_run=dry_run,
                config=config,
            )
    rows = [[str(result.logical_date), result.outcome, result.detail] for result in results]
    show_rows(["date", "outcome", "detail"], rows, output)
    code = max(result.exit_code for result in results)
    if code:
        sys.exit(code)


@click.command(epilog=example("newsmill serve --port 4200"))
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the Prefect server.")
@click.option(
    "--pages-port", type=click.IntRange(1, 65535), default=4201, show_default=True, help="Of the lake's pages."
)
@settings_options
def serve(port: int, pages_port: int, config: Path | None, lake: str | None) -> None:
    """Keep a Prefect server with the nightly schedule, and show the lake's pages.

    With PREFECT_API_URL, the schedule is kept at the server that it names.
    """
    settings = load_settings(config, lake=lake)
    if lake:
        # Runs read the settings file and the environment for themselves.
        os.environ["NEWSMILL_LAKE"] = lake
    configure_client("INFO")
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", str(HEARTBEAT_SECONDS))
    configured = os.environ.get("PREFECT_API_URL")
    with (
        nullcontext(configured) if configured else kept_server(port) as address,
        _lake_pages(settings, pages_port) as pages,
    ):
        if not configured and settings.pages_url is None:
            # Who sees that server's pages is on this machine, and so can follow a link to these.
            os.environ["NEWSMILL_PAGES_URL"] = pages
        say(f"Prefect: {address.removesuffix('/api')}  nightly: {settings.schedule.cron} {settings.schedule.timezone}")
        say(f"The lake: {pages}")
        say(f"{'Its pages ask' if configured else 'Both ask'} for a password: that in {password_file()}")
        from newsmill.flows.serving import serve_deployments

        serve_deployments(settings, config)


@contextmanager
def _lake_pages(settings: Settings, port: int) -> Iterator[str]:
    from newsmill.pages import served
    from newsmill.tasks.run.attempt import open_lake

    with served(open_lake(settings).store, kept_password(), port) as address:
        yield address


@contextmanager
def _prefect(output: Output) -> Iterator[Callable[[], str]]:
    """A Prefect API that is started, its client quiet, and progress shown; the function waits until it answers."""
    configure_client()
    with progress_bar(output), prefect_api() as ready:
        yield ready


def _has_landed(request: RunRequest) -> bool:
    """Whether a run of the date has been published and noted, so that the next may have nothing to do."""
    from newsmill.storage import open_store
    from newsmill.tasks.run.noted import has_note

    settings = request.settings
    return has_note(open_store(settings.lake, settings.s3.endpoint, settings.s3.region), request.logical_date)


def _published(request: RunRequest) -> frozenset[str]:
    """The execution that has published the date."""
    from newsmill.schemas.record import values
    from newsmill.tasks.run.attempt import open_lake

    rows = open_lake(request.settings).read("runs", columns=["attempt_id"], on=request.logical_date)
    return frozenset(values(rows, "attempt_id"))


def _load_model(settings: Settings) -> None:
    """Load what takes longest to load, if it is needed here; all that a run needs is imported meanwhile."""
    from newsmill.tasks.enrich.children import enrichers

    if settings.cluster is None:
        enrichers(settings).warm()


@contextmanager
def _told(settings: Settings, dates: Sequence[date], ready: Callable[[], object]) -> Iterator[None]:
    """Flows that can be run; of a block that is ended early, say which of the dates it has published."""

    def opened() -> "Lake":
        from newsmill.tasks.run.attempt import open_lake

        return open_lake(settings)

    with saying_what_was_published(opened, dates) as look:
        # Meanwhile the server starts, which takes as long as these imports.
        with loading():
            spare_pandas()
            from httpx import HTTPError

            import newsmill.flows.backfill  # noqa: F401

        look()
        ready()
        try:
            yield
        except HTTPError as error:
            say("", err=True)  # ends what Prefect's client may have said, which ends no line
            raise ServerLost(f"the Prefect server failed: {server_failure(error)}") from error


def _show_run(request: RunRequest, run: "Run", output: Output, *, is_new: bool = True) -> None:
    """The run in figures, three quotations of it, and how to ask for more; of one that is not new, that it is not."""
    from newsmill.lake.query import query
    from newsmill.tasks.land.unchanged import in_words
    from newsmill.tasks.run.attempt import open_lake

    seconds = (run.finished_at - run.started_at).total_seconds()
    figures = {
        "read": run.read_count,
        "articles": run.article_count,
        "duplicates": run.duplicate_count,
        "rejections": run.rejection_count,
        "entities": run.entity_count,
        "quotes": run.quote_count,
        "links": run.link_count or 0,
        "seconds": round(seconds, 1),
    }
    date_of_run, where = request.logical_date.isoformat(), request.settings.lake
    if output == "json":
        polled = {name: getattr(run, name) for name in ("asked_sources", "answered_sources", "notices")}
        told = {name: value for name, value in polled.items() if value is not None}
        names = {"date": date_of_run, "lake": where, "attempt_id": run.attempt_id, "is_new": is_new}
        say(json.dumps({**names, **figures, **told}))
        return
    shown, lake = console(), open_lake(request.settings)
    table = Table(title=f"newsmill run of {date_of_run}, landed in {escape(where)}", title_justify="left")
    for name in figures:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:,}" for value in figures.values()))
    shown.print(table)
    if not is_new:
        say_polled(run.answered_sources, run.asked_sources, run.notices or ())
        shown.print(escape(in_words(run)), soft_wrap=True)
        return
    for row in query(lake, _EXAMPLES.format(date=date_of_run)).to_pylist():
        shown.print(f"[bold]{escape(row['speaker_name'])}[/bold] ({escape(row['cue'])}): “{escape(row['text'])}”\n")
    if run.rejection_count:
        _print_rejections(shown, lake, date_of_run)
    say_polled(run.answered_sources, run.asked_sources, run.notices or ())
    flag = f" --lake {where}" if where != "lake" else ""
    sql = "SELECT speaker_name, count(*) AS quotes FROM quotes GROUP BY ALL ORDER BY 2 DESC"
    shown.print(f'Ask the lake:  {escape(_program())} query{escape(flag)} "{sql}"', soft_wrap=True)


def _print_rejections(shown: Console, lake: "Lake", date_of_run: str) -> None:
    from newsmill.lake.query import query

    shown.print("Rejected:")
    for row in query(lake, _REJECTED.format(date=date_of_run)).to_pylist():
        detail, named = escape(row["detail"]), escape(row["example"])
        shown.print(f"  {row['inputs']:,} x {row['reason']} at {row['stage']}: {detail} ({named})", soft_wrap=True)


def _program() -> str:
    """How the command is called from here."""
    return "newsmill" if shutil.which("newsmill") else os.path.relpath(sys.argv[0])
