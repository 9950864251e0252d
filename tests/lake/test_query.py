"""SQL on a lake: every table with its types, and errors in one line."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from newsmill.errors import SqlRefused, UsageError
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.rows import TABLES, Quote, table_schema
from tests.lake.dates import DAY, ROWS, publish_rows


@pytest.fixture(scope="module")
def local_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.open(str(tmp_path_factory.mktemp("lake")))
    publish_rows(lake, DAY, "first", 1)
    return lake


def test_a_query_says_that_there_is_none(lake: Lake) -> None:
    with pytest.raises(UsageError, match=r"there is no lake at .* yet"):
        query(lake, "SELECT 1")


def test_sees_every_table_with_its_types(lake: Lake) -> None:
    publish_rows(lake, DAY, "first", 2)

    counts = " UNION ALL ".join(f"SELECT '{record.table}' AS t, count(*) AS n FROM {record.table}" for record in TABLES)
    assert dict(query(lake, counts).to_pandas().values.tolist()) == {
        record.table: 2 if record in ROWS else 0 for record in TABLES
    }
    empty = query(lake, "SELECT authors, published_at, text FROM articles")
    assert empty.schema.types == [pa.list_(pa.string()), pa.timestamp("us", tz="UTC"), pa.string()]
    full = query(lake, "SELECT published_at, logical_date, hour(published_at) AS h FROM duplicates LIMIT 1")
    assert full.to_pylist() == [{"published_at": datetime(2026, 1, 1, 12, tzinfo=UTC), "logical_date": DAY, "h": 12}]


def test_the_mark_stands_below_what_is_wrong(local_lake: Lake) -> None:
    with pytest.raises(SqlRefused) as raised:
        query(local_lake, "SELECT  text\nFROM   artikles")
    line, mark = raised.value.place.splitlines()
    assert str(raised.value) == "there is no table artikles; is it articles?"
    assert line[mark.index("^") :].startswith("artikles")


@pytest.mark.parametrize("sql", ["SHOW TABLES", "show all tables;"])
def test_the_tables_are_shown_with_what_a_row_is(local_lake: Lake, sql: str) -> None:
    shown = query(local_lake, sql).to_pylist()
    assert {row["table"]: row["one row"] for row in shown} == {record.table: record.grain for record in TABLES}


@pytest.mark.parametrize("sql", ["DESCRIBE quotes", "describe QUOTES ;", "SHOW quotes"])
def test_a_table_is_described_by_the_dictionary(local_lake: Lake, sql: str) -> None:
    shown = {row["column"]: row for row in query(local_lake, sql).to_pylist()}
    assert list(shown) == table_schema(Quote).names
    assert shown["start"]["type"] == "int32"
    assert shown["end"]["meaning"].startswith("Offset behind the last quoted character.")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nonsense FROM rejections", "nonsense"),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM nonsense", "nonsense"),
        ("", "a query is one SELECT"),
    ],
)
def test_refuses_in_one_line(local_lake: Lake, sql: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        query(local_lake, sql)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS n",
        "FROM rejections",
        "TABLE rejections",
        "VALUES (1)",
        "-- why\nWITH r AS (FROM rejections) SELECT count(*) FROM r;",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "PIVOT rejections ON stage USING count(*) GROUP BY reason",
        "FROM (PIVOT rejections ON stage IN ('read') USING count(*))",
        "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b INTO NAME n VALUE v",
        "SHOW TABLES",
        "SHOW rejections",
        "DESCRIBE rejections",
        "DESCRIBE SELECT * FROM rejections",
        "SUMMARIZE rejections",
        "FROM (SUMMARIZE rejections)",
        "EXPLAIN SELECT * FROM rejections",
        "explain analyze\nSELECT * FROM rejections",
    ],
)
def test_takes_what_reads(local_lake: Lake, sql: str) -> None:
    assert query(local_lake, sql).num_columns > 0


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW rejections",
        "CREATE TABLE t AS SELECT 1",
        "CREATE TYPE t AS ENUM ('a'); SELECT 1",
        "COPY rejections TO '{file}'",
        "EXPLAIN COPY rejections TO '{file}'",
        "EXPLAIN ANALYZE COPY rejections TO '{file}'",
        "explain/**/analyze/**/copy rejections to '{file}'",
        "EXPLAIN -- x\nANALYZE COPY rejections TO '{file}'",
        "EXPLAIN (ANALYZE) COPY rejections TO '{file}'",
        "EXPLAIN (ANALYZE, FORMAT json) COPY rejections TO '{file}'",
        "EXPLAIN ANALYZE SELECT 1; COPY rejections TO '{file}'",
        "SELECT 1; COPY rejections TO '{file}'",
        "PIVOT rejections ON stage USING count(*); COPY rejections TO '{file}'",
        "COPY rejections TO '{file}'; PIVOT rejections ON stage USING count(*)",
        "EXPLAIN ANALYZE PIVOT rejections ON stage USING count(*); COPY rejections TO '{file}'",
        "WITH x AS (COPY rejections TO '{file}') SELECT 1",
        "FROM query('COPY rejections TO ''{file}''')",
        "EXPORT DATABASE '{file}'",
        "ATTACH '{file}'",
        "EXPLAIN ANALYZE ATTACH '{file}'",
        "SELECT 1; ATTACH '{file}'",
        "INSTALL spatial",
        "EXPLAIN ANALYZE INSTALL spatial",
        "LOAD '{file}'",
        "SET lock_configuration = false",
        "RESET enable_external_access",
        "SET VARIABLE x = 1",
        "PRAGMA version",
        "PRAGMA enable_profiling = 'json'",
        "CALL enable_logging(storage_path = '{file}')",
        "PREPARE p AS SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "VACUUM",
        "USE memory",
        "BEGIN",
    ],
)
def test_what_does_more_than_read_is_refused_and_leaves_nothing(local_lake: Lake, tmp_path: Path, sql: str) -> None:
    before = [info.key for info in local_lake.store.list()]

    with pytest.raises(UsageError) as raised:
        query(local_lake, sql.replace("{file}", str(tmp_path / "out")))

    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
    assert [info.key for info in local_lake.store.list()] == before


OTHER_FILES = [
    "FROM '{file}'",
    "FROM read_csv('{file}')",
    "FROM read_text('{file}')",
    "FROM read_blob('{folder}/*')",
    "FROM glob('{folder}/*')",
    "FROM sniff_csv('{file}')",
    "SELECT (SELECT content FROM read_text('{file}'))",
    "FROM query('FROM read_csv(''{file}'')')",
    "SELECT * FROM rejections WHERE detail IN (SELECT content FROM read_text('{file}'))",
    "WITH x AS MATERIALIZED (FROM read_csv('{file}')) FROM x",
    "DESCRIBE FROM '{file}'",
    "SUMMARIZE '{file}'",
    "EXPLAIN ANALYZE FROM '{file}'",
    "PIVOT (FROM read_csv('{file}')) ON name USING count(*)",
]


@pytest.mark.parametrize("sql", OTHER_FILES)
def test_files_beside_the_tables_are_read_only_if_that_is_allowed(local_lake: Lake, tmp_path: Path, sql: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,age\nAda,36\n")
    asked = sql.replace("{file}", str(file)).replace("{folder}", str(tmp_path))

    with pytest.raises(UsageError, match="--allow-files"):
        query(local_lake, asked)

    assert query(local_lake, asked, allow_files=True).num_columns > 0


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_text('{lake}/_newsmill/head.json')",
        "FROM rejections, read_text('{lake}/_newsmill/head.json')",
        "FROM rejections, read_text('{lake}/rejections/../_newsmill/head.json')",
        "FROM rejections, read_text('{lake}/rejections/./../_newsmill/*')",
        "FROM rejections, glob('{lake}/*/*')",
        "FROM read_parquet('http://127.0.0.1:9/x.parquet')",
        "FROM 's3://bucket/x.parquet'",
        "FROM read_text('/proc/self/environ')",
        "SELECT getenv('HOME')",
        "FROM TABLES",
    ],
)
def test_sees_neither_the_network_nor_this_process(local_lake: Lake, sql: str) -> None:
    with pytest.raises(UsageError):
        query(local_lake, sql.replace("{lake}", local_lake.uri.removeprefix("file://")))


def test_reads_a_lake_whose_path_looks_like_a_pattern(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "l*k[e]?"))
    publish_rows(lake, DAY, "first", 2)

    assert query(lake, "SELECT count(*) AS n FROM rejections").to_pylist() == [{"n": 2}]


def test_tables_are_joined_by_the_columns_that_they_share(local_lake: Lake) -> None:
    joined = query(local_lake, "SELECT count(*) AS n FROM rejections r JOIN duplicates d USING (logical_date, run_id)")

    assert joined.column("n")[0].as_py() > 0


@pytest.mark.parametrize("allow_files", [False, True])
def test_no_other_store_is_asked_whatever_is_loaded(lake: Lake, *, allow_files: bool) -> None:
    publish_rows(lake, DAY, "first", 1)
    (file,) = lake.files("rejections")

    for address in ("s3://another/x.parquet", "http://127.0.0.1:9/x.parquet", "https://127.0.0.1:9/x.parquet"):
        # Refused before it is asked; without the extension, which a lake on S3 loads, DuckDB would not know how to.
        with pytest.raises(UsageError, match=r"Cannot access file|requires the extension httpfs"):
            query(lake, f"SELECT * FROM rejections, read_parquet('{address}')", allow_files=allow_files)
    assert query(lake, "SELECT count(*) AS n FROM rejections", allow_files=allow_files).to_pylist() == [
        {"n": file.rows}
    ]


def test_tables_are_joined_under_a_condition(local_lake: Lake) -> None:
    sql = "SELECT d.text FROM duplicates d JOIN rejections r USING (input_id) WHERE r.reason = 'empty' OR r.detail = ''"

    assert query(local_lake, sql).column_names == ["text"]
