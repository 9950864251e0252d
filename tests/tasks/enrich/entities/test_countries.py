"""Places and peoples, their codes and identities."""

import pytest

from newsmill.tasks.enrich.entities.countries import country_of, ministry_key, place_label
from newsmill.tasks.enrich.entities.mentions import mention_of


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
        ("Madri", "Madrid", True),
        ("Madry", "Madrid", False),
    ],
)
def test_a_place_has_one_identity(first: str, second: str, same: bool) -> None:
    ids = {mention_of(name, 0, len(name), "GPE").entity_id for name in (first, second)}

    assert same is (len(ids) == 1)


@pytest.mark.parametrize(
    "name",
    [
        "Turkey's foreign ministry",
        "Turkish Foreign Ministry",
        "Turkey’s Ministry of Foreign Affairs",
        "Ministry of Foreign Affairs of Turkey",
    ],
)
def test_a_ministry_has_one_key_however_it_is_called(name: str) -> None:
    assert ministry_key(name) == ("tr", "foreign", "ministri")


@pytest.mark.parametrize(
    "name", ["Foreign Ministry", "Turkish Ministry", "Ministry", "Turkish Parliament", "", "Turkey"]
)
def test_what_is_no_ministry_of_a_country_has_no_such_key(name: str) -> None:
    assert ministry_key(name) is None


def test_ministries_of_two_spellings_are_one() -> None:
    first, second = (
        mention_of(name, 0, len(name), "ORG") for name in ("US Defense Ministry", "Defence Ministry of the US")
    )

    assert first.entity_id == second.entity_id


@pytest.mark.parametrize(
    ("name", "code"), [("SUI", "CH"), ("CHE", "CH"), ("GER", "DE"), ("Burkina", "BF"), ("QZX", None)]
)
def test_codes_of_three_letters_have_a_country(name: str, code: str | None) -> None:
    assert code == country_of(name, "GPE")
