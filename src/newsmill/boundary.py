"""The boundary around one source, page or date: a mistake of ours that nobody foresaw ends that one, and the work goes
on with the next.

What is foreseen is a rejection, or a NewsmillError that says what to do; it passes. What is caught here is logged with
its traceback, and its one line goes where the problem of a source, page or date is stored and counted. With
``NEWSMILL_UNFORESEEN=raise``, as the tests have it, nothing is caught.
"""

import hashlib
import logging
import os
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from newsmill.errors import NewsmillError

logger = logging.getLogger(__name__)

VARIABLE = "NEWSMILL_UNFORESEEN"

_LONGEST = 300
"""Characters of what an exception says of itself."""


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An exception that was caught; ``detail`` is one line, the same for the same mistake on every machine."""

    detail: str


def within[R](what: str, work: Callable[[], R]) -> R | Unforeseen:
    """What the work gives, or the exception that nobody foresaw; ``what`` names the source, page or date in the log."""
    try:
        return work()
    except NewsmillError:
        raise
    except Exception as error:  # noqa: BLE001 - it is what a boundary is for
        return _caught(what, error)


async def awaited_within[R](what: str, work: Awaitable[R]) -> R | Unforeseen:
    """The same for what is waited for."""
    try:
        return await work
    except NewsmillError:
        raise
    except Exception as error:  # noqa: BLE001 - it is what a boundary is for
        return _caught(what, error)


def iterated_within[Item](what: str, items: Iterable[Item]) -> Iterator[Item | Unforeseen]:
    """The items, and last the exception that ended them."""
    iterator = iter(items)
    while True:
        found = within(what, lambda: next(iterator, _END))
        if found is _END:
            return
        yield found  # type: ignore[misc]  # the end is none of them
        if isinstance(found, Unforeseen):
            return


_END = object()


def line_of(error: BaseException) -> str:
    """The exception in one line, with the hash of its traceback: of the functions, not of this machine's paths."""
    frames = traceback.walk_tb(error.__traceback__)
    steps = [f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}:{line}" for frame, line in frames]
    digest = hashlib.sha256("\n".join([type(error).__name__, *steps]).encode()).hexdigest()[:12]
    said = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    return f"{said} (traceback {digest})"


def _caught(what: str, error: Exception) -> Unforeseen:
    """Raises the exception again where mistakes are looked for."""
    if os.environ.get(VARIABLE) == "raise":
        raise error
    found = Unforeseen(line_of(error))
    logger.error("%s was ended by a mistake of newsmill's own: %s", what, found.detail, exc_info=error)
    return found
