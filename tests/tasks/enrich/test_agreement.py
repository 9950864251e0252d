"""The article as a whole, from mentions made by hand."""

import pytest

from newsmill.tasks.enrich.agreement import agree, overlooked
from newsmill.tasks.enrich.mentions import Mention, mention_of


def _mentions(text: str, names: list[tuple[str, str]]) -> list[Mention]:
    """The names in the order in which they stand in the text, each behind the one before."""
    found, at = [], 0
    for name, label in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(mention_of(text, start, at, label))
    return found


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "Esteli is poor. Life in Esteli is hard.",
            [("Esteli", "PERSON"), ("Esteli", "PERSON")],
            ["GPE", "GPE"],
            id="in_a_place",
        ),
        pytest.param(
            "Kumara said so. Kumara added more.",
            [("Kumara", "ORG"), ("Kumara", "ORG")],
            ["PERSON", "PERSON"],
            id="who_says_is_a_person",
        ),
        pytest.param("The Kumara said so.", [("Kumara", "ORG")], ["ORG"], id="but_not_with_an_article"),
        pytest.param("Congress said so.", [("Congress", "ORG")], ["ORG"], id="nor_a_known_body"),
        pytest.param("The startup Yassir grew.", [("Yassir", "PERSON")], ["ORG"], id="behind_a_noun_of_bodies"),
        pytest.param("Yassir, an Algerian company, grew.", [("Yassir", "PERSON")], ["ORG"], id="before_one"),
        pytest.param("Li, a senior bank analyst, left.", [("Li", "PERSON")], ["PERSON"], id="not_who_works_there"),
        pytest.param("He went from Okinawa to Tokyo.", [("Okinawa", "PERSON")], ["GPE"], id="city_of_the_gazetteer"),
        pytest.param(
            "Nelson Mandela died. Works of Mandela live.",
            [("Nelson Mandela", "PERSON"), ("Mandela", "PERSON")],
            ["PERSON", "PERSON"],
            id="surname_that_is_a_city",
        ),
        pytest.param(
            "The State and the Ministry agreed.", [("State", "ORG"), ("Ministry", "ORG")], [], id="common_nouns"
        ),
        pytest.param("Looting spread. The looting went on.", [("Looting", "ORG")], [], id="word_that_opens_a_sentence"),
        pytest.param(
            "Bad non-performing loans (NPL) grew. NPL fell.",
            [("NPL", "ORG"), ("NPL", "ORG")],
            [],
            id="acronym_of_common_words",
        ),
        pytest.param(
            "Ana Park sat. Park left.",
            [("Ana Park", "PERSON"), ("Park", "ORG")],
            ["PERSON", "PERSON"],
            id="surname_like_a_common_noun",
        ),
    ],
)
def test_agree(text: str, names: list[tuple[str, str]], expected: list[str]) -> None:
    assert expected == [mention.label for mention in agree(text, _mentions(text, names))]


def test_an_acronym_stands_for_its_long_form() -> None:
    text = "The Rwanda Cooperative Agency (RCA) met. RCA left."
    names = [("Rwanda Cooperative Agency", "ORG"), ("RCA", "PERSON"), ("RCA", "GPE")]

    agreed = agree(text, _mentions(text, names))

    assert {(mention.label, mention.name) for mention in agreed} == {("ORG", "Rwanda Cooperative Agency")}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "Cyril Ramaphosa came. Ramaphosa left.",
            [("Cyril Ramaphosa", "PERSON")],
            [("Ramaphosa", "PERSON", "Cyril Ramaphosa")],
            id="surname",
        ),
        pytest.param(
            "Cyril Ramaphosa came.\nCYRIL RAMAPHOSA",
            [("Cyril Ramaphosa", "PERSON")],
            [("CYRIL RAMAPHOSA", "PERSON", "Cyril Ramaphosa")],
            id="capitals",
        ),
        pytest.param("TEHRAN, Iran: calm", [], [("Iran", "GPE", "Iran")], id="country_that_the_model_missed"),
        pytest.param("the BBMP met and the BBMP left", [], [("BBMP", "ORG", "BBMP")] * 2, id="repeated_acronym"),
        pytest.param("the BBMP met", [], [], id="acronym_once"),
        pytest.param("BoG cut rates", [], [("BoG", "ORG", "BoG")], id="inner_capital"),
        pytest.param("old McDonald left", [], [], id="scottish_name"),
        pytest.param("WALLACE: Yes. WALLACE: No. WALLACE: So.", [], [], id="speakers_of_a_transcript"),
        pytest.param("#AppleMusic and @FoxNews", [], [], id="handles"),
    ],
)
def test_overlooked(text: str, names: list[tuple[str, str]], expected: list[tuple[str, str, str]]) -> None:
    found = overlooked(text, _mentions(text, names))

    assert expected == [(mention.text, mention.label, mention.name) for mention in found]


def test_a_corrected_label_brings_its_identity() -> None:
    text = "He went from Bombay to Delhi."
    (bombay,) = agree(text, _mentions(text, [("Bombay", "PERSON")]))

    assert bombay.entity_id == mention_of("Mumbai", 0, 6, "GPE").entity_id
