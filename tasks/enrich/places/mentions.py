"""The places of an article's mentions, and the place of its dateline."""

import re
from collections.abc import Sequence

from newsmill.schemas.rows import Entity
from newsmill.tasks.enrich.enriched import Dateline
from newsmill.tasks.enrich.places.locate import Located, Named, locate

_PLACES = frozenset({"GPE", "LOC", "NORP"})


def with_places(
    text: str, entities: Sequence[Entity], home: str | None = None
) -> tuple[tuple[Entity, ...], Dateline | None]:
    """The mentions with the places that those of places and peoples name, and the dateline of the text.

    ``home`` is the country of the outlet, where it is known. Where a place is decided on, its country is the mention's;
    a name that stays open keeps the country of the largest.
    """
    names = [Named(e.text, e.start, e.end, e.label) for e in entities if e.label in _PLACES]
    located = locate(text, names, home)
    rows = tuple(_placed(entity, located.get((entity.start, entity.end))) for entity in entities)
    return rows, _dateline(text, rows)


def _placed(entity: Entity, located: Located | None) -> Entity:
    if located is None or entity.label not in _PLACES:
        return entity
    place = located.place
    return entity.replace(
        country_code=place.country_code,
        geoname_id=place.geoname_id,
        latitude=place.latitude,
        longitude=place.longitude,
        admin1=place.admin1,
        place_kind=place.kind,
        place_confidence=located.confidence,
    )


_WORD = r"[A-ZÀ-Þ][\w.'’-]*"
_DATELINE = re.compile(
    rf"\W{{0,2}}(?P<place>{_WORD}(?:[ /]{_WORD}){{0,4}}(?:, {_WORD}(?: {_WORD}){{0,2}})?)"
    r"(?:,? (?:[A-Z][a-zé]{2,8}\.? \d{1,2}|\d{1,2}\.? [A-Z]?[a-zé]{2,9}\.?)(?:,? \d{4})?)?"
    r"(?:,? ?[(\[][\w/ .-]{2,40}[)\]])?\s?(?:--|[–—-])\s"
)
"""A place, its region, a day and an agency perhaps, and a dash: KYIV, Ukraine, Jan. 5 (Reuters) -."""


def _dateline(text: str, entities: Sequence[Entity]) -> Dateline | None:
    """The place ahead of the dash that opens the text, if it is one of the article's places."""
    found = _DATELINE.match(text)
    if found is None:
        return None
    start, end = found.span("place")
    inside = [e for e in entities if start <= e.start and e.end <= end and e.label in {"GPE", "LOC"}]
    if not inside or inside[0].start != start:
        return None
    return Dateline(found["place"], inside[0].geoname_id)
