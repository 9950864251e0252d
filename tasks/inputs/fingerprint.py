"""Fingerprints of texts: shingles that are compared exactly, and sketches of them that are small enough to remember.

A sketch is the smallest of a text's shingle hashes, more of them the longer the text is (a bottom-k MinHash whose k
grows). Two sketches share hashes if the texts are alike (Broder, On the resemblance and containment of documents, 1997)
and, since a long text's sketch samples it no more thinly than a short one's, also if one text stands within the other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsmill.tasks.inputs.identity import WORD

type Hashes = NDArray[np.uint64]
type Rows = NDArray[np.int64]

SHINGLE_WORDS = 3
SHORTEST_WORDS = 20
"""Texts with fewer words have no shingles: captions and notices are alike without being copies of one another."""
LONGEST_TEXT = 1 << 20
"""Characters that are looked at."""
_CHUNK = 1 << 16
"""Characters of many texts that are looked at at once."""

SKETCH_LEAST, SKETCH_EVERY, SKETCH_MOST = 16, 16, 44
"""A sketch has a hash for every so many shingles, but so many at least and at most."""

VERSION = f"1-{SHINGLE_WORDS}-{SHORTEST_WORDS}-{SKETCH_LEAST}-{SKETCH_EVERY}-{SKETCH_MOST}"
"""Names everything that a sketch depends on; the first number is counted up when the code gives other hashes."""
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts without spaces between words (Thai, Lao, kana, Han): every character counts as a word."""

_BASE = 0x9E3779B97F4A7C15
_PLACES = tuple(np.uint64(odd) for odd in (0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5))


def short_hash(full: str) -> int:
    """The first 64 bits of a text hash as a signed number: what the ledger keeps of it."""
    return int.from_bytes(bytes.fromhex(full[:16]), signed=True)


def shingles(text: str) -> Hashes:
    """Hashes of all runs of three words, sorted, each once; none for a text that is too short to be compared.

    The same on every machine and in every run. All arithmetic is modulo 2^64, over the whole text at once, since word
    by word Python would take most of a run's time here.
    """
    words, _ = _word_hashes(text[:LONGEST_TEXT].lower())
    if len(words) < SHORTEST_WORDS:
        return np.empty(0, np.uint64)
    return distinct(_runs_of_three(words))


def distinct(hashes: Hashes) -> Hashes:
    """The hashes sorted, each once. ``numpy.unique`` goes by a hash table, which takes three times as long."""
    hashes = np.sort(hashes)
    once: Hashes = hashes[np.diff(hashes, prepend=~hashes[:1]) != 0]
    return once


def shingles_of_each(texts: Sequence[str]) -> tuple[Hashes, Rows]:
    """The same for many texts, however short: 44 bits of each hash, and the row of its text, in order of rows."""
    parts = [(np.empty(0, np.uint64), np.empty(0, np.int64))]
    first = 0
    for chunk in _chunks([text[:LONGEST_TEXT].lower() for text in texts]):
        words, starts = _word_hashes("\n".join(chunk))
        rows = np.searchsorted(np.cumsum([len(text) + 1 for text in chunk]), starts, "right")
        within = rows[:-2] == rows[2:]
        hashes = _runs_of_three(words)[within] >> np.uint64(20)
        keys = distinct((rows[:-2][within].astype(np.uint64) << np.uint64(44)) | hashes)
        parts.append((keys & np.uint64((1 << 44) - 1), (keys >> np.uint64(44)).astype(np.int64) + first))
        first += len(chunk)
    hashes, rows = (np.concatenate(column) for column in zip(*parts, strict=True))
    return hashes, rows


def sketch(hashes: Hashes) -> bytes:
    """The smallest shingle hashes, 32 bits of each, ascending, little-endian; empty for none."""
    size = min(max(SKETCH_LEAST, -(-len(hashes) // SKETCH_EVERY)), SKETCH_MOST)
    return np.unique((hashes[:size] >> np.uint64(32)).astype("<u4")).tobytes()


class Similarity(NamedTuple):
    """How alike two sets of shingles are.

    ``jaccard`` is what they share of all that they have, ``containment`` what they share of the smaller one, ``share``
    the smaller one's size as a share of the larger one's.
    """

    jaccard: float
    containment: float
    share: float


SAME = Similarity(1.0, 1.0, 1.0)
NOTHING_SHARED = Similarity(0.0, 0.0, 0.0)


def compare(one: Hashes, other: Hashes) -> Similarity:
    """The exact similarity of two texts by their :func:`shingles`; nothing where one has none."""
    small, large = sorted((one, other), key=len)
    if not len(small):
        return NOTHING_SHARED
    found = np.searchsorted(large, small)
    found[found == len(large)] = 0
    shared = int(np.count_nonzero(large[found] == small))
    return Similarity(shared / (len(small) + len(large) - shared), shared / len(small), len(small) / len(large))


def words_changed(before: str, after: str) -> tuple[int, int]:
    """How many words a text has that an earlier one has not, and the other way round."""
    old, new = (Counter(WORD.findall(text.lower())) for text in (before, after))
    return (new - old).total(), (old - new).total()


def _runs_of_three(words: Hashes) -> Hashes:
    first, second, third = _PLACES
    return _mixed(words[:-2] * first + words[1:-1] * second + words[2:] * third)


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in turn, some ten thousand characters at a time."""
    begin = size = 0
    for number, text in enumerate(texts):
        if size + len(text) > _CHUNK and number > begin:
            yield texts[begin:number]
            begin, size = number, 0
        size += len(text) + 1
    if begin < len(texts):
        yield texts[begin:]


def _word_hashes(text: str) -> tuple[Hashes, Rows]:
    """A hash for each word, and where it begins: the word's characters as the digits of a number, from differences of
    the text's running sum."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    raised, lowered = _powers(1 << max(12, len(codes).bit_length()))
    kinds = np.zeros(len(codes) + 2, np.uint8)
    kinds[1:-1] = _kinds()[codes]
    left, right = kinds[:-1], kinds[1:]
    edge = (left != right) | (right == _ALONE)
    start, end = np.flatnonzero(edge & (right > 0)), np.flatnonzero(edge & (left > 0))
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * raised[: len(codes)], out=sums[1:])
    return (sums[end] - sums[start]) * lowered[start], start


_PART, _ALONE = 1, 2


@cache
def _kinds() -> NDArray[np.uint8]:
    """For every code point whether it is no part of a word, part of one, or a word alone."""
    kinds = np.zeros(0x110000, np.uint8)
    every = np.arange(0x110000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for found in WORD.finditer(every):
        kinds[found.start() : found.end()] = _PART
    for found in re.finditer(f"[{_UNSPACED}]+", every):
        kinds[found.start() : found.end()] *= _ALONE
    return kinds


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The base and its inverse, raised to 0, 1, 2, ..."""
    up, down = np.full(count, _BASE, np.uint64), np.full(count, pow(_BASE, -1, 1 << 64), np.uint64)
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit made to depend on every other one (the finaliser of Steele et al., SplitMix, 2014)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
