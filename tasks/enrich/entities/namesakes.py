"""Namesakes: whom a short form names where the article has several people of that name.

"Paul" is Rand Paul beside Paul Ryan: a surname goes before a given name. "Mr Carrow" is no Hanna, "Senator Ibarra" not
the president. A bare surname stays with the one who bore it before the other was named. Where nothing decides, the
short form is nobody's: it keeps a key of its own, which no full name has, and is marked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from newsmill.tasks.enrich.entities.gender import gender_of
from newsmill.tasks.enrich.entities.given_names import GIVEN_NAMES
from newsmill.tasks.enrich.entities.mentions import Doubt, Mention
from newsmill.tasks.enrich.entities.names import (
    GENERATIONS,
    fold,
    is_full,
    person_key,
    surname_key,
    without_generation,
)
from newsmill.tasks.enrich.languages.language import Lexicon

type Key = tuple[str, ...]

_INITIAL = re.compile(r"(?<![^\W\d_])([A-Z])(?![^\W\d_])")
_GENERATION_BEFORE = re.compile(r"\b(?:elder|younger|older|senior|junior)\s$")
_OFTEN = 3
"""Bare mentions from which on a surname is plainly its bearer's."""
_TELLING = 5
"""Letters that a title shares with a role: Senator and Senate."""


@dataclass(slots=True)
class _Article:
    """The people whom an article names in full, and who has borne each bare surname so far."""

    first: dict[Key, int]
    names: dict[Key, str]
    genders: dict[Key, str]
    roles: dict[Key, set[str]]
    offices: dict[Key, str]
    counts: Counter[Key]
    bare: Counter[Key] = field(default_factory=Counter)
    owners: dict[Key, Key] = field(default_factory=dict)
    last: dict[Key, int] = field(default_factory=dict)


