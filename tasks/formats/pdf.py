"""PDF files with a layer of text: lines to paragraphs, without the heads and numbers of pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pypdfium2
from pypdfium2 import raw as pdfium

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.documents import Line, Properties, items_of_lines
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_ARTICLE, MAX_PAGES
from newsmill.tasks.formats.prose import squeeze
from newsmill.tasks.formats.streams import whole

_SCANNED = 16
"""Characters a page below which pages are pictures, if they hold any."""
_SHORT = 0.75
"""Share of the width of a column below which a line ends its paragraph, if a sentence ends there."""
_FULL = 12
"""Lines of a page that has two at its edges."""
_REPEATED = 3
"""Pages on which a line at the edge is a head or a foot."""
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|pagina|página|p\.|s\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|sur)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:…][\"”’»)\]]*$")
_BROKEN_WORD = re.compile("[\x02\ufffe](?:\r?\n)?(?=[^\\W\\d_])")
"""PDFium's mark for the hyphen of a word that goes on in the next line."""
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\ufffe\x02]$")


def read_pdf(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export, or the one that the document is; scans and files with a password are rejected."""
    content = whole(stream)
    if isinstance(content, Fault):
        yield content
        return
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error):
            yield Fault(Reason.ENCRYPTED, "a PDF with a password")
        else:
            yield Fault(Reason.DAMAGED, f"a PDF that is broken: {squeeze(str(error)) or ''}"[:200])
        return
    try:
        yield from _read(document)
    finally:
        document.close()


def _read(document: pypdfium2.PdfDocument) -> Iterator[Item | Fault]:
    if len(document) > MAX_PAGES:
        yield Fault(Reason.TOO_LARGE, f"a PDF of more than {MAX_PAGES:,} pages")
        return
    pages: list[list[str]] = []
    size, pictures = 0, 0
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            lines = _BROKEN_WORD.sub("", text_page.get_text_bounded()).splitlines()
            pictures += any(True for _one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            yield Fault(Reason.DAMAGED, f"page {number + 1} of the PDF is broken")
            return
        size += sum(map(len, lines))
        if size > MAX_ARTICLE:
            yield Fault(Reason.TOO_LARGE, f"a PDF of more than {MAX_ARTICLE:,} characters")
            return
        pages.append([line.rstrip() for line in lines])
    if size < _SCANNED * max(1, len(pages)):
        yield Fault(Reason.SCAN, "pages that are pictures") if pictures else Fault(Reason.NO_TEXT, "a PDF without text")
        return
    title = squeeze(document.get_metadata_dict().get("Title"))
    yield from items_of_lines(iter([Line(one) for one in paragraphs(pages)]), Properties(title=title))


def paragraphs(pages: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs of the lines of pages; one that a page ends goes on where its sentence does."""
    edges = Counter(_fold(page[at]) for page in pages for at in _edge(page))
    kept = []
    for page in pages:
        edge = _edge(page)
        kept += [
            line
            for at, line in enumerate(page)
            if not (at in edge and (edges[_fold(line)] >= _REPEATED or _PAGE_NUMBER.match(line)))
        ]
    widths = sorted(len(line) for line in kept if line.strip())
    width = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    found: list[list[str]] = [[]]
    for line in kept:
        text = line.strip()
        if not text:
            found.append([])
            continue
        found[-1].append(text)
        if len(text) < _SHORT * width and (_SENTENCE_END.search(text) or len(text) < 0.5 * width):
            found.append([])
    return [_run_on(group) for group in found if group]


def _edge(page: Sequence[str]) -> set[int]:
    """Where heads and feet may stand: the first and last lines, two where the page has many."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    depth = 2 if len(filled) >= _FULL else 1
    return {*filled[:depth], *filled[-depth:]}


def _fold(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip().lower())


def _run_on(lines: Sequence[str]) -> str:
    parts: list[str] = []
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        whole_word = _HYPHEN.sub("", line)
        parts.append(whole_word if whole_word != line and following[:1].islower() else f"{line} ")
    return " ".join("".join(parts).split())
