from newsmill.tasks.enrich.languages.language import Language
FRENCH = Language("fr")
