"""No figure over the gold is below its floor, and no floor is lowered by accident."""

import pytest

from newsmill.tasks.enrich import load_model
from tests.quality.floors import MODEL, Figures, Lower, figures_of, losses, measure, raised, read_floors
from tests.quality.gold import FOLDER, digest, parse_article, read_pages
from tests.quality.score import text_f1

pytestmark = pytest.mark.xdist_group("quality")


@pytest.fixture(scope="session")
def reached() -> Figures:
    return figures_of(measure(load_model(MODEL)))


def test_floors_are_those_of_this_gold() -> None:
    pinned_on, _ = read_floors()
    assert pinned_on == digest(), "the gold changed: python -m tests.quality.floors --update"


def test_every_page_has_its_gold() -> None:
    names = [path.stem for path in (FOLDER / "pages").iterdir() if path.suffix in {".html", ".txt"}]
    assert sorted(names) == [page.name for page in read_pages()]


def test_no_figure_is_below_its_floor(reached: Figures) -> None:
    _, floors = read_floors()
    assert losses(floors, reached) == []


PINNED: Figures = {"pages": {"title": 0.9, "date": 0.8}}


@pytest.mark.parametrize(
    ("reached", "lost"),
    [
        pytest.param({"title": 0.9, "date": 0.8}, [], id="same"),
        pytest.param({"title": 1.0, "date": 0.8}, [], id="gain"),
        pytest.param({"title": 0.896, "date": 0.8}, [], id="within the slack"),
        pytest.param({"title": 0.894, "date": 0.8}, ["pages, title: 0.894, floor 0.9"], id="a point lost"),
        pytest.param({"title": 0.9}, ["pages, date: gone, floor 0.8"], id="figure gone"),
    ],
)
def test_a_figure_is_lost_beyond_the_slack(reached: dict[str, float], lost: list[str]) -> None:
    assert losses(PINNED, {"pages": reached}) == lost


def test_floors_rise_and_do_not_sink() -> None:
    reached = {"pages": {"title": 0.95, "date": 0.797}}
    assert raised(PINNED, reached, allow_regression=False) == {"pages": {"title": 0.95, "date": 0.8}}


def test_a_floor_is_lowered_on_purpose_alone() -> None:
    reached = {"pages": {"title": 0.95, "date": 0.7}}
    with pytest.raises(Lower, match=r"pages, date: 0\.7, floor 0\.8"):
        raised(PINNED, reached, allow_regression=False)
    assert raised(PINNED, reached, allow_regression=True) == reached


def test_annotations_become_offsets() -> None:
    article = parse_article(
        "one",
        '<article lang="en">\n<per>Ann Olsen</per> spoke.\n<d by="Ann Olsen">"In <gpe>Oslo</gpe>."</d>\n</article>',
    )
    assert article.text == 'Ann Olsen spoke.\n"In Oslo."'
    assert [(article.text[m.start : m.end], m.label) for m in article.mentions] == [
        ("Ann Olsen", "PERSON"),
        ("Oslo", "GPE"),
    ]
    assert [(article.text[q.start : q.end], q.names) for q in article.quotes] == [('"In Oslo."', ("Ann Olsen",))]


def test_text_is_counted_by_four_words_and_a_character_of_chinese_is_one() -> None:
    assert text_f1("one two three four five", "one two three four") == pytest.approx(2 / 3)
    assert text_f1("地震发生后", "地震发生") == pytest.approx(2 / 3)
    assert text_f1("one two", "") == 0
