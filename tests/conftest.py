"""Fixtures for the whole suite: a real S3 server, started by the first test that needs one, and lakes on it."""

import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from newsmill.server import configure_client, prefect_api

ACCESS_KEY = "newsmill-tests"
SECRET_KEY = "not-a-secret-1234"


os.environ["NEWSMILL_UNFORESEEN"] = "raise"
"""No boundary catches a mistake in a test."""


@dataclass(frozen=True)
class S3Server:
    """A server on loopback; its credentials are in the environment while it runs."""

    endpoint: str
    bucket: str
    catalog: str
    """The address of its Iceberg REST catalog."""
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY


@pytest.fixture(scope="session", autouse=True)
def _isolated_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test meets the developer's own AWS settings, nor asks a cloud's metadata service for credentials."""
    saved = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in saved:
        del os.environ[name]
    nothing = tmp_path_factory.mktemp("aws") / "none"
    ours = {
        "AWS_CONFIG_FILE": str(nothing),
        "AWS_SHARED_CREDENTIALS_FILE": str(nothing),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    os.environ.update(ours)
    yield
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(saved)


@pytest.fixture(scope="session")
def s3_server(_isolated_aws: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """SeaweedFS, one for each worker of the test run."""
    credentials = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    os.environ.update(credentials)
    server, ports = start_server(tmp_path_factory.mktemp)
    try:
        endpoint = f"http://127.0.0.1:{ports[0]}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="newsmill")
        yield S3Server(endpoint, "newsmill", f"http://127.0.0.1:{ports[5]}")
    finally:
        # SIGTERM takes it seconds and nothing that it holds is wanted.
        end_server(server, ports)
        for name in credentials:
            os.environ.pop(name, None)


def start_server(make_folder: Callable[[str], Path]) -> "tuple[subprocess.Popen[bytes], list[int]]":
    """A server that answers, and its ports, S3 first; somebody may take a port between our look and its start."""
    for _ in range(3):
        folder = make_folder("weed")
        ports = _free_ports(6)
        with (folder / "output").open("wb") as output:
            server = subprocess.Popen(_command(folder, *ports), stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        if _is_healthy(server, f"http://127.0.0.1:{ports[0]}"):
            return server, ports
        end_server(server, ports)
    raise RuntimeError(f"the S3 server did not start: {(folder / 'output').read_text(errors='replace')[-2000:]}")


def end_server(server: "subprocess.Popen[bytes]", ports: list[int]) -> None:
    server.kill()
    server.wait()
    for port in ports:  # its sockets for gRPC are in /tmp, whatever it is told
        for path in Path("/tmp").glob(f"seaweedfs-*-{port + 10_000}.sock"):
            path.unlink(missing_ok=True)


def _command(folder: Path, s3: int, master: int, volume: int, filer: int, admin: int, iceberg: int) -> list[str]:
    for name in ("log", "data"):
        (folder / name).mkdir()
    return [
        str(Path(sys.executable).with_name("weed")),
        f"-logdir={folder / 'log'}",
        "mini",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.port={s3}",
        f"-master.port={master}",
        f"-volume.port={volume}",
        f"-filer.port={filer}",
        f"-admin.port={admin}",
        f"-filer.localSocket={folder / 'f'}",
        f"-s3.localSocket={folder / 's'}",
        "-master.telemetry=false",
        "-admin.ui=false",
        "-webdav=false",
        f"-s3.port.iceberg={iceberg}",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
    ]


_prefixes = itertools.count()


@pytest.fixture
def s3_uri(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A prefix of its own on the S3 server, whose endpoint is in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.endpoint)
    return f"s3://{s3_server.bucket}/test-{next(_prefixes)}"


@pytest.fixture(params=["local", "s3"])
def lake_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a lake can be made: once a local folder, once a prefix on the S3 server."""
    if request.param == "local":
        return str(tmp_path / "lake")
    uri: str = request.getfixturevalue("s3_uri")
    return uri


def _free_ports(count: int) -> list[int]:
    """Ports whose neighbour 10,000 further up, which the server takes too, is free as well.

    All are below those that the system gives to outgoing connections; workers begin to look at different places.
    """
    first = 10_000 + os.getpid() * 41 % 10_000
    found = [port for port in range(first, first + 200) if _is_free(port) and _is_free(port + 10_000)]
    if len(found) < count:
        raise RuntimeError("no free ports on loopback")
    return found[:count]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _is_healthy(server: "subprocess.Popen[bytes]", endpoint: str) -> bool:
    for _ in range(300):
        if server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"{endpoint}/healthz", timeout=1):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


@pytest.fixture
def wait_for() -> Callable[[Callable[[], bool]], None]:
    """Wait up to ten seconds for something that another process does."""

    def wait(condition: Callable[[], bool]) -> None:
        for _ in range(1000):
            if condition():
                return
            time.sleep(0.01)
        raise AssertionError("waited for ten seconds in vain")

    return wait


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One private Prefect server for all tests of a worker that need one, for this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        # Prepared once for all workers, and not where the developer keeps theirs.
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp().parent / "state"))
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.delenv("PREFECT_API_URL", raising=False)
        configure_client()
        patch.delenv("PREFECT_API_AUTH_STRING", raising=False)
        with prefect_api() as ready:
            address = ready()
            password = os.environ["PREFECT_API_AUTH_STRING"]
            with temporary_settings({PREFECT_API_URL: address, PREFECT_API_AUTH_STRING: password}):
                yield address
