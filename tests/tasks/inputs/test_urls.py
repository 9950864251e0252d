"""Addresses as sites really write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsmill.tasks.inputs.urls import believable_url, canonical_url, country_of, fetched_url, site, target_of

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
        "https://example.org/news/story-1?PHPSESSID=9682993c8daa2c54&sessionid=4",
        "https://example.org/news/story-1?igsh=1&mibextid=2&srnd=home&ysclid=3&srsltid=4&_kx=5",
        "https://example.org/news/story-1?utm_source=a&amp;utm_medium=b",
        "https://example.org/news/story-1?ref=home&cmp=rss_uk&share=twitter&feature=youtu.be",
        "https://example.org/news/story-1?sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9&osCsid=4&zenid=5",
        "https://example.org/news/story-1?mod=rss_home&itid=hp-top&ftcamp=x&sfmc_id=3&sref=abc",
        "https://example.org/news/story-1?utm_source=a&amp;amp;utm_medium=b&#38;utm_term=c",
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
        ("https://example.org/story.php?ref=8841", "https://example.org/story.php?ref=8841"),
        ("https://example.org/show?feature=9&cmp=12", "https://example.org/show?cmp=12&feature=9"),
        ("https://example.org/show?at_id=9", "https://example.org/show?at_id=9"),
        ("https://example.org/a?share=9f3b2c1d", "https://example.org/a?share=9f3b2c1d"),
        ("https://example.org/#!/story/17", "https://example.org/#!/story/17"),
        ("https://example.org/#/story/17", "https://example.org/#/story/17"),
        ("https://example.org/a#!", "https://example.org/a"),
        ("https://example.org/s?n=%E9", "https://example.org/s?n=%E9"),
        ("https://example.org/s?n=%E8", "https://example.org/s?n=%E8"),
        ("https://example.org/a?x=1&amp;y=2", "https://example.org/a?x=1&y=2"),
        ("https://example.org/a?x=1&amp;amp;y=2&#038;z=3", "https://example.org/a?x=1&y=2&z=3"),
        ("https://example.org/a&a%6dp;b", "https://example.org/a&b"),
        ("https://example.org/a?sid=17", "https://example.org/a?sid=17"),
        ("https://example.org/a?ref=n-331&cmp=a17", "https://example.org/a?cmp=a17&ref=n-331"),
        ("https://example.org/a?source=story-17", "https://example.org/a?source=story-17"),
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
        ("https://example.org/{{url}}", "https://example.org/x", None),
        ("https://example.org/${permalink}", "https://example.org/x", None),
        *(
            (f"https://example.org/{left}", "https://example.org/x", None)
            for left in (
                *("%7B%7Burl%7D%7D", "{0}", "<%= url %>", "<?php url() ?>", "*|URL|*", "%%CLICK%%", "__URL__", ":slug"),
                *("undefined", "null?a=1", "a/NaN", "[object%20Object]", "@Model.Url"),
            )
        ),
        ("https://example.org/nullarbor", "https://example.org/x", "https://example.org/nullarbor"),
    ],
)
def test_a_stated_address_is_believed_of_its_own_site(stated: str, url: str | None, believed: str | None) -> None:
    assert believable_url(stated, url) == believed


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("http://www.example.org/a/?utm_source=x", "https://example.org/a", True),
        ("https://example.org/print/2026/story", "https://example.org/2026/story", False),
        ("https://example.org/a?ref=first-story", "https://example.org/a?ref=second-story", False),
        ("https://example.org/amp/a", "https://example.org/a", False),
    ],
)
def test_an_address_as_it_was_fetched_tells_views_apart(one: str, other: str, is_one: bool) -> None:
    assert (fetched_url(one) == fetched_url(other)) == is_one


def test_the_target_of_a_link_is_looked_for_within_links_too() -> None:
    inner = "https%253A%252F%252Fpaper.example%252Fa"
    safe = f"https://nam01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{inner}"

    assert target_of(safe) == "https://paper.example/a"
    assert (
        target_of("https://www.google.com/search?q=https://a.example/")
        == "https://www.google.com/search?q=https://a.example/"
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fpaper.example%2fa/RK=2/RS=x",
        "https://urldefense.com/v3/__https://paper.example/a__;!!x!y$",
        "https://abc.r.eu-west-1.awstrack.me/L0/https:%2F%2Fpaper.example%2Fa/1/x=1",
        "https://go.skimresources.com/?id=1&url=https%3A%2F%2Fpaper.example%2Fa",
        "https://getpocket.com/redirect?url=https%3A%2F%2Fpaper.example%2Fa",
    ],
)
def test_the_target_of_a_link_may_stand_in_its_path(link: str) -> None:
    assert target_of(link) == "https://paper.example/a"


def test_the_registrable_part_of_a_host() -> None:
    assert [site(host) for host in ("news.bbc.co.uk", "example.org", "localhost", "192.168.1.1")] == [
        "bbc.co.uk",
        "example.org",
        "localhost",
        "192.168.1.1",
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.mill.co.uk/story", "GB"),
        ("https://mill.com.au:443/a?b=c", "AU"),
        ("http://MILL.DE", "DE"),
        ("https://mill.tv/story", None),
        ("https://mill.com/uk/story", None),
        ("http://127.0.0.1/a", None),
        ("http://[::1/", None),
        ("mill", None),
        ("", None),
        (None, None),
    ],
)
def test_the_country_that_a_host_is_registered_under(url: str | None, expected: str | None) -> None:
    assert country_of(url) == expected
