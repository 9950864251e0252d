"""The enrich stage: kept articles are given entities and quotations."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import batched

import pyarrow as pa
import pyarrow.compute as pc

from newsmill.config import Settings
from newsmill.isolate import Failure, Workers
from newsmill.schemas.record import values
from newsmill.schemas.rows import (
    Article,
    Entity,
    Quote,
    Rejection,
)
from newsmill.schemas.words import Stage
from newsmill.tasks.enrich import Enriched, cache
from newsmill.tasks.inputs.content import Place, problem_of
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import (
    ARTICLES,
    ENTITIES,
    EXTRACTED,
    INPUT_ID,
    KEPT,
    QUOTES,
    REJECTED_AT_ENRICH,
    REVISION,
)
from newsmill.tasks.run.workers import worker_count

_TEXTS_A_CALL = 16
_MADE = pa.schema([Article.arrow_schema().field(name) for name in ("article_id", *cache.MADE_BY)])


def enrichers(settings: Settings) -> Workers:
    """Children that hold the language model and enrich a group of texts a call."""
    return _enrichers(worker_count(settings), settings.text_seconds, settings.model)


@functools.cache
def _enrichers(count: int, seconds: float, model: str) -> Workers:
    return Workers(count, partial(start_enriching, model), seconds=seconds)


def start_enriching(model_name: str) -> Callable[[list[tuple[str, str, str | None]]], list[Enriched]]:
    """What an enriching child does: loads the model once, then enriches groups of (article_id, text, language)."""
    from newsmill.tasks.enrich import enrich_texts, load_model  # noqa: PLC0415 - only the children load spaCy

    return partial(enrich_texts, load_model(model_name))


def enrich_all(texts: Iterable[tuple[str, str, str | None]], settings: Settings) -> Iterator[Enriched | Failure]:
    """Enrich (article_id, text, language) in order; gives what was found, or a failure.

    When a group fails, its texts are tried one by one, so that one text costs only itself.
    """
    workers = enrichers(settings)
    for group, result in workers.pairs(list(group) for group in batched(texts, _TEXTS_A_CALL)):
        for part in [workers.call([text]) for text in group] if isinstance(result, Failure) else [result]:
            if isinstance(part, Failure):
                yield part
            else:
                yield from part


def enrich_batch(attempt: Attempt, number: int) -> int:
    """Enrich the kept articles of a batch; stages articles, entities, quotes and rejections. Returns the articles.

    What is known of an article from the last run of the date is not found again.
    """
    kept = attempt.read(KEPT, number)
    table = attempt.read(EXTRACTED, number).take(kept.column("row"))
    inputs = values(table, "input_id")
    revisions = kept.select(REVISION).to_pylist()
    articles = [a.replace(**found) for a, found in zip(Article.from_arrow(table), revisions, strict=True)]
    keys = cache.keys_of(articles, attempt.settings.model)
    known = cache.known(attempt, keys)
    before = set(values(known, "key"))
    new = {key: article for key, article in zip(keys, articles, strict=True) if key not in before}
    texts = ((a.article_id, a.text, a.language) for a in new.values())
    found = dict(zip(new, enrich_all(texts, attempt.settings), strict=True))
    failed = {key: result for key, result in found.items() if isinstance(result, Failure)}
    made = {new[key].article_id: (key, result) for key, result in found.items() if not isinstance(result, Failure)}
    results = pa.concat_tables([known, _results(made)])
    done = [row for row, key in enumerate(keys) if key not in failed]
    results = results.take(pc.index_in(pa.array([keys[row] for row in done], pa.string()), value_set=results["key"]))
    rows = Article.to_arrow(articles[row] for row in done)
    for name in cache.MADE_BY:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(place), results[name])
    rejections = [
        Place(input_id, article.source, article.raw_uri, article.url).reject(problem_of(failed[key]), Stage.ENRICH)
        for key, article, input_id in zip(keys, articles, inputs, strict=True)
        if key in failed
    ]
    done_inputs = pa.array([inputs[row] for row in done], INPUT_ID.type)
    attempt.write(ARTICLES, rows.append_column(INPUT_ID, done_inputs), number)
    attempt.write(ENTITIES, cache.rows_of(results, Entity), number)
    attempt.write(QUOTES, cache.rows_of(results, Quote), number)
    cache.keep(attempt, number, results)
    attempt.write(REJECTED_AT_ENRICH, Rejection.to_arrow(rejections), number)
    return len(done)


def _results(made: Mapping[str, tuple[str, Enriched]]) -> pa.Table:
    """What was found of articles, by their ids and keys, as it is kept."""
    made_by = [
        {
            "article_id": article_id,
            "enrichment": result.depth,
            "model_name": result.model_name,
            "model_version": result.model_version,
        }
        for article_id, (_, result) in made.items()
    ]
    return cache.as_results(
        [key for key, _ in made.values()],
        pa.Table.from_pylist(made_by, schema=_MADE),
        Entity.to_arrow(row for _, result in made.values() for row in result.entities),
        Quote.to_arrow(row for _, result in made.values() for row in result.quotes),
    )
