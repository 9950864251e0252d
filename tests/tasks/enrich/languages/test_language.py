"""The records that rules are handed, and how their patterns are written."""

import re

import pytest

from newsmill.tasks.enrich.languages.language import any_of


@pytest.mark.parametrize("texts", [["say", "says", "said"], ["a.k.a.", "aka"], ["report"], ["state", "states that"]])
def test_any_of_finds_these_and_nothing_else(texts: list[str]) -> None:
    pattern = re.compile(any_of(texts))
    others = [text[:-1] for text in texts] + [text + "x" for text in texts] + ["", "akaa", "sai"]

    assert all(pattern.fullmatch(text) for text in texts)
    assert not [text for text in others if text not in texts and pattern.fullmatch(text)]


def test_any_of_takes_the_longest() -> None:
    assert re.findall(any_of(["say", "says"]), "she says") == ["says"]
