"""The pictures of an article: which they are, their largest form, what is written at them, and who made them."""

from datetime import UTC, datetime

import pytest

from newsmill.schemas.rows import Article, Image, RawDocument
from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract.article import extract_article
from newsmill.tasks.extract.images import split_credit

LATEST = datetime(2026, 6, 1, tzinfo=UTC)
ADDRESS = "https://www.coastnews.example.com/2026/05/wall.html"
PARAGRAPHS = (
    "<p>The mayors of three towns on the coast agreed on Tuesday to rebuild the wall that a storm broke.</p>",
    "<p>The work will cost about four million euros, and the region has promised to pay half of it.</p>",
    "<p>Engineers had warned that another winter without repairs would put the old quarter at risk.</p>",
)


def article_of(inside: str, above: str = "", behind: str = "", head: str = "") -> Article:
    content = (
        f"<html><head><title>Towns to rebuild the wall</title>{head}</head><body><nav><img src='/menu.jpg'></nav>"
        f"<main>{above}<article><h1>Towns to rebuild the wall</h1>{PARAGRAPHS[0]}{inside}{PARAGRAPHS[1]}{PARAGRAPHS[2]}"
        f"</article>{behind}</main><footer><img src='/foot.jpg'></footer></body></html>"
    )
    raw = RawDocument(
        input_id="a", source="s", kind=ContentKind.HTML, content=content.encode(), raw_uri="a", url=ADDRESS
    )
    found = extract_article(raw, latest=LATEST)
    assert isinstance(found, Article)
    return found


def images_of(inside: str, above: str = "", behind: str = "", head: str = "") -> tuple[Image, ...]:
    return article_of(inside, above, behind, head).images or ()


WALL = "https://www.coastnews.example.com/wall.jpg"


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        pytest.param("<img src='/wall.jpg'>", WALL, id="plain"),
        pytest.param("<img src='data:image/gif;base64,R0' data-src='/wall.jpg'>", WALL, id="lazy"),
        pytest.param("<img src='/blank.gif' data-srcset='/s.jpg 320w, /wall.jpg 1280w'>", WALL, id="lazy_set"),
        pytest.param("<img src='/s.jpg' srcset='/s.jpg, /wall.jpg 2x'>", WALL, id="by_density"),
        pytest.param(
            "<img src='/a.jpg' srcset='/w,c_1,q_2/a.jpg 100w,/w,c_3,q_4/b.jpg 200w'>",
            "https://www.coastnews.example.com/w,c_3,q_4/b.jpg",
            id="commas_in_addresses",
        ),
        pytest.param(
            "<picture><source srcset='/wall.jpg 1600w'><img src='/s.jpg' srcset='/s.jpg 300w'></picture>",
            WALL,
            id="source",
        ),
        pytest.param(
            "<figure><img src='data:,'><noscript><img src='/wall.jpg'></noscript></figure>", WALL, id="without_script"
        ),
        pytest.param(
            "<img src='/old wall.jpg'>", "https://www.coastnews.example.com/old%20wall.jpg", id="space_in_the_address"
        ),
        pytest.param("<a href='/full/wall.jpg'><img src='/wall.jpg'></a>", WALL, id="leads_to_itself"),
        pytest.param("<p><img src='/wall.jpg' width='640'></p>", WALL, id="in_a_paragraph"),
    ],
)
def test_the_largest_form_of_a_picture(markup: str, url: str) -> None:
    assert images_of(markup) == (Image(url, None, None),)


def test_addresses_start_from_where_the_page_says() -> None:
    (image,) = images_of("<img src='wall.jpg'>", head="<base href='https://img.example.org/x/'>")

    assert image.url == "https://img.example.org/x/wall.jpg"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<a href='/other.html'><img src='/other.jpg'></a>", id="teaser"),
        pytest.param(
            "<a href='/other.html'><figure><img src='/o.jpg'><figcaption>Read this</figcaption></figure></a>",
            id="teaser_with_caption",
        ),
        pytest.param("<div class='author-box'><img src='/ann.jpg'></div>", id="portrait"),
        pytest.param("<img src='/ann.jpg' class='avatar'>", id="avatar"),
        pytest.param("<img src='/x.jpg' width='60' height='60'>", id="small"),
        pytest.param("<img src='https://count.example.com/pixel.gif' width='1'>", id="counter"),
        pytest.param("<img src='/mark.svg'>", id="drawing_of_the_site"),
        pytest.param("<div class='ad-slot'><img src='/buy.jpg'></div>", id="advertising"),
        pytest.param("<div class='video-player'><img src='/still.jpg'></div>", id="film"),
        pytest.param("<aside><img src='/aside.jpg'></aside>", id="aside"),
        pytest.param("<img src='data:image/png;base64,xyz'>", id="no_address"),
        pytest.param("<img alt='nothing'>", id="nothing"),
    ],
)
def test_what_is_no_picture_of_the_article(markup: str) -> None:
    assert images_of(markup) == ()


def test_pictures_around_the_article() -> None:
    lead = "<figure><img src='/lead.jpg'><figcaption>The wall in March</figcaption></figure>"

    assert [image.caption for image in images_of("", above=lead)] == ["The wall in March"]
    assert images_of("", above="<img src='/lead.jpg'>") == ()
    assert images_of("", behind="<div><p>More news of the coast</p><img src='/next.jpg'></div>") == ()


