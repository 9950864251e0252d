"""The stages as filters: JSON lines in, one JSON line out for each, in order, and never a stop at a bad one."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from dateutil.parser import parse as parse_date

from newsmill.config import DedupeConfig, Settings
from newsmill.isolate import Failure, Workers
from newsmill.schemas.rows import Quote, RawDocument, Rejection, Stated
from newsmill.schemas.words import QuoteKind, Reason, Stage
from newsmill.tasks.dedupe.candidates import Articles, Fingerprint, relate
from newsmill.tasks.dedupe.decide import find_duplicates
from newsmill.tasks.inputs.content import Problem
from newsmill.tasks.inputs.fingerprint import Hashes, compare, shingles, short_hash, sketch
from newsmill.tasks.inputs.identity import article_id, text_hash
from newsmill.tasks.inputs.source import Limits
from newsmill.tasks.read.records import parse_record, read_json_lines

type Answer = dict[str, object]


def extract_lines(
    lines: Iterable[bytes], *, workers: int, seconds: float, memory_mb: int, max_bytes: int, latest: datetime
) -> Iterator[Answer]:
    """{id, url?, html | html_b64 | text, title?, ...} -> {id, title, authors, date, language, text} or {id, rejected}.

    What a line with a text states (title, date, authors, publication, ...) is kept, under the names of the columns.
    """
    start = partial(_start_extracting, Limits(max_bytes=max_bytes), latest)
    return _apply(lines, start, Stage.EXTRACT, workers=workers, seconds=seconds, memory_mb=memory_mb)


def enrich_lines(lines: Iterable[bytes], settings: Settings, *, workers: int) -> Iterator[Answer]:
    """{id, text, language?} -> {id, language, enrichment, entities, quotes, indirect} or {id, rejected}."""
    start = partial(_start_enriching, settings)
    return _apply(lines, start, Stage.ENRICH, workers=workers, seconds=settings.text_seconds)


def dedupe_lines(lines: Iterable[bytes], rules: DedupeConfig) -> Iterator[Answer]:
    """{id, text, date?} -> {id, cluster, duplicate_of, method, similarity, containment} or {id, rejected}.

    A line without a date, or with one that cannot be read, comes behind those with one. All lines are read before the
    first is answered, since a later line may hold the earlier article.
    """
    from newsmill.tasks.dedupe.stage import thresholds_of

    texts = [_read_text(line, Stage.DEDUPE) for line in lines if not line.isspace()]
    hashes: dict[int, Hashes] = {}
    articles: list[Fingerprint] = []
    for index, text in enumerate(texts):
        if not isinstance(text, _Text):
            continue
        key, found = short_hash(text_hash(text.text)), shingles(text.text)
        hashes[key] = found
        articles.append(
            Fingerprint(
                logical_date=text.moment.date() if text.moment else date.max,
                article_id=f"{index:012d}",  # a line has no address: no two are the same page
                text_hash=key,
                published_at=text.moment,
                sketch=sketch(found),
                index=index,
            )
        )
    relations = relate(Articles.of_fingerprints(articles), ())
    similarities = {(one, other): compare(hashes[one], hashes[other]) for one, other in relations.pairs.tolist()}
    decision = find_duplicates(articles, (), similarities, thresholds_of(rules))
    matches = {match.later.index: match for match in decision.matches}
    for index, text in enumerate(texts):
        if not isinstance(text, _Text):
            yield text
            continue
        match = matches.get(index)
        original = texts[match.kept.index] if match else text
        yield {
            "id": text.identity,
            "cluster": original.identity if isinstance(original, _Text) else text.identity,
            "duplicate_of": original.identity if match and isinstance(original, _Text) else None,
            "method": match.method if match else None,
            "similarity": match.similarity.jaccard if match else None,
            "containment": match.similarity.containment if match else None,
        }


def _apply(
    lines: Iterable[bytes],
    start: Callable[[], Callable[[bytes], Answer]],
    stage: Stage,
    *,
    workers: int,
    seconds: float,
    memory_mb: int | None = None,
) -> Iterator[Answer]:
    with Workers(workers, start, seconds=seconds, memory_mb=memory_mb) as pool:
        for line, answer in pool.pairs(line for line in lines if not line.isspace()):
            if isinstance(answer, Failure):
                yield _refuse(_identity(line), stage, Reason(answer.reason.value), answer.detail)
            else:
                yield answer


def _start_extracting(limits: Limits, latest: datetime) -> Callable[[bytes], Answer]:
    from newsmill.tasks.extract import extract_article, load_models

    load_models()

    def answer(line: bytes) -> Answer:
        identity = _identity(line)
        (found,) = read_json_lines(io.BytesIO(line), uri="stdin", source="stdin", limits=limits)
        article = found if isinstance(found, Rejection) else extract_article(found, latest=found.fetched_at or latest)
        if isinstance(article, Rejection):
            return _refuse(identity, article.stage, article.reason, article.detail)
        return {
            "id": identity,
            "title": article.title,
            "authors": list(article.authors),
            "date": article.published_on.isoformat() if article.published_on else None,
            "language": article.language,
            "text": article.text,
        } | further(found.stated if isinstance(found, RawDocument) else None)

    return answer


def further(stated: Stated | None) -> Answer:
    """What a record states beyond what every answer has, as JSON holds it."""
    answered = {"title", "authors", "language", "published_on"}
    known = stated.to_dict() if stated else {}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in known.items()
        if name not in answered and value not in (None, [])
    }


def _start_enriching(settings: Settings) -> Callable[[bytes], Answer]:
    # Only the children load spaCy and the model of languages.
    from newsmill.tasks.enrich import enrich_texts, load_model
    from newsmill.tasks.enrich.authority import authority_of
    from newsmill.tasks.extract.language import language_of

    model = load_model(settings.model)
    authority = authority_of(settings.authority, settings.authority_hash())

    def answer(line: bytes) -> Answer:
        text = _read_text(line, Stage.ENRICH)
        if not isinstance(text, _Text):
            return text
        language = text.language or language_of(text.text)
        (enriched,) = enrich_texts(model, [(article_id(None, text.text), text.text, language)])
        enriched = authority.identify(enriched)
        quoted = [quote for quote in enriched.quotes if quote.kind is not QuoteKind.INDIRECT]
        reported = [quote for quote in enriched.quotes if quote.kind is QuoteKind.INDIRECT]
        return {
            "id": text.identity,
            "language": language,
            "enrichment": enriched.depth,
            "entities": [{k: v for k, v in e.to_dict().items() if k != "article_id"} for e in enriched.entities],
            "quotes": [part for quote in quoted for part in _parts(quote, text.text)],
            "indirect": [part for quote in reported for part in _parts(quote, text.text)],
        }

    return answer


def _parts(quote: Quote, text: str) -> Iterator[Answer]:
    """The quotation, one object for each part in marks; those of one quotation have the same ``quote_index``."""
    row = quote.to_dict() | {"speaker": quote.speaker_name or quote.speaker_text}
    for part in quote.segments:
        span = {"start": part.start, "end": part.end, "text": text[part.start : part.end]}
        yield {
            name: value for name, value in (row | span).items() if name not in {"article_id", "segments", "words_hash"}
        }


@dataclass(frozen=True, slots=True)
class _Text:
    identity: str | int
    text: str
    moment: datetime | None
    language: str | None


def _read_text(line: bytes, stage: Stage) -> _Text | Answer:
    record = parse_record(line)
    if isinstance(record, Problem):
        return _refuse(None, stage, record.reason, record.detail)
    identity, text, stated = record.get("id"), record.get("text"), record.get("date")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        return _refuse(None, stage, Reason.BAD_RECORD, "id is missing, or no string or whole number")
    if not isinstance(text, str) or not text.strip():
        return _refuse(identity, stage, Reason.BAD_RECORD, "text is missing or empty")
    if not _is_text(text):
        return _refuse(identity, stage, Reason.BAD_ENCODING, "text has half a surrogate pair, which is no character")
    language = record.get("language")
    return _Text(identity, text, _moment(stated), language if isinstance(language, str) else None)


def _moment(stated: object) -> datetime | None:
    """A date as people and programs write it, zones left aside; None for none or for one that cannot be read."""
    if not stated:
        return None
    try:
        found: datetime = parse_date(str(stated), default=datetime(1, 1, 1), fuzzy=True, ignoretz=True)  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _identity(line: bytes) -> str | int | None:
    record = parse_record(line)
    identity = None if isinstance(record, Problem) else record.get("id")
    return identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None


def _refuse(identity: str | int | None, stage: Stage, reason: Reason, detail: str) -> Answer:
    return {"id": identity, "rejected": {"stage": stage, "reason": reason, "detail": detail}}
