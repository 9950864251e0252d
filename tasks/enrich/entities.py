"""Named entities: spaCy's mentions, made to agree with each other within the article and given an identity."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from newsmill.schemas.rows import Entity
from newsmill.tasks.enrich.countries import GIVEN_NAMES_TOO, country_codes
from newsmill.tasks.enrich.lexicon import TITLES
from newsmill.tasks.enrich.model import blank_doc
from newsmill.tasks.enrich.names import body_key, fold, identity, person_key, trim

CLASSES = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
"""Labels that are one class of identity, since spaCy tells them apart differently from article to article."""
NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART", "LANGUAGE"})
"""Labels of names; the others are dates and numbers, which are kept as they are."""
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_SPREAD = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP"})
"""Labels of names that are looked for again in the article where spaCy passed them over."""

_PIECE = 100_000
"""Characters that go through the model at once; spaCy refuses a million."""
_WORD = re.compile(r"(?<![\w-])[^\W_]+")
_PLACED = re.compile(r"\b(?:in|at|near|from|into|across|around|outside|of)\s+(?:the\s+)?$", re.IGNORECASE)
_BREAK = re.compile(r"[\n\r\t\x0b\x0c\x85\u2028\u2029]+")
_ADDRESS = re.compile(r"https?:|www\.|://|@|\w/\w+/|\.(?:com|org|net|html?)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z&.-]{1,8}[A-Za-z]?")
_BRACKETED = re.compile(r"\s?\(\s?(?:the\s+)?[“\"'‘]?([A-Z][A-Za-z&.-]{1,9})[”\"'’]?\s?\)")
_WORD_TAIL = re.compile(r"-[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an entity: offsets into the article's text, and whom or what it stands for."""

    start: int
    end: int
    text: str
    label: str
    key: tuple[str, ...]
    name: str

    @property
    def entity_id(self) -> str:
        """Identity, the same in every article."""
        return identity(self.key, CLASSES.get(self.label, self.label))


def find_mentions(text: str, nlp: Language) -> list[Mention]:
    """The mentions of an article in order of text, none overlapping another."""
    pieces = _pieces(text)
    docs = _recognised(nlp, [text[start:end] for start, end in pieces])
    spotted = [
        mention for (offset, _), doc in zip(pieces, docs, strict=True) for mention in _spotted(doc, text, offset)
    ]
    mentions = _agree(text, _apart(spotted))
    return sorted([*mentions, *_missed(text, mentions)], key=lambda m: m.start)


def entity_rows(article_id: str, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """The mentions as rows of the table ``entities``."""
    codes = country_codes()
    return tuple(
        Entity(
            article_id=article_id,
            mention_index=index,
            text=mention.text,
            start=mention.start,
            end=mention.end,
            label=mention.label,
            entity_id=mention.entity_id,
            entity_name=mention.name,
            country_code=codes.get(fold(mention.name)) if mention.label == "GPE" else None,
        )
        for index, mention in enumerate(mentions)
    )


def _pieces(text: str) -> list[tuple[int, int]]:
    """The text in stretches that spaCy takes at once, cut at line breaks, else at spaces: mostly just one."""
    pieces = []
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        cut = max(text.rfind("\n", start + 1, limit), start)
        if cut == start:
            cut = max(text.rfind(" ", start + 1, limit), start)
        if cut == start:
            cut = limit
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, len(text))]


def _recognised(nlp: Language, texts: Sequence[str]) -> list[Doc]:
    """Documents with entities, from the recogniser and what it listens to alone: nothing else is of use here."""
    docs = [blank_doc(nlp, text) for text in texts]
    for name, component in nlp.pipeline:
        if name == "ner" or "ner" in getattr(component, "listening_components", ()):
            docs = [component(doc) for doc in docs]
    return docs


# --- single mentions -------------------------------------------------------------------------------------------------


def _spotted(doc: Doc, text: str, offset: int) -> Iterator[Mention]:
    """spaCy's mentions, each within one line, without article, possessive, title and what is no name at all."""
    for entity in doc.ents:
        begin = offset + entity.start_char
        first = _BREAK.split(text[begin : offset + entity.end_char])[0]
        end = begin + len(first)
        if entity.label_ not in NAMES:
            start, end = trim(text, begin, end)
            if end > start:
                yield _mention(text, start, end, entity.label_)
            continue
        for part_start, part_end in _parts(text, begin, end):
            mention = _named(text, part_start, part_end, entity.label_)
            if mention is not None:
                yield mention


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A name and the acronym in brackets behind it are two mentions; a bracket that is cut off belongs to none."""
    opening = text.find("(", start + 1, end)
    if opening < 0:
        return [(start, end)]
    return [(start, opening), (opening + 1, end)]


def _named(text: str, start: int, end: int, label: str) -> Mention | None:
    if _ADDRESS.search(text, max(0, start - 8), min(len(text), end + 5)) and _ADDRESS.search(_word_around(text, start)):
        return None
    start, end = trim(text, start, end)
    if label == "PERSON":
        start = _behind_titles(text, start, end)
        tail = _WORD_TAIL.match(text, end)
        end = tail.end() if tail else end
    words = text[start:end]
    if not any(character.isupper() or not character.isascii() for character in words) or not words.strip():
        return None
    if label == "PERSON" and _ACRONYM.fullmatch(words) and len(words) < 7:
        label = "ORG"
    if label == "PERSON" and words.lower() in TITLES:
        return None
    code = country_codes().get(fold(words))
    if code and label in {"ORG", "PERSON"} and not (label == "PERSON" and fold(words) in GIVEN_NAMES_TOO):
        label = "GPE"
    return _mention(text, start, end, label)


def _word_around(text: str, start: int) -> str:
    """The text between the white space on either side of an offset."""
    left, right = start, start
    while left > 0 and not text[left - 1].isspace() and start - left < 200:
        left -= 1
    while right < len(text) and not text[right].isspace() and right - start < 200:
        right += 1
    return text[left:right]


def _mention(text: str, start: int, end: int, label: str) -> Mention:
    words = text[start:end]
    key = person_key(words) if label == "PERSON" else body_key(words)
    return Mention(start, end, words, label, key, " ".join(words.split()))


def _behind_titles(text: str, start: int, end: int) -> int:
    """Where the name starts behind its titles; a name that is all title stays whole."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for word in words[:-1]:
        if word.group().lower() not in TITLES:
            return start + word.start()
    return start + words[-1].start() if words else start


