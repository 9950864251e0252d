"""What enriching gave, kept in the lake by what it was made of, so that a text is enriched once.

Beside each date lie *packs*, an object for each batch of its last run, named by the versions that made it and the hash
of its bytes. A result is found by the hash of all that it depends on: the article's id, language and text, and every
version that may change it. A pack that is damaged is passed over, with a warning, and its texts are enriched again.
"""

import hashlib
import io
import json
import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import newsmill.schemas
import newsmill.tasks.enrich
import newsmill.tasks.inputs
from newsmill import __version__
from newsmill.errors import NotStored
from newsmill.lake import Lake
from newsmill.lake.staging import staged_key, staged_keys
from newsmill.schemas.record import Record, values
from newsmill.schemas.rows import SCHEMA_VERSION, Article, Entity, Quote
from newsmill.storage import ObjectStore
from newsmill.tasks.inputs.urls import country_of
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.staged import Staged
from newsmill.tasks.run.versions import code_hash, library_versions, model_version

logger = logging.getLogger(__name__)

FOLDER = "_newsmill/enriched/"

MADE_BY = ("enrichment", "model_name", "model_version", "dateline", "dateline_geoname_id")
"""The columns of an article that enriching fills in, a dateline where its record states none."""

RESULTS = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        *(Article.arrow_schema().field(name) for name in MADE_BY),
        *(pa.field(record.table, pa.list_(pa.struct(list(record.arrow_schema())))) for record in (Entity, Quote)),
    ]
)
"""A row for each article, with its rows of the tables as lists."""

_PACKS = Staged("enriched-packs", pa.schema([pa.field("pack", pa.string())]))


def keys_of(articles: Sequence[Article], model: str) -> list[str]:
    """The hashes of all that the results of articles depend on."""
    version = _version(model)
    parts = ([version, a.article_id, a.language, country_of(a.url), a.text] for a in articles)
    return [hashlib.sha256(json.dumps(part).encode()).hexdigest() for part in parts]


@cache
def _version(model: str) -> str:
    """Everything that a result depends on, but for the article: the libraries and models, and the rules themselves."""
    rules = code_hash(newsmill.tasks.enrich, newsmill.tasks.inputs, newsmill.schemas)
    versions = [__version__, SCHEMA_VERSION, library_versions(), model, model_version(model), rules]
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()


def as_results(keys: Sequence[str], made_by: pa.Table, entities: pa.Table, quotes: pa.Table) -> pa.Table:
    """Results as rows of ``RESULTS``. ``made_by`` has ``article_id`` and ``MADE_BY``; the others are in its order."""
    lists = [_listed(made_by["article_id"], rows) for rows in (entities, quotes)]
    columns = [pa.array(keys, pa.string()), *(made_by[name].combine_chunks() for name in MADE_BY), *lists]
    return pa.Table.from_arrays(columns, schema=RESULTS)


def _listed(article_ids: "pa.ChunkedArray[Any]", rows: pa.Table) -> "pa.Array[Any]":
    places = pc.index_in(rows["article_id"], value_set=article_ids.combine_chunks()).to_numpy()
    offsets = np.concatenate(([0], np.cumsum(np.bincount(places, minlength=len(article_ids)))))
    structs = pa.StructArray.from_arrays([c.combine_chunks() for c in rows.columns], fields=list(rows.schema))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


def rows_of(results: pa.Table, record: type[Record]) -> pa.Table:
    """The rows of a table that results hold, in their order."""
    schema = record.arrow_schema()
    flat: list[Any] = [pc.list_flatten(chunk) for chunk in results[record.table].chunks]
    rows = (pa.Table.from_batches([pa.RecordBatch.from_struct_array(structs)]).cast(schema) for structs in flat)
    return pa.concat_tables([schema.empty_table(), *rows])


def known(attempt: Attempt, keys: Sequence[str]) -> pa.Table:
    """The results that are known of keys, in no order."""
    places = _places(attempt.lake, _own(attempt), attempt.attempt_id)
    packs = sorted({places[key] for key in keys if key in places})
    wanted = pa.array(keys, pa.string())
    found = (_read(attempt.lake.store, pack) for pack in packs)
    return pa.concat_tables(
        [RESULTS.empty_table(), *(rows.filter(pc.is_in(rows["key"], value_set=wanted)) for rows in found if rows)]
    )


def keep(attempt: Attempt, number: int, results: pa.Table) -> None:
    """Keep the results of a batch."""
    sink = io.BytesIO()
    pq.write_table(results, sink, compression="zstd")
    content = sink.getvalue()
    pack = f"{_own(attempt)}{hashlib.sha256(content).hexdigest()}.parquet"
    if pack not in _places(attempt.lake, _own(attempt), attempt.attempt_id).values():
        attempt.lake.store.write(pack, content)
    attempt.write(_PACKS, pa.Table.from_pylist([{"pack": pack}], schema=_PACKS.schema), number)


def is_warm(attempt: Attempt) -> bool:
    """Whether anything is known of the date that the versions of today have made."""
    return any(True for _ in attempt.lake.store.list(_own(attempt)))


def forget_others(attempt: Attempt) -> None:
    """Delete the packs of the date that its run has not used: of other versions, and of texts that are gone."""
    lake = attempt.lake
    own = staged_key(attempt.attempt_id, f"{_PACKS.name}-")
    names = [key for key in staged_keys(lake, attempt.attempt_id) if key.startswith(own)]
    used = {values(attempt.read(_PACKS, number), "pack")[0] for number in range(len(names))}
    if used:
        lake.store.delete([info.key for info in lake.store.list(_folder(attempt)) if info.key not in used])


def forget_all(store: ObjectStore) -> None:
    """Delete all packs, as when a text must not be kept anywhere."""
    store.delete([info.key for info in store.list(FOLDER)])


def _folder(attempt: Attempt) -> str:
    return f"{FOLDER}date={attempt.logical_date.isoformat()}/"


def _own(attempt: Attempt) -> str:
    """What the packs of a date begin with that the versions of today have made."""
    return f"{_folder(attempt)}{_version(attempt.settings.model)[:16]}-"


@lru_cache(maxsize=1)
def _places(lake: Lake, own: str, attempt_id: str) -> dict[str, str]:
    """The pack of each key that a date had when the execution asked for the first time."""
    del attempt_id
    packs = {info.key: _read(lake.store, info.key, ["key"]) for info in lake.store.list(own)}
    return {key: pack for pack, rows in packs.items() if rows for key in values(rows, "key")}


def _read(store: ObjectStore, pack: str, columns: list[str] | None = None) -> pa.Table | None:
    """The rows of a pack; None, with a warning, where it is damaged."""
    try:
        content = store.read(pack)
        if hashlib.sha256(content).hexdigest() != Path(pack).stem.partition("-")[2]:
            raise ValueError("its bytes are not those that it is named by")
        rows = pq.read_table(io.BytesIO(content), columns=columns)
        return rows.cast(RESULTS) if columns is None else rows
    except NotStored:
        return None
    except (pa.ArrowException, ValueError) as error:
        logger.warning("%s is damaged, and what it held is made again: %s", store.uri(pack), error)
        return None
