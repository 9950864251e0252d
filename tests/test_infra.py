"""The deployments work on a real server with a process worker, started from any folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.importtools import import_object

from newsmill.config import Settings
from newsmill.flows.serving import deployments
from newsmill.lake import Lake

ROOT = Path(__file__).parent.parent
PREFECT = str(Path(sys.executable).with_name("prefect"))
DEPLOYMENTS = yaml.safe_load((ROOT / "infra/prefect.yaml").read_text())["deployments"]
STORY = (
    "The council of Ashford voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n"
)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment["name"]))
def test_entrypoints_are_modules_that_import(deployment: dict[str, object]) -> None:
    flow = import_object(str(deployment["entrypoint"]))

    assert flow.name == deployment["name"]


def test_serving_follows_the_settings() -> None:
    settings = Settings.model_validate({"schedule": {"cron": "5 4 * * 1", "timezone": "Europe/Berlin"}})

    nightly, on_demand = deployments(settings, Path("x.toml"))

    schedule = next(iter(nightly.schedules or []))
    assert isinstance(schedule.schedule, CronSchedule)
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("5 4 * * 1", "Europe/Berlin")
    assert Path(on_demand.parameters["config"]).is_absolute()


@pytest.mark.xdist_group("prefect")
def test_a_backfill_is_deployed_and_run_by_a_worker(tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "inbox/2026-01-02").mkdir(parents=True)
    (tmp_path / "inbox/2026-01-02/story.txt").write_text(STORY)
    (tmp_path / "newsmill.toml").write_text(
        f'lake = "{tmp_path}/lake"\nworkers = 1\n[[sources]]\nname = "inbox"\nuri = "{tmp_path}/inbox/{{date}}/*.txt"\n'
    )
    environment = os.environ | {"PREFECT_API_URL": prefect_server}

    def prefect(*arguments: str) -> str:
        done = subprocess.run(
            [PREFECT, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    prefect("work-pool", "create", "newsmill", "--type", "process")
    prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(ROOT / "infra/prefect.yaml"))
    parameters = {"first": "2026-01-02", "last": "2026-01-02", "config": str(tmp_path / "newsmill.toml")}
    prefect("deployment", "run", "backfill/backfill", "--params", json.dumps(parameters))
    prefect("worker", "start", "--pool", "newsmill", "--run-once")

    lake = Lake.open(str(tmp_path / "lake"))
    assert [str(day) for day in lake.dates()] == ["2026-01-02"]
    assert lake.read("quotes", columns=["kind"]).to_pylist() == [{"kind": "direct"}, {"kind": "indirect"}]
