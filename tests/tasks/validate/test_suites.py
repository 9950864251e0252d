"""A wrong row is found and named, its article rejected whole; a wrong run is stopped."""

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from newsmill.schemas.rows import Article, Duplicate, Entity, Link, Quote, Rejection, Segment
from newsmill.schemas.suites import column_rules
from newsmill.schemas.words import Reason, Stage
from newsmill.tasks.inputs.identity import text_hash
from newsmill.tasks.validate import suites
from newsmill.tasks.validate.checks import (
    AccountRows,
    Check,
    EnrichedRows,
    RunMeasures,
    Verdict,
    measure_run,
    merge_checks,
    stopping,
    summarise,
)
from newsmill.tasks.validate.suites import judge, run_rules
from tests import rows

TEXT = "“Rain is coming,” said Ada Hill."
ARTICLE = rows.ARTICLE.replace(
    url="https://example.org/a",
    canonical_url="https://example.org/a",
    source="example",
    title="Rain",
    text=TEXT,
    word_count=6,
    text_hash=text_hash(TEXT),
    raw_uri="a.html",
    http_status=200,
)
ENTITY = rows.ENTITY.replace(start=TEXT.index("Ada"), end=TEXT.index("Ada") + 8, entity_id="e" * 16)
QUOTE = rows.QUOTE.replace(
    quote_id="f" * 16,
    text="Rain is coming,",
    end=16,
    segments=(Segment(start=1, end=16),),
    speaker_start=ENTITY.start,
    speaker_end=ENTITY.end,
    speaker_entity_id=ENTITY.entity_id,
    cue_start=TEXT.index("said"),
    cue_end=TEXT.index("said") + 4,
)
LINK = rows.LINK.replace(start=TEXT.index("said"), end=TEXT.index("said") + 4, text="said")
DUPLICATE = rows.DUPLICATE.replace(input_id="b.html", article_id="b" * 16, source="example", text_hash="0" * 64)
REJECTION = rows.REJECTION.replace(input_id="c.html", raw_uri="c.html")


def batch(article: Article = ARTICLE, entity: Entity = ENTITY, quote: Quote = QUOTE, link: Link = LINK) -> Verdict:
    sound = ARTICLE.replace(article_id="d" * 16)
    articles = Article.to_arrow([article, sound])
    articles = articles.append_column("input_id", pa.array(["a.html", "d.html"]))
    return judge(EnrichedRows(articles, Entity.to_arrow([entity]), Quote.to_arrow([quote]), Link.to_arrow([link])))


def test_sound_rows_pass() -> None:
    verdict = batch()

    assert verdict.rejections == ()
    assert [check.name for check in verdict.checks if not check.success] == []
    assert len(verdict.checks) > 70


WRONG = pytest.mark.parametrize(
    ("changes", "expectation"),
    [
        ({"article": {"article_id": "no hash"}}, "articles.expect_column_values_to_match_regex(article_id)"),
        ({"article": {"text_hash": "0"}}, "articles.expect_column_values_to_match_regex(text_hash)"),
        ({"article": {"word_count": 0}}, "articles.expect_column_values_to_be_between(word_count)"),
        ({"article": {"source": ""}}, "articles.expect_column_value_lengths_to_be_between(source)"),
        ({"article": {"http_status": 42}}, "articles.expect_column_values_to_be_between(http_status)"),
        (
            {"article": {"published_at_source": "guess"}},
            "articles.expect_column_values_to_be_in_set(published_at_source)",
        ),
        (
            {"article": {"published_at": None}},
            "articles.expect_column_pair_values_to_be_equal(has_time, names_time_source)",
        ),
        ({"entity": {"end": ENTITY.end - 1}}, "entities.expect_column_pair_values_to_be_equal(text, text_at_span)"),
        ({"entity": {"entity_id": "?"}}, "entities.expect_column_values_to_match_regex(entity_id)"),
        ({"quote": {"start": 2}}, "quotes.expect_column_pair_values_to_be_equal(text, text_at_span)"),
        ({"quote": {"start": 16}}, "quotes.expect_column_pair_values_a_to_be_greater_than_b(end, start)"),
        ({"quote": {"confidence": 1.5}}, "quotes.expect_column_values_to_be_between(confidence)"),
        ({"quote": {"kind": "shouted"}}, "quotes.expect_column_values_to_be_in_set(kind)"),
        (
            {"quote": {"speaker_entity_id": "9" * 16}},
            "quotes.expect_column_pair_values_to_be_equal(speaker_entity_id, known_speaker_id)",
        ),
        ({"quote": {"cue_end": 3}}, "quotes.expect_column_pair_values_to_be_equal(cue, text_at_cue)"),
    ],
)


def wrong_batch(changes: dict[str, dict[str, Any]]) -> Verdict:
    rows = {"article": ARTICLE, "entity": ENTITY, "quote": QUOTE}
    wrong: dict[str, Any] = {name: rows[name].replace(**change) for name, change in changes.items()}
    return batch(**wrong)


