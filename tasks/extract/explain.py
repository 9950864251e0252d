"""Why a document's lines are or are not its article, and where its metadata come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from newsmill.schemas.rows import Article, RawDocument, Rejection, Stated, Topic
from newsmill.schemas.words import ContentKind, DateSource
from newsmill.tasks.extract import extract_article
from newsmill.tasks.extract.dates import url_date
from newsmill.tasks.extract.decode import clean_characters, decode
from newsmill.tasks.extract.html import judge_page, parse
from newsmill.tasks.extract.lines import Role, judge_lines
from newsmill.tasks.extract.metadata import read_heading
from newsmill.tasks.extract.paragraphs import paragraphs_of, plain_text
from newsmill.tasks.extract.structured import meta_contents, structured_data
from newsmill.tasks.extract.traits import fold


class ExplainedLine(NamedTuple):
    """A line, counted from 1: ``verdict`` is text, title, byline or cut."""

    number: int
    text: str
    verdict: str
    why: str
    trafilatura: str | None = None
    """What trafilatura made of a page's line, kept or cut; None where it was not asked."""


class Fact(NamedTuple):
    """Something that is known of the article, and what says so."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a document: the article's facts and lines, or why it was rejected."""

    input_id: str
    method: str | None
    rejection: Rejection | None
    facts: tuple[Fact, ...]
    lines: tuple[ExplainedLine, ...]


def explain_document(raw: RawDocument, *, latest: datetime) -> Explanation:
    """As :func:`newsmill.tasks.extract.extract_article`, with a verdict and its reason for every line."""
    found = extract_article(raw, latest=latest)
    article = found if isinstance(found, Article) else None
    markup = decode(raw.content, raw.kind, raw.charset)
    lines: tuple[ExplainedLine, ...] = ()
    facts: tuple[Fact, ...] = ()
    if article and raw.kind is ContentKind.ARTICLE:
        lines = tuple(_record_lines(article))
        facts = tuple(_facts(article, None, raw.stated))
    elif isinstance(markup, str) and raw.kind is ContentKind.TEXT:
        lines = tuple(_text_lines(markup))
        facts = tuple(_facts(article, None, raw.stated)) if article else ()
    elif isinstance(markup, str) and raw.kind is ContentKind.HTML:
        lines = tuple(_page_lines(markup, raw.url, latest))
        facts = tuple(_facts(article, parse(markup), raw.stated)) if article else ()
    return Explanation(
        input_id=raw.input_id,
        method=article.extraction_method if article else None,
        rejection=None if isinstance(found, Article) else found,
        facts=facts,
        lines=lines,
    )


_VERDICTS = {Role.TEXT: "text", Role.TITLE: "title", Role.BYLINE: "byline"}


def _text_lines(text: str) -> Iterator[ExplainedLine]:
    paragraphs = paragraphs_of(plain_text(text))
    verdicts = judge_lines([paragraph.text for paragraph in paragraphs])
    for (number, line), verdict in zip(paragraphs, verdicts, strict=True):
        yield ExplainedLine(number, line, _VERDICTS.get(verdict.role, "cut"), verdict.reason)


def _record_lines(article: Article) -> Iterator[ExplainedLine]:
    """The lines of a record's text, which are the article whole."""
    why = "the record's text" if article.extraction_method == "record" else f"the record's {article.extraction_method}"
    for number, line in enumerate(article.text.split("\n"), 1):
        if line.strip():
            yield ExplainedLine(number, line, "text", why)


_REGIONS = ("nav", "header", "footer", "aside", "figure", "figcaption", "form", "table", "button")


def _page_lines(markup: str, url: str | None, latest: datetime) -> Iterator[ExplainedLine]:
    page = judge_page(markup, url=url, latest=latest)
    if page is None:
        return
    taken = set(page.text.split("\n"))
    title = fold(page.metadata.title or "")
    places = [i for i, is_chosen in enumerate(page.chosen) if is_chosen]
    first, last = (places[0], places[-1]) if places else (len(page.chosen), len(page.chosen))
    for i, block in enumerate(page.blocks):
        line, chance = clean_characters(block.text), f"{page.chances[i]:.2f}"
        opinion = None if page.kept is None else "kept" if page.kept[i] else "cut"
        if line.strip() in taken:
            verdict, why = "text", f"article ({chance})" if page.chosen[i] else f"found by {page.method}"
        elif title and fold(line) == title:
            verdict, why = "title", "headline"
        else:
            place = "before the article" if i < first else "after the article" if i > last else _BETWEEN
            verdict, why = "cut", f"{_region(block.element) or place} ({chance})"
        yield ExplainedLine(i + 1, line, verdict, why, opinion)


