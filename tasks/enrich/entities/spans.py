"""spaCy's spans made into mentions one by one: where a name begins and ends, and what it says that it is."""

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Span

from newsmill.tasks.enrich.entities.bodies import BODIES
from newsmill.tasks.enrich.entities.countries import (
    GIVEN_NAMES_TOO,
    cities,
    country_codes,
    is_branch,
    iso_codes,
    people_codes,
    place_label,
    regions,
)
from newsmill.tasks.enrich.entities.given_names import GIVEN_NAMES
from newsmill.tasks.enrich.entities.mentions import NAMES, PLACES, Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold, trim
from newsmill.tasks.enrich.languages.language import words as list_of
from newsmill.tasks.enrich.languages.parsed import Naming

_OPENING = re.compile(r"\s\(|\((?=[A-Z]{2})")
_COUPLED = re.compile(r"\)/(?=[A-ZÀ-Þ][a-zß-ÿ]+\s[A-ZÀ-Þ])|\s[-–—]\s(?=[A-ZÀ-Þ])")
"""What stands between two names in a list of results: "ESP)/Ann Lee", "Chemistry - Ann Lee"."""
_LABELS = {"PER": "PERSON"}
"""Labels of models of other languages that have another name in the English ones."""
_BREAK = re.compile(r"[\n\r\t\x0b\x0c\x85\u2028\u2029]+")
_ADDRESS = re.compile(r"https?:|www\.|://|@|\w/\w+/|\.(?:com|org|net|html?)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z&.-]{1,8}[A-Za-z]?")
_LISTED = re.compile(r"[^\s,][^,]*")
"""One of the names that a comma stands between."""
_ROMAN = re.compile(r"[IVXLCDM]+")
_SUM = re.compile(
    r"(?:(?:[A-Z]{1,3})?[$€£¥₦₹₵₡]|(?:KD|BD|QR|SR|RO|RM|RMB|Rs|Tk|Dhs?|USD|EUR|AED|MNT)\.?)\s?\d.*|\d[\d.,]*[A-Z]{3}",
    re.DOTALL,
)
"""An amount of money that a model takes for a name: "N$66,000", "KD 890", "Dh2,000", "7CUP"."""
_PARTICLES = frozenset(
    list_of("""
        of and for the in on to at by with against de del della des di do dos da das du la le les el al y e et und von
        van zu
    """)
)
"""Words that are small within names."""
_QUOTES = frozenset("“\"‘'")
_PLACES_IN_SHORT = frozenset(
    list_of(
        "BC B.C. D.C. DC HK HCMC J&K KL KP KPK KSA KZN LA LatAm LoC NCR NJ NSW NT NWT NY NYC PEI PNG PRC QLD SA SF UP "
        "WA"
    )
)
"""Places that are written in capitals, as bodies are."""
_WITH_ARTICLE = frozenset({"Amazon", "Congo", "Ganges", "Sahara", "Nile"})
"""Rivers and regions that bodies are called after, which have no article."""
_DRAWN = re.compile(r"Group\s[A-L]")
"""A group of a tournament."""
_CODES = {"EVENT": re.compile(r"COP-?\d{1,2}"), "PRODUCT": re.compile(r"[A-Z]{2}\s\d{3,4}|[QT]\d")}
"""Conferences of the parties, flights, quarters and classes, as labelled."""
_GENERATION = re.compile(r",?\s(?:Jr|Sr)\b\.?")
_FIGURES = re.compile(r"(?:\s\d[\d-]*)+$")
"""What somebody scored, behind the name."""
_NAME_TAIL = re.compile(r"-[^\W\d_]+")
_OF_COUNTRY = re.compile(r"-[A-ZÀ-Þ][^\W\d_]+(?![\w-])")
_OF_PEOPLE = frozenset({"PERSON", "GPE", "LOC", "NORP"})
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""A name as it is written in Chinese, Japanese and Korean."""
_INITIALS = re.compile(r"(?!U\.)(?:[A-Z](?:\.\s?|\s)){1,3}[A-Z][a-z’'-]{2,}(?:\s[A-Z][a-z]+)?")
_PORTFOLIO_BACK = 90
_TWO_NAMES = re.compile(r"[A-ZÀ-Þ][\w’'-]*[a-zß-ÿ](?:\s[A-ZÀ-Þ][\w’'-]*[a-zß-ÿ]){1,2}")
_LONGEST_ROLE = 20
_CONSTITUENCY = re.compile(r"[DRI]-[A-Z]")
"""What stands behind an American politician's name: party and state, "D-Mich."."""
_ABBREVIATED = re.compile(
    r"(?:\.\w{1,3}|\b(?:[A-Z]|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|"
    r"Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo|Jr|Sr|St))\.$"
)
"""What a full stop belongs to. That of "Ltd." at the end of a name is left to the sentence, as many write none."""


