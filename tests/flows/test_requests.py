"""What a flow is given: never settings, but the hash of those that its process holds or its file has."""

from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from newsmill.config import RunRequest, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, UsageError
from newsmill.flows.requests import ask, request_asked, settings_asked

DAY = date(2026, 1, 5)


def test_a_flow_finds_what_it_was_asked_for_by_a_hash_however_much_it_is() -> None:
    sources = tuple(SourceConfig(name=f"feed {n}", uri=f"https://a:b@{n}.example/feed") for n in range(10_000))
    settings = Settings(lake="elsewhere", sources=sources)
    request = RunRequest(logical_date=DAY, sources=sources, settings=settings)
    given: list[Any] = []

    def nightly(*arguments: object, request_hash: str) -> Settings:
        given.extend([*arguments, request_hash])
        return settings_asked(None, request_hash)

    def ingest(logical_date: date, request_hash: str) -> RunRequest:
        given.extend([logical_date, request_hash])
        return request_asked(logical_date, request_hash)

    assert ask(cast("Any", nightly), settings, DAY) is settings
    assert ask(cast("Any", ingest), request, DAY) is request
    assert len(str(given)) < 500


def test_another_process_takes_the_file_if_it_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "newsmill.toml"
    file.write_text("workers = 3\n")
    settings = load_settings(file)

    assert settings_asked(file, None) == settings
    assert settings_asked(file, settings.digest()) == settings
    file.write_text("workers = 4\n")
    with pytest.raises(ConfigError, match=r"newsmill\.toml has other settings than the run was asked for"):
        settings_asked(file, settings.digest())


def test_a_request_of_another_process_is_refused_in_a_line() -> None:
    settings = Settings()
    request = RunRequest(logical_date=DAY, sources=(SourceConfig(name="a", uri="b"),), settings=settings)

    with pytest.raises(UsageError, match="no run of 2026-01-05 was asked for"):
        request_asked(DAY, request.digest())
