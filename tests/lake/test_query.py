"""SQL on a lake: every table with its types, and errors in one line."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.rows import TABLES
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


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nonsense FROM rejections", "nonsense"),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM nonsense", "nonsense"),
        ("", "a query is a SELECT"),
        ("DROP VIEW rejections", "a query is a SELECT"),
        ("COPY rejections TO 'out.csv'", "a query is a SELECT"),
        ("SELECT 1; ATTACH 'other.db'", "a query is a SELECT"),
        ("INSTALL spatial", "a query is a SELECT"),
    ],
)
def test_refuses_in_one_line(local_lake: Lake, sql: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        query(local_lake, sql)
    assert "\n" not in str(raised.value)


def test_tables_are_joined_by_the_columns_that_they_share(local_lake: Lake) -> None:
    joined = query(local_lake, "SELECT count(*) AS n FROM rejections r JOIN duplicates d USING (logical_date, run_id)")

    assert joined.column("n")[0].as_py() > 0
