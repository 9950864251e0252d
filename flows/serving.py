"""What ``newsmill serve`` keeps: the nightly schedule and the backfill on demand, run where it was started."""

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


def nightly_schedule(settings: Settings) -> Schedule:
    """When the nightly run starts. Raises ConfigError for what is no cron, or a time zone that there is not."""
    try:
        # This looks at the zone too, which Cron does not.
        CronSchedule(cron=settings.schedule.cron, timezone=settings.schedule.timezone)
    except ValidationError as error:
        why = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise ConfigError(f"schedule: {why}") from error
    return Cron(settings.schedule.cron, timezone=settings.schedule.timezone)


def deployments(settings: Settings, config: Path | None) -> tuple[RunnerDeployment, RunnerDeployment]:
    """The two deployments; runs read the settings file again, so that a change of it needs no restart."""
    parameters = {"config": str(config.resolve())} if config else {}
    scheduled = RunnerDeployment.from_flow(
        nightly,
        name="nightly",
        schedule=nightly_schedule(settings),
        parameters=parameters,
        tags=["newsmill"],
        concurrency_limit=1,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    demanded = RunnerDeployment.from_flow(
        backfill,
        name="on-demand",
        parameters=parameters,
        tags=["newsmill"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return scheduled, demanded


def serve_deployments(settings: Settings, config: Path | None) -> None:
    """Offer the deployments to the server and run what it schedules, until interrupted."""
    keep_automations(settings)
    serve(*deployments(settings, config), print_starting_message=False)
