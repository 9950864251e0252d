"""What the line model sees of a line: its shape, its words, its neighbours and its place in the document.

Every feature is a name that is on or off, so that the weights file reads as a list of reasons.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsmill.tasks.extract.phrases import phrase_of

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|[^\W_]+(?:['’][^\W\d_]+)?")
"""Words; in scripts without spaces two characters count as one."""

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

_SENTENCE_END = re.compile(r"[.!?。！？]['\"”’»)\]]*(?:\s+|$)")
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)? "
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?!\d)(?: ?[ap]\.?m\.?)?|\b\d{1,2} ?[ap]\.?m\.?\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:\d+|an?) ?(?:s|m|h|d|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?) ago\b", re.IGNORECASE
)
_LINK = re.compile(r"https?://|\bwww\.|\b[\w.-]+\.(?:com|org|net|co\.uk)\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<!\w)@\w{3,}")
_SEPARATOR = re.compile(r"\s[|·•»›>/]\s|\|")
_MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?[$€£¥]")
_SAID = re.compile(r"\b(?:said|says|told|added|according to|announced|explained|wrote|reported)\b")
_READER = re.compile(r"\b(?:you|your|yours|click|please)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"[{};]\s*$|function ?\(|\bvar \w+ ?=|</?\w+>|=>|\\u00|&[a-z]+;")
_ENTRY = re.compile(r"^(?:\+|\*|-|–|•|\d{1,3}[.)])\s")
_CAMEL = re.compile(r"[a-z][A-Z][a-z]")


def words_of(line: str) -> list[str]:
    """The line's words in lower case."""
    return _WORD.findall(line.lower())


def fold(line: str) -> str:
    """Words in lower case: equal for lines that differ in marks and spacing only."""
    return " ".join(words_of(line.replace("’", "'")))


def content_words(line: str) -> set[str]:
    """The line's words without those that every text has."""
    return {w for w in words_of(line) if w not in _FUNCTION_WORDS}


def _bin(value: float, edges: Sequence[float]) -> int:
    return bisect_right(edges, value)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a line shows on its own."""

    words: tuple[str, ...]
    size: int
    prose: bool
    """Reads as running text: sentences of function words that end as sentences do."""
    entry: bool
    ending: str
    opening: str
    phrase: str | None
    folded: str
    features: tuple[str, ...]


@lru_cache(maxsize=4096)
def shape_of(line: str) -> Shape:
    """The line's own features. ``line`` has its white space folded."""
    folded = fold(line)
    whole, line = line, line[:_SEEN]
    words = words_of(line)
    count = len(words)
    size = _bin(count, _SIZES)
    entry = bool(_ENTRY.match(line))
    bare = line[2:] if entry else line
    ending, opening = _ending(whole), _opening(line)
    function_share = sum(w in _FUNCTION_WORDS for w in words) / count if count else 0.0
    tokens = [t for t in bare.split() if t[0].isalpha()]
    capital_share = sum(t[0].isupper() for t in tokens) / len(tokens) if tokens else 0.0
    sentences = len(_SENTENCE_END.findall(line))
    phrase = phrase_of(line)
    has_stop = ending in {"stop", "question", "quoted", "colon"}
    prose = (
        count >= 8
        and phrase is None
        and ((has_stop and (capital_share < 0.65 or function_share > 0.2)) or (count >= 25 and function_share > 0.2))
    )
    names = [
        f"size={size}",
        f"ending={ending}",
        f"opening={opening}",
        f"size={size} ending={ending}",
        f"size={size} function words={_bin(function_share, _SHARES)}",
        f"size={size} capitals={_bin(capital_share, _SHARES)}",
        f"function words={_bin(function_share, _SHARES)}",
        f"sentences={min(sentences, 4)}",
        f"opening={opening} ending={ending}",
    ]
    if phrase:
        names.append(f"phrase={phrase}")
    if prose:
        names.append("prose")
    if entry:
        names += ["entry", f"entry size={size}"]
    if line.isupper() and count > 1:
        names.append("capitals only")
    length = "short" if count < 13 else "long"
    names += [f"{name} {length}" for name, pattern in _MARKS if pattern.search(line)]
    if count and sum(w.isdigit() for w in words) * 2 >= count:
        names.append("mostly digits")
    if count <= 14:
        names += [f"word={w}" for w in dict.fromkeys("0" if w.isdigit() else w for w in words)]
    else:
        names += [f"long word={w}" for w in dict.fromkeys(words) if w not in _FUNCTION_WORDS or w in _KEPT]
    if count:
        names.append(f"first={words[0]}")
        names.append(f"first two={' '.join(words[:2])}")
        names.append(f"last={words[-1]}")
    if count <= 5:
        names.append(f"line={' '.join(words)}")
    return Shape(tuple(words), size, prose, entry, ending, opening, phrase, folded, tuple(names))


