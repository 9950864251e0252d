"""ZIP archives that office programs write, opened so that no member can unpack without end."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from lxml import etree
from lxml.etree import _Element as Element

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault
from newsmill.tasks.formats.limits import FREE_SIZE, MAX_MEMBER, MAX_MEMBERS, MAX_RATIO
from newsmill.tasks.formats.xml import forget

_ENCRYPTED_FLAG = 0x1
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, etree.XMLSyntaxError, OSError)
"""What reading a damaged member raises; RuntimeError is zipfile's for one that needs a password."""


class TooMuchError(Exception):
    """A member unpacks to more than its archive said or may say."""


class Bounded:
    """A member that is being read, and stops where it is more than it may be."""

    def __init__(self, member: IO[bytes], max_bytes: int) -> None:
        self._member, self._left = member, max_bytes

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises TooMuchError beyond the bound."""
        block = self._member.read(size if 0 <= size <= 1 << 20 else 1 << 20)
        self._left -= len(block)
        if self._left < 0:
            raise TooMuchError
        return block


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile | Fault]:
    """The archive, or why it is not opened: broken, with a password, or a bomb by the sizes that it states."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, EOFError, ValueError, OSError) as error:
        yield Fault(Reason.DAMAGED, f"a ZIP archive that is broken or cut short: {str(error)[:100]}")
        return
    with archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            yield Fault(Reason.TOO_LARGE, f"an archive of more than {MAX_MEMBERS:,} files")
        elif any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
            yield Fault(Reason.ENCRYPTED, "an archive with a password")
        elif big := next((info for info in infos if is_bomb(info)), None):
            yield Fault(
                Reason.TOO_LARGE, f"{big.filename[:80]} unpacks to {big.file_size:,} bytes, as no document does"
            )
        else:
            yield archive


def is_bomb(info: zipfile.ZipInfo) -> bool:
    """Whether a member states a size that text does not unpack to."""
    ratio = info.file_size / max(1, info.compress_size)
    return info.file_size > MAX_MEMBER or (info.file_size > FREE_SIZE and ratio > MAX_RATIO)


def elements_of(archive: zipfile.ZipFile, name: str, *tags: str) -> Iterator[Element]:
    """The elements of some tags of an XML member, each as soon as it is whole and forgotten after; flat memory.

    Raises what is in ``BROKEN`` and TooMuchError.
    """
    info = archive.getinfo(name)
    with archive.open(info) as member:
        events = etree.iterparse(
            Bounded(member, min(MAX_MEMBER, info.file_size)),
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _event, element in events:
            yield element
            forget(element)
