"""Writers, readers and collectors of one lake in a simulated world: one clock, one store in memory, one seed.

    python -m tests.simulation SEED PUBLISHES

The rooms' own code runs over a store whose every request is a point at which another actor may go on, time may pass,
and something may break: the request fails, or its answer is lost, a stream ends early, the actor is killed, stalls for
longer than its claim holds, or has a clock that is wrong. What happens follows from the seed alone, so a seed that has
found something is the test of its mend. After each swap of the head, and when an actor ends, what must always hold is
looked at: see :meth:`World.look_at_swap` and :meth:`Actor.finish`.

The tables are three narrow ones instead of eight wide ones, since what an Iceberg commit costs goes with the columns.
"""

import hashlib
import io
import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, BinaryIO, ClassVar, Self, cast
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
from greenlet import greenlet
from pyiceberg.manifest import clear_manifest_cache

from newsmill.errors import CommitConflict, NotStored, RunInProgress, StorageError, UsageError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD, Head
from newsmill.lake.iceberg import Decoded
from newsmill.lake.read import files_at
from newsmill.lake.reclaim import collect, expire, orphans, sweep
from newsmill.lake.rollback import rollback
from newsmill.lake.staging import STAGING, drop_staging, staged_key, write_table
from newsmill.schemas.record import STRING, STRINGS, TIMESTAMP, Column, Record
from newsmill.storage import ObjectInfo
from newsmill.tasks.land.partition import land
from newsmill.tasks.run.lease import EXPIRES, LEASES, leased
from tests.schemas_once import schemas_once

DAYS = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(6))
WRITERS = 3
SKEW = timedelta(seconds=20)
"""The most by which a clock is wrong that is not far off."""

KILLS, ERRORS, LOST, CUT = 0.0003, 0.0008, 0.0008, 0.0008
"""The share of requests at which the actor is killed, that fail, whose answer is lost, whose stream ends early; a world
has none of that, so much, or four times as much."""

Count = Annotated[int, Column(arrow=pa.int64(), description="A count.")]
Name = Annotated[str, Column(arrow=STRING, description="A name.")]


@dataclass(frozen=True, slots=True)
class Item(Record):
    """An article."""

    table: ClassVar[str] = "articles"
    grain: ClassVar[str] = "an article"
    sorted_by: ClassVar[tuple[str, ...]] = ("article_id",)
    article_id: Name


@dataclass(frozen=True, slots=True)
class Remembered(Record):
    """What the ledger knows of one."""

    table: ClassVar[str] = "ledger"
    grain: ClassVar[str] = "an article"
    sorted_by: ClassVar[tuple[str, ...]] = ("article_id",)
    article_id: Name


@dataclass(frozen=True, slots=True)
class Execution(Record):
    """The row of a run, with what the lake reads of it."""

    table: ClassVar[str] = "runs"
    grain: ClassVar[str] = "a run"
    sorted_by: ClassVar[tuple[str, ...]] = ("attempt_id",)
    attempt_id: Name
    finished_at: Annotated[datetime, Column(arrow=TIMESTAMP, description="When.")]
    article_count: Count
    duplicate_count: Count
    rejection_count: Count
    entity_count: Count
    quote_count: Count
    file_hashes: Annotated[tuple[str, ...] | None, Column(arrow=STRINGS, description="Checksums.")]


NARROW: tuple[type[Record], ...] = (Item, Remembered, Execution)


class Killed(BaseException):
    """The process of an actor has ended: whatever it still tries reaches nobody."""


class Broken(AssertionError):
    """Something did not hold that must always hold."""


@dataclass(frozen=True)
class Stored:
    """An object; ``tag`` is of its content."""

    content: bytes
    modified_at: datetime

    @cached_property
    def tag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(eq=False)
