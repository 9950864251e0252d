"""Dates that others change: what has landed is decided by earlier dates, and again when those have been run."""

import logging
from datetime import date
from functools import partial

from newsmill.boundary import Unforeseen, within
from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import NewsmillError
from newsmill.flows.beside import refresh_beside
from newsmill.flows.ingest import ingest
from newsmill.flows.requests import ask
from newsmill.schemas.rows import Run
from newsmill.tasks.dedupe.ledger import stale
from newsmill.tasks.land.quotes import recluster
from newsmill.tasks.land.story_ids import retell
from newsmill.tasks.run.attempt import open_lake

logger = logging.getLogger(__name__)


def ingest_and_settle(request: RunRequest) -> Run:
    """Run a date, then the later ones that are decided otherwise for it."""
    run = ask(ingest, request, request.logical_date)
    settle(request.settings, request.logical_date, request.logical_date)
    return run


def settle(settings: Settings, first: date, last: date) -> dict[date, Run]:
    """Run the dates again that would be decided otherwise now that those from ``first`` to ``last`` have been run.

    Only if their sources still hold what they held: web sources are read from the archive of the date, which also knows
    which of them were listings. Rows that only have another ``quote_id`` or ``story_id`` now are published again as
    they are. Returns the runs by date.
    """
    lake, runs = open_lake(settings), dict[date, Run]()
    kinds = {source.name: source.kind for source in settings.sources}
    for day in stale(lake, first, last, settings.dedupe.window_days):
        (past,) = Run.from_arrow(lake.read(Run.table, on=day))
        sources = zip(past.source_names or past.sources, past.sources, strict=True)
        again = RunRequest(
            logical_date=day,
            sources=tuple(SourceConfig(name=name, uri=uri, kind=kinds.get(name, "auto")) for name, uri in sources),
            settings=settings,
            offline=True,
            force=True,
        )
        try:
            found = within(f"the run of {day}", partial(ask, ingest, again, day, input_hash=past.input_hash))
            if not isinstance(found, Unforeseen):
                runs[day] = found
        except NewsmillError as error:
            logger.warning("%s was decided before an earlier date was run, and is out of date: %s", day, error)
    try:
        behind = (lake, first, max([last, *runs]), settings.dedupe.window_days)
        if [*recluster(*behind), *retell(*behind)]:
            refresh_beside(settings, lake)
    except NewsmillError as error:
        logger.warning("quote_id and story_id may be out of date behind it; run: newsmill ledger rebuild (%s)", error)
    return runs
