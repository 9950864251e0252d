"""Sorting numbers and looking up rows of which there may be more than memory holds: what is too much is set aside.

Both keep a bounded number of bytes and write the rest to a *shelf*, which is the staging of a run, or memory where the
caller holds all of it anyway.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
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

_HALF = np.uint64(32)


class Shelf(Protocol):
    """Where tables are set aside, each under a name and a number."""

    def write(self, table: Staged, rows: pa.Table, number: int | None = None) -> str:
        """Set the rows of a table aside."""

    def read(self, table: Staged, number: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows again."""

    def pieces(self, table: Staged, number: int | None = None) -> Iterator[pa.Table]:
        """The rows again, some of them in memory at a time."""


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

    def pieces(self, table: Staged, number: int | None = None) -> Iterator[pa.Table]:
        """The rows that were kept, a slice at a time."""
        rows = self._tables[table.name, number]
        return (rows.slice(start, PIECE_KEYS) for start in range(0, len(rows), PIECE_KEYS))


class SortedKeys:
    """Keys of 64 bits that come in any order and are gone through once in ascending order (an external merge sort).

    Keys that agree in their upper 32 bits are handed out together.
    """

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf = shelf
        self._table = Staged(name, pa.schema([pa.field("key", pa.uint64())]))
        self._pending: list[Hashes] = []
        self._count = self._runs = 0

    def add(self, keys: Hashes) -> None:
        """Take in keys."""
        for start in range(0, len(keys), MOST_KEYS):
            some = keys[start : start + MOST_KEYS]
            if self._count + len(some) > MOST_KEYS:
                self._shelf.write(self._table, pa.table([pa.array(self._sorted())], names=["key"]), self._runs)
                self._runs += 1
            self._pending.append(some)
            self._count += len(some)

    def _sorted(self) -> Hashes:
        keys = np.concatenate([np.empty(0, np.uint64), *self._pending])
        self._pending, self._count = [], 0
        keys.sort()
        return keys

    def parts(self) -> Iterator[Hashes]:
        """The keys in ascending order, some of them at a time."""
        runs = [self._pieces(number) for number in range(self._runs)]
        last = self._sorted()
        runs.append(last[start : start + PIECE_KEYS] for start in range(0, len(last), PIECE_KEYS))
        return _merged(runs)

    def _pieces(self, number: int) -> Iterator[Hashes]:
        return (piece["key"].to_numpy() for piece in self._shelf.pieces(self._table, number))


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