def test_a_picture_is_named_once() -> None:
    figure = "<figure><img src='/wall.jpg?w=200'></figure>"
    found = images_of(figure + "<figure><img src='/wall.jpg?w=900'><figcaption>The wall</figcaption></figure>")

    assert found == (Image(WALL + "?w=200", "The wall", None),)


@pytest.mark.parametrize(
    ("markup", "caption", "credit"),
    [
        pytest.param(
            "<figure>{}<figcaption>The wall.<span class='credit'>Ann Author</span></figcaption></figure>",
            "The wall.",
            "Ann Author",
            id="marked_credit",
        ),
        pytest.param(
            "<figure>{}<figcaption>The wall.</figcaption><cite>Foto: Ann Author/dpa</cite></figure>",
            "The wall.",
            "Ann Author/dpa",
            id="credit_beside_the_caption",
        ),
        pytest.param(
            "<figure>{}<figcaption><p>The wall</p><p>in March.</p> (AP Photo/Ann Author)</figcaption></figure>",
            "The wall in March.",
            "AP Photo/Ann Author",
            id="paragraphs",
        ),
        pytest.param(
            "<div class='wp-caption'>{}<p class='wp-caption-text'>The wall. © Ann Author</p></div>",
            "The wall.",
            "Ann Author",
            id="no_figure",
        ),
        pytest.param(
            "<figure>{}<figcaption>The wall <button>Close</button><b class='sr-only'>Image</b></figcaption></figure>",
            "The wall",
            None,
            id="what_is_not_read",
        ),
        pytest.param(
            "<figure>{}<figcaption>Getty Images</figcaption></figure>", None, "Getty Images", id="credit_alone"
        ),
    ],
)
def test_caption_and_credit(markup: str, caption: str | None, credit: str | None) -> None:
    article = article_of(markup.format("<img src='/wall.jpg'>"))

    assert article.images == (Image(WALL, caption, credit),)
    assert article.text == "\n".join(part.removeprefix("<p>").removesuffix("</p>") for part in PARAGRAPHS)


def test_a_caption_right_behind_its_picture() -> None:
    found = images_of("<div><img src='/wall.jpg'></div><div class='image-caption'>The wall</div>")

    assert found == (Image(WALL, "The wall", None),)


@pytest.mark.parametrize(
    ("caption", "rest", "credit"),
    [
        ("The wall. Photo: Ann Author / Agency", "The wall.", "Ann Author / Agency"),
        ("The wall.Credit: Ann Author/AFP/Getty", "The wall.", "Ann Author/AFP/Getty"),
        ("Die Mauer (Foto: dpa)", "Die Mauer", "dpa"),
        ("Le mur. Crédit photo : Ann Author", "Le mur.", "Ann Author"),
        ("El muro. Fuente: EFE", "El muro.", "EFE"),
        ("Mur, fot. Ann Author", "Mur", "Ann Author"),
        ("Стена. Фото: Анна Автор", "Стена.", "Анна Автор"),
        ("壁 写真：共同", "壁", "共同"),
        ("The wall in March. (AP Photo/Ann Author, File)", "The wall in March.", "AP Photo/Ann Author, File"),
        ("The wall (Ann Author/Reuters)", "The wall", "Ann Author/Reuters"),
        ("The wall. Ann Author/AFP via Getty Images", "The wall.", "Ann Author/AFP via Getty Images"),
        ("The wall. Photo by Ann Author", "The wall.", "Ann Author"),
        ("The wall | © Ann Author | Agency", "The wall", "Ann Author | Agency"),
        ("The wall is old. (Town Archive)", "The wall is old.", "Town Archive"),
        ("The wall is old. Supplied", "The wall is old.", "Supplied"),
        ("Photograph: Ann Author/The Gazette", None, "Ann Author/The Gazette"),
        ("Mayor Ada Hill (left) at the wall", "Mayor Ada Hill (left) at the wall", None),
        ("A photo of the wall in 1990", "A photo of the wall in 1990", None),
        (
            "The wall, which Reuters had shown broken in March",
            "The wall, which Reuters had shown broken in March",
            None,
        ),
    ],
)
def test_a_caption_ends_with_its_credit(caption: str, rest: str | None, credit: str | None) -> None:
    assert split_credit(caption) == (rest, credit)


def test_an_article_of_pictures_keeps_their_captions_as_its_text() -> None:
    words = "An old view of the harbour with its wall, as it stood before the great storm of {} broke it in two places."
    figures = "".join(
        f"<figure><img src='/{year}.jpg'><figcaption>{words.format(year)}</figcaption></figure>"
        for year in range(1990, 2002)
    )
    content = f"<html><body><article><h1>The wall in pictures</h1>{figures}</article></body></html>"
    raw = RawDocument(input_id="a", source="s", kind=ContentKind.HTML, content=content.encode(), raw_uri="a")
    found = extract_article(raw, latest=LATEST)

    assert isinstance(found, Article)
    assert found.text.count("An old view") > 5
