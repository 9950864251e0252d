"""Bytes to text: encodings told apart, binary content turned away, mojibake repaired, sound text left alone."""

import pytest

from newsmill.schemas.words import ContentKind, Reason
from newsmill.tasks.extract.decode import Undecodable, clean_characters, decode

RUSSIAN = (
    "Министр иностранных дел России заявил во вторник, что переговоры в Сочи продолжатся на следующей неделе. " * 6
)
TURKISH = "Dışişleri Bakanı Çavuşoğlu, salı günü Soçi’de yaptığı görüşmenin ardından açıklama yaptı. "


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("“Ça va”, naïve".encode(), None, "“Ça va”, naïve"),
        ("“Ça va”, naïve".encode("utf-8-sig"), None, "“Ça va”, naïve"),
        ("“Ça va”, naïve".encode("utf-16"), None, "“Ça va”, naïve"),
        ("plain words here".encode("utf-16-le"), None, "plain words here"),
        ("plain words here".encode("utf-16-be"), None, "plain words here"),
        (TURKISH.encode(), "iso-8859-1", TURKISH),
        (TURKISH.encode("cp1254"), "iso-8859-9", TURKISH),
        ("“quoted” – dash".encode("cp1252"), "latin1", "“quoted” – dash"),
        (RUSSIAN.encode("cp1251"), "windows-1251", RUSSIAN),
        (RUSSIAN.encode("cp1251"), None, RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "no-such-charset", RUSSIAN),
        ("日本語のニュース".encode("iso2022_jp"), None, "日本語のニュース"),
    ],
)
def test_encoding_is_told(content: bytes, charset: str | None, text: str) -> None:
    assert decode(content, ContentKind.TEXT, charset) == text


def test_meta_declares_the_encoding_of_a_page_and_the_transport_goes_first() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><p>{RUSSIAN}</p>'
    assert decode(page.encode("cp1251"), ContentKind.HTML) == page
    assert decode(page.encode("koi8-r"), ContentKind.HTML, "koi8-r") == page


def test_a_few_windows_bytes_in_a_utf8_document_are_read_as_such() -> None:
    content = "Çavuşoğlu said so. ".encode() * 200 + b"\x93quoted\x94"
    decoded = decode(content, ContentKind.TEXT)
    assert isinstance(decoded, str)
    assert decoded.endswith("“quoted”")
    assert "Çavuşoğlu" in decoded


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t ", Reason.EMPTY),
        (b"\x00" * 64, Reason.EMPTY),
        (b"%PDF-1.7 rest", Reason.BINARY),
        (b"PK\x03\x04rest", Reason.BINARY),
        (b"\x89PNG\r\n\x1a\n", Reason.BINARY),
        (bytes(range(256)) * 20, Reason.BINARY),
    ],
)
def test_what_is_no_text_is_turned_away(content: bytes, reason: Reason) -> None:
    found = decode(content, ContentKind.TEXT)
    assert isinstance(found, Undecodable)
    assert found.reason is reason
    assert found.detail


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("sÃ³lo Ã¼ber", "sólo über"),
        ("He said â€œyesâ€\x9d", "He said “yes”"),
        ("“curly” ‘quotes’ don’t … ﬁne №", "“curly” ‘quotes’ don’t … ﬁne №"),
        ("&amp; stays", "&amp; stays"),
        ("zero\u200bwidth\ufeff and soft\u00adhyphen\x00\x08", "zerowidth and softhyphen"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u202aplain\u202c", "plain"),
        ("אבג \u200fabc", "אבג \u200fabc"),
        ("ｆｕｌｌ　width", "ｆｕｌｌ　width"),
    ],
)
def test_characters_are_repaired_and_nothing_else_is_rewritten(text: str, clean: str) -> None:
    assert clean_characters(text) == clean
