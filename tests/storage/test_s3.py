"""S3 as a store: one client a process, requests that are made again, and errors that say what to do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from newsmill.errors import StorageError
from newsmill.storage import S3Store, open_store
from newsmill.storage.s3 import S3Access
from tests.conftest import ACCESS_KEY, SECRET_KEY, S3Server

FAR_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


class TestClients:
    """A process opens one client for all stores that are asked in the same way."""

    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The clients that are opened during the test, each by its service."""
        opened: list[str] = []
        connect = boto3.session.Session.client

        def counted(self: boto3.session.Session, service: str, **settings: Any) -> Any:
            opened.append(service)
            return connect(self, service, **settings)  # type: ignore[call-overload]

        monkeypatch.setattr(boto3.session.Session, "client", counted)
        return opened

    def test_stores_of_one_endpoint_share_one(self, s3_uri: str, opened: list[str]) -> None:
        stores = [open_store(f"{s3_uri}/{name}", region="eu-shared-1") for name in ("a", "b", "b")]
        for store in stores:
            store.write("key", b"1")
            assert [info.key for info in store.list()] == ["key"]

        assert opened == ["s3"]

    def test_another_region_or_process_has_its_own(
        self, s3_uri: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_store(s3_uri, region="eu-own-1").write("a", b"1")
        open_store(s3_uri, region="eu-own-2").write("a", b"1")
        monkeypatch.setattr("os.getpid", lambda: 0)
        open_store(s3_uri, region="eu-own-2").write("a", b"1")

        assert opened == ["s3"] * 3

    def test_credentials_of_the_environment_are_seen_when_they_change(
        self, s3_uri: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = open_store(s3_uri)
        store.write("a", b"1")
        with monkeypatch.context() as changed:
            changed.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
            with pytest.raises(StorageError, match="does not accept the credentials"):
                store.read("a")

        assert store.read("a") == b"1"

    def test_credentials_of_a_file_are_read_again_once_they_are_refused(
        self, s3_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines = "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n"
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        (tmp_path / "credentials").write_text(lines.format(ACCESS_KEY, "expired"))
        store = open_store(s3_uri)
        with pytest.raises(StorageError, match="does not accept the credentials"):
            store.write("a", b"1")

        (tmp_path / "credentials").write_text(lines.format(ACCESS_KEY, SECRET_KEY))

        store.write("a", b"1")
        assert store.read("a") == b"1"


class TestAccess:
    def test_is_what_another_reader_needs(self, s3_uri: str, s3_server: S3Server) -> None:
        store = open_store(s3_uri, region="eu-north-1")
        assert isinstance(store, S3Store)

        access = store.access()

        host = s3_server.endpoint.removeprefix("http://")
        assert access == S3Access(ACCESS_KEY, SECRET_KEY, None, "eu-north-1", host, is_https=False)
        assert SECRET_KEY not in repr(access)

    def test_of_aws_names_no_endpoint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "SESSION_TOKEN": "c"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)

        access = S3Store("bucket", region="eu-north-1").access()

        assert access == S3Access("a", "b", "c", "eu-north-1", None, is_https=True)

    def test_needs_credentials(self, s3_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        store = open_store(s3_uri)
        assert isinstance(store, S3Store)

        with pytest.raises(StorageError, match="no AWS credentials; set AWS_ACCESS_KEY_ID"):
            store.access()


def test_a_listing_of_several_pages_is_whole(s3_uri: str) -> None:
    store, keys = open_store(s3_uri), [f"{number:04}" for number in range(1001)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.write(key, b""), keys))

    assert [info.key for info in store.list()] == keys


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
        monkeypatch.setattr("newsmill.storage.s3.REQUEST_ATTEMPTS", 1)
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
        monkeypatch.setattr("newsmill.storage.s3.REQUEST_ATTEMPTS", 1)
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
