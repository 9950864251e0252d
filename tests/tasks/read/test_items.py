"""Files of the trade as raw documents: each file read as what it is, with what its records state."""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.schemas.rows import Article, RawDocument, Rejection, Topic
from newsmill.schemas.words import ContentKind, DateSource, Reason
from newsmill.tasks.extract import extract_article
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.inputs.source import Limits, Source
from newsmill.tasks.read.items import Terms
from newsmill.tasks.read.sources import read_sources
from tests.tasks.formats import test_agency, test_documents, test_exports

LATEST = datetime(2026, 1, 7, tzinfo=UTC)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NINJS: dict[str, Any] = {
    "uri": "urn:nw:7",
    "type": "text",
    "version": "3",
    "versioncreated": "2026-01-05T10:00:00Z",
    "pubstatus": "usable",
    "headline": "Port opens",
    "byline": "By Ann Lee",
    "body_html": "<p>The port of Brest is open again.</p><p>Two ships came in.</p>",
    "subject": [{"code": "20000349", "name": "port", "scheme": "http://cv.iptc.org/newscodes/mediatopic/"}],
    "ednote": "check the name",
    "urgency": 3,
    "language": "en-GB",
}
ROW = {
    "title": "Bridge closes",
    "date": "2021-05-06",
    "author": "Jan Berg",
    "publication": "The Echo",
    "text": "Subscribe now\nThe bridge is closed.",
}


def read(
    path: Path, *, now: datetime = NOON, withdrawn: list[str] | None = None, **settings: Any
) -> list[RawDocument | Rejection]:
    terms = Terms(now=now, withdrawn=(withdrawn if withdrawn is not None else []).append)
    source = Source(name="s", uri=str(path), **settings)
    return list(read_sources([source], limits=Limits(), terms=terms, fetched=lambda _: ()))


def article(document: RawDocument | Rejection) -> Article:
    assert isinstance(document, RawDocument), document
    found = extract_article(document, latest=LATEST)
    assert isinstance(found, Article), found
    return found


def as_csv(*rows: dict[str, Any]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def as_xlsx(row: dict[str, Any]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(row))
    sheet.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def one_of_each(folder: Path) -> Path:
    """A folder with a file of each format under names that say nothing."""
    folder.mkdir()
    text = "The old mill of {} is for sale.\n\nNobody has made an offer."
    contents: list[str | bytes] = [
        test_agency.NITF,
        test_agency.G2,
        test_agency.NEWSML_1,
        json.dumps(NINJS),
        test_agency.IPTC_7901.encode("latin-1"),
        test_agency.ANPA.encode("latin-1"),
        test_agency.MAIL,
        test_exports.NEXIS,
        test_exports.factiva(test_exports.factiva_article(1)),
        test_exports.FACTIVA_TEXT,
        test_exports.PROQUEST,
        test_documents.docx("The quay is closed for repair.", "It opens in June."),
        test_documents.rtf(["The lock is closed for repair.", "It opens in July."]),
        test_documents.pdf("The pier is closed for repair."),
        as_csv(ROW),
        json.dumps([ROW | {"text": text.format("Ashford")}]),
        json.dumps(ROW | {"text": text.format("Burton")}) + "\n",
        as_xlsx(ROW | {"text": text.format("Corby")}),
        f"<html><body><article><h1>Mill</h1><p>{text.format('Dover')}</p></article></body></html>",
        "Mill for sale\n" + text.format("Epsom"),
    ]
    for number, content in enumerate(contents):
        encoded = content if isinstance(content, bytes) else content.encode()
        (folder / f"{number:02}").write_bytes(encoded)
    pq.write_table(pa.Table.from_pylist([ROW | {"text": text.format("Fleet")}]), folder / "20")
    return folder


def test_a_folder_with_one_of_each_is_read_as_what_each_is(tmp_path: Path) -> None:
    found = read(one_of_each(tmp_path / "in"))

    files = Counter(item.input_id.partition("#")[0][-2:] for item in found if isinstance(item, RawDocument))
    assert sorted(files) == [f"{number:02}" for number in range(21)]
    assert [item for item in found if isinstance(item, Rejection) and item.reason is Reason.UNSUPPORTED_TYPE] == []
    kinds = {item.input_id[-2:]: item.kind for item in found if isinstance(item, RawDocument)}
    assert (kinds["18"], kinds["19"]) == (ContentKind.HTML, ContentKind.TEXT)


def test_what_a_record_states_stands_in_its_columns_and_not_in_its_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(NINJS))

    (document,) = read(tmp_path / "a")
    found = article(document)

    assert document.input_id == f"{tmp_path}/a#urn:nw:7"
    assert found.text == "The port of Brest is open again.\n\nTwo ships came in."
    assert (found.title, found.byline, found.authors) == ("Port opens", "By Ann Lee", ("Ann Lee",))
    assert (found.published_at, found.published_on) == (datetime(2026, 1, 5, 10, tzinfo=UTC), date(2026, 1, 5))
    assert found.published_at_source is DateSource.RECORD
    assert (found.guid, found.version, found.urgency, found.language) == ("urn:nw:7", 3, 3, "en")
    assert found.topics == (Topic("medtop", "20000349", "port"),)
    assert found.editor_note == "check the name"
    assert found.article_id == article_id(None, "", "urn:nw:7")


