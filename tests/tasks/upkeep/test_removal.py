"""What was removed is covered by its tombstone in every form, and leaves its neighbours where they were."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsmill.errors import RunInProgress, UsageError
from newsmill.lake import Lake
from newsmill.lake.rollback import former_states
from newsmill.lake.staging import drop_staging, staged_attempts, staged_key, write_table
from newsmill.schemas.record import values
from newsmill.schemas.rows import Article, LedgerEntry, Quote, Run
from newsmill.tasks.fetch.archive import Archive, Note, Role, entries, erase, fetched_of, segments
from newsmill.tasks.inputs.fingerprint import short_hash
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.run.attempt import claimed
from newsmill.tasks.run.tombstones import Removed, Tombstones, bury
from newsmill.tasks.upkeep.removal import _naming, remove, withdraw
from newsmill.tasks.upkeep.verify import verify_dates
from tests.rows import ARTICLE, LEDGER, QUOTE, RUN
from tests.tasks.fetch.test_archive import AT, DAY, NOTE, leave_as_if_killed, page
from tests.tasks.upkeep.test_verify import landed

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "address", "covered"),
    [
        (Removed.URL, "https://news.example/a", "https://news.example/a", True),
        (Removed.URL, "https://news.example/a", "http://www.news.example/a#part", True),
        (Removed.URL, "https://news.example/a", "https://news.example/a?page=2", False),
        (Removed.URL, "https://news.example/a", "https://news.example/A", False),
        (Removed.URL, "https://news.example/a", "https://news.example/a/?utm_source=x", True),
        (Removed.URL, "https://paper.co.uk/a/", "https://m.paper.co.uk/a/amp", True),
        (Removed.URL, "https://news.example/a/amp/", "http://news.example/a", True),
        (Removed.URL, "https://news.example/a", "https://news.example/a/b", False),
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
    leave_as_if_killed(tmp_path / "spool")

    removal = remove(lake, tmp_path / "spool", Removed.URL, "https://news.example/1", NOW, window_days=30)

    assert (removal.captures, removal.rows, removal.dates) == (1, {}, ())
    assert [entry.address for entry in entries(lake.store, DAY)] == ["https://news.example/2"]
    assert list((tmp_path / "spool").rglob("*.warc.gz")) == []


def test_a_removal_that_was_killed_is_run_again_to_its_end(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    with Archive(lake.store, DAY, tmp_path / "spool") as archive:
        archive.add(page(1, b"<link>https://news.example/story</link>"), Note(role=Role.LISTING), AT)
    ((key, listed),) = segments(lake.store)
    index = key.replace(".warc.gz", ".jsonl")
    before = lake.store.read(index)
    erase(lake.store, key, listed, [])
    lake.store.write(index, before)  # as if it were killed before this was written

    removal = remove(lake, tmp_path / "spool", Removed.URL, "https://news.example/story", NOW, window_days=30)

    assert removal.captures == 1
    assert list(entries(lake.store, DAY)) == []


def test_what_is_in_the_spool_of_another_machine_does_not_come_back(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))
    archive = Archive(lake.store, DAY, tmp_path / "elsewhere")
    for number in range(3):
        archive.add(page(number, b"<html>secret %d</html>" % number), NOTE, AT)
    leave_as_if_killed(tmp_path / "elsewhere")
    remove(lake, tmp_path / "spool", Removed.URL, "https://news.example/1", NOW, window_days=30)

    archive.recover()

    found = list(entries(lake.store, DAY))
    assert [fetched_of(lake.store, entry).exchanges[0].body[-8:] for entry in found] == [b"0</html>", b"2</html>"]
    with lake.store.open(found[0].segment) as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["response", "request", "metadata", "warcinfo", "response", "request", "metadata"]


@pytest.mark.parametrize(
    "host", ["https://www.b\u00fccher.example/", "xn--bcher-kva.example:80", "B\u00dcCHER.example."]
)
def test_a_host_is_known_by_whatever_name(host: str, tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))

    remove(lake, tmp_path / "spool", Removed.HOST, host, NOW, window_days=30)

    stones = Tombstones.of(lake.store)
    assert stones.covers("https://xn--bcher-kva.example/a")
    assert stones.covers("http://b\u00fccher.example/a")


@pytest.mark.parametrize("host", ["https://news.example/story", "news.example/story", "two words", "", "http://["])
def test_what_is_no_host_is_refused(host: str, tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))

    with pytest.raises(UsageError, match="is no host"):
        remove(lake, tmp_path / "spool", Removed.HOST, host, NOW, window_days=30)
    assert Tombstones.of(lake.store) == Tombstones()


def test_an_article_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no article has the id"):
        remove(Lake.open(str(tmp_path / "lake")), tmp_path / "spool", Removed.ARTICLE, "0" * 16, NOW, window_days=30)


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("https://news.example/a?x=1&y=2", "<link>http://www.news.example/a?x=1&amp;y=2</link>", True),
        ("https://news.example/a?x=1&y=2", '{"url": "https:\\/\\/news.example\\/a?x=1\\u0026y=2"}', True),
        ("https://news.example/a/b", "<link>/a/b</link>", True),
        ("https://news.example/a/b", '<a href="/a/b/">', True),
        ("https://news.example/a/b", '<a href="/a/bc">', False),
        ("https://news.example/a/b", "https://news.example/a/b-2", False),
        ("https://news.example/a/b", "https://bad-news.example/a/b", False),
        ("https://news.example/a/", "https://news.example/a", True),
        ("news.example", "see www.news.example/x", True),
        ("news.example", "see sub.news.example", False),
        ("news.example", "see news.example.org", False),
        ("https://news.example/", "at https://news.example/", True),
    ],
)
def test_what_names_an_address_is_found(name: str, content: str, named: bool) -> None:
    assert bool(_naming([name]).search(content.encode())) == named


def test_without_a_name_nothing_is_named() -> None:
    assert _naming([]).search(b"anything") is None


def test_a_date_that_is_being_run_is_waited_for(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "lake"))

    with claimed(lake, DAY, "a run"), pytest.raises(RunInProgress, match="2026-01-05 is being run by a run"):
        remove(lake, tmp_path / "spool", Removed.HOST, "news.example", NOW, window_days=30)

    assert Tombstones.of(lake.store).covers("https://news.example/a"), "it cannot come back in the meantime"


def test_an_article_goes_from_every_table_its_former_states_and_the_reports(tmp_path: Path) -> None:
    other = ARTICLE.replace(
        article_id="8" * 16,
        url="https://example.org/road",
        canonical_url="https://example.org/road",
        text_hash="c" * 64,
    )
    remembered = LEDGER[0].replace(article_id=other.article_id, text_hash=short_hash(other.text_hash))
    landed(tmp_path / "lake", {})
    lake = landed(
        tmp_path / "lake",
        {
            Article: [ARTICLE, other],
            LedgerEntry: [*LEDGER, remembered],
            Run: [RUN.replace(read_count=4, article_count=2)],
        },
    )
    drop_staging(lake, "attempt")
    write_table(lake, staged_key("diff-1", "quotes"), Quote.to_arrow([QUOTE]))
    for name, address in (("naming", ARTICLE.url), ("other", other.url)):
        lake.store.write(f"_reports/date={DAY}/{name}/index.html", f"<td>{address}</td>".encode())

    removal = remove(lake, tmp_path / "spool", Removed.ARTICLE, ARTICLE.article_id, NOW, window_days=30)

    assert removal.rows == {"articles": 1, "entities": 1, "quotes": 1, "links": 1, "ledger": 2}
    assert (removal.reports, removal.dates) == (1, (DAY,))
    assert [a.article_id for a in Article.from_arrow(lake.read("articles"))] == [other.article_id]
    assert len(lake.read("duplicates")) == 0
    reasons = dict(zip(*(values(lake.read("rejections"), name) for name in ("input_id", "reason")), strict=True))
    assert reasons == {"empty.txt": "empty", "copy.html": "original_rejected"}
    (run,) = Run.from_arrow(lake.read("runs"))
    assert (run.read_count, run.article_count, run.duplicate_count, run.rejection_count) == (3, 1, 0, 2)
    assert list(verify_dates(lake, [DAY])) == []
    assert former_states(lake, DAY) == []
    assert staged_attempts(lake) == []
    assert [info.key for info in lake.store.list("_reports/")] == [f"_reports/date={DAY}/other/index.html"]


def test_what_an_agency_withdraws_leaves_a_rejection_and_no_way_back(tmp_path: Path) -> None:
    landed(tmp_path / "lake", {})
    lake = landed(tmp_path / "lake", {Article: [ARTICLE.replace(guid="urn:nw:7")]})
    drop_staging(lake, "attempt")

    days = withdraw(lake, [article_id(None, "", "urn:nw:7")], NOW, window_days=30)

    assert days == (DAY,)
    assert [len(lake.read(table)) for table in ("articles", "entities", "quotes", "duplicates")] == [0, 0, 0, 0]
    reasons = dict(zip(*(values(lake.read("rejections"), name) for name in ("input_id", "reason")), strict=True))
    assert reasons == {"empty.txt": "empty", "copy.html": "original_rejected", ARTICLE.raw_uri: "withdrawn"}
    (run,) = Run.from_arrow(lake.read("runs"))
    assert (run.read_count, run.article_count, run.rejection_count) == (3, 0, 3)
    assert list(verify_dates(lake, [DAY])) == []
    assert former_states(lake, DAY) == []
    assert withdraw(lake, ["0" * 16], NOW, window_days=30) == ()
