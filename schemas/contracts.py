"""The tables as tools of data teams want them told: sources of dbt, and a contract by the Open Data Contract Standard.

Both are written from the records and their expectation suites, as the dictionary and the validation are. Printed by
``newsmill ddl --for dbt`` and ``--for odcs``. Importing this module imports Great Expectations, which takes seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import yaml
from great_expectations import expectations as gxe
from great_expectations.expectations.expectation import Expectation

from newsmill.schemas.dictionary import columns_of
from newsmill.schemas.record import Field, Record
from newsmill.schemas.rows import KEY_FIELDS, SCHEMA_VERSION, TABLES, table_schema
from newsmill.schemas.suites import table_suite
from newsmill.schemas.warehouses import Place

NAME = "newsmill"

_RECORDS = tuple(sorted(TABLES, key=lambda record: record.table))
_PURPOSE = "News articles of each day, without boilerplate and copies, with who is named in them and who said what."
_LIMITS = "Texts are their publishers'. What an article does not say is null."


def dbt_sources(place: Place) -> str:
    """A ``sources.yml`` of dbt 1.10.5 and later, with dbt's own generic tests alone.

    Tests of a table are expressions of standard SQL, of which dbt renders no part by the warehouse. Patterns are left
    to newsmill's validation, since each warehouse has its own regular expressions.
    """
    source = {
        "name": NAME,
        "description": _PURPOSE,
        "config": {
            "meta": {
                # Read by dbt-duckdb; other adapters find the tables in the schema.
                "external_location": f"read_parquet('{place.uri}/{{name}}/date=*/*.parquet', hive_partitioning = true,"
                " union_by_name = true)"
            }
        },
        "tables": [_dbt_table(record) for record in _RECORDS],
    }
    return _yaml({"version": 2, "sources": [source]})


def _dbt_table(record: type[Record]) -> dict[str, Any]:
    columns: dict[str, dict[str, Any]] = {
        found["column"]: {"name": found["column"], "description": found["meaning"], "quote": True}
        for found in columns_of(record)
    }
    tests: list[dict[str, Any]] = []
    for key in KEY_FIELDS:
        columns[key.name]["data_tests"] = ["not_null"]
    for rule in table_suite(record):
        name = str(getattr(rule, "column", ""))
        match rule:
            case gxe.ExpectColumnValuesToNotBeNull():
                columns[name].setdefault("data_tests", []).append("not_null")
            case gxe.ExpectColumnValuesToBeInSet():
                arguments = {"arguments": {"values": list(rule.value_set or ())}}
                columns[name].setdefault("data_tests", []).append({"accepted_values": arguments})
            case gxe.ExpectColumnValuesToBeUnique():
                tests.append(_unique(record, [name]))
            case gxe.ExpectCompoundColumnsToBeUnique():
                tests.append(_unique(record, list(rule.column_list)))
            case _ if expression := _expression(record, rule):
                tests.append(_holds(record, *expression))
    for field in record.fields():
        if field.column.references:
            table, _, column = field.column.references.partition(".")
            to = {"to": f"source('{NAME}', '{table}')", "field": column}
            columns[field.name].setdefault("data_tests", []).append({"relationships": {"arguments": to}})
    return {
        "name": record.table,
        "description": f"One row: {record.grain}.",
        **({"data_tests": tests} if tests else {}),
        "columns": list(columns.values()),
    }


def _unique(record: type[Record], names: list[str]) -> dict[str, Any]:
    """Within a date, as the suites have it."""
    whole = " || '/' || ".join(f"cast({_quoted(name)} as varchar)" for name in ["logical_date", *names])
    named = f"{record.table}_{'_'.join(names)}_is_unique_in_its_date"
    return {"unique": {"name": named, "arguments": {"column_name": f"({whole})"}}}


def _holds(record: type[Record], said: str, expression: str) -> dict[str, Any]:
    """That an expression is true, in the words of dbt's own test of accepted values."""
    arguments = {"column_name": f"({expression})", "values": [True], "quote": False}
    return {"accepted_values": {"name": f"{record.table}_{said}", "arguments": arguments}}


def _expression(record: type[Record], rule: Expectation) -> tuple[str, str] | None:
    """A name for what a rule says of single rows, and its SQL; None for what SQL over the table cannot say alike."""
    known = set(table_schema(record).names)
    match rule:
        case gxe.ExpectColumnValuesToBeBetween():
            bounds = ((">=", rule.min_value), ("<=", rule.max_value))
            column = _quoted(rule.column)
            tests = [f"{column} {sign} {bound:g}" for sign, bound in bounds if isinstance(bound, int | float)]
            return f"{rule.column}_is_within_bounds", f"{column} is null or ({' and '.join(tests)})"
        case gxe.ExpectColumnValueLengthsToBeBetween():
            column = _quoted(rule.column)
            return f"{rule.column}_is_not_empty", f"{column} is null or length({column}) >= {rule.min_value}"
        case gxe.ExpectColumnPairValuesAToBeGreaterThanB() if {rule.column_A, rule.column_B} <= known:
            a, b = _quoted(rule.column_A), _quoted(rule.column_B)
            return f"{rule.column_A}_is_behind_{rule.column_B}", f"{a} is null or {b} is null or {a} > {b}"
    return None