def told_apart(text: str, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """The mentions, each short form of a person's name given to one person, or to nobody where nothing tells which."""
    mentions = _initialled(list(_couples(text, mentions, lexicon)))
    article = _people_of(text, mentions, lexicon)
    if not article.first:
        return mentions
    told = []
    for mention in mentions:
        own: Key = person_key(mention.text) if mention.label == "PERSON" else ()
        longer = [key for key in article.first if len(key) > 2 and key[1:] == own]
        if is_full(own) and len(longer) == 1 and own[0] not in GIVEN_NAMES:
            person = _as(mention, longer[0], article)  # Herrera Montoya is Lucia Herrera Montoya
        else:
            person = _decided(text, mention, own, article, lexicon) if own and not is_full(own) else mention
        if person.key in article.first:
            article.last[person.key] = person.start
        told.append(person)
    return told


def _couples(text: str, mentions: Sequence[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """The mentions; the first of a couple, "Hanna" and Bill Carrow, with the surname they share."""
    surnames = {surname_key(m.key) for m in mentions if m.label == "PERSON" and is_full(m.key)}
    shared: dict[Key, Mention] = {}
    for first, second in pairwise(mentions):
        own = person_key(first.text)
        if (
            first.label == second.label == "PERSON"
            and len(own) == 1
            and own[0] in GIVEN_NAMES
            and own not in surnames
            and len(person_key(second.text)) == 2
            and person_key(second.text)[0] in GIVEN_NAMES
            and lexicon.reference.couple.fullmatch(text, first.end, second.start)
        ):
            surname = second.text.split()[-1]
            shared[own] = replace(first, key=(own[0], second.key[-1]), name=f"{first.text} {surname}")
    for mention in mentions:
        couple = shared.get(person_key(mention.text)) if shared and mention.label == "PERSON" else None
        yield mention if couple is None else replace(mention, key=couple.key, name=couple.name)


def _people_of(text: str, mentions: Sequence[Mention], lexicon: Lexicon) -> _Article:
    article = _Article({}, {}, {}, defaultdict(set), {}, Counter())
    for mention in mentions:
        if mention.label != "PERSON" or not is_full(mention.key):
            continue
        article.names.setdefault(mention.key, mention.name)
        in_full = is_full(person_key(mention.text))
        if not in_full and mention.name != f"{mention.text} {mention.name.split()[-1]}":
            continue
        article.first.setdefault(mention.key, mention.start)
        article.counts[mention.key] += 1
        gender = gender_of(text, mention, lexicon)
        if gender:
            article.genders.setdefault(mention.key, gender)
        title = _title(text, mention, lexicon)
        if title and title not in lexicon.titles_he | lexicon.titles_she:
            article.offices.setdefault(mention.key, title)
        article.roles[mention.key].update([*([title] if title else []), *(w for r in mention.roles for w in fold(r))])
    return article


def _initialled(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions; people who differ by initials alone, George H.W. and George W. Bush, with these in their keys."""
    initials: dict[Key, set[Key]] = defaultdict(set)
    for mention in mentions:
        if mention.label == "PERSON" and is_full(mention.key):
            initials[mention.key].add(_initials_of(mention.text))
    several = {key for key, found in initials.items() if len(found - {()}) > 1}
    return [
        replace(m, key=(m.key[0], *_initials_of(m.text), *m.key[1:]), name=" ".join(m.text.split()))
        if m.label == "PERSON" and m.key in several and _initials_of(m.text)
        else m
        for m in mentions
    ]


def _initials_of(name: str) -> Key:
    return tuple(letter.lower() for word in name.split()[1:-1] for letter in _INITIAL.findall(word))


def _decided(text: str, mention: Mention, own: Key, article: _Article, lexicon: Lexicon) -> Mention:
    """A short form as whom it names."""
    title = _title(text, mention, lexicon)
    people = _bearers(own, article, is_titled=bool(title) and title not in lexicon.royal)
    if not people:
        alone = mention.key in article.first and title and title not in lexicon.royal
        return replace(mention, key=own, name=mention.text) if alone and own[-1] != mention.key[-1] else mention
    gender = "he" if title in lexicon.titles_he else "she" if title in lexicon.titles_she else None
    fitting = [key for key in people if gender is None or article.genders.get(key, gender) == gender]
    if not fitting:  # Mrs Carrow, where only Bill Carrow is named in full
        return replace(mention, key=own, name=mention.text)
    if len(fitting) > 1:
        told = [key for key in fitting if gender and article.genders.get(key) == gender]
        if len(told) == 1:
            return _as(mention, told[0], article, Doubt.LIKELIEST)
        if title and gender is None:
            in_office = [k for k in fitting if any(_is_akin(title, word) for word in article.roles[k])]
            if len(in_office) == 1:
                return _as(mention, in_office[0], article)
            free = [key for key in fitting if key not in article.offices]
            if len(free) == 1 and not in_office:  # the others are called by other offices
                return _as(mention, free[0], article, Doubt.LIKELIEST)
    if len(fitting) == 1:
        is_first = article.first[fitting[0]] <= mention.start
        if len(people) == 1 and is_first and gender is None:
            article.bare[own] += 1
            article.owners.setdefault(own, fitting[0])
        return _as(mention, fitting[0], article)
    return _bare(text, mention, own, fitting, article)


def _bare(text: str, mention: Mention, own: Key, people: Sequence[Key], article: _Article) -> Mention:
    """A short form that nothing beside it gives to one of several people."""
    article.bare[own] += 1
    before = [key for key in people if article.first[key] < mention.start]
    if _GENERATION_BEFORE.search(text, max(0, mention.start - 10), mention.start):
        return replace(mention, key=own, name=mention.text, doubt=Doubt.AMBIGUOUS)
    if len(before) == 1:
        article.owners.setdefault(own, before[0])
        return _as(mention, before[0], article)
    if not before:
        first = min(people, key=lambda key: article.first[key])
        return _as(mention, first, article, Doubt.LIKELIEST)
    latest = max(before, key=lambda key: article.last.get(key, -1))
    owner = article.owners.get(own)
    if owner is None:
        (most, count), (_, second) = Counter({key: article.counts[key] for key in people}).most_common(2)
        if most == latest and count >= 2 * second and count > 1:
            return _as(mention, most, article, Doubt.LIKELIEST)
    elif latest == owner:
        start = text.rfind("\n", 0, mention.start) + 1
        alone = all(article.last.get(key, -1) < start for key in before if key != owner)
        return _as(mention, owner, article, None if alone else Doubt.LIKELIEST)
    elif text.count("\n", article.last.get(latest, 0), mention.start) > 2 or article.bare[own] > _OFTEN:
        return _as(mention, owner, article, Doubt.LIKELIEST)
    return replace(mention, key=own, name=mention.text, doubt=Doubt.AMBIGUOUS)


def _as(mention: Mention, key: Key, article: _Article, doubt: Doubt | None = None) -> Mention:
    return replace(mention, key=key, name=article.names.get(key, mention.name), doubt=doubt)


def _bearers(own: Key, article: _Article, *, is_titled: bool) -> list[Key]:
    """Who may be so called: by surname; else by the first of two surnames; else by given name, without a title."""
    plain, generation = without_generation(own), own[-1] if own[-1] in GENERATIONS else None
    people = [key for key in article.first if generation is None or key[-1] == generation]
    full = {key: without_generation(key) for key in people}
    by_surname = [key for key in people if len(plain) < len(full[key]) and full[key][-len(plain) :] == plain]
    if by_surname:
        return by_surname
    if len(plain) > 1:
        return [key for key in people if generation is not None and full[key] == plain]
    doubled = [key for key in people if len(full[key]) > 2 and full[key][-2:-1] == plain]
    by_first = [key for key in people if full[key][:1] == plain]
    return doubled or ([] if is_titled and plain[0] in GIVEN_NAMES else by_first)  # Minister Zhou is Zhou Wenbo


def _title(text: str, mention: Mention, lexicon: Lexicon) -> str | None:
    """The title right before a name, lower case."""
    before = text[max(0, mention.start - 16) : mention.start].rsplit("\n", 1)[-1]
    word = before.split()[-1].lower() if before.split() and before[-1].isspace() else ""
    return word if word in lexicon.titles or (word in lexicon.roles and before.split()[-1].istitle()) else None


def _is_akin(title: str, word: str) -> bool:
    bare = title.rstrip(".")
    return word.startswith(bare) if len(bare) < _TELLING else word[:_TELLING] == bare[:_TELLING]
