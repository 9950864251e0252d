"""Articles that are about to land, or have landed, with the stories that those of earlier dates make them part of."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from newsmill.errors import NeighboursChanged
from newsmill.lake import DataFile, Lake
from newsmill.lake.publish import FilesCollected
from newsmill.lake.staging import read_table
from newsmill.memory import give_back
from newsmill.schemas.rows import Article, Entity
from newsmill.tasks.dedupe import ledger
from newsmill.tasks.land import stories
from newsmill.tasks.land.clusters import to_hex
from newsmill.tasks.land.partition import land_again, read_staged
from newsmill.tasks.land.terms import SEEN, Mention, terms
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import STORIED_ARTICLES

logger = logging.getLogger(__name__)

TELLINGS = 20
"""How often stories are told while what they are compared with keeps changing."""

_TERMS_OF = ("article_id", "title", "text", "language")
_MENTIONS_OF = ("article_id", *Mention._fields)
_ASKED = pa.schema([Article.arrow_schema().field(name) for name in stories.COLUMNS])
"""What is read of the articles of a date: their terms, not their texts."""
_NO_MENTIONS = pa.schema([Entity.arrow_schema().field(name) for name in _MENTIONS_OF]).empty_table()
_ANSWERS = ("story_id", "story_terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storied:
    """The keys of the staged articles with their stories, and the files of what they were compared with."""

    keys: tuple[str, ...]
    compared: tuple[DataFile, ...]


def staged_terms(lake: Lake, staged: Mapping[str, Sequence[str]]) -> pa.Table:
    """The articles of staged files, in order, with their terms and without a story.

    ``staged`` maps tables to staged files; those of the entities go with those of the articles, batch by batch.
    """
    articles, entities = staged.get(Article.table, ()), staged.get(Entity.table, ())
    parts = [_ASKED.empty_table()]
    for key, own in zip_longest(articles, entities[: len(articles)]):
        rows = read_table(lake, key, list(dict.fromkeys((*_ASKED.names, *_TERMS_OF))))
        parts.append(_with_terms(rows, read_table(lake, own, _MENTIONS_OF) if own else _NO_MENTIONS))
    return pa.concat_tables(parts)


def tell_run(attempt: Attempt, staged: Mapping[str, Sequence[str]], articles: pa.Table) -> Storied:
    """Give the articles that a run is about to land their ``story_id``; ``articles`` are the ``staged_terms``."""
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date
    compared = _articles_before(lake, day, days)
    told = _told(lake, day, compared, articles)
    give_back()
    written, start = [], 0
    for number, rows in enumerate(read_staged(lake, Article, staged.get(Article.table, ()))):
        written.append(attempt.write(STORIED_ARTICLES, _answered(rows, told.slice(start, len(rows))), number))
        start += len(rows)
    return Storied(keys=tuple(written), compared=compared)


def refuse_changed_articles(lake: Lake, day: date, days: int, compared: Sequence[DataFile]) -> None:
    """Raise NeighboursChanged if the articles of the window before a date are not those of the files."""
    if _articles_before(lake, day, days) != compared:
        raise NeighboursChanged(f"articles were published while the stories of {day} were told; tell them again")


def retell(lake: Lake, first: date, last: date, days: int) -> list[date]:
    """Bring the articles of the landed dates behind ``first`` to the ``story_id`` that earlier dates give them now.

    To the end of the window behind ``last``, or behind the last of those that changed, which are returned.
    """
    days = min(days, stories.MOST_DAYS)
    until, changed = ledger.days_behind(last, days), []
    for day in lake.dates(Article.table):
        if first < day <= until and _retell_date(lake, day, days):
            until = max(until, ledger.days_behind(day, days))
            changed.append(day)
    return changed


def _retell_date(lake: Lake, day: date, days: int) -> bool:
    """Publish a date's articles again if any is part of another story now; False if none is."""
    for telling in range(1, TELLINGS + 1):
        compared = _articles_before(lake, day, days)
        before = lake.read(Article.table, columns=_ASKED.names, on=day)
        told = _told(lake, day, compared, _landed_terms(lake, day, before))
        if told["story_id"].equals(before["story_id"]):
            return False
        rows = _answered(lake.read(Article.table, on=day), told)
        own = rows.select(Article.arrow_schema().names).cast(Article.arrow_schema())
        own_files = tuple(lake.files(Article.table, day))
        try:
            land_again(lake, day, {Article: own}, check=partial(_refuse_changed, lake, day, days, compared, own_files))
            return True
        except (NeighboursChanged, FilesCollected) as change:
            if telling == TELLINGS:
                raise
            logger.info("%s", change)
    raise AssertionError


