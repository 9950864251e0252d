"""How a command meets Prefect: the configured server, or a private one that lives as long as the command.

A private server is quiet, listens on loopback, and works on a copy of a prepared empty database, since preparing one
takes much longer than starting. It ends with the command, even if that is killed: it watches its standard input.

Loopback is no wall: every user of the machine reaches it, and so does every web page that somebody has open. So each
server asks for a password, and answers neither to a host's name that is not its own (DNS rebinding) nor to other pages.
"""

import logging
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsmill.errors import NewsmillError
from newsmill.memory import loading

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HEARTBEAT_SECONDS = 30
"""Between two signs of life that a flow run gives a kept server, so that its automations can tell a dead one. A run of
a command gives none: Prefect would end each flow up to a second later."""

_START_SECONDS = 120
_STOP_SECONDS = 5

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}

_LOOPBACK = ("127.0.0.1", "localhost")
"""What a server here is called."""

_PRIVATE = _QUIET | {
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
}
"""A run needs the server's API alone, beside what an ephemeral server leaves out: schedules, pages, telemetry."""

_LOSABLE = {"PREFECT_CLIENT_MAX_RETRIES": "2"}
"""Of a private server, whose end is that of the command, nobody waits for the return: Prefect would for minutes."""


_private_addresses: set[str] = set()


def is_private() -> bool:
    """Whether the server in use is one that this process has started for itself, and nobody looks at."""
    return os.environ.get("PREFECT_API_URL") in _private_addresses


def state_folder() -> Path:
    """Where newsmill keeps what is not the lake's: ``$XDG_STATE_HOME/newsmill``."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "newsmill"


def configure_client(console_level: str = "CRITICAL") -> None:
    """Quiet, private defaults for Prefect in this process, to be set before its first import; the user's own win.

    Logs go to the server whole. On the console a command says itself, in one line, what a user must know.
    """
    for name, value in {
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": console_level,
        # That it could not tell the server something is no news to the user if the server is gone, and else a trifle.
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "newsmill",
        # What the threads of a run say, such as the one that renews its claim, belongs to no flow.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_CLI_PROMPT": "false",
    }.items():
        os.environ.setdefault(name, value)
    logging.raiseExceptions = False  # nor does it then say on the console that a log was not sent
    _reach_loopback_directly()


def _reach_loopback_directly() -> None:
    """Keep this process and its children from asking a proxy for the servers of this machine."""
    names = (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(",")
    if "*" not in names:
        # Programs differ in which of the two they read.
        value = ",".join(dict.fromkeys([*filter(None, names), *_LOOPBACK, "::1"]))
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = value


@contextmanager
def prefect_api() -> Iterator[Callable[[], str]]:
    """A Prefect API for as long as the block lasts; ``PREFECT_API_URL`` names it there, and
    ``PREFECT_API_AUTH_STRING`` the password.

    Gives a function that waits until it answers and returns its address: a private server takes seconds to start, in
    which the block may do what else takes a while. The variables are set by then, so it may import Prefect. The
    function raises NewsmillError if the configured server does not answer or a private one does not start.
    """
    _reach_loopback_directly()
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        yield lambda: _wait(configured, None, seconds=10)
        return
    try:
        folder = Path(tempfile.mkdtemp(prefix="newsmill-prefect-"))
    except OSError as error:
        told = f"no temporary file can be written ({error.strerror or error}); free some space, or set TMPDIR"
        raise NewsmillError(told) from error
    try:
        with _private_server(folder) as wait:
            yield wait
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _private_server(folder: Path) -> Iterator[Callable[[], str]]:
    template, settings = _template(), dict(_PRIVATE)
    if is_prepared := template.exists():
        shutil.copyfile(template, folder / "prefect.db")
        settings["PREFECT_API_DATABASE_MIGRATE_ON_START"] = "false"
    password = _new_password()
    with _running(_free_port(), folder, password, settings, is_private=True) as (address, wait):

        def ready() -> str:
            wait()
            if not is_prepared:
                _keep_template(folder / "prefect.db", template)
            return address

        with _named(address, password, _LOSABLE):
            _private_addresses.add(address)
            try:
                yield ready
            finally:
                _send_what_is_queued()


@contextmanager
def _named(address: str, password: str, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Name a server to Prefect, in this process and in those that it starts; settings of the user's own win."""
    ours = {"PREFECT_API_URL": address, "PREFECT_API_AUTH_STRING": password}
    ours |= {name: value for name, value in settings.items() if name not in os.environ}
    before = {name: os.environ.get(name) for name in ours}
    os.environ |= ours
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def kept_server(port: int) -> Iterator[str]:
    """A Prefect server with its pages and its schedules, whose database and password stay; ends with the block."""
    password = kept_password()
    with _running(port, password_file().parent, password, _QUIET) as (address, wait), _named(address, password):
        wait()
        yield address


