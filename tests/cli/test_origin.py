"""An article of a lake leads back to the document that it was made from."""

from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest

from newsmill.cli.origin import find_document
from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.storage import open_store


class StubLake:
    """A lake of one article whose source stands at ``raw_uri``."""

    uri = "lake"

    def __init__(self, raw_uri: str) -> None:
        self._raw_uri = raw_uri
        self.store = open_store("lake")

    def answer(self, sql: str) -> pa.Table:
        return pa.table({"raw_uri": [self._raw_uri] if "'00000000000000aa'" in sql else []})


@pytest.fixture(autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.cli.origin.query", StubLake.answer)


def test_an_article_of_the_lake_is_explained_by_its_source(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text('{"id": 1, "text": "One."}\n{"id": 2, "text": "Two."}\n')
    lake = StubLake(f"{tmp_path}/pages.jsonl#L2")

    found = find_document("00000000000000aa", lambda: cast(Lake, lake), max_bytes=1000)

    assert found.content == b"Two."
    with pytest.raises(UsageError, match="no article 00000000000000bb in lake"):
        find_document("00000000000000bb", lambda: cast(Lake, lake), max_bytes=1000)


@pytest.mark.parametrize("uri", ["gone.html", "https://example.com/a", "gone.jsonl#L3"])
def test_a_source_that_is_gone_is_said_to_be(uri: str) -> None:
    with pytest.raises(UsageError, match="is not there any more"):
        find_document("00000000000000aa", lambda: cast(Lake, StubLake(uri)), max_bytes=1000)
