"""The report is one page that shows what failed, and nothing of an input can become markup of it."""

import re

from newsmill.report import render_report

HELD = {
    "suite": "articles",
    "expectation": "expect_column_values_to_not_be_null(text)",
    "description": "",
    "severity": "critical",
    "checked": 5,
    "failed": 0,
    "examples": (),
    "success": True,
}
FAILED = HELD | {"expectation": "other(text)", "failed": 2, "examples": ("<b>x</b>",), "success": False}
REJECTION = {"input_id": "<script>", "stage": "read", "reason": "empty", "detail": "no content & nothing"}


def test_a_sound_run_says_so() -> None:
    page = render_report({"logical date": "2026-01-05", "articles": 5}, [HELD], [], [])

    assert "Passed: 1 of 1 expectations held." in page
    assert "<td>5</td>" in page


def test_a_stopped_run_says_why_and_shows_the_failing_suite_open() -> None:
    page = render_report({}, [HELD, FAILED], [REJECTION], ["no article"])

    assert "Stopped: nothing was published.<ul><li>no article</li></ul>" in page
    assert "<details open>" in page
    assert page.index("other(text)") < page.index("expect_column_values_to_not_be_null")


def test_what_inputs_hold_is_text() -> None:
    page = render_report({}, [FAILED], [REJECTION], ["<i>"])

    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert re.search(r"<(script|b|i)\b", page) is None


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = render_report({}, [HELD, FAILED], [REJECTION], [])

    assert re.findall(r'(?:src|url)\s*[=(]|href="([^"]*)"', page) == ["../../index.html", "validation.json"]
