"""What ``newsmill serve`` keeps: the nightly run, polls, and the backfill on demand, run where it was started."""

from functools import partial
from pathlib import Path

from prefect import serve
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from newsmill.config import Settings
from newsmill.errors import ConfigError
from newsmill.flows.alerts import keep_automations
from newsmill.flows.backfill import backfill
from newsmill.flows.nightly import nightly
from newsmill.flows.poll import poll


def schedules(settings: Settings) -> tuple[Schedule, Schedule | None]:
    """When the nightly run and the polls start.

    Raises ConfigError for what is no cron, or a time zone that there is not.
    """
    nightly_cron, poll_cron, timezone = settings.schedule.cron, settings.schedule.poll, settings.schedule.timezone
    try:
        for cron in filter(None, (nightly_cron, poll_cron)):
            CronSchedule(cron=cron, timezone=timezone)
    except ValidationError as error:
        why = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise ConfigError(f"schedule: {why}") from error
    return Cron(nightly_cron, timezone=timezone), Cron(poll_cron, timezone=timezone) if poll_cron else None


def deployments(settings: Settings, config: Path | None) -> list[RunnerDeployment]:
    """The nightly run, the backfill, and polls if they are wanted.

    Runs read the settings file again, so that a change of it needs no restart.
    """
    nightly_schedule, poll_schedule = schedules(settings)
    parameters = {"config": str(config.resolve())} if config else {}
    deployed = partial(
        RunnerDeployment.from_flow,
        parameters=parameters,
        tags=["newsmill"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    found = [
        deployed(nightly, name="nightly", schedule=nightly_schedule, concurrency_limit=1),
        deployed(backfill, name="on-demand"),
    ]
    if poll_schedule:
        found.append(deployed(poll, name="poll", schedule=poll_schedule, concurrency_limit=1))
    return found


def serve_deployments(settings: Settings, config: Path | None) -> None:
    """Offer the deployments to the server and run what it schedules, until interrupted."""
    keep_automations(settings)
    serve(*deployments(settings, config), print_starting_message=False)
