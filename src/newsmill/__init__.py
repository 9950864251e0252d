"""News articles in, validated Parquet with entities and attributed quotes out.

From Python, ``newsmill.open``, ``newsmill.extract`` and ``newsmill.enrich``; see ``newsmill.api``.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_API = {"open": "open_lake", "extract": "extract", "enrich": "enrich"}


def __getattr__(name: str) -> Any:
    """What Python users call, imported at the first call: the command line begins without it."""
    if name not in _API:
        raise AttributeError(f"module newsmill has no attribute {name}")
    return getattr(import_module("newsmill.api"), _API[name])
