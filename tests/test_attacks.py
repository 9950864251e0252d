"""An attacker who feeds a newsroom, and one who sits at its machine without its password: whatever they try, they get
nothing. What a single door refuses is tested with that door; here stand the ways through the whole of it."""

import asyncio
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from newsmill.cli.main import cli
from newsmill.errors import UsageError
from newsmill.flows.backfill import backfill
from newsmill.flows.nightly import nightly
from newsmill.flows.poll import poll
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.plain import shown
from newsmill.schemas.rows import TABLES
from tests.cli.command import STORY, newsmill
from tests.lake.dates import DAY, publish_rows
from tests.site import Answer, Request, Site

MARK = "swordfish"
ESCAPES = "\x1b]0;owned\x07\x1b[31m\x9b31m\x90q\x9c\x7f\u202e\u2066\u2028\r"
OTHER_NAMES = ("2130706434", "0x7f.2", "0177.0.0.2", "[::ffff:127.0.0.2]", "[64:ff9b::7f00:2]")
IN_XML = "&#155;31m&#144;q&#156;&#x202e;&#x2066;&#x2028;"


# He has pages, feeds and files read that are not what they seem


def reaching(trap: str, secret: Path) -> dict[str, bytes]:
    """Files of all formats that would have other files and addresses read, and say what stands there."""
    entities = f'<!ENTITY f SYSTEM "file://{secret}"><!ENTITY n SYSTEM "{trap}/entity"><!ENTITY % p SYSTEM "{trap}/p">'
    told = f"&f;&n; <img src='{trap}/img'/>"
    item = f"<NewsItem><NewsComponent><ContentItem>{told}</ContentItem></NewsComponent></NewsItem>"
    page = f"<head><base href='{trap}/'><link rel='canonical' href='{trap}/c'></head><body>{told}</body>"
    xml = {
        "nitf": f"<nitf><head><title>Bridge</title></head><body><body.content>{told}</body.content></body></nitf>",
        "NewsML": f"<NewsML>{item}</NewsML>",
        "newsItem": f"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'><contentSet>{told}</contentSet></newsItem>",
        "rss": f"<rss version='2.0'><channel><item><title>{told}</title></item></channel></rss>",
        "opml": f"<opml><body><outline xmlUrl='{trap}/outline' text='&f;'/></body></opml>",
        "html": f"<html>{page}</html>",
    }
    files = {f"{name}.xml": f"<!DOCTYPE {name} [{entities} %p;]>{content}".encode() for name, content in xml.items()}
    files |= {
        f"dtd-{name}": f'<!DOCTYPE {name} SYSTEM "{trap}/dtd">{xml[name]}'.encode() for name in ("nitf", "NewsML")
    }
    included = f"<x xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file://{secret}' parse='text'/></x>"
    files["included.xml"] = included.encode()
    files["style.html"] = f"<?xml-stylesheet href='{trap}/style'?><html><body><iframe src='{trap}/f'></iframe>".encode()
    files["list.jsonl"] = b"\n".join(
        json.dumps({"id": str(n), "url": url, "text": STORY.format(town=f"Ash{n}")}).encode()
        for n, url in enumerate((f"file://{secret}", f"{trap}/url", str(secret)))
    )
    return files


def packed(folder: Path, trap: str, secret: Path) -> None:
    """Documents of offices whose parts are XML with entities, or stand outside of them."""
    declared = f'<!DOCTYPE w [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY n SYSTEM "{trap}/office">]>'
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {
        "a.docx": (
            "word/document.xml",
            f"<w:document xmlns:w='{word}'><w:body><w:p>&f;&n;</w:p></w:body></w:document>",
        ),
        "b.odt": ("content.xml", "<office><p>&f;&n;</p></office>"),
        "c.xlsx": ("xl/workbook.xml", "<workbook><sheets>&f;&n;</sheets></workbook>"),
    }
    for name, (part, content) in parts.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(part, declared + content)
            archive.writestr(f"../../{MARK}-{name}", "x")
            archive.writestr("[Content_Types].xml", declared + "<Types>&f;&n;</Types>")


