"""What an extracting child does in tests: one page never ends. A module, since children import what they run."""

import time
from collections.abc import Callable
from datetime import datetime

from newsmill.schemas.rows import Article, RawDocument, Rejection
from newsmill.tasks.extract import extract_article, load_models

ENDLESS = "endless"
"""The ``input_id`` of the page that never ends."""


def start() -> Callable[[tuple[RawDocument, datetime]], Article | Rejection]:
    load_models()

    def extract(item: tuple[RawDocument, datetime]) -> Article | Rejection:
        document, latest = item
        if document.input_id == ENDLESS:
            time.sleep(600)
        return extract_article(document, latest=latest)

    return extract
