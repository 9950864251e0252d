"""Which quotations are one: a table of cases, and what holds for any quotations in any order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsmill.schemas.rows import Article, Quote, Segment
from newsmill.schemas.words import QuoteKind
from newsmill.tasks.enrich.quotes.find import words_hash
from newsmill.tasks.land import clusters
from newsmill.tasks.land.clusters import COLUMNS, Quotations, cluster, in_order, to_hex
from tests.rows import ARTICLE, QUOTE

BRIDGE = "We will rebuild the old bridge over the river before the winter comes, and the city will pay for it."
ADA, BEN = "a" * 16, "b" * 16


def quote(
    words: str, speaker: str | None = ADA, *, article: str = "1" * 16, index: int = 0, **changes: object
) -> Quote:
    parts = (Segment(start=9, end=9 + len(words)),)
    own = words_hash(words)
    return QUOTE.replace(
        article_id=article,
        quote_index=index,
        text=words,
        start=9,
        segments=parts,
        quote_id=own,
        words_hash=own,
        speaker_entity_id=speaker,
        **changes,
    )


def quotations(*quotes: Quote) -> Quotations:
    return Quotations.of(Quote.to_arrow(quotes).select(COLUMNS))


def ids(quotes: Sequence[Quote], window: Sequence[Sequence[Quote]] = ()) -> list[str]:
    found = to_hex(cluster(quotations(*quotes), [quotations(*date) for date in window]))
    return [str(identity) for identity in found]


SAME = [
    ("other marks, case and accents", "“WE WILL rebuild the old bridge over the rivér — before", None),
    ("an ellipsis", "We will rebuild the old bridge over the river ... and the city will pay for it.", BEN),
    ("the front cut", "the old bridge over the river before the winter comes, and the city will pay", BEN),
    ("the back cut", "We will rebuild the old bridge over the river before the winter", BEN),
    ("eight words of it", "old bridge over the river before the winter", BEN),
    ("an insertion", "We [the council] will rebuild the old bridge [of Ashford] over the river before", BEN),
    ("a letter in brackets", "[W]e will rebuild the old bridge over the river", BEN),
    ("taken up in a longer one", f"I said it on Monday and I say it again. {BRIDGE} Nobody else will.", BEN),
    ("one word changed", BRIDGE.replace("river", "stream"), BEN),
    ("six words, nobody known", "the city will pay for it", None),
    ("four words, the same speaker", "before the winter comes", ADA),
]
OTHER = [
    ("six words, another speaker", "the city will pay for it", BEN),
    ("four words, nobody known", "before the winter comes", None),
    ("four words that are not there in a row", "We will before winter", ADA),
    ("three words", "the winter comes", ADA),
    (
        "less than the half of the shorter one",
        "We will rebuild the old bridge over the river" + " and then some" * 5,
        ADA,
    ),
    ("the same words in another order", "The city will pay, before winter, for the bridge that we will rebuild.", ADA),
    ("no word at all", "—", ADA),
]


@pytest.mark.parametrize(("words", "speaker"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_another_form_of_a_quotation_has_its_id(words: str, speaker: str | None) -> None:
    whole = quote(BRIDGE)

    assert ids([quote(words, speaker)], [[whole]]) == [whole.quote_id]
    assert ids([whole, quote(words, speaker, index=1)]) == [whole.quote_id] * 2
    assert ids([whole], [[quote(words, speaker)]]) == [words_hash(words)]


@pytest.mark.parametrize(("words", "speaker"), [case[1:] for case in OTHER], ids=[case[0] for case in OTHER])
def test_other_words_have_an_id_of_their_own(words: str, speaker: str | None) -> None:
    assert ids([quote(words, speaker)], [[quote(BRIDGE)]]) == [words_hash(words)]
    assert ids([quote(BRIDGE), quote(words, speaker, index=1)])[1] == words_hash(words)


def test_a_platitude_of_two_people_is_two_quotations_unless_the_words_are_equal() -> None:
    longer = "We have to do more for our children, and we will."

    assert len(set(ids([quote("We have to do more", ADA), quote(longer, BEN, index=1)]))) == 2
    assert len(set(ids([quote("We have to do more", ADA), quote("we have to do more!", BEN, index=1)]))) == 1


def test_indirect_speech_is_one_by_equal_words_alone() -> None:
    said = quote("the board declared a dividend of six cents a share, payable on April 30", kind=QuoteKind.INDIRECT)
    other = quote(said.text.replace("six", "nine"), kind=QuoteKind.INDIRECT, index=1)

    assert ids([said, other]) == [said.quote_id, other.quote_id]
    assert ids([said.replace(article_id="2" * 16)], [[said]]) == [said.quote_id]


def test_the_cue_within_a_quotation_does_not_count() -> None:
    first, second = "We will rebuild the old bridge over the river,", "before the winter comes"
    text = f"{first}” said Ada Hill, “{second}"
    parts = (Segment(start=9, end=9 + len(first)), Segment(start=9 + text.index(second), end=9 + len(text)))
    split = quote(text, BEN).replace(segments=parts)

    assert ids([split], [[quote(BRIDGE)]]) == [words_hash(BRIDGE)]
    assert ids([quote("hill before the winter comes", BEN)], [[split]]) == [words_hash("hill before the winter comes")]


def test_a_chain_of_cuts_ends_where_the_founder_is_not_like_it() -> None:
    words = [f"word{number}" for number in range(30)]
    chain = [quote(" ".join(words[first : first + 12]), BEN, index=first) for first in range(0, 18, 3)]

    found = ids(chain)

    assert found == [chain[0].quote_id] * 2 + [chain[2].quote_id] * 2 + [chain[4].quote_id] * 2


def test_a_date_before_there_was_a_hash_of_the_words_counts_by_its_ids() -> None:
    old = quote(BRIDGE).replace(words_hash=None)

    assert ids([quote(BRIDGE[:60], BEN)], [[old]]) == [old.quote_id]
    assert ids([old], [[]]) == [old.quote_id]


def test_the_earliest_founder_counts_and_equal_words_before_it() -> None:
    early, late = quote(BRIDGE[:70]), quote(BRIDGE)
    late = late.replace(quote_id=ids([late], [[early]])[0])
    assert late.quote_id == early.quote_id

    assert ids([quote(BRIDGE[20:])], [[early], [late]]) == [early.quote_id]
    assert ids([quote(BRIDGE)], [[late]]) == [early.quote_id]  # whose words have left the window
    assert ids([quote(BRIDGE + " Soon.")], [[late]]) == [words_hash(BRIDGE + " Soon.")]


def test_quotations_are_in_order_of_time_whatever_the_order_of_their_rows() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    times = {"1" * 16: None, "2" * 16: noon, "3" * 16: noon - timedelta(hours=1), "4" * 16: noon}
    articles = Article.to_arrow([ARTICLE.replace(article_id=name, published_at=at) for name, at in times.items()])
    rows = [quote("words", article=name, index=index) for index in (1, 0) for name in sorted(times, reverse=True)]
    quotes = Quote.to_arrow(rows)

    found = quotes.take(in_order(quotes, articles))

    assert [f"{row['article_id'][0]}{row['quote_index']}" for row in found.to_pylist()] == [
        *("30", "31", "20", "21", "40", "41", "10", "11")
    ]


def test_what_many_have_said_before_is_found_by_what_few_have() -> None:
    said = [quote(f"I thank you all for coming here tonight, dear {n} friends of {n}") for n in range(40)]
    new = quote("I thank you all for coming here tonight, dear 39 friends of 39, whoever you are", BEN)

    assert ids([new], [said[:20], said[20:]]) == [said[0].quote_id]


VOCABULARY = ["we", "will", "rebuild", "the", "old", "bridge", "over", "that", "river"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=14)
QUOTES = st.lists(st.tuples(WORDS, st.sampled_from([ADA, BEN, None])), max_size=8)


@settings(max_examples=60, deadline=None)
@given(dates=st.lists(QUOTES, min_size=1, max_size=4))
def test_an_id_is_a_founders_and_equal_words_have_one(dates: list[list[tuple[list[str], str | None]]]) -> None:
    window: list[Quotations] = []
    by_words: dict[int, int] = {}
    founders: set[int] = set()
    for date in dates:
        rows = [quote(" ".join(words), speaker, index=index) for index, (words, speaker) in enumerate(date)]
        given_rows = quotations(*rows)
        found = cluster(given_rows, window)
        for own, identity in zip(given_rows.own.tolist(), found.tolist(), strict=True):
            assert by_words.setdefault(own, identity) == identity
            if own == identity:
                founders.add(own)
            assert identity in founders
        changed = [row.replace(quote_id=i) for row, i in zip(rows, to_hex(found).to_pylist(), strict=True)]
        again = cluster(quotations(*changed), window)
        assert np.array_equal(again, found)  # the ids that the rows have do not matter
        window.append(quotations(*changed))


@settings(max_examples=60, deadline=None)
@given(first=QUOTES, second=QUOTES)
def test_the_parts_that_are_looked_at_at_once_do_not_matter(
    first: list[tuple[list[str], str | None]], second: list[tuple[list[str], str | None]]
) -> None:
    dates = [
        [quote(" ".join(words), speaker, index=n) for n, (words, speaker) in enumerate(d)] for d in (first, second)
    ]
    whole = ids(dates[1], dates[:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "_SHARED", 2)
        patch.setattr(clusters, "_PAIRS", 1)
        assert ids(dates[1], dates[:1]) == whole


def test_nothing_is_clustered_by_nothing() -> None:
    assert ids([]) == []
    assert ids([], [[quote(BRIDGE)], []]) == []
    assert ids([quote(BRIDGE)], [[], []]) == [words_hash(BRIDGE)]
    assert to_hex(np.array([0, 2**64 - 1], np.uint64)).equals(pa.array(["0" * 16, "f" * 16]))
