"""What an execution sets aside comes back as it was, and goes with it."""

from newsmill.lake import Lake
from newsmill.lake.staging import drop_staging, read_table, staged_key, write_table
from tests.lake.dates import rejections


def test_tables_come_back(lake: Lake) -> None:
    key = staged_key("attempt", "rejections", "0000.parquet")

    write_table(lake, key, rejections(3))

    assert read_table(lake, key).equals(rejections(3))
    assert read_table(lake, key, columns=["input_id"]).to_pydict() == {"input_id": ["0", "1", "2"]}


def test_is_dropped_by_attempt(lake: Lake) -> None:
    for attempt in ("a", "ab"):
        write_table(lake, staged_key(attempt, "x.parquet"), rejections(1))

    drop_staging(lake, "a")

    assert [info.key for info in lake.store.list()] == ["_staging/ab/x.parquet"]
