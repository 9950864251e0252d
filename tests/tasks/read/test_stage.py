"""Inputs are counted and told apart."""

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.tasks.read.stage import Tally
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
