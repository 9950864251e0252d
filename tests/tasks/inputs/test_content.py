"""What an input's bytes and address are, and what of them is refused."""

import gzip
import zlib

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import Problem, clean_address, decode_content

BODY = b"<html><p>The council met on Monday.</p></html>" * 9
GZIPPED = gzip.compress(BODY)


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (GZIPPED, "gzip"),
        (gzip.compress(BODY[:20]) + gzip.compress(BODY[20:]), "x-gzip"),
        (zlib.compress(BODY), "deflate"),
        (zlib.compress(BODY)[2:-4], "deflate"),
        (zlib.compress(GZIPPED), "gzip, deflate"),
        (BODY, "gzip"),
        (BODY, None),
    ],
    ids=["gzip", "members", "zlib", "bare deflate", "twice", "not packed as stated", "not packed"],
)
def test_a_body_is_unpacked_as_it_was_packed(packed: bytes, coding: str | None) -> None:
    assert decode_content(packed, coding, len(BODY)) == BODY


@pytest.mark.parametrize(
    ("packed", "coding", "reason"),
    [
        (GZIPPED[:-9], "gzip", Reason.BAD_ENCODING),
        (GZIPPED[:12] + bytes(20), "gzip", Reason.BAD_ENCODING),
        (gzip.compress(BODY + b"!"), "gzip", Reason.TOO_LARGE),
        (gzip.compress(BODY) + gzip.compress(b"!"), "gzip", Reason.TOO_LARGE),
        (BODY, "zip", Reason.UNSUPPORTED_TYPE),
        (BODY, "gzip, gzip, gzip, gzip", Reason.UNSUPPORTED_TYPE),
    ],
    ids=["cut short", "damaged", "too large", "too large with its last member", "unknown", "too often"],
)
def test_a_body_that_cannot_be_unpacked_is_a_problem(packed: bytes, coding: str, reason: Reason) -> None:
    found = decode_content(packed, coding, len(BODY))

    assert isinstance(found, Problem)
    assert found.reason is reason


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        (" https://news.example/a b\n", "https://news.example/a%20b"),
        ("https://news.example/" + "a" * 7979, "https://news.example/" + "a" * 7979),
        ("https://news.example/" + "a" * 7980, None),
        ("https:///a", None),
        ("https://news%2eexample/a", None),
        ("ftp://news.example/a", None),
        ("http://[", None),
    ],
    ids=["spaces", "long", "too long", "no host", "an escaped host", "another scheme", "no address"],
)
def test_an_address_is_cleaned_or_refused(address: str, clean: str | None) -> None:
    assert clean_address(address) == clean
