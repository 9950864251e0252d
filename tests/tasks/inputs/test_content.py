"""What an input's bytes and address are, and what of them is refused."""

import gzip
import zlib

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import Place, Problem, clean_address, decode_content, mended_address

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


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ("//example.com/a", "https://example.com/a"),
        ("example.com/a?b=1", "https://example.com/a?b=1"),
        ("www.example.co.uk", "https://www.example.co.uk"),
        (" example.com:8080/a b ", "https://example.com:8080/a%20b"),
        ("http//example.com/a", "https://example.com/a"),
        ("notes.txt", None),
        ("/a/b", None),
        ("mailto:a@example.com", None),
        ("ftp://example.com/a", None),
        ("///a", None),
    ],
)
def test_an_address_without_a_scheme_is_mended_where_it_is_one(stated: str, address: str | None) -> None:
    assert mended_address(stated) == address


@pytest.mark.parametrize("name", ["input_id", "raw_uri", "url"])
def test_a_place_has_no_login(name: str) -> None:
    given = {"input_id": "in.jsonl#1", "raw_uri": "in.jsonl#L1", "url": None}

    place = Place(**given | {name: "ftp://ada:pass@example.org/a"}, source="wire")  # type: ignore[arg-type]

    assert getattr(place, name) == "ftp://example.org/a"
    detail = place.reject(Problem(Reason.NOT_READABLE, "http://ada:pass@example.org/ is away")).detail
    assert detail == "http://example.org/ is away"
