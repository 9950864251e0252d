"""Read: sources become raw documents, one at a time, so that memory does not grow with the input.

Here bytes stay bytes: their encoding and whether they hold an article is for the extract stage to decide.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from newsmill.boundary import Unforeseen, iterated_within
from newsmill.errors import StorageError
from newsmill.plain import without_login
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.schemas.words import ContentKind, Reason
from newsmill.storage import ObjectStore, open_store
from newsmill.tasks.formats.items import Fault
from newsmill.tasks.formats.recognise import HEAD_BYTES, KNOWN, Format, recognise
from newsmill.tasks.inputs.content import (
    GZIP_MAGIC,
    Place,
    Problem,
    one_line,
    printable,
    problem_unforeseen,
    sniff,
    too_large,
)
from newsmill.tasks.inputs.content import HEAD_BYTES as SNIFFED_BYTES
from newsmill.tasks.inputs.source import Limits, Source, is_address
from newsmill.tasks.inputs.unpacked import Unpacked
from newsmill.tasks.read.apart import read_apart
from newsmill.tasks.read.items import WITHOUT_TERMS, Terms, document_of_item, place_of
from newsmill.tasks.read.records import is_own_line, read_json_lines
from newsmill.tasks.read.warc import read_archive

_TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_LINES_SUFFIXES = (".jsonl", ".ndjson")
_ARCHIVE_SUFFIXES = (".warc", ".wet", ".arc")
_PARQUET_SUFFIX = ".parquet"
_KNOWN_SUFFIXES = (*_TEXT_SUFFIXES, *_HTML_SUFFIXES, *_LINES_SUFFIXES, *_ARCHIVE_SUFFIXES, _PARQUET_SUFFIX)
_OTHER_SUFFIXES = (".json", ".csv", ".tsv", ".css", ".js")
"""Text, but never an article; by their first bytes they would pass for one."""
_WILDCARD = re.compile(r"[*?\[]")
_HTML_START = re.compile(
    # Possessive, since a run of comments could otherwise be parted in as many ways as there are subsets of it.
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def source_of(argument: str) -> Source:
    """The source that a command-line argument stands for, named after its host, folder or file."""
    return Source(name=printable(_name_of(argument)), uri=argument)


def format_of(path: str) -> Format | None:
    """The format of the trade that a file is in; None for other formats, and for what cannot be read."""
    try:
        with Path(path).open("rb") as file:
            stream = Unpacked(file) if file.peek(2)[:2] == GZIP_MAGIC else file
            return recognise(b"".join(_read_up_to(stream, HEAD_BYTES)), Path(path).name.removesuffix(".gz"))
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or an object that a source names, before it is read: ``uri`` is its path, or ``s3://bucket/key``.

    ``size`` is that of an object, in bytes, as it was listed.
    """

    source: Source
    place: Place
    uri: str
    size: int = 0


type StoreAt = Callable[[str], ObjectStore]
"""Opens the bucket of an ``s3://`` address."""


def read_sources(
    sources: Sequence[Source],
    *,
    limits: Limits,
    fetched: Callable[[Source], Iterable[RawDocument | Rejection]],
    store_at: StoreAt = open_store,
    terms: Terms = WITHOUT_TERMS,
) -> Iterator[RawDocument | Rejection]:
    """Every input of the sources in order, read or rejected; nothing is raised for a bad input, and none blocks.

    ``input_id`` is the path as given (relative stays relative) or the address; ``path#id`` for a JSON line and an item
    of an export, ``path#record`` for a record of an archive. What would repeat an id has ``~2`` and so on after it.
    ``fetched`` gives what was fetched of a source on the web; ``store_at`` opens the bucket of an ``s3://`` one,
    whose objects are read piece by piece; ``terms`` hold for what states an embargo, or that it is withdrawn.
    """
    store_at = cache(store_at)
    for item in list_sources(sources, fetched=fetched, store_at=store_at):
        if isinstance(item, Unread):
            yield from read_listed(item, limits=limits, terms=terms, store_at=store_at)
        else:
            yield item


def list_sources(
    sources: Sequence[Source],
    *,
    fetched: Callable[[Source], Iterable[RawDocument | Rejection]],
    store_at: StoreAt = open_store,
) -> Iterator[RawDocument | Rejection | Unread]:
    """What the sources name, in order: files and objects yet unread, what was fetched, and what cannot be read."""
    ids = _Ids()
    for source in sources:
        shown = printable(source.uri)
        for item in iterated_within(source.name, _list_source(source, ids, fetched, store_at)):
            if isinstance(item, Unforeseen):
                yield Place(ids.take(shown), source.name, shown).reject(problem_unforeseen(item))
            else:
                yield item


