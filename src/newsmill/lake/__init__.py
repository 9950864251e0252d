"""The lake: seven Iceberg tables over plain Parquet in a folder or a bucket, switched together.

    _newsmill/head.json                  which metadata file each table is at: the one object that a publish swaps
    <table>/date=YYYY-MM-DD/*.parquet    the rows
    <table>/_iceberg/                    Iceberg metadata, which hive readers skip
    _staging/<attempt>/                  what an execution has made and not yet published
    _superseded/date=*/<state>/<table>/  what a publish has replaced, kept for a time so that it can be undone

The head is the catalog. It is replaced by compare-and-swap, so all tables of a date switch in one step, and whoever can
read the lake's URI sees the state that everybody sees. Files are immutable. A publish names in the same swap the files
that it is about to delete (``doomed``), and refuses files that another publish has doomed: so that collecting what
killed runs left behind never takes away what a living run has just uploaded.

What a publish replaces leaves the date's folder at once, since a reader of plain folders would count it twice; a copy
of the whole former state stays under ``_superseded`` until its grace is over.

A :class:`Lake` is what its readers want of it. What changes one are functions beside it, in ``publish``, ``rollback``,
``reclaim`` and, for what is not published yet, ``staging``; SQL is ``query``.
"""

from newsmill.lake.read import DataFile, Lake, TableInfo
from newsmill.lake.whole import date_prefix

__all__ = ["DataFile", "Lake", "TableInfo", "date_prefix"]
