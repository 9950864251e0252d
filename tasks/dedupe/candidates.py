"""Which articles may have to do with one another: by address, by words and by their sketches."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.schemas.rows import LedgerEntry, table_schema
from newsmill.tasks.dedupe.external import Chunks, InMemory, Shelf, SortedKeys, table_of_keys
from newsmill.tasks.inputs.fingerprint import Hashes, Rows
from newsmill.tasks.run.staged import Staged

type Ranks = NDArray[np.uint32]

MOST_EARLIER = 64
"""A hash that many texts have says little of one more: only the first so many of them are its candidates."""
LEAST_SHARED = 2
LEAST_SHARED_PART = 0.3
"""Two texts may be alike if their sketches share so many hashes, and this part of what the one that has fewer holds in
the range that both cover. A text three quarters of which stand in the other falls below it once in a thousand times."""

_PAIRS = 1 << 16
"""Pairs that are made at once."""
_COMPARED = 1 << 15
"""Pairs of which the sketches are in memory at once, if no more than these come together."""
OWN = np.uint32(1 << 31)
"""Rows from here on are articles of the run."""
NONE = np.uint32((1 << 32) - 1)
_HALF, _LOW = np.uint64(32), np.uint64((1 << 32) - 1)

_LEDGER = table_schema(LedgerEntry)
_ROW, _SKETCH = pa.field("row", pa.uint32()), _LEDGER.field("sketch")
_KNOWN = pa.schema(
    [_ROW, *(_LEDGER.field(name) for name in ("logical_date", "article_id", "text_hash", "published_at", "revision"))]
)
COLUMNS = pa.schema(
    [
        *(_LEDGER.field(name) for name in ("logical_date", "article_id", "text_hash", "published_at")),
        pa.field("version", pa.int64()),
        pa.field("further_ids", pa.list_(pa.string())),
    ]
)
"""What dedupe knows of an article, but for its sketch."""

_HASHES, PAIRS = table_of_keys("dedupe-hashes"), table_of_keys("dedupe-pairs")
_PUBLISHED = Staged("dedupe-published", pa.schema([pa.field("is_published", pa.bool_())]))
"""Whether an article of the run, by its place in time, has the words of a published one."""
RUNS_A_RANGE = 4
"""Sorted runs of hashes that make up one range of them where they are joined elsewhere: 4 million hashes."""

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

    ``text_hash`` is :func:`newsmill.tasks.inputs.fingerprint.short_hash`'s; ``version`` is what its agency counts;
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
class Articles:
    """The articles of a run, a column each (``COLUMNS``), and their sketches a part at a time, in the same order."""

    columns: pa.Table
    sketches: Callable[[], Iterator["pa.ChunkedArray[Any]"]]

    @classmethod
    def of(cls, rows: pa.Table) -> Self:
        """Of rows with ``article_id``, ``text_hash``, ``published_at`` and ``sketch`` at least."""
        columns = [rows[f.name] if f.name in rows.column_names else pa.nulls(len(rows), f.type) for f in COLUMNS]
        return cls(columns=pa.table(columns, schema=COLUMNS), sketches=lambda: iter([rows["sketch"]]))

    @classmethod
    def of_fingerprints(cls, articles: Iterable[Fingerprint]) -> Self:
        """Of what is known of each, in the order given."""
        schema = COLUMNS.append(pa.field("sketch", pa.binary()))
        rows = [{name: getattr(article, name) for name in schema.names} for article in articles]
        return cls.of(pa.Table.from_pylist(rows, schema=schema))

    def fingerprints(self, rows: Rows) -> tuple[Fingerprint, ...]:
        """The articles at rows as objects, without their sketches; ``index`` is the row."""
        found = self.columns.take(rows).to_pylist()
        return tuple(
            Fingerprint(
                **row | {"further_ids": tuple(row["further_ids"] or ()), "version": row["version"] or 0}, index=i
            )
            for i, row in zip(rows.tolist(), found, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """What there is to compare and to know before a run's articles can be decided.

    ``articles`` are those that have anything to do with another one; the others stand for themselves. ``known`` are the
    published articles that matter, in order of position; ``pairs`` (n x 2) the texts that may be alike, or stand at one
    address, by their hashes; ``same_page`` the latter alone.
    """

    articles: tuple[Fingerprint, ...]
    known: tuple[Fingerprint, ...]
    pairs: Rows
    same_page: frozenset[tuple[int, int]]
    matter: Mapping[int | str, Sequence[Fingerprint]]
    """The published articles that matter to a text or to an article, by the hash or the id."""

    def evidence(self, article_ids: Iterable[str], texts: Iterable[int]) -> Iterator[str]:
        """For each article a hash of all that its decision takes from the ledger, so that it is known later whether the
        decision still stands."""
        nothing = _evidence(())
        for known_by, text in zip(article_ids, texts, strict=True):
            matter = [*self.matter.get(text, ()), *self.matter.get(known_by, ())]
            yield _evidence(matter) if matter else nothing


def relate(
    articles: Articles,
    ledger: Iterable[pa.Table],
    shelf: Shelf | None = None,
    elsewhere: "Elsewhere | None" = None,
) -> Relations:
    """Find what matters to the articles of a run.

    ``ledger`` has tables with the columns of :class:`newsmill.schemas.rows.LedgerEntry`, which hold the kept articles
    of earlier dates in order of position; one is in memory at a time. What does not fit is set aside on the ``shelf``,
    and joined ``elsewhere`` if that is given.
    """
    join = SketchJoin(shelf or InMemory(), elsewhere)
    texts = articles.columns["text_hash"].to_numpy()
    first = _first_of_each_text(articles)
    ranks = np.full(len(texts), NONE, np.uint32)
    ranks[first] = np.arange(len(first), dtype=np.uint32)
    start = 0
    for part in articles.sketches():
        join.add_articles(part, ranks[start : start + len(part)])
        start += len(part)
    same = list(_same(articles, join.with_ledger(ledger)))
    published = np.isin(texts[first], np.concatenate([texts[:0], *(rows["text_hash"].to_numpy() for rows in same)]))
    later, earlier = join.pairs(published)
    is_published = earlier < OWN
    rows = pa.concat_tables([_KNOWN.empty_table(), *(table.select(_KNOWN.names) for table in same)])
    asked = np.setdiff1d(earlier[is_published], rows["row"].to_numpy())
    rows = pa.concat_tables([rows, join.ledger.take(asked).select(_KNOWN.names)]).sort_by("row")
    known = [Fingerprint(**row) for row in rows.drop_columns("row").to_pylist()]
    matter: defaultdict[int | str, list[Fingerprint]] = defaultdict(list)
    for fingerprint in known:
        matter[fingerprint.text_hash].append(fingerprint)
        matter[fingerprint.article_id].append(fingerprint)
    places = np.searchsorted(rows["row"].to_numpy(), earlier[is_published])
    others = np.empty(len(earlier), np.int64)
    others[~is_published] = texts[first[earlier[~is_published] - OWN]]
    others[is_published] = rows["text_hash"].to_numpy()[places]
    pairs = np.stack((texts[first[later]], others), axis=1)
    for text, place in zip(pairs[is_published, 0].tolist(), places.tolist(), strict=True):
        matter[text].append(known[place])
    related = articles.fingerprints(np.flatnonzero(_is_related(articles.columns, rows, pairs)))
    same_page = frozenset(_same_page(related, matter))
    return Relations(
        articles=related,
        known=tuple(known),
        pairs=np.unique(np.concatenate((pairs, np.array(sorted(same_page), np.int64).reshape(-1, 2))), axis=0),
        same_page=same_page,
        matter=matter,
    )


def _first_of_each_text(articles: Articles) -> Rows:
    """The rows, in order of position, of the first article of each text that is long enough to have a sketch."""
    columns = articles.columns
    sizes = [pc.binary_length(part).to_numpy() for part in articles.sketches()]
    has_sketch = np.concatenate([np.empty(0, np.int32), *sizes]) > 0
    by = columns.select(["logical_date", "published_at", "article_id"])
    by = by.append_column("row", pa.array(np.arange(len(columns))))
    order = pc.sort_indices(by, [(name, "ascending") for name in by.column_names]).to_numpy()
    order = order[has_sketch[order]].astype(np.int64)
    _, first = np.unique(columns["text_hash"].to_numpy()[order], return_index=True)
    rows: Rows = order[np.sort(first)]
    return rows


def _same(articles: Articles, ledger: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows of the ledger with a text or an address that one of the articles has."""
    texts = pc.unique(articles.columns["text_hash"])
    pages, _ = _pages(articles.columns)
    pages = pc.unique(pages)
    for rows in ledger:
        same_text = pc.is_in(rows["text_hash"], value_set=texts)
        same_page = pc.is_in(rows["article_id"], value_set=pages)
        yield rows.filter(pc.or_(same_text, same_page)).drop_columns("sketch")


