"""Every reader that we name, over HTTP on a real S3 server: the same counts and the same ten rows."""

from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources

import chdb
import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as pafs
import pytest
from chdb.session import Session
from datafusion.object_store import AmazonS3
from pyarrow import ipc
from pyiceberg.table import StaticTable

from newsmill.lake import Lake
from newsmill.lake.query import make_secret, query
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, LedgerEntry, table_schema
from newsmill.schemas.warehouses import Place, ddl
from newsmill.storage import S3Store
from newsmill.tasks.land.partition import land
from tests.conftest import ACCESS_KEY, SECRET_KEY
from tests.rows import ARTICLE, DUPLICATE, ENTITY, LEDGER, LINK, QUOTE, REJECTION, RUN

type Reader = Callable[[Lake, str], pa.Table]

REPLACED = date(2026, 1, 5)
"""The date that is published twice: its former files must be seen by nobody."""

PUBLISHED = ((date(2026, 1, 6), 5), (REPLACED, 16))
"""Dates with the number of articles that they have in the end."""

REGION = "us-east-1"


def rows_of(day: date, count: int) -> dict[type[Record], list[Record]]:
    """``count`` articles with all that belongs to them: lists that are empty, nested or null, and null columns."""
    articles = [
        ARTICLE.replace(
            article_id=f"{number:016x}",
            authors=ARTICLE.authors * (number % 3),
            published_at=ARTICLE.published_at if number % 2 else None,
            is_wire=(True, False, None)[number % 3],
        )
        for number in range(count)
    ]
    return {
        Article: list(articles),
        type(ENTITY): [ENTITY.replace(article_id=article.article_id) for article in articles],
        type(QUOTE): [
            QUOTE.replace(
                article_id=article.article_id,
                segments=QUOTE.segments * (1 + number % 2),
                confidence=number / 64,
                speaker_role=None if number % 2 else "mayor, “acting”",
            )
            for number, article in enumerate(articles)
        ],
        type(LINK): [LINK.replace(article_id=article.article_id) for article in articles],
        type(DUPLICATE): [DUPLICATE.replace(duplicate_of_date=day)],
        LedgerEntry: [*LEDGER],
        type(REJECTION): [REJECTION],
        type(RUN): [RUN.replace(attempt_id=f"{day}-{count}")],
    }


def stage(lake: Lake, rows: dict[type[Record], list[Record]]) -> dict[str, list[str]]:
    staged = {}
    for record, found in rows.items():
        staged[record.table] = [staged_key("attempt", record.table)]
        write_table(lake, staged[record.table][0], record.to_arrow(found))
    return staged


@pytest.fixture(scope="module", params=["local", "s3"])
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake of two dates, one of which has been published twice."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "s3":
            server = request.getfixturevalue("s3_server")
            patch.setenv("AWS_ENDPOINT_URL", server.endpoint)
            patch.setenv("AWS_REGION", REGION)
            made = Lake.open(f"s3://{server.bucket}/readers", endpoint=server.endpoint, region=REGION)
        else:
            made = Lake.open(str(tmp_path_factory.mktemp("readers") / "lake"))
        for day, count in ((REPLACED, 7), *PUBLISHED):
            land(made, day, f"run{count}", stage(made, rows_of(day, count)))
        yield made


def endpoint(lake: Lake) -> str:
    return lake.store.endpoint or "" if isinstance(lake.store, S3Store) else ""


def duckdb_rows(lake: Lake, sql: str) -> pa.Table:
    """With the extensions that come as packages, since none can be downloaded here."""
    with duckdb.connect() as connection:
        for name in ("httpfs", "avro", "iceberg"):
            folder = resources.files(f"duckdb_extension_{name}") / f"extensions/v{duckdb.__version__}"
            connection.execute(f"LOAD '{folder / f'{name}.duckdb_extension'}'")
        make_secret(lake.store, connection)
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(sql).to_arrow_table()


def metadata_uri(lake: Lake, table: str) -> str:
    (uri,) = (info.metadata_uri for info in lake.tables() if info.name == table)
    return uri or ""


def newsmill_query(lake: Lake, table: str) -> pa.Table:
    return query(lake, f"SELECT * FROM {table}")


def duckdb_folders(lake: Lake, table: str) -> pa.Table:
    files = f"read_parquet('{lake.uri.removeprefix('file://')}/{table}/date=*/*.parquet', hive_partitioning = true)"
    return duckdb_rows(lake, f"SELECT * FROM {files} WHERE date >= DATE '2026-01-01'")


def duckdb_iceberg(lake: Lake, table: str) -> pa.Table:
    return duckdb_rows(lake, f"SELECT * FROM iceberg_scan('{metadata_uri(lake, table)}')")


def polars_options(lake: Lake) -> dict[str, str]:
    if not endpoint(lake):
        return {}
    return {
        "aws_endpoint_url": endpoint(lake),
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": SECRET_KEY,
        "aws_region": REGION,
        "aws_allow_http": "true",
    }


def polars_folders(lake: Lake, table: str) -> pa.Table:
    files = f"{lake.uri.removeprefix('file://')}/{table}/date=*/*.parquet"
    scan = pl.scan_parquet(files, storage_options=polars_options(lake), hive_partitioning=True)
    return scan.filter(pl.col("date") >= date(2026, 1, 1)).collect().to_arrow()


