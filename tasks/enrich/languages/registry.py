"""The languages that have rules, by code."""

from newsmill.tasks.enrich.languages.de import GERMAN
from newsmill.tasks.enrich.languages.en import ENGLISH
from newsmill.tasks.enrich.languages.en.kinds import NAMING
from newsmill.tasks.enrich.languages.es import SPANISH
from newsmill.tasks.enrich.languages.fr import FRENCH
from newsmill.tasks.enrich.languages.language import Language

LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH)}
"""Every language with rules for speakers. Any other has what a model of it finds, and quotations by their marks."""

ABROAD = NAMING
"""What names say that they are, in a language that has no list of its own: bodies have English names in all of them."""


def language_of(code: str) -> Language:
    """The language of a code ("de", "de-AT"); one without rules where there are none for it."""
    bare = code.split("-", maxsplit=1)[0].lower()
    return LANGUAGES.get(bare) or Language(bare)
