"""Which lines of a date's articles are the furniture of their hosts, by the pages of the window and of the date itself.

What one text shows of it stands in :mod:`newsmill.tasks.inputs.furniture`. As with duplicates, what is decided depends
on the dates before and on the date itself, in no order, and is remembered by a hash of what was decided.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsmill.schemas.record import values
from newsmill.tasks.inputs.fingerprint import Hashes, Rows
from newsmill.tasks.inputs.furniture import APART, AT_END, LINE, SENTENCE

LEAST_PAGES = 3
"""Pages of a host on which a line has nothing to do with the rest of the text. They must be more than half of those
that it stands on, so that the background of a running story is none."""
AS_SENTENCE, ELSEWHERE = 25, 10
"""It stands on one in so many pages of the host, if it is a sentence; if it stands before the end of the text."""

COLUMNS = ("hostname", "lines", "revision")
"""What is read of the ledger, of articles that were kept."""

type Ordinals = tuple[int, ...]
"""The lines of an article that are furniture, by their places among its candidates."""


def decide(entries: pa.Table, window: Iterable[pa.Table]) -> list[Ordinals]:
    """The furniture of each article of a date.

    Both are rows of the ledger with ``COLUMNS``: ``entries`` of the date, ``window`` those that were kept on the dates
    before it, a date in memory at a time. A page counts by its first text.
    """
    own = _Lines(entries, pa.array(sorted(set(values(entries, "hostname")) - {None}), pa.string()))
    if not len(own.keys):
        return [()] * len(entries)
    keys, places = np.unique(own.keys, return_inverse=True)
    pages, apart = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    sizes = np.zeros(len(own.hosts), np.int64)
    for rows in chain(window, [entries]):
        first = _Lines(rows.filter(pc.field("revision") == 0), own.hosts)
        sizes += np.bincount(first.host_of_row[first.host_of_row >= 0], minlength=len(sizes))
        at = np.minimum(np.searchsorted(keys, first.keys), len(keys) - 1)
        hit = keys[at] == first.keys
        pages += np.bincount(at[hit], minlength=len(keys))
        apart += np.bincount(at[hit & first.has(APART)], minlength=len(keys))
    is_told = (apart >= LEAST_PAGES) & (2 * apart > pages)
    one_in = np.where(own.has(AT_END), np.where(own.has(SENTENCE), AS_SENTENCE, 0), ELSEWHERE)
    size = sizes[own.host_of_row[own.rows]]
    stands = is_told[places] & ((one_in == 0) | (pages[places] * one_in >= size))
    return [tuple(_cut(lines)) for lines in _by_row(own, stands, len(entries))]


class _Lines:
    """The lines of rows of the ledger: a key of host and words each, its traits, and the row that it stands in."""

    def __init__(self, rows: pa.Table, hosts: "pa.Array[Any]") -> None:
        kept: list[bytes] = [lines or b"" for lines in values(rows, "lines")]
        flat = np.frombuffer(b"".join(kept), LINE)
        self.hosts = hosts
        self.host_of_row: Rows = (
            pc.index_in(rows["hostname"], value_set=hosts).fill_null(-1).to_numpy().astype(np.int64)
        )
        of_line = np.repeat(np.arange(len(kept)), [len(lines) // LINE.itemsize for lines in kept])
        known = self.host_of_row[of_line] >= 0
        self.rows: Rows = of_line[known]
        self.traits: NDArray[np.uint8] = flat["traits"][known]
        hashes = flat["hash"][known].astype(np.uint64)
        self.keys: Hashes = (self.host_of_row[self.rows].astype(np.uint64) << np.uint64(32)) | hashes

    def has(self, trait: int) -> NDArray[np.bool_]:
        """Whether each line has a trait."""
        found: NDArray[np.bool_] = (self.traits & trait) > 0
        return found


def _by_row(own: _Lines, stands: NDArray[np.bool_], count: int) -> Iterator[list[tuple[bool, int]]]:
    """Of each row whether its lines stand on enough pages, with their traits; nothing where none does."""
    bounds = np.searchsorted(own.rows, np.arange(count + 1)).tolist()
    for begin, behind in pairwise(bounds):
        part = slice(begin, behind if stands[begin:behind].any() else begin)
        yield list(zip(stands[part].tolist(), own.traits[part].tolist(), strict=True))


def _cut(lines: list[tuple[bool, int]]) -> Iterator[int]:
    """The lines of an article that are cut: at its end none that another one stands behind."""
    end = len(lines)
    while end and lines[end - 1][0] and lines[end - 1][1] & AT_END:
        end -= 1
    yield from (ordinal for ordinal, (stands, traits) in enumerate(lines[:end]) if stands and not traits & AT_END)
    yield from range(end, len(lines))


def evidence(entries: pa.Table, chosen: Iterable[Ordinals]) -> str:
    """SHA-256 over the articles that something was cut from, with what; empty where nothing was."""
    rows = zip(values(entries, "article_id"), values(entries, "text_hash"), chosen, strict=True)
    cut = sorted(row for row in rows if row[2])
    return hashlib.sha256(repr(cut).encode()).hexdigest() if cut else ""
