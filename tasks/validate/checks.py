"""What a validation is asked and what it answers, without the library that judges: that takes seconds to import.

:mod:`newsmill.tasks.validate.suites` judges, in a child process.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from newsmill.schemas.record import values
from newsmill.schemas.rows import Duplicate, Rejection

RUN_SUITE = "run"
"""Name of the suite of batch rules, whose one row are the :class:`Measures`."""

FEWEST_INPUTS_TO_JUDGE = 100
"""A share of rejected inputs says nothing below this many of them."""

EXAMPLES = 3
"""Values of failing rows that a check shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation, what it saw and whether it held. ``failing`` holds the positions of the failing rows."""

    suite: str
    expectation: str
    description: str
    severity: str
    checked: int
    failed: int
    examples: tuple[str, ...]
    success: bool
    failing: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Suite and expectation, as ``rejections.expectation`` holds them."""
        return f"{self.suite}.{self.expectation}"


@dataclass(frozen=True, slots=True)
class EnrichedRows:
    """Rows of a run to be checked; ``articles`` has ``input_id`` beside the record's columns."""

    articles: pa.Table
    entities: pa.Table
    quotes: pa.Table
    links: pa.Table


@dataclass(frozen=True, slots=True)
class AccountRows:
    """The rows that say why an input is not among the articles."""

    duplicates: pa.Table
    rejections: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The one row that the batch rules are about. ``rejected_share`` is None where there are too few inputs,
    ``usable_count`` where nothing was new."""

    read_count: int
    accounted_count: int
    usable_count: int | None
    rejected_share: float | None
    repeated_article_ids: int
    unresolved_references: int
    malformed_rows: int
    silent_sources: int
    quiet_sources: int
    short_texts: int = 0


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """The measures of a run, and the share of its inputs that may be rejected."""

    measures: Measures
    max_rejected_share: float


type Question = EnrichedRows | AccountRows | RunMeasures


@dataclass(frozen=True, slots=True)
class Verdict:
    """The checks, in the order of the suites, and a rejection for each article that has a failing row."""

    checks: tuple[Check, ...]
    rejections: tuple[Rejection, ...] = ()


def merge_checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks of all groups of rows as one per expectation, in order of appearance, without row positions."""
    merged: dict[str, Check] = {}
    for check in checks:
        known = merged.get(check.name)
        if known is None:
            merged[check.name] = replace(check, failing=())
            continue
        merged[check.name] = replace(
            known,
            checked=known.checked + check.checked,
            failed=known.failed + check.failed,
            examples=(known.examples + check.examples)[:EXAMPLES],
            success=known.success and check.success,
        )
    return tuple(merged.values())


def measure_run(
    *,
    read_count: int,
    is_quiet: bool,
    article_ids: Sequence[str],
    earlier_ids: Collection[str],
    duplicates: pa.Table,
    rejections: pa.Table,
    checks: Sequence[Check],
    silent_sources: int,
    quiet_sources: int,
    short_texts: int = 0,
) -> Measures:
    """What the batch rules are about. ``earlier_ids`` are the published articles that a duplicate may point at.

    ``is_quiet``: the sources could be asked, and had nothing new.
    """
    known = {*earlier_ids, *article_ids}
    rejected = len(rejections)
    return Measures(
        read_count=read_count,
        accounted_count=len(article_ids) + len(duplicates) + rejected,
        usable_count=None if is_quiet else len(article_ids) + len(duplicates),
        rejected_share=rejected / read_count if read_count >= FEWEST_INPUTS_TO_JUDGE else None,
        repeated_article_ids=len(article_ids) - len(set(article_ids)),
        unresolved_references=sum(target not in known for target in values(duplicates, "duplicate_of")),
        malformed_rows=sum(check.failed for check in checks if check.suite in (Duplicate.table, Rejection.table)),
        silent_sources=silent_sources,
        quiet_sources=quiet_sources,
        short_texts=short_texts,
    )


def stopping(checks: Iterable[Check], rejections: pa.Table, answered: str | None = None) -> tuple[str, ...]:
    """Why the run may not be published, one line a failed rule; empty if it may.

    ``answered`` says how many sources did, which is told along with it.

    A critical batch rule stops it, and so does a rule of any suite that could not be evaluated, since rows may then
    have passed unseen.
    """
    lines = []
    for check in checks:
        if check.success or check.severity != "critical":
            continue
        if check.suite == RUN_SUITE:
            lines.append(f"{check.description or check.name} Found: {', '.join(check.examples) or 'nothing'}")
        elif check.examples and check.examples[0].startswith("could not be evaluated"):
            lines.append(f"{check.name} {check.examples[0]}")
    if lines and len(rejections):
        counts = Counter(zip(values(rejections, "stage"), values(rejections, "reason"), strict=True)).most_common(3)
        lines.append("most rejected for " + ", ".join(f"{reason} at {stage} ({n})" for (stage, reason), n in counts))
    if lines and answered:
        lines.append(answered)
    return tuple(lines)


def in_words(checks: Sequence[Check]) -> tuple[str, ...]:
    """The rules that did not hold, the critical ones first: what each asks for, and what was found instead."""
    failed = sorted((check for check in checks if not check.success), key=lambda check: check.severity != "critical")
    return tuple(
        f"{check.name}: {check.description or check.severity} Found: {', '.join(check.examples) or check.failed}"
        for check in failed
    )


def summarise(checks: Sequence[Check]) -> str:
    """The validation result as ``runs.validation`` holds it: a JSON object of counts and names."""
    failed = [check for check in checks if not check.success]
    return json.dumps(
        {
            "checked": len(checks),
            "failed": [check.name for check in failed if check.severity == "critical"],
            "warned": [check.name for check in failed if check.severity != "critical"],
        }
    )
