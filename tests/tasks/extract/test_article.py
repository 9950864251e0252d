"""From bytes to an article or a rejection, and the five seeds against what a person would keep of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import newsmill
from newsmill.schemas.rows import SCHEMA_VERSION, Article, RawDocument, Rejection
from newsmill.schemas.words import ContentKind, DateSource, Reason, Stage
from newsmill.tasks.extract import extract_article
from newsmill.tasks.inputs.identity import article_id, text_hash

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
TITLES = {
    "000_9201f12fad9768e3": "Turkey and Russian Federation agree to build Syria mechanism",
    "001_66faf3551f75aea3": "Russia and Turkey focus on Syria in talks at Sochi",
    "002_33bcd0e91a40891b": (
        "Putin And Erdogan Talk Over Phone, As NATO Says It Won’t Do Anything To Support Ankara In Idlib"
    ),
    "003_622782a9865842c1": "Turkey’s NATO membership hinders cooperation with Russia",
    "004_7f88a1d7af701d6d": None,
}


def raw(content: bytes, kind: ContentKind = ContentKind.TEXT, url: str | None = None) -> RawDocument:
    return RawDocument(input_id="in-1", source="test", kind=kind, content=content, url=url, raw_uri="file:in-1")


def extract(document: RawDocument) -> Article:
    found = extract_article(document, latest=LATEST)
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("name", sorted(TITLES))
def test_seeds_come_out_as_a_person_would_clean_them(name: str) -> None:
    found = extract(raw((ROOT / "seeds" / f"{name}.txt").read_bytes()))
    assert found.text == (ROOT / "tests" / "golden" / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert found.title == TITLES[name]
    assert found.published_at is None
    assert found.published_at_source is DateSource.NONE
    assert found.language == "en"
    assert found.extraction_method == "lines"
    assert found.lines_removed > 0


def test_an_article_is_traceable_and_counted() -> None:
    text = "The council met on Tuesday.\nIt agreed to rebuild the wall after the storm, the mayor said."
    found = extract(raw(text.encode(), url="https://www.example.com/a/?utm_source=x"))
    assert found.text == text
    assert found.canonical_url == "https://example.com/a"
    assert found.hostname == "example.com"
    assert found.article_id == article_id("https://example.com/a", text)
    assert found.text_hash == text_hash(text)
    assert found.word_count == 17
    assert (found.source, found.raw_uri, found.revision) == ("test", "file:in-1", 0)
    assert (found.schema_version, found.pipeline_version) == (SCHEMA_VERSION, newsmill.__version__)
    assert (found.is_wire, found.wire_agency, found.model_name, found.model_version) == (None, None, None, None)


def test_a_text_with_broken_lines_comes_out_in_paragraphs_with_its_headline_and_author() -> None:
    text = (
        "WALL TO BE REBUILT\n\nBy Jane Doe | March 3, 2021 at 5:30 p.m.\n\n"
        "The mayors of three coastal towns agreed on Tuesday to rebuild the\n"
        "harbour wall &amp; the quay that a storm broke in January.\n\n"
        "The work will cost about four million euros, and the region has\n"
        "promised to pay half of it.\n"
    )
    found = extract(raw(text.encode()))
    assert found.text == (
        "The mayors of three coastal towns agreed on Tuesday to rebuild the harbour wall & the quay that a storm broke "
        "in January.\nThe work will cost about four million euros, and the region has promised to pay half of it."
    )
    assert (found.title, found.authors) == ("WALL TO BE REBUILT", ("Jane Doe",))
    assert str(found.published_on) == "2021-03-03"


@pytest.mark.parametrize(
    ("head", "listed_at", "published_at", "source"),
    [
        ("", datetime(2025, 3, 4, 7, 30, tzinfo=UTC), datetime(2025, 3, 4, 7, 30, tzinfo=UTC), DateSource.FEED),
        ("", datetime(2035, 3, 4, tzinfo=UTC), None, DateSource.NONE),
        ("", None, None, DateSource.NONE),
        (
            '<meta property="article:published_time" content="2025-03-02T10:00:00Z">',
            datetime(2025, 3, 4, tzinfo=UTC),
            datetime(2025, 3, 2, 10, tzinfo=UTC),
            DateSource.META,
        ),
    ],
)
def test_a_page_without_a_date_has_that_of_the_feed(
    head: str, listed_at: datetime | None, published_at: datetime | None, source: DateSource
) -> None:
    text = "The council agreed to rebuild the old wall after the storm, the mayor said. " * 5
    page = f"<html><head>{head}</head><body><article><p>{text}</p><p>{text}</p></article></body></html>"

    found = extract(raw(page.encode(), ContentKind.HTML).replace(listed_at=listed_at, listed_title="The wall"))

    assert (found.published_at, found.published_at_source) == (published_at, source)
    assert found.published_on == (published_at.date() if published_at else None)
    assert found.title == "The wall"


def test_an_article_without_an_address_is_known_by_its_text() -> None:
    text = "The council met on Tuesday and agreed to rebuild the wall after the storm, the mayor said."
    found = extract(raw(text.encode()))
    assert found.url is None
    assert found.canonical_url is None
    assert found.article_id == article_id(None, text)


def test_an_address_that_is_none_is_kept_beside_an_article_that_is_known_by_what_its_page_says() -> None:
    text = "The council met on Tuesday and agreed to rebuild the wall after the storm, the mayor said. " * 5
    link = '<link rel="canonical" href="https://news.example/wall">'
    page = f"<html><head>{link}</head><body><article><p>{text}</p><p>{text}</p></article></body></html>"
    document = raw(text.encode()).replace(stated_url="no address")

    plain = extract(document)
    linked = extract(document.replace(kind=ContentKind.HTML, content=page.encode()))
    odd = extract(document.replace(url="https://a..b/wall"))

    assert (plain.url, plain.stated_url, plain.article_id) == (None, "no address", article_id(None, text))
    assert (linked.url, linked.stated_url, linked.canonical_url) == (None, "no address", "https://news.example/wall")
    assert (odd.url or odd.stated_url) == "https://a..b/wall"


@pytest.mark.parametrize(
    ("content", "kind", "stage", "reason"),
    [
        (b"", ContentKind.TEXT, Stage.READ, Reason.EMPTY),
        (b" \n ", ContentKind.HTML, Stage.READ, Reason.EMPTY),
        (b"%PDF-1.4", ContentKind.HTML, Stage.READ, Reason.BINARY),
        (b"\x00\x01\x02\x03" * 100, ContentKind.TEXT, Stage.READ, Reason.BINARY),
        (b"<html><body></body></html>", ContentKind.HTML, Stage.EXTRACT, Reason.NO_ARTICLE),
        (b"Share\nAdvertisement\nLeave a Reply", ContentKind.TEXT, Stage.EXTRACT, Reason.NO_ARTICLE),
        (b"... --- ...", ContentKind.TEXT, Stage.EXTRACT, Reason.NO_ARTICLE),
    ],
)
def test_what_is_no_article_is_rejected_with_a_reason(
    content: bytes, kind: ContentKind, stage: Stage, reason: Reason
) -> None:
    found = extract_article(raw(content, kind), latest=LATEST)
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason, found.input_id) == (stage, reason, "in-1")
    assert found.detail
    assert "\n" not in found.detail
