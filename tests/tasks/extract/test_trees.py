"""Trees are read as they are written, for all lines at once."""

import numpy as np
import pytest

from newsmill.tasks.extract.trees import TreeModel

NAMES = ("length", "links")
MODEL = {
    "labels": {"story": 1.0},
    "trees": [["length", 10, ["links", 0.5, -1.0, -3.0], ["links", 0.5, 2.0, 0.5]], 0.25, ["links", 0.1, 0.5, -0.5]],
}


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ((5, 0.0), -1.0 + 0.25 + 0.5),
        ((10, 1.0), -3.0 + 0.25 - 0.5),
        ((11, 0.5), 2.0 + 0.25 - 0.5),
        ((11, 0.6), 0.5 + 0.25 - 0.5),
        ((np.nan, 0.0), -1.0 + 0.25 + 0.5),
    ],
    ids=["short", "at the cut", "long", "long and linked", "unknown is least"],
)
def test_each_line_falls_into_one_leaf_of_each_tree(row: tuple[float, float], total: float) -> None:
    model = TreeModel.of(MODEL, NAMES)
    other = (7.0, 0.2)
    found = model.chances(np.array([other, row]))
    assert found[1] == pytest.approx(1 / (1 + np.exp(-total)))
    assert found[0] == pytest.approx(model.chances(np.array([other]))[0])


def test_labels_are_scored_by_what_their_words_weigh() -> None:
    assert TreeModel.of(MODEL, NAMES).labels["story-text"] == 1.0
