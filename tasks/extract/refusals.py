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
from newsmill.tasks.extract.metadata import Metadata
from newsmill.tasks.extract.structured import ARTICLE_TYPE, meta_contents
from newsmill.tasks.extract.words import words_of
from newsmill.tasks.inputs.content import Problem


def page_problem(
    tree: HtmlElement,
    data: Sequence[Mapping[str, Any]],
    blocks: Sequence[Block],
    text: str,
    words: int,
    about: Metadata,
) -> Problem | None:
    """Why the page is no article; None for one that may be. ``text``, of so many ``words``, is taken for its text."""
    is_stated = any(ARTICLE_TYPE.search(str(item.get("@type"))) for item in data)
    if words < _WALL_WORDS and not is_stated and (wall := _wall(tree, blocks, words, about.title)):
        return Problem(Reason.NOT_AN_ARTICLE, wall)
    if 0 < words < _STUB_WORDS and (_is_cut_off(data, blocks, text) or _is_prompt(text)):
        return Problem(Reason.PAYWALL_STUB, f"{words} words, and a prompt to subscribe for the rest")
    if not is_stated and _lists_articles(tree, blocks, text, about.canonical_url):
        return Problem(Reason.INDEX_PAGE, "headlines that lead to articles, as a front or section page has")
    return None


# Walls and error pages

_WALL_WORDS = 120
_ARTICLE_WORDS = 45
"""Words from which on a text that is headed like a wall, but not as one alone, is an article."""

_REDIRECT_WORDS = 40
_REST_WORDS = 4
"""Words that may follow those of a wall in a title: the name of a site."""

_TITLE_WORDS = 9
"""Words beyond which a title is a headline, though it speaks of robots or of error 404."""

