"""What the website has beside the files of this folder: a page a table, the notebook as a page, a list of decisions.

A hook of MkDocs (``mkdocs.yml``). Links out of this folder, to code and the like, become the names that they show.
"""

import json
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from newsmill.queries import ready_queries
from newsmill.schemas.dictionary import columns_of
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES

DOCS = Path(__file__).parent

_LINK = re.compile(r"\[([^\]]+)\]\(([^)#:\s]+)(#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made of something else."""
    made = {f"tables/{record.table}.md": _table(record) for record in TABLES}
    made |= {"tables/index.md": _tables(), "decisions/index.md": _decisions(), "notebook.md": _notebook()}
    for place, content in made.items():
        files.append(File.generated(config, place, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Let links to folders lead to their pages, and those out of the site be what they show."""

    def mended(found: "re.Match[str]") -> str:
        shown, target, anchor = found[1], found[2], found[3] or ""
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), target))
        if place == "notebook.ipynb":
            return f"[{shown}]({target.removesuffix('ipynb')}md{anchor})"
        if place == "decisions":
            return f"[{shown}]({target.rstrip('/')}/index.md{anchor})"
        if place.startswith(".."):
            return shown
        return found[0]

    return _LINK.sub(mended, markdown)


def _tables() -> str:
    rows = [f"| [{record.table}]({record.table}.md) | {record.grain} |" for record in _sorted()]
    return "\n".join(["# Each table", "", "| table | one row |", "|---|---|", *rows, ""])


def _sorted() -> list[type[Record]]:
    return sorted(TABLES, key=lambda record: record.table)


def _table(record: type[Record]) -> str:
    columns = columns_of(record)
    names = [column["column"] for column in columns if not column["type"].startswith(("list", "struct"))][:4]
    asked = [query for query in ready_queries() if re.search(rf"\b(FROM|JOIN) {record.table}\b", query.sql)]
    parts = [
        f"# {record.table}",
        "",
        f"One row: {record.grain}.",
        "",
        "```sh",
        f'newsmill query "SELECT {", ".join(names)} FROM {record.table} LIMIT 10"',
        f"newsmill export {record.table} {record.table}.parquet",
        "```",
        "",
        "| column | type | null | meaning |",
        "|---|---|---|---|",
        *(f"| {' | '.join(column.values())} |" for column in columns),
    ]
    if asked:
        parts += ["", "## Ready queries over it", ""]
        parts += [f"- `newsmill query {query.name}`: {query.question}" for query in asked]
    return "\n".join([*parts, ""])


def _decisions() -> str:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    titles = [file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for file in files]
    lines = [f"- [{title}]({file.name})" for file, title in zip(files, titles, strict=True)]
    return "\n".join(["# Decisions", "", "What was decided, why, and what it costs.", "", *lines, ""])


def _notebook() -> str:
    cells = json.loads((DOCS / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    parts = ["".join(cell["source"]) for cell in cells]
    return "\n\n".join(
        part if cell["cell_type"] == "markdown" else f"```python\n{part}\n```"
        for cell, part in zip(cells, parts, strict=True)
    )
