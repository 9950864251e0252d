"""Articles in other languages than English: with an installed model of the language, and without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from newsmill.schemas.words import EnrichmentDepth, SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts, installed_models
from newsmill.tasks.enrich.model import model_for

GERMAN = (
    "Angela Merkel sprach in Berlin mit der Europäischen Zentralbank.\n"
    "„Wir haben lange geredet“, sagte Merkel. „Das war gut so am Ende“, berichtet der Minister."
)


@pytest.fixture(autouse=True)
def _nothing_loaded_before() -> Iterator[None]:
    model_for.cache_clear()
    yield
    model_for.cache_clear()


def install(folder: Path, name: str, names: dict[str, str]) -> None:
    """A package with a spaCy pipeline that finds the given names, known to spaCy as the official ones are."""
    package, about = folder / name, folder / f"{name}-1.2.0.dist-info"
    nlp = spacy.blank(name.split("_", 1)[0], meta={"name": name.split("_", 1)[1], "version": "1.2.0"})
    ruler = nlp.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": label, "pattern": words} for words, label in names.items()])  # type: ignore[attr-defined]
    package.mkdir()
    nlp.to_disk(package / "model")
    (package / "__init__.py").touch()
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[spacy_models]\n{name} = {name}\n", encoding="utf-8")


ITALIAN = "Il ministro parlò a lungo. «Abbiamo discusso per tutta la notte», disse Carlo Benzi."


def test_without_rules_or_a_model_quotations_alone(model: LanguageModel) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, ITALIAN, "it")])

    assert (enriched.depth, enriched.model_name, enriched.entities) == (EnrichmentDepth.NO_MODEL, None, ())
    assert [(quote.text, quote.speaker_text, quote.method) for quote in enriched.quotes] == [
        ("Abbiamo discusso per tutta la notte", None, SpeakerMethod.OTHER_LANGUAGE)
    ]


def test_rules_alone_find_people_and_speakers(model: LanguageModel) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, GERMAN, "de")])

    assert (enriched.depth, enriched.model_name) == (EnrichmentDepth.RULES, None)
    assert [(e.text, e.label, e.entity_name) for e in enriched.entities] == [
        ("Angela Merkel", "PERSON", "Angela Merkel"),
        ("Merkel", "PERSON", "Angela Merkel"),
    ]
    assert [(quote.text, quote.speaker_name, quote.method) for quote in enriched.quotes] == [
        ("Wir haben lange geredet", "Angela Merkel", SpeakerMethod.CUE_AFTER),
        ("Das war gut so am Ende", None, SpeakerMethod.UNRESOLVED),
    ]


def test_an_installed_model_finds_the_names(
    model: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"Angela Merkel": "PER", "Merkel": "PER", "Berlin": "LOC", "Europäischen Zentralbank": "ORG"}
    install(tmp_path, "de_press_sm", names)
    monkeypatch.syspath_prepend(tmp_path)

    german, english = enrich_texts(model, [("0" * 16, GERMAN, "de-AT"), ("1" * 16, "Angela Merkel spoke.", "en")])

    assert (german.depth, german.model_name, german.model_version) == (EnrichmentDepth.FULL, "de_press_sm", "1.2.0")
    assert [(entity.text, entity.label, entity.entity_name) for entity in german.entities] == [
        ("Angela Merkel", "PERSON", "Angela Merkel"),
        ("Berlin", "LOC", "Berlin"),
        ("Europäischen Zentralbank", "ORG", "Europäischen Zentralbank"),
        ("Merkel", "PERSON", "Angela Merkel"),
    ]
    assert {entity.entity_id for entity in english.entities} <= {entity.entity_id for entity in german.entities}
    assert [quote.speaker_name for quote in german.quotes] == ["Angela Merkel", None]
    assert all(GERMAN[entity.start : entity.end] == entity.text for entity in german.entities)
    assert english.depth is EnrichmentDepth.FULL


def test_the_first_model_of_a_language_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nb_press_sm", "nb_press_md"):
        install(tmp_path, name, {})
    monkeypatch.syspath_prepend(tmp_path)

    found = model_for("no")

    assert installed_models()["nb"] == "nb_press_md"
    assert found is not None
    assert found.name == "nb_press_md"


def test_a_model_that_does_not_load_is_as_good_as_none(
    model: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "de_press_sm", {})
    (tmp_path / "de_press_sm" / "model" / "config.cfg").write_text("not a configuration", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    (enriched,) = enrich_texts(model, [("0" * 16, GERMAN, "de")])

    assert enriched.depth is EnrichmentDepth.RULES
