"""Pages that are no article are told apart, and short, closed or link-heavy articles are not taken for them."""

import json
from typing import Any

import pytest
from lxml.html import HtmlElement, document_fromstring

from newsmill.schemas.words import Reason
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.metadata import Metadata
from newsmill.tasks.extract.refusals import page_problem
from newsmill.tasks.extract.structured import structured_data
from newsmill.tasks.extract.words import words_of

SENTENCE = "The council of Ashford voted on Monday to rebuild the bridge after a long debate in the town hall."
ARTICLE = {"@type": "NewsArticle", "headline": "Ashford to rebuild its bridge"}
CLOSED = {**ARTICLE, "isAccessibleForFree": False}
PROMPT = "Subscribe now to continue reading"
TEASERS = [f"Council number {n} votes on its bridge" for n in range(30)]


def page(lines: list[str], data: Any = None, head: str = "", links: list[str] | None = None) -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    teasers = "".join(f'<h2><a href="/a">{link}</a></h2>' for link in links or [])
    body = "".join(f"<p>{line}</p>" for line in lines)
    return document_fromstring(f"<html><head>{head}{script}</head><body>{body}{teasers}</body></html>")


def reason(tree: HtmlElement, text: str, title: str | None = None, url: str | None = None) -> Reason | None:
    about = Metadata(title=title, canonical_url=url)
    problem = page_problem(tree, structured_data(tree), blocks_of(tree), text, len(words_of(text)), about)
    assert problem is None or problem.detail
    return problem.reason if problem else None


@pytest.mark.parametrize(
    "title",
    [
        "404 - Page not found",
        "Error 404",
        "Page Not Found | The Ashford Times",
        "Seite nicht gefunden",
        "Страница не найдена",
        "Just a moment...",
        "Are you a robot?",
        "Please enable JavaScript to view this page",
        "Before you continue to Ashford Video",
        "We value your privacy",
        "Log in to continue",
    ],
)
def test_walls_and_error_pages_are_no_articles(title: str) -> None:
    assert reason(page([SENTENCE]), SENTENCE, title) is Reason.NOT_AN_ARTICLE


@pytest.mark.parametrize(
    "line",
    [
        "If you are not redirected within five seconds, follow this link.",
        "Sie werden in wenigen Sekunden zur neuen Seite weitergeleitet.",
        "Vous allez être redirigé vers la nouvelle adresse de la page.",
        "Será redirigido a la nueva página en unos segundos.",
        "Você será redirecionado em alguns segundos.",
        "Через пять секунд вы будете перенаправлены на новую страницу.",
        "Yeni sayfaya yönlendiriliyorsunuz, lütfen bekleyin.",
        "このページは移動しました。",
    ],
)
def test_what_sends_its_reader_elsewhere_is_a_redirect(line: str) -> None:
    assert reason(page([line]), line, "The Ashford Times") is Reason.NOT_AN_ARTICLE
    story = " ".join([SENTENCE] * 6)
    assert reason(page([story, line]), f"{story}\n{line}", "The Ashford Times") is None


@pytest.mark.parametrize(
    "prompt",
    [
        "Redan prenumerant? Logga in för att läsa vidare",
        "Denne saken er for abonnenter",
        "Læs videre med et abonnement",
        "Artykuł tylko dla subskrybentów",
        "Bu haberin devamı abonelere özeldir",
        "Материал доступен только подписчикам",
        "Μόνο για συνδρομητές",
        "هذا المقال للمشتركين فقط",
    ],
)
def test_a_lead_and_a_prompt_to_subscribe_are_a_stub_in_any_language(prompt: str) -> None:
    text = f"The wall fell in the storm ...\n{prompt}"
    assert reason(page(text.split("\n")), text) is Reason.PAYWALL_STUB
    story = f"{' '.join([SENTENCE] * 6)}\n{prompt}"
    assert reason(page(story.split("\n")), story) is None


def test_a_page_of_nothing_but_a_robot_check_is_told() -> None:
    tree = page([], head='<script src="/cdn-cgi/challenge-platform/h/b.js"></script>')
    assert reason(tree, "") is Reason.NOT_AN_ARTICLE
    assert reason(page([]), "") is None


