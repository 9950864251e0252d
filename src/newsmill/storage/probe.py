"""Whether a store is fit for a lake, found out by trying."""

import uuid

from newsmill.errors import CommitConflict, StorageError
from newsmill.storage.objects import ObjectStore


def probe(store: ObjectStore) -> list[str]:
    """What the store cannot do, one line each; empty for a store that a lake can live in."""
    key = f"_newsmill/probe/{uuid.uuid4().hex}"
    try:
        store.write(key, b"newsmill")
    except StorageError as error:
        return [f"cannot write: {error}"]
    problems = []
    try:
        if store.read(key) != b"newsmill":
            problems.append("cannot read back what was written: the bytes differ")
        with store.open(key) as stream:
            stream.seek(4)
            if stream.read(2) != b"mi":
                problems.append("cannot read a range: the bytes differ")
    except StorageError as error:
        problems.append(f"cannot read: {error}")
    try:
        if [info.key for info in store.list(key)] != [key]:
            problems.append("cannot list: a fresh object is not shown")
    except StorageError as error:
        problems.append(f"cannot list: {error}")
    problems += _probe_conditions(store, key)
    try:
        store.delete([key])
        if any(store.list(key)):
            problems.append("cannot delete: a deleted object is still shown")
    except StorageError as error:
        problems.append(f"cannot delete: {error}")
    return problems


def _probe_conditions(store: ObjectStore, key: str) -> list[str]:
    unsafe = "two runs at once could undo one another; use a store with If-Match and If-None-Match"
    try:
        _, tag = store.read_tagged(key)
        store.write_if(key, b"second", tag)
    except CommitConflict:
        return [f"refuses a conditional write that fits: {unsafe}"]
    except StorageError as error:
        return [f"cannot write conditionally: {error}; {unsafe}"]
    problems = []
    for stale, what in ((tag, "If-Match"), (None, "If-None-Match")):
        try:
            store.write_if(key, b"third", stale)
        except CommitConflict:
            continue
        except StorageError as error:
            problems.append(f"cannot write conditionally ({what}): {error}; {unsafe}")
        else:
            problems.append(f"ignores {what} on a write: {unsafe}")
    return problems
