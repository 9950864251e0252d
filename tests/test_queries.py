"""The ready queries over a small lake: each gives the rows that one works out by hand."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsmill.cli.main import cli
from newsmill.lake import Lake
from newsmill.lake.publish import publish
from newsmill.lake.query import query
from newsmill.lake.staging import staged_key, write_table
from newsmill.queries import ready_queries
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, Entity, FurnitureLine, Link, Quote, Run, Speaker, Topic
from newsmill.schemas.words import LinkKind, PlaceKind, SpeakerKind
from newsmill.tasks.land.partition import land
from tests.rows import ARTICLE, DUPLICATE, ENTITY, LINK, QUOTE, REJECTION, RUN, TEXT

OLD, EARLY, LATE = date(2026, 1, 1), date(2026, 1, 18), date(2026, 1, 20)
MORNING = datetime(2026, 1, 18, 8, tzinfo=UTC)

PORTS, SHIPS = Topic("medtop", "20000349", "port"), Topic("nexis", None, "SHIPS")
FIRST, WIRE, COPY, OTHER = (f"{number:016x}" for number in range(1, 5))
TOGETHER = tuple(
    Speaker(name=name, entity_id=name[0].lower() * 16, start=0, end=8) for name in ("Ada Hill", "Ben Marsh")
)
SHORTENED = "open in May,"
QUOTED_SHARE = round(len(QUOTE.text) / len(TEXT), 3)


FRANCE = {"geoname_id": 3017382, "place_kind": PlaceKind.COUNTRY, "latitude": 48.85, "longitude": 2.35}


def article(article_id: str, source: str, hostname: str | None, **changes: object) -> Article:
    return ARTICLE.replace(
        article_id=article_id, source=source, hostname=hostname, title=f"Title {article_id[-1]}", **changes
    )


def quote(article_id: str, index: int, **changes: object) -> Quote:
    return QUOTE.replace(article_id=article_id, quote_index=index, **changes)


def mention(article_id: str, index: int, entity: str, label: str, **changes: object) -> Entity:
    changes = {"entity_id": entity[0].lower() * 16, "entity_name": entity, "label": label} | changes
    return ENTITY.replace(article_id=article_id, mention_index=index, **changes)


def link(article_id: str, index: int, kind: LinkKind, **changes: object) -> Link:
    return LINK.replace(article_id=article_id, link_index=index, kind=kind, **changes)


def run(day: date, *counts: int) -> Run:
    names = ("read_count", "article_count", "duplicate_count", "rejection_count", "quote_count", "attributed_count")
    return RUN.replace(attempt_id=str(day), **dict(zip(names, counts, strict=True)))


OFFER = (FurnitureLine(2, "Read more"),)

ROWS: dict[date, list[Record]] = {
    OLD: [
        article(
            FIRST, "gazette", "gazette.example", published_at=None, topics=(PORTS, SHIPS), section="News", page="A1"
        ),
        quote(FIRST, 0, quote_id="3" * 16, speaker_name="Otto Old"),
        mention(FIRST, 0, "Otto Old", "PERSON"),
        run(OLD, 1, 1, 0, 0, 1, 1),
    ],
    EARLY: [
        article(
            WIRE,
            "wire",
            None,
            published_at=MORNING,
            is_wire=True,
            topics=(PORTS,),
            slug="PORT",
            urgency=3,
            story_id=WIRE,
        ),
        quote(WIRE, 0, speaker_entity_id="a" * 16, speaker_authority_id="Q1", speakers=TOGETHER),
        mention(WIRE, 0, "Ada Hill", "PERSON"),
        mention(WIRE, 1, "Council of Ashford", "ORG"),
        mention(WIRE, 2, "France", "GPE", country_code="FR", **FRANCE),
        mention(WIRE, 3, "France", "GPE", country_code="FR"),
        link(WIRE, 0, LinkKind.DOCUMENT, host="town.example", domain="town.example"),
        link(
            WIRE,
            1,
            LinkKind.EXTERNAL,
            host="gazette.example",
            domain="gazette.example",
            canonical_url="https://gazette.example/a",
            target_article_id=FIRST,
        ),
        run(EARLY, 1, 1, 0, 0, 1, 1),
    ],
    LATE: [
        article(COPY, "post", "post.example", published_at=MORNING + timedelta(hours=2), is_wire=False, story_id=WIRE),
        article(OTHER, "post", "post.example", published_at=None, is_wire=True, story_id=OTHER, furniture=OFFER),
        quote(COPY, 0, words_hash="4" * 16, text=SHORTENED, speaker_kind=SpeakerKind.PERSON),
        quote(
            COPY,
            1,
            quote_id="2" * 16,
            speaker_name=None,
            method="no_cue",
            speaker_text="the council",
            speaker_kind=SpeakerKind.BODY,
        ),
        mention(COPY, 0, "Ada Hill", "PERSON"),
        link(COPY, 0, LinkKind.DOCUMENT, host="town.example", domain="town.example", text="plans"),
        link(COPY, 1, LinkKind.INTERNAL, host="post.example", domain="post.example", target_article_id=OTHER),
        link(
            OTHER,
            0,
            LinkKind.EXTERNAL,
            host="paper.example",
            domain="paper.example",
            canonical_url="https://paper.example/a",
            target_article_id="f" * 16,
        ),
        DUPLICATE.replace(duplicate_of=WIRE, duplicate_of_date=EARLY, source="post"),
        REJECTION,
        run(LATE, 4, 2, 1, 1, 2, 1),
    ],
}

EXPECTED: dict[str, list[tuple[object, ...]]] = {
    "countries": [(EARLY, "FR", 1, 2)],
    "first_to_carry": [(QUOTE.text, "Ada Hill", "wire", MORNING, 2, 2, 120)],
    "furniture": [("post.example", "Read more", 1, LATE, LATE)],
    "gone_quiet": [("gazette", OLD, 19, 1)],
    "most_copied": [("Title 2", "wire", EARLY, 1, 1, ["same_text"])],
    "most_quoted": [("Ada Hill", 1, 1, 1), ("Ada Hill", 1, 1, 1), ("Ben Marsh", 1, 1, 1)],
    "named_together": [("Ada Hill", "Council of Ashford", 1)],
    "new_names": [("Ada Hill", EARLY, 2, 2)],
    "people": [
        ("Ada Hill", "post.example", LATE, 1, 1, "", "c" * 16, None),
        ("Ada Hill", "wire", EARLY, 1, 1, "Ada Hill", "a" * 16, "Q1"),
        ("Otto Old", "gazette.example", OLD, 1, 1, "", "c" * 16, None),
    ],
    "kinds_of_sources": [("post.example", 2, 0.5, 0.0, 0.5, 0.0, 0.0)],
    "quoted_through": [("the council", "body", 1, 1, "Ada Hill")],
    "most_linked": [
        ("town.example", 2, 2, 2, 0),
        ("gazette.example", 1, 1, 1, 1),
        ("paper.example", 1, 1, 1, 0),
    ],
    "story_sources": [
        ("https://example.org/plans.pdf", "document", 2, 2, EARLY, None),
    ],
    "who_links_to_whom": [
        ("post.example", "paper.example", 1, 1, "bridge"),
        ("wire", "gazette.example", 1, 1, "bridge"),
    ],
    "places": [(3017382, "France", "country", None, "FR", 48.85, 2.35, 1, 1)],
    "quoted_share": [
        ("gazette.example", 1, QUOTED_SHARE, 1),
        ("wire", 1, QUOTED_SHARE, 2),
        ("post.example", 2, round((len(SHORTENED) + len(QUOTE.text)) / (2 * len(TEXT)), 3), 1),
    ],
    "rejected": [(LATE, "read", "empty", 1, 0.25, "no content")],
    "sections": [("gazette.example", "News", 1, 9, 1)],
    "shortened": [
        (QUOTE.text, "Ada Hill", "wire", SHORTENED, "post.example", MORNING + timedelta(hours=2), 0.5),
    ],
    "slugs": [("wire", "PORT", 1, 1, 3, MORNING, MORNING)],
    "stories": [(WIRE, "Title 2", "wire", EARLY, 3, 2, 2, ["Ada Hill"], ["France"])],
    "topics": [("medtop", "20000349", "port", 2, 2), ("nexis", None, "SHIPS", 1, 1)],
    "unattributed": [
        ("post.example", 2, 1, 0.5, "no_cue"),
        ("gazette.example", 1, 0, 0.0, None),
        ("wire", 1, 0, 0.0, None),
    ],
    "volume": [
        (OLD, 1, 1, 9, 0, 0, 1, 1.0),
        (EARLY, 1, 1, 9, 0, 0, 1, 1.0),
        (LATE, 4, 2, 18, 1, 1, 2, 0.5),
    ],
    "wire_share": [("wire", 1, 1, 1.0), ("post.example", 2, 1, 0.5)],
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return make_lake(tmp_path_factory.mktemp("queries") / "lake")


def make_lake(folder: Path) -> Lake:
    made = Lake.open(str(folder))
    for day, rows in ROWS.items():
        staged = {}
        for record in TABLES:
            staged[record.table] = [staged_key("attempt", record.table)]
            found = [row for row in rows if isinstance(row, record)]
            write_table(made, staged[record.table][0], record.to_arrow(found))
        land(made, day, f"run-{day}", staged)
    return made


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_ready_query_gives_the_rows(lake: Lake, name: str) -> None:
    (sql,) = (ready.sql for ready in ready_queries() if ready.name == name)

    found = query(lake, sql)

    assert [tuple(row.values()) for row in found.to_pylist()] == EXPECTED[name]


def test_there_are_twenty_five_and_each_says_what_it_answers() -> None:
    assert [ready.name for ready in ready_queries()] == sorted(EXPECTED)
    assert len(EXPECTED) == 25
    for ready in ready_queries():
        assert "?" in ready.question


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_lake_without_rows_answers_too(tmp_path: Path, name: str) -> None:
    empty = Lake.open(str(tmp_path))
    publish(empty, OLD, {"articles": []})
    (sql,) = (ready.sql for ready in ready_queries() if ready.name == name)

    assert query(empty, sql).num_rows == 0


def test_the_command_takes_a_name_or_a_file(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "own.sql").write_text("SELECT count(*) AS n FROM quotes")

    def ask(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["query", *arguments, "--lake", lake.uri, "--output", "json"])
        return done.exit_code, done.stdout

    assert ask("gone_quiet") == (
        0,
        '{"source": "gazette", "last_seen": "2026-01-01", "days_silent": 19, "articles_before": 1}\n',
    )
    assert ask("--file", str(tmp_path / "own.sql")) == (0, '{"n": 4}\n')
    assert len(ask("--list")[1].splitlines()) == 25
    assert ask()[0] == 2
