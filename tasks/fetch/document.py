"""The raw document of a page that was fetched."""

import re
from collections.abc import Collection
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin, urlsplit

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, OptOut, Reason, Stage
from newsmill.tasks.fetch.archive import Note
from newsmill.tasks.fetch.client import Exchange, Fetched
from newsmill.tasks.fetch.rights import opt_outs
from newsmill.tasks.inputs.content import (
    Place,
    Problem,
    charset_of_content_type,
    clean_address,
    kind_of_content_type,
    one_line,
    parse_moment,
)
from newsmill.tasks.inputs.urls import canonical_url, site


def unfit_for_article(head: Exchange) -> Problem | None:
    """Why the answer cannot be an article."""
    if not 200 <= head.status < 300:
        return Problem(Reason.HTTP_ERROR, f"status {head.status}")
    content_type = head.header("content-type") or ""
    if content_type.strip() and kind_of_content_type(content_type, b"") is None:
        return Problem(Reason.UNSUPPORTED_TYPE, f"content type {one_line(content_type)}")
    return None


def _is_led_to_front(asked: str, found: str) -> bool:
    """Whether an address that named a page was led to the front page of its site, as many do with deleted ones."""
    wanted, got = (urlsplit(canonical_url(address) or "") for address in (asked, found))
    is_front = _FRONT.fullmatch(got.path) is not None and not got.query
    was_page = _FRONT.fullmatch(wanted.path) is None or bool(wanted.query or wanted.fragment)
    return is_front and was_page and site(wanted.hostname or "") == site(got.hostname or "")


_FRONT = re.compile(r"(?:/[a-z]{2}(?:-[a-z]{2})?)?/?", re.IGNORECASE)
"""Of a site, or of one of its languages."""


def refreshed_to(fetched: Fetched, max_bytes: int) -> str | None:
    """The address that a page sends browsers to at once, in place of having any words; None for a page that stays.

    Pages of news also ask to be loaded again after some minutes, and browsers without scripts to go elsewhere.
    """
    answer = fetched.answer
    if answer is None or not 200 <= answer.status < 300 or len(answer.body) > _REFRESH_BYTES:
        return None
    content = answer.content(max_bytes)
    if isinstance(content, Problem) or not (found := _REFRESH.search(_ASIDE.sub(b" ", content))):
        return None
    if len(_TAGS.sub(b" ", _ASIDE.sub(b" ", content)).split()) > _REFRESH_WORDS:
        return None
    target = unescape(found["url"].decode("utf-8", "replace")).strip(" \"'")
    try:
        address = clean_address(urljoin(answer.address, target))
    except ValueError:
        return None
    return None if address is None or address == answer.address else address


_REFRESH_BYTES = 20_000
_REFRESH_WORDS = 60
_ASIDE = re.compile(rb"<!--.*?-->|<(noscript|script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(rb"<[^>]*>")
_REFRESH = re.compile(
    rb"<meta\b(?=[^>]*http-equiv\s*=\s*[\"']?refresh)[^>]*?content\s*=\s*[\"']?\s*[0-5](?:\.\d*)?\s*[;,]\s*url\s*=\s*"
    rb"(?P<url>\"[^\">]*\"|'[^'>]*'|[^\"'>]+)",
    re.IGNORECASE,
)
"""At once: in five seconds at most."""


def document_of(
    fetched: Fetched, place: Place, note: Note, *, max_bytes: int, obeyed: Collection[OptOut] = ()
) -> RawDocument | Rejection:
    """The article's page that was fetched as a raw document; ``url`` is where the redirects ended.

    ``place`` is where the capture stands, ``note`` what was known when it was made. A page that asks for something
    ``obeyed`` is rejected as RESERVED.
    """
    content = _page(fetched, max_bytes)
    asked: tuple[OptOut, ...] = ()
    if not isinstance(content, Problem):
        asked = opt_outs(
            fetched.exchanges[-1].headers, content, is_closed_to_ai=note.is_closed_to_ai, is_reserved=note.is_reserved
        )
        if reserved := [opt_out.value for opt_out in asked if opt_out in obeyed]:
            content = Problem(Reason.RESERVED, f"the publisher asks for {', '.join(reserved)}")
    if isinstance(content, Problem):
        return replace(place, url=clean_address(fetched.address)).reject(content, Stage.FETCH)
    answer = fetched.exchanges[-1]
    content_type = answer.header("content-type")
    return RawDocument(
        input_id=place.input_id,
        source=place.source,
        kind=kind_of_content_type(content_type, content) or ContentKind.TEXT,
        content=content,
        charset=charset_of_content_type(content_type),
        url=answer.address,
        raw_uri=place.raw_uri,
        fetched_at=answer.started_at,
        http_status=answer.status,
        opt_outs=asked,
        listed_title=note.title,
        listed_at=parse_moment(note.published_at),
    )


def _page(fetched: Fetched, max_bytes: int) -> bytes | Problem:
    answer = fetched.answer
    if answer is None:
        return fetched.problem or Problem(Reason.FETCH_FAILED, "no answer")
    if unfit := unfit_for_article(answer):
        return unfit
    if _is_led_to_front(fetched.address, answer.address):
        return Problem(Reason.NOT_AN_ARTICLE, "the address leads to the front page")
    content = answer.content(max_bytes)
    if isinstance(content, Problem):
        return content
    if not content or content.isspace():
        return Problem(Reason.EMPTY, "only white space" if content else "no content")
    if kind_of_content_type(answer.header("content-type"), content) is None:
        return Problem(Reason.UNSUPPORTED_TYPE, "neither HTML nor text, and no content type is stated")
    return content
