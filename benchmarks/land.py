"""What landing costs: ``python benchmarks/land.py [ARTICLES] [DATES]`` lands synthetic dates in a temporary folder.

Prints CPU seconds and the greatest memory after each date, as landing alone needs them: staged rows are made before by
a process of their own. Compare with the CPU seconds that enriching as many words takes (``benchmarks/enrich.py``).
"""

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsmill.lake import Lake  # noqa: E402, below the path that the tests' rows are found by
from newsmill.lake.staging import staged_key, write_table  # noqa: E402
from newsmill.schemas.record import Record  # noqa: E402
from newsmill.schemas.rows import Article, Entity, Quote, Run  # noqa: E402
from newsmill.tasks.land.partition import land  # noqa: E402
from tests.rows import ARTICLE, DAY, ENTITY, QUOTE, RUN  # noqa: E402

WORDS, ENTITIES, QUOTES = 500, 12, 3
"""Of an article: about what the news have."""

BATCH = 256

LANDED: tuple[type[Record], ...] = (Article, Entity, Quote, Run)


def stage(uri: str, articles: int) -> None:
    """Stage the rows of a date in batches, as a run does; the words are drawn, so that they compress as text does."""
    draw, lake = random.Random(1), Lake.open(uri)
    vocabulary = ["".join(draw.choices("etaoinshrdlu", k=draw.randint(2, 9))) for _ in range(20_000)]
    for first in range(0, articles, BATCH):
        ids = [f"{number:016x}" for number in range(first, min(first + BATCH, articles))]
        texts = [" ".join(draw.choices(vocabulary, k=WORDS)) for _ in ids]
        tables: dict[type[Record], list[Any]] = {
            Article: [ARTICLE.replace(article_id=i, text=text) for i, text in zip(ids, texts, strict=True)],
            Entity: [ENTITY.replace(article_id=i, mention_index=n) for i in ids for n in range(ENTITIES)],
            Quote: [
                QUOTE.replace(article_id=i, quote_index=n, text=text[n * 90 : n * 90 + 80])
                for i, text in zip(ids, texts, strict=True)
                for n in range(QUOTES)
            ],
        }
        for record, rows in tables.items():
            write_table(lake, staged_key("a", record.table, f"{first:09}.parquet"), record.to_arrow(rows))
    write_table(lake, staged_key("a", Run.table, "0.parquet"), Run.to_arrow([RUN]))


def main() -> None:
    """Land the dates and print the figures."""
    articles, dates = (int(argument) for argument in (*sys.argv[1:], "20000", "3")[:2])
    with tempfile.TemporaryDirectory(prefix="land-") as folder:
        staging = multiprocessing.get_context("spawn").Process(target=stage, args=(folder, articles))
        staging.start()
        staging.join()
        lake = Lake.open(folder)
        staged = {
            record.table: [info.key for info in lake.store.list(staged_key("a", record.table))] for record in LANDED
        }
        print(f"{articles} articles of {WORDS} words, {ENTITIES} mentions and {QUOTES} quotations a date")
        for number in range(dates):
            day: date = DAY + timedelta(days=number)
            start = time.process_time()
            land(lake, day, f"run{number}", staged)
            seconds = time.process_time() - start
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{day}: {seconds:.1f} s CPU, {memory:.0f} MB at most so far")


if __name__ == "__main__":
    main()
