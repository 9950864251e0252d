"""Which lines were kept and why, as a user asks for it: of files, of files of many documents, of a lake's articles."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsmill.cli.explain_extract import explain_extraction
from newsmill.cli.main import cli
from newsmill.errors import UsageError
from newsmill.schemas.rows import RawDocument
from newsmill.schemas.words import ContentKind

STORY = (
    "Share\n\nAshford to rebuild its bridge\n\nBy Jane Doe\n\nMarch 3, 2021\n\n"
    "The council of Ashford voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall of Ashford.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n\n"
    "Advertisement\n"
)
PAGE = (
    '<html lang="en"><head><title>Ashford to rebuild its bridge - The Times</title>'
    '<meta property="og:site_name" content="The Times">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ashford to rebuild its bridge", '
    '"author": {"name": "Jane Doe"}, "datePublished": "2021-03-03T10:00:00Z"}</script></head><body>'
    "<nav><ul><li><a href='/a'>Politics</a></li><li><a href='/b'>Sports</a></li></ul></nav><article>"
    "<h1>Ashford to rebuild its bridge</h1>"
    + "".join(f"<p>{line}</p>" for line in STORY.split("\n\n")[4:7])
    + "</article>"
    "<footer><p>Copyright The Times</p></footer></body></html>"
)


def run(*arguments: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(cwd)
    return CliRunner().invoke(cli, ["extract", "--explain", *arguments])


def verdicts(shown: str) -> dict[str, str]:
    return {line["text"]: line["verdict"] for line in json.loads(shown)["lines"]}


def test_every_line_of_a_text_is_shown_with_its_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY)

    shown = run("a.txt", cwd=tmp_path, monkeypatch=monkeypatch)

    assert shown.exit_code == 0
    assert "\x1b" not in shown.output
    marks = {line[37:]: line[0] for line in shown.output.splitlines() if line[:1] in {"+", "-", "#", "@"}}
    assert set(marks) == {line for line in STORY.splitlines() if line}
    assert marks["Ashford to rebuild its bridge"] == "#"
    assert marks["By Jane Doe"] == "@"
    assert marks["Advertisement"] == "-"
    assert sum(mark == "+" for mark in marks.values()) == 3
    assert "3 of 8 lines are the article" in shown.output
    assert "authors         Jane Doe  [a line of the text]" in shown.output
    assert "published_on    2021-03-03  [dateline]" in shown.output


def test_a_page_is_explained_with_where_its_metadata_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text(PAGE)

    shown = run("a.html", "--output", "json", cwd=tmp_path, monkeypatch=monkeypatch)

    found = verdicts(shown.output)
    assert [line for line, verdict in found.items() if verdict == "text"] == STORY.split("\n\n")[4:7]
    assert found["Ashford to rebuild its bridge"] == "title"
    assert {found["Politics"], found["Sports"], found["Copyright The Times"]} == {"cut"}
    facts = {fact["name"]: (fact["value"], fact["source"]) for fact in json.loads(shown.output)["metadata"]}
    assert facts["authors"] == ("Jane Doe", "JSON-LD author")
    assert facts["site_name"] == ("The Times", "meta og:site_name")
    assert facts["published_at"] == ("2021-03-03T10:00:00+00:00", "jsonld")
    assert "JSON-LD headline, h1" in facts["title"][1]


def test_a_record_is_explained_by_what_it_states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"title": "Bridge closes", "author": "Jan Berg", "date": "2021-05-06", "text": "Share\nThe bridge is closed."}
    (tmp_path / "a.json").write_text(json.dumps([row]))

    shown = run("a.json", "--output", "json", cwd=tmp_path, monkeypatch=monkeypatch).stdout

    assert verdicts(shown) == {"Share": "text", "The bridge is closed.": "text"}
    facts = {fact["name"]: (fact["value"], fact["source"]) for fact in json.loads(shown)["metadata"]}
    assert facts["title"] == ("Bridge closes", "record")
    assert facts["byline"] == ("Jan Berg", "record")
    assert facts["language"] == ("en", "the text")


def test_a_rejected_document_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("<title>Page not found</title><p>The page that you asked for is not here.</p>")
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.7 rest")

    page = run("a.html", cwd=tmp_path, monkeypatch=monkeypatch)
    broken = run("b.txt", cwd=tmp_path, monkeypatch=monkeypatch)

    assert "rejected at extract: not_an_article: an error page" in page.output
    assert isinstance(broken.exception, UsageError)
    assert "b.txt: a PDF that is broken" in str(broken.exception)


def test_a_document_in_a_file_of_many_is_named_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": "one", "text": STORY}, {"id": "two", "text": STORY.replace("Ashford", "Camford")}]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    shown = run("pages.jsonl#two", "--output", "json", cwd=tmp_path, monkeypatch=monkeypatch)

    assert verdicts(shown.output)["Camford to rebuild its bridge"] == "title"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.txt", "there is no such file, and an article's id is 16 hexadecimal digits"),
        ("0123456789abcdef", "there is no lake at"),
        ("pages.jsonl", "holds several documents; name one of them, such as pages.jsonl#one"),
        ("pages.jsonl#three", "no document of that name could be found"),
        ("empty.json", "in no format that is known; these are: HTML, plain text, WARC"),
        ("https://example.com/#a", "no document of that name could be found"),
    ],
)
def test_what_cannot_be_explained_is_one_line(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.json").write_text("{}")
    rows = [{"id": "one", "text": STORY}, {"id": "two", "text": STORY}]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    shown = run(name, cwd=tmp_path, monkeypatch=monkeypatch)

    assert isinstance(shown.exception, UsageError)
    assert said in str(shown.exception)


def test_a_page_that_takes_too_long_or_too_much_is_told(tmp_path: Path) -> None:
    document = RawDocument(input_id="a", source="a", kind=ContentKind.TEXT, content=STORY.encode() * 9000, raw_uri="a")
    with pytest.raises(UsageError, match="a: timeout"):
        explain_extraction(document, seconds=0.05, memory_mb=500, latest=datetime(2025, 6, 1, tzinfo=UTC))
