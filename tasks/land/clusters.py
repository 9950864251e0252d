"""Which quotations are the same words, across articles and dates: what ``quotes.quote_id`` is made of.

Equal words have one id. Other quoted words take the id of the earliest quotation that they are another form of,
shortened, corrected or with an insertion, among those that *found* a cluster, which are those whose id is the hash of
their own words. All else founds a cluster. So every member is like its founder, and no chain of small changes pulls
strangers together. Indirect speech is in the reporter's words, which have templates: it is one by equal words alone.

An id depends only on quotations that come earlier by (logical date, time of publication, article id, place in the
article), so the order in which dates are run does not matter as long as they are clustered again in order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.schemas.record import values
from newsmill.schemas.words import QuoteKind
from newsmill.tasks.dedupe.candidates import ranges
from newsmill.tasks.inputs.fingerprint import Hashes, Rows, distinct, shingles_of_each

type Flags = NDArray[np.bool_]

LEAST_SHARED, LEAST_PART = 6, 0.6
"""Two quotations are one if they share so many runs of three words, as eight words in a row have, and this part of what
the shorter one has: fewer are turns of phrase."""
LEAST_WHOLE, LEAST_WHOLE_UNKNOWN = 2, 4
"""A shorter quotation, down to so many runs (four words), is one with another that it stands in whole if both have the
same speaker; or, from six words on, if not both speakers are known."""

MOST_EARLIER = 16
"""A run of words that many quotations have says little of one more: only the first so many are its candidates."""
LEAST_CANDIDATE = 2
"""Candidates share so many runs of words that few earlier quotations have."""

COLUMNS = (
    *("article_id", "quote_index", "quote_id", "words_hash", "text", "start", "segments", "kind"),
    "speaker_entity_id",
)
"""What is read of ``quotes``."""

_PAIRS = 8192
"""So many pairs of quotations are looked at at once."""
_SHARED = 1 << 19
"""So many runs of words that two quotations share are counted at once."""
_LETTER_IN_BRACKETS = re.compile(r"\[(\w)\](?=\w)")
_INSERTION = re.compile(r"\[[^\]]*\]")
_ROW_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotations:
    """Quotations in order of time, a column each: the words to compare, 64 bits of their hash, those of ``quote_id``
    and of the speaker's identity (0 for none)."""

    words: Sequence[str]
    own: Hashes
    quote_ids: Hashes
    speakers: Hashes

    @classmethod
    def of(cls, quotes: pa.Table) -> Self:
        """From rows of ``quotes`` with at least ``COLUMNS``."""
        return cls(
            words=_words(quotes),
            own=to_numbers(own_words(quotes)),
            quote_ids=to_numbers(quotes["quote_id"]),
            speakers=to_numbers(quotes["speaker_entity_id"]),
        )

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, rows: Rows) -> "Quotations":
        """Those at the rows."""
        return Quotations(
            words=[self.words[row] for row in rows.tolist()],
            own=self.own[rows],
            quote_ids=self.quote_ids[rows],
            speakers=self.speakers[rows],
        )


def own_words(quotes: pa.Table) -> "pa.ChunkedArray[Any]":
    """The hash of each quotation's own words; before there was a column for it, that was its ``quote_id``."""
    return pc.coalesce(quotes["words_hash"], quotes["quote_id"])


def in_order(quotes: pa.Table, articles: pa.Table) -> "pa.Array[Any]":
    """The rows of a date's quotations from the earliest on; ``articles`` has ``article_id`` and ``published_at``.

    Those whose article has no time of publication come last.
    """
    places = pc.index_in(quotes["article_id"], value_set=articles["article_id"].combine_chunks())
    times = articles["published_at"].take(places)
    keys = quotes.select(["article_id", "quote_index"]).append_column("published_at", times)
    return pc.sort_indices(keys, [(name, "ascending") for name in ("published_at", "article_id", "quote_index")])


def to_numbers(column: "pa.ChunkedArray[Any]") -> Hashes:
    """16 hex digits as a number; 0 for null."""
    digits = "".join(digits or "0" * 16 for digits in column.to_pylist())
    return np.frombuffer(bytes.fromhex(digits), ">u8").astype(np.uint64)


def to_hex(numbers: Hashes) -> "pa.Array[Any]":
    """The same back."""
    return pa.array([f"{number:016x}" for number in numbers.tolist()], pa.string())


