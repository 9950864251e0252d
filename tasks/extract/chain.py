"""The line model: a linear-chain conditional random field over the lines of a document.

A document is boilerplate, then perhaps a headline, then the article with boilerplate between its lines, then
boilerplate again. The weights are fitted by ``benchmarks/fit_lines.py`` and stand in JSON files, a feature a line.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]

STATES = ("before", "headline", "text", "inside", "behind")
"""before: ahead of the article; headline; text: the article; inside: boilerplate between its lines; behind: after."""

BEFORE, HEADLINE, TEXT, INSIDE, BEHIND = range(5)
MOVES = {
    -1: (BEFORE, HEADLINE, TEXT),
    BEFORE: (BEFORE, HEADLINE, TEXT),
    HEADLINE: (BEFORE, HEADLINE, TEXT),
    TEXT: (TEXT, INSIDE, BEHIND),
    INSIDE: (TEXT, INSIDE),
    BEHIND: (BEHIND,),
}
"""Which state may follow which; -1 is the start."""

_FLOOR = -40.0
"""A state this much less likely than the line's best one is as good as out; keeps the sums within floating point."""

_TINY = 1e-100
"""So that a line whose two sides disagree beyond floating point still has probabilities."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """``weights`` has a row a feature and a column a state; ``moves`` a row a state, one for start and one for end."""

    index: dict[str, int]
    weights: Array
    moves: Array

    @classmethod
    def read(cls, path: Path) -> "LineModel":
        """The model in a JSON file."""
        content = json.loads(path.read_text(encoding="utf-8"))
        names = content["weights"]
        weights = np.array(list(names.values()), dtype=np.float64).reshape(-1, len(STATES))
        return cls({name: i for i, name in enumerate(names)}, weights, np.array(content["moves"], dtype=np.float64))

    def write(self, path: Path) -> None:
        """As JSON, a feature on each line."""
        rows = ",\n".join(
            f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(row, separators=(',', ':'))}"
            for name, row in zip(self.index, self.weights.tolist(), strict=True)
        )
        moves = ",\n".join(json.dumps(row) for row in self.moves.tolist())
        path.write_text(
            f'{{"states": {json.dumps(STATES)},\n"moves": [\n{moves}\n],\n"weights": {{\n{rows}\n}}}}\n',
            encoding="utf-8",
        )

    def scores(self, features: Sequence[Sequence[str]]) -> Array:
        """The score of each line for each state: the sum of its features' weights."""
        counts = np.array([len(line) for line in features], dtype=np.int64)
        named = chain.from_iterable([*features, ("",)])  # the end, where a last line without features begins
        numbers = map(self.index.get, named, repeat(len(self.index)))
        weights = np.concatenate([self.weights, np.zeros((1, len(STATES)))])  # the last row is for unknown features
        rows = weights.take(np.fromiter(numbers, dtype=np.int64, count=counts.sum() + 1), axis=0)
        sums = np.add.reduceat(rows, np.cumsum(counts) - counts, axis=0)
        sums[counts == 0] = 0.0
        return np.asarray(sums, dtype=np.float64)


def posteriors(model: LineModel, features: Sequence[Sequence[str]], barred: Sequence[bool] = ()) -> Array:
    """The probability of each state for each line by its features; for ``barred`` see :func:`marginals`."""
    return marginals(model, model.scores(features), barred)


def marginals(model: LineModel, scores: Array, barred: Sequence[bool] = ()) -> Array:
    """The probability of each state for each line by its scores, by the forward-backward algorithm.

    ``barred`` lines are neither text nor headline, whatever the model makes of them. Written out over the moves that
    there are: five numbers a line are too few for numpy.
    """
    if not len(scores):
        return np.zeros((0, len(STATES)))
    weights = np.exp(np.maximum(scores - scores.max(axis=1, keepdims=True), _FLOOR))
    weights[np.flatnonzero(barred)[:, None], [HEADLINE, TEXT]] = 0.0
    potential = weights.tolist()
    (bb, bh, bt), (hb, hh, ht), (tt, ti, te), (it, ii), (ee,) = (
        np.exp(model.moves[state, MOVES[state]]).tolist() for state in range(len(STATES))
    )
    forward, backward = [], []
    b, h, t = np.exp(model.moves[len(STATES), MOVES[-1]]).tolist()
    i = e = 0.0
    for pb, ph, pt, pi, pe in potential:
        b, h, t, i, e = b * pb, h * ph, t * pt, i * pi, e * pe
        total = b + h + t + i + e
        b, h, t, i, e = b / total, h / total, t / total, i / total, e / total
        forward.append((b, h, t, i, e))
        b, h, t, i, e = (
            b * bb + h * hb,
            b * bh + h * hh,
            b * bt + h * ht + t * tt + i * it,
            t * ti + i * ii,
            t * te + e * ee,
        )
    b, h, t, i, e = np.exp(model.moves[len(STATES) + 1]).tolist()
    for pb, ph, pt, pi, pe in reversed(potential):
        total = b + h + t + i + e
        b, h, t, i, e = b / total, h / total, t / total, i / total, e / total
        backward.append((b, h, t, i, e))
        b, h, t, i, e = b * pb, h * ph, t * pt, i * pi, e * pe
        b, h, t, i, e = (
            b * bb + h * bh + t * bt,
            b * hb + h * hh + t * ht,
            t * tt + i * ti + e * te,
            t * it + i * ii,
            e * ee,
        )
    both = (np.array(forward) + _TINY) * (np.array(backward[::-1]) + _TINY)
    return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float64)
