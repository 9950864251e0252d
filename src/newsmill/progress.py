"""How far the work is: who does it tells, and whoever shows it listens. Nobody needs to."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A piece of work, such as a date's run, has begun a step, has done more of it, or is over.

    ``name`` is that of a step that begins, of which ``done`` of ``total`` are done already; without a name, ``done``
    more are. ``total`` is None where it is not known.
    """

    work: str
    name: str | None = None
    done: int = 0
    total: int | None = None
    is_over: bool = False


type Listener = Callable[[Step], None]

_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell the listener, from whichever thread does the work, for as long as the block lasts."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def begin(work: object, name: str, *, total: int | None = None, done: int = 0) -> None:
    """A step of the work begins."""
    _tell(Step(work=str(work), name=name, done=done, total=total))


def advance(work: object, done: int = 1) -> None:
    """So much more of the step is done."""
    _tell(Step(work=str(work), done=done))


def counted[T](items: Iterable[T], work: object) -> Iterator[T]:
    """The items, each of which is told when it is there."""
    for item in items:
        advance(work)
        yield item


def end(work: object) -> None:
    """The work is over."""
    _tell(Step(work=str(work), is_over=True))


def _tell(step: Step) -> None:
    for listener in tuple(_listeners):
        listener(step)
