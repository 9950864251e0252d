"""Times as feeds have them: a zone that is stated counts, and a time that could be several is none."""

from datetime import UTC, datetime

import pytest

from newsmill.tasks.fetch.times import parse_time

MORNING = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
EVENING = datetime(2026, 1, 5, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 05 Jan 2026 09:30:00 CET", MORNING),
        ("Mon, 05 Jan 2026 10:30:00 CEST", MORNING),
        ("Mon, 05 Jan 2026 09:30:00 MEZ", MORNING),
        ("Mon, 05 Jan 2026 17:30:00 JST", MORNING),
        ("Mon, 05 Jan 2026 03:30:00 EST", MORNING),
        ("Mon, 05 Jan 2026 19:00:00 ACDT", MORNING),
        ("Mon, 05 Jan 2026 09:30:00 +0100 (CET)", MORNING),
        ("Mon, 05 Jan 2026 09:30:00 GMT+1", MORNING),
        ("2026-01-05 09:30:00 Europe/Paris", MORNING),
        ("Mon, 05 Jan 2026 14:00:00 IST", None),
        ("Mon, 05 Jan 2026 14:00:00 XYZ", None),
        ("2026-01-05 09:30:00 Europe/Nowhere", None),
        ("Mon, Jan 5 2026 08:30:00 PM", EVENING),
        ("Mon, 5 Jan 2026 3:30 p.m. EST", EVENING),
        ("January 5, 2026 at 8:30 am", MORNING),
        ("Mon, 05 Jan 2026 12:00 AM", datetime(2026, 1, 5, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 12:00 PM", datetime(2026, 1, 5, 12, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 20:30 PM", EVENING),
        ("2026-01-05T03:30:00-05:00Z", MORNING),
        ("2026-01-05T08:30:00.123456789Z", MORNING),
        ("20260105T083000Z", MORNING),
        ("20260105T0930+0100", MORNING),
        ("2026/01/05 08:30", MORNING),
        ("Mon, 5th January 2026 08:30 GMT", MORNING),
        ("lun., 5 janv. 2026 09:30:00 +0100", MORNING),
        ("lunes, 5 de enero de 2026 08:30", MORNING),
        ("Пн, 05 янв 2026 11:30:00 +0300", MORNING),
        ("Mo, 05. Januar 2026, 08:30 Uhr", MORNING),
        ("Mon Jan 5 03:30:00 EST 2026", MORNING),
        ("Sun, 04 Jan 2026 24:00:00 GMT", datetime(2026, 1, 5, tzinfo=UTC)),
        ("2026-01-05 8:30:00 AM", MORNING),
        ("05.01.2026 08:30", MORNING),
        ("5.1.2026", datetime(2026, 1, 5, tzinfo=UTC)),
        ("25/01/2026 08:30", datetime(2026, 1, 25, 8, 30, tzinfo=UTC)),
        ("01/25/2026 08:30 AM", datetime(2026, 1, 25, 8, 30, tzinfo=UTC)),
        ("01/05/2026 08:30", None),
        ("45/01/2026", None),
        ("2026年1月5日 08:30", MORNING),
        ("2026년 1월 5일", datetime(2026, 1, 5, tzinfo=UTC)),
        ("Чт, 26 ноя 2026 11:30:00 +0300", datetime(2026, 11, 26, 8, 30, tzinfo=UTC)),
        ("5 xyz 2026", None),
        ("0001-01-01T00:00:00Z", None),
        ("Wed, 31 Dec 1969 19:00:00 -0500", None),
        ("1970-01-01T00:00:01Z", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("2026-01", None),
        ("2026-02-30", None),
        ("Mon, 05 Jan 2026 25:00:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_the_moment_that_it_states(text: str | None, expected: datetime | None) -> None:
    assert parse_time(text) == expected