_LOG_IN = "a form to log in"
_WALLS = {
    "an error page": re.compile(
        r"\W*(?:error\W*(?:40[134]|410|50[0234])\b|"
        r"(?:40[134]|410|50[0234])\b(?=\W*$|\s*[|–—·-]|:?\s+\(?(?:error|(?:page )?not found|forbidden|gone|bad|service|"
        r"internal|unauthori[sz]ed|access denied|página|pagina|seite|страница))|"
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
    "a redirect": re.compile(
        r"\W*(?:redirecting|(?:you are )?being redirected|(?:30[1278] )?moved permanently|document moved|object moved|"
        r"weiterleitung|sie werden weitergeleitet|redirection(?: en cours)?|redirigiendo|redirecionando|"
        r"reindirizzamento|doorverwijzen|przekierowanie|перенаправление|yönlendiriliyor)\b(?=\W*(?:$|to\b|[|–—]))",
        re.IGNORECASE,
    ),
    _LOG_IN: re.compile(
        r"\W*(?:(?:log|sign) ?in(?: to continue)?(?: to your account)?|anmelden|connexion)$", re.IGNORECASE
    ),
}
_WALL_SCRIPT = re.compile(r"_Incapsula_Resource|/cdn-cgi/challenge-platform|captcha-delivery\.com|px-captcha")


_REDIRECTED = re.compile(
    r"you (?:are being|will be) (?:automatically )?redirected|if you are not redirected|redirecting you\b|"
    r"sie werden (?:\w+ ){0,8}weitergeleitet|vous (?:allez être|êtes|serez) (?:\w+ )?redirigé|"
    r"(?:está siendo|será|serás) (?:redirigid|redireccionad)|(?:está sendo|será) redirecionad|"
    r"(?:stai per essere|verrai|sarai) reindirizzat|u wordt (?:\w+ )?door(?:gestuurd|verwezen)|"
    r"zostaniesz przekierowan|(?:вы|вас) (?:\w+ )?(?:будете )?перенаправ|sayfaya yönlendiril|"
    r"du (?:blir|bliver) (?:nu )?(?:omdirigerad|videresendt|viderestillet)|"
    r"(?:ページは|に)移動しま(?:した|す)|自動的に(?:移動|切り替|転送)|"
    r"(?:自动|自動|正在)(?:跳转|跳轉)",
    re.IGNORECASE,
)
"""What the stub of a redirect tells its reader."""

_STUB_LINES = 8
_REFRESH = re.compile(r"^\s*\d{1,2}\s*[;,]\s*url\s*=", re.IGNORECASE)


def _wall(tree: HtmlElement, blocks: Sequence[Block], words: int, title: str | None) -> str | None:
    """What stands in an article's place: told by the title, or by one of the only lines that the page has.

    A title that goes on behind the words of a wall, and a line that is none of the title, may be an article's: then the
    text must be too short for one.
    """
    shown = [block.text for block in blocks[:3] if len(blocks) <= 12 and block.linked < _LINKED]
    for head in (title or "", *shown):
        for what, pattern in _WALLS.items():
            found = pattern.match(head) if len(words_of(head)) <= _TITLE_WORDS else None
            if found is None or (what == _LOG_IN and head != title and not _asks_for_password(tree)):
                continue
            is_whole = head == title and len(words_of(head[found.end() :])) <= _REST_WORDS
            if is_whole or words < _ARTICLE_WORDS:
                return what
    if words < _REDIRECT_WORDS and any(
        (meta.get("http-equiv") or "").lower() == "refresh" and _REFRESH.match(meta.get("content") or "")
        for meta in tree.iter("meta")
    ):
        return "a redirect"
    if words < _REDIRECT_WORDS and len(blocks) <= _STUB_LINES and any(_REDIRECTED.search(b.text) for b in blocks):
        return "a redirect"
    scripts = (f"{e.get('src', '')} {(e.text or '')[:2000]}" for e in tree.iter("script"))
    return "a check for robots" if not blocks and any(map(_WALL_SCRIPT.search, scripts)) else None


def _asks_for_password(tree: HtmlElement) -> bool:
    return any((field.get("type") or "").lower() == "password" for field in tree.iter("input"))


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
    r"alleen voor abonnees|lees verder met|続きを読むには|会員限定|订阅后|訂閱後|구독자 전용|계속 읽으려면|"
    r"(?:för|for) (?:prenumeranter|abonnenter)|redan prenumerant|"
    r"(?:logga in för att|logg inn for å|log ind for at) l[æäe]s|"
    r"(?:läs|les|læs) videre? med|vain tilaajille|dla (?:subskrybentów|prenumeratorów)|aby czytać dalej|"
    r"(?:pouze|jen|len) pr[oe] předplatitele|len pre predplatiteľov|csak előfizetőknek|abonelere özel|"
    r"devamını okumak için|(?:для|только) подписчик|чтобы (?:про)?читать дальше|для передплатників|щоб читати далі|"
    r"μόνο για συνδρομητές|للمشتركين فقط|למנויים בלבד",
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


_PROMPT_WORDS = 25
"""Words beside lines that prompt to subscribe below which there is nothing to read."""


def _is_prompt(text: str) -> bool:
    """Whether a text is little more than a prompt to subscribe."""
    lines = text.split("\n")
    others = [line for line in lines if not (len(line) <= 300 and _PROMPT.search(line))]
    return len(others) < len(lines) and sum(len(words_of(line)) for line in others) < _PROMPT_WORDS


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


_MANY_TEASERS = 30
_FRONT_LINKED = 0.6
_ROOT_TEASERS = 10
_ROOT_LINKED = 0.25
"""At the address of a host alone, where no site has an article; its headlines may have a sentence each below them."""
_OWN_FRONT_LINKED = 0.3
"""As :data:`_LINKED`, of a page and of its text, where the page calls itself the site's front page at an address that
is none: some sites have that wrong on every page."""


def _lists_articles(tree: HtmlElement, blocks: Sequence[Block], text: str, url: str | None) -> bool:
    """Whether a page is mostly headlines that are links: at an address that names no article, or all the more so.

    Many publishers lead the address of a story that they deleted to their front page.
    """
    path = urlsplit(url or "").path
    is_section = not urlsplit(url or "").query and _SECTION.fullmatch(f"{path.strip('/')}/".lstrip("/")) is not None
    if not url:
        return False
    teasers = {b.text for b in blocks if b.linked > 0.8 and len(b.text.split()) >= _TEASER_WORDS}
    characters = sum(len(block.text) for block in blocks)
    linked = sum(block.linked * len(block.text) for block in blocks)
    is_front = not is_section and _calls_itself_front(tree)
    least, share = (_TEASERS, _LINKED) if is_section else (_MANY_TEASERS, _FRONT_LINKED)
    if is_section and path in {"", "/"}:
        least, share = _ROOT_TEASERS, _ROOT_LINKED
    if is_front:
        least, share = _TEASERS, _OWN_FRONT_LINKED
    if len(teasers) < least or linked < share * characters or max(map(len, text.split("\n"))) >= _PARAGRAPH:
        return False
    metas = meta_contents(tree)
    kind = metas.get("og:type", "").lower()
    if is_front and _linked_share(blocks, text) < _OWN_FRONT_LINKED:
        return False
    if not (is_section or is_front) and (kind != "website" or _linked_share(blocks, text) < _LINKED):
        return False
    return kind not in {"article", "news"} and metas.keys().isdisjoint(_ARTICLE_MARKS)


def _calls_itself_front(tree: HtmlElement) -> bool:
    """Whether the page states the site's front page for its own address."""
    stated = (e.get("href") or "" for e in tree.iter("link") if (e.get("rel") or "").lower().split() == ["canonical"])
    return any(address.startswith("http") and urlsplit(address).path in {"", "/"} for address in stated)


def _linked_share(blocks: Sequence[Block], text: str) -> float:
    """The share of the text's characters that are links."""
    lines = set(text.split("\n"))
    chosen = [block for block in blocks if block.text in lines]
    return sum(b.linked * len(b.text) for b in chosen) / (sum(len(b.text) for b in chosen) or 1)
