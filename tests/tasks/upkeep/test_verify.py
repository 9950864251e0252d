"""Verification finds each kind of damage, and nothing in a date that is whole."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import TABLES, Article, Duplicate, Entity, LedgerEntry, Link, Quote, Run
from newsmill.tasks.land.partition import land, write_partition
from newsmill.tasks.upkeep.verify import leftovers, verify_dates
from tests.rows import ARTICLE, DAY, DUPLICATE, ENTITY, LEDGER, LINK, QUOTE, REJECTION, RUN

WHOLE: dict[type[Record], list[Record]] = {
    Article: [ARTICLE],
    Entity: [ENTITY],
    Quote: [QUOTE],
    Link: [LINK],
    Duplicate: [DUPLICATE],
    LedgerEntry: [*LEDGER],
    type(REJECTION): [REJECTION],
    Run: [RUN],
}


def landed(folder: Path, changes: dict[type[Record], list[Record]], day: date = DAY) -> Lake:
    """A lake with a date that is whole but for some tables."""
    lake = Lake.open(str(folder))
    staged = {}
    for record, rows in (WHOLE | changes).items():
        key = staged_key("attempt", record.table)
        write_table(lake, key, record.to_arrow(rows))
        staged[record.table] = [key]
    land(lake, day, "0a1b", staged)
    return lake


def problems(lake: Lake, *days: date) -> list[str]:
    return [f"{found.table}: {found.detail}" for found in verify_dates(lake, days or (DAY,))]


def test_a_whole_date_has_none(tmp_path: Path) -> None:
    lake = landed(tmp_path, {})

    assert problems(lake) == []
    assert list(leftovers(lake)) == []
    assert problems(lake, date(2026, 1, 6)) == ["runs: the date has not landed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {Quote: [QUOTE.replace(text="other words")]},
            "quotes: expect_column_pair_values_to_be_equal(text, text_at_span)",
        ),
        ({Quote: [QUOTE.replace(article_id="f" * 16)]}, "quotes: article_id names 1 that do not exist, such as ffff"),
        ({Entity: [ENTITY, ENTITY]}, "entities: has 2 rows, and its run made 1"),
        ({Entity: [ENTITY, ENTITY]}, "entities: expect_compound_columns_to_be_unique(article_id, mention_index)"),
        ({Article: [ARTICLE, ARTICLE]}, "articles: expect_column_values_to_be_unique(article_id)"),
        ({Article: [ARTICLE, ARTICLE]}, "runs: 3 inputs were read, and 4 are accounted for"),
        ({Duplicate: [DUPLICATE.replace(duplicate_of="e" * 16)]}, "duplicates: duplicate_of names 1 that do not exist"),
        (
            {Duplicate: [DUPLICATE.replace(duplicate_of_date=date(2026, 1, 1))]},
            "duplicates: duplicate_of names 1 that do not exist",
        ),
        ({LedgerEntry: LEDGER[1:]}, "ledger: has 1 rows for 2 articles and duplicates"),
        ({Run: []}, "runs: has 0 rows, and a date has one"),
        ({Run: [RUN.replace(config_hash="none")]}, "runs: expect_column_values_to_match_regex(config_hash)"),
    ],
)
def test_rows_that_do_not_fit(tmp_path: Path, changes: dict[type[Record], list[Record]], said: str) -> None:
    found = problems(landed(tmp_path, changes))

    assert any(line.startswith(said) for line in found), found
    assert not any("\n" in line for line in found)


def flip(content: bytes) -> bytes:
    """One bit in the middle, where the pages are."""
    middle = len(content) // 4
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: content[:-1], "cannot be read"),
        (lambda content: content[:0], "cannot be read"),
        (flip, None),
    ],
)
@pytest.mark.parametrize("table", ["articles", "quotes"])
def test_damaged_bytes(tmp_path: Path, damage: Callable[[bytes], bytes], said: str | None, table: str) -> None:
    lake = landed(tmp_path, {})
    (file,) = lake.files(table)
    lake.store.write(file.key, damage(lake.store.read(file.key)))

    (line,) = problems(lake)

    assert line.startswith(f"{table}: {file.key} ")
    assert (said or "") in line


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    lake = landed(tmp_path, {})
    (file,) = lake.files("quotes")
    lake.store.delete([file.key])

    (line,) = problems(lake)

    assert line.startswith(f"quotes: {file.key} cannot be read: ")
    assert line.endswith("does not exist")


def test_another_file_in_its_place(tmp_path: Path) -> None:
    """The same schema and count, so that only the checksum can tell."""
    lake, other = landed(tmp_path / "lake", {}), landed(tmp_path / "other", {Quote: [QUOTE.replace(confidence=0.25)]})
    (file,), (theirs,) = lake.files("quotes"), other.files("quotes")
    lake.store.write(file.key, other.store.read(theirs.key))

    found = problems(lake)

    assert f"quotes: {file.key} does not have the bytes that were published" in found


def test_files_of_a_killed_run_are_named(tmp_path: Path) -> None:
    lake = landed(tmp_path, {})
    (key,) = write_partition(lake, Quote, DAY, "killed", [Quote.to_arrow([QUOTE])])

    (found,) = leftovers(lake)

    assert (found.table, found.logical_date) == ("quotes", None)
    assert found.detail.startswith(f"{key} is not published")


def test_a_date_that_is_published_meanwhile_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = landed(tmp_path, {Run: []})
    read = Lake.read
    overtaken: list[str] = []

    def publish_first(self: Lake, table: str, **arguments: object) -> pa.Table:
        if not overtaken:
            overtaken.append(table)
            landed(tmp_path, {})
        return read(self, table, **arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Lake, "read", publish_first)

    assert problems(lake) == []
    assert overtaken


def test_the_rows_composed_here_are_of_every_table() -> None:
    assert set(WHOLE) == set(TABLES)
