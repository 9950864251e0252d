"""The reports: HTML pages that need nothing else, neither a network nor a script.

One shows how the validation of a run went, the other what another model would change in a date.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from html import escape
from typing import Any

from newsmill.plain import shown

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1f2328, #e6edf3); --paper: light-dark(#fff, #0d1117);
  --link: light-dark(#0550ae, #79c0ff); --line: #8884; --soft: #8881; --good: light-dark(#116329, #56d364);
  --warn: light-dark(#7d4e00, #e3b341); --bad: light-dark(#b31d28, #ff938a); }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
a { color: var(--link); }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: var(--soft); } .n { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; position: relative; }
code { font-size: .85em; overflow-wrap: anywhere; }
.held { color: var(--good); }
.warned { color: var(--warn); font-weight: 600; } .failed { color: var(--bad); font-weight: 600; }
.verdict { padding: .8rem 1rem; border-left: 4px solid; background: var(--soft); }
details { margin: .6rem 0; } summary { cursor: pointer; }
@media print { details::details-content { content-visibility: visible; block-size: auto; } }
"""

_MOST_ROWS = 200

SCROLL = '<div class="scroll" tabindex="0">'
"""What is wider than a phone scrolls by itself, with the keyboard too."""


def render_report(
    facts: Mapping[str, object],
    checks: Sequence[Mapping[str, Any]],
    rejections: Sequence[Mapping[str, Any]],
    failures: Sequence[str],
    notices: Sequence[str] = (),
) -> str:
    """The page for a run: its verdict, its figures, notices of its sources, every expectation, and the rejected inputs.

    ``checks`` are :class:`newsmill.tasks.validate.suites.Check` as dictionaries, ``rejections`` rows of that table, and
    ``failures`` why the publish was stopped, empty if it was not.
    """
    return page(
        f"newsmill run {facts.get('logical date', '')}",
        [
            '<p><a href="../../index.html">All dates</a> · <a href="validation.json">as JSON</a></p>',
            _verdict(checks, failures),
            "<h2>The run</h2>",
            table_of([], [[text_of(str(name)), text_of(str(value))] for name, value in facts.items()]),
            *_notices(notices),
            *_suites(checks),
            *_rejections(rejections),
        ],
    )


def render_difference(content: Mapping[str, Any]) -> str:
    """The page for what another model changes in a date; ``content`` is what
    :func:`newsmill.tasks.upkeep.reenrich.as_dict` gives."""
    facts = {
        "from": content["from"],
        "to": content["to"],
        "articles": content["articles"],
        "articles that change": content["articles_changed"],
        "articles that keep what they had": len(content["kept"]),
    }
    counts = ("same", "added", "gone", "changed")
    subjects = content["subjects"]
    totals = [[text_of(name), *(str(found[count]) for count in counts)] for name, found in subjects.items()]
    parts = [
        table_of([], [[text_of(name), text_of(str(value))] for name, value in facts.items()]),
        table_of(["", *counts], totals, numbers={1, 2, 3, 4}),
    ]
    if content["stopped"]:
        items = "".join(f"<li>{text_of(line)}</li>" for line in content["stopped"])
        parts.insert(0, f'<div class="verdict failed">May not be published.<ul>{items}</ul></div>')
    for name, found in subjects.items():
        parts += [f"<h2>{text_of(name)}</h2>", *_examples(found["examples"])]
    if content["kept"]:
        rows = [
            [f"<code>{text_of(k['article_id'])}</code>", k["reason"], text_of(k["detail"])] for k in content["kept"]
        ]
        parts += ["<h2>Articles that keep what they had</h2>", table_of(["article", "reason", "detail"], rows)]
    return page(f"newsmill difference {content['date']}", parts)


def _examples(examples: Sequence[Mapping[str, Any]]) -> list[str]:
    if not examples:
        return ["<p>No change.</p>"]
    rows = [
        [
            text_of(example["how"]),
            *(text_of(example[name]) for name in ("what", "before", "after")),
            str(example["count"]),
            f"<code>{text_of(example['article_id'])}</code> {text_of(example['url'] or '')}",
        ]
        for example in examples
    ]
    return [table_of(["", "words", "before", "after", "times", "first in"], rows, numbers={4})]


