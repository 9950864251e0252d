"""Organs of state, parted from whose they are."""

import pytest

from newsmill.tasks.enrich.entities.mentions import mention_of
from newsmill.tasks.enrich.entities.organs import parted
from newsmill.tasks.enrich.languages.en.kinds import NAMING


@pytest.mark.parametrize(
    ("body", "behind", "expected"),
    [
        pytest.param("Iranian Foreign Ministry", "", [("Iranian", "NORP"), ("Foreign Ministry", "ORG")], id="ministry"),
        pytest.param(
            "Thai Ministry of Public Works",
            "",
            [("Thai", "NORP"), ("Ministry of Public Works", "ORG")],
            id="with_field",
        ),
        pytest.param("US Navy", "", [("US", "GPE"), ("Navy", "ORG")], id="country_in_short"),
        pytest.param("British Airways", "", [("British Airways", "ORG")], id="company"),
        pytest.param("Palestinian Authority", "", [("Palestinian Authority", "ORG")], id="name_as_it_stands"),
        pytest.param("Kenyan Free Army", " (KFA)", [("Kenyan Free Army", "ORG")], id="people_in_the_short_form"),
    ],
)
def test_parted(body: str, behind: str, expected: list[tuple[str, str]]) -> None:
    text = f"The {body}{behind} said no."
    whole = mention_of(text, 4, 4 + len(body), "ORG")

    found = list(parted(text, [whole], NAMING))

    assert expected == [(mention.text, mention.label) for mention in found]
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
    assert (whole.name, whole.entity_id) == (found[-1].name, found[-1].entity_id)
