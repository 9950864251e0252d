"""Kinds of sources: by the entity, else by the noun that the text calls them by; none where the words do not tell."""

import pytest

from newsmill.schemas.words import SpeakerKind, SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts
from newsmill.tasks.enrich.languages.registry import language_of
from newsmill.tasks.enrich.quotes.kinds import speaker_kind
from tests.rows import QUOTE

PERSON, UNNAMED, BODY, DOCUMENT, CROWD = SpeakerKind


@pytest.mark.parametrize(
    ("language", "said_by", "expected"),
    [
        ("en", "a senior official", UNNAMED),
        ("en", "two people familiar with the matter", UNNAMED),
        ("en", "officials", UNNAMED),
        ("en", "a spokesman for the ministry", UNNAMED),
        ("en", "the minister", PERSON),
        ("en", "her lawyer", PERSON),
        ("en", "the ministry", BODY),
        ("en", "the company’s", BODY),
        ("en", "a Homeland Security memo", DOCUMENT),
        ("en", "the report", DOCUMENT),
        ("en", "two studies", DOCUMENT),
        ("en", "protesters", CROWD),
        ("en", "the crowd outside the court", CROWD),
        ("en", "he", None),
        ("en", "Politifact", None),
        ("de", "ein hoher Beamter", UNNAMED),
        ("de", "Experten", UNNAMED),
        ("de", "ein Sprecher der Polizei", UNNAMED),
        ("de", "der Sprecher des Ministeriums", PERSON),
        ("de", "das Ministerium", BODY),
        ("de", "die Studie", DOCUMENT),
        ("de", "Demonstranten", CROWD),
        ("fr", "le communiqué", DOCUMENT),
        ("fr", "des manifestants", CROWD),
        ("fr", "une source proche du dossier", None),
        ("fr", "le ministère", BODY),
        ("es", "fuentes del Gobierno", UNNAMED),
        ("es", "el informe", DOCUMENT),
        ("es", "los vecinos", CROWD),
        ("it", "il ministero", None),
    ],
)
def test_the_noun_tells(language: str, said_by: str, expected: SpeakerKind | None) -> None:
    quote = QUOTE.replace(speaker_text=said_by, speaker_entity_id=None)
    assert speaker_kind(quote, None, language_of(language).sources) == expected


@pytest.mark.parametrize(
    ("label", "expected"), [("PERSON", PERSON), ("ORG", BODY), ("GPE", BODY), ("NORP", CROWD), ("PER", PERSON)]
)
def test_the_entity_tells_first(label: str, expected: SpeakerKind) -> None:
    assert speaker_kind(QUOTE.replace(speaker_text="the report"), label, language_of("en").sources) == expected


def test_a_name_that_the_layout_gives_is_a_person() -> None:
    quote = QUOTE.replace(speaker_text="WALLACE", method=SpeakerMethod.TRANSCRIPT)
    assert speaker_kind(quote, None, language_of("en").sources) == PERSON


def test_nobody_has_no_kind() -> None:
    assert speaker_kind(QUOTE.replace(speaker_text=None), None, language_of("en").sources) is None


@pytest.mark.parametrize(
    ("said_by", "expected"),
    [
        ("Der TSV Havelsee", BODY),
        ("Eintracht Havelsee", BODY),
        ("Borussia Havelsee", BODY),
        ("Anna Berg", PERSON),
        ("Karl Havelsee", PERSON),
    ],
)
def test_a_german_name_tells_whether_it_is_a_body(model: LanguageModel, said_by: str, expected: SpeakerKind) -> None:
    text = f"{said_by} teilte am Montag mit: „Das Spiel am Samstag fällt leider aus.“"
    (enriched,) = enrich_texts(model, [("0" * 16, text, "de")])

    (quote,) = enriched.quotes
    assert quote.speaker_kind == expected
