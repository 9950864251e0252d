import base64
import gzip
import io
import itertools
import json
import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason, Stage
from newsmill.storage import open_store
from newsmill.tasks.inputs.content import (
    charset_of_content_type,
    clean_address,
    decode_content,
    kind_of_content_type,
    parse_moment,
    sniff,
)
from newsmill.tasks.inputs.source import Limits, Source, is_address
from newsmill.tasks.read.records import read_json_lines
from newsmill.tasks.read.sources import read_sources, source_of
from tests.hostile import HostileInput, build_hostile_inputs, http_response, warc_record

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PAGE = b"<html><body><p>The bridge opens in May.</p></body></html>"

type Item = RawDocument | Rejection


def nothing(source: Source) -> list[Item]:
    raise AssertionError(f"{source.uri} is no address to fetch")


def read(*uris: str, limits: Limits | None = None) -> list[Item]:
    return list(read_sources([source_of(uri) for uri in uris], limits=limits or Limits(), fetched=nothing))


def lines(*records: Any, limits: Limits | None = None) -> list[Item]:
    stream = io.BytesIO(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    return list(read_json_lines(stream, uri="a.jsonl", source="s", limits=limits or Limits()))


def document(item: Item) -> RawDocument:
    assert isinstance(item, RawDocument), item
    return item


def outcomes(items: list[Item]) -> list[Reason | None]:
    return [item.reason if isinstance(item, Rejection) else None for item in items]


def ids(items: list[Item]) -> list[str]:
    return [item.input_id for item in items]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[HostileInput]]:
    folder = tmp_path_factory.mktemp("hostile")
    inputs = build_hostile_inputs(folder)
    yield inputs
    # Sparse or not, nobody wants to keep these.
    for huge in (folder / "huge").iterdir():
        huge.unlink()


def test_there_are_at_least_fifty_hostile_inputs(hostile: list[HostileInput]) -> None:
    assert len({given.uri for given in hostile}) == len(hostile) >= 50


def test_each_hostile_input_comes_to_its_outcome(hostile: list[HostileInput]) -> None:
    for expected in hostile:
        items = read(expected.uri)

        assert (expected.uri, tuple(outcomes(items))) == (expected.uri, expected.outcomes)
        for item in items:
            assert item.input_id, expected.uri
            if isinstance(item, Rejection):
                assert item.stage == Stage.READ
                assert 0 < len(item.detail) < 300
                assert "\n" not in item.detail
                assert item.raw_uri is not None


