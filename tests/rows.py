"""One small date that is whole: a row of every table, fitting together."""

from datetime import UTC, date, datetime

from newsmill.schemas.rows import (
    SCHEMA_VERSION,
    Article,
    Duplicate,
    Entity,
    LedgerEntry,
    Link,
    Quote,
    Rejection,
    Run,
    Segment,
)
from newsmill.schemas.words import (
    DateSource,
    DuplicateMethod,
    LinkKind,
    QuoteKind,
    Reason,
    RunStatus,
    SpeakerMethod,
    Stage,
)

DAY = date(2026, 1, 5)
TEXT = "“The bridge will open in May,” said Ada Hill."

ARTICLE = Article(
    article_id="a" * 16,
    url="https://example.org/bridge",
    canonical_url="https://example.org/bridge",
    source="wire",
    hostname="example.org",
    title="Bridge to open",
    authors=("Ann Author",),
    published_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
    published_on=DAY,
    published_at_source=DateSource.META,
    modified_at=None,
    language="en",
    description=None,
    text=TEXT,
    word_count=9,
    text_hash="b" * 64,
    section=None,
    tags=(),
    image_url=None,
    extraction_method="trafilatura",
    lines_removed=0,
    revision=0,
    is_wire=None,
    wire_agency=None,
    raw_uri="file:///in/bridge.html",
    fetched_at=None,
    http_status=None,
    schema_version=SCHEMA_VERSION,
    pipeline_version="0.1.0",
    model_name="model",
    model_version="1",
)

ENTITY = Entity(
    article_id=ARTICLE.article_id,
    mention_index=0,
    text="Ada Hill",
    start=TEXT.index("Ada"),
    end=TEXT.index("Ada") + 8,
    label="PERSON",
    entity_id="c" * 16,
    entity_name="Ada Hill",
    country_code=None,
)

QUOTE = Quote(
    article_id=ARTICLE.article_id,
    quote_id="d" * 16,
    quote_index=0,
    text="The bridge will open in May,",
    start=1,
    end=29,
    segments=(Segment(start=1, end=29),),
    kind=QuoteKind.DIRECT,
    speaker_text="Ada Hill",
    speaker_start=ENTITY.start,
    speaker_end=ENTITY.end,
    speaker_entity_id=ENTITY.entity_id,
    speaker_name="Ada Hill",
    speaker_role=None,
    cue="said",
    cue_start=TEXT.index("said"),
    cue_end=TEXT.index("said") + 4,
    method=SpeakerMethod.CUE_AFTER,
    confidence=0.9,
)

LINK = Link(
    article_id=ARTICLE.article_id,
    link_index=0,
    text="bridge",
    start=TEXT.index("bridge"),
    end=TEXT.index("bridge") + 6,
    url="https://example.org/plans.pdf?utm_source=x",
    canonical_url="https://example.org/plans.pdf",
    host="example.org",
    domain="example.org",
    kind=LinkKind.DOCUMENT,
    rel="nofollow",
    target_article_id=None,
)

DUPLICATE = Duplicate(
    input_id="copy.html",
    article_id="9" * 16,
    url=None,
    duplicate_of=ARTICLE.article_id,
    duplicate_of_date=DAY,
    method=DuplicateMethod.SAME_TEXT,
    similarity=1.0,
    containment=1.0,
    title=None,
    source="wire",
    published_at=None,
    text_hash="b" * 64,
)

LEDGER = [
    LedgerEntry(
        article_id=article_id,
        text_hash=int("b" * 16, 16) - 2**64,
        published_at=None,
        is_kept=is_kept,
        revision=0,
        sketch=sketch,
        version="1",
    )
    for article_id, is_kept, sketch in (
        (ARTICLE.article_id, True, b"\x00\x01\xfe\xff"),
        (DUPLICATE.article_id, False, b""),
    )
]

REJECTION = Rejection(
    input_id="empty.txt",
    url=None,
    stage=Stage.READ,
    reason=Reason.EMPTY,
    detail="no content",
    expectation=None,
    raw_uri=None,
)

RUN = Run(
    attempt_id="2026-01-05-0a1b",
    status=RunStatus.PUBLISHED,
    started_at=datetime(2026, 1, 6, 2, tzinfo=UTC),
    finished_at=datetime(2026, 1, 6, 3, tzinfo=UTC),
    sources=("in",),
    source_names=("in",),
    read_count=3,
    article_count=1,
    duplicate_count=1,
    rejection_count=1,
    entity_count=1,
    quote_count=1,
    attributed_count=1,
    link_count=1,
    stage_seconds="{}",
    validation="{}",
    input_hash="1" * 64,
    ledger_hash="3" * 64,
    config_hash="2" * 64,
    schema_version=SCHEMA_VERSION,
    pipeline_version="0.1.0",
    model_name="model",
    model_version="1",
    library_versions="{}",
)