def _refuse_changed(lake: Lake, day: date, days: int, compared: Sequence[DataFile], own: Sequence[DataFile]) -> None:
    refuse_changed_articles(lake, day, days, compared)
    if tuple(lake.files(Article.table, day)) != own:
        raise NeighboursChanged(f"{day} was published while its stories were told; tell them again")


def _landed_terms(lake: Lake, day: date, articles: pa.Table) -> pa.Table:
    """The articles of a landed date with their terms; what has none, since there was no such column, is read again."""
    if not articles["story_terms"].null_count:
        return articles
    rows = lake.read(Article.table, columns=list(dict.fromkeys((*_ASKED.names, *_TERMS_OF))), on=day)
    return _with_terms(rows, lake.read(Entity.table, columns=_MENTIONS_OF, on=day))


def _told(lake: Lake, day: date, compared: Sequence[DataFile], articles: pa.Table) -> pa.Table:
    """The articles of a date, in the order given, with the ``story_id`` that the earlier dates among the files give."""
    dates = sorted({file.logical_date for file in compared})

    def window() -> Iterator[stories.Told]:
        return (_published(lake, earlier) for earlier in dates)

    order = stories.in_order(articles)
    ids = np.empty(len(articles), np.uint64)
    ids[order] = stories.cluster(stories.Told.of(articles.take(order), day), window)
    place = articles.schema.get_field_index("story_id")
    return articles.set_column(place, articles.schema.field(place), to_hex(ids))


def _published(lake: Lake, day: date) -> stories.Told:
    """The articles of a landed date that are part of a story, in order of time."""
    articles = lake.read(Article.table, columns=_ASKED.names, on=day)
    articles = articles.filter(pc.is_valid(articles["story_id"]))
    return stories.Told.of(articles.take(stories.in_order(articles)), day)


def _with_terms(articles: pa.Table, entities: pa.Table) -> pa.Table:
    """Articles, with at least the columns of ``_TERMS_OF``, as they are compared."""
    mentions: dict[str, list[Mention]] = {}
    seen = entities.filter(pc.field("start") < SEEN)  # a long article has most of its mentions further down
    for row in seen.select(_MENTIONS_OF).to_pylist():
        mentions.setdefault(row.pop("article_id"), []).append(Mention(**row))
    found = [
        terms(row["title"], row["text"], row["language"], mentions.get(row["article_id"], ()))
        for row in articles.select(_TERMS_OF).to_pylist()
    ]
    place = articles.schema.get_field_index("story_terms")
    kept = articles.set_column(place, articles.schema.field(place), pa.array(found, pa.binary()))
    return kept.select(_ASKED.names).cast(_ASKED)


def _answered(articles: pa.Table, told: pa.Table) -> pa.Table:
    """Articles with their stories, and what these are told by, in the place of what they had."""
    for name in _ANSWERS:
        place = articles.schema.get_field_index(name)
        articles = articles.set_column(place, articles.schema.field(place), told[name])
    return articles


def _articles_before(lake: Lake, day: date, days: int) -> tuple[DataFile, ...]:
    """The files of the articles of the window before a date."""
    since = ledger.days_before(day, min(days, stories.MOST_DAYS))
    return tuple(file for file in lake.files(Article.table) if since <= file.logical_date < day)
