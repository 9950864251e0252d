"""Places and peoples, their codes and identities."""

import pytest

from newsmill.tasks.enrich.countries import country_of, place_label
from newsmill.tasks.enrich.mentions import mention_of


@pytest.mark.parametrize(
    ("name", "label", "code"),
    [
        ("Türkiye", "GPE", "TR"),
        ("Scotland", "GPE", "GB"),
        ("Moscow", "GPE", "RU"),
        ("St. Petersburg", "GPE", "RU"),
        ("Kiev", "GPE", "UA"),
        ("Ohio", "GPE", "US"),
        ("Hyderabad", "GPE", None),
        ("Middle-earth", "GPE", None),
        ("Moscow", "PERSON", None),
        ("Burkinabe", "NORP", "BF"),
        ("Kuwaitis", "NORP", "KW"),
        ("Polish", "NORP", "PL"),
        ("Christian", "NORP", None),
    ],
)
def test_country_of(name: str, label: str, code: str | None) -> None:
    assert code == country_of(name, label)


@pytest.mark.parametrize(
    ("name", "label"), [("Ghana", "GPE"), ("Dubai", "GPE"), ("Africa", "LOC"), ("Winsen", None), ("Council", None)]
)
def test_place_label(name: str, label: str | None) -> None:
    assert label == place_label(name)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Kiev", "Kyiv", True),
        ("Bombay", "Mumbai", True),
        ("Turkey", "Türkiye", True),
        ("the US", "United States of America", True),
        ("Burma", "Myanmar", True),
        ("England", "United Kingdom", False),
        ("Niger", "Nigeria", False),
    ],
)
def test_a_place_has_one_identity(first: str, second: str, same: bool) -> None:
    ids = {mention_of(name, 0, len(name), "GPE").entity_id for name in (first, second)}

    assert same is (len(ids) == 1)
