"""The deployments work on a real server with a process worker, started from any folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import boto3
import hcl2
import prefect.settings
import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.importtools import import_object
from pydantic import BaseModel

from newsmill import __version__
from newsmill.config import Settings, load_settings
from newsmill.errors import ConfigError
from newsmill.flows.serving import deployments, schedules
from newsmill.lake import Lake
from tests.conftest import S3Server

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


def compose(*options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """compose.yaml as Docker Compose understands it."""
    file = ("--file", "infra/compose.yaml", "--env-file", "/dev/null", *options)  # not the developer's own secrets
    return tool("docker-compose", *file, "config", "--format", "json", **environment)


SECRETS = {
    "POSTGRES_PASSWORD": "one",
    "AWS_ACCESS_KEY_ID": "two",
    "AWS_SECRET_ACCESS_KEY": "three",
    "SERVER_PASSWORD": "four",
}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of compose.yaml."""
    found: dict[str, Any] = json.loads(compose(**SECRETS).stdout)["services"]
    return found


def test_compose_keeps_ports_on_loopback_and_builds_its_image_once(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "prefect", "store", "bucket", "worker"}
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    assert [name for name, service in services.items() if "build" in service] == ["prefect"]
    unbuilt = [service for service in services.values() if service["image"] == "newsmill" and "build" not in service]
    assert [service["pull_policy"] for service in unbuilt] == ["never", "never"]


def test_compose_has_a_cluster_for_those_who_ask_for_one() -> None:
    asked = {"NEWSMILL_CLUSTER": "tcp://dask-scheduler:8786"}
    found = json.loads(compose("--profile", "cluster", **SECRETS, **asked).stdout)["services"]
    scheduler, worker = found["dask-scheduler"], found["dask-worker"]

    assert Settings(cluster=found["worker"]["environment"]["NEWSMILL_CLUSTER"]).cluster == worker["entrypoint"][2]
    assert "ports" not in scheduler
    assert "ports" not in worker
    assert {scheduler["image"], worker["image"]} == {"newsmill"}
    assert not [name for name in worker["environment"] if not name.startswith("AWS_")]
    assert (
        Settings(
            cluster=json.loads(compose(**SECRETS).stdout)["services"]["worker"]["environment"]["NEWSMILL_CLUSTER"]
        ).cluster
        is None
    )


def test_compose_mounts_what_is_in_the_tree_and_valid_settings_whose_sources_are_mounted(
    services: dict[str, Any],
) -> None:
    worker = services["worker"]
    binds = {
        volume["target"]: Path(volume["source"])
        for service in services.values()
        for volume in service.get("volumes", ())
        if volume["type"] == "bind"
    }
    volumes = {volume["target"] for volume in worker["volumes"] if volume["type"] == "volume"}
    home = Path("/home/newsmill")

    assert [str(source) for source in binds.values() if not source.exists()] == []
    assert worker["read_only"]
    assert worker["environment"]["NEWSMILL_FETCH__SPOOL"] in volumes
    settings = load_settings(binds[str(home / "newsmill.toml")])
    assert settings.sources
    folders = [home / source.uri.partition("/{date}")[0] for source in settings.sources if "://" not in source.uri]
    assert [str(folder) for folder in folders if str(folder) not in binds] == []


def test_compose_gets_its_secrets_from_a_file_that_git_ignores(tmp_path: Path) -> None:
    script = shutil.copy(ROOT / "infra/env.sh", tmp_path)
    written = []
    for _ in range(2):
        subprocess.run(["sh", script], cwd="/", check=True, capture_output=True, timeout=20)
        written.append((tmp_path / ".env").read_text())

    assert written[0] == written[1]
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    secrets = dict(line.split("=") for line in written[0].splitlines())
    assert secrets.keys() == SECRETS.keys()
    assert len({value for value in secrets.values() if re.fullmatch("[0-9a-f]{32}", value)}) == len(SECRETS)
    assert compose(**secrets).returncode == 0
    for name in SECRETS:
        missing = compose(**{key: value for key, value in SECRETS.items() if key != name})
        assert f"{name} is missing a value: set it in infra/.env" in missing.stderr
    assert "/infra/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_prefect_of_compose_knows_the_password_that_its_worker_gives(services: dict[str, Any]) -> None:
    server, worker = services["prefect"]["environment"], services["worker"]["environment"]

    assert server["PREFECT_SERVER_API_AUTH_STRING"] == worker["PREFECT_API_AUTH_STRING"] == "newsmill:four"
    assert server["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"


def test_the_bucket_of_compose_is_made_once(services: dict[str, Any], s3_server: S3Server) -> None:
    script = services["bucket"]["command"][0].replace('"newsmill"', '"fresh"')
    environment = os.environ | {"AWS_ENDPOINT_URL": s3_server.endpoint, "AWS_REGION": "us-east-1"}

    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=90)

    client = boto3.client("s3", endpoint_url=s3_server.endpoint, region_name="us-east-1")
    assert "fresh" in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]


@pytest.mark.parametrize(
    "name", ["README.md", "compose.yaml", "prefect.yaml", "k8s/nightly.yaml", "k8s/cluster.yaml", "Dockerfile"]
)
def test_variables_are_settings_of_newsmill_and_prefect(name: str) -> None:
    text = (ROOT / "infra" / name).read_text()
    ours = {found.removeprefix("NEWSMILL_").lower() for found in re.findall(r"\bNEWSMILL_[A-Z0-9_]*[A-Z]", text)}
    theirs = set(re.findall(r"\bPREFECT_[A-Z0-9_]*[A-Z]", text))

    for path in ours:
        model: type[BaseModel] = Settings
        for part in path.split("__"):
            assert part in model.model_fields, f"NEWSMILL_{path.upper()}"
            below = model.model_fields[part].annotation
            model = below if isinstance(below, type) and issubclass(below, BaseModel) else BaseModel
    assert {variable for variable in theirs if not hasattr(prefect.settings, variable)} == set()


