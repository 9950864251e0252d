"""What an article is about, in few terms: the names and the other words of its headline and of how it begins.

Stories are found by these (:mod:`newsmill.tasks.land.stories`), so that the texts of earlier dates need not be read
again. They depend on the article alone: how common a term is among others is for who compares them.
"""

import hashlib
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from babel import Locale, UnknownLocaleError
from justext.utils import get_stoplist, get_stoplists

from newsmill.schemas.words import PlaceKind

TERM = np.dtype([("hash", "<u4"), ("weight", "u1")])
"""How a term is kept: 32 bits of its hash, of which the first says that it is part of a name, and how much the article
says of it, in ``STEP`` parts."""
IS_NAME = 1 << 31
STEP = 32

MOST_WORDS, MOST_NAMES = 32, 16
SEEN, LEAD = 2500, 350
"""Characters of the text that are looked at, and those that count as its lead."""
IN_TITLE, IN_LEAD = 4.0, 2.0
"""How much more a term says there than further down."""
STEM = 6
"""Words are one by so many letters, whatever their endings (truncation as in McNamee and Mayfield, Character n-gram
tokenization for European language text retrieval, 2004)."""
COUNTRY = 0.5
"""What the name of a country or a nationality says beside the name of a town: the news of a day has few countries."""

_NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART", "MISC"})
_PERSON = frozenset({"PERSON", "PER"})
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W\d_{_UNSPACED}](?:[^\W_{_UNSPACED}])+")
_UNSPACED_WORD = re.compile(f"[{_UNSPACED}]")


class Mention(NamedTuple):
    """Of an entity's mention, what its terms are made of."""

    label: str
    start: int
    end: int
    entity_name: str
    place_kind: str | None
    geoname_id: int | None


def terms(title: str | None, text: str, language: str | None, mentions: Iterable[Mention]) -> bytes:
    """The weightiest terms of an article that has these mentions, as an array of ``TERM``; those of names first."""
    names: defaultdict[str, float] = defaultdict(float)
    parts = set[str]()
    spans: list[tuple[int, int]] = []
    for mention in mentions:
        if mention.label not in _NAMES or mention.start >= SEEN:
            continue
        weight = IN_LEAD if mention.start < LEAD else 1.0
        keys = _name_parts(mention)
        spans.append((mention.start, mention.end))
        if mention.place_kind == PlaceKind.COUNTRY or mention.label == "NORP":
            weight *= COUNTRY
        else:
            parts.update(keys)
        if mention.geoname_id is not None:
            weight /= 2
            names[f"@{mention.geoname_id}"] += weight
        for key in keys:
            names[key] += weight / len(keys)
    words: defaultdict[str, float] = defaultdict(float)
    common = _common(language or "")
    for zone, weight in _zones(title or "", text[:SEEN], spans):
        for word in _stems(zone, common):
            if word in parts:
                names[word] += weight if weight == IN_TITLE else 0
            else:
                words[word] += weight
    rows = [
        *((_hash(name) | IS_NAME, weight) for name, weight in _top(names, MOST_NAMES)),
        *((_hash(f"{language or ''} {word}") & ~IS_NAME, weight) for word, weight in _top(words, MOST_WORDS)),
    ]
    return np.array([(key, min(round(weight * STEP), 255)) for key, weight in rows], TERM).tobytes()


def _zones(title: str, text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, float]]:
    """Headline, lead and what follows, without the names that stand in the text."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (min(end, len(text)) - start)}{text[end:]}"
    yield title, IN_TITLE
    yield text[:LEAD], IN_LEAD
    yield text[LEAD:], 1.0


def _name_parts(mention: Mention) -> list[str]:
    """What stays of a name in other outlets: of a person the surname, of others each word."""
    found = list(_stems(mention.entity_name, frozenset()))
    return found[-1:] if mention.label in _PERSON else list(dict.fromkeys(found))


def _stems(text: str, common: frozenset[str]) -> Iterator[str]:
    """The words of a text, folded and cut, without those that are common in its language.

    Where words are not parted by spaces, each two letters in a row.
    """
    for word in _WORD.findall(_folded(text)):
        if _UNSPACED_WORD.match(word):
            yield from (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
        elif len(word) > 2 and word not in common:
            yield word[:STEM]


def _folded(text: str) -> str:
    text = text.casefold().replace("’", "'").replace("'s ", " ")
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@cache
def _common(language: str) -> frozenset[str]:
    """The words that any text of a language has, as jusText lists them; none for a language that it does not have."""
    try:
        name = Locale.parse(language).get_display_name("en") or ""
    except (UnknownLocaleError, ValueError):
        return frozenset()
    known = {listed.split("_")[0]: listed for listed in sorted(get_stoplists())}
    return frozenset(_folded(word) for word in get_stoplist(known[name])) if name in known else frozenset()


def _top(weights: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    """The weightiest, those named first among equals; a term that is named twice as often says not twice as much."""
    found = sorted(weights.items(), key=lambda item: -item[1])[:most]
    return [(term, 1 + math.log2(1 + weight)) for term, weight in found]


@lru_cache(maxsize=1 << 16)
def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "little")
