"""A text is enriched once: what is known of it is taken from the lake while all that it was made of is the same."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from newsmill.config import Settings
from newsmill.schemas.rows import Article, Entity, Quote
from newsmill.schemas.words import EnrichmentDepth
from newsmill.storage import open_store
from newsmill.tasks.enrich import Enriched, cache, stage
from newsmill.tasks.enrich.enriched import Text
from newsmill.tasks.extract.stage import stage_extracted
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import ARTICLES, ENTITIES, EXTRACTED, FURNITURE, KEPT, QUOTES, REVISION
from tests.rows import ARTICLE, DAY, ENTITY, QUOTE

type Tables = list[pa.Table]

PAGES = {"a": "The bridge is open.", "b": "Rain again.", "c": "The mill is for sale."}


class Lake:
    """A lake on which batches of pages are enriched by a model that counts the letters."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.runs = 0
        self.asked: list[str] = []
        monkeypatch.setattr(stage, "enrich_all", self.enrich_all)

    def enrich_all(self, texts: Iterable[Text], _settings: Settings) -> Iterator[Enriched]:
        for article_id, text, *_ in texts:
            self.asked.append(text)
            entities = [
                ENTITY.replace(article_id=article_id, mention_index=n, text=text[:4], start=n)
                for n in range(len(text) % 3)
            ]
            quotes = (QUOTE.replace(article_id=article_id, text=text),)
            yield Enriched(tuple(entities), quotes, EnrichmentDepth.FULL, "en_small", "1")

    def run(self, pages: dict[str, str]) -> tuple[list[str], Tables]:
        """Enrich pages in two batches: the texts that the model was asked for, and the tables."""
        self.runs += 1
        self.asked = []
        attempt = Attempt(
            attempt_id=f"{DAY}-{self.runs:012x}",
            logical_date=DAY,
            sources=(),
            settings=Settings(lake=str(self.folder)),
            started_at=datetime(2026, 2, 1, tzinfo=UTC),
        )
        found: Tables = []
        rows = [ARTICLE.replace(article_id=f"{ord(name):016x}", text=text) for name, text in pages.items()]
        for number, part in enumerate((rows[:2], rows[2:])):
            stage_extracted(attempt, number, part, [row.article_id for row in part], [b""] * len(part))
            kept = attempt.read(EXTRACTED, number).select(REVISION)
            attempt.write(
                KEPT, kept.add_column(0, "row", pa.array(range(len(part)), pa.int64())).cast(KEPT.schema), number
            )
            attempt.write(FURNITURE, FURNITURE.schema.empty_table(), number)
            assert stage.enrich_batch(attempt, number).articles == len(part)
            found += [attempt.read(table, number) for table in (ARTICLES, ENTITIES, QUOTES)]
        assert cache.is_warm(attempt)
        cache.forget_others(attempt)
        return self.asked, found

    @property
    def packs(self) -> list[Path]:
        return sorted(self.folder.glob(f"{cache.FOLDER}/*/*"))


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return Lake(tmp_path, monkeypatch)


def test_what_does_not_change_is_not_enriched_again(lake: Lake) -> None:
    asked, first = lake.run(PAGES)
    packs = lake.packs

    again, second = lake.run(PAGES)

    assert asked == list(PAGES.values())
    assert again == []
    assert second == first
    assert lake.packs == packs
    assert [entity.text for entity in Entity.from_arrow(first[1])] == ["The ", "Rain", "Rain"]
    assert [quote.text for quote in Quote.from_arrow(first[2])] == ["The bridge is open.", "Rain again."]
    assert {(a.enrichment, a.model_name) for a in Article.from_arrow(first[0])} == {(EnrichmentDepth.FULL, "en_small")}


def test_only_what_changes_is_enriched_and_what_is_gone_is_forgotten(lake: Lake) -> None:
    lake.run(PAGES)

    asked, tables = lake.run({"a": "The bridge is shut.", "b": PAGES["b"], "d": PAGES["c"]})

    assert asked == ["The bridge is shut.", PAGES["c"]]
    assert [quote.text for quote in Quote.from_arrow(tables[2])] == ["The bridge is shut.", PAGES["b"]]
    assert len(lake.packs) == 2


def test_an_order_that_changes_changes_the_rows_alone(lake: Lake) -> None:
    lake.run(PAGES)

    asked, tables = lake.run(dict(reversed(PAGES.items())))

    assert asked == []
    assert [quote.text for quote in Quote.from_arrow(tables[2])] == [PAGES["c"], PAGES["b"]]


def test_another_version_has_nothing_in_common(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = lake.run(PAGES)
    monkeypatch.setattr(cache, "_version", lambda _: "other")

    asked, second = lake.run(PAGES)

    assert asked == list(PAGES.values())
    assert second == first
    assert len(lake.packs) == 2


@pytest.mark.parametrize("kept", [0, 100, -1], ids=["empty", "torn", "a byte short"])
def test_a_damaged_pack_is_told_and_made_again(lake: Lake, caplog: pytest.LogCaptureFixture, kept: int) -> None:
    _, first = lake.run(PAGES)
    pack = lake.packs[0]
    pack.write_bytes(pack.read_bytes()[:kept])

    asked, second = lake.run(PAGES)

    assert 0 < len(asked) < len(PAGES)
    assert second == first
    assert f"{pack.name} is damaged, and what it held is made again" in caplog.text
    assert lake.run(PAGES)[0] == []


def test_nothing_is_left_where_a_text_must_not_be_kept(lake: Lake) -> None:
    lake.run(PAGES)

    cache.forget_all(open_store(str(lake.folder)))

    assert lake.packs == []
    assert lake.run(PAGES)[0] == list(PAGES.values())
