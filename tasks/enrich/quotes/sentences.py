"""The words of an article by sentence, each quotation one word of it: what rules by order of words read."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import NamedTuple

from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.marks import QuotedSpan

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_TOKEN = re.compile(
    r"(?:Dr|Prof|St|Nr|Abs|Art|Sr|Sra|Mme|Mlle|Mgr|Jr|bzw|ca|vgl|Gen|Hl|Dipl|Ing|[A-ZÀ-Þ])\.(?=[\s-])"
    r"|[\"„“”»«‚‘'][^\W_]+[\"“”«»‘’']-[^\W_]+"
    r"|[^\W_]+(?:(?:[-’'&]|\.(?=[a-z\d]))[^\W_]+)*"
    r"|[^\w\s]|_+"
)
_ENDS = frozenset(".!?…")
_STOPS_INSIDE = frozenset(".!?…")
_NUMBER = re.compile(r"\d{1,2}|[IVX]{1,5}")
_CLOSING = " \t’'”\"»“)›"
_LONGEST = 400
"""Tokens of the longest sentence; what is longer is a list or a table, and read in pieces."""
_OUTLET_WORDS = 4
"""A quotation of so few words may be the name of an outlet or a thing, and part of a noun phrase."""


class Token(NamedTuple):
    """A word, a mark, or a whole quotation (``quote`` is its number among the spans), with offsets into the text."""

    text: str
    lower: str
    start: int
    end: int
    quote: int | None = None

    @property
    def is_capital(self) -> bool:
        """Whether it is written with a capital."""
        return self.quote is None and self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number."""
        return self.quote is None and self.text[0].isalnum()


class Sentence(NamedTuple):
    """A sentence, or the rest of one behind a quotation that ends with a full stop."""

    tokens: tuple[Token, ...]
    paragraph: int

    @property
    def quotes(self) -> list[int]:
        """Where its quotations stand."""
        return [place for place, token in enumerate(self.tokens) if token.quote is not None]


def sentences_of(text: str, spans: Sequence[QuotedSpan], order: WordOrder) -> list[Sentence]:
    """The sentences of a text in order. A quotation over several paragraphs belongs to the one that it starts in."""
    starts = [span.outer[0] for span in spans]
    found: list[Sentence] = []
    behind = 0
    for number, line in enumerate(_LINE.finditer(text)):
        tokens = list(_tokens(text, max(line.start(), behind), line.end(), spans, starts, order))
        if tokens:
            behind = max(behind, tokens[-1].end)
            parts = (piece for part in _split(text, tokens, order) for piece in batched(part, _LONGEST))
            found += [Sentence(piece, number) for piece in parts]
    return found


def tokens_of(text: str, start: int, end: int, order: WordOrder) -> list[Token]:
    """The words and marks of a stretch, quotations or not."""
    return list(_tokens(text, start, end, (), (), order))


def _tokens(
    text: str, start: int, end: int, spans: Sequence[QuotedSpan], starts: Sequence[int], order: WordOrder
) -> Iterator[Token]:
    number = bisect_right(starts, start - 1)
    at = start
    while at < end:
        limit = min(end, spans[number].outer[0]) if number < len(spans) else end
        for match in _TOKEN.finditer(text, at, limit):
            begin = match.start()
            begin += match.end() - begin > 1 and not text[begin].isalnum()  # dem „Müll“-Vergleich: one word
            elided = order.elisions.match(text, begin, match.end())
            if elided:
                yield Token(elided.group(), elided.group().lower(), begin, elided.end())
                begin = elided.end()
            if begin < match.end():
                words = text[begin : match.end()]
                yield Token(words, words.lower(), begin, match.end())
        if number >= len(spans) or spans[number].outer[0] >= end:
            return
        outer = spans[number].outer
        words = text[spans[number].start : spans[number].end]
        yield Token(words, words.lower(), outer[0], outer[1], number)
        at, number = outer[1], number + 1


def _split(text: str, tokens: Sequence[Token], order: WordOrder) -> Iterator[Sequence[Token]]:
    first = 0
    for place, token in enumerate(tokens[:-1]):
        following = tokens[place + 1]
        if not (following.is_capital or following.quote is not None or following.text in "-–—«([¿¡•"):
            continue
        before = tokens[place - 1] if place > first else None
        ends = token.text in _ENDS and not (
            token.text == "."
            and order.ordinal_stops
            and before is not None
            and _NUMBER.fullmatch(before.text)
            and following.is_capital
        )
        if token.quote is not None and following.is_capital:
            ends = text[: token.end].rstrip(_CLOSING)[-1:] in _STOPS_INSIDE if token.end - token.start < 5000 else True
        if ends:
            yield tokens[first : place + 1]
            first = place + 1
    yield tokens[first:]


def may_be_name(token: Token) -> bool:
    """Whether a quotation is short enough to be the name of an outlet: the "Tageblatt"."""
    return token.quote is not None and len(token.text.split()) <= _OUTLET_WORDS and token.text[:1].isupper()
