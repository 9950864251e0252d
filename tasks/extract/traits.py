"""What the tree model sees of each line of a page: numbers that mean the same in any language.

How long the line is and how it ends, how much of it is a link, what it stands in, what stands around it, whether the
page's own JSON-LD states it and whether trafilatura kept it. No word of any language is among them; the names that
publishers give to their classes are, weighed beforehand.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain as chained
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from lxml.html import HtmlElement

from newsmill.tasks.extract.blocks import Block
from newsmill.tasks.extract.phrases import CERTAIN_PHRASES, phrase_of

type Array = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]+")
"""Words; of scripts without spaces two characters."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")

_SEEN = 4000
"""Characters of a line that are looked at: no paragraph has more, and a document may be one line of megabytes."""

_STOPS = ".!?。！？．｡।॥؟۔։።፧፨។៕။܀᠃᠉"
"""What ends sentences, in all scripts that newspapers are printed in."""

_CLOSERS = "\"'”’»›)]」』】）“"
_SENTENCE_END = re.compile(rf"[{re.escape(_STOPS)}][{re.escape(_CLOSERS)}]*(?:\s|$)|[。！？।။]")
_DIGIT, _FULL_STOP, _COMMA, _QUOTE, _SEPARATOR, _GUILLEMET = range(6)
_SIGN_KINDS = {
    **dict.fromkeys(_STOPS, _FULL_STOP),
    **dict.fromkeys(",;،؛、，；", _COMMA),
    **dict.fromkeys('"“”«„「『', _QUOTE),
    **dict.fromkeys(["|", "·", "•", "›", " / ", " > "], _SEPARATOR),
    "»": _GUILLEMET,
}
"""What a sign counts for, if it is no digit; the guillemet is a quotation mark and a separator."""

_SIGN = re.compile(rf" [/>] |[,;،؛、，；\d\"“”«»„「『|·•›{re.escape(_STOPS)}]")
_ASCII_SIGN = re.compile(r" [/>] |[,;0-9\"|.!?]")
_DOMAIN = re.compile(r"\.(?:com|org)\b")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONG_WORD = 4
"""Characters from which on a word is taken for one that tells what a text is about."""

_PROSE_WORDS = 8
_UNENDED_PROSE_WORDS = 25


class Look(NamedTuple):
    """What a line shows on its own."""

    words: tuple[str, ...]
    folded: str
    """The words in lower case, equal for lines that differ in marks only."""
    topic: frozenset[str]
    """The words that tell what the line is about: not the shortest ones of alphabets."""
    phrase: str | None
    is_barred: bool
    """Is what no article says, whatever stands around it."""
    is_prose: bool
    """Reads as running text: some length, and an end as sentences have it."""
    numbers: tuple[float, ...]
    """The values of the first traits."""


_OWN = (
    *("words", "characters", "word length", "ending", "opening", "sentences", "commas", "digits", "capitals"),
    *(
        "all capitals",
        "quotes",
        "separators",
        "address",
        "clock",
        "year",
        "rights",
        "phrase",
        "certain phrase",
        "prose",
    ),
)