def kept_password() -> str:
    """``name:password`` of what is served here, which is made, for the owner alone, when it is first asked for."""
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    return _kept_password(file)


def password_file() -> Path:
    """Where the kept server's password stands, as ``PREFECT_API_AUTH_STRING`` takes it."""
    return state_folder() / "server" / "auth"


def _kept_password(file: Path) -> str:
    """What the file has, which is made for its owner alone if it is not there."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        file.chmod(0o600)
        if password := file.read_text(encoding="utf-8").strip():
            return password
        descriptor = os.open(file, os.O_WRONLY | os.O_TRUNC)  # its writer was killed
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(password := _new_password())
    return password


def _new_password() -> str:
    return f"newsmill:{secrets.token_urlsafe(32)}"


@contextmanager
def _running(
    port: int, folder: Path, password: str, settings: dict[str, str], *, is_private: bool = False
) -> Iterator[tuple[str, Callable[[], str]]]:
    """A server that has been started, its address, and a function that waits until it answers.

    It has a session of its own, so that an interrupt from the terminal reaches the command, which then stops it.
    """
    address, log = f"http://127.0.0.1:{port}/api", folder / "server.log"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    environment |= settings | {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": address,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(_own_pages(port)),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module with our own interpreter
            [sys.executable, "-m", "newsmill.server", str(port), *(["private"] if is_private else [])],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        try:
            yield address, lambda: _wait(address, process, seconds=_START_SECONDS, log=log)
        finally:
            _stop(process, seconds=0 if is_private else _STOP_SECONDS)


def _template() -> Path:
    """The prepared empty database for the installed version of Prefect."""
    return state_folder() / f"prefect-{version('prefect')}.db"


def _keep_template(database: Path, template: Path) -> None:
    """Best effort: without a template the next start is slow, nothing else."""
    try:
        template.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=template.parent)
        os.close(descriptor)
        source, target = sqlite3.connect(database), sqlite3.connect(name)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
        Path(name).replace(template)
    except (OSError, sqlite3.Error):
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, process: "subprocess.Popen[bytes] | None", *, seconds: float, log: Path | None = None) -> str:
    deadline = time.monotonic() + seconds
    trouble = "no answer"
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            lines = log.read_text(errors="replace").strip().splitlines() if log else []
            raise NewsmillError(f"the Prefect server did not start: {lines[-1] if lines else 'no output'}")
        try:
            with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=5) as response:  # noqa: S310
                if response.status == 200:
                    return address
        except (OSError, urllib.error.URLError, ValueError) as error:
            trouble = str(getattr(error, "reason", error))
        time.sleep(0.1)
    raise NewsmillError(
        f"the Prefect server at {address} does not answer ({trouble}); start it, or unset PREFECT_API_URL"
    )


def _send_what_is_queued() -> None:
    """Let Prefect's client send its last logs and events, which it would else try in vain when the server is gone."""
    if "prefect" in sys.modules:
        from prefect.events.worker import EventsWorker  # noqa: PLC0415 - only if Prefect was used
        from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

        APILogWorker.drain_all(timeout=_STOP_SECONDS)
        EventsWorker.drain_all(timeout=_STOP_SECONDS)


def _stop(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """End a server, which has so long to put its things in order; a private one has none."""
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdin:
            process.stdin.close()


def _serve(port: int, *, is_private: bool) -> None:
    """Run the API until told to stop or until the command that started it is gone."""
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    with loading():
        import uvicorn  # noqa: PLC0415 - only the server's own process needs it
        from prefect.server.api.server import create_app  # noqa: PLC0415

        app = create_app(ephemeral=is_private)
    uvicorn.run(for_own_pages(app, port), host="127.0.0.1", port=port, log_level="error")


def for_own_pages(app: "ASGIApp", port: int) -> "ASGIApp":
    """An application for the server at a port of loopback that answers by its own names, and to no page of another.

    A browser says for which host it asks and which page asks; programs say no page.
    """
    from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415 - only the server's process
    from starlette.responses import PlainTextResponse  # noqa: PLC0415

    async def asked_by_own_page(scope: "Scope", receive: "Receive", send: "Send") -> None:
        pages = {value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"origin"}
        if pages <= set(_own_pages(port)):
            await app(scope, receive, send)
        else:
            await PlainTextResponse("Not for other pages", status_code=403)(scope, receive, send)

    return TrustedHostMiddleware(asked_by_own_page, allowed_hosts=list(_LOOPBACK), www_redirect=False)


def _own_pages(port: int) -> list[str]:
    return [f"http://{name}:{port}" for name in _LOOPBACK]


def _exit_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), is_private="private" in sys.argv[2:])
