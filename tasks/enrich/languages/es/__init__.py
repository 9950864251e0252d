"""Spanish, whose rules go by the order of words."""

from newsmill.tasks.enrich.languages.es.lexicon import ORDER
from newsmill.tasks.enrich.languages.es.sources import SOURCES
from newsmill.tasks.enrich.languages.language import Language

SPANISH = Language("es", order=ORDER, sources=SOURCES)