@lru_cache(maxsize=4096)
def look_of(line: str) -> Look:
    """A line's own numbers. ``line`` has its white space folded and is not blank."""
    seen = line[:_SEEN]
    lowered = seen.lower()
    is_ascii = seen.isascii()
    words = tuple((_ASCII_WORD if is_ascii else _WORD).findall(lowered))
    count = len(words)
    ending = _ending(seen)
    phrase = phrase_of(line)
    is_prose = phrase is None and (
        (count >= _PROSE_WORDS and ending in (_STOP, _COLON)) or count >= _UNENDED_PROSE_WORDS
    )
    initials = [word[0] for word in seen.split(" ", 40)[:40] if word[:1].isalpha()]
    signs = (_ASCII_SIGN if is_ascii else _SIGN).findall(seen)
    counts = [0] * 6
    for sign in signs:
        counts[_SIGN_KINDS.get(sign, _DIGIT)] += 1
    digits = counts[_DIGIT]
    numbers = (
        float(count),
        float(len(line)),
        len(seen) / (count or 1),
        float(ending),
        float(_opening(seen)),
        float(len(_SENTENCE_END.findall(seen))) if counts[_FULL_STOP] else 0.0,
        counts[_COMMA] / (count or 1),
        digits / len(seen),
        sum([letter.isupper() for letter in initials]) / (len(initials) or 1),
        float(count > 1 and seen.isupper()),
        float(counts[_QUOTE] + counts[_GUILLEMET]),
        float(counts[_SEPARATOR] + counts[_GUILLEMET]),
        float(_has_address(seen)),
        float(digits > 0 and _CLOCK.search(seen) is not None),
        float(digits > 0 and _YEAR.search(seen) is not None),
        float("©" in seen or "copyright" in lowered or "(c)" in lowered),
        float(phrase is not None),
        float(phrase in CERTAIN_PHRASES),
        float(is_prose),
    )
    if is_ascii:
        topic = frozenset([word for word in words if len(word) >= _LONG_WORD])
    else:
        topic = frozenset([word for word in words if len(word) >= _LONG_WORD or not word.isascii()])
    return Look(words, " ".join(words), topic, phrase, phrase in CERTAIN_PHRASES, is_prose, numbers)


def _has_address(line: str) -> bool:
    if "@" in line or "://" in line or "www." in line:
        return True
    return (".com" in line or ".org" in line) and _DOMAIN.search(line) is not None


_LETTER, _NUMBER, _STOP, _COLON, _PAUSE, _ELLIPSIS, _CLOSED, _MARK = range(8)


def _ending(line: str) -> int:
    bare = line.rstrip(_CLOSERS)
    if not bare:
        return _MARK
    last = bare[-1]
    if last == "…" or bare.endswith(("...", "。。")):
        return _ELLIPSIS
    if last in _STOPS:
        return _STOP
    if last in ":：":
        return _COLON
    if last in ",;-–—،、，":
        return _PAUSE
    if bare != line:
        return _CLOSED
    return _NUMBER if last.isdigit() else _LETTER if last.isalpha() else _MARK


def _opening(line: str) -> int:
    first = line[0]
    if first.isalpha():
        return 0 if first.islower() else 1
    if first.isdigit():
        return 2
    return 3 if first in "\"“„«'‘”「『" else 4 if first in "([【（" else 5 if first in "-–—•*·+" else 6


# The page as elements

_TAGS = (
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "dd",
    "dt",
    "blockquote",
    "figcaption",
    "pre",
    "div",
)
_TAG_NUMBER = {tag: i for i, tag in enumerate(_TAGS)}
_REGIONS = (
    *("nav", "header", "footer", "aside", "figure", "form", "table", "article", "main", "section", "blockquote"),
    *("li", "button", "details", "label"),
)
_REGION_BITS = {tag: 1 << i for i, tag in enumerate(_REGIONS)}
_EDGES = {"block-block": 0, "block-br": 1, "br-block": 2, "br-br": 3}
_TOKEN = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
NAMED = 6
"""How many elements above a line's own are asked for their classes."""


def label_tokens(label: str) -> tuple[str, ...]:
    """The words in an element's class, id, role and itemprop, and the names of two and three words there."""
    names = [_TOKEN.findall(_CAMEL.sub(" ", name).lower()) for name in label.split()]
    found = [word for name in names for word in name]
    found += [" ".join(name) for name in names if 2 <= len(name) <= 3]
    return tuple(dict.fromkeys(found))


_MOST_LABELS = 50_000
"""Labels that a cache of them holds: pages can bring new ones without end."""


