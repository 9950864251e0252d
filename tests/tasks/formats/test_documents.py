"""Office files, RTF and PDF: articles of their own, exports, and what no document should be."""

import io
import zipfile
from datetime import date

import pypdfium2
import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.pdf import paragraphs
from newsmill.tasks.formats.reading import read
from newsmill.tasks.formats.recognise import Format, recognise

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def items(content: bytes, expected: Format) -> list[Item | Fault]:
    assert recognise(content) is expected
    return list(read(io.BytesIO(content), expected))


def zipped(**members: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


def docx(*lines: str, styles: tuple[str, ...] = ()) -> bytes:
    body = ""
    for at, line in enumerate(lines):
        style = f'<w:pPr><w:pStyle w:val="{styles[at]}"/></w:pPr>' if at < len(styles) and styles[at] else ""
        runs = "</w:t><w:br/><w:t xml:space='preserve'>".join(line.split("\n"))
        body += f"<w:p>{style}<w:r><w:t xml:space='preserve'>{runs}</w:t></w:r></w:p>"
    return zipped(
        **{
            "[Content_Types]_xml": "<Types/>",
            "word__document_xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        }
    )


def test_a_word_file_is_an_article() -> None:
    (item,) = items(docx("Port opens", "The port is open.", "", "Ships.", styles=("Title",)), Format.OFFICE)

    assert item == Item(text="The port is open.\n\nShips.", title="Port opens")


def test_deleted_text_of_a_word_file_is_none() -> None:
    body = (
        "<w:p><w:r><w:t>The port is</w:t></w:r><w:del><w:r><w:t> not</w:t></w:r></w:del><w:r><w:t> "
        "open.</w:t></w:r></w:p>"
    )
    content = zipped(word__document_xml=f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')

    assert items(content, Format.OFFICE) == [Item(text="The port is open.")]


UNI = [
    "Date and Time: Monday, March 4, 2024 7:11:00 PM CET",
    "Job Number: 1",
    "Documents (2)",
    "1. Port opens",
    "Client/Matter: -None-",
    "Search Terms: port",
    "",
    "Port opens; Ships",
    "The Daily Port (London)",
    "March 4, 2024 Monday",
    "",
    "\nCopyright 2024 Daily Port Ltd All Rights Reserved",
    "Section:\u00a0NEWS; Pg. 7",
    "Length:\u00a05 words",
    "Byline:\u00a0Ann Lee",
    "Highlight:\u00a0A port.",
    "Body",
    "",
    "The port is open.",
    "Ships.",
    "http://port.example/a",
    "Classification",
    "",
    "Language:\u00a0ENGLISH",
    "Subject:\u00a0PORTS (90%)",
    "\nLoad-Date:\u00a0March 5, 2024",
    "",
    "\nEnd of Document",
    "",
    "Der Hafen ist offen",
    "Hafenbote",
    "5. März 2024 Dienstag",
    "",
    "Copyright 2024 Hafenbote",
    "Länge:\u00a04 Wörter",
    "Body",
    "",
    "Der Hafen ist offen.",
    "Load-Date:\u00a06. März 2024",
    "End of Document",
]


def rtf(lines: list[str]) -> bytes:
    def escaped(line: str) -> str:
        return "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in line).replace("\n", "\\line ")

    body = "\\par\n".join(escaped(line) for line in lines)
    head = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}}{\*\generator Nobody;}{\info{\title None}}"
    return (head + "\\f0 " + body + "\\par}").encode("ascii")


@pytest.mark.parametrize("content", [docx(*UNI), rtf(UNI)], ids=["docx", "rtf"])
def test_an_export_of_the_new_nexis(content: bytes) -> None:
    first, second = items(content, recognise(content) or Format.PDF)

    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.text, first.publisher) == ("The port is open.\n\nShips.", "The Daily Port (London)")
    assert (first.published_on, first.stated_words, first.byline) == (date(2024, 3, 4), 5, "Ann Lee")
    assert (first.section, first.page, first.language) == ("NEWS", "7", "en")
    assert (first.subhead, first.urls) == ("A port.", ("http://port.example/a",))
    assert (second.title, second.text, second.published_on) == (
        "Der Hafen ist offen",
        "Der Hafen ist offen.",
        date(2024, 3, 5),
    )


def test_a_headline_alone_in_an_export_is_its_text() -> None:
    lines = [
        "Port opens",
        "The Daily Port",
        "March 4, 2024 Monday",
        "",
        "Copyright 2024 Port",
        "Length: 2 words",
        "Body",
    ]
    (item,) = items(
        docx(*lines, "", "Classification", "Load-Date: March 5, 2024", "", "End of Document"), Format.OFFICE
    )

    assert isinstance(item, Item)
    assert (item.title, item.text) == ("Port opens", "Port opens")


def test_a_text_in_opendocument() -> None:
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = f"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    xmlns:text="{text}">
    <office:body><office:text><text:h text:outline-level="1">Port opens</text:h><text:p>The<text:s text:c="2"/>port is
    <text:span>open</text:span>.</text:p><text:p/><text:p>Ships.</text:p></office:text></office:body>
