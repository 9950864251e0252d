"""The article as a whole: one label for one name, short forms given the identity of the full name, gaps filled."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from newsmill.tasks.enrich.entities.bodies import BODIES
from newsmill.tasks.enrich.entities.countries import (
    GIVEN_NAMES_TOO,
    cities,
    country_codes,
    iso_codes,
    people_codes,
    place_label,
    world_names,
)
from newsmill.tasks.enrich.entities.given_names import GIVEN_NAMES
from newsmill.tasks.enrich.entities.mentions import NAMES, PLACES, Mention, mention_of
from newsmill.tasks.enrich.entities.names import fold, is_full, surname_key, trim
from newsmill.tasks.enrich.languages.language import words as list_of
from newsmill.tasks.enrich.languages.parsed import Naming

type Key = tuple[str, ...]

_SPREAD = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP"})
"""Labels of names that are looked for again in the article where spaCy passed them over."""
_WORD = re.compile(r"(?<![\w-])[^\W_]+")
_EPONYMS = frozenset(
    list_of(
        "Adani Armani Bayer Boeing Bosch Cadbury Chanel Dell Dior Disney Ferrari Ford Goldman Guinness Hershey Hilton "
        "Honda Kellogg Lilly Marriott Mars Merck Morgan Nordstrom Peugeot Porsche Prada Renault Suzuki Tata Versace"
    )
)
"""Companies that are called by a surname, in all of the world's press."""
_GENERATION = re.compile(r",?\s(?:Jr|Sr)\b\.?$")
_ONE_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n•*-][\s“\"'‘]*)$")
_TOLD_BODIES = frozenset({"PERSON", "GPE", "NORP", "PRODUCT", "WORK_OF_ART", "LAW", "EVENT"})
"""Labels of names that may turn out to be bodies by what the sentences say of them."""
_BRACKETED = re.compile(r"\s\(([A-Z]{2,6}s?)\)")
_COMMON_NOUNS = re.compile(r"\b(?:[a-z]+[ -]){1,5}[a-z]+$")
_LONGEST_NOUNS = 100
"""Characters of what an acronym in brackets may stand for."""
_ACRONYM = re.compile(
    r"(?<![\w@#/.-])(?:[A-Z]{2,6}s?|(?!Ma?c|De|La|Le|Di|Van|Fitz)[A-Z][a-z]+[A-Z]\w*)(?![\w:$-]|\.\d)"
)
"""BBC, and the inner capital of BoG and YouTube, but not of McDonald."""
_CAPITALS = re.compile(r"[A-Z][A-Z&.-]*[a-z]?")
_HEADED = 3
_QUOTES = frozenset("“\"‘'")
_GOES_ON = 100
"""Characters behind a name in which its sentence may go on with "his" or "its"."""
_PERSONAL = 2
"""Sentences that go on with "he" or "her" behind a name, from which on it is a person's."""
_INITIALS = 3
"""Capitals that may be somebody's initials: JFK, AOC."""
_NOUN_BRACKETED = re.compile(r"\b([A-Z][a-z]+)\s\($")
_DATELINE = re.compile(
    r"^[^\n.:;]{3,60}?(?:\(([A-Z][A-Za-z]{1,9}(?:\s[A-Z][a-z]+)?)\)\s?[-–—]|[,.]?\s/([A-Z]{3,9})/[.:]?\s)", re.MULTILINE
)
"""The agency behind the place and day that a report opens with: "PARIS, Jan 2 (AFP) -", "PARIS, January 2. /TASS/."."""


