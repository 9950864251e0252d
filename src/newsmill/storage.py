"""Objects under keys, in a local folder or in an S3 bucket: the only place that knows which of the two it is.

Keys are relative paths with forward slashes. An object is written whole or not at all; :meth:`ObjectStore.write_if`
is the one primitive that several writers may race on. All errors are :class:`~newsmill.errors.StorageError` in one
line that says what to do; those of botocore and of the file system never escape.
"""

import fcntl
import hashlib
import io
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit

from newsmill.errors import CommitConflict, NotStored, StorageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

TEMPORARY = "_newsmill/tmp"
"""Where a local store writes before it renames: inside the store, since a rename does not cross file systems."""

LOCK = "_newsmill/lock"
"""The file that a local store locks; it stays, since a lock on a deleted file would keep nobody out."""

MULTIPART_BYTES = 64 * 2**20
"""Files from this size on are uploaded in parts of this size."""

REQUEST_ATTEMPTS = 5
READ_ATTEMPTS = 5
RESPONSE_SECONDS = 60
"""A store that says nothing for so long is asked again."""

READ_AHEAD_BYTES = 256 * 2**10
"""What a small read of an S3 object fetches at once; covers the footer of most Parquet files."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object as a listing shows it; ``size`` in bytes, ``modified_at`` in UTC."""

    key: str
    size: int
    modified_at: datetime


class ObjectStore(Protocol):
    """Objects under keys. Reading what is not there raises NotStored; all else that goes wrong StorageError."""

    def uri(self, key: str = "") -> str:
        """The absolute address of a key, without a trailing slash."""
        ...

    def read(self, key: str) -> bytes:
        """All bytes of an object."""
        ...

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """All bytes of an object and the tag of exactly these bytes, for :meth:`write_if`."""
        ...

    def open(self, key: str) -> BinaryIO:
        """An object for reading and seeking; an S3 object is fetched range by range."""
        ...

    def size(self, key: str) -> int:
        """Bytes of an object."""
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose key starts with ``prefix``, sorted by key."""
        ...

    def write(self, key: str, content: bytes) -> None:
        """Create or replace an object."""
        ...

    def write_file(self, key: str, path: Path) -> None:
        """Create or replace an object with a file's bytes, without holding them in memory."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Make an object with another's bytes, without their passing through here.

        For objects that never change: a target that is there already is taken to be the same.
        """
        ...

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        """Replace an object only if it still has ``tag`` (None: only if there is none); returns the new tag.

        Raises CommitConflict if it has changed. After a lost connection an S3 store may report a conflict with its own
        first try: a caller to whom that matters reads the object again and looks for itself in it.
        """
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are not there are gone already."""
        ...

    def sweep(self, before: datetime) -> int:
        """Remove what killed writers left where no listing shows it; returns how many there were.

        Locally the temporary files of dead processes, whatever their age; on S3 unfinished uploads begun ``before``.
        """
        ...


def open_store(uri: str, endpoint: str | None = None, region: str | None = None) -> ObjectStore:
    """The store at ``s3://bucket/prefix``, ``file:///folder`` or a folder path. Nothing is contacted or created yet.

    ``endpoint`` (else AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the AWS profile's) names an S3 store other than AWS.
    Credentials come by the standard AWS chain.
    """
    scheme, found, rest = uri.partition("://")
    if not found:
        return LocalStore(Path(uri).expanduser().resolve())
    if scheme == "file":
        if not rest.startswith("/"):
            raise StorageError(f"{uri} names no absolute folder; write file:///folder or just the path")
        return LocalStore(Path(rest).resolve())
    if scheme in {"s3", "s3a", "s3n"}:
        bucket, _, prefix = rest.partition("/")
        if not bucket:
            raise StorageError(f"{uri} names no bucket; write s3://bucket/prefix")
        return S3Store(bucket, prefix.strip("/"), endpoint, region)
    raise StorageError(f"{uri}: {scheme}:// is no kind of store; use a folder or s3://bucket/prefix")


