"""The user's own ids for people, bodies and places, by their names. ``entity_id`` stays what it is."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from newsmill.schemas.rows import Entity, Quote
from newsmill.tasks.enrich.enriched import Enriched
from newsmill.tasks.enrich.entities.mentions import PLACES, mention_of
from newsmill.tasks.enrich.entities.names import is_full, surname_key, trim
from newsmill.tasks.run.authority import AuthorityRow, NameKind, read_authority

type _Key = tuple[str, ...]
type _Name = tuple[NameKind, _Key]

_KINDS = {"PERSON": NameKind.PERSON, "ORG": NameKind.BODY} | dict.fromkeys(PLACES, NameKind.PLACE)
_LABELS = {NameKind.PERSON: "PERSON", NameKind.BODY: "ORG", NameKind.PLACE: "GPE"}


@dataclass(frozen=True, slots=True)
class Authority:
    """Names, folded as those of entities are, with the one id that has them; None for names that several have."""

    ids: dict[_Name, str | None]

    def identify(self, found: Enriched) -> Enriched:
        """What was found in an article, with the ids of its names and of the speakers who bear them."""
        entities, quotes = self.identified(found.entities, found.quotes)
        return (
            found
            if entities is found.entities
            else dataclasses.replace(found, entities=tuple(entities), quotes=tuple(quotes))
        )

    def identified(
        self, entities: Sequence[Entity], quotes: Sequence[Quote]
    ) -> tuple[Sequence[Entity], Sequence[Quote]]:
        """The mentions and quotations of an article with ids; the same where nobody has one.

        A mention goes by its ``entity_name``, the fullest name that the article has for it. So a surname alone is
        whoever the article calls by it; one that stands for nobody in full goes by an alias that is just that, unless
        somebody else of the article has it too.
        """
        if not self.ids:
            return entities, quotes
        shared = _surnames(entities)
        named = {(entity.entity_name, entity.label) for entity in entities}
        known = {name: identity for name in named if (identity := self._id_of(_key_of(*name), shared))}
        if not known:
            return entities, quotes
        marked = tuple(e.replace(authority_id=known.get((e.entity_name, e.label))) for e in entities)
        speakers = _by_entity(marked)
        return marked, tuple(q.replace(speaker_authority_id=speakers.get(q.speaker_entity_id or "")) for q in quotes)

    def _id_of(self, key: _Name | None, shared: set[_Key]) -> str | None:
        return None if key is None or (key[0] is NameKind.PERSON and key[1] in shared) else self.ids.get(key)


@cache
def authority_of(path: str | None, digest: str | None) -> Authority:
    """The authority in a file of that SHA-256, read once a process; one without names where there is none.

    Raises ConfigError for a file that is missing or wrong.
    """
    return Authority(_ids_of(read_authority(path, digest)) if path and digest else {})


def _ids_of(rows: Iterable[AuthorityRow]) -> dict[_Name, str | None]:
    """The id of each name: None where two rows of other ids share it, or where it is the surname of another's."""
    ids: dict[_Name, str | None] = {}
    surnames: dict[_Key, set[str]] = {}
    for row in rows:
        for kind in (row.kind,) if row.kind else NameKind:
            for name in row.names:
                key = _key_of(name, _LABELS[kind])
                if key is None:
                    continue
                ids[key] = row.id if ids.get(key, row.id) == row.id else None
                if kind is NameKind.PERSON and is_full(key[1]):
                    surnames.setdefault(surname_key(key[1]), set()).add(row.id)
    for surname, bearers in surnames.items():
        key = (NameKind.PERSON, surname)
        if key in ids and bearers != {ids[key]}:
            ids[key] = None
    return ids


def _key_of(name: str, label: str) -> _Name | None:
    """The name as entities are told apart by it; None for what is neither person nor body nor place."""
    kind = _KINDS.get(label)
    return (kind, mention_of(name, *trim(name, 0, len(name)), label).key) if kind else None


def _surnames(entities: Sequence[Entity]) -> set[_Key]:
    """The surnames of the people whom an article names in full."""
    keys = (_key_of(entity.entity_name, entity.label) for entity in entities if entity.label == "PERSON")
    return {surname_key(key[1]) for key in keys if key and is_full(key[1])}


def _by_entity(entities: Iterable[Entity]) -> dict[str, str | None]:
    """The id of each entity, None where its mentions have several."""
    found: dict[str, str | None] = {}
    for entity in entities:
        if entity.authority_id:
            same = found.get(entity.entity_id, entity.authority_id) == entity.authority_id
            found[entity.entity_id] = entity.authority_id if same else None
    return found