def test_hostile_inputs_in_one_run_fit_arrow_and_have_ids_of_their_own(hostile: list[HostileInput]) -> None:
    items = read(*(given.uri for given in hostile), *(given.uri for given in hostile[:50]))

    assert len(set(ids(items))) == len(items)
    documents = [item for item in items if isinstance(item, RawDocument)]
    rejections = [item for item in items if isinstance(item, Rejection)]
    table = Rejection.to_arrow(rejections)
    assert table.num_rows == len(rejections)
    assert Rejection.from_arrow(table) == rejections
    assert [found.input_id for found in RawDocument.from_arrow(RawDocument.to_arrow(documents))] == [
        found.input_id for found in documents
    ]


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("seeds", "seeds"),
        ("seeds/", "seeds"),
        ("./data/2026/news.jsonl.gz", "news"),
        ("a/b/page.HTML", "page"),
        ("crawl.warc.gz", "crawl"),
        ("notes", "notes"),
        ("v1.2", "v1.2"),
        ("data/*.html", "data"),
        ("data/**/x/*.txt", "data"),
        ("*.txt", "local"),
        (".", "local"),
        ("..", "local"),
        ("https://www.example.org/2026/bridge.html", "example.org"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_a_source_is_named_after_its_host_folder_or_file(argument: str, name: str) -> None:
    assert source_of(argument) == Source(name=name, uri=argument)


@pytest.mark.parametrize(
    ("uri", "expected"), [("https://a.example", True), ("HTTP://a", True), ("a/b", False), ("c:x", False)]
)
def test_an_address_has_a_scheme(uri: str, expected: bool) -> None:
    assert is_address(uri) == expected


def test_a_folder_is_read_in_sorted_order_without_hidden_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a/2.md", "a/10.html", "c/.git/x.txt", ".hidden.txt", "c/d/e.htm"):
        (tmp_path / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "news" / name).write_bytes(b"The bridge opens in May.")
    monkeypatch.chdir(tmp_path)

    items = read("news/")

    assert ids(items) == ["news/a/10.html", "news/a/2.md", "news/b.txt", "news/c/d/e.htm"]
    assert [item.raw_uri for item in items] == ids(items)
    assert [document(item).kind for item in items] == ["html", "text", "text", "html"]
    assert {document(item).source for item in items} == {"news"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("[a]*", ["a.txt"]),
        ("*/*.txt", ["d/c.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "d/c.txt", "d/e/f.txt"]),
        ("d/**", ["d/c.txt", "d/e/f.txt"]),
        ("**/e/*", ["d/e/f.txt"]),
        ("d*", ["d/c.txt", "d/e/f.txt"]),
        ("**/**/f.txt", ["d/e/f.txt"]),
        (".h*", [".hidden/g.txt"]),
        ("odd[1].txt", ["odd[1].txt"]),
    ],
)
def test_globs(pattern: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a.txt", "d/c.txt", "d/e/f.txt", ".hidden/g.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"The bridge opens in May.")
    if pattern == "odd[1].txt":
        (tmp_path / pattern).write_bytes(b"A path that exists is no pattern.")
    monkeypatch.chdir(tmp_path)

    assert ids(read(pattern)) == expected


def test_an_input_read_twice_has_two_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(b"once")
    (tmp_path / "a.txt~2").write_bytes(b"a name that is taken")
    monkeypatch.chdir(tmp_path)

    assert ids(read("a.txt~2", "a.txt", "./a.txt", "a.txt")) == ["a.txt~2", "a.txt", "a.txt~3", "a.txt~4"]


def test_addresses_give_what_was_fetched_of_them() -> None:
    asked: list[Source] = []

    def fetched(source: Source) -> list[Item]:
        asked.append(source)
        page = RawDocument(input_id=source.uri, source="a", kind=ContentKind.HTML, content=PAGE, raw_uri="raw")
        return [page, page]

    sources = [Source(name="daily", uri="https://news.example/a"), source_of("https://news.example/a")]
    items = list(read_sources(sources, limits=Limits(), fetched=fetched))

    assert asked == sources
    assert ids(items) == [f"https://news.example/a{mark}" for mark in ("", "~2", "~3", "~4")]


def test_a_page_under_the_name_of_a_text_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"\n<!-- saved --> <!DOCTYPE html>\n" + PAGE)
    (tmp_path / "text.txt").write_bytes(b"The tag <html> opens a page.")

    assert [document(item).kind for item in read(str(tmp_path))] == [ContentKind.HTML, ContentKind.TEXT]


def test_a_packed_page_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE))

    (item,) = read(str(tmp_path / "page.html.gz"))

    assert document(item).content == PAGE


def test_a_document_may_be_as_large_as_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 100)
    (tmp_path / "b.txt").write_bytes(b"x" * 101)

    assert outcomes(read(str(tmp_path), limits=Limits(max_bytes=100))) == [None, Reason.TOO_LARGE]


def test_a_line_becomes_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    records = [
        {"id": "a", "url": " https://news.example/a ", "text": "Ça va", "fetched_at": "2026-01-05T13:00:00+01:00"},
        {"id": 7, "html": "<p>é</p>", "url": None, "fetched_at": "2026-01-05T12:00:00"},
        {"id": "c", "html_b64": base64.b64encode("é".encode("latin-1")).decode() + "\n", "charset": "latin-1"},
    ]
    Path("news.jsonl").write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")

    assert read("news.jsonl") == [
        RawDocument(
            input_id="news.jsonl#a",
            source="news",
            kind=ContentKind.TEXT,
            content="Ça va".encode(),
            charset="utf-8",
            url="https://news.example/a",
            raw_uri="news.jsonl#L1",
            fetched_at=NOON,
        ),
        RawDocument(
            input_id="news.jsonl#7",
            source="news",
            kind=ContentKind.HTML,
            content="<p>é</p>".encode(),
            charset="utf-8",
            raw_uri="news.jsonl#L2",
            fetched_at=NOON,
        ),
        RawDocument(
            input_id="news.jsonl#c",
            source="news",
            kind=ContentKind.HTML,
            content=b"\xe9",
            charset="latin-1",
            raw_uri="news.jsonl#L3",
        ),
    ]


