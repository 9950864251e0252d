"""The line cleaner: which lines of a text are the article.

A text that shows no sign of a web page is an article and kept whole. In one that was copied from a page the line model
judges the lines in order and in context; phrases that are never a sentence of an article bind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from newsmill.tasks.extract.chain import BEFORE, BEHIND, HEADLINE, INSIDE, STATES, TEXT, Array, LineModel, marginals
from newsmill.tasks.extract.features import (
    Shape,
    content_words,
    document_features,
    fold,
    main_block,
    shape_of,
)
from newsmill.tasks.extract.phrases import BYLINE_PHRASES, CERTAIN_PHRASES, phrase_of
from newsmill.tasks.extract.words import (
    CLAUSE_STOPS,
    CLOSING,
    QUESTION_MARKS,
    SENTENCE_STOPS,
    bare_end,
    ends_sentence,
    is_without_stops,
    words_of,
)
from newsmill.tasks.inputs.days import days_in

_WEIGHTS = Path(__file__).with_name("lines.json")
_KEPT_FROM = 0.4
"""Probability from which a line is text: a lost sentence costs a reader more than a caption that stays."""

_GOES_ON_FROM = 0.02
"""The same for a sentence right behind text."""

_RESUMES_FROM = 0.05
"""The same for a short sentence right behind text, and for a sentence that only phrases part from it."""

_LEADS_FROM = 0.15
"""The same for a sentence right ahead of text: the lead is what a reader can least do without."""

_BETWEEN_FROM = 0.2
"""The same for a line between two lines of text: a subhead."""

_TITLE_FROM = 0.5
_TITLE_WORDS = range(3, 31)
_TITLE_IN_DOUBT_FROM = 0.15
_CAPTION = re.compile(
    r"[|©]|\b(?:credit|foto|photo|image|bild|quelle|source|crédit|фото)s?\s*:|\w \(.*\)$", re.IGNORECASE
)
"""What headlines do not hold, but captions do."""

_LONGEST_TITLE = 20
"""Words of the longest headline that is taken without the model."""

_TITLE_REACH = 12
"""Lines between a headline and its text: picture, byline, date, share bar."""

_OF_ARTICLES = frozenset({None, "byline", "dateline"})
"""Phrases that stand in articles, too, whatever they were taken from."""

_LEAST_ENTRIES = 3
_ENTRY_WORDS = 4

_LONGEST_BYLINE = 120
_CLOCK_FORM = r"(?:\bat |\bum |\bà )?\b\d{1,2}(?:[:.h]\d\d){1,2}(?: ?[ap]\.?m\b\.?| Uhr)?(?: ?[A-Z]{2,4}\b)?"
_CLOCK = re.compile(_CLOCK_FORM, re.IGNORECASE)
_BYLINE_CUT = re.compile(rf"\s*[|·•]\s*|\s+[–—-]\s+|,? {_CLOCK_FORM}", re.IGNORECASE)
_BESIDE_DAY = 25
"""Characters that a dateline may have beside its day and clock time."""

_TEASER_WORDS = 9
_LEAST_TEASERS = 12
_TEASER_GAP = 2
"""Short lines that may stand between two teasers: a time, a number of comments."""

_STANDFIRST_WORDS = 10
_PROSE_SHARE = 0.7
_CLOSED = frozenset(CLOSING) | QUESTION_MARKS
_SENTENCE_MARKS = (SENTENCE_STOPS | CLAUSE_STOPS | {"…"}) - QUESTION_MARKS - {"-", "–", "—"}
PLACES = {BEFORE: "before the article", INSIDE: "between the article's lines", BEHIND: "after the article"}

_MOST_LINES = 20_000
"""Lines that are judged together: no page of one article has more, and memory stays bounded where a document has."""


_RULED_OUT = -40.0
_SHORT_COPY = 25
_BROKEN_OFF = 1.4
"""Of a copy of so few lines, how many times the sentences kept there must be for all that stand together to be kept."""

_SEES_NONE_FROM = 0.5
"""Probability of no article from which the sentences that stand together are kept, whatever the model makes of them."""


class Role(StrEnum):
    """What a line is."""

    TEXT = "text"
    TITLE = "title"
    BYLINE = "byline"
    BOILERPLATE = "boilerplate"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line's role, and why in a few words."""

    role: Role
    reason: str


