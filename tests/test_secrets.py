"""Logins and tokens stand in nothing that a night writes or prints: not in the lake, not with Prefect, not in a log."""

import gzip
import json
import socket
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from newsmill.lake import Lake
from newsmill.schemas.rows import TABLES
from newsmill.server import configure_client, kept_server
from tests.cli.command import STORY, newsmill
from tests.site import Answer, Request, Site

MARK = "swordfish"
AUTHORIZED = ["/Ashford", "/Milton", "/feed", "/private.txt"]
PARAMETERS = {"logical_date", "config", "request_hash", "input_hash"}
FEED = """<rss version="2.0"><channel><title>News</title>
<item><guid>http://ada:{mark}@{host}/guided</guid><link>http://ada:{mark}@{host}/Ashford</link></item>
<item><link>ftp://ada:{mark}@{host}/Bexhill</link></item></channel></rss>"""


def test_what_a_night_leaves_has_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    asked: list[Request] = []

    def serve(request: Request) -> Answer:
        asked.append(request)
        if request.path in ("/feed", "/private.txt") and "authorization" not in request.headers:
            return Answer(b"", status=401)
        if request.path == "/feed":
            return Answer(FEED.format(mark=MARK, host=request.headers["host"]).encode())
        if request.path in ("/Ashford", "/Milton", "/private.txt"):
            content = STORY.format(town=request.path[1:]).encode()
            return Answer(content, headers=(("Content-Type", "text/plain; charset=utf-8"),))
        return Answer(b"", status=404)

    configure_client()
    with Site(serve) as site, kept_server(free_port()):
        here = f"ada:{MARK}@127.0.0.1:{site.port}"
        (tmp_path / "list.txt").write_text(f"http://{here}/Milton\nftp://{here}/list\n")
        lines = [
            {"id": "1", "url": f"https://ada:{MARK}@example.org/a", "text": STORY.format(town="Dover")},
            {"id": f"https://ada:{MARK}@example.org/b", "url": f"gopher://ada:{MARK}@x/", "text": "x"},
        ]
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)))
        sources = {
            "feed": f"http://{here}/feed",
            "article": f"http://{here}/private.txt",
            "list": "list.txt",
            "auto": "in.jsonl",
        }
        tables = [f"[[sources]]\nname='{k}'\nkind='{k}'\nuri='{uri}'\n" for k, uri in sources.items()]
        tables.append(f"[[sources]]\nname='ftp'\nuri='ftp://{here}/inbox'\n")
        head = f"workers = 1\nmax_rejected_share = 1.0\n[notify]\nwebhook = 'http://127.0.0.1:{site.port}/{MARK}'\n"
        head += "[fetch]\ndelay = 0\nallow = ['127.0.0.1']\n"
        (tmp_path / "newsmill.toml").write_text(head + "".join(tables))
        commands = [
            ("nightly", "--date", "2026-01-05"),
            ("sources", "list"),
            ("query", "FROM rejections"),
            ("why", "http://127.0.0.1:9/none"),
        ]
        done = [newsmill(*command, cwd=tmp_path) for command in commands]

    assert [each.returncode for each in done] == [0, 0, 0, 2], done
    lake = Lake.open(str(tmp_path / "lake"))
    written = {record.table: str(lake.read(record.table).to_pylist()) for record in TABLES}
    landed = sorted(row["url"].rpartition("/")[2] for row in lake.read("articles", on=date(2026, 1, 5)).to_pylist())
    assert landed == ["Ashford", "Milton", "a", "private.txt"], written["rejections"]
    for number, each in enumerate(done):
        written[f"stdout {number}"], written[f"stderr {number}"] = each.stdout, each.stderr
    inputs = {"newsmill.toml", "list.txt", "in.jsonl"}
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name not in inputs:
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            # An archive keeps what the feed's publisher has published, as it came.
            feed = FEED.format(mark=MARK, host=f"127.0.0.1:{site.port}").encode()
            written[str(path)] = content.replace(feed, b"").decode("latin-1")
    assert [name for name, text in written.items() if MARK in text] == []
    assert sorted(request.path for request in asked if "authorization" in request.headers) == AUTHORIZED
    with closing(sqlite3.connect(tmp_path / "state/newsmill/server/prefect.db")) as database:
        parameters = [row for (row,) in database.execute("SELECT parameters FROM flow_run")]
    assert {name for row in parameters for name in json.loads(row)} <= PARAMETERS
    assert len(parameters) == 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
