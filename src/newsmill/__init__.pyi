from newsmill.api import enrich, extract
from newsmill.api import open_lake as open  # noqa: A004 - newsmill.open(...) is how it reads

__all__ = ["__version__", "enrich", "extract", "open"]
__version__: str
