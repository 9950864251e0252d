"""The webhook counts as told when it says so, and is tried a few times."""

from datetime import date

import httpx
import pytest

from newsmill.config import NotifyConfig, Settings
from newsmill.flows.notify import ATTEMPTS, notify


@pytest.mark.parametrize(
    ("statuses", "is_told"),
    [([204], True), ([503, 200], True), ([503] * ATTEMPTS, False)],
    ids=["at once", "at the second try", "never"],
)
def test_a_webhook_is_told_when_it_says_so(statuses: list[int], is_told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(statuses)
    monkeypatch.setattr("newsmill.flows.notify.WAIT_SECONDS", 0)
    monkeypatch.setattr(httpx, "post", lambda *_, **__: httpx.Response(next(answers)))

    settings = Settings(notify=NotifyConfig(webhook="https://hook.example/"))

    assert notify(settings, date(2026, 1, 1), "failed", "x") is is_told
    assert list(answers) == []
