"""The head says what is wrong with it, and a lake that was moved where it was."""

from pathlib import Path

import pytest

from newsmill.errors import StorageError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD
from newsmill.storage import LocalStore
from tests.lake.dates import DAY, publish_rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"format": 2}', "has format 2; this newsmill reads 1: upgrade it"),
        (b"{", "is damaged"),
        (b"[]", "is damaged"),
        (b'{"format": 1}', "is damaged"),
    ],
)
def test_a_head_that_cannot_be_read(tmp_path: Path, content: bytes, said: str) -> None:
    LocalStore(tmp_path).write(HEAD, content)

    with pytest.raises(StorageError, match=said):
        Lake.open(str(tmp_path)).dates()


def test_a_moved_lake_says_where_it_was(tmp_path: Path) -> None:
    publish_rows(Lake.open(str(tmp_path / "old")), DAY, "first", 1)
    (tmp_path / "old").rename(tmp_path / "new")

    with pytest.raises(StorageError, match=r"was written as .*/old, and its tables hold absolute addresses; move"):
        Lake.open(str(tmp_path / "new")).dates()
