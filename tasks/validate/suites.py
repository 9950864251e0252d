"""validate: the expectation suites run on staged rows, before anything is published.

A failing row rejects its article whole, so that no reader meets an article whose quotes are silently incomplete; a
failing batch rule stops the publish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import great_expectations as gx
import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.expectation import Expectation

from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import Article, Duplicate, Entity, Link, Quote, Rejection
from newsmill.schemas.suites import run_suite, table_suite
from newsmill.schemas.words import DateSource, Reason, Stage
from newsmill.tasks.inputs.content import Place, Problem
from newsmill.tasks.validate.checks import (
    EXAMPLES,
    RUN_SUITE,
    AccountRows,
    Check,
    EnrichedRows,
    Question,
    RunMeasures,
    Verdict,
)
from newsmill.tasks.validate.screen import surely_holds

_EXAMPLE_LENGTH = 80


def judge(question: Question) -> Verdict:
    """Check rows, or the measures of a run."""
    match question:
        case EnrichedRows():
            return validate_rows(question)
        case AccountRows():
            return Verdict(validate_accounts(question))
        case RunMeasures():
            return Verdict(validate_run(question))


def run_rules(suite: str, rules: Sequence[Expectation], rows: pa.Table) -> list[Check]:
    """Evaluate the rules on rows, in their order. A rule that cannot be evaluated has failed.

    Resolving one costs Great Expectations ten milliseconds, whatever there is to check. So it is asked about those
    that some row may fail, which a look at the columns tells.
    """
    doubtful = [rule for rule in rules if not surely_holds(rule, rows)]
    judged = iter(_judged(suite, doubtful, rows) if doubtful else ())
    names = {id(rule) for rule in doubtful}
    return [next(judged) if id(rule) in names else _held(suite, rule, len(rows)) for rule in rules]


def _judged(suite: str, rules: Sequence[Expectation], rows: pa.Table) -> list[Check]:
    context = _context()
    asset = context.data_sources.add_pandas("staged").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("rows")
    known = context.suites.add(gx.ExpectationSuite(name=suite, expectations=list(rules)))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=suite, data=batch, suite=known))
    frame = rows.to_pandas(date_as_object=False)
    outcome = definition.run(batch_parameters={"dataframe": frame}, result_format={"result_format": "COMPLETE"})
    return [_check(suite, item) for item in outcome.results]


def _context() -> EphemeralDataContext:
    """A context that writes nothing anywhere, draws no bars and reports to nobody."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _check(suite: str, item: Any) -> Check:
    config, result = item.expectation_config, item.result
    failing = tuple(sorted(set(result.get("unexpected_index_list") or ())))
    trouble = _trouble(item.exception_info)
    examples = tuple(_shorten(value) for value in (result.get("partial_unexpected_list") or ())[:EXAMPLES])
    return Check(
        suite=suite,
        expectation=_expectation_name(config),
        description=config.description or "",
        severity=_severity_of(config),
        checked=result.get("element_count", 0),
        failed=len(failing) or int(not item.success),
        examples=(trouble,) if trouble else examples,
        success=bool(item.success),
        failing=failing,
    )


def _held(suite: str, rule: Expectation, checked: int) -> Check:
    config = rule.configuration
    return Check(
        suite=suite,
        expectation=_expectation_name(config),
        description=config.description or "",
        severity=_severity_of(config),
        checked=checked,
        failed=0,
        examples=(),
        success=True,
    )


def _severity_of(config: Any) -> str:
    return str(getattr(config.severity, "value", config.severity))


