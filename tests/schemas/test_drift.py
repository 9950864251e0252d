"""Records, expectation suites and the data dictionary say the same: no column is in one and not in the others."""

import re
from pathlib import Path

import pytest

from newsmill.schemas.dictionary import data_dictionary
from newsmill.schemas.record import Record
from newsmill.schemas.rows import KEY_FIELDS, TABLES, Article, Duplicate, Entity, Quote, Rejection
from newsmill.schemas.suites import Rules, column_rules, run_suite, table_suite
from newsmill.tasks.validate.checks import Measures

ROOT = Path(__file__).parent.parent.parent

DERIVED = {
    "has_time",
    "names_time_source",
    "has_change_time",
    "names_change_source",
    "text_at_span",
    "text_at_speaker",
    "text_at_cue",
    "known_speaker_id",
    "speaker_count",
    "known_speaker_count",
}
"""Columns that the validation adds to a row in order to compare two sides of it."""

VALIDATED = (Article, Entity, Quote, Duplicate, Rejection)


def columns_of(rules: Rules) -> set[str]:
    found: set[str] = set()
    for rule in rules:
        kwargs = rule.configuration.kwargs
        found |= {kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs}
        found |= set(kwargs.get("column_list", ()))
    return found


@pytest.mark.parametrize("record", TABLES)
def test_every_required_column_is_expected_to_be_there(record: type[Record]) -> None:
    expected = columns_of(column_rules(record))
    required = {field.name for field in record.fields() if not field.nullable}

    assert required - expected == set()
    assert expected - {field.name for field in record.fields()} == set()


@pytest.mark.parametrize("record", VALIDATED)
def test_cross_column_rules_name_columns_that_exist(record: type[Record]) -> None:
    known = {field.name for field in record.fields()} | DERIVED

    assert columns_of(table_suite(record)) - known == set()


def test_every_measure_of_a_run_has_a_rule() -> None:
    measured = set(Measures.__dataclass_fields__)

    assert columns_of(run_suite(0.5)) == measured


@pytest.mark.parametrize("record", TABLES)
def test_the_dictionary_lists_the_columns_in_order(record: type[Record]) -> None:
    section = data_dictionary().split(f"\n## {record.table}\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| (\w+) \| ", section, flags=re.MULTILINE)

    assert listed == ["column", *(key.name for key in KEY_FIELDS), *(field.name for field in record.fields())]


def test_the_written_dictionary_is_the_generated_one() -> None:
    assert (ROOT / "docs/data-dictionary.md").read_text() == data_dictionary(), "run: make docs"


@pytest.mark.parametrize("record", TABLES)
def test_every_column_says_what_it_means(record: type[Record]) -> None:
    for field in record.fields():
        assert field.column.description.endswith("."), f"{record.table}.{field.name}"
