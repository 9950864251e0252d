"""The phases over staged rows: what costs what, and that copies never point at nothing."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from newsmill.config import DedupeConfig, Settings
from newsmill.schemas.rows import Article, Duplicate, RawDocument, Rejection
from newsmill.schemas.words import ContentKind, DuplicateMethod, Reason, Stage
from newsmill.tasks.extract.stage import extract_all
from newsmill.tasks.read.stage import Tally
from newsmill.tasks.run.attempt import run_id
from newsmill.tasks.run.tombstones import Tombstones
from newsmill.tasks.validate.stage import part_orphans, without

LATEST = datetime(2026, 1, 7, tzinfo=UTC)
PARAGRAPH = "<p>The council voted on Monday to rebuild the old bridge over the river after a long debate.</p>"


def document(name: str, content: str, source: str = "s") -> RawDocument:
    return RawDocument(input_id=name, source=source, kind=ContentKind.HTML, content=content.encode(), raw_uri=name)


def duplicate(of: str) -> Duplicate:
    return Duplicate(
        input_id="b",
        article_id="b" * 16,
        url=None,
        duplicate_of=of,
        duplicate_of_date=date(2026, 1, 5),
        method=DuplicateMethod.SAME_TEXT,
        similarity=1.0,
        containment=1.0,
        title=None,
        source="s",
        published_at=None,
        hostname=None,
        wire_agency=None,
        text_hash="0" * 64,
        text=None,
    )


def test_a_page_that_takes_too_long_costs_itself_alone() -> None:
    cells = "<table>" + "<tr>" + "<td>a" * 3_000_000 + "</table>"
    documents = [
        document("first", f"<article>{PARAGRAPH * 4}</article>"),
        document("endless", f"<article>{cells}</article>"),
        document("last", f"<article><h1>Bridge</h1>{PARAGRAPH * 5}</article>"),
    ]

    first, endless, last = extract_all(documents, Settings(workers=1, page_seconds=6), LATEST)

    assert isinstance(first, Article)
    assert isinstance(endless, Rejection)
    assert (endless.input_id, endless.stage, endless.reason) == ("endless", Stage.EXTRACT, Reason.TIMEOUT)
    assert isinstance(last, Article)


def test_the_identity_of_a_run_follows_everything_that_changes_its_rows() -> None:
    day = date(2026, 1, 5)
    same = run_id(day, "0" * 64, "0" * 64, Settings())

    assert run_id(day, "0" * 64, "0" * 64, Settings(lake="elsewhere", workers=9)) == same
    others = {
        run_id(date(2026, 1, 6), "0" * 64, "0" * 64, Settings()),
        run_id(day, "1" * 64, "0" * 64, Settings()),
        run_id(day, "0" * 64, "1" * 64, Settings()),
        run_id(day, "0" * 64, "0" * 64, Settings(dedupe=DedupeConfig(similarity=0.7))),
        run_id(day, "0" * 64, "0" * 64, Settings(page_seconds=1)),
    }
    assert len(others | {same}) == 6


def test_inputs_are_counted_told_apart_and_heard_by_source() -> None:
    one, other = Tally(Tombstones()), Tally(Tombstones())
    rejection = Rejection(
        input_id="x", url=None, stage=Stage.READ, reason=Reason.EMPTY, detail="", expectation=None, raw_uri=None
    )

    kept = list(one.over([document("a", "1", "wire"), rejection, document("b", "2", "local")]))
    list(other.over([document("a", "1", "wire"), rejection, document("b", "3", "local")]))

    assert [found.input_id for found in kept] == ["a", "b"]
    assert (one.count, one.heard, one.rejections) == (3, {"wire", "local"}, [rejection])
    assert one.digest.hexdigest() != other.digest.hexdigest()


def test_a_copy_of_a_rejected_article_is_rejected_too() -> None:
    resolved, orphans = part_orphans([duplicate("a" * 16), duplicate("0" * 16)], {"a" * 16})

    assert [found.duplicate_of for found in resolved] == ["a" * 16]
    assert [(found.stage, found.reason) for found in orphans] == [(Stage.DEDUPE, Reason.ORIGINAL_REJECTED)]


@pytest.mark.parametrize(("rejected", "left"), [(set(), ["a", "b", "a"]), ({"a"}, ["b"]), ({"a", "b"}, [])])
def test_rows_of_rejected_articles_are_left_out(rejected: set[str], left: list[str]) -> None:
    rows = pa.table({"article_id": ["a", "b", "a"]})

    assert without(rows, rejected).column("article_id").to_pylist() == left
