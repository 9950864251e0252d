"""OpenLineage's events, as a service receives them and as OpenLineage's own client would have built them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openlineage.client.generated import (
    base,
    error_message_run,
    job_type_job,
    nominal_time_run,
    output_statistics_output_dataset,
    schema_dataset,
)
from pydantic import ValidationError

from newsmill.config import LineageConfig, RunRequest, Settings, SourceConfig
from newsmill.flows.lineage import dataset, lineage
from newsmill.lake import Lake
from newsmill.schemas.rows import TABLES
from tests.damage import DAYS, build
from tests.rows import RUN

FACETS: dict[str, Any] = {
    "nominalTime": nominal_time_run.NominalTimeRunFacet,
    "errorMessage": error_message_run.ErrorMessageRunFacet,
    "jobType": job_type_job.JobTypeJobFacet,
    "schema": schema_dataset.SchemaDatasetFacet,
    "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
}


class Service(ThreadingHTTPServer):
    """Keeps what it is told, with the header that says by whom."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.told: list[tuple[str | None, dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the library's signature
        """Say nothing."""


@contextmanager
def service(status: int = 201) -> Iterator[Service]:
    server = Service(status)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def request_for(lake: Lake, port: int | None, day: date = DAYS[0]) -> RunRequest:
    told = {"url": f"http://127.0.0.1:{port}/api/v1/lineage", "secret": "swordfish"} if port else None
    settings = Settings.model_validate({"lake": lake.uri, "lineage": told})
    sources = (
        SourceConfig(name="wire", uri="s3://wires/2026/*.jsonl"),
        SourceConfig(name="feed", uri="https://ada:lovelace@news.example/feed.xml"),
    )
    return RunRequest(logical_date=day, sources=sources, settings=settings)


def by_the_client(event: dict[str, Any]) -> base.RunEvent:
    """The event in the classes of OpenLineage's client, which know each field and check ids, times and addresses."""

    def facets(found: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, content in found.items():
            assert content["_producer"] == event["producer"]
            assert content["_schemaURL"].endswith(f"#/$defs/{FACETS[name].__name__}")
            own = {key: value for key, value in content.items() if not key.startswith("_")}
            if name == "schema":
                own["fields"] = [schema_dataset.SchemaDatasetFacetFields(**field) for field in own["fields"]]
            made[name] = FACETS[name](**own)
        return made

    return base.RunEvent(
        eventType=base.EventType(event["eventType"]),
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=base.Run(event["run"]["runId"], facets(event["run"]["facets"])),
        job=base.Job(event["job"]["namespace"], event["job"]["name"], facets(event["job"]["facets"])),
        inputs=[base.InputDataset(**found) for found in event["inputs"]],
        outputs=[
            base.OutputDataset(
                found["namespace"],
                found["name"],
                facets=facets(found["facets"]),
                outputFacets=facets(found["outputFacets"]),
            )
            for found in event["outputs"]
        ],
    )


def test_a_run_tells_what_it_was_made_of_and_what_it_made(tmp_path: Path) -> None:
    lake, run_id = Lake.open(str(tmp_path / "lake")), uuid4()
    build(lake, tmp_path / "spool")
    with service() as server, lineage(request_for(lake, server.server_port), lake, run_id.hex) as told:
        told.landed = RUN

    (by, start), (_, complete) = server.told
    assert by == "Bearer swordfish"
    assert [start["eventType"], complete["eventType"]] == ["START", "COMPLETE"]
    assert start["run"]["runId"] == complete["run"]["runId"] == str(run_id)
    assert complete["schemaURL"] == by_the_client(complete).schemaURL
    by_the_client(start)
    assert complete["inputs"] == [
        {"namespace": "s3://wires", "name": "2026/*.jsonl"},
        {"namespace": "https://news.example", "name": "feed.xml"},
    ]
    rows = {found["name"]: found["outputFacets"]["outputStatistics"]["rowCount"] for found in complete["outputs"]}
    assert rows == {f"{tmp_path}/lake/{it.table}": len(lake.read(it.table, on=DAYS[0])) for it in TABLES}
    assert "swordfish" not in json.dumps([start, complete])


def test_a_run_that_fails_tells_why_without_a_login(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))

    with (
        service() as server,
        pytest.raises(OSError, match="gone"),
        lineage(request_for(lake, server.server_port), lake, uuid4().hex),
    ):
        raise OSError("https://ada:lovelace@news.example is\ngone")

    _, fail = server.told[-1]
    by_the_client(fail)
    assert fail["eventType"] == "FAIL"
    assert fail["run"]["facets"]["errorMessage"]["message"] == "https://news.example is gone"


@pytest.mark.parametrize("status", [500, None], ids=["an error", "nobody"])
def test_a_service_that_does_not_take_it_fails_no_run(
    tmp_path: Path, status: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    with service(status or 201) as server:
        port = server.server_port
        if status:
            with lineage(request_for(lake, port), lake, uuid4().hex):
                pass
    if not status:
        with lineage(request_for(lake, port), lake, uuid4().hex):
            pass

    assert caplog.text.count("was not told") == 2
    assert "swordfish" not in caplog.text


def test_nothing_is_told_without_an_address(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))

    with lineage(request_for(lake, None), lake, uuid4().hex) as told:
        assert told.landed is None


@pytest.mark.parametrize(
    ("uri", "namespace", "name"),
    [
        ("s3://news/lake/quotes", "s3://news", "lake/quotes"),
        ("file:///data/lake/quotes", "file", "/data/lake/quotes"),
        ("/data/in/*.html", "file", "/data/in/*.html"),
        ("https://news.example", "https://news.example", "/"),
    ],
)
def test_data_are_named_by_openlineages_conventions(uri: str, namespace: str, name: str) -> None:
    assert dataset(uri) == {"namespace": namespace, "name": name}


@pytest.mark.parametrize("url", ["https://ada:lovelace@lineage.example/", "ftp://lineage.example/"])
def test_an_address_with_a_login_or_of_another_protocol_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as raised:
        LineageConfig.model_validate({"url": url})

    assert "lovelace" not in str(raised.value)
