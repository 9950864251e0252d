"""Imports go one way, what only one file may import is imported there alone, and only edges know clock and world."""

import ast
from pathlib import Path

import pytest

from tests.layers import DRAWN_IN, EMPTY, ROOMS, ROOT, arrows, drawing, drawn, imports, module_of, room_of, sources

ONLY_IN = {
    "boto3": {"src/newsmill/storage/s3.py"},
    "botocore": {"src/newsmill/storage/s3.py", "src/newsmill/lake/catalog.py"},  # Glue's errors
    "great_expectations": {
        "schemas/suites.py",
        "schemas/contracts.py",
        "tasks/validate/suites.py",
        "tasks/validate/screen.py",
    },
    "trafilatura": {"tasks/extract"},
    "spacy": {"tasks/enrich"},
    "distributed": {"tasks/run/cluster.py"},
    "prefect": {"flows", "tasks/stages.py", "src/newsmill/server.py"},
}

KNOWS_SETTINGS = {"tasks/stages.py", "tasks/run", "tasks/fetch/crawl.py", "tasks/upkeep/reenrich.py"}
"""Beside the doors of the stages; all else in tasks/ is given values."""

EDGES = {
    "tasks/fetch/archive.py",  # names of segments and ids of records
    "tasks/fetch/client.py",  # the default clock, which tests replace
    "tasks/fetch/crawl.py",
    "tasks/fetch/poll.py",  # the default clock, which tests replace
    "tasks/land/stage.py",  # when the run ended
    "tasks/run/attempt.py",  # whose process it is
    "tasks/run/cluster.py",  # what the staging of a try is called
    "tasks/run/lease.py",  # what has expired
    "tasks/run/versions.py",  # which Python it is
    "tasks/run/workers.py",  # how many processors there are
    "tasks/upkeep/ledger.py",  # the id of a claim
}
"""The files below schemas/ and tasks/ that read the clock, the environment, chance or the machine."""

WORLD = {
    *("os.environ", "os.getenv", "os.getpid", "os.cpu_count", "os.urandom", "socket.gethostname"),
    *("time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep"),
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now"),
    *("uuid.uuid1", "uuid.uuid4", "Path.cwd", "Path.home", "os.getcwd"),
}
WORLD_MODULES = {"random", "secrets", "platform"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def world_read_by(path: Path) -> set[str]:
    """What a module reads of the clock, the environment, chance or the machine, by whatever way of importing it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            found |= {name} & WORLD
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & WORLD_MODULES
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} & WORLD_MODULES
            found |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in WORLD}
    return found


@pytest.mark.parametrize("path", sources(), ids=named)
def test_a_module_imports_nothing_above_it(path: Path) -> None:
    module = module_of(path)
    if module in EMPTY:
        assert {name for name in imports(path) if name.startswith("newsmill")} == set()
        return
    rank = ROOMS.index(room_of(module))

    asked = {name for name in imports(path) if name.startswith("newsmill.") and name not in EMPTY}

    assert {name for name in asked if ROOMS.index(room_of(name)) > rank} == set()


def test_a_module_in_no_room_is_found_out() -> None:
    with pytest.raises(LookupError, match=r"newsmill\.attic"):
        room_of("newsmill.attic")


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module_of(path): imports(path) for path in sources()}
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for other in sorted(graph.get(module, ())):
                walk(other, (*way, module))
            done.add(module)

    for module in graph:
        walk(module, ())


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {named(path) for path in sources() if any(name.split(".")[0] == library for name in imports(path))}

    strangers = {user for user in users if not any(user.startswith(place) for place in ONLY_IN[library])}

    assert users, f"nothing imports {library}"
    assert strangers == set()


def test_rules_are_handed_a_language_and_import_none() -> None:
    folder = ROOT / "tasks" / "enrich" / "languages"
    rooms = {module_of(path): path.parent for path in folder.glob("*/__init__.py")}

    users = {
        named(path)
        for path in sources()
        for name in imports(path)
        for room, own in rooms.items()
        if f"{name}.".startswith(f"{room}.") and path.parent != own
    }

    assert len(rooms) > 1
    assert users == {named(folder / "registry.py")}


def test_stages_take_their_values_as_arguments() -> None:
    found = {
        named(path)
        for path in (ROOT / "tasks").rglob("*.py")
        if path.name not in {"stage.py", "children.py"}
        and not any(named(path).startswith(place) for place in KNOWS_SETTINGS)
        and imports(path) & {"newsmill.config", "newsmill.server"}
    }

    assert found == set()


def test_only_edges_read_the_clock_and_the_machine() -> None:
    found = {
        named(path): world_read_by(path)
        for folder in ("tasks", "schemas")
        for path in (ROOT / folder).rglob("*.py")
        if world_read_by(path)
    }

    assert set(found) == EDGES, found


@pytest.mark.parametrize(
    "line",
    [
        "import os\nos.environ['A']",
        "from os import environ",
        "from time import monotonic",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\nnow = datetime.now",
        "import random",
        "from uuid import uuid4",
    ],
)
def test_every_way_to_read_the_world_is_found(line: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(line)

    assert world_read_by(module)


def test_the_drawing_is_of_the_imports_as_they_are() -> None:
    text = DRAWN_IN.read_text()

    assert drawn(text, drawing()) == text, "run make docs"


def test_no_room_imports_from_one_below() -> None:
    assert all(ROOMS.index(other) < ROOMS.index(room) for room, others in arrows().items() for other in others)
