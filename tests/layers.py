"""The rooms of the code in the order in which imports may go, read from the imports themselves; and their drawing.

python -m tests.layers            prints the drawing that docs/architecture.md holds
python -m tests.layers --write    puts it there
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
DRAWN_IN = ROOT / "docs" / "architecture.md"

ROOMS = (
    "newsmill.errors",
    "newsmill.plain",
    "newsmill.boundary",
    "newsmill.config",
    "newsmill.memory",
    "newsmill.isolate",
    "newsmill.progress",
    "newsmill.server",
    "newsmill.storage",
    "newsmill.report",
    "newsmill.queries",
    "newsmill.overview",
    "newsmill.pages",
    "newsmill.schemas",
    "newsmill.lake",
    "newsmill.tasks.inputs",
    "newsmill.tasks.run",
    "newsmill.tasks.fetch",
    "newsmill.tasks.formats",
    "newsmill.tasks.read",
    "newsmill.tasks.extract",
    "newsmill.tasks.dedupe",
    "newsmill.tasks.enrich",
    "newsmill.tasks.validate",
    "newsmill.tasks.land",
    "newsmill.tasks.upkeep",
    "newsmill.tasks.stages",
    "newsmill.api",
    "newsmill.flows",
    "newsmill.cli",
)
"""A room imports from itself and from those above it in this list."""

EMPTY = {"newsmill", "newsmill.tasks"}
"""Packages that hold rooms and nothing else; anybody may ask them for the version."""

_BEGIN, _END = "<!-- rooms: written by make docs -->", "<!-- rooms end -->"


@cache
def sources() -> tuple[Path, ...]:
    """Every module of the project."""
    return tuple(sorted(p for folder in ("src", "flows", "tasks", "schemas") for p in (ROOT / folder).rglob("*.py")))


def module_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" else ("newsmill", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a module imports, wherever in it; of ``from a import b``, ``a.b`` where that is a module."""
    known = {module_of(source) for source in sources()}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & known or {node.module}
    return frozenset(found)


def room_of(module: str) -> str:
    """The room that a module stands in; raises LookupError for one that stands in none."""
    for room in ROOMS:
        if module == room or module.startswith(f"{room}."):
            return room
    raise LookupError(f"{module} stands in no room; tests/layers.py lists them")


def arrows() -> dict[str, set[str]]:
    """Each room with the rooms that it imports from."""
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for path in sources():
        if (module := module_of(path)) in EMPTY:
            continue
        room = room_of(module)
        found[room] |= {
            room_of(name) for name in imports(path) if name.startswith("newsmill.") and name not in EMPTY
        } - {room}
    return found


def drawing() -> str:
    """The rooms as a Mermaid flowchart, an arrow from each to what it imports from directly.

    An arrow that two others replace is left out, as is what nearly every room imports.
    """
    everywhere = {"newsmill.errors", "newsmill.plain", "newsmill.schemas", "newsmill.config"}
    found = {room: others - everywhere for room, others in arrows().items()}
    lines = ["```mermaid", "flowchart BT"]
    lines += [f'    {_short(room)}["{_short(room)}"]' for room in ROOMS if room not in everywhere]
    for room, others in found.items():
        through = {far for near in others for far in _reached(near, found)}
        lines += [f"    {_short(room)} --> {_short(other)}" for other in ROOMS if other in others - through]
    return "\n".join([*lines, "```"])


def _reached(room: str, found: dict[str, set[str]]) -> Iterator[str]:
    for other in found[room]:
        yield other
        yield from _reached(other, found)


def _short(room: str) -> str:
    return room.rpartition(".")[2]


def drawn(text: str, picture: str) -> str:
    """A document with the drawing in the place that is marked for it."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{picture}\n{_END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        DRAWN_IN.write_text(drawn(DRAWN_IN.read_text(), drawing()))
    else:
        sys.stdout.write(drawing() + "\n")
