"""Tombstones: what was removed on demand and must not come back, by hashes, so that they do not say what it was.

_newsmill/removed/<hash>.json
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from newsmill.storage import ObjectStore
from newsmill.tasks.inputs.urls import canonical_url

_FOLDER = "_newsmill/removed"


class Removed(StrEnum):
    """What a tombstone stands for."""

    URL = "url"
    HOST = "host"
    ARTICLE = "article"
    WITHDRAWN = "withdrawn"
    """An article that its agency has killed."""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The hashes of everything that was removed."""

    hashes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, store: ObjectStore) -> Self:
        """The tombstones of a lake."""
        keys = [info.key for info in store.list(f"{_FOLDER}/")]
        return cls(frozenset(key.rpartition("/")[2].removesuffix(".json") for key in keys))

    def covers(self, address: str | None) -> bool:
        """Whether an address, or its host, was removed.

        An address in all its variants: scheme, www., a trailing slash, tracking, AMP and mobile views make no
        difference. Of a host www. and m. make none; other names below it are other hosts.
        """
        if not self.hashes or address is None:
            return False
        forms = {_parts(address), _parts(canonical_url(address) or address)}
        return any(
            tombstone(Removed.URL, page) in self.hashes or tombstone(Removed.HOST, host) in self.hashes
            for page, host in forms
        )

    def covers_article(self, article_id: str) -> bool:
        """Whether an article was removed by its id."""
        return bool(self.hashes) and tombstone(Removed.ARTICLE, article_id) in self.hashes

    def covers_withdrawn(self, article_id: str) -> bool:
        """Whether an article was killed by its agency."""
        return bool(self.hashes) and tombstone(Removed.WITHDRAWN, article_id) in self.hashes


def bury(store: ObjectStore, kind: Removed, value: str, now: datetime) -> str:
    """Set a tombstone: for an address, a host, or the article_id of what was removed or withdrawn. Returns its hash."""
    name = value
    if kind is Removed.URL:
        name = _parts(canonical_url(value) or value)[0]
    elif kind is Removed.HOST:
        name = value.lower().removeprefix("www.")
    found = tombstone(kind, name)
    content = {"kind": kind.value, "removed_at": now.isoformat()}
    store.write(f"{_FOLDER}/{found}.json", json.dumps(content).encode())
    return found


def tombstone(kind: Removed, name: str) -> str:
    """The hash that a tombstone is named by."""
    return hashlib.sha256(f"{kind.value} {name}".encode("utf-8", "replace")).hexdigest()


def _parts(address: str) -> tuple[str, str]:
    """What names a page, and its host."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return address, ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path or '/'}{query}", host
