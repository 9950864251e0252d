"""What an article is known by: its address, its source's name for it, or its words."""

import hashlib
import re

from newsmill.tasks.inputs.urls import canonical_url, fetched_url


def article_id(canonical: str | None, text: str, guid: str | None = None) -> str:
    """16 hex digits that stand for the page, for the item that its source calls ``guid``, or for the text."""
    name = canonical or (f"guid:{guid}" if guid else f"text:{text_hash(text)}")
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def addresses_of(url: str | None, canonical: str | None) -> dict[str, str]:
    """The addresses by which an article may be known, by the ids that they give, in the order in which they are tried.

    The one that all views of its page share, which the page may have stated; the one that it was fetched from; and that
    of the view that was fetched. An article that is known by its words alone has none.
    """
    if canonical is None:
        return {}
    found = (canonical, canonical_url(url), fetched_url(url))
    return {article_id(address, ""): address for address in found if address is not None}


WORD = re.compile(r"\w+")


def text_hash(text: str) -> str:
    """SHA-256 over the text's words in lower case: equal for texts that differ in spacing, case and punctuation."""
    return hashlib.sha256(" ".join(WORD.findall(text.lower())).encode()).hexdigest()
