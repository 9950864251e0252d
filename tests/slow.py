"""What an extracting child does in tests: one page never ends. A module, since children import what they run."""

import time
from collections.abc import Callable
from datetime import datetime

from newsmill.schemas.rows import RawDocument
from newsmill.tasks.extract.children import Found, start_extracting

ENDLESS = "endless"
"""The ``input_id`` of the page that never ends."""


def start() -> Callable[[tuple[RawDocument, datetime]], Found]:
    extract = start_extracting()

    def extract_or_sleep(item: tuple[RawDocument, datetime]) -> Found:
        if item[0].input_id == ENDLESS:
            time.sleep(600)
        return extract(item)

    return extract_or_sleep
