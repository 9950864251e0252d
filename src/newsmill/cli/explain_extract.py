"""``newsmill extract --explain``: which lines of a document were taken for its article, and why."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from rich.console import Console
from rich.text import Text

from newsmill.errors import UsageError
from newsmill.isolate import Failure, Workers
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.tasks.extract.explain import ExplainedLine, Explanation, explain_document

_WIDTH = 34
"""Columns for the reason of a line."""

_STYLES = {"text": "green", "title": "bold cyan", "byline": "yellow"}
_MARKS = {"text": "+", "title": "#", "byline": "@"}


def explain_extraction(raw: RawDocument, *, seconds: float, memory_mb: int, latest: datetime) -> Explanation:
    """The explanation of a document, made under limits of time and memory. Raises UsageError beyond them."""
    with Workers(1, partial(_start, latest), seconds=seconds, memory_mb=memory_mb) as workers:
        (answer,) = workers.map([raw])
    if isinstance(answer, Failure):
        raise UsageError(f"{raw.input_id}: {answer.reason}: {answer.detail}")
    result: Explanation = answer
    return result


def _start(latest: datetime) -> Callable[[RawDocument], Explanation]:
    return partial(explain_document, latest=latest)


def without_furniture(explained: Explanation, told: Mapping[str, str]) -> Explanation:
    """The explanation with the lines that were cut for what other pages of the host have, ``told`` with why."""
    lines = (
        line._replace(verdict="cut", why=why)
        if line.verdict == "text" and (why := told.get(line.text.strip()))
        else line
        for line in explained.lines
    )
    return replace(explained, lines=tuple(lines))


def extraction_as_json(explained: Explanation) -> str:
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


def show_extraction(console: Console, explained: Explanation) -> None:
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