def read_listed(
    item: Unread, *, limits: Limits, terms: Terms, store_at: StoreAt = open_store
) -> Iterator[RawDocument | Rejection]:
    """The inputs in a file or an object."""
    reader = _Reader(item.source, limits, terms)
    if is_address(item.uri):
        bucket, _, key = item.uri.removeprefix("s3://").partition("/")
        inputs = _read_object(store_at(f"s3://{bucket}"), key, item, reader)
    else:
        inputs = _read_file(Path(item.uri), item.place, reader)
    yield from _with_unique_ids(_guarded(item.place, inputs))


def _list_source(
    source: Source, ids: "_Ids", fetched: Callable[[Source], Iterable[RawDocument | Rejection]], store_at: StoreAt
) -> Iterator[RawDocument | Rejection | Unread]:
    if source.is_fetched:
        for item in fetched(source):
            yield item.replace(input_id=ids.take(item.input_id))
    elif not is_address(source.uri):
        yield from _list_paths(source, ids)
    elif source.uri.startswith("s3://"):
        yield from _list_objects(source, ids, store_at)
    else:
        place = Place(ids.take(printable(source.uri)), source.name, printable(source.uri))
        yield place.reject(Problem(Reason.BAD_URL, "only http, https and s3 addresses can be read"))


@dataclass(slots=True)
class _Ids:
    """Makes ids unique. Keeps eight bytes of each, since an archive may have millions; a collision costs a ``~2``."""

    _taken: set[int] = field(default_factory=set)
    _repeats: dict[int, int] = field(default_factory=dict)

    def take(self, wanted: str) -> str:
        key = _digest(wanted)
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        while True:
            count = self._repeats[key] = self._repeats.get(key, 1) + 1
            repeated = f"{wanted}~{count}"
            if (repeated_key := _digest(repeated)) not in self._taken:
                self._taken.add(repeated_key)
                return repeated


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _guarded(place: Place, items: Iterable[RawDocument | Rejection]) -> Iterator[RawDocument | Rejection]:
    """What is read of a file; a mistake of ours ends that file alone."""
    for item in iterated_within(place.raw_uri, items):
        yield place.reject(problem_unforeseen(item)) if isinstance(item, Unforeseen) else item


def _with_unique_ids(items: Iterable[RawDocument | Rejection]) -> Iterator[RawDocument | Rejection]:
    ids = _Ids()
    for item in items:
        input_id = ids.take(item.input_id)
        yield item if input_id == item.input_id else item.replace(input_id=input_id)


def _name_of(argument: str) -> str:
    if is_address(argument):
        try:
            host = urlsplit(argument).hostname
        except ValueError:
            host = None
        return (host or without_login(argument)).removeprefix("www.")
    path = Path(argument)
    if _WILDCARD.search(argument) and not _exists(path):
        path = _static_part(path)
    name = path.name.removesuffix(".gz")
    name = name.removesuffix(Path(name).suffix) if name.lower().endswith(_KNOWN_SUFFIXES) else name
    return name if name not in ("", "..") else "local"


def _list_paths(source: Source, ids: _Ids) -> Iterator[Rejection | Unread]:
    for path, problem in _paths(source.uri):
        shown = printable(str(path))
        # "#" parts a path from what stands in it, so that no file's name can be taken for a line of another file.
        place = Place(ids.take(shown.replace("#", "%23")), source.name, shown)
        yield Unread(source, place, str(path)) if problem is None else place.reject(problem)


def _list_objects(source: Source, ids: _Ids, store_at: StoreAt) -> Iterator[Rejection | Unread]:
    """The objects whose key starts with the prefix that an ``s3://`` address names, which may be one object's key."""
    bucket, _, prefix = source.uri.removeprefix("s3://").partition("/")
    shown = printable(source.uri)
    is_empty = True
    try:
        for info in store_at(f"s3://{bucket}").list(prefix):
            # A prefix names a folder or an object, not whatever happens to begin alike.
            if info.key != prefix and not info.key.startswith(f"{prefix.rstrip('/')}/" if prefix else ""):
                continue
            is_empty = False
            uri = f"s3://{bucket}/{info.key}"
            place = Place(ids.take(printable(uri).replace("#", "%23")), source.name, printable(uri))
            yield Unread(source, place, uri, info.size)
    except StorageError as error:
        yield Place(ids.take(shown), source.name, shown).reject(Problem(Reason.NOT_READABLE, one_line(error)))
    else:
        if is_empty:
            yield Place(ids.take(shown), source.name, shown).reject(
                Problem(Reason.NOT_FOUND, "no object has such a key")
            )


