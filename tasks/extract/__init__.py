"""extract: bytes in, one clean article or one rejection out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsmill.tasks.extract.article import extract_article, load_models

__all__ = ["extract_article", "load_models"]


def __getattr__(name: str) -> Any:
    """Imported when asked for: who runs the stage has children that extract, and does not carry what they need."""
    if name in __all__:
        return getattr(import_module("newsmill.tasks.extract.article"), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