def test_a_rejected_line_says_where_it_stands_and_whose_it_is() -> None:
    items = lines(["no object"], {"id": "b", "url": "https://news.example/b", "text": 1}, {"id": "c", "text": ""})

    assert [(item.input_id, item.raw_uri, item.url) for item in items] == [
        ("a.jsonl#L1", "a.jsonl#L1", None),
        ("a.jsonl#b", "a.jsonl#L2", "https://news.example/b"),
        ("a.jsonl#c", "a.jsonl#L3", None),
    ]


@pytest.mark.parametrize(
    ("stated", "url", "unfit"),
    [
        ("//news.example/a", "https://news.example/a", None),
        ("news.example/a", "https://news.example/a", None),
        (" ", None, None),
        (None, None, None),
        ("javascript:void(0)", None, "javascript:void(0)"),
        ("file:///srv/pages/a.html", None, "file:///srv/pages/a.html"),
        ("n/a\n", None, "n/a"),
        ("ftp://jane:secret@news.example/a", None, "ftp://news.example/a"),
        ("https://news.example/" + "a" * 9000, None, "https://news.example/" + "a" * 179),
    ],
)
def test_an_address_that_is_none_does_not_cost_its_document(
    stated: str | None, url: str | None, unfit: str | None
) -> None:
    (found,) = (document(item) for item in lines({"id": "a", "url": stated, "html": "<p>A story.</p>"}))

    assert (found.url, found.stated_url) == (url, unfit)


def test_repeated_ids_of_lines_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    record = '{"id": "a", "text": "b"}\n'
    Path("x.jsonl").write_text(record * 3 + record.replace('"a"', '"a~2"'), encoding="utf-8")
    Path("x.jsonl#a").write_bytes(b"A file whose name is the id of a line.")

    assert ids(read(".")) == ["x.jsonl#a", "x.jsonl#a~2", "x.jsonl#a~3", "x.jsonl#a~2~2", "x.jsonl%23a"]


def test_halves_of_surrogate_pairs_do_not_reach_the_bytes() -> None:
    stream = io.BytesIO(rb'{"id": "\ud800", "text": "\udc00 \ud83d\ude00 \ud800"}')
    (item,) = read_json_lines(stream, uri="a", source="s", limits=Limits())

    assert item.input_id == "a#\\ud800"
    assert document(item).content.decode() == "\ufffd 😀 \ufffd"


def test_a_line_may_be_as_long_as_the_limit() -> None:
    record = {"id": "a", "text": "x"}
    length = len(json.dumps(record))

    assert outcomes(lines(record, limits=Limits(max_line_bytes=length))) == [None]
    assert outcomes(lines(record, record, limits=Limits(max_line_bytes=length - 1))) == [Reason.TOO_LARGE] * 2


@given(st.binary(max_size=300))
def test_no_line_whatever_raises(line: bytes) -> None:
    items = list(read_json_lines(io.BytesIO(line), uri="a", source="s", limits=Limits()))

    assert len(items) >= 1
    assert len(items) <= line.count(b"\n") + 1


def test_an_endless_stream_of_lines_is_read_as_it_is_asked_for_in_flat_memory() -> None:
    line = b'{"id": "a", "text": "' + b"word " * 2000 + b'"}\n'

    class Endless(io.RawIOBase):
        position = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            piece = line[self.position :][: len(buffer)]
            buffer[: len(piece)] = piece
            self.position = (self.position + len(piece)) % len(line)
            return len(piece)

    items = read_json_lines(io.BufferedReader(Endless()), uri="a", source="s", limits=Limits())
    for _ in itertools.islice(items, 100):
        pass
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in itertools.islice(items, 2000):
            pass
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert grown < 1_000_000, "2,000 documents of 10,000 bytes passed by"


