"""Compare what two models, or two versions, found in the same texts: mentions, quotations and their speakers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

type Subject = Literal["entities", "quotes", "speakers"]
type How = Literal["added", "gone", "changed"]
type Row = Mapping[str, Any]

SUBJECTS: tuple[Subject, ...] = ("entities", "quotes", "speakers")
HOWS: tuple[How, ...] = ("added", "gone", "changed")

_SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A difference in words: what it is about, and what was and is said of it; "" for nothing."""

    how: How
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Example:
    """A change, how often it occurs, and the first article in which it does."""

    change: Change
    count: int
    article_id: str
    url: str | None


@dataclass(slots=True)
class Difference:
    """The differences of a date, gathered article by article."""

    articles: int = 0
    articles_changed: int = 0
    same: Counter[Subject] = field(default_factory=Counter)
    changes: dict[Subject, Counter[Change]] = field(default_factory=lambda: {name: Counter() for name in SUBJECTS})
    _first: dict[tuple[Subject, Change], tuple[str, str | None]] = field(default_factory=dict)

    def add(
        self, article: Row, entities: tuple[Sequence[Row], Sequence[Row]], quotes: tuple[Sequence[Row], Sequence[Row]]
    ) -> None:
        """Compare an article's rows, those before and those after; ``article`` has ``article_id`` and ``url``."""
        found = [*_entity_changes(*entities), *_quote_changes(*quotes)]
        self.articles += 1
        self.articles_changed += any(change for _, change in found)
        for subject, change in found:
            if change is None:
                self.same[subject] += 1
                continue
            self.changes[subject][change] += 1
            self._first.setdefault((subject, change), (article["article_id"], article["url"]))

    def count(self, subject: Subject, how: How) -> int:
        """How many were added, are gone or changed."""
        return sum(count for change, count in self.changes[subject].items() if change.how == how)

    def examples(self, subject: Subject, how: How, most: int) -> list[Example]:
        """The commonest changes of a kind, then by their words."""
        found = [(change, count) for change, count in self.changes[subject].items() if change.how == how]
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return [Example(change, count, *self._first[subject, change]) for change, count in found[:most]]


def paired(before: Iterable[Row], after: Iterable[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of one article, those of the same span together; of the others, those that overlap."""
    unmatched = {(row["start"], row["end"]): row for row in after}
    left = []
    for row in before:
        if (same := unmatched.pop((row["start"], row["end"]), None)) is None:
            left.append(row)
        else:
            yield row, same
    for row in left:
        spans = (span for span in unmatched if span[0] < row["end"] and row["start"] < span[1])
        overlapping = next(spans, None)
        yield row, unmatched.pop(overlapping) if overlapping else None
    for row in unmatched.values():
        yield None, row


def _entity_changes(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[Subject, Change | None]]:
    for old, new in paired(before, after):
        yield "entities", _change(old, new, _entity)


def _quote_changes(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[Subject, Change | None]]:
    for old, new in paired(before, after):
        yield "quotes", _change(old, new, _quote)
        if old and new:
            yield "speakers", _speaker_change(old, new)


def _entity(row: Row) -> str:
    place = f" ({row['country_code']})" if row["country_code"] else ""
    return f"{row['label']} {row['entity_name']}{place} {row['entity_id'][:6]}"


def _quote(row: Row) -> str:
    parts = f", in {len(row['segments'])} parts" if len(row["segments"]) > 1 else ""
    return f"{row['kind']}, cue: {row['cue'] or 'none'}{parts}"


def _change(old: Row | None, new: Row | None, said: Callable[[Row], str]) -> Change | None:
    """How two rows differ, one of which may be missing; None if they do not."""
    before, after = (said(row) if row else "" for row in (old, new))
    if old and new:
        if old["text"] != new["text"]:
            after = f"“{_shown(new['text'])}” {after}"
        return Change("changed", _shown(old["text"]), before, after) if before != after else None
    if old:
        return Change("gone", _shown(old["text"]), before, after)
    return Change("added", _shown(new["text"]), before, after) if new else None


def _speaker_change(old: Row, new: Row) -> Change | None:
    was, now = (row["speaker_name"] or row["speaker_text"] or "" for row in (old, new))
    if was == now:
        return None
    how: How = "changed" if was and now else "added" if now else "gone"
    return Change(how, _shown(new["text"]), was, now)


def _shown(text: str) -> str:
    """A text as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[: _SHOWN_CHARACTERS - 1]}…"