@WRONG
def test_a_wrong_row_rejects_its_article_alone(changes: dict[str, dict[str, Any]], expectation: str) -> None:
    verdict = wrong_batch(changes)

    failed = {check.name for check in verdict.checks if not check.success}
    assert expectation in failed
    (rejection,) = verdict.rejections
    assert (rejection.input_id, rejection.stage, rejection.reason) == ("a.html", Stage.VALIDATE, Reason.EXPECTATION)
    assert rejection.expectation in failed


@WRONG
def test_what_surely_holds_is_what_the_judge_would_say(
    changes: dict[str, dict[str, Any]], expectation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = wrong_batch(changes)
    assert expectation in {check.name for check in verdict.checks}

    monkeypatch.setattr(suites, "surely_holds", lambda _rule, _rows: False)

    assert wrong_batch(changes) == verdict


def test_sound_rows_are_not_given_to_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def record(suite: str, *_rules_and_rows: object) -> list[Check]:
        judged.append(suite)
        return []

    monkeypatch.setattr(suites, "_judged", record)

    batch()
    run_checks()

    assert judged == []


def test_a_batch_without_quotes_passes() -> None:
    articles = Article.to_arrow([ARTICLE]).append_column("input_id", pa.array(["a.html"]))

    verdict = judge(EnrichedRows(articles, Entity.to_arrow([]), Quote.to_arrow([]), Link.to_arrow([])))

    assert verdict.rejections == ()
    assert all(check.success for check in verdict.checks)


def run_checks(**changes: Any) -> tuple[Check, ...]:
    accounts = Duplicate.to_arrow([DUPLICATE]), Rejection.to_arrow([REJECTION])
    checks = judge(AccountRows(*accounts)).checks
    measures = measure_run(
        read_count=3,
        is_quiet=False,
        article_ids=["a" * 16],
        earlier_ids=frozenset(),
        duplicates=accounts[0],
        rejections=accounts[1],
        checks=checks,
        silent_sources=0,
        quiet_sources=0,
    )
    return checks + judge(RunMeasures(replace(measures, **changes), max_rejected_share=0.5)).checks


def test_a_sound_run_is_not_stopped() -> None:
    checks = run_checks()

    assert stopping(checks, Rejection.to_arrow([REJECTION])) == ()
    assert json.loads(summarise(checks)) == {"checked": len(checks), "failed": [], "warned": []}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"usable_count": 0}, "an article, or a copy of one"),
        ({"read_count": 4}, "accounted for"),
        ({"rejected_share": 0.6}, "Not too many inputs"),
        ({"repeated_article_ids": 1}, "stands twice"),
        ({"unresolved_references": 2}, "points at an article"),
        ({"malformed_rows": 1}, "well formed"),
    ],
)
def test_a_wrong_run_is_stopped_and_says_why(changes: dict[str, Any], said: str) -> None:
    lines = stopping(run_checks(**changes), Rejection.to_arrow([REJECTION]))

    assert len(lines) == 2
    assert said in lines[0]
    assert "empty at read (1)" in lines[1]


@pytest.mark.parametrize("measure", ["silent_sources", "quiet_sources"])
def test_a_silent_or_quiet_source_is_a_warning(measure: str) -> None:
    checks = run_checks(**{measure: 1})

    assert stopping(checks, Rejection.to_arrow([])) == ()
    assert json.loads(summarise(checks))["warned"] == [f"run.expect_column_values_to_be_between({measure})"]


def test_a_quiet_night_is_published_with_a_warning() -> None:
    checks = run_checks(usable_count=None, read_count=0, accounted_count=0, silent_sources=2)

    assert stopping(checks, Rejection.to_arrow([])) == ()
    assert json.loads(summarise(checks))["warned"] == ["run.expect_column_values_to_be_between(silent_sources)"]


def test_measures_count_what_the_rules_are_about() -> None:
    measures = measure_run(
        read_count=200,
        is_quiet=False,
        article_ids=["a" * 16, "a" * 16],
        earlier_ids=frozenset({"c" * 16}),
        duplicates=Duplicate.to_arrow([DUPLICATE, DUPLICATE.replace(duplicate_of="0" * 16)]),
        rejections=Rejection.to_arrow([REJECTION] * 50),
        checks=(),
        silent_sources=0,
        quiet_sources=0,
    )

    assert measures.accounted_count == 54
    assert measures.repeated_article_ids == 1
    assert measures.unresolved_references == 1
    assert measures.rejected_share == 0.25


def test_few_inputs_are_not_judged_by_their_share() -> None:
    checks = run_checks()

    assert [check.success for check in checks if "rejected_share" in check.expectation] == [True]


def test_a_rule_that_cannot_be_evaluated_stops_the_run() -> None:
    unlabelled = Entity.to_arrow([ENTITY]).drop_columns(["label"])

    checks = run_rules("entities", column_rules(Entity), unlabelled)

    assert any("could not be evaluated" in line for line in stopping(checks, Rejection.to_arrow([])))


def test_checks_of_batches_become_one() -> None:
    one = Check(
        suite="s",
        expectation="e",
        description="",
        severity="critical",
        checked=3,
        failed=1,
        examples=("x",),
        success=False,
        failing=(2,),
    )

    (merged,) = merge_checks([replace(one, failed=0, success=True, failing=(), examples=()), one])

    assert (merged.checked, merged.failed, merged.success, merged.examples, merged.failing) == (6, 1, False, ("x",), ())
