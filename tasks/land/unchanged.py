"""Whether a run would publish what is published, so that it may end after reading.

Behind each publish stands ``_newsmill/landed/date=YYYY-MM-DD.json``: hashes of all that the rows of the date follow
from, and of the files that were published. A run that finds all of them again has nothing to do. Anything else, or any
doubt, means a whole run: a file that is missing or damaged, an earlier date with other rows, an article that was given
up for want of time or memory. The object may be deleted at any time.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import date

import newsmill.schemas
import newsmill.tasks
from newsmill import __version__
from newsmill.errors import NotStored, StorageError
from newsmill.lake import Lake
from newsmill.lake.sound import sound_run
from newsmill.plain import without_login
from newsmill.schemas.record import values
from newsmill.schemas.rows import SCHEMA_VERSION, Rejection, Run
from newsmill.schemas.words import Reason
from newsmill.tasks.dedupe.ledger import days_before
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt
from newsmill.tasks.run.noted import note_key
from newsmill.tasks.run.tombstones import Tombstones
from newsmill.tasks.run.versions import code_hash, library_versions, model_version

logger = logging.getLogger(__name__)

_GIVEN_UP = frozenset({Reason.TIMEOUT, Reason.OUT_OF_MEMORY, Reason.CRASHED})
"""Reasons that another try need not meet."""

type Basis = dict[str, str]
"""What the rows of a date follow from: a hash for each kind of it."""


def basis(attempt: Attempt, reading: ReadResult | None = None) -> Basis:
    """What the rows of a run follow from, its inputs only once they have been read."""
    lake, settings = attempt.lake, attempt.settings
    packages = (newsmill, newsmill.tasks, newsmill.schemas)
    code = code_hash(*packages)
    known = {
        "code": _hash(__version__, SCHEMA_VERSION, code, library_versions(), model_version(settings.model)),
        "settings": _hash(settings.config_hash(), settings.max_rejected_share),
        "sources": _hash([[source.name, without_login(source.uri)] for source in attempt.sources]),
        "removals": _hash(sorted(Tombstones.of(lake.store).hashes)),
        "earlier dates": _earlier(lake, attempt.logical_date, settings.dedupe.window_days),
    }
    return known if reading is None else known | {"inputs": reading.input_hash}


def is_likely(attempt: Attempt) -> bool:
    """Whether the run is unchanged if its inputs are."""
    return _known(attempt).items() >= basis(attempt).items()


def unchanged_run(attempt: Attempt, reading: ReadResult) -> Run | None:
    """The row of the run that has published what this one would publish; None if it need not be the same.

    Of a run without an input the sources tell more than is hashed, so it is never the same.
    """
    lake, day, known = attempt.lake, attempt.logical_date, _known(attempt)
    if not known or not reading.read_count:
        return None
    published = known.pop("files", None)
    now = basis(attempt, reading)
    if known != now:
        names = sorted(name for name in known.keys() | now.keys() if known.get(name) != now.get(name))
        logger.info("%s is run again, since these have changed: %s", day, ", ".join(names))
        return None
    run = sound_run(lake, day)
    if run is None or _files_of(run.file_hashes or ()) != published or not _has_report(lake, day, run):
        return None
    reasons = values(lake.read(Rejection.table, columns=["reason"], on=day), "reason")
    return None if _GIVEN_UP.intersection(reasons) else run


def in_words(run: Run) -> str:
    """What is said of a run that found what another has published."""
    return f"nothing has changed since run {run.attempt_id}: nothing to publish"


def note(attempt: Attempt, reading: ReadResult, before: Basis) -> None:
    """Note what the rows just published follow from, if that is what it was ``before`` they were decided on.

    A note that cannot be written costs the next run its time, and not this one its success.
    """
    lake, day = attempt.lake, attempt.logical_date
    try:
        hashes = values(lake.read(Run.table, columns=["file_hashes"], on=day), "file_hashes")
        if len(hashes) == 1 and before["earlier dates"] and basis(attempt, reading) == before:
            content = before | {"files": _files_of(hashes[0])}
            lake.store.write(note_key(attempt.logical_date), json.dumps(content, indent=1).encode())
    except StorageError as error:
        logger.warning("what %s follows from was not noted, so the same run again would be a whole one: %s", day, error)


def _known(attempt: Attempt) -> Basis:
    """What was noted behind the last publish; nothing where there is none, or it cannot be read."""
    try:
        found = json.loads(attempt.lake.store.read(note_key(attempt.logical_date)))
    except (NotStored, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _earlier(lake: Lake, logical_date: date, days: int) -> str:
    """A hash over the files of the dates of the window, by which duplicates, quotations and stories are decided.

    Empty where one of them does not say, as rows of version 1, so that what follows from it is unknown.
    """
    since = days_before(logical_date, days)
    runs = lake.read(Run.table, columns=["logical_date", "file_hashes"], since=since, before=logical_date)
    if runs["file_hashes"].null_count:
        return ""
    return _hash(sorted((str(day), sorted(files)) for day, files in zip(*runs.to_pydict().values(), strict=True)))


def _files_of(hashes: Iterable[str]) -> str:
    return _hash(sorted(hashes))


def _has_report(lake: Lake, logical_date: date, run: Run) -> bool:
    try:
        return lake.store.size(f"_reports/date={logical_date}/{run.attempt_id}/index.html") > 0
    except NotStored:
        return False


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
