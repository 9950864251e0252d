"""What a command or a schedule asks for: which date, and the run of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect import Flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, get_current_settings, temporary_settings

from newsmill.config import DEFAULT_FILE, RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, UsageError
from newsmill.server import is_private

_asked: dict[str, Settings | RunRequest] = {}
"""What the flows of this process are at work on, by its hash."""


def ask[R](flow: Flow[..., R], asked: Settings | RunRequest, *arguments: Any, **options: Any) -> R:
    """Run a flow, in this process, on settings or a request, of which it is given the hash alone.

    What a flow is given stands in Prefect's database and pages, and may have 512 kB. Neither logins belong there nor
    ten thousand sources; and whoever may start a flow need not be able to name the lake that it writes.
    """
    request_hash = asked.digest()
    _asked[request_hash] = asked
    try:
        with _heartbeats():
            result: R = flow(*arguments, request_hash=request_hash, **options)
        return result
    finally:
        _asked.pop(request_hash, None)


def _heartbeats() -> AbstractContextManager[object]:
    """None are sent to a private server, which ends with this process: each flow waits for theirs up to a second."""
    if not is_private() or get_current_settings().flows.heartbeat_frequency is None:
        return nullcontext()
    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def settings_asked(config: Path | None, request_hash: str | None) -> Settings:
    """The settings that a flow was asked to run with: those of this process, else the file's and the environment's.

    Raises ConfigError if these are not the ones that the hash was made of.
    """
    asked = _asked.get(request_hash or "")
    if isinstance(asked, Settings):
        return asked
    settings = load_settings(config)
    if request_hash not in {None, settings.digest()}:
        raise ConfigError(f"{config or DEFAULT_FILE} has other settings than the run was asked for; start it anew")
    return settings


def request_asked(logical_date: date, request_hash: str) -> RunRequest:
    """The request of that hash; raises UsageError if it is none of this process and this date."""
    asked = _asked.get(request_hash)
    if isinstance(asked, RunRequest) and asked.logical_date == logical_date:
        return asked
    raise UsageError(f"no run of {logical_date} was asked for with the hash {request_hash[:12]} here; start it anew")


def request_for(
    settings: Settings,
    logical_date: date,
    sources: tuple[SourceConfig, ...],
    *,
    offline: bool = False,
    force: bool = False,
) -> RunRequest:
    """The run of a date, with the date filled into the addresses of the sources."""
    dated = tuple(source.model_copy(update={"uri": source.on(logical_date)}) for source in sources)
    return RunRequest(logical_date=logical_date, sources=dated, settings=settings, offline=offline, force=force)


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
