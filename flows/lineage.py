"""OpenLineage events of each run, so that a catalog of lineage knows which tables were made of which sources.

The events are JSON of the published schema, posted with the HTTP client that is there anyway: OpenLineage's own client
would bring a second one, and configuration of its own. A service that does not answer is logged and never fails a run.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from newsmill import __version__
from newsmill.config import LineageConfig, RunRequest
from newsmill.errors import NewsmillError
from newsmill.lake import Lake
from newsmill.plain import without_login
from newsmill.schemas.rows import TABLES, Run, table_schema

logger = logging.getLogger(__name__)

PRODUCER = f"urn:newsmill:{__version__}"
_SPEC = "https://openlineage.io/spec"
SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
JOB = "ingest"


class Lineage:
    """What the events of one run say; ``landed`` is its row once it is published."""

    def __init__(self, request: RunRequest, lake: Lake, run_id: str) -> None:
        self.request, self.lake, self.run_id = request, lake, str(UUID(run_id))
        self.landed: Run | None = None

    def event(self, kind: str, moment: datetime, failure: str | None = None) -> dict[str, Any]:
        """A START, COMPLETE or FAIL event; ``failure`` is the error of the latter in one line."""
        midnight = datetime.combine(self.request.logical_date, time(), UTC)
        facets: dict[str, Any] = {
            "nominalTime": _facet("1-0-1/NominalTimeRunFacet", nominalStartTime=midnight.isoformat())
        }
        if failure is not None:
            said = {"message": without_login(failure), "programmingLanguage": "Python"}
            facets["errorMessage"] = _facet("1-0-1/ErrorMessageRunFacet", **said)
        kind_of_job = {"processingType": "BATCH", "integration": "NEWSMILL", "jobType": "FLOW"}
        return {
            "eventType": kind,
            "eventTime": moment.isoformat(),
            "producer": PRODUCER,
            "schemaURL": SCHEMA,
            "run": {"runId": self.run_id, "facets": facets},
            "job": {
                "namespace": self._namespace,
                "name": JOB,
                "facets": {"jobType": _facet("2-0-3/JobTypeJobFacet", **kind_of_job)},
            },
            "inputs": [dataset(without_login(source.uri)) for source in self.request.sources],
            "outputs": list(self._outputs()) if kind == "COMPLETE" else [],
        }

    @property
    def _namespace(self) -> str:
        lineage = self.request.settings.lineage
        return lineage.namespace if lineage else ""

    def _outputs(self) -> Iterator[dict[str, Any]]:
        day = self.request.logical_date
        for record in TABLES:
            files = self.lake.files(record.table, day)
            schema = [
                {
                    "name": field.name,
                    "type": str(field.type),
                    "description": (field.metadata or {}).get(b"description", b"").decode(),
                }
                for field in table_schema(record)
            ]
            counted = {"rowCount": sum(file.rows for file in files), "size": sum(file.bytes for file in files)}
            yield {
                **dataset(f"{self.lake.uri}/{record.table}"),
                "facets": {"schema": _facet("1-2-0/SchemaDatasetFacet", fields=schema)},
                "outputFacets": {"outputStatistics": _facet("1-0-2/OutputStatisticsOutputDatasetFacet", **counted)},
            }


@contextmanager
def lineage(request: RunRequest, lake: Lake, run_id: str) -> Iterator[Lineage]:
    """Tell of the run that the block is; nothing is told without an address in the settings."""
    told = Lineage(request, lake, run_id)
    config = request.settings.lineage
    if config is None:
        yield told
        return
    emit(config, told.event("START", datetime.now(UTC)))
    try:
        yield told
    except BaseException as error:
        emit(config, told.event("FAIL", datetime.now(UTC), " ".join(str(error).split()) or type(error).__name__))
        raise
    try:
        emit(config, told.event("COMPLETE", told.landed.finished_at if told.landed else datetime.now(UTC)))
    except NewsmillError as error:  # the run has landed, whatever its files are asked for again
        logger.warning("the lineage service was not told COMPLETE: %s", error)


def emit(config: LineageConfig, event: Mapping[str, Any]) -> bool:
    """Post an event; whether it arrived."""
    secret = config.secret.get_secret_value() if config.secret else None
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        answer = httpx.post(config.url, json=event, headers=headers, timeout=config.seconds)
        trouble = "" if answer.is_success else f"status {answer.status_code}"
    except httpx.HTTPError as error:
        trouble = str(error) or type(error).__name__
    except (httpx.InvalidURL, UnicodeError):  # both would quote from the address
        trouble = "its address is none"
    if trouble:
        logger.warning("the lineage service was not told %s: %s", event["eventType"], trouble)
    return not trouble


def dataset(uri: str) -> dict[str, str]:
    """Namespace and name by OpenLineage's conventions: a bucket and its key, ``file`` and a path, a site and a path."""
    parts = urlsplit(uri)
    if parts.scheme in {"", "file"} or len(parts.scheme) == 1:  # a drive's letter is no scheme
        return {"namespace": "file", "name": str(Path(uri.removeprefix("file://")).absolute())}
    return {"namespace": f"{parts.scheme}://{parts.netloc}", "name": parts.path.lstrip("/") or "/"}


def _facet(name: str, **content: Any) -> dict[str, Any]:
    version, _, kind = name.partition("/")
    return {
        "_producer": PRODUCER,
        "_schemaURL": f"{_SPEC}/facets/{version}/{kind}.json#/$defs/{kind}",
        **content,
    }
