"""What commands say while they are at work."""

import io
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console
from rich.progress import Progress

from newsmill import progress
from newsmill.cli import show


def drawn(*, steps: int) -> tuple[str, bool]:
    """The only bar, and whether it is taken for finished, after so many of some steps of one work."""

    def run() -> Iterator[None]:
        progress.begin("2026-01-05", "stage 2 of 6: extract", total=2)
        yield
        list(progress.counted("ab", "2026-01-05"))
        yield
        progress.begin("2026-01-05", "stage 4 of 6: enrich", total=2)
        yield
        progress.advance("2026-01-05")
        yield

    screen = Progress(show._Count(), console=Console(file=io.StringIO()))
    with progress.listening(show._Bars(screen)):
        for _ in zip(range(steps), run(), strict=False):
            pass
    (task,) = screen.tasks
    return f"{task.description}: {show._Count().render(task)}", task.finished


@pytest.mark.parametrize(
    ("steps", "said", "is_finished"),
    [
        (0, "starting: ", False),
        (1, "2026-01-05  stage 2 of 6: extract: 0 of 2", False),
        (2, "2026-01-05  stage 2 of 6: extract: 2 of 2", True),
        (3, "2026-01-05  stage 4 of 6: enrich: 0 of 2", False),
        (4, "2026-01-05  stage 4 of 6: enrich: 1 of 2", False),
    ],
)
def test_a_bar_counts_each_step_anew(steps: int, said: str, is_finished: bool) -> None:
    assert drawn(steps=steps) == (said, is_finished)


def test_work_that_is_over_has_no_bar() -> None:
    screen = Progress(console=Console(file=io.StringIO()))
    with progress.listening(show._Bars(screen)):
        for day in ("2026-01-05", "2026-01-06"):
            progress.begin(day, "extract")
        progress.end("2026-01-05")

    assert [task.description for task in screen.tasks] == ["2026-01-06  extract"]


def test_a_log_has_a_line_every_so_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    monkeypatch.setattr(show, "_LINE_SECONDS", 0.02)
    told: list[str] = []

    def is_told(line: str) -> bool:
        told.extend(capsys.readouterr().err.splitlines())
        return bool(told) and told[-1].partition(" min: ")[2] == line

    with show.progress_bar("json"):
        wait_for(lambda: is_told("starting"))
        progress.begin("2026-01-05", "stage 2 of 6: extract", total=1200)
        progress.advance("2026-01-05", 1100)
        wait_for(lambda: is_told("2026-01-05, stage 2 of 6: extract: 1,100 of 1,200"))
        progress.end("2026-01-05")
        wait_for(lambda: is_told("finishing"))
    assert told[0] == "newsmill: 0:00 min: starting"
