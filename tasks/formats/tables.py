"""Tables of articles: CSV, TSV, JSON lines, JSON arrays, Parquet and XLSX, with columns of their own.

What a row states is taken as it stands. Columns are known by their names in common corpora, or named by the caller.
"""

import csv
import itertools
import json
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import IOBase
from typing import Any, BinaryIO, NamedTuple, Self, TextIO, cast
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_ARTICLE, MAX_DOCUMENT
from newsmill.tasks.formats.names import authors_inverted, authors_of, language_tag, number_of
from newsmill.tasks.formats.ninjs import is_ninjs, item_of_ninjs, parse_json, records_of
from newsmill.tasks.formats.prose import joined, squeeze, text_paragraphs
from newsmill.tasks.formats.streams import as_text, rewindable, whole
from newsmill.tasks.formats.zips import opened
from newsmill.tasks.inputs.days import days_in

NAMES = {
    field: tuple(names.split())
    for field, names in {
        "text": "text body content article_text full_text fulltext maintext articlebody article_body body_text article "
        "content_text text_content story story_text body_html content_html news_text document paragraphs texte contenu "
        "texto contenido cuerpo inhalt volltext artikel artikeltext tekst testo plain_text plaintext raw_text tei",
        "title": "title headline heading article_title news_title titel titre titulo título titolo hl hd head "
        "headline_main überschrift ueberschrift kop",
        "subhead": "subtitle subheadline subhead standfirst deck sub_title untertitel sous_titre dek",
        "published": "published_at date_published publication_datetime published publication_date pub_date "
        "published_date publish_date pubdate datepublished date_publish publishdate date datetime date_time "
        "datum fecha data webpublicationdate pubtime published_on first_publication_date pd timestamp created_at "
        "created time day",
        "authors": "authors author byline by creator writer auteur auteurs autor autoren autores journalist bylines "
        "author_name authors_names contributors",
        "publisher": "publication publisher newspaper outlet source_name source medium media publication_name paper "
        "journal newspaper_name publisher_name site_name media_name news_source quelle zeitung sn sitename outlet_name "
        "media_outlet domain site",
        "section": "section section_name category desk news_desk ressort rubrik rubrique sectionname sección seccion",
        "urls": "url link href web_url article_url weburl permalink article_link source_url canonical_url canonicalurl",
        "id": "id uid guid article_id doc_id docid document_id _id uuid an accession_no accession_number uri news_id "
        "story_id record_id identifier",
        "language": "language lang language_code lang_code sprache langue idioma taal detected_language",
        "description": "description summary abstract snippet excerpt lead lede teaser trailtext",
        "page": "page page_number print_page seite pagina página pg",
        "words": "word_count wordcount words n_words num_words nwords",
        "keywords": "keywords tags keyword tag",
        "places": "place places location locations geographic",
        "genre": "genre document_type type_of_material doc_type",
        "copyright": "copyright rights copyright_notice",
        "topics": "topics subjects subject subject_codes",
        "slug": "slug slugline",
    }.items()
}
FIELDS = tuple(NAMES)
"""What a column can be."""
_TELLING = ("title", "published", "publisher", "authors", "urls", "section", "language", "id")
_SAMPLE = 1000
"""Rows that show whether days or months come first."""
_MAX_FIELD = MAX_ARTICLE
_MOST_AGAIN = 20 * _MAX_FIELD
"""Characters that are read again, since a quote ahead of them does not close."""
_SHARED_STRINGS = 400_000_000
"""Bytes of the texts of an XLSX file, which are held in memory."""
_BLOCK = 262_144
_BETWEEN_VALUES = re.compile(r"[ \t\r\n,]*")
_SURNAME_FIRST = re.compile(r"[^\W\d_][^\s,;]+, (?![A-Z]{2,}\b)[^\s,;]+(?: [^\s,;]+)?(?:;|$)")
"""``Lee, Ann M.``: one word ahead of the comma, one or two behind it."""
_SLASHED = re.compile(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b")
_INNER = ("main", "rendered", "value", "text", "name", "content", "original", "title", "default")
"""Where an object in a field keeps its text: ``{"headline": {"main": ...}}``."""

csv.field_size_limit(_MAX_FIELD)

Columns = Mapping[str, str]
"""The column of each field."""
Row = Mapping[str, Any]


def columns_of(names: Iterable[object], stated: Columns) -> dict[str, str] | Fault:
    """The column of each field: as stated, else by its name. A fault where there is none of text."""
    known = [name for name in names if isinstance(name, str) and name.strip()]
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(_fold(name), name)
    found: dict[str, str] = {}
    for field, column in stated.items():
        if column not in known:
            return Fault(Reason.BAD_RECORD, f"no column {column!r}; there are {_listed(known)}")
        found[field] = column
    for field, candidates in NAMES.items():
        taken = set(found.values())
        free = (folded[one] for one in candidates if one in folded and folded[one] not in taken)
        if field not in found and (first := next(free, None)):
            found[field] = first
    if "text" not in found:
        return Fault(
            Reason.BAD_RECORD, f'no column of text among {_listed(known)}; name it: columns = {{ text = "..." }}'
        )
    return found


def looks_like_articles(names: Iterable[object]) -> bool:
    """Whether the columns of a table are those of articles: a text and something that says of what."""
    found = columns_of(names, {})
    return not isinstance(found, Fault) and any(field in found for field in _TELLING)


def _fold(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    folded = re.sub(r"[\s.\-/]+", "_", spaced.lower())
    return (
        folded
        if any(folded in names for names in NAMES.values())
        else folded.replace("_", "")
        if folded.replace("_", "") in _ALL
        else folded
    )


_ALL = frozenset(name for names in NAMES.values() for name in names)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:20])
    return shown + (", ..." if len(names) > 20 else "") if names else "none"


