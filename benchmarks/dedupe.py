"""Measure dedupe: the cost of fingerprint and look-up, how it grows, and precision and recall by threshold.

    python benchmarks/dedupe.py speed DOCS.jsonl[.gz]
    python benchmarks/dedupe.py growth [--most 1000000]
    python benchmarks/dedupe.py curve DOCS.jsonl[.gz] PAIRS.jsonl[.gz]

DOCS has {id, text, date?} a line; PAIRS {a, b, jaccard3, containment3}, every pair of DOCS above a low floor. Times are
of the processor, in one process.
"""

import argparse
import gzip
import io
import json
import resource
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsmill.cli.line_filters import dedupe_lines
from newsmill.config import DedupeConfig, Settings
from newsmill.memory import share_arenas
from newsmill.schemas.record import TIMESTAMP
from newsmill.schemas.rows import LedgerEntry, table_schema
from newsmill.tasks.dedupe.candidates import Articles, Fingerprint, SketchJoin, relate
from newsmill.tasks.inputs.fingerprint import SKETCH_MOST, VERSION, compare, shingles, short_hash, sketch
from newsmill.tasks.inputs.identity import text_hash
from newsmill.tasks.run.attempt import Attempt

RUN = 10_000
SHORTEST_WORDS = 20


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, packed or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


# Speed


def speed(docs: Path) -> None:
    """Articles a second: shingles and sketch, candidates, exact comparison."""
    texts = [json.loads(line)["text"] for line in read_lines(docs)]
    keys = [short_hash(text_hash(text)) for text in texts]
    start = time.process_time()
    hashes = [shingles(text) for text in texts]
    sketches = [sketch(found) for found in hashes]
    fingerprinted = time.process_time()
    day = date(2026, 1, 1)
    articles = [
        Fingerprint(logical_date=day, article_id=f"{n:016x}", text_hash=key, published_at=None, sketch=found, index=n)
        for n, (key, found) in enumerate(zip(keys, sketches, strict=True))
    ]
    pairs = relate(Articles.of_fingerprints(articles), ()).pairs.tolist()
    related = time.process_time()
    by_key = dict(zip(keys, hashes, strict=True))
    for one, other in pairs:
        compare(by_key[one], by_key[other])
    end = time.process_time()
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"{len(texts)} articles of {words:.0f} words, {len(pairs)} pairs compared")
    parts = {
        "fingerprint": fingerprinted - start,
        "look-up": related - fingerprinted,
        "compare": end - related,
        "all": end - start,
    }
    for name, seconds in parts.items():
        print(f"  {name:12} {len(texts) / seconds:9.0f} a second")


# Growth

PART = 10_000


def synthetic(
    random: np.random.Generator, count: int, copied: NDArray[np.uint32] | None = None
) -> Iterator[NDArray[np.uint32]]:
    """Sketches as of texts of 500 words, a part at a time; every tenth shares half of its hashes with one of
    ``copied``."""
    for start in range(0, count, PART):
        hashes = random.integers(0, 1 << 28, (min(PART, count - start), 32), dtype=np.uint32)
        if copied is not None:
            rows = random.integers(0, len(copied), len(hashes[::10]))
            hashes[::10, :16] = copied[rows, :16]
        hashes.sort(axis=1)
        yield hashes


def growth(most: int) -> None:
    """A run against ledgers of growing size, and runs of growing size, joined by way of a lake's staging."""
    print(f"{'published':>10} {'run':>8} {'seconds':>8} {'us each':>8} {'pairs':>8} {'MB more':>8}")
    sizes = [n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000) if n <= most]
    for published, run in [(n, RUN) for n in sizes] + [(0, n) for n in sizes]:
        # In a process of its own, since the most memory of a process never falls.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, pairs, megabytes = pool.submit(join, published, run).result()
        each = seconds / (published + run) * 1e6
        print(f"{published:10} {run:8} {seconds:8.2f} {each:8.2f} {pairs:8} {megabytes:8.0f}", flush=True)
    print_sizes()


