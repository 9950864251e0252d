"""Copies never point at nothing, and nothing of a rejected article is left."""

from datetime import date

import pyarrow as pa
import pytest

from newsmill.schemas.rows import Duplicate
from newsmill.schemas.words import DuplicateMethod, Reason, Stage
from newsmill.tasks.validate.stage import part_orphans, without


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


def test_a_copy_of_a_rejected_article_is_rejected_too() -> None:
    resolved, orphans = part_orphans([duplicate("a" * 16), duplicate("0" * 16)], {"a" * 16})

    assert [found.duplicate_of for found in resolved] == ["a" * 16]
    assert [(found.stage, found.reason) for found in orphans] == [(Stage.DEDUPE, Reason.ORIGINAL_REJECTED)]


@pytest.mark.parametrize(("rejected", "left"), [(set(), ["a", "b", "a"]), ({"a"}, ["b"]), ({"a", "b"}, [])])
def test_rows_of_rejected_articles_are_left_out(rejected: set[str], left: list[str]) -> None:
    rows = pa.table({"article_id": ["a", "b", "a"]})

    assert without(rows, rejected).column("article_id").to_pylist() == left