class LabelScores(dict[str, float]):
    """The score of each label that was met: the sum of what the words in it weigh."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self.weights = weights

    def __missing__(self, label: str) -> float:
        if len(self) == _MOST_LABELS:
            self.clear()
        score = self[label] = sum([self.weights.get(token, 0.0) for token in label_tokens(label)])
        return score


def label_of(element: HtmlElement) -> str:
    """The names that the page gives to an element."""
    get = element.get
    return f"{get('class', '')} {get('id', '')} {get('role', '')} {get('itemprop', '')}"[:300]


class Layout(NamedTuple):
    """A page's lines, each with its look, the numbers of the elements that it stands in, and its signature.

    Lines of one signature stand in elements of one tag and class, in parents of one tag and class: paragraphs of the
    article share it, and so do the headlines of a list.
    """

    blocks: Sequence[Block]
    looks: Sequence[Look]
    chains: Sequence[tuple[int, ...]]
    """For each line the numbers of its elements, its own first."""
    elements: Sequence[HtmlElement]
    regions: Sequence[int]
    """For each element a bit for each of the regions that it stands in or is."""
    signatures: Ints


_DEPTH = 40
"""How many elements above a line are looked at."""


def layout_of(blocks: Sequence[Block]) -> Layout:
    """The layout of a page's lines."""
    numbers: dict[HtmlElement, int] = {}
    elements: list[HtmlElement] = []
    paths: list[tuple[int, ...]] = []
    regions: list[int] = []

    def path_of(element: HtmlElement) -> tuple[int, ...]:
        unknown = []
        above: tuple[int, ...] = ()
        inside = 0
        at: HtmlElement | None = element
        while at is not None:
            known = numbers.get(at)
            if known is not None:
                above, inside = paths[known], regions[known]
                break
            unknown.append(at)
            at = at.getparent()
        for one in reversed(unknown):
            number = numbers[one] = len(elements)
            above = (number, *above[: _DEPTH - 1])
            inside |= _REGION_BITS.get(one.tag, 0)
            elements.append(one)
            paths.append(above)
            regions.append(inside)
        return above

    chains = [path_of(block.element) for block in blocks]
    known: dict[tuple[str, ...], int] = {}
    by_element: dict[int, int] = {}
    signatures = []
    for chain in chains:
        signature = by_element.get(chain[0])
        if signature is None:
            pair = tuple([part for n in chain[:2] for part in (elements[n].tag, elements[n].get("class") or "")])
            signature = by_element[chain[0]] = known.setdefault(pair, len(known))
        signatures.append(signature)
    looks = [look_of(block.text) for block in blocks]
    return Layout(blocks, looks, chains, elements, regions, np.array(signatures, dtype=np.int64))


class Evidence(NamedTuple):
    """What is known of a page beside its lines; texts are empty where there is none."""

    title: str
    description: str
    body: str
    """The articleBody of its JSON-LD."""
    other: str | None
    """What trafilatura took for the article; None where it was not asked."""


_LEVELS = 5
_CONTAINER = ("lines", "words", "links", "words a line", "prose share", "prose")
_SHIFTS = (-3, -2, -1, 1, 2, 3)
_AROUND = ("words", "linked", "ending", "tag", "like", "prose")
_ELEMENT = (
    *("linked", "bold", "slanted", "tag", "edges", "depth", *(f"in {tag}" for tag in _REGIONS)),
    *("own label", "labels above", "worst label", "best label"),
)
_PLACE = (
    *("place", "words before", "prose before", "from headline", "headline above", "prose behind", "prose ahead"),
    *("near prose", "wide prose", "near links", "from main first", "from main last"),
)
_MAIN = ("up to main", "down from main", "main share", "levels to most", "up to headline", "down from headline")
_LIKE = ("like lines", "like words", "like prose", "like links", "like share", "like before", "like after")
_TOLD = ("times", "again", "topic", "in title", "is title", "in description", "is description")
_BODY = ("body", "body covers", "between body")
_KEPT = (
    *("kept", "kept before", "kept here -1", "kept here +1", "kept here -2", "kept here +2", "from kept first"),
    *("from kept last", "kept back", "kept ahead", "kept near", "kept like", "kept words", "kept of prose"),
    *(f"kept up {level}" for level in range(_LEVELS)),
)
_PAGE = ("page lines", "page words", "page prose", "page links", "page likes")
TRAITS: tuple[str, ...] = (
    *_OWN,
    *_ELEMENT,
    *(f"{name} up {level}" for level in range(_LEVELS) for name in _CONTAINER),
    *_MAIN,
    *_LIKE,
    *_PLACE,
    *(f"{name} {shift:+d}" for shift in _SHIFTS for name in _AROUND),
    *_TOLD,
    *_BODY,
    *_KEPT,
    *_PAGE,
)
"""The columns of the matrix."""


