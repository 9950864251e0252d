"""The head says what is wrong with it."""

from pathlib import Path

import pytest

from newsmill.errors import StorageError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD
from newsmill.storage import LocalStore


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
