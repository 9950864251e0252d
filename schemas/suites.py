"""The expectation suites: one per table, generated from its record, with the rules that no single column can say.

This module, ``contracts`` and those in ``newsmill.tasks.validate`` that use it are the only ones that import Great
Expectations, whose import takes seconds: import them where rows are judged or the rules are told, not before.
"""

from collections.abc import Callable

from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from newsmill.schemas.record import Field, Record
from newsmill.schemas.rows import Article, Duplicate, Entity, Link, Quote, Rejection

type Rules = list[Expectation]


def column_rules(record: type[Record]) -> Rules:
    """What the columns of a record promise: presence, patterns, closed lists, bounds and uniqueness."""
    return [rule for field in record.fields() for rule in _rules_of(field)]


def table_suite(record: type[Record]) -> Rules:
    """All rules for the rows of one table."""
    return column_rules(record) + _CROSS_COLUMN_RULES.get(record, list)()


def run_suite(max_rejected_share: float) -> Rules:
    """The batch rules. A failed critical one stops the publish, a failed warning is reported with the run."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="read_count", column_B="accounted_count", description="Every input is accounted for exactly once."
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="usable_count",
            min_value=1,
            description="At least one input is an article, or a copy of one, unless there was nothing new.",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rejected_share",
            max_value=max_rejected_share,
            description="Not too many inputs are rejected; not judged below 100 inputs.",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="repeated_article_ids", max_value=0, description="No article stands twice in the date."
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="unresolved_references", max_value=0, description="Every duplicate points at an article that exists."
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="malformed_rows", max_value=0, description="Every row of duplicates and rejections is well formed."
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="silent_sources",
            max_value=0,
            severity=FailureSeverity.WARNING,
            description="Every source gave at least one input.",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="quiet_sources",
            max_value=0,
            severity=FailureSeverity.WARNING,
            description="No source gave much less than it has been giving.",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="short_texts",
            max_value=0,
            severity=FailureSeverity.WARNING,
            description="No text is shorter than nine tenths of the length that its source states.",
        ),
    ]


def _rules_of(field: Field) -> Rules:
    name, column = field.name, field.column
    rules: Rules = []
    if not field.nullable:
        rules.append(gxe.ExpectColumnValuesToNotBeNull(column=name))
    if column.unique:
        rules.append(gxe.ExpectColumnValuesToBeUnique(column=name))
    if column.pattern:
        rules.append(gxe.ExpectColumnValuesToMatchRegex(column=name, regex=rf"\A(?:{column.pattern})\Z"))
    if column.values:
        rules.append(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[str(value) for value in column.values]))
    if column.minimum is not None or column.maximum is not None:
        rules.append(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=column.minimum, max_value=column.maximum))
    if column.min_length:
        rules.append(gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=column.min_length))
    return rules


def _equal(column: str, other: str, why: str) -> Expectation:
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=column, column_B=other, ignore_row_if="both_values_are_missing", description=why
    )


def _article_rules() -> Rules:
    return [
        _equal("has_time", "names_time_source", "A time of publication stands with its source, or neither does."),
        _equal("has_change_time", "names_change_source", "The time of the last change stands with its source."),
    ]


def _span_rules(order: str) -> Rules:
    return [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="end", column_B="start", description="Spans are not empty."
        ),
        _equal("text", "text_at_span", "The text at the offsets is the text of the row."),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["article_id", order], description="Numbers do not repeat."),
    ]


def _entity_rules() -> Rules:
    return _span_rules("mention_index")


def _link_rules() -> Rules:
    return _span_rules("link_index")


def _quote_rules() -> Rules:
    return [
        *_span_rules("quote_index"),
        _equal("speaker_text", "text_at_speaker", "The speaker stands at the speaker's offsets."),
        _equal("cue", "text_at_cue", "The cue stands at the cue's offsets."),
        _equal("speaker_count", "known_speaker_count", "Each of several speakers is one of the article's entities."),
        _equal("speaker_entity_id", "known_speaker_id", "The speaker's entity is one of the article's."),
    ]


_CROSS_COLUMN_RULES: dict[type[Record], Callable[[], Rules]] = {
    Article: _article_rules,
    Entity: _entity_rules,
    Link: _link_rules,
    Quote: _quote_rules,
}

SUITES: tuple[type[Record], ...] = (Article, Entity, Quote, Link, Duplicate, Rejection)
"""The records whose rows are validated; a run's own row is made after the validation."""
