"""The line cleaner: what it keeps, what it cuts, and that a verdict comes with a reason."""

from collections.abc import Sequence

import pytest

from newsmill.tasks.extract.lines import Role, judge_lines

HEADLINE = "Coastal towns agree to rebuild the harbour wall"
ARTICLE = (
    "The mayors of three coastal towns agreed on Tuesday to rebuild the harbour wall that a storm broke in January.",
    "“We have waited long enough for this decision,” said Maria Keller, the mayor of the largest of the towns.",
    "The work will cost about four million euros, and the region has promised to pay half of it within two years.",
    "Engineers had warned that another winter without repairs would put the old quarter of the harbour at risk.",
    "Fishermen said that they had lost a third of their income since the storm and hoped for work to start soon.",
    "A first contract is expected to be signed in March, after the councils have voted on the plan.",
)


def kept(lines: Sequence[str]) -> list[str]:
    return [line for line, v in zip(lines, judge_lines(lines), strict=True) if v.role is Role.TEXT]


def test_an_article_alone_is_kept_whole() -> None:
    assert kept(ARTICLE) == list(ARTICLE)


@pytest.mark.parametrize(
    "junk",
    [
        "Share",
        "Share on Facebook Share on Twitter",
        "Advertisement",
        "[ad_1]",
        "[ad_2]",
        "Source link",
        "0 $",
        "Leave a Reply",
        "Your email address will not be published.",
        "Check Also",
        "Read more",
        "Related Articles",
        "Do you like this content? Consider helping us!",
        "Click to see full-size image",
        "Copy/paste the article video embed link below: Copy to clipboard Copied",
        "© 2021 The Harbour Times. All rights reserved.",
    ],
)
@pytest.mark.parametrize("place", [0, 3, len(ARTICLE)])
def test_a_line_of_furniture_is_cut_wherever_it_stands(junk: str, place: int) -> None:
    lines = [*ARTICLE[:place], junk, *ARTICLE[place:]]
    assert kept(lines) == list(ARTICLE)


def test_blank_lines_make_no_difference() -> None:
    spaced = [part for line in ["Share", *ARTICLE, "Leave a Reply"] for part in ("", line, "   ")]
    assert kept(spaced) == list(ARTICLE)
    assert judge_lines(["", "  "])[0].role is Role.BLANK


def test_a_headline_becomes_the_title_and_its_repeats_go() -> None:
    lines = ["Share", HEADLINE, HEADLINE, "By Jane Doe", "March 3, 2021", *ARTICLE]
    roles = [v.role for v in judge_lines(lines)]
    assert roles.count(Role.TITLE) == 1
    assert Role.TITLE in roles[1:3]
    assert roles[3:5] == [Role.BYLINE, Role.BYLINE]
    assert kept(lines) == list(ARTICLE)


def test_no_headline_is_invented() -> None:
    assert Role.TITLE not in [v.role for v in judge_lines(["[ad_1]", *ARTICLE])]


def test_what_follows_the_article_goes() -> None:
    tail = [
        "About William Ferguson",
        "Related Articles",
        "Storm damage costs insurers millions",
        "Five things to know about the old quarter",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Name",
        "Email",
        "Website",
    ]
    assert kept([*ARTICLE, *tail]) == list(ARTICLE)


def test_nothing_is_kept_of_a_page_without_an_article() -> None:
    assert kept(["Home", "News", "Sport", "Log in", "Search", "Contact", "Privacy policy", "Terms of use"]) == []


def test_verdicts_are_one_a_line_with_a_reason_and_the_same_each_time() -> None:
    lines = ["Share", HEADLINE, *ARTICLE, "Leave a Reply"]
    first = judge_lines(lines)
    judge_lines(list(reversed(lines)))
    assert judge_lines(lines) == first
    assert len(first) == len(lines)
    assert all(v.reason for v in first)
    assert judge_lines([]) == []


@pytest.mark.parametrize("line", ["x" * 100_000, "a " * 50_000, "|" * 5_000, "\u0301" * 500, "😀" * 1000])
def test_odd_lines_are_judged_too(line: str) -> None:
    assert len(judge_lines([line, *ARTICLE])) == len(ARTICLE) + 1
