"""A run on a real Dask scheduler and two worker processes: the same bytes as here, whoever dies, or a refusal."""

import dataclasses
import gzip
import json
import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from distributed import LocalCluster

from newsmill.cli import doctor
from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import ClusterError, ConfigError, UsageError
from newsmill.flows.backfill import backfill
from newsmill.flows.requests import ask
from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.staging import staged_attempts, staged_keys
from newsmill.schemas.rows import Article, Entity, Link, Quote
from newsmill.tasks.dedupe.candidates import PAIRS, HashRange, join_range
from newsmill.tasks.dedupe.stage import dedupe_run
from newsmill.tasks.extract.stage import extract_batch
from newsmill.tasks.read.parts import Part
from newsmill.tasks.read.stage import PartRead, read_batches, read_part
from newsmill.tasks.run import cluster as cluster_module
from newsmill.tasks.run.attempt import Attempt, begin
from newsmill.tasks.run.cluster import check_cluster, spread
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import (
    ARTICLES,
    ENTITIES,
    INPUT_ID,
    KEPT,
    LEDGER,
    LINKS,
    QUOTES,
    RAW,
    REJECTED_AT_READ,
    audited,
)
from newsmill.tasks.validate.stage import audit_batches
from tests import engine
from tests.conftest import S3Server
from tests.engine import TRIES, landed, write_pages
from tests.hostile import http_response, warc_record
from tests.rows import ARTICLE, ENTITY, QUOTE

