"""SQL on a lake, by DuckDB."""

import re
from collections.abc import Iterable
from importlib import resources
from typing import TYPE_CHECKING

import pyarrow as pa

from newsmill.errors import NotStored, StorageError, UsageError
from newsmill.lake.head import Head
from newsmill.lake.read import Lake, files_at
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, table_schema
from newsmill.storage import ObjectStore, S3Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DUCKDB_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
"""Nothing is downloaded behind the user's back."""


def query(lake: Lake, sql: str) -> pa.Table:
    """The result of a SELECT in DuckDB's dialect, each table a view, times in UTC, all of one state of the lake.

    Raises UsageError for SQL that DuckDB refuses, for statements that would change something, and for a lake that
    does not exist.
    """
    import duckdb  # noqa: PLC0415, deliberately late: runs do without it, and it costs 0.1 s

    def run(head: Head) -> pa.Table:
        if head.tag is None:
            raise UsageError(f"there is no lake at {lake.uri} yet; a first run makes it")
        with duckdb.connect(config=DUCKDB_SETTINGS) as connection:
            try:
                kinds = {statement.type for statement in connection.extract_statements(sql)}
                if not kinds or not kinds <= {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
                    raise UsageError("a query is a SELECT; the tables are changed by runs only")
                # By word, not by DuckDB's own list of names, which it refuses to give before the tables exist.
                words = set(re.findall(r"\w+", sql.lower()))
                _make_views(lake, connection, head, [record for record in TABLES if record.table in words])
                return connection.execute(sql).to_arrow_table()
            except (duckdb.IOException, duckdb.HTTPException) as error:
                raise NotStored(f"{lake.uri}: {_one_line(error)}") from error
            except duckdb.Error as error:
                raise UsageError(_one_line(error)) from error

    return lake.steadily(run)


def _make_views(lake: Lake, connection: "DuckDBPyConnection", head: Head, records: Iterable[type[Record]]) -> None:
    """A view for each table; only those that a query names, since DuckDB opens every file of a view."""
    connection.execute("SET TimeZone = 'UTC'")
    if lake.uri.startswith("s3://"):
        connection.execute(f"LOAD {_sql_string(_httpfs())}")
        make_secret(lake.store, connection)
    for record in records:
        paths = [_sql_string(_no_pattern(file.uri)) for file in files_at(lake.store, head, record.table)]
        empty = f"{record.table}_columns"
        connection.register(empty, table_schema(record).empty_table())
        # The empty table gives the columns that were added after the files were written.
        view = f"CREATE VIEW {record.table} AS FROM {empty}"
        if paths:
            source = f"read_parquet([{', '.join(paths)}], hive_partitioning = false, union_by_name = true)"
            view += f" UNION ALL BY NAME FROM {source}"
        connection.execute(view)


def make_secret(store: ObjectStore, connection: "DuckDBPyConnection") -> None:
    """Let a DuckDB connection, with httpfs loaded, read an S3 store as we do; nothing to do for a local one.

    The secret lives in the connection's memory only. Raises StorageError without usable credentials.
    """
    if not isinstance(store, S3Store):
        return
    import duckdb  # noqa: PLC0415, see query

    access = store.access()
    settings = {
        "KEY_ID": access.key_id,
        "SECRET": access.secret,
        "SESSION_TOKEN": access.token,
        "REGION": access.region,
        "SCOPE": f"s3://{store.bucket}",
        "ENDPOINT": access.endpoint,
        "URL_STYLE": "path" if access.endpoint else None,
    }
    stated = ["TYPE s3", f"USE_SSL {str(access.is_https).lower()}"]
    stated += [f"{name} {_sql_string(value)}" for name, value in settings.items() if value]
    try:
        connection.execute(f"CREATE OR REPLACE SECRET newsmill ({', '.join(stated)})")
    except duckdb.Error:
        # DuckDB's message would quote the statement, secret and all.
        raise StorageError(f"DuckDB does not take the settings of {store.place} as an S3 secret") from None


def _httpfs() -> str:
    """The extension's file: it comes as a package, since DuckDB's own way is a download."""
    from duckdb import __version__ as version  # noqa: PLC0415, see query

    file = resources.files("duckdb_extension_httpfs") / "extensions" / f"v{version}" / "httpfs.duckdb_extension"
    if not file.is_file():
        raise StorageError(f"duckdb-extension-httpfs does not fit duckdb {version}; install the same version of both")
    return str(file)


def _no_pattern(uri: str) -> str:
    """A file's path for DuckDB, which takes ``*``, ``?`` and ``[`` in a path for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in uri.removeprefix("file://"))


def _sql_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
