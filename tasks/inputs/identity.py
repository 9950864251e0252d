"""What an article is known by: its address, its source's name for it, or its words."""

import hashlib
import re


def article_id(canonical: str | None, text: str, guid: str | None = None) -> str:
    """16 hex digits that stand for the page, for the item that its source calls ``guid``, or for the text."""
    name = canonical or (f"guid:{guid}" if guid else f"text:{text_hash(text)}")
    return hashlib.sha256(name.encode()).hexdigest()[:16]


WORD = re.compile(r"\w+")


def text_hash(text: str) -> str:
    """SHA-256 over the text's words in lower case: equal for texts that differ in spacing, case and punctuation."""
    return hashlib.sha256(" ".join(WORD.findall(text.lower())).encode()).hexdigest()
