"""The recogniser: what spaCy's finds, all the tokens of a text at once.

Outside an entity, what spaCy's recogniser does with a token depends on the token's vector alone. So those scores are
one product for all tokens, and only where an entity may begin is it followed from token to token.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span
from thinc.api import Model

from newsmill.tasks.enrich.vectors import Floats

type Places = NDArray[np.intp]

NO_NAME = "O"
"""What stands for no label at all."""
_FEATURES = 3
"""The token, the first one of the entity that it may go on, and the one before it in that."""
_PIECES = 2
_CLOSE = 2.5
"""The lead of a label, in units of the scores, below which it may as well be another. Bodies named once with less of a
lead are bodies one time in four."""
_TOGETHER = 8
"""Tokens for which all possible entities are followed at once. A longer one is followed alone, and only if it is
reached: else a text in which each token may begin an entity to its end would take time by the square."""


@cache
def recogniser_of(nlp: Language) -> Callable[[Doc], Sequence[Span]]:
    """What gives the entities of a document, from the recogniser and what it listens to alone.

    Where another label came close, it is the id of the span; ``NO_NAME`` where that was none.
    """
    ner = nlp.get_pipe("ner")
    before = [pipe for _, pipe in nlp.pipeline if "ner" in getattr(pipe, "listening_components", ())]
    recognise = _Recogniser.of(ner) if _is_known(ner) else _as_spacy(ner)

    def entities(doc: Doc) -> Sequence[Span]:
        for pipe in before:
            doc = pipe(doc)
        return recognise(doc) if len(doc) else ()

    return entities


def _as_spacy(ner: Callable[[Doc], Doc]) -> Callable[[Doc], Sequence[Span]]:
    return lambda doc: ner(doc).ents


def _is_known(ner: object) -> bool:
    """Whether the transitions are those of spaCy's own pipelines, chosen one by one."""
    return (
        isinstance(ner, EntityRecognizer)
        and ner.cfg["beam_width"] == 1
        and ner.model.attrs.get("has_upper", False)
        and not ner.model.attrs["unseen_classes"]
        and ner.model.get_ref("lower").get_dim("nF") == _FEATURES
        and ner.model.get_ref("lower").get_dim("nP") == _PIECES
    )


@dataclass(frozen=True, slots=True)
class _Recogniser:
    """The weights of a recogniser. Hidden values are the larger of two pieces, which lie behind each other."""

    vectors: Model[list[Doc], Floats]
    features: tuple[Floats, Floats, Floats]
    """From a token's vector to what it adds to both pieces, as each of the three."""
    outside: Floats
    """What is added to both pieces where no entity is open."""
    bias: Floats
    opening: Floats
    """From hidden values to the scores of beginning an entity, of one token being one, and of neither."""
    opening_bias: Floats
    going_on: Floats
    """A row a label: from hidden values to how much better the entity ends here than it goes on."""
    going_on_bias: Floats
    labels: Sequence[str]
    begins: Places
    """By the number of an opening score, the number of the label whose entity it begins, else -1."""
    units: Places
    """The same for entities of one token."""

    @classmethod
    def of(cls, ner: EntityRecognizer) -> "_Recogniser":
        lower, upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
        weights, bias, pad = (lower.get_param(name) for name in ("W", "b", "pad"))
        features = weights.transpose(0, 3, 2, 1).reshape(_FEATURES, weights.shape[3], -1)
        pieces = bias.T.ravel()
        _, first, previous = pad[0].transpose(0, 2, 1).reshape(_FEATURES, -1)
        names = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
        moves = {name: number for number, name in enumerate(names) if name != "U-"}  # which keeps a token out of all
        opening = {name: number for name, number in moves.items() if name[0] in "BUO"}
        labels = [name[2:] for name in opening if name[0] == "B"]
        ends, goes_on = ([moves[f"{kind}-{label}"] for label in labels] for kind in "LI")
        scores, score_bias = upper.get_param("W"), upper.get_param("b")
        begins, units = (
            np.array([labels.index(name[2:]) if name[0] == kind else -1 for name in opening]) for kind in "BU"
        )
        return cls(
            vectors=ner.model.get_ref("tok2vec"),
            features=(features[0], features[1], features[2]),
            outside=first + previous + pieces,
            bias=pieces,
            opening=np.ascontiguousarray(scores[list(opening.values())].T),
            opening_bias=score_bias[list(opening.values())],
            going_on=scores[ends] - scores[goes_on],
            going_on_bias=score_bias[ends] - score_bias[goes_on],
            labels=labels,
            begins=begins,
            units=units,
        )

    def __call__(self, doc: Doc) -> list[Span]:
        vectors = self.vectors.predict([doc])
        here = vectors @ self.features[0]
        scores = _larger(here + self.outside) @ self.opening
        scores += self.opening_bias
        # White space begins no entity, and the last token none that goes on.
        scores[np.ix_(doc.to_array("IS_SPACE") > 0, (self.begins >= 0) | (self.units >= 0))] = -np.inf
        scores[-1, self.begins >= 0] = -np.inf
        choices = scores.argmax(axis=1)
        begins, units = self.begins[choices], self.units[choices]
        starts = np.flatnonzero(begins >= 0)
        ends = np.where(units >= 0, np.arange(1, len(doc) + 1), 0)
        ends[starts] = self._ends(vectors, here, starts, begins[starts], 1, _TOGETHER)
        labels = np.maximum(begins, units)
        rivals = self._rivals(scores, labels)
        found: list[Span] = []
        for start in np.flatnonzero(labels >= 0).tolist():
            if not found or start >= found[-1].end:
                alone = np.array([start])
                end = int(ends[start]) or self._ends(vectors, here, alone, begins[alone], 1 + _TOGETHER, len(doc))[0]
                found.append(Span(doc, start, end, self.labels[labels[start]], span_id=rivals.get(start, "")))
        return found

    def _rivals(self, scores: Floats, labels: Places) -> dict[int, str]:
        """By the number of a token that begins an entity, the label that came close to its own, or ``NO_NAME``."""
        of = np.maximum(self.begins, self.units)
        starts = np.flatnonzero(labels >= 0)
        others = np.where(of == labels[starts, None], -np.inf, scores[starts])
        close = scores[starts].max(axis=1) - others.max(axis=1) < _CLOSE
        seconds = of[others.argmax(axis=1)]
        return {
            start: NO_NAME if second < 0 else self.labels[second]
            for start, second in zip(starts[close].tolist(), seconds[close].tolist(), strict=True)
        }

    def _ends(self, vectors: Floats, here: Floats, starts: Places, labels: Places, ahead: int, most: int) -> Places:
        """Where entities end that hold so many tokens (``ahead``) already; 0 for those open after ``most`` more.

        ``here`` is what the tokens add as what may go on an entity.
        """
        ends = np.zeros_like(starts)
        first = vectors[starts] @ self.features[1] + self.bias
        open_ones = np.arange(len(starts))
        for step in range(ahead, ahead + most):
            tokens = starts[open_ones] + step
            hidden = _larger(here[tokens] + first[open_ones] + vectors[tokens - 1] @ self.features[2])
            own = labels[open_ones]
            closed = np.einsum("ij,ij->i", hidden, self.going_on[own]) + self.going_on_bias[own] > 0
            closed |= tokens == len(here) - 1
            ends[open_ones[closed]] = tokens[closed] + 1
            open_ones = open_ones[~closed]
            if not len(open_ones):
                break
        return ends


def _larger(pieces: Floats) -> Floats:
    half = pieces.shape[1] // 2
    return np.maximum(pieces[:, :half], pieces[:, half:])
