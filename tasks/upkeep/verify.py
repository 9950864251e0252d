"""Re-derive what was promised of a published date and compare: files, checksums, counts, expectations, references.

And of what stands beside the dates: the tables' metadata, the copies of replaced states, the archive of what was
fetched. Whatever is damaged becomes a line that names the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.errors import Damaged, NotStored, StorageError
from newsmill.lake import DataFile, Lake
from newsmill.lake.publish import SUPERSEDED
from newsmill.lake.reclaim import orphans
from newsmill.lake.restate import made_out
from newsmill.lake.rollback import damage_of, former_states
from newsmill.lake.whole import COUNTED, checksum_of, run_row
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import (
    TABLES,
    Article,
    Duplicate,
    Entity,
    LedgerEntry,
    Link,
    Quote,
    Rejection,
    Run,
    table_schema,
)
from newsmill.schemas.suites import Rules, column_rules, table_suite
from newsmill.tasks.fetch.archive import RAW, damages
from newsmill.tasks.validate.suites import run_rules, with_sides, with_spans, with_speakers

STEADY_ATTEMPTS = 3
"""A date that is published while it is verified is verified again, so often at most."""

type Rows = Mapping[type[Record], pa.Table]


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, in one line; ``logical_date`` is None for what belongs to no date."""

    logical_date: date | None
    table: str
    detail: str


def verify_dates(lake: Lake, dates: Iterable[date]) -> Iterator[Problem]:
    """The problems of dates, one date in memory at a time; a date that is not in the lake is a problem."""
    for logical_date in dates:
        yield from _verified(lake, logical_date)


def landed_dates(lake: Lake) -> list[date]:
    """The dates that have landed; where the metadata of ``runs`` is of no use, those that have a folder there."""
    try:
        return lake.dates(Run.table)
    except Damaged:
        folders = {info.key.split("/")[1].removeprefix("date=") for info in lake.store.list(f"{Run.table}/date=")}
        return [date.fromisoformat(day) for day in sorted(folders)]


def verify_tables(lake: Lake) -> Iterator[Problem]:
    """What cannot be read of the Iceberg metadata of the tables."""
    head = lake.head()
    for record in TABLES:
        if record.table in head.tables:
            for line in made_out(lake.store, head, record, lenient=True).damage:
                yield Problem(None, record.table, f"{line}; newsmill repair makes it anew")


def verify_archive(lake: Lake, logical_date: date | None = None) -> Iterator[Problem]:
    """What of the fetched answers of all dates or of one is not as it was written."""
    for day, detail in damages(lake.store, logical_date):
        yield Problem(day, RAW, detail)


def leftovers(lake: Lake) -> Iterator[Problem]:
    """The files that are in the tables' folders and not published: plain readers of the folders see them."""
    try:
        found = orphans(lake)
    except (Damaged, NotStored) as error:
        yield Problem(None, Run.table, f"what killed runs left cannot be told: {error}")
        return
    for info in found:
        detail = f"{info.key} is not published: its run is at work, or was killed; newsmill collect removes it"
        yield Problem(None, info.key.partition("/")[0], detail)


def _verified(lake: Lake, logical_date: date) -> list[Problem]:
    problems: list[Problem] = []
    for _ in range(STEADY_ATTEMPTS):
        before = lake.head().commit
        problems = [Problem(logical_date, table, detail) for table, detail in _told(lake, logical_date)]
        if not problems or lake.head().commit == before:
            break
    return problems


def _told(lake: Lake, logical_date: date) -> Iterator[tuple[str, str]]:
    """The problems of a date and of its former states."""
    try:
        yield from _problems(lake, logical_date)
    except (StorageError, OSError, pa.ArrowException) as error:
        yield Run.table, " ".join(str(error).split())
    for state in former_states(lake, logical_date):
        try:
            damage = damage_of(lake, logical_date, state)
        except StorageError as error:
            damage = str(error)
        if damage:
            yield SUPERSEDED, damage


def _problems(lake: Lake, logical_date: date) -> Iterator[tuple[str, str]]:
    """Table and detail. The rows are looked at only if all files can be read and are those that were published."""
    files = {record: lake.files(record.table, logical_date) for record in TABLES}
    if not any(files.values()):
        yield Run.table, "the date has not landed"
        return
    known = _stated_checksums(lake, files[Run])
    damaged = False
    for record, found in files.items():
        for file in found:
            for detail in _file_problems(lake, record, file, None if record is Run else known):
                damaged = True
                yield record.table, f"{file.key} {detail}"
    if damaged:
        return
    rows: Rows = {record: lake.read(record.table, on=logical_date) for record in TABLES}
    yield from _count_problems(logical_date, rows)
    yield from _suite_problems(rows)
    yield from _reference_problems(lake, logical_date, rows)


def _stated_checksums(lake: Lake, runs: list[DataFile]) -> frozenset[str] | None:
    """The checksums of a date's files by the row of its run; None if it has none, as rows of version 1."""
    try:
        stated = run_row(lake.store, [file.key for file in runs]).get("file_hashes") if runs else None
    except (StorageError, OSError):  # which its own file is told for
        return None
    return None if stated is None else frozenset(stated)


