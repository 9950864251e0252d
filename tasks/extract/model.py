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
        ends = np.cumsum([len(line) for line in features])
        numbers = map(self.index.get, chain.from_iterable(features), repeat(len(self.index)))
        weights = np.concatenate([self.weights, np.zeros((1, len(STATES)))])  # the last row is for unknown features
        sums = np.zeros((ends[-1] + 1, len(STATES)))
        np.cumsum(weights[np.fromiter(numbers, dtype=np.int64, count=ends[-1])], axis=0, out=sums[1:])
        return np.asarray(sums[ends] - sums[np.concatenate([[0], ends[:-1]])], dtype=np.float64)


def posteriors(model: LineModel, features: Sequence[Sequence[str]], barred: Sequence[bool] = ()) -> Array:
    """The probability of each state for each line, by the forward-backward algorithm.

    ``barred`` lines are neither text nor headline, whatever the model makes of them.
    """
    count, states = len(features), len(STATES)
    if not count:
        return np.zeros((0, states))
    scores = model.scores(features)
    potential = np.exp(np.maximum(scores - scores.max(axis=1, keepdims=True), _FLOOR))
    for i, is_barred in enumerate(barred):
        if is_barred:
            potential[i, [HEADLINE, TEXT]] = 0.0
    step = np.zeros((states, states))
    for a in range(states):
        step[a, MOVES[a]] = np.exp(model.moves[a, MOVES[a]])
    ones = np.ones(states)
    forward, backward = np.zeros((count, states)), np.zeros((count, states))
    forward[0, MOVES[-1]] = np.exp(model.moves[states, MOVES[-1]])
    for i in range(count):
        now = forward[i]
        if i:
            np.dot(forward[i - 1], step, out=now)
        now *= potential[i]
        now /= now.dot(ones)
    backward[-1] = np.exp(model.moves[states + 1])
    for i in range(count - 1, 0, -1):
        back = backward[i]
        back /= back.dot(ones)
        np.dot(step, potential[i] * back, out=backward[i - 1])
    both = (forward + _TINY) * (backward + _TINY)
    return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float64)
