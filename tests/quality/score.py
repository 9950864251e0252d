"""Figures of what newsmill makes of the gold, between 0 and 1, and what is wrong, a line each."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from newsmill.schemas.rows import Article, Quote, Rejection
from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.enrich import Enriched
from tests.quality.gold import GoldArticle, GoldPage, GoldQuote

SURE = 0.9
"""A confidence from which on a name should be no wrong one."""

SAME = {QuoteKind.DIRECT: 0.8, QuoteKind.MIXED: 0.8, QuoteKind.INDIRECT: 0.6}
"""The share of their joint characters from which on two stretches are the same."""

CLASSES = {"PERSON": "person", "ORG": "body", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "people"} | (
    dict.fromkeys(("EVENT", "WORK_OF_ART", "LAW", "PRODUCT"), "thing")
)
"""Label to the class that it is counted with; other labels (dates, sums) are not counted."""

# A character of a script without spaces is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_MARKS = "\"'“”„‟‘’«»‹›「」『』`´ \t\n.,;:!?…"
_SHINGLE = 4
_TITLES = frozenset(
    [
        *("the", "a", "an", "mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "professor"),
        *("president", "minister", "senator", "judge"),
    ]
)


@dataclass
class Count:
    """Running counts of a figure."""

    right: int = 0
    found: int = 0
    gold: int = 0

    def add(self, *, right: bool, found: bool = True, gold: bool = False) -> None:
        """One more that was found, or is in the gold, or both; right only if it was found."""
        self.right += right and found
        self.found += found
        self.gold += gold

    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there was nothing to find and nothing was found."""
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else None

    def share(self) -> float | None:
        """The right ones of those found; None where none was."""
        return self.right / self.found if self.found else None


@dataclass
class Scored:
    """Figures by name, and what is wrong in which document."""

    figures: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


# --- pages -----------------------------------------------------------------------------------------------------------


def score_pages(pages: Sequence[GoldPage], found: Sequence[Article | Rejection]) -> Scored:
    """F1 of four-word shingles, averaged over pages; shares of right titles, sets of authors and days.

    Nothing is right only where the gold has nothing: a day for a page that has none is a wrong one.
    """
    scored = Scored()
    texts: list[float] = []
    titles: list[float] = []
    authors: list[float] = []
    days: list[float] = []
    for page, result in zip(pages, found, strict=True):
        if isinstance(result, Rejection):
            scored.wrong.append(f"{page.name}: rejected, {result.reason}")
            for shares in (texts, titles, authors, days):
                shares.append(0.0)
            continue
        day = result.published_on.isoformat() if result.published_on else None
        texts.append(text_f1(page.text, result.text))
        titles.append(float(_folded(page.title) == _folded(result.title or "")))
        authors.append(float(set(map(_folded, page.authors)) == set(map(_folded, result.authors))))
        days.append(float(page.day == day))
        scored.wrong += _wrong_of_page(page, result, day, texts[-1])
    for name, values in (("text F1", texts), ("title", titles), ("authors", authors), ("date", days)):
        scored.figures[name] = sum(values) / len(values)
    return scored


def text_f1(gold: str, text: str) -> float:
    """F1 of the two bags of four-word shingles."""
    theirs, ours = _shingles(gold), _shingles(text)
    return 2 * (theirs & ours).total() / (theirs.total() + ours.total())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return (
        Counter(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))
        if words
        else Counter()
    )


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _wrong_of_page(page: GoldPage, article: Article, day: str | None, f1: float) -> Iterator[str]:
    gold, found = page.text.split("\n"), article.text.split("\n")
    if f1 < 1:
        yield f"{page.name}: text F1 {f1:.3f}"
    yield from (f"{page.name}: lost {line[:100]!r}" for line in gold if line not in article.text)
    yield from (f"{page.name}: kept {line[:100]!r}" for line in found if line not in page.text)
    for what, right, ours in (
        ("title", page.title, article.title or ""),
        ("authors", "; ".join(page.authors), "; ".join(article.authors)),
        ("date", page.day or "none", day or "none"),
    ):
        if _folded(right) != _folded(ours):
            yield f"{page.name}: {what} {ours!r}, not {right!r}"


