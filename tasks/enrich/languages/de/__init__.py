"""German, whose rules go by the order of words."""

from newsmill.tasks.enrich.languages.de.lexicon import ORDER
from newsmill.tasks.enrich.languages.de.sources import SOURCES
from newsmill.tasks.enrich.languages.language import Language

GERMAN = Language("de", order=ORDER, sources=SOURCES)