def _words(quotes: pa.Table) -> list[str]:
    """The quoted words without the cue that stands between them, comparable; none for indirect speech."""
    texts: list[str] = values(quotes, "text")
    parted = np.flatnonzero(np.asarray(pc.list_value_length(quotes["segments"])) > 1)
    for row, quote in zip(parted.tolist(), quotes.select(["start", "segments"]).take(parted).to_pylist(), strict=True):
        first, text = quote["start"], texts[row]
        texts[row] = " ".join(text[part["start"] - first : part["end"] - first] for part in quote["segments"])
    kinds = values(quotes, "kind")
    return ["" if kind == QuoteKind.INDIRECT else comparable(text) for kind, text in zip(kinds, texts, strict=True)]


def comparable(words: str) -> str:
    """Words without apostrophes, so that a contraction is one word, and without insertions: ``[W]e love [Ohio]``."""
    words = words.replace("’", "").replace("'", "")
    if "[" in words:
        words = _INSERTION.sub("", _LETTER_IN_BRACKETS.sub(r"\1", words))
    return words


def cluster(quotations: Quotations, window: Iterable[Quotations]) -> Hashes:
    """The ``quote_id`` of each quotation of a date.

    ``window`` has the quotations of the dates before it, from the earliest on. They are gone through once, a date in
    memory at a time.
    """
    own, first, texts = np.unique(quotations.own, return_index=True, return_inverse=True)
    by_time = np.argsort(first)
    novel = quotations[first[by_time]]
    ids = np.empty_like(own)
    ids[by_time] = _cluster_texts(novel, window)
    return ids[texts]


def _cluster_texts(texts: Quotations, window: Iterable[Quotations]) -> Hashes:
    """The same for quotations of which no two have equal words."""
    ids = texts.own.copy()
    equal, near = np.zeros(len(texts), np.bool_), np.zeros(len(texts), np.bool_)
    known = np.empty(0, np.uint64)
    look_up = LookUp(texts)
    for date in window:
        if not len(date):
            continue
        own, rows = np.unique(date.own, return_index=True)
        places = np.searchsorted(own[:-1], texts.own)
        found = (own[places] == texts.own) & ~equal
        ids[found] = date.quote_ids[rows[places[found]]]
        equal |= found
        rows = np.sort(rows[(date.quote_ids[rows] == own) & ~np.isin(own, known)])
        founders = date[rows]
        known = distinct(np.concatenate((known, founders.own)))
        later, earlier = look_up.one_with(founders)
        later, firsts = np.unique(later, return_index=True)
        undecided = ~(equal | near)[later]
        ids[later[undecided]] = founders.own[earlier[firsts[undecided]]]
        near[later] = True
    rest = np.flatnonzero(~(equal | near))
    for later, earlier in zip(*(column.tolist() for column in look_up.one_with(texts[rest], rest)), strict=True):
        if not near[later] and not near[earlier]:
            ids[later] = texts.own[earlier]
            near[later] = True
    return ids


class _Shingled:
    """Quotations with the hashes of their runs of three words, row by row."""

    def __init__(self, quotations: Quotations) -> None:
        self.hashes, self.rows = shingles_of_each(quotations.words)
        self.counts = np.bincount(self.rows, minlength=len(quotations))
        self.offsets = np.concatenate(([0], np.cumsum(self.counts)))
        self.speakers = quotations.speakers


