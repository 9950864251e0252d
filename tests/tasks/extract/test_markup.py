"""What a page's markup and other extractions say of its lines, as features."""

from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.evidence import OPINION, body_features, kept_features, kept_states
from newsmill.tasks.extract.html import parse
from newsmill.tasks.extract.markup import Layout, layout_of, markup_features

SENTENCE = "The councils of the three towns will vote on the plan for the harbour before the summer."
PAGE = f"""<body><h1>Harbour plan</h1><div class="article-body"><p class="lead">{SENTENCE} Again.</p>
<p class="text">{SENTENCE} A second time.</p><p class="text">{SENTENCE} A third time.</p></div>
<ul class="moreLinks"><li><a href="/a">One more thing to read here</a></li></ul></body>"""


def layout(markup: str) -> Layout:
    tree = parse(markup)
    assert tree is not None
    return layout_of(blocks_of(tree))


def test_classes_are_read_as_words_and_told_apart_by_whose_they_are() -> None:
    names = [set(line) for line in markup_features(layout(PAGE), title="", description="")]
    assert {"own class=lead", "class=lead", "class=article", "name=article body"} <= names[1]
    assert "own class=article" not in names[1]
    assert {"class=more", "class=links", "in ul"} <= names[4]


def test_a_line_names_no_feature_twice() -> None:
    for line in markup_features(layout(PAGE), title="harbour plan", description="harbour plan"):
        assert len(line) == len(set(line))


def test_lines_in_like_elements_share_what_they_are_together() -> None:
    found = layout(PAGE)
    assert found.signatures[2] == found.signatures[3]
    assert found.signatures[1] != found.signatures[2]
    names = markup_features(found, title="", description="")
    assert "sig n=1 prose=4" in names[2]
    assert "sig n=0 prose=0" in names[4]


def test_lines_know_the_headline_and_the_container_of_the_prose() -> None:
    names = markup_features(layout(PAGE), title="harbour plan", description="")
    assert {"head at", "is title"} <= set(names[0])
    assert "head after 1" in names[2]
    assert "main level=1" in names[2]
    assert "main aunt level=2" in names[4]


def test_a_stated_body_marks_its_lines_and_a_summary_marks_none() -> None:
    found = layout(PAGE)
    body = " ".join(found.blocks[i].text for i in (1, 2, 3))
    names = body_features(found, f"{body} {'and so on ' * 30}")
    assert [line[0] for line in names] == ["body=2", "body=1", "body=1", "body=1", "body=0"]
    assert body_features(found, SENTENCE) == [[]] * 5
    assert body_features(found, None) == [[]] * 5


def test_an_extraction_keeps_lines_whole_in_part_or_not() -> None:
    found = layout(PAGE)
    other = f"{found.blocks[1].text} {found.blocks[2].text}\n{found.blocks[3].text}"
    states = kept_states(found, other)
    assert states == ["cut", "within", "within", "whole", "cut"]
    names = kept_features(found, states)
    assert "kept=within,whole,cut" in names[3]
    assert all(name.startswith(OPINION) for line in names for name in line)