def iceberg_table(lake: Lake, table: str) -> StaticTable:
    properties = {
        "s3.endpoint": endpoint(lake),
        "s3.access-key-id": ACCESS_KEY,
        "s3.secret-access-key": SECRET_KEY,
        "s3.region": REGION,
    }
    return StaticTable.from_metadata(metadata_uri(lake, table), properties if endpoint(lake) else {})


def polars_iceberg(lake: Lake, table: str) -> pa.Table:
    return pl.scan_iceberg(iceberg_table(lake, table), storage_options=polars_options(lake)).collect().to_arrow()


def pyiceberg_scan(lake: Lake, table: str) -> pa.Table:
    return iceberg_table(lake, table).scan(row_filter="logical_date >= '2026-01-01'").to_arrow()


def pyarrow_folders(lake: Lake, table: str) -> pa.Table:
    filesystem = None
    if endpoint(lake):
        filesystem = pafs.S3FileSystem(
            access_key=ACCESS_KEY, secret_key=SECRET_KEY, endpoint_override=endpoint(lake), region=REGION
        )
    days = ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive")
    folder = f"{lake.uri.partition('://')[2]}/{table}"
    dataset = ds.dataset(folder, filesystem=filesystem, partitioning=days, format="parquet")
    return dataset.to_table(filter=ds.field("date") >= date(2026, 1, 1))


def chdb_query(sql: str) -> pa.Table:
    with ipc.open_file(bytes(chdb.query(sql, "Arrow").bytes())) as reader:  # type: ignore[no-untyped-call]
        return reader.read_all()


def chdb_folders(lake: Lake, table: str) -> pa.Table:
    if endpoint(lake):
        folder = lake.uri.replace("s3://", f"{endpoint(lake)}/")
        source = f"s3('{folder}/{table}/date=*/*.parquet', '{ACCESS_KEY}', '{SECRET_KEY}', 'Parquet')"
    else:
        source = f"file('{lake.uri.removeprefix('file://')}/{table}/date=*/*.parquet', 'Parquet')"
    sql = f"SELECT * FROM {source} WHERE date >= '2026-01-01' SETTINGS use_hive_partitioning = 1"
    return chdb_query(sql)


def datafusion_folders(lake: Lake, table: str) -> pa.Table:
    context = datafusion.SessionContext()
    if endpoint(lake):
        bucket = lake.uri.split("/")[2]
        store = AmazonS3(
            bucket_name=bucket,
            region=REGION,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            endpoint=endpoint(lake),
            allow_http=True,
        )
        context.register_object_store("s3://", store, bucket)
    folder = f"{lake.uri.removeprefix('file://')}/{table}/"
    context.register_parquet("landed", folder, table_partition_cols=[("date", pa.date32())])
    return context.sql("SELECT * FROM landed WHERE date >= DATE '2026-01-01'").to_arrow_table()


READERS = (
    newsmill_query,
    duckdb_folders,
    duckdb_iceberg,
    polars_folders,
    polars_iceberg,
    pyarrow_folders,
    pyiceberg_scan,
    chdb_folders,
    datafusion_folders,
)


def ten_rows(table: pa.Table, record: type[Record]) -> list[dict[str, object]]:
    """The first ten rows in an order that every reader can give, with the types of the contract.

    ClickHouse knows no null for a list, and PyIceberg loses it of a list of objects; both give an empty one.
    """
    schema = table_schema(record)
    rows = table.select(schema.names).cast(schema)
    order = [name for name in ("logical_date", "article_id", "input_id", "attempt_id") if name in schema.names]
    found = rows.sort_by([(name, "ascending") for name in order]).slice(0, 10).to_pylist()
    lists = [field.name for field in schema if pa.types.is_list(field.type) and field.nullable]
    return [row | {name: row[name] or None for name in lists} for row in found]


@pytest.mark.filterwarnings("ignore:Iceberg scan planning with the polars_iceberg plugin")
@pytest.mark.parametrize("record", TABLES, ids=lambda record: record.table)
@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_reader_sees_the_counts_and_the_rows(lake: Lake, read: Reader, record: type[Record]) -> None:
    expected = lake.read(record.table)

    found = read(lake, record.table)

    assert len(found) == len(expected) == sum(len(rows_of(day, count)[record]) for day, count in PUBLISHED)
    assert ten_rows(found, record) == ten_rows(expected, record)


def place_of(lake: Lake) -> Place:
    return Place(lake.uri.removeprefix("file://"), endpoint(lake) or None)


def test_duckdb_takes_the_statements_for_it(lake: Lake) -> None:
    statements = ";".join(ddl("duckdb", place_of(lake)))
    for record in TABLES:
        found = duckdb_rows(lake, f"{statements}; SELECT * FROM {record.table} WHERE date = logical_date")

        assert len(found) == len(lake.read(record.table))
        assert ten_rows(found, record) == ten_rows(lake.read(record.table), record)


def test_clickhouse_takes_the_statements_for_it(lake: Lake) -> None:
    with Session() as session:  # type: ignore[no-untyped-call]
        session.query("CREATE DATABASE newsmill")
        session.query("USE newsmill")
        for statement in ddl("clickhouse", place_of(lake)):
            session.query(statement)
        for record in TABLES:
            answer = session.query(f"SELECT * FROM {record.table} WHERE date = logical_date", "Arrow")
            with ipc.open_file(bytes(answer.bytes())) as reader:
                found = reader.read_all()

            assert len(found) == len(lake.read(record.table))
            assert ten_rows(found, record) == ten_rows(lake.read(record.table), record)
