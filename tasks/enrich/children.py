"""The children that enrich. Neither they nor who only starts them carry what the rest of the stage works with."""

from collections.abc import Callable
from functools import cache, partial

from newsmill.config import Settings
from newsmill.isolate import Workers
from newsmill.memory import give_back
from newsmill.tasks.enrich.enriched import Enriched, Text
from newsmill.tasks.run.workers import worker_count


def enrichers(settings: Settings) -> Workers:
    """Children that share the language model and enrich a group of texts a call."""
    return _enrichers(worker_count(settings), settings.text_seconds, settings.model)


@cache
def _enrichers(count: int, seconds: float, model: str) -> Workers:
    return Workers(count, partial(start_enriching, model), seconds=seconds)


def start_enriching(model_name: str) -> Callable[[list[Text]], list[Enriched]]:
    """What enriching children do: the model is loaded once, then each enriches groups of texts."""
    from newsmill.tasks.enrich import enrich_texts, load_model  # noqa: PLC0415 - only the children load spaCy

    model = load_model(model_name)
    # The names of the world are read for the first text, which need not wait for that, and each child would read them.
    enrich_texts(model, [("", "Ada Hill spoke in Berlin.", None)])
    give_back()
    return partial(enrich_texts, model)
