"""The rows of places, and the datelines of texts."""

import pytest

from newsmill.schemas.rows import Entity
from newsmill.schemas.words import PlaceKind
from newsmill.tasks.enrich.enriched import Dateline
from newsmill.tasks.enrich.places.mentions import with_places
from tests.rows import ENTITY

KYIV, WASHINGTON = 703448, 4140963


def entity(text: str, name: str, label: str = "GPE", country: str | None = None) -> Entity:
    start = text.index(name)
    return ENTITY.replace(text=name, start=start, end=start + len(name), label=label, country_code=country)


def test_a_place_has_its_columns_and_its_country() -> None:
    text = "Fighting reached Alexandria, Va., on Sunday."
    (row, person), _ = with_places(text, [entity(text, "Alexandria", country="EG"), entity(text, "Sunday", "PERSON")])
    assert (row.country_code, row.admin1, row.place_kind) == ("US", "Virginia", PlaceKind.CITY)
    assert row.geoname_id == 4744091
    assert (round(row.latitude or 0, 1), round(row.longitude or 0, 1)) == (38.8, -77.0)
    assert row.place_confidence is not None
    assert row.place_confidence > 0.9
    assert person.geoname_id is None


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("KYIV, Ukraine (AP) — Shells fell on Monday.", ["KYIV", "Ukraine"], Dateline("KYIV, Ukraine", KYIV)),
        ("WASHINGTON, Jan. 5 (Reuters) - The Senate met.", ["WASHINGTON"], Dateline("WASHINGTON", WASHINGTON)),
        ("Kyiv – Shells fell on Monday.", ["Kyiv"], Dateline("Kyiv", KYIV)),
        ("Smithville (dpa) - A cow escaped.", ["Smithville"], Dateline("Smithville", None)),
        ("Shells fell on Kyiv - again - on Monday.", ["Kyiv"], None),
        ("Keller said so - in Kyiv.", ["Kyiv"], None),
        ("Kyiv fell silent on Monday.", ["Kyiv"], None),
    ],
)
def test_datelines(text: str, names: list[str], expected: Dateline | None) -> None:
    assert with_places(text, [entity(text, name) for name in names])[1] == expected