def _apart(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in order, those dropped that stretch into the one before."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


# --- the article as a whole ------------------------------------------------------------------------------------------


def _agree(text: str, mentions: list[Mention]) -> list[Mention]:
    """One label for one name, and short forms given the identity of the full name they stand for."""
    votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.label in NAMES:
            votes[mention.key][mention.label] += 1
    places = {m.key for m in mentions if m.label in _PLACES and _PLACED.search(text[max(0, m.start - 12) : m.start])}
    people = _people(mentions, votes, places)
    acronyms = _acronyms(text, mentions)
    agreed = []
    for mention in mentions:
        person, long_form = people.get(mention.key), acronyms.get(mention.text)
        if mention.label not in NAMES:
            agreed.append(mention)
        elif long_form is not None:
            agreed.append(replace(mention, label=long_form.label, key=long_form.key, name=long_form.name))
        elif person is not None:
            agreed.append(replace(mention, label="PERSON", key=person[0], name=person[1]))
        else:
            agreed.append(replace(mention, label=votes[mention.key].most_common(1)[0][0]))
    return _fullest(agreed)


def _fullest(mentions: Sequence[Mention]) -> list[Mention]:
    """Each mention with the longest name that its entity has in the article, the first of equally long ones."""
    names: dict[tuple[tuple[str, ...], str], str] = {}
    for mention in mentions:
        if mention.label not in NAMES:
            continue
        known = names.setdefault((mention.key, mention.label), mention.name)
        if len(mention.name) > len(known):
            names[mention.key, mention.label] = mention.name
    return [replace(m, name=names.get((m.key, m.label), m.name)) for m in mentions]


def _people(
    mentions: Sequence[Mention], votes: dict[tuple[str, ...], Counter[str]], places: set[tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[tuple[str, ...], str]]:
    """Key of a mention to key and fullest name of the person it stands for."""
    full: dict[tuple[str, ...], str] = {}
    for mention in mentions:
        if mention.label == "PERSON" and len(mention.key) > 1 and votes[mention.key].most_common(1)[0][0] == "PERSON":
            name = full.get(mention.key)
            full[mention.key] = mention.name if name is None or len(mention.name) > len(name) else name
    known = {key: (key, name) for key, name in full.items()}
    owners: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {}
    for shorten in (-1, 0, -2):
        for key, name in full.items():
            short = (key[-1:], key[1:], key[:1])[shorten]
            if short not in known:
                owners.setdefault(short, (key, name))
    for short, owner in owners.items():
        counts = votes.get(short)
        elsewhere = sum(counts[label] for label in _PLACES) if counts else 0
        is_country = short in country_codes() and short not in GIVEN_NAMES_TOO
        if counts and not is_country and (short not in places or counts["PERSON"] > elsewhere):
            known[short] = owner
    return known


def _acronyms(text: str, mentions: Sequence[Mention]) -> dict[str, Mention]:
    """Acronyms that the article explains, "North Atlantic Treaty Organization (NATO)", to their long form."""
    explained: dict[str, Mention] = {}
    for mention in mentions:
        if mention.label not in {"ORG", "FAC", "LAW", "EVENT", "GPE", "NORP"} or " " not in mention.text:
            continue
        bracketed = _BRACKETED.match(text, mention.end, mention.end + 16)
        if bracketed and _abbreviates(bracketed.group(1), mention.text):
            explained.setdefault(bracketed.group(1), mention)
    return explained


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


def _missed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Further occurrences of the article's names that spaCy passed over, in the same capitals."""
    names: dict[str, list[Mention]] = {}
    seen: set[str] = set()
    for mention in sorted(mentions, key=lambda m: -len(m.text)):
        if mention.label in _SPREAD and mention.text not in seen and _is_telling(mention):
            seen.add(mention.text)
            first = _WORD.match(mention.text)
            if first:
                names.setdefault(first.group(), []).append(mention)
    starts = [mention.start for mention in mentions]
    found: list[Mention] = []
    for word in _WORD.finditer(text):
        if word.group() not in names or (found and word.start() < found[-1].end):
            continue
        for known in names[word.group()]:
            end = word.start() + len(known.text)
            if text.startswith(known.text, word.start()) and not text[end : end + 1].isalnum():
                position = bisect_left(starts, end)
                if position == 0 or mentions[position - 1].end <= word.start():
                    found.append(replace(known, start=word.start(), end=end))
                    break
    return found


def _is_telling(mention: Mention) -> bool:
    """Whether a name is unlike a common word: several words, capitals throughout, or a person or place."""
    if " " in mention.text or (mention.text.isupper() and len(mention.text) > 2):
        return True
    if len(mention.text) < 3 or not mention.text[0].isupper():
        return False
    return mention.label in {"PERSON", "GPE"}
