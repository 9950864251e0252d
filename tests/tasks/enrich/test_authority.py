"""Whose id of the user's own a name gets, and where it gets none."""

from pathlib import Path

import pytest

from newsmill.config import Settings
from newsmill.schemas.rows import Entity
from newsmill.schemas.words import EnrichmentDepth
from newsmill.tasks.enrich.authority import Authority, authority_of
from newsmill.tasks.enrich.enriched import Enriched
from tests.rows import ENTITY, QUOTE

PEOPLE = """name,aliases,id,kind
Sergey Lavrov,Lavrov,Q1,person
Ada Hill,Dame Ada|Hilly,Q2,person
Ben Hill,,Q3,person
Otto Berg,,Q4,person
Otto Berg,,Q5,person
Otto Berg,,Q5,place
European Central Bank,ECB,Q6,body
Ashford,,Q7,place
Georgia,,Q8,
Hill,,Q9,
"""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    settings = Settings(authority=str(path))
    return authority_of(settings.authority, settings.authority_hash())


def named(*names: tuple[str, str]) -> Enriched:
    """An article that names these, each by a label; the first is quoted."""
    entities = tuple(
        ENTITY.replace(mention_index=index, entity_name=name, label=label, entity_id=f"{index:016x}")
        for index, (name, label) in enumerate(names)
    )
    quotes = (QUOTE.replace(speaker_entity_id=entities[0].entity_id), QUOTE.replace(speaker_entity_id=None))
    return Enriched(entities, quotes, EnrichmentDepth.FULL, "model", "1")


@pytest.mark.parametrize(
    ("name", "label", "identity"),
    [
        pytest.param("Sergei Lavrov", "PERSON", "Q1", id="spelt_otherwise"),
        pytest.param("Foreign Minister Sergey V. Lavrov", "PERSON", "Q1", id="title_and_initial"),
        pytest.param("Lavrov", "PERSON", "Q1", id="alias_of_a_surname"),
        pytest.param("Hilly", "PERSON", "Q2", id="alias"),
        pytest.param("Hill", "PERSON", None, id="surname_of_two"),
        pytest.param("Ben Hill Jr.", "PERSON", None, id="the_son"),
        pytest.param("Otto Berg", "PERSON", None, id="two_of_a_name"),
        pytest.param("Otto Berg", "GPE", "Q5", id="two_of_a_name_and_one_place"),
        pytest.param("the European Central Bank", "ORG", "Q6", id="body"),
        pytest.param("ECB", "PERSON", None, id="of_another_kind"),
        pytest.param("Ashford", "LOC", "Q7", id="place"),
        pytest.param("Ashford", "ORG", None, id="place_is_no_body"),
        pytest.param("Georgia", "PERSON", "Q8", id="of_any_kind_a_person"),
        pytest.param("Georgia", "GPE", "Q8", id="of_any_kind_a_place"),
        pytest.param("Ashford", "EVENT", None, id="a_label_without_kind"),
        pytest.param("Nora Quist", "PERSON", None, id="nobody_known"),
    ],
)
def test_a_name_has_the_one_id_of_it(authority: Authority, name: str, label: str, identity: str | None) -> None:
    found = authority.identify(named((name, label)))

    assert found.entities[0].authority_id == identity
    assert [quote.speaker_authority_id for quote in found.quotes] == [identity, None]


def test_an_alias_is_nobody_where_another_of_the_article_has_that_surname(authority: Authority) -> None:
    found = authority.identify(named(("Lavrov", "PERSON"), ("Nina Lavrov", "PERSON")))

    assert [entity.authority_id for entity in found.entities] == [None, None]


def test_the_fullest_name_in_the_article_decides_for_the_short_one(authority: Authority) -> None:
    mention: Entity = ENTITY.replace(text="Hill", entity_name="Ada Hill")
    article = Enriched((mention,), (QUOTE,), EnrichmentDepth.FULL, "model", "1")

    (entity,), (quote,) = (found := authority.identify(article)).entities, found.quotes

    assert (entity.authority_id, quote.speaker_authority_id) == ("Q2", "Q2")
    assert entity.replace(authority_id=None) == mention


def test_without_an_authority_nothing_changes() -> None:
    article = named(("Ada Hill", "PERSON"))

    assert authority_of(None, None).identify(article) is article
