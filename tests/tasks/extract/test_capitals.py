from datetime import UTC, datetime

import pytest

from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.capitals import join_drop_caps
from newsmill.tasks.extract.html import judge_page, parse
from newsmill.tasks.extract.links import page_anchors

REST = "flew over the harbour at noon, and the gulls on the wall rose to meet it."


def read(markup: str) -> tuple[bool, list[str]]:
    tree = parse(markup)
    assert tree is not None
    changed = join_drop_caps(tree, blocks_of(tree))
    return changed, [block.text for block in blocks_of(tree)]


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        pytest.param(f"<div class=first>D</div><p>uring a day it {REST}</p>", [f"During a day it {REST}"], id="box"),
        pytest.param(f"<span>D</span><p>\n  uring the day it {REST}</p>", [f"During the day it {REST}"], id="span"),
        pytest.param(f"<p>“T</p><p>he bird that {REST}</p>", [f"“The bird that {REST}"], id="quotation"),
        pytest.param(f"<p>Ч</p><p>айка и ещё одна птица сидели у воды, {REST}</p>", None, id="cyrillic"),
        pytest.param(f"<p>A</p><p>nother bird {REST}</p>", [f"Another bird {REST}"], id="letter of a word"),
        pytest.param(
            f"<p>A</p><p>bird {REST}</p><p>The bird was late.</p>", [f"A bird {REST}", "The bird was late."], id="word"
        ),
        pytest.param(
            f"<p>A</p><p>long the wall it {REST}</p><p>All along, a long way.</p>",
            [f"Along the wall it {REST}", "All along, a long way."],
            id="letter of a word of which the rest is one",
        ),
        pytest.param(
            f"<div>D</div><div><p><em>uring</em> the day it {REST}</p></div>",
            [f"During the day it {REST}"],
            id="nested",
        ),
        pytest.param(
            f"<div>D<script>var x</script></div><p>uring the day it {REST}</p>",
            [f"During the day it {REST}"],
            id="script between",
        ),
    ],
)
def test_drop_cap_is_joined_to_its_line(markup: str, lines: list[str] | None) -> None:
    changed, found = read(f"<html><body><h1>Birds</h1>{markup}</body></html>")
    assert changed
    if lines is None:
        assert found[1].startswith("Чайка и ещё")
    else:
        assert found == ["Birds", *lines]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(f"<div>D</div><p>During the day it {REST}</p>", id="line with a capital"),
        pytest.param("<div>X</div><p>click to close</p>", id="sign that closes"),
        pytest.param(f"<ul><li>X</li><li>facebook, where a bird {REST}</li></ul>", id="list"),
        pytest.param(f'<p><a href="/x">X</a></p><p>what was said of the bird that {REST}</p>', id="link"),
        pytest.param(f"<p>d</p><p>uring the day it {REST}</p>", id="lower case"),
        pytest.param(f"<p>5</p><p>birds that {REST}</p>", id="number"),
    ],
)
def test_other_single_letters_stay_lines(markup: str) -> None:
    tree = parse(f"<html><body>{markup}</body></html>")
    assert tree is not None
    before = [block.text for block in blocks_of(tree)]
    assert not join_drop_caps(tree, blocks_of(tree))
    assert [block.text for block in blocks_of(tree)] == before


def test_text_of_a_page_has_the_drop_cap() -> None:
    rest = "".join(f"<p>Later that day, bird number {n} {REST}</p>" for n in range(5))
    first = f"<h1>Birds</h1><div>E</div><p>arly in the day a bird {REST}</p>"
    markup = f"<html><body><article>{first}{rest}</article></body></html>"
    verdict = judge_page(markup, url=None, latest=datetime(2025, 6, 1, tzinfo=UTC))
    assert verdict is not None
    assert verdict.text.startswith("Early in the day")


def test_links_of_a_line_with_a_drop_cap_are_where_their_words_are() -> None:
    tree = parse(f'<html><body><div>D</div><p>\n uring <a href="/day">the day</a> a bird {REST}</p></body></html>')
    assert tree is not None
    assert join_drop_caps(tree, blocks_of(tree))
    blocks = blocks_of(tree)
    [anchor] = page_anchors(blocks, blocks[0].text, base=None)
    assert blocks[0].text[anchor.start : anchor.end] == "the day"
