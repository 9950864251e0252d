"""Re-enrich a date that has landed: a model over its stored texts, what that changes, and its publication.

The texts stay as they are; they go through the same stage and the same suites as in a run. What comes out is staged
under a name that says what it was made of, so that going on after a kill, or promoting what has been looked at, finds
it there. It stays until it is promoted, or two days.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newsmill import __version__, progress
from newsmill.config import Settings
from newsmill.errors import DateChanged, UsageError, ValidationStopped
from newsmill.lake import Lake
from newsmill.lake.staging import DRAFTS, drop_staging, read_table, staged_keys
from newsmill.report import render_difference
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import SCHEMA_VERSION, TABLES, Article, Entity, Link, Quote, Rejection, Run
from newsmill.tasks.enrich.stage import enrich_batch
from newsmill.tasks.land.quotes import land_clustered, recluster
from newsmill.tasks.land.story_ids import retell
from newsmill.tasks.run.attempt import Attempt, Owner, claimed, open_lake
from newsmill.tasks.run.authority import authority_rows
from newsmill.tasks.run.staged import (
    ENRICHED,
    EXTRACTED,
    EXTRACTED_LINKS,
    FURNITURE,
    INPUT_ID,
    KEPT,
    REJECTED_AT_ENRICH,
    REVISION,
    Staged,
)
from newsmill.tasks.run.versions import library_versions, model_version
from newsmill.tasks.upkeep.compare import HOWS, SUBJECTS, Difference
from newsmill.tasks.validate.checks import merge_checks, stopping, summarise
from newsmill.tasks.validate.stage import Passed, audit_batches

EXAMPLES = 20
"""Of each kind of change, in the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A date as it would be: staged rows by table, the run as it stands and as it would be, and what differs.

    ``kept`` are the articles that keep what they had, since the new rows could not be made or fail an expectation.
    """

    attempt: Attempt
    base: Run
    run: Run
    run_id: str
    files: Mapping[str, Sequence[str]]
    kept: tuple[Rejection, ...]
    failures: tuple[str, ...]
    difference: Difference
    folder: str
    """Of the report, in the lake."""

    @property
    def report_uri(self) -> str:
        """Where the page for people is."""
        return self.attempt.lake.store.uri(f"{self.folder}/index.html")

    @property
    def changes_nothing(self) -> bool:
        """Whether the date is what the same model made, with the same rows."""
        made_by = ((run.model_name, run.model_version) for run in (self.base, self.run))
        return len(set(made_by)) == 1 and not self.difference.articles_changed


def re_enrich(settings: Settings, logical_date: date, now: datetime) -> Draft:
    """Enrich the published articles of a date anew, by the model of the settings, and write the report of what changes.

    Nothing is published. Raises UsageError for a date that has not landed, ModelError for a model that cannot be used,
    DateChanged if the date is published meanwhile, ConfigError for an authority that cannot be read.
    """
    lake = open_lake(settings)
    base = _landed(lake, logical_date)
    version = model_version(settings.model)
    authority_rows(settings)
    row = lake.read(Run.table, on=logical_date)
    made_by = (__version__, SCHEMA_VERSION, library_versions(), settings.model, version, settings.authority_hash())
    run_id = _hash(str(row["run_id"][0]), *made_by)[:16]
    attempt = Attempt(
        attempt_id=f"{DRAFTS}{logical_date}-{_hash(row.to_pylist(), run_id, settings.batch_size)[:12]}",
        logical_date=logical_date,
        sources=(),
        settings=settings,
        started_at=now,
    )
    Owner.nobody().sign(lake, attempt.attempt_id)
    before = {record: lake.read(record.table, on=logical_date) for record in TABLES}
    refuse_changed(lake, logical_date, base)
    batches = _enrich(attempt, before[Article], before[Link])
    checks, failing, passed = audit_batches(attempt, batches)
    failed = (attempt.read(REJECTED_AT_ENRICH, number) for number in range(batches))
    kept = (*(rejection for table in failed for rejection in Rejection.from_arrow(table)), *failing)
    _keep(attempt, before, {rejection.input_id for rejection in kept}, passed)
    merged = merge_checks(checks)
    failures = stopping(merged, Rejection.to_arrow([]))
    if len(kept) > settings.max_rejected_share * len(passed.article_ids):
        failures += (f"{len(kept)} of {len(passed.article_ids)} articles could not be enriched: {kept[0].detail}",)
    draft = Draft(
        attempt=attempt,
        base=base,
        run=base.replace(
            entity_count=passed.entities,
            quote_count=passed.quotes,
            attributed_count=passed.attributed,
            link_count=passed.links,
            validation=summarise(merged),
            config_hash=_config_hash(settings, base),
            model_name=settings.model,
            model_version=version,
        ),
        run_id=run_id,
        files=passed.files,
        kept=kept,
        failures=failures,
        difference=_difference(lake, passed.files, before),
        folder=f"_reports/date={logical_date}/{attempt.attempt_id}",
    )
    write_report(draft)
    return draft


def promote(draft: Draft, attempt_id: str, now: datetime) -> Run:
    """Publish the draft in one step, as the execution ``attempt_id``; returns the row of its run.

    Raises DateChanged if the date has been published since the draft was made, RunInProgress if a run of it is at work,
    ValidationStopped if the draft may not be published.
    """
    attempt, lake, day = draft.attempt, draft.attempt.lake, draft.attempt.logical_date
    if draft.failures:
        raise ValidationStopped(draft.failures, draft.report_uri)
    with claimed(lake, day, attempt_id):
        files = dict(draft.files)
        run = draft.run.replace(attempt_id=attempt_id, started_at=attempt.started_at, finished_at=now)
        for record in TABLES:
            if record.table not in draft.files:
                rows = Run.to_arrow([run]) if record is Run else lake.read(record.table, on=day)
                files[record.table] = (attempt.write(Staged(f"promoted-{record.table}", rows.schema), rows),)
        land_clustered(attempt, draft.run_id, files, check=partial(refuse_changed, lake, day, draft.base))
    drop_staging(lake, attempt.attempt_id)
    recluster(lake, day, day, attempt.settings.dedupe.window_days)
    retell(lake, day, day, attempt.settings.dedupe.window_days)
    return run


def refuse_changed(lake: Lake, logical_date: date, base: Run) -> None:
    """Raise DateChanged unless the date is what the run ``base`` published."""
    if Run.from_arrow(lake.read(Run.table, on=logical_date)) != [base]:
        raise DateChanged(f"{logical_date} has been published again since it was compared; compare it again")


def _landed(lake: Lake, logical_date: date) -> Run:
    runs = Run.from_arrow(lake.read(Run.table, on=logical_date))
    if not runs:
        raise UsageError(f"{logical_date} has not landed in {lake.uri}; newsmill runs lists the dates that have")
    return runs[0]


def _config_hash(settings: Settings, base: Run) -> str:
    """The hash of the settings if they differ from the run's by the model alone; else the date stays out of date."""
    as_it_was = settings.model_copy(update={"model": base.model_name})
    return settings.config_hash() if as_it_was.config_hash() == base.config_hash else base.config_hash


