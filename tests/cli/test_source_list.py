"""The sources commands against a site on loopback, and an article's way back to the bytes that it was made from."""

import gzip
import io
import json
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from newsmill.cli.main import cli
from newsmill.cli.origin import find_document, raw_record
from newsmill.cli.source_list import add, import_opml, of_opml, try_out
from newsmill.config import Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, UsageError
from newsmill.flows.backfill import backfill
from newsmill.flows.requests import ask, request_for
from newsmill.flows.settle import ingest_and_settle
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.schemas.record import values
from newsmill.tasks.dedupe.ledger import is_settled
from newsmill.tasks.fetch.memory import Memory, recall, remember
from newsmill.tasks.run.tombstones import Removed
from newsmill.tasks.upkeep.removal import remove
from newsmill.tasks.upkeep.verify import verify_dates
from tests.site import Answer, Request, Site

FEED = (
    b"<rss version='2.0'><channel><title>News</title><item><link>/a</link><title>Bridge</title></item></channel></rss>"
)
OPML = b"""<opml version="2.0"><body><outline xmlUrl="https://a.example/1"/><outline xmlUrl="https://a.example/2"/></body>
</opml>"""


def answer(request: Request) -> Answer:
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /closed", headers=())
    pages = {"/feed": FEED, "/closed": FEED, "/empty": b"<rss version='2.0'><channel/></rss>"}
    return Answer(pages.get(request.path, b"none"), status=200 if request.path in pages else 404)


def test_sources_are_added_to_what_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "newsmill.toml"
    path.write_text('# ours\nlake = "x"\n\n[fetch]\ndelay = 2.0\n')
    one = SourceConfig(name='a "quoted" näme', uri="https://a.example/feed?x=1&y='2'", kind="feed")

    assert add(path, [one]) == [one]
    assert add(path, [one]) == []
    assert path.read_text().startswith('# ours\nlake = "x"\n\n[fetch]\ndelay = 2.0\n\n[[sources]]\n')
    settings = load_settings(path)
    assert settings.sources == (one,)
    assert settings.fetch.delay == 2.0


@pytest.mark.parametrize("name", ["\U0001f600", "\x7f\x00", 'a"\\b'])
def test_any_name_can_be_written(name: str, tmp_path: Path) -> None:
    source = SourceConfig(name=name, uri="https://a.example/", kind="feed")

    add(tmp_path / "x.toml", [source])

    assert load_settings(tmp_path / "x.toml").sources == (source,)


def test_a_new_file_has_nothing_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = SourceConfig(name="a", uri="https://a.example/", kind="feed")
    add(None, [source])

    assert add(Path("other.toml"), [source]) == [source]
    assert load_settings(Path("other.toml")).sources == (source,)
    with pytest.raises(ConfigError, match=r"nowhere/x\.toml cannot be written: No such file"):
        add(Path("nowhere/x.toml"), [source])


def test_a_list_that_has_grown_is_imported_again(tmp_path: Path) -> None:
    config, opml = tmp_path / "x.toml", tmp_path / "list.opml"
    opml.write_bytes(OPML)
    first = import_opml(config, opml)
    opml.write_bytes(OPML.replace(b"<body>", b'<body><outline xmlUrl="https://a.example/0"/>'))

    assert (first, import_opml(config, opml), import_opml(config, opml)) == ((2, 0), (1, 2), (0, 3))
    assert [(source.name, source.uri[-1]) for source in load_settings(config).sources] == [
        ("a.example", "1"),
        ("a.example-2", "2"),
        ("a.example-3", "0"),
    ]


def test_a_name_is_given_once(tmp_path: Path) -> None:
    path = tmp_path / "newsmill.toml"
    add(path, [SourceConfig(name="a", uri="https://a.example/")])
    before = path.read_text()

    with pytest.raises(ConfigError, match=r"left as it is: .*same name"):
        add(path, [SourceConfig(name="a", uri="https://b.example/")])
    assert path.read_text() == before


