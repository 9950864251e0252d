"""Pages: the article's lines are kept in order, the furniture around them goes, odd pages do no harm."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.html import Page, extract_page, judge_page, parse
from newsmill.tasks.inputs.content import Problem

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


def paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def article_of(markup: str) -> Page:
    found = extract_page(markup, url=None, latest=LATEST)
    assert isinstance(found, Page)
    return found


def test_the_article_is_found_whole_and_alone() -> None:
    found = article_of(page(paragraphs(PARAGRAPHS)))
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.metadata.title == TITLE
    assert found.method == "page_lines"
    assert found.lines_removed == 8


@pytest.mark.parametrize(
    "inside",
    [
        '<div class="share">Share on Facebook</div>',
        '<p class="ad">Advertisement</p>',
        '<p><strong><a href="/x">READ MORE: Five things to know about the old quarter</a></strong></p>',
        '<div class="related"><h3>Related</h3><a href="/x">Storm damage costs insurers millions</a></div>',
        '<div class="newsletter"><p>Sign up for our daily newsletter</p><button>Subscribe</button></div>',
    ],
)
def test_furniture_inside_the_body_goes(inside: str) -> None:
    body = paragraphs(PARAGRAPHS[:3]) + inside + paragraphs(PARAGRAPHS[3:])
    assert article_of(page(body)).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='text'>{'<br><br>'.join(PARAGRAPHS)}</div>",
        f"{paragraphs(PARAGRAPHS[:1])}<blockquote><p>{PARAGRAPHS[1]}</p></blockquote>{paragraphs(PARAGRAPHS[2:])}",
        f"{paragraphs(PARAGRAPHS[:2])}<ul><li>{'</li><li>'.join(PARAGRAPHS[2:])}</li></ul>",
        f"<div itemprop='articleBody'>{''.join(f'<div>{p}</div>' for p in PARAGRAPHS)}</div>",
    ],
    ids=["line breaks", "block quote", "list", "microdata"],
)
def test_paragraphs_are_kept_whatever_element_they_stand_in(body: str) -> None:
    assert article_of(page(body)).text == "\n".join(PARAGRAPHS)


def test_a_body_that_only_the_structured_data_has_is_taken_from_there() -> None:
    body = " ".join(PARAGRAPHS)
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": body})
    markup = page(f"<p>Loading.</p><script type='application/ld+json'>{data}</script>")
    found = article_of(markup)
    assert found.method == "jsonld"
    assert found.text == body


def test_the_verdict_on_a_page_is_what_the_article_is_made_of() -> None:
    markup = page(paragraphs(PARAGRAPHS))
    verdict = judge_page(markup, url=None, latest=LATEST)
    assert verdict is not None
    assert verdict.problem is None
    lines = [block.text for block in verdict.blocks]
    chosen = [line for line, is_chosen in zip(lines, verdict.chosen, strict=True) if is_chosen]
    assert [line for line in chosen if line != TITLE] == list(PARAGRAPHS)
    assert len(verdict.chances) == len(lines)
    assert verdict.text == article_of(markup).text


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
    found = extract_page(markup, url=None, latest=LATEST)
    assert isinstance(found, Problem)
    assert found.reason is Reason.NO_ARTICLE


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
        "<table>" + "<tr>" + "<td>1</td>" * 10 + "</tr>" * 5_000 + "</table>",
    ],
)
def test_odd_markup_does_no_harm(markup: str) -> None:
    found = extract_page(markup, url="https://example.com/x", latest=LATEST)
    assert isinstance(found, Problem) or found.text.strip()


def test_only_so_many_lines_of_a_page_are_read() -> None:
    tree = parse("<table>" + "<tr><td>cell</td></tr>" * 50 + "</table>")
    assert tree is not None
    assert len(blocks_of(tree, most=20)) == 20
    assert len(blocks_of(tree)) == 50


def test_a_line_knows_how_much_of_it_is_linked_and_bold_and_what_parts_it() -> None:
    tree = parse("<p>half <a href='#'>half</a><br><b>all of it</b></p>")
    assert tree is not None
    first, second = blocks_of(tree)
    assert (first.linked, first.bold, first.edges) == (4 / 9, 0.0, "block-br")
    assert (second.linked, second.bold, second.edges) == (0.0, 1.0, "br-block")


def test_the_result_depends_on_the_page_alone() -> None:
    markup = page(paragraphs(PARAGRAPHS))
    first = extract_page(markup, url=None, latest=LATEST)
    extract_page(page("<p>Something else.</p>"), url=None, latest=LATEST)
    assert extract_page(markup, url=None, latest=LATEST) == first


SENTENCE = "The council of the town voted on Tuesday to close the old bridge over the river until the spring."


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        (f"<p>{SENTENCE}</p><p hidden>a</p><div style='display: none'>b</div><p aria-hidden='true'>c</p>", [SENTENCE]),
        ("<p>a report<span class='sr-only'>, opens new tab</span> said</p>", ["a report said"]),
        ("<p>a report<span style='clip:rect(0,0,0,0)'>, opens new tab</span> said</p>", ["a report said"]),
        ("<p>inter\u200bnational fire\u00admen</p>", ["international firemen"]),
        ("<p>said <my-quote>this</my-quote> to us</p>", ["said this to us"]),
        ("<div><my-story><p>one</p></my-story><p>two</p></div>", ["one", "two"]),
        ("<p><ruby>北<rt>きた</rt></ruby>の町</p>", ["北の町"]),
        ("<p>all 450<sup><a href='#fn2'>2</a></sup> homes</p>", ["all 450 homes"]),
        ("<p>an area of 450 m<sup>2</sup></p>", ["an area of 450 m2"]),
        ("<p>Ann &amp;amp; Bob&amp;#8217;s</p>", ["Ann & Bob’s"]),
        (
            "<table><tr><th>Club</th><th>Points</th></tr><tr><td>Aller</td><td><b>31</b></td></tr></table>",
            ["Club | Points", "Aller | 31"],
        ),
        (f"<table><tr><td>{SENTENCE * 2}</td><td>menu</td></tr></table>", [" ".join([SENTENCE * 2]), "menu"]),
        ("<pre>one short line\nand one more\n\nthe end</pre>", ["one short line", "and one more", "the end"]),
        (f"<pre>{SENTENCE}\n{SENTENCE}\nend\n\nnext</pre>", [f"{SENTENCE} {SENTENCE} end", "next"]),
        ("<p>as <math alttext='x^2'><mi>x</mi></math> is</p>", ["as x^2 is"]),
        ("<p>half: <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>", ["half: 1/2"]),
    ],
    ids=[
        *("hidden", "label by class", "label by style", "zero width", "unknown in a line", "unknown around lines"),
        *("ruby", "note", "unit", "escaped twice", "table of figures", "table of layout", "lines as written"),
        *("lines broken at a width", "worded formula", "fraction"),
    ],
)
def test_a_line_is_what_a_reader_reads(markup: str, lines: list[str]) -> None:
    assert lines_of(f"<html><body>{markup}</body></html>") == lines


def test_hidden_parts_that_hold_the_prose_are_read() -> None:
    hidden = f"<div style='display:none'>{paragraphs(PARAGRAPHS[1:])}</div>"
    assert lines_of(f"<html><body><p>{PARAGRAPHS[0]}</p>{hidden}</body></html>") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("body", "method"),
    [
        (f"<noscript><div>{paragraphs(PARAGRAPHS)}</div></noscript>", "noscript"),
        (f"<x-story><template shadowrootmode='open'>{paragraphs(PARAGRAPHS)}</template></x-story>", "page_lines"),
        (
            f"<script type='application/json'>{json.dumps({'a': {'body': list(PARAGRAPHS)}})}</script>",
            "page_state",
        ),
        (
            f"<script>window.__STATE__ = {json.dumps({'html': paragraphs(PARAGRAPHS)})};</script>",
            "page_state",
        ),
        (
            f"<div data-props='{escape(json.dumps({'steps': [{'text': text} for text in PARAGRAPHS]}))}'></div>",
            "page_state",
        ),
    ],
    ids=["noscript", "shadow root", "state", "state of markup", "state in an attribute"],
)
def test_what_a_page_holds_for_its_script_is_judged_like_the_rest(body: str, method: str) -> None:
    found = article_of(page(body))
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.method == method


def test_the_messages_of_a_form_are_not_taken_for_the_article_that_is_short() -> None:
    messages = {f"error_{i}": f"Please correct the value of field number {i} before you send it." for i in range(9)}
    script = f"<script>var form = {json.dumps(messages)};</script>"
    found = article_of(page(f"<div>{paragraphs([SENTENCE])}</div>{script}"))
    assert (found.text, found.method) == (SENTENCE, "page_lines")


def test_a_page_whose_text_did_not_come_has_no_article() -> None:
    found = extract_page(page("<div id='app'></div>"), url=None, latest=LATEST)
    assert isinstance(found, Problem)


def test_of_several_whole_articles_the_one_with_the_headline_is_taken() -> None:
    other = f"<article><h1>Ferry cancelled</h1><p>By Ann Lee</p>{paragraphs([SENTENCE] * 2)}</article>"
    markup = page(paragraphs(PARAGRAPHS)).replace("<aside", f"{other}<aside")
    assert article_of(markup).text == "\n".join(PARAGRAPHS)


def test_markup_in_the_stated_body_is_read() -> None:
    body = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in PARAGRAPHS)
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": body})
    found = article_of(page(f"<p>Loading.</p><script type='application/ld+json'>{data}</script>"))
    assert found.text == "\n".join(PARAGRAPHS)
