"""The reader of each format."""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from newsmill.schemas.words import Reason
from newsmill.tasks.formats import (
    defacto,
    europresse,
    factiva,
    mail,
    mediargus,
    newsml,
    newsml_1,
    nexis,
    ninjs,
    nitf,
    office,
    pdf,
    proquest,
    rtf,
    tables,
    wire,
)
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.recognise import HEAD_BYTES, Format, recognise
from newsmill.tasks.formats.streams import as_text, rewindable
from newsmill.tasks.formats.zips import opened

Reader = Callable[[BinaryIO], Iterator[Item | Fault]]
TableReader = Callable[[BinaryIO, tables.Columns | None], Iterator[Item | Fault]]


def _read_lines(reader: Callable[[Iterator[str]], Iterator[Item | Fault]]) -> Reader:
    def read(stream: BinaryIO) -> Iterator[Item | Fault]:
        with as_text(stream) as text:
            yield from reader(line.rstrip("\n") for line in text)

    return read


def _read_nexis_text(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The old exports as text are numbered, the new ones are paragraphs that are lines."""
    with as_text(stream) as text:
        is_numbered = nexis.number_line(text.read(nexis.HEAD_CHARS)) is not None
    stream.seek(0)
    yield from (nexis.read_nexis_text if is_numbered else _read_lines(nexis.read_nexis_lines))(stream)


def _read_old_office(stream: BinaryIO) -> Iterator[Item | Fault]:
    """Office files with a password are wrapped in the old container; its names are UTF-16."""
    head = stream.read(1_000_000)
    if "EncryptedPackage".encode("utf-16-le") in head:
        yield Fault(Reason.ENCRYPTED, "an office file with a password")
    else:
        yield Fault(Reason.UNSUPPORTED_TYPE, "an office file of before 2007; save it as .docx, .xlsx or .odt")


_READERS: Mapping[Format, Reader] = {
    Format.NITF: nitf.read_nitf,
    Format.NEWSML_G2: newsml.read_newsml_g2,
    Format.NEWSML_1: newsml_1.read_newsml_1,
    Format.NINJS: ninjs.read_ninjs,
    Format.WIRE: wire.read_wire,
    Format.MAIL: mail.read_mail,
    Format.MBOX: mail.read_mbox,
    Format.NEXIS_TEXT: _read_nexis_text,
    Format.NEXIS_HTML: nexis.read_nexis_html,
    Format.FACTIVA_TEXT: _read_lines(factiva.read_factiva_lines),
    Format.FACTIVA_HTML: factiva.read_factiva_html,
    Format.FACTIVA_XML: factiva.read_factiva_xml,
    Format.PROQUEST_TEXT: _read_lines(proquest.read_proquest_lines),
    Format.PROQUEST_XML: proquest.read_proquest_xml,
    Format.EUROPRESSE_HTML: europresse.read_europresse_html,
    Format.MEDIARGUS_TEXT: mediargus.read_mediargus_text,
    Format.DEFACTO_HTML: defacto.read_defacto_html,
    Format.DEFACTO_TEXT: _read_lines(defacto.read_defacto_lines),
    Format.OLD_OFFICE: _read_old_office,
    Format.RTF: rtf.read_rtf,
    Format.PDF: pdf.read_pdf,
}
_TABLES: Mapping[Format, TableReader] = {
    Format.CSV: tables.read_csv,
    Format.JSON_LINES: tables.read_json_lines,
    Format.JSON_ARRAY: tables.read_json_array,
    Format.PARQUET: tables.read_parquet,
}


def read(stream: BinaryIO, found: Format, columns: tables.Columns | None = None) -> Iterator[Item | Fault]:
    """The items of a file of a known format, one at a time; ``columns`` names those of a table.

    A stream that cannot be rewound is copied to disk. Raises what reading it raises.
    """
    is_empty = True
    with rewindable(stream) as file:
        if found is Format.OFFICE:
            items = _read_office(file, columns)
        elif found in _TABLES:
            items = _TABLES[found](file, columns)
        else:
            items = _READERS[found](file)
        for item in items:
            is_empty = False
            yield item
    if is_empty:
        yield Fault(Reason.EMPTY, f"no article in it, though it is {found.value}")


def _read_office(file: BinaryIO, columns: tables.Columns | None) -> Iterator[Item | Fault]:
    with opened(file) as archive:
        names = archive if isinstance(archive, Fault) else frozenset(archive.namelist())
    file.seek(0)
    if isinstance(names, Fault):
        yield names
    elif "word/document.xml" in names:
        yield from office.read_docx(file)
    elif "xl/workbook.xml" in names:
        yield from tables.read_xlsx(file, columns)
    elif "content.xml" in names and "mimetype" in names:
        yield from office.read_odt(file)
    else:
        yield Fault(Reason.UNSUPPORTED_TYPE, "a ZIP archive that is no document; unpack it")


def read_file(
    stream: BinaryIO, name: str | None = None, columns: tables.Columns | None = None
) -> Iterator[Item | Fault] | None:
    """The items of a file, or None where it is in none of the formats."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    found = recognise(head, name)
    return read(stream, found, columns) if found else None
