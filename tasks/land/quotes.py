"""Quotations that are about to land, or have landed, compared with those of earlier dates."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from newsmill.errors import NeighboursChanged
from newsmill.lake import DataFile, Lake
from newsmill.lake.publish import FilesCollected
from newsmill.lake.staging import read_table
from newsmill.memory import give_back
from newsmill.schemas.rows import Article, Quote
from newsmill.tasks.dedupe import ledger
from newsmill.tasks.land import clusters, elsewhere
from newsmill.tasks.land.partition import land, land_again, read_staged
from newsmill.tasks.land.story_ids import Storied, refuse_changed_articles, staged_terms, tell_run
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import CLUSTERED_QUOTES

_ANSWERS = ("words_hash", "quote_id", *elsewhere.CHANGED)
_ASKED = pa.schema(
    [Quote.arrow_schema().field(name) for name in dict.fromkeys((*clusters.COLUMNS, *elsewhere.COLUMNS, *_ANSWERS))]
)
"""What is read of the quotations of a date: not all that a row has."""
_TIMES = pa.schema([Article.arrow_schema().field(name) for name in ("article_id", "published_at")])


logger = logging.getLogger(__name__)

CLUSTERINGS = 20
"""How often quotations are clustered while those that they are compared with keep changing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The keys of the staged quotations with their ``quote_id``, and the files of what they were compared with."""

    keys: tuple[str, ...]
    compared: tuple[DataFile, ...]


def cluster_run(attempt: Attempt, staged: Mapping[str, Sequence[str]]) -> Clustered:
    """Give the quotations that a run is about to land their ``quote_id``, and the speakers that others name.

    ``staged`` maps tables to staged files.

    Only now, since an article that the validation rejects must not found a cluster.
    """
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date
    compared = _quotes_until(lake, day, days)
    keys = staged.get(Quote.table, ())
    quotes = [_ASKED.empty_table(), *(read_table(lake, key, _ASKED.names).cast(_ASKED) for key in keys)]
    articles = [_TIMES.empty_table(), *(read_table(lake, key, _TIMES.names) for key in staged.get(Article.table, ()))]
    answers = _clustered(lake, day, compared, pa.concat_tables(quotes), pa.concat_tables(articles))
    give_back()
    written, start = [], 0
    for number, rows in enumerate(read_staged(lake, Quote, keys)):
        written.append(attempt.write(CLUSTERED_QUOTES, _answered(rows, answers.slice(start, len(rows))), number))
        start += len(rows)
    return Clustered(keys=tuple(written), compared=compared)


def land_clustered(
    attempt: Attempt, run_id: str, staged: Mapping[str, Sequence[str]], check: Callable[[], None]
) -> None:
    """Land staged rows with the ``quote_id`` of their quotations and the ``story_id`` of their articles.

    And again if others are published meanwhile.

    ``check`` may refuse, as in :func:`newsmill.lake.publish.publish`. Raises NeighboursChanged after ``CLUSTERINGS``
    lost races.
    """
    lake, days, day = attempt.lake, attempt.settings.dedupe.window_days, attempt.logical_date

    def check_all(clustered: Clustered, storied: Storied) -> None:
        check()
        refuse_changed_quotes(lake, day, days, clustered.compared)
        refuse_changed_articles(lake, day, days, storied.compared)

    terms = staged_terms(lake, staged)
    for clustering in range(1, CLUSTERINGS + 1):
        clustered, storied = cluster_run(attempt, staged), tell_run(attempt, staged, terms)
        files = {**staged, Quote.table: clustered.keys, Article.table: storied.keys}
        try:
            land(lake, day, run_id, files, check=partial(check_all, clustered, storied))
            return
        except NeighboursChanged as change:
            if clustering == CLUSTERINGS:
                raise
            logger.info("%s", change)


def refuse_changed_quotes(lake: Lake, day: date, days: int, compared: Sequence[DataFile]) -> None:
    """Raise NeighboursChanged if the quotations of a date, or of the window before it, are not those of the files."""
    if _quotes_until(lake, day, days) != compared:
        raise NeighboursChanged(f"quotations were published while those of {day} were clustered; cluster them again")


def recluster(lake: Lake, first: date, last: date, days: int) -> list[date]:
    """Bring the quotations of the landed dates behind ``first`` to the ``quote_id`` that earlier dates give them now.

    To ``days`` behind ``last``, or behind the last of those that changed, which are returned.
    """
    until, changed = ledger.days_behind(last, days), []
    for day in lake.dates(Quote.table):
        if first < day <= until and _recluster_date(lake, day, days):
            until = max(until, ledger.days_behind(day, days))
            changed.append(day)
    return changed


def _recluster_date(lake: Lake, day: date, days: int) -> bool:
    """Publish a date's quotations again if any has another ``quote_id`` or speaker now; False if none has."""
    for clustering in range(1, CLUSTERINGS + 1):
        compared = _quotes_until(lake, day, days)
        quotes = lake.read(Quote.table, columns=_ASKED.names, on=day)
        answers = _clustered(lake, day, compared, quotes, lake.read(Article.table, columns=_TIMES.names, on=day))
        if all(answers[name].equals(quotes[name]) for name in ("quote_id", *elsewhere.CHANGED)):
            return False
        rows = _answered(lake.read(Quote.table, on=day), answers)
        own = rows.select(Quote.arrow_schema().names).cast(Quote.arrow_schema())
        try:
            land_again(lake, day, {Quote: own}, check=partial(refuse_changed_quotes, lake, day, days, compared))
            return True
        except (NeighboursChanged, FilesCollected) as change:
            if clustering == CLUSTERINGS:
                raise
            logger.info("%s", change)
    raise AssertionError