def items_of_rows(rows: Iterator[Row | Fault], columns: Columns) -> Iterator[Item | Fault]:
    """The articles of rows whose columns are known."""
    sample = list(itertools.islice(rows, _SAMPLE))
    month_first = (
        _is_month_first(str(row.get(columns["published"]) or "") for row in sample if isinstance(row, Mapping))
        if "published" in columns
        else None
    )
    for row in itertools.chain(sample, rows):
        yield row if isinstance(row, Fault) else item_of_row(row, columns, month_first=month_first)


def _is_month_first(dates: Iterable[str]) -> bool | None:
    """Whether 3/4/2021 is a day of March, as far as days beyond the twelfth tell."""
    for stated in dates:
        if found := _SLASHED.match(stated):
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                return False
            if second > 12 >= first:
                return True
    return None


def item_of_row(row: Row, columns: Columns, *, month_first: bool | None = None) -> Item:
    """What a row states."""

    def value(field: str) -> Any:
        return _inner(row.get(columns[field])) if field in columns else None

    published = _moment(value("published"), month_first)
    authors = _authors(value("authors"))
    identity = _string(value("id"))
    address = _string(value("urls"))
    body = _body(value("text"))
    title = _string(value("title"))
    return Item(
        text=body,
        id=identity,
        title=title,
        subhead=_string(value("subhead")),
        description=_string(value("description")),
        byline=_string(value("authors")) if isinstance(value("authors"), str) else None,
        authors=authors,
        language=language_tag(_string(value("language"))),
        published_at=published[0] if published else None,
        has_time=bool(published and published[1]),
        publisher=_string(value("publisher")),
        section=_string(value("section")),
        page=_string(value("page")),
        slug=_string(value("slug")),
        keywords=_list(value("keywords")),
        topics=tuple(Topic(None, None, name) for name in _list(value("topics"))),
        places=_list(value("places")),
        genre=_string(value("genre")),
        copyright=_string(value("copyright")),
        stated_words=number_of(value("words")),
        urls=(address,) if address else (),
    )


