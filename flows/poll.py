"""Poll the sources between two nights: what drops off a fast feed within the day is in the archive by then."""

import logging
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from prefect import flow

from newsmill.config import Settings, load_settings
from newsmill.errors import RunInProgress
from newsmill.flows.labels import label
from newsmill.flows.requests import request_for, today
from newsmill.tasks.fetch.crawl import crawl
from newsmill.tasks.fetch.poll import Polled
from newsmill.tasks.run.attempt import begin

logger = logging.getLogger(__name__)


@flow(name="poll", persist_result=False)
def poll(config: Path | None = None) -> None:
    """Poll what is due, unless a run of today is at it."""
    settings = load_settings(config)
    day = today(datetime.now(UTC), settings.schedule.timezone)
    label("poll", f"date:{day}", name=f"poll {day}")
    try:
        poll_due(settings, day)
    except RunInProgress as running:
        logger.info("%s", running)


def poll_due(settings: Settings, logical_date: date) -> Polled:
    """Collect into a date's archive what is new in the sources on the web from which something new can be expected.

    No rows are made; the run of the date makes them. Raises RunInProgress if one is at work.
    """
    request = request_for(settings, logical_date, settings.sources)
    with begin(request, uuid4().hex, datetime.now(UTC)) as attempt:
        on_the_web = [source for source in attempt.sources if source.is_fetched]
        return crawl(settings, attempt.lake.store, logical_date, on_the_web, is_due=True)