def archive_items(tmp_path: Path, content: bytes, name: str = "a.warc", limits: Limits | None = None) -> list[Item]:
    (tmp_path / name).write_bytes(content)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        return read(name, limits=limits)
    finally:
        os.chdir(here)


def test_a_response_in_an_archive_becomes_a_document(tmp_path: Path) -> None:
    info = warc_record("warcinfo", b"software: none\r\n")
    response = http_response(PAGE, headers="content-TYPE: Text/HTML; Charset=UTF-8\r\n")

    assert archive_items(tmp_path, info + warc_record("response", response)) == [
        RawDocument(
            input_id="a.warc#urn:uuid:1",
            source="a",
            kind=ContentKind.HTML,
            content=PAGE,
            charset="utf-8",
            url="http://news.example/1",
            raw_uri=f"a.warc#offset={len(info)}",
            fetched_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
            http_status=200,
        )
    ]


def test_the_offset_is_where_to_read_on_in_the_packed_file(tmp_path: Path) -> None:
    records = [warc_record("response", http_response(PAGE * count), number=count) for count in range(1, 400)]
    packed = [gzip.compress(record) for record in records]

    items = archive_items(tmp_path, b"".join(packed), "a.warc.gz")

    offsets = [0, *itertools.accumulate(len(member) for member in packed)]
    assert [item.raw_uri for item in items] == [f"a.warc.gz#offset={offset}" for offset in offsets[:-1]]
    assert [document(item).content for item in items] == [PAGE * count for count in range(1, 400)]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"5\r\n<html\r\n1;x=y\r\n>\r\n0\r\n\r\n", "Transfer-Encoding: Chunked\r\n", b"<html>"),
        (b"5\r\n<html\r\n9\r\n>", "Transfer-Encoding: chunked\r\n", b"<html>"),
        (PAGE, "Transfer-Encoding: chunked\r\n", PAGE),
        (gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip\r\n", PAGE),
        (gzip.compress(PAGE[:20], mtime=0) + gzip.compress(PAGE[20:], mtime=0), "Content-Encoding: gzip\r\n", PAGE),
        (gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), "Content-Encoding: x-gzip, GZIP\r\n", PAGE),
        (PAGE, "Content-Encoding: gzip\r\n", PAGE),
        (PAGE, "Content-Encoding: identity\r\n", PAGE),
    ],
)
def test_archived_bodies_are_unpacked(tmp_path: Path, body: bytes, headers: str, expected: bytes) -> None:
    response = http_response(body, headers=f"Content-Type: text/html\r\n{headers}")

    (item,) = archive_items(tmp_path, warc_record("response", response))

    assert document(item).content == expected


def test_other_records_with_content(tmp_path: Path) -> None:
    def record(kind: str, content_type: str, uri: str, content: bytes) -> bytes:
        return warc_record(kind, content, uri=uri).replace(
            f"application/http; msgtype={kind}".encode(), content_type.encode()
        )

    items = archive_items(
        tmp_path,
        record("resource", "text/html", "https://news.example/a", PAGE)
        + record("conversion", "text/plain", "https://news.example/b", b"The bridge opens in May.")
        + record("metadata", "text/plain", "https://news.example/b", b"fetchTimeMs: 12")
        + record("resource", "text/plain", "metadata://gnu.org/log", b"wget said this")
        + record("response", "text/dns", "dns:news.example", b"127.0.0.1")
        + record("resource", "image/png", "https://news.example/c", b"\x89PNG")
        + record("continuation", "text/html", "https://news.example/d", PAGE),
    )

    assert outcomes(items) == [None, None, Reason.UNSUPPORTED_TYPE, Reason.UNSUPPORTED_TYPE]
    assert [document(item).kind for item in items[:2]] == [ContentKind.HTML, ContentKind.TEXT]


