"""Archives as crawlers have left them: members without line breaks, damage in one of them, bodies packed anyhow."""

import gzip
import io

import brotli
import pytest
import zstandard

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import Place, Problem, decode_content
from newsmill.tasks.read.warc import read_archive
from tests.hostile import http_response, warc_record

PAGE = b"<html><p>The page has some words.</p></html>"
ARC_HEAD = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"


def read(content: bytes) -> list[RawDocument | Rejection]:
    return list(read_archive(io.BufferedReader(io.BytesIO(content)), Place("a", "s", "a"), 1_000_000))


def arc_record(address: str, content: bytes) -> bytes:
    return f"{address} 192.0.2.1 20260105100000 text/html {len(content)}\n".encode() + content


@pytest.mark.parametrize("between", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("head", [ARC_HEAD, ARC_HEAD + b"\n"])
def test_members_of_an_arc_need_no_line_break_between_them(between: bytes, head: bytes) -> None:
    first = f"filedesc://a.arc 0.0.0.0 20260105100000 text/plain {len(head)}\n".encode() + head
    records = [first, *(arc_record(f"http://a.example/{n}", http_response(PAGE)) + between for n in (1, 2))]
    found = read(b"".join(gzip.compress(record) for record in records))

    assert [getattr(item, "content", item) for item in found] == [PAGE, PAGE]
    assert [item.url for item in found] == ["http://a.example/1", "http://a.example/2"]


@pytest.mark.parametrize("cut", [slice(None, -20), slice(None, 40)], ids=["end lost", "most lost"])
def test_a_damaged_member_costs_itself(cut: slice) -> None:
    records = [gzip.compress(warc_record("response", http_response(PAGE), number=n)) for n in range(4)]
    flipped = records[1][:60] + bytes(byte ^ 0xFF for byte in records[1][60:90]) + records[1][90:]

    for damaged in (records[1][cut], flipped):
        items = read(records[0] + damaged + records[2] + records[3])

        assert sum(isinstance(item, RawDocument) for item in items) == 3
        assert {item.reason for item in items if isinstance(item, Rejection)} <= {Reason.BAD_ARCHIVE}
        starts = [len(records[0]) + len(damaged), len(records[0]) + len(damaged) + len(records[2])]
        assert [str(item.raw_uri) for item in items[-2:]] == [f"a#offset={start}" for start in starts]


def test_a_member_that_holds_no_record_costs_itself() -> None:
    records = [gzip.compress(warc_record("response", http_response(PAGE), number=n)) for n in range(2)]

    items = read(records[0] + gzip.compress(b"no record at all\r\n\r\n") + records[1])

    assert [isinstance(item, RawDocument) for item in items].count(True) == 2


@pytest.mark.parametrize(
    ("stated", "identified", "is_read"),
    [
        ("application/octet-stream", "text/html", True),
        ("application/octet-stream", "", True),
        ("application/pdf", "text/html", True),
        ("text/html", "application/pdf", False),
        ("application/pdf", "", False),
    ],
)
def test_the_type_that_a_crawler_found_counts(stated: str, identified: str, is_read: bool) -> None:
    record = warc_record("response", http_response(PAGE, headers=f"Content-Type: {stated}\r\n"))
    named = f"WARC-Identified-Payload-Type: {identified}\r\n".encode() if identified else b""
    items = read(record.replace(b"WARC-Type:", named + b"WARC-Type:", 1))

    assert [isinstance(item, RawDocument) for item in items] == [is_read]


PACKERS = {"br": brotli.compress, "zstd": zstandard.compress}


@pytest.mark.parametrize("coding", PACKERS)
def test_bodies_are_unpacked_within_bounds(coding: str) -> None:
    packed = PACKERS[coding](PAGE * 100)
    bomb = PACKERS[coding](b"a" * 50_000_000)

    assert decode_content(packed, coding, 10_000) == PAGE * 100
    assert decode_content(PAGE, coding, 10_000) == PAGE
    for damaged, reason in ((packed[:-4], Reason.BAD_ENCODING), (bomb, Reason.TOO_LARGE)):
        problem = decode_content(damaged, coding, 10_000)
        assert isinstance(problem, Problem)
        assert problem.reason is reason