def traits_of(layout: Layout, evidence: Evidence, labels: LabelScores) -> Array:
    """A row a line, a column a trait; what is not known is nan. ``labels`` scores class names."""
    count = len(layout.blocks)
    if not count:
        return np.zeros((0, len(TRAITS)))
    numbers = chained.from_iterable([look.numbers for look in layout.looks])
    own = np.fromiter(numbers, dtype=np.float64, count=count * len(_OWN)).reshape(count, -1)
    words, is_prose = own[:, 0], own[:, -1]
    linked = np.array([block.linked for block in layout.blocks])
    prose = np.where(linked < 0.5, words * is_prose, 0.0)
    flat = np.fromiter(chained.from_iterable(layout.chains), dtype=np.int64)
    lengths = np.array([len(chain) for chain in layout.chains])
    size = len(layout.elements)
    levels = _level_numbers(flat, lengths)

    def held(weights: Array) -> Array:
        """The sum of the lines' weights in each element; the last is for elements that are not there."""
        return np.append(np.bincount(flat, np.repeat(weights, lengths), minlength=size), 0.0)

    sums = {"lines": held(np.ones(count)), "words": held(words), "links": held(words * linked), "prose": held(prose)}
    tags = np.array([_TAG_NUMBER.get(block.element.tag, len(_TAGS)) for block in layout.blocks], dtype=np.float64)
    heads = headlines(layout, evidence.title)
    columns = [
        own,
        _element_traits(layout, linked, tags, lengths, levels, labels),
        _container_traits(levels, sums, prose.sum()),
        _main_traits(layout, prose, sums["prose"], levels, heads),
        _like_traits(layout.signatures, words, prose, linked),
        _place_traits(words, prose, linked, heads),
        _neighbour_traits(words, linked, own[:, 3], tags, layout.signatures, is_prose),
        _told_traits(layout, evidence),
        _body_traits(layout, words, evidence.body),
        _kept_traits(layout, words, prose, levels, held, evidence.other),
        _page_traits(layout, words, prose, linked),
    ]
    return np.hstack(columns)


def _level_numbers(flat: Ints, lengths: Ints) -> Ints:
    """For each line the numbers of its own element and of all those above it, -1 where there is none.

    ``flat`` are the lines' chains one behind the other, ``lengths`` their lengths.
    """
    levels = np.arange(max(1 + NAMED, int(lengths.max())))
    places = (np.cumsum(lengths) - lengths)[:, None] + levels
    return np.where(levels < lengths[:, None], flat[np.minimum(places, len(flat) - 1)], -1)


def _element_traits(
    layout: Layout, linked: Array, tags: Array, lengths: Ints, levels: Ints, labels: LabelScores
) -> Array:
    scores = np.array([labels[label_of(element)] for element in layout.elements])
    blocks = layout.blocks
    own = np.array([(block.bold, block.slanted, _EDGES[block.edges]) for block in blocks])
    inside = np.array(layout.regions, dtype=np.int64)[levels[:, 0]]
    regions = (inside[:, None] >> np.arange(len(_REGIONS))) & 1
    above = levels[:, 1 : 1 + NAMED]
    is_there, near = above >= 0, scores[above]
    has_any = is_there[:, 0]
    named = [
        scores[levels[:, 0]],
        np.where(is_there, near, 0.0).sum(axis=1),
        np.where(has_any, np.where(is_there, near, np.inf).min(axis=1), 0.0),
        np.where(has_any, np.where(is_there, near, -np.inf).max(axis=1), 0.0),
    ]
    return np.column_stack([linked, own[:, :2], tags, own[:, 2], lengths, regions, *named])


