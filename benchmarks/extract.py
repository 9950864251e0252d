"""Print the extraction table of the evaluation: newsmill and its peers side by side, figures and pages a second.

    python benchmarks/extract.py DATA/html_zyte.dev.jsonl.gz DATA/lines.dev.jsonl.gz ... [--limit N] [--rounds N]

Pages hold {"id", "url", "html" or "html_b64", "text", "title"?, "date"?}; texts hold {"id", "lines": [{"t", "l"}]} with
labels 1 keep, 0 drop, -1 unknown, or, where a row has a "headline", 1 headline, 2 body, 3 supplement, else drop.

Text is scored by the article-extraction-benchmark's 4-word shingles, averaged over pages; titles and days by equality;
lines one by one, over the whole text and over its core (3 lines ahead of the first kept line to 15 behind the last).
The peers run with their defaults (trafilatura with its metadata) and get the lines of a text as HTML paragraphs.
readability-lxml and jusText take part where they are installed. Speed is processor time in one process: all systems in
turn over the same documents, several times; the median, and the median of the ratios to trafilatura.
"""

import argparse
import base64
import gzip
import html
import importlib.util
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from lxml.html import document_fromstring
from trafilatura import bare_extraction

from newsmill.schemas.rows import Article, RawDocument
from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract import extract_article, load_models

LATEST = datetime(2100, 1, 1, tzinfo=UTC)

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a system made of a document."""

    text: str
    title: str | None = None
    day: str | None = None


def by_newsmill(row: Row) -> Found:
    """The document through newsmill's extract stage."""
    kind, content = content_of(row)
    raw = RawDocument(
        input_id=row["id"], source="benchmark", kind=kind, content=content, url=row.get("url"), raw_uri=row["id"]
    )
    found = extract_article(raw, latest=LATEST)
    if not isinstance(found, Article):
        return Found("")
    return Found(found.text, found.title, found.published_on.isoformat() if found.published_on else None)


def by_trafilatura(row: Row) -> Found:
    """The document through trafilatura."""
    found = bare_extraction(markup_of(row), url=row.get("url"), with_metadata=True)
    if found is None or isinstance(found, dict):
        return Found("")
    return Found(found.text or "", found.title, found.date)


def by_readability(row: Row) -> Found:
    """The document through readability-lxml, whose article is HTML."""
    from readability import Document  # type: ignore[import-not-found]  # noqa: PLC0415  # a peer, not a dependency

    found = Document(markup_of(row).decode("utf-8", "replace"))
    tree = document_fromstring(found.summary() or "<p></p>")
    blocks = [" ".join(e.itertext()) for e in tree.iter("p", "li", "h2", "h3", "h4", "blockquote", "pre", "td")]
    return Found("\n".join(blocks) or tree.text_content(), found.short_title())


def by_justext(row: Row) -> Found:
    """The document through jusText with its English stop words."""
    import justext  # noqa: PLC0415  # a peer, not a dependency

    paragraphs = justext.justext(markup_of(row), justext.get_stoplist("English"))
    return Found("\n".join(p.text for p in paragraphs if not p.is_boilerplate))


def content_of(row: Row) -> tuple[ContentKind, bytes]:
    """A row's bytes and what they are."""
    if "lines" in row:
        return ContentKind.TEXT, "\n".join(x["t"] for x in row["lines"]).encode()
    return ContentKind.HTML, base64.b64decode(row["html_b64"]) if row.get("html_b64") else row["html"].encode()


def markup_of(row: Row) -> bytes:
    """A row's bytes as HTML."""
    if "lines" not in row:
        return content_of(row)[1]
    lines = "".join(f"<p>{html.escape(x['t'])}</p>" for x in row["lines"])
    return f"<html><body>{lines}</body></html>".encode()


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words with their counts; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def text_score(rows: Sequence[Row], found: Sequence[Found]) -> float | None:
    """F1 of precision (pages with output) and recall, each averaged over pages."""
    precisions, recalls = [], []
    for row, one in zip(rows, found, strict=True):
        if row.get("text"):
            gold, mine = shingles(row["text"]), shingles(one.text)
            hits = (gold & mine).total()
            recalls.append(hits / gold.total())
            if mine:
                precisions.append(hits / mine.total())
    return f1(sum(precisions) / len(precisions), sum(recalls) / len(recalls)) if precisions else None


