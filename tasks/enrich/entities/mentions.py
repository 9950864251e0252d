"""A mention of an entity, and which labels are names."""

from dataclasses import dataclass, replace
from enum import Enum

from newsmill.tasks.enrich.entities.countries import ministry_key, place_key
from newsmill.tasks.enrich.entities.names import body_key, identity, person_key

PLACES = frozenset({"GPE", "LOC", "FAC"})
"""Labels that are one class of identity, since spaCy tells them apart differently from article to article."""
NAMES = PLACES | {"PERSON", "ORG", "NORP", "EVENT", "PRODUCT", "LAW", "WORK_OF_ART", "LANGUAGE"}
"""Labels of names; the others are dates and numbers, which are kept as they are."""


class Doubt(Enum):
    """Why it is not plain whom a short form of a name names."""

    LIKELIEST = "likeliest"
    """Others of the name could be meant as well."""
    AMBIGUOUS = "ambiguous"
    """Nothing decides between people of that name: nobody is named."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an entity: offsets into the article's text, and whom or what it stands for."""

    start: int
    end: int
    text: str
    label: str
    key: tuple[str, ...]
    name: str
    roles: tuple[str, ...] = ()
    doubt: Doubt | None = None

    @property
    def entity_id(self) -> str:
        """Identity, the same in every article."""
        return identity(self.key, "PLACE" if self.label in PLACES else self.label)

    @property
    def role(self) -> str | None:
        """What the words beside it say that a person is; the longest where there are two."""
        return max(self.roles, key=len, default=None)

    def moved_to(self, start: int) -> "Mention":
        """The same words elsewhere in the text."""
        return replace(self, start=start, end=start + len(self.text))


def mention_of(text: str, start: int, end: int, label: str) -> Mention:
    """The mention at a stretch of a text, standing for what it says."""
    words = text[start:end]
    key = person_key(words) if label == "PERSON" else ministry_key(words) or body_key(words)
    if label in PLACES:
        key = place_key(key, words)
    return Mention(start, end, words, label, key, " ".join(words.split()))
