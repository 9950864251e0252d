"""Pages: the article's lines are kept in order, the furniture around them goes, odd pages do no harm."""

from datetime import UTC, datetime

import pytest

from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.html import extract_page, parse

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
PARAGRAPHS = (
    "The mayors of three coastal towns agreed on Tuesday to rebuild the harbour wall that a storm broke in January.",
    "“We have waited long enough for this decision,” said Maria Keller, the mayor of the largest of the towns.",
    "The work will cost about four million euros, and the region has promised to pay half of it within two years.",
    "Engineers had warned that another winter without repairs would put the old quarter of the harbour at risk.",
    "Fishermen said that they had lost a third of their income since the storm and hoped for work to start soon.",
    "A first contract is expected to be signed in March, after the councils have voted on the plan.",
)
TITLE = "Coastal towns agree to rebuild the harbour wall"


def page(body: str) -> str:
    return f"""<!DOCTYPE html><html><head><title>{TITLE} | The Times</title></head><body>
<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li>
<li><a href="/s">Sport</a></li></ul></nav>
<article class="article-body"><h1>{TITLE}</h1><p class="byline">By Jane Doe</p>{body}</article>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/a">Storm damage costs insurers millions</a></li>
<li><a href="/b">Five things to know about the old quarter</a></li></ul></aside>
<footer class="footer"><p>© 2024 The Times. All rights reserved.</p></footer></body></html>"""


def lines_of(markup: str) -> list[str]:
    tree = parse(markup)
    assert tree is not None
    return [block.text for block in blocks_of(tree)]


def test_the_article_is_found_whole_and_alone() -> None:
    found = extract_page(page("".join(f"<p>{p}</p>" for p in PARAGRAPHS)), url=None, latest=LATEST)
    assert found is not None
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.metadata.title == TITLE
    assert found.method == "page_lines"


def test_share_bars_and_links_inside_the_body_go() -> None:
    inside = '<div class="share">Share on Facebook</div>', '<p class="ad">Advertisement</p>'
    body = "".join(f"<p>{p}</p>{inside[i % 2]}" for i, p in enumerate(PARAGRAPHS))
    found = extract_page(page(body), url=None, latest=LATEST)
    assert found is not None
    assert found.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>one <b>bold</b> <a href='#'>link</a> end</p><p>two</p>", ["one bold link end", "two"]),
        ("<div>one<br>two<div>three</div>four</div>", ["one", "two", "three", "four"]),
        ("<p>shown</p><script>hidden()</script><style>p{}</style><noscript>no</noscript>tail", ["shown", "tail"]),
        ("<ul><li>a</li><li>b</li></ul>", ["a", "b"]),
        ("<p>  white \n\t space  </p>", ["white space"]),
        ("<p>a<!-- no -->b</p>", ["ab"]),
    ],
)
def test_lines_are_those_that_a_browser_shows(markup: str, lines: list[str]) -> None:
    assert lines_of(f"<html><body>{markup}</body></html>") == lines


@pytest.mark.parametrize(
    "markup",
    [
        "",
        " ",
        "<html></html>",
        "<html><body></body></html>",
        "<!-- nothing -->",
        "<html><body><img src='a.png'></body></html>",
    ],
)
def test_a_page_without_text_has_no_article(markup: str) -> None:
    assert extract_page(markup, url=None, latest=LATEST) is None


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "text" + "</div>" * 20_000,
        "<b>" * 20_000 + "text",
        "<p>unclosed <b>tags <i>everywhere",
        "<table><tr><td>" * 500 + "cell",
        "\x00<p>nul</p>\x00",
        "<?xml version='1.0' encoding='utf-16'?><html><p>declared otherwise</p></html>",
        "<p>" + "word " * 200_000,
    ],
)
def test_odd_markup_does_no_harm(markup: str) -> None:
    found = extract_page(markup, url="https://example.com/x", latest=LATEST)
    assert found is None or found.text.strip()


def test_the_result_depends_on_the_page_alone() -> None:
    markup = page("".join(f"<p>{p}</p>" for p in PARAGRAPHS))
    first = extract_page(markup, url=None, latest=LATEST)
    extract_page(page("<p>Something else.</p>"), url=None, latest=LATEST)
    assert extract_page(markup, url=None, latest=LATEST) == first
