"""Pages that are no article: walls, error pages, front and section pages, and the stub that a paywall leaves.

What is turned away here is lost to a reader, so each kind needs several pieces of evidence that agree; a page that is
in doubt is taken for an article.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from newsmill.schemas.words import Reason
from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.features import words_of
from newsmill.tasks.extract.metadata import ARTICLE_TYPE, Metadata, meta_contents
from newsmill.tasks.inputs.content import Problem


def page_problem(
    tree: HtmlElement, data: Sequence[Mapping[str, Any]], blocks: Sequence[Block], text: str, about: Metadata
) -> Problem | None:
    """Why the page is no article; None for one that may be. ``text`` is what was taken for its text."""
    words = len(words_of(text))
    is_stated = any(ARTICLE_TYPE.search(str(item.get("@type"))) for item in data)
    if words < _WALL_WORDS and not is_stated and (wall := _wall(tree, blocks, about.title)):
        return Problem(Reason.NOT_AN_ARTICLE, wall)
    if 0 < words < _STUB_WORDS and _is_cut_off(data, blocks, text):
        return Problem(Reason.PAYWALL_STUB, f"{words} words, and a prompt to subscribe for the rest")
    if not is_stated and _lists_articles(tree, blocks, text, about.canonical_url):
        return Problem(Reason.INDEX_PAGE, "headlines that lead to articles, as a front or section page has")
    return None


# Walls and error pages

_WALL_WORDS = 120
_TITLE_WORDS = 9
"""Words beyond which a title is a headline, though it speaks of robots or of error 404."""

_WALLS = {
    "an error page": re.compile(
        r"\W*(?:(?:error\W*)?(?:40[34]|410|50[023])\b(?!(?:\W+\w+){4})|"
        r"(?:this |the )?(?:page|article|content) (?:is |was )?(?:not found|unavailable|no longer available)|"
        r"not found$|access denied|forbidden$|bad gateway|service unavailable|page introuvable|"
        r"seite (?:wurde )?nicht gefunden|p[áa]gina no encontrada|página não encontrada|pagina non trovata|"
        r"pagina niet gevonden|sidan hittades inte|siden (?:blev )?ikke fundet|sayfa bulunamadı|"
        r"nie znaleziono strony|strona nie została znaleziona|"
        r"страница не найдена|ページが見つかりません|页面不存在|頁面不存在)",
        re.IGNORECASE,
    ),
    "a check for robots": re.compile(
        r"\W*(?:just a moment|attention required|are you (?:a )?(?:human|robot)|verify (?:that )?you are (?:a )?human|"
        r"checking your browser|security check|pardon our interruption|robot check|captcha|ddos.guard|"
        r"please (?:enable|turn on) (?:javascript|cookies|js)|"
        r"(?:javascript|cookies) (?:is |are )?(?:disabled|required))",
        re.IGNORECASE,
    ),
    "a request for consent": re.compile(
        r"\W*(?:before you continue|(?:your )?(?:privacy|cookie) (?:choices|settings|preferences|consent)|"
        r"we value your privacy|bevor sie fortfahren|privatsphäre.einstellungen|votre vie privée|gestion des cookies)",
        re.IGNORECASE,
    ),
    "a form to log in": re.compile(
        r"\W*(?:(?:log|sign) ?in(?: to continue)?(?: to your account)?|anmelden|connexion)$", re.IGNORECASE
    ),
}
_WALL_SCRIPT = re.compile(r"_Incapsula_Resource|/cdn-cgi/challenge-platform|captcha-delivery\.com|px-captcha")


def _wall(tree: HtmlElement, blocks: Sequence[Block], title: str | None) -> str | None:
    """What stands in an article's place: told by the title or the only lines that the page has."""
    heads = [title or "", *(block.text for block in blocks[:3] if len(blocks) <= 12)]
    for head in heads:
        if len(words_of(head)) <= _TITLE_WORDS:
            for what, pattern in _WALLS.items():
                if pattern.match(head):
                    return what
    scripts = (f"{e.get('src', '')} {(e.text or '')[:2000]}" for e in tree.iter("script"))
    return "a check for robots" if not blocks and any(map(_WALL_SCRIPT.search, scripts)) else None


