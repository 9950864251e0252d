"""What one text shows of the furniture of its host, and that what is cut can be put back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsmill.tasks.inputs.furniture import (
    APART,
    AT_END,
    SENTENCE,
    candidates,
    cut,
    furniture_of,
    restored,
    shifts_of,
)

STORY = (
    "The council of Milton voted on Monday to rebuild the old bridge over the river after a long debate.\n"
    "Work will begin in spring, and the road will be closed for nine months, the council of the town said.\n"
    "The bridge was closed when a lorry struck its northern pillar, and the river has been crossed by ferry since.\n"
    "Traders had asked the council for a second ferry, which the town cannot pay for.\n"
)
OFFER = "Sign up for our morning newsletter and never miss a headline."


def known(text: str) -> dict[str, int]:
    lines = text.split("\n")
    return {lines[line.place]: line.traits for line in candidates(text)}


@pytest.mark.parametrize(
    ("line", "traits"),
    [
        pytest.param(OFFER, AT_END | SENTENCE | APART, id="an offer"),
        pytest.param("Read more", AT_END | APART, id="words that are no sentence"),
        pytest.param("___", AT_END | APART, id="a rule"),
        pytest.param("Anna Weber is a reporter who writes on schools.", AT_END | SENTENCE | APART, id="an author"),
        pytest.param(
            "Milton has had three bridges since the war.", AT_END | SENTENCE, id="prose with a name of the text"
        ),
        pytest.param(
            "A second ferry and a bridge have been debated.", AT_END | SENTENCE, id="prose in words of the text"
        ),
    ],
)
def test_the_last_line_is_remembered_with_what_it_has_to_do_with_the_text(line: str, traits: int) -> None:
    assert known(STORY + line)[line] == traits


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("“Never miss a headline,” it says.", id="a quotation"),
        pytest.param("Read more", id="a subhead"),
        pytest.param("Read it all here.", id="a short sentence"),
        pytest.param("Milton has had three bridges since the war.", id="background of the story"),
        pytest.param(f"{OFFER}\n{OFFER}", id="a refrain"),
    ],
)
def test_what_stands_between_others_is_no_furniture_unless_it_is_a_sentence_apart(line: str) -> None:
    first, _, rest = STORY.partition("\n")

    assert not set(line.split("\n")) & set(known(f"{first}\n{line}\n{rest}{STORY[:40]}\n" + STORY.replace(".", "!")))
    assert known(f"{first}\n{OFFER}\n{rest}" + STORY.replace(".", "!"))[OFFER] == SENTENCE | APART


def test_a_first_line_counts_as_a_sentence_alone() -> None:
    assert known(f"{OFFER}\n{STORY}")[OFFER] == SENTENCE | APART
    assert "MILTON (NP)" not in known(f"MILTON (NP)\n{STORY}")


def test_nothing_is_furniture_ahead_of_what_somebody_says() -> None:
    assert set(known(f"{STORY}Read more\n“We shall see.”\nContact")) & {"Read more", "Contact"} == {"Contact"}


@given(
    st.lists(
        st.sampled_from([*STORY.split("\n")[:4], OFFER, "Read more", "“So he says.”", "", "北京的天气很好。"]),
        max_size=12,
    )
)
def test_what_is_cut_can_be_put_back_and_is_not_most_of_a_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    known = candidates(text)

    left, furniture = cut(text, range(len(known)))

    assert restored(left, furniture) == text
    assert len(left.split()) >= len(text.split()) / 4
    assert [line.text for line in furniture] == [lines[line.place] for line in known]
    shift_of = shifts_of(left, furniture)
    for offset, character in enumerate(text):
        shift = shift_of(offset)
        assert shift is None or character == "\n" or left[offset - shift] == character


def test_nothing_was_cut_where_nothing_is_told() -> None:
    assert restored("One.\nTwo.", None) == "One.\nTwo."
    assert furniture_of(None) == ()
