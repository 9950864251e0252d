"""What a process holds: what it does not need is not loaded, and what it has freed goes back to the system.

So a run of many articles looks like one of few. The C library keeps freed memory in an arena for each thread, and Arrow
in one of its own; batches are worked on by ever new threads, so what each needed for a moment would stay.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""Of mallopt(3); GNU's library alone has them."""

_ARENAS = 2
_LARGE_BYTES = 1 << 20
"""What is larger has pages of its own, which go back at once; else the library raises the bound with what it sees."""


def share_arenas() -> None:
    """Let the threads of the process share two arenas; nothing where the C library has no such setting."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Give back what is free."""
    if "pyarrow" in sys.modules:
        from pyarrow import default_memory_pool  # noqa: PLC0415 - a process without Arrow has nothing in its pool

        default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def loading() -> Iterator[None]:
    """While modules and models are loaded nothing is looked through for garbage, and what was loaded never again.

    They stay, and there is little among them to be found: in a start of seconds it is a tenth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def spare_pandas() -> None:
    """Keep Arrow from loading pandas, which it does only to see whether it is handed any: 30 MB and .2 s of a start.

    For a command's own process, where nobody hands it any or asks a table for one.
    """
    sys.meta_path.insert(0, _NoPandas)
    try:
        import pyarrow as pa  # noqa: PLC0415 - it looks once, when it makes its first array

        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)


class _NoPandas:
    """A finder of modules by which there is no pandas."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004 - importlib's own
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)
