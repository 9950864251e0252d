"""Sixty hard passages of each language that is read by the order of words: the right speaker or nobody.

A line of ``speakers/<code>.txt`` is a kind, a text, and words of its quotations with who must have said them, "-" for
nobody.
"""

import pytest

from newsmill.schemas.rows import Quote
from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.enrich import enrich_texts, load_model
from newsmill.tasks.enrich.entities.people import find_people
from newsmill.tasks.enrich.languages.registry import LANGUAGES, language_of
from newsmill.tasks.enrich.quotes.find import find_quotes
from tests.quality.floors import MODEL
from tests.quality.gold import FOLDER

FLOOR = 0.96
"""Share of the passages' quotations that have the right speaker, or rightly none."""
SURE = 0.9
_NAMELESS = {SpeakerMethod.UNRESOLVED, SpeakerMethod.AMBIGUOUS}
CODES = sorted(code for code, language in LANGUAGES.items() if language.order is not None)


def _passages(code: str) -> list[tuple[str, str, dict[str, str]]]:
    lines = (FOLDER / "speakers" / f"{code}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines]
    return [(kind, text, dict(pair.split(" = ") for pair in pairs.split("; "))) for kind, text, pairs in rows]


def _speaker(quotes: tuple[Quote, ...], text: str, words: str) -> tuple[str, float]:
    """Who is said to have said words, and how surely."""
    for quote in quotes:
        if words in text[quote.start : quote.end] and quote.kind is not QuoteKind.INDIRECT:
            nameless = quote.method in _NAMELESS
            return quote.speaker_name or (None if nameless else quote.speaker_text) or "-", quote.confidence or 0.0
    return "-", 0.0


@pytest.mark.parametrize("code", CODES)
def test_the_right_speaker_or_nobody(code: str) -> None:
    order = language_of(code).order
    assert order is not None
    wrong: list[str] = []
    surely_wrong: list[str] = []
    count = 0
    for kind, text, speakers in _passages(code):
        quotes = find_quotes("0" * 16, text, find_people(text, order), language_of(code))
        for words, speaker in speakers.items():
            found, confidence = _speaker(quotes, text, words)
            count += 1
            if found != speaker:
                wrong.append(f"{kind}: {words!r} is {speaker}'s, got {found} ({confidence})")
                surely_wrong += wrong[-1:] if found != "-" and confidence >= SURE else []
    assert surely_wrong == []
    assert 1 - len(wrong) / count >= FLOOR, "\n".join(wrong)


@pytest.mark.parametrize("code", CODES)
def test_there_are_sixty_passages_of_different_kinds(code: str) -> None:
    kinds = [kind for kind, _, _ in _passages(code)]
    assert len(kinds) == len(set(kinds)) == 60


@pytest.mark.parametrize("code", CODES)
def test_each_speaker_is_an_entity_of_the_article(code: str) -> None:
    texts = [(f"{index:016x}", text, code) for index, (_, text, _) in enumerate(_passages(code))]
    told = 0
    for enriched in enrich_texts(load_model(MODEL), texts):
        known = {entity.entity_id for entity in enriched.entities}
        speakers = {quote.speaker_entity_id for quote in enriched.quotes} - {None}
        told += len(speakers)
        assert speakers <= known
    assert told > 40
