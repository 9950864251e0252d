"""What an article was made from: the document that a name or an article's id stands for, and its archived answer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.rows import RawDocument, Rejection
from newsmill.storage import ObjectStore
from newsmill.tasks.dedupe.ledger import standing
from newsmill.tasks.fetch.archive import entry_at, place_of, record_at
from newsmill.tasks.fetch.archived import archived_page
from newsmill.tasks.inputs.source import Limits, Source, is_address
from newsmill.tasks.read.sources import read_sources

_ID = re.compile(r"[0-9a-f]{16}")
_RAW_URI = "SELECT raw_uri FROM articles WHERE article_id = '{article_id}' ORDER BY logical_date DESC LIMIT 1"

_FURNITURE = """
    SELECT logical_date, hostname, furniture FROM articles
    WHERE article_id = '{article_id}' ORDER BY logical_date DESC LIMIT 1
"""


def find_document(name: str, lake: Callable[[], Lake], *, max_bytes: int) -> RawDocument:
    """The document that a path names, or the source of the article with that id in the lake.

    A document in a file of many is named ``file#id``. Raises UsageError where there is none, or more than one.
    """
    limits = Limits(max_bytes=max_bytes)
    if is_article_id(name):
        return _source_of_article(name, lake(), limits)
    if not Path(name).exists() and "#" not in name:
        raise UsageError(f"{name}: there is no such file, and an article's id is 16 hexadecimal digits")
    found = list(_matching(name, limits))
    if not found:
        raise UsageError(f"{name}: no document of that name could be found")
    if len(found) > 1:
        raise UsageError(f"{name} holds several documents; name one of them, such as {found[0].input_id}")
    if isinstance(found[0], Rejection):
        raise UsageError(f"{name}: {found[0].detail}")
    return found[0]


def is_article_id(name: str) -> bool:
    """Whether a name is an article's, and no file's."""
    return _ID.fullmatch(name) is not None and not Path(name).exists()


def furniture_told(lake: Lake, article_id: str, window_days: int) -> dict[str, str]:
    """The lines that were cut from the newest revision of an article as furniture of its host, and why."""
    (row,) = query(lake, _FURNITURE.format(article_id=article_id)).to_pylist()
    lines = [line["text"] for line in row["furniture"] or ()]
    found = standing(lake, row["logical_date"], window_days, row["hostname"], lines) if lines else []
    return {line: f"furniture, {n} pages since {since}" for line, (n, since) in zip(lines, found, strict=True)}


def _source_of_article(article_id: str, lake: Lake, limits: Limits) -> RawDocument:
    uri = _raw_uri_of(article_id, lake)
    if uri is None:
        raise UsageError(f"no article {article_id} in {lake.uri}")
    place = place_of(uri)
    items = _matching(uri, limits) if place is None else _archived(lake.store, *place, limits)
    for item in items:
        if isinstance(item, RawDocument):
            return item
    raise UsageError(f"article {article_id}: its source {uri} is not there any more")


def _raw_uri_of(article_id: str, lake: Lake) -> str | None:
    """Where the newest revision was read from; None if there is no such article."""
    rows = query(lake, _RAW_URI.format(article_id=article_id)).to_pylist()
    return str(rows[0]["raw_uri"]) if rows else None


def _archived(store: ObjectStore, key: str, offset: int, limits: Limits) -> Iterator[RawDocument | Rejection]:
    """The page whose answer stands at an offset of a segment of the archive."""
    if entry := entry_at(store, key, offset):
        yield archived_page(store, entry, input_id=entry.address, source=entry.note.source, max_bytes=limits.max_bytes)


def _matching(name: str, limits: Limits) -> Iterator[RawDocument | Rejection]:
    """What stands at a path, or at a place ``file#...`` in a file of many, two at most."""
    path, _, place = (name, "", "") if Path(name).exists() else name.rpartition("#")
    if not path or is_address(path):
        return
    count = 0
    for item in read_sources([Source(name="explain", uri=path)], limits=limits, fetched=lambda _: ()):
        if not place or name in {item.input_id, item.raw_uri}:
            yield item
            count += 1
        if count > 1:
            return


def raw_record(lake: Lake, article_id: str) -> bytes:
    """The archived answer that an article was made from, headers and all.

    Raises UsageError for an article that there is not, or that did not come from the archive.
    """
    if not (article_id.isalnum() and article_id.isascii()):
        raise UsageError(f"{article_id!r} is no article_id")
    raw_uri = _raw_uri_of(article_id, lake)
    if raw_uri is None:
        raise UsageError(f"no article has the id {article_id}")
    place = place_of(raw_uri)
    if place is None:
        raise UsageError(f"article {article_id} was read from {raw_uri}, which is not in the archive")
    return record_at(lake.store, *place)
