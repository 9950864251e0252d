"""The child that judges. Neither it nor who only starts it carries what the rest of the stage works with."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from newsmill.isolate import Workers

if TYPE_CHECKING:
    from newsmill.config import Settings
    from newsmill.tasks.validate.checks import Question, Verdict

_JUDGE_SECONDS = 1800.0


def validators(_settings: "Settings | None" = None) -> Workers:
    """The child that judges: it imports Great Expectations, which takes seconds and much memory, while others work."""
    return _validators()


@cache
def _validators() -> Workers:
    return Workers(1, start_validating, seconds=_JUDGE_SECONDS)


def start_validating() -> "Callable[[Question], Verdict]":
    """What the validating child does."""
    from newsmill.tasks.validate.suites import judge  # noqa: PLC0415 - only the child pays for this

    return judge
