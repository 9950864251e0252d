"""validate: the expectation suites run on staged rows, before anything is published.

A failing row rejects its article whole, so that no reader meets an article whose quotes are silently incomplete; a
failing batch rule stops the publish.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.expectation import Expectation

from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import Article, Duplicate, Entity, Quote, Rejection
from newsmill.schemas.suites import RUN_SUITE, run_suite, table_suite
from newsmill.schemas.words import DateSource, Reason, Stage
from newsmill.tasks.inputs.content import Place, Problem

FEWEST_INPUTS_TO_JUDGE = 100
"""A share of rejected inputs says nothing below this many of them."""

_EXAMPLES = 3
_EXAMPLE_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation, what it saw and whether it held. ``failing`` holds the positions of the failing rows."""

    suite: str
    expectation: str
    description: str
    severity: str
    checked: int
    failed: int
    examples: tuple[str, ...]
    success: bool
    failing: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Suite and expectation, as ``rejections.expectation`` holds them."""
        return f"{self.suite}.{self.expectation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The one row that the batch rules are about. ``rejected_share`` is None where there are too few inputs,
    ``usable_count`` where nothing was new."""

    read_count: int
    accounted_count: int
    usable_count: int | None
    rejected_share: float | None
    repeated_article_ids: int
    unresolved_references: int
    malformed_rows: int
    silent_sources: int
    quiet_sources: int
    short_texts: int = 0


def run_rules(suite: str, rules: Sequence[Expectation], frame: pd.DataFrame) -> list[Check]:
    """Evaluate the rules on a frame with a plain index. A rule that cannot be evaluated has failed."""
    context = _context()
    asset = context.data_sources.add_pandas("staged").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("rows")
    known = context.suites.add(gx.ExpectationSuite(name=suite, expectations=list(rules)))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=suite, data=batch, suite=known))
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
    examples = tuple(_shorten(value) for value in (result.get("partial_unexpected_list") or ())[:_EXAMPLES])
    return Check(
        suite=suite,
        expectation=_expectation_name(config),
        description=config.description or "",
        severity=str(getattr(config.severity, "value", config.severity)),
        checked=result.get("element_count", 0),
        failed=len(failing) or int(not item.success),
        examples=(trouble,) if trouble else examples,
        success=bool(item.success),
        failing=failing,
    )


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


