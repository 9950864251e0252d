"""The published tables in catalog services: seen by name as they were published, whatever becomes of the service."""

import itertools
import socket
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import boto3
import duckdb
import pytest
from botocore.stub import Stubber
from pydantic import ValidationError
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.catalog.glue import GlueCatalog

from newsmill.config import CatalogConfig, Settings
from newsmill.errors import CatalogBehind
from newsmill.flows.beside import refresh_beside
from newsmill.lake import Lake
from newsmill.lake.catalog import mirror
from newsmill.lake.query import make_secret
from newsmill.lake.rollback import rollback
from newsmill.schemas.rows import TABLES, Duplicate, table_schema
from tests.conftest import ACCESS_KEY, SECRET_KEY, S3Server
from tests.lake.catalogs import POSTGRES, postgres
from tests.lake.dates import DAY, NEXT_DAY, publish_rows

SECRET = f"{ACCESS_KEY}:{SECRET_KEY}"
WAREHOUSE = "s3://catalogs/"
ALL = tuple(sorted(record.table for record in TABLES))
_namespaces = itertools.count()


@pytest.fixture(params=["sqlite", "postgres", "rest"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CatalogConfig]:
    if request.param == "sqlite":
        yield CatalogConfig(type="sql", uri=f"sqlite:///{tmp_path / 'catalog.db'}")
    elif request.param == "rest":
        yield request.getfixturevalue("rest")
    elif POSTGRES is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with postgres() as uri:
            yield CatalogConfig(type="sql", uri=uri, secret="swordfish")


@pytest.fixture
def rest(s3_server: S3Server) -> CatalogConfig:
    """A namespace of its own in the REST catalog of the S3 server."""
    tables = boto3.client("s3tables", endpoint_url=s3_server.endpoint, region_name="us-east-1")
    if not tables.list_table_buckets().get("tableBuckets"):
        tables.create_table_bucket(name="catalogs")
    return CatalogConfig(
        type="rest",
        uri=s3_server.catalog,
        warehouse=WAREHOUSE,
        namespace=f"mill_{next(_namespaces)}",
        secret=SECRET,
    )


def opened(config: CatalogConfig, lake: Lake) -> Catalog:
    """As any other reader of Iceberg opens it."""
    options: dict[str, str] = {"uri": config.uri or ""}
    if config.type == "rest":
        options |= {"warehouse": WAREHOUSE, "credential": SECRET, "oauth2-server-uri": f"{config.uri}/v1/oauth/tokens"}
    elif config.secret:
        options["uri"] = options["uri"].replace("@", f":{config.secret.get_secret_value()}@")
    if lake.uri.startswith("s3:"):
        endpoint = str(lake.store.place)  # type: ignore[attr-defined]
        options |= {"s3.endpoint": endpoint, "s3.region": "us-east-1"}
    return load_catalog("newsmill", type=config.type, **options)


def seen(config: CatalogConfig, lake: Lake) -> dict[str, int]:
    """The rows of each run that readers find by name: PyIceberg, and DuckDB at the metadata that the catalog names."""
    table = opened(config, lake).load_table((config.namespace, "duplicates"))
    runs = [str(run_id) for run_id in table.scan(selected_fields=("run_id",)).to_arrow()["run_id"].to_pylist()]
    found = {run_id: runs.count(run_id) for run_id in sorted(set(runs))}
    with duckdb.connect() as connection:
        for name in ("httpfs", "avro", "iceberg"):
            folder = resources.files(f"duckdb_extension_{name}") / f"extensions/v{duckdb.__version__}"
            connection.execute(f"LOAD '{folder / f'{name}.duckdb_extension'}'")
        make_secret(lake.store, connection)
        source = f"iceberg_scan('{table.metadata_location}')"
        if config.type == "rest":
            connection.execute(
                f"CREATE SECRET catalog (TYPE iceberg, CLIENT_ID '{ACCESS_KEY}', CLIENT_SECRET '{SECRET_KEY}',"
                f" OAUTH2_SERVER_URI '{config.uri}/v1/oauth/tokens')"
            )
            connection.execute(f"ATTACH '{WAREHOUSE}' AS c (TYPE iceberg, ENDPOINT '{config.uri}', SECRET catalog)")
            source = f"c.{config.namespace}.duplicates"
        rows = connection.execute(f"SELECT run_id, count(*) FROM {source} GROUP BY 1 ORDER BY 1").fetchall()
    assert dict(rows) == found
    return found


def test_what_is_published_is_seen_by_name(s3_uri: str, config: CatalogConfig) -> None:
    lake = Lake.open(s3_uri)
    publish_rows(lake, DAY, "first", 3)

    assert mirror(lake, config) == ALL
    assert seen(config, lake) == {"first": 3}

    publish_rows(lake, DAY, "second", 4)
    publish_rows(lake, NEXT_DAY, "third", 2)
    assert mirror(lake, config, dry=True) == ("duplicates", "rejections")
    assert mirror(lake, config) == ("duplicates", "rejections")
    assert seen(config, lake) == {"second": 4, "third": 2}

    rollback(lake, DAY)
    mirror(lake, config)
    assert seen(config, lake) == {"first": 3, "third": 2}
    assert mirror(lake, config) == ()


def test_a_lake_in_a_folder_is_seen_in_a_sql_catalog(tmp_path: Path) -> None:
    lake, config = Lake.open(str(tmp_path / "lake")), CatalogConfig(type="sql", uri=f"sqlite:///{tmp_path / 'c.db'}")
    publish_rows(lake, DAY, "first", 3)

    assert mirror(lake, config, dry=True) == ALL
    assert mirror(lake, config) == ALL
    assert seen(config, lake) == {"first": 3}


def test_a_column_that_is_new_reaches_a_rest_catalog(s3_uri: str, rest: CatalogConfig) -> None:
    """The older lake stands at the address that it was written at."""
    lake = Lake.open(f"{s3_uri.rpartition('/')[0]}/lake-v1")
    lake.store.delete([info.key for info in lake.store.list()])
    older = Path(__file__).parent / "v1"
    for path in filter(Path.is_file, sorted(older.rglob("*"))):
        lake.store.write_file(path.relative_to(older).as_posix(), path)
    mirror(lake, rest)
    before = opened(rest, lake).load_table((rest.namespace, "duplicates")).schema().column_names

    publish_rows(lake, NEXT_DAY, "newer", 2)
    mirror(lake, rest)

    after = opened(rest, lake).load_table((rest.namespace, "duplicates")).schema().column_names
    assert after == [*before, *(name for name in table_schema(Duplicate).names if name not in before)]
    assert len(after) > len(before)
    assert seen(rest, lake)["newer"] == 2


def test_two_that_publish_tell_the_last_state(
    s3_uri: str, config: CatalogConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was slow reads the head again before it is content."""
    lake = Lake.open(s3_uri)
    publish_rows(lake, DAY, "first", 3)
    heads: list[str] = []
    read = Lake.head

    def head(self: Lake) -> object:
        found = read(self)
        heads.append(found.commit)
        if len(heads) == 1:
            publish_rows(lake, NEXT_DAY, "second", 2)
        return found

    monkeypatch.setattr(Lake, "head", head)
    mirror(lake, config)

    assert seen(config, lake) == {"first": 3, "second": 2}


@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("rest", "http://127.0.0.1:1"),
        ("sql", "postgresql+pg8000://news@127.0.0.1:1/db"),
        ("sql", "sqlite:////nowhere/at/all.db"),
        ("sql", "no address"),
        ("hive", "thrift://127.0.0.1:1"),
    ],
)
def test_a_service_that_is_not_there_is_told_in_a_line_without_a_secret(tmp_path: Path, kind: str, uri: str) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    publish_rows(lake, DAY, "first", 3)
    config = CatalogConfig.model_validate({"type": kind, "uri": uri, "secret": "sword:fish"})

    (told,) = refresh_beside(Settings(lake=lake.uri, catalog=config), lake)

    assert uri.replace("news@", "") in told
    assert "newsmill catalog sync" in told
    assert "\n" not in told
    assert "fish" not in told


def test_a_service_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    publish_rows(lake, DAY, "first", 3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = CatalogConfig(type="rest", uri=f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=1)
        start = time.monotonic()
        with pytest.raises(CatalogBehind, match="within 1 seconds"):
            mirror(lake, config)

    assert time.monotonic() - start < 10


def test_another_lake_takes_the_place_of_one_in_a_rest_catalog(s3_uri: str, rest: CatalogConfig) -> None:
    former, lake = Lake.open(f"{s3_uri}/a"), Lake.open(f"{s3_uri}/b")
    publish_rows(former, DAY, "former", 3)
    publish_rows(lake, DAY, "latter", 2)
    mirror(former, rest)

    mirror(lake, rest)

    assert seen(rest, lake) == {"latter": 2}
    assert len(former.read("duplicates")) == 3


def test_a_table_over_the_lakes_own_files_is_not_dropped(
    s3_uri: str, rest: CatalogConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake.open(s3_uri)
    publish_rows(lake, DAY, "first", 3)
    mirror(lake, rest)
    monkeypatch.setattr("pyiceberg.table.Table.location", lambda _: f"{lake.uri}/duplicates")
    monkeypatch.setattr("newsmill.lake.catalog.TABLE_UUID", "another")

    with pytest.raises(CatalogBehind, match="over the lake's own files"):
        mirror(lake, rest)


def test_glue_is_given_the_new_address_of_a_table(s3_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By botocore's own model of Glue, since there is none here."""
    lake = Lake.open(s3_uri)
    publish_rows(lake, DAY, "first", 3)
    client = boto3.client("glue", region_name="us-east-1")
    tables = lake.head().tables
    with Stubber(client) as stub:
        stub.add_response("create_database", {})
        for number, (name, uri) in enumerate(tables.items()):
            if number:
                found = {
                    "Name": name,
                    "VersionId": "7",
                    "Parameters": {"metadata_location": "s3://b/old.metadata.json"},
                }
                stub.add_response("get_table", {"Table": found}, {"DatabaseName": "newsmill", "Name": name})
                stub.add_response("update_table", {})
            else:
                stub.add_client_error("get_table", "EntityNotFoundException")
                stub.add_response("create_table", {})
            assert uri.startswith(lake.uri)
        monkeypatch.setattr("newsmill.lake.catalog.load_catalog", lambda name, **_: GlueCatalog(name, client))

        assert mirror(lake, CatalogConfig(type="glue")) == tuple(tables)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"type": "sql", "uri": "postgresql://news:swordfish@db/catalog"}, "NEWSMILL_CATALOG__SECRET"),
        ({"type": "rest"}, "needs its uri"),
        ({"type": "sql", "uri": "sqlite:///c.db", "namespace": "a.b"}, "namespace"),
    ],
    ids=["a password", "no address", "a namespace of two"],
)
def test_settings_that_cannot_be_are_refused(values: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        CatalogConfig.model_validate(values)

    assert said in str(raised.value)
    assert "swordfish" not in str(raised.value)
