"""A lake that was moved, copied or renamed is read, run and rolled back where it is, and rebound for other readers."""

import shutil
from pathlib import Path

import boto3
import pyarrow as pa
import pytest
from pyiceberg.table import StaticTable

from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.reclaim import orphans
from newsmill.lake.repair import rebind
from newsmill.lake.rollback import rollback
from newsmill.schemas.rows import TABLES
from tests.conftest import S3Server
from tests.lake.dates import DAY, NEXT_DAY, runs_of
from tests.lake.test_readers import duckdb_iceberg, iceberg_table
from tests.lake.whole_dates import publish_run

COUNT = "SELECT logical_date, count(*) AS n FROM rejections GROUP BY ALL ORDER BY ALL"


def fill(lake: Lake) -> None:
    for number in (1, 2):
        publish_run(lake, f"run{number}", number)
    publish_run(lake, "other", 3, day=NEXT_DAY)


@pytest.fixture(params=["renamed", "copied", "another bucket", "from a folder into a bucket"])
def moved(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """A lake that is not where it was written."""
    kind, old = request.param, tmp_path / "old"
    if kind in {"renamed", "copied"}:
        fill(Lake.open(str(old)))
        if kind == "renamed":
            old.rename(tmp_path / "new")
        else:
            shutil.copytree(old, tmp_path / "new")
        return Lake.open(str(tmp_path / "new"))
    uri: str = request.getfixturevalue("s3_uri")
    server: S3Server = request.getfixturevalue("s3_server")
    source = Lake.open(uri if kind == "another bucket" else str(old))
    fill(source)
    client = boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1")
    bucket = f"moved-{uri.rpartition('-')[2]}"
    client.create_bucket(Bucket=bucket)
    target = Lake.open(f"s3://{bucket}/deep/lake", endpoint=server.endpoint, region="us-east-1")
    for info in source.store.list():
        target.store.write(info.key, source.store.read(info.key))
    source.store.delete([info.key for info in source.store.list()])
    return target


def seen(lake: Lake) -> list[int]:
    return [row["n"] for row in query(lake, COUNT).to_pylist()]


def through_iceberg(lake: Lake, table: str) -> list[pa.Table]:
    return [iceberg_table(lake, table).scan().to_arrow(), duckdb_iceberg(lake, table)]


def test_it_is_read_where_it_is(moved: Lake) -> None:
    assert moved.head().former_place(moved.uri)
    assert seen(moved) == [2, 3]
    assert all(file.uri.startswith(moved.uri) for file in moved.files("runs"))
    assert [info.metadata_uri and info.metadata_uri.startswith(moved.uri) for info in moved.tables()] == [True] * len(
        TABLES
    )
    assert orphans(moved) == []


def test_a_rebound_lake_is_read_by_all(moved: Lake) -> None:
    place, states = moved.head().former_place(moved.uri), list(moved.store.list("_superseded/"))

    assert rebind(moved) == place

    assert moved.head().former_place(moved.uri) is None
    assert rebind(moved) is None
    for record in TABLES:
        expected = len(moved.read(record.table))
        assert [len(rows) for rows in through_iceberg(moved, record.table)] == [expected, expected]
    assert seen(moved) == [2, 3]
    assert [info.key for info in moved.store.list("_superseded/")] == [info.key for info in states]


def test_a_publish_rebinds_it(moved: Lake) -> None:
    publish_run(moved, "later", 5, day=NEXT_DAY)

    assert seen(moved) == [2, 5]
    assert moved.head().former_place(moved.uri) is None
    assert [len(rows) for rows in through_iceberg(moved, "rejections")] == [7, 7]
    assert orphans(moved) == []


def test_a_date_is_rolled_back(moved: Lake) -> None:
    rollback(moved, DAY)

    assert (seen(moved), runs_of(moved, DAY)) == ([1, 3], {"run1"})
    assert [len(rows) for rows in through_iceberg(moved, "rejections")] == [4, 4]


def test_a_copy_does_not_touch_what_it_was_copied_from(tmp_path: Path) -> None:
    old, new = Lake.open(str(tmp_path / "old")), Lake.open(str(tmp_path / "new"))
    fill(old)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    before = {info.key: old.store.read(info.key) for info in old.store.list()}

    rebind(new)
    publish_run(new, "later", 5, day=NEXT_DAY)
    rollback(new, DAY)

    assert {info.key: old.store.read(info.key) for info in old.store.list()} == before
    assert len(StaticTable.from_metadata(old.head().tables["rejections"]).scan().to_arrow()) == 5


def test_there_is_nothing_to_rebind_where_no_lake_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake at"):
        rebind(Lake.open(str(tmp_path / "none")))
