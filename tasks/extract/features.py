"""What the line model sees of a line: its shape, its words, its neighbours and its place in the document.

Every feature is a name that is on or off, so that the weights file reads as a list of reasons.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from newsmill.tasks.extract.phrases import phrase_of
from newsmill.tasks.extract.words import (
    CLAUSE_STOPS,
    QUESTION_MARKS,
    SENTENCE_END,
    SENTENCE_STOPS,
    bare_end,
    is_without_stops,
    lowered_words,
    words_of,
)

_LANGUAGES = (
    # English
    "the of and to a in that is was he for it with as his on be at by i this had not are but from "
    "or have an they which "
    "one you were her all she there would their we him been has when who will more no if out so said what up its about "
    "into than them can only other new some could time these two may then do first any my now such "
    "like our over man me "
    "even most made after also did many before must through years where much your way down should because each those "
    # German, Dutch
    "der die und den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an "
    "werden aus er hat dass sie "
    "nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor "
    "zur bis mehr durch man "
    "het een van dat op te voor met zijn aan niet door om ook maar "
    # French, Spanish, Portuguese, Italian
    "le la les et à des en du un une que est pour qui dans par plus pas au sur ne se il avec ce sont cette ou été "
    "el los las y del al se con por su para como más pero sus este o muy sin sobre también me hasta hay donde "
    "os da do dos em uma não é na no nas ao mais foi ele das seu sua ou quando muito "
    "di che e della il per non sono lo gli dei delle nel alla dal "
    # Turkish, Polish, Russian, Swedish
    "ve bir bu için ile da de olarak olan daha çok en gibi i w na z się nie do jest to że o po za od jak "
    "и в не на что с он как это по но из у за от о для же так его "
    "och att som en på är av för med den till det om inte ett har de"
)
_FUNCTION_WORDS = frozenset(_LANGUAGES.split())

_SIZES = (1, 2, 3, 4, 6, 9, 13, 20, 35, 60, 100)
_SHARES = (0.001, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95)
_DISTANCES = (1, 2, 3, 4, 6, 9, 15, 30, 60)

_SEEN = 4000
"""Characters of a line that are looked at: no paragraph has more, and a document may be one line of megabytes."""

_SAMPLE = 60
"""Words of a line by which its shares of function words and capitals are told."""

_DIGIT = re.compile(r"\d")
_NUMERALS = tuple(
    (mark, re.compile(form))
    for mark, form in (
        (
            "date",
            (
                r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? \d{1,2}\b"
                r"|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
                r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
            ),
        ),
        ("clock", r"\b\d{1,2}[:.]\d\d(?!\d)(?: ?[ap]\.?m\.?)?|\b\d{1,2} ?[ap]\.?m\.?\b"),
        ("year", r"\b(?:19|20)\d\d\b"),
        ("money", r"[$€£¥]\s?\d|\d\s?[$€£¥]"),
    )
)
"""What lines with a digit may hold, in lower case."""

_SIGNED = tuple(
    (mark, signs, re.compile(form, re.IGNORECASE))
    for mark, signs, form in (
        ("ago", (" ago",), r"\b(?:\d+|an?) ?(?:s|m|h|d|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?) ago\b"),
        (
            "link",
            ("://", "www.", ".com", ".org", ".net", ".co.uk"),
            r"https?://|\bwww\.|\b[\w-]+\.(?:com|org|net|co\.uk)\b",
        ),
        ("address", ("@",), r"[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}"),
        ("separator", ("|", " · ", " • ", " » ", " › ", " > ", " / "), ""),
        (
            "script",
            ("{", "}", ";", "<", "=", "\\u", "function"),
            r"[{};]$|function ?\(|\bvar \w+ ?=|</?\w+>|=>|\\u00|&[a-z]+;",
        ),
        ("copyright", ("©", "(c)", "copyright", "rights reserved"), ""),
        ("tweet", ("pic.twitter.com", "(@"), ""),
    )
)
"""Name, signs of which one must be there, and the pattern that decides."""

_SIGNS = tuple(sign for _, signs, _ in _SIGNED for sign in signs)
_QUOTE_MARK = re.compile('["“”«»„]')
_ELLIPSES = ("…", "...", "…]", "...]", "…)", "...)")
_ENTRY = re.compile(r"^(?:\+|\*|-|–|•|\d{1,3}[.)])\s")
_CAMEL = re.compile(r"[a-z][A-Z][a-z]")
_LEDE = re.compile(
    r"[^\W\d_a-z][^\W\d_a-z .,'’/-]{2,40}(?:, [\w. ]{2,20})? ?(?:\([\w /]{2,20}\)|\[[\w /]{2,20}\])? ?[—–-]{1,2} ?\S"
)
"""The place in capitals that a report opens with."""

_MARK_WORDS = {
    "said": "said says told added according announced explained wrote reported",
    "reader": "you your yours click please",
    "we": "we our us",
    "you and me": "i my me i'm i've you you're",
    "credit": "photo photograph image picture credit getty reuters afp ap courtesy shutterstock illustration via "
    "photographer pictured",
    "terms": "privacy policy terms cookies cookie rights reserved copyright consent agree conditions disclaimer",
    "sign-up": "subscribe newsletter newsletters inbox unsubscribe sign subscription subscriber subscribers register "
    "email",
    "author": "writer reporter editor correspondent columnist journalist author contributor freelance bio blogger",
    "talk": "reply replies comment comments posted report upvote share likes",
    "shop": "price buy sale shop deal deals save amazon cart shipping checkout",
    "follow": "follow facebook twitter instagram youtube linkedin tiktok",
}
_MARKS_OF = {
    word: tuple(mark for mark, words in _MARK_WORDS.items() if word in words.split())
    for word in " ".join(_MARK_WORDS.values()).split()
}


def fold(line: str) -> str:
    """Words in lower case: equal for lines that differ in marks and spacing only."""
    return " ".join(words_of(line.replace("’", "'")))


def is_function_word(word: str) -> bool:
    """Whether a word in lower case is one that every text of its language has."""
    return word in _FUNCTION_WORDS


def content_words(line: str) -> set[str]:
    """The line's words without those that every text has."""
    return {w for w in words_of(line) if w not in _FUNCTION_WORDS}


