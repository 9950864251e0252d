"""What gzip packed, read as a stream that damage ends and does not break."""

import io
import zlib
from typing import BinaryIO

from newsmill.tasks.inputs.content import GZIP_WINDOW, one_line

_STEP = 1024
"""Packed bytes that are unpacked at once: what stands ahead of the damage in them is lost with it."""


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a gzip file of one member or many; of a damaged one those ahead of the damage.

    ``damage`` says what is wrong once these have been read, ``is_cut`` whether it stands within what was packed and not
    behind it. ``packed_size`` counts the packed bytes taken so far.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.damage: str | None = None
        self.packed_size = 0
        self._file = file
        self._pending = b""
        self._inflater = zlib.decompressobj(GZIP_WINDOW)
        self._is_within = True
        """Whether more bytes are due: at the beginning, and within a member."""

    @property
    def is_cut(self) -> bool:
        """Whether the damage stands within what was packed."""
        return self.damage is not None and self._is_within

    def readable(self) -> bool:
        """Yes; to begin anew is to make another one."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """As of any raw stream."""
        block = self._next(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _next(self, size: int) -> bytes:
        while self.damage is None:
            if not self._pending and not self._refill():
                return b""
            try:
                block = self._inflater.decompress(self._pending, size)
            except zlib.error as error:
                self.damage = one_line(error)
                return b""
            if self._inflater.eof:
                self._pending, self._is_within = self._inflater.unused_data, False
                self._inflater = zlib.decompressobj(GZIP_WINDOW)
            else:
                self._pending = self._inflater.unconsumed_tail
                self._is_within |= bool(block)
            if block:
                return block
        return b""

    def _refill(self) -> bool:
        """Whether there are more packed bytes; those that fill up the last block of a tape are none."""
        self._pending = self._file.read(_STEP)
        self.packed_size += len(self._pending)
        if not self._is_within:
            self._pending = self._pending.lstrip(b"\0")
        if not self._pending and self._is_within:
            self.damage = "it is cut short"
        return bool(self._pending)
