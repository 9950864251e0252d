"""Past dates, one run each, resumable: what has landed is left alone unless it is forced."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from prefect import flow

from newsmill.config import RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, NewsmillError, UsageError
from newsmill.flows.ingest import ingest
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Run
from newsmill.tasks.attempt import open_lake
from newsmill.tasks.ledger import is_settled

logger = logging.getLogger(__name__)

type Outcome = Literal["landed", "skipped", "stopped"]


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
    force: bool = False,
    settings: Settings | None = None,
    config: Path | None = None,
) -> list[DateResult]:
    """Run every date from ``first`` to ``last``, both included, over the configured sources or the one named.

    Web sources are read from the archive of the date: what a host says today is not what it said then.

    A date that fails or is stopped leaves its partition as it was and does not keep the others from running.
    """
    settings = settings or load_settings(config)
    if last < first:
        raise UsageError(f"the range ends on {last}, before it starts on {first}")
    sources = (settings.source(source),) if source else settings.sources
    if not sources:
        raise ConfigError("no source is configured; add [[sources]] with a name and a uri to newsmill.toml")
    results = []
    for logical_date in dates_between(first, last):
        result = _skip(settings, logical_date, source, force=force) or _run(settings, logical_date, sources)
        logger.info("%s: %s (%s)", logical_date, result.outcome, result.detail)
        results.append(result)
    return results


def dates_between(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def request_for(
    settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...], *, offline: bool = False
) -> RunRequest:
    """The run of a date, with the date filled into the addresses of the sources."""
    dated = tuple(source.model_copy(update={"uri": source.on(logical_date)}) for source in sources)
    return RunRequest(logical_date=logical_date, sources=dated, settings=settings, offline=offline)


def _skip(settings: Settings, logical_date: date, source: str | None, *, force: bool) -> DateResult | None:
    """The result for a date that is not to be run."""
    lake = open_lake(settings)
    runs = values(lake.read(Run.table, columns=["run_id"], on=logical_date), "run_id")
    others = set(values(lake.read(Article.table, columns=["source"], on=logical_date), "source")) - {source}
    if source and others:
        detail = f"holds {', '.join(sorted(others))} too, which a run of {source} alone would drop; leave out --source"
    elif runs and not force and is_settled(lake, logical_date, settings.dedupe.window_days):
        detail = f"landed already as run {runs[0]}; --force runs it again"
    else:
        return None
    return DateResult(logical_date=logical_date, outcome="skipped", detail=detail)


def _run(settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...]) -> DateResult:
    try:
        run = ingest(request_for(settings, logical_date, sources, offline=True))
    except NewsmillError as error:
        return DateResult(logical_date=logical_date, outcome="stopped", detail=str(error), exit_code=error.exit_code)
    detail = f"{run.article_count} articles, {run.duplicate_count} duplicates, {run.rejection_count} rejections"
    return DateResult(logical_date=logical_date, outcome="landed", detail=detail)
