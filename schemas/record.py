"""A record is one definition of a row: Python type, Arrow type, constraints and meaning on the same line.

Everything else that must agree with it is read from it: the Arrow schema, the expectation suite
(:mod:`newsmill.schemas.suites`) and the data dictionary (:mod:`newsmill.schemas.dictionary`).
"""

import dataclasses
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Self, cast, get_args, get_origin, get_type_hints

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRING = pa.string()
STRINGS = pa.list_(pa.string())
OFFSET = pa.int32()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is known of one column beside its name and its Python type.

    ``arrow`` is the type on disk; ``values`` a closed list; ``pattern`` a regular expression that the whole value
    matches; ``minimum`` and ``maximum`` bound numbers, ``min_length`` strings; ``unique`` holds within one date;
    ``references`` names the ``table.column`` that a foreign key resolves in; ``since`` is the schema version that
    brought the column, which is null in what older versions wrote.
    """

    arrow: pa.DataType
    description: str
    values: type[StrEnum] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    unique: bool = False
    references: str | None = None
    since: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """A column with the name and the nullability that the record gives it."""

    name: str
    nullable: bool
    column: Column


class Record:
    """Base of all rows, which are frozen dataclasses: converts to and from Arrow without inference."""

    __slots__ = ()

    table: ClassVar[str]
    grain: ClassVar[str]
    """What one row is."""
    sorted_by: ClassVar[tuple[str, ...]] = ()
    """The order within a row group, by what is filtered on most: equal values share pages that statistics can skip."""
    row_group_rows: ClassVar[int] = 131_072
    """What a reader decodes at once."""
    nearly_unique: ClassVar[frozenset[str]] = frozenset()
    """Columns whose values hardly repeat: a dictionary would only hold them a second time."""

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The columns in order of definition."""
        record: Any = cls
        return _fields(record)

    @classmethod
    def arrow_schema(cls) -> pa.Schema:
        """The Arrow schema of the record's own columns."""
        return pa.schema(
            [
                pa.field(f.name, f.column.arrow, nullable=f.nullable, metadata={"description": f.column.description})
                for f in cls.fields()
            ]
        )

    @classmethod
    def to_arrow(cls, rows: Iterable[Self]) -> pa.Table:
        """Rows as an Arrow table with the record's schema, empty input included."""
        rows = list(rows)
        schema = cls.arrow_schema()
        columns = [pa.array([_plain(getattr(row, f.name)) for row in rows], type=f.type) for f in schema]
        return pa.Table.from_arrays(columns, schema=schema)

    @classmethod
    def from_arrow(cls, table: pa.Table) -> list[Self]:
        """The rows of a table that has at least the record's columns."""
        names = [f.name for f in cls.fields()]
        record: Any = cls
        makers = [_maker(hint) for hint in _hints(record).values()]
        columns = [values(table, name) for name in names]
        return [
            cls(**{name: make(value) for name, make, value in zip(names, makers, row, strict=True)})
            for row in zip(*columns, strict=True)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Column name to value, nested records as dictionaries."""
        return {f.name: _plain(getattr(self, f.name)) for f in self.fields()}

    def replace(self, **changes: Any) -> Self:
        """A copy with some columns changed."""
        return dataclasses.replace(cast("Any", self), **changes)  # type: ignore[no-any-return]


@cache
def _hints(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    return {f.name: hints[f.name] for f in dataclasses.fields(cls)}


@cache
def _fields(cls: Any) -> tuple[Field, ...]:
    found = []
    for name, hint in _hints(cls).items():
        columns = [extra for extra in get_args(hint)[1:] if isinstance(extra, Column)]
        if not columns:
            raise TypeError(f"{cls.__name__}.{name} has no Column: every field of a record names its Arrow type")
        found.append(Field(name, _is_optional(get_args(hint)[0]), columns[0]))
    return tuple(found)


def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in (types.UnionType, typing.Union) and type(None) in get_args(hint)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _maker(hint: Any) -> Any:
    """How a value that Arrow gives back becomes the field's Python type again: lists are tuples, enums are members."""
    hint = get_args(hint)[0]
    if _is_optional(hint):
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        make = _maker_of(inner)
        return lambda value: None if value is None else make(value)
    return _maker_of(hint)


def _maker_of(hint: Any) -> Any:
    """The same for a type that is not optional."""
    if get_origin(hint) is tuple:
        item = _maker_of(get_args(hint)[0])
        return lambda items: tuple(item(value) for value in items or ())
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if isinstance(hint, type) and issubclass(hint, Record):
        record: Any = hint
        makers = {name: _maker(inner) for name, inner in _hints(record).items()}
        return lambda value: record(**{name: make(value[name]) for name, make in makers.items()})
    if dataclasses.is_dataclass(hint):
        make: Any = hint
        return lambda value: make(**value)
    return lambda value: value


def values(table: pa.Table, column: str) -> list[Any]:
    """A column as Python values."""
    return table.column(column).to_pylist()
