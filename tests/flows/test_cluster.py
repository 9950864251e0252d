"""A run on a real Dask scheduler and two worker processes: the same bytes as here, whoever dies, or a refusal."""

import dataclasses
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster

from newsmill.cli import doctor
from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import ClusterError, ConfigError, UsageError
from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.staging import staged_attempts, staged_keys
from newsmill.tasks.extract.stage import extract_batch
from newsmill.tasks.read.parts import Part
from newsmill.tasks.read.stage import PartRead, read_batches, read_part
from newsmill.tasks.run import cluster as cluster_module
from newsmill.tasks.run.attempt import Attempt, begin
from newsmill.tasks.run.cluster import check_cluster, spread
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import RAW, REJECTED_AT_READ
from tests import engine
from tests.engine import TRIES, landed, write_pages

pytestmark = pytest.mark.xdist_group("prefect")

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pages(tmp_path_factory.mktemp("pages"), 40)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers of one thread."""
    folder = tmp_path_factory.mktemp("dask")
    with engine.scheduler(folder) as (address, _), engine.workers(address, 2, folder=folder):
        cluster_module._client(address).wait_for_workers(2, timeout=60)
        yield address


def request(lake: Path, *sources: Path, **settings: object) -> RunRequest:
    return RunRequest(
        logical_date=DAY,
        sources=tuple(SourceConfig(name=path.name, uri=str(path)) for path in sources),
        settings=Settings.model_validate({"lake": str(lake), "workers": 1} | settings),
    )


@pytest.fixture
def attempt(tmp_path: Path, pages: Path, scheduler: str) -> Iterator[Attempt]:
    """An execution on the cluster that has read."""
    with begin(
        request(tmp_path / "lake", pages, cluster=scheduler, batch_size=20), "run-1", datetime.now(UTC)
    ) as begun:
        read_batches(begun)
        yield begun


@pytest.mark.usefixtures("prefect_server")
def test_a_cluster_lands_the_bytes_that_one_process_lands(tmp_path: Path, pages: Path, scheduler: str) -> None:
    found = []
    for name, settings in {"here": {}, "there": {"cluster": scheduler, "batch_size": 8}}.items():
        run = ingest_and_settle(request(tmp_path / name, ROOT / "seeds", pages, **settings))
        lake = Lake.open(str(tmp_path / name))
        assert (run.read_count, run.rejection_count) == (45, 0)
        assert staged_attempts(lake) == []
        found.append(landed(lake))

    assert len(found[0]) >= 4
    assert found[0] == found[1]


def staged(attempt: Attempt) -> dict[str, bytes]:
    lake = attempt.lake
    return {key: lake.store.read(key) for key in staged_keys(lake, attempt.attempt_id)}


def dies(deaths: Path, times: int, here: int, attempt: Attempt, number: int) -> Counts:
    """Extracts a batch, but ends a worker in the middle of it so many times."""
    counts = extract_batch(attempt, number)
    if os.getpid() != here and len(list(deaths.iterdir())) < times:
        (deaths / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return counts


@pytest.mark.parametrize("deaths", [1, TRIES], ids=["another worker does it", "it is done here"])
def test_a_batch_of_a_lost_worker_is_done_again(
    attempt: Attempt, tmp_path: Path, deaths: int, caplog: pytest.LogCaptureFixture
) -> None:
    seen = tmp_path / "deaths"
    seen.mkdir()

    assert spread(partial(dies, seen, deaths, os.getpid()))(attempt, 1) == Counts(20, 20)

    assert len(list(seen.iterdir())) == deaths
    assert ("is done here" in caplog.text) == (deaths == TRIES)
    there = staged(attempt)
    extract_batch(attempt, 1)
    assert staged(attempt) == there


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Files of one document, of many and of none, in an order of their own."""
    folder = write_pages(tmp_path / "mixed", 9)
    lines = "".join(f'{{"id": "w{n % 5}", "text": "The port of Ashford reopened on day {n}."}}\n' for n in range(7))
    (folder / "000003-wire.jsonl").write_text(lines)
    (folder / "000005-empty.html").write_text("")
    (folder / "000007-photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 no text")
    return folder


def read_all(attempt: Attempt, batches: int) -> list[object]:
    raw = [row for number in range(batches) for row in attempt.read(RAW, number).to_pylist()]
    return [*raw, *attempt.read(REJECTED_AT_READ).to_pylist()]


