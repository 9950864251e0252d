"""Which articles may have to do with one another: by address, by words and by their sketches."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.schemas.record import values
from newsmill.tasks.dedupe.fingerprint import Rows

MOST_EARLIER = 64
"""A hash that many texts have says little of one more: only the first so many of them are its candidates."""
LEAST_SHARED = 2
LEAST_SHARED_PART = 0.3
"""Two texts may be alike if their sketches share so many hashes, and this part of what the one that has fewer holds in
the range that both cover. A text three quarters of which stand in the other falls below it once in a thousand times."""

_CHUNK = 1 << 17
_PAIRS = 1 << 19
"""Pairs that are counted at once."""
_LAST = datetime.max.replace(tzinfo=UTC)


class Position(NamedTuple):
    """Where an article stands in time. Earlier articles are kept, later copies point at them."""

    logical_date: date
    published_at: datetime
    article_id: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What dedupe knows of an article.

    ``text_hash`` is :func:`newsmill.tasks.dedupe.fingerprint.short_hash`'s; ``version`` is what its agency counts;
    ``index`` is the place among the inputs of its run, -1 for a published article. ``further_ids`` are what it is known
    by if another article stands at the address that gives ``article_id``: those that its address as it was fetched
    gives, in order.
    """

    logical_date: date
    article_id: str
    text_hash: int
    published_at: datetime | None
    sketch: bytes = b""
    revision: int = 0
    version: int = 0
    index: int = -1
    further_ids: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """What the article may be known by, in the order in which that is tried."""
        return (self.article_id, *self.further_ids)

    @property
    def position(self) -> Position:
        """Articles without a time of publication come last within their date."""
        return Position(self.logical_date, self.published_at or _LAST, self.article_id, self.index)


# Which articles may have to do with one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What there is to compare and to know before a run's articles can be decided.

    ``known`` are the published articles that matter, in order of position; ``pairs`` the texts that may be alike, or
    stand at one address, by their hashes; ``evidence`` is for each article a hash of all that its decision takes from
    the ledger, so that it is known later whether the decision still stands.
    """

    known: tuple[Fingerprint, ...]
    pairs: frozenset[tuple[int, int]]
    evidence: tuple[str, ...]


def relate(articles: Sequence[Fingerprint], ledger: pa.Table, *, shards: int = 1) -> Relations:
    """Find what matters to the articles of a run.

    ``ledger`` has the columns of :class:`newsmill.schemas.rows.LedgerEntry` and holds the kept articles of earlier
    dates in order of position. The hashes of the sketches are gone through in ``shards`` parts one after the other:
    their number changes the memory that is needed, and nothing else.
    """
    texts, pages = {a.text_hash for a in articles}, {page for a in articles for page in a.ids}
    same_text = pc.is_in(ledger["text_hash"], value_set=pa.array(sorted(texts), pa.int64()))
    same_page = pc.is_in(ledger["article_id"], value_set=pa.array(sorted(pages), pa.string()))
    novel = _novel(articles, set(values(ledger.filter(same_text), "text_hash")))
    later, earlier = alike(
        Sketches.of(pa.chunked_array([[a.sketch for a in novel]], pa.binary())), Sketches.of(ledger["sketch"]), shards
    )
    published = earlier < len(ledger)
    rows = np.union1d(np.flatnonzero(pc.or_(same_text, same_page)), earlier[published])
    known = dict(zip(rows.tolist(), _fingerprints(ledger.take(rows)), strict=True))
    matter: defaultdict[int | str, list[Fingerprint]] = defaultdict(list)
    for fingerprint in known.values():
        matter[fingerprint.text_hash].append(fingerprint)
        matter[fingerprint.article_id].append(fingerprint)
    pairs = set(_same_page(articles, matter))
    for a, b in zip(later.tolist(), earlier.tolist(), strict=True):
        other = known[b] if b < len(ledger) else novel[b - len(ledger)]
        pairs.add((novel[a].text_hash, other.text_hash))
        if b < len(ledger):
            matter[novel[a].text_hash].append(other)
    return Relations(
        known=tuple(known.values()),
        pairs=frozenset(pairs),
        evidence=tuple(_evidence([*matter[a.text_hash], *matter[a.article_id]]) for a in articles),
    )


def _novel(articles: Iterable[Fingerprint], published: Collection[int]) -> list[Fingerprint]:
    """The first article of each text that is not published and long enough to have a sketch."""
    first: dict[int, Fingerprint] = {}
    for article in sorted(articles, key=lambda a: a.position):
        if article.sketch and article.text_hash not in published:
            first.setdefault(article.text_hash, article)
    return list(first.values())


def _same_page(
    articles: Iterable[Fingerprint], published: Mapping[int | str, Sequence[Fingerprint]]
) -> Iterator[tuple[int, int]]:
    """The texts that stood at one address: of each two articles, and of an article and the last published one."""
    pages: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for article in articles:
        for page in article.ids:
            pages[page][article.text_hash] = None
    for page, texts in pages.items():
        yield from combinations(texts, 2)
        yield from ((text, other.text_hash) for other in published.get(page, ())[-1:] for text in texts)


def _evidence(matter: Iterable[Fingerprint]) -> str:
    lines = {f"{f.position[:3]} {f.text_hash} {f.revision}" for f in matter}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _fingerprints(ledger: pa.Table) -> list[Fingerprint]:
    names = ("logical_date", "article_id", "text_hash", "published_at", "revision")
    return [Fingerprint(**row) for row in ledger.select(names).to_pylist()]


@dataclass(frozen=True, slots=True)
class Sketches:
    """The hashes of many sketches one after the other; those of the one at ``row`` begin at ``offsets[row]``."""

    hashes: NDArray[np.uint32]
    offsets: Rows

    @classmethod
    def of(cls, sketches: "pa.ChunkedArray[Any]") -> Self:
        """From :func:`newsmill.tasks.dedupe.fingerprint.sketch`'s bytes."""
        joined = pa.concat_arrays([pa.array([b""], pa.large_binary()), *sketches.cast(pa.large_binary()).chunks])[1:]
        _, offsets, hashes = joined.buffers()
        ends = np.frombuffer(offsets or b"", np.int64)[1 : len(joined) + 2] // 4
        return cls(np.frombuffer(hashes or b"", "<u4", count=int(ends[-1])), ends)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def rows(self) -> Rows:
        """The row of each hash."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def __getitem__(self, rows: Rows) -> "Sketches":
        """Those at the rows."""
        sizes = np.diff(self.offsets)[rows]
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        return Sketches(self.hashes[ranges(self.offsets[rows], sizes)], offsets)

    def __add__(self, other: "Sketches") -> "Sketches":
        offsets = np.concatenate((self.offsets, other.offsets[1:] + len(self.hashes)))
        return Sketches(np.concatenate((self.hashes, other.hashes)), offsets)


def alike(articles: Sketches, ledger: Sketches, shards: int = 1) -> tuple[Rows, Rows]:
    """The pairs that may be alike: rows of ``articles``, and of ``ledger`` followed by ``articles``.

    Both are in order of time, and an article is paired with earlier ones only.
    """
    wanted = np.unique(articles.hashes)
    # What shares too little is dropped at once where no other part may add to it.
    least = LEAST_SHARED if shards == 1 else 1
    counts = [
        found for part in np.array_split(wanted, shards) for found in _shared(part, articles, ledger, least=least)
    ]
    keys, places = np.unique(np.concatenate([keys for keys, _ in counts]), return_inverse=True)
    shared = np.bincount(places, weights=np.concatenate([found for _, found in counts]), minlength=len(keys))
    keys, shared = keys[shared >= LEAST_SHARED], shared[shared >= LEAST_SHARED]
    later, earlier = np.divmod(keys, len(ledger) + len(articles))
    enough = shared >= LEAST_SHARED_PART * _comparable(ledger + articles, later + len(ledger), earlier)
    return later[enough], earlier[enough]


def _shared(
    wanted: NDArray[np.uint32], articles: Sketches, ledger: Sketches, *, least: int
) -> Iterator[tuple[Rows, Rows]]:
    """Keys of pairs that share so many of the ``wanted`` hashes, and how many, some articles' pairs at a time."""
    both = (_entries(wanted, ledger, 0), _entries(wanted, articles, len(ledger)))
    places, rows = (np.concatenate(column) for column in zip(*both, strict=True))
    entries = np.sort((places << 32) | rows)
    places, rows = entries >> 32, entries & 0xFFFFFFFF
    number = np.arange(len(rows))
    begin = np.maximum.accumulate(np.where(np.diff(places, prepend=-1) > 0, number, 0))
    earlier_count = np.minimum(number - begin, MOST_EARLIER)
    own = np.flatnonzero(rows >= len(ledger))
    own = own[np.argsort(rows[own], kind="stable")]
    for block in _blocks(own, rows[own], earlier_count[own]):
        later = np.repeat(rows[block] - len(ledger), earlier_count[block])
        earlier = rows[ranges(begin[block], earlier_count[block])]
        keys, shared = np.unique(later * (len(ledger) + len(articles)) + earlier, return_counts=True)
        yield keys[shared >= least], shared[shared >= least]


