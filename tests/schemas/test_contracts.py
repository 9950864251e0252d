"""What dbt and the data contract are told: every table, column, meaning and expectation, in the tools' own terms."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from open_data_contract_standard.model import OpenDataContractStandard

from newsmill.cli.main import cli
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.contracts import dbt_sources, odcs
from newsmill.schemas.dictionary import columns_of
from newsmill.schemas.rows import SCHEMA_VERSION, TABLES, Article, Entity, Quote, table_schema
from newsmill.schemas.warehouses import EXAMPLE, Place
from newsmill.schemas.words import Reason
from tests.damage import build

PLACE = Place(EXAMPLE, "https://objects.example.org")


def tables_of(text: str) -> dict[str, dict[str, Any]]:
    (source,) = yaml.safe_load(text)["sources"]
    return {table["name"]: table for table in source["tables"]}


def checks_of(column: dict[str, Any]) -> list[Any]:
    return list(column.get("data_tests", []))


def test_dbt_knows_every_column_with_its_meaning() -> None:
    found = tables_of(dbt_sources(PLACE))

    assert found.keys() == {record.table for record in TABLES}
    for record in TABLES:
        columns = {column["name"]: column["description"] for column in found[record.table]["columns"]}
        assert columns == {column["column"]: column["meaning"] for column in columns_of(record)}


@pytest.mark.parametrize(
    ("table", "column", "test"),
    [
        ("articles", "article_id", "not_null"),
        ("articles", "run_id", "not_null"),
        ("rejections", "reason", {"accepted_values": {"arguments": {"values": [str(reason) for reason in Reason]}}}),
        (
            "quotes",
            "article_id",
            {"relationships": {"arguments": {"to": "source('newsmill', 'articles')", "field": "article_id"}}},
        ),
    ],
    ids=["a column that is never null", "a key", "a closed list", "a reference"],
)
def test_an_expectation_of_a_column_is_a_test_of_dbt(table: str, column: str, test: object) -> None:
    (found,) = (it for it in tables_of(dbt_sources(PLACE))[table]["columns"] if it["name"] == column)

    assert test in checks_of(found)


def test_every_expression_of_a_test_holds_in_a_whole_lake_and_can_fail(tmp_path: Path) -> None:
    """In DuckDB; dbt itself is too large for the tests, and was tried by hand."""
    lake = Lake.open(str(tmp_path / "lake"))
    build(lake, tmp_path / "spool")
    checked = 0
    for name, table in tables_of(dbt_sources(PLACE)).items():
        for test in checks_of(table):
            if "unique" in test:
                key = test["unique"]["arguments"]["column_name"]
                assert query(lake, f"SELECT {key} AS k FROM {name} GROUP BY 1 HAVING count(*) > 1").num_rows == 0, test
            else:
                expression = test["accepted_values"]["arguments"]["column_name"]
                assert query(lake, f"SELECT 1 AS x FROM {name} WHERE NOT {expression}").num_rows == 0, test
            checked += 1
    assert checked > 30

    (bounds,) = (
        test["accepted_values"]["arguments"]["column_name"]
        for test in checks_of(tables_of(dbt_sources(PLACE))["quotes"])
        if test.get("accepted_values", {}).get("name") == "quotes_confidence_is_within_bounds"
    )
    assert duckdb.sql(f"SELECT {bounds} FROM (SELECT 1.5 AS confidence)").fetchall() == [(False,)]


def test_the_contract_is_valid_by_the_standards_own_schema() -> None:
    contract = yaml.safe_load(odcs(PLACE))
    schema = json.loads((resources.files("open_data_contract_standard") / "schema.json").read_text())

    jsonschema.Draft201909Validator(schema).validate(contract)
    broken = json.loads(json.dumps(contract))
    broken["schema"][0]["properties"][0]["logicalType"] = "text"
    assert not jsonschema.Draft201909Validator(schema).is_valid(broken)

    read = OpenDataContractStandard.from_string(odcs(PLACE))
    assert read.version == f"{SCHEMA_VERSION}.0.0"
    assert {table.name: [it.name for it in table.properties or ()] for table in read.schema_ or ()} == {
        record.table: table_schema(record).names for record in TABLES
    }


def test_the_contract_says_what_the_records_promise() -> None:
    tables = {table["name"]: table for table in yaml.safe_load(odcs(PLACE))["schema"]}

    def column(table: str, name: str) -> dict[str, Any]:
        return next(it for it in tables[table]["properties"] if it["name"] == name)

    assert column("quotes", "confidence")["logicalTypeOptions"] == {"minimum": 0, "maximum": 1}
    assert column("articles", "article_id")["logicalTypeOptions"] == {"pattern": "^(?:[0-9a-f]{16})$"}
    assert column("articles", "logical_date")["partitioned"] is True
    assert column("quotes", "article_id")["relationships"] == [{"type": "foreignKey", "to": "articles.article_id"}]
    assert column("quotes", "segments")["items"]["properties"][0] == {
        "name": "start",
        "logicalType": "integer",
        "physicalType": "int32",
    }
    for record in (Article, Entity, Quote):
        required = {it["name"] for it in tables[record.table]["properties"] if it["required"]}
        assert required >= {field.name for field in record.fields() if not field.nullable}
    assert [rule["query"] for rule in tables["entities"]["quality"]] == [
        'SELECT count(*) FROM entities WHERE NOT ("end" is null or "start" is null or "end" > "start")'
    ]


@pytest.mark.parametrize(
    ("uri", "server"),
    [
        ("/data/lake", {"type": "local", "path": "/data/lake/{model}/date=*/*.parquet"}),
        ("s3://news/lake", {"type": "s3", "location": "s3://news/lake/{model}/date=*/*.parquet"}),
    ],
    ids=["a folder", "a bucket"],
)
def test_the_contract_says_where_the_lake_is(uri: str, server: dict[str, str]) -> None:
    (found,) = yaml.safe_load(odcs(Place(uri)))["servers"]

    assert found == {"server": "lake", "format": "parquet", **server}


@pytest.mark.parametrize("kind", ["dbt", "odcs"])
def test_the_command_prints_yaml_for_the_lake(tmp_path: Path, kind: str) -> None:
    done = CliRunner().invoke(cli, ["ddl", "--for", kind, "--lake", str(tmp_path / "lake")])

    assert done.exit_code == 0
    assert str(tmp_path / "lake") in done.stdout
    assert yaml.safe_load(done.stdout)
