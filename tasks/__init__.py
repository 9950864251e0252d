"""The stages of a run, in order.

======== ======================== =============================================================
stage    module                   in and out
======== ======================== =============================================================
read     ``crawl``, ``read``      files, archives, sources on the web -> raw documents
extract  ``extract``              raw document -> clean article
dedupe   ``dedupe``               articles, ledger -> articles to keep, duplicates
enrich   ``enrich``               text -> entities, quotes
validate ``validate``             staged rows -> checks, rejections, or a stop
land     ``land``                 staged rows -> Parquet, published in one step
======== ======================== =============================================================

``batches`` runs them over staged rows, ``stages`` makes Prefect tasks of that.
"""
