"""Fit the line model of the extract stage: a conditional random field over the lines of a text.

    python benchmarks/fit_lines.py LINES.jsonl.gz ... --out tasks/extract/lines.json
    python benchmarks/fit_lines.py LINES.jsonl.gz --folds 5

LINES holds {"id", "url", "title", "lines": [{"t": text, "l": 1 keep, 0 drop, -1 unknown}]}, or pages {"id", "url",
"title", "text": the article's body, "html" or "html_b64"}, whose lines are those that a browser shows, labelled by the
words that they share with the body. A label allows several states (a dropped line stands before, within or behind the
article), and the likelihood sums over them. Texts come whole or in pieces, so every text is also seen as windows cut
around its article, as its article alone, as a brief of its first paragraphs, and as a stretch of page without an
article; and some of these once more with their letters exchanged for others, as one sees a text in a language that one
does not know, so that shape and place are weighed without the words.

Half of the features are hidden in each step of the fit (dropout), which keeps features that say the same from being
sure together. Features are pruned by weight, which keeps the file readable. With ``--folds`` the documents of one site
stay in one fold, and the figures are of lines that were not fitted on.
"""

import argparse
import base64
import gzip
import json
import random
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from lxml.html import HtmlElement
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types

from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.chain import BEFORE, BEHIND, HEADLINE, INSIDE, MOVES, STATES, TEXT, LineModel, posteriors
from newsmill.tasks.extract.decode import Undecodable, decode
from newsmill.tasks.extract.features import document_features, fold, shape_of
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.lines import is_certain

type Array = npt.NDArray[Any]
SEED = 7

FOREIGN = 0.3
"""Share of the texts and pieces that are also seen with their letters exchanged."""

CASELESS = 0.3
"""Share of these whose letters become those of a script without capitals."""

TINY = 1e-100
"""Keeps states in play that are as good as out, so that no path is lost to underflow."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document as it is fitted on: for each line its features and the states that its label allows."""

    host: str
    whole: bool
    lines: list[str]
    labels: list[int]
    allowed: Array
    features: list[array[int]]


class Vocabulary:
    """Feature names as numbers, given out as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def encode(self, features: Sequence[Sequence[str]]) -> list[array[int]]:
        """The numbers of each line's features."""
        numbers = self.numbers
        return [array("i", {numbers.setdefault(name, len(numbers)) for name in line}) for line in features]


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a compressed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def host_of(row: dict[str, Any]) -> str:
    """The site that a row is from, or the row itself where it has no address."""
    return (urlsplit(row.get("url") or "").hostname or row["id"]).removeprefix("www.")


def read_texts(path: Path, vocabulary: Vocabulary) -> Iterator[Labelled]:
    """The documents of a file of labelled lines, each with its variants behind it."""
    chance = random.Random(SEED)
    for row in rows_of(path):
        lines, labels = lines_of(row)
        if 1 not in labels:
            continue
        title = fold(row["title"] or "")
        seen = [(True, lines, labels, title), *((False, *v, title) for v in variants(lines, labels, chance))]
        seen += [foreign(one, chance) for one in seen if chance.random() < FOREIGN]
        for whole, some, marks, headline in seen:
            features = vocabulary.encode(document_features(some))
            yield Labelled(host_of(row), whole, some, marks, allowed_states(some, marks, headline), features)


def lines_of(row: dict[str, Any]) -> tuple[list[str], list[int]]:
    """The lines of a row and their labels; those of a page are its blocks, labelled by its body."""
    if "lines" in row:
        return [" ".join(x["t"].split()) for x in row["lines"]], [x["l"] for x in row["lines"]]
    tree = tree_of(row)
    if tree is None or not row.get("text"):
        return [], []
    lines = [line for line in (" ".join(block.text.split()) for block in blocks_of(tree)) if line]
    return lines, align(lines, row["text"])


def tree_of(row: dict[str, Any]) -> HtmlElement | None:
    """The tree of a row's page."""
    content = base64.b64decode(row["html_b64"]) if row.get("html_b64") else row["html"].encode()
    markup = decode(content, ContentKind.HTML)
    return None if isinstance(markup, Undecodable) else parse(markup)


