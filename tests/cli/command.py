"""The command as a user calls it: a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

NEWSMILL = str(Path(sys.executable).with_name("newsmill"))
STORY = (
    "{town} to rebuild its bridge\n\n"
    "The council of {town} voted on Monday to rebuild the old bridge over the river after a long debate.\n\n"
    "“The bridge is part of our town,” said Mayor Ada Hill after the vote in the town hall of {town}.\n\n"
    "Work will begin in spring, and the road will be closed for at least nine months, officials said.\n"
)


EQUAL_ONLY = {"NEWSMILL_DEDUPE__SIMILARITY": "1", "NEWSMILL_DEDUPE__CONTAINMENT": "1"}
"""So that stories that differ in a town's name alone are not copies of one another."""


def newsmill(*arguments: str, cwd: Path, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [NEWSMILL, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"COLUMNS": "200"} | EQUAL_ONLY | environment,
    )


def lines_of(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


_HOW_FAR = re.compile(r"newsmill: \d+:\d\d min: ")


def said(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """The lines of standard error, but those that say how far the work is, of which a slow machine sees some."""
    return [line for line in done.stderr.splitlines() if not _HOW_FAR.match(line)]
