"""Fit the tree model of pages, and show what it does on collections of pages that it was not fitted on.

    python benchmarks/fit_pages.py COLLECTION.jsonl.gz ... --leave-out
    python benchmarks/fit_pages.py COLLECTION.jsonl.gz ... --sites-out 4
    python benchmarks/fit_pages.py COLLECTION.jsonl.gz ... --out tasks/extract/pages.json

Beside what the project has it needs lightgbm 4.7 (MIT), which is used here alone: what it fits is evaluated with NumPy.

A row holds {"id", "url", "html" or "html_b64"} and either "text", the article's body, or "with" and "without": passages
that must and must not be in the text. Lines of a page are labelled by the share of their runs of four words that the
body has, or by the passages that they hold; a line counts by its words, each page the same. ``NAME=WEIGHT`` behind the
paths makes a collection count more or less (``--weights html_wcxb_articles=0.4``).

The words of class names are weighed first: how much oftener the text of pages stands in such elements than the rest of
them does. Where the trees are fitted, a page's are weighed on the pages of other sites, as they will be in use.

With ``--leave-out`` each collection is left out in turn, and so is every other page of its sites; the table holds the
text F1 of the article-extraction-benchmark (4-word shingles, a character of scripts without spaces a word; precision
and recall averaged over pages), or for passages their F1, beside trafilatura with its defaults and a perfect choice
among the pages' lines, by collection and, for languages with enough pages, by language. ``--worst N`` prints of the
worst pages of each collection what is wrong in figures, to know which to read. With ``--sites-out N`` the sites of all
collections are cut into N parts, and a model that was fitted on the others reads the pages of each: what to expect of
other publishers where publishers like them were fitted on.
"""

import argparse
import base64
import gzip
import json
import pickle
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lightgbm  # type: ignore[import-not-found]  # for fitting alone, not a dependency
import numpy as np
from trafilatura import bare_extraction

from newsmill.schemas.words import ContentKind
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.choice import Marks, article_lines, headline_article, without_repeats
from newsmill.tasks.extract.decode import Undecodable, decode
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.language import language_of
from newsmill.tasks.extract.metadata import read_heading
from newsmill.tasks.extract.opinion import second_opinion
from newsmill.tasks.extract.structured import article_body, structured_data
from newsmill.tasks.extract.traits import (
    NAMED,
    TRAITS,
    Array,
    Evidence,
    LabelScores,
    fold,
    label_of,
    label_tokens,
    layout_of,
    traits_of,
)
from newsmill.tasks.extract.trees import LEAVES, UNKNOWN, TreeModel

SEED = 7
FOLDS = 5
TREES = 150
FITTED = {
    "objective": "cross_entropy",
    "learning_rate": 0.1,
    "num_leaves": LEAVES - 1,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "seed": SEED,
    "num_threads": 1,
    "verbose": -1,
}
LABEL_SITES = 4
"""Sites on which a word of class names must be seen."""

SHOWN = 0.25
"""Share of the short lines outside articles that the trees are fitted on; they count so much more."""

HIDDEN = 0.1
"""Share of the pages that are seen a second time without trafilatura's opinion."""

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
LEAST_PAGES = 8
"""Pages from which on a language has a row of its own."""


@dataclass(slots=True)
class Sample:
    """A page as it is fitted on and scored: a row of traits, a label and a count of words for each line."""

    host: str
    language: str
    lines: list[str]
    folded: list[str]
    barred: Array
    title: str
    rows: Array
    labels: Array
    words: Array
    own: list[tuple[str, ...]]
    above: list[list[tuple[str, ...]]]
    """The words of class names of each line's element, and of those above it."""
    inside: Marks | None
    """The lines in the article element that holds the headline."""
    peer: str
    gold: Mapping[str, Any]
    stats: dict[str, tuple[float, float]] = field(default_factory=dict)


def words_in(text: str) -> list[str]:
    """A text's words in lower case."""
    return WORD.findall(text.lower().replace("’", "'"))


