"""Notices: what a person ought to know of the sources after a poll, in so few lines that they are read."""

from collections.abc import Iterable, Sequence

MOST_LINES = 20
MOST_NAMES = 3


def gathered(notices: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One line for all sources of which the same is to be said; ``notices`` are pairs of a source's name and that.

    What is true of most sources comes first, and of equal ones what was first said. At most ``MOST_LINES`` lines, the
    last of which then says how many sources the others are of: each source's own notice is in its memory.
    """
    names: dict[str, list[str]] = {}
    for name, notice in notices:
        names.setdefault(notice, []).append(name)
    lines = sorted(names.items(), key=lambda said: -len(said[1]))
    shown, left_out = (lines, []) if len(lines) <= MOST_LINES else (lines[: MOST_LINES - 1], lines[MOST_LINES - 1 :])
    told = [f"{some_of(sources)}: {notice}" for notice, sources in shown]
    if left_out:
        told.append(f"{sum(len(sources) for _, sources in left_out):,} more sources: newsmill sources list")
    return tuple(told)


def some_of(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """The names, or the first of them and how many more there are."""
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more:,} more" if more > 0 else ", ".join(names)


def answers(answered: int | None, asked: int | None) -> str | None:
    """How many of the sources answered that were asked; None if none was."""
    return f"{answered or 0:,} of {asked:,} sources answered" if asked else None
