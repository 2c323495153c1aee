"""Open a file that a named team hands over: CSV, JSONL, XLSX or ODS, read as text, refused whole or read whole. [I/O]

`read_table` is for answers and small collections; `read_rows` streams a CSV or a JSONL of any corpus, one row in
memory at a time. Both say all the defects at once, in row order, and never quote a cell. Nothing is written anywhere.
Limits: those below. Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from attrs import define, field

from egide.diagnostic.census import messages
from egide.diagnostic.census.contacts import tells_contact
from egide.diagnostic.census.encodings import encoding_of
from egide.diagnostic.census.workbooks import filled_sheet
from egide.diagnostic.tables import Row, Table, unshown
from egide.errors import Defect, DeliveryRefused
from egide.sources import file_messages, sheet_messages
from egide.sources import messages as row_messages
from egide.sources.archive import Unreadable

MAX_TABLE_BYTES = 64 * 2**20  # of a file read whole
MAX_STREAM_BYTES = 1024 * 2**20  # of a file read row by row
MAX_CELLS = 20_000_000
MAX_CELL = 1_000_000  # characters; a text of 100,000 is ordinary here
MAX_LINE = 8 * MAX_CELL  # of a text file: a file of one line must not be a file in memory
MOST_DEFECTS = 10_000  # kept; a hundred thousandth one is read by nobody
WORKBOOKS = frozenset({".xlsx", ".ods"})
DELIMITED = frozenset({".csv", ".tsv", ".txt"})
JSON_LINES = frozenset({".jsonl", ".ndjson"})
_SHOWN = (".csv", ".jsonl", ".xlsx", ".ods")
_DELIMITERS = ";,\t|"
_BLOCK = 1_000  # rows
_TRIED_ROWS = 20
_TRIED_CHARACTERS = 2**18

_Record = tuple[int, list[str]]  # number, cells


def read_table(path: Path, *, sheet: str | None = None, numbered: bool = False) -> Table:
    """Every row of a file or of one sheet, with at least one row of data.

    `numbered`: a heading that comes back is not refused but becomes "heading (2)", as online forms repeat questions.
    Raises: DeliveryRefused with every defect at once.
    """
    stream = _opened(path, MAX_TABLE_BYTES, sheet, numbered)
    rows = tuple(stream)
    return Table(file_name=path.name, sheet=stream.sheet, columns=stream.columns, rows=rows)


def read_rows(path: Path) -> Stream:
    """The columns, then the rows one by one. A workbook is read whole first: it has no other way.

    Raises: DeliveryRefused; for what is wrong in the rows, when the last one has been asked for. So nothing that
    was computed on the way may be kept before the iteration has ended by itself.
    """
    return _opened(path, MAX_STREAM_BYTES, None)


@define(kw_only=True, repr=False, eq=False)
class Stream:
    """Rows of one file, to be read once."""

    file_name: str
    sheet: str
    columns: tuple[str, ...]
    _records: Iterator[_Record]
    _complaints: list[Defect] = field(factory=list)  # grows with the reading

    def place(self, row: int | None = None, column: str | None = None) -> str:
        known = Table(file_name=self.file_name, sheet=self.sheet, columns=self.columns, rows=())
        return known.place(None if row is None else Row(number=row, cells={}), column)

    def __iter__(self) -> Iterator[Row]:
        columns, width = self.columns, len(self.columns)
        heading = [name.casefold() for name in columns]
        read = cells_read = 0
        fault: tuple[Unreadable, int] | None = None
        number = 0
        try:
            for number, raw in self._records:
                cells = [cell.strip() for cell in raw]
                if len(self._complaints) >= MOST_DEFECTS:
                    break
                if not any(cells):
                    continue
                read += 1
                cells_read += len(cells)
                if cells_read > MAX_CELLS:
                    raise Unreadable(messages.too_many_cells(MAX_CELLS))
                if len(cells) != width and not self._fits(number, cells):
                    continue
                if cells[0].casefold() == heading[0] and [cell.casefold() for cell in cells[:width]] == heading:
                    self._complain(number, messages.second_header())
                    continue
                yield Row(number=number, cells=dict(zip(columns, cells, strict=False)))
        except Unreadable as error:
            fault = (error, number)
        if fault is not None:
            self._complaints.append(messages.at(self.file_name + fault[0].where, fault[0].complaint))
        elif not read and not self._complaints:
            self._complaints.append(messages.at(self.place(), sheet_messages.empty_sheet()))
        if self._complaints:
            raise DeliveryRefused(messages.kept_short(self._complaints, self.file_name))

    def _fits(self, number: int, cells: Sequence[str]) -> bool:
        """A row that ends with empty cells beyond the headings loses nothing; any other width is a defect."""
        width = len(self.columns)
        if len(cells) < width:
            self._complain(number, row_messages.short_row(width, len(cells)))
            return False
        if any(cells[width:]):
            self._complain(number, row_messages.long_row(width, len(cells)))
            return False
        return True

    def _complain(self, number: int, complaint: row_messages.Complaint) -> None:
        self._complaints.append(messages.at(self.place(number), complaint))


def _opened(path: Path, most_bytes: int, sheet: str | None, numbered: bool = False) -> Stream:
    if tells_contact(path.name):
        way_out = "Renommez-le, par exemple «\u00a0releve-1\u00a0»\u202f: ce nom reviendrait dans chaque message."
        expected = "un nom de fichier sans numéro ni adresse"
        raise DeliveryRefused([Defect(place="un fichier", expected=expected, got=unshown(path.name), way_out=way_out)])
    fault: Unreadable | None = None
    try:
        suffix = _suffix(path, most_bytes)
        if suffix in WORKBOOKS:
            return _workbook(path, suffix[1:], sheet, numbered)
        encoding = encoding_of(path)
        return _json_lines(path, encoding) if suffix in JSON_LINES else _delimited(path, encoding, numbered)
    except Unreadable as error:
        fault = error
    except OSError as error:
        fault = Unreadable(file_messages.closed_file(type(error).__name__))
    # Outside the `except`: an error of a decoder keeps the bytes it stumbled on, and must not travel with ours.
    raise DeliveryRefused([messages.at(path.name + fault.where, fault.complaint)])


def _suffix(path: Path, most_bytes: int) -> str:
    if not path.exists():
        raise Unreadable(file_messages.absent_file())
    if not path.is_file():
        raise Unreadable(file_messages.not_a_file())
    suffix = path.suffix.lower()
    if suffix not in WORKBOOKS | DELIMITED | JSON_LINES:
        raise Unreadable(messages.wrong_suffix(path.suffix, _SHOWN))
    size = path.stat().st_size
    if not size:
        raise Unreadable(file_messages.empty_file())
    most = min(most_bytes, MAX_TABLE_BYTES) if suffix in WORKBOOKS else most_bytes
    if size > most:
        raise Unreadable(file_messages.too_big("un fichier plus gros", f"{most // 2**20} Mo"))
    with path.open("rb") as file:
        start = file.read(4)
    if suffix not in WORKBOOKS and start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Unreadable(file_messages.wrong_content(suffix[1:], "un classeur"))
    return suffix


def _stream(file_name: str, sheet: str, heading: Sequence[str], records: Iterator[_Record]) -> Stream:
    columns = [name.strip() for name in heading]
    while columns and not columns[-1]:  # a spreadsheet pads its rows; content there is refused row by row
        columns.pop()
    stream = Stream(file_name=file_name, sheet=sheet, columns=tuple(columns), records=records)
    if not columns:
        raise Unreadable(sheet_messages.empty_sheet())
    if len(heading) > 1 and sum(map(bool, columns)) == 1 and (columns[0] == "" or len(columns) < len(heading)):
        stream._complain(1, messages.title_above())
        return stream
    seen: dict[str, int] = {}
    for rank, name in enumerate(columns, start=1):
        place = f"{stream.place(1)}, colonne n° {rank}"
        if not name:
            stream._complaints.append(messages.at(place, messages.untitled_column()))
        elif name.casefold() in seen:
            stream._complaints.append(messages.at(place, messages.double_column(seen[name.casefold()])))
        seen.setdefault(name.casefold(), rank)
    return stream


def _numbered(heading: Sequence[str]) -> list[str]:
    """Headings that come back get their rank, as in "Nationalité (2)"."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for name in (one.strip() for one in heading):
        seen[name.casefold()] += 1
        rank = seen[name.casefold()]
        names.append(f"{name} ({rank})" if name and rank > 1 else name)
    return names


