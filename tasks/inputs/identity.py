"""What an article is known by: its address, or its words."""

import hashlib
import re


def article_id(canonical: str | None, text: str) -> str:
    """16 hex digits that stand for the page, or for the text of an input without an address."""
    return hashlib.sha256((canonical or f"text:{text_hash(text)}").encode()).hexdigest()[:16]


WORD = re.compile(r"\w+")


def text_hash(text: str) -> str:
    """SHA-256 over the text's words in lower case: equal for texts that differ in spacing, case and punctuation."""
    return hashlib.sha256(" ".join(WORD.findall(text.lower())).encode()).hexdigest()
