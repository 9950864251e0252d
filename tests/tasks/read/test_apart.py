"""Reading apart: small files that unpack without end cost a child process, and packed ones that are cut the rest."""

import gzip
import io
import json
import resource
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.limits import FREE_SIZE
from newsmill.tasks.formats.recognise import Format
from newsmill.tasks.inputs.source import Limits, Source
from newsmill.tasks.read.sources import format_of, read_sources

SMALL = Limits(memory_mb=300)
ENDS = (Reason.OUT_OF_MEMORY, Reason.TOO_LARGE)
"""Whichever bound is met first."""


def read(path: Path, limits: Limits = SMALL) -> list[RawDocument | Rejection]:
    return list(read_sources([Source(name="s", uri=str(path))], limits=limits, fetched=lambda _: ()))


def outcomes(path: Path) -> list[Reason | None]:
    return [item.reason if isinstance(item, Rejection) else None for item in read(path)]


def repeated(*names: str) -> bytes:
    """A table of some thousand bytes, of which each column is a long text many times over."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 1_000_000]))
    file = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(names, text)), file, compression="zstd", write_statistics=False)
    return file.getvalue()


@pytest.mark.parametrize("names", [("html",), ("title", "date", "body")], ids=["of pages", "of articles"])
def test_a_small_table_that_is_a_long_text_many_times_costs_its_rest(tmp_path: Path, names: tuple[str, ...]) -> None:
    content = repeated(*names)
    (tmp_path / "a.parquet").write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = outcomes(tmp_path / "a.parquet")

    assert len(content) < 10_000
    assert found[-1] in ENDS
    assert found.count(None) <= 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_what_unpacks_to_hundreds_of_times_its_size_is_ended_though_it_fits_in_memory(tmp_path: Path) -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int32()), pa.array(["x" * 10_000]))
    pq.write_table(pa.table({"html": text}), tmp_path / "a.parquet", compression="zstd", write_statistics=False)

    *pages, end = outcomes(tmp_path / "a.parquet")

    assert end is Reason.TOO_LARGE
    assert set(pages) == {None}
    assert len(pages) <= FREE_SIZE // 10_000


def test_after_one_that_costs_a_child_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(repeated("html"))
    (tmp_path / "b.json").write_text(json.dumps([{"title": "Bridge", "text": "It is closed."}]))

    *_, cut, whole = outcomes(tmp_path)
    assert cut in ENDS
    assert whole is None


def lines(count: int) -> str:
    return "".join(f"{json.dumps({'title': f'Story {n}', 'text': f'Bridge {n} is closed.'})}\n" for n in range(count))


def rows(count: int) -> str:
    return "title,text\n" + "".join(f'Story {n},"Bridge {n} is closed, {n**5}."\n' for n in range(count))


@pytest.mark.parametrize("write", [lines, rows], ids=["json-lines", "csv"])
def test_a_packed_file_that_is_cut_gives_what_is_whole(tmp_path: Path, write: Callable[[int], str]) -> None:
    text = write(20_000)
    packed = gzip.compress(text.encode())
    (tmp_path / "whole.gz").write_bytes(packed)
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])

    whole, cut = read(tmp_path / "whole.gz"), read(tmp_path / "cut.gz")

    assert [type(item) for item in whole] == [RawDocument] * 20_000
    *documents, last = cut
    assert isinstance(last, Rejection)
    assert last.reason is Reason.BAD_ARCHIVE
    assert 5_000 < len(documents) < 15_000
    for item, same in zip(documents, whole, strict=False):
        assert isinstance(item, RawDocument)
        assert isinstance(same, RawDocument)
        assert item.content == same.content


def test_what_unpacks_without_end_is_left_packed(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"title,text\n" + b"a,b\n" * 10_000_000))

    assert outcomes(tmp_path) == [Reason.TOO_LARGE]


def test_a_packed_file_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(rows(3).encode()))

    assert format_of(str(tmp_path / "a.gz")) is Format.CSV
    assert format_of(str(tmp_path / "none")) is None
