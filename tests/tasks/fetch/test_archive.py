"""What was fetched is in the archive, as it came, whoever is killed when."""

import gzip
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsmill.errors import Damaged, StorageError
from newsmill.lake import Lake
from newsmill.schemas.words import Reason
from newsmill.storage import LocalStore
from newsmill.tasks.fetch.archive import Archive, Note, Role, Rotation, entries, fetched_of, record_at
from newsmill.tasks.fetch.client import Exchange, Fetched
from newsmill.tasks.inputs.content import Place, Problem
from newsmill.tasks.read.warc import read_archive

DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 10, 30, 0, 123456, tzinfo=UTC)
NOTE = Note(role=Role.ARTICLE, source="wire", key="guid-1", version="v1", title="Tïtle", published_at=AT.isoformat())
BODY = b"<html><p>The council met on Monday.</p></html>"


def exchange(address: str = "https://news.example/a?b=1", body: bytes = BODY, status: int = 200) -> Exchange:
    return Exchange(
        address=address,
        sent=((b"Host", b"news.example"), (b"User-Agent", b"newsmill")),
        started_at=AT,
        peer="93.184.216.34",
        version="HTTP/2",
        status=status,
        phrase="",
        headers=((b"content-type", b"text/html; charset=utf-8"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=\xe9")),
        body=body,
    )


def page(number: int, body: bytes = BODY) -> Fetched:
    address = f"https://news.example/{number}"
    return Fetched(address=address, exchanges=(exchange(address, body),))


def leave_as_if_killed(spool: Path) -> None:
    """Make a spool what a killed writer leaves: its segments as they are, which nobody holds."""
    for segment in spool.rglob("*.warc.gz"):
        content = segment.read_bytes()
        segment.unlink()
        segment.write_bytes(content)


def test_what_was_fetched_is_read_back_as_it_was(lake_uri: str, tmp_path: Path) -> None:
    store = Lake.open(lake_uri).store
    redirected = Fetched(
        address="http://news.example/a", exchanges=(exchange("http://news.example/a", b"", 301), exchange())
    )
    cut = Fetched(
        address="https://news.example/a?b=1",
        exchanges=(exchange(),),
        problem=Problem(Reason.TOO_LARGE, "more than 9 bytes"),
    )
    silent = Fetched(
        address="https://silent.example/", exchanges=(), problem=Problem(Reason.FETCH_FAILED, "no connection")
    )
    with Archive(store, DAY, tmp_path / "spool") as archive:
        for fetched in (redirected, cut, silent):
            archive.add(fetched, NOTE, AT)

    found = list(entries(store, DAY))

    assert [fetched_of(store, entry) for entry in found] == [redirected, cut, silent]
    assert [entry.note for entry in found] == [NOTE] * 3
    assert [entry.status for entry in found] == [200, 200, None]
    assert [entry.problem for entry in found] == [None, "too_large", "fetch_failed"]
    assert list((tmp_path / "spool").rglob("*.warc.gz")) == []
    answer = record_at(store, found[0].segment, found[0].answer_offset)
    assert b"WARC-Target-URI: https://news.example/a?b=1\r\n" in answer
    assert answer.endswith(BODY + b"\r\n\r\n")


def test_other_tools_read_the_archive(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    with Archive(store, DAY, tmp_path / "spool") as archive:
        archive.add(page(1), NOTE, AT)
        archive.add(page(2), NOTE, AT)
    (entry, _) = entries(store, DAY)
    content = store.read(entry.segment)

    records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(io.BytesIO(content))]
    ours = list(read_archive(io.BufferedReader(io.BytesIO(content)), Place("a", "a", "a"), 10_000))

    assert records == [
        (kind, f"https://news.example/{n}") for n in (1, 2) for kind in ("response", "request", "metadata")
    ]
    assert [getattr(document, "content", None) for document in ours] == [BODY, BODY]


def test_the_headers_of_a_record_are_those_of_the_format(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    chunked = replace(exchange(), headers=((b"Transfer-Encoding", b"chunked"),), truncated="length")
    with Archive(store, DAY, tmp_path / "spool") as archive:
        entry = archive.add(Fetched(address=chunked.address, exchanges=(chunked,)), NOTE, AT)

    with store.open(entry.segment) as stream:
        response, request, metadata = ((r.rec_headers, r.http_headers) for r in ArchiveIterator(stream))

    headers, http = response
    assert http.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
    assert http.get_header("Transfer-Encoding") is None, "the body is kept without its chunks"
    assert headers.get_header("WARC-Date") == "2026-01-05T10:30:00.123456Z"
    assert headers.get_header("WARC-IP-Address") == "93.184.216.34"
    assert headers.get_header("WARC-Payload-Digest") == f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    assert headers.get_header("WARC-Truncated") == "length"
    identity = headers.get_header("WARC-Record-ID")
    assert [other.get_header("WARC-Concurrent-To") for other, _ in (request, metadata)] == [identity] * 2


@pytest.mark.parametrize("rotation", [Rotation(max_bytes=1), Rotation(max_seconds=-1)])
def test_segments_go_to_the_lake_as_they_fill(rotation: Rotation, tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    with Archive(store, DAY, tmp_path / "spool", rotation) as archive:
        for number in range(3):
            archive.add(page(number), NOTE, AT)
            assert len(list(entries(store, DAY))) == number + 1

    found = list(entries(store, DAY))
    assert [entry.address for entry in found] == [f"https://news.example/{n}" for n in range(3)]
    assert len({entry.segment for entry in found}) == 3


def test_what_is_appended_is_safe_before_the_full_segment_goes_to_the_lake(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    spool = tmp_path / "spool"
    with Archive(store, DAY, spool, Rotation(max_bytes=1)) as archive:
        entry = archive.append(page(1), NOTE, AT)
        (segment,) = (spool / DAY.isoformat()).iterdir()
        in_spool = segment.stat().st_size
        was_full = archive.is_full
        in_lake = list(entries(store, DAY))
        archive.rotate()
        archive.rotate()

        assert (in_spool, was_full, in_lake) == (entry.length, True, [])
        assert [found.address for found in entries(store, DAY)] == ["https://news.example/1"]
        assert not archive.is_full


def test_nobody_waits_for_a_segment_that_goes_to_the_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    begun, goes_on = threading.Event(), threading.Event()
    write_file = LocalStore.write_file

    def dawdling(self: LocalStore, key: str, path: Path) -> None:
        begun.set()
        assert goes_on.wait(10)
        write_file(self, key, path)

    monkeypatch.setattr(LocalStore, "write_file", dawdling)
    with Archive(store, DAY, tmp_path / "spool", Rotation(max_bytes=10_000)) as archive:
        sealing = threading.Thread(target=archive.add, args=(page(1, os.urandom(20_000)), NOTE, AT))
        sealing.start()
        assert begun.wait(10)
        adding = threading.Thread(target=archive.add, args=(page(2), NOTE, AT))
        adding.start()
        adding.join(5)
        waits = adding.is_alive()
        goes_on.set()
        sealing.join(10)

    assert not waits
    assert [entry.address[-1] for entry in entries(store, DAY)] == ["1", "2"]


def test_a_killed_writer_loses_the_capture_in_flight_alone(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from newsmill.lake import Lake\n"
        "sys.path.insert(0, sys.argv[2]); from tests.tasks.fetch.test_archive import *\n"
        "archive = Archive(Lake.open(sys.argv[1] + '/lake').store, DAY, Path(sys.argv[1], 'spool'))\n"
        "[archive.add(page(n, os.urandom(20_000)), NOTE, AT) for n in range(20)]\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = str(Path(__file__).parents[3])
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path), root], check=False)
    (segment,) = (tmp_path / "spool").rglob("*.warc.gz")
    with segment.open("ab") as file:  # what was in flight when it died
        file.write(
            gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n") + b"\x1f\x8b\x08"
        )
    store = Lake.open(str(tmp_path / "lake")).store

    with Archive(store, DAY, tmp_path / "spool") as archive:
        archive.add(page(99), NOTE, AT)

    assert killed.returncode == -signal.SIGKILL
    found = list(entries(store, DAY))
    assert [entry.address for entry in found] == [f"https://news.example/{n}" for n in [*range(20), 99]]
    assert all(len(fetched_of(store, entry).exchanges) == 1 for entry in found)
    assert list((tmp_path / "spool").rglob("*.warc.gz")) == []


def test_a_living_writers_segment_is_left_alone(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    with Archive(store, DAY, tmp_path / "spool") as first:
        first.add(page(1), NOTE, AT)
        with Archive(store, DAY, tmp_path / "spool") as second:
            second.add(page(2), NOTE, AT)
            assert list(entries(store, DAY)) == []
        first.add(page(3), NOTE, AT)

    assert sorted(entry.address[-1] for entry in entries(store, DAY)) == ["1", "2", "3"]


def test_a_full_disk_is_told_and_loses_nothing_that_was_added(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    body = os.urandom(30_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Archive(store, DAY, tmp_path / "spool") as archive:
        archive.add(page(1, body), NOTE, AT)
        # The system takes what fits, as on a full disk, and nothing after that.
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
        try:
            with pytest.raises(StorageError, match=r"spool/2026-01-05: File too large; fetch\.spool"):
                archive.add(page(2, body), NOTE, AT)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        archive.add(page(3, body), NOTE, AT)

    found = list(entries(store, DAY))
    assert [entry.address[-1] for entry in found] == ["1", "3"]
    assert [fetched_of(store, entry).exchanges[0].body for entry in found] == [body, body]


def test_a_spool_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("no folder")
    archive = Archive(Lake.open(str(tmp_path / "lake")).store, DAY, tmp_path / "spool")

    with pytest.raises(StorageError, match="Not a directory"):
        archive.add(page(1), NOTE, AT)


def test_damage_is_told(tmp_path: Path) -> None:
    store = Lake.open(str(tmp_path / "lake")).store
    with Archive(store, DAY, tmp_path / "spool") as archive:
        archive.add(page(1, os.urandom(1000)), NOTE, AT)
    (entry,) = entries(store, DAY)
    content = bytearray(store.read(entry.segment))
    content[200:400] = bytes(200)
    store.write(entry.segment, bytes(content))

    with pytest.raises(Damaged, match="is damaged at 0"):
        fetched_of(store, entry)
