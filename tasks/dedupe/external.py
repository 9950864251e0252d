"""Sorting numbers and looking up rows of which there may be more than memory holds: what is too much is set aside.

Both keep a bounded number of bytes and write the rest to a *shelf*, which is the staging of a run, or memory where the
caller holds all of it anyway.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.tasks.inputs.fingerprint import Hashes
from newsmill.tasks.run.staged import Staged

MOST_KEYS = 1 << 20
"""Keys that are sorted in memory (8 MB)."""
PIECE_KEYS = 1 << 15
"""Keys of a sorted run that are in memory at once when all runs are gone through."""
CHUNK_BYTES = 4 << 20
"""Rows that are written at once."""
_SAMPLES = 1 << 10
"""Keys of a run that are remembered, to cut all runs into ranges."""

_HALF = np.uint64(32)


class Shelf(Protocol):
    """Where tables are set aside, each under a name and a number."""

    def write(self, table: Staged, rows: pa.Table, number: int | None = None) -> str:
        """Set the rows of a table aside."""

    def read(self, table: Staged, number: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows again."""

    def pieces(
        self, table: Staged, number: int | None = None, between: tuple[int, int] | None = None
    ) -> Iterator[pa.Table]:
        """The rows again, some of them in memory at a time: all, or of one sorted column the pieces that may hold
        something ``between`` two bounds, the upper one excluded."""


class InMemory:
    """A shelf for what fits into memory."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, int | None], pa.Table] = {}

    def write(self, table: Staged, rows: pa.Table, number: int | None = None) -> str:
        """Keep the rows."""
        self._tables[table.name, number] = rows
        return table.name

    def read(self, table: Staged, number: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows that were kept."""
        rows = self._tables[table.name, number]
        return rows if columns is None else rows.select(list(columns))

    def pieces(
        self, table: Staged, number: int | None = None, between: tuple[int, int] | None = None
    ) -> Iterator[pa.Table]:
        """The rows that were kept, a slice at a time."""
        rows = self._tables[table.name, number]
        pieces = (rows.slice(start, PIECE_KEYS) for start in range(0, len(rows), PIECE_KEYS))
        if between is None:
            return pieces
        first, last = between
        return (piece for piece in pieces if piece[0][-1].as_py() >= first and piece[0][0].as_py() < last)


def table_of_keys(name: str) -> Staged:
    """A table for :class:`SortedKeys`."""
    return Staged(name, pa.schema([pa.field("key", pa.uint64())]))