def _file_problems(lake: Lake, record: type[Record], file: DataFile, known: frozenset[str] | None) -> Iterator[str]:
    try:
        with lake.store.open(file.key) as stream:
            parquet = pq.ParquetFile(stream)
            count, schema = parquet.metadata.num_rows, parquet.schema_arrow
            for number in range(parquet.num_row_groups):
                parquet.read_row_group(number)
        size = lake.store.size(file.key)
        is_other = known is not None and checksum_of(lake.store, file.key) not in known
    except (StorageError, OSError, pa.ArrowException) as error:
        yield f"cannot be read: {' '.join(str(error).split())}"
        return
    if is_other:
        yield "does not have the bytes that were published"
        return
    if (size, count) != (file.bytes, file.rows):
        yield f"has {count} rows in {size} bytes, and {file.rows} in {file.bytes} were published"
    yield from _schema_problems(record, schema)


def _schema_problems(record: type[Record], schema: pa.Schema) -> Iterator[str]:
    since = {field.name: field.column.since for field in record.fields()}
    for field in table_schema(record):
        if field.name not in schema.names:
            if since.get(field.name, 1) == 1:
                yield f"has no column {field.name}"
        elif schema.field(field.name).type != field.type:
            yield f"has {field.name} as {schema.field(field.name).type}, not as {field.type}"


def _count_problems(logical_date: date, rows: Rows) -> Iterator[tuple[str, str]]:
    for record, table in rows.items():
        if strays := [str(day) for day in set(values(table, "logical_date")) - {logical_date}]:
            yield record.table, f"has rows of {', '.join(sorted(strays))}"
    run_ids = {run_id for table in rows.values() for run_id in values(table, "run_id")}
    if len(run_ids) != 1:
        yield Run.table, f"the tables have rows of several runs: {', '.join(sorted(run_ids))}"
    if len(rows[Run]) != 1:
        yield Run.table, f"has {len(rows[Run])} rows, and a date has one"
        return
    (run,) = rows[Run].to_pylist()
    for record in TABLES:
        column = COUNTED.get(record.table)
        if column and len(rows[record]) != (run[column] or 0):
            yield record.table, f"has {len(rows[record])} rows, and its run made {run[column] or 0}"
    remembered = len(rows[Article]) + len(rows[Duplicate])
    if run["ledger_hash"] is not None and len(rows[LedgerEntry]) != remembered:
        yield LedgerEntry.table, f"has {len(rows[LedgerEntry])} rows for {remembered} articles and duplicates"
    accounted = sum(len(rows[record]) for record in (Article, Duplicate, Rejection))
    if run["read_count"] != accounted:
        yield Run.table, f"{run['read_count']} inputs were read, and {accounted} are accounted for"


def _suite_problems(rows: Rows) -> Iterator[tuple[str, str]]:
    """The expectations that the rows met before they were published."""
    texts = dict(zip(values(rows[Article], "article_id"), values(rows[Article], "text"), strict=True))
    suites: dict[type[Record], tuple[Rules, pa.Table]] = {
        Article: (table_suite(Article), with_sides(rows[Article])),
        Entity: (table_suite(Entity), with_spans(rows[Entity], texts)),
        Quote: (table_suite(Quote), with_speakers(rows[Quote], texts, rows[Entity])),
        Link: (table_suite(Link), with_spans(rows[Link], texts)),
        Duplicate: (table_suite(Duplicate), rows[Duplicate]),
        Rejection: (table_suite(Rejection), rows[Rejection]),
        LedgerEntry: (column_rules(LedgerEntry), rows[LedgerEntry]),
        Run: (column_rules(Run), rows[Run]),
    }
    for record, (rules, table) in suites.items():
        for check in run_rules(record.table, rules, table):
            if not check.success:
                examples = f", such as {', '.join(check.examples)}" if check.examples else ""
                yield record.table, f"{check.expectation} fails for {check.failed} of {len(table)} rows{examples}"


def _reference_problems(lake: Lake, logical_date: date, rows: Rows) -> Iterator[tuple[str, str]]:
    by_table = {record.table: table for record, table in rows.items()}
    for record, table in rows.items():
        for field in record.fields():
            if field.column.references:
                target, _, column = field.column.references.partition(".")
                lost = set(values(table, field.name)) - set(values(by_table[target], column)) - {None}
                yield from _lost(record, field.name, lost)
    pairs = set(zip(*(values(rows[Duplicate], n) for n in ("duplicate_of_date", "duplicate_of")), strict=True))
    for day in sorted({day for day, _ in pairs}):
        originals = rows[Article] if day == logical_date else lake.read("articles", columns=["article_id"], on=day)
        known = set(values(originals, "article_id"))
        yield from _lost(Duplicate, "duplicate_of", {one for of, one in pairs if of == day} - known)


def _lost(record: type[Record], column: str, lost: set[str]) -> Iterator[tuple[str, str]]:
    if lost:
        yield record.table, f"{column} names {len(lost)} that do not exist, such as {min(lost)}"