_MOST_NAMES = 50_000
"""Names that a cache of them holds: pages can bring new ones without end."""


class Names(dict[tuple[object, ...], tuple[str, ...]]):
    """The names of the features that hang on the same few values, each written once for all documents."""

    def __init__(self, *forms: str) -> None:
        super().__init__()
        self.forms = forms

    def __missing__(self, values: tuple[object, ...]) -> tuple[str, ...]:
        if len(self) == _MOST_NAMES:
            self.clear()
        names = self[values] = tuple(form.format(*values) for form in self.forms)
        return names


class _WordNames(dict[str, str]):
    """The names of the features of single words."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def __missing__(self, word: str) -> str:
        if len(self) == _MOST_NAMES:
            self.clear()
        name = self[word] = self.prefix + word
        return name


class Shape(NamedTuple):
    """What a line shows on its own."""

    words: tuple[str, ...]
    content: frozenset[str]
    """Its words without those that every text has."""
    size: int
    kind: str
    prose: bool
    """Reads as running text: sentences of function words that end as sentences do."""
    entry: bool
    ending: str
    opening: str
    phrase: str | None
    folded: str
    features: tuple[str, ...]


_FORM = Names("size={0}", "ending={1}", "opening={2}", "size={0} ending={1}", "opening={2} ending={1}")
_LETTERS = Names("size={0} function words={1}", "size={0} capitals={2}", "function words={1}")
_KIND = Names("kind={}", "kind={} capitals={}")
_SENTENCES, _ENTRY_SIZE = Names("sentences={}"), Names("entry", "entry size={}")
_PHRASE, _MARK = Names("phrase={}"), Names("{} {}")
_IN_SHORT, _IN_LONG = _WordNames("word="), _WordNames("long word=")
_FIRST, _LAST = _WordNames("first="), _WordNames("last=")
_STOPS = frozenset({"stop", "question", "quoted"})


@lru_cache(maxsize=4096)
def shape_of(line: str) -> Shape:
    """The line's own features. ``line`` has its white space folded."""
    seen = line[:_SEEN]
    lowered = seen.replace("’", "'").lower()
    words = lowered_words(lowered)
    count = len(words)
    size = bisect_right(_SIZES, count)
    entry = _ENTRY.match(seen) is not None
    ending, opening = _ending(line), _opening(line)
    sample = words[:_SAMPLE]
    function_share = sum(map(_FUNCTION_WORDS.__contains__, sample)) / (len(sample) or 1)
    initials = [t[0] for t in (seen[2:] if entry else seen).split(" ", _SAMPLE)[:_SAMPLE] if t[:1].isalpha()]
    capital_share = sum(map(str.isupper, initials)) / (len(initials) or 1)
    phrase = phrase_of(line)
    ended = ending in _STOPS or ending == "colon"
    prose = (
        count >= 8
        and phrase is None
        and ((ended and (capital_share < 0.65 or function_share > 0.2)) or (count >= 25 and function_share > 0.2))
    )
    kind = _kind(phrase, count, prose=prose, ended=ended, entry=entry)
    functions, capitals = bisect_right(_SHARES, function_share), bisect_right(_SHARES, capital_share)
    sentences = min(len(SENTENCE_END.findall(seen)), 4)
    names = [
        *_FORM[size, ending, opening],
        *_LETTERS[size, functions, capitals],
        *_KIND[kind, capitals],
        *_SENTENCES[sentences,],
    ]
    if phrase:
        names += _PHRASE[phrase,]
    if prose:
        names.append("prose")
    if entry:
        names += _ENTRY_SIZE[size,]
    if count > 1 and seen.isupper():
        names.append("capitals only")
    length = "short" if count < 13 else "long"
    for mark in _marks(seen, lowered, words):
        names += _MARK[mark, length]
    if count and sum(map(str.isdigit, sample)) * 2 >= len(sample):
        names.append("mostly digits")
    content = frozenset(words) - _FUNCTION_WORDS
    if count <= 14:
        names += [_IN_SHORT[w] for w in dict.fromkeys(["0" if w.isdigit() else w for w in words])]
    else:
        names += [_IN_LONG[w] for w in dict.fromkeys(words) if w in content]
    folded = " ".join(words)
    if count:
        names += [_FIRST[words[0]], "first two=" + " ".join(words[:2]), _LAST[words[-1]]]
    if count <= 5:
        names.append("line=" + folded)
    return Shape(tuple(words), content, size, kind, prose, entry, ending, opening, phrase, folded, tuple(names))


