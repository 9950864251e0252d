"""extract: bytes in, one clean article or one rejection out."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import newsmill
from newsmill.schemas.rows import SCHEMA_VERSION, Article, Link, RawDocument, Rejection, Stated
from newsmill.schemas.words import ContentKind, DateSource, Reason, Stage
from newsmill.tasks.extract.authors import byline_authors
from newsmill.tasks.extract.dates import NO_DATES, Dates, byline_day, is_plausible, midnight
from newsmill.tasks.extract.decode import Undecodable, clean_characters, decode
from newsmill.tasks.extract.html import Page, extract_page
from newsmill.tasks.extract.language import language_of
from newsmill.tasks.extract.lines import Role, byline_parts, judge_lines
from newsmill.tasks.extract.links import links_of, written_anchors
from newsmill.tasks.extract.metadata import Metadata
from newsmill.tasks.extract.paragraphs import paragraphs_of, plain_text
from newsmill.tasks.extract.words import count_words
from newsmill.tasks.inputs.content import Place, Problem, unfit_address
from newsmill.tasks.inputs.identity import article_id, text_hash
from newsmill.tasks.inputs.urls import canonical_url

_LETTER = re.compile(r"\w")
STATED_COLUMNS = tuple(field.name for field in Stated.fields())
"""What of an article its record may state, under the same names."""


class Extracted(NamedTuple):
    """What a document gave: its article, and the links of the article's text."""

    article: Article
    links: tuple[Link, ...]


def extract_article(raw: RawDocument, *, latest: datetime) -> Article | Rejection:
    """The article of a document. ``latest`` is the moment after which no date of publication is believed.

    Never raises for what a document holds. Meant to run in a child process under limits of time and memory.
    """
    found = extract_document(raw, latest=latest)
    return found if isinstance(found, Rejection) else found.article


def extract_document(raw: RawDocument, *, latest: datetime) -> Extracted | Rejection:
    """As :func:`extract_article`, with the links of the text."""
    markup = decode(raw.content, raw.kind, raw.charset)
    if isinstance(markup, Undecodable):
        return _rejection(raw, Stage.READ, markup.reason, markup.detail)
    page: Page | Problem | None
    if raw.kind is ContentKind.HTML:
        page = extract_page(markup, url=raw.url, latest=latest)
    elif raw.kind is ContentKind.ARTICLE:
        page = whole_text(markup, raw.stated, latest=latest)
    else:
        page = extract_text(markup, latest=latest)
    if isinstance(page, Problem):
        return _rejection(raw, Stage.EXTRACT, page.reason, page.detail)
    if page is None or not _LETTER.search(page.text):
        return _rejection(raw, Stage.EXTRACT, Reason.NO_ARTICLE, "no text of an article was found in the document")
    article = _article(raw, page, latest)
    anchors = page.anchors if raw.kind is ContentKind.HTML else written_anchors(article.text)
    address = raw.url or article.canonical_url
    return Extracted(article, links_of(anchors, article.text, own_id=article.article_id, url=address))


def load_models() -> None:
    """Load the weights of lines, pages and languages, which else the first document's time would be charged for."""
    latest = datetime.max.replace(tzinfo=UTC)
    for kind, content in ((ContentKind.TEXT, b"A line."), (ContentKind.HTML, b"<article><p>A line.</p></article>")):
        raw = RawDocument(input_id="", source="", kind=kind, content=content, raw_uri="")
        extract_article(raw, latest=latest)


def extract_text(text: str, *, latest: datetime) -> Page | None:
    """The article that a text is, or that it holds where it was copied from a page; None where no line of it is one."""
    lines = [paragraph.text for paragraph in paragraphs_of(plain_text(text))]
    verdicts = judge_lines(lines)
    by_role = {role: [line for line, v in zip(lines, verdicts, strict=True) if v.role is role] for role in Role}
    if not by_role[Role.TEXT]:
        return None
    bylines = [part for line in by_role[Role.BYLINE] for part in byline_parts(line)]
    day = byline_day(bylines, latest=latest)
    return Page(
        text="\n".join(by_role[Role.TEXT]),
        method="lines",
        lines_removed=len(by_role[Role.BOILERPLATE]) + len(by_role[Role.BYLINE]),
        metadata=Metadata(
            title=next(iter(by_role[Role.TITLE]), None),
            authors=byline_authors(bylines),
            dates=Dates(published_at=midnight(day), published_on=day, published_at_source=DateSource.DATELINE)
            if day
            else NO_DATES,
        ),
    )


def whole_text(text: str, stated: Stated | None, *, latest: datetime) -> Page:
    """A text that is an article whole, with what is found in it of what its record does not state."""
    is_told = stated is not None and stated.title and stated.published_at
    found = None if is_told else extract_text(text, latest=latest)
    metadata = found.metadata if found else Metadata()
    text = clean_characters(text).strip()
    method = {stated.title: "headline", stated.description: "summary"}.get(text, "record") if stated else "record"
    return Page(text=text, method=method, lines_removed=0, metadata=metadata)


def _dates(raw: RawDocument, page: Page, latest: datetime) -> Dates:
    """The page's own; where it has none, what the feed says that lists it."""
    found = page.metadata.dates
    if found.published_at is not None or raw.listed_at is None or not is_plausible(raw.listed_at, latest):
        return found
    on = found.published_on or raw.listed_at.date()
    return replace(found, published_at=raw.listed_at, published_on=on, published_at_source=DateSource.FEED)


def _article(raw: RawDocument, page: Page, latest: datetime) -> Article:
    about, dates = page.metadata, _dates(raw, page, latest)
    canonical = about.canonical_url or canonical_url(raw.url)
    url = raw.url if canonical_url(raw.url) else None
    article = Article(
        article_id=article_id(canonical, page.text, raw.stated.guid if raw.stated else None),
        url=url,
        canonical_url=canonical,
        source=raw.source,
        hostname=urlsplit(canonical).hostname if canonical else None,
        site_name=about.site_name,
        publisher=about.publisher,
        title=about.title or raw.listed_title,
        authors=about.authors,
        published_at=dates.published_at,
        published_on=dates.published_on,
        published_at_source=dates.published_at_source,
        modified_at=dates.modified_at,
        modified_at_source=dates.modified_at_source,
        language=language_of(page.text),
        description=about.description,
        text=page.text,
        word_count=count_words(page.text),
        text_hash=text_hash(page.text),
        section=about.section,
        tags=about.tags,
        image_url=about.image_url,
        images=about.images,
        extraction_method=page.method,
        lines_removed=page.lines_removed,
        revision=0,
        is_wire=None,
        wire_agency=None,
        raw_uri=raw.raw_uri,
        fetched_at=raw.fetched_at,
        http_status=raw.http_status,
        schema_version=SCHEMA_VERSION,
        pipeline_version=newsmill.__version__,
        model_name=None,
        model_version=None,
        stated_url=None if url else unfit_address(raw.url) if raw.url else raw.stated_url,
    )
    return article.replace(**_taken(raw.stated)) if raw.stated else article


def _taken(stated: Stated) -> dict[str, Any]:
    """The columns that a record states, times with their source."""
    found = {name: value for name in STATED_COLUMNS if (value := getattr(stated, name)) not in (None, ())}
    if stated.published_at:
        found["published_on"] = stated.published_on or stated.published_at.date()
        found["published_at_source"] = DateSource.RECORD
    if stated.modified_at:
        found["modified_at_source"] = DateSource.RECORD
    return found


def _rejection(raw: RawDocument, stage: Stage, reason: Reason, detail: str) -> Rejection:
    return Place.of(raw).reject(Problem(reason, detail), stage)
