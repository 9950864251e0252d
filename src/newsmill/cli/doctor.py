"""What is missing or misconfigured, each with its mend."""

import os
import platform
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsmill.config import Settings
from newsmill.errors import CatalogBehind, ClusterError, NewsmillError
from newsmill.flows.serving import schedules
from newsmill.lake.query import query
from newsmill.plain import without_login
from newsmill.server import state_folder
from newsmill.storage.probe import probe
from newsmill.tasks.enrich import installed_models, load_model
from newsmill.tasks.run.attempt import open_lake
from newsmill.tasks.run.authority import authority_rows
from newsmill.tasks.run.cluster import cluster_threads

_LEAST_SPACE_GB = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was examined, whether it is in order, and what was seen or what to do."""

    subject: str
    ok: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in a fixed order. Reads and writes small objects in the lake; changes no table."""
    found = [_python(), *_models(settings), _space()]
    for examination in (_authority, _lake, _cluster, _sources, _catalog):
        found.extend(examination(settings))
    return [*found, _schedule(settings), _duckdb(settings), _prefect()]


def _python() -> Finding:
    return Finding("python", ok=True, detail=platform.python_version())


def _models(settings: Settings) -> Iterator[Finding]:
    """The set language model, and those that are installed for other languages."""
    others = installed_models().items()
    for subject, name in [("model", settings.model), *((f"model {language}", name) for language, name in others)]:
        try:
            model = load_model(name)
        except NewsmillError as error:
            yield Finding(subject, ok=False, detail=str(error))
        else:
            yield Finding(subject, ok=True, detail=f"{model.name} {model.version}")


def _authority(settings: Settings) -> Iterator[Finding]:
    """Whether the authority of the settings, if there is one, can be read."""
    if settings.authority:
        yield _try("authority", lambda: f"{len(authority_rows(settings)):,} rows in {settings.authority}")


def _space() -> Finding:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free / 2**30
    if free < _LEAST_SPACE_GB:
        return Finding("disk", ok=False, detail=f"{free:.1f} GB free in {folder}; free some, or point TMPDIR elsewhere")
    return Finding("disk", ok=True, detail=f"{free:.0f} GB free for temporary files")


def _lake(settings: Settings) -> Iterator[Finding]:
    subject = f"lake {settings.lake}"
    try:
        lake = open_lake(settings)
        problems = probe(lake.store)
        dates = len(lake.dates()) if not problems else 0
        place = lake.head().former_place(lake.uri) if not problems else None
    except NewsmillError as error:
        yield Finding(subject, ok=False, detail=str(error))
        return
    for problem in problems:
        yield Finding(subject, ok=False, detail=problem)
    if not problems:
        yield Finding(subject, ok=True, detail=f"reads, writes, lists, deletes and swaps; {dates} dates landed")
    if place:
        detail = f"its Iceberg metadata names {place}, where it was written; run: newsmill rebind"
        yield Finding(subject, ok=False, detail=detail)


def _sources(settings: Settings) -> Iterator[Finding]:
    if not settings.sources:
        yield Finding("sources", ok=True, detail="none configured; nightly and backfill need some in newsmill.toml")
    for source in settings.sources:
        fixed = source.uri.partition("{date}")[0].partition("*")[0]
        folder = Path(fixed) if fixed.endswith("/") else Path(fixed).parent
        if "://" in source.uri or folder.exists():
            yield Finding(f"source {source.name}", ok=True, detail=without_login(source.uri))
        else:
            yield Finding(
                f"source {source.name}", ok=False, detail=f"{folder} does not exist; mend its uri, or make it"
            )


def _catalog(settings: Settings) -> Iterator[Finding]:
    """Whether the catalog of the settings, if there is one, shows what is published."""
    if (catalog := settings.catalog) is None:
        return

    def look() -> str:
        from newsmill.lake.catalog import mirror  # only who has a catalog pays for its client

        if behind := mirror(open_lake(settings), catalog, dry=True):
            raise CatalogBehind(f"it is behind in {', '.join(behind)}: newsmill catalog sync")
        return f"shows what is published, in {catalog.namespace}"

    yield _try(f"catalog {catalog.type}", look)


def _cluster(settings: Settings) -> Iterator[Finding]:
    """Whether there are workers, if a cluster is set; whether they are fit is found out by each run."""
    address = settings.cluster
    if address is None:
        return

    def look() -> str:
        if threads := cluster_threads(address):
            return f"{threads} threads at {address}"
        raise ClusterError(f"no worker is at {address}; start some: dask worker {address}")

    yield _try("cluster", look)


def _schedule(settings: Settings) -> Finding:
    def read() -> str:
        schedules(settings)
        return f"{settings.schedule.cron} {settings.schedule.timezone}"

    return _try("schedule", read)


def _duckdb(settings: Settings) -> Finding:
    def ask() -> str:
        lake = open_lake(settings)
        if lake.head().tag is None:
            return "nothing to read before the first run"
        query(lake, "SELECT count(*) FROM articles")
        return "DuckDB reads the lake"

    return _try("query", ask)


def _prefect() -> Finding:
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        return Finding("prefect", ok=True, detail=f"a private server a command, prepared in {state_folder()}")
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=5):  # noqa: S310 - the user's own address
            return Finding("prefect", ok=True, detail=address)
    except (OSError, urllib.error.URLError, ValueError) as error:
        return Finding(
            "prefect", ok=False, detail=f"{address} does not answer ({error}); start it or unset PREFECT_API_URL"
        )


def _try(subject: str, act: Callable[[], str]) -> Finding:
    """A finding whose detail the act says, or its error."""
    try:
        return Finding(subject, ok=True, detail=act())
    except NewsmillError as error:
        return Finding(subject, ok=False, detail=str(error))