</office:document-content>"""
    packed = zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml=content)

    assert items(packed, Format.OFFICE) == [Item(text="The port is open.\n\nShips.", title="Port opens")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 caf\'e9 \u8364\'80 \emdash\par two}", "café € —\n\ntwo"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'ee\'f0\'f2}", "Порт"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1 \'cf\f0  \'e9}", "П é"),
        (rb"{\rtf1\ansi{\field{\*\fldinst HYPERLINK x}{\fldrslt port}} open{\v hidden}{\pict 00ff}}", "port open"),
        (rb"{\rtf1\ansi\uc2 \u233ab!\uc1 \u-10179?\u-8704?}", "é!😀"),
        (rb"{\rtf1\ansi a{\bin3 }}}}b}", "ab"),
    ],
    ids=["Windows-1252", "Cyrillic", "a font's code page", "fields", "stand-ins and surrogates", "binary"],
)
def test_rtf(source: bytes, expected: str) -> None:
    (item,) = items(source, Format.RTF)

    assert isinstance(item, Item)
    assert item.text == expected


DEFACTO = [
    '"Der Hafen" Nr. 12/2024 vom 04.03.2024 18.00 Uhr Seite: 14 Ressort: Politik',
    "Der Hafen ist offen",
    "Von Jan Berg",
    "Der Hafen ist offen.",
    "Schiffe sind da.",
    "_" * 60,
    '"Der Hafen" Nr. 13/2024 vom 05.03.2024 Seite: 2',
    "Schiffe",
    "Schiffe sind da.",
    "Gespeicherter Anhang: a.pdf",
]


def test_an_export_of_defacto() -> None:
    first, second = items(rtf(DEFACTO), Format.RTF)

    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.title, first.text, first.byline) == (
        "Der Hafen ist offen",
        "Der Hafen ist offen.\n\nSchiffe sind da.",
        "Jan Berg",
    )
    assert (first.publisher, first.page, first.published_on) == ("Der Hafen", "14", date(2024, 3, 4))
    assert (second.title, second.text) == ("Schiffe", "Schiffe sind da.")


def pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with a line of Helvetica for each line of the pages, written by hand."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        shown = "\n".join(f"({line}) Tj T*" for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    encrypt = ""
    if password is not None:
        key = f"<{'61' * 32}>"
        encrypt = f" /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>"
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R{encrypt} >>\nstartxref\n{start}\n%%EOF".encode()


def test_a_pdf_with_text() -> None:
    first = (
        "The port of the town opened on Monday after a de-\nlay that lasted for twelve years and "
        "cost a lot.\nThat is all.\nShips are there."
    )
    (item,) = items(pdf(first), Format.PDF)

    assert isinstance(item, Item)
    assert item.text.replace("\n\n", " ") == (
        "The port of the town opened on Monday after a delay that lasted for twelve years and cost a lot. That is all. "
        "Ships are there."
    )


def test_heads_and_numbers_of_pages_are_no_text() -> None:
    pages = [[f"THE DAILY PORT {n}", f"Text of page {n} that goes on", f"{n}"] for n in ("1", "2", "3")]

    assert "DAILY" not in " ".join(paragraphs(pages))
    assert paragraphs(pages)[0].startswith("Text of page 1")


def test_a_scan_is_told() -> None:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(200, 200)
    picture = pypdfium2.PdfImage.new(document)
    bitmap = pypdfium2.PdfBitmap.new_native(2, 2, 4)
    picture.set_bitmap(bitmap)
    page.insert_obj(picture)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)

    assert items(out.getvalue(), Format.PDF) == [Fault(Reason.SCAN, "pages that are pictures")]


def bomb(name: str) -> bytes:
    return zipped(**{name: b"<w:document>" + b" " * 30_000_000})


def lying_bomb() -> bytes:
    """A member that unpacks to more than the archive's list says."""
    true = zipped(word__document_xml=b"<d>" + b" " * 500_000 + b"</d>")
    return true.replace((500_007).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb("word__document_xml"), Reason.TOO_LARGE),
        (bomb("xl__workbook_xml"), Reason.TOO_LARGE),
        (bomb("content_xml"), Reason.TOO_LARGE),
        (docx("a")[:-30], Reason.DAMAGED),
        (zipped(word__document_xml="<w:document xmlns:w='x'><w:p>"), Reason.DAMAGED),
        (zipped(a="b"), Reason.UNSUPPORTED_TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.UNSUPPORTED_TYPE),
        (b"{\\rtf1" + b"{" * 5000 + b"a" + b"}" * 5000 + b"}", Reason.TOO_LARGE),
        (b"{\\rtf1 The port is op", Reason.DAMAGED),
        (pdf("a", password="x"), Reason.ENCRYPTED),
        (b"%PDF-1.4\nnothing", Reason.DAMAGED),
        (pdf(""), Reason.NO_TEXT),
    ],
    ids=[
        *("bomb in Word", "bomb in Excel", "bomb in OpenDocument", "cut archive", "cut XML", "another archive"),
        *("password on Office", "old Office", "deep RTF", "cut RTF", "password on a PDF", "broken PDF", "empty PDF"),
    ],
)
def test_hostile_and_broken_documents_are_rejected(content: bytes, reason: Reason) -> None:
    found = recognise(content)
    assert found is not None
    *_before, fault = read(io.BytesIO(content), found)

    assert isinstance(fault, Fault)
    assert fault.reason is reason


def test_a_member_that_unpacks_to_more_than_it_says_is_rejected() -> None:
    (fault,) = items(lying_bomb(), Format.OFFICE)

    assert isinstance(fault, Fault)
    assert fault.reason in (Reason.TOO_LARGE, Reason.DAMAGED)


def test_an_entity_bomb_in_a_word_file_does_not_grow() -> None:
    entities = (
        '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c '
        '"&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    )
    content = zipped(
        word__document_xml=(
            f'{entities}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>x&c;</w:t></w:r></w:p></w:body></w:document>'
        )
    )
    (found,) = items(content, Format.OFFICE)

    assert isinstance(found, Fault) or len(found.text) < 100
