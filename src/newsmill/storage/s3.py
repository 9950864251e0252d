"""Objects in a bucket of S3 or of a store that speaks its protocol: the only module that imports boto3.

boto3 is imported by the first request: it costs 0.2 s that a local lake need not pay.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from newsmill.errors import CommitConflict, NotStored, StorageError
from newsmill.storage.objects import ObjectInfo

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

MULTIPART_BYTES = 64 * 2**20
"""Files from this size on are uploaded in parts of this size."""

REQUEST_ATTEMPTS = 5
"""How often botocore makes a request that fails."""

READ_ATTEMPTS = 5
"""How often we make one whose answer breaks off."""

RESPONSE_SECONDS = 60
"""A store that says nothing for so long is asked again."""

READ_AHEAD_BYTES = 256 * 2**10
"""What a small read of an S3 object fetches at once; covers the footer of most Parquet files."""

KEPT_CLIENTS = 16
"""One for each endpoint and each set of credentials that a process uses: one as a rule."""

REFUSED = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AuthFailure"})
"""The codes of errors that say that the credentials do not serve."""


@dataclass(frozen=True, slots=True)
class S3Access:
    """What another reader needs to read a bucket as we do.

    ``endpoint`` is the host, with the path if it has one, of a store other than AWS, which wants the bucket in the path
    and not in the host; None is AWS.
    """

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(repr=False)
    region: str
    endpoint: str | None
    is_https: bool


@dataclass(frozen=True, slots=True)
class S3Store:
    """A prefix in a bucket."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None

    def uri(self, key: str = "") -> str:
        """The ``s3://`` address."""
        return "/".join(part for part in (f"s3://{self.bucket}", self.prefix, key) if part)

    @property
    def place(self) -> str:
        """The store that is asked, for messages."""
        return self.endpoint or _environment_endpoint() or "AWS S3"

    def access(self) -> S3Access:
        """What another reader needs; raises StorageError without usable credentials."""
        import boto3  # noqa: PLC0415, deliberately late, as the module says

        def look(client: "S3Client") -> "tuple[ReadOnlyCredentials | None, str, SplitResult]":
            found = boto3.session.Session().get_credentials()
            frozen = found.get_frozen_credentials() if found is not None else None
            return frozen, client.meta.region_name, urlsplit(client.meta.endpoint_url)

        credentials, region, address = self._ask("", look)
        if credentials is None or not credentials.access_key or not credentials.secret_key:
            raise StorageError("no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE")
        return S3Access(
            key_id=credentials.access_key,
            secret=credentials.secret_key,
            token=credentials.token,
            region=region,
            endpoint=address.netloc + address.path.rstrip("/") if _is_other(self.endpoint) else None,
            is_https=address.scheme == "https",
        )

    def read(self, key: str) -> bytes:
        """All bytes of an object."""
        return self.read_tagged(key)[0]

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """All bytes and their ETag."""

        def read(client: "S3Client") -> tuple[bytes, str]:
            answer = client.get_object(Bucket=self.bucket, Key=self._key(key))
            return answer["Body"].read(), answer["ETag"]

        return self._ask(key, read)

    def open(self, key: str) -> BinaryIO:
        """The object, fetched range by range as it is read."""
        return cast("BinaryIO", io.BufferedReader(_S3Stream(self, key, self.size(key)), READ_AHEAD_BYTES))

    def size(self, key: str) -> int:
        """Bytes of an object."""

        def measure(client: "S3Client") -> int:
            try:
                return client.head_object(Bucket=self.bucket, Key=self._key(key))["ContentLength"]
            except client.exceptions.ClientError:
                # The error of a HEAD has no text; that of a GET says whether the key or the bucket is missing.
                client.get_object(Bucket=self.bucket, Key=self._key(key), Range="bytes=0-0")["Body"].close()
                raise

        return self._ask(key, measure)

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to and without ``end``."""
        span = f"bytes={start}-{end - 1}"
        return self._ask(
            key, lambda client: client.get_object(Bucket=self.bucket, Key=self._key(key), Range=span)["Body"].read()
        )

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose key starts with ``prefix``, sorted by us: not every store lists in the order of keys.

        The empty objects by which consoles show folders, with keys that end in a slash, are none.
        """
        skip = len(self._key(""))

        def entries(client: "S3Client") -> "Iterable[ObjectTypeDef]":
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._key(prefix))
            return [entry for page in pages for entry in page.get("Contents", [])]

        found = [
            ObjectInfo(entry["Key"][skip:], entry["Size"], entry["LastModified"].astimezone(UTC))
            for entry in self._ask(prefix, entries)
            if not entry["Key"].endswith("/")
        ]
        yield from sorted(found, key=lambda info: info.key.encode())

    def write(self, key: str, content: bytes) -> None:
        """Put an object."""
        self._ask(key, lambda client: client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content))

    def write_file(self, key: str, path: Path) -> None:
        """Upload a file, a large one in parts that become visible all at once."""

        def upload(client: "S3Client") -> None:
            from boto3.s3.transfer import TransferConfig  # noqa: PLC0415, deliberately late, as the module says

            parts = TransferConfig(
                multipart_threshold=MULTIPART_BYTES, multipart_chunksize=MULTIPART_BYTES, max_concurrency=4
            )
            client.upload_file(str(path), self.bucket, self._key(key), Config=parts)

        self._ask(key, upload)

    def copy(self, source: str, target: str) -> None:
        """Copy within the store; up to 5 GB, many times the size of a data file."""
        origin: Any = {"Bucket": self.bucket, "Key": self._key(source)}
        self._ask(
            source,
            lambda client: client.copy_object(Bucket=self.bucket, Key=self._key(target), CopySource=origin),
        )

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        """Put an object under If-Match or If-None-Match."""
        condition: Any = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        answer = self._ask(
            key,
            lambda client: client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content, **condition),
            conditional=True,
        )
        return answer["ETag"]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects one by one: DeleteObjects needs a checksum that some stores refuse."""

        def delete(key: str) -> None:
            self._ask(key, lambda client: client.delete_object(Bucket=self.bucket, Key=self._key(key)))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(delete, keys))

    def sweep(self, before: datetime) -> int:
        """Abort the multipart uploads begun ``before`` a time: their parts cost money and no listing shows them."""

        def sweep(client: "S3Client") -> int:
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=self._key(""))
            dead = [upload for page in pages for upload in page.get("Uploads", []) if upload["Initiated"] < before]
            for upload in dead:
                client.abort_multipart_upload(Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            return len(dead)

        return self._ask("", sweep)

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def _ask[Answer](self, key: str, request: "Callable[[S3Client], Answer]", *, conditional: bool = False) -> Answer:
        """What a request gives. It is made again if its answer breaks off; each of its errors is told in one line."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415, deliberately late, as the module says
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        try:
            return _persistently(request, client_of(self.endpoint, self.region))
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
        uri, place = self.uri(key), self.place
        if code == "NoSuchBucket":
            return StorageError(f"there is no bucket {self.bucket} at {place}; create it or correct the lake's URI")
        if conditional and (
            code in {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"} or status in {404, 409, 412}
        ):
            return CommitConflict(f"{uri} was changed by another writer; try again")
        if code in {"NoSuchKey", "NotFound", "404"} or status == 404:
            return NotStored(f"{uri} does not exist")
        if code in REFUSED:
            _connect.cache_clear()  # the file that they came from may hold others by the next request
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
        from botocore import exceptions as said  # noqa: PLC0415, deliberately late, as the module says

        place = self.place
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


def client_of(endpoint: str | None, region: str | None) -> "S3Client":
    """The client for an endpoint and a region; a process opens one, and another when the environment changes.

    Its open connections must not be shared with a forked child, so it is kept by process. A session reads credentials,
    endpoint and region from the variables whose name begins with AWS_.
    """
    environment = tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_")))
    return _connect(os.getpid(), environment, endpoint, region, REQUEST_ATTEMPTS, RESPONSE_SECONDS)


@lru_cache(KEPT_CLIENTS)
def _connect(
    process: int,  # noqa: ARG001, as is the next: by these two a client is found again
    environment: tuple[tuple[str, str], ...],  # noqa: ARG001
    endpoint: str | None,
    region: str | None,
    attempts: int,
    response_seconds: float,
) -> "S3Client":
    import boto3  # noqa: PLC0415, deliberately late, as the module says
    from botocore.config import Config  # noqa: PLC0415

    session = boto3.session.Session()
    is_other = _is_other(endpoint)
    # The default checksums of boto3 >= 1.36 and bucket names in the host break stores other than AWS.
    lenient: Any = (
        {
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
            "s3": {"addressing_style": "path"},
        }
        if is_other
        else {}
    )
    config = Config(
        connect_timeout=10,
        read_timeout=response_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=32,
        **lenient,
    )
    # A store other than AWS ignores the region, but botocore signs with one.
    region = region or session.region_name or ("us-east-1" if is_other else None)
    try:
        return session.client("s3", endpoint_url=endpoint, region_name=region, config=config)
    except ValueError as error:
        place = endpoint or _environment_endpoint()
        raise StorageError(f"{place} is no address of an S3 store; write http://host:port or https://host") from error


def _persistently[Answer](request: "Callable[[S3Client], Answer]", client: "S3Client") -> Answer:
    """Make a request again whose answer, a body or an error, breaks off: botocore repeats all but those."""
    from botocore.exceptions import IncompleteReadError, ResponseStreamingError  # noqa: PLC0415, deliberately late
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    for _ in range(READ_ATTEMPTS - 1):
        try:
            return request(client)
        except (HTTPError, IncompleteReadError, ResponseStreamingError):
            continue
    return request(client)


def _is_other(endpoint: str | None) -> bool:
    """Whether a store other than AWS is asked."""
    return endpoint is not None or _environment_endpoint() is not None


def _environment_endpoint() -> str | None:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or None


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
