"""Reading: typed rows by date and column, all of one state of the lake."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from newsmill.errors import Damaged, NotStored, StorageError, UsageError
from newsmill.lake import Lake
from newsmill.lake.head import Head
from newsmill.lake.query import query
from newsmill.schemas.rows import TABLES, table_schema
from tests.lake.dates import DAY, NEXT_DAY, publish_rows


def test_a_lake_reads_as_empty_and_typed(lake: Lake) -> None:
    assert lake.dates() == []
    assert lake.files("articles") == []
    assert [(info.name, info.rows, info.metadata_uri) for info in lake.tables()] == [
        (record.table, 0, None) for record in TABLES
    ]
    for record in TABLES:
        assert lake.read(record.table).schema.equals(table_schema(record))
        assert lake.read(record.table, columns=["run_id"]).schema.names == ["run_id"]


def test_by_date_and_column(lake: Lake) -> None:
    for number in range(3):
        publish_rows(lake, DAY + timedelta(days=number), f"run{number}", number + 1)

    assert lake.read("rejections").num_rows == 6
    assert lake.read("rejections", before=DAY + timedelta(days=2)).num_rows == 3
    assert lake.read("rejections", before=DAY).num_rows == 0
    rows = lake.read("rejections", on=NEXT_DAY, columns=["input_id", "logical_date"])
    assert rows.to_pydict() == {"input_id": ["0", "1"], "logical_date": [NEXT_DAY, NEXT_DAY]}


def test_of_an_unknown_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no table nonsense; the tables are articles, duplicates"):
        Lake.open(str(tmp_path)).read("nonsense")


def test_a_folder_name_with_special_characters(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "it's [my] lake* 100%20?"))
    publish_rows(lake, DAY, "first", 3)

    assert lake.read("rejections").num_rows == 3
    assert query(lake, "SELECT count(*) AS n FROM rejections").to_pydict() == {"n": [3]}
    assert Lake.open(lake.uri).dates("rejections") == [DAY]


def test_a_reader_sees_one_state_or_the_other(lake: Lake) -> None:
    publish_rows(lake, DAY, "even", 2)
    seen: set[tuple[int, int]] = set()
    done = threading.Event()
    sql = "SELECT (SELECT count(*) FROM duplicates), (SELECT count(*) FROM rejections)"

    def read() -> None:
        while not done.is_set():
            counts = query(lake, sql)
            seen.add((counts[0][0].as_py(), counts[1][0].as_py()))
            infos = {info.name: info.rows for info in lake.tables()}
            seen.add((infos["duplicates"], infos["rejections"]))

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        for number in range(4):
            publish_rows(lake, DAY, f"run{number}", 3 if number % 2 else 2)
        done.set()
        reader.result(timeout=60)

    assert (2, 2) in seen
    assert seen <= {(2, 2), (3, 3)}


def test_a_lake_that_never_rests_is_said_not_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.lake.read.READ_ATTEMPTS", 3)
    lake, seen = Lake.open(str(tmp_path)), []

    def read(head: Head) -> None:
        seen.append(head.commit)
        publish_rows(lake, DAY, f"run{len(seen)}", 1)
        raise NotStored("deleted meanwhile")

    with pytest.raises(StorageError, match="could not be read: other runs changed it 3 times meanwhile; try again"):
        lake.steadily(read)
    assert len(set(seen)) == 3


def test_a_file_that_is_lost_is_said_to_be(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_rows(lake, DAY, "first", 1)
    lake.store.delete([file.key for file in lake.files("rejections")])

    with pytest.raises(NotStored, match=r"rejections-first-0000\.parquet does not exist"):
        lake.read("rejections")


@pytest.mark.parametrize("harm", [lambda content: content[:-9], lambda _content: b"", lambda content: content[:60] * 9])
def test_a_damaged_data_file_is_told_in_a_line(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    lake = Lake.open(str(tmp_path))
    publish_rows(lake, DAY, "first", 3)
    (file,) = lake.files("rejections")
    lake.store.write(file.key, harm(lake.store.read(file.key)))

    with pytest.raises(Damaged, match=f"{file.key} cannot be read: .*; roll its date back, or run it again$") as raised:
        lake.read("rejections")

    assert "\n" not in str(raised.value)
