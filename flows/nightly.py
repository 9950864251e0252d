"""The run of the day before, over the sources of ``newsmill.toml``: what the schedule starts."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.runtime import flow_run

from newsmill.config import Settings, load_settings
from newsmill.errors import ConfigError
from newsmill.flows.backfill import request_for
from newsmill.flows.ingest import ingest
from newsmill.schemas.rows import Run


@flow(name="nightly", persist_result=False)
def nightly(logical_date: date | None = None, settings: Settings | None = None, config: Path | None = None) -> Run:
    """Run ``logical_date``, or the day before the one that the run was scheduled for in the schedule's time zone."""
    settings = settings or load_settings(config)
    if not settings.sources:
        raise ConfigError("no source is configured; add [[sources]] with a name and a uri to newsmill.toml")
    moment = flow_run.scheduled_start_time or datetime.now(UTC)
    chosen = logical_date or day_before(moment, settings.schedule.timezone)
    return ingest(request_for(settings, chosen, settings.sources))


def day_before(moment: datetime, timezone: str) -> date:
    """The last whole day at ``moment``, as the time zone counts days."""
    return moment.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)
