"""A text that cannot be enriched costs itself, and none of those that it was sent with."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newsmill.config import Settings
from newsmill.isolate import Failure, FailureReason, Workers
from newsmill.tasks.enrich import stage

DEADLY = "deadly"

type Text = tuple[str, str, str | None]


def start() -> Callable[[list[Text]], list[str]]:
    """What a child does here: gives back what it was sent, unless one text of the group kills it."""

    def work(group: list[Text]) -> list[str]:
        if any(text == DEADLY for _, text, _ in group):
            os.abort()
        return [text for _, text, _ in group]

    return work


def test_a_text_that_kills_its_worker_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))  # where the child finds its module
    texts = [*(f"text {number}" for number in range(17)), DEADLY, *(f"text {number}" for number in range(18, 40))]
    rows: list[Text] = [(f"{number:016x}", text, "en") for number, text in enumerate(texts)]

    with Workers(1, start, seconds=60) as workers:
        monkeypatch.setattr(stage, "enrichers", lambda _: workers)
        found = list(stage.enrich_all(rows, Settings()))

    assert isinstance(failure := found[17], Failure)
    assert failure.reason is FailureReason.CRASHED
    assert [*found[:17], DEADLY, *found[18:]] == texts
