"""The metrics as Prometheus' own parser reads them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from newsmill.lake import Lake
from newsmill.tasks.land.metrics import METRICS, write_metrics
from tests.damage import DAYS, build
from tests.lake.dates import DAY, publish_rows
from tests.rows import RUN


def samples(lake: Lake) -> dict[tuple[str, ...], float]:
    families = list(text_string_to_metric_families(lake.store.read(METRICS).decode()))
    assert {family.type for family in families} == {"gauge"}
    assert all(family.documentation for family in families)
    return {
        (sample.name.removeprefix("newsmill_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_published_state_is_counted_and_the_newest_run_told(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    build(lake, tmp_path / "spool")

    write_metrics(lake)

    found = samples(lake)
    assert found["rows", "articles"] == len(lake.read("articles")) > 0
    assert found["dates", "runs"] == len(lake.dates("runs"))
    assert found["bytes", "quotes"] == sum(file.bytes for file in lake.files("quotes"))
    newest = max(lake.dates("runs"))
    assert newest in DAYS
    midnight = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
    assert found[("last_date_timestamp_seconds",)] == midnight.timestamp()
    assert found[("last_finished_timestamp_seconds",)] == RUN.finished_at.timestamp()
    assert found[("last_duration_seconds",)] == (RUN.finished_at - RUN.started_at) / timedelta(seconds=1)
    assert found["last_count", "inputs"] == RUN.read_count
    before = lake.store.read(METRICS)
    write_metrics(lake)
    assert lake.store.read(METRICS) == before


def test_a_lake_without_a_run_has_no_newest(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    publish_rows(lake, DAY, "first", 3)

    write_metrics(lake)

    assert samples(lake)["rows", "duplicates"] == 3
    assert not any(name.startswith("last_") for name, *_ in samples(lake))
