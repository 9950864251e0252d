"""enrich: who and what an article names, and who is quoted in it with which words.

Spans, labels and speakers of an article depend on its text and the model alone, never on its neighbours in a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsmill.schemas.rows import Entity, Quote
from newsmill.tasks.enrich.entities import entity_rows, find_mentions
from newsmill.tasks.enrich.model import LanguageModel, load_model
from newsmill.tasks.enrich.quotes import find_quotes

__all__ = ["Enriched", "LanguageModel", "enrich_texts", "load_model"]


@dataclass(frozen=True, slots=True)
class Enriched:
    """What one article names and quotes, in order of its text."""

    entities: tuple[Entity, ...]
    quotes: tuple[Quote, ...]


def enrich_texts(model: LanguageModel, texts: Sequence[tuple[str, str, str | None]]) -> list[Enriched]:
    """Entities and quotations of (article_id, text, language) in the order given.

    A text in a language that is not the model's has no entities, and quotations without speakers; a language that is
    not known (None) is taken for the model's.
    """
    return [_enrich(model, article_id, text, language) for article_id, text, language in texts]


def _enrich(model: LanguageModel, article_id: str, text: str, language: str | None) -> Enriched:
    nlp = model.nlp
    if language is not None and language.split("-")[0].lower() != nlp.lang:
        return Enriched((), find_quotes(article_id, text, (), None))
    # The zone frees the words and tokens of the article; everything kept is a plain string or number.
    with nlp.memory_zone():
        mentions = find_mentions(text, nlp)
        return Enriched(entity_rows(article_id, mentions), find_quotes(article_id, text, mentions, nlp))
