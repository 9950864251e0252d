"""The enrich stage: kept articles are given entities and quotations."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import batched, groupby

import pyarrow as pa
import pyarrow.compute as pc

from newsmill import progress
from newsmill.config import Settings
from newsmill.isolate import Failure
from newsmill.schemas.record import values
from newsmill.schemas.rows import (
    Article,
    Entity,
    Link,
    Quote,
    Rejection,
)
from newsmill.schemas.words import Stage
from newsmill.tasks.enrich import Enriched, cache
from newsmill.tasks.enrich.authority import Authority, authority_of
from newsmill.tasks.enrich.children import enrichers
from newsmill.tasks.enrich.enriched import Text
from newsmill.tasks.extract.words import count_words
from newsmill.tasks.inputs.content import Place, problem_of
from newsmill.tasks.inputs.furniture import cut, shifts_of
from newsmill.tasks.inputs.identity import text_hash
from newsmill.tasks.inputs.urls import country_of
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import (
    ARTICLES,
    ENTITIES,
    EXTRACTED,
    EXTRACTED_LINKS,
    FURNITURE,
    INPUT_ID,
    KEPT,
    LINKS,
    QUOTES,
    REJECTED_AT_ENRICH,
    REVISION,
)

_TEXTS_A_CALL = 16
_MADE = pa.schema([Article.arrow_schema().field(name) for name in ("article_id", *cache.MADE_BY)])


def enrich_all(texts: Iterable[Text], settings: Settings) -> Iterator[Enriched | Failure]:
    """Enrich texts in order; gives what was found, or a failure.

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
    """Enrich the kept articles of a batch; stages articles, entities, quotes, links and rejections.

    What is known of an article from the last run of the date is not found again.
    """
    kept = attempt.read(KEPT, number)
    table = attempt.read(EXTRACTED, number).take(kept.column("row"))
    inputs = values(table, "input_id")
    revisions = kept.select(REVISION).to_pylist()
    cut = attempt.read(FURNITURE, number)
    furniture = dict(zip(values(cut, "row"), values(cut, "lines"), strict=True))
    articles = [
        without_furniture(article.replace(**found), furniture.get(row, ()))
        for row, article, found in zip(values(kept, "row"), Article.from_arrow(table), revisions, strict=True)
    ]
    keys = cache.keys_of(articles, attempt.settings.model)
    known = cache.known(attempt, keys)
    before = set(values(known, "key"))
    new = {key: article for key, article in zip(keys, articles, strict=True) if key not in before}
    texts = ((a.article_id, a.text, a.language, country_of(a.url)) for a in new.values())
    enriched = progress.counted(enrich_all(texts, attempt.settings), attempt.logical_date)
    found = dict(zip(new, enriched, strict=True))
    failed = {key: result for key, result in found.items() if isinstance(result, Failure)}
    made = {new[key].article_id: (key, result) for key, result in found.items() if not isinstance(result, Failure)}
    results = pa.concat_tables([known, _results(made)])
    done = [row for row, key in enumerate(keys) if key not in failed]
    results = results.take(pc.index_in(pa.array([keys[row] for row in done], pa.string()), value_set=results["key"]))
    rows = Article.to_arrow(articles[row] for row in done)
    for name in cache.MADE_BY:
        place = rows.schema.get_field_index(name)
        stated = rows[name] if name == "dateline" else pa.nulls(len(rows), rows.schema.field(place).type)
        rows = rows.set_column(place, rows.schema.field(place), pc.coalesce(stated, results[name]))
    rejections = [
        Place(input_id, article.source, article.raw_uri, article.url).reject(problem_of(failed[key]), Stage.ENRICH)
        for key, article, input_id in zip(keys, articles, inputs, strict=True)
        if key in failed
    ]
    done_inputs = pa.array([inputs[row] for row in done], INPUT_ID.type)
    attempt.write(ARTICLES, rows.append_column(INPUT_ID, done_inputs), number)
    entities, quotes = _identified(results, authority_of(attempt.settings.authority, attempt.settings.authority_hash()))
    attempt.write(ENTITIES, entities, number)
    attempt.write(QUOTES, quotes, number)
    cache.keep(attempt, number, results)
    ids = {articles[row].article_id for row in done}
    links = _links_of(attempt.read(EXTRACTED_LINKS, number), kept, ids)
    attempt.write(LINKS, _moved(links, {a.article_id: a for a in articles if a.furniture}), number)
    attempt.write(REJECTED_AT_ENRICH, Rejection.to_arrow(rejections), number)
    return Counts(len(articles), len(done))