@pytest.mark.parametrize(
    ("lines", "title", "data"),
    [
        ([SENTENCE], "404 houses to be built where the old harbour of Ashford once stood", None),
        ([SENTENCE], "Please enable the people, the mayor says", None),
        ([SENTENCE], "Page not found", ARTICLE),
        ([SENTENCE] * 8, "Page not found", None),
        ([SENTENCE, SENTENCE], None, CLOSED),
        ([SENTENCE, PROMPT], None, ARTICLE),
        ([SENTENCE] * 6 + [PROMPT], None, CLOSED),
        ([SENTENCE, *["Share"] * 20, PROMPT], None, CLOSED),
    ],
)
def test_articles_are_not_turned_away(lines: list[str], title: str | None, data: Any) -> None:
    text = "\n".join(line for line in lines if line == SENTENCE)
    assert reason(page(lines, data), text, title, "https://a.com/world") is None


@pytest.mark.parametrize(
    ("text", "data", "prompt"),
    [
        (SENTENCE, CLOSED, PROMPT),
        (SENTENCE, {**CLOSED, "isAccessibleForFree": "False"}, "Already a subscriber? Log in"),
        (f"{SENTENCE} The mayor…", None, "Jetzt weiterlesen mit Ashford+"),
        (f"{SENTENCE} The mayor [...]", None, "Cet article est réservé aux abonnés"),
    ],
)
def test_what_a_paywall_leaves_is_a_stub(text: str, data: Any, prompt: str) -> None:
    assert reason(page([text, prompt], data), text) is Reason.PAYWALL_STUB


@pytest.mark.parametrize(
    ("url", "data", "head", "found"),
    [
        ("https://a.com", None, "", Reason.INDEX_PAGE),
        ("https://a.com/world", None, "", Reason.INDEX_PAGE),
        ("https://a.com/en-gb/news/world/index.html", None, "", Reason.INDEX_PAGE),
        ("https://a.com/world/bridge-of-ashford", None, "", None),
        ("https://a.com/world/1234", None, "", None),
        ("https://a.com/story?id=7", None, "", None),
        (None, None, "", None),
        ("https://a.com/world", ARTICLE, "", None),
        ("https://a.com/world", None, '<meta property="og:type" content="article">', None),
        ("https://a.com/world", None, '<meta property="article:published_time" content="2024-01-01">', None),
    ],
)
def test_front_and_section_pages_are_told_by_links_and_address(
    url: str | None, data: Any, head: str, found: Reason | None
) -> None:
    assert reason(page([SENTENCE], data, head, TEASERS), SENTENCE, None, url) is found


@pytest.mark.parametrize(
    ("canonical", "found"),
    [("https://a.com/", Reason.INDEX_PAGE), ("https://a.com/world/wall.html", None), ("/", None)],
)
def test_a_deleted_story_leads_to_what_calls_itself_the_front_page(canonical: str, found: Reason | None) -> None:
    tree = page([SENTENCE] * 8, head=f'<link rel="canonical" href="{canonical}">', links=TEASERS)
    url = "https://a.com/world/wall-1.html"
    assert reason(tree, "\n".join([SENTENCE, *TEASERS]), None, url) is found
    assert reason(tree, "\n".join([SENTENCE] * 8), None, url) is None


def test_a_page_with_paragraphs_or_few_links_is_no_listing() -> None:
    url = "https://a.com/world"
    assert reason(page([SENTENCE * 7], links=TEASERS * 3), SENTENCE * 7, None, url) is None
    assert reason(page([SENTENCE], links=TEASERS[:10]), SENTENCE, None, url) is None
    assert reason(page([SENTENCE] * 40, links=TEASERS), SENTENCE, None, url) is None


@pytest.mark.parametrize(
    ("url", "found"),
    [("https://a.com/", Reason.INDEX_PAGE), ("https://a.com/?id=7", None), ("https://a.com/world", None)],
)
def test_at_a_host_alone_headlines_may_have_sentences_below_them(url: str, found: Reason | None) -> None:
    tree = page([SENTENCE[:60]] * 12, links=TEASERS[:12])

    assert reason(tree, SENTENCE[:60], None, url) is found
