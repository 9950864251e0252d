"""Objects as files of a folder."""

import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from newsmill.errors import CommitConflict, NotStored, StorageError
from newsmill.storage.objects import ObjectInfo

TEMPORARY = "_newsmill/tmp"
"""Where a local store writes before it renames: inside the store, since a rename does not cross file systems."""

LOCK = "_newsmill/lock"
"""The file that a local store locks; it stays, since a lock on a deleted file would keep nobody out."""


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
                except (BlockingIOError, FileNotFoundError, IsADirectoryError):
                    continue  # its writer lives, or has just renamed it; or it is nothing that we have written
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
