"""The order in which the dates of a backfill decide on duplicates, whatever the order in which their work is done.

A date's duplicates depend on the articles that earlier dates have published. Dates that run at once therefore share
their reading, extracting and enriching, but each waits before dedupe until the earlier ones of the same backfill have
ended: the result is the one of running them one after the other.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

_waiting: ContextVar[Callable[[], None]] = ContextVar("waiting", default=lambda: None)


class Turns:
    """The dates of one backfill that have not ended yet."""

    def __init__(self, dates: Iterable[date]) -> None:
        self._open = set(dates)
        self._ended = threading.Condition()

    @contextmanager
    def of(self, logical_date: date) -> Iterator[None]:
        """The run of a date, which ends with the block, however it ends."""
        token = _waiting.set(lambda: self._wait(logical_date))
        try:
            yield
        finally:
            _waiting.reset(token)
            with self._ended:
                self._open.discard(logical_date)
                self._ended.notify_all()

    def _wait(self, logical_date: date) -> None:
        with self._ended:
            self._ended.wait_for(lambda: not any(day < logical_date for day in self._open))


def await_turn() -> None:
    """Wait until it is the turn of the date that runs in this context; a run of its own does not wait."""
    _waiting.get()()
