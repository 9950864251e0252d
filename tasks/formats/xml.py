"""XML and HTML from anywhere, parsed so that it can neither grow nor reach out."""

import html
import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element as Element

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_PROLOGUE = 100_000
"""Bytes within which a document type declaration stands."""
_CLOSED = re.compile(rb"</[^<>]{1,200}>\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+$", re.DOTALL)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(content: bytes) -> Element | Fault:
    """The root element. Entities of a document's own are refused, external ones and DTDs are not loaded.

    What many systems get wrong is forgiven (line breaks before the declaration, control characters, names of HTML's
    entities, a wrong encoding); a document that does not end is not.
    """
    if _ENTITY.search(content, 0, _PROLOGUE):
        return Fault(Reason.DAMAGED, "XML that declares entities of its own is not read")
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        return Fault(Reason.EMPTY, "no XML")
    try:
        return etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = str(error)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    clean = content if wide else _CONTROL.sub(b"", content)
    if wide or not _CLOSED.search(clean[-2000:]):
        return Fault(Reason.DAMAGED, f"XML that is broken or cut short: {problem[:150]}")
    try:
        root = etree.fromstring(clean, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        return Fault(Reason.DAMAGED, f"XML that is broken: {str(error)[:150]}")
    return root if root is not None else Fault(Reason.DAMAGED, f"XML that is broken: {problem[:150]}")


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False, recover=recover
    )


def parse_html(text: str) -> Element | None:
    """The tree of a page or a piece of one; None where there is nothing in it."""
    clean = text.replace("\x00", "")
    if not clean.strip():
        return None
    try:
        return lxml_html.document_fromstring(clean, parser=lxml_html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: Element) -> str:
    """The name without its namespace, in lower case; empty for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def all_named(root: Element, *names: str) -> Iterator[Element]:
    """The elements of these names, whatever their namespace, in document order."""
    wanted = {name.lower() for name in names}
    return (element for element in root.iter() if name_of(element) in wanted)


def first(root: Element | None, *path: str) -> Element | None:
    """The first element down this path of names, each below the one before it at any depth."""
    for name in path:
        if root is None:
            return None
        root = next((found for found in all_named(root, name) if found is not root), None)
    return root


def child(root: Element | None, *path: str) -> Element | None:
    """The first element down this path of children's names."""
    for name in path:
        if root is None:
            return None
        root = next((found for found in root if name_of(found) == name.lower()), None)
    return root


def children(root: Element | None, *names: str) -> list[Element]:
    """The children of these names."""
    wanted = {name.lower() for name in names}
    return [found for found in root if name_of(found) in wanted] if root is not None else []


def text_of(element: Element | None) -> str | None:
    """All text in an element on one line; None for no text."""
    if element is None:
        return None
    return " ".join("".join(_texts(element)).split()) or None


def apart(element: Element | None) -> str | None:
    """All text in an element on one line, with a space between what stands in elements of its own."""
    if element is None:
        return None
    return re.sub(r" (?=[,.;:])", "", " ".join(" ".join(_texts(element)).split())) or None


def _texts(element: Element) -> Iterator[str]:
    if isinstance(element, etree._Entity):
        yield html.unescape(element.text or "")
    elif isinstance(element.tag, str):
        yield element.text or ""
        for below in element:
            if name_of(below) == "br":
                yield "\n"
            yield from _texts(below)
            yield below.tail or ""
