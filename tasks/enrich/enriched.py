"""What enriching gives, apart from what it takes: whoever reads it need not load a language model's library."""

from dataclasses import dataclass

from newsmill.schemas.rows import Entity, Quote
from newsmill.schemas.words import EnrichmentDepth

type Text = tuple[str, str, str | None] | tuple[str, str, str | None, str | None]
"""An article to enrich: its id, its text, its language, and the ISO code of its outlet's country where it is known."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place that opens an article's text, as it is written, and its id where that is decided."""

    text: str
    geoname_id: int | None


@dataclass(frozen=True, slots=True)
class Enriched:
    """What one article names and quotes, in order of its text, how far its language let us see, and by which model."""

    entities: tuple[Entity, ...]
    quotes: tuple[Quote, ...]
    depth: EnrichmentDepth
    model_name: str | None
    model_version: str | None
    dateline: Dateline | None = None
