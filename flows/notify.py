"""Tell people of a night that went wrong: one POST of JSON to the configured webhook."""

import json
import logging
import time
from datetime import date
from typing import Literal

import httpx

from newsmill.config import Settings
from newsmill.schemas.rows import Run

logger = logging.getLogger(__name__)

ATTEMPTS = 3
WAIT_SECONDS = 2.0
TIMEOUT_SECONDS = 10.0

type Event = Literal["failed", "stopped", "incomplete", "crashed"]
"""``stopped``: by the validation, nothing published. ``incomplete``: published, but a rule warned. ``crashed``: its
process ended without a word."""


def notify(settings: Settings, logical_date: date, event: Event, detail: str) -> bool:
    """Post {event, date, lake, detail, text}; ``text`` is what chat services show. Whether it arrived.

    A webhook that does not answer is logged and never fails a run.
    """
    if settings.notify.webhook is None:
        return False
    webhook = settings.notify.webhook.get_secret_value()
    said = {"event": event, "date": logical_date.isoformat(), "lake": settings.lake, "detail": detail}
    content = said | {"text": f"newsmill {logical_date}: {event}. {detail}"}
    trouble = ""
    for attempt in range(ATTEMPTS):
        try:
            answer = httpx.post(webhook, json=content, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError as error:
            trouble = str(error)
        except (httpx.InvalidURL, UnicodeError):
            # UnicodeError: of a host's name that IDNA does not allow. Both would quote from the address.
            trouble = "its address is none"
        else:
            if answer.is_success:
                return True
            trouble = f"status {answer.status_code}"
        if attempt < ATTEMPTS - 1:
            time.sleep(WAIT_SECONDS)
    logger.warning("the webhook was not told that %s %s: %s", logical_date, event, trouble)
    return False


def warnings_of(run: Run) -> list[str]:
    """The rules that warned of a published run."""
    return [str(name) for name in json.loads(run.validation).get("warned", ())]
