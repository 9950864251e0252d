"""The enrich stage: kept articles are given entities and quotations."""

from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newsmill import progress
from newsmill.config import Settings
from newsmill.isolate import Failure
from newsmill.schemas.record import values
from newsmill.schemas.rows import (
    Article,
    Entity,
    Quote,
    Rejection,
)
from newsmill.schemas.words import Stage
from newsmill.tasks.enrich import Enriched
from newsmill.tasks.enrich.authority import authority_of
from newsmill.tasks.enrich.children import enrichers
from newsmill.tasks.inputs.content import Place, problem_of
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import (
    ARTICLES,
    ENTITIES,
    EXTRACTED,
    EXTRACTED_LINKS,
    INPUT_ID,
    KEPT,
    LINKS,
    QUOTES,
    REJECTED_AT_ENRICH,
    REVISION,
)

_TEXTS_A_CALL = 16


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


def enrich_batch(attempt: Attempt, number: int) -> Counts:
    """Enrich the kept articles of a batch; stages articles, entities, quotes, links and rejections."""
    kept = attempt.read(KEPT, number)
    table = attempt.read(EXTRACTED, number).take(kept.column("row"))
    inputs = values(table, "input_id")
    revisions = kept.select(REVISION).to_pylist()
    articles = [a.replace(**found) for a, found in zip(Article.from_arrow(table), revisions, strict=True)]
    results = enrich_all(((a.article_id, a.text, a.language) for a in articles), attempt.settings)
    results = progress.counted(results, attempt.logical_date)
    authority = authority_of(attempt.settings.authority, attempt.settings.authority_hash())
    done: list[Article] = []
    done_inputs: list[str] = []
    entities: list[Entity] = []
    quotes: list[Quote] = []
    rejections: list[Rejection] = []
    for article, input_id, result in zip(articles, inputs, results, strict=True):
        if isinstance(result, Failure):
            place = Place(input_id, article.source, article.raw_uri, article.url)
            rejections.append(place.reject(problem_of(result), Stage.ENRICH))
            continue
        done.append(
            article.replace(
                enrichment=result.depth,
                model_name=result.model_name,
                model_version=result.model_version,
                **_dateline(article, result),
            )
        )
        done_inputs.append(input_id)
        identified = authority.identify(result)
        entities += identified.entities
        quotes += identified.quotes
    attempt.write(
        ARTICLES, Article.to_arrow(done).append_column(INPUT_ID, pa.array(done_inputs, INPUT_ID.type)), number
    )
    attempt.write(ENTITIES, Entity.to_arrow(entities), number)
    attempt.write(QUOTES, Quote.to_arrow(quotes), number)
    attempt.write(LINKS, _links_of(attempt.read(EXTRACTED_LINKS, number), kept, {a.article_id for a in done}), number)
    attempt.write(REJECTED_AT_ENRICH, Rejection.to_arrow(rejections), number)
    return Counts(len(articles), len(done))


def _dateline(article: Article, found: Enriched) -> dict[str, Any]:
    """The dateline that the text opens with, where the record states none."""
    if found.dateline is None:
        return {}
    return {"dateline": article.dateline or found.dateline.text, "dateline_geoname_id": found.dateline.geoname_id}


def _links_of(extracted: pa.Table, kept: pa.Table, done: Collection[str]) -> pa.Table:
    """The links of the articles that are ``done``, under the ids that dedupe has given them."""
    ids = dict(zip(values(kept, "row"), values(kept, "article_id"), strict=True))
    known = pa.array([ids.get(row) for row in values(extracted, "row")], pa.string())
    position = LINKS.schema.get_field_index("article_id")
    named = extracted.set_column(position, LINKS.schema.field(position), known)
    return named.filter(pc.is_in(known, value_set=pa.array(sorted(done), pa.string()))).select(LINKS.schema.names)
