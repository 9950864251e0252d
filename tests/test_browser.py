"""The pages as people see them: in a browser, wide and narrow, light and dark, printed, and by the rules of axe-core.

Without Chromium these tests are skipped, and say so.
"""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsmill.cli.explain_enrich import enrichment_page
from newsmill.overview import render_overview
from newsmill.report import render_difference, render_report
from tests.browser import CHROMIUM, Tab, browser
from tests.cli.test_explain_enrich import TEXT, _explain
from tests.test_overview import day
from tests.test_report import FAILED, HELD, REJECTION

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here, so nothing is known of how the pages look"),
    pytest.mark.xdist_group("browser"),
]

LONG = "a-name-that-nobody-can-break-" * 8
PAGES = ("index", "report", "stopped", "difference", "explained")
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"width": 1280, "dark": False},
    "dark": {"width": 1280, "dark": True},
    "phone": {"width": 390, "dark": False},
    "dark phone": {"width": 390, "dark": True},
}
CONTENT = {
    "date": "2026-01-05",
    "from": "one model",
    "to": LONG,
    "articles": 1200,
    "articles_changed": 3,
    "kept": [{"article_id": LONG, "reason": "timeout", "detail": LONG}],
    "stopped": [LONG],
    "subjects": {
        "speakers": {
            "same": 1,
            "added": 1,
            "gone": 0,
            "changed": 0,
            "examples": [
                {"how": "added", "what": LONG, "before": "", "after": "x", "count": 1, "article_id": LONG, "url": LONG}
            ],
        }
    },
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each kind of page, full of what is long and wide."""
    folder = tmp_path_factory.mktemp("pages")
    days = {f"2026-01-{number:02}": day(sources={"wire": number, LONG: 1}) for number in range(1, 31) if number != 9}
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    failed = FAILED | {"examples": (LONG,), "description": "A rule. " * 20}
    written = {
        "index": render_overview(f"s3://bucket/{LONG}", days),
        "report": render_report({"logical date": "2026-01-05", "sources": LONG}, [HELD, failed], [REJECTION] * 9, []),
        "stopped": render_report({"articles": 0}, [HELD, failed], [REJECTION], [LONG], [LONG]),
        "difference": render_difference(CONTENT),
        "explained": enrichment_page(_explain(folder / "a.txt", folder / "lake")),
    }
    assert tuple(written) == PAGES
    for name, content in written.items():
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as the package carries it."""
    found = importlib.util.find_spec("axe_core_python")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_has_no_complaint(name: str, look: str, pages: Path, tab: Tab, axe: str) -> None:
    """All of its rules, among them that contrast is at least 4.5, in what is folded up too."""
    tab.show((pages / f"{name}.html").as_uri(), **LOOKS[look])
    tab.run("document.querySelectorAll('details').forEach(part => part.open = true)")
    tab.run(axe)

    found = json.loads(tab.run("axe.run().then(found => JSON.stringify(found.violations))"))

    assert [(rule["id"], rule["help"], [node["html"] for node in rule["nodes"][:2]]) for rule in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_no_page_sideways(name: str, pages: Path, tab: Tab) -> None:
    tab.show((pages / f"{name}.html").as_uri(), width=390, height=844)
    tab.run("document.querySelectorAll('details').forEach(part => part.open = true)")

    assert tab.run("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", ["report", "stopped"])
def test_what_is_folded_up_is_printed(name: str, pages: Path, tab: Tab) -> None:
    tab.show((pages / f"{name}.html").as_uri(), media="print")
    tab.run("document.querySelectorAll('details').forEach(part => part.open = false)")

    hidden = tab.run(
        "[...document.querySelectorAll('details table')].filter(part => !part.checkVisibility() || !part.offsetHeight)"
        ".length"
    )

    assert hidden == 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [("port", ["Port opens (wire, 2026-01-30)"]), ("ada", ["Ada Hill: 87 quotations, 1 outlets"]), ("nobody", [])],
)
def test_the_search_finds_titles_and_people(asked: str, found: list[str], pages: Path, tab: Tab) -> None:
    tab.show((pages / "index.html").as_uri())
    typed = f"box.value = '{asked}'; box.dispatchEvent(new Event('input'));"
    lines = tab.run(
        f"{typed} JSON.stringify([...document.querySelectorAll('#found li')].map(line => line.textContent))"
    )

    assert json.loads(lines)[: len(found)] == found
    assert bool(json.loads(lines)) == bool(found)
