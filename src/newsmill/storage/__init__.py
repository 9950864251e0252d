"""Objects under keys, in a local folder or in an S3 bucket: the only place that knows which of the two it is."""

from pathlib import Path

from newsmill.errors import StorageError
from newsmill.storage.local import LocalStore
from newsmill.storage.objects import ObjectInfo, ObjectStore
from newsmill.storage.s3 import S3Store

__all__ = ["LocalStore", "ObjectInfo", "ObjectStore", "S3Store", "open_store"]


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
