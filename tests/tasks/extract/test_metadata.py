"""What pages say of themselves, source by source."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml.html import HtmlElement, document_fromstring

from newsmill.tasks.extract.authors import byline_authors, split_names
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.metadata import Metadata, read_heading, read_metadata
from newsmill.tasks.extract.structured import structured_data

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
URL = "https://news.example.com/world/story-1"


def page(head: str = "", body: str = "<p>Text.</p>", data: Any = None) -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data is not None else ""
    return document_fromstring(f"<html><head>{head}{script}</head><body>{body}</body></html>")


def read(tree: HtmlElement, url: str | None = URL) -> Metadata:
    return read_metadata(
        tree, read_heading(tree, structured_data(tree), url=url), blocks_of(tree), url=url, latest=LATEST
    )


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


GRAPH = {
    "@graph": [
        {
            "@type": ["NewsArticle"],
            "headline": "Harbour wall to be rebuilt",
            "author": {"@id": "#jane"},
            "publisher": {"@id": "#times"},
            "articleSection": ["World", "Ports"],
            "keywords": ["harbour", "storm"],
            "image": {"@type": "ImageObject", "url": "/pic.jpg"},
        },
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
        {"@type": "Organization", "@id": "#times", "name": "Times Media Ltd"},
        {"@type": "WebSite", "name": "The Times"},
    ]
}
MICRODATA = """
<div itemscope itemtype="https://schema.org/NewsArticle">
  <h1 itemprop="headline">Harbour wall to be rebuilt</h1>
  <span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Jane Doe</span></span>
  <link itemprop="image" href="/pic.jpg"><span itemprop="articleSection">World</span>
  <p itemprop="keywords">harbour, storm</p>
  <div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Troll</span></div>
</div>
"""
DUBLIN_CORE = (
    '<meta name="DC.title" content="Harbour wall to be rebuilt"><meta name="DC.creator" content="Jane Doe">'
    '<meta name="DC.publisher" content="Times Media Ltd"><meta name="DC.description" content="What happened.">'
)


@pytest.mark.parametrize(
    ("tree", "stated"),
    [
        (
            page(data=GRAPH),
            {
                "title": "Harbour wall to be rebuilt",
                "authors": ("Jane Doe",),
                "site_name": "The Times",
                "publisher": "Times Media Ltd",
                "section": "World",
                "tags": ("harbour", "storm"),
                "image_url": "https://news.example.com/pic.jpg",
            },
        ),
        (
            page(body=MICRODATA),
            {
                "title": "Harbour wall to be rebuilt",
                "authors": ("Jane Doe",),
                "section": "World",
                "tags": ("harbour", "storm"),
                "image_url": "https://news.example.com/pic.jpg",
            },
        ),
        (
            page(DUBLIN_CORE),
            {
                "title": "Harbour wall to be rebuilt",
                "authors": ("Jane Doe",),
                "publisher": "Times Media Ltd",
                "description": "What happened.",
            },
        ),
        (
            page('<meta property="og:site_name" content="The Times"><meta name="publisher" content="https://a.com/x">'),
            {"site_name": "The Times", "publisher": None},
        ),
        (
            page(
                data={
                    "@type": "BreadcrumbList",
                    "itemListElement": [{"name": "Home"}, {"item": {"name": "World"}}, {"name": "Harbour wall"}],
                },
                body="<h1>Harbour wall</h1>",
            ),
            {"section": "World"},
        ),
    ],
)
def test_what_a_page_says_in_each_vocabulary(tree: HtmlElement, stated: dict[str, object]) -> None:
    found = read(tree)
    assert {name: getattr(found, name) for name in stated} == stated


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
    assert read(tree).dates.published_at is None


def test_bylines_of_plain_text() -> None:
    assert byline_authors(["March 3, 2021", "By Jane Doe and John Roe"]) == ("Jane Doe", "John Roe")
    assert byline_authors(["March 3, 2021"]) == ()