# ---- workbooks ----


def _workbook(path: Path, suffix: str, wanted: str | None, numbered: bool) -> Stream:
    sheet = filled_sheet(path.read_bytes(), suffix, wanted)
    if not sheet.rows:
        raise Unreadable(sheet_messages.empty_sheet())
    records = ((number, list(cells)) for number, cells in enumerate(sheet.rows[1:], start=2))
    stream = _stream(path.name, sheet.name, _numbered(sheet.rows[0]) if numbered else sheet.rows[0], records)
    stream._complaints.extend(sheet.defects(path.name))
    return stream


# ---- CSV ----


def _delimited(path: Path, encoding: str, numbered: bool) -> Stream:
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_TRIED_CHARACTERS))
    records = _csv_records(path, encoding, delimiter)
    heading = next(records, None)
    if heading is None:
        raise Unreadable(sheet_messages.empty_sheet())
    return _stream(path.name, "", _numbered(heading[1]) if numbered else heading[1], records)


def _delimiter(start: str) -> str:
    """The one under which the first rows are most often as wide as the headings, then the one that cuts most."""
    scores = {delimiter: _regularity(start, delimiter) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _regularity(start: str, delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        with _long_cells():
            for row in csv.reader(start.splitlines(keepends=True), delimiter=delimiter):
                widths.append(len(row))
                if len(widths) > _TRIED_ROWS:
                    break
    except csv.Error:
        pass
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _csv_records(path: Path, encoding: str, delimiter: str) -> Iterator[_Record]:
    """Rows by their number in a spreadsheet. The last one may be broken by a quote: then nothing after it is known."""
    number, complaint = 0, None
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        while complaint is None:
            rows: list[list[str]] = []
            # By blocks, so that the limit of the csv module, which is everybody's, is back before a row is handed over.
            with _long_cells():
                try:
                    for row in islice(reader, _BLOCK):
                        rows.append(row)
                except csv.Error as error:
                    long = "limit" in str(error)
                    complaint = messages.endless_cell(MAX_CELL) if long else file_messages.broken_quotes()
            for row in rows:
                number += 1
                yield number, row
            if not rows and complaint is None:
                return
    raise Unreadable(complaint, f", ligne {number + 1}")


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of a file. Raises Unreadable for one that has no end."""
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise Unreadable(messages.endless_cell(MAX_CELL), f", ligne {number}")
        yield line


@contextmanager
def _long_cells() -> Iterator[None]:
    previous = csv.field_size_limit(MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(previous)


# ---- JSONL ----


def _json_lines(path: Path, encoding: str) -> Stream:
    """The first line names the columns. A line may leave some out; a name that comes later is a defect."""
    complaints: list[Defect] = []
    lines = _json_records(path, encoding, complaints)
    first = next(lines, None)
    if first is None:
        if complaints:
            raise DeliveryRefused(messages.kept_short(complaints, path.name))
        raise Unreadable(sheet_messages.empty_sheet())
    columns = tuple(first[1])

    def records() -> Iterator[_Record]:
        known, width = set(columns), len(columns)
        yield first[0], list(first[1].values())
        for number, cells in lines:
            if len(cells) != width or not known.issuperset(cells):
                for name in cells.keys() - known:
                    complaints.append(messages.at(f"{path.name}, ligne {number}", messages.late_key(name)))
            yield number, [cells.get(name, "") for name in columns]

    stream = _stream(path.name, "", columns, records())
    complaints.extend(stream._complaints)
    stream._complaints = complaints
    return stream


def _json_records(path: Path, encoding: str, complaints: list[Defect]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding=encoding, newline="\n") as file:
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            cells, complaint = _object(line)
            if complaint is None:
                yield number, cells
            elif len(complaints) < MOST_DEFECTS:
                complaints.append(messages.at(f"{path.name}, ligne {number}", complaint))


def _object(line: str) -> tuple[dict[str, str], row_messages.Complaint | None]:
    try:
        found = _DECODER.decode(line)
    except (ValueError, RecursionError):  # its message and its `doc` hold the line: neither goes further
        return {}, messages.not_an_object()
    if not isinstance(found, _Pairs):
        return {}, messages.not_an_object()
    cells: dict[str, str] = {}
    for name, value in found:
        if name in cells:
            return {}, messages.double_key()
        if isinstance(value, (list, dict)):
            return {}, messages.nested_value()
        cells[name] = text = value if isinstance(value, str) else _SCALARS[type(value)](value)
        if len(text) > MAX_CELL:
            return {}, messages.endless_cell(MAX_CELL)
    if "\\ud" in line or "\\uD" in line:
        try:
            "".join(cells).encode() + "".join(cells.values()).encode()
        except UnicodeEncodeError:
            return {}, messages.broken_character()
    return cells, None


class _Pairs(list[tuple[str, Any]]):
    """The pairs of one object, so that a name given twice is seen."""


def _no_such_number(name: str) -> float:
    raise ValueError(f"JSON has no {name}")


_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_no_such_number)
_SCALARS: dict[type, Callable[[Any], str]] = {
    int: str,
    float: lambda value: f"{value:.15g}",
    bool: lambda value: "VRAI" if value else "FAUX",
    type(None): lambda value: "",
}
