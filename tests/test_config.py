"""Settings come in layers, and a mistake in any of them is one line."""

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from newsmill.config import CHANGE_ROWS, TABLE_FIELDS, RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError
from newsmill.tasks.formats.tables import FIELDS


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_need_no_file() -> None:
    assert load_settings() == Settings()


def test_flags_go_over_the_environment_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("newsmill.toml").write_text(
        "lake = 'file'\nworkers = 1\nbatch_size = 10\n[s3]\nregion = 'a'\nendpoint = 'e'\n"
    )
    monkeypatch.setenv("NEWSMILL_WORKERS", "2")
    monkeypatch.setenv("NEWSMILL_BATCH_SIZE", "20")
    monkeypatch.setenv("NEWSMILL_S3__REGION", "b")

    settings = load_settings(batch_size=30, lake=None)

    assert (settings.lake, settings.workers, settings.batch_size) == ("file", 2, 30)
    assert (settings.s3.region, settings.s3.endpoint) == ("b", "e")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("max_rejected_share = 2", "max_rejected_share: Input should be less than or equal to 1"),
        ("[fetch]\nsecond = 3", "fetch.second is no setting; is it seconds?"),
        ("x = [", "newsmill.toml"),
        ("[[sources]]\nname = 'a'", "sources.0.uri: Field required"),
    ],
)
def test_mistakes_are_one_line(content: str, said: str) -> None:
    Path("newsmill.toml").write_text(content)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_named_file_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"other\.toml: there is no such file"):
        load_settings(Path("other.toml"))


@pytest.mark.parametrize("name", CHANGE_ROWS)
def test_the_configuration_hash_follows_what_changes_rows(name: str) -> None:
    others = {"model": "other_model", "furniture": False, "dedupe": {"similarity": 0.77}}
    changed = Settings.model_validate({name: others.get(name, 777)})

    assert changed.config_hash() != Settings().config_hash()


def test_the_configuration_hash_follows_what_the_authority_says(tmp_path: Path) -> None:
    for name, content in (("a", "name,id\nAda Hill,Q1\n"), ("b", "name,id\nAda Hill,Q1\n"), ("c", "name,id\nAda,Q1\n")):
        (tmp_path / name).write_text(content)
    hashes = [Settings(authority=str(tmp_path / name)).config_hash() for name in "abc"]

    assert hashes[0] == hashes[1]
    assert len({*hashes, Settings().config_hash()}) == 3


def test_the_configuration_hash_does_not_follow_where_and_how_fast() -> None:
    elsewhere = Settings(lake="s3://b/l", workers=7, batch_size=3)

    assert elsewhere.config_hash() == Settings().config_hash()


def test_a_source_is_dated() -> None:
    source = SourceConfig(name="wire", uri="in/{date}/*.jsonl")

    assert source.on(date(2026, 1, 5)) == "in/2026-01-05/*.jsonl"


def test_json_of_a_request_has_no_secret() -> None:
    source = SourceConfig(name="a", uri="https://ada:swordfish@example.org/feed")
    settings = Settings.model_validate({"notify": {"webhook": "https://chat.example/swordfish"}, "sources": [source]})
    request = RunRequest(logical_date=date(2026, 1, 5), sources=(source,), settings=settings)

    assert "swordfish" not in request.model_dump_json()
    assert "swordfish" not in repr(settings.notify)
    assert request.digest() != request.model_copy(update={"offline": True}).digest()


def test_the_columns_of_a_table_are_those_that_its_reader_knows() -> None:
    assert set(FIELDS) == TABLE_FIELDS
    with pytest.raises(ValidationError, match="txt is none of"):
        SourceConfig(name="a", uri="b", columns={"txt": "c"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lakee = "x"', "lakee is no setting; is it lake?"),
        ('[fetch]\ncontct = "x"', "fetch.contct is no setting; is it contact?"),
        ('[[sources]]\nname = "a"\nuri = "b"\nkinds = "x"', "sources.0.kinds is no setting; is it kind?"),
        ("[fetch]\nzzzz = 1", "fetch.zzzz is no setting; there are allow, contact"),
    ],
)
def test_an_unknown_setting_is_told_with_the_likely_one(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "newsmill.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_settings(tmp_path / "newsmill.toml")


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("NEWSMILL_LAKEE", "is it NEWSMILL_LAKE?"),
        ("NEWSMILL_FETCH__CONTCT", "is it contact?"),
        ("NEWSMILL_Q", "unset it"),
    ],
)
def test_an_unknown_variable_is_told(monkeypatch: pytest.MonkeyPatch, variable: str, said: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_settings()
