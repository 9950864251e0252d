"""Follow: what is remembered of a source from one poll to the next, in the lake, as JSON that any program can read.

    _newsmill/sources/<name>-<hash>.json

A poll's memory is written when all that it found is in the archive. What a killed poll had archived is taken from
there, so nothing depends on the memory having been written.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from pydantic import TypeAdapter, ValidationError

from newsmill.errors import NotStored
from newsmill.plain import without_login
from newsmill.schemas.words import Reason
from newsmill.storage import ObjectStore

if TYPE_CHECKING:
    from newsmill.tasks.fetch.listings import Item

FOLDER = "_newsmill/sources"

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=20)
"""Between two polls; less than a day, so that a nightly run polls every source that is alive."""

FULL_EVERY = timedelta(days=7)
"""Some servers say "not modified" for ever: so often a listing is asked for whole, whatever they say."""

FORGOTTEN_AFTER = timedelta(days=60)
"""An item that has not been listed for so long is new again if it comes back."""

RETIRED_AFTER = timedelta(days=21)
RETIRED_FAILURES = 10
"""A source is retired when so many polls in a row have failed, over at least so long a time."""

EMPTY_FOR = timedelta(days=14)
"""A source whose listings list nothing for so long has probably moved, whatever its server says."""

MAX_TRIES = 3
"""Polls in which an item's page is tried, before it is given up."""

_AT_ONCE = 16
"""Memories that are read or written at once: each waits for a disk or a network."""

_PASSING = (Reason.FETCH_FAILED, Reason.FETCH_TIMEOUT, Reason.HTTP_ERROR)
_GONE = (404, 410, 451)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a listing's server needs to tell whether it has changed; ``full_at`` is when it last came whole."""

    etag: str | None = None
    last_modified: str | None = None
    full_at: datetime | None = None

    def headers(self, now: datetime) -> dict[str, str]:
        """The headers of a conditional request; none when it is time for the whole listing."""
        if self.full_at is None or now - self.full_at > FULL_EVERY:
            return {}
        stated = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item that has been listed: the version last fetched (None: not yet), when it was last listed, and tries."""

    version: str | None
    listed_on: date
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of a source. ``notice`` says, in a line, what a person ought to know of it."""

    name: str
    uri: str
    listings: Mapping[str, Validators] = field(default_factory=dict)
    seen: Mapping[str, Seen] = field(default_factory=dict)
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    interval: timedelta = timedelta(hours=1)
    retired_at: datetime | None = None
    empty_since: datetime | None = None
    """Since when its listings have listed nothing."""
    notice: str | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether to poll the source now."""
        if self.retired_at is not None:
            return False
        return self.polled_at is None or now - self.polled_at >= self.interval

    def is_new(self, item: "Item") -> bool:
        """Whether the item, or this version of it, is yet to be fetched."""
        seen = self.seen.get(seen_key(item))
        if seen is None:
            return True
        return seen.version != item.version and seen.tries < MAX_TRIES

    @property
    def is_waiting(self) -> bool:
        """Whether an item is to be tried again, for which its listing has to come whole."""
        return any(0 < seen.tries < MAX_TRIES for seen in self.seen.values())

    def succeeded(
        self,
        now: datetime,
        listings: Mapping[str, Validators],
        found: Mapping[str, Seen],
        *,
        is_empty: bool = False,
        notices: Iterable[str] = (),
    ) -> Self:
        """After a poll that gave a listing; ``found`` are the items listed now, and those that were tried again.

        ``is_empty`` says that nothing was listed, ``notices`` what else a person ought to know.
        """
        empty_since = (self.empty_since or now) if is_empty else None
        told = [*notices]
        if empty_since is not None and now - empty_since >= EMPTY_FOR:
            told.append(f"lists nothing since {empty_since.date()}")
        has_news = any(key not in self.seen or seen.version != self.seen[key].version for key, seen in found.items())
        kept = {key: seen for key, seen in self.seen.items() if now.date() - seen.listed_on < FORGOTTEN_AFTER}
        interval = self.interval / 2 if has_news else self.interval * 3 / 2
        return replace(
            self,
            listings={**self.listings, **listings},
            seen={**kept, **found},
            polled_at=now,
            succeeded_at=now,
            failing_since=None,
            failures=0,
            interval=min(max(interval, SHORTEST), LONGEST),
            empty_since=empty_since,
            notice="; ".join(told) or None,
        )

    def failed(self, now: datetime, why: str, *, is_gone: bool) -> Self:
        """After a poll that gave none."""
        since = self.failing_since or now
        failures = self.failures + 1
        is_dead = is_gone or (failures >= RETIRED_FAILURES and now - since >= RETIRED_AFTER)
        asks = "; remove it, or add it again to poll it anew" if is_dead else ""
        return replace(
            self,
            polled_at=now,
            failing_since=since,
            failures=failures,
            interval=min(self.interval * 2, LONGEST),
            retired_at=now if is_dead else None,
            notice=f"{'retired' if is_dead else 'failing'} since {since.date()}: {why}{asks}",
        )


def seen_key(item: "Item") -> str:
    """How an item is remembered: by a hash, which is short, and says nothing of what may have to be removed."""
    return hashlib.sha256(item.key.encode()).hexdigest()[:20]


def is_final(problem: Reason | None, status: int | None) -> bool:
    """Whether an item's page need not be tried again."""
    return problem not in _PASSING or status in _GONE


def recall(store: ObjectStore, name: str, uri: str) -> Memory:
    """What is remembered of a source; nothing of one that is new or has moved to another address."""
    try:
        return _MEMORY.validate_json(store.read(key_of(name, uri)))
    except (NotStored, ValidationError):
        # A damaged memory costs a full poll; what that lists is in the archive, or fetched again.
        return Memory(name=name, uri=uri)


def remember(store: ObjectStore, memory: Memory) -> None:
    """Write what is remembered of a source."""
    store.write(key_of(memory.name, memory.uri), _MEMORY.dump_json(memory, indent=1))


def recall_all(store: ObjectStore, sources: Iterable[tuple[str, str]]) -> list[Memory]:
    """What is remembered of each of the sources, which are given by name and address."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda source: recall(store, *source), sources))


def remember_all(store: ObjectStore, memories: Iterable[Memory]) -> None:
    """Write what is remembered of many sources."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda memory: remember(store, memory), memories))


def forget(store: ObjectStore, name: str, uri: str) -> None:
    """Forget a source, so that it is polled as if it were new."""
    store.delete([key_of(name, uri)])


def key_of(name: str, uri: str) -> str:
    """The key of a source's memory: its name as far as any file system takes it, and a hash.

    Two sources of one run may have the same name: those that are given as addresses are called after their host.
    """
    uri = without_login(uri)
    shown = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.")[:60]
    return f"{FOLDER}/{shown}-{hashlib.sha256(f'{name} {uri}'.encode()).hexdigest()[:8]}.json"


_MEMORY = TypeAdapter(Memory)