def _identified(results: pa.Table, authority: Authority) -> tuple[pa.Table, pa.Table]:
    """The entities and quotations of results, with the user's own ids, which are no part of what is kept."""
    entities, quotes = cache.rows_of(results, Entity), cache.rows_of(results, Quote)
    if not authority.ids:
        return entities, quotes
    mentions: dict[str, list[Entity]] = {}
    said: dict[str, list[Quote]] = {}
    for entity in Entity.from_arrow(entities):
        mentions.setdefault(entity.article_id, []).append(entity)
    for quote in Quote.from_arrow(quotes):
        said.setdefault(quote.article_id, []).append(quote)
    found = [authority.identified(rows, said.pop(article_id, ())) for article_id, rows in mentions.items()]
    found += [((), rows) for rows in said.values()]
    return (
        Entity.to_arrow(row for rows, _ in found for row in rows),
        Quote.to_arrow(row for _, rows in found for row in rows),
    )


def _results(made: Mapping[str, tuple[str, Enriched]]) -> pa.Table:
    """What was found of articles, by their ids and keys, as it is kept."""
    made_by = [
        {
            "article_id": article_id,
            "enrichment": result.depth,
            "model_name": result.model_name,
            "model_version": result.model_version,
            "dateline": result.dateline.text if result.dateline else None,
            "dateline_geoname_id": result.dateline.geoname_id if result.dateline else None,
        }
        for article_id, (_, result) in made.items()
    ]
    return cache.as_results(
        [key for key, _ in made.values()],
        pa.Table.from_pylist(made_by, schema=_MADE),
        Entity.to_arrow(row for _, result in made.values() for row in result.entities),
        Quote.to_arrow(row for _, result in made.values() for row in result.quotes),
    )


def _links_of(extracted: pa.Table, kept: pa.Table, done: Collection[str]) -> pa.Table:
    """The links of the articles that are ``done``, under the ids that dedupe has given them."""
    ids = dict(zip(values(kept, "row"), values(kept, "article_id"), strict=True))
    known = pa.array([ids.get(row) for row in values(extracted, "row")], pa.string())
    position = LINKS.schema.get_field_index("article_id")
    named = extracted.set_column(position, LINKS.schema.field(position), known)
    return named.filter(pc.is_in(known, value_set=pa.array(sorted(done), pa.string()))).select(LINKS.schema.names)


def without_furniture(article: Article, lines: Collection[int]) -> Article:
    """An article without those of the lines that may be furniture, by their number."""
    if not lines:
        return article
    text, furniture = cut(article.text, lines)
    return article.replace(text=text, word_count=count_words(text), text_hash=text_hash(text), furniture=furniture)


def _moved(links: pa.Table, shortened: Mapping[str, Article]) -> pa.Table:
    """Links with their places in the texts of the articles that have lost lines; those in such lines go with them."""
    if not shortened:
        return links
    found: list[Link] = []
    for article_id, own in groupby(Link.from_arrow(links), lambda link: link.article_id):
        article = shortened.get(article_id)
        if article is None:
            found += own
            continue
        shifts = shifts_of(article.text, article.furniture or ())
        left = [(link, shift) for link in own if (shift := shifts(link.start)) is not None]
        found += [
            link.replace(link_index=index, start=link.start - shift, end=link.end - shift)
            for index, (link, shift) in enumerate(left)
        ]
    return Link.to_arrow(found)
