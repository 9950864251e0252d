"""Which lines of a page are its article, by their probabilities and by what the page itself sets apart as one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from newsmill.tasks.extract.traits import Array, Layout, headlines

type Marks = npt.NDArray[np.bool_]

_MOST_CUT = 0.5
_UNSURE = 0.5
"""F1 expected of the choice below which trafilatura's own is taken, if that is prose."""

_LIKELY = 0.5
"""Probability that one line at least must have where none reads as running text: else a menu is all that there is."""

_LINKED = 0.9
"""Share of a short line that is a link from which on the line, behind the rest, leads to another article."""

_APART = 40
"""Lines that are left out from which on what is chosen behind them is another part of the page."""

_CERTAIN = 0.7
"""Probability that one line there must have: obituaries and notices far down the page are no article's end."""

_ARTICLE_SHARE = 0.5
"""Share of the chosen words that the headline's article element must hold for the rest to be of other articles."""


def choose(chances: Array, words: Array) -> tuple[Marks, float]:
    """The lines from the probability on that expects the highest F1 by words, which is half of it; and that F1.

    See Lipton et al. 2014 for the half.
    """
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum((chances * words)[order])
    expected = float((2 * right / np.maximum(np.cumsum(words[order]) + right[-1], 1.0)).max())
    return (chances > 0.0) & (chances >= min(expected / 2, _MOST_CUT)), expected


def article_lines(
    chances: Array, words: Array, linked: Array, prose: Marks, kept: Marks | None, inside: Marks | None
) -> Marks:
    """The lines of the article. ``kept`` are those that trafilatura took, ``inside`` those of the article element."""
    chosen, expected = choose(chances, words)
    if expected < _UNSURE and kept is not None and (words * (kept & prose)).sum() > (words * chosen).sum() / 2:
        chosen = kept & (chances > 0.0)
    if not (chosen & (prose | (chances >= _LIKELY))).any():
        return np.zeros(len(chances), dtype=np.bool_)
    if inside is not None and (words * (chosen & inside)).sum() >= _ARTICLE_SHARE * (words * chosen).sum():
        chosen = chosen & inside
    chosen = chosen & ~stray(chances, chosen)
    last = np.flatnonzero(chosen & (prose | (linked < _LINKED)))
    if len(last):
        chosen = chosen & (np.arange(len(chosen)) <= last[-1])  # what is left behind are headlines of others
    return chosen


def stray(chances: Array, chosen: Marks) -> Marks:
    """The chosen lines far behind the last line that the model is sure of; those ahead of the text may be its lead."""
    places = np.flatnonzero(chosen)
    sure = np.flatnonzero(chosen & (chances >= _CERTAIN))
    ends = places[:-1][np.diff(places) > _APART]
    end = next((end for end in ends.tolist() if len(sure) and end >= sure[-1]), len(chosen))
    return chosen & (np.arange(len(chosen)) > end)


def headline_article(layout: Layout, title: str) -> Marks | None:
    """The lines in the outermost article element that the headline stands in; None where it stands in none.

    A page may have other articles whole below its own. Where the headline stands ahead of the element as well, so may
    the lead: lines between them that are in no article are among those returned.
    """
    articles = {number for number, element in enumerate(layout.elements) if element.tag == "article"}
    if not articles:
        return None
    places = [next((n for n in reversed(chain) if n in articles), None) for chain in layout.chains]
    heads = headlines(layout, title)
    own = next((places[i] for i in heads if places[i] is not None), None)
    if own is None:
        return None
    lead = range(heads[0], places.index(own))
    return np.array([place == own or (place is None and i in lead) for i, place in enumerate(places)])


def without_repeats(folded: Sequence[str], prose: Marks, chosen: Marks, title: str) -> list[int]:
    """The places of the chosen lines, without the headline (behind its section, too, if it comes first) and without
    paragraphs that came before."""
    kept: list[int] = []
    seen: set[str] = set()
    for i in np.flatnonzero(chosen).tolist():
        line = folded[i]
        is_title = title and (line == title or (not kept and _is_behind_section(title, line)))
        if is_title or (prose[i] and line in seen):
            continue
        kept.append(i)
        seen.add(line)
    return kept


def _is_behind_section(title: str, line: str) -> bool:
    """Whether a line is the headline with a few words ahead of it; both are folded."""
    ahead = line.removesuffix(f" {title}") if line.endswith(f" {title}") else ""
    return 0 < len(ahead) < len(title) / 2
