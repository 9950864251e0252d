"""The tree model of pages: gradient-boosted decision trees over the traits of a line, evaluated with NumPy alone.

A tree is read for all lines at once: each of its tests that fails rules out the leaves on its left, and the leftmost
leaf that no test ruled out holds the value (Lucchese et al. 2015, QuickScorer). The weights are fitted by
``benchmarks/fit_pages.py``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from newsmill.tasks.extract.traits import LabelScores

type Array = npt.NDArray[np.float64]

LEAVES = 16
"""Leaves that a tree may have: a bit of 16 for each."""

UNKNOWN = -1000.0
"""What stands for a value that is not known; no trait is as low."""

_FIRST = np.zeros(1 << LEAVES, dtype=np.uint8)
"""The place of the lowest bit of a number of 16 bits."""
for _bit in reversed(range(LEAVES)):
    _FIRST[1 << _bit :: 2 << _bit] = _bit


@dataclass(frozen=True, slots=True)
class TreeModel:
    """``traits``, ``cuts`` and ``ruled_out`` hold the tests of all trees, as many a tree; ``values`` hold the leaves.

    ``ruled_out`` has a bit for each leaf that goes when the test fails; ``labels`` scores class names by what their
    words weigh.
    """

    labels: LabelScores
    traits: npt.NDArray[np.int64]
    cuts: npt.NDArray[np.float32]
    ruled_out: npt.NDArray[np.uint16]
    values: Array

    @classmethod
    def read(cls, path: Path, names: Sequence[str]) -> "TreeModel":
        """The model in a JSON file, for a matrix with the columns ``names``."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")), names)

    @classmethod
    def of(cls, content: Mapping[str, Any], names: Sequence[str]) -> "TreeModel":
        """The model of ``labels`` and ``trees``: a tree is a value or [trait, cut, tree up to it, tree beyond it]."""
        columns = {name: i for i, name in enumerate(names)}
        trees = [_flat(tree) for tree in content["trees"]]
        tests = max(len(tree[0]) for tree in trees)
        shape = (len(trees), tests)
        traits = np.zeros(shape, dtype=np.int64)
        cuts = np.full(shape, np.inf, dtype=np.float32)
        ruled_out = np.zeros(shape, dtype=np.uint16)
        values = np.zeros((len(trees), LEAVES))
        for i, (own, leaves) in enumerate(trees):
            for j, (name, cut, gone) in enumerate(own):
                traits[i, j], cuts[i, j], ruled_out[i, j] = columns[name], cut, gone
            values[i, : len(leaves)] = leaves
        return cls(LabelScores(content["labels"]), traits.ravel(), cuts.ravel(), ruled_out.ravel(), values)

    def chances(self, rows: Array) -> Array:
        """The probability of each line, a row of traits, to be of the article."""
        columns = np.ascontiguousarray(np.nan_to_num(rows, nan=UNKNOWN).T, dtype=np.float32)
        failed = columns[self.traits] > self.cuts[:, None]
        gone = np.multiply(failed, self.ruled_out[:, None], dtype=np.uint16).reshape(len(self.values), -1, len(rows))
        leaves = _FIRST[~np.bitwise_or.reduce(gone, axis=1)]
        sums = self.values.take(leaves + LEAVES * np.arange(len(self.values))[:, None]).sum(axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-sums)), dtype=np.float64)


def _flat(tree: Any) -> tuple[list[tuple[str, float, int]], list[float]]:
    """A tree's tests, each with the leaves that go when it fails, and its leaves from left to right."""
    tests: list[tuple[str, float, int]] = []
    leaves: list[float] = []

    def walk(node: Any) -> None:
        if not isinstance(node, list):
            leaves.append(node)
            return
        name, cut, below, beyond = node
        first = len(leaves)
        walk(below)
        tests.append((name, cut, ((1 << len(leaves)) - 1) ^ ((1 << first) - 1)))
        walk(beyond)

    walk(tree)
    return tests, leaves
