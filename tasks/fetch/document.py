"""The raw document of a page that was fetched."""

from collections.abc import Collection
from dataclasses import replace

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


def unfit_for_article(head: Exchange) -> Problem | None:
    """Why the answer cannot be an article."""
    if not 200 <= head.status < 300:
        return Problem(Reason.HTTP_ERROR, f"status {head.status}")
    content_type = head.header("content-type") or ""
    if content_type.strip() and kind_of_content_type(content_type, b"") is None:
        return Problem(Reason.UNSUPPORTED_TYPE, f"content type {one_line(content_type)}")
    return None


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
    content = answer.content(max_bytes)
    if isinstance(content, Problem):
        return content
    if not content or content.isspace():
        return Problem(Reason.EMPTY, "only white space" if content else "no content")
    if kind_of_content_type(answer.header("content-type"), content) is None:
        return Problem(Reason.UNSUPPORTED_TYPE, "neither HTML nor text, and no content type is stated")
    return content