def _clustered(lake: Lake, day: date, compared: Sequence[DataFile], quotes: pa.Table, articles: pa.Table) -> pa.Table:
    """The ``quote_id``, and the speakers, that the earlier dates among the files give to the quotations of a date.

    ``quotes`` has the columns of ``_ASKED``; those of ``_ANSWERS`` are given back, in the same order.
    """
    quotes = elsewhere.own(quotes)
    order = clusters.in_order(quotes, articles)
    since = min((file.logical_date for file in compared), default=day)
    ids = np.empty(len(quotes), np.uint64)
    ids[order] = clusters.cluster(clusters.Quotations.of(quotes.take(order)), _published(lake, since, day))
    for name, column in (("words_hash", clusters.own_words(quotes)), ("quote_id", clusters.to_hex(ids))):
        place = quotes.schema.get_field_index(name)
        quotes = quotes.set_column(place, quotes.schema.field(place), column)
    told = lake.read_dates(Quote.table, columns=elsewhere.COLUMNS, since=since, before=day)
    return elsewhere.told_elsewhere(quotes, (rows for _, rows in told)).select(_ANSWERS)


def _answered(quotes: pa.Table, answers: pa.Table) -> pa.Table:
    """Quotations with their answers in the place of what they had."""
    for name in _ANSWERS:
        place = quotes.schema.get_field_index(name)
        quotes = quotes.set_column(place, quotes.schema.field(place), answers[name])
    return quotes


def _published(lake: Lake, since: date, before: date) -> Iterator[clusters.Quotations]:
    """The quotations of each landed date, in order of time."""
    articles = lake.read_dates(Article.table, columns=_TIMES.names, since=since, before=before)
    day, times = date.min, _TIMES.empty_table()
    for quoted_on, quotes in lake.read_dates(Quote.table, columns=clusters.COLUMNS, since=since, before=before):
        while day < quoted_on:
            day, times = next(articles, (date.max, _TIMES.empty_table()))
        order = clusters.in_order(quotes, times if day == quoted_on else _TIMES.empty_table())
        yield clusters.Quotations.of(quotes.take(order))


def _quotes_until(lake: Lake, day: date, days: int) -> tuple[DataFile, ...]:
    """The files of the quotations of a date and of the window before it."""
    since = ledger.days_before(day, days)
    return tuple(file for file in lake.files(Quote.table) if since <= file.logical_date <= day)