class LookUp:
    """Finds among earlier quotations those that the quotations of a date are one with.

    The earlier ones are given a part at a time, from the earliest on.
    """

    def __init__(self, quotations: Quotations) -> None:
        self.later = _Shingled(quotations)
        self.hashes, places, self.counts = np.unique(self.later.hashes, return_inverse=True, return_counts=True)
        self.offsets = np.cumsum(self.counts) - self.counts
        self.rows = self.later.rows[np.argsort(places, stable=True)]
        self.seen = np.zeros(len(self.hashes), np.int64)

    def one_with(self, quotations: Quotations, own_rows: Rows | None = None) -> tuple[Rows, Rows]:
        """Pairs of rows, of the date's quotations and of the earlier ones, in order.

        ``own_rows`` are the rows of the earlier ones where they are of the same date: they are what is given back then,
        and only those before the later one.
        """
        earlier = _Shingled(quotations)
        later_rows, earlier_rows = self._candidates(earlier, own_rows)
        parts = (
            (later_rows[at : at + _PAIRS], earlier_rows[at : at + _PAIRS]) for at in range(0, len(later_rows), _PAIRS)
        )
        alike = np.concatenate([np.empty(0, np.bool_), *(_are_one(self.later, earlier, *part) for part in parts)])
        return later_rows[alike], earlier_rows[alike] if own_rows is None else own_rows[earlier_rows[alike]]

    def _candidates(self, earlier: _Shingled, own_rows: Rows | None) -> tuple[Rows, Rows]:
        if not len(self.hashes):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        places = np.searchsorted(self.hashes[:-1], earlier.hashes)
        hit = self.hashes[places] == earlier.hashes
        order = np.argsort(places[hit], stable=True)
        places, rows = places[hit][order], earlier.rows[hit][order]
        number = np.arange(len(places))
        begin = np.maximum.accumulate(np.where(np.diff(places, prepend=-1) > 0, number, 0))
        among_first = self.seen[places] + number - begin < MOST_EARLIER
        self.seen += np.bincount(places, minlength=len(self.seen))
        places, rows = places[among_first], rows[among_first]
        order = np.argsort(rows, stable=True)
        found = [np.empty(0, np.int64)]
        for part in _by_row(rows[order], self.counts[places[order]]):
            own = order[part]
            later_rows = self.rows[ranges(self.offsets[places[own]], self.counts[places[own]])]
            earlier_rows = np.repeat(rows[own], self.counts[places[own]])
            if own_rows is not None:
                before = own_rows[earlier_rows] < later_rows
                later_rows, earlier_rows = later_rows[before], earlier_rows[before]
            pairs, shared = np.unique(later_rows * len(earlier.counts) + earlier_rows, return_counts=True)
            found.append(pairs[shared >= LEAST_CANDIDATE])
        return np.divmod(np.sort(np.concatenate(found)), len(earlier.counts) or 1)


def _by_row(rows: Rows, sizes: Rows) -> Iterator[slice]:
    """Parts of ordered rows whose sizes come to about ``_SHARED`` each; what is of one row stays together."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    reached = (np.cumsum(sizes) - sizes)[starts] // _SHARED
    bounds = [*starts[np.flatnonzero(np.diff(reached, prepend=-1))].tolist(), len(rows)]
    return (slice(begin, end) for begin, end in pairwise(bounds))


def _are_one(later: _Shingled, earlier: _Shingled, later_rows: Rows, earlier_rows: Rows) -> Flags:
    """Whether the quotations at pairs of rows are one."""
    later_counts, earlier_counts = later.counts[later_rows], earlier.counts[earlier_rows]
    is_shorter = later_counts <= earlier_counts
    shared = np.empty(len(later_rows), np.int64)
    for mask, shorter, longer, rows in (
        (is_shorter, later, earlier, (later_rows, earlier_rows)),
        (~is_shorter, earlier, later, (earlier_rows, later_rows)),
    ):
        shared[mask] = _shared(shorter, longer, rows[0][mask], rows[1][mask])
    fewest = np.minimum(later_counts, earlier_counts)
    speakers, others = later.speakers[later_rows], earlier.speakers[earlier_rows]
    is_known = (speakers != 0) & (others != 0)
    is_whole = shared == fewest
    are_one = (shared >= LEAST_SHARED) & (shared >= LEAST_PART * fewest)
    are_one |= is_whole & (shared >= LEAST_WHOLE) & is_known & (speakers == others)
    are_one |= is_whole & (shared >= LEAST_WHOLE_UNKNOWN) & ~is_known
    return are_one


def _shared(shorter: _Shingled, longer: _Shingled, rows: Rows, longer_rows: Rows) -> Rows:
    """For each pair of rows, how many hashes of the shorter quotation the longer one has."""
    wanted = np.unique(longer_rows)
    sizes = longer.counts[wanted]
    held = longer.hashes[ranges(longer.offsets[wanted], sizes)]
    held = np.sort(held ^ (np.repeat(wanted, sizes).astype(np.uint64) * _ROW_MIX))
    sizes = shorter.counts[rows]
    asked = shorter.hashes[ranges(shorter.offsets[rows], sizes)]
    asked ^= np.repeat(longer_rows, sizes).astype(np.uint64) * _ROW_MIX
    found = held[np.searchsorted(held[:-1], asked)] == asked if len(held) else np.zeros(0, np.bool_)
    shared: Rows = np.bincount(np.repeat(np.arange(len(rows)), sizes)[found], minlength=len(rows))
    return shared