_BETWEEN = "between the article's lines"


def _region(element: HtmlElement) -> str | None:
    """The nearest element around a line that articles' paragraphs do not stand in."""
    chain = (element, *element.iterancestors())
    return next((f"in {part.tag}" for part in chain if part.tag in _REGIONS), None)


_FACTS = ("title", "authors", "site_name", "publisher", "section", "tags", "description", "image_url", "canonical_url")
_RECORD_FACTS = (
    *("guid", "version", "subhead", "byline", "dateline", "page", "slug", "urgency", "topics", "places", "genre"),
    *("editor_note", "copyright", "usage_terms", "stated_words"),
)
"""What only records state."""


def _facts(article: Article, tree: HtmlElement | None, stated: Stated | None) -> Iterator[Fact]:
    """What the article's row says of it, with where each is stated: by its record, its page, or a line of its text."""
    places = _statements(tree, article.url) if tree is not None else {}
    for name in (*_FACTS, *_RECORD_FACTS):
        value = getattr(article, name)
        values = value if isinstance(value, tuple) else (value,) if value is not None else ()
        if values:
            found = dict.fromkeys(place for part in values for place in places.get(fold(_shown(part)), ()))
            source = ", ".join(list(found)[:4]) or ("the page" if places else "a line of the text")
            is_stated = stated is not None and getattr(stated, name, None) == value
            yield Fact(name, "; ".join(map(_shown, values)), "record" if is_stated else source)
    for name, moment, found_in in (
        ("published_at", article.published_at, article.published_at_source),
        ("published_on", article.published_on, _day_source(article)),
        ("modified_at", article.modified_at, article.modified_at_source),
    ):
        if moment is not None:
            yield Fact(name, moment.isoformat(), str(found_in))
    if article.language:
        yield Fact("language", article.language, "record" if stated and stated.language else "the text")


def _shown(value: object) -> str:
    """A value as it is read; a topic by its scheme, code and name."""
    if isinstance(value, Topic):
        return " ".join(filter(None, (":".join(filter(None, (value.scheme, value.code))), value.name)))
    return str(value)


def _day_source(article: Article) -> str:
    """What says the day, which may be another than that of the time in UTC."""
    if article.published_at is not None and article.published_at.date() == article.published_on:
        return str(article.published_at_source)
    named = url_date(article.url or article.canonical_url)
    return (
        str(DateSource.URL) if named and named.date() == article.published_on else "dateline, or the zone of the time"
    )


def _statements(tree: HtmlElement, url: str | None) -> dict[str, list[str]]:
    """What the page states, folded, and where: the keys of its JSON-LD article and of its meta elements, h1, title."""
    found: dict[str, list[str]] = {}

    def add(place: str, value: object) -> None:
        if isinstance(value, str):
            found.setdefault(fold(value), []).append(place)
        elif isinstance(value, Mapping):
            add(place, value.get("name") or value.get("url"))
        elif isinstance(value, Sequence):
            for item in value[:50]:
                add(place, item)

    data: Sequence[Mapping[str, Any]] = structured_data(tree)
    for key, value in read_heading(tree, data, url=url).article.items():
        add(f"JSON-LD {key}", value)
    for item in data:
        add(f"JSON-LD {item.get('@type')}", item.get("name"))
    for key, content in meta_contents(tree).items():
        add(f"meta {key}", content)
        for part in content.split(","):
            add(f"meta {key}", part)
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            add(tag, element.text_content())
    for element in tree.iter("link"):
        add(f"link {element.get('rel')}", element.get("href"))
    return {text: list(dict.fromkeys(places)) for text, places in found.items() if text}
