"""Which lines are the furniture of a host, by the pages of the window: in any order, and by no two pages alone."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsmill.schemas.rows import LedgerEntry
from newsmill.tasks.dedupe.furniture import COLUMNS, decide, evidence
from newsmill.tasks.inputs.furniture import as_bytes, candidates, cut

OFFER = "Sign up for our morning newsletter and never miss a headline."
TOPICS = (
    ("bridge", "Milton", "lorry"),
    ("harvest", "Ashford", "tractor"),
    ("election", "Newby", "ballot"),
    ("hospital", "Carlow", "surgeon"),
    ("museum", "Dunmore", "painting"),
    ("stadium", "Eastwick", "striker"),
)


def story(number: int) -> str:
    """A story that has nothing in common with those of other numbers."""
    what, where, whom = TOPICS[number % len(TOPICS)]
    return (
        f"The {what} of {where} will be {what}{number} once more, people in {where} were told on day {number}.\n"
        f"It was a {whom} who had found the {what} as it is, {whom}{number} and all, in the dark of {where}.\n"
        f"Whoever knows {where} knows its {what}, and what a {whom} can do to it {number} times over.\n"
        f"Nothing is known of the {whom} but that {where} has not seen one in {number} years."
    )


def entries(texts: Sequence[tuple[str | None, str]], revision: int = 0) -> pa.Table:
    """Rows of the ledger, of (host, text)."""
    schema = pa.schema([LedgerEntry.arrow_schema().field(name) for name in COLUMNS])
    rows = [{"hostname": host, "lines": as_bytes(candidates(text)), "revision": revision} for host, text in texts]
    return pa.Table.from_pylist(rows, schema=schema)


def cut_from(texts: Sequence[tuple[str, str]], window: Sequence[pa.Table] = ()) -> list[list[str]]:
    found = decide(entries(texts), window)
    return [[line.text for line in cut(text, lines)[1]] for (_, text), lines in zip(texts, found, strict=True)]


def pages(count: int, line: str = OFFER, host: str = "paper.example", first: int = 0) -> list[tuple[str, str]]:
    return [(host, f"{story(number)}\n{line}") for number in range(first, first + count)]


def test_what_three_pages_end_in_is_cut_and_what_two_end_in_is_not() -> None:
    assert cut_from(pages(3)) == [[OFFER]] * 3
    assert cut_from(pages(2)) == [[]] * 2
    assert cut_from([*pages(2), *pages(1, host="other.example", first=2)]) == [[]] * 3


def test_pages_of_earlier_dates_count_with_those_of_the_date() -> None:
    assert cut_from(pages(1), [entries(pages(1, first=1)), entries(pages(1, first=2))]) == [[OFFER]]
    assert cut_from(pages(1), [entries(pages(1, first=1))]) == [[]]
    # A page that has changed is no further page.
    assert cut_from(pages(1), [entries(pages(1, first=1)), entries(pages(1, first=1), revision=1)]) == [[]]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Milton lost its bridge when a lorry struck it, and nobody was hurt.", id="background of a story"),
        pytest.param("“Sign up for our morning newsletter,” it says.", id="a quotation"),
        pytest.param("The bridge has been closed before.", id="prose without a name"),
    ],
)
def test_what_the_reports_of_one_story_end_in_is_kept(line: str) -> None:
    reports = [("paper.example", f"{story(len(TOPICS) * number)}\n{line}") for number in range(5)]

    assert cut_from(reports) == [[]] * 5


def test_background_is_kept_where_some_report_names_nothing_of_it() -> None:
    background = "Milton lost its bridge when a lorry struck it, and nobody was hurt."
    reports = [("paper.example", f"{story(len(TOPICS) * number)}\n{background}") for number in range(3)]

    assert cut_from([*reports, *pages(3, background, first=1)]) == [[]] * 6


def test_a_sentence_that_few_pages_of_a_large_host_end_in_is_kept() -> None:
    others = [("paper.example", story(number)) for number in range(10, 100)]

    assert cut_from([*pages(3), *others])[:3] == [[]] * 3
    assert cut_from([*pages(3, "Read more"), *others])[:3] == [["Read more"]] * 3


def test_lines_are_taken_off_from_outside() -> None:
    texts = [(host, f"{text}\nContact us") for host, text in pages(3)]
    own = [(host, f"{text}\nWord of {number} alone") for number, (host, text) in enumerate(texts)]

    assert cut_from(texts) == [[OFFER, "Contact us"]] * 3
    assert cut_from(own) == [[]] * 3


def test_a_sentence_apart_is_cut_from_among_others() -> None:
    def within(number: int) -> str:
        first, _, rest = story(number).partition("\n")
        return f"{first}\n{OFFER}\n{rest}\n{story(number + len(TOPICS))}"

    texts = [("paper.example", within(number)) for number in range(4)]

    assert cut_from(texts) == [[OFFER]] * 4


def test_articles_without_a_host_or_of_older_versions_have_no_furniture() -> None:
    bare = pa.Table.from_pylist([{"hostname": "paper.example", "lines": None, "revision": 0}] * 3, entries([]).schema)

    assert decide(entries([(None, text) for _, text in pages(3)]), [bare]) == [()] * 3
    assert decide(bare, [entries(pages(3))]) == [()] * 3
    assert decide(entries([]), [entries(pages(3))]) == []


LINES = (OFFER, "Read more", "Milton lost its bridge when a lorry struck it, and nobody was hurt.", "")
SAMPLES = st.lists(
    st.tuples(st.sampled_from(["a.example", "b.example"]), st.integers(0, 9), st.sampled_from(LINES)), max_size=12
)


@given(SAMPLES, st.randoms(use_true_random=False), st.integers(0, 4))
def test_the_order_of_pages_and_dates_does_not_matter(
    samples: list[tuple[str, int, str]], random: "st.DataObject", days: int
) -> None:
    texts = [(host, f"{story(number)}\n{line}".strip()) for host, number, line in samples]
    today, before = texts[: len(texts) // 2], texts[len(texts) // 2 :]
    known = dict(zip(today, cut_from(today, [entries(before)]), strict=True))
    shuffled, others = list(today), list(before)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(others)  # type: ignore[attr-defined]
    window = [entries(others[day :: days + 1]) for day in range(days + 1)]

    assert dict(zip(shuffled, cut_from(shuffled, window), strict=True)) == known


def test_evidence_is_of_what_is_cut_alone() -> None:
    rows = pa.table({"article_id": ["b", "a"], "text_hash": [2, 1]})

    assert evidence(rows, [(), ()]) == ""
    assert evidence(rows, [(0,), ()]) != evidence(rows, [(), (0,)]) != evidence(rows, [(), (0, 1)])
    assert evidence(rows, [(1,), (0,)]) == evidence(rows.take([1, 0]), [(0,), (1,)])
