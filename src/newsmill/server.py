"""How a command meets Prefect: the configured server, or a private one that lives as long as the command.

A private server is quiet, listens on loopback, and works on a copy of a prepared empty database, since preparing one
takes much longer than starting. It ends with the command, even if that is killed: it watches its standard input.
"""

import os
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from newsmill.errors import NewsmillError

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

_PRIVATE = _QUIET | {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
}
"""A run needs the server's API alone: no schedules, no user interface, no telemetry."""


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
        "PREFECT_LOGGING_EXTRA_LOGGERS": "newsmill",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_CLI_PROMPT": "false",
    }.items():
        os.environ.setdefault(name, value)


@contextmanager
def prefect_api(meanwhile: Callable[[], object] = lambda: None) -> Iterator[str]:
    """The address of a Prefect API, for as long as the block lasts; ``PREFECT_API_URL`` names it there.

    ``meanwhile`` is called while a private server starts; by then the variable is set, so it may import Prefect.
    Raises NewsmillError if the configured server does not answer or a private one does not start.
    """
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        _wait(configured, None, seconds=10)
        meanwhile()
        yield configured
        return
    folder = Path(tempfile.mkdtemp(prefix="newsmill-prefect-"))
    try:
        with _private_server(folder, meanwhile) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _private_server(folder: Path, meanwhile: Callable[[], object]) -> Iterator[str]:
    template = _template()
    if template.exists():
        shutil.copyfile(template, folder / "prefect.db")
    with _running(_free_port(), folder, _PRIVATE) as (address, wait):
        os.environ["PREFECT_API_URL"] = address
        try:
            meanwhile()
            wait()
            if not template.exists():
                _keep_template(folder / "prefect.db", template)
            yield address
        finally:
            _send_what_is_queued()
            del os.environ["PREFECT_API_URL"]


@contextmanager
def kept_server(port: int) -> Iterator[str]:
    """A Prefect server with its pages and its schedules, whose database stays; ends with the block."""
    folder = state_folder() / "server"
    folder.mkdir(parents=True, exist_ok=True)
    with _running(port, folder, _QUIET) as (address, wait):
        wait()
        yield address


@contextmanager
def _running(port: int, folder: Path, settings: dict[str, str]) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server that has been started, its address, and a function that waits until it answers.

    It has a session of its own, so that an interrupt from the terminal reaches the command, which then stops it.
    """
    address, log = f"http://127.0.0.1:{port}/api", folder / "server.log"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    environment |= settings | {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": address,
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module with our own interpreter
            [sys.executable, "-m", "newsmill.server", str(port)],
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
            _stop(process)


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


def _wait(address: str, process: "subprocess.Popen[bytes] | None", *, seconds: float, log: Path | None = None) -> None:
    deadline = time.monotonic() + seconds
    trouble = "no answer"
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            lines = log.read_text(errors="replace").strip().splitlines() if log else []
            raise NewsmillError(f"the Prefect server did not start: {lines[-1] if lines else 'no output'}")
        try:
            with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=5) as response:  # noqa: S310
                if response.status == 200:
                    return
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


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdin:
            process.stdin.close()


def _serve(port: int) -> None:
    """Run the API until told to stop or until the command that started it is gone."""
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    import uvicorn  # noqa: PLC0415 - only the server's own process needs it

    uvicorn.run("prefect.server.api.server:create_app", factory=True, host="127.0.0.1", port=port, log_level="error")


def _exit_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
