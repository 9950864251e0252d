"""newsmill from Python: a lake as tables, and what the stages make of one page or one text.

    import newsmill

    lake = newsmill.open("lake")
    lake.quotes(speaker="Lavrov").to_pandas()
    lake.sql("SELECT source, count(*) AS articles FROM articles GROUP BY ALL")
    newsmill.extract(html, url="https://example.org/story").title
    newsmill.enrich(text).quotes

Tables are PyArrow's, with ``to_pandas``; records are frozen. Every error is a ``newsmill.errors.NewsmillError``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from newsmill.errors import NoLake
from newsmill.lake.query import query
from newsmill.lake.read import Lake
from newsmill.queries import ready_queries

if TYPE_CHECKING:
    from newsmill.schemas.rows import Article, Rejection
    from newsmill.tasks.enrich import Enriched
    from newsmill.tasks.enrich.model import LanguageModel

_OUTLET = "coalesce(a.hostname, a.source)"
_BARE_WORDS = "' ' || regexp_replace(lower(strip_accents({})), '[^\\pL\\pN]+', ' ', 'g') || ' '"
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenLake:
    """A lake to ask. Each answer is of one published state; names are compared without case and accents, by words."""

    lake: Lake

    def sql(self, sql: str) -> pa.Table:
        """The rows of a SELECT in DuckDB's dialect, or of a ready query by its name. Raises UsageError for another."""
        ready = {ready.name: ready.sql for ready in ready_queries()}
        return query(self.lake, ready.get(sql, sql))

    def articles(
        self,
        *,
        words: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> pa.Table:
        """The articles with their outlet, those whose title or text has ``words``, of the days from ``since`` to
        ``until``."""
        conditions = _about_outlet_and_days(outlet, since, until)
        if words is not None:
            conditions.append(f"{_has_words('a.title', words)} OR {_has_words('a.text', words)}")
        return query(
            self.lake,
            f"SELECT {_OUTLET} AS outlet, a.* FROM articles a {_where(conditions)} ORDER BY logical_date, article_id",
        )

    def quotes(
        self,
        *,
        speaker: str | None = None,
        words: str | None = None,
        outlet: str | None = None,
        confidence: float = 0.0,
        since: date | None = None,
        until: date | None = None,
    ) -> pa.Table:
        """The quotations with outlet, address, title and day of their articles.

        ``speaker`` is a name or a part of one, ``confidence`` the least that a speaker is known with; 0 keeps the
        quotations of nobody known.
        """
        conditions = _about_outlet_and_days(outlet, since, until)
        if speaker is not None:
            conditions.append(_has_words("q.speaker_name", speaker))
        if words is not None:
            conditions.append(_has_words("q.text", words))
        if confidence > 0:
            conditions.append(f"q.confidence >= {float(confidence)!r}")
        return query(
            self.lake,
            f"SELECT q.*, {_OUTLET} AS outlet, a.url, a.title, a.published_on "
            f"FROM quotes q JOIN articles a USING (logical_date, article_id) {_where(conditions)} "
            "ORDER BY logical_date, article_id, quote_index",
        )

    def entities(
        self, *, name: str | None = None, label: str | None = None, since: date | None = None, until: date | None = None
    ) -> pa.Table:
        """The mentions of persons, organisations and places (``label``: PERSON, ORG, GPE, ...), with the outlet."""
        conditions = _about_outlet_and_days(None, since, until)
        if name is not None:
            conditions.append(_has_words("e.entity_name", name))
        if label is not None:
            conditions.append(f"e.label = {_string(label)}")
        return query(
            self.lake,
            f"SELECT e.*, {_OUTLET} AS outlet FROM entities e JOIN articles a USING (logical_date, article_id) "
            f"{_where(conditions)} ORDER BY logical_date, article_id, e.start",
        )

    def people(
        self,
        *,
        name: str | None = None,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> pa.Table:
        """Who was quoted, by outlet and day, with the names in the texts that were taken for that one person."""
        (people,) = (ready.sql for ready in ready_queries() if ready.name == "people")
        conditions = _on_days("day", since, until)
        if name is not None:
            conditions.append(f"{_has_words('person', name)} OR {_has_words('named_as', name)}")
        if outlet is not None:
            conditions.append(f"outlet = {_string(outlet)}")
        return query(
            self.lake,
            f"SELECT * FROM (\n{people}) {_where(conditions)} ORDER BY quotes DESC, person, outlet, day",
        )

    def dates(self) -> list[date]:
        """The days that have articles."""
        return self.lake.dates()


def open_lake(uri: str = "lake", *, endpoint: str | None = None, region: str | None = None) -> OpenLake:
    """The lake in a folder or at ``s3://bucket/prefix``. Raises UsageError where there is none."""
    lake = Lake.open(uri, endpoint=endpoint, region=region)
    if lake.head().tag is None:
        raise NoLake(lake.uri)
    return OpenLake(lake)


def extract(page: str | bytes, *, url: str | None = None) -> "Article | Rejection":
    """The article of an HTML page, or why it has none. Runs in this process: unknown pages belong in ``newsmill run``,
    which holds them to limits of time and memory."""
    from newsmill.schemas.rows import RawDocument
    from newsmill.schemas.words import ContentKind
    from newsmill.tasks.extract import extract_article

    content = page.encode() if isinstance(page, str) else page
    charset = "utf-8" if isinstance(page, str) else None
    document = RawDocument(
        input_id=url or "page",
        source="python",
        kind=ContentKind.HTML,
        content=content,
        charset=charset,
        url=url,
        raw_uri="",
    )
    return extract_article(document, latest=_LATEST)


def enrich(text: str, *, language: str | None = None, model: str | None = None) -> "Enriched":
    """The entities and the attributed quotations of a text; its language is found where it is not given.

    ``model`` is a spaCy model that is installed, by default that of the settings. Raises ModelError without it.
    """
    from newsmill.tasks.enrich import enrich_texts
    from newsmill.tasks.extract.language import language_of
    from newsmill.tasks.inputs.identity import article_id

    (found,) = enrich_texts(_model(model), [(article_id(None, text), text, language or language_of(text))])
    return found


@cache
def _model(name: str | None) -> "LanguageModel":
    from newsmill.config import Settings
    from newsmill.tasks.enrich.model import load_model

    return load_model(name or Settings().model)


def _about_outlet_and_days(outlet: str | None, since: date | None, until: date | None) -> list[str]:
    conditions = [] if outlet is None else [f"{_OUTLET} = {_string(outlet)}"]
    return conditions + _on_days("logical_date", since, until)


def _on_days(column: str, since: date | None, until: date | None) -> list[str]:
    bounds = ((">=", since), ("<=", until))
    return [f"{column} {sign} DATE {_string(day.isoformat())}" for sign, day in bounds if day is not None]


def _has_words(column: str, words: str) -> str:
    return f"contains({_BARE_WORDS.format(column)}, {_BARE_WORDS.format(_string(words))})"


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(f'({condition})' for condition in conditions)}" if conditions else ""


def _string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
