"""What the stages stage for one another: each table by its name and its columns.

A stage writes and reads these through its :class:`newsmill.tasks.run.attempt.Attempt`, which refuses rows of another
schema, so that what one stage leaves is what the next one expects.
"""

from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from newsmill.schemas.record import Record
from newsmill.schemas.rows import Article, Duplicate, Entity, LedgerEntry, Link, Quote, RawDocument, Rejection, Run


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged table. Most have one for each batch, told apart by a number; ``record`` is what its rows are of."""

    name: str
    schema: pa.Schema

    @classmethod
    def of(cls, record: type[Record], *further: "pa.Field[Any]", name: str | None = None) -> "Staged":
        """The table of a record's rows, with further columns behind the record's own."""
        schema = record.arrow_schema()
        for field in further:
            schema = schema.append(field)
        return cls(name or record.table, schema)

    def renamed(self, name: str) -> "Staged":
        """A table of the same columns under another name."""
        return replace(self, name=name)


INPUT_ID = pa.field("input_id", pa.string(), nullable=False)
"""Between the stages an article still carries the name of its input."""

REVISION = (
    *("article_id", "canonical_url", "hostname"),
    *("revision", "revision_similarity", "words_added", "words_removed", "changes"),
)
"""The columns of an article that dedupe fills in: what it is known by among the others, and what has become of it."""

RAW = Staged.of(RawDocument, name="raw")
IDENTITIES = Staged("identities", pa.schema([pa.field("identity", pa.binary(), nullable=False)]))
"""Of a part of the sources that is read elsewhere: what the input hash is over."""
REJECTED_AT_READ = Staged.of(Rejection, name="rejected-read")
EXTRACTED = Staged.of(Article, INPUT_ID, name="extracted")
EXTRACTED_LINKS = Staged.of(Link, pa.field("row", pa.int64(), nullable=False), name="extracted-links")
"""With the row of the article in its batch, since it may yet be known by another address."""
FINGERPRINTS = Staged(
    "fingerprints",
    pa.schema(
        [
            *(
                LedgerEntry.arrow_schema().field(name)
                for name in ("article_id", "text_hash", "published_at", "sketch", "lines")
            ),
            pa.field("version", pa.int64()),
            pa.field("further_ids", pa.list_(pa.string())),
            INPUT_ID,
        ]
    ),
)
"""Of an extracted batch: what dedupe has to know of each article, but for its text."""
REJECTED_AT_EXTRACT = Staged.of(Rejection, name="rejected-extract")
KEPT = Staged(
    "kept", pa.schema([pa.field("row", pa.int64()), *(Article.arrow_schema().field(name) for name in REVISION)])
)
"""Of an extracted batch: which rows are kept, by what address each is known, and what revision of its page it is."""
FURNITURE = Staged("furniture", pa.schema([pa.field("row", pa.int64()), pa.field("lines", pa.list_(pa.int64()))]))
"""Of an extracted batch: the rows of which lines are cut, and which of the lines that may be."""
DUPLICATES = Staged.of(Duplicate)
LEDGER = Staged.of(LedgerEntry, pa.field("input_id", pa.string()), pa.field("evidence", pa.string()))
"""With what each decision was taken by."""
ARTICLES = Staged.of(Article, INPUT_ID)
ENTITIES = Staged.of(Entity)
QUOTES = Staged.of(Quote)
LINKS = Staged.of(Link)
REJECTED_AT_ENRICH = Staged.of(Rejection, name="rejected-enrich")
RUNS = Staged.of(Run)

ENRICHED = (ARTICLES, ENTITIES, QUOTES, LINKS)
"""What the enrich stage leaves of a batch: the articles that are kept, and the rows that hang on each."""


def audited(table: Staged) -> Staged:
    """What the validation leaves of a table."""
    return table.renamed(f"audited-{table.name}")


AUDITED_DUPLICATES = audited(DUPLICATES)
AUDITED_REJECTIONS = Staged.of(Rejection, name="audited-rejections")
AUDITED_LEDGER = audited(LEDGER)
CLUSTERED_QUOTES = QUOTES.renamed("clustered-quotes")
"""With the ``quote_id`` that earlier dates give them."""
STORIED_ARTICLES = Staged.of(Article, name="storied-articles")
"""With the ``story_id`` that earlier dates give them."""
