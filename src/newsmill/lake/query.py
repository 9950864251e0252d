"""SQL on a lake, by DuckDB."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from importlib import resources
from typing import TYPE_CHECKING

import pyarrow as pa

from newsmill.errors import NoLake, NotStored, SqlRefused, StorageError, UsageError
from newsmill.lake.head import Head
from newsmill.lake.read import Lake, files_at
from newsmill.schemas.dictionary import columns_of
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, table_schema
from newsmill.storage import ObjectStore, S3Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DUCKDB_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
"""Nothing is downloaded behind the user's back, and SQL sees no variable of this program."""

_ASKS_FOR_TABLES = re.compile(r"\s*SHOW\s+(?:ALL\s+)?TABLES\s*;?\s*", re.IGNORECASE)
_ASKS_FOR_COLUMNS = re.compile(r"\s*(?:DESCRIBE|DESC|SHOW)\s+(?:TABLE\s+)?(\w+)\s*;?\s*", re.IGNORECASE)
_NO_TABLE = re.compile(r"Table with name (\S+) does not exist")
_PARSER = DUCKDB_SETTINGS | {"enable_external_access": "false", "lock_configuration": "true"}
"""Some statements (IMPORT DATABASE) read files when they are parsed, before it is known what they are."""

_EXPLAIN = re.compile(r"\s*EXPLAIN\s+(?:ANALYZE\s+)?", re.IGNORECASE)


def query(lake: Lake, sql: str, *, allow_files: bool = False) -> pa.Table:
    """The result of a SELECT in DuckDB's dialect, each table a view, times in UTC, all of one state of the lake.

    It can read the folders of the tables that it names and nothing else, neither a file nor the network; with
    ``allow_files`` whatever this machine has in files too. SHOW TABLES and DESCRIBE give the dictionary's meanings.
    Raises SqlRefused for SQL that DuckDB refuses, UsageError for what is no single SELECT and for a lake that does not
    exist.
    """
    if (described := _meanings(sql)) is not None:
        return described
    import duckdb  # noqa: PLC0415, deliberately late: runs do without it, and it costs 0.1 s

    def run(head: Head) -> pa.Table:
        if head.tag is None:
            raise NoLake(lake.uri)
        with duckdb.connect(config=DUCKDB_SETTINGS) as connection, duckdb.connect(config=_PARSER) as parser:
            try:
                if not _only_reads(parser, sql):
                    raise UsageError("a query is one SELECT; the tables are changed by runs only")
                # By word, not by DuckDB's own list of names, which it refuses to give before the tables exist.
                words = set(re.findall(r"\w+", sql.lower()))
                named = [record for record in TABLES if record.table in words]
                _make_views(lake, connection, head, named)
                _confine(lake, connection, named, allow_files=allow_files)
                result: pa.Table = connection.execute(sql).to_arrow_table()
                return result
            except (duckdb.IOException, duckdb.HTTPException) as error:
                raise NotStored(f"{lake.uri}: {_one_line(error)}") from error
            except duckdb.PermissionException as error:
                raise UsageError(
                    f"a query reads the tables of the lake alone; --allow-files lets it read files of this machine "
                    f"({_one_line(error)})"
                ) from error
            except duckdb.Error as error:
                raise _refused(error) from error

    return lake.steadily(run)


def _meanings(sql: str) -> pa.Table | None:
    """What a question for the tables, or for the columns of one, is answered with; None for another question."""
    if _ASKS_FOR_TABLES.fullmatch(sql):
        return pa.Table.from_pylist([{"table": record.table, "one row": record.grain} for record in TABLES])
    asked = _ASKS_FOR_COLUMNS.fullmatch(sql)
    record = next((record for record in TABLES if asked and record.table == asked[1].lower()), None)
    return pa.Table.from_pylist(columns_of(record)) if record else None


def _refused(error: BaseException) -> SqlRefused:
    """What DuckDB says of a query in one line, the place apart; of a table that is none, the likely one."""
    said, _, place = str(error).partition("LINE ")
    if missing := _NO_TABLE.search(said):
        names = sorted(record.table for record in TABLES)
        likely = get_close_matches(missing[1].strip('"').lower(), names, 1)
        mend = f"is it {likely[0]}?" if likely else f"the tables are {', '.join(names)}"
        said = f"there is no table {missing[1]}; {mend}"
    return SqlRefused(" ".join(said.split()), f"LINE {place}" if place else "")


def _only_reads(connection: "DuckDBPyConnection", sql: str) -> bool:
    """Whether SQL is one SELECT to DuckDB's parser, to which SHOW, DESCRIBE and SUMMARIZE are such, or EXPLAIN of one.

    EXPLAIN ANALYZE runs what it explains, and the parser does not say what that is; so it is asked without the word.
    """
    explained = _EXPLAIN.match(sql)
    return _is_select(connection, sql[explained.end() :] if explained else sql)


def _is_select(connection: "DuckDBPyConnection", sql: str) -> bool:
    from duckdb import StatementType  # noqa: PLC0415, see query

    statements = connection.extract_statements(sql)
    if len(statements) == 1:
        # It writes out as JSON what was typed as a SELECT; a PRAGMA is one only after a rewriting.
        (said,) = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone() or ("{}",)
        return statements[0].type == StatementType.SELECT and json.loads(said).get("error") is False
    # Of PIVOT the parser makes a SELECT and, before it, the types of its columns; what it makes has no text.
    return (
        [statement.type for statement in statements[-1:]] == [StatementType.SELECT]
        and all(statement.type == StatementType.CREATE for statement in statements[:-1])
        and not any(statement.query for statement in statements)
    )


def _confine(
    lake: Lake, connection: "DuckDBPyConnection", records: Iterable[type[Record]], *, allow_files: bool
) -> None:
    """From here on the connection reads the folders of these tables, or all files of this machine, and cannot be talked
    into more."""
    folders = [f"{_path(lake.uri)}/{record.table}/" for record in records]
    # DuckDB asks for the path as it was given, as a pattern, and again for what the pattern has found.
    allowed = [*folders, *map(_no_pattern, folders), *(["/"] if allow_files else [])]
    connection.execute(f"SET allowed_directories = [{', '.join(map(_sql_string, dict.fromkeys(allowed)))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _make_views(lake: Lake, connection: "DuckDBPyConnection", head: Head, records: Iterable[type[Record]]) -> None:
    """A view for each table; only those that a query names, since DuckDB opens every file of a view."""
    connection.execute("SET TimeZone = 'UTC'")
    if lake.uri.startswith("s3://"):
        connection.execute(f"LOAD {_sql_string(_httpfs())}")
        make_secret(lake.store, connection)
    for record in records:
        files = files_at(lake.store, head, record.table)
        paths = [_sql_string(_no_pattern(_path(file.uri))) for file in files]
        # The empty table gives the columns that were added after the files were written. It is DuckDB's own: into a
        # table of Arrow it pushes filters down, in joins, that Arrow does not know, and the query fails.
        empty = f"{record.table}_columns"
        connection.register("columns_of_arrow", table_schema(record).empty_table())
        connection.execute(f"CREATE TEMP TABLE {empty} AS FROM columns_of_arrow")
        connection.unregister("columns_of_arrow")
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


def _path(uri: str) -> str:
    """A local path as such, an address as it is."""
    return uri.removeprefix("file://")


def _no_pattern(path: str) -> str:
    """A file's path for DuckDB, which takes ``*``, ``?`` and ``[`` in a path for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)


def _sql_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
