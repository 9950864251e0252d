"""Text from elsewhere, made fit to be kept and to be shown."""

import re

_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")

_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
"""The controls of ISO 6429 but tab and line feed, those of the bidirectional algorithm (UAX 9), which make a line read
as another, Unicode's own line ends, and the annotations that hide text."""


def without_login(address: str) -> str:
    """An address without user name and password: they are for its host alone, and stand in nothing that is kept."""
    return _LOGIN.sub("", address)


def shown(text: str) -> str:
    """Text with every character as an escape that would command a terminal or a page rather than be seen: ``\\u001b``.

    The escapes are JSON's, so JSON stays the same to who parses it.
    """
    return _UNSHOWABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
