"""A stage is tried again where that may help."""

import pytest

from newsmill.errors import NewsmillError, StorageError, UsageError
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
