"""The child that judges. Neither it nor who only starts it carries what the rest of the stage works with."""

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import TYPE_CHECKING

from newsmill.isolate import Workers

if TYPE_CHECKING:
    from newsmill.config import Settings
    from newsmill.tasks.validate.checks import Question, Verdict

_JUDGE_SECONDS = 1800.0

_NOT_JUDGED = ("sqlalchemy", "boto3", "botocore")
"""What Great Expectations can do without, and looks for to judge databases and clouds; here it judges tables."""


def validators(_settings: "Settings | None" = None) -> Workers:
    """The child that judges: it imports Great Expectations, which takes seconds and much memory, while others work."""
    return _validators()


@cache
def _validators() -> Workers:
    return Workers(1, start_validating, seconds=_JUDGE_SECONDS)


def start_validating() -> "Callable[[Question], Verdict]":
    """What the validating child does."""
    for name in _NOT_JUDGED:
        # By which an import of it fails.
        sys.modules[name] = None  # type: ignore[assignment]
    _load_when_used("scipy.stats")
    from newsmill.tasks.validate.suites import judge  # noqa: PLC0415 - only the child pays for this

    return judge


def _load_when_used(name: str) -> None:
    """Put off the loading of a module until something in it is asked for: the recipe of :mod:`importlib`'s own page."""
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return
    loader = spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    parent, _, child = name.rpartition(".")
    setattr(sys.modules[parent], child, module)
    loader.exec_module(module)
