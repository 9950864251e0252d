"""What file managers, consoles and newer versions leave in a lake stops nothing, and stays."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from newsmill.lake import Lake
from newsmill.lake.publish import SUPERSEDED
from newsmill.lake.query import query
from newsmill.lake.reclaim import collect, expire, orphans, sweep
from newsmill.lake.repair import repair
from newsmill.lake.rollback import rollback
from newsmill.storage import S3Store
from newsmill.tasks.fetch.archive import Archive, Note, Role, damages, entries
from newsmill.tasks.fetch.client import Fetched
from newsmill.tasks.run.attempt import Owner, claimed
from newsmill.tasks.run.tombstones import Tombstones
from newsmill.tasks.upkeep.verify import landed_dates, verify_archive, verify_tables
from tests.conftest import S3Server
from tests.lake.dates import DAY, NEXT_DAY, runs_of
from tests.lake.whole_dates import publish_run

NAMES = (".DS_Store", "._articles.parquet", "._x.jsonl", "._x.avro", "Thumbs.db", "desktop.ini", ".nfs0001", "x.tmp")
NOW = datetime(2126, 1, 1, tzinfo=UTC)
COUNT = "SELECT logical_date, count(*) AS n FROM rejections GROUP BY ALL ORDER BY ALL"


def folders(lake: Lake) -> list[str]:
    """Every folder of the lake, and those that a lake may have."""
    found = {"", "_staging/", "_staging/killed/", "_newsmill/leases/", "_newsmill/removed/", f"{SUPERSEDED}/", "raw/"}
    for info in lake.store.list():
        parts = info.key.split("/")[:-1]
        found |= {"/".join(parts[: number + 1]) + "/" for number in range(len(parts))}
    return sorted(found)


@pytest.fixture
def littered(lake: Lake, request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """A lake of two dates with strays in every folder, and on S3 with the marker of every folder."""
    publish_run(lake, "former", 1)
    publish_run(lake, "now", 2)
    publish_run(lake, "other", 3, day=NEXT_DAY)
    with Archive(lake.store, DAY, tmp_path / "spool") as archive:
        fetched = Fetched(address="https://example.org/a", exchanges=(), problem=None)
        archive.add(fetched, Note(role=Role.ARTICLE, source="wire"), datetime(2026, 1, 5, tzinfo=UTC))
    for folder in folders(lake):
        for name in NAMES:
            lake.store.write(f"{folder}{name}", b"\x00\x05\x16\x07 not ours")
    if isinstance(lake.store, S3Store):
        server: S3Server = request.getfixturevalue("s3_server")
        client = boto3.client("s3", endpoint_url=server.endpoint, region_name="us-east-1")
        for folder in folders(lake):
            client.put_object(Bucket=lake.store.bucket, Key=f"{lake.store.prefix}/{folder}", Body=b"")
    return lake


def test_strays_stop_nothing_and_stay(littered: Lake) -> None:
    before = [info.key for info in littered.store.list() if info.key.rpartition("/")[2] in NAMES]

    assert query(littered, COUNT).column("n").to_pylist() == [2, 3]
    assert landed_dates(littered) == [DAY, NEXT_DAY]
    assert orphans(littered) == []
    assert collect(littered, NOW) == []
    assert [*verify_tables(littered), *verify_archive(littered)] == []
    assert [entry.address for entry in entries(littered.store, DAY)] == ["https://example.org/a"]
    assert not Tombstones.of(littered.store).covers("https://example.org/a")
    with claimed(littered, DAY, "mine", "flow"):
        assert sweep(littered, NOW - timedelta(days=36500), timedelta(days=2)) == []
    rollback(littered, DAY)
    assert runs_of(littered, DAY) == {"former"}
    publish_run(littered, "later", 4, day=NEXT_DAY)
    assert repair(littered) == []
    expire(littered, NOW)

    assert query(littered, COUNT).column("n").to_pylist() == [1, 4]
    assert [info.key for info in littered.store.list() if info.key.rpartition("/")[2] in NAMES] == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"host": 1}', b"\x00" * 40, b'{"renewed_at": "then"}'])
def test_half_written_claims_and_owners_claim_nothing(lake: Lake, content: bytes) -> None:
    lake.store.write("_newsmill/leases/2026-01-05.json", content)
    lake.store.write("_staging/killed/owner.json", content)

    with claimed(lake, DAY, "mine", "flow"):
        owner = Owner.of(lake, "killed")

    assert owner is not None
    assert not owner.is_dead()


def index_key(lake: Lake) -> str:
    keys = (info.key for info in lake.store.list("raw/date="))
    (key,) = (key for key in keys if key.endswith(".jsonl") and "/." not in key)
    return key


def test_fields_of_newer_versions_stop_nothing(littered: Lake) -> None:
    key = index_key(littered)
    line = json.loads(littered.store.read(key))
    line["note"]["colour"] = line["colour"] = "blue"
    littered.store.write(key, json.dumps(line).encode() + b"\n")

    assert [entry.address for entry in entries(littered.store, DAY)] == ["https://example.org/a"]
    assert list(damages(littered.store)) == []


def test_a_damaged_index_is_made_out_from_its_segment(littered: Lake) -> None:
    key = index_key(littered)
    littered.store.write(key, b'{"segment": 3')

    assert [entry.address for entry in entries(littered.store, DAY)] == ["https://example.org/a"]
    ((day, line),) = damages(littered.store)
    assert (day, line) == (DAY, f"{key} cannot be read, and the segment was searched")
