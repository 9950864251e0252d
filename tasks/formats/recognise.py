"""What a file is, by its first bytes; its name only tells apart what is the same to look at."""

import re
from enum import StrEnum

from newsmill.tasks.formats import defacto, europresse, factiva, mediargus, nexis
from newsmill.tasks.formats.documents import export_reader
from newsmill.tasks.formats.ninjs import is_ninjs
from newsmill.tasks.formats.streams import encoding_of
from newsmill.tasks.formats.tables import delimiter_of, looks_like_articles

HEAD_BYTES = 65_536
"""How many of the first bytes are looked at."""


class Format(StrEnum):
    """The formats that are read."""

    NITF = "nitf"
    NEWSML_G2 = "newsml-g2"
    NEWSML_1 = "newsml-1"
    NINJS = "ninjs"
    """And the items of AP's Media API."""
    WIRE = "wire"
    """IPTC 7901 and ANPA 1312."""
    MAIL = "mail"
    MBOX = "mbox"
    NEXIS_TEXT = "nexis-text"
    NEXIS_HTML = "nexis-html"
    FACTIVA_TEXT = "factiva-text"
    FACTIVA_HTML = "factiva-html"
    FACTIVA_XML = "factiva-xml"
    PROQUEST_TEXT = "proquest-text"
    PROQUEST_XML = "proquest-xml"
    EUROPRESSE_HTML = "europresse-html"
    MEDIARGUS_TEXT = "mediargus-text"
    DEFACTO_HTML = "defacto-html"
    DEFACTO_TEXT = "defacto-text"
    OFFICE = "office"
    """Word, Excel or OpenDocument: the archive's list of files, at its end, says which."""
    OLD_OFFICE = "old-office"
    """The binary files of Office until 2003, and those with a password."""
    RTF = "rtf"
    PDF = "pdf"
    CSV = "csv"
    JSON_LINES = "json-lines"
    JSON_ARRAY = "json-array"
    PARQUET = "parquet"


KNOWN = (
    "HTML, plain text, WARC, JSON lines, JSON arrays, CSV, TSV, Parquet, XLSX, NITF, NewsML-G2, NewsML 1.2, ninjs, "
    "IPTC 7901, ANPA 1312, e-mail, mbox, DOCX, ODT, RTF, PDF, and exports of Nexis, Factiva, ProQuest, Europresse, "
    "Mediargus and APA DeFacto"
)
"""The formats that are read, for whoever brings another one."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_ROOTS = {
    "nitf": Format.NITF,
    "newsml": Format.NEWSML_1,
    "newsmessage": Format.NEWSML_G2,
    "newsitem": Format.NEWSML_G2,
    "packageitem": Format.NEWSML_G2,
    "knowledgeitem": Format.NEWSML_G2,
    "conceptitem": Format.NEWSML_G2,
    "planningitem": Format.NEWSML_G2,
}
_ITEM = re.compile(r"<(?:[\w.-]+:)?(nitf|newsItem|NewsItem)(?=[\s>])")
"""An agency's item below a root of somebody's own."""
_FACTIVA_PAGE = re.compile(
    r"<title>\s*(?:Dow Jones )?Factiva|divFactivaException|class=[\"']factivalogo", re.IGNORECASE
)
"""What stands in the page of an export ahead of its styles, which are longer than the first bytes."""
_FACTIVA_ROOT = re.compile(
    r"<(?:ppsarticle\w*|factiva\w*|distdoc\b|ArticleResponse|GetArticleResponse|articleResultSet)\b|<accessionNo>|accessionNo=",
    re.IGNORECASE,
)
_PROQUEST_ROOT = re.compile(
    r"<(?:RECORDS?|Records?)\b[^>]*>\s*(?:<\?.*?\?>)?\s*<(?:ActionCode|RecordID|Obj|DFS|GOID|Version|RECORD|Record)\b"
)
_HEADER = re.compile(
    r"^(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-Type|Delivered-To|X-[\w-]+|"
    r"DKIM-Signature|Reply-To|Sender): ?\S",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(rb"From \S+.*\d{4}\s*\r?\n")
_WIRE = re.compile(rb"^[\s\x00\x16]*\x01[^\x00-\x03]{8}")
_NEXIS_HTML = re.compile(r"<!--\s*LXNComment|<A\s+NAME=\"?DOC_ID_\d|<DOC NUMBER=", re.IGNORECASE)
_TABLE_NAMES = (".csv", ".tsv", ".tab")


def recognise(head: bytes, name: str | None = None) -> Format | None:
    """The format of a file with these first bytes (up to ``HEAD_BYTES``); None for one that is not among these.

    None is also given for plain HTML, plain text and JSON lines of pages, which other readers take.
    """
    if head.startswith(b"%PDF-") or b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.OFFICE
    if head.startswith(_OLE):
        return Format.OLD_OFFICE
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.lstrip().startswith(b"{\\rtf"):
        return Format.RTF
    if _WIRE.match(head) and b"\x02" in head:
        return Format.WIRE
    if _FROM_LINE.match(head) and _is_mail(head.partition(b"\n")[2]):
        return Format.MBOX
    if _is_mail(head):
        return Format.MAIL
    text = head.decode(encoding_of(head), "replace").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff \n\t")
    if text.startswith("<"):
        return _markup(text)
    if text.startswith(("{", "[")):
        return _json(text, name)
    return _plain(text, name)


def _is_mail(head: bytes) -> bool:
    """Whether it begins with at least two lines of a mail's header, and no other lines among them."""
    lines = head[:4000].decode("latin-1").replace("\r\n", "\n").split("\n")
    count = 0
    for line in lines:
        if _HEADER.match(line):
            count += 1
        elif not (count and line.startswith((" ", "\t"))) and not (count and re.match(r"^[A-Za-z][\w-]{1,50}: ", line)):
            break
    return count >= 2


