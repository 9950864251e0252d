"""Token vectors: spaCy's embedding and encoder in fewer operations than thinc takes for the same numbers.

What embeds a word is a function of the word alone, and two words of three in an article have stood there before: it is
computed once for each. The encoder's products go into rows so few that they stay in the processor's cache.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

type Floats = NDArray[np.float32]
type Hashes = NDArray[np.uint64]

_ROWS = 256
"""Tokens whose vectors are computed at once: the arrays of a layer are small enough for a cache of the second level."""
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A maxout over each token and its two neighbours, normalised. The pieces of a maxout lie behind each other."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats

    def put(self, windows: Floats, out: Floats) -> None:
        """Set the rows of ``out`` (tokens by width) for those of ``windows`` (tokens by three widths)."""
        width = out.shape[1]
        pieces = windows @ self.weights
        pieces += self.bias
        np.maximum(pieces[:, :width], pieces[:, width : 2 * width], out=out)
        for start in range(2 * width, pieces.shape[1], width):
            np.maximum(out, pieces[:, start : start + width], out=out)
        out -= out.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", out, out) / np.float32(width) + np.float32(1e-8)  # thinc's own addend
        out /= np.sqrt(variance)[:, None]
        out *= self.scale
        out += self.shift


@dataclass(frozen=True, slots=True)
class _Words:
    """Distinct words, in a document's place for the layers that embed one."""

    columns: list[Any]
    attributes: Hashes
    keys: Hashes
    vocab: Vocab

    def __len__(self) -> int:
        return len(self.keys)

    def to_array(self, columns: Any) -> Hashes:
        return self.attributes if columns is self.columns else self.keys


def quicken(nlp: Language) -> None:
    """Have the components of a pipeline compute their token vectors here, where they have spaCy's own architecture.

    That is Tok2Vec.v2 with MaxoutWindowEncoder.v2 and a window of one, which all of its pipelines without a transformer
    have; any other stays as it is. The numbers are the same but for their last bits.
    """
    for _, component in nlp.pipeline:
        if isinstance(model := getattr(component, "model", None), Model):
            component.model = _quickened(model)  # type: ignore[attr-defined]


def _quickened(model: Model[Any, Any]) -> Model[Any, Any]:
    for node in list(model.walk()):
        if layers := _layers_of(node):
            quick = _token_vectors(node, layers)
            if node is model:
                return quick
            model.replace_node(node, quick)
    return model


def _token_vectors(model: Model[Any, Any], layers: Sequence[_Layer]) -> Model[Any, Any]:
    """A model from documents to their token vectors (tokens by width), in the place of the one given."""
    embed = model.get_ref("embed")
    columns = next(node for node in embed.walk() if node.name == "extract_features").attrs["columns"]

    def forward(_: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Floats], Any]:  # noqa: ARG001
        words, places = _distinct(docs, columns)
        embedded = embed.predict([words])[0][places]
        return _encoded(embedded, [len(doc) for doc in docs], layers), _not_trained

    return Model("token_vectors", forward, dims={"nO": model.get_dim("nO")})


def _not_trained(*_: Any) -> Any:
    raise NotImplementedError("token vectors are computed here, not trained")


def _layers_of(model: Model[Any, Any]) -> list[_Layer]:
    """The encoder's layers; none if it has others than this module knows."""
    if not (model.has_ref("embed") and model.has_ref("encode")):
        return []
    encode = model.get_ref("encode")
    residuals = encode.layers[0].layers if encode.name.startswith("with_array(residual") else []
    nodes = [{node.name: node for node in residual.walk()} for residual in residuals]
    known = all({"expand_window", "maxout", "layernorm"} <= named.keys() for named in nodes)
    if (
        not known
        or encode.attrs["pad"] != len(nodes)
        or any(n["expand_window"].attrs["window_size"] != 1 for n in nodes)
    ):
        return []
    return [_layer(named["maxout"], named["layernorm"]) for named in nodes]


def _layer(maxout: Model[Any, Any], norm: Model[Any, Any]) -> _Layer:
    weights, bias = _weights(maxout, "W"), _weights(maxout, "b")  # width, pieces(, three widths)
    return _Layer(
        np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, weights.shape[2]).T),
        bias.T.ravel(),
        _weights(norm, "G"),
        _weights(norm, "b"),
    )


def _weights(node: Model[Any, Any], name: str) -> Floats:
    weights: Floats = np.asarray(node.get_param(name))
    return weights


def _distinct(docs: Sequence[Doc], columns: list[Any]) -> tuple[_Words, NDArray[np.intp]]:
    """The distinct words of documents by the attributes that embed them, and which of them each token is.

    They are told apart by one hash of the attributes' hashes, of 64 bits like those.
    """
    vocab = docs[0].vocab
    keys = np.concatenate([doc.to_array(vocab.vectors.attr) for doc in docs])
    attributes = np.concatenate([doc.to_array(columns).reshape(len(doc), len(columns)) for doc in docs])
    mixed = keys.copy()
    for column in attributes.T:
        mixed *= _ODD
        mixed += column
    _, first, places = np.unique(mixed, return_index=True, return_inverse=True)
    return _Words(columns, attributes[first], keys[first], vocab), places


def _encoded(embedded: Floats, lengths: Sequence[int], layers: Sequence[_Layer]) -> list[Floats]:
    """The vectors of documents. Before and behind each is one row of nothing a layer, so that none sees another."""
    pad, width = len(layers), embedded.shape[1]
    starts = np.cumsum([pad, *(length + pad for length in lengths)])
    vectors = np.zeros((starts[-1], width), np.float32)
    taken = 0
    for start, length in zip(starts, lengths, strict=False):
        vectors[start : start + length] = embedded[taken : taken + length]
        taken += length
    windows = np.empty((_ROWS, 3 * width), np.float32)
    for layer in layers:
        vectors = _next_vectors(vectors, layer, windows)
    return [vectors[start : start + length] for start, length in zip(starts, lengths, strict=False)]


def _next_vectors(vectors: Floats, layer: _Layer, windows: Floats) -> Floats:
    """The vectors after one layer: its outcome added to what it was given."""
    count, width = vectors.shape
    after = np.empty_like(vectors)
    for first in range(0, count, len(windows)):
        last = min(first + len(windows), count)
        rows = windows[: last - first]
        rows[:, width : 2 * width] = vectors[first:last]
        rows[1:, :width] = vectors[first : last - 1]
        rows[:-1, 2 * width :] = vectors[first + 1 : last]
        rows[0, :width] = vectors[first - 1] if first else 0
        rows[-1, 2 * width :] = vectors[last] if last < count else 0
        layer.put(rows, after[first:last])
        after[first:last] += vectors[first:last]
    return after
