"""The page of a lake: dates by sources, how figures went, who was quoted most, and a search; it needs no network."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from newsmill.plain import shown
from newsmill.queries import ready_queries
from newsmill.report import SCROLL, page, table_of, text_of

PAGE = "_reports/index.html"
"""Its place in a lake."""

_STYLE = """
.heat { border-collapse: separate; border-spacing: 2px; width: auto; }
.heat th, .heat td { border: 0; padding: 0; background: none; font-size: .75rem; white-space: nowrap; }
.heat th[scope=row] { text-align: right; padding-right: .5rem; font-weight: 400; }
.heat a, .heat i { display: block; width: 14px; height: 14px; border-radius: 2px; background: var(--soft); }
.heat .gap { outline: 1px dashed var(--bad); outline-offset: -1px; background: none; }
.h1 { background: #9be9a8 !important; } .h2 { background: #40c463 !important; }
.h3 { background: #30a14e !important; } .h4 { background: #216e39 !important; }
.lines { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
.lines figure { margin: 0; padding: .6rem .8rem; background: var(--soft); border-radius: 6px; }
.lines svg { width: 100%; height: 48px; display: block; } .lines path { fill: none; stroke: currentColor; }
.lines b { font-size: 1.3rem; font-variant-numeric: tabular-nums; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .7rem; }
#found { padding-left: 1.2rem; } #found li { margin: .3rem 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { #search { display: none; } }
"""

SCRIPT = """
const data = JSON.parse(document.getElementById('data').textContent);
const bare = text => text.toLowerCase().normalize('NFD').replace(/\\p{M}/gu, '');
const rows = [
  ...data.people.map(([name, count, outlets]) =>
    [bare(name), `${name}: ${count.toLocaleString()} quotations, ${outlets} outlets`, null]),
  ...data.titles.map(([title, outlet, day, url]) => [bare(title + ' ' + outlet), `${title} (${outlet}, ${day})`, url])];
const list = document.getElementById('found'), box = document.getElementById('box');
box.addEventListener('input', () => {
  const words = bare(box.value).split(/\\s+/).filter(Boolean);
  const hits = words.length ? rows.filter(row => words.every(word => row[0].includes(word))) : [];
  list.replaceChildren(...hits.slice(0, 50).map(([, said, url]) => {
    const item = document.createElement('li');
    const part = document.createElement(url && /^https?:/.test(url) ? 'a' : 'span');
    part.textContent = said;
    if (part.href !== undefined) { part.href = url; part.rel = 'noreferrer'; }
    item.append(part);
    return item;
  }));
  document.getElementById('count').textContent = words.length ? `${hits.length.toLocaleString()} found` : '';
});
"""

SHOWN_DAYS = 60
_HEAT_SOURCES = 40
_LINE_DAYS = 365
_RECENT_DAYS = 7
SHOWN_TITLES = 3000
_MOST_PEOPLE = 500
_MOST_REPORTS = 60
_STEPS = (0.1, 0.35, 0.7)
"""Shares of a source's best day at which a cell gets darker."""

type Day = Mapping[str, Any]


def render_overview(uri: str, days: Mapping[str, Day]) -> str:
    """The page of the lake at ``uri``. ``days`` are what is known of each published date, oldest first.

    Of dates before the newest ``SHOWN_DAYS`` their sources, reasons and notices may be missing, and titles before the
    newest ``SHOWN_TITLES``.
    """
    newest = list(days)[-_RECENT_DAYS:]
    span = f", {next(iter(days))} to {newest[-1]}" if newest else ""
    parts = [
        f"<p>{text_of(uri)}: {len(days):,} dates{text_of(span)}.</p>",
        *_lines(days),
        *_heat(days),
        *_search(days),
        *_quoted(days, newest),
        *_sources(days, newest),
        *_rejected(days, newest),
        *_reports(days),
        *_queries(),
    ]
    return page("newsmill lake", parts, style=_STYLE)


def _lines(days: Mapping[str, Day]) -> list[str]:
    """How articles, quotations and the attributed share went, a point a published date."""
    shown = list(days.values())[-_LINE_DAYS:]
    articles = [float(day["counts"]["articles"]) for day in shown]
    quotes = [float(day["counts"]["quotes"]) for day in shown]
    shares = [100 * day["counts"]["attributed"] / max(day["counts"]["quotes"], 1) for day in shown]
    figures = (
        ("articles", articles, f"{sum(articles):,.0f}"),
        ("quotations", quotes, f"{sum(quotes):,.0f}"),
        ("quotations with a speaker", shares, f"{shares[-1]:.0f} %" if shares else "-"),
    )
    return ['<div class="lines">', *(_line(name, points, said) for name, points, said in figures), "</div>"]


def _line(name: str, points: Sequence[float], said: str) -> str:
    top, width = max([*points, 1.0]), max(len(points) - 1, 1)
    path = " ".join(
        f"{'L' if i else 'M'}{200 * i / width:.1f},{46 - 44 * point / top:.1f}" for i, point in enumerate(points)
    )
    return (
        f"<figure><figcaption>{name}</figcaption><b>{said}</b>"
        f'<svg viewBox="0 0 200 48" preserveAspectRatio="none" role="img" aria-label="{name} by date, to {top:,.0f}">'
        f'<path d="{path}" vector-effect="non-scaling-stroke"/></svg></figure>'
    )


def _heat(days: Mapping[str, Day]) -> list[str]:
    """Dates by sources: a cell is as dark as the source's articles of the date are many; a gap is dashed."""
    if not days:
        return []
    last = date.fromisoformat(list(days)[-1])
    span = [(last - timedelta(days=back)).isoformat() for back in range(SHOWN_DAYS - 1, -1, -1)]
    first = next(iter(days))
    span = [day for day in span if day >= first]
    totals: Counter[str] = Counter()
    for day in span:
        totals.update(days[day]["sources"] if day in days else {})
    names = [name for name, _ in _ranked(totals)[:_HEAT_SOURCES]]
    head = "".join(f'<th scope="col"><span class="unseen">{day}</span></th>' for day in span)
    rows = [f'<tr><th scope="row">source</th>{head}</tr>']
    for name in names:
        best = max([days[day]["sources"].get(name, 0) for day in span if day in days] or [0])
        cells = "".join(_cell(name, day, days.get(day), best) for day in span)
        rows.append(f'<tr><th scope="row">{text_of(name)}</th>{cells}</tr>')
    more = f"<p>The {_HEAT_SOURCES} largest of {len(totals):,} sources.</p>" if len(totals) > _HEAT_SOURCES else ""
    caption = f"<p>{span[0]} to {span[-1]}; dashed: the date has not landed.</p>"
    return [
        "<h2>Dates and sources</h2>",
        caption,
        f'{SCROLL}<table class="heat">',
        *rows,
        "</table></div>",
        more,
    ]


def _cell(name: str, day: str, found: Day | None, best: int) -> str:
    if found is None:
        return f'<td><i class="gap" title="{day}: not landed"></i></td>'
    articles = found["sources"].get(name, 0)
    shade = 1 + sum(articles / best > step for step in _STEPS) if articles else 0
    said = f"{day} {text_of(name)}: {articles:,} articles"
    kind = f' class="h{shade}"' if shade else ""
    if found["report"] is None:
        return f'<td><i{kind} title="{said}"></i></td>'
    return f'<td><a href="{text_of(found["report"])}"{kind} title="{said}" aria-label="{said}"></a></td>'


def _search(days: Mapping[str, Day]) -> list[str]:
    titles: list[list[object]] = []
    for day in list(days)[::-1]:
        titles += [[title, outlet, day, url] for title, outlet, url in days[day].get("titles", ())]
    people = [[name, count, len(outlets)] for name, count, outlets in _people(days, days)[:_MOST_PEOPLE]]
    content = shown(json.dumps({"people": people, "titles": titles[:SHOWN_TITLES]}, ensure_ascii=False))
    # In a script element nothing but its end tag is read; no text may bring one.
    content = content.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return [
        '<section id="search"><h2>Search</h2>',
        '<label for="box">People, headlines and outlets, by words</label>',
        '<input id="box" type="search" autocomplete="off">',
        '<p id="count" role="status"></p><ul id="found"></ul></section>',
        f'<script type="application/json" id="data">{content}</script><script>{SCRIPT}</script>',
    ]


def _people(days: Mapping[str, Day], chosen: Sequence[str] | Mapping[str, Day]) -> list[tuple[str, int, set[str]]]:
    """Names, quotations and outlets of those who are quoted, each under the name that they have most often."""
    counts: Counter[str] = Counter()
    outlets: dict[str, set[str]] = defaultdict(set)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for day in chosen:
        for name, count, heard, who in days[day]["speakers"]:
            counts[who] += count
            outlets[who].update(heard)
            names[who][name] += count
    ranked = ((_ranked(names[who])[0][0], count, outlets[who]) for who, count in counts.items())
    return sorted(ranked, key=lambda row: (-row[1], row[0]))


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _quoted(days: Mapping[str, Day], newest: Sequence[str]) -> list[str]:
    rows = [[text_of(name), f"{count:,}", f"{len(heard):,}"] for name, count, heard in _people(days, newest)[:20]]
    title = f"<h2>Most quoted, last {len(newest)} dates</h2>"
    return [title, table_of(["speaker", "quotations", "outlets"], rows, numbers={1, 2})] if rows else []


def _sources(days: Mapping[str, Day], newest: Sequence[str]) -> list[str]:
    """What there is to know of the sources of the newest date."""
    if not newest:
        return []
    answered, asked = days[newest[-1]]["answered"]
    said = [f"<p>{answered:,} of {asked:,} sources that list articles answered.</p>"] if asked else []
    notices = "".join(f"<li>{text_of(line)}</li>" for line in days[newest[-1]]["notices"])
    said += [f"<ul>{notices}</ul>"] if notices else []
    return [f"<h2>Sources on {text_of(newest[-1])}</h2>", *said] if said else []


def _rejected(days: Mapping[str, Day], newest: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for day in newest:
        counts.update(days[day]["reasons"])
    rows = [[text_of(reason), f"{count:,}"] for reason, count in _ranked(counts)]
    title = f"<h2>Rejected inputs, last {len(newest)} dates</h2>"
    return [title, table_of(["reason", "inputs"], rows, numbers={1})] if rows else []


def _reports(days: Mapping[str, Day]) -> list[str]:
    names = ("read", "articles", "duplicates", "rejections", "quotes", "attributed")
    rows = []
    for day, found in list(days.items())[::-1][:_MOST_REPORTS]:
        link = f'<a href="{text_of(found["report"])}">{day}</a>' if found["report"] else day
        rows.append([link, *(f"{found['counts'][name]:,}" for name in names)])
    more = f"<p>The newest {_MOST_REPORTS} of {len(days):,}.</p>" if len(days) > _MOST_REPORTS else ""
    table = table_of(["report", *names], rows, numbers=set(range(1, 7)))
    return ["<h2>Runs</h2>", table, more]


def _queries() -> list[str]:
    rows = [[f"<code>newsmill query {ready.name}</code>", text_of(ready.question)] for ready in ready_queries()]
    return ["<h2>Ready queries</h2>", table_of(["command", "answers"], rows)]
