"""The filters as a user calls them: JSON lines in, one JSON line out for each, in order."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.cli.command import STORY, lines_of, newsmill

PAGES = [
    {"id": "page", "url": "https://example.org/a", "html": "<p>x</p>"},
    "no json",
    {"id": 7, "text": STORY.format(town="Ashford")},
    {"id": "neither"},
]


def as_lines(rows: Sequence[object]) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def test_the_extract_filter_keeps_order_and_rejects_bad_lines(tmp_path: Path) -> None:
    done = newsmill("extract", "--workers", "2", cwd=tmp_path, stdin=as_lines(PAGES))

    assert done.returncode == 0, done.stderr
    first, second, third, fourth = lines_of(done.stdout)
    assert (first["id"], first["rejected"]) == ("page", first["rejected"])
    assert second["id"] is None
    assert (third["id"], third["title"]) == (7, "Ashford to rebuild its bridge")
    assert str(third["text"]).startswith("The council of Ashford")
    assert (fourth["id"], list(fourth)) == ("neither", ["id", "rejected"])


def test_the_enrich_filter_gives_offsets_into_the_text(tmp_path: Path) -> None:
    text = STORY.format(town="Ashford")

    done = newsmill("enrich", cwd=tmp_path, stdin=as_lines([{"id": "a", "text": text}, {"id": "b"}, "{"]))

    assert done.returncode == 0, done.stderr
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    (quote,) = first["quotes"]
    assert (first["language"], first["enrichment"]) == ("en", "full")
    assert (quote["speaker"], quote["cue"]) == ("Ada Hill", "said")
    for span in (*first["entities"], quote):
        assert text[span["start"] : span["end"]] == span["text"]
    assert second["rejected"]["reason"] == "bad_record"
    assert third["rejected"]["reason"] == "bad_json"


def test_the_dedupe_filter_points_at_the_earlier_one(tmp_path: Path) -> None:
    rows: list[object] = [
        {"id": "late", "text": "Rain again", "date": "2026-01-02"},
        {"id": "early", "text": "rain, again", "date": "2026-01-01"},
        {"id": "other", "text": "Snow", "date": "26-FEB-1987 15:01:01.79"},
        {"id": "bad", "text": 3},
        {"id": "undated", "text": "SNOW", "date": "tomorrow, perhaps"},
    ]

    done = newsmill("dedupe", cwd=tmp_path, stdin=as_lines(rows))

    found = lines_of(done.stdout)
    assert [row.get("cluster") for row in found] == ["early", "early", "other", None, "other"]
    assert [row.get("duplicate_of") for row in found] == ["early", None, None, None, "other"]
    assert found[0]["method"] == "same_text"
