"""enrich: who and what an article names, and who is quoted in it with which words.

Spans, labels and speakers of an article depend on its text and the model alone, and its places on its outlet's country
too, never on its neighbours in a batch.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from spacy.language import Language

from newsmill.schemas.rows import Quote
from newsmill.schemas.words import EnrichmentDepth
from newsmill.tasks.enrich.enriched import Enriched, Text
from newsmill.tasks.enrich.entities.find import Mention, entity_rows, find_mentions
from newsmill.tasks.enrich.entities.mentions import mention_of
from newsmill.tasks.enrich.entities.people import find_people, with_people
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.languages.registry import language_of
from newsmill.tasks.enrich.model import LanguageModel, installed_models, load_model, model_for
from newsmill.tasks.enrich.places.mentions import with_places
from newsmill.tasks.enrich.quotes.find import find_quotes
from newsmill.tasks.enrich.quotes.kinds import with_kinds
from newsmill.tasks.enrich.quotes.phrases import names_body

__all__ = ["LanguageModel", "enrich_texts", "installed_models", "load_model"]

_REMEMBERED = 50_000
"""Words that a model remembers for good, the first that it meets: 15 MB."""


def enrich_texts(model: LanguageModel, texts: Sequence[Text]) -> list[Enriched]:
    """Entities and quotations of (article_id, text, language), with the outlet's country perhaps, in the order given.

    A language that is not known (None) is taken for the model's. A text in another one has the entities that an
    installed model of that language finds, and the people that the language's rules find, if it has any. Speakers are
    found in the languages that have rules (``languages/registry.py``).
    """
    models = [_model_of(language, model) for _, _, language, *_ in texts]
    results = []
    with ExitStack() as zones:
        for used, (article_id, text, language, *home) in zip(models, texts, strict=True):
            if used is not None:
                _bound_memory(used.nlp, zones)
            results.append(_enrich(used, article_id, text, language or model.nlp.lang or "", *home))
    return results


def _bound_memory(nlp: Language, zones: ExitStack) -> None:
    """Have the words of further texts forgotten when ``zones`` ends, once the model remembers enough of them.

    To tokenise a new word takes as long as all else that the model does with it. What is kept of a text is plain
    strings and numbers.
    """
    is_bound = nlp.vocab.in_memory_zone  # type: ignore[attr-defined] # which spaCy's stubs lack
    if len(nlp.vocab) >= _REMEMBERED and not is_bound:
        zones.enter_context(nlp.memory_zone())


def _model_of(language: str | None, model: LanguageModel) -> LanguageModel | None:
    code = model.nlp.lang if language is None else language.split("-")[0].lower()
    return model if code == model.nlp.lang else model_for(code)


def _enrich(model: LanguageModel | None, article_id: str, text: str, code: str, home: str | None = None) -> Enriched:
    language = language_of(code)
    people = [] if language.order is None else find_people(text, language.order)
    mentions = people if model is None else with_people(find_mentions(text, model.nlp), people)
    quotes = find_quotes(article_id, text, mentions, language, model.nlp if model else None)
    if language.order is not None:
        mentions, quotes = _with_speakers(text, mentions, quotes, language.order)
    has_rules = language.lexicon is not None or language.order is not None
    entities, dateline = with_places(text, entity_rows(article_id, mentions), home)
    quotes = with_kinds(quotes, entities, language)
    if model is None:
        depth = EnrichmentDepth.RULES if language.order is not None else EnrichmentDepth.NO_MODEL
        return Enriched(entities, quotes, depth, None, None, dateline)
    depth = EnrichmentDepth.FULL if has_rules else EnrichmentDepth.NAMES
    return Enriched(entities, quotes, depth, model.name, model.version, dateline)


def _with_speakers(
    text: str, mentions: Sequence[Mention], quotes: Sequence[Quote], order: WordOrder
) -> tuple[list[Mention], tuple[Quote, ...]]:
    """The mentions with the speakers whom only the quotations tell, so that each speaker is an entity of the article.

    One whose name does not stand in the text as such has no identity.
    """
    known = {mention.entity_id for mention in mentions}
    found = list(mentions)
    kept: list[Quote] = []
    for quote in quotes:
        if quote.speaker_entity_id is not None and quote.speaker_entity_id not in known:
            mention = _mention_of_speaker(text, quote, order)
            if mention is not None and all(m.end <= mention.start or mention.end <= m.start for m in found):
                found = with_people(found, [mention])
                known.add(mention.entity_id)
            else:
                quote = quote.replace(speaker_entity_id=None)  # noqa: PLW2901
        kept.append(quote)
    return found, tuple(kept)


def _mention_of_speaker(text: str, quote: Quote, order: WordOrder) -> Mention | None:
    """Where the speaker is named: at the quotation, or where the name stands first."""
    at = text.find(quote.speaker_name) if quote.speaker_name else -1
    places = [(quote.speaker_start, quote.speaker_end), (at, at + len(quote.speaker_name or ""))]
    for start, end in places:
        if start is not None and end is not None and start >= 0:
            mention = mention_of(text, start, end, "ORG" if names_body(text[start:end], order) else "PERSON")
            if mention.entity_id == quote.speaker_entity_id:
                return mention
    return None