def _pages(columns: pa.Table) -> tuple["pa.ChunkedArray[Any]", Rows]:
    """All ids that articles may be known by, and the row of the article of each."""
    further = columns["further_ids"].combine_chunks()
    ids = pa.chunked_array([*columns["article_id"].chunks, pc.list_flatten(further)], pa.string())
    return ids, np.concatenate((np.arange(len(columns)), pc.list_parent_indices(further).to_numpy()))


def _is_related(columns: pa.Table, known: pa.Table, pairs: Rows) -> NDArray[np.bool_]:
    """Whether articles share a text or an address with another one, or may be alike."""
    texts = columns["text_hash"].to_numpy()
    _, places, counts = np.unique(texts, return_inverse=True, return_counts=True)
    related: NDArray[np.bool_] = counts[places] > 1
    related |= np.isin(texts, np.concatenate((pairs.ravel(), known["text_hash"].to_numpy())))
    pages, rows = _pages(columns)
    codes = pages.combine_chunks().dictionary_encode().indices.to_numpy()
    is_shared = np.bincount(codes)[codes] > 1 if len(codes) else np.empty(0, np.bool_)
    is_shared |= pc.is_in(pages, value_set=pc.unique(known["article_id"])).to_numpy()
    related[rows[is_shared]] = True
    return related


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


