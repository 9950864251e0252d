"""The page of the lake, ``_reports/index.html``, brought up to date behind each publish.

What is known of a date is kept in ``_reports/index.json`` with a hash over the date's files, so that only dates that
have changed are read again, and of old ones little more than counts is kept: a night costs what it costs with ten dates
before it. Both files follow from the published state alone; where they are missing or damaged they are made anew.
"""

import hashlib
import json
import logging
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from newsmill.errors import NotStored, StorageError
from newsmill.lake import Lake
from newsmill.lake.read import DataFile
from newsmill.overview import PAGE, SHOWN_DAYS, SHOWN_TITLES, render_overview
from newsmill.plain import shown
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, Quote, Rejection, Run

DATA = "_reports/index.json"

_FORM = 3
"""Of the data; another one is made anew."""

_TABLES = (Article.table, Quote.table, Rejection.table, Run.table)
_MOST_SPEAKERS = 50
_MOST_TITLES = 500
"""Kept of a date, by name and in order of the table."""

_PASSING = ("sources", "reasons", "notices")
"""What the page shows of its newest dates alone, as it does titles: of older ones it is not kept."""

type Day = dict[str, Any]


def refresh_overview(lake: Lake) -> None:
    """Write the page for the published state; a store that does not take it is logged, since the state stands."""
    try:
        days = _days(lake)
        lake.store.write(DATA, shown(json.dumps({"form": _FORM, "days": days}, ensure_ascii=False)).encode())
        lake.store.write(PAGE, render_overview(lake.uri, days).encode())
    except StorageError as error:
        logging.getLogger(__name__).warning("the page of the lake was not written: %s", error)


def _days(lake: Lake) -> dict[str, Day]:
    """What is known of each published date, from the data where it is as the files are, else from the tables."""
    files: dict[date, list[DataFile]] = defaultdict(list)
    for table in _TABLES:
        for file in lake.files(table):
            files[file.logical_date].append(file)
    known = _known(lake)
    found: dict[str, Day] = {}
    titles = 0
    for number, day in enumerate(sorted(files, reverse=True)):
        state = hashlib.sha256("\n".join(f"{file.key} {file.bytes}" for file in files[day]).encode()).hexdigest()
        dropped = {*(_PASSING if number >= SHOWN_DAYS else ()), *(["titles"] if titles >= SHOWN_TITLES else ())}
        kept = known.get(day.isoformat(), {})
        if kept.get("state") != state or not {*_PASSING, "titles"} - dropped <= kept.keys():
            kept = {"state": state, **_read_day(lake, day)}
        found[day.isoformat()] = {name: value for name, value in kept.items() if name not in dropped}
        titles += len(found[day.isoformat()].get("titles", ()))
    return dict(sorted(found.items()))


def _known(lake: Lake) -> dict[str, Day]:
    try:
        data = json.loads(lake.store.read(DATA))
    except (NotStored, ValueError):
        return {}
    days = data.get("days") if isinstance(data, dict) and data.get("form") == _FORM else None
    return days if isinstance(days, dict) and all(isinstance(day, dict) for day in days.values()) else {}


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda name: (-spellings[name], name))


def _read_day(lake: Lake, day: date) -> Day:
    runs = Run.from_arrow(lake.read(Run.table, on=day))
    articles = lake.read(Article.table, columns=["article_id", "source", "hostname", "title", "url"], on=day)
    rejections = lake.read(Rejection.table, columns=["reason"], on=day)
    quotes = lake.read(Quote.table, columns=["article_id", "speaker_name", "speaker_entity_id"], on=day)
    outlets = [
        host or source for host, source in zip(values(articles, "hostname"), values(articles, "source"), strict=True)
    ]
    outlet_of = dict(zip(values(articles, "article_id"), outlets, strict=True))
    speakers: dict[str, list[str]] = defaultdict(list)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for article, name, entity in zip(*(values(quotes, column) for column in quotes.column_names), strict=True):
        if name is not None:
            speakers[entity or name].append(outlet_of.get(article, ""))
            spellings[entity or name][name] += 1
    quoted = sorted(
        ((_commonest(spellings[who]), len(heard), sorted(set(heard)), who) for who, heard in speakers.items()),
        key=lambda row: (-row[1], row[0], row[3]),
    )[:_MOST_SPEAKERS]
    titles = zip(values(articles, "title"), outlets, values(articles, "url"), strict=True)
    run = runs[0] if runs else None
    return {
        "report": f"date={day.isoformat()}/{run.attempt_id}/index.html" if run else None,
        "counts": {
            "read": run.read_count if run else 0,
            "articles": len(articles),
            "duplicates": run.duplicate_count if run else 0,
            "rejections": len(rejections),
            "quotes": len(quotes),
            "attributed": sum(len(heard) for heard in speakers.values()),
        },
        "sources": dict(sorted(Counter(values(articles, "source")).items())),
        "reasons": dict(sorted(Counter(values(rejections, "reason")).items())),
        "speakers": [list(row) for row in quoted],
        "titles": [[title, outlet, url] for title, outlet, url in titles if title][:_MOST_TITLES],
        "answered": [run.answered_sources, run.asked_sources] if run else [None, None],
        "notices": list(run.notices or ()) if run else [],
    }
