"""Ready queries over the tables, in files of SQL that begin with the question that they answer."""

from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class ReadyQuery:
    """A query with its name, the question that it answers, and its SQL in DuckDB's dialect."""

    name: str
    question: str
    sql: str


def ready_queries() -> list[ReadyQuery]:
    """All of them, by name."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".sql"))
    found = ((file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")) for file in files)
    return [ReadyQuery(name, _question(sql), sql) for name, sql in sorted(found)]


def _question(sql: str) -> str:
    """The comment at the top, as one line."""
    lines = (line.removeprefix("--").strip() for line in sql.splitlines() if line.startswith("--"))
    return " ".join(lines)
