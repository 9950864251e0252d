"""The child that judges starts with what it judges by, and no more."""

import subprocess
import sys

_PROGRAM = """
import sys
from newsmill.tasks.validate.children import start_validating
assert callable(start_validating())
print(sys.modules.get("sqlalchemy"), type.__call__(type, sys.modules["scipy.stats"]).__name__)
from scipy import stats
print(stats.norm.cdf(0))
"""


def test_what_is_not_needed_to_judge_tables_is_not_loaded_until_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "_LazyModule", "0.5"]
