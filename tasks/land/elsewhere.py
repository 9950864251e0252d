"""Who said a quotation by what other articles say of it: an article that names nobody takes the name that all others
give, and one whose name another article contradicts is marked as disputed.

Only articles of the same date and of earlier ones in the window are asked, and only for what they tell themselves: a
name that was taken from elsewhere says nothing to others. So the answer depends on the rows of these dates alone, not
on the order in which they landed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from newsmill.schemas.record import values
from newsmill.schemas.words import QuoteKind, SpeakerMethod

SURE = 0.89
"""Only speakers of such a confidence are told to others."""
CONFIDENCE = 0.95
"""The chance that a name which all others give is right: .99 over composed copies (docs/quality/quotes.md)."""
LEAST_WORDS = 6
"""Shorter quotations may be said by anybody."""

COLUMNS = (
    *("article_id", "quote_id", "kind", "text", "confidence", "method", "own_method"),
    *("speaker_text", "speaker_name", "speaker_entity_id", "speaker_authority_id"),
)
"""What is read of ``quotes``."""
CHANGED = (
    *("speaker_name", "speaker_entity_id", "speaker_authority_id"),
    *("method", "confidence", "is_disputed", "own_method"),
)
"""What is written."""

_ABSTAINS = frozenset(
    {
        SpeakerMethod.UNRESOLVED,
        SpeakerMethod.AMBIGUOUS,
        SpeakerMethod.NO_CUE,
        SpeakerMethod.DETACHED,
        SpeakerMethod.OTHER_LANGUAGE,
    }
)
"""Why an article may name nobody that leave open who spoke; what is supposed was said by nobody."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_WRITTEN = re.compile(r"\b[A-ZÀ-Þ]\w+")


class Voice(NamedTuple):
    """Whom one article gives a quotation to."""

    article_id: str
    name: str
    entity_id: str
    authority_id: str | None


def own(quotes: pa.Table) -> pa.Table:
    """Quotations as their own articles tell them: without the names that were taken from elsewhere."""
    taken = pc.is_valid(quotes["own_method"])
    nothing = {name: pa.scalar(None, quotes.schema.field(name).type) for name in CHANGED}
    for name in ("speaker_name", "speaker_entity_id", "speaker_authority_id", "confidence"):
        quotes = _with(quotes, name, pc.if_else(taken, nothing[name], quotes[name]))
    quotes = _with(quotes, "method", pc.coalesce(quotes["own_method"], quotes["method"]))
    for name in ("own_method", "is_disputed"):
        quotes = _with(quotes, name, pa.nulls(len(quotes), quotes.schema.field(name).type))
    return quotes


def told_elsewhere(quotes: pa.Table, earlier: Iterable[pa.Table]) -> pa.Table:
    """The quotations of a date, as :func:`own` gives them, with what others say of their speakers.

    ``earlier`` has the rows of the dates of the window, with at least ``COLUMNS``, a date in memory at a time.
    """
    wanted = pa.array(sorted(set(values(quotes, "quote_id"))), pa.string())
    voices: dict[str, list[Voice]] = {}
    for date in (*earlier, quotes):
        for row in _rows(_telling(date, wanted)):
            names = (row["speaker_name"], row["speaker_entity_id"], row["speaker_authority_id"])
            voices.setdefault(row["quote_id"], []).append(Voice(row["article_id"], *names))
    rows = _rows(quotes.select(COLUMNS)) if voices else ()
    changes = {index: change for index, row in enumerate(rows) if (change := _change(row, voices))}
    for name in CHANGED:
        column = values(quotes, name) if changes else []
        for index, change in changes.items():
            column[index] = change.get(name, column[index])
        if changes:
            quotes = _with(quotes, name, pa.array(column, quotes.schema.field(name).type))
    return quotes


def _rows(quotes: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows one after the other, few of them in memory."""
    for batch in quotes.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()


def _telling(quotes: pa.Table, wanted: "pa.Array[Any]") -> pa.Table:
    """The rows of articles that say by themselves, and surely, who said wanted quotations."""
    tells = pc.is_in(quotes["quote_id"], value_set=wanted)
    for flag in (
        pc.greater_equal(quotes["confidence"], pa.scalar(SURE)),
        pc.is_valid(quotes["speaker_entity_id"]),
        pc.is_valid(quotes["speaker_name"]),
        pc.is_null(quotes["own_method"]),
        pc.not_equal(quotes["kind"], pa.scalar(QuoteKind.INDIRECT.value)),
    ):
        tells = pc.and_(tells, flag)
    return quotes.select(COLUMNS).filter(tells)


def _change(row: dict[str, Any], voices: dict[str, list[Voice]]) -> dict[str, Any] | None:
    """The columns of a quotation that others have something to say of."""
    others = [voice for voice in voices.get(row["quote_id"], ()) if voice.article_id != row["article_id"]]
    if not others or row["kind"] == QuoteKind.INDIRECT or len(row["text"].split()) < LEAST_WORDS:
        return None
    if row["speaker_name"] is not None:
        return {"is_disputed": not all(_is_same(row["speaker_name"], voice.name) for voice in others)}
    chosen = _agreed(others)
    if row["method"] not in _ABSTAINS or row["confidence"] is not None or chosen is None:
        return None
    if not _may_be(row["speaker_text"], chosen.name):
        return None
    return {
        "speaker_name": chosen.name,
        "speaker_entity_id": chosen.entity_id,
        "speaker_authority_id": chosen.authority_id,
        "method": SpeakerMethod.ELSEWHERE.value,
        "confidence": CONFIDENCE,
        "is_disputed": False,
        "own_method": row["method"],
    }


def _agreed(others: Sequence[Voice]) -> Voice | None:
    """Whom all name: by the fullest of their names, the commonest of these; None where two name different people."""
    counts = Counter((voice.name, voice.entity_id) for voice in others)
    name, entity_id = min(counts, key=lambda named: (-len(_parts(named[0])), -counts[named], named))
    if not all(_is_same(name, voice.name) for voice in others):
        return None
    known = {voice.authority_id for voice in others if (voice.name, voice.entity_id) == (name, entity_id)} - {None}
    return Voice("", name, entity_id, known.pop() if len(known) == 1 else None)


def _may_be(written: str | None, name: str) -> bool:
    """Whether words that an article has for a speaker, a pronoun or a shared surname, may stand for a name."""
    names = _WRITTEN.findall(written or "")
    return len(names) != 1 or written is None or len(written.split()) > 1 or bool(_parts(written) & _parts(name))


@lru_cache(maxsize=65536)
def _parts(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name)
    return frozenset(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).casefold()))


def _is_same(one: str, other: str) -> bool:
    """Whether two names are of one speaker, one of them shorter: "Hill" and "Ada Hill"."""
    first, second = _parts(one), _parts(other)
    return first <= second or second <= first


def _with(quotes: pa.Table, name: str, column: Any) -> pa.Table:
    place = quotes.schema.get_field_index(name)
    return quotes.set_column(place, quotes.schema.field(place), column)
