"""Lists of addresses as people and programs write them."""

import asyncio
import gzip
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.crawl import parse_apart
from newsmill.tasks.fetch.lists import Addresses, addresses_in
from newsmill.tasks.inputs.content import Problem

TWO = ("https://a.example/1", "https://a.example/2")


def table(**columns: "pa.Array[Any]") -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd", write_statistics=False)
    return file.getvalue()


def read(content: str | bytes) -> Addresses | Problem:
    return addresses_in(content if isinstance(content, bytes) else content.encode(), 1_000_000)


LISTS = {
    "lines": "https://a.example/1\n# a comment\n\n  https://a.example/2  \n",
    "lines-with-head": "url\nhttps://a.example/1\nhttps://a.example/2",
    "csv": 'title,url\nOne,https://a.example/1\n"Two, too",https://a.example/2\n',
    "tsv": "\ufefflink\ttitle\nhttps://a.example/1\tOne\nhttps://a.example/2\tTwo\n",
    "csv-without-head": "1;https://a.example/1\n2;https://a.example/2\n",
    "csv-other-name": "Story,Where\nOne,https://a.example/1\nTwo,https://a.example/2\nThree\n",
    "csv-empty-url": "url,link\n,https://a.example/1\nhttps://a.example/2,\n",
    "csv-url-is-a-number": "url,href\n12,https://a.example/1\n13,https://a.example/2\n",
    "csv-row-of-two-lines": 'url,title\nhttps://a.example/1,"One\nand more"\nhttps://a.example/2,Two\n',
    "csv-packed": gzip.compress(b"url,title\nhttps://a.example/1,One\nhttps://a.example/2,Two\n"),
    "utf-16": "url\r\nhttps://a.example/1\r\nhttps://a.example/2".encode("utf-16"),
    "json-lines": '{"id": 1, "url": "https://a.example/1"}\n{"id": 2, "url": "https://a.example/2"}\n',
    "json-lines-first-without": '{"id": 0}\n{"url": "https://a.example/1"}\n{"url": "https://a.example/2"}\n',
    "json-array": '[{"id": 1, "link": "https://a.example/1"}, {"id": 2, "link": "https://a.example/2"}]',
    "json-array-of-strings": '[\n  "https://a.example/1",\n  "https://a.example/2"\n]',
    "json-array-within": '{"count": 2, "found": [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}]}',
    "parquet": table(title=pa.array(["One", "Two"]), url=pa.array(TWO)),
    "parquet-first-is-null": table(page=pa.array([None, *TWO])),
    "parquet-dictionary": table(url=pa.array(TWO).dictionary_encode()),
    "parquet-large": table(url=pa.array(TWO, pa.large_string())),
    "parquet-view": table(url=pa.array(TWO, pa.string_view())),
    "parquet-binary": table(url=pa.array([address.encode() for address in TWO], pa.binary())),
    "parquet-url-is-a-number": table(url=pa.array([1, 2]), page=pa.array(TWO)),
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
def test_lists_of_addresses(content: str | bytes) -> None:
    assert read(content) == Addresses(TWO)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"url": "https://a.example/1"}\n{"url": \n{"url": "https://a.example/2"}\n', "line 2: "),
        ('[{"url": "https://a.example/1"}, {"url": "https://a.example/2"}, {"ur', "the array is broken: "),
        ('url,title\nhttps://a.example/1,"Open\n' + "https://a.example/2,Two\n" * 20, "line 2: a quote that"),
    ],
    ids=["line", "array", "quote"],
)
def test_what_cannot_be_read_costs_itself_and_is_told(content: str, fault: str) -> None:
    found = read(content)

    assert isinstance(found, Addresses)
    assert tuple(dict.fromkeys(found.stated)) == TWO
    assert [told[: len(fault)] for told in found.faults] == [fault]


@pytest.mark.parametrize(
    "content",
    [b'{"url": \n{', b"PAR1", b'{"id": 7}', b"[", b"[]", gzip.compress(b"url\nhttps://a.example/1")[:20]],
    ids=["json", "parquet", "no-column", "array", "empty-array", "gzip"],
)
def test_what_is_no_list_is_a_problem(content: bytes) -> None:
    assert isinstance(read(content), Problem)


def test_a_problem_says_what_there_is() -> None:
    assert read("a,b\n1,2\n") == Problem(Reason.BAD_RECORD, "no column url among a, b")
    assert read("# nothing\n") == Problem(Reason.EMPTY, "a list without addresses")


def test_a_small_table_that_is_a_long_text_many_times_costs_a_child() -> None:
    text = pa.array(["x" * 200_000])
    bomb = table(url=pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), text))

    found = asyncio.run(parse_apart(bomb, "list.parquet", None, is_list=True))

    assert len(bomb) < 50_000
    assert isinstance(found, Problem)
    assert found.reason is Reason.OUT_OF_MEMORY
