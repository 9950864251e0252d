"""What a run shows in Prefect's pages, in words: its verdict and figures, the rules that failed, and rejections."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from newsmill.config import RunRequest, Settings
from newsmill.errors import ValidationStopped
from newsmill.overview import PAGE
from newsmill.plain import shown
from newsmill.schemas.rows import Rejection, Run
from newsmill.tasks.fetch.notices import answers
from newsmill.tasks.land.unchanged import in_words
from newsmill.tasks.run.attempt import open_lake
from newsmill.tasks.validate.stage import Audited

_MOST_ROWS = 100
_MOST_LINES = 10


def publish_artifacts(request: RunRequest, run: Run, audited: Audited) -> None:
    """Leave the summary of a published run, its rejections and a link to its report on the flow run."""
    date, settings = request.logical_date.isoformat(), request.settings
    rejections = Rejection.from_arrow(open_lake(settings).read(Rejection.table, on=request.logical_date))
    said = summary(date, run, audited.failed, rejections) + pages(settings, audited.report_uri)
    create_markdown_artifact(said, key="newsmill-run", description=f"Run of {date}")
    create_table_artifact(rejection_rows(rejections), key="newsmill-rejections", description=f"Rejected on {date}")
    create_link_artifact(
        address(settings, audited.report_uri), "Validation report", key="newsmill-report", description=f"Of {date}"
    )


def publish_unchanged(request: RunRequest, run: Run) -> None:
    """Leave on the flow run that it found what an earlier run has published."""
    date, settings = request.logical_date.isoformat(), request.settings
    report = open_lake(settings).store.uri(f"_reports/date={date}/{run.attempt_id}/index.html")
    said = f"## newsmill {date}: unchanged\n\n{in_words(run)}.\n" + pages(settings, report)
    create_markdown_artifact(said, key="newsmill-run", description=f"Run of {date}")


def publish_stop(request: RunRequest, stopped: ValidationStopped) -> None:
    """Leave on the flow run why it was stopped, with its report."""
    date, settings = request.logical_date.isoformat(), request.settings
    lines = ["The validation stopped the publish; the lake is as it was.", "", *_listed(stopped.failures)]
    said = f"## newsmill {date}: stopped\n\n" + "\n".join(lines) + "\n" + pages(settings, stopped.report)
    create_markdown_artifact(said, key="newsmill-run", description=f"Run of {date}")
    create_link_artifact(
        address(settings, stopped.report), "Validation report", key="newsmill-report", description=f"Of {date}"
    )


def address(settings: Settings, uri: str) -> str:
    """Where a report is read: over HTTP if the lake's pages are, since a browser follows no link to a file."""
    if settings.pages_url is None:
        return uri
    return settings.pages_url.rstrip("/") + "/_reports/" + uri.rpartition("/_reports/")[2]


def pages(settings: Settings, report: str) -> str:
    """Links to the report and to the page of the lake; where they lie, if they are not read over HTTP."""
    if settings.pages_url is None:
        return f"\nReport: `{report}`. With `newsmill serve`, or `pages_url` in the settings, this is a link.\n"
    lake = settings.pages_url.rstrip("/") + f"/{PAGE}"
    return f"\n[Validation report]({address(settings, report)}) · [The page of the lake]({lake})\n"


def summary(date: str, run: Run, failed: Sequence[str] = (), rejections: Sequence[Rejection] = ()) -> str:
    """The run's verdict, its figures, the rules that failed and the commonest rejections, as Markdown."""
    figures = {
        "read": run.read_count,
        "articles": run.article_count,
        "duplicates": run.duplicate_count,
        "rejections": run.rejection_count,
        "entities": run.entity_count,
        "quotes": run.quote_count,
        "with a speaker": run.attributed_count,
        "links": run.link_count or 0,
    }
    table = "".join(f"| {name} | {count:,} |\n" for name, count in figures.items())
    told = [line for line in (answers(run.answered_sources, run.asked_sources), *(run.notices or ())) if line]
    parts = [f"## newsmill {date}: {run.status}", f"| | |\n|---|---:|\n{table}".rstrip(), _verdict(run, failed)]
    if rejections:
        parts.append("\n".join(["Rejected:", "", *_rejected(rejections)]))
    if told:
        parts.append("\n".join(["Of the sources:", "", *_listed(told)]))
    return "\n\n".join(parts) + "\n"


def _verdict(run: Run, failed: Sequence[str]) -> str:
    found = json.loads(run.validation)
    lines = failed or [*found.get("failed", ()), *found.get("warned", ())]
    checked = f"{found.get('checked', 0):,} rules"
    if not lines:
        return f"Validation: all {checked} held."
    return "\n".join([f"Validation: of {checked} these did not hold, which stopped nothing:", "", *_listed(lines)])


def _rejected(rejections: Sequence[Rejection]) -> Iterator[str]:
    for row in rejection_rows(rejections)[:_MOST_LINES]:
        yield f"- {row['inputs']:,} x {row['reason']} at {row['stage']}: {_code(f'{row["detail"]} ({row["example"]})')}"


def _listed(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:_MOST_LINES]:
        yield f"- {_code(line)}"
    if len(lines) > _MOST_LINES:
        yield f"- and {len(lines) - _MOST_LINES:,} more"


def _code(text: str) -> str:
    """Text from elsewhere, in which nothing is Markdown."""
    return f"`{' '.join(shown(text).replace('`', "'").split())}`"


def rejection_rows(rejections: Sequence[Rejection]) -> list[dict[str, object]]:
    """Rejections by stage and reason with their count and an example, the commonest first."""
    counts = Counter((r.stage, r.reason) for r in rejections)
    examples = {(r.stage, r.reason): r for r in reversed(rejections)}
    return [
        {
            "stage": stage.value,
            "reason": reason.value,
            "inputs": count,
            "example": shown(examples[stage, reason].input_id),
            "detail": shown(examples[stage, reason].detail),
        }
        for (stage, reason), count in counts.most_common(_MOST_ROWS)
    ]