def _kind(phrase: str | None, count: int, *, prose: bool, ended: bool, entry: bool) -> str:
    if phrase is not None:
        return "phrase"
    if prose:
        return "prose" if ended else "open prose"
    if count < 4:
        return "few"
    if ended:
        return "sentence"
    return "entry" if entry else "title"


def _marks(line: str, lowered: str, words: Sequence[str]) -> list[str]:
    """What a line holds. A costly pattern is sought only where a sign of it is there."""
    found = list(dict.fromkeys([mark for word in words if word in _MARKS_OF for mark in _MARKS_OF[word]]))
    if _DIGIT.search(line):
        found += [mark for mark, pattern in _NUMERALS if pattern.search(lowered)]
    if held := {sign for sign in _SIGNS if sign in lowered}:
        found += [mark for mark, signs, pattern in _SIGNED if not held.isdisjoint(signs) and pattern.search(line)]
    if _QUOTE_MARK.search(line):
        found.append("quote mark")
    if line[0] in "[(" and line[-1] in "])":
        found.append("brackets")
    if line.endswith(_ELLIPSES):
        found.append("ellipsis")
    if lowered.startswith("by "):
        found.append("by")
    if "? " in line:
        found.append("question inside")
    if line[1:2].isupper() and _LEDE.match(line):
        found.append("lede")
    if _CAMEL.search(line):
        found.append("glued words")
    return found


