"""Where it is noted what the rows of a published date follow from; :mod:`newsmill.tasks.land.unchanged` writes it.

Apart from that, since a command asks before it has imported what a run needs.
"""

from datetime import date

from newsmill.errors import StorageError
from newsmill.storage import ObjectStore


def note_key(logical_date: date) -> str:
    """The key of a date's note."""
    return f"_newsmill/landed/date={logical_date.isoformat()}.json"


def has_note(store: ObjectStore, logical_date: date) -> bool:
    """Whether there is a note of the date, whatever it says."""
    try:
        return store.size(note_key(logical_date)) > 0
    except StorageError:
        return False