def _markup(text: str) -> Format | None:
    root = _XML.search(text)
    if root and (found := _ROOTS.get(root[1].lower())):
        return found
    is_xml = text.startswith("<?xml") or (root and root[1].lower() not in ("html", "body", "div", "p", "head"))
    if is_xml and (item := _ITEM.search(text)):
        return _ROOTS[item[1].lower()] if item[1] != "NewsItem" else Format.NEWSML_1
    if factiva.ARTICLE_HTML.search(text) or _FACTIVA_PAGE.search(text):
        return Format.FACTIVA_HTML
    if _NEXIS_HTML.search(text):
        return Format.NEXIS_HTML
    if europresse.SIGN.search(text):
        return Format.EUROPRESSE_HTML
    if defacto.ENTRY.search(text):
        return Format.DEFACTO_HTML
    if _PROQUEST_ROOT.search(text):
        return Format.PROQUEST_XML
    return Format.FACTIVA_XML if is_xml and _FACTIVA_ROOT.search(text) else None


_FRAME = re.compile(r'\{\s*"(?:[^"\\]{1,80}"\s*:\s*\{\s*"\d+"\s*:|\d+"\s*:\s*\{\s*"|columns"\s*:\s*\[\s*")')
"""How a data frame begins that pandas wrote: by columns, by index, or as columns and data."""
_KEY = re.compile(r'"((?:[^"\\]|\\.){1,80})"\s*:')


def _json(text: str, name: str | None) -> Format | None:
    """By the keys that the first bytes show: pages with HTML are for the reader of JSON lines of pages."""
    keys = dict.fromkeys(_KEY.findall(text))
    first_line, _mark, rest = text.partition("\n")
    is_lines = first_line.rstrip().endswith("}") and (not rest.strip() or rest.lstrip().startswith("{"))
    many = (is_lines and rest.strip() != "") or (name or "").lower().endswith((".jsonl", ".ndjson"))
    if text.startswith("{") and "html" not in keys and "html_b64" not in keys:
        if many:
            own = dict.fromkeys(_KEY.findall(first_line))
            return Format.JSON_LINES if looks_like_articles(own) or is_ninjs(own) else None
        if is_ninjs(keys) or "altids" in keys:
            return Format.NINJS
        if _FRAME.match(text):
            return Format.JSON_ARRAY
        if is_lines and looks_like_articles(keys) and not rest.strip():
            return Format.JSON_LINES
        return Format.JSON_ARRAY if looks_like_articles(keys) else None
    if text.startswith("["):
        if is_ninjs(keys):
            return Format.NINJS
        return Format.JSON_ARRAY if looks_like_articles(keys) else None
    return None


def _plain(text: str, name: str | None) -> Format | None:
    if nexis.number_line(text):
        return Format.NEXIS_TEXT
    lines = text.split("\n")
    reader = export_reader(lines)
    found = {
        "read_nexis_lines": Format.NEXIS_TEXT,
        "read_factiva_lines": Format.FACTIVA_TEXT,
        "read_proquest_lines": Format.PROQUEST_TEXT,
        "read_defacto_lines": Format.DEFACTO_TEXT,
    }.get(getattr(reader, "__name__", ""))
    if found:
        return found
    entry = next((at for at, line in enumerate(lines[:20]) if mediargus.ENTRY.match(line)), None)
    if entry is not None and any(mediargus.SOURCE.match(line) for line in lines[entry + 1 : entry + 5]):
        return Format.MEDIARGUS_TEXT
    header = lines[0]
    is_table = (name or "").lower().removesuffix(".gz").endswith(_TABLE_NAMES)
    parts = [part.strip().strip('"') for part in header.split(delimiter_of(header))]
    if is_table or (1 < len(parts) <= 200 and len(header) < 5000 and all(parts) and looks_like_articles(parts)):
        return Format.CSV
    return None