def _blocks(entries: Rows, rows: Rows, pair_counts: Rows) -> Iterator[Rows]:
    """The entries, which are in order of their rows, cut between rows: some ``_PAIRS`` pairs each, at least one row."""
    yield entries[:0]
    starts = np.flatnonzero(np.diff(rows, prepend=-1) > 0)
    sizes = np.add.reduceat(pair_counts, starts) if len(starts) else starts
    block = np.cumsum(sizes) // _PAIRS
    cuts = starts[np.flatnonzero(np.diff(block, prepend=-1) > 0)]
    for first, last in pairwise([*cuts.tolist(), len(entries)]):
        yield entries[first:last]


def _entries(wanted: NDArray[np.uint32], sketches: Sketches, first_row: int) -> tuple[Rows, Rows]:
    """For each hash of the sketches that is wanted: its place among those, and its row."""
    found = [np.empty((2, 0), np.int64)]
    rows = sketches.rows() + first_row
    for start in range(0, len(sketches.hashes) if len(wanted) else 0, _CHUNK):
        hashes = sketches.hashes[start : start + _CHUNK]
        places = np.searchsorted(wanted[:-1], hashes)
        hit = wanted[places] == hashes
        found.append(np.stack((places[hit], rows[start : start + _CHUNK][hit])))
    places, rows = np.concatenate(found, axis=1)
    return places, rows


def _comparable(sketches: Sketches, one: Rows, other: Rows) -> Rows:
    """For pairs of rows, how many hashes the sketch that has fewer holds in the range that both cover."""
    rows, places = np.unique(np.concatenate((one, other)), return_inverse=True)
    chosen = sketches[rows]
    last = chosen.hashes[chosen.offsets[1:] - 1].astype(np.int64)
    keys = (chosen.rows() << 32) | chosen.hashes
    a, b = places.reshape(2, -1)
    bound = np.minimum(last[a], last[b])
    held = (
        np.searchsorted(keys, np.concatenate(((a << 32) | bound, (b << 32) | bound)), "right") - chosen.offsets[places]
    )
    fewest: Rows = held.reshape(2, -1).min(axis=0)
    return fewest


def ranges(starts: Rows, sizes: Rows) -> Rows:
    """The numbers of many ranges, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + sizes, sizes)
