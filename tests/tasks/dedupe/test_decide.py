"""The same article is kept once, whatever the order in which its copies come and its dates are run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsmill.schemas.rows import LedgerEntry, table_schema
from newsmill.schemas.words import DuplicateMethod
from newsmill.tasks.dedupe import external
from newsmill.tasks.dedupe.candidates import (
    MOST_EARLIER,
    OWN,
    PAIRS,
    Articles,
    Elsewhere,
    Fingerprint,
    HashRange,
    Relations,
    SketchJoin,
    join_range,
    relate,
)
from newsmill.tasks.dedupe.decide import Decision, Thresholds, find_duplicates
from newsmill.tasks.dedupe.external import InMemory
from newsmill.tasks.dedupe.ledger import FINGERPRINT
from newsmill.tasks.inputs.fingerprint import compare, shingles, short_hash, sketch
from newsmill.tasks.inputs.identity import article_id, text_hash
from newsmill.tasks.run.staged import Staged

DAY = date(2026, 1, 5)
BEFORE = date(2026, 1, 4)
RULES = Thresholds(jaccard=0.6, containment=0.8, share=0.3)
LEDGER = pa.schema([table_schema(LedgerEntry).field(name) for name in ("logical_date", *FINGERPRINT)])


def story(name: str, words: int = 60, first: int = 0) -> str:
    """Words of which no three stand together in another story."""
    return " ".join(f"{name}{number}" for number in range(first, first + words))


def fingerprint(name: str, text: str, index: int = -1, day: date = DAY, hour: int | None = None) -> Fingerprint:
    return Fingerprint(
        logical_date=day,
        article_id=article_id(f"https://example.org/{name}", text),
        text_hash=short_hash(text_hash(text)),
        published_at=None if hour is None else datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
        sketch=sketch(shingles(text)),
        index=index,
    )


def as_ledger(articles: Iterable[Fingerprint]) -> pa.Table:
    rows = [{name: getattr(a, name) for name in LEDGER.names} for a in sorted(articles, key=lambda a: a.position)]
    return pa.Table.from_pylist(rows, schema=LEDGER)


def evidence_of(articles: Sequence[Fingerprint], relations: Relations) -> list[str]:
    return list(relations.evidence([a.article_id for a in articles], [a.text_hash for a in articles]))


def decide(
    articles: Sequence[Fingerprint], ledger: Sequence[Fingerprint], texts: Mapping[int, str]
) -> tuple[Decision, Relations]:
    relations = relate(Articles.of_fingerprints(articles), [as_ledger(ledger)])
    hashes = {text: shingles(words) for text, words in texts.items()}
    similarities = {(one, other): compare(hashes[one], hashes[other]) for one, other in relations.pairs.tolist()}
    return find_duplicates(articles, relations.known, similarities, RULES), relations


def decide_texts(*rows: tuple[str, str, date, int | None], ledger: int = 0) -> Decision:
    """The decision on (page, text, date, hour) rows, the first so many of which are published."""
    made = [fingerprint(name, text, index - ledger, day, hour) for index, (name, text, day, hour) in enumerate(rows)]
    texts = {f.text_hash: row[1] for f, row in zip(made, rows, strict=True)}
    published = [replace(f, index=-1) for f in made[:ledger]]
    return decide(made[ledger:], published, texts)[0]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_that_could_stand_for_an_article_the_earlier_does(order: tuple[int, int]) -> None:
    texts = [story("x", 30), story("x", 30, 30), story("x")]
    first, second, whole = (fingerprint(f"p{n}", text, n, hour=n) for n, text in enumerate(texts))
    similarities = {
        (whole.text_hash, (first, second)[number].text_hash): compare(shingles(texts[2]), shingles(texts[number]))
        for number in order
    }

    decision = find_duplicates([whole, second, first], [], similarities, RULES)

    assert decision.kept == (first, second)
    (match,) = decision.matches
    assert (match.later, match.kept, match.method) == (whole, first, DuplicateMethod.NEAR)


def test_of_many_that_have_the_same_words_only_the_first_are_candidates() -> None:
    one = np.arange(16, dtype="<u4").tobytes()

    later, earlier = alike([one], [one] * (MOST_EARLIER + 9))

    assert later == [0] * MOST_EARLIER
    assert earlier == list(range(MOST_EARLIER))


def test_an_input_without_address_is_known_by_its_words() -> None:
    assert article_id(None, "Rain again.") == article_id(None, "rain again")
    assert article_id(None, "Rain again.") != article_id("https://example.org/a", "Rain again.")


def test_the_same_words_at_two_addresses_are_kept_once() -> None:
    decision = decide_texts(("a", "rain again", DAY, 9), ("b", "Rain again", DAY, 7))

    assert [kept.index for kept in decision.kept] == [1]
    (match,) = decision.matches
    assert (match.later.index, match.kept.index) == (0, 1)
    assert match.method is DuplicateMethod.SAME_TEXT
    assert match.similarity.jaccard == 1.0


def test_the_same_page_twice_in_a_date_is_one_article_and_their_likeness_is_told() -> None:
    decision = decide_texts(("a", story("x"), DAY, 1), ("a", story("x", 50), DAY, 2), ("b", "rain", DAY, 3))

    assert [kept.index for kept in decision.kept] == [0, 2]
    (match,) = decision.matches
    assert match.method is DuplicateMethod.SAME_URL
    assert match.similarity.jaccard == pytest.approx(48 / 58)


def test_of_the_versions_of_an_item_in_a_date_the_highest_is_kept() -> None:
    texts = [story("x"), story("x", 50), story("x", 40)]
    versions = [
        replace(fingerprint("a", text, index, hour=index), version=version)
        for index, (text, version) in enumerate(zip(texts, (1, 3, 2), strict=True))
    ]

    decision, _ = decide(versions, [], {f.text_hash: text for f, text in zip(versions, texts, strict=True)})

    assert [kept.version for kept in decision.kept] == [3]
    assert {(match.later.version, match.kept.version, match.method) for match in decision.matches} == {
        (1, 3, DuplicateMethod.SAME_URL),
        (2, 3, DuplicateMethod.SAME_URL),
    }


def test_a_lower_version_on_a_later_date_is_no_revision() -> None:
    texts = (story("a"), story("a", first=200), story("a", first=400))
    published = replace(fingerprint("a", texts[0]), version=3)
    later = [
        replace(fingerprint("a", text, index, date(2026, 1, 6)), version=version)
        for index, (text, version) in enumerate(zip(texts[1:], (2, 4), strict=True))
    ]

    similarities = {
        (article.text_hash, published.text_hash): compare(shingles(text), shingles(texts[0]))
        for article, text in zip(later, texts[1:], strict=True)
    }

    lower, higher = (find_duplicates([article], [published], similarities, RULES) for article in later)

    assert [(match.kept, match.method) for match in lower.matches] == [(published, DuplicateMethod.SAME_URL)]
    assert higher.revision(higher.kept[0]) == 1


def test_the_same_page_with_other_words_on_a_later_date_is_a_revision_however_alike() -> None:
    decision = decide_texts(
        ("a", story("x"), BEFORE, 1), ("a", story("x", 59), DAY, 1), ("b", "snow", DAY, 2), ledger=1
    )

    assert decision.matches == ()
    assert [decision.revision(kept) for kept in decision.kept] == [1, 0]
    assert [before.logical_date for before in decision.revised.values()] == [BEFORE]


def test_a_published_copy_of_an_earlier_date_is_pointed_at() -> None:
    decision = decide_texts(("a", "rain", BEFORE, 1), ("b", "rain", DAY, 1), ("c", "snow", DAY, 2), ledger=1)

    (match,) = decision.matches
    assert match.kept.logical_date == BEFORE
    assert [kept.index for kept in decision.kept] == [1]


@pytest.mark.parametrize(
    ("earlier", "later", "is_one"),
    [
        (story("x"), f"{story('new', 8)} {story('x', 52, 8)}", True),  # a rewritten lead
        (story("x"), f"{story('intro', 15)} {story('x')} {story('outro', 15)}", True),  # pasted into a longer one
        (f"{story('intro', 15)} {story('x')} {story('outro', 15)}", story("x"), True),  # cut out of a longer one
        (story("x"), f"{story('blog', 900)} {story('x')}", False),  # a live blog that takes it up
        (story("x"), f"{story('x', 30)} {story('y', 30)}", False),
        (story("x", 12), f"{story('x', 11)} again", False),  # too short to be compared
        (story("x", 400), f"{story('x', 100)} {story('y', 300)}", False),  # a live blog's next day
    ],
)
def test_what_is_near(earlier: str, later: str, is_one: bool) -> None:
    for ledger in (0, 1):
        decision = decide_texts(("a", earlier, BEFORE, 1), ("b", later, DAY, 2), ledger=ledger)

        assert [match.method for match in decision.matches] == ([DuplicateMethod.NEAR] if is_one else [])


def test_a_near_copy_points_at_the_earliest_article_that_is_kept() -> None:
    decision = decide_texts(
        ("a", story("x"), BEFORE, 1),
        ("b", story("x", 57), DAY, 2),  # a copy of a
        ("c", story("x", 55), DAY, 3),  # like both
        ("d", story("x", 57), DAY, 4),  # the words of b, which is not kept
    )

    assert {match.later.index: match.kept.index for match in decision.matches} == {1: 0, 2: 0, 3: 0}
    assert {match.method for match in decision.matches} == {DuplicateMethod.NEAR}


def test_the_order_of_inputs_with_times_does_not_matter() -> None:
    articles = [("a", story("x"), 5), ("b", story("x"), 3), ("c", story("y"), 4), ("d", story("x", 55), 1)]
    answers = set()
    for order in permutations(articles):
        decision = decide_texts(*((name, text, DAY, hour) for name, text, hour in order))
        answers.add(frozenset(order[kept.index][0] for kept in decision.kept))

    assert answers == {frozenset("cd")}


# Many texts


def synthetic(seed: int, count: int, shared: int) -> list[bytes]:
    """Sketches of which each shares many hashes with some earlier one."""
    random = np.random.default_rng(seed)
    pool = np.unique(random.integers(0, 1 << 32, 40 * count, dtype=np.uint64))
    found = []
    for _ in range(count):
        base = shared * int(random.integers(0, count // 4))
        chosen = np.concatenate((pool[base : base + shared], random.choice(pool, 8)))
        found.append(np.unique(chosen).astype("<u4").tobytes())
    return found


def alike(
    articles: Sequence[bytes],
    ledger: Sequence[bytes],
    shelf: InMemory | None = None,
    elsewhere: Elsewhere | None = None,
    published: frozenset[int] = frozenset(),
) -> tuple[list[int], list[int]]:
    """The pairs of articles with rows of the ledger followed by the articles, in order."""
    join = SketchJoin(shelf or InMemory(), elsewhere)
    known = [replace(fingerprint("a", ""), sketch=found) for found in ledger]
    for some in np.array_split(np.arange(len(articles), dtype=np.uint32), 3):
        join.add_articles(pa.chunked_array([[articles[row] for row in some.tolist()]], pa.binary()), some)
    halves = known[: len(ledger) // 2], known[len(ledger) // 2 :]
    assert [len(rows) for rows in join.with_ledger(map(as_ledger, halves))] == [len(half) for half in halves]
    later, earlier = join.pairs(np.isin(np.arange(len(articles)), sorted(published)))
    rows = np.where(earlier < OWN, earlier, earlier - OWN + np.uint32(len(ledger)))
    return later.tolist(), rows.tolist()


def test_what_is_set_aside_is_found_as_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, articles = synthetic(1, 300, 12), synthetic(1, 500, 12)
    single = alike(articles, ledger)
    for name, small in (("MOST_KEYS", 700), ("PIECE_KEYS", 30), ("CHUNK_BYTES", 4096)):
        monkeypatch.setattr(external, name, small)
    shelf = Counted()

    aside = alike(articles, ledger, shelf)

    assert len(single[0]) > 300
    assert aside == single
    assert set(shelf.names) == {"dedupe-hashes", "dedupe-pairs", "dedupe-ledger", "dedupe-sketches"}


def test_ranges_of_hashes_are_joined_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, articles = synthetic(1, 300, 12), synthetic(1, 500, 12)
    published = frozenset(range(0, 500, 7))
    here = alike(articles, ledger, published=published)
    for name, small in (("MOST_KEYS", 700), ("PIECE_KEYS", 30)):
        monkeypatch.setattr(external, name, small)
    shelf, seen = InMemory(), list[int]()

    def elsewhere(ranges: Sequence[HashRange]) -> int:
        for part in reversed(ranges):
            aside = Aside(shelf)
            seen.append(join_range(aside, part))
            for number in range(seen[-1]):
                shelf.write(PAIRS, aside.read(PAIRS, number), sum(seen[:-1]) + number)
        return sum(seen)

    there = alike(articles, ledger, shelf, elsewhere, published)

    assert len(here[0]) > 200
    assert here != alike(articles, ledger)
    assert there == here
    assert len(seen) > 2


class Aside(InMemory):
    """A shelf of its own that sees what is on another one."""

    def __init__(self, other: InMemory) -> None:
        super().__init__()
        self._tables |= other._tables


class Counted(InMemory):
    """A shelf that tells what is set aside on it."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def write(self, table: Staged, rows: pa.Table, number: int | None = None) -> str:
        self.names.append(table.name)
        return super().write(table, rows, number)


