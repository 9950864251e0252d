"""Tables of articles: their own columns known or named, and what a row states taken as it stands."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.reading import read
from newsmill.tasks.formats.recognise import Format, recognise
from newsmill.tasks.formats.tables import (
    columns_of,
    looks_like_articles,
    read_csv,
    read_json_lines,
    read_parquet,
    read_xlsx,
)

ROWS = [
    {
        "Headline": "Port opens",
        "Pub Date": "2024-03-04",
        "Author": "Ann Lee; Bo Ek",
        "Publication": "The Daily Port",
        "URL": "https://port.example/a",
        "Body": "The port is open.\n\nShips, and more ships.",
        "Language": "English",
    },
    {
        "Headline": "Shut",
        "Pub Date": "2024-03-05T10:15:00Z",
        "Author": "",
        "Publication": "The Daily Port",
        "URL": "",
        "Body": "The port is shut.",
        "Language": "en",
    },
]
FIRST = Item(
    text="The port is open.\n\nShips, and more ships.",
    title="Port opens",
    byline="Ann Lee; Bo Ek",
    authors=("Ann Lee", "Bo Ek"),
    language="en",
    published_at=datetime(2024, 3, 4, tzinfo=UTC),
    publisher="The Daily Port",
    urls=("https://port.example/a",),
)


def items(content: bytes, name: str | None = None, **columns: str) -> list[Item | Fault]:
    found = recognise(content, name)
    assert found is not None
    return list(read(io.BytesIO(content), found, columns or None))


def separated(separator: str) -> bytes:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"'

    lines = [separator.join(ROWS[0]), *(separator.join(map(cell, row.values())) for row in ROWS)]
    return "\r\n".join(lines).encode()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["Notes on this corpus"])
    sheet = book.create_sheet("articles")
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        separated(","),
        separated(";"),
        separated("\t"),
        b"\xef\xbb\xbf" + separated(","),
        "\n".join(json.dumps(row) for row in ROWS).encode(),
        json.dumps(ROWS).encode(),
        json.dumps({"status": "ok", "response": {"docs": ROWS}}, indent=1).encode(),
        parquet(),
        xlsx(),
    ],
    ids=["CSV", "semicolons", "TSV", "CSV of Excel", "JSON lines", "JSON array", "JSON answer", "Parquet", "XLSX"],
)
def test_tables(content: bytes) -> None:
    first, second = items(content)

    assert first == FIRST
    assert isinstance(second, Item)
    assert second.published_at == datetime(2024, 3, 5, 10, 15, tzinfo=UTC)
    assert second.has_time
    assert (second.authors, second.urls) == ((), ())


def test_columns_that_are_named() -> None:
    content = b"kop,wat,wanneer\nHaven,De haven is open.,2024-03-04\n"
    (unknown,) = items(content, "a.csv")
    (item,) = items(content, "a.csv", text="wat", published="wanneer")
    (missing,) = items(content, "a.csv", text="body")

    assert isinstance(unknown, Fault)
    assert unknown.reason is Reason.BAD_RECORD
    assert "kop, wat, wanneer" in unknown.detail
    assert isinstance(item, Item)
    assert (item.title, item.text, item.published_on) == ("Haven", "De haven is open.", date(2024, 3, 4))
    assert isinstance(missing, Fault)
    assert "'body'" in missing.detail


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["title", "date", "text"], True),
        (["hed", "text"], False),
        (["publishedAt", "title", "content"], True),
        (["date_publish", "maintext", "title"], True),
        (["a", "b"], False),
        (["title", "date"], False),
    ],
)
def test_what_columns_are_those_of_articles(names: list[str], expected: bool) -> None:
    assert looks_like_articles(names) is expected


def test_a_column_is_one_thing() -> None:
    found = columns_of(["source", "publisher", "text", "content", "by", "date", "published"], {})

    assert found == {"text": "text", "published": "published", "authors": "by", "publisher": "publisher"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["3/4/2024", "3/25/2024"], date(2024, 3, 4)),
        (["3/4/2024", "25/4/2024"], date(2024, 4, 3)),
        (["3/4/2024", "5/4/2024"], None),
        (["3.4.2024"], date(2024, 4, 3)),
        (["March 4, 2024"], date(2024, 3, 4)),
        (["4 mars 2024"], date(2024, 3, 4)),
        (["20240304"], date(2024, 3, 4)),
        (["1709546400"], date(2024, 3, 4)),
        (["1709546400000"], date(2024, 3, 4)),
        (["soon"], None),
        ([""], None),
    ],
)
def test_days_in_all_their_ways(dates: list[str], expected: date | None) -> None:
    table = "text,date\n" + "".join(f'a,"{day}"\n' for day in dates)
    first, *_rest = read_csv(io.BytesIO(table.encode()))

    assert isinstance(first, Item)
    assert first.published_on == expected


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"text": "a", "authors": ["Ann Lee", "Bo Ek"]}, "authors", ("Ann Lee", "Bo Ek")),
        ({"text": "a", "authors": "['Ann Lee', 'Bo Ek']"}, "authors", ("Ann Lee", "Bo Ek")),
        ({"text": "a", "author": {"name": "Ann Lee"}, "title": "t"}, "authors", ("Ann Lee",)),
        ({"text": "a", "headline": {"main": "Port"}}, "title", "Port"),
        ({"text": "a", "tags": "ports; ships", "title": "t"}, "keywords", ("ports", "ships")),
        ({"text": "a", "subjects": [{"name": "ports"}], "title": "t"}, "topics", (Topic(None, None, "ports"),)),
        ({"text": "a", "title": "nan"}, "title", None),
        ({"text": "<p>One.</p><p>Two</p>", "title": "t"}, "text", "One.\n\nTwo"),
        ({"text": ["One.", "Two"], "title": "t"}, "text", "One.\n\nTwo"),
        ({"text": "One.\r\n\r\nTwo ", "title": "t"}, "text", "One.\n\nTwo"),
        ({"text": "a", "word_count": 12, "title": "t"}, "stated_words", 12),
        ({"text": "a", "id": 7, "title": "t"}, "id", "7"),
    ],
)
def test_fields_in_all_their_ways(record: dict[str, object], field: str, expected: object) -> None:
    (item,) = items(json.dumps(record).encode() + b"\n")

    assert getattr(item, field) == expected


def test_rows_that_are_broken() -> None:
    table = b"title,text\na,b\na,b,c,d\n\nc\n"
    lines = b'{"title": "a", "text": "b"}\nnot json\n[1]\n{"title": "c", "text": "d"}\n'

    assert [type(one) for one in items(table)] == [Item, Fault, Fault]
    assert [type(one) for one in items(lines, "a.jsonl")] == [Item, Fault, Fault, Item]


def test_a_list_that_is_cut_gives_what_is_whole() -> None:
    content = json.dumps(ROWS).encode()
    first, fault = items(content[:-20])

    assert first == FIRST
    assert isinstance(fault, Fault)
    assert fault.reason is Reason.DAMAGED


def test_a_long_table_is_read_as_a_stream(tmp_path: Path) -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            block = super().read(size)
            self.taken += len(block)
            return block

    table = Counting(b"title,text,date\n" + b"a,bcdefgh,2024-03-04\n" * 200_000)
    rows = read_csv(table)
    for _row in range(2000):
        assert isinstance(next(rows), Item)

    assert table.taken < 2_000_000


@pytest.mark.parametrize(
    "content", [b"PAR1 nothing", b"title,text\n" + b'"' + b"a" * 21_000_000], ids=["Parquet", "an open quote"]
)
def test_tables_that_are_broken(content: bytes) -> None:
    *_items, fault = items(content)

    assert isinstance(fault, Fault)


def test_lines_with_an_answer_of_an_api_on_each() -> None:
    records = [{"uri": "x", "altids": {"itemid": name}, "body_html": "<p>Open.</p>"} for name in ("a", "b")]
    answers = [{"data": {"item": record}} for record in records]
    content = "".join(f"{json.dumps(answer)}\n" for answer in answers)

    found = list(read_json_lines(io.BytesIO(content.encode())))

    assert [one.id for one in found if isinstance(one, Item)] == ["a", "b"]


def test_a_quote_that_does_not_close_costs_its_line() -> None:
    before = "".join(f'Story {n},"Bridge {n}\nis closed."\n' for n in range(50))
    behind = "".join(f"Story {n},Bridge {n} is closed.\n" for n in range(50))
    content = f'title,text\n{before}"Open,It is lost.\n{behind}'

    found = list(read_csv(io.BytesIO(content.encode())))

    faults = [one for one in found if isinstance(one, Fault)]
    assert [type(one) for one in found] == [Item] * 50 + [Fault] + [Item] * 50
    assert [fault.detail for fault in faults] == ["line 102: a quote that does not close"]


@pytest.mark.parametrize(
    ("header", "rows", "lost"),
    [
        ("title,date,text", ['A,2024-01-01,"It is', 'B,2024-01-02,"It is."', 'C,2024-01-03,"It is."'], ["A"]),
        ("title,date,text", ['"A,2024-01-01,It is', 'B,2024-01-02,"It is."', 'C,2024-01-03,"It is."'], ["A"]),
        ("title,date,text", ['A,2024-01-01,"It is', "B,2024-01-02,It is.", 'C,2024-01-03,"It is."'], ["A"]),
        ("title,date,text", ['A,2024-01-01,"It is', 'B,2024-01-02,"It is', 'C,2024-01-03,"It is."'], ["A", "B"]),
        ("title,url,text", ['A,http://a.example/1,"It is', 'B,http://a.example/2,"It is."'], ["A"]),
        ("title,text", ['A,"It is', 'B,"It is."'], ["A"]),
        ("title,date,text", ['A,2024-01-01,"It is', 'B, 2024-01-02,""', 'C,2024-01-03,"It is."'], ["A"]),
    ],
    ids=["text", "title", "over a row", "two of them", "told by an address", "told by all lines", "over an empty cell"],
)
def test_a_quote_that_a_later_one_closes_costs_its_line_alone(header: str, rows: list[str], lost: list[str]) -> None:
    found = list(read_csv(io.BytesIO("\n".join([header, *rows, ""]).encode())))

    titles = [row.strip('"')[0] for row in rows]
    assert [one.title for one in found if isinstance(one, Item)] == [title for title in titles if title not in lost]
    assert [one.detail for one in found if isinstance(one, Fault)] == [
        f"line {2 + titles.index(title)}: a quote that does not close" for title in lost
    ]


def test_a_row_that_ends_ahead_of_its_text_is_told() -> None:
    first, fault, last = read_csv(
        io.BytesIO(b'title,date,text\nA,2024-01-01,"He said "yes"\nand went."\nC,2024-01-03,It is.\n')
    )

    assert isinstance(fault, Fault)
    assert fault.detail == "line 3: 1 fields, there are 3 columns"
    assert [one.title for one in (first, last) if isinstance(one, Item)] == ["A", "C"]


@pytest.mark.parametrize(
    "text",
    ['"It is.\nB,2024-01-02,Yes."', '"He ""said"" so\nB,2024-01-02,Yes."', '"It "is" so."'],
    ids=["lines like rows", "quotes that are doubled", "quotes that are not"],
)
def test_a_text_of_many_lines_is_one_row(text: str) -> None:
    found = list(read_csv(io.BytesIO(f"title,date,text\nA,2024-01-01,{text}\nC,2024-01-03,It is.\n".encode())))

    assert [one.title for one in found if isinstance(one, Item)] == ["A", "C"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Lee, Ann", ("Ann Lee",)),
        ("Lee, Ann M.; Ek, Bo", ("Ann M. Lee", "Bo Ek")),
        ("Ann Lee, Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Lee", ("Lee",)),
        ("Reuters, AFP", ("Reuters",)),
    ],
)
def test_the_authors_of_a_row(stated: str, expected: tuple[str, ...]) -> None:
    (item,) = read_json_lines(io.BytesIO(json.dumps({"author": stated, "text": "It is."}).encode()))

    assert isinstance(item, Item)
    assert item.authors == expected


@pytest.mark.parametrize("block", [1, 7, 64, 10_000])
def test_a_list_is_read_in_blocks_of_any_size(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.tasks.formats.tables._BLOCK", block)
    content = '[ {"title": "A", "text": "It is [open], \\"yes\\"."} ,\n\n3, {"title": "B", "text": "No."}\n]'

    first, fault, last = read(io.BytesIO(content.encode()), Format.JSON_ARRAY)

    assert isinstance(fault, Fault)
    assert [(one.title, one.text) for one in (first, last) if isinstance(one, Item)] == [
        ("A", 'It is [open], "yes".'),
        ("B", "No."),
    ]


def test_an_object_that_is_an_article_with_lists_of_its_own() -> None:
    content = json.dumps({"title": "Port", "authors": [{"name": "Ann Lee"}], "text": "It is."}, indent=1).encode()
    found = recognise(content)

    assert found is Format.JSON_ARRAY
    (item,) = read(io.BytesIO(content), found)
    assert isinstance(item, Item)
    assert (item.title, item.authors, item.text) == ("Port", ("Ann Lee",), "It is.")


def test_text_in_a_column_of_bytes() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"title": pa.array([b"Port"]), "text": pa.array([b"It is open."])}), file)

    (item,) = read_parquet(file)

    assert isinstance(item, Item)
    assert (item.title, item.text) == ("Port", "It is open.")


def test_a_sheet_that_says_it_is_as_large_as_sheets_can_be() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["title", "text"], ["Port", "It is open."]):
        sheet.append(row)
    sheet["A1048576"] = "stray"
    sheet["XFD2"] = "stray"
    file = io.BytesIO()
    book.save(file)

    first, *rest = read_xlsx(file)

    assert isinstance(first, Item)
    assert (first.title, first.text) == ("Port", "It is open.")
    assert [one.title for one in rest if isinstance(one, Item)] == ["stray"]


@pytest.mark.parametrize(
    "frame",
    [
        {"title": {"0": "One", "1": "Two"}, "text": {"0": "It is one.", "1": "It is two."}},
        {"0": {"title": "One", "text": "It is one."}, "1": {"title": "Two", "text": "It is two."}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["One", "It is one."], ["Two", "It is two."]]},
    ],
    ids=["columns", "index", "split"],
)
def test_a_data_frame_that_was_written_as_json(frame: dict[str, Any]) -> None:
    content = json.dumps(frame).encode()
    found = recognise(content)

    assert found is Format.JSON_ARRAY
    items = [one for one in read(io.BytesIO(content), found) if isinstance(one, Item)]
    assert [(one.title, one.text) for one in items] == [("One", "It is one."), ("Two", "It is two.")]
