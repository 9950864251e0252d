"""What was removed is covered by its tombstone in every form, and leaves its neighbours where they were."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsmill.errors import UsageError
from newsmill.lake import Lake
from newsmill.tasks.raw import Archive, Note, Role, entries, erase, fetched_of, segments
from newsmill.tasks.removal import remove
from newsmill.tasks.tombstones import Removed, Tombstones, bury
from tests.tasks.test_raw import AT, DAY, NOTE, page

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "address", "covered"),
    [
        (Removed.URL, "https://news.example/a", "https://news.example/a", True),
        (Removed.URL, "https://news.example/a", "http://www.news.example/a#part", True),
        (Removed.URL, "https://news.example/a", "https://news.example/a?page=2", False),
        (Removed.URL, "https://news.example/a", "https://news.example/A", False),
        (Removed.URL, "https://news.example", "https://news.example/", True),
        (Removed.HOST, "News.example", "https://www.news.example/b", True),
        (Removed.HOST, "news.example", "https://sub.news.example/b", False),
        (Removed.HOST, "news.example", "inbox/news.example.html", False),
        (Removed.HOST, "news.example", "http://[", False),
        (Removed.HOST, "news.example", None, False),
    ],
)
def test_what_a_tombstone_covers(kind: Removed, value: str, address: str | None, covered: bool, tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path)).store
    bury(store, kind, value, NOW)

    assert Tombstones.of(store).covers(address) == covered
    assert not any(b"news" in store.read(info.key) for info in store.list()), "it does not say what it is of"


def test_an_erased_capture_is_gone_and_the_others_stand_where_they_stood(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    with Archive(store, DAY, tmp_path / "spool") as archive:
        for number in range(3):
            archive.add(page(number, b"<html>secret %d</html>" % number), NOTE, AT)
    ((key, before),) = segments(store)
    size = store.size(key)

    erase(store, key, [before[1]], [before[0], before[2]])

    assert list(entries(store, DAY)) == [before[0], before[2]]
    assert [fetched_of(store, entry).exchanges[0].body for entry in entries(store, DAY)] == [
        b"<html>secret 0</html>",
        b"<html>secret 2</html>",
    ]
    assert store.size(key) == size
    with store.open(key) as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["response", "request", "metadata", "warcinfo", "response", "request", "metadata"]


def test_what_is_still_in_the_spool_goes_too(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    archive = Archive(lake.store, date(2026, 1, 5), tmp_path / "spool")
    archive.add(page(1), NOTE, AT)
    archive.add(page(2), Note(role=Role.ROBOTS), AT)
    assert archive._segment is not None
    archive._segment.file.close()  # as if it were killed

    removal = remove(lake, tmp_path / "spool", Removed.URL, "https://news.example/1", NOW)

    assert (removal.captures, removal.rows, removal.dates) == (1, {}, ())
    assert [entry.address for entry in entries(lake.store, DAY)] == ["https://news.example/2"]
    assert list((tmp_path / "spool").rglob("*.warc.gz")) == []


def test_an_article_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no article has the id"):
        remove(Lake.open(str(tmp_path / "lake")), tmp_path / "spool", Removed.ARTICLE, "0" * 16, NOW)
