"""Object stores: the same behaviour in a folder and on a real S3 server, and errors that say what to do."""

import fcntl
import hashlib
import io
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import boto3
import pytest

from newsmill import storage
from newsmill.errors import CommitConflict, NotStored, StorageError
from newsmill.storage import LOCK, TEMPORARY, LocalStore, ObjectStore, S3Store, open_store, probe

FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(lake_uri: str) -> ObjectStore:
    return open_store(lake_uri)


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
    monkeypatch.setattr(storage, "MULTIPART_BYTES", 5 * 2**20)
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


def test_a_dead_process_leaves_no_lock_and_no_temporary_file(
    tmp_path: Path, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    store = LocalStore(tmp_path)
    program = f"""
import fcntl, pathlib, time
from newsmill.storage import LocalStore
store = LocalStore(pathlib.Path({str(tmp_path)!r}))
store.write_if("head", b"1", None)
with open({str(tmp_path / LOCK)!r}, "ab") as lock, store._replacing("half") as stream:
    fcntl.flock(lock, fcntl.LOCK_EX)
    stream.write(b"half")
    stream.flush()
    pathlib.Path({str(tmp_path / "ready")!r}).touch()
    time.sleep(60)
"""
    victim = subprocess.Popen([sys.executable, "-c", program])
    wait_for((tmp_path / "ready").exists)
    assert store.sweep(FAR_FUTURE) == 0, "its writer lives"
    victim.send_signal(signal.SIGKILL)
    victim.wait()

    store.write_if("head", b"2", hashlib.sha256(b"1").hexdigest())

    assert store.sweep(FAR_FUTURE) == 1
    assert [info.key for info in store.list()] == ["head", "ready"]
    assert list((tmp_path / TEMPORARY).iterdir()) == []


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


def test_a_copy_outlives_the_original(store: ObjectStore) -> None:
    store.write("a/original", b"rows")

    store.copy("a/original", "b/copy")
    store.copy("a/original", "b/copy")
    store.delete(["a/original"])

    assert [(info.key, store.read(info.key)) for info in store.list()] == [("b/copy", b"rows")]
    with pytest.raises(NotStored):
        store.copy("a/original", "b/other")


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


def test_unfinished_uploads_are_swept_by_age(s3_uri: str) -> None:
    store = open_store(f"{s3_uri}/swept")
    assert isinstance(store, S3Store)
    client = boto3.client("s3", region_name="us-east-1")
    client.create_multipart_upload(Bucket=store.bucket, Key=f"{store.prefix}/half.parquet")

    assert store.sweep(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert store.sweep(FAR_FUTURE) == 1
    assert store.sweep(FAR_FUTURE) == 0


class TestErrors:
    """Every failure is one line that names what to do, and never an exception of botocore."""

    @pytest.mark.parametrize(
        ("uri", "said"),
        [
            ("ftp://host/lake", "ftp:// is no kind of store; use a folder or s3://bucket/prefix"),
            ("s3:///prefix", "names no bucket; write s3://bucket/prefix"),
            ("file://folder/lake", "names no absolute folder"),
        ],
    )
    def test_addresses(self, uri: str, said: str) -> None:
        with pytest.raises(StorageError, match=said):
            open_store(uri)

    @pytest.mark.parametrize("key", ["../outside", "a/../../b", "/etc/passwd"])
    def test_keys_stay_inside(self, tmp_path: Path, key: str) -> None:
        with pytest.raises(StorageError, match="is no key"):
            LocalStore(tmp_path).read(key)

    def test_a_file_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(StorageError, match="Not a directory"):
            LocalStore(tmp_path / "file" / "lake").write("a", b"1")

    def test_a_folder_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()

        with pytest.raises(StorageError, match="is a folder, not a file"):
            LocalStore(tmp_path).read("a")

    @pytest.mark.parametrize(
        ("environment", "uri", "said"),
        [
            ({"AWS_ACCESS_KEY_ID": "nobody"}, "s3://newsmill/lake", "does not accept the credentials"),
            ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "s3://newsmill/lake", "does not accept the credentials"),
            ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "s3://newsmill/lake", "127.0.0.1:9 does not answer; check"),
            ({"AWS_ENDPOINT_URL": "nonsense"}, "s3://newsmill/lake", "nonsense is no address of an S3 store"),
            ({"AWS_PROFILE": "absent"}, "s3://newsmill/lake", "no usable AWS credentials .*absent"),
            ({}, "s3://Bad_Bucket_Name!/lake", "is no valid S3 address"),
        ],
    )
    @pytest.mark.usefixtures("s3_uri")
    def test_s3(self, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], uri: str, said: str) -> None:
        monkeypatch.setattr(storage, "REQUEST_ATTEMPTS", 1)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

        for ask in (open_store(uri).read, open_store(uri).size):
            with pytest.raises(StorageError, match=said) as raised:
                ask("a")
            assert "\n" not in str(raised.value)

    @pytest.mark.usefixtures("s3_uri")
    @pytest.mark.parametrize(
        "request_", ["write", "read", "list", "write_file", "write_if", "open", "copy", "delete", "sweep"]
    )
    def test_a_missing_bucket_is_told_by_every_request(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_: str
    ) -> None:
        monkeypatch.setattr(storage, "REQUEST_ATTEMPTS", 1)
        (tmp_path / "file").write_bytes(b"1")
        store = open_store("s3://no-such-bucket/lake")
        requests: dict[str, Callable[[], object]] = {
            "write": lambda: store.write("a", b"1"),
            "read": lambda: store.read("a"),
            "list": lambda: list(store.list()),
            "write_file": lambda: store.write_file("a", tmp_path / "file"),
            "write_if": lambda: store.write_if("a", b"1", None),
            "open": lambda: store.open("a"),
            "copy": lambda: store.copy("a", "b"),
            "delete": lambda: store.delete(["a"]),
            "sweep": lambda: store.sweep(FAR_FUTURE),
        }

        with pytest.raises(StorageError, match=r"there is no bucket no-such-bucket at http://127.0.0.1:\d+; create it"):
            requests[request_]()

    def test_no_credentials(self, s3_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

        with pytest.raises(StorageError, match=r"no usable AWS credentials .*; set AWS_ACCESS_KEY_ID"):
            open_store(s3_uri).read("a")


class TestProbe:
    def test_a_fit_store_has_no_problems_and_keeps_nothing(self, store: ObjectStore) -> None:
        assert probe(store) == []
        assert list(store.list()) == []
        if isinstance(store, LocalStore):
            assert [path for path in store.root.rglob("*") if path.is_file()] == [store.root / LOCK]

    def test_a_store_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        (problem,) = probe(LocalStore(tmp_path / "file"))

        assert problem.startswith("cannot write: ")

    def test_a_store_that_ignores_conditions(self, tmp_path: Path) -> None:
        class Careless(LocalStore):
            def write_if(self, key: str, content: bytes, tag: str | None) -> str:
                self.write(key, content)
                return tag or "tag"

        problems = probe(Careless(tmp_path))

        assert [problem.partition(":")[0] for problem in problems] == [
            "ignores If-Match on a write",
            "ignores If-None-Match on a write",
        ]
