from newsmill.tasks.enrich.languages.language import Language
SPANISH = Language("es")
