"""What a run shows in Prefect's pages: a summary and a table of rejections."""

from collections import Counter

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from newsmill.config import RunRequest
from newsmill.plain import shown
from newsmill.schemas.rows import Rejection, Run
from newsmill.tasks.fetch.notices import answers
from newsmill.tasks.run.attempt import open_lake
from newsmill.tasks.validate.stage import Audited

_MOST_ROWS = 100


def publish_artifacts(request: RunRequest, run: Run, audited: Audited) -> None:
    """Leave the summary of a published run, its rejections and a link to its report on the flow run."""
    date = request.logical_date.isoformat()
    create_markdown_artifact(summary(date, run), key="newsmill-run", description=f"Run of {date}")
    rejections = open_lake(request.settings).read(Rejection.table, on=request.logical_date)
    create_table_artifact(
        rejection_rows(Rejection.from_arrow(rejections)), key="newsmill-rejections", description=f"Rejected on {date}"
    )
    create_link_artifact(audited.report_uri, "Validation report", key="newsmill-report")


def summary(date: str, run: Run) -> str:
    """The run in figures, as Markdown."""
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
    rows = "\n".join(f"| {name} | {count} |" for name, count in figures.items())
    told = [line for line in (answers(run.answered_sources, run.asked_sources), *(run.notices or ())) if line]
    notices = "".join(f"- `{shown(line).replace('`', "'")}`\n" for line in told)
    table = f"| | |\n|---|---:|\n{rows}\n\n"
    return f"## newsmill {date}: {run.status}\n\n{table}Validation: `{run.validation}`\n\n{notices}".rstrip() + "\n"


def rejection_rows(rejections: list[Rejection]) -> list[dict[str, object]]:
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