@pytest.mark.parametrize("uri", ["inbox/", "ftp://a.example/feed", "a.example/feed", "http://"])
def test_what_can_be_no_feed_is_not_added(uri: str, tmp_path: Path) -> None:
    path = tmp_path / "newsmill.toml"

    with pytest.raises(UsageError, match="no http or https address"):
        add(path, [SourceConfig(name="a", uri=uri, kind="feed")])
    assert not path.exists()
    assert add(path, [SourceConfig(name="a", uri="lists/{date}.csv", kind="list")])


def test_a_retired_source_that_is_added_again_is_polled_anew(tmp_path: Path) -> None:
    path = tmp_path / "newsmill.toml"
    path.write_text(f'lake = "{tmp_path}/lake"\n')
    source = SourceConfig(name="a", uri="https://a.example/", kind="feed")
    add(path, [source])
    store = Lake.open(f"{tmp_path}/lake").store
    remember(store, Memory(name="a", uri=source.uri, retired_at=datetime(2026, 1, 1, tzinfo=UTC)))

    add(path, [source])

    assert recall(store, "a", source.uri).retired_at is None


def test_opml_is_a_source_for_each_feed() -> None:
    assert [(source.name, source.uri, source.kind) for source in of_opml(OPML, "x.opml")] == [
        ("a.example", "https://a.example/1", "feed"),
        ("a.example-2", "https://a.example/2", "feed"),
    ]
    for content in (b"", b"<opml/>", b"words"):
        with pytest.raises(UsageError, match=r"x\.opml"):
            of_opml(content, "x.opml")


@pytest.mark.parametrize(
    ("path", "state", "items"),
    [
        ("/feed", "ok", 1),
        ("/empty", "lists nothing", 0),
        ("/missing", "status 404", 0),
        ("/closed", "robots.txt disallows the address", 0),
    ],
)
def test_an_address_is_tried_out(path: str, state: str, items: int) -> None:
    settings = Settings.model_validate({"fetch": {"delay": 0, "allow": ["127.0.0.1"]}})

    with Site(answer) as site:
        trial = try_out(settings, f"http://127.0.0.1:{site.port}{path}")

    assert (trial.state, trial.items) == (state, items)
    if items:
        assert trial.newest == (("Bridge", f"http://127.0.0.1:{site.port}/a"),)


def test_what_is_no_address_is_not_tried_out() -> None:
    with pytest.raises(UsageError, match="no http or https address"):
        try_out(Settings(), "news")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.opml").write_bytes(OPML)
    run = CliRunner().invoke

    assert run(cli, ["sources", "add", "https://b.example/feed"]).output == "added: b.example https://b.example/feed\n"
    assert run(cli, ["sources", "import", "list.opml"]).output == "2 added, 0 there already\n"
    listed = [json.loads(line) for line in run(cli, ["sources", "list", "--output", "json"]).output.splitlines()]

    assert [(row["name"], row["state"]) for row in listed] == [
        (name, "not polled yet") for name in ("b.example", "a.example", "a.example-2")
    ]


def unpacked(content: bytes) -> bytes:
    """What a file says: WARC members and Parquet pages unpacked, and the blocks of Avro, behind their two counts."""
    if content.startswith(b"\x1f\x8b"):
        return gzip.decompress(content)
    if content.startswith(b"PAR1"):
        return repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode() + content
    if content.startswith(b"Obj\x01"):
        return b"".join(inflated(block) for block in content.split(content[-16:]))
    return content


def inflated(block: bytes) -> bytes:
    for start in range(2, 9):
        try:
            return zlib.decompress(block[start:], -zlib.MAX_WBITS)
        except zlib.error:
            continue
    return block


