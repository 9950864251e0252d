"""Text from elsewhere, made fit to be kept and to be shown."""

import re

_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")


def without_login(address: str) -> str:
    """An address without user name and password: they are for its host alone, and stand in nothing that is kept."""
    return _LOGIN.sub("", address)