class Actor:
    """One process of the world. ``changes`` counts the states of dates that it has swapped in."""

    world: "World"
    name: str
    kind: str
    skew: timedelta
    day: date | None = None
    wake: datetime = datetime(2026, 2, 1, tzinfo=UTC)
    dead: bool = False
    is_faulty: bool = True
    changes: int = 0
    children: "list[Actor]" = field(default_factory=list)
    thread: Any = None

    @property
    def lake(self) -> Lake:
        return Lake(SimStore(self.world, self))

    def start(self, program: Callable[[], None], later: float = 0.0) -> None:
        self.thread = greenlet(lambda: self._run(program), self.world.hub)
        self.wake = self.world.now + timedelta(seconds=later)
        self.world.actors.append(self)

    def _run(self, program: Callable[[], None]) -> None:
        outcome = "done"
        try:
            program()
        except Killed:
            outcome = "killed"
        except RunInProgress:
            outcome = "in progress"
        except UsageError:
            outcome = "nothing to go back to"
        except CommitConflict:
            outcome = "conflict"
        except StorageError as error:
            outcome = "store failed" if "simulated" in str(error) else f"{type(error).__name__}: {error}"
        self.finish(outcome)

    def finish(self, outcome: str) -> None:
        """No error but those that were made; who was told that a run is published, has published it once."""
        self.world.outcomes[self.kind, outcome] += 1
        if ":" in outcome:
            raise Broken(f"{self.name} ended with {outcome}")
        if self.kind == "publish" and (self.changes > 1 or (outcome == "done" and self.changes != 1)):
            raise Broken(f"{self.name} is {outcome} and has published {self.changes} times")

    def turn(self, seconds: float) -> None:
        """Let others go on until so much time has passed."""
        if self.dead:
            raise Killed
        self.wake = self.world.now + timedelta(seconds=seconds)
        self.world.hub.switch()
        if self.dead:
            raise Killed

    def kill(self) -> None:
        self.dead = True
        for child in self.children:
            child.dead = True
            child.wake = self.world.now