def _inner(value: Any) -> Any:
    if isinstance(value, Mapping):
        return next((value[key] for key in _INNER if isinstance(value.get(key), str)), None)
    return value


def _string(value: object) -> str | None:
    if isinstance(value, str):
        return None if value.strip().lower() in ("nan", "none", "null", "n/a") else squeeze(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None if value != value else str(value)  # noqa: PLR0124
    if isinstance(value, list):
        return "; ".join(filter(None, (_string(_inner(one)) for one in value))) or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _body(value: object) -> str:
    """The text whole, with its own line breaks; HTML as its paragraphs."""
    if isinstance(value, list):
        return joined(filter(None, (_string(_inner(one)) for one in value)))
    if not isinstance(value, str) or _string(value) is None:
        return ""
    if re.search(r"</(?:p|div|span|a|b|i|em|strong|h\d|li|ul)>|<br\s*/?>", value, re.IGNORECASE):
        return joined(text_paragraphs(value))
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = _parsed_list(value) or re.split(r"[;|]|,\s", value)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(dict.fromkeys(filter(None, (_string(_inner(one)) for one in value))))


def _parsed_list(value: str) -> list[Any] | None:
    """A list that was written into a cell as text: ``["a", "b"]`` or ``['a', 'b']``."""
    text = value.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = re.findall(r"""['"]((?:[^'"\\]|\\.)+)['"]""", text)
    return found if isinstance(found, list) else None


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        parsed = _parsed_list(value)
        if parsed is None:
            line = _string(value)
            found = authors_inverted(line) if _SURNAME_FIRST.match(line or "") else authors_of(line)
            return found or ((line,) if line and len(line) <= 100 else ())
        value = parsed
    return _list(value)


def _moment(value: object, month_first: bool | None) -> tuple[datetime, bool] | None:
    """A moment in any of the ways in which tables state one; None for a day and month that could be swapped."""
    if isinstance(value, datetime):
        has_time = (value.hour, value.minute, value.second) != (0, 0, 0)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)), has_time
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), False
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"[1-9]\d{8,9}(?:\.\d+)?|[1-9]\d{11,12}", text):
        seconds = float(text[:-3]) if len(text) in (12, 13) and "." not in text else float(text)
        return datetime.fromtimestamp(int(seconds), UTC), True
    if found := moment(text):
        return found
    if slashed := _SLASHED.match(text):
        first, second, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        year += 2000 if len(slashed[3]) == 2 else 0
        is_month_first = second > 12 or (first <= 12 and month_first is True)
        if first <= 12 and second <= 12 and month_first is None and "." not in text[:6] and first != second:
            return None
        day, month = (second, first) if is_month_first else (first, second)
        clock = re.search(r"\s(\d{1,2}:\d\d(?::\d\d)?)", text)
        return moment(f"{year:04}-{month:02}-{day:02}" + (f"T{clock[1]:0>5}" if clock else ""))
    return written(text) if next(days_in(text), None) else None


# Files


def read_csv(stream: BinaryIO, columns: Columns | None = None) -> Iterator[Item | Fault]:
    """The articles of a CSV or TSV file; the separator is told from the first line."""
    with as_text(stream) as text:
        delimiter = delimiter_of(_peeked(text))
        lines = _Lines(text)
        header = next(_csv_rows(lines, delimiter, None), None)
        if header is None or isinstance(header, Fault):
            yield header or Fault(Reason.EMPTY, "a table without a line")
            return
        names = [name.strip().lstrip("\ufeff") for name in header.cells]
        found = columns_of(names, columns or {})
        if isinstance(found, Fault):
            yield found
        else:
            rows = _csv_rows(lines, delimiter, _Shape.of(names, found))
            yield from items_of_rows(_named(rows, names, found["text"]), found)


def _peeked(text: TextIO) -> str:
    position = text.tell()
    line = text.readline(100_000)
    text.seek(position)
    return line


