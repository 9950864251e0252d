"""What a backfill would do with each date, and why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Literal

from newsmill import __version__
from newsmill.config import Settings, SourceConfig
from newsmill.lake import Lake
from newsmill.schemas.record import values
from newsmill.schemas.rows import SCHEMA_VERSION, Article, Run
from newsmill.tasks.dedupe.ledger import is_settled
from newsmill.tasks.read.stage import Tally, inputs_of
from newsmill.tasks.run.attempt import open_lake, source_on
from newsmill.tasks.run.tombstones import Tombstones
from newsmill.tasks.run.versions import library_versions, model_version

type Choice = Literal["missing", "stale", "all"]
"""Which dates to run: those that have not landed, those that landed otherwise than they would now, or all. A date whose
duplicates were decided by what earlier dates do not say any more counts as one that has not landed."""


class Cause(StrEnum):
    """Why a landed date would not land the same again."""

    CODE = "new code"
    MODEL = "new model"
    SETTINGS = "new settings"
    INPUTS = "new inputs"
    EARLIER = "earlier dates have changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A date, whether it is to be run, and the reasons, for or against: in words, and the causes among them."""

    logical_date: date
    runs: bool
    why: str
    causes: frozenset[Cause] = frozenset()


def plan_date(
    settings: Settings, logical_date: date, sources: Sequence[SourceConfig], *, choice: Choice, examines: bool
) -> Planned:
    """What to do with a date. Unless ``examines`` or the choice asks for it, inputs of landed dates are not read."""
    lake = open_lake(settings)
    rows = lake.read(Run.table, on=logical_date).to_pylist()
    unchosen, unknown = _others(lake, logical_date, settings, sources)
    if unchosen:
        why = f"holds {', '.join(unchosen)} too, which a run of the chosen sources alone would drop; leave out --source"
        return Planned(logical_date=logical_date, runs=False, why=why)
    if unknown and choice != "all":
        why = f"holds {', '.join(unknown)} too, no source that is configured; --force drops that"
        return Planned(logical_date=logical_date, runs=False, why=why)
    if not rows:
        return Planned(logical_date=logical_date, runs=choice != "stale", why="missing")
    run = rows[0]
    causes = stale_causes(run, settings)
    if (examines or choice == "stale") and run["input_hash"] != input_hash(settings, logical_date, sources):
        causes[Cause.INPUTS] = Cause.INPUTS.value
    planned = partial(Planned, logical_date=logical_date)
    if choice == "all":
        return planned(runs=True, why=", ".join([*causes.values(), "forced"]), causes=frozenset(causes))
    if not is_settled(lake, logical_date, settings.dedupe.window_days):
        causes[Cause.EARLIER] = Cause.EARLIER.value
    if choice == "stale" or Cause.EARLIER in causes:
        why = ", ".join(causes.values()) or "up to date"
        return planned(runs=bool(causes), why=why, causes=frozenset(causes))
    why = "; ".join([f"landed already as run {run['run_id']}", *causes.values(), "--force runs it again"])
    return planned(runs=False, why=why, causes=frozenset(causes))


def stale_causes(run: dict[str, Any], settings: Settings) -> dict[Cause, str]:
    """How the run that a row of ``runs`` is of differs from one made now, inputs aside: each cause in words."""
    made_by = (run["pipeline_version"], run["schema_version"], json.loads(run["library_versions"]))
    model = (run["model_name"], run["model_version"])
    now = (settings.model, model_version(settings.model))
    causes: dict[Cause, str] = {}
    if made_by != (__version__, SCHEMA_VERSION, library_versions()):
        causes[Cause.CODE] = Cause.CODE.value
    if model != now:
        causes[Cause.MODEL] = f"{Cause.MODEL} ({' '.join(model)} -> {' '.join(now)})"
    elif run["config_hash"] != settings.config_hash():
        causes[Cause.SETTINGS] = Cause.SETTINGS.value
    return causes


def input_hash(settings: Settings, logical_date: date, sources: Sequence[SourceConfig]) -> str:
    """The hash over the inputs as a run of the archive would read them now."""
    dated = [source_on(source, logical_date) for source in sources]
    store = open_lake(settings).store
    tally = Tally(Tombstones.of(store))
    for _ in tally.over(inputs_of(settings, store, logical_date, dated)):
        pass
    return tally.digest.hexdigest()


def _others(
    lake: Lake, logical_date: date, settings: Settings, sources: Sequence[SourceConfig]
) -> tuple[list[str], list[str]]:
    """What has landed for a date and is not among the sources to be run: those configured, and those that are not."""
    landed = values(lake.read(Article.table, columns=["source"], on=logical_date), "source")
    others = sorted(set(landed) - {source.name for source in sources})
    configured = {source.name for source in settings.sources}
    return [name for name in others if name in configured], [name for name in others if name not in configured]
