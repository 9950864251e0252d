"""Copies never point at nothing, and nothing of a rejected article is left."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from newsmill.config import Settings
from newsmill.lake.staging import read_table
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Duplicate, Entity, LedgerEntry, Link, Quote, Rejection
from newsmill.schemas.words import DuplicateMethod, EnrichmentDepth, Reason, SpeakerMethod, Stage
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import (
    ARTICLES,
    DUPLICATES,
    ENTITIES,
    INPUT_ID,
    LEDGER,
    LINKS,
    QUOTES,
    REJECTED_AT_ENRICH,
    REJECTED_AT_EXTRACT,
    REJECTED_AT_READ,
)
from newsmill.tasks.validate.stage import part_orphans, validate_run, without
from tests.rows import ARTICLE, DAY, DUPLICATE, ENTITY, QUOTE, REJECTION
from tests.rows import LEDGER as LEDGER_ROWS


def duplicate(of: str) -> Duplicate:
    return Duplicate(
        input_id="b",
        article_id="b" * 16,
        url=None,
        duplicate_of=of,
        duplicate_of_date=date(2026, 1, 5),
        method=DuplicateMethod.SAME_TEXT,
        similarity=1.0,
        containment=1.0,
        title=None,
        source="s",
        published_at=None,
        hostname=None,
        wire_agency=None,
        text_hash="0" * 64,
        text=None,
    )


def test_a_copy_of_a_rejected_article_is_rejected_too() -> None:
    duplicates = Duplicate.to_arrow([duplicate("a" * 16), duplicate("0" * 16)])

    resolved, orphans = part_orphans(duplicates, {"a" * 16})

    assert values(resolved, "duplicate_of") == ["a" * 16]
    assert [(found.stage, found.reason) for found in orphans] == [(Stage.DEDUPE, Reason.ORIGINAL_REJECTED)]


@pytest.mark.parametrize(("rejected", "left"), [(set(), ["a", "b", "a"]), ({"a"}, ["b"]), ({"a", "b"}, [])])
def test_rows_of_rejected_articles_are_left_out(rejected: set[str], left: list[str]) -> None:
    rows = pa.table({"article_id": ["a", "b", "a"]})

    assert without(rows, rejected).column("article_id").to_pylist() == left


WRONG = ARTICLE.replace(article_id="f" * 16)
"""Has an entity that does not stand where it says, and a copy."""


@pytest.fixture
def staged(tmp_path: Path) -> Attempt:
    """A run whose three articles are enriched: one fit, one in a language without a model, and one that is wrong."""
    attempt = Attempt(
        attempt_id="2026-01-05-0a1b",
        logical_date=DAY,
        sources=(Source(name="wire", uri="in"), Source(name="local", uri="local")),
        settings=Settings(lake=str(tmp_path)),
        started_at=datetime(2026, 2, 1, tzinfo=UTC),
    )
    foreign = ARTICLE.replace(article_id="e" * 16, source="local", language="de", enrichment=EnrichmentDepth.NO_MODEL)
    nobody = QUOTE.replace(
        article_id=foreign.article_id,
        speaker_text=None,
        speaker_start=None,
        speaker_end=None,
        speaker_entity_id=None,
        speaker_name=None,
        cue=None,
        cue_start=None,
        cue_end=None,
        method=SpeakerMethod.OTHER_LANGUAGE,
        confidence=0.0,
    )
    articles = [ARTICLE, foreign, WRONG]
    inputs = ["fit.html", "foreign.html", "wrong.html"]
    entities = [ENTITY, ENTITY.replace(article_id=WRONG.article_id, text="Ada Mill")]
    duplicates = [DUPLICATE, DUPLICATE.replace(input_id="of-wrong.html", duplicate_of=WRONG.article_id)]
    remembered = [
        *(LEDGER_ROWS[0].replace(article_id=article.article_id) for article in articles),
        *(LEDGER_ROWS[1] for _ in duplicates),
    ]
    ledger = LedgerEntry.to_arrow(remembered)
    for name, column in (("input_id", [*inputs, *(d.input_id for d in duplicates)]), ("evidence", ["0" * 16] * 5)):
        ledger = ledger.append_column(name, pa.array(column, pa.string()))
    attempt.write(ARTICLES, Article.to_arrow(articles).append_column(INPUT_ID, pa.array(inputs, INPUT_ID.type)), 0)
    attempt.write(ENTITIES, Entity.to_arrow(entities), 0)
    attempt.write(QUOTES, Quote.to_arrow([QUOTE, nobody]), 0)
    attempt.write(LINKS, Link.to_arrow([]), 0)
    attempt.write(DUPLICATES, Duplicate.to_arrow(duplicates))
    attempt.write(LEDGER, ledger, 0)
    attempt.write(REJECTED_AT_READ, Rejection.to_arrow([REJECTION]))
    for table in (REJECTED_AT_EXTRACT, REJECTED_AT_ENRICH):
        attempt.write(table, Rejection.to_arrow([]), 0)
    return attempt


def test_what_is_wrong_is_rejected_everywhere_and_the_rest_counted(staged: Attempt) -> None:
    reading = ReadResult(batches=1, read_count=6, input_hash="0" * 64, silent_sources=())

    outcome = validate_run(staged, reading)

    def column(table: str, name: str) -> list[str]:
        rows = [read_table(staged.lake, key, [name]) for key in outcome.files[table]]
        return sorted(values(pa.concat_tables(rows), name))

    assert column("articles", "input_id") == ["fit.html", "foreign.html"]
    assert column("entities", "article_id") == [ARTICLE.article_id]
    assert column("duplicates", "input_id") == ["copy.html"]
    assert column("rejections", "input_id") == ["empty.txt", "of-wrong.html", "wrong.html"]
    assert column("ledger", "input_id") == ["copy.html", "fit.html", "foreign.html"]
    assert (outcome.article_count, outcome.duplicate_count, outcome.rejection_count) == (2, 1, 3)
    assert (outcome.entity_count, outcome.quote_count, outcome.attributed_count) == (1, 2, 1)
    assert outcome.no_model == {"de": 1}
    assert json.loads(outcome.validation)["failed"]