def delimiter_of(line: str) -> str:
    """What parts the columns of a header: the separator that it has most of."""
    return max(",;\t|", key=line.count)


class _CsvRow(NamedTuple):
    """The cells of a row and the line on which it begins, from 1."""

    line: int
    cells: list[str]


class _Lines:
    """The lines of a text, counted; ``is_at_end`` once one was asked for that there is not.

    ``row`` has those of the row that is being read, which can be read again.
    """

    def __init__(self, text: TextIO) -> None:
        self.count = 0
        self.is_at_end = False
        self.row: list[str] = []
        self._text = text
        self._ahead: deque[str] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._text.readline()
        if not line:
            self.is_at_end = True
            raise StopIteration
        self.count += 1
        self.row.append(line)
        return line

    def begin(self) -> int:
        """Begins a row; the number of its first line."""
        self.row = []
        return self.count + 1

    def again(self) -> int:
        """Puts back the lines of the row but the first; the characters that they have."""
        back = self.row[1:]
        self._ahead.extendleft(reversed(back))
        self.count -= len(back)
        self.is_at_end = False
        return sum(map(len, back))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What rows of a table look like: how many cells they have, and where a day or an address stands."""

    width: int
    day: int | None
    address: int | None

    @classmethod
    def of(cls, names: Sequence[str], columns: Columns) -> Self:
        """The shape of the rows of a table with these columns."""
        at = {field: names.index(column) for field, column in columns.items()}
        return cls(len(names), at.get("published"), at.get("urls"))

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether cells are a row as far as can be told."""
        if len(cells) != self.width:
            return False
        if self.day is not None:
            return _moment(cells[self.day], True) is not None
        return self.address is None or cells[self.address].startswith("http")

    def is_swallowed_by(self, lines: Sequence[str], cells: Sequence[str], delimiter: str) -> bool:
        """Whether a row of many lines holds other rows, since the quote that closes it opens a cell of one of them.

        Behind such a quote no cell ends, or there are not as many cells as there are columns. Without a column that
        tells a row from a line of a text, all of the lines have to look like rows.
        """
        if len(lines) < 2 or (len(cells) == self.width and _is_strict(lines, delimiter)):
            return False
        below = (next(csv.reader([line], delimiter=delimiter), []) for line in lines[1:])
        is_told = self.day is not None or self.address is not None
        return (any if is_told else all)(map(self.fits, below))


