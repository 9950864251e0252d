"""The raw document of a page that was fetched."""

from collections.abc import Collection
from datetime import datetime

from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, OptOut, Reason, Stage
from newsmill.tasks.fetch.client import Exchange, Fetched
from newsmill.tasks.fetch.rights import opt_outs
from newsmill.tasks.inputs.content import (
    Problem,
    charset_of_content_type,
    clean_address,
    kind_of_content_type,
    one_line,
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
    fetched: Fetched,
    *,
    input_id: str,
    source: str,
    raw_uri: str,
    max_bytes: int,
    is_closed_to_ai: bool = False,
    is_reserved: bool = False,
    listed_title: str | None = None,
    listed_at: datetime | None = None,
    obeyed: Collection[OptOut] = (),
) -> RawDocument | Rejection:
    """The article's page that was fetched as a raw document; ``url`` is where the redirects ended.

    A page that asks for something ``obeyed`` is rejected as RESERVED.
    """
    content = _page(fetched, max_bytes)
    asked: tuple[OptOut, ...] = ()
    if not isinstance(content, Problem):
        asked = opt_outs(
            fetched.exchanges[-1].headers, content, is_closed_to_ai=is_closed_to_ai, is_reserved=is_reserved
        )
        if reserved := [opt_out.value for opt_out in asked if opt_out in obeyed]:
            content = Problem(Reason.RESERVED, f"the publisher asks for {', '.join(reserved)}")
    if isinstance(content, Problem):
        return Rejection(
            input_id=input_id,
            url=clean_address(fetched.address),
            stage=Stage.FETCH,
            reason=content.reason,
            detail=content.detail,
            expectation=None,
            raw_uri=raw_uri,
        )
    answer = fetched.exchanges[-1]
    content_type = answer.header("content-type")
    return RawDocument(
        input_id=input_id,
        source=source,
        kind=kind_of_content_type(content_type, content) or ContentKind.TEXT,
        content=content,
        charset=charset_of_content_type(content_type),
        url=answer.address,
        raw_uri=raw_uri,
        fetched_at=answer.started_at,
        http_status=answer.status,
        opt_outs=asked,
        listed_title=listed_title,
        listed_at=listed_at,
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
