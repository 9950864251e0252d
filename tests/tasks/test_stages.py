"""A stage is tried again where that may help."""

import pytest

from newsmill.errors import LedgerChanged, NewsmillError, StorageError, UsageError
from newsmill.schemas.words import Stage
from newsmill.tasks.stages import StageTask

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]


@pytest.mark.parametrize(("error", "tries"), [(StorageError("away"), 2), (UsageError("wrong"), 1)])
def test_a_stage_is_tried_again_after_a_storage_error_alone(error: NewsmillError, tries: int) -> None:
    tried = []

    def fail() -> None:
        tried.append(1)
        raise error

    with pytest.raises(type(error)):
        StageTask(stage=Stage.READ, function=fail, retries=1)()

    assert len(tried) == tries


def test_what_is_expected_is_raised_and_no_red_task() -> None:
    """The race that a date loses is decided again; Prefect shows why, in a state that is no failure."""

    def lose() -> None:
        raise LedgerChanged("2026-01-04 was published meanwhile")

    task = StageTask(stage=Stage.LAND, function=lose, expected=(LedgerChanged,))
    state = task._task()(return_state=True)

    assert (state.name, state.is_completed()) == ("Outdated", True)
    assert state.message == "2026-01-04 was published meanwhile"
    with pytest.raises(LedgerChanged):
        task()


def test_the_state_says_what_came_of_it() -> None:
    task = StageTask(stage=Stage.READ, function=lambda: 47, says=lambda count: f"{count} in")

    assert task._task()(return_state=True).message == "47 in"
    assert task() == 47
