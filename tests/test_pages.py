"""The lake's pages over HTTP: to whom they answer, with what, and that nothing else of the lake is shown."""

import base64
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsmill.errors import NewsmillError
from newsmill.overview import PAGE, SCRIPT, render_overview
from newsmill.pages import served
from newsmill.storage import open_store
from tests.test_server import free_port

PASSWORD = "newsmill:right"
REPORT = "_reports/date=2026-01-05/2026-01-05-0a1b/index.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages of a lake that has a page, a report and what is no page."""
    store = open_store(str(tmp_path_factory.mktemp("lake")))
    for key in (REPORT, "_reports/index.json", "articles/date=2026-01-05/a.parquet", "_newsmill/head.json"):
        store.write(key, key.encode())
    store.write(PAGE, render_overview("lake", {}).encode())
    with served(store, PASSWORD, free_port()) as address:
        yield address


def asked(site: str, path: str, *, password: str = PASSWORD, **headers: str) -> httpx.Response:
    basic = base64.b64encode(password.encode()).decode()
    return httpx.get(f"{site}{path}", headers={"Authorization": f"Basic {basic}"} | headers)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/{PAGE}", 200),
        (f"/{REPORT}", 200),
        ("/_reports/index.json", 200),
        ("/", 307),
        ("/_reports/date=2026-01-06/x/index.html", 404),
        ("/_newsmill/head.json", 404),
        ("/articles/date=2026-01-05/a.parquet", 404),
        ("/_reports/%2e%2e/_newsmill/head.json", 404),
        ("/_reports/..%2f_newsmill/head.json", 404),
        ("/_reports//etc/passwd.html", 404),
        ("//_reports/index.html", 404),
        ("/_reports/%00.html", 404),
    ],
)
def test_reports_are_shown_and_nothing_else(site: str, path: str, status: int) -> None:
    answer = asked(site, path)

    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("password", [":", "newsmill:wrong", "right", "newsmill:right "])
def test_who_does_not_know_the_password_sees_nothing(site: str, password: str) -> None:
    answer = asked(site, f"/{PAGE}", password=password)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("headers", "status"), [({"Host": "evil.example"}, 400), ({"Origin": "https://evil.example"}, 403)], ids=str
)
def test_other_pages_and_other_names_see_nothing(site: str, headers: dict[str, str], status: int) -> None:
    assert asked(site, f"/{PAGE}", **headers).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(site: str, method: str) -> None:
    assert httpx.request(method, f"{site}/{PAGE}", auth=("newsmill", "right")).status_code == 405


def test_the_page_may_run_its_search_and_nothing_else(site: str) -> None:
    answer = asked(site, f"/{PAGE}")

    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert scripts == [SCRIPT]
    assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline'; img" not in answer.headers["Content-Security-Policy"]


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(NewsmillError, match="is it taken"),
            served(open_store(str(tmp_path)), PASSWORD, taken.getsockname()[1]),
        ):
            pass