def _is_strict(lines: Sequence[str], delimiter: str) -> bool:
    """Whether every quote of a row opens or closes a cell, or is doubled."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _csv_rows(lines: _Lines, delimiter: str, shape: _Shape | None) -> Iterator[_CsvRow | Fault]:
    """The rows. A quote that does not close would swallow what follows; it costs its line."""
    rows = csv.reader(lines, delimiter=delimiter, strict=False)
    repeated = 0
    while True:
        begin = lines.begin()
        cells = None
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:  # a field that is longer than any article
            is_open = True
        else:  # the end is asked for in the middle of a row alone
            is_open = lines.is_at_end or (shape is not None and shape.is_swallowed_by(lines.row, cells, delimiter))
        if cells is not None and not is_open:
            yield _CsvRow(begin, cells)
            continue
        yield Fault(Reason.BAD_RECORD, f"line {begin}: a quote that does not close")
        repeated += lines.again()
        if repeated > _MOST_AGAIN:
            yield Fault(Reason.BAD_RECORD, f"the lines from {begin + 1} on: too many quotes that do not close")
            return
        rows = csv.reader(lines, delimiter=delimiter, strict=False)


def _named(rows: Iterator[_CsvRow | Fault], names: Sequence[str], text: str) -> Iterator[Row | Fault]:
    """The rows by the names of their columns, ``text`` among them; a row that ends ahead of that is a fault."""
    fewest = names.index(text) + 1
    for row in rows:
        if isinstance(row, Fault):
            yield row
            continue
        line, cells = row
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < fewest or any(cell.strip() for cell in cells[len(names) :]):
            yield Fault(Reason.BAD_RECORD, f"line {line}: {len(cells)} fields, there are {len(names)} columns")
        else:
            yield dict(zip(names, cells, strict=False))


def read_json_lines(stream: BinaryIO, columns: Columns | None = None) -> Iterator[Item | Fault]:
    """The articles of JSON lines: ninjs items, or objects with fields of their own."""
    yield from _items_of_records(_json_lines(stream), columns)


def _json_lines(stream: BinaryIO) -> Iterator[Row | Fault]:
    number = 0
    while line := stream.readline(MAX_DOCUMENT + 1):
        number += 1
        if len(line) > MAX_DOCUMENT:
            while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
                pass
            yield Fault(Reason.TOO_LARGE, f"line {number}: more than {MAX_DOCUMENT:,} bytes")
        elif line.strip():
            value = parse_json(line)
            if isinstance(value, Fault):
                yield Fault(value.reason, f"line {number}: {value.detail}"[:200])
            elif not isinstance(value, Mapping):
                yield Fault(Reason.BAD_RECORD, f"line {number}: no JSON object")
            else:
                yield value


def read_json_array(stream: BinaryIO, columns: Columns | None = None) -> Iterator[Item | Fault]:
    """The articles of a JSON array, one at a time; or of an object: a data frame, an article, or its first array."""
    with as_text(stream) as text:
        start = text.read(1)
        while start.isspace() or start == "\ufeff":
            start = text.read(1)
        if start == "[":
            yield from _items_of_records(_array(text), columns)
            return
    stream.seek(0)
    content = whole(stream)
    value = content if isinstance(content, Fault) else parse_json(content)
    if isinstance(value, Fault):
        yield value
        return
    records = _framed(value) or ([value] if _is_article(value) else _first_array(value))
    if records is None:
        yield Fault(Reason.BAD_RECORD, "JSON without a list of articles")
        return
    yield from _items_of_records(iter(records), columns)


def _array(text: TextIO) -> Iterator[Row | Fault]:
    """The objects of an array whose bracket has been read."""
    decoder = json.JSONDecoder(parse_constant=lambda _name: None)
    buffer, at = "", 0
    while True:
        blank = _BETWEEN_VALUES.match(buffer, at)
        at = blank.end() if blank else at
        if buffer.startswith("]", at):
            return
        try:
            if at == len(buffer):
                raise ValueError("nothing left")
            value, end = decoder.raw_decode(buffer, at)
            if end == len(buffer) and not buffer.endswith(("}", "]", '"')):
                raise ValueError("may go on")
        except RecursionError:
            yield Fault(Reason.BAD_JSON, "nested too deep")
            return
        except ValueError as error:
            buffer, at = buffer[at:], 0
            block = text.read(max(_BLOCK, len(buffer)))
            if not block or len(buffer) > MAX_DOCUMENT:
                yield Fault(Reason.DAMAGED, f"the list is broken or cut short: {error}"[:200])
                return
            buffer += block
            continue
        at = end
        yield value if isinstance(value, Mapping) else Fault(Reason.BAD_RECORD, "no JSON object in the list")


def _framed(value: Any) -> list[Any] | None:
    """The rows of a data frame that pandas wrote: by columns, by index, or as columns and data."""
    if not isinstance(value, Mapping) or not value:
        return None
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):
        return [dict(zip(names, row, strict=False)) for row in rows if isinstance(row, list)]
    inner = list(value.values())
    if not all(isinstance(one, Mapping) for one in inner):
        return None
    if not looks_like_articles(value):
        return inner if looks_like_articles(inner[0]) else None
    numbers = dict.fromkeys(number for column in inner for number in column)
    return [{name: column.get(number) for name, column in value.items()} for number in numbers]


def _is_article(value: Any) -> bool:
    """Whether an object is an article itself; its lists are its authors or pictures."""
    return isinstance(value, Mapping) and looks_like_articles(name for name, one in value.items() if one)


def _first_array(value: Any) -> list[Any] | None:
    """The first list of objects in an answer: ``{"response": {"docs": [...]}}``."""
    level = [value]
    for _depth in range(4):
        below = [inner for one in level if isinstance(one, Mapping) for inner in one.values()]
        for inner in below:
            if isinstance(inner, list) and inner and all(isinstance(one, Mapping) for one in inner):
                return inner
        level = below
    return None


def _items_of_records(records: Iterator[Row | Fault], columns: Columns | None) -> Iterator[Item | Fault]:
    sample = list(itertools.islice(records, _SAMPLE))
    names = dict.fromkeys(key for row in sample if isinstance(row, Mapping) for key in row)
    every = itertools.chain(sample, records)
    shown = [row for row in sample if isinstance(row, Mapping)]
    if shown and not columns and all(any(map(is_ninjs, records_of(row))) for row in shown):
        for row in every:
            yield from [row] if isinstance(row, Fault) else map(item_of_ninjs, records_of(row))
        return
    found = columns_of(names, columns or {})
    if isinstance(found, Fault):
        yield next((row for row in sample if isinstance(row, Fault)), found) if not shown else found
    else:
        yield from items_of_rows(every, found)


def read_parquet(stream: BinaryIO, columns: Columns | None = None) -> Iterator[Item | Fault]:
    """The articles of a Parquet file; only the columns that are known are read."""
    with rewindable(stream) as file:
        try:
            table = pq.ParquetFile(pa.PythonFile(cast(IOBase, file), mode="r"))
            found = columns_of(table.schema_arrow.names, columns or {})
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Fault(Reason.DAMAGED, f"a Parquet file that is broken: {squeeze(str(error)) or ''}"[:200])
            return
        if isinstance(found, Fault):
            yield found
            return
        try:
            batches = table.iter_batches(batch_size=256, columns=list(dict.fromkeys(found.values())))
            yield from items_of_rows(_decoded(row for batch in batches for row in batch.to_pylist()), found)
        except MemoryError:
            raise  # which Arrow counts among its own exceptions, and is for whoever bounds the memory
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Fault(Reason.DAMAGED, f"a Parquet file that is broken: {squeeze(str(error)) or ''}"[:200])


def _decoded(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows whose text may be bytes, as columns of bytes without a logical type have it."""
    for row in rows:
        yield {
            name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for name, value in row.items()
        }


