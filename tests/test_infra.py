"""The deployments work on a real server with a process worker, started from any folder."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import hcl2
import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.importtools import import_object

from newsmill.config import Settings
from newsmill.errors import ConfigError
from newsmill.flows.serving import deployments, schedules
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
    polling = settings.model_copy(update={"schedule": settings.schedule.model_copy(update={"poll": "*/15 * * * *"})})
    *_, poll = deployments(polling, None)

    schedule = next(iter(nightly.schedules or []))
    assert isinstance(schedule.schedule, CronSchedule)
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("5 4 * * 1", "Europe/Berlin")
    assert Path(on_demand.parameters["config"]).is_absolute()
    every = next(iter(poll.schedules or [])).schedule
    assert isinstance(every, CronSchedule)
    assert (poll.flow_name, every.cron, every.timezone) == ("poll", "*/15 * * * *", "Europe/Berlin")


@pytest.mark.parametrize("wrong", [{"cron": "99 99 * *"}, {"poll": "99 99 * *"}, {"timezone": "Mars/Base"}])
def test_a_schedule_that_cannot_be_is_told_in_a_line(wrong: dict[str, str]) -> None:
    settings = Settings.model_validate({"schedule": wrong})

    with pytest.raises(ConfigError, match=rf"^schedule: Invalid \w+( string)?: \"{re.escape(*wrong.values())}\""):
        schedules(settings)


def tool(name: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A tool of the development environment, in the repository's root."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    path = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return subprocess.run(
        command, cwd=ROOT, env=path | environment, capture_output=True, text=True, timeout=100, check=False
    )


def test_the_dockerfile_is_clean_and_not_root() -> None:
    linted = tool("hadolint", "infra/Dockerfile")
    lines = (ROOT / "infra/Dockerfile").read_text().splitlines()

    assert (linted.returncode, linted.stdout) == (0, "")
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source


def test_compose_takes_its_file_and_keeps_ports_on_loopback() -> None:
    secrets = {"POSTGRES_PASSWORD": "one", "AWS_ACCESS_KEY_ID": "two", "AWS_SECRET_ACCESS_KEY": "three"}
    config = ("docker-compose", "--file", "infra/compose.yaml", "config", "--format", "json")

    services = json.loads(tool(*config, **secrets).stdout)["services"]

    assert set(services) == {"postgres", "prefect", "store", "bucket", "worker"}
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    worker = services["worker"]
    assert worker["read_only"]
    assert {"type": "volume", "source": "spool", "target": worker["environment"]["NEWSMILL_FETCH__SPOOL"]} in [
        {name: volume[name] for name in ("type", "source", "target")} for volume in worker["volumes"]
    ]
    for name in secrets:
        missing = tool(*config, **{key: value for key, value in secrets.items() if key != name})
        assert f"{name} is missing a value: set it in infra/.env" in missing.stderr
    named = {line.partition("=")[0] for line in (ROOT / "infra/env.example").read_text().splitlines()}
    assert secrets.keys() <= named


def test_kubernetes_takes_the_resources() -> None:
    checked = tool("kubernetes-validate", "--strict", "infra/k8s/nightly.yaml")
    resources = {found["kind"]: found for found in yaml.safe_load_all((ROOT / "infra/k8s/nightly.yaml").read_text())}
    pod = resources["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert set(resources) == {"ServiceAccount", "ConfigMap", "PersistentVolumeClaim", "CronJob"}
    assert resources["CronJob"]["spec"]["concurrencyPolicy"] == "Forbid"
    assert pod["securityContext"]["runAsUser"] == 10001
    (container,) = pod["containers"]
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert mounts["spool"] == environment["NEWSMILL_FETCH__SPOOL"]
    claim = volumes["spool"]["persistentVolumeClaim"]["claimName"]
    assert claim == resources["PersistentVolumeClaim"]["metadata"]["name"]
    settings = tomllib.loads(resources["ConfigMap"]["data"]["newsmill.toml"])
    assert Settings.model_validate(settings).schedule.late_days == 2


def test_terraform_closes_the_bucket_and_gives_no_more_than_is_needed() -> None:
    text = (ROOT / "infra/terraform/main.tf").read_text()
    hcl2.loads(text)
    actions = {action for found in re.findall(r"actions\s*=\s*\[([^\]]*)\]", text) for action in found.split(", ")}
    closed = re.findall(r"^  (block|ignore|restrict)_public_\w+\s+= true$", text, flags=re.MULTILINE)

    assert len(closed) == 4
    assert actions == {
        '"s3:*"',  # denied without TLS
        '"s3:ListBucket"',
        '"s3:ListBucketMultipartUploads"',
        '"s3:GetObject"',
        '"s3:PutObject"',
        '"s3:DeleteObject"',
        '"s3:AbortMultipartUpload"',
    }
    assert text.count('"s3:*"') == 1


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
