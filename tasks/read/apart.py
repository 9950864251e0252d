"""Reading apart: a file in a format of the trade is opened by a child process with bounds on its time and memory.

Most of these formats can make much of little: a table repeats a text a million times, a document unpacks itself, and
the libraries that read them are C code that a file may hang or crash. So the parent opens none of them.
"""

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO, cast

from newsmill.isolate import Failure, Workers
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import FREE_SIZE, MAX_MEMBER, MAX_RATIO
from newsmill.tasks.formats.reading import read
from newsmill.tasks.formats.recognise import Format
from newsmill.tasks.inputs.content import Place, problem_of
from newsmill.tasks.inputs.source import Limits
from newsmill.tasks.inputs.unpacked import Unpacked
from newsmill.tasks.read.records import is_own_table, read_parquet

type Found = Item | Fault | RawDocument | Rejection
"""What a file holds: items of the trade, or documents of a table of our own."""

_PAGES = 4
"""Pages that may be extracted in the time in which the child has to give its next block."""
_ITEMS_AT_ONCE = 64
_CHARS_AT_ONCE = 4_000_000
_COPIED_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the child is to read next."""

    path: str
    found: Format
    columns: Mapping[str, str]
    place: Place
    limits: Limits


def read_apart(
    stream: BinaryIO | Unpacked, found: Format, columns: Mapping[str, str], place: Place, limits: Limits
) -> Iterator[Found]:
    """What a file holds, in flat memory; what the child does not get done with is a fault for the rest.

    A stream that is no file on disk is copied there. Raises what reading it raises.
    """
    with _on_disk(stream) as path, _leased(limits) as workers:
        if isinstance(path, Fault):
            yield path
            return
        yield from _blocks(workers, _Opening(path, found, columns, place, limits))


def _blocks(workers: Workers, opening: _Opening) -> Iterator[Found]:
    most = max(FREE_SIZE, MAX_RATIO * Path(opening.path).stat().st_size)
    size = 0
    block: list[Found] | Failure = workers.call(opening)
    while block:
        if isinstance(block, Failure):
            problem = problem_of(block)
            yield Fault(problem.reason, problem.detail)
            return
        size += sum(map(_size_of, block))
        if size > most:
            yield Fault(Reason.TOO_LARGE, f"unpacks to more than {most:,} characters, as no file of articles does")
            return
        yield from block
        block = workers.call(None)


def _size_of(one: Found) -> int:
    """Characters of an item, bytes of a document."""
    return len(one.text) if isinstance(one, Item) else len(one.content) if isinstance(one, RawDocument) else 0


@contextmanager
def _on_disk(stream: BinaryIO | Unpacked) -> Iterator[str | Fault]:
    """The path of the file that a stream reads, or of a copy; a fault where it unpacks without end."""
    if isinstance(stream, BufferedReader) and isinstance(stream.raw, FileIO) and isinstance(stream.name, str):
        yield str(Path(stream.name).absolute())
        return
    with tempfile.NamedTemporaryFile(prefix="newsmill-") as copy:
        if isinstance(stream, Unpacked):
            while block := stream.read(_COPIED_AT_ONCE):
                copy.write(block)
                size = copy.tell()
                if size > MAX_MEMBER or (size > FREE_SIZE and size > MAX_RATIO * stream.packed_size):
                    yield Fault(Reason.TOO_LARGE, f"unpacks to more than {size:,} bytes, as no export does")
                    return
        else:
            shutil.copyfileobj(stream, copy, _COPIED_AT_ONCE)
        copy.flush()
        yield copy.name


# The children


@cache
def _idle(_seconds: float, _memory_mb: int) -> deque[Workers]:
    return deque()


@contextmanager
def _leased(limits: Limits) -> Iterator[Workers]:
    """A child for one file at a time, since it keeps the place where it reads."""
    idle = _idle(limits.seconds, limits.memory_mb)
    try:
        workers = idle.pop()
    except IndexError:
        workers = Workers(1, start_reading, seconds=_PAGES * limits.seconds, memory_mb=limits.memory_mb)
    try:
        yield workers
    finally:
        idle.append(workers)


def start_reading() -> Callable[[_Opening | None], list[Found]]:
    """What a reading child does: asked with a file it opens that; it gives the next block, an empty one at the end."""
    reading: Iterator[Found] | None = None

    def answer(opening: _Opening | None) -> list[Found]:
        nonlocal reading
        if opening is not None:
            reading = _read(opening)
        if reading is None:
            raise RuntimeError("the reading process was lost")
        return _block(reading)

    return answer


def _block(reading: Iterator[Found]) -> list[Found]:
    block: list[Found] = []
    size = 0
    for one in reading:
        block.append(one)
        size += _size_of(one)
        if len(block) >= _ITEMS_AT_ONCE or size >= _CHARS_AT_ONCE:
            break
    return block


def _read(opening: _Opening) -> Iterator[Found]:
    try:
        with Path(opening.path).open("rb") as file:
            if opening.found is Format.PARQUET and not opening.columns and is_own_table(file):
                file.seek(0)
                yield from read_parquet(file, opening.place, opening.limits)
            else:
                file.seek(0)
                yield from read(cast(BinaryIO, file), opening.found, opening.columns)
    except OSError as error:
        yield Fault(Reason.NOT_READABLE, (error.strerror or type(error).__name__).lower())
