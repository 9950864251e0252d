"""Print the extraction table of the evaluation: newsmill and trafilatura side by side, figures and pages a second.

    python benchmarks/extract.py DATA/html_zyte.dev.jsonl.gz DATA/lines.dev.jsonl.gz ... [--limit N]

Pages hold {"id", "url", "html" or "html_b64", "text", "title"?, "date"?}; texts hold {"id", "lines": [{"t", "l"}]}.
Text is scored by the article-extraction-benchmark's 4-word shingles, averaged over pages; titles and days by equality;
lines one by one over the whole text. trafilatura runs with its defaults and metadata, and gets the lines of a text as
HTML paragraphs.
"""

import argparse
import base64
import gzip
import html
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from newsmill.schemas.rows import Article, RawDocument
from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract import extract_article

LATEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What a system made of a document."""

    text: str
    title: str | None = None
    day: str | None = None


def by_newsmill(row: dict[str, Any]) -> Found:
    """The document through newsmill's extract stage."""
    kind, content = content_of(row)
    raw = RawDocument(
        input_id=row["id"], source="benchmark", kind=kind, content=content, url=row.get("url"), raw_uri=row["id"]
    )
    found = extract_article(raw, latest=LATEST)
    if not isinstance(found, Article):
        return Found("")
    return Found(found.text, found.title, f"{found.published_at:%Y-%m-%d}" if found.published_at else None)


def by_trafilatura(row: dict[str, Any]) -> Found:
    """The document through trafilatura."""
    kind, content = content_of(row)
    if kind is ContentKind.TEXT:
        lines = "".join(f"<p>{html.escape(x['t'])}</p>" for x in row["lines"])
        content = f"<html><body>{lines}</body></html>".encode()
    found = bare_extraction(content, url=row.get("url"), with_metadata=True)
    if found is None or isinstance(found, dict):
        return Found("")
    return Found(found.text or "", found.title, found.date)


def content_of(row: dict[str, Any]) -> tuple[ContentKind, bytes]:
    """A row's bytes and what they are."""
    if "lines" in row:
        return ContentKind.TEXT, "\n".join(x["t"] for x in row["lines"]).encode()
    return ContentKind.HTML, base64.b64decode(row["html_b64"]) if row.get("html_b64") else row["html"].encode()


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words with their counts; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def text_score(rows: Sequence[dict[str, Any]], found: Sequence[Found]) -> float | None:
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


def line_score(rows: Sequence[dict[str, Any]], found: Sequence[Found]) -> float | None:
    """F1 of kept lines over all lines with a label."""
    right = wrong = missed = 0
    for row, one in zip(rows, found, strict=True):
        kept = {" ".join(line.split()) for line in one.text.split("\n")}
        for line in row.get("lines", ()):
            is_kept = " ".join(line["t"].split()) in kept
            right += line["l"] == 1 and is_kept
            wrong += line["l"] == 0 and is_kept
            missed += line["l"] == 1 and not is_kept
    return f1(right / (right + wrong), right / (right + missed)) if right else None


def title_score(rows: Sequence[dict[str, Any]], found: Sequence[Found]) -> float | None:
    """Share of titles that are equal but for case and punctuation."""
    pairs = [(r["title"], one.title) for r, one in zip(rows, found, strict=True) if r.get("title") and r.get("text")]
    same = sum(re.findall(r"\w+", a.lower()) == re.findall(r"\w+", (b or "").lower()) for a, b in pairs)
    return same / len(pairs) if pairs else None


def date_score(rows: Sequence[dict[str, Any]], found: Sequence[Found]) -> float | None:
    """F1 of days of publication."""
    pairs = [(r["date"][:10], one.day) for r, one in zip(rows, found, strict=True) if isinstance(r.get("date"), str)]
    given, right = sum(day is not None for _, day in pairs), sum(a == b for a, b in pairs)
    return f1(right / given, right / len(pairs)) if given else None


SYSTEMS: dict[str, Callable[[dict[str, Any]], Found]] = {"newsmill": by_newsmill, "trafilatura": by_trafilatura}
SCORES = {"text F1": text_score, "lines F1": line_score, "title": title_score, "date F1": date_score}


def main() -> None:
    """Run both systems over each file and print a row for each figure that the file has gold for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--limit", type=int, help="only the first N documents of each file")
    given = options.parse_args()
    print("| set | figure | " + " | ".join(SYSTEMS) + " |\n|---|---|" + "---|" * len(SYSTEMS))
    for path in given.files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines][: given.limit]
        results, speeds = [], []
        for system in SYSTEMS.values():
            start = time.perf_counter()
            results.append([system(row) for row in rows])
            speeds.append(len(rows) / (time.perf_counter() - start))
        name = path.name.split(".")[0]
        for figure, score in SCORES.items():
            values = [score(rows, found) for found in results]
            if any(value is not None for value in values):
                print(f"| {name} | {figure} | " + " | ".join(f"{value or 0:.3f}" for value in values) + " |")
        print(f"| {name} | documents/s | " + " | ".join(f"{speed:.1f}" for speed in speeds) + " |", flush=True)


if __name__ == "__main__":
    main()