def labels_by_body(lines: Sequence[str], body: str) -> list[float]:
    """The share of each line that is of the body; -1 where the words do not tell.

    Of lines that stand on the page more often than in the body, those with the most body around them are of it; lines
    of less than four words if they are lines of the body.
    """
    words, whole = [words_in(line) for line in lines], words_in(body)
    runs = set(zip(*(whole[i:] for i in range(4)), strict=False))
    body_lines, body_text = {" ".join(words_in(line)) for line in body.split("\n")}, f" {' '.join(whole)} "
    labels, weight = [], []
    for own in words:
        mine = list(zip(*(own[i:] for i in range(4)), strict=False))
        labels.append(sum(run in runs for run in mine) / len(mine) if mine else -1.0)
        weight.append(len(own) if labels[-1] >= 0.6 else 0)
    around = [sum(weight[max(0, i - 4) : i]) + sum(weight[i + 1 : i + 5]) for i in range(len(words))]
    places: dict[str, list[int]] = {}
    for i, own in enumerate(words):
        folded = " ".join(own)
        if len(own) < 4 and own:
            labels[i] = 1.0 if folded in body_lines and around[i] else -1.0 if f" {folded} " in body_text else 0.0
        elif labels[i] >= 0.6:
            places.setdefault(folded, []).append(i)
    for folded, found in places.items():
        for i in sorted(found, key=lambda i: -around[i])[max(1, body_text.count(f" {folded} ")) :]:
            labels[i] = 0.0
    return labels