@cache
def _model() -> LineModel:
    return LineModel.read(_WEIGHTS)


@cache
def _model_of_articles() -> LineModel:
    """The line model for texts that hold an article for certain: none ends before one has begun."""
    moves = _model().moves.copy()
    moves[len(STATES) + 1, [BEFORE, HEADLINE]] = _RULED_OUT
    return replace(_model(), moves=moves)


def is_certain(line: str) -> bool:
    """Whether the line is a phrase that is never part of an article, whatever stands around it."""
    return phrase_of(line) in CERTAIN_PHRASES


def judge_lines(lines: Sequence[str]) -> list[Verdict]:
    """A verdict for each line, in order. Depends on the lines alone."""
    folded = [" ".join(line.split()) for line in lines]
    places = [i for i, line in enumerate(folded) if line]
    shown = [folded[i] for i in places]
    verdicts = [Verdict(Role.BLANK, "blank")] * len(lines)
    for at in range(0, len(shown), _MOST_LINES):
        for i, verdict in zip(places[at:], judge_shown(shown[at : at + _MOST_LINES]), strict=False):
            verdicts[i] = verdict
    return verdicts


def judge_shown(lines: Sequence[str]) -> list[Verdict]:
    """As :func:`judge_lines`, for lines with their white space folded and none of them blank."""
    phrases = [line_phrase(line) for line in lines]
    if not is_page_copy(lines, phrases):
        return article_verdicts(lines, phrases)
    scores, barred = _model().scores(document_features(lines)), [p in CERTAIN_PHRASES for p in phrases]
    chances = marginals(_model(), scores, barred)
    if not any(p is None and _is_full_sentence(shape_of(line)) for line, p in zip(lines, phrases, strict=True)):
        return verdicts_by(lines, phrases, chances)
    sees_none = chances[-1, BEFORE] + chances[-1, HEADLINE] > _SEES_NONE_FROM
    return verdicts_by(lines, phrases, marginals(_model_of_articles(), scores, barred), sees_none=sees_none)


@lru_cache(maxsize=4096)
def line_phrase(line: str) -> str | None:
    """The phrase that a whole line is, with datelines in any language and bylines that give the day as well."""
    phrase = phrase_of(line)
    if phrase is not None or len(line) > _LONGEST_BYLINE:
        return phrase
    if _is_dateline(line):
        return "dateline"
    return "byline" if any(phrase_of(part) == "byline" for part in byline_parts(line)[:1]) else None


def byline_parts(line: str) -> list[str]:
    """The names, the day and the rest of a line whose parts are separators apart or a clock time; the whole first."""
    parts = [part.strip(" ,;") for part in _BYLINE_CUT.split(line)]
    if any(part and not _is_dateline(part) for part in parts[1:]):
        return [line]
    return [part for part in parts if part] or [line]


def _is_dateline(line: str) -> bool:
    """Whether a line gives a day, or a clock time, and little else."""
    if phrase_of(line) == "dateline" or _CLOCK.fullmatch(line):
        return True
    beside = next((line[: day.start] + line[day.end :] for day in days_in(line)), None)
    return beside is not None and len(_CLOCK.sub("", beside)) <= _BESIDE_DAY and not ends_sentence(line)


