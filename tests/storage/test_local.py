"""A folder as a store: what killed writers leave, file systems without hard links, and errors that say what to do."""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from newsmill.errors import NotStored, StorageError
from newsmill.storage import LocalStore
from newsmill.storage.local import LOCK, TEMPORARY

FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


def test_a_dead_process_leaves_no_lock_and_no_temporary_file(
    tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    """It is killed while it holds the lock and copies from a pipe that does not end."""
    store, pipe = LocalStore(tmp_path / "store"), tmp_path / "pipe"
    os.mkfifo(pipe)
    program = f"""
import fcntl, pathlib
from newsmill.storage import LocalStore
store = LocalStore(pathlib.Path({str(store.root)!r}))
store.write_if("head", b"1", None)
with open({str(store.root / LOCK)!r}, "ab") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    store.write_file("half", pathlib.Path({str(pipe)!r}))
"""
    victim = subprocess.Popen([sys.executable, "-c", program])
    with pipe.open("wb"):
        wait_for(lambda: any((store.root / TEMPORARY).iterdir()))
        assert store.sweep(FAR_FUTURE) == 0, "its writer lives"
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    store.write_if("head", b"2", hashlib.sha256(b"1").hexdigest())

    assert store.sweep(FAR_FUTURE) == 1
    assert [info.key for info in store.list()] == ["head"]
    assert list((store.root / TEMPORARY).iterdir()) == []


def test_what_is_being_written_is_not_listed(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.write("a", b"whole")
    (tmp_path / TEMPORARY / "half").write_bytes(b"ha")

    assert [info.key for info in store.list()] == ["a"]
    assert list(store.list(f"{TEMPORARY.partition('/')[0]}/")) == []


def test_a_sweep_before_a_writer_holds_its_file_costs_it_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path)
    lock = fcntl.flock
    swept: list[int] = []

    def late(file: BinaryIO, operation: int) -> None:
        if operation == fcntl.LOCK_EX and not swept:
            swept.append(1)
            swept.append(store.sweep(FAR_FUTURE))
        lock(file, operation)

    monkeypatch.setattr("fcntl.flock", late)
    store.write("a", b"whole")

    assert swept == [1, 1]
    assert store.read("a") == b"whole"


def test_a_file_system_without_hard_links_copies_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(f"{self} {target}")

    store = LocalStore(tmp_path)
    store.write("original", b"rows")
    monkeypatch.setattr(Path, "hardlink_to", refuse)

    store.copy("original", "copy")

    assert store.read("copy") == b"rows"
    assert (tmp_path / "copy").stat().st_nlink == 1


def test_a_failed_local_write_leaves_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store")
    store.write("key", b"old")

    with pytest.raises(NotStored):
        store.write_file("key", tmp_path / "missing")
    with pytest.raises(TypeError):
        store.write("key", "not bytes")  # type: ignore[arg-type]

    assert store.read("key") == b"old"
    assert list((tmp_path / "store" / TEMPORARY).iterdir()) == []


@pytest.mark.parametrize("key", ["../outside", "a/../../b", "/etc/passwd"])
def test_keys_stay_inside(tmp_path: Path, key: str) -> None:
    with pytest.raises(StorageError, match="is no key"):
        LocalStore(tmp_path).read(key)


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="Not a directory"):
        LocalStore(tmp_path / "file" / "lake").write("a", b"1")


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    with pytest.raises(StorageError, match="is a folder, not a file"):
        LocalStore(tmp_path).read("a")