def labels_by_passages(lines: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> list[float]:
    """1 for lines with a passage that must be there, 0 for those with one that must not, -1 for the others."""

    def held(line: str, passages: Sequence[str]) -> bool:
        return any(passage in line or (len(line) > 25 and line in passage) for passage in passages)

    labels = []
    wanted, unwanted = [" ".join(p.split()) for p in wanted], [" ".join(p.split()) for p in unwanted]
    for line in lines:
        is_in, is_out = held(line, wanted), held(line, unwanted)
        labels.append(-1.0 if is_in == is_out else float(is_in))
    return labels


def samples_of(path: Path) -> Iterator[Sample]:
    """The pages of a collection."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            content = base64.b64decode(row["html_b64"]) if row.get("html_b64") else row["html"].encode()
            markup = decode(content, ContentKind.HTML)
            tree = None if isinstance(markup, Undecodable) else parse(markup)
            if tree is not None and (row.get("text") or row.get("with")):
                yield sample_of(row, tree, content)


def sample_of(row: dict[str, Any], tree: Any, content: bytes) -> Sample:
    """A page with its labels."""
    url = row.get("url")
    data, blocks = structured_data(tree), blocks_of(tree)
    about = read_heading(tree, data, url=url)
    layout = layout_of(blocks)
    told = Evidence(
        fold(about.title or ""), fold(about.description or ""), article_body(data) or "", second_opinion(tree, url)
    )
    lines = [block.text for block in blocks]
    labels = (
        labels_by_body(lines, row["text"])
        if row.get("text")
        else labels_by_passages(lines, row["with"], row["without"])
    )
    names = [label_tokens(label_of(element)) for element in layout.elements]
    peer = bare_extraction(content, url=url, with_metadata=True)
    made = Sample(
        host=(urlsplit(url or "").hostname or row["id"]).removeprefix("www."),
        language=language_of(row.get("text") or " ".join(row["with"])) or "",
        lines=lines,
        folded=[look.folded for look in layout.looks],
        barred=np.array([look.is_barred for look in layout.looks]),
        title=told.title,
        rows=traits_of(layout, told, LabelScores({})).astype(np.float32),
        labels=np.array(labels),
        words=np.array([len(words_in(line)) for line in lines], dtype=np.float64),
        own=[names[chain[0]] for chain in layout.chains],
        above=[[names[n] for n in chain[1 : 1 + NAMED]] for chain in layout.chains],
        inside=headline_article(layout, told.title),
        peer=getattr(peer, "text", None) or "",
        gold={key: row[key] for key in ("text", "with", "without") if row.get(key)},
    )
    made.stats = label_stats(made)
    return made


# The words of class names


def label_stats(page: Sample) -> dict[str, tuple[float, float]]:
    """For each word of class names the shares of the page's text and of its rest that stand in such elements."""
    counts = page.words + 2
    is_text, is_rest = page.labels >= 0.5, (page.labels >= 0) & (page.labels < 0.5)
    totals = (counts[is_text].sum() or 1.0, counts[is_rest].sum() or 1.0)
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for i, (own, above) in enumerate(zip(page.own, page.above, strict=True)):
        if is_text[i] or is_rest[i]:
            side = int(is_rest[i])
            for word in {*own, *(word for names in above for word in names)}:
                found[word][side] += counts[i] / totals[side]
    return {word: (text, rest) for word, (text, rest) in found.items()}


def label_weights(pages: Sequence[Sample]) -> dict[str, float]:
    """The weight of each word of class names: log odds, those that few pages have drawn towards nought."""
    sums: dict[str, list[float]] = defaultdict(lambda: [1.0, 1.0])
    hosts: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for word, (text, rest) in page.stats.items():
            sums[word][0] += text
            sums[word][1] += rest
            hosts[word].add(page.host)
    return {
        word: round(float(np.log(text / rest)), 2)
        for word, (text, rest) in sorted(sums.items())
        if len(hosts[word]) >= LABEL_SITES
    }


def labelled_rows(page: Sample, labels: Mapping[str, float]) -> Array:
    """The page's traits, with those of its class names as ``labels`` weighs them."""
    rows = page.rows.copy()
    scores: dict[tuple[str, ...], float] = {}

    def score(words: tuple[str, ...]) -> float:
        if words not in scores:
            scores[words] = sum(labels.get(word, 0.0) for word in words)
        return scores[words]

    first = TRAITS.index("own label")
    for i, (own, above) in enumerate(zip(page.own, page.above, strict=True)):
        near = [score(words) for words in above] or [0.0]
        rows[i, first : first + 4] = (score(own), sum(near), min(near), max(near))
    return rows


def rows_by_folds(pages: Sequence[Sample]) -> list[Array]:
    """The traits of each page, its class names weighed on the pages of other sites."""
    fold_of = parts_by_site(pages, FOLDS)
    weights = [label_weights([p for p in pages if fold_of[p.host] != fold]) for fold in range(FOLDS)]
    return [labelled_rows(page, weights[fold_of[page.host]]) for page in pages]


# The trees


def fitted(pages: Sequence[tuple[Sample, float]]) -> dict[str, Any]:
    """The model of pages, each with what its collection counts for, as it is written to the file."""
    chance = np.random.default_rng(SEED)
    rows = rows_by_folds([page for page, _ in pages])
    kept = [i for i, name in enumerate(TRAITS) if name.startswith("kept")]
    matrices, labels, weights = [], [], []
    for own, (page, counts) in zip(rows, pages, strict=True):
        weight = (page.words + 2) / max(((page.words + 2) * (page.labels >= 0.5)).sum(), 30.0) * counts
        is_many = (page.labels < 0.3) & (page.words < 12)
        is_used = (page.labels >= 0) & (~is_many | (chance.random(len(weight)) < SHOWN))
        weight = np.where(is_many, weight / SHOWN, weight)
        matrices.append(own[is_used])
        labels.append(page.labels[is_used])
        weights.append(weight[is_used])
        if chance.random() < HIDDEN:
            blind = own[is_used].copy()
            blind[:, kept] = np.nan
            matrices.append(blind)
            labels.append(page.labels[is_used])
            weights.append(weight[is_used])
    weight = np.concatenate(weights)
    matrix = np.nan_to_num(np.vstack(matrices), nan=UNKNOWN)
    data = lightgbm.Dataset(matrix, np.concatenate(labels), weight=weight / weight.mean())
    booster = lightgbm.train(FITTED, data, TREES)
    trees = [tree_of(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return {"labels": label_weights([page for page, _ in pages]), "trees": trees}


def tree_of(node: Mapping[str, Any]) -> Any:
    """A tree of lightgbm as the model's file has it."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    cut = float(f"{node['threshold']:.6g}")
    return [TRAITS[node["split_feature"]], cut, tree_of(node["left_child"]), tree_of(node["right_child"])]


def write(model: Mapping[str, Any], path: Path) -> None:
    """The model as JSON, a tree on each line."""
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in model["trees"])
    labels = ",\n".join(f"{json.dumps(word)}: {weight}" for word, weight in model["labels"].items())
    path.write_text(f'{{"labels": {{\n{labels}\n}},\n"trees": [\n{trees}\n]}}\n', encoding="utf-8")


# The figures


def text_by(model: TreeModel, page: Sample) -> str:
    """The page's text as the model chooses it."""
    rows = labelled_rows(page, model.labels.weights).astype(np.float64)
    chances = np.where(page.barred, 0.0, model.chances(rows))
    prose, kept = rows[:, TRAITS.index("prose")] > 0, rows[:, TRAITS.index("kept")] > 0
    linked = rows[:, TRAITS.index("linked")]
    chosen = article_lines(chances, rows[:, 0], linked, prose, kept, page.inside)
    return "\n".join(page.lines[i] for i in without_repeats(page.folded, prose, chosen, page.title))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words with their counts; a shorter text is one run."""
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def f1_of(pages: Sequence[Sample], texts: Sequence[str]) -> float:
    """The text F1, or the F1 of passages where the gold has those."""
    precisions, recalls, right, wrong, missed = [], [], 0, 0, 0
    for page, text in zip(pages, texts, strict=True):
        if "text" in page.gold:
            gold, mine = shingles(page.gold["text"]), shingles(text)
            hits = (gold & mine).total()
            recalls.append(hits / gold.total())
            if mine:
                precisions.append(hits / mine.total())
        else:
            plain = " ".join(text.split())
            there = [" ".join(p.split()) in plain for p in page.gold.get("with", ())]
            right, missed = right + sum(there), missed + len(there) - sum(there)
            wrong += sum(" ".join(p.split()) in plain for p in page.gold.get("without", ()))
    if recalls:
        precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
        return 2 * precision * recall / (precision + recall)
    return 2 * right / (2 * right + wrong + missed)


type Weighted = list[tuple[Sample, float]]
"""Pages, each with what its collection counts for."""


def leave_out(collections: Mapping[str, Sequence[Sample]], weights: Mapping[str, float], worst: int) -> None:
    """Print the table of each collection as a model does on it that was fitted on the others, and its worst pages."""
    show_head()
    for left, pages in collections.items():
        sites = {page.host for page in pages}
        others = weighted({name: some for name, some in collections.items() if name != left}, weights)
        model = TreeModel.of(fitted([one for one in others if one[0].host not in sites]), TRAITS)
        texts = [text_by(model, page) for page in pages]
        show_rows(left, pages, texts)
        show_worst(left, pages, texts, worst)


def leave_sites_out(collections: Mapping[str, Sequence[Sample]], weights: Mapping[str, float], parts: int) -> None:
    """Print the same table where each page is read by a model that was fitted without the page's site."""
    part_of = parts_by_site([page for pages in collections.values() for page in pages], parts)
    models = [
        TreeModel.of(fitted([one for one in weighted(collections, weights) if part_of[one[0].host] != part]), TRAITS)
        for part in range(parts)
    ]
    show_head()
    for name, pages in collections.items():
        show_rows(name, pages, [text_by(models[part_of[page.host]], page) for page in pages])


def weighted(collections: Mapping[str, Sequence[Sample]], weights: Mapping[str, float]) -> Weighted:
    """All pages, each with what its collection counts for."""
    return [(page, weights.get(name, 1.0)) for name, pages in collections.items() for page in pages]


def parts_by_site(pages: Sequence[Sample], parts: int) -> dict[str, int]:
    """The number of the part that each site is in."""
    hosts = sorted({page.host for page in pages})
    order = np.random.default_rng(SEED).permutation(len(hosts))
    return {hosts[at]: i % parts for i, at in enumerate(order)}


def show_head() -> None:
    """Print the head of the table."""
    print("| left out | language | pages | newsmill | trafilatura | perfect choice |\n|---|---|---|---|---|---|")


def show_rows(name: str, pages: Sequence[Sample], texts: Sequence[str]) -> None:
    """Print the rows of a collection: all of it, and each language with enough pages."""
    languages = Counter(page.language for page in pages)
    rows = [("all", range(len(pages)))] + [
        (language, [i for i, page in enumerate(pages) if page.language == language])
        for language, count in sorted(languages.items())
        if LEAST_PAGES <= count < len(pages) and language
    ]
    for language, some in rows:
        kept = [pages[i] for i in some]
        figures = [
            f1_of(kept, [texts[i] for i in some]),
            f1_of(kept, [page.peer for page in kept]),
            f1_of(kept, [text_by_gold(page) for page in kept]),
        ]
        print(
            f"| {name} | {language} | {len(kept)} | {' | '.join(f'{figure:.3f}' for figure in figures)} |", flush=True
        )


def text_by_gold(page: Sample) -> str:
    """The lines that the gold has, or does not exclude where it is passages: the most that a choice of lines can do."""
    is_text = page.labels >= 0.5 if "text" in page.gold else page.labels != 0
    return "\n".join(page.lines[i] for i in np.flatnonzero(is_text))


def show_worst(name: str, pages: Sequence[Sample], texts: Sequence[str], count: int) -> None:
    """Print of the worst pages whose gold is a body what is lost, what is too much, and what the page does not hold."""
    rows = []
    for page, text in zip(pages, texts, strict=True):
        if "text" in page.gold:
            gold, mine, there = (shingles(part) for part in (page.gold["text"], text, "\n".join(page.lines)))
            lost, extra = gold - mine, mine - gold
            absent = sum(runs for run, runs in lost.items() if run not in there)
            f1 = 2 * (gold & mine).total() / (gold.total() + mine.total())
            rows.append((f1, page.host, lost.total(), extra.total(), absent, gold.total()))
    for f1, host, missed, added, absent, size in sorted(rows)[:count]:
        print(f"{name} {host}: F1 {f1:.2f}, of {size} runs {missed} lost ({absent} not on the page), {added} too many")


def main() -> None:
    """Fit on everything, or leave each collection out in turn."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("collections", type=Path, nargs="+")
    options.add_argument("--weights", nargs="*", default=[], metavar="NAME=WEIGHT")
    options.add_argument("--leave-out", action="store_true", help="print how a model does on collections left out")
    options.add_argument("--worst", type=int, default=0, help="of how many pages of each to print what is wrong")
    options.add_argument("--sites-out", type=int, metavar="N", help="print how N models do on sites left out of each")
    options.add_argument("--out", type=Path, help="where to write the model that is fitted on everything")
    options.add_argument("--cache", type=Path, help="folder for the pages as they were read; stale if traits change")
    given = options.parse_args()
    weights = {name: float(weight) for name, _, weight in (entry.partition("=") for entry in given.weights)}
    collections: dict[str, list[Sample]] = {}
    for path in given.collections:
        name = path.name.split(".")[0]
        cached = given.cache / f"{name}.pickle" if given.cache else None
        if cached and cached.exists():
            collections[name] = pickle.loads(cached.read_bytes())  # written by this script
        else:
            collections[name] = list(samples_of(path))
            if cached:
                cached.parent.mkdir(parents=True, exist_ok=True)
                cached.write_bytes(pickle.dumps(collections[name]))
    if given.leave_out:
        leave_out(collections, weights, given.worst)
    if given.sites_out:
        leave_sites_out(collections, weights, given.sites_out)
    if given.out:
        write(fitted(weighted(collections, weights)), given.out)


if __name__ == "__main__":
    main()
