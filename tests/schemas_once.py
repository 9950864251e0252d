"""What PyIceberg makes of schemas anew for each manifest and each change of a table, made once: for simulations.

All of it follows from its arguments and is never changed, so that nothing but the time tells the difference; half of
what a small publish costs is this.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from pyiceberg.avro import file
from pyiceberg.io import pyarrow as arrow
from pyiceberg.manifest import ManifestWriter
from pyiceberg.schema import Schema
from pyiceberg.table import metadata as tables
from pyiceberg.utils.schema_conversion import AvroSchemaConversion

_known: dict[tuple[object, ...], Any] = {}
_held: dict[int, object] = {}
"""What is told apart by its identity must live as long as what is known of it."""


def _same(given: object) -> int:
    _held[id(given)] = given
    return id(given)


def _once(function: Callable[..., Any], key_of: Callable[..., tuple[object, ...]]) -> Callable[..., Any]:
    """A function that is asked once for each key, which is made of its arguments."""

    def asked(*args: Any, **kwargs: Any) -> Any:
        key = (function, *key_of(*args, **kwargs))
        if key not in _known:
            _known[key] = function(*args, **kwargs)
        return _known[key]

    return asked


def _columns(schema: Schema) -> tuple[object, ...]:
    return tuple((field.field_id, field.name, str(field.field_type), field.required) for field in schema.fields)


def _shallow(self: Any, *, update: dict[str, Any] | None = None, deep: bool = False) -> Any:
    """PyIceberg copies a table's metadata deeply with each change, and never changes what a copy shares."""
    del deep
    return super(tables.TableMetadataCommonFields, self).model_copy(update=update)


_KEYS: tuple[tuple[object, str, Callable[..., tuple[object, ...]]], ...] = (
    (file.AvroFileHeader, "get_schema", lambda it: (it.meta["avro.schema"],)),
    (
        file,
        "resolve_reader",
        lambda written, read, types, enums: (_same(written), _same(read), *types.items(), *enums.items()),
    ),
    (file, "construct_reader", lambda written, types: (_same(written), *types.items())),
    (file, "construct_writer", lambda file_schema: (_same(file_schema),)),
    (file, "resolve_writer", lambda record_schema, file_schema: (_same(record_schema), _same(file_schema))),
    (ManifestWriter, "_with_partition", lambda it, version: (version, repr(it._spec), *_columns(it._schema))),
    (AvroSchemaConversion, "iceberg_to_avro", lambda _it, schema, schema_name=None: (_same(schema), schema_name)),
    (arrow, "_check_pyarrow_schema_compatible", lambda schema, other, **_: (*_columns(schema), other)),
    (arrow, "parquet_path_to_id_mapping", _columns),
    (arrow, "compute_statistics_plan", lambda schema, properties: (*_columns(schema), json.dumps(properties))),
)
"""Where a function is, and what of its arguments its result follows from."""


@contextmanager
def schemas_once() -> Iterator[None]:
    """For the time of the block."""
    with ExitStack() as stack:
        for place, name, key_of in _KEYS:
            stack.enter_context(mock.patch.object(place, name, _once(getattr(place, name), key_of)))
        stack.enter_context(mock.patch.object(tables.TableMetadataCommonFields, "model_copy", _shallow))
        yield
