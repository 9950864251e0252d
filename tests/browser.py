"""A real browser, driven by the DevTools protocol: Chromium where it is installed, as Debian's package puts it."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Tab:
    """A page in the browser. Sizes are CSS pixels."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a method of the protocol; raises RuntimeError if the browser refuses it."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (said := json.loads(self._connection.recv(timeout=60))).get("id") != number:
            pass
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']['message']}")
        result: dict[str, Any] = said["result"]
        return result

    def show(self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False, media: str = "") -> None:
        """Load a page at a size, in the light or the dark, as on screen or in ``print``."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.call("Page.navigate", url=address)
        deadline = time.monotonic() + 60
        while self.run("location.href + ' ' + document.readyState") != f"{address} complete":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{address} was not shown")
            time.sleep(0.02)

    def run(self, script: str) -> Any:
        """The value of an expression, or of the promise that it gives; raises RuntimeError for what it throws."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    def picture(self, file: Path) -> None:
        """What is shown, as PNG, in its whole length."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]))


@contextmanager
def browser() -> Iterator[Tab]:
    """A tab of a browser without windows, which keeps nothing."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        command = [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
            *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
            *(f"--user-data-dir={profile}", "about:blank"),
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_tab_of(process, Path(profile) / "DevToolsActivePort"), max_size=None) as connection:
                yield Tab(connection)
        finally:
            process.kill()
            process.wait()


def _tab_of(process: "subprocess.Popen[bytes]", told: Path) -> str:
    """The address of the browser's first page, whose port it writes into its profile."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        lines = told.read_text().splitlines() if told.exists() else []
        if len(lines) == 2:
            return _first_page(int(lines[0]), lines[1])
        time.sleep(0.05)
    raise RuntimeError("the browser did not start")


def _first_page(port: int, path: str) -> str:
    with connect(f"ws://127.0.0.1:{port}{path}") as whole:
        whole.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        targets = json.loads(whole.recv(timeout=60))["result"]["targetInfos"]
    (page,) = [target["targetId"] for target in targets if target["type"] == "page"]
    return f"ws://127.0.0.1:{port}/devtools/page/{page}"
