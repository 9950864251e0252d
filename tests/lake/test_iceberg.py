"""The tables as Iceberg has them: few manifests, snapshots that can be read, and older lakes."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.errors import SchemaConflict
from newsmill.lake import Lake
from newsmill.lake.iceberg import KEPT_SNAPSHOTS, PointerCatalog
from newsmill.lake.publish import publish
from newsmill.lake.query import query
from newsmill.schemas.rows import TABLES, Article, Entity, Rejection, Run, Topic, table_schema
from tests.lake.dates import (
    DAY,
    NEXT_DAY,
    publish_rows,
    put,
)

V1 = Path(__file__).parent / "v1"


def test_many_dates_need_few_manifests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.lake.iceberg.MERGED_MANIFESTS", 3)
    lake = Lake.open(str(tmp_path))
    days = [DAY + timedelta(days=number) for number in range(6)]
    for day in days:
        publish(lake, day, {"rejections": put(lake, Rejection, day, "first", 1)})
    for day in days[:4]:
        publish(lake, day, {"rejections": put(lake, Rejection, day, "second", 2)})

    (uri,) = (info.metadata_uri for info in lake.tables() if info.name == "rejections")
    table = PointerCatalog(lake.store).load("rejections", uri or "")
    snapshot = table.current_snapshot()
    assert [file.rows for file in lake.files("rejections")] == [2] * 4 + [1] * 2
    assert snapshot is not None
    assert len(snapshot.manifests(table.io)) <= 3
    assert len(table.metadata.snapshots) <= KEPT_SNAPSHOTS + 1


def test_every_snapshot_that_the_metadata_offers_can_be_read(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    for number in range(4):
        publish_rows(lake, DAY + timedelta(days=number), "first", number + 1)
    assert snapshot_rows(lake) == [1, 3, 6, 10]

    publish_rows(lake, DAY, "second", 5)

    assert snapshot_rows(lake) == [14]


def snapshot_rows(lake: Lake) -> list[int]:
    """How many rows each snapshot of rejections has, read from its files."""
    (uri,) = (info.metadata_uri for info in lake.tables() if info.name == "rejections")
    table = PointerCatalog(lake.store).load("rejections", uri or "")
    snapshots = sorted(table.metadata.snapshots, key=lambda snapshot: snapshot.sequence_number or 0)
    return [len(table.scan(snapshot_id=snapshot.snapshot_id).to_arrow()) for snapshot in snapshots]


def test_a_lake_of_every_table(lake: Lake) -> None:
    """Each record's schema is one that Iceberg takes."""
    publish(lake, DAY, {record.table: [] for record in TABLES})

    infos = lake.tables()

    assert all(info.metadata_uri is not None for info in infos)
    assert {info.name for info in infos} >= {Article.table, Entity.table}


class TestOlderLakes:
    """``tests/lake/v1`` was written by newsmill 0.1.0 with version 1 of the tables; it must stay readable."""

    @pytest.fixture
    def old(self, s3_uri: str) -> Lake:
        """At the address that it was written at, since tables hold absolute ones."""
        lake = Lake.open(f"{s3_uri.rpartition('/')[0]}/lake-v1")
        lake.store.delete([info.key for info in lake.store.list()])
        for path in sorted(V1.rglob("*")):
            if path.is_file():
                lake.store.write_file(path.relative_to(V1).as_posix(), path)
        return lake

    def test_are_read_with_new_columns_as_null(self, old: Lake) -> None:
        assert [(str(day), len(old.read("articles", on=day))) for day in old.dates()] == [
            ("2026-01-01", 2),
            ("2026-01-02", 1),
        ]
        for record in TABLES:
            assert old.read(record.table).schema.equals(table_schema(record))
            assert query(old, f"SELECT * FROM {record.table}").column_names == table_schema(record).names
        assert (
            query(old, "SELECT schema_version, file_hashes FROM runs").to_pylist()
            == [{"schema_version": 1, "file_hashes": None}] * 2
        )

    def test_get_the_new_columns_with_the_next_publish(self, old: Lake) -> None:
        before = old.read("runs").to_pylist()
        row = Run.from_arrow(old.read("runs"))[0].replace(file_hashes=("0" * 64,), schema_version=2, attempt_id="new")
        sink = io.BytesIO()
        table = Run.to_arrow([row])
        keys: list[Any] = [pa.array([date(2026, 1, 3)]), pa.array(["run"])]
        pq.write_table(pa.Table.from_arrays([*keys, *table.columns], schema=table_schema(Run)), sink)
        old.store.write("runs/date=2026-01-03/runs-new-0000.parquet", sink.getvalue())

        publish(old, date(2026, 1, 3), {"runs": ["runs/date=2026-01-03/runs-new-0000.parquet"]})

        rows = old.read("runs").to_pylist()
        assert rows[:2] == before
        assert rows[2]["file_hashes"] == ["0" * 64]
        (uri,) = (info.metadata_uri for info in old.tables() if info.name == "runs")
        through_iceberg = PointerCatalog(old.store).load("runs", uri or "").scan().to_arrow()
        assert sorted(map(str, through_iceberg.column("file_hashes").to_pylist())) == [
            "None",
            "None",
            str(["0" * 64]),
        ]

    def test_take_lists_of_topics_beside_rows_that_have_none(self, old: Lake) -> None:
        topics = (Topic("medtop", "20000349", "port"),)
        row = Article.from_arrow(old.read("articles"))[0].replace(topics=topics, guid="urn:nw:7", schema_version=3)
        keys: list[Any] = [pa.array([date(2026, 1, 3)]), pa.array(["run"])]
        sink = io.BytesIO()
        pq.write_table(
            pa.Table.from_arrays([*keys, *Article.to_arrow([row]).columns], schema=table_schema(Article)), sink
        )
        key = "articles/date=2026-01-03/articles-new-0000.parquet"
        old.store.write(key, sink.getvalue())

        publish(old, date(2026, 1, 3), {"articles": [key]})

        (uri,) = (info.metadata_uri for info in old.tables() if info.name == "articles")
        through_iceberg = PointerCatalog(old.store).load("articles", uri or "").scan().to_arrow()
        for rows in (old.read("articles"), through_iceberg, query(old, "SELECT * FROM articles")):
            found = dict(zip(*(rows[name].to_pylist() for name in ("guid", "topics")), strict=True))
            assert found == {None: None, "urn:nw:7": [{"scheme": "medtop", "code": "20000349", "name": "port"}]}

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("rename", r"rejections\.detail is .*string in the lake and unknown to this newsmill"),
            ("retype", r"rejections\.detail is .*string in the lake and int64 to this newsmill"),
        ],
    )
    def test_refuse_a_renamed_or_retyped_column(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, said: str
    ) -> None:
        lake = Lake.open(str(tmp_path))
        publish_rows(lake, DAY, "first", 3)
        schema = table_schema(Rejection)
        position = schema.get_field_index("detail")
        other = pa.field("details", pa.string()) if change == "rename" else pa.field("detail", pa.int64())
        changed = schema.set(position, other)
        monkeypatch.setattr("newsmill.lake.iceberg.table_schema", lambda _: changed)

        with pytest.raises(SchemaConflict, match=said):
            publish(lake, NEXT_DAY, {"rejections": put(lake, Rejection, NEXT_DAY, "second", 1)})
        assert lake.dates("rejections") == [DAY]
