"""The Prefect server of a command: for who has its password alone, by no other name, and for no other page."""

import asyncio
import os
import socket
import stat
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from newsmill.server import configure_client, for_own_pages, kept_server, password_file

EVIL = "http://evil.example"


def test_a_kept_server_answers_to_its_password_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # A proxy that is not there: nothing on loopback may be asked for by way of it.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "intranet.example")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    configure_client()
    with kept_server(free_port()) as address:
        asked = f"{address}/flows/filter"
        user, _, password = password_file().read_text().partition(":")
        known = httpx.post(asked, json={}, auth=(user, password))
        assert (known.status_code, known.json()) == (200, [])
        assert httpx.post(asked, json={}).status_code == 401
        assert httpx.post(asked, json={}, auth=(user, "guessed")).status_code == 401
        for told in ({"Origin": EVIL}, {"Origin": "null"}, {"Host": "evil.example"}):
            refused = httpx.post(asked, json={}, auth=(user, password), headers=told)
            assert refused.status_code in (400, 403)
            assert "access-control-allow-origin" not in refused.headers
        preflight = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
        assert "access-control-allow-origin" not in httpx.options(asked, headers=preflight).headers
        assert os.environ["PREFECT_API_AUTH_STRING"] == f"{user}:{password}"

    assert os.environ.get("PREFECT_API_URL") is None
    assert stat.S_IMODE(password_file().parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600
    assert os.environ["no_proxy"].startswith("intranet.example,")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:4200"}, 200),
        ({"Host": "127.0.0.1"}, 200),
        ({"Origin": "http://localhost:4200"}, 200),
        ({"Host": "127.0.0.1.evil.example:4200"}, 400),
        ({"Host": "evil.example"}, 400),
        ({"Origin": "http://localhost:8000"}, 403),
        ({"Origin": "https://127.0.0.1:4200"}, 403),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
    ],
    ids=str,
)
def test_answers_by_its_names_to_its_pages(headers: dict[str, str], status: int) -> None:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(for_own_pages(app, 4200))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4200") as client:
            return await client.get("/", headers=headers)

    assert asyncio.run(ask()).status_code == status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
