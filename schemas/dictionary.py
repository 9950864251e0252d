"""The data dictionary as Markdown, written from the records: ``python -m newsmill.schemas.dictionary``."""

import sys

import pyarrow as pa

from newsmill.schemas.record import Field, Record
from newsmill.schemas.rows import KEY_FIELDS, SCHEMA_VERSION, TABLES

_HEAD = f"""# Data dictionary

Version {SCHEMA_VERSION} of the tables. Written from `schemas/` by `make docs`; do not edit.

Each table is a folder of Parquet files in hive layout, `<lake>/<table>/date=YYYY-MM-DD/<table>-<run>-<nnnn>.parquet`,
and an Iceberg table over the same files. Times are UTC in microseconds. Offsets count characters (Unicode code points)
of `articles.text`; the end is exclusive.
"""


def data_dictionary() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *(_table(record) for record in sorted(TABLES, key=lambda record: record.table))])


def _table(record: type[Record]) -> str:
    lines = [
        f"## {record.table}",
        "",
        f"One row: {record.grain}.",
        "",
        "| column | type | null | meaning |",
        "|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(column.values())} |" for column in columns_of(record)]
    return "\n".join(lines) + "\n"


def columns_of(record: type[Record]) -> list[dict[str, str]]:
    """The columns of a table in their order, each as column, type, null (yes or no) and meaning."""
    keys = [
        {"column": key.name, "type": _type(key.type), "null": "no", "meaning": _description(key)} for key in KEY_FIELDS
    ]
    return keys + [
        {
            "column": field.name,
            "type": _type(field.column.arrow),
            "null": "yes" if field.nullable else "no",
            "meaning": " ".join([field.column.description, *_constraints(field)]),
        }
        for field in record.fields()
    ]


def _constraints(field: Field) -> list[str]:
    column = field.column
    found = []
    if column.values:
        found.append(f"One of {', '.join(f'`{value}`' for value in column.values)}.")
    if column.pattern:
        found.append(f"Matches `{column.pattern.replace('|', chr(92) + '|')}`.")
    if column.minimum is not None:
        found.append(f"At least {column.minimum:g}.")
    if column.maximum is not None:
        found.append(f"At most {column.maximum:g}.")
    if column.unique:
        found.append("Unique within a date.")
    if column.references:
        found.append(f"Refers to `{column.references}`.")
    if column.since > 1:
        found.append(f"Since version {column.since}; null in older rows.")
    return found


def _type(arrow: pa.DataType) -> str:
    return str(arrow).replace("list<element: ", "list<").replace("list<item: ", "list<")


def _description(field: "pa.Field[pa.DataType]") -> str:
    return (field.metadata or {}).get(b"description", b"").decode()


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
