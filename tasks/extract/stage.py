"""The extract stage: raw batches become articles and rejections."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import pyarrow as pa

from newsmill import progress
from newsmill.boundary import Unforeseen, within
from newsmill.isolate import Failure, Workers
from newsmill.schemas.rows import (
    Article,
    Link,
    RawDocument,
    Rejection,
)
from newsmill.schemas.words import Reason, Stage
from newsmill.tasks.extract.children import Found, extractors
from newsmill.tasks.extract.wire import find_agency
from newsmill.tasks.inputs.content import Place, Problem, problem_of, problem_unforeseen
from newsmill.tasks.inputs.fingerprint import short_hash
from newsmill.tasks.inputs.furniture import EXTRACTED_WHOLE, as_bytes, candidates
from newsmill.tasks.inputs.identity import addresses_of, article_id
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.counts import Counts
from newsmill.tasks.run.staged import (
    EXTRACTED,
    EXTRACTED_LINKS,
    FINGERPRINTS,
    INPUT_ID,
    RAW,
    REJECTED_AT_EXTRACT,
)
from newsmill.tasks.run.tombstones import Tombstones


def extract_all(documents: Sequence[RawDocument], workers: Workers, latest: datetime) -> Iterator[Found]:
    """Extract documents in order; one that hangs, swells or crashes its worker is rejected."""
    items = ((document, document.fetched_at or latest) for document in documents)
    for (document, _), result in workers.pairs(items):
        if isinstance(result, Failure):
            yield Place.of(document).reject(problem_of(result), Stage.EXTRACT)
        else:
            yield result


def extract_batch(attempt: Attempt, number: int) -> Counts:
    """Extract a raw batch; stages its articles, their links and its rejections."""
    documents = RawDocument.from_arrow(attempt.read(RAW, number))
    articles: list[Article] = []
    sketches: list[bytes] = []
    inputs: list[str] = []
    links: list[pa.Table] = []
    rejections: list[Rejection] = []
    removed = Tombstones.of(attempt.lake.store)
    results = extract_all(documents, extractors(attempt.settings), attempt.latest)
    results = progress.counted(results, attempt.logical_date)
    for document, result in zip(documents, results, strict=True):
        if isinstance(result, Rejection):
            rejections.append(result)
            continue
        article, article_links, found = result
        if removed.covers(article.canonical_url) or removed.covers_article(article.article_id):
            detail = "removed on demand; its tombstone keeps it out"
            problem = Problem(Reason.REMOVED, detail)
            rejections.append(Place(document.input_id, document.source, document.raw_uri).reject(problem))
        elif is_withdrawn(removed, article):
            problem = Problem(Reason.WITHDRAWN, "its agency has withdrawn it")
            rejections.append(Place.of(document).reject(problem))
        else:
            credited = within(document.input_id, partial(with_agency, article))
            if isinstance(credited, Unforeseen):
                rejections.append(Place.of(document).reject(problem_unforeseen(credited), Stage.EXTRACT))
                continue
            links.append(_placed(article_links, len(articles)))
            articles.append(credited.replace(opt_outs=document.opt_outs))
            sketches.append(found)
            inputs.append(document.input_id)
    stage_extracted(attempt, number, articles, inputs, sketches, links)
    attempt.write(REJECTED_AT_EXTRACT, Rejection.to_arrow(rejections), number)
    return Counts(len(documents), len(articles))


def _placed(links: Sequence[Link], row: int) -> pa.Table:
    """The links of the article in a row of its batch."""
    table = Link.to_arrow(links)
    return table.append_column(EXTRACTED_LINKS.schema.field("row"), pa.repeat(pa.scalar(row, pa.int64()), len(table)))


def stage_extracted(
    attempt: Attempt,
    number: int,
    articles: Sequence[Article],
    inputs: Sequence[str],
    sketches: Sequence[bytes],
    links: Sequence[pa.Table] = (),
) -> None:
    """Stage the articles of a batch, and beside them their links and what dedupe has to know of each."""
    attempt.write(EXTRACTED_LINKS, pa.concat_tables([_placed((), 0), *links]), number)
    attempt.write(
        EXTRACTED, Article.to_arrow(articles).append_column(INPUT_ID, pa.array(inputs, INPUT_ID.type)), number
    )
    fingerprints = [
        {
            "article_id": article.article_id,
            "text_hash": short_hash(article.text_hash),
            "published_at": article.published_at,
            "sketch": found,
            "lines": _lines_of(article) if attempt.settings.furniture else None,
            "version": article.version or 0,
            "further_ids": list(addresses_of(article.url, article.canonical_url))[1:],
            "input_id": input_id,
        }
        for article, input_id, found in zip(articles, inputs, sketches, strict=True)
    ]
    attempt.write(FINGERPRINTS, pa.Table.from_pylist(fingerprints, schema=FINGERPRINTS.schema), number)


def _lines_of(article: Article) -> bytes | None:
    """The lines of an article that may be furniture; None for a text that is taken as it is stated."""
    return None if article.extraction_method in EXTRACTED_WHOLE else as_bytes(candidates(article.text))


def is_withdrawn(removed: Tombstones, article: Article) -> bool:
    """Whether a message of its agency has killed the article, by its address or by its guid."""
    return removed.covers_withdrawn(article.article_id) or (
        article.guid is not None and removed.covers_withdrawn(article_id(None, "", article.guid))
    )


def with_agency(article: Article) -> Article:
    """The article with the agency that it credits."""
    wire = find_agency(article.text, article.authors, article.hostname)
    return article.replace(
        is_wire=wire is not None,
        wire_agency=wire.agency if wire else None,
        wire_evidence=wire.evidence if wire else None,
    )
