"""The stages as filters, or what one of them makes of a single document: extract, enrich, dedupe."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from newsmill.cli.options import Output, example, output_option, settings_options, workers_option
from newsmill.cli.show import console, say
from newsmill.config import Settings, load_settings
from newsmill.plain import shown


@click.command(epilog=example("newsmill extract < pages.jsonl > articles.jsonl"))
@click.option("--explain", "name", metavar="ID|FILE", help="Show each line of one document with its verdict and why.")
@workers_option
@settings_options
@output_option
def extract(name: str | None, workers: int | None, config: Path | None, lake: str | None, output: Output) -> None:
    """Filter: {id, url?, html | html_b64 | text, title?} lines to {id, title, authors, date, language, text} lines.

    What a line with a text states (title, date, authors, publication, ...) is kept, and its text is the article whole.

    With --explain, no filter: why each line of a file, or of the source of an article in the lake, was kept or cut.
    """
    settings = load_settings(config, lake=lake)
    if name is not None:
        _explain_extraction(name, settings, output)
        return
    from newsmill.cli.line_filters import extract_lines

    _pipe(
        extract_lines(
            _stdin(),
            workers=_count(workers, settings),
            seconds=settings.page_seconds,
            memory_mb=settings.page_memory_mb,
            max_bytes=_max_bytes(settings),
            latest=_latest(),
        )
    )


def _explain_extraction(name: str, settings: Settings, output: Output) -> None:
    from newsmill.cli import explain_extract
    from newsmill.cli.origin import find_document, furniture_told, is_article_id
    from newsmill.tasks.run.attempt import open_lake

    document = find_document(name, partial(open_lake, settings), max_bytes=_max_bytes(settings))
    explained = explain_extract.explain_extraction(
        document,
        seconds=settings.page_seconds,
        memory_mb=settings.page_memory_mb,
        latest=document.fetched_at or _latest(),
    )
    if is_article_id(name):
        told = furniture_told(open_lake(settings), name, settings.dedupe.window_days)
        explained = explain_extract.without_furniture(explained, told)
    if output == "json":
        say(explain_extract.extraction_as_json(explained))
    else:
        explain_extract.show_extraction(console(), explained)


@click.command(epilog=example("newsmill enrich < articles.jsonl > enriched.jsonl"))
@click.option("--explain", "name", metavar="ID|FILE", help="Show one article with its names, quotations and speakers.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="With --explain: write a page.")
@workers_option
@settings_options
def enrich(name: str | None, page: Path | None, workers: int | None, config: Path | None, lake: str | None) -> None:
    """Filter: {id, text} lines to {id, entities, quotes, indirect} lines.

    With --explain, no filter: the article of a file, or one of the lake, marked in colours or as an HTML page.
    """
    settings = load_settings(config, lake=lake)
    if name is not None:
        _explain_enrichment(name, page, settings)
        return
    if page is not None:
        raise click.UsageError("--html goes with --explain")
    from newsmill.cli.line_filters import enrich_lines
    from newsmill.tasks.run.authority import authority_rows

    authority_rows(settings)  # a wrong file is told before anything is read
    _pipe(enrich_lines(_stdin(), settings, workers=_count(workers, settings)))


def _explain_enrichment(name: str, page: Path | None, settings: Settings) -> None:
    from newsmill.cli import explain_enrich
    from newsmill.tasks.run.attempt import open_lake

    explained = explain_enrich.explain_enrichment(
        name,
        partial(open_lake, settings),
        model=settings.model,
        seconds=settings.page_seconds,
        memory_mb=settings.page_memory_mb,
        max_bytes=_max_bytes(settings),
        latest=_latest(),
    )
    if page is None:
        explain_enrich.show_enrichment(console(), explained)
    else:
        page.write_text(explain_enrich.enrichment_page(explained), encoding="utf-8")
        say(f"wrote {page}")


@click.command(epilog=example("newsmill dedupe < articles.jsonl > clusters.jsonl"))
@workers_option
@settings_options
def dedupe(workers: int | None, config: Path | None, lake: str | None) -> None:  # noqa: ARG001 - as the other filters
    """Filter: {id, text, date?} lines to {id, cluster, duplicate_of, method, similarity, containment} lines."""
    from newsmill.cli.line_filters import dedupe_lines

    rules = load_settings(config, lake=lake).dedupe
    _pipe(dedupe_lines(_stdin(), rules))


def _count(workers: int | None, settings: Settings) -> int:
    return workers or settings.workers or os.cpu_count() or 1


def _max_bytes(settings: Settings) -> int:
    return int(settings.max_document_mb * 2**20)


def _latest() -> datetime:
    """No document is younger than this, whatever the time zone that its date is given in."""
    return datetime.now(UTC) + timedelta(days=1)


def _stdin() -> BinaryIO:
    """Standard input as an object of its own: a thread may still be reading it when the interpreter shuts down."""
    return open(0, "rb", closefd=False)


def _pipe(answers: Iterable[Mapping[str, object]]) -> None:
    """One JSON line an answer, at once, so that a reader downstream does not wait."""
    for answer in answers:
        sys.stdout.write(shown(json.dumps(answer, ensure_ascii=False)) + "\n")
        sys.stdout.flush()