def test_an_archive_of_the_older_kind(tmp_path: Path) -> None:
    response = http_response(PAGE)
    header = "URL IP-address Archive-date Content-type Archive-length\n"
    content = (
        f"filedesc://a.arc 0.0.0.0 20260105100000 text/plain {len('1 0 x' + header) + 1}\n1 0 x\n{header}\n"
        f"http://news.example/1 127.0.0.1 20260105100000 text/html {len(response)}\n"
    ).encode() + response

    (item,) = archive_items(tmp_path, content + b"\n", "a.arc")

    assert document(item).content == PAGE
    assert item.url == "http://news.example/1"
    assert document(item).fetched_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert item.input_id == item.raw_uri == f"a.arc#offset={content.index(b'http://news')}"


def test_a_large_record_is_passed_over(tmp_path: Path) -> None:
    large = warc_record("response", http_response(b"x" * 3_000_000))
    small = warc_record("response", http_response(PAGE), number=2)

    assert outcomes(archive_items(tmp_path, large + small, limits=Limits(max_bytes=1000))) == [Reason.TOO_LARGE, None]


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=400), st.booleans())
def test_no_damage_to_an_archive_raises(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, packed: bool
) -> None:
    content = warc_record("response", http_response(PAGE)) + warc_record("response", http_response(PAGE), number=2)
    content = gzip.compress(content) if packed else content
    damaged = content[:at] + junk + content[at + len(junk) :]

    items = archive_items(tmp_path_factory.mktemp("damage"), damaged, "a.warc.gz" if packed else "a.warc")

    assert 1 <= len(items) <= 4


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"plain words", ContentKind.TEXT),
        (b"[ad_1] plain words", ContentKind.TEXT),
        ("naïve".encode("latin-1"), ContentKind.TEXT),
        ("words".encode("utf-16"), ContentKind.TEXT),
        ("<p>words".encode("utf-16"), ContentKind.HTML),
        (b"  <!doctype HTML>", ContentKind.HTML),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", ContentKind.HTML),
        (b"<?xml version='1.0'?><rss>", None),
        (b"%PDF-1.4 words", None),
        (b"PK\x03\x04 words", None),
        (b"words\0words", None),
        (bytes(range(1, 32)) + b"words", None),
    ],
)
def test_the_first_bytes_show_the_kind(head: bytes, kind: ContentKind | None) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    ("content_type", "kind", "charset"),
    [
        ("text/html", ContentKind.HTML, None),
        ("TEXT/HTML;charset=Windows-1251", ContentKind.HTML, "windows-1251"),
        ('application/xhtml+xml; profile=x; charset="utf-8"', ContentKind.HTML, "utf-8"),
        ("text/plain; charset = 'koi8-r'", ContentKind.TEXT, "koi8-r"),
        ("text/css", None, None),
        ("", ContentKind.HTML, None),
        (None, ContentKind.HTML, None),
    ],
)
def test_content_types(content_type: str | None, kind: ContentKind | None, charset: str | None) -> None:
    assert kind_of_content_type(content_type, PAGE) == kind
    assert charset_of_content_type(content_type) == charset


def test_content_is_unpacked_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"a" * 10_000)

    assert decode_content(bomb, "gzip", 10_000) == b"a" * 10_000
    assert cast("Any", decode_content(bomb, "gzip", 9_999)).reason == Reason.TOO_LARGE
    assert cast("Any", decode_content(bomb[:-4], "gzip", 10_000)).reason == Reason.BAD_ENCODING
    assert cast("Any", decode_content(bomb + bomb, "gzip", 19_999)).reason == Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05T12:00:00Z", NOON),
        ("2026-01-05T12:00:00.000000999Z", NOON),
        ("2026-01-05 12:00", NOON),
        ("2026-01-05T14:30+02:30", NOON),
        ("0001-01-01T00:00:00+14:00", None),
        ("5 January 2026", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(text: str | None, moment: datetime | None) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    ("address", "cleaned"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"),
        ("\thttps://news.example/a b\n", "https://news.example/a%20b"),
        ("https://news.example/long\n  line", "https://news.example/long%20%20line"),
        ("HTTPS://news.example/", "HTTPS://news.example/"),
        ("https://news.example/\ud800", "https://news.example/\\ud800"),
        ("//news.example/", None),
        ("news.example", None),
        ("mailto:a@news.example", None),
        ("https://", None),
        ("https://a b/", None),
        ("https://[::1", None),
    ],
)
def test_addresses_are_cleaned(address: str, cleaned: str | None) -> None:
    assert clean_address(address) == cleaned


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=10)
    return path


