"""A run that would publish what is published is known, and none other is taken for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsmill.config import Settings
from newsmill.lake import Lake
from newsmill.schemas.rows import Rejection
from newsmill.schemas.words import Reason, SourceKind
from newsmill.tasks.inputs.source import Source
from newsmill.tasks.land import unchanged
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.noted import has_note, note_key
from newsmill.tasks.run.tombstones import Removed, bury
from tests.lake import dates
from tests.lake.dates import DAY
from tests.lake.whole_dates import publish_run

NOW = datetime(2026, 2, 1, tzinfo=UTC)
EARLIER = date(2026, 1, 3)
READING = ReadResult(batches=1, read_count=4, input_hash="1" * 64, silent_sources=())


def attempt_on(lake: Lake, **settings: object) -> Attempt:
    source = Source(name="in", uri="in", kind=SourceKind.AUTO)
    return Attempt(
        attempt_id=f"{DAY}-again",
        logical_date=DAY,
        sources=(source,),
        settings=Settings.model_validate({"lake": lake.uri, **settings}),
        started_at=NOW,
    )


def land(lake: Lake, run_id: str = "first") -> None:
    """Publish a date, its report and what it follows from."""
    attempt = attempt_on(lake)
    before = unchanged.basis(attempt, READING)
    publish_run(lake, run_id, 2)
    lake.store.write(f"_reports/date={DAY}/{run_id}/index.html", b"report")
    unchanged.note(attempt, READING, before)


@pytest.fixture
def landed(tmp_path: Path) -> Lake:
    """A lake with a date that has landed, and one before it."""
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "earlier", 1, day=EARLIER)
    land(lake)
    return lake


def file_of(lake: Lake, table: str) -> Path:
    return Path(lake.files(table, DAY)[0].uri.removeprefix("file://"))


def test_the_same_again_is_known(landed: Lake) -> None:
    attempt = attempt_on(landed)

    run = unchanged.unchanged_run(attempt, READING)

    assert has_note(landed.store, DAY)
    assert unchanged.is_likely(attempt)
    assert run is not None
    assert (run.attempt_id, run.rejection_count) == ("first", 2)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def bury_host(lake: Lake) -> None:
    bury(lake.store, Removed.HOST, "example.org", NOW)


DOUBTS: dict[str, Callable[[Lake], object]] = {
    "a file is missing": lambda lake: file_of(lake, "rejections").unlink(),
    "a file has another byte": lambda lake: flip(file_of(lake, "duplicates")),
    "the row of the run is damaged": lambda lake: file_of(lake, "runs").write_bytes(b"PAR1"),
    "a killed run has left a file": lambda lake: dates.put(lake, Rejection, DAY, "killed", 3),
    "the head is gone": lambda lake: lake.store.delete(["_newsmill/head.json"]),
    "metadata is gone": lambda lake: lake.store.delete([info.key for info in lake.store.list("rejections/_iceberg/")]),
    "the report is gone": lambda lake: lake.store.delete([f"_reports/date={DAY}/first/index.html"]),
    "the note is gone": lambda lake: lake.store.delete([note_key(DAY)]),
    "the note is damaged": lambda lake: lake.store.write(note_key(DAY), b'{"inputs": '),
    "the note is no object": lambda lake: lake.store.write(note_key(DAY), b"[]"),
    "an earlier date has other rows": lambda lake: publish_run(lake, "other", 3, day=EARLIER),
    "an earlier date has landed": lambda lake: publish_run(lake, "new", 1, day=date(2026, 1, 4)),
    "the date has been published otherwise": lambda lake: publish_run(lake, "other", 3),
    "a page has been removed": bury_host,
}


@pytest.mark.parametrize("change", DOUBTS.values(), ids=DOUBTS)
def test_whatever_has_changed_in_the_lake_means_a_whole_run(landed: Lake, change: Callable[[Lake], object]) -> None:
    change(landed)

    assert unchanged.unchanged_run(attempt_on(landed), READING) is None


@pytest.mark.parametrize(
    "settings",
    [{"page_seconds": 3}, {"dedupe": {"similarity": 0.7}}, {"max_rejected_share": 0.1}],
    ids=lambda settings: next(iter(settings)),
)
def test_other_settings_mean_a_whole_run(landed: Lake, settings: dict[str, object]) -> None:
    attempt = attempt_on(landed, **settings)

    assert not unchanged.is_likely(attempt)
    assert unchanged.unchanged_run(attempt, READING) is None


@pytest.mark.parametrize(
    "reading",
    [replace(READING, input_hash="2" * 64), replace(READING, read_count=0)],
    ids=["other inputs", "no input"],
)
def test_other_inputs_mean_a_whole_run(landed: Lake, reading: ReadResult) -> None:
    assert unchanged.unchanged_run(attempt_on(landed), reading) is None


def test_other_code_means_a_whole_run(landed: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "code_hash", lambda *_folders: "other")

    assert unchanged.unchanged_run(attempt_on(landed), READING) is None


def test_other_sources_mean_a_whole_run(landed: Lake) -> None:
    source = Source(name="in", uri="elsewhere", kind=SourceKind.AUTO)

    assert unchanged.unchanged_run(replace(attempt_on(landed), sources=(source,)), READING) is None


def test_what_was_given_up_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = dates.rejections

    def given_up(count: int) -> object:
        return Rejection.to_arrow(row.replace(reason=Reason.TIMEOUT) for row in Rejection.from_arrow(rows(count)))

    monkeypatch.setitem(dates.ROWS, Rejection, given_up)
    lake = Lake.open(str(tmp_path))
    land(lake)

    assert unchanged.is_likely(attempt_on(lake))
    assert unchanged.unchanged_run(attempt_on(lake), READING) is None


def test_a_later_date_and_what_stands_beside_the_files_change_nothing(landed: Lake) -> None:
    publish_run(landed, "later", 1, day=date(2026, 1, 9))
    landed.store.write(f"rejections/date={DAY}/.DS_Store", b"left by a file manager")

    assert unchanged.unchanged_run(attempt_on(landed), READING) is not None


def test_nothing_is_noted_of_rows_that_may_follow_from_something_else(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    attempt = attempt_on(lake)
    before = unchanged.basis(attempt, READING)
    publish_run(lake, "first", 2)
    publish_run(lake, "earlier", 1, day=EARLIER)

    unchanged.note(attempt, READING, before)

    assert not has_note(lake.store, DAY)


def test_nothing_is_noted_behind_a_date_that_does_not_say_what_it_holds(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path))
    publish_run(lake, "earlier", 1, day=EARLIER, has_hashes=False)

    land(lake)

    assert not has_note(lake.store, DAY)