# --- names -----------------------------------------------------------------------------------------------------------


def score_mentions(articles: Sequence[GoldArticle], found: Sequence[Enriched]) -> Scored:
    """F1 of names by class: equal stretches and equal class, "the" in front and a possessive behind left aside."""
    scored, counts = Scored(), {name: Count() for name in sorted({"all", *CLASSES.values()})}
    for article, enriched in zip(articles, found, strict=True):
        theirs = set(_classed(article.text, ((m.start, m.end, m.label) for m in article.mentions)))
        ours = set(_classed(article.text, ((e.start, e.end, e.label) for e in enriched.entities)))
        for mention in theirs | ours:
            for count in (counts[mention[2]], counts["all"]):
                count.add(right=mention in theirs, found=mention in ours, gold=mention in theirs)
        for start, end, name in sorted(theirs ^ ours):
            verb = "lost" if (start, end, name) in theirs else "found"
            scored.wrong.append(f"{article.name}: {verb} {name} {article.text[start:end]!r}")
    figures = {f"{name} F1": count.f1() for name, count in counts.items()}
    scored.figures = {name: figure for name, figure in figures.items() if figure is not None}
    return scored


def _classed(text: str, mentions: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for start, end, label in mentions:
        article = re.match(r"(?i)the\s+", text[start:end])
        first = start + (article.end() if article else 0)
        possessive = re.search(r"['’]s?$", text[first:end])
        last = first + possessive.start() if possessive else end
        if label in CLASSES and last > first:
            yield first, last, CLASSES[label]


# --- quotations ------------------------------------------------------------------------------------------------------


@dataclass
class _SpeakerCounts:
    """Stretches, stretches with the right speaker, and the speakers of those that are in the gold."""

    spans: Count = field(default_factory=Count)
    attributed: Count = field(default_factory=Count)
    named: Count = field(default_factory=Count)

    def add(self, gold: GoldQuote | None, part: "_Part | None", *, right: bool) -> None:
        """A stretch of the gold with the one found for it, or either alone."""
        # Whom "he" or "the mayor" stands for was not found: words that are no answer, unless the gold has no name too.
        has_speaker = part is not None and (
            right
            or part.quote.speaker_name is not None
            or (part.quote.speaker_text is not None and part.quote.method is not SpeakerMethod.UNRESOLVED)
        )
        both = gold is not None and part is not None
        self.spans.add(right=both, found=part is not None, gold=gold is not None)
        self.attributed.add(right=right, found=has_speaker, gold=gold is not None and bool(gold.names or gold.words))
        if both:
            self.named.add(right=right, found=has_speaker)


@dataclass(frozen=True, slots=True)
class _Part:
    """What newsmill found of one stretch: a quotation with a cue in its middle has two."""

    start: int
    end: int
    quote: Quote


def score_quotes(articles: Sequence[GoldArticle], found: Sequence[Enriched]) -> Scored:
    """Quoted stretches and their speakers, and the clauses of indirect speech and theirs.

    *attributed F1* counts stretches whose speaker is right; *right when named* is the share of right ones among those
    that are found and have one, *right when sure* among all names that are given with a confidence of 0.9 or more, for
    a stretch of the gold or not; *kind* is the share that is called direct or mixed as the gold has it.
    """
    scored = Scored()
    quoted, reported = _SpeakerCounts(), _SpeakerCounts()
    sure, kinds = Count(), Count()
    for article, enriched in zip(articles, found, strict=True):
        parts = [_Part(s.start, s.end, quote) for quote in enriched.quotes for s in quote.segments]
        for counts, is_indirect in ((quoted, False), (reported, True)):
            wanted = [gold for gold in article.quotes if (gold.kind is QuoteKind.INDIRECT) == is_indirect]
            ours = [part for part in parts if (part.quote.kind is QuoteKind.INDIRECT) == is_indirect]
            for gold, part in _pairs(article.text, wanted, ours):
                right = gold is not None and part is not None and _is_right(article, gold, part.quote)
                counts.add(gold, part, right=right)
                if part and part.quote.speaker_name:
                    sure.add(right=right, found=(part.quote.confidence or 0) >= SURE)
                if gold and part and not is_indirect:
                    kinds.add(right=gold.kind is part.quote.kind)
                scored.wrong += _wrong_of_quote(article, gold, part, right=right)
    figures = {
        "span F1": quoted.spans.f1(),
        "attributed F1": quoted.attributed.f1(),
        "right when named": quoted.named.share(),
        "right when sure": sure.share(),
        "kind": kinds.share(),
        "indirect F1": reported.spans.f1(),
        "indirect attributed F1": reported.attributed.f1(),
    }
    scored.figures = {name: figure for name, figure in figures.items() if figure is not None}
    return scored


def _pairs(
    text: str, gold: Sequence[GoldQuote], found: Sequence[_Part]
) -> Iterator[tuple[GoldQuote | None, _Part | None]]:
    """Each of the gold with its own stretch among those found, the most alike first; then what is left of either."""
    alike = sorted(
        (
            (_overlap(_bare(text, g.start, g.end), _bare(text, p.start, p.end)), -i, -j)
            for i, g in enumerate(gold)
            for j, p in enumerate(found)
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for overlap, i, j in alike:
        if overlap >= SAME[gold[-i].kind] and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    for i, each in enumerate(gold):
        yield each, found[pairs[i]] if i in pairs else None
    yield from ((None, part) for j, part in enumerate(found) if j not in pairs.values())


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the marks around it."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip(_MARKS)), end - len(words) + len(words.rstrip(_MARKS))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def _is_right(article: GoldArticle, gold: GoldQuote, quote: Quote) -> bool:
    """One of the gold's names is given, or a part of it that fits nobody else; or, without a name, the gold's words."""
    ours = _name_words(quote.speaker_name or quote.speaker_text or "")
    if any(ours == name or (ours < name and not _fits_another(article, ours, name)) for name in _names(gold)):
        return True
    if quote.speaker_name or not gold.words:
        return False
    theirs = _name_words(gold.words)
    return bool(ours) and (ours <= theirs or theirs <= ours)


def _names(gold: GoldQuote) -> list[frozenset[str]]:
    return [_name_words(name) for name in gold.names]


def _fits_another(article: GoldArticle, part: frozenset[str], name: frozenset[str]) -> bool:
    """Whether a part of a name is one of another name in the article too: a surname that two people have."""
    others = (_name_words(article.text[mention.start : mention.end]) for mention in article.mentions)
    return not part or any(part <= other and not other <= name for other in others)


def _name_words(name: str) -> frozenset[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return frozenset(re.findall(r"\w+", re.sub(r"['’]s?$", "", bare))) - _TITLES


def _wrong_of_quote(article: GoldArticle, gold: GoldQuote | None, part: _Part | None, *, right: bool) -> Iterator[str]:
    place = gold or part
    assert place is not None
    words = article.text[place.start : place.end][:60]
    speaker = (part.quote.speaker_name or part.quote.speaker_text) if part else None
    wanted = (" or ".join(gold.names) or gold.words) if gold else None
    told = f"{part.quote.method}, {part.quote.confidence}" if part else ""
    if gold is None:
        yield f"{article.name}: no quotation {words!r}, by {speaker} ({told})"
    elif part is None:
        yield f"{article.name}: lost {gold.kind} {words!r}, by {wanted}"
    else:
        if not right and (speaker or wanted):
            yield f"{article.name}: {words!r} by {speaker} ({told}), not {wanted}"
        if gold.kind != part.quote.kind:
            yield f"{article.name}: {words!r} is {part.quote.kind}, not {gold.kind}"
