"""What files hold, for whoever brings them: ``newsmill sources test``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from newsmill.config import Settings
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract import extract_article
from newsmill.tasks.inputs.source import Limits, Source
from newsmill.tasks.read.sources import format_of, read_sources, source_of

_SHOWN = 3
_LEAD = 80
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file: what it was recognised as, how many inputs it holds, and the first of its rows and problems."""

    name: str
    format: str
    articles: int
    rejected: int
    first: tuple[dict[str, object], ...]
    problems: tuple[str, ...]


def look_into(settings: Settings, path: str) -> list[Seen]:
    """Each file below a path; one that is a configured source is read by its settings."""
    configured = next((source for source in settings.sources if source.uri == path), None)
    source = source_of(path)
    if configured:
        source = Source(name=configured.name, uri=path, columns=configured.columns, clean=configured.clean)
    limits = Limits(
        max_bytes=int(settings.max_document_mb * 2**20),
        seconds=settings.page_seconds,
        memory_mb=settings.page_memory_mb,
    )
    inputs = read_sources([source], limits=limits, fetched=lambda _source: ())
    return [_seen(name, items) for name, items in groupby(inputs, key=lambda item: item.input_id.partition("#")[0])]


def _seen(name: str, items: Iterator[RawDocument | Rejection]) -> Seen:
    articles = rejected = 0
    first: list[dict[str, object]] = []
    problems: list[str] = []
    kind = "nothing that is known"
    for item in items:
        if isinstance(item, Rejection):
            rejected += 1
            if len(problems) < _SHOWN:
                problems.append(f"{item.input_id}: {item.reason}, {item.detail}")
            continue
        articles += 1
        if articles == 1:
            kind = _kind(item)
        if len(first) < _SHOWN:
            first.append(_row(item))
    if not articles and (recognised := format_of(name.replace("%23", "#"))):
        kind = recognised
    return Seen(
        name=name,
        format=kind,
        articles=articles,
        rejected=rejected,
        first=tuple(first),
        problems=tuple(problems),
    )


def _kind(document: RawDocument) -> str:
    """What the file of a document is: its format of the trade, or else the kind of the document."""
    recognised = format_of(document.raw_uri.partition("#")[0])
    return recognised if recognised and document.kind is not ContentKind.HTML else document.kind.value


def _row(document: RawDocument) -> dict[str, object]:
    found = extract_article(document, latest=document.fetched_at or _LATEST)
    if isinstance(found, Rejection):
        return {"title": None, "published_on": None, "publisher": None, "text": f"{found.reason}: {found.detail}"}
    lead = " ".join(found.text[: 2 * _LEAD].split())[:_LEAD]
    return {
        "title": found.title,
        "published_on": found.published_on.isoformat() if found.published_on else None,
        "publisher": found.publisher,
        "text": lead,
    }