def test_rows_of_a_table_are_articles_whole_unless_they_are_to_be_cleaned(tmp_path: Path) -> None:
    text = ROW["text"] + " " + "Traffic goes by the old road until May, the council said on Monday. " * 3
    (tmp_path / "a.csv").write_text(as_csv(ROW | {"text": text}))

    (document,) = read(tmp_path / "a.csv")
    (cleaned,) = read(tmp_path / "a.csv", clean=True)

    found, shorter = article(document), article(cleaned)
    assert document.input_id == f"{tmp_path}/a.csv#1"
    assert (found.title, found.authors, found.publisher) == ("Bridge closes", ("Jan Berg",), "The Echo")
    assert (found.published_on, found.published_at_source) == (date(2021, 5, 6), DateSource.RECORD)
    assert (found.text, found.extraction_method) == (text.strip(), "record")
    assert (shorter.text, shorter.title) == (text.removeprefix("Subscribe now\n").strip(), "Bridge closes")


def test_columns_are_named_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv({"korpus_nr": "1", "kopf": "Bridge closes", "was": "It is closed."}))

    (refused,) = read(tmp_path / "a.csv")
    (document,) = read(tmp_path / "a.csv", columns={"text": "was", "title": "kopf"})

    assert isinstance(refused, Rejection)
    assert "columns = { text" in refused.detail
    assert (article(document).title, article(document).text) == ("Bridge closes", "It is closed.")


def test_ids_of_rows_are_not_taken_for_those_of_articles(tmp_path: Path) -> None:
    for name, text in (("a.csv", "It is closed."), ("b.csv", "It is open.")):
        (tmp_path / name).write_text(as_csv(ROW | {"id": "1", "text": text}))

    one, other = (article(document) for document in read(tmp_path))

    assert one.article_id != other.article_id
    assert (one.guid, other.guid) == (None, None)


def test_an_address_of_a_whole_site_is_none_of_an_article(tmp_path: Path) -> None:
    rows = [ROW | {"url": url} for url in ("https://example.org/", "https://example.org/a")]
    (tmp_path / "a.csv").write_text(as_csv(*rows))

    assert [article(document).url for document in read(tmp_path)] == [None, "https://example.org/a"]


def test_an_address_that_is_none_stands_beside_the_article(tmp_path: Path) -> None:
    urls = ("no address", "news.example/a", "https://example.org/")
    (tmp_path / "a.csv").write_text(as_csv(*(ROW | {"url": url} for url in urls)))

    found = [article(document) for document in read(tmp_path)]

    assert [(one.url, one.stated_url) for one in found] == [
        (None, "no address"),
        ("https://news.example/a", None),
        (None, None),
    ]


