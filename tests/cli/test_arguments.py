"""What the arguments of a run stand for."""

from pathlib import Path

import pytest

from newsmill.cli.arguments import is_list, sources_of
from newsmill.errors import UsageError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in/deep").mkdir(parents=True)
    for name in ("in/a.html", "in/b.html", "in/deep/c.txt", "top.txt"):
        (tmp_path / name).write_text("A line of text.")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["in/a.html", "in/b.html"], ["in", "in"]),
        (["in/a.html", "in/deep/c.txt"], ["in", "in"]),
        (["in/a.html", "top.txt"], ["local", "local"]),
        (["in/a.html"], ["a"]),
        (["in", "https://www.example.org/x"], ["in", "example.org"]),
        (["in/a.html", "in/b.html", "https://example.org/x"], ["in", "in", "example.org"]),
    ],
    ids=["siblings", "below", "nothing shared", "one", "a folder and an address", "files and an address"],
)
def test_files_named_one_by_one_are_one_source(arguments: list[str], names: list[str]) -> None:
    assert [source.name for source in sources_of(arguments)] == names


@pytest.mark.parametrize("path", ["x.html", "in/*.pdf", "in/a.html/x"])
def test_a_path_that_leads_nowhere_is_told(path: str) -> None:
    with pytest.raises(UsageError, match=r"there is no|no file matches|Not a directory"):
        sources_of(["in", path])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "title,URL\nOne,https://example.org/1\n", True),
        ("a.csv", "title;link\nOne;https://example.org/1\n", True),
        ("a.csv", "url,text\nhttps://example.org/1,A line of text.\n", False),
        ("a.txt", "# mine\nhttps://example.org/1\nhttps://example.org/2\n", True),
        ("a.txt", "https://example.org/1 said so.\nA line.\n", False),
        ("a.csv", "", False),
        ("a.html", "https://example.org/1\n", False),
    ],
    ids=["a column of them", "of another name", "with texts", "lines", "prose", "empty", "a page"],
)
def test_a_file_of_addresses_is_a_list(tmp_path: Path, name: str, content: str, expected: bool) -> None:
    (tmp_path / name).write_text(content)
    assert is_list(tmp_path / name) is expected
    assert sources_of([name])[0].kind == ("list" if expected else "auto")
