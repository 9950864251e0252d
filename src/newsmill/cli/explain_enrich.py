"""``newsmill enrich --explain``: an article with its names, quotations and speakers marked, in colours or as a page."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsmill.cli.origin import find_document
from newsmill.errors import UsageError
from newsmill.isolate import Failure, Workers
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.report import SCROLL
from newsmill.schemas.rows import Article, Entity, Quote, RawDocument, Rejection
from newsmill.schemas.words import ContentKind, EnrichmentDepth, QuoteKind, SpeakerMethod
from newsmill.tasks.enrich import Enriched, enrich_texts, load_model
from newsmill.tasks.extract import extract_article
from newsmill.tasks.extract.decode import Undecodable, decode
from newsmill.tasks.extract.language import language_of
from newsmill.tasks.inputs.urls import country_of

_ID = re.compile(r"[0-9a-f]{16}")
_ARTICLE = (
    "SELECT title, url, language, text FROM articles WHERE article_id = '{article_id}' "
    "ORDER BY logical_date DESC LIMIT 1"
)
_REASONS = {
    SpeakerMethod.UNRESOLVED: "the article does not tell who that is",
    SpeakerMethod.AMBIGUOUS: "several people of the article have that name",
    SpeakerMethod.SUPPOSED: "the words are supposed or denied, not said",
    SpeakerMethod.NO_CUE: "nothing near it says who speaks",
    SpeakerMethod.DETACHED: "it stands apart from any sentence that could name a speaker",
    SpeakerMethod.OTHER_LANGUAGE: "there are no rules for speakers in its language",
}
"""Why nobody is named as the speaker, in words."""
_DEPTHS = {
    EnrichmentDepth.NAMES: "names and quotations alone: there are no rules for speakers in its language",
    EnrichmentDepth.RULES: "people, quotations and speakers by rules: no spaCy model of its language is installed",
    EnrichmentDepth.NO_MODEL: "quotations alone: no spaCy model of its language is installed",
}
"""Why not everything is looked for, in words."""
_GROUPS = {
    "PERSON": "person", "ORG": "body", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "people",
    "EVENT": "work", "PRODUCT": "work", "LAW": "work", "WORK_OF_ART": "work", "LANGUAGE": "people",
}  # fmt: skip
"""Labels to the groups that have a colour of their own; dates and numbers have none."""
_COLOURS = {"person": "bold magenta", "body": "bold blue", "place": "green", "people": "cyan", "work": "yellow"}
_QUOTE_STYLES = {
    QuoteKind.INDIRECT: "italic", QuoteKind.DIRECT: "underline", QuoteKind.MIXED: "underline",
    QuoteKind.TURN: "underline",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enrichment:
    """An article and what was found in it."""

    name: str
    title: str | None
    url: str | None
    text: str
    enriched: Enriched


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text and the tag that opens it on the page."""

    start: int
    end: int
    opening: str


def explain_enrichment(
    name: str,
    lake: Callable[[], Lake],
    *,
    model: str,
    seconds: float,
    memory_mb: int,
    max_bytes: int,
    latest: datetime,
) -> Enrichment:
    """The enrichment of the article in a file, or of the one with that id in the lake.

    From a file the article is extracted first, as in a run, under limits of time and memory. A text file that is no
    article, a sentence to try say, is taken as it is. Raises UsageError where there is no article.
    """
    title: str | None
    if _ID.fullmatch(name) and not Path(name).exists():
        opened = lake()
        rows = query(opened, _ARTICLE.format(article_id=name)).to_pylist()
        if not rows:
            raise UsageError(f"no article {name} in {opened.uri}")
        title, url, language, text = (rows[0][field] for field in ("title", "url", "language", "text"))
    else:
        document = find_document(name, lake, max_bytes=max_bytes)
        url = document.url
        article = _extracted(document, seconds=seconds, memory_mb=memory_mb, latest=latest)
        if isinstance(article, Article):
            title, language, text = article.title, article.language, article.text
        else:
            text = _plain(document, article)
            title, language = None, language_of(text)
    article_id = name if _ID.fullmatch(name) else "0" * 16
    (enriched,) = enrich_texts(load_model(model), [(article_id, text, language, country_of(url))])
    return Enrichment(name, title, url, text, enriched)


def _extracted(raw: RawDocument, *, seconds: float, memory_mb: int, latest: datetime) -> Article | Rejection | Failure:
    with Workers(1, partial(_start, latest), seconds=seconds, memory_mb=memory_mb) as workers:
        (answer,) = workers.map([raw])
    found: Article | Rejection | Failure = answer
    return found


def _plain(raw: RawDocument, refused: Rejection | Failure) -> str:
    """The text of a text file as it stands."""
    decoded = decode(raw.content, raw.kind, raw.charset) if raw.kind is ContentKind.TEXT else None
    if decoded is None or isinstance(decoded, Undecodable):
        raise UsageError(f"{raw.input_id}: {refused.reason}: {refused.detail}")
    return decoded