def clean_spans(spans: Iterable[Span], text: str, offset: int, naming: Naming) -> Iterator[Mention]:
    """The mentions that the spans of a document are, which stands at an offset of the text.

    Each lies within one line, without article, possessive, title and what belongs to the sentence around it.
    """
    for span in spans:
        begin = offset + span.start_char
        end = begin + len(_BREAK.split(text[begin : offset + span.end_char])[0])
        if span.label_ not in NAMES:
            start, end = trim(text, begin, end)
            if end > start:
                words = text[start:end]
                yield mention_of(text, start, end, "ORG" if _is_no_number(words, span.label_, naming) else span.label_)
            continue
        for part_start, part_end in _parts(text, begin, end, span.label_, naming):
            rival = span.id_ if part_start == begin else ""
            mention = _branch(text, part_start, part_end) or _named(
                text, part_start, part_end, span.label_, rival, naming
            )
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


def _is_no_number(words: str, label: str, naming: Naming) -> bool:
    """Whether a model took an acronym for a number, as it does behind a bracket: "(GPFX)"."""
    return (
        label == "CARDINAL"
        and bool(_ACRONYM.fullmatch(words))
        and not _ROMAN.fullmatch(words)
        and words.lower() not in naming.edges.numbers
    )


def _parts(text: str, start: int, end: int, label: str, naming: Naming) -> list[tuple[int, int]]:
    """A name and the acronym in brackets behind it are two mentions; a bracket that is cut off belongs to none.

    Two bodies are two mentions too: "Trade Union and Ministry of Health", "Brazil's Supreme Court".
    """
    joint = _COUPLED.search(text, start + 1, end)
    if joint:
        return [(start, joint.start()), (joint.end(), end)]
    opening = _OPENING.search(text, start + 1, end)
    if opening:
        return [(start, opening.start()), (opening.end(), end)]
    closing = text.find(") ", start, end)
    if closing >= 0 and "(" not in text[start:closing]:
        return [(start, closing), (closing + 2, end)]
    comma = text.rfind(", ", start, end)
    if (
        comma > 0
        and naming.edges.says_behind.match(text, end)
        and _is_one_who_says(text[start:comma], text[comma + 2 : end], naming)
    ):
        return [(start, comma), (comma + 2, end)]
    if comma > 0 and label == "ORG" and naming.kind_of(text[start:end]) is None:
        return [(part.start(), part.end()) for part in _LISTED.finditer(text, start, end)]
    if label == "ORG":
        for joint in naming.edges.joint.finditer(text, start, end):
            left, right = text[start : joint.start()], text[joint.end() : end]
            if _are_two(left, joint.group(), right, naming):
                return [(start, joint.start()), (joint.end(), end)]
    return [(start, end)]


def _is_one_who_says(body: str, word: str, naming: Naming) -> bool:
    """Whether what stands behind a comma is a name of its own: the Daily Record, Sarwar said; not a campus."""
    is_campus = naming.kind_of(body) is not None and fold(word) in cities()
    return word.isalpha() and word.istitle() and not is_campus and place_label(word) is None