def is_page_copy(lines: Sequence[str], phrases: Sequence[str | None]) -> bool:
    """Whether a text shows signs of a web page.

    They are phrases of a page's furniture, three menu entries in a row, and three headlines in a row at the end. Of
    1,421 pages copied as text 99 % have one, of 2,600 articles without their pages 1 %, lists of products apart.
    """
    if any(phrase not in _OF_ARTICLES for phrase in phrases):
        return True
    run = 0
    if any(line == above for above, line in pairwise(lines) if _is_headline_like(line)):
        return True
    for i, line in enumerate(lines):
        run = run + 1 if _is_menu_entry(line) and not (run == 0 and i > 0 and lines[i - 1].endswith(":")) else 0
        if run == _LEAST_ENTRIES:
            return True
    tail = next((n for n, line in enumerate(reversed(lines)) if not _is_open_line(line)), len(lines))
    return _LEAST_ENTRIES <= tail < len(lines)


def _is_menu_entry(line: str) -> bool:
    """Whether a line may be an entry of a menu: a few words that nothing ends, and no figure."""
    shape = shape_of(line)
    return not shape.entry and len(shape.words) <= _ENTRY_WORDS and _is_open_line(line)


def _is_open_line(line: str) -> bool:
    """Whether a line neither ends as sentences and verses do, nor holds a figure as the rows of tables do."""
    return shape_of(line).ending in {"letter", "closing"} and not any(map(str.isdigit, line))


def article_verdicts(lines: Sequence[str], phrases: Sequence[str | None]) -> list[Verdict]:
    """The verdicts for a text that is an article: all is kept, but its headline and what tells its author and day."""
    shapes = [shape_of(line) for line in lines]
    first = next((i for i, shape in enumerate(shapes) if phrases[i] is None and _is_full_sentence(shape)), 0)
    title = _headline_above(lines, phrases, first)
    verdicts = [Verdict(Role.TEXT, "a text without signs of a page")] * len(lines)
    for i in range(first):
        if i == title:
            verdicts[i] = Verdict(Role.TITLE, "headline")
        elif phrases[i] in BYLINE_PHRASES:
            verdicts[i] = Verdict(Role.BYLINE, phrases[i] or "")
    return verdicts


def _headline_above(lines: Sequence[str], phrases: Sequence[str | None], first: int) -> int | None:
    """The headline of an article whose first sentence is line ``first``; none where a table stands ahead of it."""
    above = [i for i in range(first) if phrases[i] is None and "://" not in lines[i]]
    candidates = [i for i in above if _is_headline_like(lines[i]) and len(words_of(lines[i])) <= _LONGEST_TITLE]
    if not candidates or any(any(map(str.isdigit, lines[i])) for i in above if i > candidates[0]):
        return None
    return candidates[0]


def _is_headline_like(line: str) -> bool:
    """Whether a line has a headline's length and is neither a sentence nor a list's entry, a phrase or an address."""
    return (
        len(words_of(line)) in _TITLE_WORDS
        and not is_sentence(line)
        and not shape_of(line).entry
        and "://" not in line
        and line_phrase(line) is None
    )


def verdicts_by(
    lines: Sequence[str], phrases: Sequence[str | None], chances: Array, *, sees_none: bool = False
) -> list[Verdict]:
    """What the model's ``chances`` (lines x states) make of each line; ``sees_none`` where it doubts there is any."""
    kept = likely_text(lines, phrases, chances)
    prose = bare_prose(lines)
    is_broken_off = len(lines) <= _SHORT_COPY and len(prose) > _BROKEN_OFF * len({*kept} & {*prose})
    if sees_none or not kept or is_broken_off:
        kept = sorted({*kept, *prose})
    listed = listed_headlines(lines, phrases) | teaser_runs(lines)
    if not any(is_sentence(lines[i]) for i in kept if i not in listed):
        listed = set()  # in a text without full stops, a poem or a script unknown here, long lines are no teasers
    kept = [i for i in kept if i not in listed]
    trailing = trailing_headlines(lines, kept)
    kept = kept[: len(kept) - len(trailing)]
    is_kept = set(kept)
    title = find_headline(lines, chances, kept)
    headline = shape_of(lines[title]).folded if title is not None else None
    opening = find_standfirst(lines, phrases, kept, title)
    verdicts = []
    for i, line in enumerate(lines):
        chance = f"{chances[i, TEXT]:.2f}"
        if i == title:
            verdicts.append(Verdict(Role.TITLE, "headline"))
        elif headline and shape_of(line).folded == headline:
            verdicts.append(Verdict(Role.BOILERPLATE, "headline repeated"))
        elif i in listed:
            verdicts.append(Verdict(Role.BOILERPLATE, "headline of another article"))
        elif i in trailing:
            verdicts.append(Verdict(Role.BOILERPLATE, "headline after the article"))
        elif i == opening:
            verdicts.append(Verdict(Role.TEXT, f"standfirst ({chance})"))
        elif i in is_kept:
            verdicts.append(Verdict(Role.TEXT, f"article ({chance})"))
        elif phrases[i] in BYLINE_PHRASES:
            verdicts.append(Verdict(Role.BYLINE, phrases[i] or ""))
        else:
            place = PLACES[max(PLACES, key=lambda state: chances[i, state])]
            verdicts.append(Verdict(Role.BOILERPLATE, phrases[i] or f"{place} ({chance})"))
    return verdicts