def probe(store: ObjectStore) -> list[str]:
    """What the store cannot do, one line each; empty for a store that a lake can live in."""
    key = f"_newsmill/probe/{uuid.uuid4().hex}"
    try:
        store.write(key, b"newsmill")
    except StorageError as error:
        return [f"cannot write: {error}"]
    problems = []
    try:
        if store.read(key) != b"newsmill":
            problems.append("cannot read back what was written: the bytes differ")
        with store.open(key) as stream:
            stream.seek(4)
            if stream.read(2) != b"mi":
                problems.append("cannot read a range: the bytes differ")
    except StorageError as error:
        problems.append(f"cannot read: {error}")
    try:
        if [info.key for info in store.list(key)] != [key]:
            problems.append("cannot list: a fresh object is not shown")
    except StorageError as error:
        problems.append(f"cannot list: {error}")
    problems += _probe_conditions(store, key)
    try:
        store.delete([key])
        if any(store.list(key)):
            problems.append("cannot delete: a deleted object is still shown")
    except StorageError as error:
        problems.append(f"cannot delete: {error}")
    return problems


def _probe_conditions(store: ObjectStore, key: str) -> list[str]:
    unsafe = "two runs at once could undo one another; use a store with If-Match and If-None-Match"
    try:
        _, tag = store.read_tagged(key)
        store.write_if(key, b"second", tag)
    except CommitConflict:
        return [f"refuses a conditional write that fits: {unsafe}"]
    except StorageError as error:
        return [f"cannot write conditionally: {error}; {unsafe}"]
    problems = []
    for stale, what in ((tag, "If-Match"), (None, "If-None-Match")):
        try:
            store.write_if(key, b"third", stale)
        except CommitConflict:
            continue
        except StorageError as error:
            problems.append(f"cannot write conditionally ({what}): {error}; {unsafe}")
        else:
            problems.append(f"ignores {what} on a write: {unsafe}")
    return problems


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder. It is made by the first write."""

    root: Path

    def uri(self, key: str = "") -> str:
        """The ``file://`` address, not percent-encoded: that is what Iceberg's readers expect."""
        return f"file://{self._path(key)}" if key else f"file://{self.root}"

    def read(self, key: str) -> bytes:
        """All bytes of an object."""
        with _local_errors(self.uri(key)):
            return self._path(key).read_bytes()

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """All bytes and their SHA-256."""
        content = self.read(key)
        return content, hashlib.sha256(content).hexdigest()

    def open(self, key: str) -> BinaryIO:
        """The file, opened for reading."""
        with _local_errors(self.uri(key)):
            return self._path(key).open("rb")

    def size(self, key: str) -> int:
        """Bytes of an object."""
        with _local_errors(self.uri(key)):
            return self._path(key).stat().st_size

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The files whose relative path starts with ``prefix``, sorted as S3 sorts keys."""
        with _local_errors(self.uri(prefix)):
            yield from sorted(self._walk(prefix), key=lambda info: info.key.encode())

    def write(self, key: str, content: bytes) -> None:
        """Write a temporary file, flush it to disk and rename it."""
        with _local_errors(self.uri(key)), self._replacing(key) as stream:
            stream.write(content)

    def write_file(self, key: str, path: Path) -> None:
        """Copy a file in, then rename it."""
        with _local_errors(self.uri(key)), path.open("rb") as source, self._replacing(key) as stream:
            shutil.copyfileobj(source, stream, 2**20)

    def copy(self, source: str, target: str) -> None:
        """Give the file a second name, or copy it where the file system has no hard links."""
        found, path = self._path(source), self._path(target)
        with _local_errors(self.uri(source)):
            for attempt in range(5):  # a delete that empties the folder may take it away between the two steps
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    path.hardlink_to(found)
                    return
                except FileExistsError:
                    return
                except FileNotFoundError:
                    if attempt == 4 or not found.exists():
                        raise
                except OSError:
                    self.write_file(target, found)
                    return

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        """Compare and replace under a lock that the system releases when its holder ends or dies."""
        path, lock_path = self._path(key), self.root / LOCK
        with _local_errors(self.uri(key)):
            lock_path.parent.mkdir(parents=True, exist_ok=True)
            with lock_path.open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                found = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
                if found != tag:
                    raise CommitConflict(f"{self.uri(key)} was changed by another writer; try again")
                with self._replacing(key) as stream:
                    stream.write(content)
        return hashlib.sha256(content).hexdigest()

    def delete(self, keys: Iterable[str]) -> None:
        """Delete files, and the folders that this leaves empty."""
        for key in keys:
            path = self._path(key)
            with _local_errors(self.uri(key)):
                path.unlink(missing_ok=True)
            for parent in path.parents:
                if parent == self.root:
                    break
                try:
                    parent.rmdir()
                except OSError:  # not empty, or another writer is about to use it
                    break

    def sweep(self, before: datetime) -> int:
        """Remove the temporary files that no living process holds; ``before`` does not matter here."""
        del before
        swept = 0
        with _local_errors(self.uri(TEMPORARY)):
            for path in sorted((self.root / TEMPORARY).glob("*")):
                try:
                    with path.open("rb") as stream:
                        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        path.unlink()
                        swept += 1
                except (BlockingIOError, FileNotFoundError):  # its writer lives, or has just renamed it
                    continue
        return swept

    def _path(self, key: str) -> Path:
        if key.startswith("/") or ".." in key.split("/"):
            raise StorageError(f"{key!r} is no key: keys are relative and have no '..'")
        return self.root / key

    def _walk(self, prefix: str) -> Iterator[ObjectInfo]:
        for folder, folders, names in os.walk(self._path(prefix.rpartition("/")[0]), onerror=_unless_missing):
            here = Path(folder).relative_to(self.root).as_posix().removeprefix(".")
            base = f"{here}/" if here else ""
            folders[:] = [name for name in folders if _meets(f"{base}{name}/", prefix) and base + name != TEMPORARY]
            for name in names:
                key = base + name
                if key.startswith(prefix) and key != LOCK:
                    try:
                        status = (self.root / key).stat()
                    except FileNotFoundError:  # deleted while we walk
                        continue
                    yield ObjectInfo(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    @contextmanager
    def _replacing(self, key: str) -> Iterator[BinaryIO]:
        """A new file that takes the place of ``key`` at the end, and leaves nothing behind on an error."""
        path = self._path(key)
        temporary = self.root / TEMPORARY / uuid.uuid4().hex
        temporary.parent.mkdir(parents=True, exist_ok=True)
        # Held until the rename, so that a sweep knows a living writer's file from a dead one's.
        with open_held(temporary) as stream:
            try:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                _rename(temporary, path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise


def open_held(path: Path, buffering: int = -1) -> BinaryIO:
    """A new file, locked until it is closed or its process ends."""
    while True:
        file = path.open("xb", buffering=buffering)
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        # Before it was locked somebody has taken it for a dead process's, and away.
        file.close()


def _rename(temporary: Path, path: Path) -> None:
    """Rename and flush the folder; the folder may vanish between its making and the rename when a delete empties it."""
    for attempt in range(5):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.replace(path)
            break
        except FileNotFoundError:
            if attempt == 4 or not temporary.exists():
                raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _meets(folder: str, prefix: str) -> bool:
    return folder.startswith(prefix) or prefix.startswith(folder)


@contextmanager
def _local_errors(uri: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotStored(f"{uri} does not exist") from error
    except PermissionError as error:
        raise StorageError(f"no permission for {error.filename or uri}; check its owner and mode") from error
    except IsADirectoryError as error:
        raise StorageError(f"{uri} is a folder, not a file") from error
    except OSError as error:
        raise StorageError(f"{uri}: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class S3Store:
    """A prefix in a bucket of S3 or of a store that speaks its protocol."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    _clients: dict[int, "S3Client"] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)

    def __reduce__(self) -> tuple[type["S3Store"], tuple[str, str, str | None, str | None]]:
        return S3Store, (self.bucket, self.prefix, self.endpoint, self.region)

    def uri(self, key: str = "") -> str:
        """The ``s3://`` address."""
        return "/".join(part for part in (f"s3://{self.bucket}", self.prefix, key) if part)

    def read(self, key: str) -> bytes:
        """All bytes of an object."""
        return self.read_tagged(key)[0]

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """All bytes and their ETag."""
        with self._errors(key) as client:
            return _fetched(lambda: client.get_object(Bucket=self.bucket, Key=self._key(key)))

    def open(self, key: str) -> BinaryIO:
        """The object, fetched range by range as it is read."""
        return cast("BinaryIO", io.BufferedReader(_S3Stream(self, key, self.size(key)), READ_AHEAD_BYTES))

    def size(self, key: str) -> int:
        """Bytes of an object."""
        with self._errors(key) as client:
            try:
                return client.head_object(Bucket=self.bucket, Key=self._key(key))["ContentLength"]
            except client.exceptions.ClientError:
                # The error of a HEAD has no text; that of a GET says whether the key or the bucket is missing.
                client.get_object(Bucket=self.bucket, Key=self._key(key), Range="bytes=0-0")["Body"].close()
                raise

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to and without ``end``."""
        with self._errors(key) as client:
            span = f"bytes={start}-{end - 1}"
            return _fetched(lambda: client.get_object(Bucket=self.bucket, Key=self._key(key), Range=span))[0]

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose key starts with ``prefix``, sorted by us: not every store lists in the order of keys."""
        skip = len(self._key(""))
        with self._errors(prefix) as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._key(prefix))
            found = [
                ObjectInfo(entry["Key"][skip:], entry["Size"], entry["LastModified"].astimezone(UTC))
                for page in pages
                for entry in page.get("Contents", [])
            ]
        yield from sorted(found, key=lambda info: info.key.encode())

    def write(self, key: str, content: bytes) -> None:
        """Put an object."""
        with self._errors(key) as client:
            client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content)

    def write_file(self, key: str, path: Path) -> None:
        """Upload a file, a large one in parts that become visible all at once."""
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415, deliberately late, see _client

        parts = TransferConfig(
            multipart_threshold=MULTIPART_BYTES, multipart_chunksize=MULTIPART_BYTES, max_concurrency=4
        )
        with self._errors(key) as client:
            client.upload_file(str(path), self.bucket, self._key(key), Config=parts)

    def copy(self, source: str, target: str) -> None:
        """Copy within the store; up to 5 GB, many times the size of a data file."""
        with self._errors(source) as client:
            origin: Any = {"Bucket": self.bucket, "Key": self._key(source)}
            client.copy_object(Bucket=self.bucket, Key=self._key(target), CopySource=origin)

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        """Put an object under If-Match or If-None-Match."""
        condition: Any = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        with self._errors(key, conditional=True) as client:
            return client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content, **condition)["ETag"]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects one by one: DeleteObjects needs a checksum that some stores refuse."""

        def delete(key: str) -> None:
            with self._errors(key) as client:
                client.delete_object(Bucket=self.bucket, Key=self._key(key))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(delete, keys))

    def sweep(self, before: datetime) -> int:
        """Abort the multipart uploads begun ``before`` a time: their parts cost money and no listing shows them."""
        with self._errors("") as client:
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=self._key(""))
            dead = [upload for page in pages for upload in page.get("Uploads", []) if upload["Initiated"] < before]
            for upload in dead:
                client.abort_multipart_upload(Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        return len(dead)

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    @contextmanager
    def _errors(self, key: str, *, conditional: bool = False) -> Iterator["S3Client"]:
        """The client, with each of its errors told in one line."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415, deliberately late, see _client
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        try:
            # A client's open connections must not be shared with a forked child.
            if (client := self._clients.get(os.getpid())) is None:
                client = self._clients.setdefault(os.getpid(), _client(self.endpoint, self.region))
            yield client
        except ClientError as error:
            raise self._told(error, key, conditional=conditional) from error
        except Boto3Error as error:  # a transfer wraps what went wrong
            cause = error.__context__
            if isinstance(cause, ClientError):
                raise self._told(cause, key, conditional=conditional) from error
            raise StorageError(f"{self.uri(key)}: {_one_line(error)}") from error
        except (BotoCoreError, HTTPError) as error:
            raise self._told_locally(error, key) from error
        except OSError as error:
            raise StorageError(f"{self.uri(key)}: {error.strerror or error}") from error

    def _told(self, error: Any, key: str, *, conditional: bool) -> StorageError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        uri, place = self.uri(key), self._place()
        if code == "NoSuchBucket":
            return StorageError(f"there is no bucket {self.bucket} at {place}; create it or correct the lake's URI")
        if conditional and (
            code in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"} or status in {404, 409, 412}
        ):
            return CommitConflict(f"{uri} was changed by another writer; try again")
        if code in {"NoSuchKey", "NotFound", "404"} or status == 404:
            return NotStored(f"{uri} does not exist")
        if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AuthFailure"}:
            return StorageError(
                f"{place} does not accept the credentials ({code}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                " or the AWS profile"
            )
        if code in {"AccessDenied", "Forbidden", "403"} or status == 403:
            action = getattr(error, "operation_name", "the request")
            return StorageError(f"{place} denies {action} on {uri}; check the credentials and the bucket's policy")
        if code in {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}:
            return StorageError(f"the bucket {self.bucket} is in another region; set AWS_REGION or the lake's region")
        return StorageError(f"{place} failed on {uri}: {_one_line(error)}")

    def _told_locally(self, error: Any, key: str) -> StorageError:
        from botocore import exceptions as said  # noqa: PLC0415, deliberately late, see _client

        place = self._place()
        credentials = (
            said.NoCredentialsError,
            said.PartialCredentialsError,
            said.CredentialRetrievalError,
            said.ProfileNotFound,
            said.TokenRetrievalError,
            said.SSOError,
        )
        if isinstance(error, credentials):
            return StorageError(
                f"no usable AWS credentials ({_one_line(error)}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or"
                " AWS_PROFILE"
            )
        if isinstance(error, said.NoRegionError):
            return StorageError("no AWS region is set; set AWS_REGION or the lake's region")
        if isinstance(error, said.ParamValidationError):
            return StorageError(f"{self.uri(key)} is no valid S3 address: {_one_line(error)}")
        if isinstance(error, said.ConnectTimeoutError | said.ReadTimeoutError | said.EndpointConnectionError):
            return StorageError(f"{place} does not answer; check the endpoint and the network ({_one_line(error)})")
        return StorageError(f"{place}: {_one_line(error)}; check the endpoint and the network")

    def _place(self) -> str:
        return self.endpoint or _environment_endpoint() or "AWS S3"


