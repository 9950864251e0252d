"""Shingles are exact, sketches small, and both the same everywhere."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsmill.tasks.inputs.fingerprint import (
    NOTHING_SHARED,
    SKETCH_LEAST,
    SKETCH_MOST,
    compare,
    shingles,
    short_hash,
    sketch,
    words_changed,
)
from newsmill.tasks.inputs.identity import text_hash


def words(count: int, first: int = 0) -> str:
    return " ".join(f"w{number}" for number in range(first, first + count))


def sets(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.lower())
    return set(zip(found, found[1:], found[2:], strict=False)) if len(found) >= 20 else set()


SPACED = st.lists(st.sampled_from(["rain", "Wind", "ÉTÉ", "x_1", "été", "—", "don't", "\n", "7", "Öl"]), max_size=60)


@settings(deadline=None)
@given(SPACED, SPACED)
def test_the_similarity_is_that_of_the_sets_of_three_words(one: list[str], other: list[str]) -> None:
    first, second = " ".join(one), " ".join(other)
    a, b = sets(first), sets(second)

    found = compare(shingles(first), shingles(second))

    if not (a and b):
        assert found == NOTHING_SHARED
        return
    assert found.jaccard == pytest.approx(len(a & b) / len(a | b))
    assert found.containment == pytest.approx(len(a & b) / min(len(a), len(b)))
    assert found.share == pytest.approx(min(len(a), len(b)) / max(len(a), len(b)))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_as_many_shingles_as_its_words_make(text: str) -> None:
    spaced = re.sub(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]", "", text)

    assert len(shingles(spaced)) == len(sets(spaced))


def test_case_spacing_and_punctuation_do_not_count() -> None:
    text = words(30)

    assert np.array_equal(shingles(text.upper().replace(" ", ",\n")), shingles(text))


def test_scripts_without_spaces_are_compared_by_character() -> None:
    text = "北京市人民政府今天宣布将在明年春天开始重建横跨河流的旧桥"

    found = compare(shingles(text), shingles(text.replace("明年", "今年")))

    assert 0.7 < found.jaccard < 1


def test_short_texts_are_like_nothing() -> None:
    assert not len(shingles(words(19)))
    assert compare(shingles(words(19)), shingles(words(19))) == NOTHING_SHARED


@pytest.mark.parametrize(("count", "size"), [(20, SKETCH_LEAST), (514, 32), (5000, SKETCH_MOST), (10, 0)])
def test_a_sketch_grows_with_the_text_between_bounds(count: int, size: int) -> None:
    made = sketch(shingles(words(count)))

    assert len(made) == 4 * size
    hashes = np.frombuffer(made, "<u4")
    assert np.array_equal(hashes, np.unique(hashes))


def test_fingerprints_are_the_same_on_every_machine() -> None:
    assert sketch(shingles(words(20))).hex()[:32] == "bbcbd605d574241ea634682897637e28"
    assert short_hash(text_hash("Rain, again.")) == short_hash(text_hash("rain again")) == -3702941439557185059


def test_text_hash_folds_case_spacing_and_punctuation() -> None:
    assert text_hash("Rain, again.\nMore rain") == text_hash("rain again  MORE rain!")
    assert text_hash("rain again") != text_hash("again rain")


def test_words_that_changed_are_counted() -> None:
    assert words_changed("the old bridge, the road", "The new bridge will be closed") == (4, 3)
