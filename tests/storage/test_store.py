"""Object stores behave the same in a folder and on a real S3 server."""

import hashlib
import io
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsmill.errors import CommitConflict, NotStored, StorageError
from newsmill.storage import ObjectStore, open_store


def test_objects_come_back_as_written(store: ObjectStore) -> None:
    store.write("a/one", b"first")
    store.write("a/one", b"second")
    store.write("a/empty", b"")

    assert store.read("a/one") == b"second"
    assert store.read("a/empty") == b""
    assert store.size("a/one") == 6


def test_list_is_by_prefix_and_sorted_by_key(store: ObjectStore) -> None:
    for key in ("b/2", "b/10", "b/date=2026-01-02/x", "a/1", "ba/1", "b.txt", "B/1"):
        store.write(key, key.encode())

    assert [info.key for info in store.list("b/")] == ["b/10", "b/2", "b/date=2026-01-02/x"]
    assert [info.key for info in store.list("b")] == ["b.txt", "b/10", "b/2", "b/date=2026-01-02/x", "ba/1"]
    assert [info.key for info in store.list()] == [
        "B/1",
        "a/1",
        "b.txt",
        "b/10",
        "b/2",
        "b/date=2026-01-02/x",
        "ba/1",
    ]
    assert [info.size for info in store.list("a/")] == [3]
    assert list(store.list("none/")) == []


def test_list_tells_when_an_object_was_written(store: ObjectStore) -> None:
    store.write("a", b"1")

    (info,) = store.list("a")

    assert abs(info.modified_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_delete_takes_what_is_there(store: ObjectStore) -> None:
    store.write("d/a", b"1")
    store.write("d/b", b"2")

    store.delete(["d/a", "d/never"])

    assert [info.key for info in store.list("")] == ["d/b"]


@pytest.mark.parametrize("read", ["read", "read_tagged", "open", "size"])
def test_what_is_not_there_is_not_stored(store: ObjectStore, read: str) -> None:
    store.write("folder/there", b"1")

    with pytest.raises(NotStored, match="folder/missing does not exist"):
        getattr(store, read)("folder/missing")


def test_open_reads_any_range(store: ObjectStore) -> None:
    content = hashlib.sha512(b"seed").digest() * 20_000
    store.write("large", content)

    with store.open("large") as stream:
        assert stream.seek(-100, io.SEEK_END) == len(content) - 100
        assert stream.read() == content[-100:]
        assert stream.seek(700_000) == 700_000
        assert stream.read(10) == content[700_000:700_010]
        assert stream.tell() == 700_010
        assert stream.read(600_000) == content[700_010:1_280_000]
        assert stream.read(10) == b""
        stream.seek(0)
        assert stream.read() == content


def test_write_file_takes_files_of_several_parts(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsmill.storage.s3.MULTIPART_BYTES", 5 * 2**20)
    content = hashlib.sha512(b"parts").digest() * (11 * 2**20 // 64)
    (tmp_path / "file").write_bytes(content)

    store.write_file("parts", tmp_path / "file")

    assert store.read("parts") == content


def test_uri_leads_back_to_the_object(store: ObjectStore) -> None:
    store.write("x/y.txt", b"1")

    assert open_store(store.uri("x")).read("y.txt") == b"1"
    assert store.uri("x/y.txt") == f"{store.uri()}/x/y.txt"


def test_a_store_travels_to_another_process(store: ObjectStore) -> None:
    store.write("a", b"1")

    assert pickle.loads(pickle.dumps(store)).read("a") == b"1"


class TestWriteIf:
    def test_creates_only_what_is_not_there(self, store: ObjectStore) -> None:
        tag = store.write_if("head", b"1", None)

        assert store.read_tagged("head") == (b"1", tag)
        with pytest.raises(CommitConflict, match="head was changed by another writer"):
            store.write_if("head", b"2", None)
        assert store.read("head") == b"1"

    def test_replaces_only_the_state_that_was_seen(self, store: ObjectStore) -> None:
        first = store.write_if("head", b"1", None)
        second = store.write_if("head", b"2", first)

        with pytest.raises(CommitConflict):
            store.write_if("head", b"3", first)
        assert store.read_tagged("head") == (b"2", second)

    def test_does_not_bring_back_what_was_deleted(self, store: ObjectStore) -> None:
        tag = store.write_if("head", b"1", None)
        store.delete(["head"])

        with pytest.raises(CommitConflict):
            store.write_if("head", b"2", tag)
        assert list(store.list("head")) == []

    def test_has_one_winner_among_threads(self, store: ObjectStore) -> None:
        def create(number: int) -> bool:
            try:
                store.write_if("prize", str(number).encode(), None)
            except CommitConflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(create, range(8)))

        assert won.count(True) == 1
        assert store.read("prize") == str(won.index(True)).encode()

    def test_loses_no_increment_among_processes(self, lake_uri: str) -> None:
        store = open_store(lake_uri)
        store.write("count", b"0")
        program = f"""
from newsmill.errors import CommitConflict
from newsmill.storage import open_store
store = open_store({lake_uri!r})
done = 0
while done < 5:
    content, tag = store.read_tagged("count")
    try:
        store.write_if("count", str(int(content) + 1).encode(), tag)
        done += 1
    except CommitConflict:
        pass
"""
        writers = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]

        assert [writer.wait(60) for writer in writers] == [0, 0, 0]
        assert store.read("count") == b"15"


def test_a_copy_outlives_the_original(store: ObjectStore) -> None:
    store.write("a/original", b"rows")

    store.copy("a/original", "b/copy")
    store.copy("a/original", "b/copy")
    store.delete(["a/original"])

    assert [(info.key, store.read(info.key)) for info in store.list()] == [("b/copy", b"rows")]
    with pytest.raises(NotStored):
        store.copy("a/original", "b/other")


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("ftp://host/lake", "ftp:// is no kind of store; use a folder or s3://bucket/prefix"),
        ("s3:///prefix", "names no bucket; write s3://bucket/prefix"),
        ("file://folder/lake", "names no absolute folder"),
    ],
)
def test_addresses(uri: str, said: str) -> None:
    with pytest.raises(StorageError, match=said):
        open_store(uri)
