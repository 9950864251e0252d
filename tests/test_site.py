"""The website of ``docs/`` is whole and needs nothing from elsewhere; its notebook and its tutorial run."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import altair
import pytest

from newsmill.schemas.rows import TABLES
from tests.test_queries import make_lake

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``make site`` writes; a link that leads nowhere ends it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder


class Addresses(HTMLParser):
    """What a page loads, and where it leads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "link"} and given.get("rel") != "canonical":
            self.loaded += [value for value in (given.get("src"), given.get("href")) if value]
        elif given.get("href"):
            self.linked.append(str(given["href"]))


def test_a_page_a_table_and_every_link_leads_somewhere(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if page.name != "404.html"]
    broken = [
        f"{page.relative_to(site)}: {target}"
        for page in pages
        for target in map(unquote, Addresses(page).linked)
        if not re.match(r"#|https?://|mailto:", target) and not (page.parent / target.partition("#")[0]).exists()
    ]

    assert broken == []
    assert {page.stem for page in (site / "tables").iterdir()} == {"index", *(record.table for record in TABLES)}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = {target for page in site.rglob("*.html") for target in Addresses(page).loaded}
    styles = "".join(style.read_text(encoding="utf-8") for style in site.rglob("*.css"))

    assert loaded
    assert [target for target in loaded if "//" in target] == []
    assert re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", styles) == []


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_lake(tmp_path_factory.mktemp("docs") / "lake").uri


def test_the_notebook_runs_and_keeps_no_output(lake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE", lake)
    cells = json.loads((ROOT / "docs/notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    known: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), known)
            assert (cell["outputs"], cell["execution_count"]) == ([], None)

    charts = {name: value for name, value in known.items() if isinstance(value, altair.Chart)}
    assert charts.keys() == {"who_quotes_whom", "share_of_wire_copy", "coverage"}
    for name, chart in charts.items():
        assert len(chart.data) > 0, f"{name} has no rows"
        drawn = set(re.findall(r'"field": "(\w+)', json.dumps(chart.to_dict())))
        assert drawn <= set(chart.data.columns), name


@pytest.mark.parametrize("document", ["tutorial", "python"])
def test_the_python_of_a_document_runs(
    document: str, lake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lake").symlink_to(lake.removeprefix("file://"))
    text = (ROOT / f"docs/{document}.md").read_text(encoding="utf-8")
    known: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(block, known)

    assert known["newsmill"]
