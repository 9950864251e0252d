"""Addresses as sites really write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsmill.tasks.inputs.urls import believable_url, canonical_url, site

STORY = "https://example.org/news/story-1"


@pytest.mark.parametrize(
    "variant",
    [
        "http://www.example.org/news/story-1/",
        "HTTPS://EXAMPLE.ORG:443/news/story-1",
        "http://example.org:80/news/story-1#comments",
        "https://m.example.org/news/story-1",
        "https://mobile.example.org/news/story-1",
        "https://amp.example.org/news/story-1",
        "https://example.org/news/story-1/amp/",
        "https://example.org/news/amp/story-1",
        "https://example.org/amp/news/story-1",
        "https://example.org/news/story-1.amp",
        "https://example.org/news/story-1?amp",
        "https://example.org/news/story-1?amp=1&outputType=amp",
        "https://example.org/news/story-1/print",
        "https://example.org/news/story-1?print=1",
        "https://example.org/news/story-1/index.html",
        "https://example.org/news//story-1",
        "https://example.org/news/old/../story-1",
        "https://example.org/news/story%2D1",
        "https://user:secret@example.org./news/story-1",
        "https://example.org/news/story-1;jsessionid=0A1B?utm_source=x&UTM_Medium=y&fbclid=1&gclid=2&at_medium=z&ref=rss",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/amp/story-1",
        "https://example-org.cdn.ampproject.org/v/s/example.org/news/story-1.amp",
        "https://www.google.com/amp/s/www.example.org/news/story-1",
        "  https://example.org/news/story-1\n",
    ],
)
def test_variants_of_a_page_have_one_address(variant: str) -> None:
    assert canonical_url(variant) == STORY


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/News/A", "https://example.org/News/A"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?id=7&page=2", "https://example.org/a?id=7&page=2"),
        ("https://example.org/?p=", "https://example.org/?p="),
        ("https://example.org", "https://example.org/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://xn--bcher-kva.example/%c3%a4", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://en.m.example.org/wiki/A", "https://en.example.org/wiki/A"),
        ("https://mobile.de/a", "https://mobile.de/a"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://m.shop.co.uk/a", "https://shop.co.uk/a"),
        ("https://example.org/printers/campaign", "https://example.org/printers/campaign"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("ftp://example.org/a", None),
        ("javascript:void(0)", None),
        ("https://", None),
        ("https://example.org:99999/a", None),
        ("https://exa mple.org/", None),
        ("https://exa%20mple.org/", None),
        ("https://example.org/\ud800", "https://example.org/%EF%BF%BD"),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, expected: str | None) -> None:
    assert canonical_url(url) == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_is_taken_and_the_answer_is_stable(text: str) -> None:
    for url in (text, f"https://example.org/{text}", f"https://{text}/", f"https://www.google.com/amp/s/{text}"):
        once = canonical_url(url)
        assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("stated", "url", "believed"),
    [
        ("https://www.example.org/news/story-1", "https://m.example.org/news/story-1?x=1", STORY),
        ("https://example.org/news/story-1", None, STORY),
        ("https://example.org/", "https://example.org/news/story-1", None),
        ("https://example.org/", "https://example.org/?utm_source=x", "https://example.org/"),
        ("https://other.org/news/story-1", "https://example.org/news/story-1", None),
        ("https://two.co.uk/a", "https://one.co.uk/a", None),
        ("https://news.one.co.uk/a", "https://one.co.uk/b", "https://news.one.co.uk/a"),
        ("https://a.blogspot.com/1", "https://b.blogspot.com/1", None),
        ("/news/story-1", "https://example.org/x", None),
    ],
)
def test_a_stated_address_is_believed_of_its_own_site(stated: str, url: str | None, believed: str | None) -> None:
    assert believable_url(stated, url) == believed


def test_the_registrable_part_of_a_host() -> None:
    assert [site(host) for host in ("news.bbc.co.uk", "example.org", "localhost", "192.168.1.1")] == [
        "bbc.co.uk",
        "example.org",
        "localhost",
        "192.168.1.1",
    ]