def merge_checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks of all batches as one per expectation, in order of appearance, without row positions."""
    merged: dict[str, Check] = {}
    for check in checks:
        known = merged.get(check.name)
        if known is None:
            merged[check.name] = replace(check, failing=())
            continue
        merged[check.name] = replace(
            known,
            checked=known.checked + check.checked,
            failed=known.failed + check.failed,
            examples=(known.examples + check.examples)[:_EXAMPLES],
            success=known.success and check.success,
        )
    return tuple(merged.values())


def validate_batch(
    articles: pa.Table, entities: pa.Table, quotes: pa.Table
) -> tuple[tuple[Check, ...], tuple[Rejection, ...]]:
    """Check the rows of a batch; ``articles`` has ``input_id`` beside the record's columns.

    Returns the checks and a rejection for each article that has a failing row, its own or a mention's or quotation's.
    """
    texts = dict(zip(values(articles, "article_id"), values(articles, "text"), strict=True))
    tables: tuple[tuple[type[Record], pa.Table, pd.DataFrame], ...] = (
        (Article, articles, article_frame(articles)),
        (Entity, entities, entity_frame(entities, texts)),
        (Quote, quotes, quote_frame(quotes, texts, entities)),
    )
    checks: list[Check] = []
    failed: dict[str, str] = {}
    for record, table, frame in tables:
        found = run_rules(record.table, table_suite(record), frame)
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
    return tuple(checks), rejections


def validate_accounts(duplicates: pa.Table, rejections: pa.Table) -> tuple[Check, ...]:
    """Check the rows that say why an input is not among the articles; a failing one is a batch failure."""
    return tuple(
        check
        for record, table in ((Duplicate, duplicates), (Rejection, rejections))
        for check in run_rules(record.table, table_suite(record), _frame(table))
    )


def measure_run(
    *,
    read_count: int,
    is_quiet: bool,
    article_ids: Sequence[str],
    earlier_ids: frozenset[str],
    duplicates: pa.Table,
    rejections: pa.Table,
    checks: Sequence[Check],
    silent_sources: int,
    quiet_sources: int,
    short_texts: int = 0,
) -> Measures:
    """What the batch rules are about. ``earlier_ids`` are the published articles that a duplicate may point at.

    ``is_quiet``: the sources could be asked, and had nothing new.
    """
    known = earlier_ids.union(article_ids)
    rejected = len(rejections)
    return Measures(
        read_count=read_count,
        accounted_count=len(article_ids) + len(duplicates) + rejected,
        usable_count=None if is_quiet else len(article_ids) + len(duplicates),
        rejected_share=rejected / read_count if read_count >= FEWEST_INPUTS_TO_JUDGE else None,
        repeated_article_ids=len(article_ids) - len(set(article_ids)),
        unresolved_references=sum(target not in known for target in values(duplicates, "duplicate_of")),
        malformed_rows=sum(check.failed for check in checks if check.suite in (Duplicate.table, Rejection.table)),
        silent_sources=silent_sources,
        quiet_sources=quiet_sources,
        short_texts=short_texts,
    )


def validate_run(measures: Measures, max_rejected_share: float) -> tuple[Check, ...]:
    """Check the batch rules."""
    return tuple(run_rules(RUN_SUITE, run_suite(max_rejected_share), pd.DataFrame([asdict(measures)])))


def stopping(checks: Iterable[Check], rejections: pa.Table) -> tuple[str, ...]:
    """Why the run may not be published, one line a failed rule; empty if it may.

    A critical batch rule stops it, and so does a rule of any suite that could not be evaluated, since rows may then
    have passed unseen.
    """
    lines = []
    for check in checks:
        if check.success or check.severity != "critical":
            continue
        if check.suite == RUN_SUITE:
            lines.append(f"{check.description or check.name} Found: {', '.join(check.examples) or 'nothing'}")
        elif check.examples and check.examples[0].startswith("could not be evaluated"):
            lines.append(f"{check.name} {check.examples[0]}")
    if lines and len(rejections):
        counts = Counter(zip(values(rejections, "stage"), values(rejections, "reason"), strict=True)).most_common(3)
        lines.append("most rejected for " + ", ".join(f"{reason} at {stage} ({n})" for (stage, reason), n in counts))
    return tuple(lines)


def summarise(checks: Sequence[Check]) -> str:
    """The validation result as ``runs.validation`` holds it: a JSON object of counts and names."""
    failed = [check for check in checks if not check.success]
    return json.dumps(
        {
            "checked": len(checks),
            "failed": [check.name for check in failed if check.severity == "critical"],
            "warned": [check.name for check in failed if check.severity != "critical"],
        }
    )


def _frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(date_as_object=False)


def article_frame(articles: pa.Table) -> pd.DataFrame:
    """The articles with the two sides of the rules on times of publication and of the last change."""
    frame = _frame(articles)
    frame["has_time"] = frame["published_at"].notna()
    frame["names_time_source"] = frame["published_at_source"] != DateSource.NONE.value
    frame["has_change_time"] = frame["modified_at"].notna()
    source = frame["modified_at_source"]
    # Rows of version 1 do not say where.
    frame["names_change_source"] = (source != DateSource.NONE.value).where(source.notna(), frame["has_change_time"])
    return frame


def entity_frame(entities: pa.Table, texts: Mapping[str, str]) -> pd.DataFrame:
    """The mentions with what stands at their offsets."""
    frame = _frame(entities)
    frame["text_at_span"] = _at(entities, texts, "start", "end")
    return frame


def quote_frame(quotes: pa.Table, texts: Mapping[str, str], entities: pa.Table) -> pd.DataFrame:
    """The quotations with what stands at their offsets, and their speaker's id if the article has that entity."""
    frame = _frame(quotes)
    known = set(zip(values(entities, "article_id"), values(entities, "entity_id"), strict=True))
    speakers = zip(values(quotes, "article_id"), values(quotes, "speaker_entity_id"), strict=True)
    frame["text_at_span"] = _at(quotes, texts, "start", "end")
    frame["text_at_speaker"] = _at(quotes, texts, "speaker_start", "speaker_end")
    frame["text_at_cue"] = _at(quotes, texts, "cue_start", "cue_end")
    frame["known_speaker_id"] = pd.Series(
        [pair[1] if pair in known else None for pair in speakers], dtype=object, index=frame.index
    )
    together = values(quotes, "speakers")
    articles = values(quotes, "article_id")
    frame["speaker_count"] = pd.Series([len(group or ()) for group in together], dtype=object, index=frame.index)
    frame["known_speaker_count"] = pd.Series(
        [
            sum(
                (article, speaker["entity_id"]) in known and speaker["start"] < speaker["end"]
                for speaker in group or ()
            )
            for article, group in zip(articles, together, strict=True)
        ],
        dtype=object,
        index=frame.index,
    )
    return frame


def _at(rows: pa.Table, texts: Mapping[str, str], start: str, end: str) -> "pd.Series[Any]":
    spans = zip(values(rows, "article_id"), values(rows, start), values(rows, end), strict=True)
    found = [None if a is None or b is None else texts.get(article, "")[a:b] for article, a, b in spans]
    return pd.Series(found, dtype=object)