# Paywall stubs

_STUB_WORDS = 60
"""A longer beginning is worth having, and many publishers call whole short items not free."""

_PROMPT = re.compile(
    r"subscribe (?:now |today )?(?:to|for) (?:continue|read|unlock|keep|access|the (?:full|rest))|"
    r"to (?:continue|keep) reading|continue reading (?:this|your|with)|already (?:a subscriber|subscribed)|"
    r"(?:log|sign) in to (?:read|continue)|"
    r"(?:only )?(?:for|available to) subscribers|subscribers? only|subscription required|unlock this (?:article|story)|"
    r"abonn\w+[^.]{0,30} (?:um weiter|weiterlesen)|jetzt weiterlesen|weiterlesen mit|nur für abonnent|"
    r"réservée? (?:à nos|aux) abonné|il vous reste \d+\s?%|déjà abonné|pour lire la suite|"
    r"suscr[ií]b\w+ para (?:seguir|continuar|leer)|(?:solo|exclusivo) para suscriptores|"
    r"riservat[oa] agli abbonati|per continuare a leggere|abbonati per|exclusivo para assinantes|"
    r"alleen voor abonnees|lees verder met|для подписчиков|続きを読むには|会員限定|订阅后",
    re.IGNORECASE,
)
_TRUNCATED = re.compile(r"(?:\.\.\.|…)\W*$")
_PROMPT_REACH = 8
"""Lines behind the text among which the prompt stands."""


def _is_cut_off(data: Sequence[Mapping[str, Any]], blocks: Sequence[Block], text: str) -> bool:
    """Whether a short text breaks off, or is called not free, and a prompt to subscribe follows it."""
    is_closed = any(str(item.get("isAccessibleForFree")).lower() == "false" for item in data)
    if not (is_closed or _TRUNCATED.search(text)):
        return False
    lines = set(text.split("\n"))
    last = max((i for i, block in enumerate(blocks) if block.text in lines), default=None)
    if last is None:
        return False
    behind = blocks[last : last + 1 + _PROMPT_REACH]
    return any(len(block.text) <= 300 and _PROMPT.search(block.text) for block in behind)


# Front and section pages

_TEASERS = 15
_TEASER_WORDS = 4
_LINKED = 0.5
"""Share of a listing's characters that are links; articles with many related headlines have as much."""

_PARAGRAPH = 600
"""Characters of a line from which it is an article's paragraph, not a teaser."""

_SECTION = re.compile(r"(?:[a-z]{2}-[a-z]{2}/)?(?:[a-z]{2,20}/){0,3}(?:index\.\w+/)?", re.IGNORECASE)
"""The path of a page that is named after a section, not after an article."""

_ARTICLE_MARKS = frozenset({"article:published_time", "datepublished", "parsely-pub-date", "headline"})


def _lists_articles(tree: HtmlElement, blocks: Sequence[Block], text: str, url: str | None) -> bool:
    """Whether a page at an address without an article's name is mostly headlines that are links."""
    path = urlsplit(url or "").path
    if not url or urlsplit(url).query or not _SECTION.fullmatch(f"{path.strip('/')}/".lstrip("/")):
        return False
    teasers = {b.text for b in blocks if b.linked > 0.8 and len(b.text.split()) >= _TEASER_WORDS}
    characters = sum(len(block.text) for block in blocks)
    linked = sum(block.linked * len(block.text) for block in blocks)
    if len(teasers) < _TEASERS or linked < _LINKED * characters or max(map(len, text.split("\n"))) >= _PARAGRAPH:
        return False
    metas = meta_contents(tree)
    return metas.get("og:type", "").lower() not in {"article", "news"} and metas.keys().isdisjoint(_ARTICLE_MARKS)
