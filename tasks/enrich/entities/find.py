"""Named entities: spaCy's mentions, made to agree with each other within the article and given an identity."""

import re
from collections.abc import Iterator, Mapping, Sequence

from spacy.language import Language

from newsmill.schemas.rows import Entity
from newsmill.tasks.enrich.entities.agreement import (
    aged,
    agree,
    apart,
    called_short,
    headed,
    introduced,
    ministries,
    overlooked,
)
from newsmill.tasks.enrich.entities.countries import country_of, place_label
from newsmill.tasks.enrich.entities.cut_short import completed
from newsmill.tasks.enrich.entities.mentions import PLACES, Mention, mention_of
from newsmill.tasks.enrich.entities.names import trim
from newsmill.tasks.enrich.entities.namesakes import told_apart
from newsmill.tasks.enrich.entities.organs import owner_of, parted
from newsmill.tasks.enrich.entities.recogniser import recogniser_of
from newsmill.tasks.enrich.entities.roles import with_roles
from newsmill.tasks.enrich.entities.spans import clean_spans, plain_spans
from newsmill.tasks.enrich.languages.registry import ABROAD, language_of
from newsmill.tasks.enrich.model import blank_doc

__all__ = ["Mention", "entity_rows", "find_mentions"]

_NAMED_AFTER_PLACES = frozenset({"ORG", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"})
_NAMED_IN_NAMES = PLACES | {"ORG"}
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*\.?")
_LONGEST = 4
"""Words of the longest name of a place within a name."""
_PIECE = 100_000
"""Characters that go through the model at once; spaCy refuses a million."""


def find_mentions(text: str, nlp: Language) -> list[Mention]:
    """The mentions of an article in order of text, none overlapping another.

    In any other language than English they are the model's, one label for one name, and surnames tied to full names.
    """
    pieces = _pieces(text)
    entities = recogniser_of(nlp)
    spans = [(start, entities(blank_doc(nlp, text[start:end]))) for start, end in pieces]
    language = language_of(nlp.lang or "")
    lexicon, naming = language.lexicon, language.naming or ABROAD
    if lexicon is None:
        plain = [mention for offset, ents in spans for mention in plain_spans(ents, text, offset)]
        return agree(text, apart(plain), naming, reads_context=False)
    spotted = [mention for offset, ents in spans for mention in clean_spans(ents, text, offset, naming)]
    people = list(aged(text, spotted, naming))
    outside = [m for m in spotted if not any(p.start < m.end and m.start < p.end for p in people)]
    found = apart([*outside, *people, *ministries(text, outside, naming), *introduced(text, outside, naming)])
    found = apart([*found, *headed(text, found, naming)])
    mentions = agree(text, list(completed(text, found, naming)), naming)
    for look in (overlooked, called_short):
        mentions = apart([*mentions, *look(text, mentions, naming)])
    mentions = list(parted(text, mentions, naming))
    return told_apart(text, with_roles(text, mentions, lexicon), lexicon)


def entity_rows(article_id: str, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """The mentions as rows of the table ``entities``, each followed by the places that its name names."""
    rows: list[tuple[Mention, int | None]] = []
    named = {mention.text: mention for mention in mentions if mention.label in _NAMED_IN_NAMES}
    for mention in mentions:
        outer = len(rows)
        rows += [(mention, None), *((inner, outer) for inner in _names_within(mention, named))]
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
            country_code=country_of(mention.name, mention.label) or owner_of(mention),
            within=within,
            role=mention.role,
        )
        for index, (mention, within) in enumerate(rows)
    )


def _names_within(mention: Mention, named: Mapping[str, Mention]) -> Iterator[Mention]:
    """The countries, regions and large cities in the name of a body or an event: "Bank of Ghana", "Dubai Airports".

    Places of the article are found in them whatever their size, and bodies in what is no body: "FIFA World Cup".
    """
    if mention.label not in _NAMED_AFTER_PLACES:
        return
    found = [(word.start(), word.end()) for word in _WORD.finditer(mention.text)]
    at = 0
    while at < len(found):
        for size in range(min(_LONGEST, len(found) - at), 0, -1):
            start, end = trim(mention.text, found[at][0], found[at + size - 1][1])
            name = mention.text[start:end]
            inner = _name_within(name, mention, named) if name[:1].isupper() and size < len(found) else None
            if inner is not None:
                yield inner.moved_to(mention.start + start)
                at += size - 1
                break
        at += 1


def _name_within(name: str, outer: Mention, named: Mapping[str, Mention]) -> Mention | None:
    label = place_label(name)
    if label is not None and (len(name) > 2 or name.isupper()):
        return mention_of(name, 0, len(name), label)
    known = named.get(name)
    if known is None or (known.label not in PLACES and (outer.label in {"ORG", "FAC"} or not name.isupper())):
        return None
    return known


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
