"""The lines of the article: the likelier ones, of one article, each paragraph once."""

import numpy as np
import pytest

from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.choice import Marks, article_lines, choose, headline_article, stray, without_repeats
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.traits import Array, layout_of

WORDS = np.full(4, 20.0)
ALL, NONE = np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
UNLINKED = np.zeros(4)


def marks(*places: int) -> Marks:
    return np.isin(np.arange(4), places)


@pytest.mark.parametrize(
    ("chances", "chosen"),
    [
        ((0.3, 0.3, 0.3, 0.05), (0, 1, 2)),
        ((0.99, 0.99, 0.99, 0.3), (0, 1, 2)),
        ((0.0, 0.0, 0.0, 0.0), ()),
    ],
    ids=["unsure", "sure", "nothing"],
)
def test_of_lines_that_no_one_is_sure_of_the_likelier_ones_are_taken(
    chances: tuple[float, ...], chosen: tuple[int, ...]
) -> None:
    assert np.flatnonzero(choose(np.array(chances), WORDS)[0]).tolist() == list(chosen)


def taken(
    chances: Array,
    *,
    linked: Array = UNLINKED,
    prose: Marks = ALL,
    kept: Marks | None = None,
    inside: Marks | None = None,
) -> list[int]:
    return np.flatnonzero(article_lines(chances, WORDS, linked, prose, kept, inside)).tolist()


def test_lines_outside_the_headlines_article_go_if_it_holds_most() -> None:
    chances = np.array([0.9, 0.9, 0.9, 0.9])
    assert taken(chances, inside=marks(0, 1, 2)) == [0, 1, 2]
    assert taken(chances, inside=marks(0)) == [0, 1, 2, 3]


def test_links_behind_the_text_go() -> None:
    chances = np.array([0.9, 0.9, 0.8, 0.8])
    assert taken(chances, linked=np.array([0.0, 0.0, 1.0, 1.0]), prose=marks(0, 1)) == [0, 1]
    assert taken(chances, linked=np.array([0.0, 1.0, 1.0, 0.0]), prose=marks(0)) == [0, 1, 2, 3]


def test_a_menu_is_no_article() -> None:
    assert taken(np.array([0.2, 0.2, 0.2, 0.2]), prose=NONE) == []
    assert taken(np.array([0.2, 0.2, 0.2, 0.2]), prose=marks(1)) == [0, 1, 2, 3]


def test_where_the_model_is_at_a_loss_trafilatura_is_followed() -> None:
    assert taken(np.array([0.3, 0.1, 0.1, 0.1]), kept=marks(1, 2, 3)) == [1, 2, 3]
    assert taken(np.array([0.9, 0.9, 0.1, 0.1]), kept=marks(1, 2, 3)) == [0, 1]


def test_the_headlines_article_is_the_outermost_one() -> None:
    tree = parse(
        "<article><h1>Own</h1><article><p>Post.</p></article></article><article><h2>Next</h2></article><p>x</p>"
    )
    assert tree is not None
    layout = layout_of(blocks_of(tree))
    inside = headline_article(layout, "")
    assert inside is not None
    assert inside.tolist() == [True, True, False, False]
    doubled = parse(
        "<p>Menu</p><h1>Own wall</h1><p>Lead.</p><article><h6>Own wall</h6><p>x</p></article><article>Next</article>"
    )
    assert doubled is not None
    beside = headline_article(layout_of(blocks_of(doubled)), "own wall")
    assert beside is not None
    assert beside.tolist() == [False, True, True, True, True, False]
    bare = parse("<h1>Own</h1><article><p>Post.</p></article>")
    assert bare is not None
    assert headline_article(layout_of(blocks_of(bare)), "") is None


def test_the_headline_and_second_copies_of_paragraphs_are_left_out() -> None:
    lines = ["title", "a paragraph", "short", "a paragraph", "short", "title"]
    prose = np.array([False, True, False, True, False, False])
    assert without_repeats(lines, prose, np.ones(6, dtype=bool), "title") == [1, 2, 4]


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [("news the harbour wall falls", False), ("why the harbour wall falls matters", True), ("the wall", True)],
)
def test_the_headline_may_stand_behind_its_section(line: str, is_kept: bool) -> None:
    kept = without_repeats([line, "a paragraph"], marks(1)[:2], ALL[:2], "the harbour wall falls")
    assert (0 in kept) == is_kept


def test_what_is_far_behind_the_text_must_be_sure() -> None:
    chosen = np.zeros(100, dtype=bool)
    chosen[[0, 2, 20, 90, 91]] = True
    chances = np.where(chosen, 0.6, 0.0)
    assert not stray(chances, chosen).any()
    chances[2] = 0.9
    assert np.flatnonzero(stray(chances, chosen)).tolist() == [90, 91]
    chances[91] = 0.8
    assert not stray(chances, chosen).any()
