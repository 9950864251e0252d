"""Counts, durations and freshness as Prometheus text, ``_newsmill/metrics.prom`` beside the head.

Written behind each publish from the published state alone, so there is no clock in it: how old the newest run is, who
scrapes reckons from ``newsmill_last_finished_timestamp_seconds``.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time

from newsmill.lake import Lake, TableInfo
from newsmill.schemas.rows import Run

METRICS = "_newsmill/metrics.prom"

type Samples = Iterable[tuple[Mapping[str, str], float]]

_COUNTS = {
    "inputs": "read_count",
    "articles": "article_count",
    "duplicates": "duplicate_count",
    "rejections": "rejection_count",
    "entities": "entity_count",
    "quotes": "quote_count",
    "attributed_quotes": "attributed_count",
    "asked_sources": "asked_sources",
    "answered_sources": "answered_sources",
}


def write_metrics(lake: Lake) -> None:
    """Write the metrics of the published state; raises StorageError if the store does not take them."""
    days = [file.logical_date for file in lake.files(Run.table)]
    runs = Run.from_arrow(lake.read(Run.table, on=max(days))) if days else []
    newest = (datetime.combine(max(days), time(), UTC), runs[0]) if runs else None
    lake.store.write(METRICS, metrics_text(lake.tables(), newest).encode())


def metrics_text(tables: Iterable[TableInfo], newest: tuple[datetime, Run] | None) -> str:
    """Prometheus' text format 0.0.4; ``newest`` is the latest logical date, as its midnight in UTC, and its run."""
    found = sorted(tables, key=lambda info: info.name)
    lines = [
        *_gauge("rows", "Published rows.", [({"table": it.name}, it.rows) for it in found]),
        *_gauge("bytes", "Bytes of the published data files.", [({"table": it.name}, it.bytes) for it in found]),
        *_gauge("files", "Published data files.", [({"table": it.name}, it.files) for it in found]),
        *_gauge("dates", "Logical dates that have rows.", [({"table": it.name}, it.dates) for it in found]),
    ]
    if newest:
        midnight, run = newest
        lines += _gauge("last_date_timestamp_seconds", "The latest logical date.", [({}, midnight.timestamp())])
        finished = run.finished_at.timestamp()
        lines += _gauge("last_finished_timestamp_seconds", "When its run was published.", [({}, finished)])
        seconds = (run.finished_at - run.started_at).total_seconds()
        lines += _gauge("last_duration_seconds", "How long its run took.", [({}, seconds)])
        stages = json.loads(run.stage_seconds).items()
        lines += _gauge("last_stage_seconds", "How long each stage took.", [({"stage": k}, v) for k, v in stages])
        warned = len(json.loads(run.validation).get("warned", ()))
        lines += _gauge("last_warnings", "Rules that warned of its run.", [({}, warned)])
        counts = [
            ({"of": name}, value) for name, field in _COUNTS.items() if (value := getattr(run, field)) is not None
        ]
        lines += _gauge("last_count", "What its run counted.", counts)
    return "\n".join(lines) + "\n"


def _gauge(name: str, meaning: str, samples: Samples) -> list[str]:
    lines = [f"# HELP newsmill_{name} {meaning}", f"# TYPE newsmill_{name} gauge"]
    for labels, value in samples:
        told = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(f"newsmill_{name}{f'{{{told}}}' if told else ''} {value:.15g}")
    return lines