def _enrich(attempt: Attempt, articles: pa.Table, links: pa.Table) -> int:
    """Stage the articles as dedupe leaves them to the enrich stage and run that; returns how many batches there are."""
    lake, size = attempt.lake, attempt.settings.batch_size
    there = set(staged_keys(lake, attempt.attempt_id))
    starts = range(0, len(articles), size)
    progress.begin(attempt.logical_date, "enrich", total=len(articles))
    for number, start in enumerate(starts):
        # What the stage writes last: with it, the batch is whole.
        if attempt.key(REJECTED_AT_ENRICH, number) not in there:
            rows = articles.slice(start, size)
            own = rows.select(Article.arrow_schema().names).cast(Article.arrow_schema())
            attempt.write(EXTRACTED, own.append_column(INPUT_ID, rows["article_id"]), number)
            attempt.write(EXTRACTED_LINKS, _placed(links, rows), number)
            kept = rows.select(REVISION).add_column(0, "row", pa.array(range(len(rows)), pa.int64()))
            attempt.write(KEPT, kept.cast(KEPT.schema), number)
            attempt.write(FURNITURE, FURNITURE.schema.empty_table(), number)  # which was cut when the date was run
            enrich_batch(attempt, number)
        else:
            progress.advance(attempt.logical_date, min(size, len(articles) - start))
    return len(starts)


