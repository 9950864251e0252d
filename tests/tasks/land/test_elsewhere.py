"""Speakers by what other articles say of the same quotation."""

from itertools import permutations
from typing import Any

import pyarrow as pa
import pytest

from newsmill.schemas.rows import Quote
from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.land.elsewhere import CONFIDENCE, own, told_elsewhere
from tests.rows import QUOTE

WORDS = "The bridge will open in May, come what may"
NOBODY: dict[str, Any] = {
    "speaker_name": None,
    "speaker_entity_id": None,
    "speaker_text": None,
    "speaker_start": None,
    "speaker_end": None,
    "confidence": None,
    "method": SpeakerMethod.NO_CUE,
}


def said(article: int, name: str | None, **changes: Any) -> Quote:
    named = (
        {"speaker_name": name, "speaker_entity_id": name[:1].lower() * 16, "confidence": 0.98} if name else dict(NOBODY)
    )
    if "speaker_text" not in changes and name:
        named |= {"speaker_text": name}
    named |= {"article_id": f"{article:016x}", "text": WORDS} | changes
    return QUOTE.replace(**named)


def asked(quote: Quote, *others: Quote, earlier: tuple[Quote, ...] = ()) -> Quote:
    table = own(Quote.to_arrow([quote, *others]))
    return Quote.from_arrow(told_elsewhere(table, [Quote.to_arrow(earlier)] if earlier else ()))[0]


def test_an_article_that_names_nobody_takes_the_name_that_all_others_give() -> None:
    found = asked(said(1, None), said(2, "Ada Hill"), earlier=(said(3, "Hill", speaker_entity_id="a" * 16),))

    assert (found.speaker_name, found.speaker_entity_id) == ("Ada Hill", "a" * 16)
    assert (found.method, found.own_method, found.confidence) == (
        SpeakerMethod.ELSEWHERE,
        SpeakerMethod.NO_CUE,
        CONFIDENCE,
    )
    assert found.is_disputed is False


@pytest.mark.parametrize(
    ("ids", "identity"),
    [
        pytest.param(("Q1", None), "Q1", id="one_knows_it"),
        pytest.param((None, None), None, id="none_knows_it"),
        pytest.param(("Q1", "Q2"), None, id="two_contradict"),
    ],
)
def test_the_id_of_the_user_s_own_comes_with_the_name(ids: tuple[str | None, ...], identity: str | None) -> None:
    others = [said(number, "Ada Hill", speaker_authority_id=known) for number, known in enumerate(ids, start=2)]

    found = asked(said(1, None), *others)

    assert (found.speaker_name, found.speaker_authority_id) == ("Ada Hill", identity)
    assert own(Quote.to_arrow([found]))["speaker_authority_id"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("quote", "others"),
    [
        pytest.param(said(1, None), (said(2, "Ada Hill"), said(3, "Otto Berg")), id="others_disagree"),
        pytest.param(said(1, None), (said(2, "Ada Hill", confidence=0.75),), id="the_other_is_unsure"),
        pytest.param(said(1, None), (said(1, "Ada Hill", quote_index=1),), id="the_same_article"),
        pytest.param(said(1, None), (said(2, "Ada Hill", quote_id="e" * 16),), id="other_words"),
        pytest.param(said(1, None, method=SpeakerMethod.SUPPOSED), (said(2, "Ada Hill"),), id="supposed"),
        pytest.param(said(1, None, text="Come what may"), (said(2, "Ada Hill"),), id="a_turn_of_phrase"),
        pytest.param(said(1, None, kind=QuoteKind.INDIRECT), (said(2, "Ada Hill"),), id="indirect"),
        pytest.param(
            said(1, None, speaker_text="Berg", method=SpeakerMethod.AMBIGUOUS), (said(2, "Ada Hill"),), id="other_name"
        ),
        pytest.param(
            said(1, None, speaker_text="a spokesman", confidence=0.89), (said(2, "Ada Hill"),), id="says_all_there_is"
        ),
        pytest.param(
            said(1, None),
            (said(2, "Ada Hill", method=SpeakerMethod.ELSEWHERE, own_method=SpeakerMethod.NO_CUE),),
            id="the_other_has_it_from_elsewhere",
        ),
    ],
)
def test_nobody_is_named_where_others_do_not_tell(quote: Quote, others: tuple[Quote, ...]) -> None:
    found = asked(quote, *others)

    assert found.speaker_name is None
    assert found.method == quote.method
    assert found.own_method is None


@pytest.mark.parametrize(
    ("name", "other", "is_disputed"),
    [
        ("Ada Hill", "Otto Berg", True),
        ("Ada Hill", "Hill", False),
        ("Hill", "Ada Hill", False),
        ("Ada Hill", None, None),
    ],
)
def test_a_speaker_whom_others_contradict_is_disputed(name: str, other: str | None, is_disputed: bool | None) -> None:
    found = asked(said(1, name), said(2, other))

    assert found.speaker_name == name
    assert found.is_disputed is is_disputed


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [said(1, None), said(2, "Ada Hill"), said(3, "Hill"), said(4, "Ada Hill", confidence=0.89), said(5, None)]
    answers = set()
    for order in permutations(rows):
        table = told_elsewhere(Quote.to_arrow(order), ())
        answers.add(tuple(sorted(map(str, Quote.from_arrow(table)))))

    assert len(answers) == 1


def test_what_was_taken_is_given_back() -> None:
    before = Quote.to_arrow([said(1, None), said(2, "Ada Hill"), said(3, "Otto Berg", quote_id="e" * 16)])
    after = told_elsewhere(before, ())

    assert not after.equals(before)
    assert own(after).equals(before)
    assert told_elsewhere(own(after), ()).equals(after)


def test_rows_of_before_the_columns_are_read() -> None:
    old = Quote.to_arrow([said(1, None), said(2, "Ada Hill")])
    for name in ("speakers", "is_disputed", "own_method"):
        place = old.schema.get_field_index(name)
        old = old.set_column(place, old.schema.field(place), pa.nulls(len(old), old.schema.field(place).type))

    assert [quote.speakers for quote in Quote.from_arrow(told_elsewhere(own(old), ()))] == [None, None]
