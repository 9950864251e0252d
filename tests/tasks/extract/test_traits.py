"""What the tree model sees of a line: the same in any language, and where the line stands on its page."""

import numpy as np
import pytest

from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.traits import (
    TRAITS,
    Array,
    Evidence,
    LabelScores,
    fold,
    label_tokens,
    layout_of,
    look_of,
    traits_of,
)

NOTHING = Evidence("", "", "", None)
FIRST = "The ferry to the island was cancelled on Monday because of a storm that had closed the harbour."
SECOND = "It will sail again on Wednesday, the company said, if the wind turns to the west by then."
PAGE = f"""<html><body><nav><a href="/">Home page of ours</a></nav>
<article class="story"><h1>Ferry cancelled</h1><p>{FIRST}</p><p>{SECOND}</p></article>
<div class="related"><a href="/a">Four more ferries cancelled</a></div></body></html>"""


def rows(markup: str, told: Evidence = NOTHING, labels: dict[str, float] | None = None) -> Array:
    tree = parse(markup)
    assert tree is not None
    return traits_of(layout_of(blocks_of(tree)), told, LabelScores(labels or {}))


def column(found: Array, name: str) -> list[float]:
    return [float(value) for value in found[:, TRAITS.index(name)]]


@pytest.mark.parametrize(
    "line",
    [
        "The council of the town voted on Tuesday to close the bridge.",
        "Der Rat der Stadt hat am Dienstag beschlossen, die Brücke zu schließen.",
        "Городской совет во вторник принял решение закрыть мост через реку на ремонт.",
        "市議会は火曜日、川にかかる古い橋を来年の春まで閉鎖することを決めました。",
        "नगर परिषद ने मंगलवार को नदी पर बने पुराने पुल को बंद करने का फैसला किया।",
        "صوت مجلس المدينة يوم الثلاثاء على إغلاق الجسر القديم فوق النهر؟",
        "የከተማው ምክር ቤት ማክሰኞ ዕለት የድሮውን ድልድይ ለመዝጋት ወስኗል።",
    ],
    ids=["en", "de", "ru", "ja", "hi", "ar", "am"],
)
def test_a_sentence_reads_as_running_text_in_any_script(line: str) -> None:
    assert look_of(line).is_prose
    assert not look_of(line[: len(line) // 3]).is_prose


def test_lines_know_their_links_regions_and_place() -> None:
    found = rows(PAGE)
    assert found.shape == (5, len(TRAITS))
    assert column(found, "linked") == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert column(found, "in nav") == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert column(found, "in article") == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert column(found, "from headline") == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert column(found, "prose") == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert column(found, "down from main")[2:4] == [1.0, 1.0]


def test_class_names_are_scored_by_their_words() -> None:
    found = rows(PAGE, labels={"story": 2.0, "related": -1.5})
    assert column(found, "labels above") == [0.0, 2.0, 2.0, 2.0, 0.0]
    assert column(found, "own label") == [0.0, 0.0, 0.0, 0.0, -1.5]
    assert label_tokens("articleBody main-text x") == ("article", "body", "main", "text", "article body", "main text")


def test_what_is_told_of_a_line_is_found_in_it() -> None:
    told = Evidence(fold("Ferry cancelled"), fold(FIRST), "", f"{FIRST}\n{SECOND[:60]}")
    found = rows(PAGE, told)
    assert column(found, "is title") == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert column(found, "is description") == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert column(found, "kept") == [0.0, 0.0, 3.0, 1.0, 0.0]
    assert column(found, "kept near")[1] > 0


def test_what_nobody_told_is_unknown() -> None:
    found = rows(PAGE)
    assert np.isnan(found[:, TRAITS.index("kept")]).all()
    assert np.isnan(found[:, TRAITS.index("body")]).all()
    assert rows("<html><body></body></html>").shape == (0, len(TRAITS))


def test_the_stated_body_holds_its_lines() -> None:
    found = rows(PAGE, NOTHING._replace(body=" ".join([FIRST, SECOND] * 2)))
    assert column(found, "body") == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert column(found, "between body") == [0.0, 0.0, 1.0, 1.0, 0.0]
