"""What the arguments of ``newsmill run`` stand for: sources of files and addresses, told apart from typing errors."""

import csv
import os
import re
from collections.abc import Sequence
from glob import iglob
from itertools import islice
from pathlib import Path

import click

from newsmill.cli.options import source_of
from newsmill.config import SourceConfig
from newsmill.errors import UsageError

_WILDCARD = re.compile(r"[*?\[]")
_LIST_ENDS = (".csv", ".tsv", ".txt", ".list", ".urls")
_SAMPLE_LINES = 20
_SAMPLE_CHARACTERS = 64_000


def sources_of(arguments: Sequence[str]) -> tuple[SourceConfig, ...]:
    """The sources that the arguments of one command name.

    Files that are named one by one are one source, after the folder that they have in common; a file of addresses is a
    list to fetch. Raises UsageError for a path that leads nowhere, before anything is made.
    """
    from newsmill.tasks.inputs.source import is_address

    paths = [argument for argument in arguments if not is_address(argument)]
    for path in paths:
        _must_exist(path)
    files = [path for path in paths if Path(path).is_file()]
    shared = _shared_folder(files) if len(files) > 1 else None
    return tuple(_source(argument, shared if argument in files else None) for argument in arguments)


def _must_exist(path: str) -> None:
    if not path:
        raise click.UsageError("an empty text is no source; give a path or an address")
    try:
        if Path(path).exists():
            return
    except OSError as error:
        raise UsageError(f"{path[:200]}: {error.strerror}") from None
    if not _WILDCARD.search(path):
        raise UsageError(f"there is no file or folder {path}; give a path, a pattern or an http(s) address")
    if next(iglob(path, recursive=True), None) is None:  # noqa: PTH207, pathlib takes no absolute pattern
        raise UsageError(f"no file matches {path}")


def _shared_folder(files: Sequence[str]) -> str:
    try:
        folder = os.path.commonpath([os.path.dirname(file) for file in files])  # noqa: PTH120, as text, not resolved
    except ValueError:  # of relative and absolute paths
        folder = ""
    name = Path(folder).name
    return name if name not in ("", "..") else "local"


def _source(argument: str, shared: str | None) -> SourceConfig:
    source = source_of(argument)
    if is_list(Path(argument)):
        return source.model_copy(update={"kind": "list"})
    return source.model_copy(update={"name": shared}) if shared else source


def is_list(file: Path) -> bool:
    """Whether a file lists addresses and holds no texts: a line each, or a table with a column of them and no text."""
    if not file.name.lower().endswith(_LIST_ENDS) or not file.is_file():
        return False
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        read = lines.read(_SAMPLE_CHARACTERS).splitlines()
    sample = list(islice((line for line in read if line.strip() and not line.startswith("#")), _SAMPLE_LINES))
    if not sample:
        return False
    if all(_is_web(line.strip()) for line in sample):
        return True
    if file.suffix.lower() not in (".csv", ".tsv"):
        return False
    from newsmill.tasks.formats.tables import NAMES

    delimiter = max("\t;,|", key=sample[0].count)
    try:
        head = {cell.strip().lower().replace(" ", "_") for cell in next(csv.reader(sample[:1], delimiter=delimiter))}
    except csv.Error:
        return False
    return not head.isdisjoint(NAMES["urls"]) and head.isdisjoint(NAMES["text"])


def _is_web(line: str) -> bool:
    return line.lower().startswith(("http://", "https://")) and not re.search(r"\s", line)
