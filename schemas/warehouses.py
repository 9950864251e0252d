"""Statements that make the lake's tables known to warehouses, and ``docs/warehouses.md``, written from the records.

All read the hive folders, whose files are those of the published state but for the moments of a publish. Printed by
``newsmill ddl --for NAME``; the document by ``python -m newsmill.schemas.warehouses``.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, table_schema

EXAMPLE = "s3://newsroom/lake"

type Statements = Callable[[type[Record], "Place"], list[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lake is; ``endpoint`` of a store that is not AWS; ``dates`` that have landed."""

    uri: str
    endpoint: str | None = None
    dates: Sequence[date] = ()

    def folder(self, record: type[Record]) -> str:
        """The folder of a table, with a slash at the end."""
        return f"{self.uri}/{record.table}/"

    def http(self, record: type[Record]) -> str:
        """The same as an address over HTTP."""
        bucket, _, prefix = self.uri.removeprefix("s3://").partition("/")
        host = f"{self.endpoint}/{bucket}" if self.endpoint else f"https://{bucket}.s3.amazonaws.com"
        folder = f"{prefix}/{record.table}".lstrip("/")
        return f"{host}/{folder}/"


@dataclass(frozen=True, slots=True)
class Types:
    """How a warehouse spells the types of our columns. ``list_of`` and ``struct_of`` are formats of their contents."""

    words: Mapping[pa.DataType, str]
    list_of: str
    struct_of: str
    field_of: str
    nullable: str = "{}"

    def spell(self, kind: pa.DataType) -> str:
        """The type, without its nullability."""
        if pa.types.is_list(kind):
            return self.list_of.format(self.spell(kind.value_type))
        if pa.types.is_struct(kind):
            fields = (self.field_of.format(field.name, self.spell(field.type)) for field in kind)
            return self.struct_of.format(", ".join(fields))
        return self.words[kind]

    def columns(self, record: type[Record], quote: str) -> str:
        """The column list, a line each. Lists are never nullable: where a warehouse tells, none is an empty one."""
        lines = []
        for field in table_schema(record):
            spelled = self.spell(field.type)
            if field.nullable and not pa.types.is_list(field.type):
                spelled = self.nullable.format(spelled)
            lines.append(f"  {quote}{field.name}{quote} {spelled}")
        return ",\n".join(lines)


def _types(
    text: str, whole: tuple[str, str], real: str, truth: str, day: str, moment: str, octets: str,
    nested: tuple[str, str, str], nullable: str = "{}",
) -> Types:  # fmt: skip
    words: dict[pa.DataType, str] = {
        pa.string(): text,
        pa.int32(): whole[0],
        pa.int64(): whole[1],
        pa.float64(): real,
        pa.bool_(): truth,
        pa.date32(): day,
        pa.timestamp("us", tz="UTC"): moment,
        pa.binary(): octets,
    }
    return Types(words, *nested, nullable)


HIVE = _types(
    "string", ("int", "bigint"), "double", "boolean", "date", "timestamp", "binary",
    ("array<{}>", "struct<{}>", "`{}`: {}"),
)  # fmt: skip
ATHENA = _types(
    "string", ("int", "bigint"), "double", "boolean", "date", "timestamp", "binary",
    ("array<{}>", "struct<{}>", "{}:{}"),
)  # fmt: skip
REDSHIFT = _types(
    "varchar(65535)", ("int", "bigint"), "double precision", "boolean", "date", "timestamp", "varbyte(1024000)",
    ("array<{}>", "struct<{}>", '"{}":{}'),
)  # fmt: skip
BIGQUERY = _types(
    "STRING", ("INT64", "INT64"), "FLOAT64", "BOOL", "DATE", "TIMESTAMP", "BYTES",
    ("ARRAY<{}>", "STRUCT<{}>", "`{}` {}"),
)  # fmt: skip
SNOWFLAKE = _types(
    "VARCHAR", ("INTEGER", "BIGINT"), "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP_TZ", "BINARY",
    ("ARRAY", "{}", "{} {}"),
)  # fmt: skip
CLICKHOUSE = _types(
    "String", ("Int32", "Int64"), "Float64", "Bool", "Date32", "DateTime64(6, \\'UTC\\')", "String",
    ("Array({})", "Tuple({})", "{} {}"), "Nullable({})",
)  # fmt: skip