def _start(latest: datetime) -> Callable[[RawDocument], Article | Rejection]:
    return partial(extract_article, latest=latest)


# --- the terminal ----------------------------------------------------------------------------------------------------


def show_enrichment(console: Console, shown: Enrichment) -> None:
    """The article in colours, then its quotations with their speakers, then its names."""
    if shown.title:
        console.print(Text(shown.title, "bold"), soft_wrap=True)
        console.print()
    text = Text(shown.text)
    for quote in shown.enriched.quotes:
        for part in quote.segments:
            text.stylize(_QUOTE_STYLES[quote.kind], part.start, part.end)
        if quote.cue_start is not None and quote.cue_end is not None:
            text.stylize("reverse", quote.cue_start, quote.cue_end)
    for entity in shown.enriched.entities:
        if entity.label in _GROUPS:
            text.stylize(_COLOURS[_GROUPS[entity.label]], entity.start, entity.end)
    console.print(text, soft_wrap=True)
    console.print()
    if shown.enriched.depth in _DEPTHS:
        console.print(Text(_DEPTHS[shown.enriched.depth], "dim"))
        console.print()
    for table in (_quotes_table(shown.enriched.quotes), _names_table(shown.enriched.entities)):
        console.print(table)


def _quotes_table(quotes: Sequence[Quote]) -> Table:
    table = Table("quotation", "speaker", "as", "cue", "how", title="Quotations", title_justify="left")
    for quote in quotes:
        speaker = _speaker(quote)
        table.add_row(
            Text(_shortened(quote.text)),
            Text(speaker or "unknown", "" if speaker else "dim"),
            quote.kind,
            Text(quote.cue or ""),
            Text(_how(quote), "" if speaker else "dim"),
        )
    return table


def _names_table(entities: Sequence[Entity]) -> Table:
    table = Table("name", "label", "country", "mentions", "entity_id", title="Names", title_justify="left")
    for entity, count in _names(entities):
        table.add_row(
            Text(entity.entity_name), entity.label, entity.country_code or "", str(count), Text(entity.entity_id, "dim")
        )
    return table


def _names(entities: Sequence[Entity]) -> list[tuple[Entity, int]]:
    """One mention of every name and how many there are, the most frequent first."""
    counts = Counter(entity.entity_id for entity in entities if entity.label in _GROUPS)
    first = {entity.entity_id: entity for entity in reversed(entities)}
    return [(first[identity], count) for identity, count in counts.most_common()]


def _speaker(quote: Quote) -> str | None:
    if quote.speakers:
        return ", ".join(speaker.name for speaker in quote.speakers)
    name = quote.speaker_name or quote.speaker_text
    return f"{name}, {quote.speaker_role}" if name and quote.speaker_role else name


def _how(quote: Quote) -> str:
    """How the speaker was found and how sure it is, or why there is none."""
    if quote.confidence is None:
        return _REASONS[quote.method]
    return f"{quote.method.replace('_', ' ')}, {quote.confidence:.2f}"


