"""Past dates, one run each, several at once if asked for; resumable, since what has landed is left alone."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from prefect import flow

from newsmill.config import RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, NewsmillError, UsageError
from newsmill.flows.ingest import ingest
from newsmill.flows.plan import Choice, Planned, plan_date
from newsmill.flows.turns import Turns

logger = logging.getLogger(__name__)
progress = logging.getLogger("newsmill.progress")

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
    fetch: bool = False,
    settings: Settings | None = None,
    config: Path | None = None,
) -> list[DateResult]:
    """Run the chosen dates from ``first`` to ``last``, both included, over the configured sources or the one named.

    A date that fails or is stopped leaves its partition as it was and does not keep the others from running. Sources
    that are addresses are left out unless ``fetch``: asked today, they do not give the pages of a past date. With the
    oldest first, dates that run in parallel land what they would one after the other; with the newest first, copies of
    articles of dates that land later are not seen.
    """
    settings = settings or load_settings(config)
    if last < first:
        raise UsageError(f"the range ends on {last}, before it starts on {first}")
    sources = sources_for(settings, source, fetch=fetch)
    dates = sorted(dates_between(first, last), reverse=order == "newest")
    planned = [plan_date(settings, day, sources, choice=choice, examines=dry_run) for day in dates]
    left = [_left_alone(plan, dry_run=dry_run) for plan in planned if dry_run or not plan.runs]
    chosen = [] if dry_run else [plan for plan in planned if plan.runs]
    ran = _run_all(settings, [plan.logical_date for plan in chosen], sources, order, parallel)
    whys = {plan.logical_date: plan.why for plan in chosen}
    for result in (*left, *ran):
        why = f" because {whys[result.logical_date]}" if result.logical_date in whys else ""
        logger.info("%s: %s%s (%s)", result.logical_date, result.outcome, why, result.detail)
    return sorted([*left, *ran], key=lambda result: dates.index(result.logical_date))


def sources_for(settings: Settings, source: str | None, *, fetch: bool) -> tuple[SourceConfig, ...]:
    """The sources of a backfill; raises ConfigError if none is left."""
    named = (settings.source(source),) if source else settings.sources
    if not named:
        raise ConfigError("no source is configured; add [[sources]] with a name and a uri to newsmill.toml")
    found = tuple(source for source in named if fetch or not source.uri.startswith(("http://", "https://")))
    if not found:
        names = ", ".join(source.name for source in named)
        raise ConfigError(f"{names}: an address gives today's pages, not those of a past date; --fetch asks it anyway")
    return found


def dates_between(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def request_for(settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...]) -> RunRequest:
    """The run of a date, with the date filled into the addresses of the sources."""
    dated = tuple(source.model_copy(update={"uri": source.on(logical_date)}) for source in sources)
    return RunRequest(logical_date=logical_date, sources=dated, settings=settings)


def _left_alone(plan: Planned, *, dry_run: bool) -> DateResult:
    outcome: Outcome = ("would run" if plan.runs else "would skip") if dry_run else "skipped"
    return DateResult(logical_date=plan.logical_date, outcome=outcome, detail=plan.why)


def _run_all(
    settings: Settings, dates: list[date], sources: tuple[SourceConfig, ...], order: Order, parallel: int
) -> list[DateResult]:
    """The dates run in their order, ``parallel`` at a time."""
    turns = Turns(dates if order == "oldest" else ())
    start = time.monotonic()
    results: list[DateResult] = []
    _say(0, len(dates), 0.0)
    for result in _results(settings, dates, sources, turns, parallel):
        results.append(result)
        _say(len(results), len(dates), time.monotonic() - start)
    return results


def _results(
    settings: Settings, dates: list[date], sources: tuple[SourceConfig, ...], turns: Turns, parallel: int
) -> Iterator[DateResult]:
    if parallel == 1:  # in this thread, which an interrupt reaches at once
        for day in dates:
            yield _run(settings, day, sources, turns)
        return
    with ThreadPoolExecutor(parallel) as pool:
        # Each in a context of its own, in which Prefect finds the backfill that it belongs to.
        futures = [pool.submit(copy_context().run, _run, settings, day, sources, turns) for day in dates]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _run(settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...], turns: Turns) -> DateResult:
    with turns.of(logical_date):
        try:
            run = ingest(request_for(settings, logical_date, sources))
        except NewsmillError as error:
            return DateResult(
                logical_date=logical_date, outcome="stopped", detail=str(error), exit_code=error.exit_code
            )
    detail = f"{run.article_count} articles, {run.duplicate_count} duplicates, {run.rejection_count} rejections"
    return DateResult(logical_date=logical_date, outcome="landed", detail=detail)


def _say(done: int, total: int, seconds: float) -> None:
    """How far the backfill is."""
    said = f"{done} of {total} dates{remaining(done, total, seconds)}"
    progress.info("%s", said, extra={"bar": "dates", "stage": said, "done": done, "total": total})


def remaining(done: int, total: int, seconds: float) -> str:
    """The time that is left at the pace so far, in words; nothing before the first date has shown a pace."""
    if not 0 < done < total:
        return ""
    minutes = seconds / done * (total - done) / 60
    return f", about {minutes:.0f} minutes left" if minutes >= 2 else f", about {minutes * 60:.0f} seconds left"
