"""Past dates, one run each, several at once if asked for; resumable, since what has landed is left alone."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from prefect import flow

from newsmill import progress
from newsmill.boundary import Unforeseen, within
from newsmill.config import Settings, SourceConfig
from newsmill.errors import ConfigError, NewsmillError, UsageError
from newsmill.flows.ingest import ingest
from newsmill.flows.labels import label, sources_in_tags
from newsmill.flows.plan import Choice, Planned, plan_date
from newsmill.flows.requests import ask, dates_between, request_for, settings_asked
from newsmill.flows.settle import settle
from newsmill.schemas.rows import Run

logger = logging.getLogger(__name__)

type Outcome = Literal["landed", "skipped", "stopped", "would run", "would skip"]
type Order = Literal["oldest", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateResult:
    """How a backfill left one date. ``exit_code`` is what a run of that date alone would end with."""

    logical_date: date
    outcome: Outcome
    detail: str
    exit_code: int = 0


@flow(name="backfill", flow_run_name="backfill {first} to {last}", persist_result=False)
def backfill(
    first: date,
    last: date,
    source: str | None = None,
    choice: Choice = "missing",
    order: Order = "oldest",
    parallel: int = 1,
    dry_run: bool = False,
    config: Path | None = None,
    request_hash: str | None = None,
) -> list[DateResult]:
    """Run the chosen dates from ``first`` to ``last``, both included, over the configured sources or the one named.

    Web sources are read from the archive of the date: what a host says today is not what it said then. A date that
    fails or is stopped leaves its partition as it was and does not keep the others from running. Dates decide on
    duplicates by what earlier ones have published, so those that landed before one that matters to them are run again
    at the end: in whatever order and however many at once, they land what they would one after the other.
    """
    settings = settings_asked(config, request_hash)
    if last < first:
        raise UsageError(f"the range ends on {last}, before it starts on {first}")
    sources = (settings.source(source),) if source else settings.sources
    if not sources:
        raise ConfigError("no source is configured; add [[sources]] with a name and a uri to newsmill.toml")
    label("backfill", *sources_in_tags([named.name for named in sources]))
    dates = sorted(dates_between(first, last), reverse=order == "newest")
    planned, left = list[Planned](), list[DateResult]()
    for day in dates:
        try:
            planned.append(plan_date(settings, day, sources, choice=choice, examines=dry_run))
        except NewsmillError as error:
            left.append(_stopped(day, error))
    left += [_left_alone(plan, dry_run=dry_run) for plan in planned if dry_run or not plan.runs]
    chosen = [] if dry_run else [plan for plan in planned if plan.runs]
    ran = _run_all(settings, [plan.logical_date for plan in chosen], sources, parallel)
    whys = {plan.logical_date: plan.why for plan in chosen}
    for result in (*left, *ran):
        why = f" because {whys[result.logical_date]}" if result.logical_date in whys else ""
        logger.info("%s: %s%s (%s)", result.logical_date, result.outcome, why, result.detail)
    return sorted([*left, *ran], key=lambda result: dates.index(result.logical_date))


def _left_alone(plan: Planned, *, dry_run: bool) -> DateResult:
    outcome: Outcome = ("would run" if plan.runs else "would skip") if dry_run else "skipped"
    return DateResult(logical_date=plan.logical_date, outcome=outcome, detail=plan.why)


def _run_all(
    settings: Settings, dates: list[date], sources: tuple[SourceConfig, ...], parallel: int
) -> list[DateResult]:
    """The dates run in their order, ``parallel`` at a time, then settled."""
    start = time.monotonic()
    results: dict[date, DateResult] = {}
    _say(0, len(dates), 0.0)
    for result in _results(settings, dates, sources, parallel):
        results[result.logical_date] = result
        _say(len(results), len(dates), time.monotonic() - start)
    if landed := [result.logical_date for result in results.values() if result.outcome == "landed"]:
        again = settle(settings, min(landed), max(landed))
        results |= {day: _landed(day, run) for day, run in again.items() if day in results}
    return list(results.values())


def _results(
    settings: Settings, dates: list[date], sources: tuple[SourceConfig, ...], parallel: int
) -> Iterator[DateResult]:
    if parallel == 1:  # in this thread, which an interrupt reaches at once
        for day in dates:
            yield _run(settings, day, sources)
        return
    with ThreadPoolExecutor(parallel) as pool:
        # Each in a context of its own, in which Prefect finds the backfill that it belongs to.
        futures = [pool.submit(copy_context().run, _run, settings, day, sources) for day in dates]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _run(settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...]) -> DateResult:
    request = request_for(settings, logical_date, sources, offline=True, force=True)
    try:
        run = within(f"the run of {logical_date}", lambda: ask(ingest, request, logical_date))
    except NewsmillError as error:
        return _stopped(logical_date, error)
    if isinstance(run, Unforeseen):
        return DateResult(logical_date=logical_date, outcome="stopped", detail=run.detail, exit_code=1)
    return _landed(logical_date, run)


def _stopped(logical_date: date, error: NewsmillError) -> DateResult:
    return DateResult(logical_date=logical_date, outcome="stopped", detail=str(error), exit_code=error.exit_code)


def _landed(logical_date: date, run: Run) -> DateResult:
    detail = f"{run.article_count} articles, {run.duplicate_count} duplicates, {run.rejection_count} rejections"
    return DateResult(logical_date=logical_date, outcome="landed", detail=detail)


def _say(done: int, total: int, seconds: float) -> None:
    """How far the backfill is."""
    progress.begin("dates", f"of the backfill{remaining(done, total, seconds)}", total=total, done=done)


def remaining(done: int, total: int, seconds: float) -> str:
    """The time that is left at the pace so far, in words; nothing before the first date has shown a pace."""
    if not 0 < done < total:
        return ""
    minutes = seconds / done * (total - done) / 60
    return f", about {minutes:.0f} minutes left" if minutes >= 2 else f", about {minutes * 60:.0f} seconds left"
