"""Imports go one way, and what only one file may import is imported there alone."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = (
    {"newsmill", "newsmill.errors", "newsmill.config", "newsmill.storage", "newsmill.isolate", "newsmill.server"},
    {"newsmill.report"},
    {"newsmill.schemas"},
    {"newsmill.iceberg", "newsmill.lake"},
    {"newsmill.tasks"},
    {"newsmill.flows"},
    {"newsmill.cli"},
)

ONLY_IN = {
    "boto3": {"src/newsmill/storage.py"},
    "botocore": {"src/newsmill/storage.py"},
    "great_expectations": {"schemas/suites.py", "tasks/validate.py"},
    "trafilatura": {"tasks/extract"},
    "spacy": {"tasks/enrich"},
    "prefect": {"flows", "tasks/stages.py", "src/newsmill/server.py"},
}


def sources() -> list[Path]:
    return sorted(path for folder in ("src", "flows", "tasks", "schemas") for path in (ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" else ("newsmill", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer_of(module: str) -> int | None:
    parts = module.split(".")
    for depth in range(len(parts), 0, -1):
        for number, members in enumerate(LAYERS):
            if ".".join(parts[:depth]) in members:
                return number
    return None


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_nothing_above_it(path: Path) -> None:
    own = layer_of(module_of(path))
    assert own is not None, f"{path} stands in no layer"

    above = {name for name in imports(path) if name.startswith("newsmill.") and (layer_of(name) or 0) > own}

    assert above == set()


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in sources()
        if any(name.split(".")[0] == library for name in imports(path))
    }

    strangers = {user for user in users if not any(user.startswith(place) for place in ONLY_IN[library])}

    assert users, f"nothing imports {library}"
    assert strangers == set()


def test_stages_take_their_values_as_arguments() -> None:
    phases = {"batches", "reduce", "attempt", "crawl", "reenrich"}
    knowing = {"tasks/stages.py", *(f"tasks/{name}.py" for name in phases)}
    forbidden = {"newsmill.config", "newsmill.server", "os.environ", "os.getenv"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "tasks").rglob("*.py")
        if str(path.relative_to(ROOT)) not in knowing
        for name in imports(path) & forbidden
    }

    assert found == set()
