"""Who wrote an article: bylines in many languages, and which of a page's names are its authors."""

import json
from typing import Any

import pytest
from lxml.html import HtmlElement, document_fromstring

from newsmill.tasks.extract.authors import byline_authors, is_person, split_names
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.metadata import read_heading, read_metadata
from newsmill.tasks.extract.structured import structured_data
from tests.tasks.extract.test_metadata import LATEST, URL


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe - Apr 16", ["Jane Doe"]),
        ("Jane Doe · 14 March 2023", ["Jane Doe"]),
        ("Posted by Jane Doe on March 3, 2021 at 10:15 am", ["Jane Doe"]),
        ("By Jane Doe Updated 3:45 p.m. ET", ["Jane Doe"]),
        ("Jana Malá před 2 hodinami", ["Jana Malá"]),
        ("By Jane Doe • 5 min read", ["Jane Doe"]),
        ("Jane Doe @janedoe", ["Jane Doe"]),
        ("Jane Doe jane.doe@the-times.example", ["Jane Doe"]),
        ("By Jane Doe (jane@times.example)", ["Jane Doe"]),
        ("Jane Doe for The Times", ["Jane Doe"]),
        ("Jane Doe, Reuters", ["Jane Doe"]),
        ("JANE DOE Staff Writer", ["JANE DOE"]),
        ("Senior Political Reporter Jane Doe", ["Jane Doe"]),
        ("Jane Doe, Political Correspondent, and John Roe, Arts Editor", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Head of Research, Rivers Project", ["Jane Doe"]),
        ("Text: Jane Doe, Photos: John Roe", ["Jane Doe"]),
        ("John Roe, Jr. and Jane Doe, PhD", ["John Roe, Jr.", "Jane Doe, PhD"]),
        ("Mark Read", ["Mark Read"]),
        ("Xiao You", ["Xiao You"]),
        ("Loïc Le Gall", ["Loïc Le Gall"]),
        ("Sandy Byrne", ["Sandy Byrne"]),
        ("Von Max Muster und Eva Klein, Berlin", ["Max Muster", "Eva Klein"]),
        ("Par Anne Petit (avec Luc Roux et Zoé Brun)", ["Anne Petit", "Luc Roux", "Zoé Brun"]),
        ("Por Ana Ruiz y Luis Vega", ["Ana Ruiz", "Luis Vega"]),
        ("José Vega y Prado", ["José Vega y Prado"]),
        ("Rui Mota e Silva", ["Rui Mota e Silva"]),
        ("Di Marco Neri e Paola Verdi", ["Marco Neri", "Paola Verdi"]),
        ("Ян Орлов и Анна Белова", ["Ян Орлов", "Анна Белова"]),
        ("بقلم: سامي ناصر، هند عمر", ["سامي ناصر", "هند عمر"]),
        ("作者：王山", ["王山"]),
        ("记者 王山 李海", ["王山", "李海"]),
        ("王山、李海", ["王山", "李海"]),
        ("김하늘 기자", ["김하늘"]),
        ("राम शर्मा और सीता वर्मा", ["राम शर्मा", "सीता वर्मा"]),
        ("Reuters", ["Reuters"]),
        ("Arts Editor", []),
        ("Staff Reporters", []),
        ("Last Updated: January 7", []),
        ("Photo by Jane Doe", []),
        ("View all posts by Jane Doe", ["Jane Doe"]),
        ("Zeige alle Beiträge von Jana Klein", ["Jana Klein"]),
        ("Recueilli par Anne PETIT", ["Anne PETIT"]),
        ("Ministry for Ports and Walls", ["Ministry for Ports and Walls"]),
        ("Ministry for Ports and Harbours", ["Ministry for Ports and Harbours"]),
        ("Floyd and Mori", ["Floyd", "Mori"]),
        ("Online-Redaktion", []),
        ("Our Correspondent", []),
        ("By Staff and Agencies", []),
        ("Equipe de redação", []),
        ("Haber Merkezi", []),
        ("編集部", []),
        ("APZ-Redaktion", ["APZ-Redaktion"]),
        ("The Editorial Board", ["The Editorial Board"]),
        ("page.meta.author", []),
        ("post.is", ["post.is"]),
        ("q_admin", []),
        ("3f27b1-66c8-4ce5", []),
        ("publisher", []),
        ("https://news.example.com/jane", []),
        ("", []),
    ],
)
def test_names_in_a_byline(line: str, names: list[str]) -> None:
    assert list(split_names(line)) == names


