"""What stands beside the published state and follows from it: the page of the lake, metrics, the mirror in a catalog.

Brought up to date behind each publish, by whoever published. None of it can stop or undo a publish: what fails is
logged, handed back as a notice, and made good by the next publish.
"""

import logging

from newsmill.config import Settings
from newsmill.errors import NewsmillError, StorageError
from newsmill.lake import Lake
from newsmill.tasks.land.metrics import write_metrics
from newsmill.tasks.land.overview import refresh_overview

logger = logging.getLogger(__name__)


def refresh_beside(settings: Settings, lake: Lake) -> tuple[str, ...]:
    """Bring everything to the published state; returns a line for each that a person must know is behind."""
    refresh_overview(lake)
    try:
        write_metrics(lake)
    except StorageError as error:
        logger.warning("the metrics were not written: %s", error)
    return tell_catalog(settings, lake)


def tell_catalog(settings: Settings, lake: Lake) -> tuple[str, ...]:
    """Show what is published in the catalog of the settings, if there is one; a line if that fails."""
    if settings.catalog is None:
        return ()
    from newsmill.lake.catalog import mirror  # noqa: PLC0415 - only who has a catalog pays for its client

    try:
        mirror(lake, settings.catalog)
    except NewsmillError as error:
        logger.warning("%s", error)
        return (str(error),)
    return ()
