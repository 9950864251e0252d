"""``newsmill extract --explain``: which lines of a document were taken for its article, and why."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from newsmill.errors import UsageError
from newsmill.isolate import Failure, Workers
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.storage import ObjectStore
from newsmill.tasks.extract.explain import ExplainedLine, Explanation, explain_document
from newsmill.tasks.fetch.archive import entry_at, place_of
from newsmill.tasks.fetch.archived import archived_page
from newsmill.tasks.inputs.source import Limits, Source, is_address
from newsmill.tasks.read.sources import read_sources

_ID = re.compile(r"[0-9a-f]{16}")
_RAW_URI = "SELECT raw_uri FROM articles WHERE article_id = '{article_id}' ORDER BY logical_date DESC LIMIT 1"
_WIDTH = 34
"""Columns for the reason of a line."""

_STYLES = {"text": "green", "title": "bold cyan", "byline": "yellow"}
_MARKS = {"text": "+", "title": "#", "byline": "@"}


def find_document(name: str, lake: Callable[[], Lake], *, max_bytes: int) -> RawDocument:
    """The document that a path names, or the source of the article with that id in the lake.

    A document in a file of many is named ``file#id``. Raises UsageError where there is none, or more than one.
    """
    limits = Limits(max_bytes=max_bytes)
    if _ID.fullmatch(name) and not Path(name).exists():
        return _source_of_article(name, lake(), limits)
    if not Path(name).exists() and "#" not in name:
        raise UsageError(f"{name}: there is no such file, and an article's id is 16 hexadecimal digits")
    found = list(_matching(name, limits))
    if not found:
        raise UsageError(f"{name}: no document of that name could be found")
    if len(found) > 1:
        raise UsageError(f"{name} holds several documents; name one of them, such as {found[0].input_id}")
    if isinstance(found[0], Rejection):
        raise UsageError(f"{name}: {found[0].detail}")
    return found[0]


def _source_of_article(article_id: str, lake: Lake, limits: Limits) -> RawDocument:
    rows = query(lake, _RAW_URI.format(article_id=article_id)).to_pylist()
    if not rows:
        raise UsageError(f"no article {article_id} in {lake.uri}")
    uri = str(rows[0]["raw_uri"])
    place = place_of(lake.store, uri)
    items = _matching(uri, limits) if place is None else _archived(lake.store, *place, limits)
    for item in items:
        if isinstance(item, RawDocument):
            return item
    raise UsageError(f"article {article_id}: its source {uri} is not there any more")


def _archived(store: ObjectStore, key: str, offset: int, limits: Limits) -> Iterator[RawDocument | Rejection]:
    """The page whose answer stands at an offset of a segment of the archive."""
    if entry := entry_at(store, key, offset):
        yield archived_page(store, entry, input_id=entry.address, source=entry.note.source, max_bytes=limits.max_bytes)


def _matching(name: str, limits: Limits) -> Iterator[RawDocument | Rejection]:
    """What stands at a path, or at a place ``file#...`` in a file of many, two at most."""
    path, _, place = (name, "", "") if Path(name).exists() else name.rpartition("#")
    if not path or is_address(path):
        return
    count = 0
    for item in read_sources([Source(name="explain", uri=path)], limits=limits, fetched=lambda _: ()):
        if not place or name in {item.input_id, item.raw_uri}:
            yield item
            count += 1
        if count > 1:
            return


def explain(raw: RawDocument, *, seconds: float, memory_mb: int, latest: datetime) -> Explanation:
    """The explanation of a document, made under limits of time and memory. Raises UsageError beyond them."""
    with Workers(1, partial(_start, latest), seconds=seconds, memory_mb=memory_mb) as workers:
        (answer,) = workers.map([raw])
    if isinstance(answer, Failure):
        raise UsageError(f"{raw.input_id}: {answer.reason}: {answer.detail}")
    result: Explanation = answer
    return result


def _start(latest: datetime) -> Callable[[RawDocument], Explanation]:
    return partial(explain_document, latest=latest)


def as_json(explained: Explanation) -> str:
    """The explanation as one JSON object."""
    rejected = explained.rejection
    return json.dumps(
        {
            "id": explained.input_id,
            "rejected": rejected and {"stage": rejected.stage, "reason": rejected.reason, "detail": rejected.detail},
            "method": explained.method,
            "metadata": [{"name": f.name, "value": f.value, "source": f.source} for f in explained.facts],
            "lines": [
                {
                    "line": line.number,
                    "verdict": line.verdict,
                    "why": line.why,
                    "trafilatura": line.trafilatura,
                    "text": line.text,
                }
                for line in explained.lines
            ],
        },
        ensure_ascii=False,
    )


def show(console: Console, explained: Explanation) -> None:
    """Metadata with its sources, then every line with its verdict and why; in colour on a terminal."""
    for fact in explained.facts:
        console.print(
            Text.assemble((f"{fact.name:<16}", "bold"), fact.value, (f"  [{fact.source}]", "dim")), soft_wrap=True
        )
    console.print()
    for line in explained.lines:
        console.print(_shown(line), soft_wrap=True)
    console.print()
    console.print(_summary(explained.method, explained.rejection, explained.lines), soft_wrap=True)


def _shown(line: ExplainedLine) -> Text:
    """The line behind its mark and reason; another opinion is told where it differs."""
    is_kept = line.verdict == "text"
    differs = line.trafilatura is not None and (line.trafilatura == "kept") != is_kept and line.verdict != "title"
    return Text.assemble(
        (f"{_MARKS.get(line.verdict, '-')} ", _STYLES.get(line.verdict, "red")),
        (f"{line.why:<{_WIDTH}} ", "dim"),
        (f"[trafilatura {line.trafilatura} it] " if differs else "", "magenta"),
        (line.text, "" if line.verdict in _STYLES else "dim"),
    )


def _summary(method: str | None, rejection: Rejection | None, lines: Sequence[ExplainedLine]) -> Text:
    if rejection is not None:
        return Text(f"rejected at {rejection.stage}: {rejection.reason}: {rejection.detail}", "bold red")
    kept = sum(line.verdict == "text" for line in lines)
    return Text(f"{kept} of {len(lines)} lines are the article (found by {method})", "bold")