def labels_of(row: Row) -> list[int]:
    """1 for lines to keep, 0 for lines to drop, -1 for lines that do not count."""
    marks = [x["l"] for x in row.get("lines", ())]
    return [{1: 1, 2: 1, 3: -1}.get(mark, 0) for mark in marks] if "headline" in row else marks


def line_score(rows: Sequence[Row], found: Sequence[Found], *, core: bool) -> float | None:
    """F1 of kept lines, over all lines with a label or those of the core."""
    counts: Counter[tuple[int, bool]] = Counter()
    for row, one in zip(rows, found, strict=True):
        labels = labels_of(row)
        if 1 not in labels:
            continue
        lines = [" ".join(line.split()) for line in one.text.split("\n")]
        whole, output = set(lines), "\n".join(lines)
        first, last = labels.index(1), len(labels) - 1 - labels[::-1].index(1)
        for i, (line, label) in enumerate(zip(row["lines"], labels, strict=True)):
            text = " ".join(line["t"].split())
            if text and label >= 0 and (not core or first - 3 <= i <= last + 15):
                counts[label, text in whole or (text.count(" ") >= 3 and text in output)] += 1
    right, wrong, missed = counts[1, True], counts[0, True], counts[1, False]
    return f1(right / (right + wrong), right / (right + missed)) if right else 0.0 if missed else None


def title_score(rows: Sequence[Row], found: Sequence[Found]) -> float | None:
    """Share of titles that are equal but for case and punctuation."""
    pairs = [
        (row["title"], one.title) for row, one in zip(rows, found, strict=True) if row.get("title") and row.get("text")
    ]
    same = sum(re.findall(r"\w+", a.lower()) == re.findall(r"\w+", (b or "").lower()) for a, b in pairs)
    return same / len(pairs) if pairs else None


def date_score(rows: Sequence[Row], found: Sequence[Found]) -> float | None:
    """F1 of days of publication."""
    pairs = [
        (row["date"][:10], one.day) for row, one in zip(rows, found, strict=True) if isinstance(row.get("date"), str)
    ]
    given, right = sum(day is not None for _, day in pairs), sum(a == b for a, b in pairs)
    return f1(right / given, right / len(pairs)) if given else None


SYSTEMS: dict[str, tuple[str, Callable[[Row], Found]]] = {
    "newsmill": ("newsmill", by_newsmill),
    "trafilatura": ("trafilatura", by_trafilatura),
    "readability-lxml": ("readability", by_readability),
    "jusText": ("justext", by_justext),
}
"""Name to the module that must be there and the call."""

SCORES: dict[str, Callable[[Sequence[Row], Sequence[Found]], float | None]] = {
    "text F1": text_score,
    "core lines F1": lambda rows, found: line_score(rows, found, core=True),
    "all lines F1": lambda rows, found: line_score(rows, found, core=False),
    "title": title_score,
    "date F1": date_score,
}


def seconds(system: Callable[[Row], Found], rows: Sequence[Row]) -> float:
    """Processor seconds for the rows."""
    start = time.process_time()
    for row in rows:
        system(row)
    return time.process_time() - start


def main() -> None:
    """Run the systems over each file and print a row for each figure that the file has gold for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--limit", type=int, help="only the first N documents of each file")
    options.add_argument("--rounds", type=int, default=5, help="how often each system is timed")
    options.add_argument("--timed", type=int, default=40, help="documents of each file that the speed is measured on")
    given = options.parse_args()
    there = {name: call for name, (module, call) in SYSTEMS.items() if importlib.util.find_spec(module)}
    absent = [name for name in SYSTEMS if name not in there]
    if absent:
        print(f"Not installed, so not in the table: {', '.join(absent)}.\n")
    load_models()
    print("| set | figure | " + " | ".join(there) + " |\n|---|---|" + "---|" * len(there))
    for path in given.files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines][: given.limit]
        name = path.name.split(".")[0]
        results = [[call(row) for row in rows] for call in there.values()]
        for figure, score in SCORES.items():
            values = [score(rows, found) for found in results]
            if any(value is not None for value in values):
                print(f"| {name} | {figure} | " + " | ".join(f"{value or 0:.3f}" for value in values) + " |")
        some = rows[:: max(1, len(rows) // given.timed)]
        times = [[seconds(call, some) for call in there.values()] for _ in range(given.rounds)]
        peer = list(there).index("trafilatura")
        cells = [
            f"{len(some) / median(one[i] for one in times):.1f} ({median(one[peer] / one[i] for one in times):.2f}x)"
            for i in range(len(there))
        ]
        print(f"| {name} | documents/s | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
