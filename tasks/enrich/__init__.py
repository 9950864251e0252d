"""enrich: who and what an article names, and who is quoted in it with which words."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsmill.tasks.enrich.enriched import Enriched

if TYPE_CHECKING:
    from newsmill.tasks.enrich.texts import LanguageModel, enrich_texts, installed_models, load_model

__all__ = ["Enriched", "LanguageModel", "enrich_texts", "installed_models", "load_model"]


def __getattr__(name: str) -> Any:
    """Imported when asked for: who runs the stage has children that enrich, and does not carry spaCy himself."""
    if name in __all__:
        return getattr(import_module("newsmill.tasks.enrich.texts"), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