def likely_text(lines: Sequence[str], phrases: Sequence[str | None], chances: Array) -> list[int]:
    """The lines that the model takes for text, and the sentences right behind them unless it is all but sure.

    It need not be as sure of short sentences either, nor of those that only phrases and listed headlines part from the
    text (an advertisement ends no article), nor of sentences right ahead of the text and of lines between two of it.
    """
    listed = listed_headlines(lines, phrases)
    found: list[int] = []
    latest = 0
    for i, line in enumerate(lines):
        if phrases[i] in CERTAIN_PHRASES or i in listed or (not found and phrases[i] in BYLINE_PHRASES):
            continue
        shape, follows = shape_of(line), bool(found) and found[-1] == latest
        if follows and shape.prose and latest == i - 1:
            lowest = _GOES_ON_FROM
        else:
            lowest = _RESUMES_FROM if follows and (shape.prose or _is_full_sentence(shape)) else _KEPT_FROM
        if chances[i, TEXT] >= lowest:
            found.append(i)
        if phrases[i] is None or found[-1:] == [i]:
            latest = i
    taken = set(found)
    after = len(lines)
    for i in reversed(range(len(lines))):
        if phrases[i] is not None or i in listed:
            continue
        lowest = _LEADS_FROM if shape_of(lines[i]).prose else _BETWEEN_FROM if i - 1 in taken else 1.0
        if after in taken and chances[i, TEXT] >= lowest:
            taken.add(i)
        after = i
    return sorted(taken)


def bare_prose(lines: Sequence[str]) -> list[int]:
    """The sentences of a text that is hardly anything else, or else those of the stretch that holds most of them.

    What is kept of texts in which the model knows no article: a note, a brief, a language that it has not seen.
    """
    shapes = [shape_of(line) for line in lines]
    found = [i for i, shape in enumerate(shapes) if shape.phrase is None and _is_full_sentence(shape)]
    words = sum(len(shapes[i].words) for i in found)
    if words >= _PROSE_SHARE * sum(len(shape.words) for shape in shapes):
        return found
    first, last = main_block(shapes)
    return [i for i in found if first <= i <= last]


def _is_full_sentence(shape: Shape) -> bool:
    """Whether a line has the words of a sentence and ends as one."""
    return len(shape.words) >= 4 and shape.ending in {"stop", "question", "quoted"}


def listed_headlines(lines: Sequence[str], phrases: Sequence[str | None]) -> set[int]:
    """Headlines right behind a heading that announces other articles, up to the next sentence or other phrase."""
    found: set[int] = set()
    for i, line in enumerate(lines):
        is_behind = i - 1 in found or (i > 0 and phrases[i - 1] == "related")
        if is_behind and phrases[i] is None and 4 <= len(words_of(line)) < 30 and not is_sentence(line):
            found.add(i)
    return found