def align(lines: Sequence[str], body: str) -> list[int]:
    """1 for lines that are of the body, 0 for lines that are not, -1 where the words do not tell.

    Lines of four words and more by the share of their runs of four words that the body has; of lines that stand on the
    page more often than in the body, those with the most body around them; shorter lines if they are lines of the body.
    """
    words = [fold(line).split() for line in lines]
    runs = set(zip(*(fold(body).split()[i:] for i in range(4)), strict=False))
    body_lines, body_text = {fold(line) for line in body.split("\n")}, f" {fold(body)} "
    labels, weight = [], []
    for own in words:
        mine = [(own[i], own[i + 1], own[i + 2], own[i + 3]) for i in range(len(own) - 3)]
        share = sum(run in runs for run in mine) / len(mine) if mine else 0.0
        labels.append(-1 if not mine else 1 if share >= 0.6 else 0 if share <= 0.25 else -1)
        weight.append(len(own) if labels[-1] == 1 else 0)
    around = [sum(weight[max(0, i - 4) : i]) + sum(weight[i + 1 : i + 5]) for i in range(len(words))]
    places: dict[str, list[int]] = {}
    for i, own in enumerate(words):
        folded = " ".join(own)
        if len(own) < 4 and own:
            labels[i] = 1 if folded in body_lines and around[i] else -1 if f" {folded} " in body_text else 0
        elif labels[i] == 1:
            places.setdefault(folded, []).append(i)
    for folded, found in places.items():
        for i in sorted(found, key=lambda i: -around[i])[max(1, body_text.count(f" {folded} ")) :]:
            labels[i] = 0
    return labels


def variants(lines: list[str], labels: list[int], chance: random.Random) -> list[tuple[list[str], list[int]]]:
    """Pieces of a page as people copy them."""
    first, last = labels.index(1), len(labels) - labels[::-1].index(1)
    made = []
    for mean in (4, 15):
        start = max(0, first - int(chance.expovariate(1 / mean)))
        end = min(len(lines), last + int(chance.expovariate(1 / mean)))
        made.append((lines[start:end], labels[start:end]))
    if chance.random() < 0.5:
        made.append(brief(*made[0], chance.randint(1, 5)))
    else:
        made.append((lines[first:last], labels[first:last]))
    if chance.random() < 0.3:
        cut = chance.randint(1, 60)
        piece = slice(max(0, first - cut), first) if chance.random() < 0.5 else slice(last, last + cut)
        made.append((lines[piece], labels[piece]))
    return [(some, marks) for some, marks in made if some]


def brief(lines: list[str], labels: list[int], count: int) -> tuple[list[str], list[int]]:
    """The piece with only the first ``count`` of the article's sentences, as a short article stands among the rest."""
    kept = [i for i, (line, mark) in enumerate(zip(lines, labels, strict=True)) if mark == 1 and shape_of(line).prose]
    cut = range(kept[count - 1] + 1, kept[-1] + 1) if len(kept) > count else range(0)
    return [line for i, line in enumerate(lines) if i not in cut], [m for i, m in enumerate(labels) if i not in cut]


def foreign(
    seen: tuple[bool, list[str], list[int], str], chance: random.Random
) -> tuple[bool, list[str], list[int], str]:
    """A text with its letters exchanged, vowels for vowels; now and then for those of a script without capitals."""
    whole, lines, labels, title = seen
    strange = []
    for letters in ("aeiouy", "bcdfghjklmnpqrstvwxz"):
        others = list(letters)
        chance.shuffle(others)
        strange += list(zip(letters, others, strict=True))
    table = {ord(a): b for a, b in strange} | {ord(a.upper()): b.upper() for a, b in strange}
    if chance.random() < CASELESS:
        table = {code: chr(0x621 + (ord(letter.lower()) - ord("a"))) for code, letter in table.items()}
    return whole, [line.translate(table) for line in lines], labels, fold(title.translate(table))


def allowed_states(lines: Sequence[str], labels: Sequence[int], title: str) -> Array:
    """The states that each line may be in, by its label and the article's place."""
    allowed = np.zeros((len(lines), len(STATES)), dtype=bool)
    kept = [i for i, mark in enumerate(labels) if mark == 1]
    first, last = (kept[0], kept[-1]) if kept else (len(lines), len(lines))
    for i, (line, mark) in enumerate(zip(lines, labels, strict=True)):
        is_title = bool(title) and is_headline(fold(line), title)
        if mark == 1:
            allowed[i, TEXT] = True
        elif i < first:
            allowed[i, [HEADLINE] if is_title and kept else [BEFORE]] = True
            allowed[i, TEXT] |= mark == -1 and not is_title
        elif i > last:
            allowed[i, [BEHIND] if mark == 0 else [BEHIND, TEXT]] = True
            allowed[i, INSIDE] |= mark == 0 and last < i < last + 30 and -1 in labels[i:]
        else:
            allowed[i, [INSIDE] if mark == 0 else [INSIDE, TEXT]] = True
    return without_dead_ends(allowed)


