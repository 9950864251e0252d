"""Where an input stands, and what its rejection says: never a login."""

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import Place, Problem


@pytest.mark.parametrize("name", ["input_id", "raw_uri", "url"])
def test_a_place_has_no_login(name: str) -> None:
    given = {"input_id": "in.jsonl#1", "raw_uri": "in.jsonl#L1", "url": None}

    place = Place(**given | {name: "ftp://ada:pass@example.org/a"}, source="wire")  # type: ignore[arg-type]

    assert getattr(place, name) == "ftp://example.org/a"
    detail = place.reject(Problem(Reason.NOT_READABLE, "http://ada:pass@example.org/ is away")).detail
    assert detail == "http://example.org/ is away"