def test_an_embargo_holds_until_its_time(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(NINJS | {"embargoed": "2026-01-06T08:00:00Z"}))

    (early,) = read(tmp_path, now=datetime(2026, 1, 6, tzinfo=UTC))
    (late,) = read(tmp_path, now=datetime(2026, 1, 7, tzinfo=UTC))

    assert isinstance(early, Rejection)
    assert early.reason is Reason.EMBARGOED
    assert article(late).embargoed_until == datetime(2026, 1, 6, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Port opens"),
        ({"description_text": "A port is open."}, "A port is open."),
        ({"type": "picture"}, None),
        ({"type": "composite"}, None),
        ({"headline": ""}, None),
    ],
    ids=["flash", "summary", "picture", "package", "nothing"],
)
def test_a_headline_alone_is_an_article_unless_it_is_of_something_else(
    tmp_path: Path, changes: dict[str, str], text: str | None
) -> None:
    (tmp_path / "a").write_text(json.dumps(NINJS | {"body_html": ""} | changes))

    (found,) = read(tmp_path / "a")

    if text is None:
        assert isinstance(found, Rejection)
        assert found.reason is Reason.NO_TEXT
    else:
        assert (article(found).text, article(found).title) == (text, "Port opens")
        assert article(found).extraction_method in ("headline", "summary")


def test_a_kill_is_told_with_the_id_of_what_it_kills(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(NINJS))
    (tmp_path / "b").write_text(json.dumps(NINJS | {"pubstatus": "canceled", "version": "4"}))
    withdrawn: list[str] = []

    first, kill = read(tmp_path, withdrawn=withdrawn)

    assert isinstance(kill, Rejection)
    assert kill.reason is Reason.WITHDRAWN
    assert withdrawn == [article(first).article_id]


def bomb(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, b" " * 30_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(bomb("word/document.xml"), Reason.TOO_LARGE, id="a bomb in DOCX"),
        pytest.param(bomb("xl/workbook.xml"), Reason.TOO_LARGE, id="a bomb in XLSX"),
        pytest.param(b"%PDF-1.7\n%%EOF", Reason.DAMAGED, id="a PDF that is none"),
        pytest.param(test_documents.pdf("Closed.", password="s"), Reason.ENCRYPTED, id="a PDF with a password"),
        pytest.param(b"{\\rtf1 " + b"{" * 5000 + b"x", Reason.TOO_LARGE, id="groups without end"),
        pytest.param(b"\x00\x01\x02\x03" * 500, Reason.UNSUPPORTED_TYPE, id="what nobody knows"),
    ],
)
def test_hostile_files_are_rejected_with_a_reason(tmp_path: Path, content: bytes, reason: Reason) -> None:
    (tmp_path / "a").write_bytes(content)

    found = read(tmp_path / "a")

    assert [item.reason for item in found if isinstance(item, Rejection)] == [reason]
    assert len(found) == 1


def test_an_unknown_format_says_which_are_known(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\x01\x02\x03" * 500)

    (rejection,) = read(tmp_path)

    assert isinstance(rejection, Rejection)
    assert "NewsML-G2" in rejection.detail


def test_json_lines_of_our_own_state_more_where_they_do(tmp_path: Path) -> None:
    long = "The bridge is closed. Traffic goes by the old road until May, the council said."
    own = {"id": "a", "text": f"Subscribe now\n{long}"}
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(own)}\n{json.dumps(own | {'id': 'b', 'title': 'Bridge closes'})}\n")

    plain, stated = read(tmp_path)

    assert isinstance(plain, RawDocument)
    assert isinstance(stated, RawDocument)
    assert (plain.kind, plain.stated) == (ContentKind.TEXT, None)
    assert (stated.kind, article(stated).title) == (ContentKind.ARTICLE, "Bridge closes")