def _athena(record: type[Record], place: Place) -> list[str]:
    folder = place.folder(record)
    return [
        f"""CREATE EXTERNAL TABLE newsmill.{record.table} (
{ATHENA.columns(record, "`")}
)
PARTITIONED BY (`date` date)
STORED AS PARQUET
LOCATION '{folder}'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.date.type' = 'date',
  'projection.date.format' = 'yyyy-MM-dd',
  'projection.date.range' = '2000-01-01,NOW+1DAYS',
  'storage.location.template' = '{folder}date=${{date}}/'
)"""
    ]


def _bigquery(record: type[Record], place: Place) -> list[str]:
    folder = place.folder(record)
    return [
        f"""CREATE EXTERNAL TABLE newsmill.{record.table} (
{BIGQUERY.columns(record, "`")}
)
WITH CONNECTION `aws-us-east-1.newsmill`
WITH PARTITION COLUMNS (`date` DATE)
OPTIONS (
  format = 'PARQUET',
  enable_list_inference = TRUE,
  uris = ['{folder}*.parquet'],
  hive_partition_uri_prefix = '{folder}'
)"""
    ]


def _snowflake(record: type[Record], place: Place) -> list[str]:
    columns = ",\n".join(
        f'  "{field.name}" {SNOWFLAKE.spell(field.type)} AS (value:"{field.name}"::{SNOWFLAKE.spell(field.type)})'
        for field in table_schema(record)
    )
    # The stage of a table alone, so that the pattern cannot meet the files of another or of a former state.
    return [
        f"CREATE STAGE newsmill.{record.table}_files URL = '{place.folder(record)}' STORAGE_INTEGRATION = newsmill",
        f"""CREATE EXTERNAL TABLE newsmill.{record.table} (
{columns},
  "date" DATE AS (TO_DATE(SPLIT_PART(SPLIT_PART(METADATA$FILENAME, 'date=', 2), '/', 1)))
)
PARTITION BY ("date")
LOCATION = @newsmill.{record.table}_files
PATTERN = '.*/date=[^/]+/[^/]+[.]parquet'
AUTO_REFRESH = FALSE
FILE_FORMAT = (TYPE = PARQUET)""",
    ]


def _redshift(record: type[Record], place: Place) -> list[str]:
    folder = place.folder(record)
    return [
        f"""CREATE EXTERNAL TABLE newsmill.{record.table} (
{REDSHIFT.columns(record, '"')}
)
PARTITIONED BY ("date" date)
STORED AS PARQUET
LOCATION '{folder}'
TABLE PROPERTIES ('surplus_char_handling' = 'TRUNCATE')""",
        *(
            f"ALTER TABLE newsmill.{record.table} ADD IF NOT EXISTS PARTITION (\"date\" = '{day}')"
            f" LOCATION '{folder}date={day}/'"
            for day in place.dates
        ),
    ]


def _databricks(record: type[Record], place: Place) -> list[str]:
    return [
        f"""CREATE TABLE newsmill.{record.table} (
{HIVE.columns(record, "`")},
  `date` date
)
USING PARQUET
PARTITIONED BY (`date`)
LOCATION '{place.folder(record)}'""",
        f"MSCK REPAIR TABLE newsmill.{record.table}",
    ]


def _clickhouse(record: type[Record], place: Place) -> list[str]:
    structure = " ".join(f"{CLICKHOUSE.columns(record, '')}, date Date32".split())
    local = "://" not in place.uri
    function = "file" if local else "s3"
    files = f"{place.folder(record) if local else place.http(record)}date=*/*.parquet"
    return [
        f"CREATE VIEW {record.table} AS\nSELECT * FROM {function}('{files}', 'Parquet', '{structure}')",
    ]


