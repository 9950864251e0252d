"""XML and HTML from anywhere, parsed so that it can neither grow nor reach out."""

import html
import re
from collections.abc import Iterator
from os import SEEK_END
from typing import BinaryIO

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element as Element

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault
from newsmill.tasks.formats.limits import MAX_FORGIVEN
from newsmill.tasks.formats.streams import AS_WINDOWS, as_text, pieces

_ENTITY = re.compile(rb"<!ENTITY(?!\s+%\s+[\w.-]+\s+(?:SYSTEM|PUBLIC)\s)", re.IGNORECASE)
"""An entity of a document's own. By a parameter entity outside, agencies name the DTD of what is inside."""
_LEFT = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|quot|amp|apos|nbsp|lt|gt|[lr][sd]quo|[mn]dash|hellip);")
_OWN_ENTITIES = "XML that declares entities of its own is not read"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']""")
_PROLOGUE = 100_000
"""Bytes within which a document type declaration stands."""
_OPENED = re.compile(rb"<([^\s<>!?/]{1,200})")
_CLOSED = re.compile(rb"</([^\s<>]{1,200})\s*>\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+$", re.DOTALL)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(content: bytes) -> Element | Fault:
    """The root element. Entities of a document's own are refused, external ones and DTDs are not loaded.

    What many systems get wrong is forgiven (line breaks before the declaration, control characters, names of HTML's
    entities, a wrong encoding); a document that does not end is not.
    """
    if _ENTITY.search(content, 0, _PROLOGUE):
        return Fault(Reason.DAMAGED, _OWN_ENTITIES)
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        return Fault(Reason.EMPTY, "no XML")
    try:
        return etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = str(error)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    clean = content if wide else _CONTROL.sub(b"", content)
    opened, closed = _OPENED.search(clean, 0, _PROLOGUE), _CLOSED.search(clean[-2000:])
    if wide or opened is None or closed is None or opened[1] != closed[1]:
        return Fault(Reason.DAMAGED, f"XML that is broken or cut short: {problem[:150]}")
    declared = _DECLARED.match(clean)
    if declared is None or declared[1].lower() == b"utf-8":
        # Of what says that it is UTF-8 and is not, most was pasted from Windows-1252.
        clean = clean.decode("utf-8", AS_WINDOWS).encode()
    try:
        root = etree.fromstring(clean, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        return Fault(Reason.DAMAGED, f"XML that is broken: {str(error)[:150]}")
    return root if root is not None else Fault(Reason.DAMAGED, f"XML that is broken: {problem[:150]}")


def records_in(stream: BinaryIO, *names: str) -> Iterator[Element | Fault]:
    """The elements of these names that stand in no other of them, in order.

    A document of a size that agencies send is parsed whole, and forgiven what :func:`parse_xml` forgives. Of a larger
    one, or one that is cut short, each element is given once it has been read, and forgotten after. The stream can be
    rewound.
    """
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size <= MAX_FORGIVEN:
        root = parse_xml(stream.read())
        if not isinstance(root, Fault):
            yield from _outermost(root, frozenset(map(str.lower, names)))
            return
        if root.reason is not Reason.DAMAGED:
            yield root
            return
        stream.seek(0)
    if _ENTITY.search(stream.read(_PROLOGUE)):
        yield Fault(Reason.DAMAGED, _OWN_ENTITIES)
        return
    stream.seek(0)
    yield from streamed(stream, *names)


def streamed(stream: BinaryIO, *names: str) -> Iterator[Element | Fault]:
    """The elements of these names of a document of any size, each once it has been read, and forgotten after."""
    events = etree.iterparse(
        stream,
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _event, element in events:
            yield element
            forget(element)
    except etree.XMLSyntaxError as error:
        yield Fault(Reason.DAMAGED, f"XML that is broken or cut short: {str(error)[:150]}")


def _outermost(root: Element, names: frozenset[str]) -> Iterator[Element]:
    if name_of(root) in names:
        yield root
    else:
        for below in root:
            yield from _outermost(below, names)


def forget(element: Element) -> None:
    """Frees an element and what stands before it, which has been read."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


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


def pages_in(stream: BinaryIO, mark: re.Pattern[str]) -> Iterator[tuple[str, Element] | Fault]:
    """The pieces of a page that each begin with a match of ``mark``, as markup and as trees, one at a time."""
    with as_text(stream) as text:
        for piece in pieces(text, mark):
            if isinstance(piece, Fault):
                yield piece
            elif mark.match(piece) and (tree := parse_html(piece)) is not None:
                yield piece, tree


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
    return " ".join(unescaped("".join(_texts(element))).split()) or None


def unescaped(text: str) -> str:
    """Text without entities that were escaped twice: ``&amp;quot;``, of which a parser leaves ``&quot;``."""
    return html.unescape(text) if _LEFT.search(text) else text


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
