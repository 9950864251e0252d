"""Articles as ninjs: valid by the schema of ninjs 3.0, and read back as they were."""

import io
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsmill.schemas.rows import Topic
from newsmill.tasks.formats.items import Item
from newsmill.tasks.formats.ninjs import read_ninjs
from newsmill.tasks.formats.ninjs_out import ninjs_of

STRINGS = {
    *("uri", "type", "representationType", "profile", "version", "firstCreated", "versionCreated", "contentCreated"),
    *(
        "embargoed",
        "pubStatus",
        "copyrightHolder",
        "copyrightNotice",
        "usageTerms",
        "edNote",
        "language",
        "title",
        "by",
    ),
    *("slugline", "located", "expires"),
}
LISTS = {
    "headlines": {"role", "contentType", "value"},
    "descriptions": {"role", "contentType", "value"},
    "bodies": {"role", "contentType", "charCount", "wordCount", "value"},
    "people": {"name", "rel", "uri", "literal", "contactInfo"},
    "places": {"name", "rel", "uri", "literal", "contactInfo", "geojson"},
    "subjects": {"name", "rel", "uri", "literal", "creator", "relevance", "confidence"},
    "genres": {"name", "uri", "literal"},
    "infoSources": {"name", "role", "uri", "literal", "contactInfo"},
    "altIds": {"role", "value"},
}
"""The properties of ninjs 3.0 that are lists of objects, and those of the objects; no others are allowed."""

ARTICLE: dict[str, Any] = {
    "article_id": "0123456789abcdef",
    "canonical_url": "https://port.example/a",
    "source": "port",
    "title": "Port <opens>",
    "subhead": "Ships",
    "authors": ["Ann Lee"],
    "published_at": datetime(2024, 3, 4, 10, 15, tzinfo=UTC),
    "modified_at": None,
    "language": "en",
    "description": "A port.",
    "text": "The port is open & late.\n\nDay | Price\nMon | 81",
    "word_count": 11,
    "tags": ["ports"],
    "topics": [{"scheme": "medtop", "code": "20000349", "name": "port"}, {"scheme": "nw", "code": "P", "name": None}],
    "places": ["Tallinn"],
    "publisher": "The Daily Port",
    "urgency": 3,
    "revision": 2,
    "copyright": "(c) 2024",
    "usage_terms": "web only",
    "editor_note": "check",
    "slug": "port",
    "genre": "Current",
}


def check(found: dict[str, Any]) -> None:
    """The rules of the schema, for the properties that are written."""
    assert "uri" in found
    assert set(found) <= STRINGS | LISTS.keys() | {"urgency", "standard"}
    for name in STRINGS & found.keys():
        assert isinstance(found[name], str), name
    for name, allowed in LISTS.items():
        for one in found.get(name, []):
            assert set(one) <= allowed, (name, one)
            assert name not in ("headlines", "descriptions", "bodies") or isinstance(one["value"], str)
            assert "uri" not in one or urlsplit(one["uri"]).scheme
    for name in ("firstCreated", "versionCreated"):
        assert name not in found or datetime.fromisoformat(found[name]).tzinfo is not None
    assert urlsplit(found["uri"]).scheme
    assert found["type"] == "text"
    assert found["representationType"] in ("full", "partial")
    assert found["pubStatus"] in ("usable", "withheld", "canceled")
    assert "urgency" not in found or isinstance(found["urgency"], int)
    assert set(found["standard"]) == {"name", "version", "schema"}


@pytest.mark.parametrize(
    "row",
    [
        ARTICLE,
        {"article_id": "a", "text": "One."},
        {**ARTICLE, "urgency": 0, "canonical_url": None, "url": None, "tags": None},
    ],
    ids=["full", "bare", "with nulls"],
)
def test_articles_are_valid_ninjs(row: dict[str, Any]) -> None:
    check(json.loads(json.dumps(ninjs_of(row))))


def test_an_article_comes_back_as_it_was() -> None:
    (item,) = read_ninjs(io.BytesIO(json.dumps(ninjs_of(ARTICLE)).encode()))

    assert isinstance(item, Item)
    assert (item.id, item.title, item.subhead) == ("https://port.example/a", "Port <opens>", "Ships")
    assert (item.text, item.description) == ("The port is open & late.\n\nDay | Price\nMon | 81", "A port.")
    assert (item.published_at, item.language, item.version) == (ARTICLE["published_at"], "en", 2)
    assert (item.authors, item.places, item.genre) == (("Ann Lee",), ("Tallinn",), "Current")
    assert item.topics[0] == Topic("medtop", "20000349", "port")
    assert (item.publisher, item.slug, item.urgency) == ("The Daily Port", "port", 3)
    assert (item.copyright, item.usage_terms, item.editor_note) == ("(c) 2024", "web only", "check")


def test_what_an_article_does_not_state_is_left_out() -> None:
    assert set(ninjs_of({"article_id": "a", "text": "One."})) == {
        *("uri", "standard", "type", "representationType", "pubStatus", "altIds", "bodies"),
    }