def _container_traits(levels: Ints, sums: Mapping[str, Array], total: float) -> Array:
    columns = []
    for level in range(_LEVELS):
        lines, words, links, prose = (sums[name][levels[:, level]] for name in ("lines", "words", "links", "prose"))
        columns += [
            lines,
            words,
            links / np.maximum(words, 1.0),
            words / np.maximum(lines, 1.0),
            prose / (total or 1.0),
            prose / np.maximum(words, 1.0),
        ]
    return np.column_stack(columns)


_MOST = 0.7
"""Share of the prose that the smallest element must hold that is taken to hold the article."""


def _main_traits(layout: Layout, prose: Array, within: Array, levels: Ints, heads: Sequence[int]) -> Array:
    """Where each line stands against the element that most paragraphs stand in, and against the headline.

    ``within`` is the prose in each element.
    """
    holding: dict[int, float] = {}
    for chain, weight in zip(layout.chains, prose.tolist(), strict=True):
        if weight:
            for level, number in enumerate(chain[1:3]):
                holding[number] = holding.get(number, 0.0) + (weight if level == 0 else weight / 2)
    total = float(prose.sum()) or 1.0
    best = max(holding, key=lambda n: holding[n], default=None)
    most = min(np.flatnonzero(within >= _MOST * total).tolist(), key=lambda n: (within[n], -n), default=None)
    main = next((chain[chain.index(best) :] for chain in layout.chains if best in chain), ())
    share = holding[best] / total if best is not None else 0.0
    up, down = _steps(main, levels, len(within))
    _, to_most = _steps(() if most is None else (most,), levels, len(within))
    head_up, head_down = _steps(layout.chains[heads[0]] if heads else (), levels, len(within))
    return np.column_stack([up, down, np.full(len(prose), share), to_most, head_up, head_down])


def _steps(path: Sequence[int], levels: Ints, size: int) -> tuple[Array, Array]:
    """Steps up a path of elements to the first that each line stands in too, and steps down from there to the line."""
    places = np.full(size, np.nan)  # the last is for elements that are not there
    places[list(path)] = np.arange(len(path))
    found = places[levels]
    is_on = ~np.isnan(found)
    down = is_on.argmax(axis=1)
    return found[np.arange(len(levels)), down], np.where(is_on.any(axis=1), down, np.nan)


def headlines(layout: Layout, title: str) -> list[int]:
    """The lines that are the headline, the likeliest first: h1 of the title's words, any h1, the title's words."""
    heads = {number for number, element in enumerate(layout.elements) if element.tag == "h1"}
    h1 = [i for i, chain in enumerate(layout.chains) if not heads.isdisjoint(chain[:3])] if heads else []
    same = [i for i, look in enumerate(layout.looks) if title and look.folded == title]
    return [*[i for i in h1 if i in same], *h1, *same]


def _like_traits(signatures: Ints, words: Array, prose: Array, linked: Array) -> Array:
    count = len(signatures)
    lines = np.bincount(signatures).astype(np.float64)
    held = np.bincount(signatures, words)
    held_prose = np.bincount(signatures, prose)
    links = np.bincount(signatures, words * linked)
    before = np.zeros(count)
    seen: dict[int, int] = {}
    for i, signature in enumerate(signatures.tolist()):
        before[i] = seen[signature] = seen.get(signature, -1) + 1
    own = lines[signatures]
    return np.column_stack(
        [
            own,
            held[signatures] / own,
            held_prose[signatures] / np.maximum(held[signatures], 1.0),
            links[signatures] / np.maximum(held[signatures], 1.0),
            held_prose[signatures] / (prose.sum() or 1.0),
            before,
            own - 1 - before,
        ]
    )


