"""Word (.docx) and OpenDocument (.odt) files: articles of their own, or exports of an archive.

Both are ZIP archives of XML, read paragraph by paragraph in flat memory (ECMA-376, ISO/IEC 26300).
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from lxml import etree
from lxml.etree import _Element as Element

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment
from newsmill.tasks.formats.documents import Line, Properties, items_of_lines
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.streams import rewindable
from newsmill.tasks.formats.xml import name_of
from newsmill.tasks.formats.zips import BROKEN, TooMuchError, elements_of, opened

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MAX_SPACES = 200
_SPACES = re.compile(r"\s+")


def read_docx(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of a Word file."""
    yield from _read(stream, "word/document.xml", _docx_lines)


def read_odt(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The article of an OpenDocument text."""
    yield from _read(stream, "content.xml", _odt_lines)


def _read(stream: BinaryIO, member: str, lines_of: object) -> Iterator[Item | Fault]:
    with rewindable(stream) as file, opened(file) as archive:
        if isinstance(archive, Fault):
            yield archive
            return
        if member not in archive.namelist():
            yield Fault(Reason.DAMAGED, f"an office file without {member}")
            return
        try:
            yield from items_of_lines(lines_of(archive), _properties(archive))  # type: ignore[operator]
        except TooMuchError:
            yield Fault(Reason.TOO_LARGE, f"{member} unpacks to more than the archive says")
        except BROKEN as error:
            yield Fault(Reason.DAMAGED, f"{member} is broken or cut short: {str(error)[:100]}")


def _docx_lines(archive: zipfile.ZipFile) -> Iterator[Line]:
    """The paragraphs of a Word file; the rows of a table as lines. Deleted text, fields' codes and boxes are none."""
    for element in elements_of(archive, "word/document.xml", "{*}p"):
        if not element.tag.startswith((_W, _STRICT_W)):
            continue
        style = next((one.get(f"{{{_ns(one)}}}val") or "" for one in element.iter("{*}pStyle")), "")
        yield Line("".join(_runs(element)), style)


def _ns(element: Element) -> str:
    return etree.QName(element).namespace or ""


def _runs(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter():
        name = name_of(element)
        if name == "t":
            if not any(name_of(above) in ("del", "fallback") for above in _within(element, paragraph)):
                yield element.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "tab":
            if name_of(element.getparent()) != "tabs":
                yield "\t"
        elif name == "nobreakhyphen":
            yield "-"


def _within(element: Element, paragraph: Element) -> Iterator[Element]:
    for above in element.iterancestors():
        if above is paragraph:
            return
        yield above


def _odt_lines(archive: zipfile.ZipFile) -> Iterator[Line]:
    for element in elements_of(archive, "content.xml", f"{_TEXT}p", f"{_TEXT}h"):
        style = "Title" if name_of(element) == "h" else element.get(f"{_TEXT}style-name") or ""
        yield Line("".join(_odt_runs(element)), style)


def _odt_runs(element: Element) -> Iterator[str]:
    yield _SPACES.sub(" ", element.text or "")
    for below in element:
        name = name_of(below)
        if name == "s":
            count = below.get(f"{_TEXT}c", "1")
            yield " " * min(int(count), _MAX_SPACES) if count.isdecimal() else " "
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in ("note", "annotation", "p", "h", ""):
            yield from _odt_runs(below)
        yield _SPACES.sub(" ", below.tail or "")


def _properties(archive: zipfile.ZipFile) -> Properties:
    """Title, author and day of the file's own description."""
    name = next((one for one in ("docProps/core.xml", "meta.xml") if one in archive.namelist()), None)
    if name is None or archive.getinfo(name).file_size > 1_000_000:
        return Properties()
    values: dict[str, str] = {}
    try:
        for element in elements_of(archive, name, "{*}*"):
            if element.text and element.text.strip():
                values.setdefault(name_of(element), element.text.strip())
    except (TooMuchError, *BROKEN):
        return Properties()
    created = moment(values.get("created") or values.get("creation-date"))
    return Properties(
        title=values.get("title"), author=values.get("creator") or values.get("initial-creator"), created=_at(created)
    )


def _at(found: tuple[datetime, bool] | None) -> datetime | None:
    return found[0] if found else None
