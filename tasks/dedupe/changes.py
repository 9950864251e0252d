"""What a revision of an article changed, sentence by sentence: which came, went, moved or were put otherwise."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import SentenceBreaker

from newsmill.schemas.rows import Change
from newsmill.schemas.words import ChangeKind
from newsmill.tasks.inputs.identity import WORD

LEAST_ALIKE = 0.5
"""Share of words in common and in order (Ratcliff and Obershelp) from which a sentence is another one put otherwise."""

_RULES = "en-u-ss-standard"
"""No sentence ends behind Dr. and U.S.; for other languages the rules are the same but for such short forms."""

_SHORT_FORM = re.compile(r"(?:^|\s)(?:[A-Z](?:\.[A-Z])*|Dr|Prof|St|Gen|Col|Sgt|Lt|Sen|Rep|Gov|Rev|Hon|No|Nr|Art|vs)\.$")

_MOST_PAIRS = 40_000
"""Pairs of sentences that are compared; a text of which more would be is another text, not a revision."""


class Pair(NamedTuple):
    """A sentence as it was and as it is, None for one that came or went; without a ``kind`` where it stayed."""

    kind: ChangeKind | None
    before: str | None
    after: str | None


def sentence_changes(before: str, after: str) -> tuple[Change, ...]:
    """The changes in order of the new text, and what went at the place where it stood."""
    return tuple(Change(pair.kind, pair.before, pair.after) for pair in aligned(before, after) if pair.kind)


def aligned(before: str, after: str) -> list[Pair]:
    """Two texts beside one another, in order of the new one.

    Sentences are those of Unicode (UAX 29, ICU) within a paragraph. Equal ones stand for one another, in order as far
    as that goes; of the others each is paired with the one that it is most alike, if any is alike enough.
    """
    old, new = sentences(before), sentences(after)
    same = _in_order(old, new)
    left_old = [i for i in range(len(old)) if i not in set(same.values())]
    left_new = [j for j in range(len(new)) if j not in same]
    moved = _elsewhere(old, new, left_old, left_new)
    left_old = [i for i in left_old if i not in set(moved.values())]
    left_new = [j for j in left_new if j not in moved]
    changed = _put_otherwise(old, new, left_old, left_new)
    gone = [i for i in left_old if i not in set(changed.values())]
    known = {i: j for j, i in (same | moved | changed).items()}
    places = same | moved | changed
    kinds = dict.fromkeys(moved, ChangeKind.MOVED) | dict.fromkeys(changed, ChangeKind.CHANGED)
    kinds |= {j: ChangeKind.ADDED for j in left_new if j not in changed}
    found = [
        *((j, 1, 0, Pair(kinds.get(j), old[places[j]] if j in places else None, new[j])) for j in range(len(new))),
        *((_place_of(i, known), 0, i, Pair(ChangeKind.REMOVED, old[i], None)) for i in gone),
    ]
    return [pair for *_, pair in sorted(found, key=lambda entry: entry[:3])]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a paragraph's end is a sentence's end."""
    lines = (line for line in text.split("\n") if line.strip())
    return [sentence for line in lines for sentence in _sentences_of(line)]


def _sentences_of(line: str) -> Iterator[str]:
    """A title or initial and what it belongs to are one sentence."""
    short = ""
    for start, end in SentenceBreaker(line, _RULES).segments():
        part = (short + line[start:end]).strip()
        short = f"{part} " if _SHORT_FORM.search(part) and end < len(line) else ""
        if part and not short:
            yield part


def _in_order(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """New sentences that stand where they stood: their places to those of the old ones."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.b + n: block.a + n for block in blocks for n in range(block.size)}


def _elsewhere(
    old: Sequence[str], new: Sequence[str], left_old: Sequence[int], left_new: Sequence[int]
) -> dict[int, int]:
    """Those that stand elsewhere now."""
    places: dict[str, deque[int]] = {}
    for i in left_old:
        places.setdefault(old[i], deque()).append(i)
    return {j: places[new[j]].popleft() for j in left_new if places.get(new[j])}


def _put_otherwise(
    old: Sequence[str], new: Sequence[str], left_old: Sequence[int], left_new: Sequence[int]
) -> dict[int, int]:
    """Those that are put otherwise, the most alike first."""
    if len(left_old) * len(left_new) > _MOST_PAIRS:
        return {}
    pairs = sorted(
        (-alike, i, j) for i in left_old for j in left_new if (alike := _alike(old[i], new[j])) >= LEAST_ALIKE
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in taken and j not in found:
            found[j] = i
            taken.add(i)
    return found


def _alike(one: str, other: str) -> float:
    a, b = _words(one), _words(other)
    if not a or not b:
        return 0.0
    most = 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))  # which the ratio cannot exceed
    return 0.0 if most < LEAST_ALIKE else SequenceMatcher(None, a, b, autojunk=False).ratio()


@lru_cache(maxsize=1024)
def _words(sentence: str) -> tuple[str, ...]:
    return tuple(WORD.findall(sentence.lower()))


def _place_of(i: int, known: dict[int, int]) -> int:
    """Before which new sentence one that went stood: behind the nearest ahead of it that is still there."""
    return next((known[n] + 1 for n in range(i - 1, -1, -1) if n in known), 0)
