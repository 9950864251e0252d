"""enrich: who and what an article names, and who is quoted in it with which words.

Spans, labels and speakers of an article depend on its text and the model alone, never on its neighbours in a batch.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from newsmill.schemas.words import EnrichmentDepth
from newsmill.tasks.enrich.enriched import Enriched
from newsmill.tasks.enrich.entities.find import entity_rows, find_mentions
from newsmill.tasks.enrich.entities.people import find_people, with_people
from newsmill.tasks.enrich.languages.registry import language_of
from newsmill.tasks.enrich.model import LanguageModel, installed_models, load_model, model_for
from newsmill.tasks.enrich.quotes.find import find_quotes

__all__ = ["LanguageModel", "enrich_texts", "installed_models", "load_model"]


def enrich_texts(model: LanguageModel, texts: Sequence[tuple[str, str, str | None]]) -> list[Enriched]:
    """Entities and quotations of (article_id, text, language) in the order given.

    A language that is not known (None) is taken for the model's. A text in another one has the entities that an
    installed model of that language finds, and the people that the language's rules find, if it has any. Speakers are
    found in the languages that have rules (``languages/registry.py``).
    """
    models = [_model_of(language, model) for _, _, language in texts]
    # A zone frees the words and tokens of its texts; everything kept is a plain string or number. One for each article
    # would forget each time how the common words are tokenised.
    with ExitStack() as zones:
        for nlp in {used.name: used.nlp for used in models if used}.values():
            zones.enter_context(nlp.memory_zone())
        return [
            _enrich(used, article_id, text, language or model.nlp.lang or "")
            for used, (article_id, text, language) in zip(models, texts, strict=True)
        ]


def _model_of(language: str | None, model: LanguageModel) -> LanguageModel | None:
    code = model.nlp.lang if language is None else language.split("-")[0].lower()
    return model if code == model.nlp.lang else model_for(code)


def _enrich(model: LanguageModel | None, article_id: str, text: str, code: str) -> Enriched:
    language = language_of(code)
    people = [] if language.order is None else find_people(text, language.order)
    if model is None:
        depth = EnrichmentDepth.NO_MODEL if language.order is None else EnrichmentDepth.RULES
        return Enriched(
            entity_rows(article_id, people), find_quotes(article_id, text, people, language), depth, None, None
        )
    mentions = with_people(find_mentions(text, model.nlp), people)
    has_rules = language.lexicon is not None or language.order is not None
    return Enriched(
        entity_rows(article_id, mentions),
        find_quotes(article_id, text, mentions, language, model.nlp),
        EnrichmentDepth.FULL if has_rules else EnrichmentDepth.NAMES,
        model.name,
        model.version,
    )
