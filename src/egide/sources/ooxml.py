"""What the spreadsheet library leaves out of an XLSX: formulas without result, errors, percent formats, extent.

Format: ECMA-376, part 1, SpreadsheetML.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from attrs import define, field, frozen

from egide.sources.archive import check_area, walk

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"')
_BUILT_IN_PERCENT = frozenset({"9", "10"})
SUFFIX = "xlsx"


@frozen(kw_only=True)
class Notable:
    """What the library would lose of one sheet, by (row, column) from 1."""

    uncomputed: frozenset[tuple[int, int]]
    texts: Mapping[tuple[int, int], str]  # what the sender sees: `#REF!`, `12%`


def percent(number: str) -> str:
    """`0.12` stored under a percent format, as the sender sees it: `12%`."""
    try:
        return f"{(Decimal(number) * 100).normalize():f}%"
    except InvalidOperation:
        return number


def sheet_parts(members: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → archive member."""
    book, links = _Book(), _Links()
    walk(members["xl/workbook.xml"], book, SUFFIX)
    walk(members.get("xl/_rels/workbook.xml.rels", b"<none/>"), links, SUFFIX)
    return {
        name: posixpath.normpath(posixpath.join("/xl", links.targets[link]))[1:]
        for name, link in book.sheets
        if link in links.targets
    }


def percent_styles(members: Mapping[str, bytes]) -> frozenset[str]:
    """Numbers of the cell styles that print a percent sign."""
    styles = _Styles()
    walk(members.get("xl/styles.xml", b"<none/>"), styles, SUFFIX)
    custom = {code for code, pattern in styles.formats.items() if "%" in _QUOTED.sub("", pattern)}
    return frozenset(str(index) for index, code in enumerate(styles.cells) if code in _BUILT_IN_PERCENT | custom)


def notable(xml: bytes, styles: frozenset[str]) -> Notable:
    """Scan one sheet. Raises Unreadable when it is broken or its filled area is out of proportion."""
    sheet = _Sheet(percent_styles=styles)
    walk(xml, sheet, SUFFIX)
    check_area(sheet.last_row, sheet.last_column)
    return Notable(uncomputed=frozenset(sheet.uncomputed), texts=sheet.texts)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


@define
class _Book:
    sheets: list[tuple[str, str]] = field(factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            link = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            self.sheets.append((attributes.get("name", ""), link))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


@define
class _Links:
    targets: dict[str, str] = field(factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


@define
class _Styles:
    formats: dict[str, str] = field(factory=dict)
    cells: list[str] = field(factory=list)
    _inside: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "numFmt":
                self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case "cellXfs":
                self._inside = True
            case "xf" if self._inside:
                self.cells.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._inside = False

    def text(self, data: str) -> None:
        pass


@define
class _Sheet:
    percent_styles: frozenset[str]
    uncomputed: set[tuple[int, int]] = field(factory=set)
    texts: dict[tuple[int, int], str] = field(factory=dict)
    last_row: int = 0
    last_column: int = 0
    _row: int = 0
    _column: int = 0
    _cell: dict[str, str] = field(factory=dict)
    _children: set[str] = field(factory=set)
    _value: str = ""
    _in_value: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "c":
                self._column += 1
                if match := _REFERENCE.fullmatch(attributes.get("r", "")):
                    self._column, self._row = _column_number(match[1]), int(match[2])
                self._cell, self._children, self._value = attributes, set(), ""
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "v":
                self._children.add("v")
                self._in_value = True
            case ("f" | "is") as child:
                self._children.add(child)

    def end(self, name: str) -> None:
        match _local(name):
            case "v":
                self._in_value = False
            case "c" if self._children:
                self._close()

    def text(self, data: str) -> None:
        if self._in_value:
            self._value += data

    def _close(self) -> None:
        place, kind = (self._row, self._column), self._cell.get("t", "n")
        self.last_row, self.last_column = max(self.last_row, self._row), max(self.last_column, self._column)
        # A formula that gives an empty text is saved with t="str" and an empty <v>: that one was computed.
        if "f" in self._children and not self._value and not (kind == "str" and "v" in self._children):
            self.uncomputed.add(place)
        elif kind == "e":
            self.texts[place] = self._value
        elif kind == "n" and self._value and self._cell.get("s") in self.percent_styles:
            self.texts[place] = percent(self._value)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