@pytest.mark.parametrize("name", ["Jane Doe", "Jan van der Meer", "J. R. Doe", "王山", "سامي ناصر"])
def test_a_persons_name(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "text", ["", "Jane", "jane doe", "The Times", "Arts Editor", "Jane Doe 3", "Jane of the", "Von"]
)
def test_no_persons_name(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    ("bylines", "names"),
    [
        (["March 3, 2021", "By Jane Doe and John Roe"], ("Jane Doe", "John Roe")),
        (["By JANE DOE and JOHN ROE | March 3, 2021"], ("JANE DOE", "JOHN ROE")),
        (["Jane Doe", "3 March 2021, 18:05"], ("Jane Doe",)),
        (["March 3, 2021"], ()),
        (["Sport", "5 min read"], ()),
    ],
)
def test_bylines_of_plain_text(bylines: list[str], names: tuple[str, ...]) -> None:
    assert byline_authors(bylines) == names


PROSE = "<p>The old wall in the harbour will be rebuilt, the council of the town said after a long meeting.</p>" * 3


def page(body: str, head: str = "", data: Any = None) -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data is not None else ""
    title = "<title>Harbour wall to be rebuilt</title>"
    return document_fromstring(f"<html><head>{title}{head}{script}</head><body>{body}</body></html>")


def authors_of(tree: HtmlElement) -> tuple[str, ...]:
    blocks = blocks_of(tree)
    heading = read_heading(tree, structured_data(tree), url=URL)
    chosen = [block.text.startswith("The old wall") for block in blocks]
    return read_metadata(tree, heading, blocks, chosen, url=URL, latest=LATEST).authors


HEADLINE = "<h1>Harbour wall to be rebuilt</h1>"
TEASERS = '<div class="list"><p>Another story</p><span class="author">Anna Poe</span><p>A third story</p></div>'


SITE = '<meta property="og:site_name" content="Tide and Wall">'


@pytest.mark.parametrize(
    ("tree", "authors"),
    [
        (page(f'{HEADLINE}<div class="byline">By <span>Jane Doe</span></div>{PROSE}'), ("Jane Doe",)),
        (page(f"{HEADLINE}<p>By Jane Doe</p>{PROSE}"), ("Jane Doe",)),
        (page(f"{HEADLINE}<p>By Jane Doe was the wall rebuilt.</p>{PROSE}"), ()),
        (page(f'{HEADLINE}<p class="author"><b>Jane Doe</b><span>Arts Editor</span></p>{PROSE}'), ("Jane Doe",)),
        (page(f'{HEADLINE}<p class="author"><b>Jane</b><b>Doe</b></p>{PROSE}'), ("Jane Doe",)),
        (page(f'{HEADLINE}<p class="author">Last updated: January 7</p>{PROSE}'), ()),
        (page(f"{HEADLINE}{PROSE}<p>Autorin: Eva Klein, Projektleiterin</p>"), ("Eva Klein",)),
        (page(f'{HEADLINE}{PROSE}<a rel="author" href="/jane">Jane Doe</a>'), ("Jane Doe",)),
        (page(f"{HEADLINE}{PROSE}{'<p>More</p>' * 9}{TEASERS}"), ()),
        (page(f"{HEADLINE}{PROSE}{'<p>More</p>' * 9}<p>Date 3 May 2024</p><p>Author Jane Doe</p>"), ("Jane Doe",)),
        (page(f"{HEADLINE}{PROSE}{'<p>More</p>' * 9}<p>The Sea</p><p>Author Jane Doe</p>"), ()),
        (
            page(
                f"{HEADLINE}{PROSE}",
                data={"@type": "NewsArticle", "author": {"@type": "Person", "name": "jane doe"}},
            ),
            ("jane doe",),
        ),
        (
            page(
                f'{HEADLINE}{PROSE}<aside>{TEASERS}</aside><div class="comment"><b class="author">Tom Troll</b></div>'
            ),
            (),
        ),
        (
            page(f"{HEADLINE}<p>Von: Eva Klein</p>{PROSE}", data={"@type": "NewsArticle", "author": "Example"}),
            ("Eva Klein",),
        ),
        (page(f"{HEADLINE}{PROSE}", data={"@type": "NewsArticle", "author": "News Example"}), ("News Example",)),
        (
            page(
                f"{HEADLINE}{PROSE}",
                data={"@type": "NewsArticle", "author": {"givenName": "Jane", "familyName": "Doe"}},
            ),
            ("Jane Doe",),
        ),
        (
            page(
                f"{HEADLINE}{PROSE}",
                data={"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Wind and Sea Fund"}},
            ),
            ("Wind and Sea Fund",),
        ),
        (page(PROSE, '<meta name="citation_author" content="Doe, Jane">'), ("Jane Doe",)),
        (page(PROSE, f'{SITE}<meta name="author" content="Tide and Wall, Harbour, Norway">'), ("Tide and Wall",)),
        (
            page(PROSE, '<meta name="author" content="Jane Doe"><meta name="author" content="John Roe">'),
            ("Jane Doe", "John Roe"),
        ),
        (
            page(
                PROSE,
                '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Doe">',
            ),
            ("Jane Doe",),
        ),
    ],
)
def test_authors_are_those_of_the_article(tree: HtmlElement, authors: tuple[str, ...]) -> None:
    assert authors_of(tree) == authors
