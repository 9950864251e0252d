"""What the extract stage makes of a page that does not end, of one that was removed, and of when a page was fetched."""

import pickle
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.config import Settings
from newsmill.isolate import Workers
from newsmill.schemas.record import values
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.extract.children import start_extracting
from newsmill.tasks.extract.stage import extract_all, extract_batch
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import EXTRACTED, RAW, REJECTED_AT_EXTRACT
from newsmill.tasks.run.tombstones import Removed, bury
from tests import slow

LATEST = datetime(2026, 1, 7, tzinfo=UTC)
PARAGRAPH = "<p>The council voted on Monday to rebuild the old bridge over the river after a long debate.</p>"


def document(name: str, content: str, source: str = "s") -> RawDocument:
    return RawDocument(input_id=name, source=source, kind=ContentKind.HTML, content=content.encode(), raw_uri=name)


def test_who_reads_what_a_child_found_does_not_import_the_extractor() -> None:
    found = start_extracting()((document("a", f"<article><h1>Bridge</h1>{PARAGRAPH * 5}</article>"), LATEST))

    assert isinstance(found, tuple)
    assert b"newsmill.tasks" not in pickle.dumps(found)


def test_a_page_that_takes_too_long_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))  # where the child finds its module
    page = f"<article><h1>Bridge</h1>{PARAGRAPH * 5}</article>"
    documents = [document(name, page) for name in ("first", slow.ENDLESS, "last")]

    with Workers(1, slow.start, seconds=6) as workers:
        first, endless, last = extract_all(documents, workers, LATEST)

    assert isinstance(first, tuple)
    assert isinstance(endless, Rejection)
    assert (endless.input_id, endless.stage, endless.reason) == (slow.ENDLESS, Stage.EXTRACT, Reason.TIMEOUT)
    assert isinstance(last, tuple)


def test_what_is_removed_stays_out_and_no_page_is_younger_than_its_fetch(tmp_path: Path) -> None:
    attempt = Attempt(
        attempt_id="2026-01-05-0a1b",
        logical_date=date(2026, 1, 5),
        sources=(),
        settings=Settings(lake=str(tmp_path), workers=1),
        started_at=datetime(2026, 2, 1, tzinfo=UTC),
    )
    page = (
        '<html><head><meta property="article:published_time" content="2026-01-06T08:00:00Z"></head>'
        f"<body><article><h1>Bridge</h1>{PARAGRAPH * 5}</article></body></html>"
    )
    kept, fetched_before, by_address, by_id = (
        document(name, page).replace(url=f"https://{name}.example/a") for name in ("kept", "before", "address", "id")
    )
    fetched_before = fetched_before.replace(fetched_at=datetime(2026, 1, 4, tzinfo=UTC))
    attempt.write(RAW, RawDocument.to_arrow([kept, fetched_before, by_address, by_id]), 0)
    bury(attempt.lake.store, Removed.URL, str(by_address.url), LATEST)
    bury(attempt.lake.store, Removed.ARTICLE, article_id(by_id.url, ""), LATEST)

    assert extract_batch(attempt, 0) == Counts(given=4, articles=2)

    rows = attempt.read(EXTRACTED, 0, ["input_id", "published_on"])
    assert dict(zip(*(values(rows, name) for name in rows.column_names), strict=True)) == {
        "kept": date(2026, 1, 6),
        "before": None,
    }
    rejected = Rejection.from_arrow(attempt.read(REJECTED_AT_EXTRACT, 0))
    assert [(found.input_id, found.reason, found.url) for found in rejected] == [
        ("address", Reason.REMOVED, None),
        ("id", Reason.REMOVED, None),
    ]