class _S3Stream(io.RawIOBase):
    """An S3 object as a raw stream: each read is one range request of just the bytes wanted."""

    def __init__(self, store: S3Store, key: str, size: int) -> None:
        super().__init__()
        self._store, self._key, self._size, self._at = store, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        content = self._store.read_range(self._key, self._at, self._at + wanted)
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


def _client(endpoint: str | None, region: str | None) -> "S3Client":
    # boto3 is imported by the first use of an S3 store: it costs 0.2 s that a local lake need not pay.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    session = boto3.session.Session()
    custom = endpoint is not None or _environment_endpoint() is not None
    # The default checksums of boto3 >= 1.36 and bucket names in the host break stores other than AWS.
    lenient: Any = (
        {
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
            "s3": {"addressing_style": "path"},
        }
        if custom
        else {}
    )
    config = Config(
        connect_timeout=10,
        read_timeout=RESPONSE_SECONDS,
        retries={"mode": "standard", "total_max_attempts": REQUEST_ATTEMPTS},
        max_pool_connections=32,
        **lenient,
    )
    # A store other than AWS ignores the region, but botocore signs with one.
    region = region or session.region_name or ("us-east-1" if custom else None)
    try:
        return _patient(session.client("s3", endpoint_url=endpoint, region_name=region, config=config))
    except ValueError as error:
        place = endpoint or _environment_endpoint()
        raise StorageError(f"{place} is no address of an S3 store; write http://host:port or https://host") from error


