"""Records go to Arrow and come back as they were."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import TABLES, Duplicate, Quote, RawDocument, Rejection, Segment, table_schema
from newsmill.schemas.words import ContentKind, QuoteKind, Reason, SpeakerMethod, Stage

QUOTE = Quote(
    article_id="a" * 16,
    quote_id="b" * 16,
    quote_index=0,
    text="one two",
    start=1,
    end=8,
    segments=(Segment(start=1, end=4), Segment(start=5, end=8)),
    kind=QuoteKind.DIRECT,
    speaker_text=None,
    speaker_start=None,
    speaker_end=None,
    speaker_entity_id=None,
    speaker_name=None,
    speaker_role=None,
    cue=None,
    cue_start=None,
    cue_end=None,
    method=SpeakerMethod.NO_CUE,
    confidence=None,
)
DOCUMENT = RawDocument(
    input_id="x",
    source="s",
    kind=ContentKind.HTML,
    content=b"\x00\xff",
    raw_uri="x",
    fetched_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
)


@pytest.mark.parametrize("row", [QUOTE, DOCUMENT], ids=["nested", "bytes"])
def test_rows_survive_arrow(row: Record) -> None:
    table = type(row).to_arrow([row])

    assert type(row).from_arrow(table) == [row]


@pytest.mark.parametrize("record", [*TABLES, RawDocument])
def test_no_rows_have_the_same_types_as_many(record: type[Record]) -> None:
    assert record.to_arrow([]).schema.equals(record.arrow_schema(), check_metadata=True)
    assert record.from_arrow(record.to_arrow([])) == []


@pytest.mark.parametrize("record", TABLES)
def test_a_landed_table_starts_with_its_keys(record: type[Record]) -> None:
    assert table_schema(record).names[:2] == ["logical_date", "run_id"]
    assert table_schema(record).names[2:] == [field.name for field in record.fields()]


def test_nullability_follows_the_type() -> None:
    nullable = {field.name for field in Rejection.fields() if field.nullable}

    assert nullable == {"url", "expectation", "raw_uri"}
    assert not Rejection.arrow_schema().field("reason").nullable


def test_a_null_where_none_may_be_is_refused_by_parquet_types() -> None:
    table = Rejection.to_arrow([])

    assert values(table, "reason") == []
    with pytest.raises(TypeError):
        Rejection(input_id="x", url=None, stage=Stage.READ, reason=Reason.EMPTY)  # type: ignore[call-arg]


def test_times_are_utc_microseconds_and_offsets_are_32_bit() -> None:
    for record in TABLES:
        for field in table_schema(record):
            if pa.types.is_timestamp(field.type):
                assert field.type == pa.timestamp("us", tz="UTC")
            if field.name in {"start", "end"} or field.name.endswith(("_start", "_end")):
                assert field.type == pa.int32()


def test_dates_that_are_referred_to_are_dates() -> None:
    assert Duplicate.arrow_schema().field("duplicate_of_date").type == pa.date32()