_BROKEN_BOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
)
"""What openpyxl raises for files that are not as they should be."""


def read_xlsx(stream: BinaryIO, columns: Columns | None = None) -> Iterator[Item | Fault]:
    """The articles of the sheets of a workbook that have a column of text."""
    with rewindable(stream) as file:
        with opened(file) as archive:
            if isinstance(archive, Fault):
                yield archive
                return
            shared = next((one for one in archive.infolist() if one.filename.lower() == "xl/sharedstrings.xml"), None)
            if shared is not None and shared.file_size > _SHARED_STRINGS:
                yield Fault(Reason.TOO_LARGE, f"a workbook of more than {_SHARED_STRINGS:,} bytes of text")
                return
        file.seek(0)
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            problem: Fault | None = None
            is_read = False
            for sheet in book.worksheets:
                # What a sheet says of its size pads every row to it.
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                names = [name if isinstance(name, str) else str(name or "") for name in next(rows, ())]
                found = columns_of(names, columns or {})
                if isinstance(found, Fault):
                    problem = problem or found
                    continue
                is_read = True
                yield from items_of_rows((dict(zip(names, row, strict=False)) for row in rows if any(row)), found)
            if not is_read:
                yield problem or Fault(Reason.EMPTY, "a workbook without a sheet")
        except _BROKEN_BOOK as error:
            yield Fault(
                Reason.DAMAGED, f"a workbook that is broken: {squeeze(str(error)) or type(error).__name__}"[:200]
            )
