"""Which articles tell of the same event, across outlets and days: what ``articles.story_id`` is made of.

An article joins the story of an earlier one that it is most like, if it is also somewhat like the *founder*, the first
article of that story; else it founds one. So no chain of small steps leads from one event to another, and a story is no
longer than ``MOST_DAYS``. Two articles are alike by the names and by the other words that they share, both: the same
people do other things, and other people the same. A term counts by how rare it is in the window (TF-IDF), and
likeness fades with the days in between.

A ``story_id`` depends only on articles that come earlier by (logical date, time of publication, article id), and on how
common terms are in the date and those before it, so the order in which dates are run does not matter as long as they
are clustered again in order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.schemas.record import values
from newsmill.tasks.dedupe.candidates import ranges
from newsmill.tasks.inputs.fingerprint import Hashes, Rows
from newsmill.tasks.land.clusters import to_numbers
from newsmill.tasks.land.terms import IS_NAME, TERM

type Numbers = NDArray[np.float64]
type Terms = NDArray[np.uint32]
type Flags = NDArray[np.bool_]

MOST_DAYS = 14
"""An event is followed for so long; what comes later is told as another one."""
LEAST_ALIKE, LEAST_LIKE_FOUNDER = 0.3, 0.2
"""How alike an article is to the one whose story it joins, and to the founder of that story."""
LEAST_WORDS, LEAST_NAMES = 0.12, 0.15
"""How alike the words, and the names, of two articles of one story are at least."""
LEAST_TELLING, MOST_TOLD, MOST_TOLD_OF = 5, 25, 120
"""They share so many terms that few articles have, 25 and one in 120: what reports of one kind share, and one actor
with them, most of their kind have."""
LEAST_NAMELESS = 0.6
"""How alike their words are where one of them names nobody that we know of."""
HALVED_BY = 7.0
"""Days after which likeness counts half."""
LEAST_SHARED = 2
"""Candidates share so many of the later one's ``ASKED`` rarest terms."""
ASKED, MOST_EARLIER = 16, 48
"""A term that many articles of a date have says little: only the first so many of them are candidates by it."""

COLUMNS = ("article_id", "published_at", "story_id", "story_terms")
"""What is read of ``articles``."""

_BUCKETS = 1 << 22
_BUCKET = np.uint32(_BUCKETS - 1)
"""Terms are counted by so many bits of their hash, so that what the count takes does not grow."""
_UNSEEN = 100
"""So many articles are supposed to have been there before, with none of the terms."""
_CHUNK, _PAIRS = 256, 4096
"""So many later articles, and pairs of articles, are looked at at once."""
_TERMS = 1 << 16
"""So many terms are counted at once."""
_SECONDS, _MICROSECONDS = 86_400, 1_000_000
_ROW_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The articles of a date in order of time, a column each, and their terms, in order of articles.

    ``days`` is the time of publication, or the date where there is none, in days since 1970; ``story_ids`` are 0 for
    those that have none yet.
    """

    ids: Hashes
    story_ids: Hashes
    days: Numbers
    hashes: Terms
    weights: NDArray[np.uint8]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, articles: pa.Table, day: date) -> Self:
        """From the articles of one date, in order of time, with at least ``COLUMNS``."""
        midnight = pa.scalar(datetime.combine(day, time(), UTC), articles.schema.field("published_at").type)
        times = pc.fill_null(articles["published_at"], midnight).cast(pa.int64()).to_numpy()
        kept: list[bytes] = [terms or b"" for terms in values(articles, "story_terms")]
        flat = np.frombuffer(b"".join(kept), TERM)
        sizes = np.array([len(terms) // TERM.itemsize for terms in kept], np.int64)
        return cls(
            ids=to_numbers(articles["article_id"]),
            story_ids=to_numbers(articles["story_id"]),
            days=times / _MICROSECONDS / _SECONDS,
            hashes=flat["hash"].astype(np.uint32),
            weights=flat["weight"].copy(),
            rows=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        )

    def __len__(self) -> int:
        return len(self.ids)


def in_order(articles: pa.Table) -> "pa.Array[Any]":
    """The rows of a date's articles from the earliest on; those that have no time of publication come last."""
    return pc.sort_indices(articles, [("published_at", "ascending"), ("article_id", "ascending")])


class Rarity:
    """How rare terms are among articles."""

    def __init__(self, dates: Iterable[Told]) -> None:
        self._counts = np.zeros(_BUCKETS, np.int32)
        self._total = _UNSEEN
        for told in dates:
            for begin in range(0, len(told.hashes), _TERMS):
                buckets, counts = np.unique(told.hashes[begin : begin + _TERMS] & _BUCKET, return_counts=True)
                self._counts[buckets] += counts.astype(np.int32)
            self._total += len(told)

    def of(self, hashes: Terms) -> Numbers:
        """The inverse document frequency of each term."""
        rarity: Numbers = np.log(self._total / (1.0 + self._counts[hashes & _BUCKET])).clip(0)
        return rarity

    def tells(self, hashes: Terms) -> Flags:
        """Whether few articles have each term."""
        few: Flags = self._counts[hashes & _BUCKET] <= MOST_TOLD + self._total // MOST_TOLD_OF
        return few


