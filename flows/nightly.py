"""The run of the day before, over the sources of ``newsmill.toml``: what the schedule starts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from prefect import flow
from prefect.runtime import flow_run

from newsmill.boundary import within
from newsmill.config import Settings
from newsmill.errors import ConfigError, NewsmillError, ValidationStopped
from newsmill.flows.labels import label
from newsmill.flows.notify import notify, warnings_of
from newsmill.flows.plan import Cause, plan_date
from newsmill.flows.requests import day_before, request_for, settings_asked
from newsmill.flows.settle import ingest_and_settle
from newsmill.flows.zombies import clear_zombies
from newsmill.schemas.rows import Run
from newsmill.tasks.fetch.notices import answers

logger = logging.getLogger(__name__)


@flow(name="nightly", persist_result=False)
def nightly(logical_date: date | None = None, config: Path | None = None, request_hash: str | None = None) -> Run:
    """Run ``logical_date``, or the day before the one that the run was scheduled for in the schedule's time zone.

    First what died is found out, then the dates of the late window are run whose inputs have changed since they landed.
    What crashed, failed, was stopped or warned of is told to the webhook.
    """
    settings = settings_asked(config, request_hash)
    if not settings.sources:
        raise ConfigError("no source is configured; add [[sources]] with a name and a uri to newsmill.toml")
    for zombie, detail in clear_zombies(settings):
        notify(settings, zombie, "crashed", detail)
    moment = flow_run.scheduled_start_time or datetime.now(UTC)
    chosen = logical_date or day_before(moment, settings.schedule.timezone)
    label("nightly", f"date:{chosen}", name=f"nightly {chosen}")
    for late in late_dates(settings, chosen):
        try:
            within(f"the run of {late}", partial(_told, settings, late, offline=True))
        except NewsmillError as error:  # the webhook has been told; the night goes on
            logger.warning("%s was not run again for its late inputs: %s", late, error)
    return _told(settings, chosen)


def late_dates(settings: Settings, chosen: date) -> list[date]:
    """The dates before ``chosen``, within the window, that landed and have other inputs now; the oldest first."""
    window = [chosen - timedelta(days=days) for days in range(settings.schedule.late_days, 0, -1)]
    return [day for day in window if _has_late_inputs(settings, day)]


def _has_late_inputs(settings: Settings, logical_date: date) -> bool:
    try:
        with _telling(settings, logical_date):
            plan = plan_date(settings, logical_date, settings.sources, choice="stale", examines=True)
    except NewsmillError as error:  # the webhook has been told; the night goes on
        logger.warning("%s was not examined for late inputs: %s", logical_date, error)
        return False
    return plan.runs and Cause.INPUTS in plan.causes


@contextmanager
def _telling(settings: Settings, logical_date: date) -> Iterator[None]:
    """Tell the webhook of whatever ends the block."""
    try:
        yield
    except ValidationStopped as error:
        notify(settings, logical_date, "stopped", str(error))
        raise
    except Exception as error:
        notify(settings, logical_date, "failed", str(error) or type(error).__name__)
        raise


def _told(settings: Settings, logical_date: date, *, offline: bool = False) -> Run:
    with _telling(settings, logical_date):
        run = ingest_and_settle(request_for(settings, logical_date, settings.sources, offline=offline))
    if warned := warnings_of(run):
        told = [answers(run.answered_sources, run.asked_sources), *(run.notices or ())]
        said = "; ".join([f"published, but these rules warn: {', '.join(warned)}", *filter(None, told)])
        notify(settings, logical_date, "incomplete", said)
    return run