def _expectation_name(config: Any) -> str:
    """The expectation's type with the columns it is about."""
    kwargs = config.kwargs
    columns = kwargs.get("column_list") or [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return f"{config.type}({', '.join(columns)})"


def _trouble(info: Mapping[str, Any]) -> str | None:
    for value in (info, *info.values()):
        if isinstance(value, Mapping) and value.get("raised_exception"):
            return _shorten(f"could not be evaluated: {value.get('exception_message')}")
    return None


def _shorten(value: Any) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    text = " / ".join(" ".join(str(part).split()) for part in parts)
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"


def validate_rows(rows: EnrichedRows) -> Verdict:
    """Check articles with their mentions, quotations and links."""
    articles, entities, quotes = rows.articles, rows.entities, rows.quotes
    texts = dict(zip(values(articles, "article_id"), values(articles, "text"), strict=True))
    tables: tuple[tuple[type[Record], pa.Table], ...] = (
        (Article, with_sides(articles)),
        (Entity, with_spans(entities, texts)),
        (Quote, with_speakers(quotes, texts, entities)),
        (Link, with_spans(rows.links, texts)),
    )
    checks: list[Check] = []
    failed: dict[str, str] = {}
    for record, table in tables:
        found = run_rules(record.table, table_suite(record), table)
        checks += found
        ids = values(table, "article_id")
        for check in found:
            for position in check.failing:
                failed.setdefault(ids[position], check.name)
    detail = "a row of the article does not meet the expectation; the validation report has examples"
    rejections = tuple(
        Place(row["input_id"], row["source"], row["raw_uri"], row["url"]).reject(
            Problem(Reason.EXPECTATION, detail), Stage.VALIDATE, failed[row["article_id"]]
        )
        for row in articles.select(["article_id", "input_id", "source", "url", "raw_uri"]).to_pylist()
        if row["article_id"] in failed
    )
    return Verdict(tuple(checks), rejections)


def validate_accounts(accounts: AccountRows) -> tuple[Check, ...]:
    """Check the rows that say why an input is not among the articles; a failing one is a batch failure."""
    return tuple(
        check
        for record, table in ((Duplicate, accounts.duplicates), (Rejection, accounts.rejections))
        for check in run_rules(record.table, table_suite(record), table)
    )


def validate_run(batch: RunMeasures) -> tuple[Check, ...]:
    """Check the batch rules."""
    row = pa.table({name: [value] for name, value in asdict(batch.measures).items()})
    return tuple(run_rules(RUN_SUITE, run_suite(batch.max_rejected_share), row))


def with_sides(articles: pa.Table) -> pa.Table:
    """The articles with the two sides of the rules on times of publication and of the last change."""
    source, none = articles["modified_at_source"], pa.scalar(DateSource.NONE.value)
    has_change_time = pc.is_valid(articles["modified_at"])
    return (
        articles.append_column("has_time", pc.is_valid(articles["published_at"]))
        .append_column("names_time_source", pc.not_equal(articles["published_at_source"], none))
        .append_column("has_change_time", has_change_time)
        # Rows of version 1 do not say where.
        .append_column("names_change_source", pc.coalesce(pc.not_equal(source, none), has_change_time))
    )


def with_spans(rows: pa.Table, texts: Mapping[str, str]) -> pa.Table:
    """Mentions or links with what stands at their offsets."""
    return rows.append_column("text_at_span", _at(rows, texts, "start", "end"))


def with_speakers(quotes: pa.Table, texts: Mapping[str, str], entities: pa.Table) -> pa.Table:
    """The quotations with what stands at their offsets, and their speaker's id if the article has that entity."""
    known = set(zip(values(entities, "article_id"), values(entities, "entity_id"), strict=True))
    articles, together = values(quotes, "article_id"), values(quotes, "speakers")
    speakers = zip(articles, values(quotes, "speaker_entity_id"), strict=True)
    known_counts = [
        sum((article, one["entity_id"]) in known and one["start"] < one["end"] for one in group or ())
        for article, group in zip(articles, together, strict=True)
    ]
    return (
        quotes.append_column("text_at_span", _at(quotes, texts, "start", "end"))
        .append_column("text_at_speaker", _at(quotes, texts, "speaker_start", "speaker_end"))
        .append_column("text_at_cue", _at(quotes, texts, "cue_start", "cue_end"))
        .append_column(
            "known_speaker_id", pa.array([pair[1] if pair in known else None for pair in speakers], pa.string())
        )
        .append_column("speaker_count", pa.array([len(group or ()) for group in together], pa.int64()))
        .append_column("known_speaker_count", pa.array(known_counts, pa.int64()))
    )


def _at(rows: pa.Table, texts: Mapping[str, str], start: str, end: str) -> "pa.Array[Any]":
    spans = zip(values(rows, "article_id"), values(rows, start), values(rows, end), strict=True)
    found = [None if a is None or b is None else texts.get(article, "")[a:b] for article, a, b in spans]
    return pa.array(found, pa.string())