def without_dead_ends(allowed: Array) -> Array:
    """Only the states that lie on a path through the whole document."""
    allowed[0, [s for s in range(len(STATES)) if s not in MOVES[-1]]] = False
    for i in range(1, len(allowed)):
        allowed[i] &= [any(b in MOVES[a] for a in np.flatnonzero(allowed[i - 1]).tolist()) for b in range(len(STATES))]
    for i in range(len(allowed) - 2, -1, -1):
        allowed[i] &= [any(b in MOVES[a] for b in np.flatnonzero(allowed[i + 1]).tolist()) for a in range(len(STATES))]
    return allowed


def is_headline(folded: str, title: str) -> bool:
    """Whether a line is the document's title, or the title without the site's name."""
    return folded == title or (len(folded.split()) >= 4 and title.startswith(folded) and 2 * len(folded) > len(title))


@dataclass(frozen=True, slots=True)
class Design:
    """Documents as a matrix: a row a line, a column a feature; ``starts`` is where each document begins."""

    matrix: Any
    allowed: Array
    starts: list[int]
    weights: Array
    """What each document counts for."""


def columns_kept(documents: Sequence[Labelled], vocabulary: Vocabulary, least: int) -> list[int]:
    """Features that are seen on at least ``least`` sites, in order of name."""
    sites: dict[int, set[str]] = {}
    for document in documents:
        for number in {n for line in document.features for n in line}:
            sites.setdefault(number, set()).add(document.host)
    return sorted(
        (n for n, hosts in sites.items() if len(hosts) >= least),
        key=dict(map(reversed, vocabulary.numbers.items())).get,  # type: ignore[arg-type]
    )


def design(documents: Sequence[Labelled], columns: Sequence[int], whole: float) -> Design:
    """The documents as a matrix of the features in ``columns``. Whole documents count ``whole`` times a piece."""
    place = {number: i for i, number in enumerate(columns)}
    indices = array("i")
    pointers, starts = [0], [0]
    for document in documents:
        for line in document.features:
            indices.extend(place[n] for n in line if n in place)
            pointers.append(len(indices))
        starts.append(len(pointers) - 1)
    flat = np.frombuffer(indices, dtype=np.int32)
    shape = (len(pointers) - 1, len(columns))
    matrix = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, np.array(pointers)), shape=shape)
    weights = np.array([whole if d.whole else 1.0 for d in documents])
    return Design(matrix, np.concatenate([d.allowed for d in documents]), starts, weights / weights.mean())