def _placed(links: pa.Table, articles: pa.Table) -> pa.Table:
    """The links of articles with the row of each, as the extract stage leaves them."""
    place = {article_id: row for row, article_id in enumerate(values(articles, "article_id"))}
    own = _of(links, set(place)).select(Link.arrow_schema().names).cast(Link.arrow_schema())
    rows = pa.array([place[article_id] for article_id in values(own, "article_id")], pa.int64())
    return own.append_column(EXTRACTED_LINKS.schema.field("row"), rows)


def _keep(attempt: Attempt, before: Mapping[type[Record], pa.Table], ids: set[str], passed: Passed) -> None:
    """Stage the former rows of articles again, and count them among what has passed."""
    if not ids:
        return
    former = [_of(before[record], ids) for record in (Article, Entity, Quote, Link)]
    for table, rows in zip(ENRICHED, former, strict=True):
        key = attempt.write(Staged(f"former-{table.name}", rows.schema), rows)
        passed.files[table.name].append(key)
    passed.article_ids += values(former[0], "article_id")
    passed.count(*former[1:])


def _of(rows: pa.Table, ids: set[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["article_id"], value_set=pa.array(sorted(ids), pa.string())))


def _difference(lake: Lake, files: Mapping[str, Sequence[str]], before: Mapping[type[Record], pa.Table]) -> Difference:
    """What differs, a staged file's articles in memory at a time."""
    difference = Difference()
    for keys in zip(*(files[table.name] for table in ENRICHED), strict=True):
        articles, *after = (read_table(lake, key) for key in keys[:3])
        ids = set(values(articles, "article_id"))
        pairs = [
            (_by_article(_of(before[record], ids)), _by_article(now))
            for record, now in zip((Entity, Quote), after, strict=True)
        ]
        for article in articles.select(["article_id", "url"]).to_pylist():
            name = article["article_id"]
            entities, quotes = ((was.get(name, []), now.get(name, [])) for was, now in pairs)
            difference.add(article, entities, quotes)
    return difference


def _by_article(rows: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows.to_pylist(), key=lambda row: (row["start"], row["end"])):
        found.setdefault(row["article_id"], []).append(row)
    return found


def write_report(draft: Draft) -> None:
    """The report of a draft in the lake: a page for people, and the same as JSON for programs."""
    content, store = as_dict(draft), draft.attempt.lake.store
    store.write(f"{draft.folder}/index.html", render_difference(content).encode())
    store.write(f"{draft.folder}/difference.json", json.dumps(content, indent=1, ensure_ascii=False).encode())


def as_dict(draft: Draft) -> dict[str, Any]:
    """What a draft changes, as the report holds it: counts and examples by subject."""
    difference, base, run = draft.difference, draft.base, draft.run
    return {
        "date": draft.attempt.logical_date.isoformat(),
        "from": f"{base.model_name} {base.model_version}, newsmill {base.pipeline_version}",
        "to": f"{run.model_name} {run.model_version}, newsmill {__version__}",
        "articles": difference.articles,
        "articles_changed": difference.articles_changed,
        "kept": [{"article_id": r.input_id, "reason": r.reason.value, "detail": r.detail} for r in draft.kept],
        "stopped": list(draft.failures),
        "subjects": {
            subject: {
                "same": difference.same[subject],
                **{how: difference.count(subject, how) for how in HOWS},
                "examples": [
                    asdict(example.change)
                    | {"count": example.count, "article_id": example.article_id, "url": example.url}
                    for how in HOWS
                    for example in difference.examples(subject, how, EXAMPLES)
                ],
            }
            for subject in SUBJECTS
        },
    }


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()
