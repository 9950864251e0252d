"""The recogniser finds what spaCy's finds."""

import pytest
import spacy
from spacy.language import Language

from newsmill.tasks.enrich import LanguageModel
from newsmill.tasks.enrich.entities.recogniser import recogniser_of

_TEXTS = {
    "names": "Ada Hill of the National Audit Office met Tomas Novak in Berlin on 3 May 2021, Reuters said.",
    "lines": "By Ada Hill\n\nBERLIN\n\nMore than 300 people marched through Ulm on Friday.\n",
    "a_name_at_the_end": "She came back to New",
    "an_entity_longer_than_those_followed_together": (
        "He has read “The Long and Rainy Winter of a Small Town by the River of the Seven Old Bridges” twice, and the "
        "Committee on the Budget, Taxes, Public Works, Water, Roads, Schools and Housing of the City of Ulm met."
    ),
    "nothing": "it rained and it snowed.",
    "white_space": " \n ",
    "empty": "",
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_entities(model: LanguageModel, spacys: Language, text: str) -> None:
    found = recogniser_of(model.nlp)(model.nlp.make_doc(text))

    expected = spacys.get_pipe("ner")(spacys.make_doc(text)).ents
    assert [(e.start, e.end, e.label_) for e in expected] == [(e.start, e.end, e.label_) for e in found]


@pytest.mark.parametrize("together", [1, 2])
def test_long_entities_are_followed_alone(
    model: LanguageModel, spacys: Language, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr("newsmill.tasks.enrich.entities.recogniser._TOGETHER", together)

    for text in _TEXTS.values():
        found = recogniser_of(model.nlp)(model.nlp.make_doc(text))
        assert [(e.start, e.end, e.label_) for e in spacys.get_pipe("ner")(spacys.make_doc(text)).ents] == [
            (e.start, e.end, e.label_) for e in found
        ]


def test_another_component_of_that_name_is_asked_itself() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler", name="ner").add_patterns([{"label": "GPE", "pattern": "Ulm"}])  # type: ignore[attr-defined]

    found = recogniser_of(nlp)(nlp.make_doc("He came to Ulm."))

    assert [(e.text, e.label_) for e in found] == [("Ulm", "GPE")]


def test_what_came_close_is_told(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ada Hill met Tomas Novak in Berlin."
    recognise = recogniser_of(model.nlp)

    monkeypatch.setattr("newsmill.tasks.enrich.entities.recogniser._CLOSE", 0.0)
    assert {span.id_ for span in recognise(model.nlp.make_doc(text))} == {""}

    monkeypatch.setattr("newsmill.tasks.enrich.entities.recogniser._CLOSE", 1e9)
    rivals = [(span.label_, span.id_) for span in recognise(model.nlp.make_doc(text))]
    assert rivals
    assert all(rival and rival != label for label, rival in rivals)
