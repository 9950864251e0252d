"""The children that extract. Neither they nor who only starts them carry what the rest of the stage works with.

One pool of children a kind and process serves all batches and all runs of a backfill.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from newsmill.config import Settings
from newsmill.isolate import Workers
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.tasks.inputs.fingerprint import shingles, sketch
from newsmill.tasks.run.workers import worker_count

if TYPE_CHECKING:  # only the children pay for importing it
    from newsmill.tasks.extract.article import Extracted

type Found = "tuple[Extracted, bytes] | Rejection"
"""An article with its links and the sketch of its text, or why there is none."""


def extractors(settings: Settings) -> Workers:
    """Children that extract one document a call, within limits of time and memory."""
    return _extractors(worker_count(settings), settings.page_seconds, settings.page_memory_mb)


@cache
def _extractors(count: int, seconds: float, memory_mb: int) -> Workers:
    return Workers(count, start_extracting, seconds=seconds, memory_mb=memory_mb)


def start_extracting() -> Callable[[tuple[RawDocument, datetime]], Found]:
    """What extracting children do: the extractor is imported once, then each applies it."""
    from newsmill.tasks.extract.article import extract_document, load_models  # noqa: PLC0415

    load_models()

    def extract(item: tuple[RawDocument, datetime]) -> Found:
        found = extract_document(item[0], latest=item[1])
        return found if isinstance(found, Rejection) else (found, sketch(shingles(found.article.text)))

    return extract
