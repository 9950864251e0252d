"""The head: the one object that says which metadata file each table is at, and that a publish swaps."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from newsmill.errors import CommitConflict, Damaged, NotStored, StorageError
from newsmill.storage import ObjectStore

HEAD = "_newsmill/head.json"
HEAD_FORMAT = 1
CHECKSUM = "checksum"
"""The field with the checksum of all others, which older versions do not write."""

SWAP_ATTEMPTS = 20
"""How often a change is rebuilt on a newer head; with waits of up to two seconds, enough for dozens of writers."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """The data files that a publish is deleting, or was when it died; ``kept`` are to be copied aside before."""

    since: datetime
    keys: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def concerns(self, logical_date: date) -> bool:
        """Whether it is about files of a date."""
        return any(f"/date={logical_date.isoformat()}/" in key for key in self.keys)

    def to_dict(self) -> dict[str, object]:
        """As the head object holds it."""
        return {"since": self.since.isoformat(), "keys": self.keys, "kept": self.kept}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """From the head object; before there were superseded states nothing was kept."""
        return cls(datetime.fromisoformat(found["since"]), tuple(found["keys"]), tuple(found.get("kept", ())))


@dataclass(frozen=True, slots=True)
class Head:
    """The content of the head object; ``tag`` is the store's name for exactly this state, None for no head.

    ``tables`` maps a table to the URI of its metadata file, ``doomed`` a publish to what it is deleting.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    doomed: Mapping[str, Doomed] = field(default_factory=dict)
    commit: str = ""
    tag: str | None = None

    def to_json(self) -> bytes:
        """The object's bytes."""
        content = {
            "format": HEAD_FORMAT,
            "commit": self.commit,
            "tables": self.tables,
            "doomed": {commit: it.to_dict() for commit, it in self.doomed.items()},
        }
        return json.dumps({**content, CHECKSUM: _checksum(content)}, indent=2, sort_keys=True).encode() + b"\n"

    def former_place(self, uri: str) -> str | None:
        """Where the lake was when its tables' metadata was written, if that is not ``uri``; None for no lake."""
        for metadata_uri in self.tables.values():
            if not metadata_uri.startswith(f"{uri}/"):
                return metadata_uri.rpartition("/_iceberg/")[0].rpartition("/")[0]
        return None

    def doomed_keys(self) -> frozenset[str]:
        """All keys that are being deleted."""
        return frozenset(key for it in self.doomed.values() for key in it.keys)

    @classmethod
    def from_json(cls, content: bytes, tag: str, uri: str) -> Self:
        """Read the object's bytes, whatever else newer versions write there.

        Raises Damaged for what is no head, and StorageError for one of a newer format.
        """
        try:
            found = json.loads(content)
            if found["format"] != HEAD_FORMAT:
                raise StorageError(f"{uri} has format {found['format']}; this newsmill reads {HEAD_FORMAT}: upgrade it")
            stated = found.pop(CHECKSUM, None)
            if stated not in {None, _checksum(found)}:
                raise ValueError("its checksum is another")
            doomed = {commit: Doomed.from_dict(it) for commit, it in found["doomed"].items()}
            return cls(tables=dict(found["tables"]), doomed=doomed, commit=found["commit"], tag=tag)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Damaged(f"{uri} is damaged ({error}); newsmill repair makes it anew from the files") from error


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_head(store: ObjectStore) -> Head:
    """The current state; an empty head for a lake that does not exist yet. Raises Damaged if it cannot be read."""
    try:
        content, tag = store.read_tagged(HEAD)
    except NotStored:
        return Head()
    return Head.from_json(content, tag, store.uri(HEAD))


def swap_head(store: ObjectStore, head: Head) -> bool:
    """Write the head if it is still what it was; False after a lost race."""
    try:
        store.write_if(HEAD, head.to_json(), head.tag)
    except StorageError as error:
        # A lost connection leaves open whether the write arrived, and its repetition conflicts with itself.
        if read_head(store).commit == head.commit:
            return True
        if isinstance(error, CommitConflict):
            return False
        raise
    return True
