"""Token vectors are those that spaCy computes."""

from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language

from newsmill.tasks.enrich import LanguageModel
from newsmill.tasks.enrich.vectors import quicken

_TEXTS = {
    "words": "Ada Hill, who isn't from Berlin, said on 3 May that the bridge was “not safe”.",
    "words_again": "The mayor met the mayor.  The\n\nmayor said so, and so did the mayor.",
    "one_word": "Berlin",
    "more_than_are_computed_at_once": "The river rose and the town of Ulm closed its gates. " * 50,
}


@pytest.mark.parametrize("component", ["tok2vec", "ner"])
@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_vectors_of_a_text(model: LanguageModel, spacys: Language, component: str, text: str) -> None:
    expected, found = (_vectors(nlp, component, [text]) for nlp in (spacys, model.nlp))

    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)


def test_texts_do_not_see_each_other(model: LanguageModel, spacys: Language) -> None:
    texts = [*_TEXTS.values(), "", "Ulm"]

    together = _vectors(model.nlp, "tok2vec", texts)

    assert [len(each) for each in together] == [len(model.nlp.make_doc(text)) for text in texts]
    for found, expected in zip(together, _vectors(spacys, "tok2vec", texts), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize(
    "encoder",
    [
        pytest.param({"@architectures": "spacy.MishWindowEncoder.v2", "window_size": 1}, id="no_maxout"),
        pytest.param(
            {"@architectures": "spacy.MaxoutWindowEncoder.v2", "window_size": 2, "maxout_pieces": 3}, id="wider_window"
        ),
    ],
)
def test_other_architectures_stay_as_they_are(encoder: dict[str, Any]) -> None:
    embedding = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 8,
        "attrs": ["NORM"],
        "rows": [10],
        "include_static_vectors": False,
    }
    nlp = spacy.blank("en")
    config = {"@architectures": "spacy.Tok2Vec.v2", "embed": embedding, "encode": {**encoder, "width": 8, "depth": 2}}
    component: Any = nlp.add_pipe("tok2vec", config={"model": config})
    before = component.model

    quicken(nlp)

    assert component.model is before


def _vectors(nlp: Language, component: str, texts: list[str]) -> list[np.ndarray]:
    """What the component's layer of token vectors gives; that of the recogniser goes through its projection."""
    model = nlp.get_pipe(component).model  # type: ignore[attr-defined]
    docs = [nlp.make_doc(text) for text in texts]
    return [model.get_ref("tok2vec").predict(docs)] if component == "ner" else model.predict(docs)
