"""A few random kills; ``benchmarks/kill.py`` does hundreds."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_after_a_kill_readers_see_one_state_and_the_next_run_leaves_nothing(lake_uri: str) -> None:
    command = [sys.executable, "-m", "tests.kills", lake_uri, "6", "1"]

    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}  # it forks
    done = subprocess.run(command, cwd=ROOT, env=one_thread, capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stderr
    first, *lines = done.stdout.splitlines()
    assert first.startswith("a run takes")
    assert len(lines) == 6
    for line in lines:
        assert line.endswith(("readers see the old state", "readers see the new state"))
