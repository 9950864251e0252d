"""The rooms of a run, in the order in which an input passes them; none imports from one below it.

======== ==================================================================================
inputs   what all stages know of an input: its content, address, source and identity
run      one execution: its claim on the date, its staged tables, its worker processes
fetch    sources on the web -> the archive of a date
read     files, archives, the archive of a date -> raw documents
extract  raw document -> clean article, or a rejection
dedupe   articles, ledger -> articles to keep, duplicates
enrich   text -> entities, quotes
validate staged rows -> checks, rejections, or a stop
land     staged rows -> Parquet, published in one step
upkeep   what is done to dates that have landed
======== ==================================================================================

The door of each stage is its ``stage`` module (of fetch, ``crawl``), which knows the staged tables; what it calls is
plain functions. ``stages`` makes Prefect tasks of the doors.
"""