def test_commands_name_files_and_deployments_that_exist() -> None:
    text = "".join(path.read_text() for path in (ROOT / "infra").rglob("*") if path.is_file() and path.name != ".env")
    paths = {found for found in re.findall(r"\binfra/[\w./-]*\w", text) if not found.startswith("infra/inbox/")}
    paths.remove("infra/.env")

    assert {"infra/compose.yaml", "infra/prefect.yaml", "infra/terraform"} <= paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    named = set(re.findall(r"prefect deployment run (\S+)", text))
    assert named
    assert named <= {f"{import_object(str(found['entrypoint'])).name}/{found['name']}" for found in DEPLOYMENTS}


def test_kubernetes_takes_the_resources() -> None:
    checked = tool("kubernetes-validate", "--strict", "infra/k8s/nightly.yaml")
    found = list(yaml.safe_load_all((ROOT / "infra/k8s/nightly.yaml").read_text()))
    resources = {(resource["kind"], resource["metadata"]["name"]): resource for resource in found}
    job = resources["CronJob", "newsmill-nightly"]["spec"]
    pod = job["jobTemplate"]["spec"]["template"]["spec"]

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(resources) == len(found)
    assert job["concurrencyPolicy"] == "Forbid"
    assert pod["securityContext"]["runAsUser"] == 10001
    (container,) = pod["containers"]
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert mounts.keys() == volumes.keys()
    assert mounts["spool"] == environment["NEWSMILL_FETCH__SPOOL"]
    needed = {("ServiceAccount", pod["serviceAccountName"])}
    needed |= {("ConfigMap", volume["configMap"]["name"]) for volume in pod["volumes"] if "configMap" in volume}
    claims = [volume["persistentVolumeClaim"] for volume in pod["volumes"] if "persistentVolumeClaim" in volume]
    needed |= {("PersistentVolumeClaim", claim["claimName"]) for claim in claims}
    assert resources.keys() == needed | {("CronJob", "newsmill-nightly")}
    assert all(source["secretRef"]["optional"] for source in container["envFrom"])
    assert container["image"] == f"newsmill:{__version__}"
    settings = Settings.model_validate(tomllib.loads(resources["ConfigMap", "newsmill"]["data"]["newsmill.toml"]))
    assert settings.schedule.late_days == 2
    assert [source.uri for source in settings.sources if not source.uri.startswith(f"{mounts['inbox']}/")] == []


def test_kubernetes_takes_the_cluster_and_keeps_others_from_it() -> None:
    checked = tool("kubernetes-validate", "--strict", "infra/k8s/cluster.yaml")
    nightly, found = (
        {
            (resource["kind"], resource["metadata"]["name"]): resource["spec"]
            for resource in resources
            if "spec" in resource
        }
        for resources in (
            yaml.safe_load_all((ROOT / f"infra/k8s/{name}.yaml").read_text()) for name in ("nightly", "cluster")
        )
    )
    pods = [spec["template"] for (kind, _), spec in found.items() if kind == "Deployment"]
    run = nightly["CronJob", "newsmill-nightly"]["jobTemplate"]["spec"]["template"]
    (container,) = run["spec"]["containers"]
    policy = found["NetworkPolicy", "newsmill"]
    allowed = policy["podSelector"]["matchLabels"]

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert policy["ingress"] == [{"from": [{"podSelector": {"matchLabels": allowed}}]}]
    for pod in (run, *pods):
        assert allowed.items() <= pod["metadata"]["labels"].items()
        assert pod["spec"]["securityContext"] == run["spec"]["securityContext"]
        (own,) = pod["spec"]["containers"]
        assert own["image"] == container["image"]
        assert own["securityContext"] == container["securityContext"]
    (port,) = found["Service", "newsmill-scheduler"]["ports"]
    worker = found["Deployment", "newsmill-worker"]["template"]["spec"]["containers"][0]
    assert worker["command"][2] == f"tcp://newsmill-scheduler:{port['port']}"
    assert worker["envFrom"] == container["envFrom"]
    assert f'cluster = "{worker["command"][2]}"' in (ROOT / "infra/k8s/nightly.yaml").read_text()
    assert (
        found["Service", "newsmill-scheduler"]["selector"]["part"]
        in found["Deployment", "newsmill-scheduler"]["template"]["metadata"]["labels"].values()
    )


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
def test_a_backfill_is_deployed_and_run_by_a_worker_in_its_own_folder(tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "inbox/2026-01-02").mkdir(parents=True)
    (tmp_path / "inbox/2026-01-02/story.txt").write_text(STORY)
    (tmp_path / "newsmill.toml").write_text(
        'lake = "lake"\nworkers = 1\n[[sources]]\nname = "inbox"\nuri = "inbox/{date}/*.txt"\n'
    )
    environment = os.environ | {"PREFECT_API_URL": prefect_server}

    def prefect(*arguments: str, cwd: Path = ROOT) -> str:
        done = subprocess.run(
            [PREFECT, *arguments],
            cwd=cwd,
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
    prefect("--no-prompt", "deploy", "--all", "--prefect-file", "infra/prefect.yaml")
    prefect("deployment", "run", "backfill/backfill", "-p", "first=2026-01-02", "-p", "last=2026-01-02")
    prefect("worker", "start", "--pool", "newsmill", "--run-once", cwd=tmp_path)

    lake = Lake.open(str(tmp_path / "lake"))
    assert [str(day) for day in lake.dates()] == ["2026-01-02"]
    assert lake.read("quotes", columns=["kind"]).to_pylist() == [{"kind": "direct"}, {"kind": "indirect"}]
