"""Damaged metadata stops nothing that can be made out without it, and is made anew from the files."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pyiceberg.table import StaticTable

from newsmill.errors import Damaged, UsageError
from newsmill.lake import Lake
from newsmill.lake.head import HEAD
from newsmill.lake.iceberg import PointerCatalog, own_key
from newsmill.lake.query import query
from newsmill.lake.reclaim import collect
from newsmill.lake.repair import repair
from newsmill.lake.rollback import rollback
from newsmill.schemas.rows import TABLES, Rejection
from tests.lake.dates import DAY, NEXT_DAY, put, runs_of
from tests.lake.whole_dates import publish_run

THIRD_DAY = DAY + timedelta(days=2)
COUNT = "SELECT logical_date, count(*) AS n FROM rejections GROUP BY ALL ORDER BY ALL"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three dates in as many manifests, the first of which has been published twice."""
    made = Lake.open(str(tmp_path))
    publish_run(made, "former", 1)
    for number, day in enumerate((DAY, NEXT_DAY, THIRD_DAY), start=2):
        publish_run(made, f"run{number}", number, day=day)
    return made


def head_key(lake: Lake, table: str, day: date) -> str:
    return HEAD


def metadata_key(lake: Lake, table: str, day: date) -> str:
    return own_key(lake.head().tables[table])


def list_key(lake: Lake, table: str, day: date) -> str:
    snapshot = PointerCatalog(lake.store).load(table, lake.head().tables[table]).current_snapshot()
    assert snapshot is not None
    return own_key(snapshot.manifest_list)


def manifest_key(lake: Lake, table: str, day: date) -> str:
    loaded = PointerCatalog(lake.store).load(table, lake.head().tables[table])
    snapshot = loaded.current_snapshot()
    assert snapshot is not None
    (key,) = (
        own_key(manifest.manifest_path)
        for manifest in snapshot.manifests(loaded.io)
        for entry in manifest.fetch_manifest_entry(loaded.io)
        if f"date={day}" in entry.data_file.file_path
    )
    return key


PLACES = (metadata_key, list_key, manifest_key)


def cut(content: bytes) -> bytes:
    return content[:-9]


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]


def damage(lake: Lake, key: str, harm: Callable[[bytes], bytes] | None) -> None:
    content = lake.store.read(key)
    lake.store.delete([key])
    if harm:
        lake.store.write(key, harm(content))


@pytest.mark.parametrize("table", ["rejections", "runs"])
@pytest.mark.parametrize("harm", [cut, flip, None], ids=["cut", "flip", "gone"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_rows_are_read_without_damaged_metadata_and_repair_makes_it_anew(
    lake: Lake,
    place: Callable[[Lake, str, date], str],
    harm: Callable[[bytes], bytes] | None,
    table: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = {record: lake.read(record.table) for record in TABLES}
    key = place(lake, table, NEXT_DAY)
    damage(lake, key, harm)

    with caplog.at_level(logging.WARNING):
        assert {record: lake.read(record.table) for record in TABLES} == before
    assert query(lake, COUNT).column("n").to_pylist() == [2, 3, 4]
    assert key in caplog.text
    assert "newsmill repair mends it" in caplog.text
    publish_run(lake, "later", 5, day=THIRD_DAY)
    rollback(lake, DAY)
    assert query(lake, COUNT).column("n").to_pylist() == [1, 3, 5]

    dry, done = repair(lake, dry=True), repair(lake)

    assert dry == done
    assert all(mend.table == table and key in mend.detail for mend in done), "a publish may have mended it already"
    assert repair(lake) == []
    assert query(lake, COUNT).column("n").to_pylist() == [1, 3, 5]
    for name, uri in lake.head().tables.items():
        assert len(StaticTable.from_metadata(uri).scan().to_arrow()) == len(lake.read(name))


@pytest.mark.parametrize("harm", [cut, flip, None], ids=["cut", "flip", "gone"])
def test_a_damaged_head_is_made_anew_from_the_runs(lake: Lake, harm: Callable[[bytes], bytes] | None) -> None:
    before = {record: lake.read(record.table) for record in TABLES}
    put(lake, Rejection, DAY, "killed", 7)
    damage(lake, HEAD, harm)
    if harm:
        with pytest.raises(Damaged, match=r"head.json is damaged \(.*\); newsmill repair makes it anew"):
            lake.dates()
    else:
        for act in (partial(publish_run, lake, "new", 1), partial(collect, lake, datetime.now(UTC))):
            with pytest.raises(Damaged, match=r"head.json is gone; newsmill repair makes it anew"):
                act()

    repair(lake)

    assert {record: lake.read(record.table) for record in TABLES} == before
    assert repair(lake) == []


def test_a_date_that_is_not_whole_is_left_out_and_can_be_run_again(lake: Lake) -> None:
    damage(lake, manifest_key(lake, "rejections", NEXT_DAY), cut)
    (file,) = lake.files("rejections", NEXT_DAY)
    damage(lake, file.key, flip)
    with pytest.raises(Damaged, match=r"2026-01-06 cannot be made out from its files: .*; run it again"):
        lake.read("rejections")
    assert runs_of(lake, DAY) == {"run2"}

    kept, lost = repair(lake)

    assert (kept.is_lost, lost.is_lost) == (False, True)
    assert query(lake, COUNT).column("n").to_pylist() == [2, 4]
    publish_run(lake, "again", 6, day=NEXT_DAY)
    assert query(lake, COUNT).column("n").to_pylist() == [2, 6, 4]


def test_a_date_that_is_not_whole_can_be_run_again_before_a_repair(lake: Lake) -> None:
    key = manifest_key(lake, "rejections", NEXT_DAY)
    (file,) = lake.files("rejections", NEXT_DAY)
    damage(lake, file.key, flip)
    damage(lake, key, cut)

    publish_run(lake, "again", 6, day=NEXT_DAY)

    assert query(lake, COUNT).column("n").to_pylist() == [2, 6, 4]


def test_what_newer_versions_write_into_the_head_stops_nothing(lake: Lake) -> None:
    found = json.loads(lake.store.read(HEAD))
    del found["checksum"]
    lake.store.write(HEAD, json.dumps({**found, "colour": ["blue"]}).encode())

    assert lake.dates("runs") == [DAY, NEXT_DAY, THIRD_DAY]
    publish_run(lake, "later", 5, day=THIRD_DAY)
    assert repair(lake) == []


def test_there_is_nothing_to_repair_where_no_lake_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no lake at"):
        repair(Lake.open(str(tmp_path / "none")))