def dies_reading(deaths: Path, here: int, attempt: Attempt, part: Part) -> PartRead | None:
    """Reads a part, but ends the first worker that does when it has staged it."""
    found = read_part(attempt, part)
    if os.getpid() != here and not list(deaths.iterdir()):
        (deaths / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found


@pytest.mark.parametrize("fate", ["they see the files", "one of them dies", "they see other files"])
def test_workers_read_what_one_process_reads(
    tmp_path: Path,
    mixed: Path,
    scheduler: str,
    fate: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)  # the workers are elsewhere, and the source is a relative path
    seen = tmp_path / "deaths"
    seen.mkdir()
    if fate == "one of them dies":
        monkeypatch.setattr("newsmill.tasks.read.stage.read_part", partial(dies_reading, seen, os.getpid()))
    if fate == "they see other files":
        monkeypatch.setattr("newsmill.tasks.read.parts._stamp_here", lambda _: (1, 1))
    found = []
    for name, settings in {"here": {}, "there": {"cluster": scheduler, "batch_size": 3}}.items():
        asked = request(tmp_path / name, Path("mixed"), tmp_path / "nothing", **settings)
        with begin(asked, name, datetime.now(UTC)) as begun:
            reading = read_batches(begun)
            found.append((read_all(begun, reading.batches), dataclasses.replace(reading, batches=0)))

    assert found[0][1].read_count == 9 + 7 + 2 + 1
    assert found[0] == found[1]
    assert len(list(seen.iterdir())) == (fate == "one of them dies")
    assert ("were read here" in caplog.text) == (fate == "they see other files")


def fails(attempt: Attempt, number: int) -> Counts:
    raise ConfigError(f"batch {number} of {attempt.logical_date}")


def test_what_a_worker_raises_is_raised_here(attempt: Attempt) -> None:
    with pytest.raises(ConfigError, match=r"^batch 1 of 2026-01-05$"):
        spread(fails)(attempt, 1)


def both(attempt: Attempt) -> Iterator[Callable[[], object]]:
    """The check before a run, and that of a worker which has come later."""
    yield partial(check_cluster, attempt)
    yield partial(spread(extract_batch), attempt, 0)


def test_a_worker_that_does_not_see_the_lake_is_refused(attempt: Attempt, tmp_path: Path) -> None:
    check_cluster(attempt)
    for check in both(dataclasses.replace(attempt, attempt_id="of another machine")):
        with pytest.raises(
            ClusterError, match=rf"^cluster: the worker tcp://\S+ does not see the lake file://{tmp_path}"
        ):
            check()


def test_a_worker_with_other_versions_is_refused(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = cluster_module._ours(attempt.settings)
    monkeypatch.setattr(cluster_module, "_ours", lambda _: ours | {"trafilatura": "1.0"})
    for check in both(attempt):
        with pytest.raises(ClusterError, match=r"has another trafilatura \(\S+, not 1\.0\); install there what"):
            check()


def test_a_worker_that_dies_while_it_is_asked_is_no_reason(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    client = cluster_module._client(str(attempt.settings.cluster))
    monkeypatch.setattr(client, "run", lambda *_, **__: {"tcp://a": OSError("Stream is closed"), "tcp://b": []})
    check_cluster(attempt)
    monkeypatch.setattr(client, "run", lambda *_, **__: {"tcp://a": "ModuleNotFoundError(...)", "tcp://b": []})
    with pytest.raises(ClusterError, match=r"^cluster: the worker tcp://a cannot run newsmill \(ModuleNotFoundError"):
        check_cluster(attempt)


def test_doctor_looks_for_workers(scheduler: str) -> None:
    (found,) = doctor._cluster(Settings(cluster=scheduler))

    assert (found.ok, found.detail) == (True, f"2 threads at {scheduler}")


def test_a_worker_needs_the_file_of_names(attempt: Attempt, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name,id\nAda Hill,p1\n")
    settings = attempt.settings.model_copy(update={"authority": str(names)})
    settings.authority_hash()
    names.unlink()
    with pytest.raises(ClusterError, match=rf"cannot work: authority: {names}: No such file"):
        check_cluster(dataclasses.replace(attempt, settings=settings))


def begun_at(lake: Path, address: str) -> Attempt:
    with begin(request(lake, lake, cluster=address), "run-1", datetime.now(UTC)) as attempt:
        return attempt


def test_a_scheduler_without_workers_is_refused(tmp_path: Path) -> None:
    with (
        LocalCluster(
            n_workers=0, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=":0"
        ) as alone,
        pytest.raises(ClusterError, match=r"^cluster: no worker is at tcp://127.0.0.1:\d+; start some: dask w"),
    ):
        check_cluster(begun_at(tmp_path, alone.scheduler_address))


@pytest.mark.parametrize("listens", [False, True], ids=["nobody listens", "somebody else listens"])
def test_an_address_without_a_scheduler_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listens: bool
) -> None:
    monkeypatch.setattr(cluster_module, "_ANSWER_SECONDS", 0.5)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listens:
            other.listen()
        with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://.*or leave --cluster out$"):
            check_cluster(begun_at(tmp_path, f"tcp://127.0.0.1:{other.getsockname()[1]}"))


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'newsmill\[cluster\]'"):
        check_cluster(begun_at(tmp_path, "tcp://127.0.0.1:8786"))


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://host:8786", "tcp://host", "tcp://user:word@host:1"])
def test_what_is_no_address_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"write tcp://HOST:PORT"):
        Settings(cluster=address)


def test_no_secret_goes_to_the_scheduler(tmp_path: Path) -> None:
    secrets = {
        "notify": {"webhook": "https://chat.example.org/sesame"},
        "lineage": {"url": "https://lineage.example.org", "secret": "sesame"},
        "catalog": {"type": "rest", "uri": "https://catalog.example.org", "secret": "sesame"},
        "sources": [{"name": "a", "uri": "https://user:sesame@example.org/feed"}],
        "cluster": "tcp://127.0.0.1:8786",
    }
    (tmp_path / "a.txt").write_text("Nothing.")
    asked = request(tmp_path / "lake", tmp_path, **secrets)
    source = SourceConfig(name="b", uri="https://user:sesame@example.org/b")
    with begin(asked.model_copy(update={"sources": (source,)}), "run-1", datetime.now(UTC)) as attempt:
        assert b"sesame" in pickle.dumps(attempt)
        assert b"sesame" not in pickle.dumps(cluster_module._portable(attempt))


def test_the_same_run_has_the_same_id_on_a_cluster() -> None:
    assert Settings(cluster="tcp://127.0.0.1:8786").config_hash() == Settings().config_hash()
