"""The page of the lake holds what is known, and no text of an article gets out of its place."""

import re
from typing import Any

from newsmill.overview import render_overview

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e&"


def day(**changes: Any) -> dict[str, Any]:
    known = {
        "report": "date=2026-01-05/a/index.html",
        "counts": {"read": 3, "articles": 2, "duplicates": 0, "rejections": 1, "quotes": 4, "attributed": 3},
        "sources": {"wire": 2},
        "reasons": {"empty": 1},
        "speakers": [["Ada Hill", 3, ["wire"], "a" * 16]],
        "titles": [["Port opens", "wire", "https://wire.example/port"]],
        "answered": [1, 2],
        "notices": ["herald: unchanged for 30 nights"],
    }
    return known | changes


def test_the_page_of_a_lake_without_dates() -> None:
    assert "0 dates" in render_overview("file:///lake", {})


def test_a_gap_between_dates_is_shown() -> None:
    page = render_overview("file:///lake", {"2026-01-05": day(), "2026-01-07": day(sources={"wire": 1})})
    assert 'class="gap" title="2026-01-06: not landed"' in page
    assert 'class="h4" title="2026-01-05 wire: 2 articles"' in page
    assert 'class="h3" title="2026-01-07 wire: 1 articles"' in page


def test_what_is_told_of_sources_people_and_rejections() -> None:
    page = render_overview("s3://bucket/lake", {"2026-01-05": day()})
    assert "1 of 2 sources that list articles answered" in page
    assert "herald: unchanged for 30 nights" in page
    assert "<td>Ada Hill</td><td class=n>3</td><td class=n>1</td>" in page
    assert "<td>empty</td><td class=n>1</td>" in page
    assert "newsmill query most_quoted" in page


def test_no_text_gets_out_of_its_place() -> None:
    found = day(
        sources={HOSTILE: 1},
        speakers=[[HOSTILE, 1, [HOSTILE], HOSTILE]],
        titles=[[HOSTILE, HOSTILE, "javascript:alert(1)"]],
        notices=[HOSTILE],
        reasons={HOSTILE: 1},
    )
    page = render_overview(HOSTILE, {"2026-01-05": found})
    assert "<img" not in page
    assert len(re.findall("</script>", page)) == 2
    assert "\u202e" not in re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