class World:
    """The store, the clock, and whose turn it is."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.roughness = self.draw.choice([0, 1, 1, 4])
        self.now = datetime(2026, 2, 1, tzinfo=UTC)
        self.objects: dict[str, Stored] = {}
        self.actors: list[Actor] = []
        self.hub = greenlet.getcurrent()
        self.current: Actor | None = None
        self.states: list[dict[date, str]] = [{}]
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.claims: dict[str, tuple[str, Actor, datetime]] = {}
        self.published: dict[date, set[str]] = {day: set() for day in DAYS}
        self._observer = Actor(self, "observer", "observer", timedelta(), is_faulty=False)
        self._plans: dict[str, tuple[str, dict[date, tuple[str, ...]]]] = {}
        self._runs: dict[tuple[str, ...], str] = {}

    # What happens

    def latency(self) -> float:
        """Milliseconds as a rule, now and then seconds, and once in a while longer than a claim holds."""
        kind = self.draw.random()
        longest = 0.05 if kind < 0.95 else 5.0 if kind < 0.999 else 400.0
        return self.draw.uniform(0, longest)

    def fault(self, actor: Actor) -> str | None:
        """What breaks at this request; always drawn, so that the order of draws is that of the requests."""
        drawn, bound = self.draw.random(), 0.0
        for name, share in (("kill", KILLS), ("kill behind", KILLS), ("error", ERRORS), ("lost", LOST)):
            bound += share * self.roughness
            if drawn < bound and actor.is_faulty:
                self.faults[name] += 1
                return name
        return None

    def step(self) -> None:
        """Let one actor go on, of those that are ready; if none is, time passes."""
        ready = [actor for actor in self.actors if actor.wake <= self.now]
        if not ready:
            self.now = min(actor.wake for actor in self.actors)
            return
        self.current = self.draw.choice(ready)
        self.current.thread.switch()
        if self.current.thread.dead:
            self.actors.remove(self.current)
        self.current = None

    def actor(self, kind: str, number: int) -> Actor:
        far_off = self.draw.random() < 0.02
        skew = self.draw.uniform(-1, 1) * (timedelta(hours=3) if far_off else SKEW)
        return Actor(self, f"{kind}-{number}", kind, skew, self.draw.choice(DAYS))

    # What must hold

    def look_at_swap(self, actor: Actor, content: bytes, tag: str) -> None:
        """The head that an actor has swapped in is whole, and differs from the one before in the actor's date alone."""
        head = Head.from_json(content, tag, HEAD)
        state: dict[date, str] = {}
        found = {record.table: self._planned(head, record.table) for record in NARROW}
        if lost := {key for plan in found.values() for keys in plan.values() for key in keys} & head.doomed_keys():
            raise Broken(f"{actor.name} published files that are being deleted: {sorted(lost)}")
        for day in sorted({day for plan in found.values() for day in plan}):
            files = {table: plan.get(day, ()) for table, plan in found.items()}
            seen = tuple(self.objects[key].tag for keys in files.values() for key in keys)
            if seen not in self._runs:
                self._runs[seen] = self._run_of(actor, day, files)
            state[day] = self._runs[seen]
        before = self.states[-1]
        changed = {day for day in {*before, *state} if before.get(day) != state.get(day)}
        if changed - {actor.day if actor.kind in {"publish", "rollback"} else None}:
            raise Broken(f"{actor.name} changed {sorted(map(str, changed))}: from {before} to {state}")
        for day in changed:
            actor.changes += 1
            run = state.get(day, "")
            if actor.kind == "publish" and run != actor.name:
                raise Broken(f"{actor.name} published {run} on {day}")
            if actor.kind == "rollback" and run not in self.published[day]:
                raise Broken(f"{actor.name} went back to {run}, which was never published on {day}")
            self.published[day].add(run)
        self.states.append(state)

    def _run_of(self, actor: Actor, day: date, files: Mapping[str, Iterable[str]]) -> str:
        """The run that all files of a date are of, table to keys."""
        rows = {table: self._rows_of(keys) for table, keys in files.items()}
        runs = {str(run) for table in rows.values() for run in table["run_id"].to_pylist()}
        articles, ledger = (rows[name]["article_id"].to_pylist() for name in ("articles", "ledger"))
        if len(runs) != 1 or articles != ledger or rows["runs"]["article_count"].to_pylist() != [len(articles)]:
            raise Broken(f"{actor.name} left a mix on {day}: {sorted(runs)}, {articles}, {ledger}")
        return runs.pop()

    def look_at_claim(self, key: str, content: bytes, actor: Actor) -> None:
        """Nobody takes a date from one who lives and was heard of, as far as clocks that are nearly right can tell."""
        holder = content.decode().partition('"attempt_id": "')[2].partition('"')[0]
        former = self.claims.get(key)
        if former and former[0] != holder and key in self.objects:
            _, other, heard = former
            clocks = [abs(it.skew) <= SKEW for it in (actor, other)]
            if not other.dead and all(clocks) and self.now - heard < EXPIRES - 2 * SKEW:
                raise Broken(f"{actor.name} took {key} from {other.name}, heard of {self.now - heard} ago")
        self.claims[key] = (holder, actor, self.now)

    def _planned(self, head: Head, table: str) -> dict[date, tuple[str, ...]]:
        """The files of each date of a table; all of them are there."""
        if (uri := head.tables.get(table)) is None:  # a collector was here before the first publish
            return {}
        if self._plans.get(table, ("", {}))[0] != uri:
            plan: dict[date, tuple[str, ...]] = {}
            for file in files_at(self._observer.lake.store, head, table):
                plan[file.logical_date] = (*plan.get(file.logical_date, ()), file.key)
            self._plans[table] = (uri, plan)
        plan = self._plans[table][1]
        if gone := sorted(key for keys in plan.values() for key in keys if key not in self.objects):
            raise Broken(f"the head names {gone[0]}, which is not there")
        return plan

    def _rows_of(self, keys: Iterable[str]) -> pa.Table:
        parts = [pq.ParquetFile(io.BytesIO(self.objects[key].content)).read(use_threads=False) for key in keys]
        names = ["run_id", "article_id", "article_count"]
        return pa.concat_tables(parts) if parts else pa.table({name: pa.array([], STRING) for name in names})


