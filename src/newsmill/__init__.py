"""News articles in, validated Parquet with entities and attributed quotes out.

From Python, ``newsmill.open``, ``newsmill.extract`` and ``newsmill.enrich``; see :mod:`newsmill.api`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsmill.api import enrich, extract
    from newsmill.api import open_lake as open  # noqa: A004, newsmill.open(...) is how it reads

__all__ = ["__version__", "enrich", "extract", "open"]
__version__ = "0.1.0"

_API = {"open": "open_lake", "extract": "extract", "enrich": "enrich"}


def __getattr__(name: str) -> Any:
    """What Python users call, imported at the first call: the command line begins without it."""
    if name not in _API:
        raise AttributeError(f"module newsmill has no attribute {name}")
    from newsmill import api

    return getattr(api, _API[name])
