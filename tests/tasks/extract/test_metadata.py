"""What pages say of themselves, source by source."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml.html import HtmlElement, document_fromstring

from newsmill.schemas.words import DateSource
from newsmill.tasks.extract.metadata import (
    Metadata,
    byline_authors,
    byline_time,
    parse_time,
    read_metadata,
    split_names,
    structured_data,
    url_date,
)

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
URL = "https://news.example.com/world/story-1"


def page(head: str = "", body: str = "<p>Text.</p>", data: Any = None) -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data is not None else ""
    return document_fromstring(f"<html><head>{head}{script}</head><body>{body}</body></html>")


def read(tree: HtmlElement, url: str | None = URL) -> Metadata:
    return read_metadata(tree, structured_data(tree), url=url, latest=LATEST)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-02-28T20:00:00-05:00", datetime(2024, 2, 29, 1, tzinfo=UTC)),
        ("2024-02-28T20:00:00.123Z", datetime(2024, 2, 28, 20, tzinfo=UTC)),
        ("2024-02-28 20:00:00 +0530", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("2024-02-28", datetime(2024, 2, 28, tzinfo=UTC)),
        ("20240228", datetime(2024, 2, 28, tzinfo=UTC)),
        (1709164800, datetime(2024, 2, 29, tzinfo=UTC)),
        (["2024-02-28"], datetime(2024, 2, 28, tzinfo=UTC)),
        ("2024-13-40", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ({}, None),
        (True, None),
    ],
)
def test_stated_times(value: object, moment: datetime | None) -> None:
    assert parse_time(value) == moment


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.com/2023/12/21/story", date(2023, 12, 21)),
        ("https://a.com/2023/1/2/story", date(2023, 1, 2)),
        ("https://a.com/news/2023-12-21-story", date(2023, 12, 21)),
        ("https://a.com/news/20231221/story", date(2023, 12, 21)),
        ("https://a.com/2023/12/story", None),
        ("https://a.com/2023/12/3-questions", date(2023, 12, 3)),
        ("https://a.com/2023/02/31/story", None),
        ("https://a.com/story-120231221555", None),
        (None, None),
    ],
)
def test_days_in_addresses(url: str | None, day: date | None) -> None:
    found = url_date(url)
    assert (found and found.date()) == day


@pytest.mark.parametrize(
    ("tree", "url", "moment", "source"),
    [
        (
            page(data={"@type": "NewsArticle", "datePublished": "2024-02-28T20:00:00-05:00"}),
            URL,
            datetime(2024, 2, 29, 1, tzinfo=UTC),
            DateSource.JSONLD,
        ),
        (
            page(data={"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2024-02-28"}]}),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.JSONLD,
        ),
        (
            page('<meta property="article:published_time" content="2024-02-28T10:00:00Z">'),
            URL,
            datetime(2024, 2, 28, 10, tzinfo=UTC),
            DateSource.META,
        ),
        (page(), "https://a.com/2024/02/28/story", datetime(2024, 2, 28, tzinfo=UTC), DateSource.URL),
        (
            page(body='<article><time datetime="2024-02-28">28 Feb</time><p>Text.</p></article>'),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.META,
        ),
        (page(data={"@type": "NewsArticle", "datePublished": "2031-01-01"}), URL, None, DateSource.NONE),
        (page(), URL, None, DateSource.NONE),
        (page(), None, None, DateSource.NONE),
    ],
)
def test_time_of_publication_and_where_it_was_found(
    tree: HtmlElement, url: str | None, moment: datetime | None, source: DateSource
) -> None:
    found = read(tree, url)
    assert (found.published_at, found.published_at_source) == (moment, source)


def test_the_local_day_is_kept_beside_the_moment() -> None:
    tree = page(data={"@type": "NewsArticle", "datePublished": "2024-02-28T20:00:00-05:00"})
    assert read(tree).published_on == date(2024, 2, 28)
    in_utc = page(data={"@type": "NewsArticle", "datePublished": "2024-02-29T01:00:00Z"})
    assert read(in_utc, "https://a.com/2024/02/28/story").published_on == date(2024, 2, 28)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Harbour wall to be rebuilt | The Times</title>", "", "Harbour wall to be rebuilt"),
        (
            '<meta property="og:title" content="Harbour wall to be rebuilt &amp; paid for">',
            "<h1>Harbour wall to be rebuilt &amp; paid for</h1>",
            "Harbour wall to be rebuilt & paid for",
        ),
        (
            "<title>Harbour wall to be rebuilt - The Times</title>",
            "<h1>The Times</h1><h1>Harbour wall to be rebuilt</h1>",
            "Harbour wall to be rebuilt",
        ),
        (
            '<meta property="og:title" content="Harbour wall to be rebuilt">',
            "<h1>Politics | Harbour wall to be rebuilt</h1>",
            "Harbour wall to be rebuilt",
        ),
        (
            '<meta property="og:title" content="Harbour wall to be rebuilt">',
            "<h1>Our Blog</h1>",
            "Harbour wall to be rebuilt",
        ),
        ("", "", None),
    ],
)
def test_titles_come_without_the_site(head: str, body: str, title: str | None) -> None:
    assert read(page(head, body)).title == title


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe & Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"]),
        ("Von Jürgen Weiß", ["Jürgen Weiß"]),
        ("admin", []),
        ("https://example.com/jane", []),
        ("", []),
    ],
)
def test_names_in_bylines(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


def test_authors_come_from_structured_data_first() -> None:
    data = {"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Jane Doe"}, "John Roe", {"name": 7}]}
    assert read(page('<meta name="author" content="Web Desk">', data=data)).authors == ("Jane Doe", "John Roe")
    assert read(page('<meta name="author" content="Ann Poe">')).authors == ("Ann Poe",)
    assert read(page(body='<a rel="author" href="/x">Ann Poe</a>')).authors == ("Ann Poe",)
    assert read(page()).authors == ()


def test_the_rest_of_what_a_page_says() -> None:
    found = read(
        page(
            '<meta property="og:image" content="/pic.jpg"><meta name="description" content="What happened.">'
            '<meta name="keywords" content="harbour, storm, harbour"><meta property="article:section" content="World">'
        )
    )
    assert found.image_url == "https://news.example.com/pic.jpg"
    assert found.description == "What happened."
    assert found.tags == ("harbour", "storm")
    assert found.section == "World"


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/world/story-1-full", "https://news.example.com/world/story-1-full"),
        ("https://www.example.com/world/story-1", "https://example.com/world/story-1"),
        ("https://elsewhere.org/story", "https://news.example.com/world/story-1"),
        ("https://news.example.com/", "https://news.example.com/world/story-1"),
        ("javascript:void(0)", "https://news.example.com/world/story-1"),
        ("http://[broken", "https://news.example.com/world/story-1"),
    ],
)
def test_a_canonical_link_is_followed_when_it_may_stand_for_the_page(href: str, canonical: str) -> None:
    assert read(page(f'<link rel="canonical" href="{href}">')).canonical_url == canonical


@pytest.mark.parametrize(
    "script",
    [
        "{not json",
        "[" * 5000,
        '"text"',
        "null",
        '{"@type": "NewsArticle", "author": [[[]]], "keywords": 5, "image": []}',
    ],
)
def test_broken_structured_data_does_no_harm(script: str) -> None:
    tree = document_fromstring(f'<html><script type="application/ld+json">{script}</script><p>Text.</p></html>')
    assert read(tree).published_at is None


def test_bylines_of_plain_text() -> None:
    assert byline_authors(["March 3, 2021", "By Jane Doe and John Roe"]) == ("Jane Doe", "John Roe")
    assert byline_authors(["March 3, 2021"]) == ()


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Published March 3, 2021 at 10:15 am", datetime(2021, 3, 3, tzinfo=UTC)),
        ("Wednesday, 3rd March 2021", datetime(2021, 3, 3, tzinfo=UTC)),
        ("2021-03-03", datetime(2021, 3, 3, tzinfo=UTC)),
        ("03/04/2021", None),
        ("March 3, 2035", None),
        ("Smarch 3, 2021", None),
        ("Published on", None),
    ],
)
def test_datelines_of_plain_text(line: str, moment: datetime | None) -> None:
    assert byline_time([line], latest=LATEST) == moment