@dataclass(frozen=True)
class SimStore:
    """The world's store, as one actor reaches it."""

    world: World
    actor: Actor

    def uri(self, key: str = "") -> str:
        return f"s3://world/lake/{key}" if key else "s3://world/lake"

    def _ask[R](self, act: Callable[[], R]) -> R:
        """One request: others may go first, and it may fail before or behind its effect."""
        if self.actor.is_faulty:
            self.actor.turn(self.world.latency())
        fault = self.world.fault(self.actor)
        if fault == "kill":
            self.actor.kill()
            raise Killed
        if fault == "error":
            raise StorageError("a simulated error: the request did not arrive")
        found = act()
        if fault == "kill behind":
            self.actor.kill()
            raise Killed
        if fault == "lost":
            raise StorageError("a simulated error: the answer was lost")
        return found

    def _at(self, key: str) -> Stored:
        if key not in self.world.objects:
            raise NotStored(f"{self.uri(key)} does not exist")
        return self.world.objects[key]

    def _put(self, key: str, content: bytes) -> None:
        self.world.objects[key] = Stored(content, self.world.now)

    def read(self, key: str) -> bytes:
        return self._ask(lambda: self._at(key).content)

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        found = self._ask(lambda: self._at(key))
        return found.content, found.tag

    def open(self, key: str) -> BinaryIO:
        content = self.read(key)
        if self.actor.is_faulty and self.world.draw.random() < CUT * self.world.roughness:
            self.world.faults["cut"] += 1
            return CutStream(content)
        return io.BytesIO(content)

    def size(self, key: str) -> int:
        return self._ask(lambda: len(self._at(key).content))

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        objects = self.world.objects
        keys = self._ask(lambda: sorted(key for key in objects if key.startswith(prefix)))
        return iter([ObjectInfo(key, len(objects[key].content), objects[key].modified_at) for key in keys])

    def write(self, key: str, content: bytes) -> None:
        self._ask(lambda: self._put(key, content))

    def write_file(self, key: str, path: Path) -> None:
        self.write(key, path.read_bytes())

    def copy(self, source: str, target: str) -> None:
        self._ask(lambda: self._put(target, self._at(source).content))

    def write_if(self, key: str, content: bytes, tag: str | None) -> str:
        stored = Stored(content, self.world.now)

        def swap() -> str:
            found = self.world.objects.get(key)
            if (found.tag if found else None) != tag:
                raise CommitConflict(f"{key} was changed by another writer")
            if key == HEAD:
                self.world.look_at_swap(self.actor, content, stored.tag)
            elif key.startswith(LEASES):
                self.world.look_at_claim(key, content, self.actor)
            self._put(key, content)
            return stored.tag

        try:
            return self._ask(swap)
        except StorageError as error:
            # An S3 client asks again by itself, and finds its own write in the way.
            if "lost" in str(error) and self.world.draw.random() < 0.5:
                raise CommitConflict("a simulated error: a conflict with its own first try") from error
            raise

    def delete(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self._ask(lambda key=key: self.world.objects.pop(key, None))  # type: ignore[misc]

    def sweep(self, before: datetime) -> int:
        del before
        return 0


class CutStream(io.BytesIO):
    """A stream whose connection breaks half way."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if self.tell() * 2 > len(self.getvalue()):
            raise StorageError("a simulated error: the stream ended early")
        return found


# What the rooms' code takes from the machine, as the world has it


class SimThread:
    """A thread of an actor is an actor, and dies with it."""

    def __init__(self, target: Callable[..., None], args: tuple[Any, ...], daemon: bool) -> None:
        del daemon
        parent = _acting()
        self.actor = Actor(parent.world, f"{parent.name}'s renewal", "renewal", parent.skew, parent.day)
        parent.children.append(self.actor)
        store = SimStore(parent.world, self.actor)
        self._program = lambda: target(store, *args[1:])

    def start(self) -> None:
        self.actor.start(self._program)

    def is_alive(self) -> bool:
        return not self.actor.thread.dead

    def join(self) -> None:
        while self.is_alive():
            _acting().turn(0.01)


class SimEvent:
    """What wakes an actor that waits."""

    def __init__(self) -> None:
        self.is_on, self.waiting = False, cast("Actor | None", None)

    def set(self) -> None:
        self.is_on = True
        if self.waiting:
            self.waiting.wake = self.waiting.world.now

    def wait(self, seconds: float) -> bool:
        self.waiting = _acting()
        if not self.is_on:
            self.waiting.turn(seconds)
        return self.is_on


class Serial:
    """An executor that does one thing after the other."""

    def __init__(self, max_workers: int = 1) -> None:
        del max_workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def map(self, work: Callable[..., Any], *items: Iterable[Any]) -> Iterator[Any]:
        return iter([work(*arguments) for arguments in zip(*items, strict=False)])

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Any:
        found = work(*arguments)
        return SimpleNamespace(result=lambda: found)


_worlds: list[World] = []


def _acting() -> Actor:
    actor = _worlds[-1].current
    assert actor
    return actor


class SimDatetime(datetime):
    """The clock of whoever asks."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        world = _worlds[-1]
        moment = world.now + (world.current.skew if world.current else timedelta())
        return cast("Self", moment.astimezone(tz))


@contextmanager
def simulated(world: World) -> Iterator[None]:
    """The rooms' code takes tables, clock, chance and threads from the world for the time of the block."""
    lake = ("publish", "read", "reclaim", "rollback", "whole")
    patches: dict[str, Any] = {f"newsmill.lake.{name}.TABLES": NARROW for name in lake}
    patches |= {f"newsmill.tasks.land.partition.{name}": it for name, it in (("TABLES", NARROW), ("Run", Execution))}
    patches |= {f"newsmill.lake.{name}.datetime": SimDatetime for name in ("publish", "reclaim")}
    patches["newsmill.tasks.land.partition.give_back"] = lambda: None  # memory is the machine's
    patches |= {"newsmill.tasks.run.lease.datetime": SimDatetime, "pyiceberg.table.update.datetime": SimDatetime}
    patches["pyiceberg.table.metadata.datetime"] = SimpleNamespace(datetime=SimDatetime)
    patches["newsmill.tasks.run.lease.threading"] = SimpleNamespace(Thread=SimThread, Event=SimEvent)
    patches["newsmill.lake.publish.time"] = SimpleNamespace(sleep=lambda seconds: _acting().turn(seconds))
    patches["pyiceberg.table.snapshots.time"] = SimpleNamespace(time=lambda: SimDatetime.now(UTC).timestamp())
    patches["newsmill.lake.publish.ThreadPoolExecutor"] = Serial
    patches["newsmill.lake.iceberg._threads"] = lambda: Serial(1)
    patches["newsmill.lake.iceberg._decoded"] = Decoded()  # what one world has decoded is new to the next
    patches["pyiceberg.utils.concurrent.ExecutorFactory.get_or_create"] = Serial
    patches["uuid.uuid4"] = lambda: uuid.UUID(int=world.draw.getrandbits(128), version=4)
    patches["pyiceberg.avro.file.os"] = SimpleNamespace(urandom=world.draw.randbytes)
    clear_manifest_cache()
    _worlds.append(world)
    try:
        with ExitStack() as stack:
            for name, it in patches.items():
                stack.enter_context(mock.patch(name, it))
            stack.enter_context(schemas_once())
            stack.callback(pa.set_cpu_count, pa.cpu_count())
            pa.set_cpu_count(1)  # threads for three rows cost more than the rows
            yield
    finally:
        _worlds.pop()


# What actors do


def publish_run(actor: Actor) -> None:
    """Claim the date, as a run does; some are zombies that have lost their claim and go on."""
    day, store = cast("date", actor.day), actor.lake.store
    holder = {"attempt_id": actor.name, "host": actor.name, "pid": 1, "started": "1"}
    dead = {it.name: it for it in actor.world.actors}

    def is_dead(found: Mapping[str, object]) -> bool:
        other = dead.get(str(found["attempt_id"]))
        return other is not None and other.dead

    claim = leased(store, day, holder, is_dead) if actor.world.draw.random() < 0.9 else nullcontext()
    with claim:
        ids = [f"{actor.name}-{number}" for number in range(actor.world.draw.randint(1, 3))]
        counts = dict.fromkeys(("duplicate_count", "rejection_count", "entity_count", "quote_count"), 0)
        finished = SimDatetime.now(UTC)
        run = Execution(actor.name, finished, len(ids), file_hashes=None, **counts)
        rows: dict[type[Record], list[Record]] = {
            Item: [Item(it) for it in ids],
            Remembered: [Remembered(it) for it in ids],
            Execution: [run],
        }
        staged = {}
        for record, found in rows.items():
            staged[record.table] = [staged_key(actor.name, f"{record.table}.parquet")]
            write_table(actor.lake, staged[record.table][0], record.to_arrow(found))
        try:
            land(actor.lake, day, actor.name, staged)
        finally:
            drop_staging(actor.lake, actor.name)


def roll_back(actor: Actor) -> None:
    rollback(actor.lake, cast("date", actor.day))


def clear(actor: Actor) -> None:
    """Collect at whatever age, also what living runs have just written; sweep what is as old as the product says."""
    now = SimDatetime.now(UTC)
    sweep(actor.lake, now, timedelta(days=2))
    collect(actor.lake, now - timedelta(minutes=actor.world.draw.choice([0, 0, 1, 60])))
    expire(actor.lake, now - timedelta(days=1))


def look(actor: Actor) -> None:
    """Read all tables; what is seen is one state, of those that were the lake's meanwhile."""
    world, first = actor.world, len(actor.world.states) - 1
    lake = actor.lake

    def read(head: Head) -> dict[date, set[str]]:
        found: dict[date, set[str]] = {}
        for record in NARROW:
            for file in files_at(lake.store, head, record.table):
                with lake.store.open(file.key) as stream:
                    runs = pq.ParquetFile(stream).read(["run_id"], use_threads=False)["run_id"].to_pylist()
                found.setdefault(file.logical_date, set()).update(map(str, runs))
        return found

    seen = lake.steadily(read)
    wanted = [{day: {run} for day, run in state.items()} for state in world.states[first:]]
    if seen not in wanted:
        raise Broken(f"{actor.name} saw {seen}, which was no state of the lake meanwhile: {wanted}")


PROGRAMS: tuple[tuple[str, Callable[[Actor], None], float], ...] = (
    ("publish", publish_run, 0.7),
    ("rollback", roll_back, 0.1),
    ("clear", clear, 0.08),
    ("look", look, 0.12),
)


def simulate(seed: int, publishes: int) -> World:
    """Run a world until so many runs have begun, let it end, clear up, and look at what is left.

    Raises Broken, whose message has the seed, for anything that did not hold.
    """
    world = World(seed)
    begun = number = 0
    try:
        with simulated(world):
            while begun < publishes or world.actors:
                alive = sum(actor.kind != "renewal" for actor in world.actors)
                if begun < publishes and alive < WRITERS:
                    kinds, programs, weights = zip(*PROGRAMS, strict=True)
                    (chosen,) = world.draw.choices(range(len(PROGRAMS)), weights)
                    number += 1
                    begun += kinds[chosen] == "publish"
                    actor = world.actor(kinds[chosen], number)
                    later = world.draw.choice([0.0, 0.0, 1.0, 100.0])
                    actor.start(lambda actor=actor, program=programs[chosen]: program(actor), later)  # type: ignore[misc]
                world.step()
            _examine_end(world)
    except Exception as error:
        raise Broken(f"seed {seed}, {begun} publishes: {type(error).__name__}: {error}") from error
    return world


def _examine_end(world: World) -> None:
    """Nobody is at work any more: after a clearing nothing is left but what is published."""
    world.now += timedelta(days=3)
    actor = Actor(world, "janitor", "clear", timedelta(), is_faulty=False)
    world.current, lake = actor, actor.lake
    for _ in range(2):
        sweep(lake, world.now, timedelta(days=2))
        collect(lake, world.now)
        expire(lake, world.now)
    left = [info.key for info in orphans(lake)]
    left += [key for key in world.objects if key.startswith(f"{STAGING}/")]
    if left or lake.head().doomed:
        raise Broken(f"left behind: {left} {lake.head().doomed}")
    world.current = None


def main(seed: int, publishes: int) -> None:
    """Print what was seen."""
    world = simulate(seed, publishes)
    for (kind, outcome), count in sorted(world.outcomes.items()):
        sys.stdout.write(f"{count:7,} {kind}: {outcome}\n")
    sys.stdout.write(f"{len(world.states) - 1:,} swaps; faults: {dict(sorted(world.faults.items()))}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