def apart(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in order, those dropped that stretch into the one before."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def ministries(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """Ministries called after their country, "Turkey's defence ministry", whose nouns no model takes for a name."""
    for mention in mentions:
        noun = naming.context.ministry.match(text, mention.end) if mention.label in {"GPE", "NORP"} else None
        if noun:
            yield mention_of(text, mention.start, noun.end(), "ORG")


def introduced(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """Bodies that are introduced by what they are, "the newspaper Dawn", where the model saw no name."""
    starts = [mention.start for mention in mentions]
    for match in naming.context.introduced.finditer(text):
        position = bisect_left(starts, match.end())
        if position == 0 or mentions[position - 1].end <= match.start(1):
            yield mention_of(text, match.start(1), match.end(1), "ORG")


def headed(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """Names of three words and more that say by their head what they are, where the model saw no name."""
    starts = [mention.start for mention in mentions]
    for match in naming.context.capitals.finditer(text):
        start, end = trim(text, *match.span())
        first, _, rest = text[start:end].partition(" ")
        words = rest if naming.context.opening_word.fullmatch(first) else text[start:end]
        start = end - len(words)
        is_short = len(words.split()) < _HEADED or words.isupper()
        if (
            is_short
            or words[0].islower()
            or naming.officer_behind.search(f" {words}")
            or text[match.start() - 1 : match.start()] in _QUOTES
        ):
            continue
        kind = naming.kind_of(words)
        position = bisect_left(starts, end)
        if kind in {"ORG", "FAC", "LOC"} and (position == 0 or mentions[position - 1].end <= start):
            yield mention_of(text, start, end, kind)


def aged(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """People by what stands behind their names or before their surnames, where the model saw no name.

    "SOPHY SANTOVAL, 41," has an age; "April Hayes" is no month.
    """
    names = [mention for mention in mentions if mention.label in NAMES]
    starts = [mention.start for mention in names]
    for pattern in (naming.context.aged, naming.context.month_name):
        for match in pattern.finditer(text):
            words = match.group(1)
            surname = words.split()[-1]
            within = names[bisect_left(starts, match.start(1)) : bisect_left(starts, match.end(1))]
            if any(name.label != "PERSON" or name.end > match.end(1) for name in within):
                continue
            known = (
                place_label(surname) is not None or fold(surname) in people_codes() or surname in naming.context.days
            )
            if (
                not known
                and naming.kind_of(words) is None
                and not naming.is_generic(surname)
                and naming.kind_of(f"The {surname}") is None
            ):
                yield mention_of(text, match.start(1), match.end(1), "PERSON")


def agree(text: str, mentions: list[Mention], naming: Naming, *, reads_context: bool = True) -> list[Mention]:
    """One label for one name, and short forms given the identity of the full name they stand for.

    What the words around a name say of it is asked where ``reads_context``: those words are English.
    """
    mentions = _called_by_role(text, mentions, naming)
    votes: dict[Key, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.label in NAMES:
            votes[mention.key][mention.label] += 1
    places = {
        m.key
        for m in mentions
        if m.label in PLACES and naming.context.placed.search(text[max(0, m.start - 12) : m.start])
    }
    told = _told(text, mentions, votes, naming) if reads_context else {}
    for key, label in told.items():
        votes[key] = Counter({label: votes[key].total()})
    mentions = [_relabelled(m, told.get(m.key)) for m in mentions]
    people = _people(mentions, votes, places)
    acronyms = _acronyms(text, mentions, naming)
    untold = [mention for mention in mentions if mention.key not in told]
    common = _common_words(text, untold, naming) | _plain_acronyms(text, naming) if reads_context else frozenset()
    agreed = []
    for mention in mentions:
        person, long_form = people.get(mention.key), acronyms.get(mention.text)
        if mention.label not in NAMES:
            agreed.append(mention)
        elif long_form is not None:
            agreed.append(replace(mention, label=long_form.label, key=long_form.key, name=long_form.name))
        elif person is not None and mention.text in _EPONYMS and _is_company(text, mention, naming):
            agreed.append(mention_of(text, mention.start, mention.end, "ORG"))
        elif person is not None and mention.text not in BODIES:
            agreed.append(replace(mention, label="PERSON", key=person[0], name=person[1]))
        elif mention.text not in common and (not reads_context or not _names_nothing(mention, naming)):
            label = votes[mention.key].most_common(1)[0][0]
            agreed.append(mention_of(text, mention.start, mention.end, label))
    return _fullest(agreed)


def _is_company(text: str, mention: Mention, naming: Naming) -> bool:
    """Whether a surname is that of a company beside a person: Ford recalled its trucks, Harrison Ford did not."""
    return mention.label == "ORG" or bool(naming.context.in_business.match(text, mention.end))


def _names_nothing(mention: Mention, naming: Naming) -> bool:
    """Whether a mention is but a common noun; Dr Hall is not."""
    is_surname = mention.label == "PERSON" and mention.text.lower() in naming.surnames_too
    return mention.label != "LAW" and not is_surname and naming.is_generic(mention.text)


def _common_words(text: str, mentions: Sequence[Mention], naming: Naming) -> frozenset[str]:
    """Words that are taken for names only where they open a sentence, and are none: the article writes them small
    elsewhere, or a body has but this one mention and no verb of speaking, or they are adverbs and participles.
    """
    opening: dict[str, Mention] = {}
    within = set()
    for mention in mentions:
        if mention.label in NAMES and _ONE_WORD.fullmatch(mention.text):
            opening.setdefault(mention.text, mention)
            if not _SENTENCE_START.search(text[max(0, mention.start - 6) : mention.start]):
                within.add(mention.text)
    return frozenset(
        word
        for word, first in opening.items()
        if word not in within and (_stands(word.lower(), text) or _is_no_body(text, first, naming))
    )


def _stands(word: str, text: str) -> bool:
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None


def _is_no_body(text: str, first: Mention, naming: Naming) -> bool:
    """Whether a word that opens sentences and that the model takes for a body is none."""
    word = first.text
    if first.label != "ORG" or word in BODIES or word.lower() in naming.standing_alone:
        return False
    alone = text.count(word) == 1 and not word.isupper() and not naming.context.acts.match(text, first.end)
    return alone or bool(naming.context.opening_word.fullmatch(word))


@dataclass(slots=True)
class _Cues:
    """How often the sentences around a name speak of a place, a person or a body."""

    mentions: int = 0
    place: int = 0
    maybe_place: int = 0
    person: int = 0
    body: int = 0
    beside: int = 0
    article: int = 0
    capitals: int = 0
    served: int = 0
    personal: int = 0
    impersonal: int = 0

    def count(self, text: str, mention: Mention, behind_body: bool, naming: Naming) -> None:
        """Count what stands around one mention; ``behind_body`` where it is set in brackets behind a body's name."""
        context = naming.context
        before = text[max(0, mention.start - 30) : mention.start]
        behind_place = bool(context.place_noun.match(text, mention.end))
        *_, last_word = ["", *before.split()]
        self.mentions += 1
        self.place += bool(context.in_place.search(before)) + bool(context.place_of.search(before)) + behind_place
        self.maybe_place += bool(context.placed.search(before)) + behind_place
        self.person += bool(context.acts.match(text, mention.end)) + (last_word.lower() in naming.titled)
        self.body += bool(context.body_before.search(before)) + bool(context.body_behind.match(text, mention.end))
        self.body += 2 * behind_body
        self.served += bool(context.served.search(before))
        goes_on = context.goes_on.match(text, mention.end, mention.end + _GOES_ON)
        if goes_on:
            self.personal += goes_on.group("personal") is not None
            self.impersonal += goes_on.group("personal") is None
        self.beside += bool(context.beside.match(text, mention.end))
        self.article += last_word.lower() == "the"
        self.capitals += bool(_CAPITALS.fullmatch(mention.text))


def _told(text: str, mentions: Sequence[Mention], votes: dict[Key, Counter[str]], naming: Naming) -> dict[Key, str]:
    """Names that the sentences around them tell to be something else than the model took them for."""
    cues: dict[Key, _Cues] = defaultdict(_Cues)
    for before, mention in zip([None, *mentions], mentions, strict=False):
        common = (
            mention.text in BODIES or mention.text.lower() in naming.standing_alone or naming.is_generic(mention.text)
        )
        if mention.label in NAMES and not common:
            bracketed = (
                before is not None
                and before.label == "ORG"
                and text[before.end : mention.start] == " ("
                and text[mention.end : mention.end + 1] == ")"
            )
            cues[mention.key].count(text, mention, bracketed, naming)
    for mention in _listed(text, mentions, naming):
        if mention.key in cues:
            cues[mention.key].body += 1
    surnames = {surname_key(m.key) for m in mentions if m.label == "PERSON" and len(m.key) > 1}
    told = {key: _verdict(key, votes[key].most_common(1)[0][0], found, surnames) for key, found in cues.items()}
    return {key: label for key, label in told.items() if label is not None} | _short_for_no_body(text, mentions, naming)


def _listed(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """The names of a list that says what they are: "brands such as Velda, Corvo Orn and Maristella"."""
    starts = [mention.start for mention in mentions]
    for match in naming.context.listing.finditer(text):
        end = match.end()
        for mention in mentions[bisect_left(starts, end) :]:
            if mention.start > end and not naming.context.list_joint.fullmatch(text, end, mention.start):
                break
            if mention.label != "NORP":  # parties such as the Kurdish ones
                yield mention
            end = mention.end


def _called_by_role(text: str, mentions: Sequence[Mention], naming: Naming) -> list[Mention]:
    """Bodies that are a role and the surname of somebody in the article, who is meant: Councilman Stern."""
    surnames = {surname_key(m.key) for m in mentions if m.label == "PERSON" and len(m.key) > 1}
    return [
        mention_of(text, m.start, m.end, "PERSON")
        if m.label == "ORG" and len(m.key) == 2 and m.text.split()[0].lower() in naming.roles and m.key[1:] in surnames
        else m
        for m in mentions
    ]


def _short_for_no_body(text: str, mentions: Sequence[Mention], naming: Naming) -> dict[Key, str]:
    """Acronyms in brackets behind the noun of a law or an event: Status of Forces Agreement (SOFA)."""
    found = {}
    for mention in mentions:
        if mention.label == "ORG" and mention.text not in BODIES and _CAPITALS.fullmatch(mention.text):
            noun = _NOUN_BRACKETED.search(text, max(0, mention.start - 40), mention.start)
            kind = naming.kind_of(f"The {noun.group(1)}") if noun else None
            if kind in {"LAW", "EVENT"}:
                found[mention.key] = kind
    return found


def _verdict(key: Key, label: str, cues: _Cues, surnames: set[Key]) -> str | None:
    """The label that the cues of a name call for, against the one that the model gave it most often.

    The shares are set by reading: people who are quoted act in most sentences that name them; places stand behind "in"
    in a few.
    """
    simple = len(key) == 1 and not cues.capitals
    body = cues.body + (cues.beside if label not in {"GPE", "NORP"} else 0)
    body += cues.served if label == "PERSON" and len(key) == 1 else 0
    known = key in surnames or (label == "PERSON" and len(key) > 1 and key[0] in GIVEN_NAMES)
    if label in _TOLD_BODIES and not known and body > max(cues.person, cues.place):
        return "ORG" if place_label(" ".join(key)) is None and key not in people_codes() else None
    unknown = label == "ORG" or (label == "GPE" and key not in country_codes() and key not in cities())
    if (
        unknown
        and len(key) == 1
        and not cues.body
        and not cues.article
        and cues.personal >= _PERSONAL
        and cues.personal > 2 * cues.impersonal
    ):
        return "PERSON"
    if unknown and simple and not cues.body and not cues.article and cues.person > cues.place:
        return "PERSON" if 2 * cues.person >= cues.mentions else None
    if label == "PERSON" and len(key) == 1 and not known and not cues.person and cues.capitals == cues.mentions:
        return "ORG" if len(key[0]) > _INITIALS else None
    if label not in {"PERSON", "ORG"} or (label == "ORG" and not simple) or key in surnames:
        return None
    if cues.place > cues.person and 4 * cues.place >= cues.mentions:
        return "GPE"
    if cues.maybe_place > cues.person and not cues.capitals and key in cities():
        return "GPE"
    return None


def _relabelled(mention: Mention, label: str | None) -> Mention:
    return mention if label is None or mention.label not in NAMES else replace(mention, label=label)


def _fullest(mentions: Sequence[Mention]) -> list[Mention]:
    """Each mention with the longest name that its entity has in the article, the first of equally long ones."""
    names: dict[tuple[Key, str], str] = {}
    for mention in mentions:
        if mention.label not in NAMES:
            continue
        known = names.setdefault((mention.key, mention.label), mention.name)
        if len(mention.name) > len(known):
            names[mention.key, mention.label] = mention.name
    return [replace(m, name=names.get((m.key, m.label), m.name)) for m in mentions]


def _people(
    mentions: Sequence[Mention], votes: dict[Key, Counter[str]], places: set[Key]
) -> dict[Key, tuple[Key, str]]:
    """Key of a mention to key and fullest name of the person it stands for."""
    full: dict[Key, str] = {}
    for mention in mentions:
        if mention.label == "PERSON" and is_full(mention.key) and votes[mention.key].most_common(1)[0][0] == "PERSON":
            name = full.get(mention.key)
            full[mention.key] = mention.name if name is None or len(mention.name) > len(name) else name
    known = {key: (key, name) for key, name in full.items()}
    owners: dict[Key, tuple[Key, str]] = {}
    shorts = {key: (surname_key(key), fold(name.split()[-1]), key[1:], key[:1]) for key, name in full.items()}
    for short_forms in zip(*shorts.values(), strict=True):
        for short, (key, name) in zip(short_forms, full.items(), strict=True):
            if short not in known:
                owners.setdefault(short, (key, name))
    for short, owner in owners.items():
        counts = votes.get(short)
        elsewhere = sum(counts[label] for label in PLACES) if counts else 0
        is_country = short in country_codes() and short not in GIVEN_NAMES_TOO
        if counts and not is_country and (short not in places or counts["PERSON"] > elsewhere):
            known[short] = owner
    return known


def _acronyms(text: str, mentions: Sequence[Mention], naming: Naming) -> dict[str, Mention]:
    """Acronyms that the article explains, "North Atlantic Treaty Organization (NATO)", to their long form."""
    explained: dict[str, Mention] = {}
    for mention in mentions:
        if mention.label not in {"ORG", "FAC", "LAW", "EVENT", "GPE", "NORP"} or " " not in mention.text:
            continue
        bracketed = naming.context.bracketed.match(text, mention.end, mention.end + 60)
        if bracketed and _shortens(bracketed.group(2), mention, bracketed.group(1), naming):
            explained.setdefault(bracketed.group(2), mention)
    return explained


def _shortens(short: str, mention: Mention, cut_off: str, naming: Naming) -> bool:
    """Whether what stands in brackets behind a name is its short form; a body's may be of another language."""
    if _abbreviates(short, mention.text + cut_off):
        return True
    if cut_off or mention.label != "ORG":
        return False
    if naming.kind_of(mention.text) != "ORG" and not any(word[0] == short[0] for word in mention.text.split()):
        return False
    if short.isupper():
        return True
    folded = fold(short)
    known = folded in cities() or folded in people_codes() or place_label(short) is not None
    return short.isalpha() and not known and not naming.is_generic(short)


def _plain_acronyms(text: str, naming: Naming) -> frozenset[str]:
    """Acronyms that stand for common words or an office: "non-performing loans (NPLs)", "Chief Secretary (CS)"."""
    plain = set()
    for match in _BRACKETED.finditer(text):
        short, before = match.group(1), text[max(0, match.start() - _LONGEST_NOUNS) : match.start()]
        nouns = _COMMON_NOUNS.search(before)
        is_common = nouns is not None and _abbreviates(short, nouns.group().replace("-", " "))
        *_, last = ["", *before.split()]
        if is_common or last.lower() in naming.officers:
            plain.add(short)
    return frozenset(plain)


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym begin the words of a name, in order, small words left out or not."""
    letters = [letter.lower() for letter in acronym if letter.isupper()]
    words = [word.lower() for word in re.findall(r"[^\W_]+", name)]
    at = 0
    for letter in letters:
        at = next((i + 1 for i in range(at, len(words)) if words[i][0] == letter), -1)
        if at < 0:
            return False
    return len(letters) >= 2


def called_short(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """Bodies called by the noun at their head where the article names one of that head: "the Commission"."""
    named: dict[str, dict[Key, Mention]] = defaultdict(dict)
    for mention in mentions:
        head = naming.head_of(mention.text) if mention.label == "ORG" else None
        if head is not None and head[0].isupper() and head.lower() not in naming.context.never_short:
            named[head].setdefault(mention.key, mention)
    starts = [mention.start for mention in mentions]
    for match in naming.context.short_form.finditer(text):
        bodies = named.get(match.group(1), {})
        position = bisect_left(starts, match.end())
        if len(bodies) == 1 and (position == 0 or mentions[position - 1].end <= match.start()):
            (body,) = bodies.values()
            yield replace(body, text=match.group(1)).moved_to(match.start(1))


def overlooked(text: str, mentions: Sequence[Mention], naming: Naming) -> list[Mention]:
    """Further occurrences of the article's names, and names that need no model, where spaCy passed them over."""
    names = _by_first_word(_findable(text, mentions, naming))
    world = _world()
    starts = [mention.start for mention in mentions]
    found: list[Mention] = []
    for word in _WORD.finditer(text):
        first = word.group()
        if (first not in names and first not in world) or (found and word.start() < found[-1].end):
            continue
        for known in (*names.get(first, ()), *world.get(first, ())):
            end = word.start() + len(known.text)
            if text.startswith(known.text, word.start()) and not text[end : end + 1].isalnum():
                position = bisect_left(starts, end)
                is_free = position == 0 or mentions[position - 1].end <= word.start()
                if is_free or (" " in known.text and _covers(known, word.start(), mentions[:position])):
                    found.append(known.moved_to(word.start()))
                    break
    return found


def _covers(longer: Mention, start: int, mentions: Sequence[Mention]) -> bool:
    """Whether a name that starts there takes in whole those of the mentions that it meets, and is longer than each."""
    end = start + len(longer.text)
    met = takewhile(lambda m: m.end > start, reversed(mentions))
    return all(start <= m.start and m.end <= end and len(m.text) < len(longer.text) for m in met)


@cache
def _world() -> dict[str, list[Mention]]:
    bodies = ((name, "ORG") for name in sorted(BODIES))
    return _by_first_word(mention_of(name, 0, len(name), label) for name, label in (*world_names(), *bodies))


def _by_first_word(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    """Mentions by the first word of their text, the longest first, each text once."""
    names: dict[str, dict[str, Mention]] = defaultdict(dict)
    for mention in mentions:
        first = _WORD.match(mention.text)
        if first:
            names[first.group()].setdefault(mention.text, mention)
    return {word: sorted(found.values(), key=lambda m: -len(m.text)) for word, found in names.items()}


def _findable(text: str, mentions: Sequence[Mention], naming: Naming) -> Iterator[Mention]:
    """The names to look for, those of the article itself first."""
    for mention in mentions:
        if mention.label in _SPREAD and _is_telling(mention):
            yield mention
            if mention.label in {"PERSON", "GPE", "LOC"} and not mention.text.isupper():
                yield replace(mention, text=mention.text.upper())
            surname = _GENERATION.sub("", mention.text).split(" ")[-1]
            if mention.label == "PERSON" and surname != mention.text and _is_surname(surname, naming):
                yield replace(mention, text=surname)
    for short, long_form in _acronyms(text, mentions, naming).items():
        yield replace(long_form, text=short)
    for dateline in _DATELINE.finditer(text):
        agency = dateline.group(1) or dateline.group(2)
        yield mention_of(agency, 0, len(agency), "ORG")
    counts = Counter(match.group() for match in _ACRONYM.finditer(text))
    plain = _plain_acronyms(text, naming)
    for acronym, count in counts.items():
        called = count > 1 and f"he {acronym}" in text and re.search(rf"\b[Tt]he {acronym}\b", text) is not None
        often = called or (count > 2 and len(acronym) > 2) or not acronym.rstrip("s").isupper()
        if often and acronym not in plain and not naming.is_generic(acronym):
            of_country = acronym in iso_codes() and text.count(f"({acronym})") == count
            yield mention_of(acronym, 0, len(acronym), "GPE" if of_country else "ORG")


def _is_surname(word: str, naming: Naming) -> bool:
    return len(word) > 3 and word[0].isupper() and not naming.is_generic(word)


def _is_telling(mention: Mention) -> bool:
    """Whether a name is unlike a common word: several words, capitals throughout, or a person or place."""
    if " " in mention.text or (mention.text.isupper() and len(mention.text) > 2):
        return True
    if len(mention.text) < 3 or not mention.text[0].isupper():
        return False
    return mention.label in {"PERSON", "GPE"}
