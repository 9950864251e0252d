"""Catalog services that run on this machine, for as long as a test needs them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
"""Where Debian puts the programs of PostgreSQL; None where it is not installed."""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a database of its own on loopback, whose user needs the password ``swordfish``."""
    assert POSTGRES
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="newsmill-postgres-"))
    password = folder / "password"
    password.write_text("swordfish")
    if user:
        account = pwd.getpwnam(user)
        for path in (folder, password):
            os.chown(path, account.pw_uid, account.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    options = [*["-U", "news", "-A", "scram-sha-256", "--no-sync"], f"--pwfile={password}"]
    subprocess.run([POSTGRES / "initdb", "-D", data, *options], user=user, check=True, capture_output=True, cwd=folder)
    command = f"{POSTGRES}/postgres -D {data} -p {port} -k {folder} -F -c listen_addresses=127.0.0.1".split()
    server = subprocess.Popen(command, user=user, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            ready = subprocess.run([POSTGRES / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
            if ready.returncode == 0:
                break
            time.sleep(0.1)
        yield f"postgresql+pg8000://news@127.0.0.1:{port}/postgres"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
