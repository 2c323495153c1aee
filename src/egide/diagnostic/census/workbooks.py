"""The one filled sheet of a workbook, as text, with what must be refused of it: merged cells, formulas never computed.

The archive is bounded and re-packed by `egide.sources.archive` before the spreadsheet library sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import define, field, frozen
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from egide.diagnostic.census import messages
from egide.diagnostic.census.contacts import tells_contact
from egide.errors import Defect
from egide.sources import archive, file_messages, ooxml, opendocument
from egide.sources.archive import Unreadable, walk
from egide.sources.read import as_text

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "


@frozen(kw_only=True, repr=False)
class Sheet:
    """`rows[0]` is row 1. Merged ranges and uncomputed cells are by number from 1."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[Range, ...]
    uncomputed: frozenset[tuple[int, int]]

    def defects(self, file_name: str) -> Iterator[Defect]:
        place = f"{file_name}, feuille {self.name}"
        for top, left, bottom, right in sorted(self.merged):
            reference = f"{letters(left)}{top}:{letters(right)}{bottom}"
            yield messages.at(f"{place}, ligne {top}", messages.merged_cells(reference, header=top == 1))
        for row, column in sorted(self.uncomputed):
            yield messages.at(f"{place}, cellule {letters(column)}{row}", messages.uncomputed_formula())


def filled_sheet(content: bytes, suffix: str, wanted: str | None) -> Sheet:
    """The sheet `wanted`, or the only one that is filled. Raises Unreadable for anything else than a sound workbook."""
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Unreadable(
            file_messages.locked_file() if locked else file_messages.wrong_content(suffix, "un ancien classeur .xls")
        )
    if not content.startswith(_ZIP):
        raise Unreadable(file_messages.wrong_content(suffix))
    members = archive.unpacked(content, suffix)
    notables = _scan_xlsx(members) if suffix == "xlsx" else _scan_ods(members)
    sheets = _library_sheets(members, suffix)
    names = [name for name in sheets if name in notables]
    chosen = [name for name in names if name == wanted or (wanted is None and _is_filled(sheets[name]))]
    if any(tells_contact(name) for name in names):
        raise Unreadable(messages.telling_sheet())
    if wanted is not None and not chosen:
        raise Unreadable(messages.absent_sheet(wanted, names))
    if len(chosen) != 1:
        raise Unreadable(messages.which_sheet(chosen) if chosen else file_messages.empty_file())
    merged = _merged_ods(members).get(chosen[0], []) if suffix == "ods" else _merged_xlsx(sheets[chosen[0]])
    return _sheet(chosen[0], sheets[chosen[0]], notables[chosen[0]], tuple(merged))


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _scan_xlsx(members: Mapping[str, bytes]) -> dict[str, ooxml.Notable]:
    if "xl/workbook.xml" not in members:
        raise Unreadable(file_messages.wrong_content("xlsx"))
    parts, styles = ooxml.sheet_parts(members), ooxml.percent_styles(members)
    if any(part not in members for part in parts.values()):
        raise Unreadable(file_messages.broken_file("xlsx"))
    return {name: ooxml.notable(members[part], styles) for name, part in parts.items()}


def _scan_ods(members: Mapping[str, bytes]) -> dict[str, ooxml.Notable]:
    if members.get("mimetype") != opendocument.MIMETYPE or "content.xml" not in members:
        raise Unreadable(file_messages.wrong_content("ods"))
    if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise Unreadable(file_messages.locked_file())
    return opendocument.notable(members["content.xml"])


def _library_sheets(members: Mapping[str, bytes], suffix: str) -> dict[str, CalamineSheet]:
    try:
        book = CalamineWorkbook.from_filelike(archive.packed(members))
        return {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except CalamineError:
        pass
    except BaseException as error:  # a panic of the library is no Exception
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
    raise Unreadable(file_messages.broken_file(suffix))


def _is_filled(sheet: CalamineSheet) -> bool:
    return bool(sheet.height and sheet.width)


def _sheet(name: str, sheet: CalamineSheet, notable: ooxml.Notable, merged: tuple[Range, ...]) -> Sheet:
    rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in notable.texts.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text
    return Sheet(name=name, rows=tuple(map(tuple, rows)), merged=merged, uncomputed=notable.uncomputed)


def _merged_xlsx(sheet: CalamineSheet) -> list[Range]:
    return [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]


def _merged_ods(members: Mapping[str, bytes]) -> dict[str, list[Range]]:
    spans = _Spans()
    walk(members["content.xml"], spans, "ods")
    return spans.found


@define
class _Spans:
    """Merged ranges of each sheet. Repeated rows and cells are counted, as in `sources.opendocument`."""

    found: dict[str, list[Range]] = field(factory=dict)
    _sheet: str = ""
    _row: int = 0
    _rows: int = 1
    _column: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        def number(what: str) -> int:
            return int(attributes.get(f"{_TABLE}number-{what}", "1"))

        if name == f"{_TABLE}table":
            self._sheet, self._row = attributes.get(f"{_TABLE}name", ""), 0
        elif name == f"{_TABLE}table-row":
            self._rows, self._column = number("rows-repeated"), 0
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            tall, wide, row, column = number("rows-spanned"), number("columns-spanned"), self._row + 1, self._column + 1
            if tall > 1 or wide > 1:
                self.found.setdefault(self._sheet, []).append((row, column, row + tall - 1, column + wide - 1))
            self._column += number("columns-repeated")

    def end(self, name: str) -> None:
        if name == f"{_TABLE}table-row":
            self._row += self._rows

    def text(self, data: str) -> None:
        pass
