"""One run of a date at a time: a claim on the date that dies with its holder.

The claim is an object that is made and renewed by compare-and-swap, so two runs cannot both hold it, and it is nobody's
lock: a holder that has ended, or that has not renewed it for ``EXPIRES``, is a zombie, whose claim the next run takes.
Publishing does not rely on it; it saves the work of a second run and tells the user.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

from newsmill.errors import CommitConflict, NotStored, RunInProgress, StorageError
from newsmill.storage import ObjectStore

logger = logging.getLogger(__name__)

RENEWED_SECONDS = 20.0
EXPIRES = timedelta(minutes=2)
"""Short, so that a container that takes the place of a dead one soon gets in. One that was only slow loses nothing but
its claim: of two publishes the later one wins, whole."""


LEASES = "_newsmill/leases/"
_KEY = re.compile(rf"{LEASES}(\d{{4}}-\d\d-\d\d)\.json")
_FIELDS = ("attempt_id", "host", "pid", "started")


def lease_key(logical_date: date) -> str:
    """The key of a date's claim."""
    return f"{LEASES}{logical_date.isoformat()}.json"


@contextmanager
def leased(
    store: ObjectStore,
    logical_date: date,
    holder: Mapping[str, object],
    is_dead: Callable[[Mapping[str, object]], bool],
) -> Iterator[None]:
    """Hold a date for the time of the block. ``holder`` says who; its ``attempt_id`` is unique.

    Raises RunInProgress if another run holds it that lives, as far as ``is_dead`` knows and its renewals tell.
    """
    key, ended = lease_key(logical_date), threading.Event()
    renewal: threading.Thread | None = None
    # From the claim on, or an interrupt between it and the block would leave it behind.
    try:
        tag = _claim(store, key, logical_date, holder, is_dead)
        renewal = threading.Thread(target=_renew, args=(store, key, holder, tag, ended), daemon=True)
        renewal.start()
        yield
    finally:
        ended.set()
        if renewal and renewal.is_alive():
            renewal.join()
        try:
            if _read(store, key)[0].get("attempt_id") == holder["attempt_id"]:
                store.delete([key])
        except NotStored:
            pass
        except StorageError as error:  # it expires
            if renewal:
                logger.warning("the claim on %s was left behind: %s", logical_date, error)


def _claim(
    store: ObjectStore,
    key: str,
    logical_date: date,
    holder: Mapping[str, object],
    is_dead: Callable[[Mapping[str, object]], bool],
) -> str:
    tag = None
    try:
        found, tag = _read(store, key)
    except NotStored:
        found = {}
    if found and not _is_abandoned(found, is_dead):
        raise RunInProgress(
            f"{logical_date} is being run by {found['attempt_id']} (process {found['pid']} on {found['host']}, heard of"
            f" at {_renewed_at(found):%H:%M} UTC); wait for it, or end it"
        )
    if found:
        logger.warning("%s was being run by %s, which died", logical_date, found["attempt_id"])
    try:
        return store.write_if(key, _content(holder), tag)
    except CommitConflict as error:
        # A lost connection leaves open whether the write arrived, and its repetition conflicts with itself.
        try:
            found, tag = _read(store, key)
        except NotStored:  # whoever was faster has ended already
            found = {"attempt_id": "another run"}
        if tag and found["attempt_id"] == holder["attempt_id"]:
            return tag
        raise RunInProgress(f"{logical_date} is being run by {found['attempt_id']}, which has just begun") from error


def abandoned(
    store: ObjectStore, is_dead: Callable[[Mapping[str, object]], bool]
) -> Iterator[tuple[date, Mapping[str, object]]]:
    """The dates that somebody held who has died, and who that was."""
    for logical_date in list(claimed_dates(store)):
        try:
            found, _ = _read(store, lease_key(logical_date))
        except NotStored:
            continue
        if found and _is_abandoned(found, is_dead):
            yield logical_date, found


def claimed_dates(store: ObjectStore) -> Iterator[date]:
    """The dates that somebody is at, or was when he died; what others leave in the folder claims nothing."""
    for info in store.list(LEASES):
        if found := _KEY.fullmatch(info.key):
            with suppress(ValueError):
                yield date.fromisoformat(found[1])


def _is_abandoned(found: Mapping[str, object], is_dead: Callable[[Mapping[str, object]], bool]) -> bool:
    """Whether the holder has ended or fallen silent; one whose clock is far ahead holds for no longer than others."""
    return is_dead(found) or abs(datetime.now(UTC) - _renewed_at(found)) >= EXPIRES


def _renewed_at(found: Mapping[str, object]) -> datetime:
    return datetime.fromisoformat(str(found["renewed_at"])).astimezone(UTC)


def _renew(store: ObjectStore, key: str, holder: Mapping[str, object], tag: str, ended: threading.Event) -> None:
    while not ended.wait(RENEWED_SECONDS):
        try:
            tag = _renewed(store, key, holder, tag)
        except (CommitConflict, NotStored):
            logger.warning("another run has taken %s, since this one was not heard of; the later publish wins", key)
            return
        except StorageError as error:
            logger.warning("the claim %s was not renewed: %s", key, error)


def _renewed(store: ObjectStore, key: str, holder: Mapping[str, object], tag: str) -> str:
    try:
        return store.write_if(key, _content(holder), tag)
    except CommitConflict:
        # It may be what a renewal wrote whose answer was lost.
        found, tag = _read(store, key)
        if found.get("attempt_id") != holder["attempt_id"]:
            raise
        return tag


def _read(store: ObjectStore, key: str) -> tuple[dict[str, object], str]:
    """A claim, and the store's name for its content; an empty one if it is damaged, which claims nothing."""
    content, tag = store.read_tagged(key)
    try:
        found = json.loads(content)
        _renewed_at(found)
        return {**found, **{name: found[name] for name in _FIELDS}}, tag
    except (ValueError, KeyError, TypeError):
        return {}, tag


def _content(holder: Mapping[str, object]) -> bytes:
    return json.dumps({**holder, "renewed_at": datetime.now(UTC).isoformat()}).encode()