def _patient(client: "S3Client") -> "S3Client":
    """A client that repeats a request whose answer, a listing or an error, breaks off; botocore lets that escape."""
    from urllib3.exceptions import HTTPError  # noqa: PLC0415, deliberately late, see _client

    patched: Any = client
    request = patched._make_api_call

    def repeated(operation: str, arguments: dict[str, Any]) -> Any:
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return request(operation, arguments)
            except HTTPError:
                body: Any = arguments.get("Body")
                if hasattr(body, "seek"):
                    body.seek(0)
        return request(operation, arguments)

    patched._make_api_call = repeated
    return client


def _fetched(get: Callable[[], "GetObjectOutputTypeDef"]) -> tuple[bytes, str]:
    """A response's whole body and its ETag; botocore repeats a failed request, but not one whose body breaks off."""
    from botocore.exceptions import HTTPClientError, IncompleteReadError  # noqa: PLC0415, deliberately late, see _client

    for _ in range(READ_ATTEMPTS - 1):
        try:
            response = get()
            return response["Body"].read(), response["ETag"]
        except (HTTPClientError, IncompleteReadError):
            continue
    response = get()
    return response["Body"].read(), response["ETag"]


def _environment_endpoint() -> str | None:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def duckdb_secret(store: ObjectStore, connection: "DuckDBPyConnection") -> None:
    """Let a DuckDB connection, with httpfs loaded, read an S3 store as we do; nothing to do for a local one.

    The secret lives in the connection's memory only. Raises StorageError without usable credentials.
    """
    if not isinstance(store, S3Store):
        return
    import boto3  # noqa: PLC0415, deliberately late, see _client
    import duckdb  # noqa: PLC0415, so is this

    with store._errors("") as client:
        found = boto3.session.Session().get_credentials()
        credentials = found.get_frozen_credentials() if found is not None else None
        endpoint, region = urlsplit(client.meta.endpoint_url), client.meta.region_name
    if credentials is None or not credentials.access_key or not credentials.secret_key:
        raise StorageError("no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE")
    settings = {
        "KEY_ID": credentials.access_key,
        "SECRET": credentials.secret_key,
        "SESSION_TOKEN": credentials.token,
        "REGION": region,
        "SCOPE": f"s3://{store.bucket}",
    }
    if store.endpoint is not None or _environment_endpoint() is not None:
        settings |= {"ENDPOINT": endpoint.netloc + endpoint.path.rstrip("/"), "URL_STYLE": "path"}
    stated = ["TYPE s3", f"USE_SSL {str(endpoint.scheme == 'https').lower()}"]
    stated += [f"{name} {_sql_string(value)}" for name, value in settings.items() if value]
    try:
        connection.execute(f"CREATE OR REPLACE SECRET newsmill ({', '.join(stated)})")
    except duckdb.Error:
        # DuckDB's message would quote the statement, secret and all.
        raise StorageError(f"DuckDB does not take the settings of {store._place()} as an S3 secret") from None


def _sql_string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
