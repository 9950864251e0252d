"""Parts of what the sources name: some files or objects, which one worker of a cluster reads.

A part is cut by what is known before anything is read, so that it is the same whoever reads it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newsmill.errors import StorageError
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.tasks.inputs.source import is_address
from newsmill.tasks.read.sources import StoreAt, Unread

PART_BYTES = 64 << 20
"""Of files, packed or not; a larger file is a part by itself."""

type Input = RawDocument | Rejection | Unread


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs in order; ``stamps`` tell whether its files are the same elsewhere, None where a part stays here."""

    inputs: tuple[Input, ...]
    stamps: tuple[tuple[int, ...], ...] | None


def parts_of(listed: Iterable[Input], most: int) -> Iterator[Part]:
    """Parts of up to ``most`` inputs. What was fetched stays here, and so does a file that cannot be looked at."""
    pending: list[Input] = []
    stamps: list[tuple[int, ...]] = []
    size, stays = 0, False
    for item in listed:
        stamp = _stamp_here(item) if isinstance(item, Unread) else ()
        is_bound = stamp is None or isinstance(item, RawDocument)
        if pending and (is_bound != stays or len(pending) >= most or size >= PART_BYTES):
            yield Part(tuple(pending), None if stays else tuple(stamps))
            pending, stamps, size = [], [], 0
        stays = is_bound
        pending.append(_absolute(item) if isinstance(item, Unread) else item)
        stamps.append(stamp or ())
        size += len(item.content) if isinstance(item, RawDocument) else stamp[0] if stamp else 0
    if pending:
        yield Part(tuple(pending), None if stays else tuple(stamps))


def is_the_same_here(part: Part, store_at: StoreAt) -> bool:
    """Whether this process sees the files and objects of the part as whoever has listed them does."""
    return part.stamps is not None and all(
        _stamp(item, store_at) == stamp
        for item, stamp in zip(part.inputs, part.stamps, strict=True)
        if isinstance(item, Unread)
    )


def _stamp_here(item: Unread) -> tuple[int, ...] | None:
    """An object's is what its listing says."""
    return (item.size,) if is_address(item.uri) else _stamp_of_file(item.uri)


def _stamp(item: Unread, store_at: StoreAt) -> tuple[int, ...] | None:
    if not is_address(item.uri):
        return _stamp_of_file(item.uri)
    bucket, _, key = item.uri.removeprefix("s3://").partition("/")
    try:
        return (store_at(f"s3://{bucket}").size(key),)
    except StorageError:
        return None


def _stamp_of_file(path: str) -> tuple[int, ...] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def _absolute(item: Unread) -> Unread:
    return item if is_address(item.uri) else replace(item, uri=str(Path(item.uri).absolute()))
