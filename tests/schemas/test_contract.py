"""The tables' contract: what a version brought stays as it is, and what a later one adds is null in older rows."""

import pytest

from newsmill.schemas.record import Record
from newsmill.schemas.rows import SCHEMA_VERSION, TABLES


@pytest.mark.parametrize("record", TABLES, ids=lambda record: record.table)
def test_added_columns_may_be_null_and_stand_last(record: type[Record]) -> None:
    versions = [field.column.since for field in record.fields()]

    assert versions == sorted(versions)
    assert [field.name for field in record.fields() if field.column.since > 1 and not field.nullable] == []


def test_the_version_is_that_of_the_latest_column() -> None:
    assert max(field.column.since for record in TABLES for field in record.fields()) == SCHEMA_VERSION