def site_of(trap: str) -> Callable[[Request], Answer]:
    """A publisher whose every answer leads to where we may not go, or commands the terminal."""
    item = f"<item><title>T{IN_XML}</title><guid>g{IN_XML}</guid><link>{{}}</link></item>"
    links = [f"{trap}/linked", "file:///etc/passwd", "/redirect", "/refresh", "/typed", "/story", f"/a{IN_XML}"]
    story = "".join(f"<p>{line} {ESCAPES}</p>" for line in STORY.splitlines())
    feed = f"<rss version='2.0'><channel><title>N{IN_XML}</title>{''.join(map(item.format, links))}</channel></rss>"
    pages = {
        "/feed": Answer(feed.encode(), headers=(("Content-Type", "application/rss+xml"),)),
        "/index": Answer(f"<sitemapindex><sitemap><loc>{trap}/map</loc></sitemap></sitemapindex>".encode()),
        "/more": Answer(json.dumps({"version": "1.1", "items": [], "next_url": f"{trap}/next"}).encode()),
        "/home": Answer(
            f"<html><head><link rel=alternate type=application/rss+xml href='{trap}/f'></head></html>".encode()
        ),
        "/robots.txt": Answer(f"Sitemap: {trap}/robots-map\n".encode()),
        "/redirect": Answer(status=302, headers=(("Location", f"{trap}/redirected"),)),
        "/refresh": Answer(f"<meta http-equiv=refresh content='0;url={trap}/refreshed'>".encode()),
        "/story": Answer(
            f"<html><head><title>Bridge {ESCAPES}</title><meta property='og:url' content='{trap}/og'></head>"
            f"<body><article>{story}</article></body></html>".encode()
        ),
        "/typed": Answer(raw=f"HTTP/1.1 200 {ESCAPES.strip()}\r\nContent-Type: x/{ESCAPES.strip()}\r\n\r\nx".encode()),
        "/dead": Answer(raw=f"HTTP/1.1 {ESCAPES.strip()}\r\n\r\n".encode()),
    }
    return lambda request: pages.get(request.path, Answer(b"", status=404))


