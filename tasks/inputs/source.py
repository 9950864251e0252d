"""What to read, and how much of one input may be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsmill.schemas.words import SourceKind
from newsmill.tasks.inputs.content import clean_address

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What to read: a file, a folder, a glob or an http(s) address, and the name its rows carry.

    ``kind`` is of what stands at an address; a list may stand anywhere.
    """

    name: str
    uri: str
    kind: SourceKind = SourceKind.AUTO
    columns: Mapping[str, str] = field(default_factory=dict)
    """Of tables: what a column is -> its name, where the name does not tell."""
    clean: bool = False
    """Whether boilerplate is cut from the texts of records, which else are articles whole."""

    @property
    def is_fetched(self) -> bool:
        """Whether its articles come from the web, by way of the archive."""
        return self.kind is SourceKind.LIST or clean_address(self.uri) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one input; what is beyond them is rejected without having been read into memory."""

    max_bytes: int = 20_000_000
    """Bytes of one document, packed or unpacked."""
    max_line_bytes: int = 64_000_000
    """Bytes of one JSON line: its escapes and base64 make it longer than the document in it."""
    seconds: float = 30.0
    """Time to read a file that a child process reads: a PDF."""
    memory_mb: int = 2048
    """Memory to do so."""


def is_address(uri: str) -> bool:
    """Whether ``uri`` has a scheme, as against a path."""
    return _ADDRESS.match(uri) is not None
