"""enrich: who and what an article names, and who is quoted in it with which words."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsmill.schemas.rows import Entity, Quote
from newsmill.schemas.words import EnrichmentDepth

if TYPE_CHECKING:
    from newsmill.tasks.enrich.texts import LanguageModel, enrich_texts, installed_models, load_model

__all__ = ["Enriched", "LanguageModel", "enrich_texts", "installed_models", "load_model"]


@dataclass(frozen=True, slots=True)
class Enriched:
    """What one article names and quotes, in order of its text, how far its language let us see, and by which model."""

    entities: tuple[Entity, ...]
    quotes: tuple[Quote, ...]
    depth: EnrichmentDepth
    model_name: str | None
    model_version: str | None


def __getattr__(name: str) -> Any:
    """Imported when asked for: who runs the stage has children that enrich, and does not carry spaCy himself."""
    if name in __all__:
        return getattr(import_module("newsmill.tasks.enrich.texts"), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
