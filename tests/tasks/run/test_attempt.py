"""Whose an execution is: a process is known dead only where its number counts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsmill.lake import Lake
from newsmill.lake.staging import staged_key
from newsmill.tasks.run.attempt import OWNER, Owner


@pytest.mark.parametrize(
    ("changes", "is_dead"),
    [
        ({}, False),
        ({"started": "long ago"}, True),
        ({"started": "long ago", "host": "another"}, False),
        ({"started": "long ago", "machine": "another boot, or container"}, False),
        ({"started": "long ago", "machine": ""}, False),
    ],
)
def test_only_a_process_of_this_machine_is_known_dead(changes: dict[str, Any], *, is_dead: bool) -> None:
    assert replace(Owner.here(), **changes).is_dead() is is_dead


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"host": "a", "pid": "x", "started": ""}'])
def test_an_owner_that_cannot_be_read_is_nobody(tmp_path: Path, content: bytes) -> None:
    lake = Lake.open(str(tmp_path))
    lake.store.write(staged_key("a", OWNER), content)

    assert Owner.of(lake, "a") == Owner.nobody()
    assert not Owner.nobody().is_dead()


def test_an_owner_of_a_newer_version_is_known(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    lake.store.write(staged_key("a", OWNER), b'{"host": "a", "pid": 7, "started": "1", "machine": "m", "region": "eu"}')

    assert Owner.of(lake, "a") == Owner(host="a", pid=7, started="1", machine="m")
