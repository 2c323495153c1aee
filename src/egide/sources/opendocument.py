"""What the spreadsheet library leaves out of an ODS: formulas without result, errors, percent formats, extent.

Format: OpenDocument 1.3, part 3, chapter 9.
"""

from __future__ import annotations

from attrs import define, field

from egide.sources.archive import MAX_CELLS, check_area, walk
from egide.sources.ooxml import Notable, percent

SUFFIX = "ods"
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = f"{_NAMES}office:1.0 "
_TABLE = f"{_NAMES}table:1.0 "
_TEXT = f"{_NAMES}text:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def notable(xml: bytes) -> dict[str, Notable]:
    """Scan `content.xml`, sheet by sheet. Raises Unreadable when it is broken or out of proportion."""
    book = _Book()
    walk(xml, book, SUFFIX)
    return {
        name: Notable(uncomputed=frozenset(sheet.uncomputed), texts=sheet.texts) for name, sheet in book.sheets.items()
    }


@define
class _Sheet:
    uncomputed: set[tuple[int, int]] = field(factory=set)
    texts: dict[tuple[int, int], str] = field(factory=dict)
    last_row: int = 0
    last_column: int = 0


@define
class _Book:
    """Rows and cells are written once and repeated by a number, so places are counted, not read."""

    sheets: dict[str, _Sheet] = field(factory=dict)
    _sheet: _Sheet = field(factory=_Sheet)
    _row: int = 0  # rows before this one
    _rows: int = 1  # times this row is repeated
    _column: int = 0
    _cell: dict[str, str] = field(factory=dict)
    _shown: str = ""
    _paragraphs: int = 0
    _comment: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._cell, self._shown = attributes, ""
        elif name == f"{_TEXT}p":
            self._paragraphs += 1
        elif name == f"{_TABLE}table-row":
            self._rows, self._column = _repeated(attributes, "rows"), 0
        elif name == f"{_OFFICE}annotation":
            self._comment = True
        elif name == f"{_TABLE}table":
            self._sheet, self._row = _Sheet(), 0
            self.sheets[attributes.get(f"{_TABLE}name", "")] = self._sheet

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._close()
        elif name == f"{_TEXT}p":
            self._paragraphs -= 1
        elif name == f"{_TABLE}table-row":
            self._row += self._rows
        elif name == f"{_OFFICE}annotation":
            self._comment = False
        elif name == f"{_TABLE}table":
            check_area(self._sheet.last_row, self._sheet.last_column)

    def text(self, data: str) -> None:
        if self._paragraphs and not self._comment:
            self._shown += data

    def _close(self) -> None:
        columns = _repeated(self._cell, "columns")
        first, self._column = self._column + 1, self._column + columns
        kind, formula = self._cell.get(f"{_OFFICE}value-type"), f"{_TABLE}formula" in self._cell
        if kind is None and not formula and not self._shown:
            return
        sheet = self._sheet
        sheet.last_row = max(sheet.last_row, self._row + self._rows)
        sheet.last_column = max(sheet.last_column, self._column)
        check_area(sheet.last_row, sheet.last_column)
        places = [
            (row, column)
            for row in range(self._row + 1, self._row + self._rows + 1)
            for column in range(first, self._column + 1)
        ]
        if self._cell.get(f"{_CALC}value-type") == "error":
            sheet.texts.update(dict.fromkeys(places, self._shown or "#ERREUR"))
        elif formula and kind is None:
            sheet.uncomputed.update(places)
        elif kind == "percentage":
            sheet.texts.update(dict.fromkeys(places, percent(self._cell.get(f"{_OFFICE}value", ""))))


def _repeated(attributes: dict[str, str], what: str) -> int:
    times = int(attributes.get(f"{_TABLE}number-{what}-repeated", "1"))
    if not 1 <= times <= MAX_CELLS:
        raise ValueError(f"a spreadsheet has no {times} {what}")
    return times
