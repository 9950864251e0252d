"""A run's identity follows every library that its rows pass through."""

import ast
import sys
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

from newsmill.config import DedupeConfig, Settings
from newsmill.tasks.run.versions import ROW_LIBRARIES, library_versions, run_id

ROOT = Path(__file__).parents[3]

NEVER_IN_A_ROW = {"distributed", "prefect", "pydantic"}
"""Dask and Prefect call the stages; pydantic checks settings, whose hash stands for itself."""


def imported(folder: Path) -> set[str]:
    """The distributions that the modules below a folder import."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    distributions = packages_distributions()
    return {
        distributions[name][0].lower().replace("_", "-") for name in names - set(sys.stdlib_module_names) - {"newsmill"}
    }


def test_every_library_that_stages_import_counts() -> None:
    stages = imported(ROOT / "tasks")

    assert {"spacy", "lxml", "warcio"} <= stages
    assert stages - NEVER_IN_A_ROW - set(ROW_LIBRARIES) == set()


def test_each_has_a_version_and_so_has_python() -> None:
    versions = library_versions()

    assert set(ROW_LIBRARIES) < set(versions)
    assert all(versions.values())
    assert versions["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_the_identity_of_a_run_follows_everything_that_changes_its_rows() -> None:
    day = date(2026, 1, 5)
    same = run_id(day, "0" * 64, "0" * 64, Settings())

    assert run_id(day, "0" * 64, "0" * 64, Settings(lake="elsewhere", workers=9)) == same
    others = {
        run_id(date(2026, 1, 6), "0" * 64, "0" * 64, Settings()),
        run_id(day, "1" * 64, "0" * 64, Settings()),
        run_id(day, "0" * 64, "1" * 64, Settings()),
        run_id(day, "0" * 64, "0" * 64, Settings(dedupe=DedupeConfig(similarity=0.7))),
        run_id(day, "0" * 64, "0" * 64, Settings(page_seconds=1)),
    }
    assert len(others | {same}) == 6
