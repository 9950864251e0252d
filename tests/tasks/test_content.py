"""Addresses as people and exports state them."""

import pytest

from newsmill.tasks.content import mended_address


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