def test_candidates_are_those_of_which_enough_is_shared() -> None:
    ledger, articles = synthetic(2, 60, 12), synthetic(2, 80, 12)

    found = alike(articles, ledger)

    sets = [set(np.frombuffer(found, "<u4").tolist()) for found in ledger + articles]
    expected = set()
    for a in range(len(articles)):
        for b in range(len(ledger) + a):
            one, other = sets[len(ledger) + a], sets[b]
            bound = min(max(one), max(other))
            fewest = min(sum(x <= bound for x in one), sum(x <= bound for x in other))
            if len(one & other) >= max(2, 0.3 * fewest):
                expected.add((a, b))
    assert set(zip(*found, strict=True)) == expected
    assert expected


def test_nothing_is_alike_to_nothing() -> None:
    assert alike([], []) == ([], [])
    assert alike([b"", b""], synthetic(3, 5, 12)) == ([], [])


# Dates in any order


type Inputs = Mapping[date, Sequence[tuple[str, str, int]]]


class Shelf:
    """A lake in miniature: the decided articles of each date, and what they were decided by."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.dates: dict[date, tuple[Decision, list[str]]] = {}

    def kept_before(self, day: date) -> list[Fingerprint]:
        return [
            replace(kept, index=-1, revision=decision.revision(kept))
            for earlier, (decision, _) in self.dates.items()
            if earlier < day
            for kept in decision.kept
        ]

    def decided(self, day: date) -> tuple[Decision, list[str]]:
        rows = self.inputs[day]
        articles = [fingerprint(name, text, i, day, hour) for i, (name, text, hour) in enumerate(rows)]
        texts = {short_hash(text_hash(text)): text for found in self.inputs.values() for _, text, _ in found}
        decision, relations = decide(articles, self.kept_before(day), texts)
        return decision, evidence_of(articles, relations)

    def run(self, day: date) -> None:
        """What a run of a date does: decide, publish, and run again what has gone stale."""
        self.dates[day] = self.decided(day)
        for later in sorted(self.dates):
            if later > day and self.decided(later)[1] != self.dates[later][1]:
                self.dates[later] = self.decided(later)


TEXTS = [
    *(story("x", words) for words in (60, 57, 45, 40)),
    *(story("y", 50, first) for first in (0, 10)),
    story("z", 9),
    f"{story('x', 30)} {story('y')}",
]
ARTICLE = st.tuples(st.sampled_from("abcdef"), st.sampled_from(TEXTS), st.integers(0, 3))
DATES = [DAY + timedelta(days=number) for number in range(4)]


@settings(max_examples=150, deadline=None)
@given(
    inputs=st.fixed_dictionaries({day: st.lists(ARTICLE, max_size=4) for day in DATES}),
    order=st.permutations([*DATES, DATES[1]]),
)
def test_the_order_in_which_dates_are_run_does_not_matter(inputs: Inputs, order: Sequence[date]) -> None:
    in_order, shuffled = Shelf(inputs), Shelf(inputs)
    for day in DATES:
        in_order.run(day)
    for day in order:
        shuffled.run(day)

    assert {day: decided[0] for day, decided in shuffled.dates.items()} == {
        day: decided[0] for day, decided in in_order.dates.items()
    }


@settings(max_examples=50, deadline=None)
@given(inputs=st.lists(ARTICLE, min_size=2, max_size=8))
def test_later_articles_change_nothing_about_earlier_ones(inputs: list[tuple[str, str, int]]) -> None:
    rows = sorted(inputs, key=lambda row: row[2])
    whole = decide_texts(*((name, text, DAY, hour) for name, text, hour in rows))
    last = max(row[2] for row in rows)
    part = decide_texts(*((name, text, DAY, hour) for name, text, hour in rows if hour < last))

    kept = {(f.article_id, f.text_hash) for f in whole.kept if f.published_at and f.published_at.hour < last}
    assert kept == {(f.article_id, f.text_hash) for f in part.kept}


# Addresses that are not the page's own


def known_by(name: str, text: str, *further: str, index: int = 0, day: date = DAY, hour: int = 9) -> Fingerprint:
    """An article at an address that it states, and at others by which it was fetched."""
    found = fingerprint(name, text, index, day, hour)
    return replace(found, further_ids=tuple(article_id(f"https://example.org/{page}", text) for page in further))


def ids(*names: str) -> list[str]:
    return [article_id(f"https://example.org/{name}", "") for name in names]


def decide_all(articles: Sequence[Fingerprint], *published: Fingerprint, texts: Sequence[str]) -> Decision:
    return decide(articles, published, {short_hash(text_hash(text)): text for text in texts})[0]


def test_unlike_stories_that_state_one_address_are_known_by_their_own() -> None:
    texts = [story("x"), story("y"), story("z"), story("y", 58)]
    pages = ["1", "2", "3", "2"]
    articles = [known_by("news", t, p, index=i, hour=i) for i, (t, p) in enumerate(zip(texts, pages, strict=True))]

    decision = decide_all(articles, texts=texts)

    assert [kept.article_id for kept in decision.kept] == ids("news", "2", "3")
    assert [(m.later.index, m.kept.index, m.method) for m in decision.matches] == [(3, 1, DuplicateMethod.SAME_URL)]


def test_a_story_makes_way_for_one_that_has_no_other_address() -> None:
    texts = [story("x"), story("y")]
    decision = decide_all([known_by("a", texts[0], "print/a"), known_by("a", texts[1], index=1, hour=10)], texts=texts)

    assert [kept.article_id for kept in decision.kept] == ids("print/a", "a")


def test_a_story_is_no_revision_of_an_unlike_one_of_an_earlier_date() -> None:
    texts = [story("x"), story("y"), story("y", 55)]
    before = known_by("news", texts[0], index=-1, day=BEFORE)
    own = known_by("2", texts[1], index=-1, day=BEFORE, hour=10)

    first = decide_all([known_by("news", texts[1], "2")], before, texts=texts)
    again = decide_all([known_by("news", texts[2], "2")], before, own, texts=texts)

    assert [kept.article_id for kept in first.kept] == ids("2")
    assert first.revised == {}
    assert [kept.article_id for kept in again.kept] == ids("2")
    assert [(page, f.text_hash) for page, f in again.revised.items()] == [(*ids("2"), own.text_hash)]


def test_a_rewritten_page_at_its_own_address_is_a_revision_however_unlike() -> None:
    texts = [story("x"), story("y")]

    decision = decide_all([known_by("a", texts[1])], known_by("a", texts[0], index=-1, day=BEFORE), texts=texts)

    assert list(decision.revised) == ids("a")


def test_a_text_that_grows_stays_at_the_address_that_it_states() -> None:
    texts = [story("x", 40), story("x", 160)]
    before = known_by("a", texts[0], index=-1, day=BEFORE)

    assert list(decide_all([known_by("a", texts[1], "b")], before, texts=texts).revised) == ids("a")


def test_in_whichever_order_dates_are_run_an_unlike_story_makes_way_for_the_earlier_one() -> None:
    texts = [story("x"), story("y")]
    late = known_by("news", texts[1], "2")
    early = known_by("news", texts[0], "1", index=-1, day=BEFORE)
    alone, with_early = decide_all([late], texts=texts), decide_all([late], early, texts=texts)

    assert [kept.article_id for kept in alone.kept] == ids("news")
    assert [kept.article_id for kept in with_early.kept] == ids("2")
    # What was decided without it does not stand any more when it has landed.
    kept = Articles.of_fingerprints(alone.kept)
    now = evidence_of(alone.kept, relate(kept, [as_ledger([early])]))
    assert now != evidence_of(alone.kept, relate(kept, [as_ledger([])]))
