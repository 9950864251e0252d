"""The land stage: what passed the validation is published."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from newsmill import __version__
from newsmill.plain import without_login
from newsmill.schemas.rows import (
    SCHEMA_VERSION,
    LedgerEntry,
    Run,
)
from newsmill.schemas.words import RunStatus
from newsmill.tasks.dedupe import ledger
from newsmill.tasks.dedupe.stage import Deduped, refuse_changed
from newsmill.tasks.enrich import cache
from newsmill.tasks.land.quotes import land_clustered
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import RUNS
from newsmill.tasks.run.versions import library_versions, model_version, run_id
from newsmill.tasks.validate.stage import Audited


def land_run(
    attempt: Attempt, reading: ReadResult, deduped: Deduped, audited: Audited, stage_seconds: Mapping[str, float]
) -> Run:
    """Publish the date: its rows in every table, in one step. Returns the row of ``runs``.

    Raises LedgerChanged, with nothing published, if earlier dates have changed in a way that matters since the dedupe.
    """
    lake, settings = attempt.lake, attempt.settings
    entries, days = audited.files[LedgerEntry.table], settings.dedupe.window_days
    ledger_hash = ledger.staged_evidence(lake, entries, attempt.logical_date, days)
    identity = run_id(attempt.logical_date, reading.input_hash, ledger_hash, settings)
    run = Run(
        attempt_id=attempt.attempt_id,
        status=RunStatus.PUBLISHED,
        started_at=attempt.started_at,
        finished_at=datetime.now(UTC),
        sources=tuple(without_login(source.uri) for source in attempt.sources),
        source_names=tuple(source.name for source in attempt.sources),
        read_count=reading.read_count,
        article_count=audited.article_count,
        duplicate_count=audited.duplicate_count,
        rejection_count=audited.rejection_count,
        entity_count=audited.entity_count,
        quote_count=audited.quote_count,
        attributed_count=audited.attributed_count,
        link_count=audited.link_count,
        stage_seconds=json.dumps({name: round(seconds, 3) for name, seconds in stage_seconds.items()}),
        validation=audited.validation,
        asked_sources=reading.asked_sources,
        answered_sources=reading.answered_sources,
        notices=reading.notices or None,
        input_hash=reading.input_hash,
        ledger_hash=ledger_hash,
        config_hash=settings.config_hash(),
        schema_version=SCHEMA_VERSION,
        pipeline_version=__version__,
        model_name=settings.model,
        model_version=model_version(settings.model),
        library_versions=json.dumps(library_versions()),
    )

    files = {**audited.files, Run.table: (attempt.write(RUNS, Run.to_arrow([run])),)}
    land_clustered(attempt, identity, files, check=partial(refuse_changed, attempt, deduped, reading.batches))
    cache.forget_others(attempt)
    return run
