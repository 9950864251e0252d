"""Whether an expectation surely holds of all rows, by a look at the columns it is about.

Where that is not plain, for a row that fails, a column that is missing or a rule of another kind, Great Expectations
judges: what a check says of failing rows is its word alone. Missing values are passed over, as it does.
"""

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation

type Column = pa.ChunkedArray[Any]

_BOTH_MISSING = "both_values_are_missing"


def surely_holds(rule: Expectation, rows: pa.Table) -> bool:
    """Whether no row fails the rule; False where that is not plain."""
    if getattr(rule, "mostly", None) != 1 or getattr(rule, "row_condition", None) is not None:
        return False
    try:
        return _holds(rule, rows)
    except (KeyError, TypeError, pa.ArrowException):  # no such column, or one of another type
        return False


def _holds(rule: Expectation, rows: pa.Table) -> bool:
    match rule:
        case gxe.ExpectColumnValuesToNotBeNull(column=column):
            return rows[column].null_count == 0 and not _has_nan(rows[column])
        case gxe.ExpectColumnValuesToBeUnique(column=column):
            known = rows[column].drop_null()
            return len(pc.unique(known)) == len(known)
        case gxe.ExpectColumnValuesToMatchRegex(column=column, regex=str(pattern)):
            return all(re.search(pattern, value) for value in _distinct(rows[column]))
        case gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(allowed)):
            return set(_distinct(rows[column])) <= set(allowed)
        case gxe.ExpectColumnValuesToBeBetween(column=column, strict_min=False, strict_max=False):
            return _are_between(rows[column], rule.min_value, rule.max_value)
        case gxe.ExpectColumnValueLengthsToBeBetween(column=column, strict_min=False, strict_max=False):
            return _are_between(pc.utf8_length(rows[column]), rule.min_value, rule.max_value)
        case gxe.ExpectColumnPairValuesToBeEqual(column_A=one, column_B=other, ignore_row_if=ignored):
            return ignored == _BOTH_MISSING and _are_equal(rows[one], rows[other])
        case gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=more, column_B=less, or_equal=None):
            return _is_true_of_all(pc.greater(rows[more], rows[less]))
        case gxe.ExpectCompoundColumnsToBeUnique(column_list=list(names)):
            # Arrow's own grouping warns on standard error of batches that came from another process.
            return len(set(zip(*(rows[name].to_pylist() for name in names), strict=True))) == len(rows)
        case _:
            return False


def _distinct(column: Column) -> list[Any]:
    found: list[Any] = pc.unique(column.drop_null()).to_pylist()
    return found


def _are_between(column: Column, least: Any, most: Any) -> bool:
    if _has_nan(column):
        return False
    smallest, largest = pc.min(column).as_py(), pc.max(column).as_py()
    if smallest is None:
        return True
    return (least is None or smallest >= least) and (most is None or largest <= most)


def _are_equal(one: Column, other: Column) -> bool:
    both_missing = pc.and_(pc.is_null(one), pc.is_null(other))
    # Where one is missing, that they are equal is missing too.
    return _is_true_of_all(pc.or_kleene(both_missing, pc.equal(one, other)))


def _is_true_of_all(flags: Any) -> bool:
    """Whether no flag is false or missing; that holds of none, too."""
    return flags.null_count == 0 and pc.all(flags, min_count=0).as_py() is True


def _has_nan(column: Column) -> bool:
    """Whether a column of floats has what is no number, which counts as missing elsewhere."""
    return pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py() is True
