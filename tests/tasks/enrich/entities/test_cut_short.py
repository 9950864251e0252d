"""Names that the model cut short, from mentions made by hand."""

import pytest

from newsmill.tasks.enrich.entities.cut_short import completed
from newsmill.tasks.enrich.entities.mentions import mention_of
from newsmill.tasks.enrich.languages.en.kinds import NAMING


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param("met Ina Weld Corvo here", {"Ina Weld": "PERSON"}, [("Ina Weld Corvo", "PERSON")], id="surname"),
        pytest.param("met Ina Corvo’s aunt", {"Ina": "PERSON"}, [("Ina Corvo", "PERSON")], id="possessive"),
        pytest.param("met Ina O’Corvo here", {"Ina": "PERSON"}, [("Ina O’Corvo", "PERSON")], id="apostrophe_within"),
        pytest.param(
            "the Ina Weld Memorial Park", {"Ina Weld": "PERSON"}, [("Ina Weld Memorial Park", "LOC")], id="park"
        ),
        pytest.param("with Ina Weld Minister Corvo", {"Ina Weld": "PERSON"}, [("Ina Weld", "PERSON")], id="office"),
        pytest.param("met Ina Weld France", {"Ina Weld": "PERSON"}, [("Ina Weld", "PERSON")], id="country"),
        pytest.param("Ina Weld\nCorvo fell", {"Ina Weld": "PERSON"}, [("Ina Weld", "PERSON")], id="another_line"),
        pytest.param("INA WELD SPOKE", {"INA WELD": "PERSON"}, [("INA WELD", "PERSON")], id="headline"),
        pytest.param(
            "met Ina Weld Corvo here",
            {"Ina Weld": "PERSON", "Corvo": "ORG"},
            [("Ina Weld", "PERSON"), ("Corvo", "ORG")],
            id="word_of_another_mention",
        ),
        pytest.param("met Pablo Corvo here", {"Corvo": "PERSON"}, [("Pablo Corvo", "PERSON")], id="given_name"),
        pytest.param("of State Corvo here", {"Corvo": "PERSON"}, [("Corvo", "PERSON")], id="no_given_name"),
        pytest.param("drove to Dire Dawa once", {"Dawa": "PERSON"}, [("Dire Dawa", "GPE")], id="end_of_a_place"),
        pytest.param("born in Burkina Faso once", {"Burkina": "GPE"}, [("Burkina Faso", "GPE")], id="start_of_a_place"),
        pytest.param(
            "met Ina von der Weld here", {"Ina von": "PERSON"}, [("Ina von der Weld", "PERSON")], id="cut_in_particles"
        ),
        pytest.param(
            "met Ina van den Weld here", {"Ina": "PERSON"}, [("Ina van den Weld", "PERSON")], id="cut_before_particles"
        ),
        pytest.param("met Ina al-Weld here", {"Ina": "PERSON"}, [("Ina al-Weld", "PERSON")], id="particle_with_hyphen"),
        pytest.param("met Ina bin Weld here", {"Ina": "PERSON"}, [("Ina bin Weld", "PERSON")], id="patronymic"),
        pytest.param("took Ina to Weld once", {"Ina": "PERSON"}, [("Ina", "PERSON")], id="preposition"),
        pytest.param("the Weld Ranger fell", {"Weld": "ORG"}, [("Weld", "ORG")], id="bodies_stay"),
    ],
)
def test_completed(text: str, names: dict[str, str], expected: list[tuple[str, str]]) -> None:
    mentions = [mention_of(text, text.index(name), text.index(name) + len(name), names[name]) for name in names]

    found = list(completed(text, mentions, NAMING))

    assert expected == [(mention.text, mention.label) for mention in found]
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