def _are_two(left: str, joint: str, right: str, naming: Naming) -> bool:
    """Whether what stands on either side of a comma, an "and" or a possessive are names of their own."""
    if naming.kind_of(right) != "ORG" and right not in BODIES:
        return False
    if "s" in joint.strip("’' "):
        return place_label(left) is not None or left in BODIES or naming.kind_of(left) == "ORG"
    last = left.rsplit(maxsplit=1)[-1].lower()
    ends = left in BODIES or last in naming.standing_alone or naming.may_be_body(f"The {last}")
    return ends or "ORG" == naming.kind_of(left) == naming.kind_of(f"The {last}")


def _branch(text: str, start: int, end: int) -> Mention | None:
    """A body called with its country behind a hyphen, where the model may have cut the name: "Météo | -France"."""
    start, end = trim(text, start, end)
    country = _OF_COUNTRY.match(text, end)
    end = country.end() if country else end
    return mention_of(text, start, end, "ORG") if is_branch(text[start:end]) else None


def _named(text: str, start: int, end: int, label: str, rival: str, naming: Naming) -> Mention | None:
    if _ADDRESS.search(text, max(0, start - 8), min(len(text), end + 5)) and _ADDRESS.search(_word_around(text, start)):
        return None
    start, end = _bounds(text, start, end, naming)
    first = text[start:end].split(" ", 1)[0]
    if label == "PERSON" or (label == "ORG" and (first.lower() in naming.honorifics or first in naming.edges.ranks)):
        behind = _behind_titles(text, start, end, naming)
        if label == "ORG" and naming.kind_of(text[start:end]) is None and behind > start:
            label = "PERSON"
        if label == "PERSON":
            start = behind
            tail = _NAME_TAIL.match(text, end)
            end = tail.end() if tail and not naming.edges.no_name_tail.match(tail.group()) else end
            end -= len(text[start:end]) - len(_FIGURES.sub("", text[start:end]))
            generation = _GENERATION.match(text, end)
            end = generation.end() if generation and " " in text[start:end] else end
    if label == "ORG":
        office = naming.edges.office.match(text, start, end)
        start = office.end() if office and office.group(1).lower() in naming.roles else start
        end = _to_the_end(text, start, _without_small_noun(text, start, end, naming), naming)
    words = text[start:end]
    if not any(character.isupper() or not character.isascii() for character in words) or _is_gloss(text, start, end):
        return None
    if label == "ORG" and naming.kind_of(words) is None:
        told = _label_without_head(text, start, end, rival, naming)
        if told is None:
            return None
        label = told
    if _CONSTITUENCY.match(words) and place_label(words[2:]) is not None:
        return mention_of(text, start + 2, end, "GPE")
    if _CONSTITUENCY.match(words) or (label in _OF_PEOPLE and _is_no_person(text, start, end, label, naming)):
        return None
    if words.isupper() and (_is_country_code(text, start, end) or _is_dateline(text, start, end)):
        label = "GPE"
    return mention_of(text, start, end, _label(words, label, naming))


def _label_without_head(text: str, start: int, end: int, rival: str, naming: Naming) -> str | None:
    """The label of a body's name without a head: a river or a region, a title in marks, or somebody with an office.

    None where it is no name. What the model holds hardly likelier than its ``rival`` is a body if anything tells so.
    """
    words = text[start:end]
    if _is_office(text, start, end, naming) or _DRAWN.fullmatch(words) or _is_phrase(text, start, words):
        return None
    if _TWO_NAMES.fullmatch(words) and words not in BODIES:
        ahead = naming.edges.person_ahead.search(text, max(0, start - _LONGEST_ROLE), start)
        if ahead or naming.edges.person_behind.match(text, end):
            return "PERSON"
    if naming.edges.faiths.fullmatch(words):
        return "NORP"
    if words in _WITH_ARTICLE and text[max(0, start - 4) : start].lower() == "the ":
        return "LOC"
    if " " in words and words not in BODIES and text[start - 1 : start] in _QUOTES:
        return "WORK_OF_ART"
    if not rival or not _is_told_by_nothing(text, start, end, naming):
        return "ORG"
    names_place = " " in words and any(place_label(word) is not None for word in words.split())
    return rival if rival in PLACES and not names_place else None


