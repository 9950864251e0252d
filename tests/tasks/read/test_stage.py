"""Inputs are counted and told apart."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.config import Settings
from newsmill.schemas.record import values
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.read.stage import Tally, read_batches
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import RAW
from newsmill.tasks.run.tombstones import Tombstones


def document(name: str, content: str, source: str = "s") -> RawDocument:
    return RawDocument(input_id=name, source=source, kind=ContentKind.HTML, content=content.encode(), raw_uri=name)


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


def test_a_batch_is_so_many_documents_or_fewer_that_are_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.tasks.read.stage.BATCH_BYTES", 1000)
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number, size in enumerate([10, 10, 10, 600, 400, 10]):
        (inputs / f"{number}.txt").write_text("x" * size)
    attempt = Attempt(
        attempt_id="2026-01-05-0a1b",
        logical_date=date(2026, 1, 5),
        sources=(Source(name="in", uri=str(inputs)),),
        settings=Settings(lake=str(tmp_path / "lake"), batch_size=3),
        started_at=datetime(2026, 2, 1, tzinfo=UTC),
    )

    reading = read_batches(attempt)

    staged = [values(attempt.read(RAW, number), "content") for number in range(reading.batches)]
    assert [[len(content) for content in batch] for batch in staged] == [[10, 10, 10], [600, 400], [10]]
