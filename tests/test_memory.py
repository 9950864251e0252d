"""What a process holds: modules that it does not need stay away, and loading puts off the look for garbage."""

import gc
import subprocess
import sys

import pytest

from newsmill.memory import give_back, loading


def _printed(program: str) -> str:
    """What a program prints in a process of its own."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_is_looked_through_for_garbage_while_modules_are_loaded() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failed_load_leaves_the_collector_at_work() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()


def test_a_process_without_arrow_gives_back_without_loading_it() -> None:
    program = "import sys; from newsmill.memory import give_back; give_back(); print('pyarrow' in sys.modules)"
    assert _printed(program) == "False"
    give_back()


@pytest.mark.parametrize(("first", "is_loaded"), [("", "True"), ("memory.spare_pandas(); ", "False")])
def test_arrow_loads_pandas_unless_it_is_spared(first: str, is_loaded: str) -> None:
    program = (
        f"import sys; from newsmill import memory; {first}import pyarrow as pa; "
        "table = pa.table({'words': ['one', 'two']}); "
        "assert table.to_pylist() == [{'words': 'one'}, {'words': 'two'}]; print('pandas' in sys.modules)"
    )
    assert _printed(program) == is_loaded


def test_pandas_can_still_be_imported_by_who_wants_it() -> None:
    program = "from newsmill.memory import spare_pandas; spare_pandas(); import pandas; print(pandas.Series([1]).sum())"
    assert _printed(program) == "1"