@pytest.mark.parametrize("arguments", [["run", ""], ["sources", "add", ""]])
def test_an_empty_source_is_a_usage_error(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(cli, arguments)

    assert done.exit_code == 2
    assert "an empty text is no source" in done.output


STORY = """<html lang="en"><head><title>Bridge of {0}</title></head><body><article><h1>Bridge of {0}</h1>
<p>The council of {0} voted on Monday to rebuild the old bridge over the river.</p>
<p>“The bridge is part of our town,” said Mayor Ada Hill after the vote.</p>
<p>Work will begin in spring, and the road will be closed for at least nine months, officials
said.</p></article></body></html>"""


@pytest.mark.xdist_group("prefect")
@pytest.mark.usefixtures("prefect_server")
def test_a_feed_lands_and_is_run_again_without_the_network_and_removed(tmp_path: Path) -> None:
    def serve(request: Request) -> Answer:
        if request.path == "/feed":
            base = f"http://{request.headers['host']}"
            items = "".join(f"<item><link>{base}/{town}</link></item>" for town in ("Ashford", "Bexhill"))
            return Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
        if request.path == "/robots.txt":
            return Answer(b"none", status=404)
        headers = (("Content-Type", "text/html"), ("TDM-Reservation", "1"))
        return Answer(STORY.format(request.path[1:]).encode(), headers=headers)

    day = date(2026, 1, 5)
    with Site(serve) as site:
        source = SourceConfig(name="paper", uri=f"http://127.0.0.1:{site.port}/feed", kind="feed")
        settings = Settings.model_validate(
            {
                "lake": f"{tmp_path}/lake",
                "workers": 1,
                "fetch": {"delay": 0, "allow": ["127.0.0.1"]},
                # The stories differ in a town's name alone.
                "dedupe": {"similarity": 1, "containment": 1},
                "sources": [source.model_dump()],
            }
        )
        run = ingest_and_settle(request_for(settings, day, settings.sources))
        asked = len(site.requests)
        (again,) = ask(backfill, settings, day, day, choice="all")

    lake = Lake.open(settings.lake)
    rows = query(lake, "SELECT article_id, url, text, raw_uri, opt_outs FROM articles ORDER BY url").to_pylist()
    assert run.article_count == 2
    assert again.outcome == "landed"
    assert len(site.requests) == asked, "the backfill asked no host"
    assert [row["url"].rpartition("/")[2] for row in rows] == ["Ashford", "Bexhill"]
    raw_of_other = raw_record(lake, rows[1]["article_id"])
    assert [row["opt_outs"] for row in rows] == [["tdm"], ["tdm"]]
    answer_of = raw_record(lake, rows[0]["article_id"])
    assert b"WARC-Target-URI: " + rows[0]["url"].encode() in answer_of
    assert b"The council of Ashford" in answer_of
    with pytest.raises(UsageError, match="no article has the id"):
        raw_record(lake, "0" * 16)
    document = find_document(rows[0]["article_id"], lambda: lake, max_bytes=100_000)
    assert (document.url, document.raw_uri) == (rows[0]["url"], rows[0]["raw_uri"])

    removal = remove(lake, settings.spool(), Removed.ARTICLE, rows[0]["article_id"], datetime.now(UTC), window_days=30)
    left = [query(lake, f"SELECT * FROM {table}").to_pylist() for table in ("articles", "quotes", "entities")]

    assert (removal.rows["articles"], removal.rows["ledger"]) == (1, 1)
    assert values(lake.read("ledger"), "article_id") == [rows[1]["article_id"]]
    with pytest.raises(UsageError, match="no article"):
        find_document(rows[0]["article_id"], lambda: lake, max_bytes=100_000)
    assert removal.captures == 2, "the page and the feed that names it"
    assert removal.dates == (day,)
    assert not [row for table in left for row in table if row["article_id"] == rows[0]["article_id"]]
    (counts,) = query(lake, "SELECT read_count, article_count, quote_count FROM runs").to_pylist()
    assert counts == {"read_count": 1, "article_count": 1, "quote_count": len(left[1])}
    assert raw_record(lake, rows[1]["article_id"]) == raw_of_other
    everything = [(info.key, unpacked(lake.store.read(info.key))) for info in lake.store.list()]
    assert all(b"date=2026" in content for key, content in everything if key.endswith("-m0.avro")), "not unpacked"
    assert [key for key, content in everything if b"Ashfor" in content] == []
    assert is_settled(lake, day, 30)
    assert list(verify_dates(lake, [day])) == []
    (after,) = ask(backfill, settings, day, day, choice="all")
    assert after.outcome == "landed"
    assert [row["url"] for row in query(lake, "SELECT url FROM articles").to_pylist()] == [rows[1]["url"]]