def _distances(marks: npt.NDArray[np.bool_]) -> Array:
    """Lines since the last mark, 1 for the line after it; 99 where there was none or it is farther away."""
    at = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, at, -1000))
    since = np.full(len(marks), 99.0)
    since[1:] = np.minimum(at[1:] - last[:-1], 99)
    return since


def _window(values: Array, reach: int) -> Array:
    """The sum of the values within ``reach`` lines, without the line's own."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    return np.asarray(
        sums[np.minimum(at + reach + 1, len(values))] - sums[np.maximum(at - reach, 0)] - values, dtype=np.float64
    )


def _place_traits(words: Array, prose: Array, linked: Array, heads: Sequence[int]) -> Array:
    count = len(words)
    at = np.arange(count, dtype=np.float64)
    head = np.full(count, np.nan) if not heads else at - heads[0]
    above = np.zeros(count)
    for one in heads:
        above[one:] += 1
    is_prose = prose > 0
    first, last = _main_stretch(prose)
    return np.column_stack(
        [
            at / count,
            (np.cumsum(words) - words) / (words.sum() or 1.0),
            (np.cumsum(prose) - prose) / (prose.sum() or 1.0),
            np.clip(head, -100, 200),
            above,
            _distances(is_prose),
            _distances(is_prose[::-1])[::-1],
            _window(np.minimum(prose, 60), 3),
            _window(np.minimum(prose, 60), 10),
            _window(words * linked, 3),
            np.clip(at - first, -50, 200),
            np.clip(at - last, -200, 50),
        ]
    )


def _main_stretch(prose: Array) -> tuple[int, int]:
    """First and last line of the stretch with the most prose, every other line counting against it."""
    best, first, last = 0.0, 0, -1
    score, start = 0.0, 0
    for i, weight in enumerate(prose.tolist()):
        score += min(weight, 50.0) if weight else -6.0
        if score <= 0:
            score, start = 0.0, i + 1
        elif score > best:
            best, first, last = score, start, i
    return first, last


def _shifted(values: Array, by: int, beyond: float) -> Array:
    """The values of the lines ``by`` further down."""
    out = np.full(len(values), beyond)
    if abs(by) < len(values):
        if by > 0:
            out[:-by] = values[by:]
        else:
            out[-by:] = values[:by]
    return out


def _neighbour_traits(
    words: Array, linked: Array, endings: Array, tags: Array, signatures: Ints, is_prose: Array
) -> Array:
    own = signatures.astype(np.float64)
    columns = []
    for shift in _SHIFTS:
        columns += [_shifted(values, shift, -1.0) for values in (words, linked, endings, tags)]
        columns += [(_shifted(own, shift, -1.0) == own).astype(np.float64), _shifted(is_prose, shift, -1.0)]
    return np.column_stack(columns)


def _told_traits(layout: Layout, evidence: Evidence) -> Array:
    """Whether the line stands there more than once, speaks of what the prose speaks of, is the title or description."""
    times = Counter(look.folded for look in layout.looks)
    uses = Counter(chained.from_iterable(look.topic for look in layout.looks if look.is_prose))
    used, used_twice = frozenset(uses), frozenset([word for word, count in uses.items() if count > 1])
    title, title_words = evidence.title, frozenset(evidence.title.split())
    seen: set[str] = set()
    rows = []
    for look in layout.looks:
        folded, topic = look.folded, look.topic
        again = folded in seen
        seen.add(folded)
        shared = len(topic & (used_twice if look.is_prose else used)) / len(topic) if topic else np.nan
        in_title = 0.0 if title else np.nan
        if not title_words.isdisjoint(look.words):
            in_title = sum(map(title_words.__contains__, look.words)) / len(look.words)
        is_described = len(look.words) >= 5 and evidence.description.startswith(folded[:60])
        rows.append(
            (
                times[folded],
                again,
                shared,
                in_title,
                bool(title) and folded == title,
                is_described,
                folded == evidence.description,
            )
        )
    return np.array(rows, dtype=np.float64)


_STATED_WORDS = 60
"""Words from which on a stated body is taken for one; shorter ones are summaries."""


def fold(text: str) -> str:
    """A text's words as :func:`look_of` folds them."""
    return " ".join((_ASCII_WORD if text.isascii() else _WORD).findall(text.lower()))


