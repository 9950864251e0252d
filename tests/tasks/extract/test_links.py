"""Links: every anchor of the kept text stands at its offsets, and is told by where it leads."""

from datetime import UTC, datetime

import pytest

from newsmill.schemas.rows import Link, RawDocument, Rejection
from newsmill.schemas.words import ContentKind, LinkKind
from newsmill.tasks.extract.article import extract_document
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.links import page_anchors

LATEST = datetime(2026, 6, 1, tzinfo=UTC)
ADDRESS = "https://www.coastnews.example.com/2026/05/wall.html"
FILLER = (
    "<p>The mayors of three towns on the coast agreed on Tuesday to rebuild the wall that a storm broke.</p>"
    "<p>The work will cost about four million euros, and the region has promised to pay half of it.</p>"
    "<p>Engineers had warned that another winter without repairs would put the old quarter at risk.</p>"
)


def links_of(
    content: str, kind: ContentKind = ContentKind.HTML, url: str | None = ADDRESS, head: str = ""
) -> tuple[str, tuple[Link, ...]]:
    if kind is ContentKind.HTML:
        content = (
            f"<html><head><title>Towns to rebuild the wall</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
            f"<article><h1>Towns to rebuild the wall</h1>{FILLER}{content}</article>"
            "<footer><a href='/about'>About us</a></footer></body></html>"
        )
    raw = RawDocument(input_id="a", source="s", kind=kind, content=content.encode(), raw_uri="a", url=url)
    found = extract_document(raw, latest=LATEST)
    assert not isinstance(found, Rejection)
    for link in found.links:
        assert found.article.text[link.start : link.end] == link.text
        assert link.article_id == found.article.article_id
    return found.article.text, found.links


def test_the_links_of_the_text_and_no_others() -> None:
    _, links = links_of("<p>The plan was <a href='/plan' rel='author'>drawn up in <b>March</b></a> by the harbour.</p>")
    (link,) = links
    assert (link.text, link.url, link.kind, link.rel) == (
        "drawn up in March",
        "https://www.coastnews.example.com/plan",
        LinkKind.INTERNAL,
        "author",
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>It was  \n drawn <a href='/p'>  up\n in&nbsp;March </a>, they said on the quay.</p>", "up in\u00a0March"),
        ("<p>Smith &amp;amp; Sons <a href='/p'>built</a> the old wall at Smith's quay.</p>", "built"),
        ("<p>The sea\u200bside <a href='/p'>to\u00adwns</a> had asked for it for ten years.</p>", "towns"),
        ("<p>They agreed on the wall.<br>They had <a href='/p'>asked for it</a> for ten years.</p>", "asked for it"),
        ("<p>The wall and <i>the <a href='/p'>wall</a></i> of the old town are two walls.</p>", "wall"),
    ],
    ids=["white space", "entity escaped twice", "marks within words", "line break", "nested"],
)
def test_offsets_hold_where_the_markup_is_tidied(markup: str, words: str) -> None:
    _, (link,) = links_of(markup)
    assert link.text == words


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (
            "<table><tr><th>Town</th><th>Part</th></tr><tr><td>Town A</td><td><a href='/a'>12 %</a></td></tr></table>",
            "12 %",
        ),
        ("<pre>First line\n\nSee <a href='/a'>the plan</a> of March\n</pre>", "the plan"),
    ],
    ids=["table", "preformatted"],
)
def test_links_in_lines_that_are_read_whole(markup: str, words: str) -> None:
    tree = parse(f"<body>{markup}</body>")
    assert tree is not None
    blocks = blocks_of(tree)
    text = "\n".join(block.text for block in blocks)
    (anchor,) = page_anchors(blocks, text, base=None)
    assert text[anchor.start : anchor.end] == words


def test_a_repeated_word_is_linked_where_the_link_stands() -> None:
    text, (link,) = links_of("<p>The wall of the town: a new <a href='/p'>wall</a> beside the old wall is planned.</p>")
    assert text[link.start - 4 : link.start] == "new "


@pytest.mark.parametrize(
    ("href", "kind", "domain"),
    [
        ("/plan", LinkKind.INTERNAL, "example.com"),
        ("https://archive.coastnews.example.com/1999", LinkKind.INTERNAL, "example.com"),
        ("https://harbour.example.co.uk/wall?utm_source=x", LinkKind.EXTERNAL, "example.co.uk"),
        ("https://x.com/mayor/status/1", LinkKind.SOCIAL, "x.com"),
        ("https://region.example.org/plans/wall.PDF", LinkKind.DOCUMENT, "example.org"),
        ("#costs", LinkKind.SELF, "example.com"),
        ("https://coastnews.example.com/2026/05/wall.html?utm_medium=mail", LinkKind.SELF, "example.com"),
    ],
)
def test_kinds(href: str, kind: LinkKind, domain: str) -> None:
    _, (link,) = links_of(f"<p>The plan was <a href='{href}'>drawn up</a> in March by the harbour board.</p>")
    assert (link.kind, link.domain) == (kind, domain)
    assert (link.target_article_id is None) == (kind not in {LinkKind.INTERNAL, LinkKind.EXTERNAL})


@pytest.mark.parametrize("href", ["mailto:a@example.com", "javascript:void(0)", "tel:+44123", "", "http://[::1"])
def test_what_leads_nowhere_on_the_web_is_no_link(href: str) -> None:
    assert links_of(f"<p>The plan was <a href='{href}'>drawn up</a> in March by the harbour board.</p>")[1] == ()


def test_an_article_at_the_address_has_the_id_that_the_link_names() -> None:
    _, (link,) = links_of(
        f"<p>As we <a href='{ADDRESS}'>reported</a> in May, work has begun.</p>", url="https://b.example/x"
    )
    raw = RawDocument(
        input_id="a", source="s", kind=ContentKind.HTML, content=FILLER.encode(), raw_uri="a", url=ADDRESS + "?fbclid=1"
    )
    found = extract_document(raw, latest=LATEST)
    assert not isinstance(found, Rejection)
    assert link.target_article_id == found.article.article_id


def test_a_page_may_say_where_its_links_start_from() -> None:
    _, (link,) = links_of(
        "<p>The plan was <a href='plan'>drawn up</a> in March by the harbour board.</p>",
        head="<base href='https://other.example.org/x/'>",
    )
    assert link.url == "https://other.example.org/x/plan"


def test_a_page_without_an_address_keeps_what_is_written() -> None:
    _, (link,) = links_of("<p>The plan was <a href='/plan'>drawn up</a> in March by the harbour.</p>", url=None)
    assert (link.url, link.canonical_url, link.kind) == ("/plan", None, LinkKind.INTERNAL)


def test_addresses_that_a_text_spells_out() -> None:
    text = (
        "The plan (see https://region.example.org/wall_(2026)) was agreed on Tuesday. Read [the full plan]"
        '(https://region.example.org/plan.pdf "Plan"), which the council published at http://council.example.org/a.'
    )
    _, links = links_of(text, ContentKind.TEXT, None)
    assert [(link.text, link.url) for link in links] == [
        ("https://region.example.org/wall_(2026)", "https://region.example.org/wall_(2026)"),
        ("the full plan", "https://region.example.org/plan.pdf"),
        ("http://council.example.org/a", "http://council.example.org/a"),
    ]
