"""Damage a small lake by bytes and look at what its readers and writers make of it: a line, or the right rows.

    python -m tests.damage DAMAGES SEED

One object is damaged at a time: a bit is flipped, a part is zeroed, the end is cut off, or bytes are put in; in data
files within the footer, where Parquet has no checksums. Whatever is raised must be an error that a user is shown in a
line. Rows that are shown must be those that were published, unless verify tells: a query does not read whole files to
compare their checksums.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner
from pyiceberg.manifest import clear_manifest_cache

from newsmill.cli.main import cli
from newsmill.errors import NewsmillError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD
from newsmill.lake.query import query
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Article, Duplicate, Entity, LedgerEntry, Link, Quote, Rejection, Run
from newsmill.tasks.fetch.archive import Archive, Note, Role
from newsmill.tasks.fetch.client import Fetched
from newsmill.tasks.land.partition import land
from newsmill.tasks.run.attempt import Owner, claimed
from newsmill.tasks.run.lease import lease_key
from newsmill.tasks.upkeep import verify
from tests.rows import ARTICLE, DAY, DUPLICATE, ENTITY, LEDGER, LINK, QUOTE, REJECTION, RUN

DAYS = (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2))
SQL = {
    "articles": "SELECT logical_date, article_id, title, text, published_at, authors FROM articles ORDER BY ALL",
    "quotes": "SELECT logical_date, text, start, segments, confidence FROM quotes WHERE confidence > .5 ORDER BY ALL",
    "runs": "SELECT logical_date, attempt_id, finished_at, file_hashes FROM runs ORDER BY ALL",
    "rejections": "SELECT logical_date, reason, count(*) AS n FROM rejections GROUP BY ALL ORDER BY ALL",
}
ACTS = tuple(
    act for one in ("verify", "rollback", "land", "repair", "begin", "tables") for act in ("query", one, "read", "read")
)
"""What is asked of damage after damage: mostly rows, which takes the least time."""

MOMENT = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to the bytes of an object from ``first`` on."""

    key: str
    kind: str
    first: int
    bits: int
    length: int

    def of(self, content: bytes) -> bytes:
        before, after = content[: self.first], content[self.first :]
        match self.kind:
            case "flip":
                return before + bytes([after[0] ^ (1 << self.bits)]) + after[1:]
            case "zero":
                return before + bytes(min(self.length, len(after))) + after[self.length :]
            case "truncate":
                return before
            case _:
                return before + bytes((self.bits * 31 + number) % 256 for number in range(self.length)) + after


def rows_of(day: date) -> dict[type[Record], list[Record]]:
    return {
        Article: [ARTICLE.replace(title=f"Bridge to open on {day}")],
        Entity: [ENTITY],
        Quote: [QUOTE],
        Link: [LINK],
        Duplicate: [DUPLICATE.replace(duplicate_of_date=day)],
        LedgerEntry: [*LEDGER],
        Rejection: [REJECTION],
        Run: [RUN.replace(attempt_id=f"{day}-0a1b")],
    }


def land_rows(lake: Lake, day: date, run_id: str, rows: dict[type[Record], list[Record]]) -> None:
    staged = {}
    for record, found in rows.items():
        staged[record.table] = [staged_key("builder", record.table)]
        write_table(lake, staged[record.table][0], record.to_arrow(found))
    land(lake, day, run_id, staged)


def build(lake: Lake, spool: Path) -> None:
    """Three dates, the first of which was published twice; a claim, an owner, and an archived answer."""
    land_rows(lake, DAY, "former", rows_of(DAY) | {Article: [ARTICLE.replace(title="Former")]})
    for day in DAYS:
        land_rows(lake, day, "0a1b", rows_of(day))
    lake.store.delete([info.key for info in lake.store.list("_staging/")])
    Owner.here().sign(lake, "living")
    with claimed(lake, DAYS[2], "living", "flow"):
        claim = lake.store.read(lease_key(DAYS[2]))
    lake.store.write(lease_key(DAYS[2]), claim)
    with Archive(lake.store, DAY, spool) as archive:
        for number in range(3):
            fetched = Fetched(address=f"https://example.org/{number}", exchanges=(), problem=None)
            archive.add(fetched, Note(role=Role.ARTICLE, source="wire"), MOMENT)