def _ending(line: str) -> str:
    bare = bare_end(line)
    if not bare:
        return "mark"
    last = bare[-1]
    if bare.endswith(("...", "…")):
        return "ellipsis"
    if last in SENTENCE_STOPS:
        return "quoted" if bare != line else "question" if last in QUESTION_MARKS else "stop"
    if last in ":：":
        return "colon"
    if last in CLAUSE_STOPS:
        return "comma"
    if is_without_stops(bare):
        return "stop"
    if bare != line:
        return "closing"
    return "digit" if last.isdigit() else "letter" if last.isalpha() else "mark"


def _opening(line: str) -> str:
    first = line[0]
    if first in "\"“„«'‘”":
        return "quote"
    if first in "([":
        return "bracket"
    if first.isdigit():
        return "digit"
    if first.isalpha():
        return "lower" if first.islower() else "letter"
    return "mark"


def document_features(lines: Sequence[str]) -> list[list[str]]:
    """The features of each line. ``lines`` have their white space folded and none is blank."""
    shapes = [shape_of(line) for line in lines]
    names = [list(shape.features) for shape in shapes]
    _add_neighbours(names, shapes)
    _add_place(names, shapes)
    _add_repeats(names, shapes)
    _add_topic(names, shapes)
    return names


_EDGE = Shape((), frozenset(), -1, "edge", False, False, "edge", "edge", None, "", ())
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_NEAR, _NEAR_PHRASE = Names("{0:+d} size={1}", "{0:+d} ending={2}"), Names("{:+d} phrase={}")
_NEXT = Names("{:+d} opening={}")
_SIZES_HERE_NEXT, _ENDINGS_HERE_NEXT = Names("size={1} {0:+d} size={2}"), Names("ending={1} {0:+d} ending={2}")
_KINDS = Names("kinds={}, {}, {}")
_UNENDED = frozenset({"letter", "comma", "digit"})


