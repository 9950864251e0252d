"""One name, one label, one identity: within an article and from article to article."""

import itertools

import pytest

from newsmill.schemas.rows import Entity
from newsmill.tasks.enrich import LanguageModel, enrich_texts


def _entities(model: LanguageModel, text: str) -> list[Entity]:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    return list(enriched.entities)


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        pytest.param(
            "Sergey Lavrov came to Ankara. Lavrov left again.",
            "Lavrov",
            ("PERSON", "Sergey Lavrov"),
            id="surname",
        ),
        pytest.param(
            "Turkish foreign minister Mevlüt Çavuşoğlu spoke. Çavuşoğlu left.",
            "Çavuşoğlu",
            ("PERSON", "Mevlüt Çavuşoğlu"),
            id="surname_with_diacritics",
        ),
        pytest.param(
            "The International Labour Organization (ILO) met. The ILO will meet again.",
            "ILO",
            ("ORG", "International Labour Organization"),
            id="acronym",
        ),
        pytest.param("Angela Merkel's plan failed.", "Angela Merkel", ("PERSON", "Angela Merkel"), id="possessive"),
        pytest.param("They went to the Netherlands.", "Netherlands", ("GPE", "Netherlands"), id="article"),
        pytest.param("Mr. Vladimir Putin spoke.", "Vladimir Putin", ("PERSON", "Vladimir Putin"), id="title"),
    ],
)
def test_mention(model: LanguageModel, text: str, mention: str, expected: tuple[str, str]) -> None:
    found = {entity.text: (entity.label, entity.entity_name) for entity in _entities(model, text)}

    assert expected == found.get(mention)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Mevlüt Çavuşoğlu", "Mevlut Cavusoglu", True),
        ("Sergey Lavrov", "Sergei Lavrov", True),
        ("Sergey Shoygu", "Sergei Shoigu", True),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky", True),
        ("Sergey Lavrov", "Sergey Shoygu", False),
    ],
)
def test_identity_across_articles(model: LanguageModel, first: str, second: str, same: bool) -> None:
    ids = [
        entity.entity_id
        for name in (first, second)
        for entity in _entities(model, f"President {name} arrived in Berlin on Monday.")
        if entity.text == name
    ]

    assert len(ids) == 2
    assert same is (ids[0] == ids[1])


def test_short_and_full_names_share_an_identity(model: LanguageModel) -> None:
    entities = _entities(model, "Sergey Lavrov came to Ankara. Lavrov left again on Monday.")

    assert len({entity.entity_id for entity in entities if entity.label == "PERSON"}) == 1
    assert [entity.text for entity in entities if entity.label == "PERSON"] == ["Sergey Lavrov", "Lavrov"]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        pytest.param("They live in Turkey.", "Turkey", "TR", id="country"),
        pytest.param("They live in the United States.", "United States", "US", id="country_of_two_words"),
        pytest.param("They live in Berlin.", "Berlin", "DE", id="city"),
        pytest.param("They live in Texas.", "Texas", "US", id="state"),
        pytest.param("The Turkish president spoke.", "Turkish", "TR", id="people"),
        pytest.param("They live in Valencia.", "Valencia", None, id="cities_of_one_name"),
    ],
)
def test_country_code(model: LanguageModel, text: str, name: str, code: str | None) -> None:
    assert [code] == [entity.country_code for entity in _entities(model, text) if entity.text == name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He joined the Bank of Ghana.", [("Bank of Ghana", "ORG"), ("Ghana", "GPE")], id="behind_of"),
        pytest.param(
            "He joined the Hong Kong Police Force.",
            [("Hong Kong Police Force", "ORG"), ("Hong Kong", "GPE")],
            id="two_words",
        ),
        pytest.param(
            "He joined Turkey’s foreign ministry.",
            [("Turkey’s foreign ministry", "ORG"), ("Turkey", "GPE")],
            id="without_its_possessive",
        ),
        pytest.param("He joined the World Bank.", [("World Bank", "ORG")], id="none"),
    ],
)
def test_places_within_names_have_rows_of_their_own(
    model: LanguageModel, text: str, expected: list[tuple[str, str]]
) -> None:
    entities = _entities(model, text)

    assert expected == [(entity.text, entity.label) for entity in entities]
    assert [entity.within for entity in entities] == [None, *[0] * (len(expected) - 1)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("Russian Foreign Minister Sergey Lavrov left.", "Russian Foreign Minister", id="before"),
        pytest.param("the then prime minister, Sergey Lavrov left.", None, id="comma"),
        pytest.param("Sergey Lavrov, the Russian foreign minister, left.", "Russian foreign minister", id="behind"),
        pytest.param(
            "Minister Sergey Lavrov, the Russian foreign minister, left.", "Russian foreign minister", id="the_longer"
        ),
        pytest.param("Sergey Lavrov, minister Anna White and others left.", None, id="of_somebody_else"),
        pytest.param("He said Sergey Lavrov left.", None, id="none"),
        pytest.param("Even minister Sergey Lavrov left.", "minister", id="behind_an_adverb"),
        pytest.param("After talks with Sergey Lavrov, the minister said no.", None, id="of_who_says"),
        pytest.param("In Moscow Sergey Lavrov, for years a minister, left.", None, id="for_years"),
    ],
)
def test_role_beside_a_name(model: LanguageModel, text: str, role: str | None) -> None:
    found = {entity.text: entity.role for entity in _entities(model, text)}

    assert role == found["Sergey Lavrov"]
    assert role is None or role in text


def test_roles_are_of_people_and_of_the_mention_they_stand_with(model: LanguageModel) -> None:
    entities = _entities(model, "German Chancellor Angela Merkel came to Ankara.\nMerkel left again on Monday.")

    assert [(entity.text, entity.role) for entity in entities if entity.role] == [
        ("Angela Merkel", "German Chancellor")
    ]


def test_addresses_are_no_names(model: LanguageModel) -> None:
    assert not _entities(model, "See https://www.example.com/Angela/Merkel for more.")


def test_mentions_are_in_order_and_apart(model: LanguageModel) -> None:
    entities = _entities(model, "Lavrov met Erdogan.\nSergey Lavrov met Recep Tayyip Erdogan in Ankara on Monday.")

    assert [entity.mention_index for entity in entities] == list(range(len(entities)))
    assert all(left.end <= right.start for left, right in itertools.pairwise(entities))


def test_the_article_decides_between_labels(model: LanguageModel) -> None:
    text = "In an interview with Anadolu Agency, Cavusoglu said the first meeting will be held in St. Petersburg."

    assert ("Cavusoglu", "PERSON") in {(entity.text, entity.label) for entity in _entities(model, text)}


def test_a_place_of_the_article_is_found_within_names_whatever_its_size(model: LanguageModel) -> None:
    entities = _entities(model, "Bamberg is old. They live in Bamberg. The Bamberg Chamber of Commerce met in Bamberg.")
    inner = [entity for entity in entities if entity.within is not None]

    assert [(entity.text, entity.label) for entity in inner] == [("Bamberg", "GPE")]


def test_a_body_is_found_within_the_name_of_its_event(model: LanguageModel) -> None:
    entities = _entities(model, "FIFA said on Monday that France will be in the FIFA World Cup.")
    inner = [entity for entity in entities if entity.within is not None]

    assert [(entity.text, entity.label) for entity in inner] == [("FIFA", "ORG")]
    assert {inner[0].entity_id} == {entity.entity_id for entity in entities if entity.text == "FIFA"}