@dataclass(frozen=True, slots=True)
class Sketches:
    """The hashes of many sketches one after the other; those of the one at ``row`` begin at ``offsets[row]``."""

    hashes: NDArray[np.uint32]
    offsets: Rows

    @classmethod
    def of(cls, sketches: "pa.ChunkedArray[Any]") -> Self:
        """From :func:`newsmill.tasks.inputs.fingerprint.sketch`'s bytes."""
        joined = pa.concat_arrays([pa.array([b""], pa.large_binary()), *sketches.cast(pa.large_binary()).chunks])[1:]
        _, offsets, hashes = joined.buffers()
        ends = np.frombuffer(offsets or b"", np.int64)[1 : len(joined) + 2] // 4
        return cls(np.frombuffer(hashes or b"", "<u4", count=int(ends[-1])), ends)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def rows(self) -> Rows:
        """The row of each hash."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


class SketchJoin:
    """Finds the pairs that may be alike, in memory that does not grow with them.

    The hashes of all sketches, each with the number of its row, are sorted; of each hash the articles that have it are
    paired with the first of those before them; the pairs are sorted in turn, and counted. Rows of the ledger are
    numbered in order of time, and so are the articles of the run, from ``OWN`` on.
    """

    def __init__(self, shelf: Shelf, elsewhere: "Elsewhere | None" = None) -> None:
        self._shelf, self._elsewhere = shelf, elsewhere
        self.ledger = Chunks(shelf, "dedupe-ledger", _KNOWN.append(_SKETCH))
        self._articles = Chunks(shelf, "dedupe-sketches", pa.schema([_ROW, _SKETCH]))
        self._keys = SortedKeys(shelf, _HASHES)
        self._pairs = SortedKeys(shelf, PAIRS)
        self._wanted = np.zeros(1 << 24, np.bool_)

    def add_articles(self, sketches: "pa.ChunkedArray[Any]", ranks: Ranks) -> None:
        """Take in articles by their place in time; those with ``NONE`` are left out."""
        chosen = ranks != NONE
        columns = [pa.array(ranks[chosen] | OWN), sketches.filter(pa.array(chosen))]
        rows = pa.table(columns, schema=pa.schema([_ROW, _SKETCH]))
        found = Sketches.of(rows["sketch"])
        self._wanted[_slot(found.hashes)] = True
        self._keys.add(_key(found.hashes, rows["row"].to_numpy()[found.rows()]))
        self._articles.add(rows)

    def with_ledger(self, ledger: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Take in what is published once all articles are, in order of time; hands the tables on with their ``row``."""
        count = 0
        for table in ledger:
            rows = np.arange(count, count + len(table), dtype=np.uint32)
            count += len(table)
            numbered = table.add_column(0, _ROW, pa.array(rows))
            found = Sketches.of(table["sketch"])
            # A hash that no article has need not be sorted; nearly all are such where a few articles are run.
            hit = self._wanted[_slot(found.hashes)]
            owners = found.rows()[hit]
            self._keys.add(_key(found.hashes[hit], rows[owners]))
            self.ledger.add(numbered.take(np.unique(owners)).select([*_KNOWN.names, "sketch"]))
            yield numbered

    def pairs(self, published: NDArray[np.bool_]) -> tuple[Ranks, Ranks]:
        """The places of articles in time, and the numbers of the rows before them that they may be like.

        Articles that ``published`` says to be so, by their place, are left out.
        """
        self._wanted = self._wanted[:0].copy()
        if self._elsewhere is None or not self._keys.runs:
            for some in _shared(self._keys.parts(), published):
                self._pairs.add(some)
        else:
            self._keys.set_aside()
            self._shelf.write(_PUBLISHED, pa.table([pa.array(published)], schema=_PUBLISHED.schema))
            ranges = self._keys.ranges(-(-self._keys.runs // RUNS_A_RANGE))
            self._pairs.runs = self._elsewhere([HashRange(self._keys.runs, bounds) for bounds in ranges])
        found = [np.empty((2, 0), np.uint32)]
        for keys, shared in _counted(self._pairs.parts()):
            later, earlier = (keys >> _HALF).astype(np.uint32), (keys & _LOW).astype(np.uint32)
            enough = shared >= LEAST_SHARED_PART * self._comparable(later | OWN, earlier)
            found.append(np.stack((later[enough], earlier[enough])))
        later, earlier = np.concatenate(found, axis=1)
        return later, earlier

    def _comparable(self, one: Ranks, other: Ranks) -> Rows:
        rows, places = np.unique(np.concatenate((one, other)), return_inverse=True)
        known = self.ledger.take(rows[rows < OWN])["sketch"].chunks
        return comparable(
            Sketches.of(
                pa.chunked_array([*known, *self._articles.take(rows[rows >= OWN])["sketch"].chunks], pa.binary())
            ),
            *places.reshape(2, -1),
        )


@dataclass(frozen=True, slots=True)
class HashRange:
    """Hashes from one bound up to another, in so many sorted runs on a shelf."""

    runs: int
    bounds: tuple[int, int]


type Elsewhere = Callable[[Sequence[HashRange]], int]
"""Has :func:`join_range` done with each range, and tells how many runs of pairs are on the shelf then."""


def join_range(shelf: Shelf, part: HashRange) -> int:
    """Pair the articles that share a hash of a range; returns how many sorted runs of pairs are set aside for that."""
    published = shelf.read(_PUBLISHED)["is_published"].to_numpy()
    pairs = SortedKeys(shelf, PAIRS)
    for some in _shared(SortedKeys(shelf, _HASHES).parts_between(part.runs, part.bounds), published):
        pairs.add(some)
    pairs.set_aside()
    return pairs.runs


def _shared(parts: Iterable[Hashes], published: NDArray[np.bool_]) -> Iterator[Hashes]:
    """Of hashes with their rows, in ascending order, the pairs of rows that share one, as keys, some at a time."""
    for keys in parts:
        rows = (keys & _LOW).astype(np.uint32)
        is_own = rows >= OWN
        left = np.ones(len(keys), np.bool_)
        left[is_own] = ~published[rows[is_own] - OWN]
        for later, earlier in _sharing(keys[left] >> _HALF, rows[left]):
            yield _key(later - OWN, earlier)


def _counted(parts: Iterable[Hashes]) -> Iterator[tuple[Hashes, Rows]]:
    """Of pairs in ascending order those that share hashes enough, with how many; many at a time, since all that is set
    aside is gone through for their sketches."""
    held: list[tuple[Hashes, Rows]] = []
    count = 0
    for keys in parts:
        begin = np.flatnonzero(np.diff(keys, prepend=~keys[:1]) != 0)
        shared = np.diff(begin, append=len(keys))
        enough = shared >= LEAST_SHARED
        held.append((keys[begin[enough]], shared[enough]))
        count += len(held[-1][0])
        if count >= _COMPARED:
            yield _joined(held)
            held, count = [], 0
    if count:
        yield _joined(held)


def _joined(held: Sequence[tuple[Hashes, Rows]]) -> tuple[Hashes, Rows]:
    keys, shared = zip(*held, strict=True)
    return np.concatenate(keys), np.concatenate(shared)


def _key(upper: NDArray[np.uint32], lower: NDArray[np.uint32]) -> Hashes:
    return (upper.astype(np.uint64) << _HALF) | lower


def _slot(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A place among 2^24. Sketches hold the smallest hashes, so the upper bits alone would hardly tell them apart."""
    mixed: NDArray[np.uint32] = (hashes * np.uint32(0x9E3779B1)) >> np.uint32(8)
    return mixed


def _sharing(hashes: Hashes, rows: Ranks) -> Iterator[tuple[Ranks, Ranks]]:
    """Articles with the rows before them that share a hash, once for each, some at a time. Hashes, then rows ascend."""
    number = np.arange(len(rows))
    begin = np.maximum.accumulate(np.where(np.diff(hashes, prepend=~hashes[:1]) != 0, number, 0))
    earlier_count = np.minimum(number - begin, MOST_EARLIER)
    own = np.flatnonzero((rows >= OWN) & (earlier_count > 0))
    block = np.cumsum(earlier_count[own]) // _PAIRS
    for some in np.split(own, np.flatnonzero(np.diff(block)) + 1):
        yield np.repeat(rows[some], earlier_count[some]), rows[ranges(begin[some], earlier_count[some])]


def comparable(sketches: Sketches, one: Rows, other: Rows) -> Rows:
    """For pairs of rows, how many hashes the sketch that has fewer holds in the range that both cover."""
    last = sketches.hashes[sketches.offsets[1:] - 1].astype(np.int64)
    keys = (sketches.rows() << 32) | sketches.hashes
    bound = np.minimum(last[one], last[other])
    held = (np.searchsorted(keys, (rows << 32) | bound, "right") - sketches.offsets[rows] for rows in (one, other))
    fewest: Rows = np.minimum(*held)
    return fewest


def ranges(starts: Rows, sizes: Rows) -> Rows:
    """The numbers of many ranges, one after the other."""
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + sizes, sizes)
