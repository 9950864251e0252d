"""A line of a Knowledge Graph, read back column by column as the codebook says."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from newsmill.schemas.rows import Image, Topic
from newsmill.schemas.words import PlaceKind, QuoteKind
from newsmill.tasks.formats.gkg_out import COLUMNS, gkg_of
from tests.rows import ARTICLE, ENTITY, LINK, QUOTE

TEXT = (
    "Springfield, Illinois; on 5 January 2026 Ada Hill of Port|Works #1 said: “We open | in May 2026.” "
    "In 1999, and on March 3, it was closed. France and Bavaria agree, and 3/4/2021 may be either."
)
DAY = {"logical_date": date(2026, 1, 6), "run_id": "run"}


def article(**changes: Any) -> dict[str, Any]:
    return ARTICLE.replace(text=TEXT, **changes).to_dict() | DAY


def mention(words: str, label: str, **changes: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return ENTITY.replace(
        **({"text": words, "start": start, "end": start + len(words), "label": label, "entity_name": words} | changes)
    ).to_dict()


def place(words: str, label: str, kind: PlaceKind, code: str, number: int, **changes: Any) -> dict[str, Any]:
    at: dict[str, Any] = {"geoname_id": number, "latitude": 39.8, "longitude": -89.64, "place_kind": kind}
    return mention(words, label, country_code=code, **at, **changes)


def read(line: str) -> dict[str, str]:
    return dict(zip(COLUMNS, line.split("\t"), strict=True))


def entries(column: str) -> list[str]:
    return column.split(";") if column else []


def test_there_are_the_columns_of_the_codebook() -> None:
    assert len(COLUMNS) == 27
    assert (COLUMNS[7], COLUMNS[15], COLUMNS[22], COLUMNS[26]) == (
        "V1THEMES",
        "V1.5TONE",
        "V2.1QUOTATIONS",
        "V2EXTRASXML",
    )


def test_a_document_and_what_stands_for_one() -> None:
    web = read(gkg_of(3, article(hostname="www.example.org"), (), (), ()))
    print_only = read(
        gkg_of(
            0, article(url=None, canonical_url=None, hostname=None, published_at=None, published_on=None), (), (), ()
        )
    )

    assert list(web.values())[:5] == [
        "20260106000000-3",
        "20260105080000",
        "1",
        "example.org",
        "https://example.org/bridge",
    ]
    assert list(print_only.values())[:5] == [
        "20260106000000-0",
        "20260106000000",
        "2",
        "wire",
        f"urn:newsmill:article:{'a' * 16}",
    ]
    assert web["V2GCAM"] == "wc:9"
    assert "PRECISE" not in print_only["V2EXTRASXML"]


def test_what_is_not_known_is_empty() -> None:
    found = read(gkg_of(0, article(), (), (), ()))

    for name in ("V1COUNTS", "V2.1COUNTS", "V2ENHANCEDTHEMES", "V1.5TONE", "V2.1AMOUNTS", "V2.1TRANSLATIONINFO"):
        assert found[name] == ""


def test_topics_are_themes() -> None:
    topics = (Topic("medtop", "20000349", "port"), Topic("nexis", None, "Ships & Ports"), Topic(None, None, "News"))

    found = read(gkg_of(0, article(topics=topics), (), (), ()))

    assert found["V1THEMES"] == "MEDTOP_20000349;NEXIS_SHIPS_PORTS;NEWS;"


def test_places_have_the_parts_of_a_location() -> None:
    springfield = place("Springfield", "GPE", PlaceKind.CITY, "US", 4250542, admin1="Illinois")
    entities = [
        springfield,
        place("Illinois", "GPE", PlaceKind.ADMIN1, "US", 4896861, admin1="Illinois"),
        place("France", "GPE", PlaceKind.COUNTRY, "FR", 3017382),
        place("Bavaria", "GPE", PlaceKind.ADMIN1, "DE", 2951839, admin1="Bavaria"),
        springfield | {"start": TEXT.index("May"), "end": TEXT.index("May") + 3},
        mention("Port", "GPE"),
    ]

    found = read(gkg_of(0, article(), entities, (), ()))

    locations = [location.split("#") for location in entries(found["V1LOCATIONS"])]
    assert [(part[0], part[1], part[2], part[3], part[6]) for part in locations] == [
        ("3", "Springfield, Illinois, United States", "US", "USIL", "4250542"),
        ("2", "Illinois, United States", "US", "USIL", "4896861"),
        ("1", "France", "FR", "FR", "FR"),
        ("5", "Bavaria, Germany", "GM", "GM", "2951839"),
    ]
    assert {(part[4], part[5], len(part)) for part in locations} == {("39.8", "-89.64", 7)}
    enhanced = [location.split("#") for location in entries(found["V2ENHANCEDLOCATIONS"])]
    assert [(len(part), part[4], int(part[8])) for part in enhanced] == [
        (9, "", TEXT.index(words)) for words in ("Springfield", "Illinois", "France", "Bavaria", "May")
    ]


def test_people_bodies_and_names_have_offsets() -> None:
    entities = [mention("Ada Hill", "PERSON"), mention("Port|Works #1", "ORG"), mention("1999", "DATE")]

    found = read(gkg_of(0, article(), [*entities, entities[0]], (), ()))

    at, of = TEXT.index("Ada"), TEXT.index("Port")
    assert (found["V1PERSONS"], found["V2ENHANCEDPERSONS"]) == ("ada hill", f"Ada Hill,{at};Ada Hill,{at}")
    assert (found["V1ORGANIZATIONS"], found["V2ENHANCEDORGANIZATIONS"]) == ("port works 1", f"Port Works 1,{of}")
    assert found["V2.1ALLNAMES"] == f"Ada Hill,{at};Port Works 1,{of};Ada Hill,{at}"


def test_dates_go_as_far_as_the_text_does() -> None:
    entities = [mention(words, "DATE") for words in ("5 January 2026", "May 2026", "1999", "March 3", "3/4/2021")]

    found = read(gkg_of(0, article(), entities, (), ()))

    assert entries(found["V2.1ENHANCEDDATES"]) == [
        f"3#1#5#2026#{TEXT.index('5 Jan')}",
        f"2#5#0#2026#{TEXT.index('May')}",
        f"1#0#0#1999#{TEXT.index('1999')}",
        f"4#3#3#0#{TEXT.index('March')}",
    ]


def test_quotations_have_offset_length_and_verb() -> None:
    words = "We open | in May 2026."
    start = TEXT.index(words)
    said = QUOTE.replace(text=words, start=start, end=start + len(words)).to_dict()
    quotes = [
        said,
        said | {"kind": QuoteKind.INDIRECT.value},
        said | {"cue": None, "kind": QuoteKind.MIXED.value, "text": "May", "start": 5, "end": 8},
    ]

    found = read(gkg_of(0, article(), (), quotes, ()))

    assert [quotation.split("|") for quotation in found["V2.1QUOTATIONS"].split("#")] == [
        [str(start), str(len(words)), "said", "We open in May 2026."],
        ["5", "3", "", "May"],
    ]


def test_a_page_has_links_authors_time_and_title() -> None:
    moment = datetime(2026, 1, 5, 8, 1, 2, tzinfo=UTC)
    links = [LINK.to_dict(), LINK.to_dict(), LINK.replace(url="https://example.org/a;b").to_dict()]

    found = read(gkg_of(0, article(title="Bridge & <Port>\tto open", published_at=moment), (), (), links))

    assert found["V2EXTRASXML"] == (
        "<PAGE_LINKS>https://example.org/plans.pdf?utm_source=x;https://example.org/a%3Bb</PAGE_LINKS>"
        "<PAGE_AUTHORS>Ann Author</PAGE_AUTHORS><PAGE_PRECISEPUBTIMESTAMP>20260105080102</PAGE_PRECISEPUBTIMESTAMP>"
        "<PAGE_TITLE>Bridge &amp; &lt;Port&gt; to open</PAGE_TITLE>"
        f"<NEWSMILL_ARTICLE_ID>{'a' * 16}</NEWSMILL_ARTICLE_ID><NEWSMILL_LANGUAGE>en</NEWSMILL_LANGUAGE>"
    )


def test_the_main_picture_and_the_others() -> None:
    images = tuple(Image(f"https://example.org/{name}.jpg", None, None) for name in ("main", "a;b", "c"))

    found = read(gkg_of(0, article(image_url="https://example.org/main.jpg", images=images), (), (), ()))

    assert found["V2.1SHARINGIMAGE"] == "https://example.org/main.jpg"
    assert entries(found["V2.1RELATEDIMAGES"]) == ["https://example.org/a%3Bb.jpg", "https://example.org/c.jpg"]


@pytest.mark.parametrize("gap", ["\n", "\t", "\r\n", "\u2028"])
def test_an_article_is_one_line(gap: str) -> None:
    line = gkg_of(
        0, article(title=f"One{gap}two"), [mention("Ada Hill", "PERSON", entity_name=f"Ada{gap}Hill")], (), ()
    )

    assert len(line.splitlines()) == 1
    assert read(line)["V1PERSONS"] == "ada hill"
