"""spaCy's spans made into mentions one by one: where a name begins and ends, and what it says that it is."""

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Span

from newsmill.tasks.enrich.countries import GIVEN_NAMES_TOO, country_codes, people_codes, regions
from newsmill.tasks.enrich.given_names import HE_NAMES, SHE_NAMES
from newsmill.tasks.enrich.kinds import BODIES, HONORIFICS, PEOPLES, kind_of
from newsmill.tasks.enrich.lexicon import ROLES, TITLES
from newsmill.tasks.enrich.mentions import NAMES, Mention, mention_of
from newsmill.tasks.enrich.names import fold, trim

_GIVEN = frozenset((name,) for name in SHE_NAMES | HE_NAMES)
_OPENING = re.compile(r"\s\(|\((?=[A-Z]{2})")
_LABELS = {"PER": "PERSON"}
"""Labels of models of other languages that have another name in the English ones."""
_BREAK = re.compile(r"[\n\r\t\x0b\x0c\x85\u2028\u2029]+")
_ADDRESS = re.compile(r"https?:|www\.|://|@|\w/\w+/|\.(?:com|org|net|html?)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z&.-]{1,8}[A-Za-z]?")
_NAME_TAIL = re.compile(r"-[^\W\d_]+")
_NO_NAME_TAIL = re.compile(
    r"-(?:led|based|backed|run|owned|linked|controlled|born|style|class|era|made|funded|held|occupied|administered|"
    r"sponsored|affiliated|speaking|trained|brokered|wide|long|like|related|listed|dominated|aligned|allied|bound|star|"
    r"mediated|supported|installed|built|produced|inspired|headquartered|registered)\b.*$",
    re.DOTALL,
)
_NO_NAME_HEAD = re.compile(
    r"(?:(?:pro|anti|non|ex|post|pre)-(?=[A-Z])|(?:an?|several|some|many|new|former|late|ex|all|both|other|two|three)\s+|"
    r"(?:In|At|On|From|For|With|By|But|And|As|While|When|After|Before|Since|If|Meanwhile|However|Especially|Deceased|"
    r"Under|Inside|Outside|Like|Unlike|Former|Late|Dear)\s+(?:the\s+)?)+"
)
_SMALL_TAIL = re.compile(
    r"(?:,?\s+(?:for|of|among|through|in|with|and|the|to|by|at|on|from|as|under|over|an?|or|is))+$"
)
_INITIALS = re.compile(r"(?!U\.)(?:[A-Z](?:\.\s?|\s)){1,3}[A-Z][a-z’'-]{2,}(?:\s[A-Z][a-z]+)?")
_PORTFOLIO = re.compile(
    r"\b(?:ministers?|secretary|undersecretary|commissioner|councill?or|professor|faculty|dean)\s(?:of|for)\s"
    r"(?:the\s)?$",
    re.IGNORECASE,
)
"""What stands before the field that somebody is in charge of, which is no body."""
_CONSTITUENCY = re.compile(r"[DRI]-[A-Z]")
"""What stands behind an American politician's name: party and state, "D-Mich."."""
_ABBREVIATED = re.compile(
    r"(?:\.\w{1,3}|\b(?:[A-Z]|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|"
    r"Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Jr|Sr|St))\.$"
)
"""What a full stop belongs to. That of "Ltd." at the end of a name is left to the sentence, as many write none."""
_OFFICE = re.compile(r"([^\W\d_]+)\s(?:of|for)\s(?:the\s)?", re.IGNORECASE)
"""What may stand before a body's name in a span that the model took for one: "Rector of" Curepipe College."""


_OFFICERS = ROLES - {"independent", "guard", "coach", "general", "republican", "democrat", "champion", "pilot", "star"}
"""Last words of what is no body but somebody: Deputy Director."""


def clean_spans(spans: Iterable[Span], text: str, offset: int) -> Iterator[Mention]:
    """The mentions that the spans of a document are, which stands at an offset of the text.

    Each lies within one line, without article, possessive, title and what belongs to the sentence around it.
    """
    for span in spans:
        begin = offset + span.start_char
        end = begin + len(_BREAK.split(text[begin : offset + span.end_char])[0])
        if span.label_ not in NAMES:
            start, end = trim(text, begin, end)
            if end > start:
                yield mention_of(text, start, end, span.label_)
            continue
        for part_start, part_end in _parts(text, begin, end):
            mention = _named(text, part_start, part_end, span.label_)
            if mention is not None:
                yield mention


