"""The user's own file of names and ids is read whole, or refused in one line that says what is wrong."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.config import Settings
from newsmill.errors import ConfigError
from newsmill.tasks.run.authority import AuthorityRow, NameKind, authority_rows

HILL = AuthorityRow("Q1", ("Ada Hill", "A. Hill", "Mayor Hill"), NameKind.PERSON)
PORT = AuthorityRow("7", ("Port of Ashford",), None)


def settings_for(path: Path) -> Settings:
    return Settings(authority=str(path))


def test_none_is_set() -> None:
    assert authority_rows(Settings()) == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            "name,aliases,id,kind\nAda Hill,A. Hill|Mayor Hill,Q1,person\nPort of Ashford,,7,\n", id="as_it_should_be"
        ),
        pytest.param(
            '\ufeffID;Note;Kind;Name;Aliases\r\nQ1;"so; so";Person; Ada  Hill;A. Hill | Mayor Hill|\r\n\r\n'
            "7;;;Port of Ashford;\r\n",
            id="as_spreadsheets_write_it",
        ),
    ],
)
def test_csv(tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(content, newline="")

    assert authority_rows(settings_for(path)) == (HILL, PORT)


def test_parquet_has_lists_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    aliases = pa.array([["A. Hill", "Mayor Hill"], None], pa.list_(pa.string()))
    names = pa.array(["Ada Hill", "Port of Ashford"])
    pq.write_table(pa.table({"name": names, "aliases": aliases, "id": ["Q1", "7"], "kind": ["person", None]}), path)
    numbered = tmp_path / "numbered.parquet"
    pq.write_table(pa.table({"id": [7], "name": ["Port of Ashford"], "score": [0.5]}), numbered)

    assert authority_rows(settings_for(path)) == (HILL, PORT)
    assert authority_rows(settings_for(numbered)) == (PORT,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "no column name"),
        (b"name,aliases\nAda Hill,\n", "no column id; it needs name and id"),
        (b"name,id\n", "it has no rows"),
        (b"name,id\nAda Hill,Q1\n,Q2\n", "row 2 has no name"),
        (b"name,id\nAda Hill\n", "row 1 has no id"),
        (b"name,id,kind\nAda Hill,Q1,human\n", "kind 'human', which is none of person, body, place"),
        (b"name,id,name\nAda Hill,Q1,A\n", "the column name twice"),
        (b"name,id\n\xff\xfe,Q1\n", "neither Parquet nor CSV in UTF-8"),
        (b'name,id\n"Ada Hill,Q1\n', "neither Parquet nor CSV"),
        (b"PAR1 and no more", "no whole Parquet file"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "people"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        authority_rows(settings_for(path))

    assert str(caught.value).startswith(f"authority: {path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_process_keeps_to_the_file_that_it_has_begun_with(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,id\nAda Hill,Q1\n")
    settings = settings_for(path)
    settings.config_hash()
    path.write_text("name,id\nAda Hill,Q2\n")

    with pytest.raises(ConfigError, match="changed meanwhile"):
        authority_rows(settings)
