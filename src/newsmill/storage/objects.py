"""What an object store can do, whichever it is.

Keys are relative paths with forward slashes. An object is written whole or not at all; :meth:`ObjectStore.write_if`
is the one primitive that several writers may race on. All errors are :class:`~newsmill.errors.StorageError` in one
line that says what to do; those of botocore and of the file system never escape.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol


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