def plain_spans(spans: Iterable[Span], text: str, offset: int) -> Iterator[Mention]:
    """The same for a language without rules: each within one line, without marks and white space at its ends."""
    for span in spans:
        begin = offset + span.start_char
        end = begin + len(_BREAK.split(text[begin : offset + span.end_char])[0])
        start, end = _without_full_stop(text, *trim(text, begin, end))
        if end > start:
            yield mention_of(text, start, end, _LABELS.get(span.label_, span.label_))


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A name and the acronym in brackets behind it are two mentions; a bracket that is cut off belongs to none."""
    opening = _OPENING.search(text, start + 1, end)
    if opening:
        return [(start, opening.start()), (opening.end(), end)]
    closing = text.find(") ", start, end)
    if closing >= 0 and "(" not in text[start:closing]:
        return [(start, closing), (closing + 2, end)]
    return [(start, end)]


def _named(text: str, start: int, end: int, label: str) -> Mention | None:
    if _ADDRESS.search(text, max(0, start - 8), min(len(text), end + 5)) and _ADDRESS.search(_word_around(text, start)):
        return None
    start, end = _bounds(text, start, end)
    if label == "PERSON" or (label == "ORG" and text[start:end].split(" ", 1)[0].lower() in HONORIFICS):
        behind = _behind_titles(text, start, end)
        if label == "ORG" and kind_of(text[start:end]) is None and behind > start:
            label = "PERSON"
        if label == "PERSON":
            start = behind
            tail = _NAME_TAIL.match(text, end)
            end = tail.end() if tail and not _NO_NAME_TAIL.match(tail.group()) else end
    if label == "ORG":
        office = _OFFICE.match(text, start, end)
        start = office.end() if office and office.group(1).lower() in ROLES else start
    words = text[start:end]
    if not any(character.isupper() or not character.isascii() for character in words) or not words.strip():
        return None
    if label == "ORG" and kind_of(words) is None:
        in_charge = _PORTFOLIO.search(text[max(0, start - 40) : start])
        if in_charge or words.split()[-1].lower() in _OFFICERS:
            return None
    if _CONSTITUENCY.match(words) or (label == "PERSON" and words.lower() in TITLES):
        return None
    return mention_of(text, start, end, _label(words, label))


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the name itself starts and ends, within the stretch that the model marked."""
    start, end = trim(text, start, end)
    head = _NO_NAME_HEAD.match(text, start, end)
    if head and head.end() < end:
        start = head.end()
    words = text[start:end]
    for tail in (_NO_NAME_TAIL, _SMALL_TAIL):
        words = tail.sub("", words) or words
    if words.endswith(")") and "(" not in words:
        words = words[:-1]
    start, end = trim(text, *_without_full_stop(text, start, start + len(words)))
    return start, end + (text.startswith(")", end) and "(" in text[start:end])


def _without_full_stop(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without a full stop at its end that ends the sentence and no abbreviation."""
    return start, end - (text[start:end].endswith(".") and not _ABBREVIATED.search(text[start:end]))


def _label(words: str, label: str) -> str:
    """The label that the words call for themselves: by their head noun, or as a country, region or people."""
    if words in BODIES:
        return "ORG"
    folded = fold(words)
    kind = kind_of(words)
    given = _begins_with_given_name(words)
    bodies = {"ORG"} if len(words.split()) == 2 else {"ORG", "FAC"}
    if kind is not None and not (label == "PERSON" and given and kind not in bodies):
        label = kind
    if label == "ORG" and kind is None and (given or _INITIALS.fullmatch(words)):
        return "PERSON"
    if label == "PERSON" and (folded in GIVEN_NAMES_TOO or folded in people_codes()):
        return label
    if words.lower() in PEOPLES or (folded in people_codes() and label in {"ORG", "GPE", "LOC"}):
        return "NORP"
    if label in {"ORG", "PERSON", "NORP"}:
        if folded in country_codes():
            return "GPE"
        if folded in regions():
            return "LOC"
    return "ORG" if label == "PERSON" and len(words) < 7 and _ACRONYM.fullmatch(words) else label


def _begins_with_given_name(words: str) -> bool:
    """Whether a name of two or three words begins as a person's does."""
    parts = words.split()
    return len(parts) in {2, 3} and all(part[0].isupper() for part in parts) and fold(parts[0])[:1] in _GIVEN


def _word_around(text: str, start: int) -> str:
    """The text between the white space on either side of an offset."""
    left, right = start, start
    while left > 0 and not text[left - 1].isspace() and start - left < 200:
        left -= 1
    while right < len(text) and not text[right].isspace() and right - start < 200:
        right += 1
    return text[left:right]


def _behind_titles(text: str, start: int, end: int) -> int:
    """Where the name starts behind its titles; a name that is all title stays whole."""
    found = list(re.finditer(r"\S+", text[start:end]))
    for word in found[:-1]:
        if word.group().lower() not in TITLES and word.group().lower() not in HONORIFICS:
            return start + word.start()
    return start + found[-1].start() if found else start
