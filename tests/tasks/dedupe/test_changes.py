"""What a revision changed: sentences that came, went, moved, or were put otherwise."""

import pytest

from newsmill.schemas.words import ChangeKind
from newsmill.tasks.dedupe.changes import sentence_changes, sentences

ONE = "The council met on Monday in the old town hall."
TWO = "It voted for the new bridge over the river."
THREE = "Dr. Keller spoke against it for an hour."
FOUR = "The work will begin in spring."
ADDED, REMOVED, CHANGED, MOVED = ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED, ChangeKind.MOVED


def changes(before: str, after: str) -> list[tuple[ChangeKind, str | None, str | None]]:
    return [(change.kind, change.before, change.after) for change in sentence_changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([ONE, TWO], [ONE, TWO], []),
        ([ONE, TWO], [ONE, THREE, TWO], [(ADDED, None, THREE)]),
        ([ONE, THREE, TWO], [ONE, TWO], [(REMOVED, THREE, None)]),
        (
            [ONE, TWO],
            [ONE.replace("Monday", "Tuesday"), TWO],
            [(CHANGED, ONE, ONE.replace("Monday", "Tuesday"))],
        ),
        ([ONE, TWO, THREE, FOUR], [FOUR, ONE, TWO, THREE], [(MOVED, FOUR, FOUR)]),
        ([ONE, ONE, TWO], [ONE, TWO], [(REMOVED, ONE, None)]),
        ([ONE], [FOUR], [(REMOVED, ONE, None), (ADDED, None, FOUR)]),
        ([ONE, TWO], [], [(REMOVED, ONE, None), (REMOVED, TWO, None)]),
    ],
    ids=["nothing", "came", "went", "put otherwise", "moved", "said once less", "another text", "all went"],
)
@pytest.mark.parametrize("glue", [" ", "\n"])
def test_changes(before: list[str], after: list[str], expected: list[object], glue: str) -> None:
    assert changes(glue.join(before), glue.join(after)) == expected


def test_a_change_of_paragraphs_alone_is_none() -> None:
    assert changes(f"{ONE} {TWO}\n{THREE}", f"{ONE}\n{TWO} {THREE}") == []


def test_a_text_of_thousands_of_sentences_is_another_text() -> None:
    old, new = (" ".join(f"Sentence {word} {n} is here." for n in range(300)) for word in ("red", "blue"))
    assert {kind for kind, *_ in changes(old, new)} == {ADDED, REMOVED}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith said. He left.", ["Dr. Smith said.", "He left."]),
        ("J. R. Moss of the U.S. Army agreed. Yes?", ["J. R. Moss of the U.S. Army agreed.", "Yes?"]),
        ("他说好。他走了。", ["他说好。", "他走了。"]),
        ("वह आया। वह गया।", ["वह आया।", "वह गया।"]),
        ("A heading\nA line without a stop", ["A heading", "A line without a stop"]),
        ("It was so, said Dr.", ["It was so, said Dr."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
