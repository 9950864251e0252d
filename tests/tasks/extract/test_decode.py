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
        ("한국어 뉴스".encode("iso2022_kr"), None, "한국어 뉴스"),
    ],
)
def test_encoding_is_told(content: bytes, charset: str | None, text: str) -> None:
    assert decode(content, ContentKind.TEXT, charset) == text


def test_meta_declares_the_encoding_of_a_page_and_the_transport_goes_first() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><p>{RUSSIAN}</p>'
    assert decode(page.encode("cp1251"), ContentKind.HTML) == page
    assert decode(page.encode("koi8-r"), ContentKind.HTML, "koi8-r") == page


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (TURKISH * 6, "cp1254"),
        ("Žluťoučký kůň se šíleně řítil přes čtyři náměstí a šťastně utekl do polí za městem. " * 6, "cp1250"),
        ("Žluťoučký kůň se šíleně řítil přes čtyři náměstí a šťastně utekl do polí za městem. " * 6, "iso8859-2"),
        ("Le préfet a déjà réagi à l’événement, a déclaré un élu présent à la cérémonie. " * 6, "cp1252"),
        ("市議会は月曜日、嵐で壊れた橋を建て直すことを決めた。市長は住民に感謝した。" * 6, "shift_jis"),
        ("시의회는 월요일에 폭풍으로 무너진 다리를 다시 짓기로 결정했다. " * 6, "cp949"),
    ],
)
@pytest.mark.parametrize("claim", ["", '<meta charset="utf-8">'])
def test_a_wrong_or_missing_declaration_does_not_make_mojibake(language: str, encoding: str, claim: str) -> None:
    markup = "<div class='a long name of a style'>plain words</div>" * 200
    page = f"<html><head>{claim}</head><body>{markup}<p>{language}</p></body></html>"
    assert decode(page.encode(encoding), ContentKind.HTML) == page


def test_a_page_of_mixed_encodings_keeps_what_is_sound() -> None:
    content = b"<p>" + TURKISH.encode() * 3 + "</p><p>“naïve” café</p>".encode("cp1252")
    assert decode(content, ContentKind.HTML, "utf-8") == f"<p>{TURKISH * 3}</p><p>“naïve” café</p>"


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
        ("e\u200b\u0301", "é"),
        ("protegA\u0303©s", "protegés"),
        ("parlé\x85 Tu", "parlé… Tu"),
        ("\x1b[31mred\x1b[0m", "red"),
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
