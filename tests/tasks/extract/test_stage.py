"""What the extract stage makes of a page that does not end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsmill.isolate import Workers
from newsmill.schemas.rows import Article, RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.extract.stage import extract_all
from tests import slow

LATEST = datetime(2026, 1, 7, tzinfo=UTC)
PARAGRAPH = "<p>The council voted on Monday to rebuild the old bridge over the river after a long debate.</p>"


def document(name: str, content: str, source: str = "s") -> RawDocument:
    return RawDocument(input_id=name, source=source, kind=ContentKind.HTML, content=content.encode(), raw_uri=name)


def test_a_page_that_takes_too_long_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))  # where the child finds its module
    page = f"<article><h1>Bridge</h1>{PARAGRAPH * 5}</article>"
    documents = [document(name, page) for name in ("first", slow.ENDLESS, "last")]

    with Workers(1, slow.start, seconds=6) as workers:
        first, endless, last = extract_all(documents, workers, LATEST)

    assert isinstance(first, Article)
    assert isinstance(endless, Rejection)
    assert (endless.input_id, endless.stage, endless.reason) == (slow.ENDLESS, Stage.EXTRACT, Reason.TIMEOUT)
    assert isinstance(last, Article)
