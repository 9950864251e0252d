"""Lists of addresses that people and programs keep: one a line, or a column of CSV, JSON or Parquet."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from newsmill.schemas.words import Reason
from newsmill.tasks.inputs.content import GZIP_MAGIC, UTF16_MARKS, Problem, clean_address, decode_content, one_line

COLUMNS = ("url", "link", "loc", "address", "uri", "href", "permalink", "canonical_url", "article_url")
"""Names that a column of addresses has."""

MAX_ROWS = 50_000
"""Of a list: the most that a listing of any kind gives."""

_ROWS_AT_ONCE = 200
"""Of a Parquet table, few, since a small file can repeat a long text without end."""

_LINES_OF_A_ROW = 10
"""A row of CSV that is still in quotes after so many lines has a mark that opens none."""

_PARQUET_MAGIC = b"PAR1"

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Addresses:
    """What stands in a list where addresses do, one a row, and what could not be read of it, a line each."""

    stated: tuple[str, ...]
    faults: tuple[str, ...] = ()


def addresses_in(content: bytes, max_bytes: int) -> Addresses | Problem:
    """The addresses of a list, packed by gzip or not; ``max_bytes`` bounds it unpacked. Raises MemoryError alone.

    The columns are those called url, link or the like; of several, a row's is the first that holds an address. If none
    is, it is the column that most rows have an address in. A row, line or record that cannot be read costs itself.
    Lines that start with # are comments.
    """
    if content.startswith(GZIP_MAGIC):
        unpacked = decode_content(content, "gzip", max_bytes)
        if isinstance(unpacked, Problem):
            return unpacked
        content = unpacked
    if content.startswith(_PARQUET_MAGIC):
        return _of_table(content)
    text = content.decode("utf-16" if content.startswith(UTF16_MARKS) else "utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return Problem(Reason.EMPTY, "a list without addresses")
    faults: list[str] = []
    first = lines[0].strip()
    if first.startswith(("{", "[")):
        return _of_rows(list(islice(_json_rows(text, lines, faults), MAX_ROWS)), faults)
    delimiter = max("\t;,|", key=first.count)
    if delimiter not in first or (clean_address(first) is not None and not re.search(r"[\s\"]", first)):
        has_head = first.strip('"').lower() in COLUMNS
        return Addresses(tuple(line.strip().strip('"') for line in lines[has_head:]))
    return _of_rows(list(islice(_csv_rows(lines, delimiter, faults), MAX_ROWS)), faults)


def _of_rows(rows: Sequence[Row], faults: Sequence[str]) -> Addresses | Problem:
    names = list(dict.fromkeys(name for row in rows for name in row))
    named = [name for name in names if name.strip().lower() in COLUMNS]
    counts = Counter(name for row in rows for name, value in row.items() if _is_address(value))
    if not any(counts[name] for name in named):
        # Numbers under the name url, or a name that is not among ours.
        named = [name for name, _count in counts.most_common(1)] or named
    if not named:
        detail = f"no column url among {one_line(', '.join(names))}" if names else "no list of addresses"
        return Problem(Reason.BAD_RECORD, f"{detail}; {faults[0]}" if faults else detail)
    return Addresses(tuple(found for row in rows if (found := _stated(row, named))), tuple(faults))


def _stated(row: Row, columns: Sequence[str]) -> str:
    """The first address of a row, or whatever else stands where one ought to."""
    values = [str(row[name]).strip() for name in columns if row.get(name)]
    return next((value for value in values if _is_address(value)), values[0] if values else "")


def _is_address(value: object) -> bool:
    return isinstance(value, str) and clean_address(value) is not None


# JSON


def _json_rows(text: str, lines: Sequence[str], faults: list[str]) -> Iterator[Row]:
    """The objects of JSON lines, or of an array: one that stands by itself, or the first within an object."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        is_array = text.lstrip("\ufeff \t\r\n").startswith("[")
        yield from map(_row_of, _array_items(text, faults) if is_array else _line_items(lines, faults))
        return
    arrays = [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, dict) else [whole]
    yield from map(_row_of, arrays[0] if arrays else [whole])


def _line_items(lines: Iterable[str], faults: list[str]) -> Iterator[Any]:
    for number, line in enumerate(lines, 1):
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.append(f"line {number}: {one_line(error)}")


def _array_items(text: str, faults: list[str]) -> Iterator[Any]:
    """What is whole of an array that is broken or cut short."""
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    between = re.compile(r"[\s,]*")
    while (found := between.match(text, at)) and not text.startswith("]", found.end()):
        try:
            value, at = decoder.raw_decode(text, found.end())
        except (ValueError, RecursionError) as error:
            faults.append(f"the array is broken: {one_line(error)}")
            return
        yield value


def _row_of(value: object) -> Row:
    return value if isinstance(value, Mapping) else {COLUMNS[0]: value} if isinstance(value, str) else {}


# CSV


def _csv_rows(lines: Sequence[str], delimiter: str, faults: list[str]) -> Iterator[Row]:
    """The rows by the names in the first one; by the columns' numbers where that is a row like the others."""
    rows = _csv_cells(lines, delimiter, faults)
    head = next(rows, [])
    if any(clean_address(cell) for cell in head):
        yield {str(number): cell for number, cell in enumerate(head)}
        head = [str(number) for number in range(len(head))]
    for row in rows:
        yield dict(zip(head, row, strict=False))


def _csv_cells(lines: Sequence[str], delimiter: str, faults: list[str]) -> Iterator[list[str]]:
    """The cells of each row; a row goes on while a quote is open, unless it never closes."""
    at = 0
    while at < len(lines):
        last = min(at + _LINES_OF_A_ROW, len(lines))
        ends = ((end, _row_in(lines[at:end], delimiter)) for end in range(at + 1, last + 1))
        end, row = next(((end, row) for end, row in ends if row is not None), (at + 1, None))
        if row is None:
            faults.append(f"line {at + 1}: a quote that does not close")
            row = [cell.strip().strip('"') for cell in lines[at].split(delimiter)]
        yield row
        at = end


def _row_in(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The row that lines are, or None if they end within quotes."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        if "end of data" in str(error) or "field larger" in str(error):
            return None
    try:
        return next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None


# Parquet


def _of_table(content: bytes) -> Addresses | Problem:
    """Of the columns that hold text, the named ones alone are read where an address is among them."""
    try:
        table = pq.ParquetFile(io.BytesIO(content))
        texts = [field.name for field in table.schema_arrow if _is_text(field.type)]
        named = [name for name in texts if name.strip().lower() in COLUMNS]
        found = _of_rows(list(islice(_table_rows(table, named), MAX_ROWS)), ()) if named else None
        if isinstance(found, Addresses) and any(map(_is_address, found.stated)):
            return found
        return _of_rows(list(islice(_table_rows(table, texts), MAX_ROWS)), ())
    except MemoryError:
        # Arrow's is one of its exceptions too, and is the business of whoever limits the memory.
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        return Problem(Reason.BAD_RECORD, f"no list of addresses: {one_line(error)}")


_TEXTS: tuple[Callable[[pa.DataType], bool], ...] = (
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view),
)


def _is_text(found: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):
        return _is_text(found.value_type)
    return any(is_kind(found) for is_kind in _TEXTS)


def _table_rows(table: pq.ParquetFile, columns: Sequence[str]) -> Iterator[Row]:
    for batch in table.iter_batches(_ROWS_AT_ONCE, columns=list(columns)):
        for row in batch.to_pylist():
            yield {
                name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                for name, value in row.items()
            }