def damages(lake: Lake, seed: int) -> Iterator[Damage]:
    """Damages without end, the objects of a kind drawn as often as those of another."""
    draw = random.Random(seed)
    sizes = {info.key: info.size for info in lake.store.list()}
    kinds = {
        "head": [HEAD],
        "claims": [key for key in sizes if key.startswith(("_newsmill/leases/", "_staging/"))],
        "metadata": [key for key in sizes if key.endswith(".metadata.json")],
        "manifests": [key for key in sizes if key.endswith(".avro")],
        "footers": [key for key in sizes if key.endswith(".parquet") and not key.startswith("_")],
        "copies": [key for key in sizes if key.startswith("_superseded/")],
        "raw": [key for key in sizes if key.startswith("raw/")],
    }
    while True:
        key = draw.choice(kinds[draw.choice(sorted(kinds))])
        first = 0
        if key.endswith(".parquet"):
            first = sizes[key] - 8 - int.from_bytes(lake.store.read(key)[-8:-4], "little")
        kind = draw.choice(("flip", "zero", "truncate", "insert"))
        yield Damage(key, kind, draw.randrange(first, sizes[key]), draw.randrange(8), draw.randrange(1, 17))


class Trial:
    """A lake in its place, put back after each damage; ``found`` are what went wrong, ``told`` what was done."""

    def __init__(self, folder: Path) -> None:
        self.lake, self._sound = Lake.open(str(folder / "lake")), folder / "sound"
        build(self.lake, folder / "spool")
        shutil.copytree(folder / "lake", self._sound)
        self._root = folder / "lake"
        self.rows = {table: query(self.lake, sql) for table, sql in SQL.items()}
        self.read = {table: self.lake.read(table) for table in SQL}
        self.former = self._rows_after(lambda: self._called("rollback", "--date", str(DAY)))
        self.later = self._rows_after(lambda: land_rows(self.lake, DAYS[1], "later", rows_of(DAYS[1])))
        self.found: list[str] = []
        self.told: Counter[str] = Counter()

    def _rows_after(self, act: Callable[[], object]) -> dict[str, object]:
        act()
        try:
            return {table: query(self.lake, sql) for table, sql in SQL.items()}
        finally:
            self._restore()

    def _restore(self) -> None:
        shutil.rmtree(self._root)
        shutil.copytree(self._sound, self._root)

    def examine(self, damage: Damage, number: int) -> None:
        """Ask everything of the damaged lake, and one in turn of those who change it."""
        clear_manifest_cache()
        content = self.lake.store.read(damage.key)
        damaged = damage.of(content)
        if damaged == content:
            return
        (self._root / damage.key).write_bytes(damaged)
        kind = damage.key.rpartition(".")[2]
        act = ACTS[number % len(ACTS)]
        getattr(self, f"_{act}")(damage, kind)
        if act in {"rollback", "land", "repair", "begin"}:
            self._restore()
        else:
            (self._root / damage.key).write_bytes(content)

    def _asked(self, damage: Damage, kind: str, name: str, ask: Callable[[], object], expected: object) -> bool:
        """Whether there was an answer, which then has to be the one that was expected."""
        try:
            answer = ask()
        except NewsmillError as error:
            self.told[f"{name} {kind}: a line"] += 1
            if "\n" in str(error) and not name.startswith("query"):
                self.found.append(f"{name}: several lines: {error!r} after {asdict(damage)}")
            return False
        except Exception as error:  # noqa: BLE001, what this looks for
            self.found.append(f"{name}: {type(error).__name__}: {str(error)[:300]} after {asdict(damage)}")
            return False
        self.told[f"{name} {kind}: rows"] += 1
        if expected is not None and answer != expected:
            if damage.key.endswith(".parquet") and self._called("verify"):
                self.told[f"{name} {kind}: other rows, and verify tells"] += 1
            else:
                self.found.append(f"{name}: other rows after {asdict(damage)}")
        return True

    def _called(self, *arguments: str) -> str:
        done = CliRunner().invoke(cli, [*arguments, "--lake", self.lake.uri])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    def _verify(self, damage: Damage, kind: str) -> None:
        is_asked = not damage.key.startswith(("_newsmill/", "_staging/"))

        def ask() -> bool:
            return not is_asked or bool(self._called("verify")) or damage.key in self._unseen()

        self._asked(damage, kind, "verify", ask, True)

    def _unseen(self) -> set[str]:
        """Former metadata files, which nobody reads."""
        return {key for key in (i.key for i in self.lake.store.list()) if key.endswith(".metadata.json")} - {
            info.metadata_uri.removeprefix(f"{self.lake.uri}/") for info in self.lake.tables() if info.metadata_uri
        }

    def _query(self, damage: Damage, kind: str) -> None:
        self._rows(damage, kind, "query", self.rows)

    def _read(self, damage: Damage, kind: str) -> None:
        """Rows as the stages read them; none are compared that a damaged data file has."""
        named = [table for table in SQL if f"{table}/" in damage.key]
        table = named[0] if named else "articles"
        expected = None if damage.key.endswith(".parquet") else self.read[table]
        self._asked(damage, kind, f"read {table}", lambda: self.lake.read(table), expected)

    def _rows(self, damage: Damage, kind: str, name: str, expected: Mapping[str, object]) -> None:
        """Ask for the rows of the table that is damaged, or of one in turn."""
        named = [table for table in SQL if f"{table}/" in damage.key]
        table = named[0] if named else sorted(SQL)[damage.first % len(SQL)]
        self._asked(damage, kind, f"{name} {table}", lambda: query(self.lake, SQL[table]), expected[table])

    def _rollback(self, damage: Damage, kind: str) -> None:
        if self._asked(damage, kind, "rollback", lambda: self._called("rollback", "--date", str(DAY)), None):
            self._rows(damage, kind, "after rollback", self.former)

    def _land(self, damage: Damage, kind: str) -> None:
        def act() -> None:
            land_rows(self.lake, DAYS[1], "later", rows_of(DAYS[1]))

        if self._asked(damage, kind, "land", act, None):
            self._rows(damage, kind, "after land", self.later)

    def _repair(self, damage: Damage, kind: str) -> None:
        is_mended = self._asked(damage, kind, "repair", lambda: self._called("repair"), None)
        if is_mended and not damage.key.endswith(".parquet"):
            self._rows(damage, kind, "after repair", self.rows)

    def _begin(self, damage: Damage, kind: str) -> None:
        def ask() -> None:
            with claimed(self.lake, DAYS[2], "next", "flow"):
                Owner.of(self.lake, "living")

        self._asked(damage, kind, "begin", ask, None)

    def _tables(self, damage: Damage, kind: str) -> None:
        self._asked(damage, kind, "tables", lambda: self._called("tables"), None)


def trials(folder: Path, count: int, seed: int, say: Callable[[str], object] = lambda _line: None) -> Trial:
    """Damage a lake so often; what went wrong names the seed and the damage."""
    trial = Trial(folder)
    for number, damage in zip(range(count), damages(trial.lake, seed), strict=False):
        trial.examine(damage, number)
        if number % 50 == 49:
            say(f"{number + 1} damages, {len(trial.found)} problems\n")
    return trial


def main(count: int, seed: int) -> int:
    # Expectations are about rows, which damage of a file is told before; they take nine tenths of the time.
    verify._suite_problems = lambda rows: iter(())  # noqa: ARG005
    with tempfile.TemporaryDirectory() as folder:
        trial = trials(Path(folder), count, seed, lambda line: print(line, end="", flush=True))  # noqa: T201
    for line in trial.found:
        sys.stdout.write(f"seed {seed}: {line}\n")
    for line, times in sorted(trial.told.items()):
        sys.stdout.write(f"{times:6} {line}\n")
    sys.stdout.write(f"{count} damages with seed {seed}: {len(trial.found)} problems\n")
    return 1 if trial.found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
