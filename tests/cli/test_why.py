"""What became of an article is told: what stands for it and where they differ, its copies and revisions, or why not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.cli.why import cluster, differences, page_of_revisions, story_of, told
from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.rows import Article, Duplicate, Rejection
from newsmill.schemas.words import DuplicateMethod, Reason, Stage
from newsmill.tasks.land.partition import land
from tests.rows import ARTICLE

DAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake.open(str(tmp_path / "lake"))
    duplicate = Duplicate(
        input_id="b.html",
        article_id="b" * 16,
        url="https://b.example/x",
        duplicate_of="a" * 16,
        duplicate_of_date=date(2026, 1, 4),
        method=DuplicateMethod.NEAR,
        similarity=0.8124,
        containment=0.9,
        title="Bridge",
        source="wire",
        hostname="b.example",
        published_at=NOON,
        wire_agency="AP",
        text_hash="0" * 64,
        text="The council voted on Tuesday",
    )
    rejection = Rejection(
        input_id="it's empty.html",
        url=None,
        stage=Stage.READ,
        reason=Reason.EMPTY,
        detail="no content",
        expectation=None,
        raw_uri="in/empty.html",
    )
    for key, table in (("d", Duplicate.to_arrow([duplicate])), ("r", Rejection.to_arrow([rejection]))):
        write_table(lake, staged_key("x", key), table)
    land(lake, DAY, "0" * 16, {"duplicates": [staged_key("x", "d")], "rejections": [staged_key("x", "r")]})
    return lake


@pytest.mark.parametrize("name", ["b" * 16, "b.html", "https://b.example/x"])
def test_a_duplicate_is_explained_by_what_stands_for_it(lake: Lake, name: str) -> None:
    found = story_of(lake, name)

    assert json.loads(json.dumps(found)) == found
    (row,) = found["duplicates"]
    assert (row["duplicate_of"], row["duplicate_of_date"], row["similarity"]) == ("a" * 16, "2026-01-04", 0.812)
    shown = "\n".join(told(found))
    assert f"{'a' * 16} of 2026-01-04 stands for it, near, similarity 0.812, containment 0.9" in shown


def test_what_stands_for_others_names_them_and_their_cluster(lake: Lake) -> None:
    found = story_of(lake, "b" * 16) | {"articles": [], "duplicates": []}
    copies = [{"outlet": "b.example", "url": None, "published_at": "2026-01-05T12:00", "wire_agency": "AP"}]
    article = {"hostname": "a.example", "url": "u", "published_at": "2026-01-05T13:00", "wire_agency": None}

    made = cluster([article], copies)

    assert found["copies"] == []
    assert (made["members"], made["outlets"], made["agencies"]) == (2, ["a.example", "b.example"], ["AP"])
    assert made["earliest"]["outlet"] == "b.example"


def test_a_rejected_input_tells_why(lake: Lake) -> None:
    (line, place) = told(story_of(lake, "it's empty.html"))

    assert line == "rejected on 2026-01-05 at read, empty: no content"
    assert "in/empty.html" in place


def test_what_the_lake_does_not_know_is_a_usage_error(lake: Lake) -> None:
    with pytest.raises(UsageError, match="no article, duplicate or rejection that is called 0123456789abcdef"):
        story_of(lake, "0123456789abcdef")


def test_differences_are_shown_with_the_words_around() -> None:
    kept = "The council voted on Monday to rebuild the old bridge over the river"
    copy = "The council voted on Tuesday to rebuild the bridge over the river again"

    assert differences(kept, copy) == [
        "council voted on [-Monday-] {+Tuesday+} to rebuild the",
        "to rebuild the [-old-] bridge over the",
        "over the river {+again+}",
    ]
    assert differences(kept, kept) == []


def test_many_differences_are_counted() -> None:
    kept = " ".join(f"same{n} word{n}" for n in range(12))
    copy = " ".join(f"same{n} other{n}" for n in range(12))

    assert differences(kept, copy)[-1] == "and 4 more"


def test_the_changes_of_a_revision_are_told_sentence_by_sentence() -> None:
    changes = [
        {"kind": "changed", "before": "It met on Monday.", "after": "It met on Tuesday."},
        {"kind": "added", "before": None, "after": "It rained."},
        {"kind": "removed", "before": "It snowed.", "after": None},
        {"kind": "moved", "before": "All left.", "after": "All left."},
    ]
    row: dict[str, object] = {"logical_date": "2026-01-05", "title": "Bridge", "url": None, "revision": 1}
    row |= {"revision_similarity": 0.5, "words_added": 3, "words_removed": 3, "wire_agency": None, "changes": changes}
    story = {"articles": [row], "copies": [], "cluster": None, "duplicates": [], "rejections": []}

    assert list(told(story, changes=True))[2:] == [
        "    * It met on [-Monday.-] {+Tuesday.+}",
        "    + It rained.",
        "    - It snowed.",
        "    ~ All left.",
    ]
    assert len(list(told(story))) == 2


def test_the_revisions_of_an_article_as_a_page(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    texts = ("It met on Monday.\nSnow fell.\nAll <b>left.", "It met on Tuesday.\nAll <b>left.\nIt rained.")
    for number, text in enumerate(texts):
        key = staged_key("x", f"a{number}")
        write_table(lake, key, Article.to_arrow([ARTICLE.replace(text=text, revision=number)]))
        land(lake, date(2026, 1, 5 + number), str(number) * 16, {"articles": [key]})

    shown = page_of_revisions(lake, ARTICLE.article_id)

    rows = [row for row in shown.split("<tr>") if "<td" in row]
    assert "It met on <del>Monday.</del>" in rows[0]
    assert "It met on <ins>Tuesday.</ins>" in rows[0]
    assert "<del>Snow fell.</del></td><td></td>" in rows[1]
    assert rows[2].count("All &lt;b&gt;left.") == 2
    assert "<td></td><td><ins>It rained.</ins>" in rows[3]
    with pytest.raises(UsageError, match="holds 0 revisions of nothing"):
        page_of_revisions(lake, "nothing")
