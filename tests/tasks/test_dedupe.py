"""The same article is kept once, whatever the order in which its copies come."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsmill.schemas.words import DuplicateMethod
from newsmill.tasks.dedupe import Fingerprint, article_id, canonical_url, find_duplicates, text_hash

DAY = date(2026, 1, 5)
BEFORE = date(2026, 1, 4)


def fingerprint(name: str, text: str, index: int, day: date = DAY, hour: int | None = None) -> Fingerprint:
    moment = None if hour is None else datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Fingerprint(
        logical_date=day,
        article_id=article_id(f"https://example.org/{name}", text),
        text_hash=text_hash(text),
        published_at=moment,
        index=index,
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.org/News/A?utm_source=x&utm_medium=y", "https://example.org/News/A"),
        ("HTTP://Example.ORG:80/a/", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?fbclid=1&id=7", "https://example.org/a?id=7"),
        ("https://example.org", "https://example.org/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/ä"),
        ("ftp://example.org/a", None),
        ("javascript:void(0)", None),
        ("https://", None),
        ("https://example.org:99999/a", None),
        ("https://exa mple.org/", None),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, expected: str | None) -> None:
    assert canonical_url(url) == expected


@given(st.text())
def test_canonical_url_takes_any_text_and_is_stable(text: str) -> None:
    for url in (text, f"https://example.org/{text}", f"https://{text}/"):
        once = canonical_url(url)
        assert once is None or canonical_url(once) == once


def test_text_hash_folds_case_spacing_and_punctuation() -> None:
    assert text_hash("Rain, again.\nMore rain") == text_hash("rain again  MORE rain!")
    assert text_hash("rain again") != text_hash("again rain")


def test_an_input_without_address_is_known_by_its_words() -> None:
    assert article_id(None, "Rain again.") == article_id(None, "rain again")
    assert article_id(None, "Rain again.") != article_id("https://example.org/a", "Rain again.")


def test_the_same_words_at_two_addresses_are_kept_once() -> None:
    decision = find_duplicates([fingerprint("a", "rain again", 0, hour=9), fingerprint("b", "Rain again", 1, hour=7)])

    assert [kept.index for kept in decision.kept] == [1]
    (match,) = decision.matches
    assert (match.later.index, match.kept.index) == (0, 1)
    assert match.method is DuplicateMethod.SAME_TEXT
    assert match.similarity == 1.0


def test_the_same_page_twice_in_a_date_is_one_article() -> None:
    decision = find_duplicates([fingerprint("a", "rain", 0), fingerprint("a", "rain and wind", 1)])

    assert [kept.index for kept in decision.kept] == [0]
    assert [match.method for match in decision.matches] == [DuplicateMethod.SAME_URL]


def test_the_same_page_with_other_words_on_a_later_date_is_a_revision() -> None:
    ledger = [fingerprint("a", "rain", -1, BEFORE)]

    decision = find_duplicates([fingerprint("a", "rain and wind", 0), fingerprint("b", "snow", 1)], ledger)

    assert decision.matches == ()
    assert [decision.revisions[kept.article_id] for kept in decision.kept] == [1, 0]


def test_a_published_copy_of_an_earlier_date_is_pointed_at() -> None:
    ledger = [fingerprint("a", "rain", -1, BEFORE)]

    (match,) = find_duplicates([fingerprint("b", "rain", 0), fingerprint("c", "snow", 1)], ledger).matches

    assert (match.kept.article_id, match.kept.logical_date) == (ledger[0].article_id, BEFORE)


def test_the_order_of_inputs_with_times_does_not_matter() -> None:
    articles = [("a", "rain", 5), ("b", "rain", 3), ("c", "snow", 4), ("d", "rain", 9)]
    answers = set()
    for order in permutations(articles):
        given_ = [fingerprint(name, text, index, hour=hour) for index, (name, text, hour) in enumerate(order)]
        answers.add(frozenset(kept.article_id for kept in find_duplicates(given_).kept))

    assert answers == {frozenset({fingerprint("b", "", 0).article_id, fingerprint("c", "", 0).article_id})}


def test_a_near_search_is_asked_about_what_is_not_the_same() -> None:
    known = fingerprint("a", "rain", 0, hour=1)
    other = fingerprint("b", "rain again", 1, hour=2)

    decision = find_duplicates([known, other], near=lambda article: (known, 0.9) if article is other else None)

    assert [(match.method, match.similarity) for match in decision.matches] == [(DuplicateMethod.NEAR, 0.9)]