class _Weighed:
    """The articles of a date with how much each term says: names and words apart, each of unit length."""

    def __init__(self, told: Told, rarity: Rarity) -> None:
        self.told = told
        self.counts = np.bincount(told.rows, minlength=len(told))
        self.offsets = np.cumsum(self.counts) - self.counts
        self.is_name = told.hashes >= np.uint32(IS_NAME)
        self.tells = np.empty(len(told.hashes), np.bool_)
        self.shares = np.empty(len(told.hashes), np.float32)
        self.has_names = np.empty(len(told), np.bool_)
        for begin in range(0, len(told), _CHUNK):
            own = self.terms_of(begin)
            hashes = told.hashes[own]
            channels = (told.rows[own] - begin) * 2 + self.is_name[own]
            rare = told.weights[own] * rarity.of(hashes)
            lengths = np.sqrt(np.bincount(channels, rare**2, 2 * min(_CHUNK, len(told) - begin)))
            self.tells[own] = rarity.tells(hashes)
            self.shares[own] = rare / np.maximum(lengths[channels], 1e-9)
            self.has_names[begin : begin + _CHUNK] = lengths[1::2] > 0

    def terms_of(self, begin: int) -> slice:
        """The places of the terms of ``_CHUNK`` articles."""
        first, last = np.searchsorted(self.told.rows, (begin, begin + _CHUNK)).tolist()
        return slice(first, last)

    def rarest(self, begin: int) -> Rows:
        """The places of the ``ASKED`` terms that say most of each of ``_CHUNK`` articles, in order of articles."""
        own = self.terms_of(begin)
        rows = self.told.rows[own]
        order = own.start + np.lexsort((-self.shares[own], rows))
        within = np.arange(own.start, own.stop) - self.offsets[rows]
        chosen: Rows = order[within < ASKED]
        return chosen

    def keys(self, places: Rows, rows: Rows | NDArray[np.int32]) -> Hashes:
        """The terms at places, each bound to the row of an article."""
        return self.told.hashes[places] ^ (rows.astype(np.uint64) * _ROW_MIX)


type _Likenesses = tuple[Rows, Rows, Numbers, Numbers]
"""Rows of later and of earlier articles, in order, how alike the two are, and what the days between leave of that."""
type _ByStory = tuple[Rows, Hashes, Numbers, Numbers]
"""Rows of articles and stories, in order, how alike each is to the founder, if it is among the articles, and to the
most alike of these."""


def cluster(today: Told, window: Callable[[], Iterable[Told]]) -> Hashes:
    """The ``story_id`` of each article of a date, as numbers.

    ``window`` gives the articles of the dates before it that have one, from the earliest on, a date in memory at a
    time. It is called twice.
    """
    rarity = Rarity(chain(window(), [today]))
    later = _Weighed(today, rarity)
    known: dict[int, int] = {}
    parts: list[_ByStory] = [(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0), np.empty(0))]
    for told in window():
        again = np.isin(told.ids, today.ids)
        # A page whose text has changed stays in the story that it was first told in.
        known = dict(zip(told.ids[again].tolist(), told.story_ids[again].tolist(), strict=True)) | known
        parts += [_by_story(found, told) for found in _pairs(later, _Weighed(told, rarity))]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], stable=True)
    before = zip(*(column[order].tolist() for column in columns), strict=True)
    own = (pair for found in _pairs(later) for pair in zip(*(column.tolist() for column in found), strict=True))
    return _joined(today.ids.tolist(), known, before, own)


def _by_story(found: _Likenesses, told: Told) -> _ByStory:
    rows, earlier, alike, faded = found
    stories = told.story_ids[earlier]
    order = np.lexsort((stories, rows))
    founder = np.where(told.ids[earlier] == stories, alike, 0.0)[order]
    rows, stories = rows[order], stories[order]
    first = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(stories, prepend=stories[:1]) != 0))
    if not len(first):
        return rows, stories, founder, faded
    founder, most = np.maximum.reduceat(founder, first), np.maximum.reduceat(faded[order], first)
    return rows[first], stories[first], founder, most