def join(published: int, run: int) -> tuple[float, int, float]:
    """Processor seconds, pairs, and how much memory was needed above what there was before."""
    random = np.random.default_rng(1)
    share_arenas()
    with TemporaryDirectory() as folder:
        attempt = Attempt(
            attempt_id="benchmark",
            logical_date=date(2026, 1, 1),
            sources=(),
            settings=Settings(lake=folder),
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        some = next(synthetic(np.random.default_rng(1), min(published, PART)), None) if published else None
        found = SketchJoin(attempt)
        ranks = np.arange(run, dtype=np.uint32)
        for number, hashes in enumerate(synthetic(np.random.default_rng(2), run, some)):
            found.add_articles(as_column(hashes), ranks[number * PART :][: len(hashes)])
        for _ in found.with_ledger(as_ledger(hashes) for hashes in synthetic(random, published)):
            pass
        later, _ = found.pairs(np.zeros(run, np.bool_))
        seconds = time.process_time() - start
    return seconds, len(later), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def as_column(hashes: NDArray[np.uint32]) -> "pa.ChunkedArray[Any]":
    """Rows of hashes as sketches."""
    return pa.chunked_array([pa.array([row.tobytes() for row in hashes.astype("<u4")], pa.binary())])


def as_ledger(hashes: NDArray[np.uint32]) -> pa.Table:
    """Published articles of which the sketches alone matter."""
    count = len(hashes)
    columns: dict[str, Any] = {
        "logical_date": pa.repeat(pa.scalar(date(2025, 12, 31), pa.date32()), count),
        "article_id": pa.repeat(pa.scalar("0" * 16), count),
        "text_hash": pa.array(np.arange(count)),
        "published_at": pa.nulls(count, TIMESTAMP),
        "revision": pa.repeat(pa.scalar(0, pa.int32()), count),
        "sketch": as_column(hashes).chunk(0),
    }
    schema = pa.schema([table_schema(LedgerEntry).field(name) for name in columns])
    return pa.table(list(columns.values()), schema=schema)


def print_sizes() -> None:
    """Bytes of an article in the ledger, by the length of its sketch."""
    random = np.random.default_rng(2)
    for size in (16, 32, SKETCH_MOST):
        count = 100_000
        hashes = np.sort(random.integers(0, 1 << 28, (count, size), dtype=np.uint32), axis=1)
        seconds = random.integers(1_767_225_600, 1_767_225_600 + 86_400, count)
        table = pa.table(
            {
                "logical_date": pa.repeat(pa.scalar(date(2026, 1, 1)), count),
                "run_id": pa.repeat("0" * 16, count),
                "article_id": [found.tobytes().hex() for found in random.integers(0, 1 << 62, count)],
                "text_hash": pa.array(random.integers(-(1 << 62), 1 << 62, count)),
                "published_at": pa.array(seconds * 1_000_000, TIMESTAMP),
                "is_kept": pa.array(random.integers(0, 4, count) > 0),
                "revision": pa.array(np.zeros(count), pa.int32()),
                "sketch": [row.tobytes() for row in hashes],
                "version": pa.repeat(VERSION, count),
            },
            schema=table_schema(LedgerEntry),
        )
        sink = io.BytesIO()
        rows = table.sort_by("published_at")
        repeated: Any = ["run_id", "version"]
        pq.write_table(rows, sink, compression="zstd", compression_level=6, use_dictionary=repeated)
        print(f"{size} hashes: {len(sink.getvalue()) / count:.0f} bytes on disk, {table.nbytes / count:.0f} in memory")


# Precision and recall


def curve(docs: Path, pairs: Path) -> None:
    """Of the pairs at or above a similarity, the share found in one cluster (recall), and the share of pairs in one
    cluster that are alike by 0.2 less, or contained by 0.8 (precision), for thresholds of the settings."""
    lines = list(read_lines(docs))
    long = {row["id"] for row in map(json.loads, lines) if len(row["text"].split()) >= SHORTEST_WORDS}
    known = {
        tuple(sorted((row["a"], row["b"]))): (row["jaccard3"], row["containment3"])
        for row in map(json.loads, read_lines(pairs))
        if row["a"] in long and row["b"] in long
    }
    print("similarity containment share |  called precision | recall at .7  .6  containment .8")
    rules = [DedupeConfig(similarity=s, containment=1.0, share=1.0) for s in (0.9, 0.8, 0.7, 0.6, 0.5, 0.4)]
    contained = ((0.9, 0.3), (0.8, 0.5), (0.8, 0.3), (0.8, 0.0), (0.7, 0.3))
    rules += [DedupeConfig(similarity=0.6, containment=c, share=s) for c, s in contained]
    for rule in rules:
        called = {pair for pair in clustered(dedupe_lines(lines, rule)) if set(pair) <= long}
        good = sum(known.get(pair, (0, 0))[0] >= 0.5 or known.get(pair, (0, 0))[1] >= 0.8 for pair in called)
        recalls = [
            len(wanted & called) / len(wanted)
            for wanted in (
                {pair for pair, (jaccard, _) in known.items() if jaccard >= 0.7},
                {pair for pair, (jaccard, _) in known.items() if jaccard >= 0.6},
                {pair for pair, (_, contained) in known.items() if contained >= 0.8},
            )
        ]
        print(
            f"{rule.similarity:10} {rule.containment:11} {rule.share:5} | {len(called):7} {good / len(called):9.4f} | "
            + "  ".join(f"{recall:.4f}" for recall in recalls)
        )


def clustered(answers: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The pairs of ids that are in one cluster."""
    clusters: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        clusters[answer["cluster"]].append(answer["id"])
    for ids in clusters.values():
        yield from combinations(sorted(ids), 2)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "growth", "curve"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=1_000_000)
    arguments = parser.parse_args()
    if arguments.what == "growth":
        growth(arguments.most)
    elif arguments.what == "speed":
        speed(*arguments.files)
    else:
        curve(*arguments.files)


if __name__ == "__main__":
    main()