def test_the_rows_of_a_parquet_file_are_documents(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 5, 10, tzinfo=UTC)
    rows: list[dict[str, Any]] = [
        {"id": "a", "url": "https://news.example/a", "html": PAGE, "text": None, "fetched_at": moment, "other": 1},
        {"id": None, "url": None, "html": None, "text": "A story.", "fetched_at": None, "other": 2},
        {"id": "c", "url": "nonsense", "html": PAGE, "text": None, "fetched_at": None, "other": 3},
        {"id": "d", "url": None, "html": None, "text": None, "fetched_at": None, "other": 4},
    ]
    path = parquet(tmp_path / "pages.parquet", rows)

    first, second, third, fourth = read(str(path))

    assert isinstance(first, RawDocument)
    assert (first.input_id, first.kind, first.content) == (f"{path}#a", ContentKind.HTML, PAGE)
    assert (first.url, first.fetched_at) == ("https://news.example/a", moment)
    assert isinstance(second, RawDocument)
    assert (second.input_id, second.kind, second.content) == (f"{path}#R2", ContentKind.TEXT, b"A story.")
    assert isinstance(third, RawDocument)
    assert (third.url, third.stated_url) == (None, "nonsense")
    assert getattr(fourth, "reason", None) == Reason.BAD_RECORD


def test_a_parquet_file_without_documents_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    (tmp_path / "empty.parquet").write_bytes(b"")
    parquet(tmp_path / "other.parquet", [{"id": "a", "title": "b"}])
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "none.parquet")

    found = {Path(item.input_id).name: getattr(item, "reason", None) for item in read(str(tmp_path))}

    assert found == {
        "damaged.parquet": Reason.BAD_ARCHIVE,
        "empty.parquet": Reason.BAD_ARCHIVE,
        "other.parquet": Reason.BAD_RECORD,
        "none.parquet": Reason.EMPTY,
    }


def test_objects_under_a_prefix_are_read(s3_uri: str) -> None:
    store = open_store(s3_uri)
    response = http_response(PAGE)
    store.write("crawl/a.warc", warc_record("response", response) + warc_record("response", response, number=2))
    store.write("crawl/b.jsonl", b'{"id": "x", "text": "A story."}\n{"id": "y"}\n')
    store.write("crawl/deep/c.html", PAGE)
    store.write("crawl-other/d.html", PAGE)

    def names(uri: str) -> list[tuple[str, Reason | None]]:
        return [(item.input_id.removeprefix(f"{s3_uri}/"), getattr(item, "reason", None)) for item in read(uri)]

    everything = [
        ("crawl/a.warc#urn:uuid:1", None),
        ("crawl/a.warc#urn:uuid:2", None),
        ("crawl/b.jsonl#x", None),
        ("crawl/b.jsonl#y", Reason.BAD_RECORD),
        ("crawl/deep/c.html", None),
    ]
    assert names(f"{s3_uri}/crawl") == names(f"{s3_uri}/crawl/") == everything
    assert names(f"{s3_uri}/crawl/b.jsonl") == everything[2:4]
    assert names(f"{s3_uri}/nothing") == [("nothing", Reason.NOT_FOUND)]


def test_a_bucket_that_cannot_be_read_is_told(s3_uri: str) -> None:
    (item,) = read("s3://no-such-bucket/a")

    assert getattr(item, "reason", None) == Reason.NOT_READABLE