def _add_neighbours(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    padded = [_EDGE] * 3 + list(shapes) + [_EDGE] * 3
    for i, own in enumerate(names):
        before, here, after = padded[i + 2 : i + 5]
        for offset in _OFFSETS:
            other = padded[i + 3 + offset]
            own.extend(_NEAR[offset, other.size, other.ending])
            if other.phrase:
                own.extend(_NEAR_PHRASE[offset, other.phrase])
        for offset, other in ((-1, before), (1, after)):
            own.extend(_NEXT[offset, other.opening])
            own.extend(_SIZES_HERE_NEXT[offset, here.size, other.size])
            own.extend(_ENDINGS_HERE_NEXT[offset, here.ending, other.ending])
            if 0 < len(other.words) <= 5:
                own.append(f"{offset:+d} line={other.folded}")
        own.extend(_KINDS[before.kind, here.kind, after.kind])
        if before.ending in _UNENDED and here.opening == "lower":
            own.append("goes on from the line before")
        if here.ending in _UNENDED and after.opening == "lower":
            own.append("goes on in the line after")


_BLOCK = Names("block {0} {1}", "block {0} size={2}", "block {0} ending={3}")
_BLOCK_ENDS = Names("block in -{0}", "block in +{1}")
_DENSITY = Names("near prose={0} size={2}", "wide prose={1}", "wide prose={1} size={2}")
_AROUND = Names("prose behind={0}", "prose ahead={1}", "prose behind={0} ahead={1}")
_SO_FAR, _TAIL = Names("prose so far={}"), Names("tail behind={}")
_NUMBER = Names("line number={0}", "lines left={1}")
TAIL_PHRASES = frozenset({"comment form", "related", "author box", "newsletter"})


def _add_place(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    """Where a line stands against the prose: distances to it, its density around, and the block that holds most."""
    count = len(shapes)
    weights = [min(len(s.words), 60) if s.prose else 0 for s in shapes]
    sums = [0, *accumulate(weights)]
    first, last = main_block(shapes)
    behind = _distances([s.prose for s in shapes])
    ahead = _distances([s.prose for s in reversed(shapes)])[::-1]
    tails = _distances([s.phrase in TAIL_PHRASES for s in shapes])
    total = sums[-1] or 1
    for i, (own, shape) in enumerate(zip(names, shapes, strict=True)):
        near = (sums[min(count, i + 4)] - sums[max(0, i - 3)] - weights[i]) // 25
        wide = (sums[min(count, i + 11)] - sums[max(0, i - 10)] - weights[i]) // 60
        if i < first or last < first:
            place, far = "before", _distance(first - i)
        elif i > last:
            place, far = "after", _distance(i - last)
        else:
            place, far = "in", 0
            own.extend(_BLOCK_ENDS[_distance(i - first), _distance(last - i)])
        own.extend(_BLOCK[place, far, shape.size, shape.ending])
        own.extend(_DENSITY[min(near, 8), min(wide, 8), shape.size])
        own.extend(_AROUND[_distance(behind[i]), _distance(ahead[i])])
        own.extend(_SO_FAR[sums[i] * 10 // total,])
        own.extend(_TAIL[_distance(tails[i]),])
        own.extend(_NUMBER[_distance(i), _distance(count - 1 - i)])


def _distance(lines: int) -> int:
    return bisect_right(_DISTANCES, lines)


def _distances(marks: Sequence[bool]) -> list[int]:
    """Lines since the last mark, 1 for the line before; 99 where there was none."""
    found, since = [], 99
    for mark in marks:
        found.append(since)
        since = 1 if mark else min(since + 1, 99)
    return found


def main_block(shapes: Sequence[Shape]) -> tuple[int, int]:
    """First and last line of the stretch with the most prose, every other line counting against it."""
    best, first, last = 0.0, 0, -1
    score, start = 0.0, 0
    for i, shape in enumerate(shapes):
        score += min(len(shape.words), 50) if shape.kind == "prose" else -6 - 2 * shape.entry
        if score <= 0:
            score, start = 0.0, i + 1
        elif score > best:
            best, first, last = score, start, i
    return first, last


def _add_repeats(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    total = Counter(s.folded for s in shapes)
    seen: set[str] = set()
    for own, shape in zip(names, shapes, strict=True):
        if total[shape.folded] > 1:
            long = "long" if len(shape.words) >= 4 else "short"
            own.append(f"repeated {long} {'again' if shape.folded in seen else 'first'}")
            seen.add(shape.folded)


_TOPIC, _TOPIC_OFTEN = Names("topic={0}", "topic={0} size={1}"), Names("topic often={} size={}")


def _add_topic(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    """How many of a line's words the prose of the document uses elsewhere."""
    uses = Counter(w for s in shapes if s.prose for w in s.content)
    used = [{w for w, times in uses.items() if times > least} for least in range(4)]
    for own, shape in zip(names, shapes, strict=True):
        content = shape.content
        if not content:
            own.append("topic=none")
            continue
        share = len(content & used[shape.prose]) / len(content)
        often = len(content & used[2 + shape.prose]) / len(content)
        own.extend(_TOPIC[bisect_right(_SHARES, share), shape.size])
        own.extend(_TOPIC_OFTEN[bisect_right(_SHARES, often), shape.size])
