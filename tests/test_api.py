"""newsmill from Python, on the small lake of the ready queries."""

from pathlib import Path

import pytest

import newsmill
from newsmill.api import OpenLake
from newsmill.errors import UsageError
from newsmill.schemas.rows import Article, Rejection
from tests.test_queries import COPY, EARLY, FIRST, LATE, OLD, OTHER, WIRE, make_lake

PAGE = """<html><head><title>Port opens</title></head><body><article><h1>Port opens</h1>
<p>The port of Ashford opened on Monday after three years of work, the council said in a statement.</p>
<p>“The port is part of our town,” said Mayor Ada Hill after the vote in the town hall.</p></article></body></html>"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> OpenLake:
    return newsmill.open(make_lake(tmp_path_factory.mktemp("api") / "lake").uri)


def ids(table: object) -> list[str]:
    return table["article_id"].to_pylist()  # type: ignore[index, no-any-return]


def test_a_lake_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake"):
        newsmill.open(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("speaker", "count"), [("Ada Hill", 2), ("hill", 2), ("ÁDA", 2), ("Hil", 0), ("O'Hill", 0), ("old", 1), (None, 4)]
)
def test_quotations_by_speaker(lake: OpenLake, speaker: str | None, count: int) -> None:
    assert lake.quotes(speaker=speaker).num_rows == count


def test_quotations_by_outlet_days_words_and_confidence(lake: OpenLake) -> None:
    assert ids(lake.quotes(outlet="wire")) == [WIRE]
    assert ids(lake.quotes(since=EARLY, until=EARLY)) == [WIRE]
    assert ids(lake.quotes(words="OPEN in May", since=LATE)) == [COPY, COPY]
    assert lake.quotes(confidence=1.0).num_rows == 0
    row = lake.quotes(since=LATE).to_pylist()[0]
    assert (row["outlet"], row["title"]) == ("post.example", f"Title {COPY[-1]}")


def test_articles_and_entities(lake: OpenLake) -> None:
    assert ids(lake.articles()) == [FIRST, WIRE, COPY, OTHER]
    assert ids(lake.articles(words=f"title {OTHER[-1]}")) == [OTHER]
    assert ids(lake.articles(outlet="post.example", until=LATE)) == [COPY, OTHER]
    assert ids(lake.entities(name="france", label="GPE")) == [WIRE, WIRE]
    assert lake.entities(label="PERSON", since=LATE).num_rows == 1


def test_people_sql_and_dates(lake: OpenLake) -> None:
    assert [row["outlet"] for row in lake.people(name="ada").to_pylist()] == ["post.example", "wire"]
    assert lake.people(outlet="wire", since=LATE).num_rows == 0
    assert lake.sql("SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 4}]
    assert lake.sql("most_quoted")["speaker_name"].to_pylist() == ["Ada Hill", "Ada Hill", "Ben Marsh"]
    assert lake.dates() == [OLD, EARLY, LATE]


def test_an_article_of_a_page_and_what_is_no_page() -> None:
    found = newsmill.extract(PAGE, url="https://example.org/port")
    assert isinstance(found, Article)
    assert (found.title, found.text.count("\n"), found.hostname) == ("Port opens", 1, "example.org")
    assert isinstance(newsmill.extract(b""), Rejection)


def test_quotations_of_a_text() -> None:
    found = newsmill.enrich("“The port is part of our town,” said Mayor Ada Hill after the vote.", language="en")
    assert [(quote.text, quote.speaker_name) for quote in found.quotes] == [
        ("The port is part of our town,", "Ada Hill")
    ]


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute nothing"):
        getattr(newsmill, "nothing")  # noqa: B009 - mypy knows the name too