def _read_object(store: ObjectStore, key: str, item: Unread, reader: "_Reader") -> Iterator[RawDocument | Rejection]:
    try:
        with store.open(key) as file:
            yield from reader.read(cast("BufferedReader", file), Path(key).name, item.size, item.place)
    except StorageError as error:
        yield item.place.reject(Problem(Reason.NOT_READABLE, one_line(error)))


def _paths(uri: str) -> Iterator[tuple[Path, Problem | None]]:
    """The files that a path or glob stands for, in order, and what cannot be read on the way to them."""
    path = Path(uri)
    if not uri:
        yield path, Problem(Reason.NOT_FOUND, "an empty path")
    elif _WILDCARD.search(uri) and not _exists(path):
        root = _static_part(path)
        matches = sorted(set(_matches(root, path.parts[len(root.parts) :])))
        if not matches:
            yield path, Problem(Reason.NOT_FOUND, "nothing matches the pattern")
        for match in matches:
            if not _is_folder(match):
                yield match, None
            elif "**" not in path.parts:
                yield from _walk(match)
    elif _is_folder(path):
        yield from _walk(path)
    else:
        yield path, None


def _walk(folder: Path) -> Iterator[tuple[Path, Problem | None]]:
    """The files below a folder in sorted order; each folder once, whatever symbolic links lead to it."""
    visited: set[tuple[int, int]] = set()
    is_empty = True
    stack = [folder]
    while stack:
        path = stack.pop()
        if not _is_folder(path):
            is_empty = False
            yield path, None
            continue
        try:
            status = path.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            stack += sorted((entry for entry in path.iterdir() if not entry.name.startswith(".")), reverse=True)
        except OSError as error:
            is_empty = False
            yield path, _unreadable(error)
    if is_empty:
        yield folder, Problem(Reason.NOT_FOUND, "the folder has no files")


def _static_part(pattern: Path) -> Path:
    """The folder that a glob starts from."""
    static = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts:
        if _WILDCARD.search(part):
            break
        static /= part
    return static


