"""The commands that look after a lake: ledger, remove, diff, rollback, verify, repair, rebind, collect, doctor."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click
from rich.markup import escape

from newsmill.cli.options import DAY, Output, example, lake_of, output_option, settings_options, workers_option
from newsmill.cli.show import console, progress_bar, say, say_if_moved, show_rows
from newsmill.config import load_settings
from newsmill.errors import UsageError

if TYPE_CHECKING:
    from newsmill.lake import Lake
    from newsmill.tasks.upkeep.reenrich import Draft

_SHOWN_EXAMPLES = 5
"""Of each kind of change, on a terminal."""


@click.command(epilog=example("newsmill ledger rebuild"))
@click.argument("action", type=click.Choice(["rebuild"]))
@settings_options
@output_option
def ledger(action: str, config: Path | None, lake: str | None, output: Output) -> None:  # noqa: ARG001 - there is one
    """Make the fingerprints of duplicates, every quote_id and every story_id anew from what is published."""
    from newsmill.flows.beside import refresh_beside
    from newsmill.tasks.land.quotes import recluster
    from newsmill.tasks.land.story_ids import retell
    from newsmill.tasks.upkeep.ledger import rebuild

    opened, settings = lake_of(config, lake), load_settings(config, lake=lake)
    rows = [[str(day)] for day in rebuild(opened)]
    recluster(opened, date.min, date.max, settings.dedupe.window_days)
    retell(opened, date.min, date.max, settings.dedupe.window_days)
    refresh_beside(settings, opened)
    show_rows(["date"], rows, output)


@click.command(epilog=example("newsmill remove --url https://example.org/story --yes"))
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
    output: Output,
) -> None:
    """Remove a page, a host or an article from archive, tables and reports, and keep it from coming back."""
    given = {kind: value for kind, value in (("url", url), ("host", host), ("article", article)) if value}
    if len(given) != 1:
        raise click.UsageError("one of --url, --host and --article is needed")
    ((kind, value),) = given.items()
    settings = load_settings(config, lake=lake)
    if not yes:
        click.confirm(f"Remove {kind} {value} from {settings.lake} for good?", abort=True)
    from newsmill.flows.beside import refresh_beside
    from newsmill.tasks.run.tombstones import Removed
    from newsmill.tasks.upkeep import removal

    opened, days = lake_of(config, lake, is_published=False), settings.dedupe.window_days
    done = removal.remove(opened, settings.spool(), Removed(kind), value, datetime.now(UTC), window_days=days)
    refresh_beside(settings, opened)
    rows = [[table, count] for table, count in sorted(done.rows.items())]
    show_rows(["removed from", "count"], [*rows, ["raw", done.captures], ["_reports", done.reports]], output)


@click.command(epilog=example("newsmill diff --date 2026-01-31 --model en_core_web_lg"))
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
    output: Output,
) -> None:
    """Say what another model, or this version, would change in the entities, quotes and speakers of landed dates.

    Enriches the stored texts anew, leaves a report with examples in the lake, and publishes nothing but with --promote,
    which takes what a comparison within the last two days has made.
    """
    if day and not (first or last):
        first = last = day
    if first is None or last is None or (day and first is not day):
        raise click.UsageError("give --date, or --from and --to")
    from newsmill.flows.beside import refresh_beside
    from newsmill.tasks.upkeep import reenrich

    settings = load_settings(config, lake=lake, model=model, workers=workers)
    for chosen in _landed(lake_of(config, lake), first.date(), last.date()):
        with progress_bar(output):
            draft = reenrich.re_enrich(settings, chosen, datetime.now(UTC))
        said = "nothing to promote" if draft.changes_nothing else "not promoted"
        if promote and not draft.changes_nothing:
            run = reenrich.promote(draft, f"{chosen}-{uuid4().hex[-12:]}", datetime.now(UTC))
            refresh_beside(settings, draft.attempt.lake)
            said = f"promoted as run {draft.run_id} (attempt {run.attempt_id})"
        _show_draft(draft, said, output)


def _landed(lake: "Lake", first: date, last: date) -> list[date]:
    dates = [day for day in lake.dates("runs") if first <= day <= last]
    if not dates:
        raise UsageError(f"no date from {first} to {last} has landed in {lake.uri}")
    return dates


def _show_draft(draft: "Draft", said: str, output: Output) -> None:
    """What a draft changes, a few examples of each kind of change, and what was made of it."""
    from newsmill.tasks.upkeep.compare import HOWS, SUBJECTS
    from newsmill.tasks.upkeep.reenrich import as_dict

    content, difference = as_dict(draft), draft.difference
    if output == "json":
        say(json.dumps(content | {"report": draft.report_uri, "outcome": said}, ensure_ascii=False))
        return
    shown = console()
    shown.print(f"{content['date']}: {content['from']} -> {content['to']}")
    counts = [[name, difference.same[name], *(difference.count(name, how) for how in HOWS)] for name in SUBJECTS]
    show_rows(["", "same", *HOWS], counts, output)
    for name in SUBJECTS:
        found = [example for how in HOWS for example in difference.examples(name, how, _SHOWN_EXAMPLES)]
        if found:
            shown.print(f"{name}:")
            rows = [[e.change.how, e.change.what, e.change.before, e.change.after, e.count] for e in found]
            show_rows(["", "words", "before", "after", "times"], rows, output)
    for kept in draft.kept:
        shown.print(f"keeps what it had: {kept.input_id}, {escape(kept.detail)}")
    for line in draft.failures:
        shown.print(f"may not be published: {escape(line)}")
    articles = f"{difference.articles_changed} of {difference.articles} articles change"
    shown.print(f"{articles}; {said}. Report: {draft.report_uri}", soft_wrap=True)


@click.command(epilog=example("newsmill rollback --date 2026-01-31"))
@click.option("--date", "day", type=DAY, required=True, help="Logical date.")
@settings_options
def rollback(day: datetime, config: Path | None, lake: str | None) -> None:
    """Make a date what it was before its last publish, in all tables at once; a second time undoes it.

    Articles of later dates that were suppressed as copies of an article that this takes away keep pointing at it, which
    newsmill verify then tells.
    """
    from newsmill.flows.beside import refresh_beside
    from newsmill.lake.rollback import rollback as roll_back

    opened = lake_of(config, lake)
    state = roll_back(opened, day.date())
    refresh_beside(load_settings(config, lake=lake), opened)
    (run,) = opened.read("runs", columns=["run_id", "attempt_id"], on=day.date()).to_pylist()
    say(
        f"{day.date()} is again as run {run['run_id']} (attempt {run['attempt_id']}) published it, until"
        f" {state.superseded_at:%Y-%m-%d %H:%M} UTC"
    )


@click.command(epilog=example("newsmill verify --date 2026-01-31"))
@click.option("--date", "day", type=DAY, help="Only this logical date.  [default: all, and what killed runs left]")
@settings_options
@output_option
def verify(day: datetime | None, config: Path | None, lake: str | None, output: Output) -> None:
    """Check published dates: files, checksums, counts, expectations, references. One line a problem; exit code 1.

    Also the archive of what was fetched, what is kept of replaced states, and the tables' Iceberg metadata.
    """
    opened = lake_of(config, lake)
    from newsmill.tasks.upkeep.verify import landed_dates, leftovers, verify_archive, verify_dates, verify_tables

    say_if_moved(opened)
    dates = [day.date()] if day else landed_dates(opened)
    problems = chain(verify_tables(opened), verify_dates(opened, dates), verify_archive(opened, day and day.date()))
    found = 0
    for problem in problems if day else chain(problems, leftovers(opened)):
        found += 1
        row = {"date": problem.logical_date, "table": problem.table, "problem": problem.detail}
        said = f"{problem.logical_date or '-'} {problem.table}: {problem.detail}"
        say(json.dumps(row, default=str, ensure_ascii=False) if output == "json" else said)
    counted = f"{len(dates)} date" + ("" if len(dates) == 1 else "s")
    say(f"verified {counted}: {found or 'no'} problem{'' if found == 1 else 's'}", err=True)
    if found:
        sys.exit(1)


@click.command(epilog=example("newsmill repair --dry-run"))
@click.option("--dry-run", is_flag=True, help="Say what is damaged, and change nothing.")
@settings_options
@output_option
def repair(dry_run: bool, config: Path | None, lake: str | None, output: Output) -> None:
    """Make damaged metadata of the tables anew from their files, in one swap; no file with rows is touched.

    A date whose files are not whole is left out, with a line that says why; exit code 1. Run it again then.
    """
    from newsmill.flows.beside import tell_catalog
    from newsmill.lake.repair import repair as mend

    opened = lake_of(config, lake)
    mends = mend(opened, dry=dry_run)
    if mends and not dry_run:
        tell_catalog(load_settings(config, lake=lake), opened)
    for found in mends:
        row = {"table": found.table, "detail": found.detail, "is_lost": found.is_lost}
        said = f"{found.table}: {found.detail}"
        say(json.dumps(row, ensure_ascii=False) if output == "json" else said)
    tables, lost = len({found.table for found in mends}), sum(found.is_lost for found in mends)
    counted = f"{tables or 'no'} table{'s' if tables > 1 else ''}"
    done = "would be" if dry_run else "were" if tables > 1 else "was"
    say(f"{counted} {done} made anew{f', without {lost} dates that are not whole' if lost else ''}", err=True)
    if lost:
        sys.exit(1)


@click.command(epilog=example("newsmill rebind --lake s3://newsroom/copy"))
@settings_options
def rebind(config: Path | None, lake: str | None) -> None:
    """Make the Iceberg metadata of a lake that was moved or copied name its new place, in one swap.

    newsmill itself reads a lake wherever it is, and its next run does the same.
    """
    from newsmill.flows.beside import tell_catalog
    from newsmill.lake.repair import rebind as bind

    opened = lake_of(config, lake)
    if place := bind(opened):
        tell_catalog(load_settings(config, lake=lake), opened)
    say(f"{opened.uri} named {place} and now names itself" if place else f"{opened.uri} names itself already")


@click.command(epilog=example("newsmill collect --older-than 48"))
@click.option(
    "--older-than", type=click.FloatRange(0), default=48.0, show_default=True, help="Age of orphans, in hours."
)
@settings_options
def collect(older_than: float, config: Path | None, lake: str | None) -> None:
    """Delete what killed runs left in the tables, and replaced states older than superseded_days.

    Safe while runs are at work; one whose files are taken writes them again.
    """
    from newsmill.lake import reclaim
    from newsmill.tasks.run.attempt import STAGING_KEPT

    settings = load_settings(config, lake=lake)
    opened, now = lake_of(config, lake, is_published=False), datetime.now(UTC)
    # Staging that is younger may be a living run's: its stages take longer than some ages of orphans.
    reclaim.sweep(opened, now, max(STAGING_KEPT, timedelta(hours=older_than)))
    orphans = reclaim.collect(opened, now - timedelta(hours=older_than))
    expired = reclaim.expire(opened, now - timedelta(days=settings.superseded_days))
    for key in (*orphans, *expired):
        say(key)
    say(f"deleted {len(orphans)} orphans and {len(expired)} files of replaced states", err=True)


@click.command(epilog=example("newsmill doctor --lake s3://newsroom/lake"))
@settings_options
@output_option
def doctor(config: Path | None, lake: str | None, output: Output) -> None:
    """Say what is missing or misconfigured, one line each, with the mend."""
    from newsmill.cli.doctor import examine

    findings = examine(load_settings(config, lake=lake))
    rows = [[finding.subject, "ok" if finding.ok else "problem", finding.detail] for finding in findings]
    show_rows(["", "state", "detail"], rows, output)
    if not all(finding.ok for finding in findings):
        sys.exit(1)