@pytest.mark.timeout(600)
@pytest.mark.xdist_group("prefect")
def test_what_is_fed_to_a_night_reaches_nothing_and_commands_nothing(
    tmp_path: Path, prefect_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    secret, folder = tmp_path / "secret.txt", tmp_path / "in"
    secret.write_text(MARK)
    folder.mkdir()
    with Site(lambda _: Answer(MARK.encode()), address="127.0.0.2") as inside:
        trap = f"http://127.0.0.2:{inside.port}"
        for name, content in reaching(trap, secret).items():
            (folder / name).write_bytes(content)
        packed(folder, trap, secret)
        (folder / f"{ESCAPES.replace('/', '')}.txt").write_text(STORY.format(town=f"Dover{ESCAPES}"))
        odd = {"id": f"i{ESCAPES}", "url": f"http://x.example/{ESCAPES}", "text": "x"}
        (folder / "odd.jsonl").write_text(json.dumps(odd) + "\n" + ESCAPES)
        (folder / "odd.csv").write_text(f"text{ESCAPES},url\n{STORY.splitlines()[0]},{ESCAPES}\n")
        with Site(site_of(trap)) as site:
            here, there = f"http://127.0.0.1:{site.port}", [trap.replace("127.0.0.2", host) for host in OTHER_NAMES]
            uris = [*(f"{here}/{path}" for path in ("feed", "index", "more", "home", "redirect", "dead")), *there]
            tables = [
                f"[[sources]]\nname={json.dumps(f'{number}{ESCAPES}')}\nkind='feed'\nuri={json.dumps(uri)}\n"
                for number, uri in enumerate(uris)
            ]
            head = "lake = '[bold]lake[/]'\nworkers = 1\nmax_rejected_share = 1.0\npage_seconds = 10\n"
            head += "[fetch]\ndelay = 0\nretries = 0\nseconds = 5\nallow = ['127.0.0.1']\n"
            head += "[[sources]]\nname='[red]in[/red]'\nuri='in'\n"
            (tmp_path / "newsmill.toml").write_text(head + "".join(tables).replace("\x7f", "\\u007f"))
            night = newsmill("nightly", "--date", "2026-01-05", cwd=tmp_path, PREFECT_API_URL=prefect_server)
            wrong = newsmill("query", f'SELECT 1 AS "{ESCAPES}", nothing{ESCAPES}', cwd=tmp_path)
            commands = [
                ["sources", "list"],
                ["sources", "poll"],
                ["sources", "test", f"{here}/feed"],
                ["sources", "test", f"{here}/typed"],
                ["sources", "test", "in"],
                ["sources", "test", "in", "--output", "json"],
                ["query", "FROM rejections"],
                ["query", "FROM articles", "--output", "json"],
                ["verify"],
                ["export", "ninjs"],
                ["ddl", "--for", "duckdb"],
            ]
            said = {" ".join(command): CliRunner().invoke(cli, command) for command in commands}

    assert night.returncode == 0, night.stderr
    assert inside.requests == []
    lake = Lake.open(str(tmp_path / "[bold]lake[/]"))
    rows = {record.table: str(lake.read(record.table).to_pylist()) for record in TABLES}
    assert [table for table, text in rows.items() if MARK in text.replace(f"{MARK}-", "")] == []
    assert list(tmp_path.parent.rglob(f"{MARK}-*")) == []
    seen: dict[object, str] = {info.key: lake.store.read(info.key).decode() for info in lake.store.list("_reports/")}
    user, _, password = os.environ["PREFECT_API_AUTH_STRING"].partition(":")
    kept = httpx.post(f"{prefect_server}/artifacts/filter", json={"limit": 200}, auth=(user, password)).json()
    for number, item in enumerate(kept):
        told = strings(json.loads(item["data"]) if item["type"] == "table" else item["data"])
        seen[number] = "\n".join(told)
    for name, each in {"night": night, "wrong query": wrong}.items():
        assert "Traceback" not in each.stderr, name
        seen[name] = each.stdout + each.stderr
    for name, result in said.items():
        assert result.exception is None or isinstance(result.exception, SystemExit), (name, result.exception)
        seen[name] = result.output
    assert [where for where, text in seen.items() if text != shown(text)] == []
    assert len(seen["sources list"].splitlines()) > len(uris)


def strings(value: object) -> list[str]:
    """All texts in what JSON says."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


# He asks the lake


@pytest.mark.parametrize(
    "sql",
    [
        "IMPORT DATABASE '{folder}'",
        "EXPLAIN ANALYZE IMPORT DATABASE '{folder}'",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''{folder}/schema.sql'')'))",
        "FROM enable_logging(level = 'trace', storage = 'file', storage_path = '{folder}/log')",
        "SELECT count(write_log('x')) FROM enable_logging(storage = 'file', storage_path = '{folder}/log')",
        "FROM read_text('{lake}/rejections/link.txt')",
        "FROM rejections, read_text('{lake}/rejections/link.txt')",
        "SELECT * FROM duckdb_settings(), duckdb_secrets(), duckdb_databases()",
    ],
)
def test_no_statement_gets_at_a_file(sql: str, tmp_path: Path) -> None:
    lake, folder = Lake.open(str(tmp_path / "lake")), tmp_path / "beside"
    publish_rows(lake, DAY, "first", 1)
    folder.mkdir()
    (folder / "schema.sql").write_text(MARK)
    (folder / "load.sql").write_text("")
    (tmp_path / "lake/rejections/link.txt").symlink_to(folder / "schema.sql")

    try:
        told = str(query(lake, sql.replace("{folder}", str(folder)).replace("{lake}", str(tmp_path / "lake"))))
    except UsageError as error:
        told = str(error)

    assert MARK not in told
    assert sorted(path.name for path in folder.iterdir()) == ["load.sql", "schema.sql"]


# He sits at the machine, or has a page open on it


@pytest.mark.xdist_group("prefect")
@pytest.mark.parametrize("path", ["/events/in", "/events/out", "/logs/in", "/logs/out"])
@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Host": "evil.example"}], ids=str)
def test_a_socket_without_the_password_is_closed(path: str, headers: dict[str, str], prefect_server: str) -> None:
    async def ask() -> str | bytes:
        address = prefect_server.replace("http:", "ws:") + path
        async with connect(address, additional_headers=headers, subprotocols=["prefect"]) as socket:  # type: ignore[list-item]
            await socket.send(json.dumps({"type": "auth", "token": "newsmill:guessed"}))
            return await asyncio.wait_for(socket.recv(), 10)

    with pytest.raises((ConnectionClosed, InvalidStatus)):
        asyncio.run(ask())


def test_nobody_hands_a_flow_its_settings() -> None:
    for flow in (nightly, backfill, poll):
        assert not {"settings", "sources", "lake", "endpoint", "webhook"} & flow.parameters.properties.keys()