def _is_told_by_nothing(text: str, start: int, end: int, naming: Naming) -> bool:
    """Whether a body's name without a head stands once, and neither its form nor what is beside it says what it is."""
    words = text[start:end]
    return not (
        words in BODIES
        or words.isupper()
        or _begins_with_given_name(words)
        or naming.may_be_body(words)
        or text.startswith(" (", end)
        or naming.context.body_before.search(text, max(0, start - _LONGEST_ROLE), start)
        or naming.context.body_behind.match(text, end)
        or naming.context.beside.match(text, end)
        or text.count(words) > 1
    )


def _is_office(text: str, start: int, end: int, naming: Naming) -> bool:
    """Whether a stretch is an officer, a rank, or the field that one is in charge of."""
    words = text[start:end]
    if words.rsplit(maxsplit=1)[-1].lower() in naming.officers:
        return True
    is_rank = words.lower() in naming.edges.ranking and naming.officer_behind.match(text, end) is not None
    return is_rank or naming.edges.portfolio.search(text[max(0, start - _PORTFOLIO_BACK) : start]) is not None


def _is_no_person(text: str, start: int, end: int, label: str, naming: Naming) -> bool:
    """Whether what a model takes for a person is a title or an office, a bill, a grade of oil, or a label in capitals:
    "Sheikh", "BERLIN LEAK".
    """
    words = text[start:end]
    if words.lower() in naming.roles or all(word.lower() in naming.titled for word in words.split()):
        return True
    if label != "PERSON":
        return False
    if naming.edges.numbered.match(text, start) or (words == "Brent" and naming.edges.crude.match(text, end)):
        return True
    first, *others = words.split()
    return words.isupper() and len(others) == 1 and (fold(first) in cities() or place_label(first) is not None)


def _is_gloss(text: str, start: int, end: int) -> bool:
    """Whether a stretch is empty, or says the name before it again, in another script: "Lin Mei (林美)"."""
    words = text[start:end]
    return not words.strip() or (text[start - 1 : start] in {"(", "（"} and bool(_OTHER_SCRIPT.fullmatch(words)))


def _is_phrase(text: str, start: int, words: str) -> bool:
    """Whether a stretch without a head is no name: it has small words of weight, or something is done "in" it."""
    if " " not in words or words in BODIES:
        return False
    small = any(word.isalpha() and word.islower() and word not in _PARTICLES for word in words.split())
    return small or text[max(0, start - 4) : start].lower() == " in "


def _without_small_noun(text: str, start: int, end: int, naming: Naming) -> int:
    """Where a body's name ends that is followed by what it has or does: "Group of Nine" summit, "Radio Two" news."""
    *_, first, last = ["", "", *text[start:end].split()]
    small = last.islower() and last.isalpha() and first[:1].isupper() and last in naming.edges.small_nouns
    return end - len(last) - 1 if small else end


def _to_the_end(text: str, start: int, end: int, naming: Naming) -> int:
    """Where a body's name ends that was cut at a hyphen or before its field: "Committee" on Torture."""
    if naming.kind_of(text[start:end]) != "ORG":
        return end
    rest = (naming.edges.hyphened if text[end : end + 1] == "-" else naming.edges.field).match(text, end)
    return rest.end() if rest else end


def _is_country_code(text: str, start: int, end: int) -> bool:
    """Whether three letters in brackets are a country's, as lists of results have them: "Ann Smith (GBR)"."""
    return text[start:end] in iso_codes() and text[start - 1 : start] == "(" and text[end : end + 1] == ")"


def _is_dateline(text: str, start: int, end: int) -> bool:
    """Whether a report opens with a city in capitals: "HANOI, July 3"."""
    opens = start == 0 or text[start - 1] == "\n"
    return opens and text[end : end + 1] in {",", ":"} and fold(text[start:end]) in cities()