def teaser_runs(lines: Sequence[str]) -> set[int]:
    """Long runs of long lines that end in no mark: the teasers beside and below an article, never its paragraphs."""
    found: set[int] = set()
    run: list[int] = []
    for i, shape in enumerate([*map(shape_of, lines), None]):
        is_long = shape is not None and len(shape.words) >= _TEASER_WORDS
        if shape and is_long and not shape.entry and not is_sentence(lines[i]):
            run.append(i)
        elif shape is None or (is_long and not shape.entry) or (run and i - run[-1] > _TEASER_GAP):
            if len(run) >= _LEAST_TEASERS:
                found.update(range(run[0], run[-1] + 1))
            run = []
    return found


def trailing_headlines(lines: Sequence[str], kept: Sequence[int]) -> list[int]:
    """Kept lines at the end that are other articles' headlines: title case and no sentence. Articles do not end so."""
    found: list[int] = []
    for i in reversed(kept):
        tokens = [t for t in lines[i].split() if t[0].isalpha() and len(t) > 3]
        capitals = sum(t[0].isupper() for t in tokens)
        if (
            is_sentence(lines[i])
            or lines[i][-1] in _CLOSED
            or not 4 <= len(tokens) <= 20
            or capitals < 0.8 * len(tokens)
        ):
            break
        found.append(i)
    return found if len(found) < len(kept) else []


def find_headline(lines: Sequence[str], chances: Array, kept: Sequence[int]) -> int | None:
    """The line that is the headline: ahead of the article's second line, of a headline's length, and not a sentence.

    The model's choice; or a line that stands ahead of the text twice; or the line that opens what was taken for text;
    or the last one ahead of the text that speaks of what the text speaks of.
    """
    if not kept:
        return None
    first = kept[0]
    candidates = [i for i in range(first + (len(kept) > 1)) if _is_headline_like(lines[i])]
    if not candidates:
        return None
    best = max(candidates, key=lambda i: (chances[i, HEADLINE], i))
    if chances[best, HEADLINE] >= _TITLE_FROM:
        return best
    folded = [fold(line) for line in lines[: first + 1]]
    repeated = [i for i in candidates if folded.count(folded[i]) > 1 and len(folded[i].split()) >= 5]
    if repeated:
        return repeated[0]
    if candidates[-1] == first and len(kept) > 1 and lines[first][-1] not in _CLOSED:
        return first
    likely = max(candidates[-_TITLE_REACH:], key=lambda i: (chances[i, HEADLINE], i))
    if chances[likely, HEADLINE] >= _TITLE_IN_DOUBT_FROM:
        return likely
    above = next((i for i in range(first - 1, -1, -1) if line_phrase(lines[i]) is None), None)
    if above in candidates and len(words_of(lines[above])) >= _ENTRY_WORDS and not _CAPTION.search(lines[above]):
        return above
    topic = {w for i in kept for w in content_words(lines[i])}
    for i in reversed(candidates):
        own = content_words(lines[i])
        if first - i <= _TITLE_REACH and len(own) >= 3 and sum(w in topic for w in own) >= 0.6 * len(own):
            return i
    return None


def find_standfirst(
    lines: Sequence[str], phrases: Sequence[str | None], kept: Sequence[int], title: int | None
) -> int | None:
    """The line between headline and text that sums the article up: right ahead of it, a clause of its own words."""
    if not kept or title is None or kept[0] - 1 <= title:
        return None
    i = kept[0] - 1
    words, own = words_of(lines[i]), content_words(lines[i])
    topic = {w for k in kept for w in content_words(lines[k])}
    is_clause = len(words) >= _STANDFIRST_WORDS and sum(w.islower() for w in words) >= 0.5 * len(words)
    speaks_of_it = sum(w in topic for w in own) >= 0.4 * len(own)
    return i if phrases[i] is None and is_clause and speaks_of_it else None


def is_sentence(line: str) -> bool:
    """Whether a line ends as sentences do; headlines end in a question at most."""
    bare = bare_end(line)
    if not bare or bare.endswith(("U.S.", "U.K.")):
        return False
    return bare[-1] in _SENTENCE_MARKS or is_without_stops(bare)