def _joined(
    ids: Sequence[int],
    known: Mapping[int, int],
    before: Iterable[tuple[int, int, float, float]],
    own: Iterable[tuple[int, int, float, float]],
) -> Hashes:
    """The stories of a date's articles, one after the other, each by what it is like on earlier dates and on its own.

    ``before`` is what ``_by_story`` gives, row by row, and ``own`` what ``_pairs`` gives.
    """
    found: list[int] = []
    groups = [groupby(rows, itemgetter(0)) for rows in (before, own)]
    waiting = [next(group, None) for group in groups]
    for row, article_id in enumerate(ids):
        founders: dict[int, float] = {}
        members: dict[int, float] = {}
        for number, group in enumerate(groups):
            if (mine := waiting[number]) is None or mine[0] != row:
                continue
            for _, other, alike, faded in mine[1]:
                story = found[other] if number else other
                is_founder = not number or story == ids[other]
                founders[story] = max(founders.get(story, 0.0), alike if is_founder else 0.0)
                members[story] = max(members.get(story, 0.0), faded)
            waiting[number] = next(group, None)
        fit = [s for s, faded in members.items() if faded >= LEAST_ALIKE and founders[s] >= LEAST_LIKE_FOUNDER]
        best = max((members[story] + founders[story], -story) for story in fit)[1] if fit else -article_id
        found.append(known.get(article_id, -best))
    return np.array(found, np.uint64)


def _pairs(later: _Weighed, earlier: _Weighed | None = None) -> Iterator[_Likenesses]:
    """How alike articles are to earlier ones, or to those before them of the same date: what may count, in parts."""
    others = earlier or later
    for rows, other_rows in _candidates(later, others):
        if earlier is None:
            rows, other_rows = rows[other_rows < rows], other_rows[other_rows < rows]  # noqa: PLW2901
        starts = range(0, len(rows), _PAIRS)
        parts = (_alike(later, others, rows[at : at + _PAIRS], other_rows[at : at + _PAIRS]) for at in starts)
        alike = np.concatenate([np.empty(0), *parts])
        kept = alike >= min(LEAST_ALIKE, LEAST_LIKE_FOUNDER)
        rows, other_rows, alike = rows[kept], other_rows[kept], alike[kept]  # noqa: PLW2901
        apart = np.abs(later.told.days[rows] - others.told.days[other_rows])
        yield rows, other_rows, alike, alike * 0.5 ** (apart / HALVED_BY)


def _candidates(later: _Weighed, earlier: _Weighed) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows that share some of the later one's rarest terms, in order, some later rows at a time."""
    by_term = np.argsort(earlier.told.hashes, stable=True).astype(np.int32)
    hashes = earlier.told.hashes[by_term]
    if not len(hashes):
        return
    first = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    terms, counts = hashes[first], np.minimum(np.diff(first, append=len(hashes)), MOST_EARLIER)
    for begin in range(0, len(later.told), _CHUNK):
        chosen = later.rarest(begin)
        places = np.minimum(np.searchsorted(terms, later.told.hashes[chosen]), len(terms) - 1)
        hit = terms[places] == later.told.hashes[chosen]
        chosen, places = chosen[hit], places[hit]
        earlier_rows = earlier.told.rows[by_term[ranges(first[places], counts[places])]]
        pairs = np.repeat(later.told.rows[chosen].astype(np.int64), counts[places]) * len(earlier.told) + earlier_rows
        found, shared = np.unique(pairs, return_counts=True)
        yield np.divmod(found[shared >= LEAST_SHARED], len(earlier.told))


def _alike(later: _Weighed, earlier: _Weighed, rows: Rows, earlier_rows: Rows) -> Numbers:
    """How alike the articles at pairs of rows are, 0 to 1."""
    wanted = np.unique(earlier_rows)
    places = ranges(earlier.offsets[wanted], earlier.counts[wanted])
    held = earlier.keys(places, earlier.told.rows[places])
    order = np.argsort(held, stable=True)
    held, shares = held[order], earlier.shares[places][order]
    sizes = later.counts[rows]
    places = ranges(later.offsets[rows], sizes)
    asked = later.keys(places, np.repeat(earlier_rows, sizes))
    at = np.minimum(np.searchsorted(held, asked), max(len(held) - 1, 0))
    products = np.where(held[at] == asked, later.shares[places] * shares[at], 0.0) if len(held) else np.zeros(0)
    pairs = np.repeat(np.arange(len(rows)), sizes)
    both = np.bincount(pairs * 2 + later.is_name[places], products, 2 * len(rows))
    telling = np.bincount(pairs, (products > 0) & later.tells[places], len(rows))
    words, names = both[::2], both[1::2]
    named = later.has_names[rows] & earlier.has_names[earlier_rows]
    alike = np.where((words >= LEAST_WORDS) & (names >= LEAST_NAMES), (words + names) / 2, 0.0)
    nameless = np.where(words >= LEAST_NAMELESS, words, 0.0)
    likeness: Numbers = np.where(telling >= LEAST_TELLING, np.where(named, alike, nameless), 0.0)
    return likeness