def _shortened(text: str, limit: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


# --- the page --------------------------------------------------------------------------------------------------------

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --faint: #59636e; --line: #d1d9e0; --soft: #f6f8fa;
  --quote: #fff4c2; --person: #8250df; --body: #0969da; --place: #1a7f37; --people: #0e7490; --work: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d;
  --soft: #151b23; --quote: #3a3000; --person: #c297ff; --body: #6cb6ff; --place: #57c26b; --people: #56c8d8;
  --work: #dfb23f; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 18px/1.7 Charter, Georgia, serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .4rem; }
h2, .meta, .legend, table, .tip { font-family: system-ui, sans-serif; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .6rem; } .meta { color: var(--faint); font-size: .82rem; margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .82rem; color: var(--faint);
  margin: 1rem 0 1.8rem; padding: .6rem .8rem; background: var(--soft); border-radius: .5rem; }
p { margin: 0 0 1.05em; overflow-wrap: anywhere; }
.e { position: relative; border-bottom: 2px solid currentcolor; cursor: help; }
.person { color: var(--person); } .body { color: var(--body); } .place { color: var(--place); }
.people { color: var(--people); } .work { color: var(--work); }
.q { position: relative; background: var(--quote); border-radius: .2rem; padding: .1em 0; cursor: help;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.q.indirect { background: none; font-style: italic; text-decoration: underline dotted var(--work) 2px;
  text-underline-offset: .3em; }
.q.unknown { outline: 1px dashed var(--faint); }
.cue { font-weight: 700; }
.speaker { box-shadow: inset 0 -.45em var(--soft), 0 0 0 1px var(--line); border-radius: .2rem; }
.tip { display: none; position: absolute; left: 0; top: 100%; z-index: 2; width: max-content; max-width: 22rem;
  padding: .45rem .65rem; font-size: .78rem; line-height: 1.45; font-style: normal; font-weight: 400;
  color: var(--paper); background: var(--ink); border-radius: .4rem; white-space: pre-line; pointer-events: none; }
.e:hover > .tip, .q:hover:not(:has(.e:hover)) > .tip, :focus > .tip { display: block; }
.legend .q, .legend .cue, .legend .speaker { color: var(--ink); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .82rem; line-height: 1.5; }
th, td { text-align: left; padding: .4rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
code { color: var(--faint); font-size: .95em; } .none { color: var(--faint); }
td a { color: inherit; text-decoration-color: var(--line); }
"""
_LEGEND = (
    '<span class="person e">person</span><span class="body e">body</span><span class="place e">place</span>'
    '<span class="people e">people</span><span class="work e">event, law, work</span>'
    '<span class="q">quotation</span><span class="q indirect">indirect speech</span>'
    '<span class="q unknown">speaker unknown</span><span class="cue">cue</span><span class="speaker">speaker</span>'
)


def enrichment_page(shown: Enrichment) -> str:
    """The article as one HTML page that needs nothing else, neither a network nor a script."""
    title = shown.title or shown.name
    enriched = shown.enriched
    facts = [shown.url, shown.name if shown.title else None, f"{len(enriched.quotes)} quotations"]
    facts += [f"{len(_names(enriched.entities))} names", _DEPTHS.get(enriched.depth)]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="meta">{escape(" · ".join(fact for fact in facts if fact))}</p>',
            f'<div class="legend">{_LEGEND}</div>',
            *_paragraphs(shown.text, [*_quote_marks(enriched.quotes), *_name_marks(enriched.entities)]),
            "<h2>Quotations</h2>",
            _table(["quotation", "speaker", "cue", "how"], [_quote_cells(quote) for quote in enriched.quotes]),
            "<h2>Names</h2>",
            _table(["name", "label", "country", "mentions", "entity_id"], map(_name_cells, _names(enriched.entities))),
            "</main></body></html>\n",
        ]
    )


def _quote_marks(quotes: Iterable[Quote]) -> Iterator[Mark]:
    for quote in quotes:
        classes = f"q {quote.kind}" + (" unknown" if quote.confidence is None else "")
        said = _speaker(quote) or "speaker unknown"
        tip = _tip(f"{said}\n{quote.kind} · {_how(quote)}")
        for number, part in enumerate(quote.segments):
            anchor = f' id="q{quote.quote_index}"' if number == 0 else ""
            yield Mark(part.start, part.end, f'<span class="{classes}"{anchor}>{tip}')
        if quote.cue_start is not None and quote.cue_end is not None:
            yield Mark(quote.cue_start, quote.cue_end, '<span class="cue">')
        if quote.speaker_start is not None and quote.speaker_end is not None:
            yield Mark(quote.speaker_start, quote.speaker_end, '<span class="speaker">')


def _name_marks(entities: Iterable[Entity]) -> Iterator[Mark]:
    for entity in entities:
        group = _GROUPS.get(entity.label)
        if group is not None:
            country = f" · {entity.country_code}" if entity.country_code else ""
            who = f"{entity.entity_name}, {entity.role}" if entity.role else entity.entity_name
            tip = _tip(f"{who}\n{entity.label}{country} · {entity.entity_id}")
            yield Mark(entity.start, entity.end, f'<span class="e {group}">{tip}')


def _tip(text: str) -> str:
    return f'<span class="tip" role="tooltip">{escape(text)}</span>'


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    for line in re.finditer(r"[^\n]+", text):
        if line.group().strip():
            inside = [
                Mark(max(m.start, line.start()), min(m.end, line.end()), m.opening)
                for m in marks
                if m.start < line.end() and line.start() < m.end
            ]
            yield f"<p>{_marked(text, line.start(), line.end(), inside)}</p>"


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """A stretch of the text with its marks as nested tags; a mark that leaves the one around it is cut in two."""
    ordered = sorted(marks, key=lambda m: (m.start, -m.end))
    if not ordered:
        return escape(text[start:end])
    outer, *others = ordered
    inner, behind = [], []
    for mark in others:
        if mark.start < outer.end:
            inner.append(Mark(mark.start, min(mark.end, outer.end), mark.opening))
        if mark.end > outer.end:
            behind.append(Mark(max(mark.start, outer.end), mark.end, mark.opening))
    return (
        escape(text[start : outer.start])
        + outer.opening
        + _marked(text, outer.start, outer.end, inner)
        + "</span>"
        + _marked(text, outer.end, end, behind)
    )


def _quote_cells(quote: Quote) -> list[str]:
    speaker = _speaker(quote)
    return [
        f'<a href="#q{quote.quote_index}">{escape(_shortened(quote.text))}</a>',
        escape(speaker) if speaker else '<span class="none">unknown</span>',
        escape(quote.cue or ""),
        escape(f"{quote.kind}: {_how(quote)}"),
    ]


def _name_cells(name: tuple[Entity, int]) -> list[str]:
    entity, count = name
    group = _GROUPS[entity.label]
    return [
        f'<span class="{group}">{escape(entity.entity_name)}</span>',
        entity.label,
        entity.country_code or "",
        str(count),
        f"<code>{entity.entity_id}</code>",
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"{SCROLL}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