_KEPT = frozenset({"you", "your", "we", "our", "us", "i", "my", "said"})
_MARKS = (
    ("date", _DATE),
    ("clock", _CLOCK),
    ("ago", _AGO),
    ("link", _LINK),
    ("address", _EMAIL),
    ("separator", _SEPARATOR),
    ("money", _MONEY),
    ("said", _SAID),
    ("reader", _READER),
    ("we", _WE),
    ("script", _SCRIPT),
    ("glued words", _CAMEL),
    ("quote mark", re.compile(r"[\"“”«»„]")),
    ("copyright", re.compile(r"©|\(c\)|copyright|rights reserved", re.IGNORECASE)),
    ("brackets", re.compile(r"^[\[(].*[\])]$")),
    ("ellipsis", re.compile(r"(?:…|\.\.\.)[\]\)]?$")),
    (
        "credit",
        re.compile(
            r"\b(?:photo|photograph|image|picture|credit|getty|reuters|afp|ap|courtesy|shutterstock|illustration|via)\b",
            re.IGNORECASE,
        ),
    ),
    ("by", re.compile(r"^by\b", re.IGNORECASE)),
    ("year", re.compile(r"\b(?:19|20)\d\d\b")),
    ("question inside", re.compile(r"\?\s")),
)


def _ending(line: str) -> str:
    bare = line.rstrip("\"'”’»)]")
    if not bare:
        return "mark"
    last = bare[-1]
    if bare.endswith(("...", "…")):
        return "ellipsis"
    if last in ".。":
        return "quoted" if bare != line else "stop"
    if last in "!?！？":
        return "question" if bare == line else "quoted"
    if last in ":：":
        return "colon"
    if last in ",;-–—":
        return "comma"
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


_OFFSETS = (-3, -2, -1, 1, 2, 3)
_EDGE = Shape((), -1, False, False, "edge", "edge", None, "", ())


