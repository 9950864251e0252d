"""The headline: not the logo, not cut short, not with the site's name."""

import pytest
from lxml.html import document_fromstring

from newsmill.tasks.extract.metadata import read_heading
from newsmill.tasks.extract.titles import without_site

OG = '<meta property="og:title" content="{}">'
URL = "https://www.harbour-post.example.com/world/story-1"
SITE = '<meta property="og:site_name" content="The Harbour Post">'


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Wall to be rebuilt | The Harbour Post", "Wall to be rebuilt"),
        ("The Harbour Post: Wall to be rebuilt", "Wall to be rebuilt"),
        ("Harbour Post - Wall to be rebuilt", "Wall to be rebuilt"),
        ("Wall to be rebuilt - Harbour Post Online", "Wall to be rebuilt"),
        ("Why the wall fell so early – and what comes next", "Why the wall fell so early – and what comes next"),
        ("Wall to be rebuilt - the town cheers", "Wall to be rebuilt - the town cheers"),
        ("港の壁を再建へ_HarbourPost", "港の壁を再建へ"),
        ("The Harbour Post", "The Harbour Post"),
    ],
)
def test_the_sites_name_is_cut_and_nothing_else(title: str, bare: str) -> None:
    assert without_site(title, {"theharbourpost", "harbourpost"}) == bare


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (SITE, "<h1>Wall to be<br>rebuilt by spring</h1>", "Wall to be rebuilt by spring"),
        (SITE, "<h1><span>Wall to be</span><span>rebuilt by spring</span></h1>", "Wall to be rebuilt by spring"),
        (
            '<meta property="og:title" content="Wall to be rebuilt by spring">',
            "<h1><i>W</i><i>all</i> to be rebuilt by spring</h1>",
            "Wall to be rebuilt by spring",
        ),
        (
            f"{SITE}<title>Wall to be rebuilt by spring - The Harbour Post</title>",
            "<h1>The Harbour Post</h1><h2>Wall to be rebuilt by spring</h2>",
            "Wall to be rebuilt by spring",
        ),
        (
            '<meta property="og:title" content="Rebuilt: the wall that fell in spring">',
            "<h1>Rebuilt: the wall that fell in spring</h1>",
            "Rebuilt: the wall that fell in spring",
        ),
        (
            f"{OG.format('The wall that fell in spring')}<title>Rebuilt - The wall that fell in spring</title>",
            "<h1>Rebuilt - The wall that fell in spring</h1>",
            "The wall that fell in spring",
        ),
        (
            OG.format("Why the harbour will be without a wall"),
            "<h1>Harbour wall: all that we know</h1><h2>Repairs <b>Why the harbour will be without a wall</b></h2>",
            "Why the harbour will be without a wall",
        ),
        (
            OG.format("Why the harbour will be without a wall"),
            f"<h1>Harbour wall: what we know</h1>{4 * '<h3>More</h3>'}<h3>Why the harbour will be without a wall</h3>",
            "Harbour wall: what we know",
        ),
        ("", "<h1>Walls: &lt;50% stand, &gt;40% fell</h1>", "Walls: <50% stand, >40% fell"),
        (
            f"{OG.format('Wall to be rebuilt by…')}<title>Wall to be rebuilt by spring, says town</title>",
            "",
            "Wall to be rebuilt by spring, says town",
        ),
        (
            f"{SITE}<title>港の壁を再建へ、町が決定 - The Harbour Post</title>",
            "<h1>お知らせ</h1>",
            "港の壁を再建へ、町が決定",
        ),
        ("<title>Wall to be rebuilt by spring | Elsewhere Daily</title>", "", "Wall to be rebuilt by spring"),
        ("<title>港口防波堤将于春季重建完工-东港网</title>", "", "港口防波堤将于春季重建完工"),
        ("<title>第十届中国-东盟港口会议召开</title>", "", "第十届中国-东盟港口会议召开"),
        ("<title>동항일보 모바일 :: 방파제 내년 봄까지 다시 짓는다</title>", "", "방파제 내년 봄까지 다시 짓는다"),
    ],
)
def test_the_headline_of_a_page(head: str, body: str, title: str) -> None:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    assert read_heading(tree, [], url=URL).title == title