def _quoted(column: object) -> str:
    """A column as standard SQL quotes it: ``end`` is a word of SQL, and Snowflake keeps the case so."""
    return f'"{column}"'


def odcs(place: Place) -> str:
    """A data contract by the Open Data Contract Standard 3.1 (Bitol, Linux Foundation)."""
    return _yaml(
        {
            "apiVersion": "v3.1.0",
            "kind": "DataContract",
            "id": NAME,
            "name": NAME,
            "version": f"{SCHEMA_VERSION}.0.0",
            "status": "active",
            "description": {"purpose": _PURPOSE, "limitations": _LIMITS},
            "servers": [_server(place)],
            "schema": [_odcs_table(record) for record in _RECORDS],
        }
    )


def _server(place: Place) -> dict[str, str]:
    files = f"{place.uri}/{{model}}/date=*/*.parquet"
    if "://" not in place.uri:
        return {"server": "lake", "type": "local", "path": files, "format": "parquet"}
    other = {"endpointUrl": place.endpoint} if place.endpoint else {}
    return {"server": "lake", "type": "s3", "location": files, **other, "format": "parquet"}


def _odcs_table(record: type[Record]) -> dict[str, Any]:
    keys = [
        {
            "name": key.name,
            "logicalType": _logical(key.type),
            "physicalType": str(key.type),
            "description": (key.metadata or {}).get(b"description", b"").decode(),
            "required": True,
            **({"partitioned": True, "partitionKeyPosition": 1} if key.name == "logical_date" else {}),
        }
        for key in KEY_FIELDS
    ]
    quality = [
        {
            "type": "sql",
            "description": said.replace("_", " "),
            "query": f"SELECT count(*) FROM {record.table} WHERE NOT ({expression})",  # noqa: S608 - names of our own
            "mustBe": 0,
        }
        for rule in table_suite(record)
        if isinstance(rule, gxe.ExpectColumnPairValuesAToBeGreaterThanB)
        for said, expression in filter(None, [_expression(record, rule)])
    ]
    return {
        "name": record.table,
        "logicalType": "object",
        "physicalType": "table",
        "description": f"One row: {record.grain}.",
        "dataGranularityDescription": f"One row: {record.grain}.",
        **({"quality": quality} if quality else {}),
        "properties": [*keys, *(_odcs_column(field) for field in record.fields())],
    }


def _odcs_column(field: Field) -> dict[str, Any]:
    column = field.column
    found: dict[str, Any] = {"name": field.name, **_typed(column.arrow), "description": column.description}
    if options := dict(_options(field)):
        found["logicalTypeOptions"] = options
    found["required"] = not field.nullable
    quality: list[dict[str, Any]] = []
    if column.values:
        valid = {"validValues": [str(value) for value in column.values]}
        quality.append({"type": "library", "metric": "invalidValues", "arguments": valid, "mustBe": 0})
    if column.unique:
        quality.append({"type": "text", "description": "Unique within a date."})
    if quality:
        found["quality"] = quality
    if column.references:
        found["relationships"] = [{"type": "foreignKey", "to": column.references}]
    return found


def _options(field: Field) -> Iterator[tuple[str, Any]]:
    """Bounds and patterns, in the words that the standard has for the type."""
    column, logical = field.column, _logical(field.column.arrow)
    if logical == "string" and column.pattern:
        yield "pattern", f"^(?:{column.pattern})$"
    if pa.types.is_binary(column.arrow):
        yield "format", "binary"
    if logical == "string" and column.min_length:
        yield "minLength", column.min_length
    if logical in {"integer", "number"}:
        for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
            if bound is not None:
                yield name, int(bound) if bound == int(bound) else bound


def _typed(kind: pa.DataType) -> dict[str, Any]:
    """A type with what it is made of."""
    found: dict[str, Any] = {"logicalType": _logical(kind), "physicalType": str(kind)}
    if pa.types.is_list(kind):
        found["items"] = _typed(kind.value_type)
    elif pa.types.is_struct(kind):
        found["properties"] = [{"name": field.name, **_typed(field.type)} for field in kind]
    return found


_LOGICAL: Mapping[str, Callable[[pa.DataType], bool]] = {
    "boolean": pa.types.is_boolean,
    "integer": pa.types.is_integer,
    "number": pa.types.is_floating,
    "date": pa.types.is_date,
    "timestamp": pa.types.is_timestamp,
    "array": pa.types.is_list,
    "object": pa.types.is_struct,
    "string": lambda kind: pa.types.is_string(kind) or pa.types.is_binary(kind),
}
"""The standard has no bytes; they are strings of the format ``binary``."""


def _logical(kind: pa.DataType) -> str:
    return next(name for name, holds in _LOGICAL.items() if holds(kind))


def _yaml(content: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120))


WRITTEN: Mapping[str, Callable[[Place], str]] = {"dbt": dbt_sources, "odcs": odcs}
