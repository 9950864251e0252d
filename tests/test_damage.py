"""A few hundred damages; ``python -m tests.damage 5000 1`` does thousands."""

from pathlib import Path

import pytest

from tests.damage import trials

DAMAGES = 300
SEED = 1


@pytest.mark.timeout(1200)
def test_damaged_bytes_give_a_line_or_the_right_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.tasks.upkeep.verify._suite_problems", lambda _rows: iter(()))

    found = trials(tmp_path, DAMAGES, SEED).found

    assert found == [], f"seed {SEED}"
