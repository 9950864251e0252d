"""What others say of each line of a page: the articleBody that the page states, and trafilatura, as features."""

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from newsmill.tasks.extract.features import fold
from newsmill.tasks.extract.markup import Layout, Signature, binned

OPINION = "kept"
"""What the names of the features begin with that another extraction's opinion gives."""

_STATED_WORDS = 60
"""Words from which on a stated body is taken for one; shorter ones are summaries."""

_SHARES = (0.01, 0.2, 0.5, 0.8, 0.97)
_PARTS = (0.001, 0.05, 0.3, 0.8)
_PLACES = (2, 3, 5, 10, 30)


def body_features(layout: Layout, body: str | None) -> list[list[str]]:
    """Which lines stand in the articleBody, and how much of the page it covers; none where the page states no body."""
    folded = [shape.folded for shape in layout.shapes]
    stated = fold(body or "")
    size = stated.count(" ") + 1
    if size <= _STATED_WORDS:
        return [[] for _ in folded]
    text = f" {stated} "
    counts = [len(line.split()) for line in folded]
    inside = [f" {line} " in text for line in folded]
    long = [i for i, count in enumerate(counts) if inside[i] and count >= 8]
    first, last = (long[0], long[-1]) if long else (len(folded), -1)
    found = sum(count for count, is_in in zip(counts, inside, strict=True) if is_in and count >= 3)
    here = binned(found / size, (0.3, 0.8, 0.95))
    names = []
    for i, (count, is_in) in enumerate(zip(counts, inside, strict=True)):
        state = int(is_in) if count >= 3 else 2 + is_in
        place = "in" if first <= i <= last else "before" if i < first else "after"
        names.append([f"body={state}", f"body={state} size={min(count // 5, 6)}", f"body={state} here={here} {place}"])
    return names


def kept_states(layout: Layout, other: str) -> list[str]:
    """How much of each line another extraction kept: whole, within (a longer line), start, or cut."""
    lines = [fold(line) for line in other.split("\n")]
    known, text = set(lines), f" {' '.join(lines)} "
    return [_kept_state(shape.folded, known, text) for shape in layout.shapes]


def _kept_state(line: str, known: set[str], text: str) -> str:
    spaces = line.count(" ")
    if line in known:
        return "whole"
    if spaces >= 3 and f" {line} " in text:
        return "within"
    if spaces >= 7 and f" {' '.join(line.split(' ', 6)[:6])} " in text:
        return "start"
    return "cut"


def kept_features(layout: Layout, states: Sequence[str]) -> list[list[str]]:
    """What another extraction made of the line, of the lines around it, of its siblings and of its likes."""
    counts = [len(shape.words) for shape in layout.shapes]
    kept = [state != "cut" for state in states]
    long = [i for i, count in enumerate(counts) if kept[i] and count >= 8]
    first, last = (long[0], long[-1]) if long else (len(counts), -1)
    taken: Counter[HtmlElement | Signature] = Counter()
    words: Counter[HtmlElement | Signature] = Counter()
    for i, (chain, signature) in enumerate(zip(layout.chains, layout.signatures, strict=True)):
        for group in (*chain[1:4], signature):
            words[group] += counts[i]
            taken[group] += counts[i] * kept[i]
    sums = [0]
    for count, is_kept in zip(counts, kept, strict=True):
        sums.append(sums[-1] + count * is_kept)
    total = sums[-1] or 1
    behind = _distances(kept)
    ahead = _distances(kept[::-1])[::-1]
    around = ["edge", *states, "edge"]
    names = []
    for i, state in enumerate(states):
        size = min(counts[i] // 5, 6)
        if first <= i <= last:
            place = "in"
        else:
            place = f"before {binned(first - i, _PLACES)}" if i < first else f"after {binned(i - last, _PLACES)}"
        near = min((sums[min(len(counts), i + 4)] - sums[max(0, i - 3)]) // 30, 5)
        own = [
            f"kept={state}",
            f"kept={state} size={size}",
            f"kept={around[i]},{state},{around[i + 2]}",
            f"kept place={place} {state}",
            f"kept place={place} size={size} {state}",
            f"kept back={behind[i]} ahead={ahead[i]} {state}",
            f"kept near={near} {state}",
        ]
        groups = [
            *((f"up{level}", e) for level, e in enumerate(layout.chains[i][1:4], 1)),
            ("sig", layout.signatures[i]),
        ]
        for name, group in groups:
            share = binned(taken[group] / (words[group] or 1), _SHARES)
            part = binned(taken[group] / total, _PARTS)
            own += [f"kept {name}={share} {state}", f"kept {name}={share} {part} {state}"]
        names.append(own)
    return names


def _distances(marks: Sequence[bool]) -> list[int]:
    """Lines since the last mark, in steps."""
    found, since = [], 99
    for mark in marks:
        found.append(binned(since, (2, 3, 5, 10)))
        since = 1 if mark else since + 1
    return found