def _duckdb(record: type[Record], place: Place) -> list[str]:
    files = f"'{place.folder(record)}date=*/*.parquet'"
    return [
        f"CREATE VIEW {record.table} AS\nFROM read_parquet({files}, hive_partitioning = true, union_by_name = true)",
    ]


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse: its statements for a table, what to know about them, and how they were checked."""

    title: str
    statements: Statements
    notes: str
    checked: str


WAREHOUSES: Mapping[str, Warehouse] = {
    "athena": Warehouse(
        "Athena and Glue",
        _athena,
        'Dates are projected, so a new one is seen without a crawler or `MSCK REPAIR`. Filter on `"date"`.',
        "parsed by sqlglot as Athena's DDL",
    ),
    "bigquery": Warehouse(
        "BigQuery",
        _bigquery,
        "`s3://` needs BigQuery Omni and a connection in the bucket's region; for a copy in Google Cloud Storage write"
        " `gs://` and leave the connection out.",
        "columns and options parsed by sqlglot as BigQuery's DDL; the `WITH` clauses are outside its grammar",
    ),
    "snowflake": Warehouse(
        "Snowflake",
        _snowflake,
        "`newsmill` is a storage integration that may read the bucket. After a publish:"
        " `ALTER EXTERNAL TABLE newsmill.quotes REFRESH`.",
        "parsed by sqlglot as Snowflake's DDL",
    ),
    "redshift": Warehouse(
        "Redshift Spectrum",
        _redshift,
        "`newsmill` is an external schema. Spectrum does not project dates: `newsmill ddl --for redshift` prints an"
        " `ALTER TABLE` for each date that has landed. Texts of more than 65,535 bytes are cut.",
        "parsed by sqlglot as Redshift's DDL",
    ),
    "databricks": Warehouse(
        "Databricks",
        _databricks,
        "`newsmill` is a schema with an external location for the lake. After a new date: `MSCK REPAIR TABLE`.",
        "parsed by sqlglot as Databricks' DDL",
    ),
    "clickhouse": Warehouse(
        "ClickHouse",
        _clickhouse,
        "Credentials come from the server's environment or its configuration for the address. A list that is null reads"
        " as empty.",
        "executed by chDB (ClickHouse in a process) over HTTP on an S3 server",
    ),
    "duckdb": Warehouse(
        "DuckDB",
        _duckdb,
        "`newsmill query` has these tables without any statement. Elsewhere: `INSTALL httpfs`, and"
        " `CREATE SECRET (TYPE s3, PROVIDER credential_chain)`.",
        "executed over HTTP on an S3 server",
    ),
}


def ddl(warehouse: str, place: Place) -> list[str]:
    """The statements that make all tables known to a warehouse."""
    tables = sorted(TABLES, key=lambda record: record.table)
    return [statement for record in tables for statement in WAREHOUSES[warehouse].statements(record, place)]


_HEAD = """# Warehouses

Written from `schemas/` by `make docs`; do not edit.

The tables are plain Parquet in hive folders, `<lake>/<table>/date=YYYY-MM-DD/*.parquet`, so a warehouse reads them
where they lie. `newsmill ddl --for NAME` prints the statements for all tables of your lake; below is `quotes` of
`s3://newsroom/lake` for each. The partition column is `date`; `logical_date` in the rows is the same day. Times are UTC
in microseconds.

**While a date is published** a reader of folders may for seconds see files of the old and the new state together.
Readers that must not, open the Iceberg metadata file that `newsmill tables` names, or use `newsmill query`.

## Readers that were tried

Each over HTTP on a real S3 server and in a folder, all tables, nested lists, null columns and a date that had been
published twice: the same counts and the same ten rows (`tests/lake/test_readers.py`).

| reader | hive folders | Iceberg metadata file |
|---|---|---|
| `newsmill query` | | yes |
| DuckDB 1.5 | `read_parquet(..., hive_partitioning = true)` | `iceberg_scan('<metadata file>')` |
| Polars 2.1 | `scan_parquet(..., hive_partitioning=True)` | `scan_iceberg(<PyIceberg table>)` |
| PyArrow 26 datasets | `dataset(..., partitioning=partitioning(flavor="hive"))` | |
| ClickHouse 26 (chDB 4.4) | `s3(...)` with `use_hive_partitioning = 1` | |
| DataFusion 55 | `register_parquet(..., table_partition_cols=[("date", ...)])` | |
| PyIceberg 0.12 | | `StaticTable.from_metadata` |

Spark is not among them, since its package is large and has no S3 file system; Spark 4.3 was tried once by hand on the
same lake in a folder: the same counts and rows in all tables. PyArrow takes the hive `date` for a string unless it is
told the type. Statements for services that cannot run here are parsed by their dialect's grammar, no more.
"""


def document() -> str:
    """``docs/warehouses.md``."""
    quotes = next(record for record in TABLES if record.table == "quotes")
    place = Place(EXAMPLE, dates=(date(2026, 1, 31),))
    parts = [_HEAD]
    for name, warehouse in WAREHOUSES.items():
        statements = ";\n\n".join(warehouse.statements(quotes, place))
        parts.append(
            f"## {warehouse.title}\n\n`newsmill ddl --for {name}`. {warehouse.notes} Checked: {warehouse.checked}.\n\n"
            f"```sql\n{statements};\n```\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(document())