pytestmark = pytest.mark.xdist_group("prefect")

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pages(tmp_path_factory.mktemp("pages"), 40)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a scheduler and its workers log."""
    return tmp_path_factory.mktemp("dask")


@pytest.fixture(scope="module")
def scheduler(logs: Path, s3_server: S3Server) -> Iterator[str]:
    """The address of a scheduler with two workers of one thread, which may read and write what is on the S3 server."""
    folder = logs
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
def test_a_cluster_lands_the_bytes_that_one_process_lands(
    tmp_path: Path, pages: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsmill.tasks.dedupe.external.MOST_KEYS", 500)
    monkeypatch.setattr("newsmill.tasks.dedupe.candidates.RUNS_A_RANGE", 1)
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


def stage_enriched(attempt: Attempt) -> Attempt:
    """Two batches of an article each; what the second one mentions does not stand where it says."""
    for number, mention in enumerate(("Ada Hill", "Ada Mill")):
        article = ARTICLE.replace(article_id=f"{number:016}")
        articles, inputs = Article.to_arrow([article]), pa.array([f"{number}.html"], INPUT_ID.type)
        attempt.write(ARTICLES, articles.append_column(INPUT_ID, inputs), number)
        entity = ENTITY.replace(article_id=article.article_id, text=mention)
        attempt.write(ENTITIES, Entity.to_arrow([entity]), number)
        attempt.write(QUOTES, Quote.to_arrow([QUOTE.replace(article_id=article.article_id)]), number)
        attempt.write(LINKS, Link.to_arrow([]), number)
    return attempt


def test_workers_judge_as_one_process_does(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.tasks.validate.stage.GROUP_BYTES", 1)
    here = dataclasses.replace(stage_enriched(attempt), settings=attempt.settings.model_copy(update={"cluster": None}))
    found, rows = [], []
    for way in (here, attempt):
        checks, rejections, passed = audit_batches(way, 2)
        found.append((checks, rejections, vars(passed)))
        audited_articles = attempt.key(audited(ARTICLES), 1)
        rows.append(attempt.lake.store.read(audited_articles))
        attempt.lake.store.delete([audited_articles])

    assert found[0] == found[1]
    assert rows[0] == rows[1]
    assert [rejection.input_id for rejection in found[0][1]] == ["1.html"]
    assert found[0][2]["article_ids"] == [f"{0:016}"]


@pytest.mark.parametrize("fate", ["all live", "one of them dies"])
def test_workers_join_as_one_process_does(
    attempt: Attempt, tmp_path: Path, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsmill.tasks.dedupe.external.MOST_KEYS", 500)
    monkeypatch.setattr("newsmill.tasks.dedupe.candidates.RUNS_A_RANGE", 1)
    seen = tmp_path / "deaths"
    seen.mkdir()
    if fate == "one of them dies":
        monkeypatch.setattr("newsmill.tasks.dedupe.stage.join_range", partial(dies_joining, seen, os.getpid()))
    for number in range(2):
        extract_batch(attempt, number)
    here = dataclasses.replace(attempt, settings=attempt.settings.model_copy(update={"cluster": None}))
    rows = []
    for way in (here, attempt):
        deduped = dedupe_run(way, 2)
        rows.append((deduped, [attempt.read(table, n).to_pylist() for table in (KEPT, LEDGER) for n in range(2)]))

    assert rows[0] == rows[1]
    assert len(attempt.sizes(PAIRS)) > 2
    assert len(list(seen.iterdir())) == (fate == "one of them dies")


def dies_joining(deaths: Path, here: int, attempt: Attempt, part: HashRange) -> int:
    """Joins a range, but ends the first worker that does when it has set the pairs aside."""
    found = join_range(attempt, part)
    if os.getpid() != here and not list(deaths.iterdir()):
        (deaths / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return found


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


@pytest.mark.usefixtures("prefect_server")
def test_a_lake_and_sources_on_s3_give_the_rows_of_one_process(
    tmp_path: Path,
    scheduler: str,
    s3_server: S3Server,
    s3_uri: str,
    logs: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen = tmp_path / "deaths"
    seen.mkdir()
    pages = [path.read_bytes() for path in sorted(write_pages(tmp_path / "pages", 8).iterdir())]
    records = [
        gzip.compress(warc_record("response", http_response(page), number=number))
        for number, page in enumerate(pages[:4])
    ]
    lines = [json.dumps({"id": f"p{number}", "html": page.decode()}) for number, page in enumerate(pages[4:])]
    store = Lake.open(s3_uri).store
    store.write("crawl/a.warc.gz", b"".join(records[:2]))
    store.write("crawl/b.warc.gz", b"".join(records[2:]))
    store.write("wire/c.jsonl", "\n".join(lines).encode())
    sources = tuple(SourceConfig(name=name, uri=f"{s3_uri}/{name}/") for name in ("crawl", "wire"))
    found = []
    for lake, cluster in ((str(tmp_path / "lake"), None), (f"{s3_uri}/lake", scheduler)):
        settings = Settings.model_validate(
            {"lake": lake, "workers": 1, "batch_size": 2, "cluster": cluster, "s3": {"endpoint": s3_server.endpoint}}
        )
        run = ingest_and_settle(RunRequest(logical_date=DAY, sources=sources, settings=settings))
        assert (run.read_count, run.article_count, run.rejection_count) == (8, 8, 0)
        found.append(landed(Lake.open(lake)))
        monkeypatch.setattr("newsmill.tasks.read.stage.read_part", partial(dies_reading, seen, os.getpid()))

    assert found[0] == found[1]
    assert len(list(seen.iterdir())) == 1
    assert "were read here" not in caplog.text
    cluster_module._client(scheduler).dump_cluster_state(str(tmp_path / "state"))
    state = gzip.decompress((tmp_path / "state.msgpack.gz").read_bytes())
    assert b"read" in state
    told = [state, *(path.read_bytes() for path in logs.glob("*.log")), caplog.text.encode()]
    keys = s3_server.access_key.encode(), s3_server.secret_key.encode()
    assert [key in text for text in told for key in keys] == [False] * 2 * (1 + 2 + 1)


def meets(folder: Path, attempt: Attempt, part: Part) -> PartRead | None:
    """Reads a part once parts of two dates are being read."""
    (folder / str(attempt.logical_date)).touch()
    for _ in range(1200):
        if len(list(folder.iterdir())) == 2:
            return read_part(attempt, part)
        time.sleep(0.1)
    raise ConfigError("the dates are not at work at once")


@pytest.mark.usefixtures("prefect_server")
def test_dates_of_a_backfill_are_at_work_at_once(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = (DAY, DAY + timedelta(days=1))
    for number, page in enumerate(sorted(write_pages(tmp_path / "pages", 6).iterdir())):
        target = tmp_path / "wire" / str(days[number % 2]) / page.name
        target.parent.mkdir(parents=True, exist_ok=True)
        page.rename(target)
    seen = tmp_path / "seen"
    seen.mkdir()
    source = {"name": "wire", "uri": f"{tmp_path}/wire/{{date}}/"}
    found = []
    for name, options in {"here": {}, "there": {"cluster": scheduler}}.items():
        settings = Settings.model_validate({"lake": str(tmp_path / name), "workers": 1, "sources": [source]} | options)
        results = ask(backfill, settings, *days, parallel=2 if options else 1)
        assert [result.outcome for result in results] == ["landed", "landed"]
        found.append(landed(Lake.open(settings.lake)))
        monkeypatch.setattr("newsmill.tasks.read.stage.read_part", partial(meets, seen))

    assert len(found[0]) >= 4
    assert found[0] == found[1]


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
