"""The stage as a whole: the seeds against their golden files, and what a batch must not change."""

import json
from pathlib import Path

import pytest

from newsmill.schemas.rows import Entity, Quote
from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich import Enriched, LanguageModel, enrich_texts

ROOT = Path(__file__).parents[3]
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*.quotes.json"))
HOSTILE = (
    "",
    " \n\t\n",
    "\x00",
    '"',
    "“\n\n“",
    "\\\";alert('223');//",
    "“a b c d,” he",
    "“a b c d,” according to",
    "“a b c d,” according",
    'he said: "',
    '"' * 5000,
    "“a " * 500,
    "x" * 50_000,
    "\u202e“We are all here now,” she said.\u2028\u2028",
    "😀 “We are all 😀 here now,” said Zoë 😀.",
)


def _check(text: str, enriched: Enriched) -> None:
    """The promises that hold for every text."""
    ids = {entity.entity_id for entity in enriched.entities}
    for entity in enriched.entities:
        assert text[entity.start : entity.end] == entity.text
    for quote in enriched.quotes:
        assert text[quote.start : quote.end] == quote.text
        assert (quote.confidence is None) == (quote.speaker_text is None or quote.method is SpeakerMethod.UNRESOLVED)
        assert quote.method is not SpeakerMethod.UNRESOLVED or (quote.speaker_text and not quote.speaker_name)
        assert quote.speaker_entity_id is None or quote.speaker_entity_id in ids
        assert (quote.segments[0].start, quote.segments[-1].end) == (quote.start, quote.end)
        if quote.speaker_start is not None:
            assert text[quote.speaker_start : quote.speaker_end] == quote.speaker_text
        if quote.cue_start is not None:
            assert text[quote.cue_start : quote.cue_end] == quote.cue


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name.split("_")[0])
def test_seed_quotes(model: LanguageModel, path: Path) -> None:
    text = (ROOT / "seeds" / path.name.replace(".quotes.json", ".txt")).read_text(encoding="utf-8")
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    fields = ("text", "kind", "speaker_text", "speaker_name", "speaker_role", "cue", "method")

    assert json.loads(path.read_text(encoding="utf-8")) == [
        {field: getattr(quote, field) for field in fields} for quote in enriched.quotes
    ]
    _check(text, enriched)


def test_golden_files_are_complete() -> None:
    assert len(list((ROOT / "seeds").glob("*.txt"))) == len(GOLDEN)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", None, "tr"])
def test_any_text_is_taken(model: LanguageModel, text: str, language: str | None) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, language)])

    _check(text, enriched)


def test_neighbours_change_nothing(model: LanguageModel) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    rows = [(f"{index:016x}", text, "en") for index, text in enumerate(texts)]

    together = enrich_texts(model, rows)

    assert together == [enriched for row in reversed(rows) for enriched in enrich_texts(model, [row])][::-1]


def test_rows_fit_the_tables(model: LanguageModel) -> None:
    text = "“We are ready for the winter,” said German Chancellor Angela Merkel."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert list(enriched.quotes) == Quote.from_arrow(Quote.to_arrow(enriched.quotes))
    assert list(enriched.entities) == Entity.from_arrow(Entity.to_arrow(enriched.entities))


def test_same_words_have_the_same_quote_id(model: LanguageModel) -> None:
    first, second = enrich_texts(
        model,
        [
            ("0" * 16, "“We're ready for the winter,” said Angela Merkel.", "en"),
            ("1" * 16, 'Angela Merkel said: "We’re ready for the WINTER".', "en"),
        ],
    )

    assert [quote.quote_id for quote in first.quotes] == [quote.quote_id for quote in second.quotes]