def _add_neighbours(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    padded = [_EDGE] * 3 + list(shapes) + [_EDGE] * 3
    for i, own in enumerate(names):
        here = padded[i + 3]
        for offset in _OFFSETS:
            other = padded[i + 3 + offset]
            own.append(f"{offset:+d} size={other.size}")
            own.append(f"{offset:+d} ending={other.ending}")
            if other.phrase:
                own.append(f"{offset:+d} phrase={other.phrase}")
            if abs(offset) == 1:
                own.append(f"{offset:+d} opening={other.opening}")
                own.append(f"size={here.size} {offset:+d} size={other.size}")
                own.append(f"ending={here.ending} {offset:+d} ending={other.ending}")
                if 0 < len(other.words) <= 5:
                    own.append(f"{offset:+d} line={' '.join(other.words)}")
        before, after = padded[i + 2], padded[i + 4]
        own.append(f"prose {before.prose:d}{here.prose:d}{after.prose:d}")
        if before.ending in {"letter", "comma", "digit"} and here.opening == "lower":
            own.append("goes on from the line before")
        if here.ending in {"letter", "comma", "digit"} and after.opening == "lower":
            own.append("goes on in the line after")


def _add_place(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    """Where a line stands against the prose: distances to it, its density around, and the block that holds most."""
    count = len(shapes)
    weights = [min(len(s.words), 60) if s.prose else 0 for s in shapes]
    sums = [0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    first, last = _main_block(shapes)
    behind = _distances([s.prose for s in shapes])
    ahead = _distances([s.prose for s in reversed(shapes)])[::-1]
    tails = _distances([s.phrase in TAIL_PHRASES for s in shapes])
    total = sums[-1] or 1
    for i, own in enumerate(names):
        size = shapes[i].size
        near = (sums[min(count, i + 4)] - sums[max(0, i - 3)] - weights[i]) // 25
        wide = (sums[min(count, i + 11)] - sums[max(0, i - 10)] - weights[i]) // 60
        back, on = _bin(behind[i], _DISTANCES), _bin(ahead[i], _DISTANCES)
        if first <= i <= last:
            place = "in"
            own.append(f"block in -{_bin(i - first, _DISTANCES)}")
            own.append(f"block in +{_bin(last - i, _DISTANCES)}")
        elif i < first:
            place = f"before {_bin(first - i, _DISTANCES)}"
        else:
            place = f"after {_bin(i - last, _DISTANCES)}"
        own += [
            f"block {place}",
            f"block {place.split()[0]} size={size}",
            f"block {place.split()[0]} ending={shapes[i].ending}",
            f"block {place} prose={shapes[i].prose:d}",
            f"near prose={min(near, 8)} size={size}",
            f"wide prose={min(wide, 8)}",
            f"wide prose={min(wide, 8)} size={size}",
            f"prose behind={back}",
            f"prose ahead={on}",
            f"prose behind={back} ahead={on}",
            f"prose so far={sums[i] * 10 // total}",
            f"tail behind={_bin(tails[i], _DISTANCES)}",
            f"line number={_bin(i, _DISTANCES)}",
            f"lines left={_bin(count - 1 - i, _DISTANCES)}",
        ]


TAIL_PHRASES = frozenset({"comment form", "related", "author box", "newsletter"})


def _distances(marks: Sequence[bool]) -> list[int]:
    """Lines since the last mark, 1 for the line before; 99 where there was none."""
    found, since = [], 99
    for mark in marks:
        found.append(since)
        since = 1 if mark else min(since + 1, 99)
    return found


def _main_block(shapes: Sequence[Shape]) -> tuple[int, int]:
    """First and last line of the stretch with the most prose, every other line counting against it."""
    best, first, last = 0.0, 0, -1
    score, start = 0.0, 0
    for i, shape in enumerate(shapes):
        score += min(len(shape.words), 50) if shape.prose else -6 - 2 * shape.entry
        if score <= 0:
            score, start = 0.0, i + 1
        elif score > best:
            best, first, last = score, start, i
    return first, last


def _add_repeats(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    total = Counter(s.folded for s in shapes)
    seen: Counter[str] = Counter()
    for own, shape in zip(names, shapes, strict=True):
        if total[shape.folded] > 1:
            long = "long" if len(shape.words) >= 4 else "short"
            own.append(f"repeated {long} {'again' if seen[shape.folded] else 'first'}")
        seen[shape.folded] += 1


def _add_topic(names: list[list[str]], shapes: Sequence[Shape]) -> None:
    """How many of a line's words the prose of the document uses elsewhere."""
    uses = Counter(w for s in shapes if s.prose for w in set(s.words) if w not in _FUNCTION_WORDS)
    for own, shape in zip(names, shapes, strict=True):
        content = {w for w in shape.words if w not in _FUNCTION_WORDS}
        if not content:
            own.append("topic=none")
            continue
        mine = 1 if shape.prose else 0
        share = sum(uses[w] > mine for w in content) / len(content)
        often = sum(uses[w] > mine + 2 for w in content) / len(content)
        own.append(f"topic={_bin(share, _SHARES)} size={shape.size}")
        own.append(f"topic={_bin(share, _SHARES)}")
        own.append(f"topic often={_bin(often, _SHARES)} size={shape.size}")
