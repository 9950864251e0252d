"""An execution of a run: who runs it, and where it stages."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from os import getpid
from pathlib import Path
from socket import gethostname
from typing import Self

import pyarrow as pa

from newsmill.config import RunRequest, Settings, SourceConfig
from newsmill.errors import NotStored
from newsmill.lake import Lake
from newsmill.lake.reclaim import expire, sweep
from newsmill.lake.staging import drop_staging, read_pieces, read_table, staged_attempts, staged_key, write_table
from newsmill.schemas.words import SourceKind
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.run.authority import authority_rows
from newsmill.tasks.run.lease import leased
from newsmill.tasks.run.staged import Staged
from newsmill.tasks.run.versions import model_version

STAGING_KEPT = timedelta(days=2)
"""What a killed execution staged is kept so long, since another machine may still be at it."""

OWNER = "owner.json"
ASIDE = "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One execution of a run: what every stage needs to know of it."""

    attempt_id: str
    logical_date: date
    sources: tuple[Source, ...]
    settings: Settings
    started_at: datetime
    offline: bool = False
    """Whether web sources are read from the archive of the date alone."""
    aside: str | None = None
    """The name below which rows are staged until the run takes them over; None where the run itself stages."""

    @property
    def lake(self) -> Lake:
        """The lake that the run reads from and lands in."""
        return open_lake(self.settings)

    def key(self, table: Staged, number: int | None = None) -> str:
        """The key of a staged table, or of its part for a batch."""
        return staged_key(self.attempt_id, f"{table.name}{'' if number is None else f'-{number:05d}'}.parquet")

    def write(self, table: Staged, rows: pa.Table, number: int | None = None) -> str:
        """Stage the rows of a table, or of its part for a batch; returns the key that they have for the run.

        Raises TypeError for rows that have not the table's columns.
        """
        if not rows.schema.equals(table.schema):
            raise TypeError(f"rows for {table.name} have the columns {rows.schema}, not {table.schema}")
        key = self.key(table, number)
        write_table(self.lake, key if self.aside is None else self._key_aside(self.aside, key), rows)
        return key

    def _key_aside(self, aside: str, key: str) -> str:
        return staged_key(self.attempt_id, ASIDE, aside, key.rpartition("/")[2])

    def take_over(self, aside: str, keys: Mapping[str, str]) -> None:
        """Make rows that were staged aside the run's own: what would have had one key without that has another now.

        Of several workers that were given one batch, the rows of one are taken; whatever the others still stage, and
        whenever, nobody reads.
        """
        store = self.lake.store
        store.delete(keys.values())  # those of an earlier try or decision
        for key, own in keys.items():
            store.copy(self._key_aside(aside, key), own)
        store.delete(self._key_aside(aside, key) for key in keys)

    def staged_aside(self, table: Staged) -> pa.Table:
        """The rows of a table that this try has staged aside."""
        key = self.key(table)
        return read_table(self.lake, key if self.aside is None else self._key_aside(self.aside, key))

    def keys_aside(self, aside: str) -> list[str]:
        """What was staged aside, by the keys that it would have had without."""
        folder = staged_key(self.attempt_id, ASIDE, aside, "")
        return [staged_key(self.attempt_id, it.key.removeprefix(folder)) for it in self.lake.store.list(folder)]

    def read(self, table: Staged, number: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows that were staged: all columns of the table, or those named."""
        return read_table(self.lake, self.key(table, number), columns)

    def pieces(
        self, table: Staged, number: int | None = None, between: tuple[int, int] | None = None
    ) -> Iterator[pa.Table]:
        """The rows that were staged, some of them in memory at a time: all, or those that may be ``between`` bounds."""
        return read_pieces(self.lake, self.key(table, number), between)

    def sizes(self, table: Staged) -> dict[str, int]:
        """Bytes of the parts of a table that are staged, by their keys."""
        prefix = staged_key(self.attempt_id, f"{table.name}-")
        return {info.key: info.size for info in self.lake.store.list(prefix)}

    @property
    def ends_at(self) -> datetime:
        """The moment at which the logical date ends, which embargoes are held against."""
        return end_of(self.logical_date)

    @property
    def latest(self) -> datetime:
        """No article of the logical date is later, in any time zone, if the fetch time is not known."""
        return datetime.combine(self.logical_date + timedelta(days=2), time(), UTC)


def end_of(logical_date: date) -> datetime:
    """Midnight behind a date, in UTC."""
    return datetime.combine(logical_date + timedelta(days=1), time(), UTC)


def source_on(source: SourceConfig, logical_date: date) -> Source:
    """A configured source on a date."""
    return Source(
        name=source.name,
        uri=source.on(logical_date),
        kind=SourceKind(source.kind),
        columns=source.columns,
        clean=source.clean,
    )


@contextmanager
def begin(request: RunRequest, flow_run_id: str, started_at: datetime) -> Iterator[Attempt]:
    """A new execution: checks what can be checked before anything is read, and clears away what killed ones staged.

    At the end of the block, however it ends, its own staging is dropped. Raises RunInProgress if another execution of
    the date is at work.
    """
    model_version(request.settings.model)
    authority_rows(request.settings)
    attempt = Attempt(
        attempt_id=f"{request.logical_date}-{flow_run_id.replace('-', '')[-12:]}",
        logical_date=request.logical_date,
        sources=tuple(source_on(source, request.logical_date) for source in request.sources),
        settings=request.settings,
        started_at=started_at,
        offline=request.offline,
    )
    lake = attempt.lake
    with claimed(lake, attempt.logical_date, attempt.attempt_id, flow_run_id):
        for other in staged_attempts(lake):
            owner = Owner.of(lake, other)
            if owner is None or owner.is_dead():
                drop_staging(lake, other)
        sweep(lake, started_at, STAGING_KEPT)
        expire(lake, started_at - timedelta(days=request.settings.superseded_days))
        try:
            Owner.here().sign(lake, attempt.attempt_id)
            yield attempt
        finally:
            drop_staging(lake, attempt.attempt_id)


@contextmanager
def claimed(lake: Lake, logical_date: date, attempt_id: str, flow_run_id: str | None = None) -> Iterator[None]:
    """Hold a date for this process; raises RunInProgress if another execution that lives holds it."""
    holder = {"attempt_id": attempt_id, "flow_run_id": flow_run_id, **asdict(Owner.here())}
    with leased(lake.store, logical_date, holder, Owner.knows_dead):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that an execution lives in, so that what a killed one staged can be told from a living one's."""

    host: str
    pid: int
    started: str
    machine: str = ""
    """Where process numbers are counted: containers of one host's name count each for themselves, and boots anew."""

    @classmethod
    def here(cls) -> Self:
        """This process."""
        return cls(host=gethostname(), pid=getpid(), started=_start_of(getpid()) or "", machine=_machine())

    @classmethod
    def of(cls, lake: Lake, attempt_id: str) -> Self | None:
        """The owner that signed an execution's staging. It signs first, so None means that it was being dropped.

        What cannot be read is taken for nobody's, which stays until it is swept.
        """
        try:
            return cls._told(json.loads(lake.store.read(staged_key(attempt_id, OWNER))))
        except NotStored:
            return None
        except (ValueError, KeyError, TypeError):
            return cls.nobody()

    @classmethod
    def _told(cls, found: Mapping[str, object]) -> Self:
        """What a file says, whatever else newer versions may say there; claims of older ones say no machine."""
        return cls(
            host=str(found["host"]),
            pid=int(str(found["pid"])),
            started=str(found["started"]),
            machine=str(found.get("machine", "")),
        )

    @classmethod
    def nobody(cls) -> Self:
        """The owner of what is staged for a later execution: never dead, so that it stays until it is swept."""
        return cls(host="", pid=0, started="")

    def sign(self, lake: Lake, attempt_id: str) -> None:
        """Say in an execution's staging that it is this owner's."""
        lake.store.write(staged_key(attempt_id, OWNER), json.dumps(asdict(self)).encode())

    @classmethod
    def knows_dead(cls, found: Mapping[str, object]) -> bool:
        """Whether the process that made a claim is known to have ended."""
        try:
            return cls._told(found).is_dead()
        except (ValueError, KeyError, TypeError):
            return False

    def is_dead(self) -> bool:
        """Whether the process is known to have ended; a process of another host, boot or container never is."""
        is_here = self.host == gethostname() and self.machine == _machine()
        return is_here and _start_of(self.pid) != self.started


def _start_of(pid: int) -> str | None:
    """When a process of this host started, as the kernel counts, so that a reused number is told apart."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        # Where there is no /proc no process can be told dead, so all seem to have started alike.
        return None if Path("/proc").is_dir() else ""


def _machine() -> str:
    """The kernel's run and the namespace of its processes; empty where there is no /proc."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def open_lake(settings: Settings) -> Lake:
    """The lake of the settings."""
    return Lake.open(settings.lake, endpoint=settings.s3.endpoint, region=settings.s3.region)
