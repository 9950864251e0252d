"""A mistake of ours ends one source, page or date, is told by a hash, and the rest goes on."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsmill.boundary import Unforeseen, awaited_within, iterated_within, within
from newsmill.errors import StorageError
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.recognise import recognise
from newsmill.tasks.inputs.source import Limits
from newsmill.tasks.read import sources
from newsmill.tasks.read.sources import read_sources, source_of

TOLD = re.compile(r"ZeroDivisionError: division by zero \(traceback [0-9a-f]{12}\)")


def mistaken(number: int = 0) -> float:
    return 1 / number


async def mistaken_later() -> float:
    return mistaken()


def some_then_mistaken() -> Iterator[float]:
    yield mistaken(1)
    yield mistaken(0)


@pytest.fixture
def catching(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is where newsmill runs, not in its tests."""
    monkeypatch.delenv("NEWSMILL_UNFORESEEN")


@pytest.mark.usefixtures("catching")
def test_what_nobody_foresaw_is_one_line_with_the_hash_of_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    found = [within("a page", mistaken) for _ in range(2)]

    assert isinstance(found[0], Unforeseen)
    assert TOLD.fullmatch(found[0].detail)
    assert found[0] == found[1]
    assert f"a page was ended by a mistake of newsmill's own: {found[0].detail}" in caplog.messages
    assert "in mistaken" in caplog.text


@pytest.mark.usefixtures("catching")
def test_other_places_have_other_hashes() -> None:
    assert within("a page", mistaken) != within("a page", lambda: 1 / 0)


@pytest.mark.usefixtures("catching")
def test_what_is_waited_for_and_what_is_gone_through_is_caught_too() -> None:
    awaited = asyncio.run(awaited_within("a source", mistaken_later()))
    first, last = iterated_within("a source", some_then_mistaken())

    assert isinstance(awaited, Unforeseen)
    assert first == 1
    assert isinstance(last, Unforeseen)


@pytest.mark.usefixtures("catching")
def test_what_is_foreseen_passes() -> None:
    def lost() -> None:
        raise StorageError("the store does not answer")

    with pytest.raises(StorageError):
        within("a date", lost)


def test_in_tests_nothing_is_caught() -> None:
    with pytest.raises(ZeroDivisionError):
        within("a page", mistaken)
    with pytest.raises(ZeroDivisionError):
        list(iterated_within("a source", some_then_mistaken()))


LIMITS = Limits(max_bytes=2**20, seconds=10, memory_mb=256)


def read_folder(folder: Path) -> list[RawDocument | Rejection]:
    return list(read_sources([source_of(str(folder))], limits=LIMITS, fetched=lambda _source: ()))


@pytest.mark.usefixtures("catching")
def test_a_file_that_nobody_foresaw_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text("The council met on Monday.")
    real = recognise
    monkeypatch.setattr(
        f"{sources.__name__}.recognise", lambda head, name: mistaken() if name == "b.txt" else real(head, name)
    )

    found = read_folder(tmp_path)

    assert [Path(one.input_id).name for one in found] == ["a.txt", "b.txt", "c.txt"]
    (rejection,) = [one for one in found if isinstance(one, Rejection)]
    assert rejection.reason is Reason.CRASHED
    assert TOLD.fullmatch(rejection.detail)


@pytest.mark.usefixtures("catching")
def test_a_source_that_nobody_foresaw_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The council met on Monday.")
    asked = [source_of("https://example.org/feed"), source_of(str(tmp_path / "a.txt"))]

    found = list(read_sources(asked, limits=LIMITS, fetched=lambda _source: some_then_mistaken()))  # type: ignore[arg-type, return-value]

    assert [type(one) for one in found] == [Rejection, RawDocument]
    assert found[0].input_id == "https://example.org/feed"