def _body_traits(layout: Layout, words: Array, body: str) -> Array:
    count = len(words)
    stated = fold(body)
    size = stated.count(" ") + 1
    if size <= _STATED_WORDS:
        return np.full((count, len(_BODY)), np.nan)
    text, known = f" {stated} ", set(stated.split())
    inside = np.array(
        [bool(look.words) and known.issuperset(look.words) and f" {look.folded} " in text for look in layout.looks]
    )
    long = np.flatnonzero(inside & (words >= _PROSE_WORDS))
    between = np.zeros(count)
    if len(long):
        between[long[0] : long[-1] + 1] = 1.0
    covers = float((words * (inside & (words >= 3))).sum() / size)
    return np.column_stack([inside.astype(np.float64), np.full(count, covers), between])


def kept_states(layout: Layout, other: str) -> Array:
    """How much of each line another extraction kept: 3 whole, 2 within a longer line, 1 its start, 0 nothing."""
    same = {block.text: look.folded for block, look in zip(layout.blocks, layout.looks, strict=True)}
    lines = [same.get(line) or fold(line) for line in other.split("\n")]
    known, text = set(lines), f" {' '.join(lines)} "
    words = set(text.split())
    states = np.zeros(len(layout.looks))
    for i, look in enumerate(layout.looks):
        if not look.words:
            continue
        if look.folded in known:
            states[i] = 3.0
        elif len(look.words) < 4 or not words.issuperset(look.words[:6]):
            continue  # which spares most lines the search
        elif f" {look.folded} " in text:
            states[i] = 2.0
        elif len(look.words) >= 8 and f" {' '.join(look.words[:6])} " in text:
            states[i] = 1.0
    return states


def _kept_traits(
    layout: Layout, words: Array, prose: Array, levels: Ints, held: Callable[[Array], Array], other: str | None
) -> Array:
    count = len(words)
    if other is None:
        return np.full((count, len(_KEPT)), np.nan)
    states = kept_states(layout, other)
    kept = (states > 0).astype(np.float64)
    at = np.arange(count, dtype=np.float64)
    long = np.flatnonzero((kept > 0) & (words >= _PROSE_WORDS))
    first, last = (float(long[0]), float(long[-1])) if len(long) else (np.nan, np.nan)
    total = float((words * kept).sum())
    in_elements, kept_in = held(words), held(words * kept)
    like = np.bincount(layout.signatures, words * kept) / np.maximum(np.bincount(layout.signatures, words), 1.0)
    columns = [
        states,
        (np.cumsum(words * kept) - words * kept) / (total or 1.0),
        *(_shifted(states, shift, -1.0) for shift in (-1, 1, -2, 2)),
        np.clip(at - first, -100, 200),
        np.clip(at - last, -200, 100),
        _distances(kept > 0),
        _distances(kept[::-1] > 0)[::-1],
        _window(words * kept, 3),
        like[layout.signatures],
        np.full(count, total),
        np.full(count, float((prose * kept).sum()) / (float(prose.sum()) or 1.0)),
        *(kept_in[levels[:, i]] / np.maximum(in_elements[levels[:, i]], 1.0) for i in range(_LEVELS)),
    ]
    return np.column_stack(columns)


def _page_traits(layout: Layout, words: Array, prose: Array, linked: Array) -> Array:
    count = len(words)
    values = (
        float(count),
        float(words.sum()),
        float(prose.sum()) / (float(words.sum()) or 1.0),
        float((words * linked).sum()) / (float(words.sum()) or 1.0),
        len(set(layout.signatures.tolist())) / count,
    )
    return np.tile(np.array(values), (count, 1))
