"""The children that extract. Neither they nor who only starts them carry what the rest of the stage works with.

So what a child gives is made of rows alone: whoever reads it back imports the modules of its types. One pool of
children a kind and process serves all batches and all runs of a backfill.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from newsmill.config import Settings
from newsmill.isolate import Workers
from newsmill.schemas.rows import Article, Link, RawDocument, Rejection
from newsmill.tasks.inputs.fingerprint import shingles, sketch
from newsmill.tasks.run.workers import worker_count

type Found = tuple[Article, Sequence[Link], bytes] | Rejection
"""An article, its links and the sketch of its text, or why there is none."""


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
    sketch(shingles(""))  # what hashing looks up is shared, too

    def extract(item: tuple[RawDocument, datetime]) -> Found:
        found = extract_document(item[0], latest=item[1])
        return found if isinstance(found, Rejection) else (*found, sketch(shingles(found.article.text)))

    return extract
