"""Over the hard passages nobody is named for sure who did not speak, and most who spoke are named."""

import pytest

from newsmill.schemas.words import QuoteKind
from newsmill.tasks.enrich import LanguageModel, enrich_texts, load_model
from tests.quality.floors import MODEL
from tests.quality.passages import PASSAGES
from tests.quality.pronouns import REPORTS
from tests.quality.score import SURE

pytestmark = pytest.mark.xdist_group("quality")

NAMED = {"namesakes": 0.8, "suppositions": 0.8, "pronouns": 0.6, "turns": 0.8}
"""The share of speakers whom the text tells that are named at least."""


@pytest.fixture(scope="session")
def model() -> LanguageModel:
    return load_model(MODEL)


def test_there_are_a_hundred_and_twenty() -> None:
    assert sum(map(len, PASSAGES.values())) == 120


@pytest.mark.parametrize("kind", PASSAGES)
def test_nobody_is_wrong_for_sure(kind: str, model: LanguageModel) -> None:
    passages = PASSAGES[kind]
    found = enrich_texts(model, [(f"{index:016x}", passage.text, "en") for index, passage in enumerate(passages)])
    wrong, told, named = [], 0, 0
    for passage, enriched in zip(passages, found, strict=True):
        for words, speaker in passage.speakers.items():
            quotes = [q for q in enriched.quotes if q.text.startswith(words) and q.kind is not QuoteKind.INDIRECT]
            told += speaker is not None
            for quote in quotes[:1]:
                is_right = (quote.speaker_name or quote.speaker_text or "").lower() == (speaker or "").lower()
                named += speaker is not None and is_right
                if quote.speaker_name and quote.confidence and quote.confidence >= SURE and not is_right:
                    wrong.append(f"{passage.text!r}: {words!r} is {speaker}'s, not {quote.speaker_name}'s")

    assert wrong == []
    assert named >= NAMED[kind] * told


def test_a_pronoun_that_is_sure_is_right(model: LanguageModel) -> None:
    found = enrich_texts(model, [(f"{index:016x}", report.text, "en") for index, report in enumerate(REPORTS)])
    wrong, told, sure = [], 0, 0
    for report, enriched in zip(REPORTS, found, strict=True):
        for words, name in report.speakers.items():
            quotes = [q for q in enriched.quotes if words in q.text and q.kind is not QuoteKind.INDIRECT]
            told += 1
            if quotes and (quotes[0].confidence or 0) >= SURE:
                sure += 1
                wrong += [f"{words!r} is {name}'s, not {quotes[0].speaker_name}'s"] * (quotes[0].speaker_name != name)

    assert told > 50
    assert len(wrong) <= 0.03 * sure, wrong
    assert sure >= 2 / 3 * told