def _bounds(text: str, start: int, end: int, naming: Naming) -> tuple[int, int]:
    """Where the name itself starts and ends, within the stretch that the model marked."""
    start, end = trim(text, start, end)
    for opening in (naming.edges.no_name_head.match(text, start, end), naming.edges.inverted.match(text, start)):
        if opening and opening.end() < end:
            start = opening.end()
    words = text[start:end]
    for tail in (naming.edges.no_name_tail, naming.edges.small_tail):
        words = tail.sub("", words) or words
    if words.endswith(")") and "(" not in words:
        words = words[:-1]
    start, end = trim(text, *_without_full_stop(text, start, start + len(words)))
    return start, end + (text.startswith(")", end) and "(" in text[start:end])


def _without_full_stop(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without a full stop at its end that ends the sentence and no abbreviation."""
    return start, end - (text[start:end].endswith(".") and not _ABBREVIATED.search(text[start:end]))


def _label(words: str, label: str, naming: Naming) -> str:
    """The label that the words call for themselves: by their head noun, or as a country, region or people."""
    listed = _listed(words, label, naming)
    if listed is not None:
        return listed
    if label in {"PERSON", "ORG"} and " " in words and words.rsplit(maxsplit=1)[-1].lower() in naming.edges.partisans:
        return "ORG"
    folded = fold(words)
    kind = naming.kind_of(words)
    given = _begins_with_given_name(words)
    bodies = {"ORG"} if len(words.split()) == 2 else {"ORG", "FAC"}
    if kind is not None and not (label == "PERSON" and given and kind not in bodies):
        label = kind
    if kind is None and not given and label not in {"FAC", "LOC"} and naming.may_be_body(words):
        label = "ORG"
    if label == "ORG" and kind is None and (given or _INITIALS.fullmatch(words)):
        return "PERSON"
    if label == "PERSON" and (folded in GIVEN_NAMES_TOO or (folded in people_codes() and folded[0] in GIVEN_NAMES)):
        return label
    if words.lower() in naming.peoples or (folded in people_codes() and label in {"PERSON", "ORG", "GPE", "LOC"}):
        return "NORP"
    if label not in {"GPE", "LOC", "LANGUAGE"}:
        if folded in country_codes():
            return "GPE"
        if folded in regions():
            return "LOC"
    if label in {"PERSON", "NORP"} and len(words) < 7 and _ACRONYM.fullmatch(words):
        return "ORG"
    return label


def _listed(words: str, label: str, naming: Naming) -> str | None:
    """The label of a name or code that is known as it stands."""
    if words in BODIES:
        return "ORG"
    if label == "ORG" and words in _PLACES_IN_SHORT:
        return "GPE"
    if _SUM.fullmatch(words):
        return "MONEY"
    if words.lower() in naming.edges.holidays:
        return "DATE"
    return next((kind for kind, pattern in _CODES.items() if pattern.fullmatch(words)), None)


def _begins_with_given_name(words: str) -> bool:
    """Whether a name of two or three words begins as a person's does."""
    parts = words.split()
    return (
        len(parts) in {2, 3}
        and all(part[0].isupper() for part in parts)
        and not GIVEN_NAMES.isdisjoint(fold(parts[0])[:1])
    )


def _word_around(text: str, start: int) -> str:
    """The text between the white space on either side of an offset."""
    left, right = start, start
    while left > 0 and not text[left - 1].isspace() and start - left < 200:
        left -= 1
    while right < len(text) and not text[right].isspace() and right - start < 200:
        right += 1
    return text[left:right]


def _behind_titles(text: str, start: int, end: int, naming: Naming) -> int:
    """Where the name starts behind its titles; a name that is all title stays whole."""
    found = list(re.finditer(r"\S+", text[start:end]))
    for word in found[:-1]:
        if word.group().lower() not in naming.titled:
            return start + word.start()
    return start + found[-1].start() if found else start
