"""French, whose rules go by the order of words."""

from newsmill.tasks.enrich.languages.fr.lexicon import ORDER
from newsmill.tasks.enrich.languages.fr.sources import SOURCES
from newsmill.tasks.enrich.languages.language import Language

FRENCH = Language("fr", order=ORDER, sources=SOURCES)
