"""Which of a page's objects describes its article, and scripts and microdata that are not as they should be."""

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from newsmill.tasks.extract.structured import article_of, likeness, meta_contents, structured_data

ADDRESS = "https://news.example.com/wall"
TITLES = ["Harbour wall to be rebuilt | The Times"]
OWN = {"@type": "NewsArticle", "headline": "Harbour wall to be rebuilt", "author": "Jane Doe"}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Ten recipes for soup",
    "url": "https://news.example.com/soup",
    "datePublished": "2024-01-01",
    "articleBody": "Soup.",
    "author": "John Roe",
}


@pytest.mark.parametrize(
    ("data", "author"),
    [
        ([OTHER, OWN], "Jane Doe"),
        ([OTHER], None),
        ([{**OTHER, "url": ADDRESS + "/"}, OWN], "John Roe"),
        ([{"@type": "Article", "author": "Ann Poe", "mainEntityOfPage": {"@id": ADDRESS}}, OTHER], "Ann Poe"),
        ([{"@type": "Article", "author": "Ann Poe"}], "Ann Poe"),
        ([{"@type": "Article", "author": "Ann Poe", "url": "https://news.example.com/"}], "Ann Poe"),
        ([{"@type": "Article", "author": "Ann Poe", "url": "https://news.example.com/soup"}], None),
        ([{"@type": "WebPage", "author": "Ann Poe"}], None),
        ([], None),
    ],
)
def test_the_object_that_describes_the_article(data: list[dict[str, Any]], author: str | None) -> None:
    assert article_of(data, titles=TITLES, addresses={ADDRESS}).get("author") == author


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "Walls, ] and more",}',
        '{"@type": ["Article", ], "headline": "Walls, ] and more"}',
        '{"@type": "Article", "headline": "Walls, ] and more"};',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Walls, ] and more&quot;}",
    ],
)
def test_broken_scripts_are_mended(script: str) -> None:
    tree = document_fromstring("<html><head><script></script></head><body>Text.</body></html>")
    element = next(tree.iter("script"))
    element.set("type", "application/ld+json")
    element.text = script
    assert [item["headline"] for item in structured_data(tree)] == ["Walls, ] and more"]


def test_microdata_are_those_of_the_article_with_most_text() -> None:
    teaser = '<div itemscope itemtype="https://schema.org/Article"><b itemprop="author">John Roe</b></div>'
    own = (
        '<div itemscope itemtype="https://schema.org/Article"><b itemprop="author">Jane Doe</b>'
        f'<b itemprop="author">Ann Poe</b><p>{"The wall is old. " * 9}</p></div>'
    )
    assert (
        meta_contents(document_fromstring(f"<html><body>{teaser}{own}</body></html>"))["author"] == "Jane Doe\nAnn Poe"
    )


@pytest.mark.parametrize(
    ("heading", "titles", "share"),
    [("a b", ["a b"], 1.0), ("a b", ["c", "a d"], 0.5), ("港壁", ["港門"], 0.5), ("", [""], 0.0), ("a", [], 0.0)],
)
def test_likeness(heading: str, titles: list[str], share: float) -> None:
    assert likeness(heading, titles) == share


def test_structured_data_open_graphs() -> None:
    script = f'<script type="application/ld+json">{json.dumps({"@graph": [OWN, [OTHER]]})}</script>'
    found = structured_data(document_fromstring(f"<html><head>{script}</head><body>Text.</body></html>"))
    assert [item.get("author") for item in found] == [None, "Jane Doe", "John Roe"]
