"""What is to be said of thousands of sources is said in a few lines."""

import pytest

from newsmill.tasks.fetch.notices import MOST_LINES, answers, gathered, some_of


def test_what_is_true_of_several_sources_is_said_once_and_of_the_most_first() -> None:
    dead = [(f"dead-{n}", "failing since 2026-01-05: status 404") for n in range(5_000)]

    lines = gathered([("empty", "lists nothing since 2025-11-05"), *dead, ("other", "lists nothing since 2025-12-01")])

    assert lines == (
        "dead-0, dead-1, dead-2 and 4,997 more: failing since 2026-01-05: status 404",
        "empty: lists nothing since 2025-11-05",
        "other: lists nothing since 2025-12-01",
    )


@pytest.mark.parametrize("count", [MOST_LINES, MOST_LINES + 1, 5_000])
def test_lines_are_few_however_much_there_is_to_say(count: int) -> None:
    lines = gathered((f"source-{n}", f"notice {n}") for n in range(count))

    assert len(lines) == MOST_LINES
    assert lines[0] == "source-0: notice 0"
    left_out = count - MOST_LINES + 1
    assert lines[-1].startswith(f"{left_out:,} more sources") == (count > MOST_LINES)


@pytest.mark.parametrize(
    ("count", "said"), [(0, ""), (1, "a"), (3, "a, b, c"), (5, "a, b, c and 2 more")], ids=["none", "1", "3", "5"]
)
def test_names_are_given_while_they_are_few(count: int, said: str) -> None:
    assert some_of(list("abcde")[:count]) == said


@pytest.mark.parametrize(
    ("answered", "asked", "said"),
    [(None, None, None), (0, 0, None), (0, 3_000, "0 of 3,000 sources answered"), (2, 2, "2 of 2 sources answered")],
)
def test_who_answered_is_said_if_anybody_was_asked(answered: int | None, asked: int | None, said: str | None) -> None:
    assert answers(answered, asked) == said