def fit(data: Design, penalty: float, rounds: int, dropout: float) -> tuple[Array, Array]:
    """Emission weights (features x states) and move weights (states x states, with start and end rows).

    Adam over batches of documents of like length, ``rounds`` times through the documents, steps shrinking to nothing;
    full-batch methods took hundreds of rounds to come as far.
    """
    features, states = data.matrix.shape[1], len(STATES)
    moves = np.array([[b in MOVES[a] for b in range(states)] for a in range(states)])
    batches = []
    for rows, documents in batch_by_length(data.starts):
        used = rows[rows >= 0]
        places = np.where(rows >= 0, np.cumsum(rows.ravel() >= 0).reshape(rows.shape) - 1, -1)
        matrix = data.matrix[used]
        batches.append((matrix, matrix.T.tocsr(), data.allowed[used], places, data.weights[documents]))
    order = np.random.default_rng(SEED)
    flat = np.zeros(features * states + (states + 2) * states)
    weights, trans = flat[: features * states].reshape(features, states), flat[features * states :].reshape(-1, states)
    mean, square = np.zeros_like(flat), np.zeros_like(flat)
    average = np.zeros_like(flat)
    steps, step = rounds * len(batches), 0
    for _ in range(rounds):
        total = 0.0
        for at in order.permutation(len(batches)):
            matrix, transposed, allowed, places, counts = batches[at]
            shown = (order.random(features) >= dropout) / (1 - dropout)
            emissions = np.asarray(matrix @ (weights * shown[:, None]))
            free, ge, gt = forward_backward(emissions, None, places, trans, moves, counts)
            bound, be, bt = forward_backward(emissions, allowed, places, trans, moves, counts)
            total += float((free - bound) @ counts)
            lines = ((ge - be) * counts[:, None, None])[places >= 0]
            grad = np.concatenate([(np.asarray(transposed @ lines) * shown[:, None]).ravel(), (gt - bt).ravel()])
            grad += penalty / len(batches) * flat
            step += 1
            mean += 0.1 * (grad - mean)
            square += 0.01 * (grad**2 - square)
            rate = 0.02 * (1 - step / (steps + 1))
            flat -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
            if 2 * step > steps:
                average += flat / (steps - steps // 2)
        print(f"  loss {total:.0f}", flush=True)
    return average[: features * states].reshape(features, states), average[features * states :].reshape(-1, states)


def batch_by_length(starts: list[int], size: int = 24) -> list[tuple[Array, Array]]:
    """Documents of like length as matrices of line numbers, padded with -1 at the end; and which documents they are."""
    spans = sorted(((b - a, a, at) for at, (a, b) in enumerate(pairwise(starts)) if b > a), reverse=True)
    batches = []
    for at in range(0, len(spans), size):
        some = spans[at : at + size]
        rows = np.full((len(some), some[0][0]), -1, dtype=np.int64)
        for i, (length, begin, _) in enumerate(some):
            rows[i, :length] = np.arange(begin, begin + length)
        batches.append((rows, np.array([at for _, _, at in some])))
    return batches


def forward_backward(
    emissions: Array, allowed: Array | None, rows: Array, trans: Array, moves: Array, counts: Array
) -> tuple[Array, Array, Array]:
    """Log partition of each document, expected states of each line and expected moves, of a padded batch.

    ``counts`` is what each document counts for in the moves.
    """
    states = emissions.shape[1]
    documents, length = rows.shape
    valid = rows >= 0
    scores = emissions[rows]
    if allowed is not None:
        scores = np.where(allowed[rows], scores, -1e9)
    peak = scores.max(axis=2, keepdims=True)
    potential = np.where(scores > -1e8, np.exp(np.maximum(scores - peak, -40.0)), 0.0)
    step = np.where(moves, np.exp(trans[:states]), 0.0)
    enter, leave = np.exp(trans[states]), np.exp(trans[states + 1])
    enter = np.where([s in MOVES[-1] for s in range(states)], enter, 0.0)
    alive = valid.sum(axis=0)  # the longest documents come first, so those that go on at a line are the first ones
    alpha = np.zeros((documents, length, states))
    scale = np.ones((documents, length))
    now = potential[:, 0] * enter
    scale[:, 0] = now.sum(axis=1) + 1e-300
    alpha[:, 0] = now / scale[:, :1]
    for t in range(1, length):
        n = alive[t]
        now = (alpha[:n, t - 1] @ step) * potential[:n, t]
        scale[:n, t] = now.sum(axis=1) + 1e-300
        alpha[:n, t] = now / scale[:n, t, None]
        alpha[n:, t] = alpha[n:, t - 1]
    ends = (alpha[:, -1] * leave).sum(axis=1) + 1e-300
    partition = np.log(scale).sum(axis=1) + np.log(ends) + (peak[:, :, 0] * valid).sum(axis=1)
    beta = np.zeros((documents, length, states))
    beta[:, -1] = leave / leave.sum()
    expected = np.zeros((states + 2, states))
    for t in range(length - 2, -1, -1):
        n = alive[t + 1]
        ahead = potential[:n, t + 1] * (beta[:n, t + 1] + TINY)
        back = ahead @ step.T
        share = ((alpha[:n, t] + TINY) * back).sum(axis=1)
        expected[:states] += step * ((alpha[:n, t] + TINY).T @ (ahead * (counts[:n] / share)[:, None]))
        beta[:n, t] = back / back.sum(axis=1, keepdims=True)
        beta[n:, t] = beta[n:, t + 1]
    marginal = (alpha + TINY * (potential > 0)) * (beta + TINY)
    marginal /= marginal.sum(axis=2, keepdims=True)
    marginal[~valid] = 0.0
    expected[states] = counts @ marginal[:, 0]
    last = valid.sum(axis=1) - 1
    expected[states + 1] = counts @ marginal[np.arange(documents), last]
    return partition, marginal, expected


def fitted(given: argparse.Namespace, documents: Sequence[Labelled], vocabulary: Vocabulary) -> LineModel:
    """Fit, leave out the features that hardly count, fit the rest again if that is asked for, round to two places."""
    columns = columns_kept(documents, vocabulary, given.least)
    data = design(documents, columns, given.whole)
    weights, moves = fit(data, given.penalty, given.rounds, given.dropout)
    uses = np.asarray(data.matrix.sum(axis=0)).ravel()
    strength = np.abs(weights - weights.mean(axis=1, keepdims=True)).max(axis=1) * np.sqrt(uses)
    strongest = np.sort(np.argsort(-strength, kind="stable")[: given.keep])
    columns, weights = [columns[int(i)] for i in strongest], weights[strongest]
    if given.refit:
        weights, moves = fit(design(documents, columns, given.whole), given.penalty, given.rounds, given.dropout)
    names = list(vocabulary.numbers)
    index = {names[number]: i for i, number in enumerate(columns)}
    return LineModel(index, np.round(weights, 2) + 0.0, np.round(moves, 2) + 0.0)


def score(model: LineModel, documents: Sequence[Labelled], names: Sequence[str], cut: float) -> Counter[str]:
    """Counts of lines kept rightly, wrongly and missed, on whole pages and pieces; core as in the scorer."""
    counts: Counter[str] = Counter()
    for document in documents:
        features = [[names[n] for n in line] for line in document.features]
        found = posteriors(model, features, [is_certain(line) for line in document.lines])[:, TEXT]
        kind = "page" if document.whole else "piece"
        kept = [i for i, mark in enumerate(document.labels) if mark == 1]
        low, high = (kept[0] - 3, kept[-1] + 15) if kept else (1, 0)
        for i, (mark, chance) in enumerate(zip(document.labels, found, strict=True)):
            if mark >= 0:
                verdict = f"{mark}{int(chance >= cut)}"
                counts[f"{kind} all {verdict}"] += 1
                if low <= i <= high:
                    counts[f"{kind} core {verdict}"] += 1
    return counts


def show(counts: Counter[str]) -> None:
    """Print precision, recall and F1 of the lines kept."""
    for kind in ("page all", "page core", "piece all", "piece core"):
        right, wrong, missed = counts[f"{kind} 11"], counts[f"{kind} 01"], counts[f"{kind} 10"]
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        print(f"{kind:10} P {precision:.4f} R {recall:.4f} F1 {2 * precision * recall / (precision + recall or 1):.4f}")


def main() -> None:
    """Fit, and try on held-out sites if asked to."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("inputs", type=Path, nargs="+")
    options.add_argument("--folds", type=int, default=0, help="how many parts to fit on all but one of")
    options.add_argument("--parts", type=int, default=0, help="how many of the folds to try, for a quicker look")
    options.add_argument("--out", type=Path, help="where to write the weights fitted on everything")
    options.add_argument("--penalty", type=float, default=1.0)
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--dropout", type=float, default=0.5, help="share of the features hidden in each step")
    options.add_argument("--refit", action="store_true", help="fit the features that are kept again, by themselves")
    options.add_argument("--whole", type=float, default=1.0, help="what a whole document counts for against a piece")
    options.add_argument("--least", type=int, default=6, help="sites that a feature must be seen on")
    options.add_argument("--keep", type=int, default=5000, help="features that the file may have")
    given = options.parse_args()
    vocabulary = Vocabulary()
    documents = [d for path in given.inputs for d in read_texts(path, vocabulary)]
    print(f"{len(documents)} documents, {sum(len(d.lines) for d in documents)} lines", flush=True)
    hosts = sorted({d.host for d in documents})
    random.Random(SEED).shuffle(hosts)
    cuts = (0.3, 0.4, 0.5)
    totals: dict[float, Counter[str]] = {cut: Counter() for cut in cuts}
    for part in range(given.parts or given.folds):
        held = set(hosts[part :: given.folds])
        model = fitted(given, [d for d in documents if d.host not in held], vocabulary)
        for cut in cuts:
            names = list(vocabulary.numbers)
            totals[cut] += score(model, [d for d in documents if d.host in held], names, cut)
            print(f"after fold {part + 1}, kept from {cut} on")
            show(totals[cut])
    if given.out:
        fitted(given, documents, vocabulary).write(given.out)


if __name__ == "__main__":
    main()
