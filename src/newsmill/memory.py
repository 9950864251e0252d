"""Memory that the process has freed goes back to the system, so that a run of many articles looks like one of few.

The C library keeps freed memory in an arena for each thread, and Arrow in one of its own; batches are worked on by ever
new threads, so what each needed for a moment would stay.
"""

import ctypes
from contextlib import suppress

import pyarrow as pa

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
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
