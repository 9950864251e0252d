from newsmill.api import enrich as enrich
from newsmill.api import extract as extract
from newsmill.api import open_lake as open

__version__: str
