"""How many worker processes a run has."""

from os import cpu_count

from newsmill.config import Settings


def worker_count(settings: Settings) -> int:
    """Worker processes to use: as set, or one per processor."""
    return settings.workers or cpu_count() or 1
