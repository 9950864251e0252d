"""English, whose rules read the parse."""

from newsmill.tasks.enrich.languages.language import Language

ENGLISH = Language("en", components=("ner", "parser", "tagger"), parsed=True)
