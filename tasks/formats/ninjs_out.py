"""Articles as ninjs 3.0, IPTC's news in JSON, for the systems that take it.

By the schema of ninjs 3.0: ``uri`` alone is required, no property beyond those of the schema is allowed, times are
ISO 8601 with a zone, and a keyword is a subject. What an article does not state is left out.
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

STANDARD = {"name": "ninjs", "version": "3.0", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json"}
_SCHEMES = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "subj": "http://cv.iptc.org/newscodes/subjectcode/",
}
_URGENCIES = range(1, 10)


def ninjs_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The ninjs object of a row of ``articles``; columns that the row has not are taken for null.

    ``uri`` is the article's address, else a URN of its id, which is the same in every revision and export.
    """
    text = row.get("text") or ""
    found: dict[str, Any] = {
        "uri": row.get("canonical_url") or row.get("url") or f"urn:newsmill:article:{row['article_id']}",
        "standard": dict(STANDARD),
        "type": "text",
        "representationType": "full",
        "version": str(row["revision"]) if row.get("revision") is not None else None,
        "firstCreated": _moment(row.get("published_at")),
        "versionCreated": _moment(row.get("modified_at")) or _moment(row.get("published_at")),
        "pubStatus": "usable",
        "urgency": row["urgency"] if row.get("urgency") in _URGENCIES else None,
        "language": row.get("language"),
        "headlines": _headlines(row),
        "descriptions": _values(("summary", row.get("description"))),
        "by": row.get("byline") or ", ".join(row.get("authors") or ()),
        "slugline": row.get("slug"),
        "located": row.get("dateline"),
        "edNote": row.get("editor_note"),
        "usageTerms": row.get("usage_terms"),
        "copyrightNotice": row.get("copyright"),
        "subjects": _objects(
            [
                *_subjects(row.get("topics") or ()),
                *({"name": word, "rel": "keyword"} for word in row.get("keywords") or row.get("tags") or () if word),
            ]
        ),
        "places": _objects({"name": place} for place in row.get("places") or ()),
        "people": _objects({"name": name, "rel": "author"} for name in row.get("authors") or ()),
        "genres": _objects([{"name": row["genre"]}] if row.get("genre") else ()),
        "infoSources": _objects([{"name": name}] if (name := row.get("publisher") or row.get("source")) else ()),
        "altIds": _objects([{"role": "newsmill", "value": row["article_id"]}] if row.get("article_id") else ()),
        "bodies": _bodies(text, row.get("word_count")),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _moment(value: object) -> str | None:
    if isinstance(value, datetime):
        return (
            (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat(timespec="seconds").replace("+00:00", "Z")
        )
    return f"{value.isoformat()}T00:00:00Z" if isinstance(value, date) else None


def _headlines(row: Mapping[str, Any]) -> list[dict[str, str]]:
    return _values(("main", row.get("title")), ("subhead", row.get("subhead")))


def _values(*pairs: tuple[str, str | None]) -> list[dict[str, str]]:
    return [{"role": role, "contentType": "text/plain", "value": value} for role, value in pairs if value]


def _bodies(text: str, words: int | None) -> list[dict[str, Any]]:
    """The text as it stands, and as HTML with a paragraph for each."""
    if not text:
        return []
    paragraphs = "".join(
        f"<p>{'<br/>'.join(map(html.escape, block.strip().splitlines()))}</p>"
        for block in re.split(r"\n\s*\n", text)
        if block.strip()
    )
    count = {"charCount": len(text), "wordCount": words if words is not None else len(text.split())}
    return [
        {"role": "main", "contentType": "text/plain", **count, "value": text},
        {"role": "main", "contentType": "text/html", **count, "value": paragraphs},
    ]


def _subjects(topics: Any) -> Iterator[dict[str, str]]:
    for topic in topics:
        scheme, code, name = (topic.get(key) for key in ("scheme", "code", "name"))
        found = {}
        if name or code:
            found["name"] = name or code
        if scheme in _SCHEMES and code:
            found["uri"] = f"{_SCHEMES[scheme]}{code}"
        elif code:
            found["literal"] = f"{scheme}:{code}" if scheme else code
        if found:
            yield found


def _objects(found: Any) -> list[dict[str, str]]:
    """Each object once."""
    return list({tuple(sorted(one.items())): one for one in found}.values())
