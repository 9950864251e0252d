"""Politeness: when a host may be asked again, and whether it may be asked at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import Problem

_SLOWED_SECONDS = 1.0
"""The least delay of a host that has asked for fewer requests."""

_CALM_AFTER = 10
"""Answers without a complaint after which a slowed host's delay is halved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How hosts are spared; times in seconds."""

    delay_seconds: float = 1.0
    """Between the end of one request and the start of the next to the same host."""
    max_delay_seconds: float = 60.0
    """No delay is longer for a host's being busy. A crawl-delay may be, and is kept to."""
    slow_seconds: float = 3600.0
    """For so long a host whose crawl-delay is longer than that is waited for in all; the rest is for a later poll."""
    patience_seconds: float = 120.0
    """A host that asks by Retry-After to be left alone for longer is left alone, and its pages given up."""
    failures: int = 5
    """In a row, after which a host is not asked again for ``rest_seconds``."""
    rest_seconds: float = 300.0
    obey_robots: bool = True


class Host:
    """The pace of one host: one request at a time, a delay in between that adapts, and a rest where it fails."""

    def __init__(
        self, politeness: Politeness, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._politeness = politeness
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._base = self.delay = politeness.delay_seconds
        self._since = monotonic()
        self._next_at = 0.0
        self._rests_until = 0.0
        self._failures = 0
        self._calm = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The host's only connection, when its delay has passed."""
        async with self._lock:
            while not self._is_spent() and (wait := self._next_at - self._monotonic()) > 0:
                await self._sleep(wait)
            try:
                yield
            finally:
                self._next_at = max(self._next_at, self._monotonic() + self.delay)

    def resting(self) -> Problem | None:
        """Why the host is not to be asked now."""
        if self._is_spent():
            return Problem(
                Reason.FETCH_FAILED, f"the host asks for {self._base:.0f} s between requests: for a later poll"
            )
        left = self._rests_until - self._monotonic()
        if left <= 0:
            return None
        why = f"{self._failures} failures in a row" if self._failures else "it asked to be left alone"
        return Problem(Reason.FETCH_FAILED, f"the host rests for {left:.0f} s after {why}")

    def pause(self, seconds: float) -> None:
        """Nothing is asked for a time, whoever waits for a turn."""
        self._next_at = max(self._next_at, self._monotonic() + seconds)

    def rest(self, seconds: float) -> None:
        """Whoever asks for a turn in this time is turned away."""
        self._rests_until = max(self._rests_until, self._monotonic() + seconds)

    def keep_to(self, crawl_delay: float) -> None:
        """Take the delay that the host's robots.txt asks for."""
        self._base = max(self._politeness.delay_seconds, crawl_delay)
        self.delay = max(self.delay, self._base)

    def _is_spent(self) -> bool:
        """Whether a host that asks for a long delay has had the time that a poll has for it."""
        is_slow = self._base > self._politeness.max_delay_seconds
        return is_slow and self._next_at - self._since > self._politeness.slow_seconds

    def answered(self) -> None:
        """The host has done what was asked; a delay that was raised for it comes down in time."""
        self._failures = 0
        self._calm += 1
        if self._calm >= _CALM_AFTER:
            self._calm = 0
            self.delay = max(self._base, self.delay / 2)

    def complained(self) -> None:
        """The host has said that it is asked too often; where it could not be asked less often, that is a failure."""
        self._calm = 0
        if self.delay >= self._politeness.max_delay_seconds:
            self.failed()
        most = max(self._politeness.max_delay_seconds, self._base)
        self.delay = min(max(self.delay * 2, _SLOWED_SECONDS), most)

    def failed(self) -> None:
        """The host has not answered, or not as a host that works does."""
        self._calm = 0
        self._failures += 1
        if self._failures >= self._politeness.failures:
            self.rest(self._politeness.rest_seconds)
