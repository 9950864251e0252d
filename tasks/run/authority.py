"""The user's own file of names and ids, CSV or Parquet, as rows."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.config import Settings
from newsmill.errors import ConfigError

_PARQUET = b"PAR1"
_DELIMITERS = ",;\t"


class NameKind(StrEnum):
    """What bears a name."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """An id with the names that it is known by; of any kind, if the file does not say."""

    id: str
    names: tuple[str, ...]
    kind: NameKind | None


def authority_rows(settings: Settings) -> tuple[AuthorityRow, ...]:
    """The rows of the settings' authority, read once a process; none if none is set.

    Raises ConfigError, in one line, for a file that is missing, wrong, or another than the process began with.
    """
    digest = settings.authority_hash()
    return read_authority(settings.authority, digest) if settings.authority and digest else ()


@cache
def read_authority(path: str, digest: str) -> tuple[AuthorityRow, ...]:
    """The rows of the file that has this SHA-256."""
    try:
        content = Path(path).expanduser().read_bytes()
    except OSError as error:
        _refuse(path, error.strerror or str(error))
    if hashlib.sha256(content).hexdigest() != digest:
        _refuse(path, "it has been changed meanwhile; start anew")
    found: list[AuthorityRow] = []
    for number, row in enumerate(_records(path, content), start=1):
        names = [name for name in (_text(row.get("name")), *_aliases(row.get("aliases"))) if name]
        identity, kind = _text(row.get("id")), _text(row.get("kind")).lower()
        if not identity or not _text(row.get("name")):
            _refuse(path, f"row {number} has no {'id' if not identity else 'name'}")
        if kind and kind not in set(NameKind):
            _refuse(path, f"row {number} has kind {kind!r}, which is none of {', '.join(NameKind)}")
        found.append(AuthorityRow(identity, tuple(dict.fromkeys(names)), NameKind(kind) if kind else None))
    if not found:
        _refuse(path, "it has no rows")
    return tuple(found)


def _records(path: str, content: bytes) -> Iterator[Mapping[str, Any]]:
    """The rows by the names of the columns, which may be in any order and case; others than ours are left aside."""
    if content.startswith(_PARQUET):
        try:
            table = pq.ParquetFile(io.BytesIO(content)).read()
        except (pa.ArrowException, OSError) as error:
            _refuse(path, f"it is no whole Parquet file ({str(error).splitlines()[0]})")
        named = _named(path, table.schema.names)
        yield from table.rename_columns(named).select([name for name in named if name]).to_pylist()
        return
    try:
        text = content.decode("utf-8-sig")
        delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        named = _named(path, next(rows, []))
        yield from (dict(zip(named, row, strict=False)) for row in rows if any(row))
    except (UnicodeDecodeError, csv.Error) as error:
        _refuse(path, f"it is neither Parquet nor CSV in UTF-8 ({error})")


def _named(path: str, columns: Sequence[str]) -> list[str]:
    """Our names of the columns, empty for others; raises ConfigError if one is missing or there twice."""
    ours = ("name", "aliases", "id", "kind")
    named = [name if (name := column.strip().lower()) in ours else "" for column in columns]
    for name in ours:
        if named.count(name) > 1:
            _refuse(path, f"it has the column {name} twice")
    for name in ("name", "id"):
        if name not in named:
            _refuse(path, f"it has no column {name}; it needs name and id, and may have aliases and kind")
    return named


def _aliases(value: object) -> Iterator[str]:
    """Further names: a list, or a text with ``|`` between them."""
    parts = value if isinstance(value, list) else _text(value).split("|")
    return (_text(part) for part in parts)


def _text(value: object) -> str:
    """A cell as text in one line; empty for none."""
    return "" if value is None else " ".join(str(value).split())


def _refuse(path: str, why: str) -> NoReturn:
    raise ConfigError(f"authority: {path}: {why}")
