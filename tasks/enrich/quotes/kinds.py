"""What kind of source a quotation has: a person, somebody without a name, a body, a document, a crowd."""

import re
from collections.abc import Iterable

from newsmill.schemas.rows import Entity, Quote
from newsmill.schemas.words import SpeakerKind, SpeakerMethod
from newsmill.tasks.enrich.entities.bodies import FORMS
from newsmill.tasks.enrich.languages.language import Language, SourceNouns

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_LABELS = {"PERSON": SpeakerKind.PERSON, "PER": SpeakerKind.PERSON, "NORP": SpeakerKind.CROWD}
_NAMED_BY_LAYOUT = frozenset({SpeakerMethod.SIGNATURE, SpeakerMethod.TRANSCRIPT, SpeakerMethod.AMBIGUOUS})
"""Where whoever is named is a person, known as an entity or not."""


def with_kinds(quotes: Iterable[Quote], entities: Iterable[Entity], language: Language) -> tuple[Quote, ...]:
    """The quotations with the kind of each one's speaker; none where the words do not tell."""
    labels = {entity.entity_id: entity.label for entity in entities}
    return tuple(
        quote.replace(speaker_kind=speaker_kind(quote, labels.get(quote.speaker_entity_id or ""), language.sources))
        for quote in quotes
    )


def speaker_kind(quote: Quote, label: str | None, nouns: SourceNouns) -> SpeakerKind | None:
    """By the speaker's entity, whose ``label`` is given, else by the noun that the text calls the speaker by.

    "The minister" is a person, whom the text names somewhere; "a minister" or "ministers" have no name.
    """
    if quote.speaker_text is None:
        return None
    if label is not None:
        return _LABELS.get(label, SpeakerKind.BODY)
    if quote.method in _NAMED_BY_LAYOUT:
        return SpeakerKind.PERSON
    if any(word in FORMS for word in quote.speaker_text.split()):
        return SpeakerKind.BODY
    words = [word.lower() for word in _WORD.findall(_POSSESSIVE.sub("", quote.speaker_text))]
    head = nouns.head(words)
    if head is None:
        return None
    if head in nouns.crowds:
        return SpeakerKind.CROWD
    if head in nouns.documents:
        return SpeakerKind.DOCUMENT
    if head in nouns.bodies:
        return SpeakerKind.BODY
    if head in nouns.people or words[0] not in nouns.definite:
        return SpeakerKind.UNNAMED
    return SpeakerKind.PERSON
