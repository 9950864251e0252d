"""What a command or a schedule asks for: which date, and the run of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import ConfigError


def request_for(
    settings: Settings, logical_date: date, sources: tuple[SourceConfig, ...], *, offline: bool = False
) -> RunRequest:
    """The run of a date, with the date filled into the addresses of the sources."""
    dated = tuple(source.model_copy(update={"uri": source.on(logical_date)}) for source in sources)
    return RunRequest(logical_date=logical_date, sources=dated, settings=settings, offline=offline)


def dates_between(first: date, last: date) -> Iterator[date]:
    """Every day, both ends included."""
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def today(moment: datetime, timezone: str) -> date:
    """The day at ``moment``, as the time zone counts days; raises ConfigError for a zone that there is not."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"schedule: there is no time zone {timezone!r}; use a name such as Europe/Berlin") from error
    return moment.astimezone(zone).date()


def day_before(moment: datetime, timezone: str) -> date:
    """The last whole day at ``moment``, as the time zone counts days; raises ConfigError for one that there is not."""
    return today(moment, timezone) - timedelta(days=1)
