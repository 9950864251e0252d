"""The lake's pages over HTTP, to be read alone: the page of the lake and the reports of its runs.

Who asks needs the password of the Prefect server beside it, and must do so under its own name: see
:mod:`newsmill.server`. What stands in the pages comes from elsewhere, so they may run no script but that of the search.
"""

import base64
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsmill.errors import NewsmillError, NotStored, StorageError
from newsmill.overview import PAGE, SCRIPT
from newsmill.server import for_own_pages
from newsmill.storage import ObjectStore

if TYPE_CHECKING:
    import uvicorn
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

_REPORT = re.compile(r"_reports/(?:[\w=-][\w=.-]*/)*[\w-][\w.-]*\.(html|json)", re.ASCII)
_KINDS = {"html": "text/html; charset=utf-8", "json": "application/json"}
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def lake_pages(store: ObjectStore, password: str, port: int) -> "ASGIApp":
    """An application that shows what lies under ``_reports/``, to who says ``password``, which is ``name:password``."""
    from starlette.applications import Starlette  # noqa: PLC0415 - only who serves pages pays for it
    from starlette.responses import PlainTextResponse, RedirectResponse, Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    expected = b"Basic " + base64.b64encode(password.encode())

    def answer(request: "Request") -> "Response":
        given = request.headers.get("authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            challenge = {"WWW-Authenticate": 'Basic realm="newsmill"'}
            return PlainTextResponse("The password, please", status_code=401, headers=_HEADERS | challenge)
        key = request.url.path.removeprefix("/")
        if not key:
            return RedirectResponse(f"/{PAGE}", headers=_HEADERS)
        if (found := _REPORT.fullmatch(key)) is None:
            return PlainTextResponse("No such page", status_code=404, headers=_HEADERS)
        try:
            content = store.read(key)
        except NotStored:
            return PlainTextResponse("No such page", status_code=404, headers=_HEADERS)
        except StorageError:
            return PlainTextResponse("The lake cannot be read", status_code=502, headers=_HEADERS)
        return Response(content, media_type=_KINDS[found[1]], headers=_HEADERS)

    return for_own_pages(Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])]), port)


@contextmanager
def served(store: ObjectStore, password: str, port: int) -> Iterator[str]:
    """The pages at a port of loopback for as long as the block lasts; gives their address.

    Raises NewsmillError if the port is taken.
    """
    import uvicorn  # noqa: PLC0415

    config = uvicorn.Config(lake_pages(store, password, port), host="127.0.0.1", port=port, log_level="critical")
    server = uvicorn.Server(config)
    serving = threading.Thread(target=_run, args=(server,), daemon=True)
    serving.start()
    while not server.started and serving.is_alive():
        serving.join(0.05)
    if not server.started:
        raise NewsmillError(f"the lake's pages cannot be served at port {port}; is it taken? Give --pages-port")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        serving.join(5)


def _run(server: "uvicorn.Server") -> None:
    try:
        server.run()
    except SystemExit:  # of a port that is taken
        return
