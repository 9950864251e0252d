"""Rows of the same words are found in one another, and each difference is told once, in words."""

from typing import Any

import pytest

from newsmill.tasks.upkeep.compare import Difference, Row, paired

ARTICLE = {"article_id": "a" * 16, "url": "https://example.org/a"}


def entity(start: int, end: int, text: str = "Ada Hill", **changes: Any) -> dict[str, Any]:
    row = {"label": "PERSON", "entity_name": "Ada Hill", "entity_id": "c" * 16, "country_code": None}
    return row | {"start": start, "end": end, "text": text} | changes


def quote(start: int, end: int, text: str = "The bridge will open", **changes: Any) -> dict[str, Any]:
    row = {"kind": "direct", "cue": "said", "segments": [{}], "speaker_name": "Ada Hill", "speaker_text": "Hill"}
    return row | {"start": start, "end": end, "text": text} | changes


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ([], [], []),
        ([(0, 5)], [(0, 5)], [((0, 5), (0, 5))]),
        ([(0, 5)], [(5, 9)], [((0, 5), None), (None, (5, 9))]),
        ([(0, 5)], [(2, 9)], [((0, 5), (2, 9))]),
        # The same span goes before one that merely overlaps, and each row is of one pair.
        ([(0, 5), (2, 9)], [(2, 9)], [((2, 9), (2, 9)), ((0, 5), None)]),
        ([(0, 9)], [(0, 3), (4, 9)], [((0, 9), (0, 3)), (None, (4, 9))]),
    ],
)
def test_pairs(
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    pairs: list[tuple[tuple[int, int] | None, tuple[int, int] | None]],
) -> None:
    def span(row: Row | None) -> tuple[int, int] | None:
        return (row["start"], row["end"]) if row else None

    found = paired([entity(*one) for one in before], [entity(*one) for one in after])

    assert [(span(old), span(new)) for old, new in found] == pairs


@pytest.mark.parametrize(
    ("before", "after", "how", "was", "now"),
    [
        ([], [entity(0, 8)], "added", "", "PERSON Ada Hill cccccc"),
        ([entity(0, 8)], [], "gone", "PERSON Ada Hill cccccc", ""),
        ([entity(0, 8)], [entity(0, 8, label="ORG")], "changed", "PERSON Ada Hill cccccc", "ORG Ada Hill cccccc"),
        (
            [entity(0, 8)],
            [entity(0, 8, label="GPE", country_code="GB")],
            "changed",
            "PERSON Ada Hill cccccc",
            "GPE Ada Hill (GB) cccccc",
        ),
        ([entity(0, 8)], [entity(0, 3, "Ada")], "changed", "PERSON Ada Hill cccccc", "“Ada” PERSON Ada Hill cccccc"),
    ],
)
def test_entities(before: list[Row], after: list[Row], how: Any, was: str, now: str) -> None:
    difference = Difference()

    difference.add(ARTICLE, (before, after), ([], []))

    (example,) = difference.examples("entities", how, 5)
    assert (example.change.before, example.change.after) == (was, now)
    assert (example.count, example.article_id, example.url) == (1, ARTICLE["article_id"], ARTICLE["url"])
    assert (difference.count("entities", how), difference.same["entities"], difference.articles_changed) == (1, 0, 1)


@pytest.mark.parametrize(
    ("changes", "quotes", "speakers"),
    [
        ({}, None, None),
        ({"cue": None}, ("changed", "direct, cue: said", "direct, cue: none"), None),
        (
            {"kind": "mixed", "segments": [{}, {}]},
            ("changed", "direct, cue: said", "mixed, cue: said, in 2 parts"),
            None,
        ),
        ({"speaker_name": "Bo Lee"}, None, ("changed", "Ada Hill", "Bo Lee")),
        ({"speaker_name": None}, None, ("changed", "Ada Hill", "Hill")),
        ({"speaker_name": None, "speaker_text": None}, None, ("gone", "Ada Hill", "")),
    ],
)
def test_quotes_and_their_speakers(
    changes: dict[str, Any], quotes: tuple[str, str, str] | None, speakers: tuple[str, str, str] | None
) -> None:
    difference = Difference()

    difference.add(ARTICLE, ([], []), ([quote(1, 21)], [quote(1, 21, **changes)]))

    found = {
        subject: [(c.how, c.before, c.after) for c in difference.changes[subject]] for subject in ("quotes", "speakers")
    }
    assert found == {"quotes": [quotes] if quotes else [], "speakers": [speakers] if speakers else []}
    assert difference.same == {"quotes": int(not quotes), "speakers": int(not speakers)} or difference.articles_changed


def test_a_speaker_that_is_found_is_added_and_a_quotation_alone_has_none_to_compare() -> None:
    difference = Difference()
    nobody = quote(1, 21, speaker_name=None, speaker_text=None)

    difference.add(ARTICLE, ([], []), ([nobody, quote(40, 60)], [quote(1, 21)]))

    assert [(c.how, c.after) for c in difference.changes["speakers"]] == [("added", "Ada Hill")]
    assert [c.how for c in difference.changes["quotes"]] == ["gone"]


def test_the_commonest_change_comes_first_with_the_first_article_that_has_it() -> None:
    difference = Difference()
    for number, label in enumerate(("ORG", "GPE", "GPE")):
        article = {"article_id": f"{number:016x}", "url": None}
        difference.add(article, ([entity(0, 8)], [entity(0, 8, label=label)]), ([], []))

    examples = difference.examples("entities", "changed", 5)

    assert [(e.change.after[:3], e.count, e.article_id) for e in examples] == [
        ("GPE", 2, f"{1:016x}"),
        ("ORG", 1, f"{0:016x}"),
    ]
    assert len(difference.examples("entities", "changed", 1)) == 1