def page(title: str, parts: Sequence[str], style: str = "") -> str:
    """A whole page. ``parts`` are HTML already; ``style`` goes over that of all pages."""
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{text_of(title)}</title><style>{_STYLE}{style}</style></head><body><main>",
            f"<h1>{text_of(title)}</h1>",
            *parts,
            "</main></body></html>\n",
        ]
    )


def _verdict(checks: Sequence[Mapping[str, Any]], failures: Sequence[str]) -> str:
    if failures:
        items = "".join(f"<li>{text_of(line)}</li>" for line in failures)
        return f'<div class="verdict failed">Stopped: nothing was published.<ul>{items}</ul></div>'
    failed = sum(not check["success"] for check in checks)
    held = f"{len(checks) - failed} of {len(checks)} expectations held"
    return f'<div class="verdict held">Passed: {held}.</div>'


def _notices(notices: Sequence[str]) -> list[str]:
    items = "".join(f"<li>{text_of(line)}</li>" for line in notices)
    return ["<h2>Notices of sources</h2>", f"<ul>{items}</ul>"] if notices else []


def _suites(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    parts = []
    for suite in dict.fromkeys(check["suite"] for check in checks):
        members = [check for check in checks if check["suite"] == suite]
        failed = sum(not check["success"] for check in members)
        mark = f'<span class="failed">{failed} failed</span>' if failed else '<span class="held">all held</span>'
        rows = [
            [
                _outcome(check),
                f"<code>{text_of(check['expectation'])}</code> {text_of(check['description'])}",
                f"{check['checked']:,}",
                f"{check['failed']:,}",
                "<br>".join(f"<code>{text_of(example)}</code>" for example in check["examples"]),
            ]
            for check in sorted(members, key=lambda check: check["success"])
        ]
        state = " open" if failed else ""
        parts += [
            f"<h2>{text_of(suite)}</h2>",
            f"<details{state}><summary>{len(members)} expectations, {mark}</summary>",
            table_of(["", "expectation", "rows", "failing", "examples"], rows, numbers={2, 3}),
            "</details>",
        ]
    return parts


def _outcome(check: Mapping[str, Any]) -> str:
    if check["success"]:
        return '<span class="held">held</span>'
    return (
        '<span class="failed">failed</span>'
        if check["severity"] == "critical"
        else '<span class="warned">warned</span>'
    )


def _rejections(rejections: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rejections:
        return ["<h2>Rejected inputs</h2><p>None.</p>"]
    counts = Counter((row["stage"], row["reason"]) for row in rejections)
    totals = [[text_of(stage), text_of(reason), f"{n:,}"] for (stage, reason), n in sorted(counts.items())]
    rows = [
        [text_of(row["input_id"]), text_of(row["stage"]), text_of(row["reason"]), text_of(row["detail"])]
        for row in rejections[:_MOST_ROWS]
    ]
    more = f"<p>The first {_MOST_ROWS} of {len(rejections):,}.</p>" if len(rejections) > _MOST_ROWS else ""
    return [
        "<h2>Rejected inputs</h2>",
        table_of(["stage", "reason", "inputs"], totals, numbers={2}),
        more,
        table_of(["input", "stage", "reason", "detail"], rows),
    ]


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Set[int] = frozenset()) -> str:
    """A table. Cells are HTML already; ``numbers`` are the places of columns that hold some."""
    mark = [" class=n" if i in numbers else "" for i in range(max([len(head), *map(len, rows)], default=0))]
    top = "".join(f"<th{mark[i]}>{cell}</th>" for i, cell in enumerate(head))
    body = "".join(f"<tr>{''.join(f'<td{mark[i]}>{cell}</td>' for i, cell in enumerate(row))}</tr>" for row in rows)
    return f"{SCROLL}<table>{f'<tr>{top}</tr>' if head else ''}{body}</table></div>"


def text_of(text: str) -> str:
    """Text as HTML in which every character is seen."""
    return escape(shown(text))