class SortedKeys:
    """Keys of 64 bits that come in any order and are gone through once in ascending order (an external merge sort).

    Keys that agree in their upper 32 bits are handed out together.
    """

    def __init__(self, shelf: Shelf, table: Staged) -> None:
        self._shelf, self._table = shelf, table
        self._pending: list[Hashes] = []
        self._count = 0
        self.runs = 0
        """Sorted runs that are on the shelf."""
        self._samples: list[Hashes] = []

    def add(self, keys: Hashes) -> None:
        """Take in keys."""
        for start in range(0, len(keys), MOST_KEYS):
            some = keys[start : start + MOST_KEYS]
            if self._count + len(some) > MOST_KEYS:
                self.set_aside()
            self._pending.append(some)
            self._count += len(some)

    def set_aside(self) -> None:
        """Write what is in memory as one more run, from which any process can go through the keys."""
        if not self._count:
            return
        run = self._sorted()
        self._samples.append(run[:: max(1, len(run) // _SAMPLES)])
        self._shelf.write(self._table, pa.table([pa.array(run)], names=["key"]), self.runs)
        self.runs += 1

    def _sorted(self) -> Hashes:
        keys = np.concatenate([np.empty(0, np.uint64), *self._pending])
        self._pending, self._count = [], 0
        keys.sort()
        return keys

    def ranges(self, count: int) -> list[tuple[int, int]]:
        """Ranges of the keys in the runs, about as many in each; keys that agree in their upper bits are in one."""
        sample = np.sort(np.concatenate([np.empty(0, np.uint64), *self._samples]))
        cuts = [int(part[0] >> _HALF) << 32 for part in np.array_split(sample, count)[1:] if len(part)]
        bounds = sorted({0, *cuts, 1 << 64})
        return list(pairwise(bounds))

    def parts(self) -> Iterator[Hashes]:
        """The keys in ascending order, some of them at a time."""
        runs = [_pieces(self._shelf, self._table, number) for number in range(self.runs)]
        last = self._sorted()
        runs.append(last[start : start + PIECE_KEYS] for start in range(0, len(last), PIECE_KEYS))
        return _merged(runs)

    def parts_between(self, runs: int, bounds: tuple[int, int]) -> Iterator[Hashes]:
        """Of so many runs that are on the shelf, whoever has sorted them, the keys in a range."""
        return _merged([_pieces(self._shelf, self._table, number, bounds) for number in range(runs)])


def _pieces(shelf: Shelf, table: Staged, number: int, bounds: tuple[int, int] = (0, 1 << 64)) -> Iterator[Hashes]:
    first, last = np.uint64(bounds[0]), np.uint64(bounds[1] - 1)
    for piece in shelf.pieces(table, number, bounds):
        keys = piece["key"].to_numpy()
        found = keys[np.searchsorted(keys, first) : np.searchsorted(keys, last, "right")]
        if len(found):
            yield found


def _merged(runs: Sequence[Iterator[Hashes]]) -> Iterator[Hashes]:
    """The keys of sorted runs in order. Up to where each run is known they are complete and can be handed out."""
    held: dict[int, Hashes] = {}
    ends = dict.fromkeys(range(len(runs)), False)

    def load(number: int) -> None:
        piece = next(runs[number], None)
        ends[number] = piece is None
        if piece is not None:
            held[number] = np.concatenate((held.get(number, piece[:0]), piece))

    for number in ends:
        load(number)
    while held:
        # Of what comes next in a run it is known that it is not below its last key.
        known = [held[n][-1] >> _HALF for n in held if not ends[n]]
        bound = min(known) if known else None
        ready = {n: len(k) if bound is None else int(np.searchsorted(k, bound << _HALF)) for n, k in held.items()}
        if any(ready.values()):
            yield np.sort(np.concatenate([held[n][:count] for n, count in ready.items()]))
        for number, count in ready.items():
            held[number] = held[number][count:]
            if not ends[number] and (held[number][-1:] >> _HALF <= (bound or 0)).all():
                load(number)
            if not len(held[number]):
                del held[number]


class Chunks:
    """Rows with a number each, ascending, that are looked up by it: the last of them in memory, the others aside.

    ``schema`` has a column ``row`` of unsigned 32 bits.
    """

    def __init__(self, shelf: Shelf, name: str, schema: pa.Schema) -> None:
        self._shelf, self._table = shelf, Staged(name, schema)
        self._pending: list[pa.Table] = []
        self._bytes = self._written = 0

    def add(self, rows: pa.Table) -> None:
        """Take in rows."""
        if not len(rows):
            return
        if self._pending and self._bytes + rows.nbytes > CHUNK_BYTES:
            self._shelf.write(self._table, pa.concat_tables(self._pending), self._written)
            self._written += 1
            self._pending, self._bytes = [], 0
        self._pending.append(rows)
        self._bytes += rows.nbytes

    def take(self, wanted: "NDArray[np.uint32]") -> pa.Table:
        """The rows of the numbers, in order of these, each once."""
        value_set = pa.array(wanted, pa.uint32())
        if len(self._pending) > 1:
            self._pending = [pa.concat_tables(self._pending).combine_chunks()]
        written = (self._shelf.read(self._table, number) for number in range(self._written))
        chunks = chain(written, self._pending) if len(wanted) else ()
        found = (chunk.filter(pc.is_in(chunk["row"], value_set=value_set)) for chunk in chunks)
        return pa.concat_tables([self._table.schema.empty_table(), *found]).sort_by("row")
