"""Agency copy, exports and tables in whole runs: versions, kills, embargoes, and one of each format in one folder."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.tasks.formats.ninjs_out import ninjs_of
from newsmill.tasks.upkeep.verify import verify_dates
from tests.flows.test_ingest import request
from tests.tasks.read.test_items import NINJS, one_of_each

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

DAY, NEXT = date(2026, 1, 5), date(2026, 1, 6)


def send(folder: Path, name: str, body: str, **changes: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(NINJS | {"body_html": f"<p>{body}</p>"} | changes))


def rows(lake_uri: str, sql: str) -> list[dict[str, Any]]:
    return query(Lake.open(lake_uri), sql).to_pylist()


def test_one_of_each_format_in_one_run(tmp_path: Path) -> None:
    lake_uri = str(tmp_path / "lake")

    run = ingest_and_settle(request(lake_uri, one_of_each(tmp_path / "in")))

    assert run.read_count == run.article_count + run.duplicate_count + run.rejection_count
    landed = rows(lake_uri, "SELECT * FROM articles")
    copies = rows(lake_uri, "SELECT input_id FROM duplicates")
    places = {row["raw_uri"].partition("#")[0][-2:] for row in landed} | {
        row["input_id"].partition("#")[0][-2:] for row in copies
    }
    assert places == {f"{number:02}" for number in range(21)}
    (ninjs,) = (row for row in landed if row["guid"] == "urn:nw:7")
    assert ninjs["topics"] == [{"scheme": "medtop", "code": "20000349", "name": "port"}]
    assert ninjs_of(ninjs)["edNote"] == "check the name"


def test_versions_kills_and_embargoes_over_two_days(tmp_path: Path) -> None:
    lake_uri, one, two = str(tmp_path / "lake"), tmp_path / "one", tmp_path / "two"
    send(one, "a", "The port is open, and two ships came in.", version="2")
    send(one, "b", "The port is open.", version="1", versioncreated="2026-01-05T09:00:00Z")
    send(one, "c", "The mill is for sale.", uri="urn:nw:8")
    send(one, "d", "The mayor will resign.", uri="urn:nw:9", embargoed="2026-01-06T08:00:00Z")
    send(two, "a", "The port is shut again after a storm in the night.", version="3")
    send(two, "c", "The mill is for sale, and it is not.", uri="urn:nw:8", version="4")
    send(two, "d", "The mayor will resign.", uri="urn:nw:9", embargoed="2026-01-06T08:00:00Z")
    send(two, "e", "", uri="urn:nw:8", version="5", pubstatus="canceled")
    send(one, "f", "The lock is open from today on.", uri="urn:nw:6", version="5")
    send(two, "f", "The lock is to be opened.", uri="urn:nw:6", version="4")

    ingest_and_settle(request(lake_uri, one, day=DAY))
    ingest_and_settle(request(lake_uri, two, day=NEXT))

    landed = rows(lake_uri, "SELECT guid, version, revision FROM articles ORDER BY logical_date, guid")
    assert [(row["guid"][-1], row["version"], row["revision"]) for row in landed] == [
        ("6", 5, 0),
        ("7", 2, 0),
        ("7", 3, 1),
        ("9", 3, 0),
    ]
    rejected = rows(lake_uri, "SELECT reason FROM rejections ORDER BY logical_date, reason, input_id")
    assert [row["reason"] for row in rejected] == ["embargoed", "withdrawn", "withdrawn", "withdrawn"]
    lower = rows(lake_uri, f"SELECT method, duplicate_of_date FROM duplicates WHERE logical_date = DATE '{NEXT}'")
    assert lower == [{"method": "same_url", "duplicate_of_date": DAY}]
    assert list(verify_dates(Lake.open(lake_uri), [DAY, NEXT])) == []