def _matches(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Paths below ``folder`` that match the pattern's parts.

    Not by :mod:`glob`, whose ``**`` follows symbolic links in circles.
    """
    if not parts:
        yield folder
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        for below in _folders(folder):
            yield from _matches(below, rest or ("*",))
    elif _WILDCARD.search(first):
        for entry in _entries(folder):
            if fnmatchcase(entry.name, first) and (first.startswith(".") or not entry.name.startswith(".")):
                yield from _matches(entry, rest)
    elif _exists(folder / first):
        yield from _matches(folder / first, rest)


def _folders(folder: Path) -> Iterator[Path]:
    visited: set[tuple[int, int]] = set()
    stack = [folder]
    while stack:
        path = stack.pop()
        try:
            status = path.stat()
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        yield path
        stack += [entry for entry in _entries(path) if not entry.name.startswith(".") and _is_folder(entry)]


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    """As the path's own method, which raises for a name that is too long."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _exists(path: Path) -> bool:
    """Whether something stands there, be it a symbolic link to nothing."""
    return os.path.lexists(path)


def _read_file(path: Path, place: Place, reader: "_Reader") -> Iterator[RawDocument | Rejection]:
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        yield place.reject(_unreadable(error))
        return
    if not stat.S_ISREG(status.st_mode):
        # Opening a named pipe would wait for a writer.
        yield place.reject(Problem(Reason.UNSUPPORTED_TYPE, "not a regular file"))
        return
    try:
        with path.open("rb") as file:
            yield from reader.read(file, path.name, status.st_size, place)
    except OSError as error:
        yield place.reject(_unreadable(error))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the files of a source, each as what its first bytes show, or else its name."""

    source: Source
    limits: Limits
    terms: Terms

    def read(self, file: BufferedReader, name: str, size: int, place: Place) -> Iterator[RawDocument | Rejection]:
        """The inputs of an open file that can be rewound."""
        name = name.lower()
        suffix = Path(name.removesuffix(".gz")).suffix
        if suffix in _ARCHIVE_SUFFIXES or (suffix not in _KNOWN_SUFFIXES and file.peek(5).startswith(b"WARC/")):
            yield from read_archive(file, place, self.limits.max_bytes)
            return
        is_packed = name.endswith(".gz") or file.peek(2)[:2] == GZIP_MAGIC
        stream = Unpacked(file) if is_packed else file
        head = b"".join(_read_up_to(stream, HEAD_BYTES))
        if not head and isinstance(stream, Unpacked) and stream.damage:
            yield place.reject(_damaged_gzip(stream.damage))
            return
        file.seek(0)
        stream = Unpacked(file) if is_packed else file
        found = self._format_of(head, name)
        if found is not None:
            yield from _whole(self._items(stream, found, place), stream, place)
        elif suffix == _PARQUET_SUFFIX:
            yield place.reject(Problem(Reason.BAD_ARCHIVE, "damaged Parquet: it does not begin as Parquet does"))
        elif suffix in _LINES_SUFFIXES:
            yield from _whole(self._lines(stream, place), stream, place)
        else:
            yield self._document(stream, suffix, size, place)

    def _format_of(self, head: bytes, name: str) -> Format | None:
        """The format of the trade that a file is in; None for pages, texts, and JSON lines of our own kind."""
        found = recognise(head, name.removesuffix(".gz"))
        is_own = found is Format.JSON_LINES and not self.source.columns and is_own_line(head)
        return None if is_own else found

    def _items(
        self, stream: BufferedReader | Unpacked, found: Format, place: Place
    ) -> Iterator[RawDocument | Rejection]:
        """The documents of a file in one of the formats of the trade, and the rejections of what is no article.

        An item's ``input_id`` is ``path#id``, or ``path#n`` for the n-th where it has none.
        """
        kind = ContentKind.TEXT if self.source.clean else ContentKind.ARTICLE
        every = read_apart(stream, found, self.source.columns, place, self.limits)
        for number, item in enumerate(every, 1):
            if isinstance(item, RawDocument | Rejection):
                yield item
            elif isinstance(item, Fault):
                here = place if item.id is None else place_of(place, item.id, number)
                yield here.reject(Problem(item.reason, item.detail))
            else:
                yield document_of_item(item, place_of(place, item.id, number), found, self.limits, self.terms, kind)

    def _lines(self, stream: BufferedReader | Unpacked, place: Place) -> Iterator[RawDocument | Rejection]:
        lines = cast(BinaryIO, BufferedReader(stream)) if isinstance(stream, Unpacked) else stream
        clean = self.source.clean
        yield from read_json_lines(
            lines, uri=place.raw_uri, source=place.source, limits=self.limits, input_id=place.input_id, clean=clean
        )

    def _document(
        self, stream: BufferedReader | Unpacked, suffix: str, size: int, place: Place
    ) -> RawDocument | Rejection:
        max_bytes = self.limits.max_bytes
        if size > max_bytes:
            return place.reject(too_large(max_bytes))
        content = b"".join(_read_up_to(stream, max_bytes + 1))
        if isinstance(stream, Unpacked) and stream.damage:
            return place.reject(_damaged_gzip(stream.damage))
        kind = _kind_of_file(suffix, content)
        if kind is None and content:
            return place.reject(Problem(Reason.UNSUPPORTED_TYPE, f"in no format that is known; these are: {KNOWN}"))
        return place.document(kind or ContentKind.TEXT, content, max_bytes)


def _whole(
    every: Iterator[RawDocument | Rejection], stream: BufferedReader | Unpacked, place: Place
) -> Iterator[RawDocument | Rejection]:
    """Of what stands in a packed file that is damaged, all but the last if the damage has cut it, and what it is."""
    held = next(every, None)
    for item in every:
        if held is not None:
            yield held
        held = item
    if held is not None and not (isinstance(stream, Unpacked) and stream.is_cut):
        yield held
    if isinstance(stream, Unpacked) and stream.damage:
        yield place.reject(_damaged_gzip(stream.damage))


def _damaged_gzip(damage: str) -> Problem:
    return Problem(Reason.BAD_ARCHIVE, f"damaged gzip: {damage}")


def _read_up_to(stream: BufferedReader | Unpacked, size: int) -> Iterator[bytes]:
    """The bytes of a stream up to a size; a raw stream gives as many at once as it likes."""
    while size > 0 and (block := stream.read(size)):
        size -= len(block)
        yield block


def _kind_of_file(suffix: str, content: bytes) -> ContentKind | None:
    if suffix in _HTML_SUFFIXES:
        return ContentKind.HTML
    if suffix in _TEXT_SUFFIXES:
        # A page that was saved under the wrong name says so in its first tag.
        return ContentKind.HTML if _HTML_START.match(content[:SNIFFED_BYTES]) else ContentKind.TEXT
    return None if suffix in _OTHER_SUFFIXES else sniff(content[:SNIFFED_BYTES])


def _unreadable(error: OSError | ValueError) -> Problem:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Problem(Reason.NOT_FOUND, "no such file or folder")
    if isinstance(error, ValueError):
        return Problem(Reason.NOT_FOUND, one_line(error))
    return Problem(Reason.NOT_READABLE, (error.strerror or type(error).__name__).lower())
